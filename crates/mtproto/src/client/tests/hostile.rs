//! Whatever an authenticated server says: no panic, no unbounded memory, no wrong answer.

use proptest::prelude::*;

use super::*;
use crate::service::CONSTRUCTORS;

#[test]
fn malformed_messages_are_dropped() {
    let mut pair = Pair::new();
    let mut ack = Service::MsgsAck { msg_ids: vec![1] }.to_bytes();
    ack[8..12].copy_from_slice(&i32::MAX.to_le_bytes());
    pair.say(&ack);
    pair.say(&[]);
    assert_eq!(pair.count(Count::Malformed), 2);
    assert_eq!(pair.events(), [Event::Gap]);
}

#[test]
fn states_that_do_not_fit_the_question_are_dropped() {
    let mut pair = Pair::new();
    let sent = pair.call(1);
    let (req, _) = asked(&pair.pass(10));
    pair.tell(&Service::MsgsStateInfo {
        req_msg_id: req.0,
        info: &[1, 1],
    })
    .unwrap();
    pair.tell(&Service::MsgsStateInfo {
        req_msg_id: req.0,
        info: &[1],
    })
    .unwrap();
    assert_eq!(pair.outcomes(), []);
    assert_eq!(pair.count(Count::Malformed), 1);
    assert_eq!(pair.count(Count::UnknownAnswer), 1);
    pair.answer(sent.msg_id, &RESULT);
    assert_eq!(pair.outcomes(), [result(1)]);
}

#[test]
fn questions_and_announcements_without_end_take_no_memory() {
    let mut pair = Pair::new();
    for round in 0..10_000i64 {
        let id = pair.next_id(Origin::ServerNotice);
        pair.say(&Service::Ping { ping_id: round }.to_bytes());
        pair.say(
            &Service::MsgNewDetailedInfo {
                answer_msg_id: id.0,
                bytes: 1,
                status: 0,
            }
            .to_bytes(),
        );
        pair.say(
            &Service::MsgsStateReq {
                msg_ids: vec![round],
            }
            .to_bytes(),
        );
        pair.events();
    }
    assert!(pair.session.replies.len() <= 64);
    assert!(pair.session.acks.len() <= 8192);
    let sent = pair.sent();
    let bytes: usize = sent.iter().map(|sent| sent.body.len()).sum();
    assert!(bytes < 100_000, "{bytes}");
}

#[test]
fn a_server_that_wants_the_same_call_again_and_again_does_not_get_it() {
    let mut pair = Pair::new();
    let sent = pair.call(1);
    let mut copies = 0;
    for _ in 0..100 {
        pair.tell(&Service::MsgResendReq {
            msg_ids: vec![sent.msg_id.0; 100],
        })
        .unwrap();
        copies += pair.queries().len();
    }
    assert!(copies < 20, "{copies}");
    assert_eq!(pair.outcomes(), [unknown(1, Cause::NoStates)]);
}

#[test]
fn a_server_that_never_has_a_call_does_not_get_it_for_ever() {
    let mut pair = Pair::new();
    pair.call(1);
    for _ in 0..100 {
        let sent = pair.pass(10);
        if sent.iter().all(is_query) {
            continue;
        }
        pair.tell_state(&sent, 2);
    }
    assert_eq!(pair.outcomes(), [unknown(1, Cause::NoStates)]);
}

/// A message that says something about a call with this identifier.
fn about(kind: usize, msg_id: i64, code: i32, bytes: &[u8]) -> Vec<u8> {
    let service = match kind {
        0 => Service::RpcResult {
            req_msg_id: msg_id,
            result: bytes,
        },
        1 => Service::BadMsgNotification {
            bad_msg_id: msg_id,
            bad_msg_seqno: 1,
            error_code: code,
        },
        2 => Service::BadServerSalt {
            bad_msg_id: msg_id,
            bad_msg_seqno: 1,
            error_code: code,
            new_server_salt: 5,
        },
        3 => Service::NewSessionCreated {
            first_msg_id: msg_id,
            unique_id: 1,
            server_salt: 2,
        },
        4 => Service::MsgsAllInfo {
            msg_ids: vec![msg_id],
            info: &[0],
        },
        5 => Service::MsgResendReq {
            msg_ids: vec![msg_id; 3],
        },
        6 => Service::MsgDetailedInfo {
            msg_id,
            answer_msg_id: i64::from(code),
            bytes: 1,
            status: code,
        },
        7 => Service::MsgsAck {
            msg_ids: vec![msg_id],
        },
        _ => Service::MsgsAllInfo {
            msg_ids: vec![msg_id],
            info: &[code as u8],
        },
    };
    service.to_bytes()
}

proptest! {
    #[test]
    fn any_body_is_taken_without_a_panic(
        constructor in proptest::sample::select(CONSTRUCTORS),
        with_constructor: bool,
        mut body in proptest::collection::vec(any::<u8>(), 0..200),
        seq_no in 0i32..6,
    ) {
        let mut pair = Pair::new();
        pair.call(1);
        if with_constructor {
            body.splice(..0, constructor.1.to_le_bytes());
        }
        body.truncate(body.len() / 4 * 4);
        let msg_id = pair.next_id(Origin::ServerNotice);
        let _ = pair.deliver(msg_id, seq_no, &body);
        pair.sent();
        prop_assert_eq!(pair.session.in_flight(), 1);
    }

    #[test]
    fn whatever_is_said_about_calls_each_has_one_outcome(
        said in proptest::collection::vec(
            (0usize..9, 0usize..4, prop_oneof![Just(16), Just(17), Just(20), Just(33), Just(48), 0..70], any::<[u8; 4]>()),
            1..40,
        ),
        repeatable: bool,
    ) {
        let mut pair = Pair::new();
        for id in 0..3 {
            pair.request(id, repeatable);
        }
        let mut known = pair.queries();
        let mut outcomes = Vec::new();
        for (kind, of, code, bytes) in said {
            let msg_id = known.get(known.len().wrapping_sub(of + 1)).map_or(4, |sent| sent.msg_id.0);
            let id = pair.next_id(Origin::ServerNotice);
            if pair.deliver(id, 1, &about(kind, msg_id, code, &bytes)).is_err() {
                pair.session.disconnected(pair.now);
                pair.session.connected(pair.now);
            }
            for sent in pair.sent() {
                if is_ping(&sent) {
                    pair.pong(&sent);
                } else if is_query(&sent) {
                    known.push(sent);
                }
            }
            outcomes.extend(pair.outcomes());
        }
        // After the last word of the server nothing hangs.
        pair.pass(3000);
        outcomes.extend(pair.outcomes());
        let mut ids: Vec<_> = outcomes.iter().map(|event| match event {
            Event::Result { id, .. } | Event::RpcError { id, .. } | Event::Failed { id, .. } => *id,
            other => panic!("{other:?}"),
        }).collect();
        ids.sort_unstable();
        prop_assert_eq!(ids, [0, 1, 2]);
    }
}
