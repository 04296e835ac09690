//! One connection: transport, key exchange, and the sessions it serves.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use madeline_mtproto::AuthKey;
use madeline_mtproto::envelope::{self, plain};
use madeline_mtproto::handshake;
use madeline_mtproto::handshake::server::{CreatedKey, Handshake};
use madeline_mtproto::message_id::{MsgIdGenerator, Origin};
use madeline_mtproto::random::OsRandom;
use madeline_mtproto::server::Salts;
use madeline_mtproto::transport::{DEFAULT_MAX_FRAME, Frame, Server, error_code};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::session::Live;
use super::{Ear, Registered, Shared, Wake, lock};
use crate::faults::line::Line;
use crate::state::{Key, KeyRef, SessionRef, Temporary};
use crate::stats::count;

/// Bytes read at once.
const PORTION: usize = 128 << 10;
/// Bytes to be sent whose memory is kept for the next ones: some of the largest parts of files.
const KEPT_OUT: usize = 4 << 20;

/// Numbers connections, so that a session knows which one serves it.
static NEXT: AtomicU64 = AtomicU64::new(1);

/// Serves a connection until either side ends it.
pub(super) async fn serve(shared: Arc<Shared>, dc: i32, stream: TcpStream) {
    // Small answers must not wait for the client's acknowledgement of earlier ones.
    let _ = stream.set_nodelay(true);
    let (waker, mut calls) = mpsc::unbounded_channel();
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    count(&shared.stats.accepted);
    let registered = Registered {
        dc,
        served: Vec::new(),
        waker: waker.clone(),
    };
    lock(&shared.connections).insert(number, registered);
    let mut connection = Connection {
        handshake: Handshake::new(shared.rsa_of(dc), Arc::clone(&shared.group)).with_dc(dc),
        ear: Ear::Open,
        ear_until: None,
        shared,
        dc,
        number,
        transport: Server::new(None, DEFAULT_MAX_FRAME),
        plain_ids: MsgIdGenerator::default(),
        waker,
        key: None,
        touched: Vec::new(),
        disconnect_at: None,
        line: Line::default(),
        out: Vec::new(),
    };
    if connection.accepted().is_ok() {
        connection.run(stream, &mut calls).await;
    }
    connection.leave();
}

pub(super) struct Connection {
    pub(super) shared: Arc<Shared>,
    pub(super) dc: i32,
    pub(super) number: u64,
    pub(super) transport: Server,
    handshake: Handshake,
    plain_ids: MsgIdGenerator,
    pub(super) waker: mpsc::UnboundedSender<Wake>,
    /// The key of the latest message.
    pub(super) key: Option<(KeyRef, AuthKey)>,
    /// Sessions that have something to say after these bytes were taken in.
    pub(super) touched: Vec<(SessionRef, Arc<Live>)>,
    pub(super) disconnect_at: Option<Instant>,
    /// Whether it listens: a fault may forbid it, until some time.
    pub(super) ear: Ear,
    pub(super) ear_until: Option<Instant>,
    /// Envelopes that a fault holds back.
    pub(super) line: Line,
    /// Bytes to be sent.
    pub(super) out: Vec<u8>,
}

/// The connection has to end, after what is in the buffer has been sent.
pub(super) struct Close;

impl Connection {
    async fn run(&mut self, mut stream: TcpStream, calls: &mut mpsc::UnboundedReceiver<Wake>) {
        let mut portion = vec![0; PORTION];
        loop {
            let patience = [self.disconnect_at, self.ear_until, self.line.due()];
            let patience = patience.into_iter().flatten().min();
            let goes_on = tokio::select! {
                read = stream.read(&mut portion), if self.ear != Ear::Deaf => match read {
                    Ok(0) | Err(_) => return,
                    Ok(length) => self.take(portion.get(..length).unwrap_or_default()),
                },
                Some(call) = calls.recv() => match call {
                    Wake::Flush(session) => self.flush_woken(session),
                    Wake::Reset => {
                        let _ = stream.set_zero_linger();
                        return;
                    }
                    order => self.obey(order),
                },
                () = until(patience) => self.time_has_come(),
            };
            if !self.out.is_empty() {
                if self.write(&mut stream, calls).await.is_err() {
                    return;
                }
                self.out.clear();
                self.out.shrink_to(KEPT_OUT);
            }
            if goes_on.is_err() {
                let _ = stream.shutdown().await;
                return;
            }
        }
    }

    /// Sends what is in the buffer. A client that reads nothing for a while must not keep us from ending.
    async fn write(
        &mut self,
        stream: &mut TcpStream,
        calls: &mut mpsc::UnboundedReceiver<Wake>,
    ) -> io::Result<()> {
        let mut kept = Vec::new();
        let written = {
            let mut writing = std::pin::pin!(stream.write_all(&self.out));
            loop {
                tokio::select! {
                    biased;
                    written = &mut writing => break written,
                    Some(call) = calls.recv() => match call {
                        Wake::Close | Wake::Reset => break Err(io::ErrorKind::ConnectionAborted.into()),
                        call => kept.push(call),
                    },
                }
            }
        };
        for call in kept {
            let _ = self.waker.send(call);
        }
        written
    }

    fn take(&mut self, bytes: &[u8]) -> Result<(), Close> {
        self.transport.feed(bytes);
        loop {
            match self.transport.next_frame() {
                Ok(None) => return self.flush_touched(),
                // A fault: it is read, and that is all.
                Ok(Some(_)) if self.ear != Ear::Open => {}
                Ok(Some(Frame::Payload { bytes, quick_ack })) => self.frame(bytes, quick_ack)?,
                // Only servers send these.
                Ok(Some(_)) => return Err(Close),
                Err(error) => {
                    self.shared.log(|| format!("transport: {error:?}"));
                    return Err(Close);
                }
            }
        }
    }

    fn frame(&mut self, frame: Bytes, quick_ack: bool) -> Result<(), Close> {
        match envelope::auth_key_id(&frame) {
            None => Err(self.refuse(error_code::NOT_FOUND)),
            Some(0) => self.exchange(&frame),
            Some(id) => {
                let key = self.shared.key_at(self.dc, id);
                self.encrypted(key, frame, quick_ack)
            }
        }
    }

    /// A step of the key exchange.
    fn exchange(&mut self, frame: &[u8]) -> Result<(), Close> {
        if let Some(outcome) = self.struck_message(None) {
            return outcome;
        }
        let Ok(message) = plain::read(frame) else {
            return Err(self.refuse(error_code::NOT_FOUND));
        };
        let (shared, dc) = (Arc::clone(&self.shared), self.dc);
        let is_taken = |id| {
            let known = |dc| shared.knows(KeyRef { dc, id });
            known(dc) || known(-dc)
        };
        match self
            .handshake
            .receive(message.body, self.shared.now(), &mut OsRandom, &is_taken)
        {
            Err(error) => {
                self.shared
                    .log(|| format!("dc {dc}: key exchange: {error}"));
                let wrong_dc = matches!(error, handshake::Error::WrongDc { .. });
                Err(self.refuse(if wrong_dc {
                    error_code::INVALID_DC
                } else {
                    error_code::NOT_FOUND
                }))
            }
            Ok(reply) => {
                if let Some(created) = reply.created {
                    self.keep(&created);
                }
                let msg_id = self.plain_ids.next(self.shared.now(), Origin::ServerAnswer);
                self.send(&plain::write(msg_id, &reply.body))
            }
        }
    }

    /// Keeps a new key.
    fn keep(&self, created: &CreatedKey) {
        let key = created.key.clone();
        let salts = Salts::new(&key, created.first_salt, self.shared.now());
        // A permanent one belongs to the data centre itself, wherever it is made.
        let dc = match created.expires_in {
            Some(_) => self.dc,
            None => self.dc.abs(),
        };
        let reference = KeyRef { dc, id: key.id() };
        let mut state = self.shared.state();
        let temporary = created.expires_in.map(|seconds| Temporary {
            expires_at: state.now.saturating_add(seconds),
            bound_to: None,
        });
        let kept = Key {
            secret: key,
            salts,
            temporary,
            user: None,
            awaits_password: None,
        };
        state.keys.insert(reference, kept);
        self.shared
            .log(|| format!("dc {}: new key {:016x}", self.dc, reference.id));
    }

    pub(super) fn send(&mut self, payload: &[u8]) -> Result<(), Close> {
        self.transport
            .send(payload, &mut OsRandom, &mut self.out)
            .map_err(|_| Close)
    }

    /// Says why the connection ends.
    pub(super) fn refuse(&mut self, code: i32) -> Close {
        // Before the transport is known there is no way to say it.
        let _ = self
            .transport
            .send_error(code, &mut OsRandom, &mut self.out);
        Close
    }

    /// The sessions of this connection have none now, unless another one took over.
    fn leave(&self) {
        count(&self.shared.stats.ended);
        let registered = lock(&self.shared.connections).remove(&self.number);
        for session in registered.map(|it| it.served).unwrap_or_default() {
            let left = self
                .shared
                .live(session)
                .is_some_and(|live| live.with(|machine| machine.detach(self.number)));
            if left && let Some(told) = lock(&self.shared.state).sessions.get_mut(&session) {
                told.connected = false;
            }
        }
    }
}

/// Waits for a time; for ever where there is none.
async fn until(time: Option<Instant>) {
    match time {
        Some(time) => tokio::time::sleep_until(time).await,
        None => std::future::pending().await,
    }
}
