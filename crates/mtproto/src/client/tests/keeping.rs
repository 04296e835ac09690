//! Pings, silence, salts for later, questions of the server.

use super::*;

#[test]
fn a_connection_begins_with_a_ping_and_goes_on_with_one_each_minute() {
    let mut pair = Pair::unconnected(Config::default());
    pair.session.connected(NOW);
    let sent = pair.sent();
    assert_eq!(sent.len(), 1);
    assert!(matches!(
        sent[0].service(),
        Service::PingDelayDisconnect {
            disconnect_delay: 75,
            ..
        }
    ));
    pair.pong(&sent[0]);
    assert_eq!(pair.session.deadline(), Some(NOW + seconds(60)));
    assert!(pair.wait(59).is_empty());
    let sent = pair.wait(1);
    assert!(is_ping(&sent[0]));
}

#[test]
fn a_server_that_does_not_answer_a_ping_is_silent() {
    let mut pair = Pair::unconnected(Config::default());
    pair.session.connected(NOW);
    pair.sent();
    assert_eq!(pair.session.deadline(), Some(NOW + seconds(15)));
    assert_eq!(pair.session.tick(NOW + seconds(14)), Ok(()));
    let silence = pair.session.tick(NOW + seconds(15)).unwrap_err();
    assert_eq!(
        silence.to_string(),
        "expected the answer to a ping, got nothing for 15 seconds"
    );
    assert_eq!(pair.count(Count::Silence), 1);
}

#[test]
fn whatever_else_comes_gives_a_pong_more_time_but_not_for_ever() {
    let mut pair = Pair::unconnected(Config::default());
    pair.session.connected(NOW);
    pair.sent();
    for _ in 0..5 {
        pair.wait(10);
        pair.say(&UPDATE);
    }
    pair.now += seconds(9);
    assert_eq!(pair.session.tick(pair.now), Ok(()));
    pair.now += seconds(1);
    assert!(pair.session.tick(pair.now).is_err());
}

#[test]
fn only_the_answer_to_the_last_ping_counts() {
    let mut pair = Pair::unconnected(Config::default());
    pair.session.connected(NOW);
    pair.sent();
    pair.tell(&Service::Pong {
        msg_id: 4,
        ping_id: 99,
    })
    .unwrap();
    assert_eq!(pair.count(Count::UnknownAnswer), 1);
    assert!(pair.session.tick(NOW + seconds(15)).is_err());
}

#[test]
fn a_refused_ping_is_sent_again_but_has_no_more_time() {
    let mut pair = Pair::unconnected(Config::default());
    pair.session.connected(NOW);
    let ping = pair.sent().remove(0);
    pair.refuse(ping.msg_id, bad_msg::SALT).unwrap();
    let again = pair.sent().remove(0);
    assert!(is_ping(&again) && again.msg_id > ping.msg_id);
    pair.pong(&again);
    assert_eq!(pair.session.tick(NOW + seconds(15)), Ok(()));
}

#[test]
fn an_idle_session_has_one_thing_to_wait_for() {
    let mut pair = Pair::new();
    let sent = pair.call(1);
    pair.answer(sent.msg_id, &RESULT);
    pair.wait(1);
    assert!(pair.session.is_idle());
    let sent = pair.pass(600);
    assert!(sent.is_empty(), "{sent:?}");
}

#[test]
fn questions_of_the_server_about_its_messages_are_answered() {
    let mut pair = Pair::new();
    let early = pair.next_id(Origin::ServerNotice);
    let had = pair.say(&UPDATE);
    let never = MsgId(had.0 + 400_000_000);
    let req_msg_id = pair.say(
        &Service::MsgsStateReq {
            msg_ids: vec![early.0, had.0, never.0],
        }
        .to_bytes(),
    );
    let sent = pair.sent();
    assert_eq!(
        sent[0].service(),
        Service::MsgsStateInfo {
            req_msg_id: req_msg_id.0,
            info: &[2, 12, 3]
        }
    );
}

#[test]
fn the_server_gets_its_calls_again_when_it_asks() {
    let mut pair = Pair::new();
    let sent = pair.call(1);
    pair.tell(&Service::MsgResendReq {
        msg_ids: vec![sent.msg_id.0],
    })
    .unwrap();
    let again = pair.the_query();
    assert_eq!((again.msg_id, again.seq_no), (sent.msg_id, sent.seq_no));
    assert!(again.in_container());
    pair.tell(&Service::MsgResendReq {
        msg_ids: vec![sent.msg_id.0, 8],
    })
    .unwrap();
    let sent = pair.sent();
    assert!(matches!(
        sent[0].service(),
        Service::MsgsStateInfo { info: &[4, 1], .. }
    ));
}

#[test]
fn an_answer_that_is_announced_is_asked_for() {
    let mut pair = Pair::new();
    let sent = pair.call(1);
    let detailed = |answer: i64| Service::MsgDetailedInfo {
        msg_id: sent.msg_id.0,
        answer_msg_id: answer,
        bytes: 5000,
        status: 0,
    };
    let answer = pair.next_id(Origin::ServerAnswer);
    pair.tell(&detailed(answer.0)).unwrap();
    let msg_ids = vec![answer.0];
    assert_eq!(
        pair.sent()[0].service(),
        Service::MsgResendReq {
            msg_ids: msg_ids.clone()
        }
    );
    pair.answer(sent.msg_id, &RESULT);
    pair.wait(1);
    pair.tell(&detailed(answer.0)).unwrap();
    assert_eq!(pair.wait(1)[0].service(), Service::MsgsAck { msg_ids });
}

#[test]
fn an_announced_message_is_asked_for_until_it_counts_as_lost() {
    let mut pair = Pair::new();
    let update = pair.next_id(Origin::ServerNotice);
    let info = Service::MsgNewDetailedInfo {
        answer_msg_id: update.0,
        bytes: 5000,
        status: 0,
    };
    pair.tell(&info).unwrap();
    let msg_ids = vec![update.0];
    let request = Service::MsgResendReq {
        msg_ids: msg_ids.clone(),
    };
    assert_eq!(pair.sent()[0].service(), request);
    let sent = pair.pass(25);
    assert_eq!(sent.len(), 2);
    assert!(sent.iter().all(|sent| sent.service() == request));
    pair.contain(&[(update, 1, UPDATE.to_vec())]).unwrap();
    assert_eq!(pair.events().len(), 1);
    let sent = pair.pass(60);
    assert_eq!(sent.len(), 1, "the acknowledgement: {sent:?}");

    let lost = pair.next_id(Origin::ServerNotice);
    let info = Service::MsgNewDetailedInfo {
        answer_msg_id: lost.0,
        bytes: 5000,
        status: 0,
    };
    pair.tell(&info).unwrap();
    pair.pass(300);
    assert_eq!(pair.events(), [Event::Gap]);
    // One that was had is only acknowledged.
    pair.tell(&Service::MsgNewDetailedInfo {
        answer_msg_id: update.0,
        bytes: 5000,
        status: 0,
    })
    .unwrap();
    assert_eq!(pair.wait(1)[0].service(), Service::MsgsAck { msg_ids });
}

#[test]
fn a_call_that_hears_nothing_is_asked_about() {
    let mut pair = Pair::new();
    let sent = pair.call(1);
    assert!(pair.pass(9).is_empty());
    let question = pair.pass(1);
    assert_eq!(asked(&question).1, [sent.msg_id.0]);
    // It is being executed: that may take its time.
    pair.tell_state(&question, 4 | 8 | 32);
    for _ in 0..20 {
        let question = pair.pass(10);
        assert_eq!(asked(&question).1, [sent.msg_id.0]);
        pair.tell_state(&question, 4 | 8 | 32);
    }
    pair.answer(sent.msg_id, &RESULT);
    assert_eq!(pair.outcomes(), [result(1)]);
}

#[test]
fn a_call_that_is_acknowledged_is_asked_about_later() {
    let mut pair = Pair::new();
    let sent = pair.call(1);
    pair.pass(5);
    pair.tell(&Service::MsgsAck {
        msg_ids: vec![sent.msg_id.0],
    })
    .unwrap();
    assert!(pair.pass(9).is_empty());
    assert_eq!(asked(&pair.pass(1)).1, [sent.msg_id.0]);
}

#[test]
fn an_answer_that_does_not_come_is_asked_for_and_at_last_given_up() {
    let mut pair = Pair::new();
    let sent = pair.call(1);
    let question = pair.pass(10);
    pair.tell_state(&question, 4 | 8 | 32 | 64);
    let sent_again = pair.pass(10);
    assert_eq!(
        sent_again[0].service(),
        Service::MsgResendAnsReq {
            msg_ids: vec![sent.msg_id.0]
        }
    );
    pair.pass(100);
    assert_eq!(pair.outcomes(), [unknown(1, Cause::AnswerLost)]);
}

#[test]
fn a_server_that_says_nothing_about_a_call_does_not_keep_it_for_ever() {
    let mut pair = Pair::new();
    pair.call(1);
    pair.pass(100);
    assert_eq!(pair.outcomes(), [unknown(1, Cause::NoStates)]);
    // One that may be repeated is, a few times.
    let first = pair.repeatable_call(2);
    let sent = pair.pass(1000);
    let repeated: Vec<_> = sent.iter().filter(|sent| is_query(sent)).collect();
    assert!(repeated.len() > 2 && repeated.iter().all(|sent| sent.msg_id > first.msg_id));
    assert_eq!(pair.outcomes(), [unknown(2, Cause::NoStates)]);
    assert_eq!(pair.session.in_flight(), 0);
}

#[test]
fn states_told_without_a_question_count_only_for_what_was_received() {
    let mut pair = Pair::new();
    let sent = pair.call(1);
    for state in [1, 2, 3] {
        pair.tell(&Service::MsgsAllInfo {
            msg_ids: vec![sent.msg_id.0],
            info: &[state],
        })
        .unwrap();
        assert_eq!(pair.outcomes(), []);
        assert!(pair.queries().is_empty());
    }
    pair.pass(5);
    pair.tell(&Service::MsgsAllInfo {
        msg_ids: vec![sent.msg_id.0],
        info: &[4 | 32],
    })
    .unwrap();
    let quiet = pair.pass(9);
    assert!(quiet.iter().all(|sent| !matches!(
        Service::read(&sent.body),
        Body::Service(Service::MsgsStateReq { .. })
    )));
}

#[test]
fn an_answer_from_before_a_call_was_sent_again_does_not_count() {
    let mut pair = Pair::new();
    pair.call(1);
    let first = pair.pass(10);
    let second = pair.pass(10);
    pair.tell_state(&first, 2);
    assert_eq!(pair.queries().len(), 1);
    for state in [1, 2, 3] {
        pair.tell_state(&second, state);
        assert_eq!(pair.queries().len(), 0);
        assert_eq!(pair.outcomes(), []);
    }
}
