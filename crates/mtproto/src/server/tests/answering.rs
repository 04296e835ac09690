//! Requests, results and the messages of the protocol itself.

use super::*;

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
fn of_messages_older_than_the_session_nothing_is_known() {
    let mut pair = Pair::new();
    let before = pair.next_id();
    pair.call(&QUERY);
    pair.replies();
    let msg_ids = vec![before.0];
    let (req, _) = pair.tell(&Service::MsgsStateReq { msg_ids }.to_bytes());
    assert_eq!(
        pair.reply().service(),
        Service::MsgsStateInfo {
            req_msg_id: req.0,
            info: &[1]
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
