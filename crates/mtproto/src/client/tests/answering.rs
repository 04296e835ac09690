//! Calls and what answers them.

use super::*;

#[test]
fn a_call_is_answered_once() {
    let mut pair = Pair::new();
    let sent = pair.call(9);
    assert!(!sent.in_container());
    assert_eq!(sent.seq_no % 2, 1);
    pair.answer(sent.msg_id, &RESULT);
    assert_eq!(pair.outcomes(), [result(9)]);
    assert_eq!(pair.session.in_flight(), 0);
    pair.answer(sent.msg_id, &RESULT);
    assert_eq!(pair.outcomes(), []);
    assert_eq!(pair.count(Count::UnknownAnswer), 1);
}

#[test]
fn errors_are_passed_on_as_the_server_wrote_them() {
    let mut pair = Pair::new();
    let error = Service::RpcError {
        error_code: 420,
        error_message: b"FLOOD_WAIT_3",
    }
    .to_bytes();
    let expected = |id| Event::RpcError {
        id,
        code: 420,
        message: "FLOOD_WAIT_3".to_owned(),
    };
    let sent = pair.call(1);
    pair.answer(sent.msg_id, &error);
    assert_eq!(pair.outcomes(), [expected(1)]);
    let sent = pair.call(2);
    let long = Service::RpcError {
        error_code: 420,
        error_message: &[b'A'; 300],
    }
    .to_bytes();
    pair.answer(sent.msg_id, &gzipped(&long));
    assert!(
        matches!(&pair.outcomes()[..], [Event::RpcError { message, .. }] if message.len() == 300)
    );
    let sent = pair.call(3);
    pair.answer(sent.msg_id, &error[..8]);
    let why = Failure::AnswerCorrupt;
    assert_eq!(pair.outcomes(), [Event::Failed { id: 3, why }]);
}

#[test]
fn packed_results_are_unpacked_within_the_limit() {
    let mut pair = Pair::with(Config {
        max_inflated: 1000,
        ..Config::default()
    });
    let long = RESULT.repeat(100);
    let sent = pair.call(1);
    pair.answer(sent.msg_id, &gzipped(&long));
    assert_eq!(
        pair.outcomes(),
        [Event::Result {
            id: 1,
            body: long.into()
        }]
    );
    let sent = pair.call(2);
    pair.answer(sent.msg_id, &gzipped(&RESULT.repeat(126)));
    let why = Failure::AnswerTooLong { limit: 1000 };
    assert_eq!(pair.outcomes(), [Event::Failed { id: 2, why }]);

    for (id, body) in [
        (3, gzipped(&gzipped(&RESULT.repeat(100)).repeat(4))),
        (
            4,
            Service::GzipPacked {
                packed_data: b"no gzip",
            }
            .to_bytes(),
        ),
        (5, Vec::new()),
    ] {
        let sent = pair.call(id);
        pair.answer(sent.msg_id, &body);
        let why = Failure::AnswerCorrupt;
        assert_eq!(pair.outcomes(), [Event::Failed { id, why }]);
    }
}

#[test]
fn answers_find_their_calls_in_any_order_and_in_containers() {
    let mut pair = Pair::new();
    for id in 0..200 {
        pair.request(id, false);
    }
    let queries = pair.queries();
    assert_eq!(queries.len(), 200);
    assert!(
        queries
            .windows(2)
            .all(|pair| pair[0].msg_id < pair[1].msg_id && pair[0].seq_no < pair[1].seq_no)
    );
    assert_eq!(queries[0].envelope, queries[199].envelope);
    let answers: Vec<_> = queries
        .iter()
        .rev()
        .map(|query| {
            let body = Service::RpcResult {
                req_msg_id: query.msg_id.0,
                result: &RESULT,
            }
            .to_bytes();
            (pair.next_id(Origin::ServerAnswer), 1, body)
        })
        .collect();
    pair.contain(&answers).unwrap();
    let expected: Vec<_> = (0..200).rev().map(result).collect();
    assert_eq!(pair.outcomes(), expected);
}

#[test]
fn answers_to_nobody_are_dropped_and_acknowledged() {
    let mut pair = Pair::new();
    let sent = pair.call(1);
    pair.answer(MsgId(sent.msg_id.0 + 4), &RESULT);
    assert_eq!(pair.outcomes(), []);
    assert_eq!(pair.count(Count::UnknownAnswer), 1);
    let acks = pair.wait(1);
    assert!(matches!(acks[0].service(), Service::MsgsAck { msg_ids } if msg_ids.len() == 1));
    pair.answer(sent.msg_id, &RESULT);
    assert_eq!(pair.outcomes(), [result(1)]);
}

#[test]
fn calls_wait_for_a_connection() {
    let mut pair = Pair::unconnected(Config::default());
    pair.request(1, false);
    assert!(pair.sent().is_empty());
    assert_eq!(pair.session.deadline(), None);
    assert_eq!(pair.session.in_flight(), 1);
    let sent = pair.connect();
    assert!(is_query(&sent[0]));
}

#[test]
fn containers_are_limited_in_size_and_number() {
    let mut pair = Pair::with(Config {
        container_bytes: 1000,
        container_messages: 3,
        ..Config::default()
    });
    for (id, words) in [
        (0, 1),
        (1, 2000),
        (2, 100),
        (3, 130),
        (4, 1),
        (5, 1),
        (6, 1),
        (7, 1),
    ] {
        let body = QUERY.repeat(words).into();
        let repeatable = false;
        let request = Request {
            id,
            body,
            repeatable,
        };
        pair.session.send(NOW, request);
    }
    let sent = pair.sent();
    let mut sizes: Vec<Vec<usize>> = Vec::new();
    let mut last = None;
    for message in &sent {
        if last != Some(message.envelope) {
            sizes.push(Vec::new());
            last = Some(message.envelope);
        }
        sizes.last_mut().unwrap().push(message.body.len() / 4);
    }
    assert_eq!(
        sizes,
        [vec![1], vec![2000], vec![100, 130, 1], vec![1, 1, 1]]
    );
}

#[test]
fn functions_that_no_message_can_carry_fail_at_once() {
    let mut pair = Pair::new();
    for bytes in [0, 3, 6, 1 << 24] {
        let body = vec![1; bytes].into();
        let repeatable = true;
        pair.session.send(
            NOW,
            Request {
                id: 1,
                body,
                repeatable,
            },
        );
        let why = Failure::Unsendable { bytes };
        assert_eq!(pair.outcomes(), [Event::Failed { id: 1, why }]);
    }
    assert_eq!(pair.session.in_flight(), 0);
}

#[test]
fn long_functions_are_packed_where_that_is_wanted_but_never_parts_of_files() {
    let mut pair = Pair::with(Config {
        compress_from: Some(100),
        ..Config::default()
    });
    let part = [&FILE_PARTS[0].to_le_bytes()[..], &[0; 400]].concat();
    for (body, is_packed) in [
        (QUERY.repeat(100), true),
        (QUERY.repeat(10), false),
        (part, false),
    ] {
        pair.session.send(
            NOW,
            Request {
                id: 1,
                body: body.clone().into(),
                repeatable: false,
            },
        );
        // An acknowledgement may come first.
        let sent = pair.sent().pop().unwrap();
        let packed = matches!(
            Service::read(&sent.body),
            Body::Service(Service::GzipPacked { packed_data })
                if gzip::unpack(packed_data, 1000).as_ref() == Ok(&body)
        );
        assert_eq!(packed, is_packed);
        assert!(is_packed || sent.body == body);
        pair.answer(sent.msg_id, &RESULT);
    }
}

#[test]
fn a_cancelled_call_that_was_not_sent_never_leaves() {
    let mut pair = Pair::new();
    pair.request(1, false);
    pair.session.cancel(NOW, 1);
    assert!(pair.sent().is_empty());
    assert!(pair.session.is_idle());
}

#[test]
fn the_answer_to_a_cancelled_call_is_dropped() {
    let mut pair = Pair::new();
    let sent = pair.call(1);
    pair.session.cancel(NOW, 1);
    assert_eq!(pair.session.in_flight(), 0);
    let drop = pair.sent().remove(0);
    let req_msg_id = sent.msg_id.0;
    assert_eq!(drop.service(), Service::RpcDropAnswer { req_msg_id });
    assert_eq!(drop.seq_no % 2, 1);
    // The server may answer the call, the request to drop it, or both.
    pair.answer(drop.msg_id, &Service::RpcAnswerDroppedRunning.to_bytes());
    pair.answer(sent.msg_id, &RESULT);
    assert_eq!(pair.outcomes(), []);
    assert_eq!(pair.count(Count::UnknownAnswer), 0);
}

#[test]
fn calls_that_are_cancelled_without_end_take_no_memory() {
    let mut pair = Pair::unconnected(Config::default());
    for id in 0..10_000 {
        pair.request(id, false);
        pair.session.cancel(NOW, id);
    }
    assert!(pair.session.calls.queue.len() < 200);
    pair.connect();
    for id in 0..5000 {
        pair.call(id);
        pair.session.cancel(NOW, id);
        pair.sent();
    }
    assert!(pair.session.calls.remembered() < 3000);
}

#[test]
fn an_answer_that_the_server_says_it_dropped_is_no_result() {
    let mut pair = Pair::new();
    let sent = pair.call(1);
    pair.answer(sent.msg_id, &Service::RpcAnswerDroppedRunning.to_bytes());
    assert_eq!(pair.outcomes(), [unknown(1, Cause::Dropped)]);
}

#[test]
fn acknowledgements_ride_along_or_leave_when_there_are_many() {
    let mut pair = Pair::new();
    pair.say(&UPDATE);
    assert!(pair.sent().is_empty());
    pair.request(1, false);
    let sent = pair.sent();
    assert!(matches!(sent[0].service(), Service::MsgsAck { .. }));
    assert_eq!(sent[0].seq_no % 2, 0);
    assert!(is_query(&sent[1]) && sent[1].envelope == sent[0].envelope);
    for _ in 0..15 {
        pair.say(&UPDATE);
        assert!(pair.sent().is_empty());
    }
    pair.say(&UPDATE);
    let sent = pair.sent();
    assert!(matches!(sent[0].service(), Service::MsgsAck { msg_ids } if msg_ids.len() == 16));
    assert!(pair.session.acks_at.is_none());
}

#[test]
fn questions_of_the_protocol_that_were_calls_are_answered_as_such() {
    let mut pair = Pair::new();
    let sent = pair.call(1);
    let pong = Service::Pong {
        msg_id: sent.msg_id.0,
        ping_id: 7,
    };
    pair.tell(&pong).unwrap();
    let body = pong.to_bytes().into();
    assert_eq!(pair.outcomes(), [Event::Result { id: 1, body }]);

    let sent = pair.call(2);
    let salts = Service::FutureSalts {
        req_msg_id: sent.msg_id.0,
        now: 1,
        salts: Vec::new(),
    };
    pair.tell(&salts).unwrap();
    let body = salts.to_bytes().into();
    assert_eq!(pair.outcomes(), [Event::Result { id: 2, body }]);

    // Once; and what nobody has asked is nobody's.
    pair.tell(&pong).unwrap();
    pair.tell(&salts).unwrap();
    assert_eq!(pair.outcomes(), []);
    assert_eq!(pair.count(Count::UnknownAnswer), 2);
}
