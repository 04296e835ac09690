//! One connection: transport, key exchange, and the sessions it serves.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use madeline_mtproto::AuthKey;
use madeline_mtproto::envelope::{self, Side, plain};
use madeline_mtproto::handshake;
use madeline_mtproto::handshake::server::{CreatedKey, Handshake};
use madeline_mtproto::message_id::{MsgIdGenerator, Origin};
use madeline_mtproto::random::OsRandom;
use madeline_mtproto::server::{Event, Salts};
use madeline_mtproto::transport::{DEFAULT_MAX_FRAME, Frame, Server, error_code};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;

use super::session::Live;
use super::{Shared, lock, now, request};
use crate::state::{Key, KeyRef, SessionRef, Temporary};

/// Bytes read at once.
const PORTION: usize = 64 << 10;

/// Numbers connections, so that a session knows which one serves it.
static NEXT: AtomicU64 = AtomicU64::new(1);

/// Serves a connection until either side ends it.
pub(super) async fn serve(shared: Arc<Shared>, dc: i32, stream: TcpStream) {
    // Small answers must not wait for the client's acknowledgement of earlier ones.
    let _ = stream.set_nodelay(true);
    let (waker, mut calls) = mpsc::unbounded_channel();
    let mut connection = Connection {
        handshake: Handshake::new(Arc::clone(&shared.rsa), Arc::clone(&shared.group)).with_dc(dc),
        shared,
        dc,
        number: NEXT.fetch_add(1, Ordering::Relaxed),
        transport: Server::new(None, DEFAULT_MAX_FRAME),
        plain_ids: MsgIdGenerator::default(),
        waker,
        served: HashSet::new(),
        disconnect_at: None,
        out: Vec::new(),
    };
    connection.run(stream, &mut calls).await;
    connection.leave();
}

struct Connection {
    shared: Arc<Shared>,
    dc: i32,
    number: u64,
    transport: Server,
    handshake: Handshake,
    plain_ids: MsgIdGenerator,
    waker: mpsc::UnboundedSender<SessionRef>,
    served: HashSet<SessionRef>,
    disconnect_at: Option<Duration>,
    /// Bytes to be sent.
    out: Vec<u8>,
}

/// The connection has to end, after what is in the buffer has been sent.
struct Close;

impl Connection {
    async fn run(
        &mut self,
        mut stream: TcpStream,
        calls: &mut mpsc::UnboundedReceiver<SessionRef>,
    ) {
        let mut portion = vec![0; PORTION];
        loop {
            let patience = self
                .disconnect_at
                .map_or(Duration::MAX, |at| at.saturating_sub(now()));
            let goes_on = tokio::select! {
                read = stream.read(&mut portion) => match read {
                    Ok(0) | Err(_) => return,
                    Ok(length) => self.take(portion.get(..length).unwrap_or_default()),
                },
                Some(session) = calls.recv() => self.flush(session),
                () = tokio::time::sleep(patience) => Err(Close),
            };
            if !self.out.is_empty() {
                if stream.write_all(&self.out).await.is_err() {
                    return;
                }
                self.out.clear();
            }
            if goes_on.is_err() {
                let _ = stream.shutdown().await;
                return;
            }
        }
    }

    fn take(&mut self, bytes: &[u8]) -> Result<(), Close> {
        self.transport.feed(bytes);
        loop {
            match self.transport.next_frame() {
                Ok(None) => return Ok(()),
                Ok(Some(Frame::Payload { bytes, quick_ack })) => self.frame(&bytes, quick_ack)?,
                // Only servers send these.
                Ok(Some(_)) => return Err(Close),
                Err(error) => {
                    self.shared.log(|| format!("transport: {error:?}"));
                    return Err(Close);
                }
            }
        }
    }

    fn frame(&mut self, frame: &[u8], quick_ack: bool) -> Result<(), Close> {
        match envelope::auth_key_id(frame) {
            None => Err(self.refuse(error_code::NOT_FOUND)),
            Some(0) => self.exchange(frame),
            Some(id) => self.encrypted(KeyRef { dc: self.dc, id }, frame, quick_ack),
        }
    }

    /// A step of the key exchange.
    fn exchange(&mut self, frame: &[u8]) -> Result<(), Close> {
        let Ok(message) = plain::read(frame) else {
            return Err(self.refuse(error_code::NOT_FOUND));
        };
        let (shared, dc) = (Arc::clone(&self.shared), self.dc);
        let is_taken = |id| shared.key(KeyRef { dc, id }).is_some();
        match self
            .handshake
            .receive(message.body, now(), &mut OsRandom, &is_taken)
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
                let msg_id = self.plain_ids.next(now(), Origin::ServerAnswer);
                self.send(&plain::write(msg_id, &reply.body))
            }
        }
    }

    /// Keeps a new key.
    fn keep(&self, created: &CreatedKey) {
        let key = created.key.clone();
        let salts = Salts::new(&key, created.first_salt, now());
        let reference = KeyRef {
            dc: self.dc,
            id: key.id(),
        };
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

    /// A message of an encrypted session.
    fn encrypted(&mut self, key: KeyRef, frame: &[u8], quick_ack: bool) -> Result<(), Close> {
        let Some((auth_key, salts)) = self.shared.key(key) else {
            return Err(self.refuse(error_code::NOT_FOUND));
        };
        let opened = match envelope::decrypt(&auth_key, Side::Client, frame) {
            Ok(opened) => opened,
            Err(error) => {
                self.shared.log(|| format!("dc {}: {error:?}", self.dc));
                return Err(self.refuse(error_code::NOT_FOUND));
            }
        };
        if quick_ack {
            // The transport is known, since a frame has come over it.
            let _ = self
                .transport
                .send_quick_ack(opened.quick_ack, &mut self.out);
        }
        let session = SessionRef {
            key,
            session_id: opened.header.session_id,
        };
        let live = self.serve_session(session, auth_key, salts);
        let events = live.with(|machine| machine.session.receive(now(), &opened, &mut OsRandom));
        for event in events {
            match event {
                Event::Request { msg_id, body } => {
                    request::handle(&self.shared, &live, session, msg_id, &body);
                }
                Event::DestroySession { session_id } => self.destroy(
                    &live,
                    SessionRef {
                        session_id,
                        ..session
                    },
                ),
                Event::DisconnectAt(at) => self.disconnect_at = Some(at),
                Event::Refused { msg_id, code } => {
                    self.shared
                        .log(|| format!("dc {}: message {msg_id} refused with {code}", self.dc));
                }
                _ => {}
            }
        }
        self.flush(session)
    }

    /// The session, known or new, served by this connection from now on.
    fn serve_session(&mut self, session: SessionRef, key: AuthKey, salts: Salts) -> Arc<Live> {
        let live = Arc::clone(
            lock(&self.shared.sessions)
                .entry(session)
                .or_insert_with(|| Arc::new(Live::new(key, salts, session.session_id))),
        );
        if live.with(|machine| machine.attach(self.number, &self.waker)) {
            self.served.insert(session);
            lock(&self.shared.state)
                .sessions
                .entry(session)
                .or_default()
                .connected = true;
        }
        live
    }

    fn destroy(&self, live: &Live, doomed: SessionRef) {
        let existed = lock(&self.shared.sessions).remove(&doomed).is_some();
        lock(&self.shared.state).sessions.remove(&doomed);
        live.with(|machine| {
            machine
                .session
                .send_destroyed(now(), doomed.session_id, existed);
        });
    }

    /// Sends what a session's machine holds.
    fn flush(&mut self, session: SessionRef) -> Result<(), Close> {
        let Some(live) = self.shared.live(session) else {
            return Ok(());
        };
        for message in live.with(|machine| machine.session.flush(now(), &mut OsRandom)) {
            self.send(&message)?;
        }
        Ok(())
    }

    fn send(&mut self, payload: &[u8]) -> Result<(), Close> {
        self.transport
            .send(payload, &mut OsRandom, &mut self.out)
            .map_err(|_| Close)
    }

    /// Says why the connection ends.
    fn refuse(&mut self, code: i32) -> Close {
        // Before the transport is known there is no way to say it.
        let _ = self
            .transport
            .send_error(code, &mut OsRandom, &mut self.out);
        Close
    }

    /// The sessions of this connection have none now, unless another one took over.
    fn leave(&self) {
        for session in &self.served {
            let left = self
                .shared
                .live(*session)
                .is_some_and(|live| live.with(|machine| machine.detach(self.number)));
            if left && let Some(told) = lock(&self.shared.state).sessions.get_mut(session) {
                told.connected = false;
            }
        }
    }
}
