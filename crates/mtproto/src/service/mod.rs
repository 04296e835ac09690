//! The messages of the protocol itself: acknowledgements, pings, salts, the states of messages, results.
//!
//! <https://core.telegram.org/mtproto/service_messages>. Hand-written, because they frame everything else and because
//! results and packed objects are not parsed here but passed on as they are. Field names are those of the schema.

mod codec;
mod constructors;
#[cfg(test)]
mod tests;

use std::fmt;

pub use constructors::{CONSTRUCTORS, id};

/// The codes of `bad_msg_notification` and `bad_server_salt`.
pub mod bad_msg {
    /// The identifier says a time too long ago.
    pub const ID_TOO_LOW: i32 = 16;
    /// The identifier says a time in the future.
    pub const ID_TOO_HIGH: i32 = 17;
    /// The two low bits of the identifier are not those of a client.
    pub const ID_LOW_BITS: i32 = 18;
    /// A container with the identifier of an earlier message.
    pub const CONTAINER_ID_SEEN: i32 = 19;
    /// The message is so old that the server no longer knows whether it has seen it.
    pub const TOO_OLD: i32 = 20;
    /// The sequence number is lower than that of an earlier message.
    pub const SEQ_NO_TOO_LOW: i32 = 32;
    /// The sequence number is higher than that of a later message.
    pub const SEQ_NO_TOO_HIGH: i32 = 33;
    /// An odd sequence number where an even one is due: the message is not content-related.
    pub const SEQ_NO_EVEN_EXPECTED: i32 = 34;
    /// An even sequence number where an odd one is due: the message is content-related.
    pub const SEQ_NO_ODD_EXPECTED: i32 = 35;
    /// The salt is not in force; `bad_server_salt` tells the one that is.
    pub const SALT: i32 = 48;
    /// The container is malformed.
    pub const CONTAINER: i32 = 64;
}

/// A salt and when it is accepted, in Unix seconds. `Debug` does not show the salt.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct FutureSalt {
    /// First second.
    pub valid_since: i32,
    /// Last second.
    pub valid_until: i32,
    /// The salt.
    pub salt: i64,
}

impl fmt::Debug for FutureSalt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("FutureSalt")
            .field("valid_since", &self.valid_since)
            .field("valid_until", &self.valid_until)
            .finish_non_exhaustive()
    }
}

/// A message of the protocol itself. Fields are documented at the page above, under the constructor's name.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[allow(missing_docs, reason = "the names are the schema's")]
pub enum Service<'a> {
    /// `result` is whatever object answers the request, also a [`Service::RpcError`] or [`Service::GzipPacked`].
    RpcResult {
        req_msg_id: i64,
        result: &'a [u8],
    },
    RpcError {
        error_code: i32,
        error_message: &'a [u8],
    },
    RpcDropAnswer {
        req_msg_id: i64,
    },
    RpcAnswerUnknown,
    RpcAnswerDroppedRunning,
    RpcAnswerDropped {
        msg_id: i64,
        seq_no: i32,
        bytes: i32,
    },
    GzipPacked {
        packed_data: &'a [u8],
    },
    MsgsAck {
        msg_ids: Vec<i64>,
    },
    BadMsgNotification {
        bad_msg_id: i64,
        bad_msg_seqno: i32,
        error_code: i32,
    },
    BadServerSalt {
        bad_msg_id: i64,
        bad_msg_seqno: i32,
        error_code: i32,
        new_server_salt: i64,
    },
    MsgsStateReq {
        msg_ids: Vec<i64>,
    },
    MsgsStateInfo {
        req_msg_id: i64,
        info: &'a [u8],
    },
    MsgsAllInfo {
        msg_ids: Vec<i64>,
        info: &'a [u8],
    },
    MsgDetailedInfo {
        msg_id: i64,
        answer_msg_id: i64,
        bytes: i32,
        status: i32,
    },
    MsgNewDetailedInfo {
        answer_msg_id: i64,
        bytes: i32,
        status: i32,
    },
    MsgResendReq {
        msg_ids: Vec<i64>,
    },
    MsgResendAnsReq {
        msg_ids: Vec<i64>,
    },
    GetFutureSalts {
        num: i32,
    },
    FutureSalts {
        req_msg_id: i64,
        now: i32,
        salts: Vec<FutureSalt>,
    },
    Ping {
        ping_id: i64,
    },
    PingDelayDisconnect {
        ping_id: i64,
        disconnect_delay: i32,
    },
    Pong {
        msg_id: i64,
        ping_id: i64,
    },
    NewSessionCreated {
        first_msg_id: i64,
        unique_id: i64,
        server_salt: i64,
    },
    DestroySession {
        session_id: i64,
    },
    DestroySessionOk {
        session_id: i64,
    },
    DestroySessionNone {
        session_id: i64,
    },
    HttpWait {
        max_delay: i32,
        wait_after: i32,
        max_wait: i32,
    },
}

/// What a body turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body<'a> {
    /// A message of the protocol itself.
    Service(Service<'a>),
    /// Something for the layer above: a function, an object.
    Other(&'a [u8]),
    /// Too short for a constructor number, or a message of the protocol with too few or too many bytes.
    Malformed,
}
