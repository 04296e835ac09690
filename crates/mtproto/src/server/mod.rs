//! The server's side of an encrypted session as a machine.
//!
//! A [`Session`] belongs to one authorization key and one `session_id`, and outlives connections. The caller reads a
//! frame, finds the key by [`crate::envelope::auth_key_id`] (transport error −404 when there is none), opens the
//! envelope with [`crate::envelope::decrypt`], finds or makes the session by `header.session_id`, and hands it the
//! message. What the session has to say is taken with [`Session::flush`].

use std::time::Duration;

use crate::envelope::Opened;
use crate::random::Random;
use crate::{AuthKey, MsgId};

/// The salts of an authorization key: one for each half hour, each accepted for half an hour longer.
#[derive(Clone, Debug)]
pub struct Salts {}

impl Salts {
    /// `first` is what the key exchange agreed on, at `created`.
    pub fn new(key: &AuthKey, first: i64, created: Duration) -> Self {
        todo!()
    }

    /// The salt in force at `now`.
    pub fn current(&self, now: Duration) -> i64 {
        todo!()
    }

    /// Whether messages with that salt are accepted at `now`.
    pub fn accepts(&self, now: Duration, salt: i64) -> bool {
        todo!()
    }

    /// Makes every salt given out so far invalid at once.
    pub fn rotate(&mut self, now: Duration) {
        todo!()
    }
}

/// Limits and switches of a session.
#[derive(Clone, Debug)]
pub struct Config {
    /// Results of at least this many bytes are sent as `gzip_packed` when that is smaller. `None`: never.
    pub gzip_threshold: Option<usize>,
    /// Largest size to which a `gzip_packed` of the client may grow.
    pub max_inflated: usize,
    /// Bytes of unacknowledged messages that are kept for sending again.
    pub max_unacked_bytes: usize,
}

impl Default for Config {
    fn default() -> Self {
        todo!()
    }
}

/// What a received message means to the server above.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A function to execute; answer it with [`Session::send_result`] or [`Session::send_error`].
    Request {
        /// The request's identifier.
        msg_id: MsgId,
        /// The function as TL bytes, inflated.
        body: Vec<u8>,
    },
    /// The client no longer wants the answer to a request that is being executed.
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
}

/// The server's side of one encrypted session.
pub struct Session {}

impl Session {
    /// A session that the server did not know before: its first message leads to `new_session_created`.
    pub fn new(key: AuthKey, session_id: i64, salts: Salts, config: Config) -> Self {
        todo!()
    }

    /// The session's identifier.
    pub fn session_id(&self) -> i64 {
        todo!()
    }

    /// The salts, for instance to rotate them.
    pub fn salts_mut(&mut self) -> &mut Salts {
        todo!()
    }

    /// Takes a message. Whatever it contains, the answer is in [`Session::flush`] and the events.
    pub fn receive(&mut self, now: Duration, message: Opened, random: &mut dyn Random) -> Vec<Event> {
        todo!()
    }

    /// Answers a request with TL bytes of its result type.
    pub fn send_result(&mut self, now: Duration, msg_id: MsgId, body: &[u8]) {
        todo!()
    }

    /// Answers a request with an error.
    pub fn send_error(&mut self, now: Duration, msg_id: MsgId, code: i32, message: &str) {
        todo!()
    }

    /// Answers a [`Event::DestroySession`].
    pub fn send_destroyed(&mut self, now: Duration, session_id: i64, existed: bool) {
        todo!()
    }

    /// Sends an `Updates` object that answers no request.
    pub fn push(&mut self, now: Duration, body: &[u8]) {
        todo!()
    }

    /// Says that the session goes on over another connection: what the client has not acknowledged is sent again.
    pub fn reconnected(&mut self) {
        todo!()
    }

    /// The envelopes to send, in order; empty when there is nothing to say.
    pub fn flush(&mut self, now: Duration, random: &mut dyn Random) -> Vec<Vec<u8>> {
        todo!()
    }
}
