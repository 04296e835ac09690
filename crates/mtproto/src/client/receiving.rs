//! The server's messages: first whether they are acceptable, then what they are.

use std::time::Duration;

use bytes::Bytes;

use super::calls::Sent;
use super::seen::Verdict;
use super::violation::{Count, Violation};
use super::{Cause, Event, Failure, Session, checks};
use crate::container;
use crate::envelope::{self, Opened, Side};
use crate::gzip;
use crate::message_id::MsgId;
use crate::service::{Body, Service, id};

/// A message of the server that is new.
#[derive(Clone, Copy)]
pub(super) struct Incoming {
    pub(super) now: Duration,
    /// The identifier of the envelope, which was made when the message was sent.
    pub(super) envelope: MsgId,
    pub(super) msg_id: MsgId,
    pub(super) seq_no: i32,
}

impl Incoming {
    /// Content-related messages are acknowledged.
    fn is_content(self) -> bool {
        self.seq_no % 2 != 0
    }
}

impl Session {
    pub(super) fn accept(&mut self, now: Duration, opened: Opened) -> Result<(), Violation> {
        let header = opened.header;
        envelope::checks::session_id(header.session_id, self.id)?;
        envelope::checks::origin(header.msg_id, Side::Server)?;
        let incoming = Incoming {
            now,
            envelope: header.msg_id,
            msg_id: header.msg_id,
            seq_no: header.seq_no,
        };
        let body = opened.body;
        let is_container = container::is_container(&body);
        if !checks::is_new(header.msg_id, &self.seen) {
            self.repeated(incoming, is_container);
            return Ok(());
        }
        checks::not_forgotten(header.msg_id, &self.seen)?;
        if self.clock.is_known() {
            let server = self.clock.server(now);
            checks::age(header.msg_id, server)?;
            checks::ahead(header.msg_id, server)?;
        }
        self.heard_at = now;
        self.inflatable = self.config.max_inflated;
        if is_container {
            self.accept_container(incoming, &body)
        } else {
            self.seen.insert(header.msg_id);
            self.take(incoming, &body)
        }
    }

    /// Checks a whole container before anything in it counts.
    fn accept_container(&mut self, outer: Incoming, body: &Bytes) -> Result<(), Violation> {
        let messages = checks::container(outer.msg_id, body)?;
        for message in &messages {
            envelope::checks::origin(message.msg_id, Side::Server)?;
            checks::container_order(outer.msg_id, message.msg_id)?;
        }
        self.seen.insert(outer.msg_id);
        for message in messages {
            let incoming = Incoming {
                msg_id: message.msg_id,
                seq_no: message.seq_no,
                ..outer
            };
            match self.seen.verdict(message.msg_id) {
                Verdict::Repeated => self.repeated(incoming, false),
                Verdict::Forgotten => {
                    self.violations.add(Count::Unverifiable);
                    self.acknowledge_content(incoming);
                    self.gap();
                }
                Verdict::New => {
                    self.seen.insert(message.msg_id);
                    self.take(incoming, &body.slice_ref(message.body))?;
                }
            }
        }
        Ok(())
    }

    /// A message that came before is dropped; the server repeats it because it lacks the acknowledgement.
    fn repeated(&mut self, incoming: Incoming, is_container: bool) {
        self.violations.add(Count::Repeated);
        if !is_container {
            self.acknowledge_content(incoming);
        }
    }

    fn acknowledge_content(&mut self, incoming: Incoming) {
        if incoming.is_content() {
            self.acknowledge(incoming.now, incoming.msg_id);
        }
    }

    /// Takes a message that is new and no container.
    fn take(&mut self, incoming: Incoming, body: &Bytes) -> Result<(), Violation> {
        self.acknowledge_content(incoming);
        match Service::read(body) {
            Body::Service(Service::GzipPacked { packed_data }) => {
                let Ok(unpacked) = self.unpack(packed_data) else {
                    self.unreadable(incoming, Count::Unpackable);
                    return Ok(());
                };
                checks::not_packed_container(incoming.msg_id, &unpacked)?;
                match Service::read(&unpacked) {
                    Body::Service(Service::GzipPacked { .. }) => {
                        self.unreadable(incoming, Count::Malformed);
                        Ok(())
                    }
                    read => self.dispatch(incoming, &unpacked, read),
                }
            }
            read => self.dispatch(incoming, body, read),
        }
    }

    /// What can't be read may have been an update.
    fn unreadable(&mut self, incoming: Incoming, count: Count) {
        self.violations.add(count);
        if incoming.is_content() {
            self.gap();
        }
    }

    fn dispatch(
        &mut self,
        incoming: Incoming,
        whole: &Bytes,
        read: Body<'_>,
    ) -> Result<(), Violation> {
        match read {
            Body::Malformed => self.unreadable(incoming, Count::Malformed),
            Body::Other(_) => {
                self.announced = true;
                self.events.push_back(Event::Object(whole.clone()));
            }
            Body::Service(Service::RpcResult { req_msg_id, result }) => {
                self.result(incoming, req_msg_id, whole.slice_ref(result));
            }
            // What a caller asked of the protocol itself: these answers stand alone.
            Body::Service(
                Service::Pong { msg_id, .. }
                | Service::FutureSalts {
                    req_msg_id: msg_id, ..
                },
            ) if matches!(self.calls.sent(msg_id), Some(Sent::Call(_))) => {
                self.result(incoming, msg_id, whole.clone());
            }
            Body::Service(service) => return self.notice(incoming, service),
        }
        Ok(())
    }

    /// `rpc_result`. One for something else than a call of this session goes to nobody.
    fn result(&mut self, incoming: Incoming, req_msg_id: i64, result: Bytes) {
        let id = match self.calls.sent(req_msg_id) {
            Some(Sent::Call(id)) => id,
            Some(Sent::Dropped) => return self.calls.forget(req_msg_id),
            None => return self.violations.add(Count::UnknownAnswer),
        };
        self.announced = true;
        self.accepted();
        if let Some(call) = self.calls.remove(id)
            && call.connection == self.connection
        {
            self.learn_time(incoming);
        }
        let event = self.answer(id, result);
        self.events.push_back(event);
    }

    /// The event for an answer: most are results, which are passed on as they are.
    fn answer(&mut self, id: super::CallId, mut result: Bytes) -> Event {
        if constructor(&result) == Some(id::GZIP_PACKED) {
            let Body::Service(Service::GzipPacked { packed_data }) = Service::read(&result) else {
                return self.no_answer(id, Failure::AnswerCorrupt);
            };
            result = match self.unpack(packed_data) {
                Ok(unpacked) if constructor(&unpacked) != Some(id::GZIP_PACKED) => unpacked,
                Ok(_) | Err(gzip::Error::Corrupt) => {
                    return self.no_answer(id, Failure::AnswerCorrupt);
                }
                Err(gzip::Error::TooLong { .. }) => {
                    let limit = self.config.max_inflated;
                    return self.no_answer(id, Failure::AnswerTooLong { limit });
                }
            };
        }
        match constructor(&result) {
            Some(id::RPC_ERROR) => match Service::read(&result) {
                Body::Service(Service::RpcError {
                    error_code,
                    error_message,
                }) => Event::RpcError {
                    id,
                    code: error_code,
                    message: String::from_utf8_lossy(error_message).into_owned(),
                },
                _ => self.no_answer(id, Failure::AnswerCorrupt),
            },
            Some(
                id::RPC_ANSWER_UNKNOWN | id::RPC_ANSWER_DROPPED | id::RPC_ANSWER_DROPPED_RUNNING,
            ) => Event::Failed {
                id,
                why: Failure::Unknown(Cause::Dropped),
            },
            Some(_) => Event::Result { id, body: result },
            None => self.no_answer(id, Failure::AnswerCorrupt),
        }
    }

    fn no_answer(&mut self, id: super::CallId, why: Failure) -> Event {
        self.violations.add(Count::Unpackable);
        Event::Failed { id, why }
    }

    /// Unpacks within the limit, which is for all packed data of an envelope together: a container could hold a
    /// thousand bombs.
    fn unpack(&mut self, packed: &[u8]) -> Result<Bytes, gzip::Error> {
        let unpacked = gzip::unpack(packed, self.inflatable)?;
        self.inflatable -= unpacked.len();
        Ok(unpacked.into())
    }
}

/// The constructor number at the front.
fn constructor(body: &[u8]) -> Option<u32> {
    body.first_chunk().copied().map(u32::from_le_bytes)
}
