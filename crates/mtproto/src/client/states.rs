//! What became of messages: questions to the server and its own, messages that are sent again.

use std::collections::VecDeque;
use std::time::Duration;

use super::calls::Stage;
use super::receiving::Incoming;
use super::seen::Verdict;
use super::sending::{MAX_IDS, Piece, Tracked};
use super::violation::Count;
use super::{CallId, Cause, Event, Failure, Session};
use crate::message_id::MsgId;
use crate::service::Service;

/// Questions about states that may be open.
const MAX_STATE_REQUESTS: usize = 16;
/// Messages that were announced and are waited for.
const MAX_WANTED: usize = 256;
/// How often something is asked for without success.
const MAX_ASKED: u8 = 5;

/// <https://core.telegram.org/mtproto/service_messages_about_messages#informational-message-regarding-status-of-messages>
mod state {
    pub(super) const KIND: u8 = 7;
    pub(super) const FORGOTTEN: u8 = 1;
    pub(super) const NOT_RECEIVED: u8 = 2;
    pub(super) const NOT_RECEIVED_YET: u8 = 3;
    pub(super) const RECEIVED: u8 = 4;
    pub(super) const ACKNOWLEDGED: u8 = 8;
    pub(super) const ANSWERED: u8 = 64;
}

/// A question that was sent.
pub(super) struct StateRequest {
    pub(super) msg_id: i64,
    pub(super) envelope: i64,
    pub(super) msg_ids: Vec<i64>,
}

/// A message that the server has announced.
struct Wanted {
    msg_id: MsgId,
    asked: u8,
}

/// What is to be asked.
#[derive(Default)]
pub(super) struct Questions {
    /// Messages of calls whose states are to be asked for.
    states: Vec<i64>,
    asked: VecDeque<StateRequest>,
    /// Messages of calls whose answers are to be sent again.
    answers: Vec<i64>,
    /// Messages to be sent again.
    messages: Vec<i64>,
    wanted: VecDeque<Wanted>,
    pub(super) wanted_at: Option<Duration>,
}

impl Questions {
    pub(super) fn is_empty(&self) -> bool {
        self.states.is_empty()
            && self.answers.is_empty()
            && self.messages.is_empty()
            && self.wanted.is_empty()
    }

    /// Asks about the message of a call.
    pub(super) fn ask(&mut self, msg_id: i64) {
        self.states.push(msg_id);
    }

    /// The connection is gone, and with it what was asked over it.
    pub(super) fn disconnected(&mut self) {
        self.states.clear();
        self.asked.clear();
        self.answers.clear();
        self.messages.clear();
    }
}

impl Session {
    /// Asks about everything that was sent over connections that are gone.
    pub(super) fn ask_after_reconnect(&mut self, now: Duration) {
        let check_at = now + self.config.resend_after;
        for id in self.calls.select(|call| call.stage == Stage::Uncertain) {
            if let Some(call) = self.calls.get_mut(id) {
                call.check_at = check_at;
                self.questions.states.push(call.msg_id);
                self.states_at = Some(self.states_at.map_or(check_at, |at| at.min(check_at)));
            }
        }
        let wanted = self.questions.wanted.iter().map(|wanted| wanted.msg_id.0);
        self.questions.messages.extend(wanted);
    }

    pub(super) fn state_pieces(&mut self, pieces: &mut Vec<Piece>) {
        let questions = &mut self.questions;
        for msg_ids in std::mem::take(&mut questions.states).chunks(MAX_IDS) {
            let msg_ids = msg_ids.to_vec();
            let service = Service::MsgsStateReq {
                msg_ids: msg_ids.clone(),
            };
            pieces.push(Piece::service(&service, Tracked::States(msg_ids)));
        }
        for msg_ids in std::mem::take(&mut questions.answers).chunks(MAX_IDS) {
            let msg_ids = msg_ids.to_vec();
            let service = Service::MsgResendAnsReq { msg_ids };
            pieces.push(Piece::service(&service, Tracked::Nothing));
        }
        for msg_ids in std::mem::take(&mut questions.messages).chunks(MAX_IDS) {
            let msg_ids = msg_ids.to_vec();
            let service = Service::MsgResendReq { msg_ids };
            pieces.push(Piece::service(&service, Tracked::Nothing));
        }
    }

    pub(super) fn asked_states(&mut self, request: StateRequest) {
        self.questions.asked.push_back(request);
        if self.questions.asked.len() > MAX_STATE_REQUESTS {
            self.questions.asked.pop_front();
        }
    }

    /// Whether an envelope or message is that of an open question.
    pub(super) fn question_is_ours(&self, id: i64) -> bool {
        self.questions
            .asked
            .iter()
            .any(|request| request.envelope == id || request.msg_id == id)
    }

    /// Asks the refused questions again.
    pub(super) fn refuse_questions(&mut self, id: i64) {
        let questions = &mut self.questions;
        let (refused, asked): (VecDeque<_>, VecDeque<_>) = std::mem::take(&mut questions.asked)
            .into_iter()
            .partition(|request| request.envelope == id || request.msg_id == id);
        questions.asked = asked;
        let msg_ids = refused.into_iter().flat_map(|request| request.msg_ids);
        questions.states.extend(msg_ids);
    }

    /// `msgs_state_info`: an answer to one of our questions. Those to `msg_resend_req` say nothing that matters.
    pub(super) fn state_info(&mut self, incoming: Incoming, req_msg_id: i64, info: &[u8]) {
        let asked = &mut self.questions.asked;
        let position = asked
            .iter()
            .position(|request| request.msg_id == req_msg_id);
        let Some(request) = position.and_then(|position| asked.remove(position)) else {
            self.violations.add(Count::UnknownAnswer);
            return;
        };
        self.accepted();
        self.learn_time(incoming);
        self.states(incoming, request.envelope, &request.msg_ids, info);
    }

    /// Takes the states of messages, as they were when the server read the envelope `asked_in`.
    pub(super) fn states(
        &mut self,
        incoming: Incoming,
        asked_in: i64,
        msg_ids: &[i64],
        info: &[u8],
    ) {
        if msg_ids.len() != info.len() {
            self.violations.add(Count::Malformed);
            return;
        }
        for (&msg_id, &state) in msg_ids.iter().zip(info) {
            self.state(incoming.now, asked_in, msg_id, state);
        }
    }

    fn state(&mut self, now: Duration, asked_in: i64, msg_id: i64, state: u8) {
        let patience = self.config.resend_after;
        let Some((id, call)) = self.calls.by_message(msg_id) else {
            return;
        };
        if call.stage.waits_for_sending() {
            return;
        }
        match state & state::KIND {
            // The call was sent again meanwhile, perhaps because of an earlier answer.
            state::FORGOTTEN | state::NOT_RECEIVED | state::NOT_RECEIVED_YET
                if call.envelope >= asked_in => {}
            state::RECEIVED => {
                call.stage = if state & state::ANSWERED != 0 {
                    Stage::Answered
                } else {
                    Stage::Received
                };
                call.asked = 0;
                call.check_at = now + patience;
            }
            // It was received before, so the server has forgotten that.
            state::NOT_RECEIVED | state::NOT_RECEIVED_YET
                if matches!(call.stage, Stage::Received | Stage::Answered) =>
            {
                self.lose(id, Cause::MessageForgotten);
            }
            state::NOT_RECEIVED | state::NOT_RECEIVED_YET => self.send_again(id, true),
            state::FORGOTTEN => self.lose(id, Cause::MessageForgotten),
            _ => {}
        }
    }

    fn send_again(&mut self, id: CallId, not_received: bool) {
        if !self.calls.again(id, not_received) {
            self.lose(id, Cause::NoStates);
        }
    }

    fn lose(&mut self, id: CallId, cause: Cause) {
        let failure = self.calls.lost(id, cause);
        self.fail(id, failure);
    }

    pub(super) fn fail(&mut self, id: CallId, failure: Option<Failure>) {
        if let Some(why) = failure {
            self.events.push_back(Event::Failed { id, why });
        }
    }

    /// Asks about calls from which nothing was heard for long: once about all that are due.
    pub(super) fn check_calls(&mut self, now: Duration) {
        if self.states_at.is_none_or(|at| at > now) {
            return;
        }
        let due = self
            .calls
            .select(|call| !call.stage.waits_for_sending() && call.check_at <= now);
        for id in due {
            self.check_call(now, id);
        }
        self.states_at = self
            .calls
            .iter()
            .filter(|(_, call)| !call.stage.waits_for_sending())
            .map(|(_, call)| call.check_at)
            .min();
    }

    fn check_call(&mut self, now: Duration, id: CallId) {
        let patience = self.config.resend_after;
        let Some(call) = self.calls.get_mut(id) else {
            return;
        };
        call.asked += 1;
        call.check_at = now + patience;
        if call.asked <= MAX_ASKED {
            if call.stage == Stage::Answered {
                self.questions.answers.push(call.msg_id);
            } else {
                self.questions.states.push(call.msg_id);
                self.probe();
            }
            return;
        }
        let cause = if call.stage == Stage::Answered {
            Cause::AnswerLost
        } else {
            Cause::NoStates
        };
        self.lose(id, cause);
    }

    /// `msgs_state_req` of the server about its own messages.
    pub(super) fn tell_states(&mut self, req: MsgId, msg_ids: &[i64]) {
        let Some(msg_ids) = msg_ids.get(..msg_ids.len().min(MAX_IDS)) else {
            return;
        };
        let info: Vec<u8> = msg_ids
            .iter()
            .map(|&msg_id| match self.seen.verdict(MsgId(msg_id)) {
                Verdict::Repeated => state::RECEIVED | state::ACKNOWLEDGED,
                Verdict::Forgotten => state::FORGOTTEN,
                Verdict::New if self.seen.highest() < Some(MsgId(msg_id)) => {
                    state::NOT_RECEIVED_YET
                }
                Verdict::New => state::NOT_RECEIVED,
            })
            .collect();
        self.reply(&Service::MsgsStateInfo {
            req_msg_id: req.0,
            info: &info,
        });
    }

    /// `msg_resend_req` of the server: calls are sent again in their messages, of anything else nothing is known.
    pub(super) fn resend(&mut self, req: MsgId, msg_ids: &[i64]) {
        let Some(msg_ids) = msg_ids.get(..msg_ids.len().min(MAX_IDS)) else {
            return;
        };
        let mut info = Vec::with_capacity(msg_ids.len());
        for &msg_id in msg_ids {
            info.push(match self.calls.by_message(msg_id) {
                Some((id, call)) => {
                    if !call.stage.waits_for_sending() {
                        self.send_again(id, false);
                    }
                    state::RECEIVED
                }
                None => state::FORGOTTEN,
            });
        }
        if info.contains(&state::FORGOTTEN) {
            self.reply(&Service::MsgsStateInfo {
                req_msg_id: req.0,
                info: &info,
            });
        }
    }

    /// `msg_detailed_info`: the server has an answer that it does not send unasked.
    pub(super) fn answer_exists(&mut self, incoming: Incoming, msg_id: i64, answer: MsgId) {
        let patience = self.config.resend_after;
        if let Some((_, call)) = self.calls.by_message(msg_id)
            && !call.stage.waits_for_sending()
        {
            call.stage = Stage::Answered;
            call.asked = 0;
            call.check_at = incoming.now + patience;
            if self.questions.messages.len() < MAX_WANTED {
                self.questions.messages.push(answer.0);
            }
        } else {
            self.acknowledge(incoming.now, answer);
        }
    }

    /// `msg_new_detailed_info`: the server has a message that it does not send unasked.
    pub(super) fn message_exists(&mut self, incoming: Incoming, msg_id: MsgId) {
        if self.seen.verdict(msg_id) != Verdict::New {
            self.acknowledge(incoming.now, msg_id);
            return;
        }
        let known = |wanted: &Wanted| wanted.msg_id == msg_id;
        if self.questions.wanted.iter().any(known) {
            return;
        }
        if self.questions.wanted.len() >= MAX_WANTED {
            self.gap();
            return;
        }
        self.questions.wanted.push_back(Wanted { msg_id, asked: 1 });
        self.questions.messages.push(msg_id.0);
        let at = incoming.now + self.config.resend_after;
        self.questions.wanted_at.get_or_insert(at);
    }

    /// Asks again for messages that were announced and did not come; what never comes may have been an update.
    pub(super) fn check_wanted(&mut self, now: Duration) {
        if self.questions.wanted_at.is_none_or(|at| at > now) {
            return;
        }
        let Self {
            questions,
            seen,
            events,
            ..
        } = self;
        questions.wanted.retain_mut(|wanted| {
            wanted.asked += 1;
            if seen.verdict(wanted.msg_id) != Verdict::New {
                return false;
            }
            if wanted.asked > MAX_ASKED {
                events.push_back(Event::Gap);
                return false;
            }
            questions.messages.push(wanted.msg_id.0);
            true
        });
        let again = !questions.wanted.is_empty();
        questions.wanted_at = again.then_some(now + self.config.resend_after);
    }
}
