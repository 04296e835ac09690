//! What a server does that misbehaves on purpose: the sandbox's faults.

use std::time::Duration;

use super::Session;
use super::received::Query;
use crate::MsgId;
use crate::message_id::Origin;
use crate::service::{Service, bad_msg};

impl Session {
    /// Sends any bytes as a message, once: it is neither kept nor sent again. `content` is whether it wants to be
    /// acknowledged.
    pub fn send_once(&mut self, now: Duration, origin: Origin, content: bool, body: Vec<u8>) {
        self.outbox.once(now, origin, content, body);
    }

    /// Forgets that a message came, as if it had been lost on its way: it is not acknowledged, and when it comes again
    /// it is executed.
    pub fn lose(&mut self, msg_id: MsgId) {
        self.received.remove(msg_id);
        self.outbox.discard_acknowledgements(Some(msg_id));
    }

    /// Refuses a message after it was accepted: as if it had not come, and with a notice of this code of
    /// [`bad_msg`].
    pub fn refuse_late(&mut self, now: Duration, msg_id: MsgId, code: i32) {
        let seq_no = self.received.remove(msg_id).unwrap_or(0);
        self.outbox.discard_acknowledgements(Some(msg_id));
        let (bad_msg_id, bad_msg_seqno, error_code) = (msg_id.0, seq_no, code);
        let notice = if code == bad_msg::SALT {
            Service::BadServerSalt {
                bad_msg_id,
                bad_msg_seqno,
                error_code,
                new_server_salt: self.salts.current(now),
            }
        } else {
            Service::BadMsgNotification {
                bad_msg_id,
                bad_msg_seqno,
                error_code,
            }
        };
        self.outbox.service(now, &notice);
    }

    /// Whether acknowledgements would leave with the next envelope.
    pub fn owes_acknowledgements(&self) -> bool {
        self.outbox.owes_acknowledgements()
    }

    /// Forgets the acknowledgements that would leave with the next envelope.
    pub fn discard_acknowledgements(&mut self) {
        self.outbox.discard_acknowledgements(None);
    }

    /// Says of an answer that there is one, instead of sending it: the client has to ask with `msg_resend_req`. False
    /// where the request has no answer that is kept.
    pub fn announce_answer(&mut self, now: Duration, request: MsgId) -> bool {
        let Some(Query::Answered(answer)) = self.received.query(request) else {
            return false;
        };
        let Some(kept) = self.outbox.withdraw(answer) else {
            return false;
        };
        let info = Service::MsgDetailedInfo {
            msg_id: request.0,
            answer_msg_id: answer.0,
            bytes: kept.bytes as i32,
            status: 0,
        };
        self.outbox.service(now, &info);
        true
    }

    /// Says of a message that [`Session::push`] has just queued that there is one, instead of sending it. False where
    /// it is not kept.
    pub fn announce_push(&mut self, now: Duration, pushed: MsgId) -> bool {
        let Some(kept) = self.outbox.withdraw(pushed) else {
            return false;
        };
        let info = Service::MsgNewDetailedInfo {
            answer_msg_id: pushed.0,
            bytes: kept.bytes as i32,
            status: 0,
        };
        self.outbox.service(now, &info);
        true
    }

    /// Lets the identifiers of messages follow a clock that was set back.
    pub fn clock_was_set(&mut self) {
        self.outbox.restart_identifiers();
    }
}
