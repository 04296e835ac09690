//! What is sent again, and how messages share envelopes.

use super::*;

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
