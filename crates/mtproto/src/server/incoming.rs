//! Messages of the client: first whether they are acceptable, then what they ask for.
//!
//! The checks and their codes: <https://core.telegram.org/mtproto/service_messages_about_messages#notice-of-ignored-error-message>

use std::time::Duration;

use super::received::{Query, Received};
use super::{Event, Session};
use crate::MsgId;
use crate::container::{self, Message};
use crate::envelope::Opened;
use crate::gzip;
use crate::message_id::Origin;
use crate::random::{Random, bytes};
use crate::service::{Body, Service, bad_msg};

/// Answers up to this size are sent again rather than announced when a request comes twice.
const MAX_REPEATED: usize = 1024;

/// An error answer that the layer above has no part in.
struct Rejection(&'static str);

impl Session {
    pub(super) fn accept(
        &mut self,
        now: Duration,
        message: &Opened,
        random: &mut dyn Random,
        events: &mut Vec<Event>,
    ) {
        let Opened { header, body, .. } = message;
        let envelope = Message {
            msg_id: header.msg_id,
            seq_no: header.seq_no,
            body,
        };
        if let Err(code) = Received::check_time(envelope.msg_id, now) {
            return self.refuse(now, envelope, code, events);
        }
        if !self.salts.accepts(now, header.salt) {
            return self.refuse(now, envelope, bad_msg::SALT, events);
        }
        if !container::is_container(body) {
            self.announce(now, envelope.msg_id, random);
            return self.accept_message(now, envelope, events);
        }
        match self.check_container(envelope) {
            Ok(messages) => {
                let first = messages
                    .iter()
                    .map(|message| message.msg_id)
                    .min()
                    .unwrap_or(envelope.msg_id);
                self.announce(now, first, random);
                for message in messages {
                    self.accept_message(now, message, events);
                }
                // Behind its messages, which have lower identifiers and no higher numbers.
                self.received.insert(envelope.msg_id, envelope.seq_no);
            }
            Err(code) => self.refuse(now, envelope, code, events),
        }
    }

    fn check_container<'a>(&self, envelope: Message<'a>) -> Result<Vec<Message<'a>>, i32> {
        if self.received.contains(envelope.msg_id) {
            return Err(bad_msg::CONTAINER_ID_SEEN);
        }
        if envelope.seq_no % 2 != 0 {
            return Err(bad_msg::SEQ_NO_EVEN_EXPECTED);
        }
        self.received
            .check_order(envelope.msg_id, envelope.seq_no)?;
        let messages = container::read(envelope.body).map_err(|_| bad_msg::CONTAINER)?;
        let is_before = |message: &Message<'_>| {
            message.msg_id < envelope.msg_id && message.seq_no <= envelope.seq_no
        };
        if !messages.iter().all(is_before) {
            return Err(bad_msg::CONTAINER);
        }
        Ok(messages)
    }

    /// Tells the client once that the server has not known this session before.
    fn announce(&mut self, now: Duration, first: MsgId, random: &mut dyn Random) {
        if self.announced {
            return;
        }
        self.announced = true;
        let created = Service::NewSessionCreated {
            first_msg_id: first.0,
            unique_id: i64::from_le_bytes(bytes(random)),
            server_salt: self.salts.current(now),
        };
        self.outbox
            .content(now, Origin::ServerNotice, created.to_bytes(), None);
    }

    fn accept_message(&mut self, now: Duration, message: Message<'_>, events: &mut Vec<Event>) {
        let Message {
            msg_id,
            seq_no,
            body,
        } = message;
        if self.received.contains(msg_id) {
            return self.repeat(now, message);
        }
        let parsed = Service::read(body);
        let checked = self
            .received
            .check_new(msg_id, now)
            .and_then(|()| check_parity(&parsed, seq_no))
            .and_then(|()| self.received.check_order(msg_id, seq_no));
        if let Err(code) = checked {
            return self.refuse(now, message, code, events);
        }
        self.received.insert(msg_id, seq_no);
        if seq_no % 2 != 0 {
            self.outbox.acknowledge(msg_id);
        }
        if let Err(Rejection(error)) = self.dispatch(now, msg_id, parsed, events) {
            self.send_error(now, msg_id, 400, error);
        }
    }

    fn dispatch(
        &mut self,
        now: Duration,
        msg_id: MsgId,
        body: Body<'_>,
        events: &mut Vec<Event>,
    ) -> Result<(), Rejection> {
        match body {
            Body::Malformed => Err(Rejection("INPUT_FETCH_FAIL")),
            Body::Other(body) => {
                self.request(msg_id, body.to_vec(), events);
                Ok(())
            }
            Body::Service(Service::GzipPacked { packed_data }) => {
                let unpacked = gzip::unpack(packed_data, self.config.max_inflated).map_err(
                    |error| match error {
                        gzip::Error::Corrupt => Rejection("INPUT_FETCH_FAIL"),
                        gzip::Error::TooLong { .. } => Rejection("INPUT_REQUEST_TOO_LONG"),
                    },
                )?;
                match Service::read(&unpacked) {
                    Body::Other(_) if !container::is_container(&unpacked) => {
                        self.request(msg_id, unpacked, events);
                        Ok(())
                    }
                    Body::Service(service) if !matches!(service, Service::GzipPacked { .. }) => {
                        self.serve(now, msg_id, service, events);
                        Ok(())
                    }
                    // Packed twice, or a container: both only serve to exhaust the reader.
                    _ => Err(Rejection("INPUT_FETCH_FAIL")),
                }
            }
            Body::Service(service) => {
                self.serve(now, msg_id, service, events);
                Ok(())
            }
        }
    }

    fn request(&mut self, msg_id: MsgId, body: Vec<u8>, events: &mut Vec<Event>) {
        self.received.set_query(msg_id, Query::Running);
        events.push(Event::Request { msg_id, body });
    }

    fn serve(
        &mut self,
        now: Duration,
        msg_id: MsgId,
        service: Service<'_>,
        events: &mut Vec<Event>,
    ) {
        match service {
            Service::Ping { ping_id } => self.outbox.service(
                now,
                &Service::Pong {
                    msg_id: msg_id.0,
                    ping_id,
                },
            ),
            Service::PingDelayDisconnect {
                ping_id,
                disconnect_delay,
            } => {
                self.outbox.service(
                    now,
                    &Service::Pong {
                        msg_id: msg_id.0,
                        ping_id,
                    },
                );
                let delay = Duration::from_secs(u64::try_from(disconnect_delay).unwrap_or(0));
                events.push(Event::DisconnectAt(now + delay));
            }
            Service::MsgsAck { msg_ids } => {
                let acked = self.outbox.acked(&msg_ids);
                if !acked.is_empty() {
                    events.push(Event::Acked(acked));
                }
            }
            Service::GetFutureSalts { num } => {
                let salts = self.salts.future(now, num);
                let now_seconds = now.as_secs() as i32;
                self.outbox.service(
                    now,
                    &Service::FutureSalts {
                        req_msg_id: msg_id.0,
                        now: now_seconds,
                        salts,
                    },
                );
            }
            Service::MsgsStateReq { msg_ids } => self.tell_states(now, msg_id, &msg_ids),
            Service::MsgResendReq { msg_ids } => {
                let mut all_kept = true;
                for &id in &msg_ids {
                    all_kept &= self.outbox.resend(MsgId(id));
                }
                if !all_kept {
                    self.tell_states(now, msg_id, &msg_ids);
                }
            }
            Service::MsgResendAnsReq { msg_ids } => self.outbox.resend_answers(&msg_ids),
            Service::RpcDropAnswer { req_msg_id } => {
                self.drop_answer(now, msg_id, MsgId(req_msg_id), events);
            }
            Service::DestroySession { session_id } if session_id == self.id => {
                // Only other sessions can be destroyed.
                self.send_destroyed(now, session_id, false);
            }
            Service::DestroySession { session_id } => {
                events.push(Event::DestroySession { session_id });
            }
            // The rest informs about things that this machine does not need to know, or is the server's to send.
            _ => {}
        }
    }

    fn tell_states(&mut self, now: Duration, req: MsgId, msg_ids: &[i64]) {
        let info = self.received.states(msg_ids);
        self.outbox.service(
            now,
            &Service::MsgsStateInfo {
                req_msg_id: req.0,
                info: &info,
            },
        );
    }

    fn drop_answer(
        &mut self,
        now: Duration,
        msg_id: MsgId,
        request: MsgId,
        events: &mut Vec<Event>,
    ) {
        let result = match self.received.query(request) {
            Some(Query::Running) => {
                self.received.set_query(request, Query::Dropped);
                events.push(Event::Dropped { msg_id: request });
                Service::RpcAnswerDroppedRunning
            }
            Some(Query::Dropped) => Service::RpcAnswerDroppedRunning,
            Some(Query::Answered(answer)) => match self.outbox.drop_answer(answer) {
                Some(dropped) => Service::RpcAnswerDropped {
                    msg_id: answer.0,
                    seq_no: dropped.seq_no,
                    bytes: dropped.bytes as i32,
                },
                None => Service::RpcAnswerUnknown,
            },
            None => Service::RpcAnswerUnknown,
        };
        self.answer(now, msg_id, &result.to_bytes());
    }

    /// A message that came before is not executed again: its acknowledgement and its answer are repeated.
    fn repeat(&mut self, now: Duration, message: Message<'_>) {
        if message.seq_no % 2 != 0 {
            self.outbox.acknowledge(message.msg_id);
        }
        let Some(Query::Answered(answer)) = self.received.query(message.msg_id) else {
            return;
        };
        match self.outbox.kept(answer) {
            Some(kept) if kept.bytes > MAX_REPEATED => {
                let info = Service::MsgDetailedInfo {
                    msg_id: message.msg_id.0,
                    answer_msg_id: answer.0,
                    bytes: kept.bytes as i32,
                    status: 0,
                };
                self.outbox.service(now, &info);
            }
            Some(_) => {
                self.outbox.resend(answer);
            }
            None => {}
        }
    }

    fn refuse(&mut self, now: Duration, message: Message<'_>, code: i32, events: &mut Vec<Event>) {
        let (bad_msg_id, bad_msg_seqno) = (message.msg_id.0, message.seq_no);
        let notice = if code == bad_msg::SALT {
            let new_server_salt = self.salts.current(now);
            Service::BadServerSalt {
                bad_msg_id,
                bad_msg_seqno,
                error_code: code,
                new_server_salt,
            }
        } else {
            Service::BadMsgNotification {
                bad_msg_id,
                bad_msg_seqno,
                error_code: code,
            }
        };
        self.outbox.service(now, &notice);
        events.push(Event::Refused {
            msg_id: message.msg_id,
            code,
        });
    }
}

/// Acknowledgements and the like are not content-related; functions are. Clients differ about the rest.
fn check_parity(body: &Body<'_>, seq_no: i32) -> Result<(), i32> {
    let odd = seq_no % 2 != 0;
    match body {
        Body::Service(Service::MsgsAck { .. } | Service::HttpWait { .. }) if odd => {
            Err(bad_msg::SEQ_NO_EVEN_EXPECTED)
        }
        Body::Other(_)
        | Body::Service(Service::RpcDropAnswer { .. } | Service::GzipPacked { .. })
            if !odd =>
        {
            Err(bad_msg::SEQ_NO_ODD_EXPECTED)
        }
        _ => Ok(()),
    }
}
