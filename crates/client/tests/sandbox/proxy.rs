//! Something between a client and a server that can cut, or that answers in the server's place.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use madeline_mtproto::AuthKey;
use madeline_mtproto::envelope::{Header, Side, encrypt};
use madeline_mtproto::message_id::{MsgIdGenerator, Origin};
use madeline_mtproto::random::OsRandom;
use madeline_mtproto::transport::{DEFAULT_MAX_FRAME, Server as Framing};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// Forwards connections to a server until it is told otherwise.
pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    connections: Arc<Mutex<JoinSet<()>>>,
}

impl Proxy {
    /// Forwards to `target`. With a key, it answers the first connection itself, with a message of another session.
    pub(crate) async fn start(target: SocketAddr, mut hostile: Option<AuthKey>) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let connections = Arc::new(Mutex::new(JoinSet::new()));
        let accepting = Arc::clone(&connections);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let mut connections = accepting.lock().unwrap();
                match hostile.take() {
                    Some(key) => connections.spawn(answer_for_another_session(stream, key)),
                    None => connections.spawn(forward(stream, target)),
                };
            }
        });
        Proxy {
            address,
            connections,
        }
    }

    /// Closes every connection; new ones are forwarded again.
    pub(crate) fn cut(&self) {
        self.connections.lock().unwrap().abort_all();
    }
}

async fn forward(mut client: TcpStream, target: SocketAddr) {
    let mut server = TcpStream::connect(target).await.unwrap();
    let _ = copy_bidirectional(&mut client, &mut server).await;
}

async fn answer_for_another_session(mut stream: TcpStream, key: AuthKey) {
    let mut framing = Framing::new(None, DEFAULT_MAX_FRAME);
    let mut portion = [0; 4096];
    loop {
        let count = stream.read(&mut portion).await.unwrap();
        if count == 0 {
            return;
        }
        framing.feed(&portion[..count]);
        if framing.next_frame().unwrap().is_some() {
            break;
        }
    }
    let now: Duration = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let msg_id = MsgIdGenerator::default().next(now, Origin::ServerAnswer);
    let header = Header {
        salt: 1,
        session_id: 0x0bad,
        msg_id,
        seq_no: 1,
    };
    let envelope = encrypt(&key, Side::Server, header, &[0; 16], &mut OsRandom);
    let mut out = Vec::new();
    framing
        .send(&envelope.bytes, &mut OsRandom, &mut out)
        .unwrap();
    stream.write_all(&out).await.unwrap();
    // Until the client gives up.
    while stream.read(&mut portion).await.is_ok_and(|count| count > 0) {}
}
