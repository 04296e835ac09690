#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

use proptest::prelude::*;
use sha2::{Digest, Sha256};

use super::*;
use crate::container::{self, Message};
use crate::envelope::{self, Header, Side};
use crate::service::{Body, bad_msg};

const NOW: Duration = Duration::from_secs(1_700_000_000);
const FIRST_SALT: i64 = 0x5a17;
const SESSION: i64 = 77;
/// `help.getNearestDc`: the machine does not need to know it.
const QUERY: [u8; 4] = 0x1fb3_3026u32.to_le_bytes();

fn key() -> AuthKey {
    AuthKey::from_bytes([0x42; 256])
}

fn zeros(bytes: &mut [u8]) {
    bytes.fill(0);
}

/// A client that numbers its messages as it should, and a server's session.
struct Pair {
    session: Session,
    now: Duration,
    last_id: i64,
    content: i32,
    salt: i64,
}

/// A message of the server, out of its envelope and its container.
#[derive(Debug, PartialEq)]
struct Reply {
    msg_id: MsgId,
    seq_no: i32,
    body: Vec<u8>,
    in_container: bool,
}

impl Reply {
    fn service(&self) -> Service<'_> {
        match Service::read(&self.body) {
            Body::Service(service) => service,
            other => panic!("{other:?}"),
        }
    }
}

impl Pair {
    fn new() -> Self {
        let session = Session::new(
            key(),
            SESSION,
            Salts::new(&key(), FIRST_SALT, NOW),
            Config::default(),
        );
        Self {
            session,
            now: NOW,
            last_id: 0,
            content: 0,
            salt: FIRST_SALT,
        }
    }

    /// A session whose beginning was announced and acknowledged.
    fn settled() -> Self {
        let mut pair = Self::new();
        pair.call(&Service::Ping { ping_id: 0 }.to_bytes());
        let created = pair
            .replies()
            .into_iter()
            .find(|reply| reply.seq_no % 2 != 0)
            .unwrap();
        pair.tell(
            &Service::MsgsAck {
                msg_ids: vec![created.msg_id.0],
            }
            .to_bytes(),
        );
        assert!(pair.replies().is_empty());
        pair
    }

    fn next_id(&mut self) -> MsgId {
        self.last_id = MsgId::at(self.now, Origin::Client).0.max(self.last_id + 4);
        MsgId(self.last_id)
    }

    fn next_seq_no(&mut self, content: bool) -> i32 {
        let seq_no = self.content * 2 + i32::from(content);
        self.content += i32::from(content);
        seq_no
    }

    fn deliver(&mut self, msg_id: MsgId, seq_no: i32, body: &[u8]) -> Vec<Event> {
        let header = Header {
            salt: self.salt,
            session_id: SESSION,
            msg_id,
            seq_no,
        };
        let sealed = envelope::encrypt(&key(), Side::Client, header, body, &mut zeros);
        let opened = envelope::decrypt(&key(), Side::Client, &sealed.bytes).unwrap();
        self.session.receive(self.now, &opened, &mut zeros)
    }

    /// Sends something content-related.
    fn call(&mut self, body: &[u8]) -> (MsgId, Vec<Event>) {
        let (msg_id, seq_no) = (self.next_id(), self.next_seq_no(true));
        let events = self.deliver(msg_id, seq_no, body);
        (msg_id, events)
    }

    /// Sends something that is not content-related.
    fn tell(&mut self, body: &[u8]) -> (MsgId, Vec<Event>) {
        let (msg_id, seq_no) = (self.next_id(), self.next_seq_no(false));
        let events = self.deliver(msg_id, seq_no, body);
        (msg_id, events)
    }

    fn envelopes(&mut self) -> Vec<envelope::Opened> {
        let frames = self.session.flush(self.now, &mut zeros);
        frames
            .iter()
            .map(|frame| envelope::decrypt(&key(), Side::Server, frame).unwrap())
            .collect()
    }

    fn replies(&mut self) -> Vec<Reply> {
        let mut replies = Vec::new();
        for opened in self.envelopes() {
            let Header {
                session_id,
                msg_id,
                seq_no,
                ..
            } = opened.header;
            assert_eq!(session_id, SESSION);
            if container::is_container(&opened.body) {
                assert_eq!(seq_no % 2, 0);
                for message in container::read(&opened.body).unwrap() {
                    assert!(message.msg_id < msg_id && message.seq_no <= seq_no);
                    let Message {
                        msg_id,
                        seq_no,
                        body,
                    } = message;
                    replies.push(Reply {
                        msg_id,
                        seq_no,
                        body: body.to_vec(),
                        in_container: true,
                    });
                }
            } else {
                replies.push(Reply {
                    msg_id,
                    seq_no,
                    body: opened.body,
                    in_container: false,
                });
            }
        }
        replies
    }

    /// The one reply besides acknowledgements.
    fn reply(&mut self) -> Reply {
        let mut replies = self.replies();
        replies.retain(|reply| {
            !matches!(
                Service::read(&reply.body),
                Body::Service(Service::MsgsAck { .. })
            )
        });
        assert_eq!(replies.len(), 1, "{replies:?}");
        replies.remove(0)
    }

    /// Delivers a message that has to be refused, and gives the code.
    fn refused(&mut self, msg_id: MsgId, seq_no: i32, body: &[u8]) -> i32 {
        let events = self.deliver(msg_id, seq_no, body);
        let reply = self.reply();
        let (bad_msg_id, bad_msg_seqno, code) = match reply.service() {
            Service::BadMsgNotification {
                bad_msg_id,
                bad_msg_seqno,
                error_code,
            }
            | Service::BadServerSalt {
                bad_msg_id,
                bad_msg_seqno,
                error_code,
                ..
            } => (bad_msg_id, bad_msg_seqno, error_code),
            other => panic!("{other:?}"),
        };
        assert_eq!((MsgId(bad_msg_id), bad_msg_seqno), (msg_id, seq_no));
        assert_eq!(events, [Event::Refused { msg_id, code }]);
        assert_eq!(reply.seq_no % 2, 0);
        code
    }
}

fn packed(messages: &[Message<'_>]) -> Vec<u8> {
    let mut body = Vec::new();
    container::write(messages.iter().copied(), &mut body);
    body
}

#[test]
fn a_new_session_is_announced_once_with_its_first_message() {
    let mut pair = Pair::new();
    let (first, _) = pair.call(&QUERY);
    pair.call(&QUERY);
    let replies = pair.replies();
    let announced: Vec<_> = replies
        .iter()
        .filter_map(|reply| match reply.service() {
            Service::NewSessionCreated {
                first_msg_id,
                server_salt,
                ..
            } => Some((first_msg_id, server_salt)),
            _ => None,
        })
        .collect();
    assert_eq!(announced, [(first.0, FIRST_SALT)]);
}

#[test]
fn the_first_message_of_a_container_begins_the_session() {
    let mut pair = Pair::new();
    let (a, b, outer) = (pair.next_id(), pair.next_id(), pair.next_id());
    let body = packed(&[
        Message {
            msg_id: b,
            seq_no: 3,
            body: &QUERY,
        },
        Message {
            msg_id: a,
            seq_no: 1,
            body: &QUERY,
        },
    ]);
    let events = pair.deliver(outer, 4, &body);
    assert_eq!(events.len(), 2);
    let created = pair.replies();
    assert!(created.iter().any(|reply| matches!(
        reply.service(),
        Service::NewSessionCreated { first_msg_id, .. } if first_msg_id == a.0
    )));
}

#[test]
fn a_request_is_handed_up_acknowledged_and_answered() {
    let mut pair = Pair::settled();
    let (msg_id, events) = pair.call(&QUERY);
    assert_eq!(
        events,
        [Event::Request {
            msg_id,
            body: QUERY.to_vec()
        }]
    );
    assert_eq!(pair.reply_ack(), [msg_id.0]);

    pair.session.send_result(pair.now, msg_id, &[1, 2, 3, 4]);
    let reply = pair.reply();
    assert_eq!(
        reply.service(),
        Service::RpcResult {
            req_msg_id: msg_id.0,
            result: &[1, 2, 3, 4]
        }
    );
    assert_eq!(reply.msg_id.origin(), Some(Origin::ServerAnswer));
    assert_eq!(reply.seq_no % 2, 1);
}

impl Pair {
    fn reply_ack(&mut self) -> Vec<i64> {
        let replies = self.replies();
        let [reply] = &replies[..] else {
            panic!("{replies:?}")
        };
        match reply.service() {
            Service::MsgsAck { msg_ids } => msg_ids,
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn errors_are_answers() {
    let mut pair = Pair::settled();
    let (msg_id, _) = pair.call(&QUERY);
    pair.session
        .send_error(pair.now, msg_id, 400, "CHANNEL_INVALID");
    let reply = pair.reply();
    let Service::RpcResult { req_msg_id, result } = reply.service() else {
        panic!("{reply:?}")
    };
    assert_eq!(req_msg_id, msg_id.0);
    let expected = Service::RpcError {
        error_code: 400,
        error_message: b"CHANNEL_INVALID",
    };
    assert_eq!(Service::read(result), Body::Service(expected));
}

#[test]
fn large_results_are_packed_when_that_helps() {
    let mut pair = Pair::settled();
    let (msg_id, _) = pair.call(&QUERY);
    pair.session.send_result(pair.now, msg_id, &[9; 4096]);
    let reply = pair.reply();
    let Service::RpcResult { result, .. } = reply.service() else {
        panic!("{reply:?}")
    };
    let Body::Service(Service::GzipPacked { packed_data }) = Service::read(result) else {
        panic!("not packed")
    };
    assert_eq!(gzip::unpack(packed_data, 4096).unwrap(), [9; 4096]);

    let (msg_id, _) = pair.call(&QUERY);
    let random: Vec<u8> = (0..128u8)
        .flat_map(|index| <[u8; 32]>::from(Sha256::digest([index])))
        .collect();
    pair.session.send_result(pair.now, msg_id, &random);
    assert!(
        matches!(pair.reply().service(), Service::RpcResult { result, .. } if result == random)
    );
}

#[test]
fn packed_requests_are_unpacked() {
    let mut pair = Pair::settled();
    let packed_data = gzip::pack(&[QUERY.as_slice(); 100].concat()).unwrap();
    let (msg_id, events) = pair.call(
        &Service::GzipPacked {
            packed_data: &packed_data,
        }
        .to_bytes(),
    );
    assert_eq!(
        events,
        [Event::Request {
            msg_id,
            body: [QUERY.as_slice(); 100].concat()
        }]
    );
}

#[test]
fn what_unpacks_badly_is_answered_with_an_error() {
    let bomb = gzip::pack(&vec![0; 17 << 20]).unwrap();
    let inner = gzip::pack(
        &Service::GzipPacked {
            packed_data: &[0; 100],
        }
        .to_bytes(),
    )
    .unwrap();
    let container = gzip::pack(&packed(&[Message {
        msg_id: MsgId(4),
        seq_no: 1,
        body: &[0; 100],
    }]))
    .unwrap();
    for (packed_data, error) in [
        (&b"no gzip"[..], "INPUT_FETCH_FAIL"),
        (&bomb, "INPUT_REQUEST_TOO_LONG"),
        (&inner, "INPUT_FETCH_FAIL"),
        (&container, "INPUT_FETCH_FAIL"),
    ] {
        let mut pair = Pair::settled();
        let (_, events) = pair.call(&Service::GzipPacked { packed_data }.to_bytes());
        assert_eq!(events, []);
        let reply = pair.reply();
        let Service::RpcResult { result, .. } = reply.service() else {
            panic!("{reply:?}")
        };
        let expected = Service::RpcError {
            error_code: 400,
            error_message: error.as_bytes(),
        };
        assert_eq!(Service::read(result), Body::Service(expected));
    }
}

#[test]
fn malformed_service_messages_are_answered_with_an_error() {
    let mut pair = Pair::settled();
    let (_, events) = pair.call(&[0xec, 0x77, 0xbe, 0x7a]);
    assert_eq!(events, []);
    assert!(matches!(pair.reply().service(), Service::RpcResult { .. }));
    let (_, events) = pair.call(&[]);
    assert_eq!(events, []);
    assert!(matches!(pair.reply().service(), Service::RpcResult { .. }));
}

#[test]
fn pings_are_answered() {
    let mut pair = Pair::settled();
    let (msg_id, events) = pair.tell(&Service::Ping { ping_id: 5 }.to_bytes());
    assert_eq!(events, []);
    assert_eq!(
        pair.reply().service(),
        Service::Pong {
            msg_id: msg_id.0,
            ping_id: 5
        }
    );

    let ping = Service::PingDelayDisconnect {
        ping_id: 6,
        disconnect_delay: 75,
    };
    let (msg_id, events) = pair.call(&ping.to_bytes());
    assert_eq!(
        events,
        [Event::DisconnectAt(pair.now + Duration::from_secs(75))]
    );
    assert_eq!(
        pair.reply().service(),
        Service::Pong {
            msg_id: msg_id.0,
            ping_id: 6
        }
    );
}

#[test]
fn message_ids_of_another_time_are_refused() {
    for (offset, code) in [(-301, Some(16)), (-299, None), (29, None), (32, Some(17))] {
        let mut pair = Pair::settled();
        let then = Duration::from_secs((NOW.as_secs() as i64 + offset) as u64);
        let msg_id = MsgId::at(then, Origin::Client);
        // Numbered as the first message, because an earlier one comes.
        let seq_no = if offset < 0 { 0 } else { 3 };
        let body = Service::Ping { ping_id: 1 }.to_bytes();
        if let Some(code) = code {
            assert_eq!(pair.refused(msg_id, seq_no, &body), code);
            continue;
        }
        pair.deliver(msg_id, seq_no, &body);
        assert!(
            matches!(pair.reply().service(), Service::Pong { .. }),
            "{offset}"
        );
    }
}

#[test]
fn message_ids_of_servers_are_refused() {
    for low_bits in 1..4 {
        let mut pair = Pair::settled();
        let msg_id = MsgId(pair.next_id().0 | low_bits);
        assert_eq!(pair.refused(msg_id, 3, &QUERY), bad_msg::ID_LOW_BITS);
        let (inner, outer) = (MsgId(pair.next_id().0 | low_bits), pair.next_id());
        let body = packed(&[Message {
            msg_id: inner,
            seq_no: 3,
            body: &QUERY,
        }]);
        assert_eq!(
            pair.deliver(outer, 4, &body),
            [Event::Refused {
                msg_id: inner,
                code: bad_msg::ID_LOW_BITS
            }]
        );
    }
}

#[test]
fn a_wrong_salt_is_answered_with_the_right_one() {
    let mut pair = Pair::new();
    pair.salt = 1;
    let msg_id = pair.next_id();
    assert_eq!(pair.refused(msg_id, 1, &QUERY), bad_msg::SALT);
    pair.deliver(msg_id, 1, &QUERY);
    let reply = pair.reply();
    assert!(matches!(
        reply.service(),
        Service::BadServerSalt {
            new_server_salt: FIRST_SALT,
            ..
        }
    ));
    pair.salt = FIRST_SALT;
    let events = pair.deliver(msg_id, 1, &QUERY);
    assert_eq!(
        events,
        [Event::Request {
            msg_id,
            body: QUERY.to_vec()
        }]
    );
}

#[test]
fn salts_follow_each_other_and_stay_valid_for_a_while() {
    let salts = Salts::new(&key(), FIRST_SALT, NOW);
    let minutes = |minutes: u64| NOW + Duration::from_secs(minutes * 60);
    let second = salts.current(minutes(30));
    assert_eq!(salts.current(minutes(29)), FIRST_SALT);
    assert_ne!(second, FIRST_SALT);
    assert!(salts.accepts(minutes(59), FIRST_SALT) && salts.accepts(minutes(59), second));
    assert!(!salts.accepts(minutes(60), FIRST_SALT) && salts.accepts(minutes(60), second));
    assert!(!salts.accepts(minutes(0), second));
    // Before the key was made, by a clock that was set back.
    assert_eq!(salts.current(Duration::ZERO), FIRST_SALT);
}

#[test]
fn rotation_makes_old_salts_invalid_at_once() {
    let mut pair = Pair::settled();
    pair.session.salts_mut().rotate();
    let (msg_id, seq_no) = (pair.next_id(), pair.next_seq_no(true));
    assert_eq!(pair.refused(msg_id, seq_no, &QUERY), bad_msg::SALT);
    pair.salt = pair.session.salts_mut().current(NOW);
    assert_ne!(pair.salt, FIRST_SALT);
    assert_eq!(pair.deliver(msg_id, seq_no, &QUERY).len(), 1);
}

#[test]
fn future_salts_become_the_current_ones() {
    let mut pair = Pair::settled();
    let (msg_id, _) = pair.call(&Service::GetFutureSalts { num: 3 }.to_bytes());
    let reply = pair.reply();
    let Service::FutureSalts {
        req_msg_id,
        now,
        salts,
    } = reply.service()
    else {
        panic!("{reply:?}")
    };
    assert_eq!(
        (req_msg_id, now, salts.len()),
        (msg_id.0, NOW.as_secs() as i32, 3)
    );
    for salt in salts {
        let since = Duration::from_secs(salt.valid_since as u64);
        assert_eq!(pair.session.salts_mut().current(since), salt.salt);
        let until = Duration::from_secs(salt.valid_until as u64);
        assert!(
            pair.session
                .salts_mut()
                .accepts(since + Duration::from_secs(3599), salt.salt)
        );
        assert!(!pair.session.salts_mut().accepts(until, salt.salt));
    }
    for (num, count) in [(0, 1), (-5, 1), (i32::MAX, 64)] {
        assert_eq!(pair.session.salts_mut().future(NOW, num).len(), count);
    }
}

#[test]
fn sequence_numbers_have_the_parity_of_their_kind() {
    let mut pair = Pair::settled();
    let ack = Service::MsgsAck { msg_ids: vec![1] }.to_bytes();
    let id = pair.next_id();
    assert_eq!(pair.refused(id, 3, &ack), bad_msg::SEQ_NO_EVEN_EXPECTED);
    let id = pair.next_id();
    assert_eq!(pair.refused(id, 2, &QUERY), bad_msg::SEQ_NO_ODD_EXPECTED);
    let id = pair.next_id();
    let body = packed(&[]);
    assert_eq!(pair.refused(id, 3, &body), bad_msg::SEQ_NO_EVEN_EXPECTED);
}

#[test]
fn sequence_numbers_grow_with_message_ids() {
    let mut pair = Pair::settled();
    let (low, high) = (pair.next_id(), pair.next_id());
    assert_eq!(pair.deliver(high, 9, &QUERY).len(), 1);
    pair.replies();
    assert_eq!(pair.refused(low, 9, &QUERY), bad_msg::SEQ_NO_TOO_HIGH);
    assert_eq!(pair.refused(low, 11, &QUERY), bad_msg::SEQ_NO_TOO_HIGH);
    let later = pair.next_id();
    assert_eq!(pair.refused(later, 7, &QUERY), bad_msg::SEQ_NO_TOO_LOW);
    assert_eq!(pair.refused(later, 9, &QUERY), bad_msg::SEQ_NO_TOO_LOW);
    assert_eq!(pair.deliver(low, 7, &QUERY).len(), 1);
    assert_eq!(pair.deliver(later, 11, &QUERY).len(), 1);
}

#[test]
fn containers_that_break_the_rules_are_refused() {
    let mut pair = Pair::settled();
    let (inner, outer) = (pair.next_id(), pair.next_id());
    let one = |msg_id| {
        packed(&[Message {
            msg_id,
            seq_no: 3,
            body: &QUERY,
        }])
    };
    let nested = packed(&[Message {
        msg_id: inner,
        seq_no: 3,
        body: &one(inner),
    }]);
    assert_eq!(pair.refused(outer, 4, &nested), bad_msg::CONTAINER);
    assert_eq!(pair.refused(outer, 4, &one(outer)), bad_msg::CONTAINER);
    assert_eq!(
        pair.refused(outer, 4, &one(inner)[..24]),
        bad_msg::CONTAINER
    );
    assert_eq!(pair.refused(outer, 2, &one(inner)), bad_msg::CONTAINER);
    assert_eq!(pair.deliver(outer, 4, &one(inner)).len(), 1);
    pair.replies();
    assert_eq!(
        pair.refused(outer, 4, &packed(&[])),
        bad_msg::CONTAINER_ID_SEEN
    );
}

#[test]
fn one_bad_message_of_a_container_does_not_harm_the_others() {
    let mut pair = Pair::settled();
    let (a, b, outer) = (pair.next_id(), pair.next_id(), pair.next_id());
    let body = packed(&[
        Message {
            msg_id: a,
            seq_no: 2,
            body: &QUERY,
        },
        Message {
            msg_id: b,
            seq_no: 3,
            body: &QUERY,
        },
    ]);
    let events = pair.deliver(outer, 4, &body);
    assert_eq!(
        events,
        [
            Event::Refused {
                msg_id: a,
                code: bad_msg::SEQ_NO_ODD_EXPECTED
            },
            Event::Request {
                msg_id: b,
                body: QUERY.to_vec()
            },
        ]
    );
}

#[test]
fn messages_in_containers_may_be_older_than_their_container_but_not_forgotten() {
    let mut pair = Pair::settled();
    let old = pair.next_id();
    pair.now += Duration::from_secs(200);
    let outer = pair.next_id();
    let body = packed(&[Message {
        msg_id: old,
        seq_no: 3,
        body: &QUERY,
    }]);
    assert_eq!(
        pair.deliver(outer, 4, &body),
        [Event::Request {
            msg_id: old,
            body: QUERY.to_vec()
        }]
    );

    let old = pair.next_id();
    pair.now += Duration::from_secs(301);
    let outer = pair.next_id();
    let body = packed(&[Message {
        msg_id: old,
        seq_no: 5,
        body: &QUERY,
    }]);
    assert_eq!(
        pair.deliver(outer, 6, &body),
        [Event::Refused {
            msg_id: old,
            code: bad_msg::TOO_OLD
        }]
    );
}

#[test]
fn the_window_of_remembered_messages_does_not_grow_without_end() {
    let mut pair = Pair::settled();
    let (first, events) = pair.call(&QUERY);
    assert_eq!(events.len(), 1);
    for _ in 0..4200 {
        pair.tell(&Service::Ping { ping_id: 1 }.to_bytes());
    }
    pair.replies();
    assert_eq!(pair.refused(first, 3, &QUERY), bad_msg::TOO_OLD);
}

#[test]
fn a_repeated_request_is_not_executed_again() {
    let mut pair = Pair::settled();
    let (msg_id, seq_no) = (pair.next_id(), pair.next_seq_no(true));
    assert_eq!(pair.deliver(msg_id, seq_no, &QUERY).len(), 1);
    pair.replies();
    assert_eq!(pair.deliver(msg_id, seq_no, &QUERY), []);
    assert_eq!(pair.reply_ack(), [msg_id.0]);

    pair.session.send_result(pair.now, msg_id, &[1, 2, 3, 4]);
    let answer = pair.reply();
    assert_eq!(pair.deliver(msg_id, seq_no, &QUERY), []);
    let again = pair.reply();
    assert_eq!(
        (again.msg_id, again.seq_no, &again.body),
        (answer.msg_id, answer.seq_no, &answer.body)
    );
    assert!(again.in_container);
}

#[test]
fn a_long_answer_to_a_repeated_request_is_announced() {
    let mut pair = Pair::settled();
    pair.session.config.gzip_threshold = None;
    let (msg_id, seq_no) = (pair.next_id(), pair.next_seq_no(true));
    pair.deliver(msg_id, seq_no, &QUERY);
    pair.session.send_result(pair.now, msg_id, &[0; 2000]);
    let answer = pair.reply();
    pair.deliver(msg_id, seq_no, &QUERY);
    let expected = Service::MsgDetailedInfo {
        msg_id: msg_id.0,
        answer_msg_id: answer.msg_id.0,
        bytes: answer.body.len() as i32,
        status: 0,
    };
    assert_eq!(pair.reply().service(), expected);

    let (_, events) = pair.tell(
        &Service::MsgResendReq {
            msg_ids: vec![answer.msg_id.0],
        }
        .to_bytes(),
    );
    assert_eq!(events, []);
    assert_eq!(pair.reply().body, answer.body);
}

#[test]
fn acknowledged_messages_are_not_sent_again() {
    let mut pair = Pair::settled();
    let update = pair.session.push(pair.now, &[1, 2, 3, 4]);
    let reply = pair.reply();
    assert_eq!(
        (reply.msg_id, reply.msg_id.origin()),
        (update, Some(Origin::ServerNotice))
    );
    pair.session.reconnected();
    let again = pair.reply();
    assert_eq!(
        (again.msg_id, again.body, again.in_container),
        (update, reply.body, true)
    );

    let (_, events) = pair.tell(
        &Service::MsgsAck {
            msg_ids: vec![update.0, 12345],
        }
        .to_bytes(),
    );
    assert_eq!(events, [Event::Acked(vec![update])]);
    pair.session.reconnected();
    assert_eq!(pair.replies(), []);
}

#[test]
fn unacknowledged_messages_are_kept_within_a_limit() {
    let mut pair = Pair::settled();
    pair.session = Session::new(
        key(),
        SESSION,
        Salts::new(&key(), FIRST_SALT, NOW),
        Config {
            max_unacked_bytes: 100,
            ..Config::default()
        },
    );
    for _ in 0..5 {
        pair.session.push(NOW, &[0; 40]);
    }
    assert_eq!(pair.replies().len(), 5);
    pair.session.reconnected();
    assert_eq!(pair.replies().len(), 2);
}

#[test]
fn missing_answers_are_sent_again_on_request() {
    let mut pair = Pair::settled();
    let (msg_id, _) = pair.call(&QUERY);
    pair.session.send_result(pair.now, msg_id, &[1, 2, 3, 4]);
    let answer = pair.reply();
    pair.tell(
        &Service::MsgResendAnsReq {
            msg_ids: vec![msg_id.0],
        }
        .to_bytes(),
    );
    assert_eq!(pair.reply().body, answer.body);
    pair.tell(
        &Service::MsgResendReq {
            msg_ids: vec![answer.msg_id.0; 3],
        }
        .to_bytes(),
    );
    assert_eq!(pair.reply().body, answer.body);

    let (req, _) = pair.tell(&Service::MsgResendReq { msg_ids: vec![5] }.to_bytes());
    assert!(
        matches!(pair.reply().service(), Service::MsgsStateInfo { req_msg_id, .. } if req_msg_id == req.0)
    );
}

#[test]
fn the_states_of_messages_are_told() {
    let mut pair = Pair::settled();
    let missing = pair.next_id();
    let (answered, _) = pair.call(&QUERY);
    let (running, _) = pair.call(&QUERY);
    let (ping, _) = pair.tell(&Service::Ping { ping_id: 1 }.to_bytes());
    pair.session.send_result(pair.now, answered, &[1, 2, 3, 4]);
    pair.replies();
    let later = MsgId(pair.last_id + 400);
    let msg_ids = [missing, answered, running, ping, later]
        .map(|msg_id| msg_id.0)
        .to_vec();
    let (req, _) = pair.tell(&Service::MsgsStateReq { msg_ids }.to_bytes());
    let info = [2, 4 + 8 + 32 + 64, 4 + 8 + 32, 4 + 16, 3];
    assert_eq!(
        pair.reply().service(),
        Service::MsgsStateInfo {
            req_msg_id: req.0,
            info: &info
        }
    );
}

#[test]
fn answers_can_be_dropped() {
    let mut pair = Pair::settled();
    let drop = |pair: &mut Pair, request: MsgId| {
        let (msg_id, events) = pair.call(
            &Service::RpcDropAnswer {
                req_msg_id: request.0,
            }
            .to_bytes(),
        );
        let reply = pair.reply();
        let Service::RpcResult { req_msg_id, result } = reply.service() else {
            panic!("{reply:?}")
        };
        assert_eq!(req_msg_id, msg_id.0);
        (result.to_vec(), events)
    };
    assert_eq!(
        drop(&mut pair, MsgId(4)),
        (Service::RpcAnswerUnknown.to_bytes(), vec![])
    );

    let (running, _) = pair.call(&QUERY);
    pair.replies();
    let running_dropped = Service::RpcAnswerDroppedRunning.to_bytes();
    assert_eq!(
        drop(&mut pair, running),
        (
            running_dropped.clone(),
            vec![Event::Dropped { msg_id: running }]
        )
    );
    pair.session.send_result(pair.now, running, &[1, 2, 3, 4]);
    let expected = Service::RpcResult {
        req_msg_id: running.0,
        result: &running_dropped,
    };
    assert_eq!(pair.reply().service(), expected);

    let (answered, _) = pair.call(&QUERY);
    pair.session.send_result(pair.now, answered, &[1, 2, 3, 4]);
    let answer = pair.reply();
    let bytes = answer.body.len() as i32;
    let dropped = Service::RpcAnswerDropped {
        msg_id: answer.msg_id.0,
        seq_no: answer.seq_no,
        bytes,
    };
    assert_eq!(drop(&mut pair, answered), (dropped.to_bytes(), vec![]));
    assert_eq!(
        drop(&mut pair, answered),
        (Service::RpcAnswerUnknown.to_bytes(), vec![])
    );
}

#[test]
fn only_other_sessions_are_destroyed() {
    let mut pair = Pair::settled();
    let (_, events) = pair.call(
        &Service::DestroySession {
            session_id: SESSION,
        }
        .to_bytes(),
    );
    assert_eq!(events, []);
    assert_eq!(
        pair.reply().service(),
        Service::DestroySessionNone {
            session_id: SESSION
        }
    );

    let (_, events) = pair.call(&Service::DestroySession { session_id: 5 }.to_bytes());
    assert_eq!(events, [Event::DestroySession { session_id: 5 }]);
    pair.session.send_destroyed(pair.now, 5, true);
    assert_eq!(
        pair.reply().service(),
        Service::DestroySessionOk { session_id: 5 }
    );
    pair.session.send_destroyed(pair.now, 5, false);
    assert_eq!(
        pair.reply().service(),
        Service::DestroySessionNone { session_id: 5 }
    );
}

#[test]
fn many_messages_share_containers_within_the_limits() {
    let mut pair = Pair::settled();
    for _ in 0..2500 {
        pair.session.push(NOW, &[1, 2, 3, 4]);
    }
    let envelopes = pair.envelopes();
    let sizes: Vec<_> = envelopes
        .iter()
        .map(|opened| container::read(&opened.body).unwrap().len())
        .collect();
    assert_eq!(sizes, [1020, 1020, 460]);

    for _ in 0..3 {
        pair.session.push(NOW, &vec![0; 600 << 10]);
    }
    pair.session.push(NOW, &vec![0; 2 << 20]);
    pair.session.push(NOW, &[1, 2, 3, 4]);
    pair.session.push(NOW, &[1, 2, 3, 4]);
    let alone: Vec<_> = pair
        .envelopes()
        .iter()
        .map(|opened| !container::is_container(&opened.body))
        .collect();
    assert_eq!(alone, [true, true, true, true, false]);
}

#[test]
fn debug_output_has_no_contents() {
    let pair = Pair::new();
    assert_eq!(
        format!("{:?}", pair.session),
        format!("Session {{ key: {:?}, session_id: 77, .. }}", key())
    );
}

proptest! {
    #[test]
    fn any_body_is_answered_without_a_panic(
        constructor in proptest::sample::select(crate::service::CONSTRUCTORS),
        with_constructor: bool,
        mut body in proptest::collection::vec(any::<u8>(), 0..200),
        seq_no in 0i32..6,
    ) {
        let mut pair = Pair::settled();
        if with_constructor {
            body.splice(..0, constructor.1.to_le_bytes());
        }
        let msg_id = pair.next_id();
        let message = envelope::Opened {
            header: Header { salt: FIRST_SALT, session_id: SESSION, msg_id, seq_no },
            body,
            quick_ack: 0,
        };
        pair.session.receive(NOW, &message, &mut zeros);
        pair.replies();
        prop_assert!(pair.replies().is_empty());
    }
}
