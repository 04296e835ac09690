//! What the server says about messages and the session: <https://core.telegram.org/mtproto/service_messages>.

use super::calls::{MAX_ATTEMPTS, Stage};
use super::clock::seconds;
use super::receiving::Incoming;
use super::violation::{Count, Violation};
use super::{Cause, Event, Session};
use crate::message_id::MsgId;
use crate::service::{Service, bad_msg};

/// Rounds of refusals without anything being accepted, after which the session's numbers are given up.
const MAX_REFUSALS: u32 = 16;
/// What is added to the number of content-related messages when the server finds it too low.
const SEQ_NO_STEP: i32 = 64;
/// Seconds ahead of the server with which no server accepts an identifier: 30 and a margin.
const FAR_AHEAD: i64 = 60;
/// Answers to the server that may wait for being sent; it asks for more only after it has had those.
const MAX_REPLIES: usize = 64;

impl Session {
    pub(super) fn notice(
        &mut self,
        incoming: Incoming,
        service: Service<'_>,
    ) -> Result<(), Violation> {
        match service {
            Service::MsgsAck { msg_ids } => self.received_by_server(incoming, &msg_ids),
            Service::BadMsgNotification {
                bad_msg_id,
                error_code,
                ..
            } => return self.refused(incoming, bad_msg_id, error_code),
            Service::BadServerSalt {
                bad_msg_id,
                error_code,
                new_server_salt,
                ..
            } => return self.bad_salt(incoming, bad_msg_id, error_code, new_server_salt),
            Service::NewSessionCreated {
                first_msg_id,
                server_salt,
                ..
            } => self.new_session(incoming, first_msg_id, server_salt),
            Service::Pong { ping_id, .. } => self.pong(incoming, ping_id),
            Service::FutureSalts {
                req_msg_id, salts, ..
            } => self.future_salts(incoming, req_msg_id, salts),
            Service::MsgsStateReq { msg_ids } => self.tell_states(incoming.msg_id, &msg_ids),
            Service::MsgsStateInfo { req_msg_id, info } => {
                self.state_info(incoming, req_msg_id, info);
            }
            // Said unasked: nobody knows when that was so, except that what was received stays received.
            Service::MsgsAllInfo { msg_ids, info } => {
                self.states(incoming, i64::MIN, &msg_ids, info);
            }
            Service::MsgDetailedInfo {
                msg_id,
                answer_msg_id,
                ..
            } => self.answer_exists(incoming, msg_id, MsgId(answer_msg_id)),
            Service::MsgNewDetailedInfo { answer_msg_id, .. } => {
                self.message_exists(incoming, MsgId(answer_msg_id));
            }
            Service::MsgResendReq { msg_ids } => self.resend(incoming.msg_id, &msg_ids),
            Service::Ping { ping_id } => {
                let pong = Service::Pong {
                    msg_id: incoming.msg_id.0,
                    ping_id,
                };
                self.reply(&pong);
            }
            // Sessions are destroyed by others, HTTP is not spoken, and the rest is for servers.
            _ => {}
        }
        Ok(())
    }

    /// Something of ours was accepted.
    pub(super) fn accepted(&mut self) {
        self.refusals = 0;
    }

    /// Learns the time from the answer to something that was sent over the connection in use.
    pub(super) fn learn_time(&mut self, incoming: Incoming) {
        if !self.clock.is_known() {
            self.adopt_time(incoming);
        }
    }

    pub(super) fn adopt_time(&mut self, incoming: Incoming) {
        if self.clock.adopt(incoming.now, incoming.envelope) {
            let offset = self.clock.offset();
            self.events.push_back(Event::ClockOffset(offset));
        }
    }

    /// Queues an answer to the server.
    pub(super) fn reply(&mut self, service: &Service<'_>) {
        if self.replies.len() < MAX_REPLIES {
            self.replies.push(service.to_bytes());
        }
    }

    fn received_by_server(&mut self, incoming: Incoming, msg_ids: &[i64]) {
        let patience = self.config.resend_after;
        for &msg_id in msg_ids {
            let Some((_, call)) = self.calls.by_message(msg_id) else {
                continue;
            };
            if matches!(call.stage, Stage::Sent | Stage::Uncertain) {
                call.stage = Stage::Received;
                call.asked = 0;
                call.check_at = incoming.now + patience;
            }
            self.accepted();
        }
    }

    fn bad_salt(
        &mut self,
        incoming: Incoming,
        bad_msg_id: i64,
        code: i32,
        salt: i64,
    ) -> Result<(), Violation> {
        if self.is_ours(bad_msg_id, code) {
            self.adopt_salt(incoming.now, salt);
            if self.connection_of(bad_msg_id) == self.connection {
                self.learn_time(incoming);
            }
        }
        self.refused(incoming, bad_msg_id, code)
    }

    /// `bad_msg_notification`: the server has not taken a message, or any of those in a container.
    fn refused(&mut self, incoming: Incoming, bad_msg_id: i64, code: i32) -> Result<(), Violation> {
        if !self.is_ours(bad_msg_id, code) {
            self.violations.add(Count::UnknownAnswer);
            return Ok(());
        }
        // Envelopes that were under way together are refused together, which counts once.
        if bad_msg_id > self.refused_up_to {
            self.refused_up_to = self.last_id.0;
            self.refusals += 1;
        }
        self.refuse_services(incoming.now, bad_msg_id);
        let calls = self.calls.select(|call| named(call, bad_msg_id, code));
        for id in calls {
            self.refuse_call(id, bad_msg_id, code);
        }
        self.correct(incoming, bad_msg_id, code)
    }

    /// Does something about the cause of a refusal.
    fn correct(&mut self, incoming: Incoming, bad_msg_id: i64, code: i32) -> Result<(), Violation> {
        match code {
            // Of what was sent over an earlier connection, the notice may have been on its way for long.
            bad_msg::ID_TOO_LOW | bad_msg::ID_TOO_HIGH
                if self.connection_of(bad_msg_id) == self.connection =>
            {
                self.adopt_time(incoming);
                if code == bad_msg::ID_TOO_HIGH {
                    // Identifiers have to become lower, which a session that has accepted any does not take.
                    if self.announced {
                        return self.give_up_numbers(code);
                    }
                    self.restart_identifiers();
                    self.refuse_future(incoming);
                }
            }
            bad_msg::SEQ_NO_TOO_LOW | bad_msg::SEQ_NO_TOO_HIGH => {
                self.disorders += 1;
                if self.disorders > 1 {
                    return self.give_up_numbers(code);
                }
                if code == bad_msg::SEQ_NO_TOO_LOW {
                    self.content_sent = self.content_sent.wrapping_add(SEQ_NO_STEP);
                }
            }
            _ => {}
        }
        if self.refusals > MAX_REFUSALS {
            return self.give_up_numbers(code);
        }
        Ok(())
    }

    /// What else was sent under identifiers that are too high. A message that is far ahead was never accepted and won't
    /// be for as long; of one that is not, nobody knows, and it does not fit in with lower identifiers.
    fn refuse_future(&mut self, incoming: Incoming) {
        let far = seconds(self.clock.server(incoming.now)).saturating_add(FAR_AHEAD);
        for id in self.calls.select(|call| call.stage != Stage::Queued) {
            if self
                .calls
                .get(id)
                .is_some_and(|call| MsgId(call.msg_id).seconds() > far)
            {
                self.calls.requeue(id);
            } else {
                let failure = self.calls.lost(id, Cause::SessionReplaced);
                self.fail(id, failure);
            }
        }
        self.questions.disconnected();
    }

    fn give_up_numbers(&mut self, code: i32) -> Result<(), Violation> {
        self.out_of_step = true;
        Err(Violation::OutOfStep { code })
    }

    /// Whether an identifier is that of something that was sent and not settled: only then a refusal is believed.
    fn is_ours(&self, bad_msg_id: i64, code: i32) -> bool {
        self.service_is_ours(bad_msg_id)
            || self
                .calls
                .iter()
                .any(|(_, call)| named(call, bad_msg_id, code))
    }

    fn refuse_call(&mut self, id: super::CallId, bad_msg_id: i64, code: i32) {
        let Some(call) = self.calls.get_mut(id) else {
            return;
        };
        // Another envelope with the message may have been taken meanwhile. And over a new connection, the refusal may be
        // that of a copy: who repeats an envelope that was taken makes the server refuse it when the salt has changed.
        // On the connection in use, the acknowledgement would have come first.
        let taken_perhaps = call.copied || call.stage == Stage::Uncertain;
        if taken_perhaps && call.envelope == bad_msg_id {
            call.stage = Stage::Uncertain;
            call.attempts = call.attempts.saturating_add(1);
            if call.attempts > MAX_ATTEMPTS {
                let failure = self.calls.lost(id, Cause::NoStates);
                return self.fail(id, failure);
            }
            self.questions.ask(call.msg_id);
            return;
        }
        let failure = match code {
            bad_msg::TOO_OLD if !call.not_received => self.calls.lost(id, Cause::MessageForgotten),
            bad_msg::CONTAINER => {
                call.alone = true;
                self.calls.refused(id, code)
            }
            _ => self.calls.refused(id, code),
        };
        self.fail(id, failure);
    }

    /// `new_session_created`: what was sent before is not known to the server.
    fn new_session(&mut self, incoming: Incoming, first: i64, salt: i64) {
        let known_before = std::mem::replace(&mut self.announced, true);
        self.adopt_salt(incoming.now, salt);
        self.events.push_back(Event::NewSession);
        // The envelope with the first message, which may be an old message in a new one, and its connection.
        let (first_envelope, first_connection) = match self.calls.by_message(first) {
            Some((_, call)) => (call.envelope, call.connection),
            None => (first, self.connection_of(first)),
        };
        let began_at = incoming.msg_id.0;
        // What was sent before that, or over another connection before the server said this, may have been executed in
        // the session that it forgot.
        let forgotten = self.calls.select(|call| {
            let before = call.envelope < first_envelope
                || call.connection != first_connection && call.envelope < began_at;
            before && !call.stage.waits_for_sending()
        });
        for id in forgotten {
            let failure = self.calls.lost(id, Cause::SessionForgotten);
            self.fail(id, failure);
        }
        if known_before {
            self.gap();
        }
    }

    fn adopt_salt(&mut self, now: std::time::Duration, salt: i64) {
        let server = seconds(self.clock.server(now));
        if self.salts.current(server) != salt {
            self.salts.adopt(salt, server);
            self.salts_at = now;
            self.events.push_back(Event::Salts(self.salts.list(server)));
        }
    }
}

/// Whether a refusal means a call: by its envelope, or by its message where the server looks at messages in containers.
/// One that the server has acknowledged meanwhile came in another envelope.
fn named(call: &super::calls::Call, bad_msg_id: i64, code: i32) -> bool {
    let single = matches!(
        code,
        bad_msg::TOO_OLD
            | bad_msg::SEQ_NO_TOO_LOW
            | bad_msg::SEQ_NO_TOO_HIGH
            | bad_msg::SEQ_NO_EVEN_EXPECTED
            | bad_msg::SEQ_NO_ODD_EXPECTED
    );
    matches!(call.stage, Stage::Sent | Stage::Uncertain)
        && (call.envelope == bad_msg_id || single && call.msg_id == bad_msg_id)
}
