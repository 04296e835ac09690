//! The server's side of an encrypted session as a machine.
//!
//! A [`Session`] belongs to one authorization key and one `session_id`, and outlives connections. The caller reads a
//! frame, finds the key by [`crate::envelope::auth_key_id`] (transport error −404 when there is none), opens the
//! envelope with [`crate::envelope::decrypt`], finds or makes the session by `header.session_id`, and hands it the
//! message. What the session has to say is taken with [`Session::flush`].

mod faults;
mod in_order;
mod incoming;
mod outbox;
mod received;
mod salts;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::envelope::{self, Header, Opened, Side};
use crate::gzip;
use crate::message_id::Origin;
use crate::random::Random;
use crate::service::Service;
use crate::{AuthKey, MsgId};
use outbox::Outbox;
use received::{Query, Received};
pub use salts::Salts;

/// Limits and switches of a session.
#[derive(Clone, Debug)]
pub struct Config {
    /// Results of at least this many bytes are sent as `gzip_packed` when that is smaller. `None`: never.
    pub gzip_threshold: Option<usize>,
    /// Largest size in bytes to which a `gzip_packed` of the client may grow.
    pub max_inflated: usize,
    /// Bytes of unacknowledged messages that are kept for sending again; the oldest are forgotten first.
    pub max_unacked_bytes: usize,
}

impl Default for Config {
    /// Packs from 512 bytes, unpacks up to 16 MiB, keeps 16 MiB.
    fn default() -> Self {
        Self {
            gzip_threshold: Some(512),
            max_inflated: 16 << 20,
            max_unacked_bytes: 16 << 20,
        }
    }
}

/// What a received message means to the server above.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// A function to execute; answer it with [`Session::send_result`] or [`Session::send_error`].
    Request {
        /// The request's identifier.
        msg_id: MsgId,
        /// The function as TL bytes, inflated.
        body: Vec<u8>,
    },
    /// The client no longer wants the answer to a request that is being executed; one may still be given.
    Dropped {
        /// The request's identifier.
        msg_id: MsgId,
    },
    /// The client asks to forget another session of the same key; answer with [`Session::send_destroyed`].
    DestroySession {
        /// The session to forget.
        session_id: i64,
    },
    /// The client has these messages of ours.
    Acked(Vec<MsgId>),
    /// `ping_delay_disconnect`: close the connection at this time unless the next one comes before.
    DisconnectAt(Duration),
    /// A message was refused with this code of [`crate::service::bad_msg`]; the client has been told.
    Refused {
        /// The refused message.
        msg_id: MsgId,
        /// Why.
        code: i32,
    },
}

/// An envelope before it is sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsealed {
    /// What stands before the body.
    pub header: Header,
    /// A message, or a container of several.
    pub body: Arc<Vec<u8>>,
}

/// The server's side of one encrypted session.
pub struct Session {
    key: AuthKey,
    id: i64,
    salts: Salts,
    config: Config,
    /// Whether the client has been told by `new_session_created` that this session began.
    announced: bool,
    received: Received,
    outbox: Outbox,
}

impl Session {
    /// A session that the server did not know before: its first message leads to `new_session_created`.
    pub fn new(key: AuthKey, session_id: i64, salts: Salts, config: Config) -> Self {
        let outbox = Outbox::new(config.max_unacked_bytes);
        Self {
            key,
            id: session_id,
            salts,
            config,
            announced: false,
            received: Received::default(),
            outbox,
        }
    }

    /// The session's identifier.
    pub fn session_id(&self) -> i64 {
        self.id
    }

    /// The key that the session belongs to.
    pub fn key(&self) -> &AuthKey {
        &self.key
    }

    /// The salts, for instance to rotate them.
    pub fn salts_mut(&mut self) -> &mut Salts {
        &mut self.salts
    }

    /// Takes a message. Whatever it contains, the answer is in [`Session::flush`] and the events.
    pub fn receive(
        &mut self,
        now: Duration,
        message: &Opened,
        random: &mut dyn Random,
    ) -> Vec<Event> {
        let mut events = Vec::new();
        self.accept(now, message, random, &mut events);
        events
    }

    /// How the answer to a request begins: its result, as TL bytes, is to be appended for [`Session::send_answer`]. So a
    /// large one is laid out once.
    pub fn begin_answer(msg_id: MsgId) -> Vec<u8> {
        Service::RpcResult {
            req_msg_id: msg_id.0,
            result: &[],
        }
        .to_bytes()
    }

    /// Answers a request with what was [begun](Session::begin_answer) for it, as it is.
    pub fn send_answer(&mut self, now: Duration, msg_id: MsgId, mut answer: Vec<u8>) {
        // The answer to a request that the client has dropped meanwhile is not the result, but that it was dropped.
        if self.received.query(msg_id) == Some(Query::Dropped) {
            answer = Self::begin_answer(msg_id);
            Service::RpcAnswerDroppedRunning.write(&mut answer);
        }
        let answer_id = self
            .outbox
            .content(now, Origin::ServerAnswer, answer, Some(msg_id));
        self.received.set_query(msg_id, Query::Answered(answer_id));
    }

    /// Answers a request with TL bytes of its result type, packed where that makes them smaller.
    pub fn send_result(&mut self, now: Duration, msg_id: MsgId, result: &[u8]) {
        let packed = self
            .config
            .gzip_threshold
            .filter(|&threshold| result.len() >= threshold)
            .and_then(|_| gzip::pack(result))
            .map(|packed| {
                Service::GzipPacked {
                    packed_data: &packed,
                }
                .to_bytes()
            });
        self.answer(now, msg_id, packed.as_deref().unwrap_or(result));
    }

    /// Answers a request with an error.
    pub fn send_error(&mut self, now: Duration, msg_id: MsgId, code: i32, message: &str) {
        let error = Service::RpcError {
            error_code: code,
            error_message: message.as_bytes(),
        };
        self.answer(now, msg_id, &error.to_bytes());
    }

    /// Answers an [`Event::DestroySession`].
    pub fn send_destroyed(&mut self, now: Duration, session_id: i64, existed: bool) {
        let result = if existed {
            Service::DestroySessionOk { session_id }
        } else {
            Service::DestroySessionNone { session_id }
        };
        self.outbox.service(now, &result);
    }

    /// Sends an object that answers no request, such as `Updates`. Gives the identifier it got.
    pub fn push(&mut self, now: Duration, body: &[u8]) -> MsgId {
        self.outbox
            .content(now, Origin::ServerNotice, body.to_vec(), None)
    }

    /// Says that the session goes on over another connection: what the client has not acknowledged is sent again.
    pub fn reconnected(&mut self) {
        self.outbox.resend_all();
    }

    /// The envelopes to send, in order; empty when there is nothing to say.
    pub fn flush(&mut self, now: Duration, random: &mut dyn Random) -> Vec<Vec<u8>> {
        let unsealed = self.flush_unsealed(now);
        let messages: Vec<_> = unsealed
            .iter()
            .map(|unsealed| (unsealed.header, unsealed.body.as_slice()))
            .collect();
        envelope::encrypt_all(&self.key, Side::Server, &messages, random)
            .into_iter()
            .map(|sealed| sealed.bytes)
            .collect()
    }

    /// The same before they are sealed, for whoever seals them otherwise.
    pub fn flush_unsealed(&mut self, now: Duration) -> Vec<Unsealed> {
        self.outbox.take(now, self.id, self.salts.current(now))
    }

    fn answer(&mut self, now: Duration, msg_id: MsgId, result: &[u8]) {
        let mut answer = Self::begin_answer(msg_id);
        answer.extend_from_slice(result);
        self.send_answer(now, msg_id, answer);
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Session")
            .field("key", &self.key)
            .field("session_id", &self.id)
            .finish_non_exhaustive()
    }
}
