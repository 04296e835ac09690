//! Lost connections, forgotten sessions: what is sent again, and what is not.

use super::*;

/// A call that was sent over a connection that is gone, and the question about it.
fn uncertain(pair: &mut Pair, repeatable: bool) -> (Sent, Vec<Sent>) {
    let sent = if repeatable {
        pair.repeatable_call(1)
    } else {
        pair.call(1)
    };
    let question = pair.reconnect();
    assert_eq!(asked(&question).1, [sent.msg_id.0]);
    assert!(!question.iter().any(is_query));
    (sent, question)
}

fn created(first: MsgId) -> Vec<u8> {
    Service::NewSessionCreated {
        first_msg_id: first.0,
        unique_id: 3,
        server_salt: SALT,
    }
    .to_bytes()
}

#[test]
fn a_call_that_the_server_has_is_answered_over_the_next_connection() {
    let mut pair = Pair::new();
    let (sent, question) = uncertain(&mut pair, false);
    pair.tell_state(&question, 4 | 8 | 32);
    assert!(pair.queries().is_empty());
    pair.answer(sent.msg_id, &RESULT);
    assert_eq!(pair.outcomes(), [result(1)]);
}

#[test]
fn a_call_that_the_server_lacks_is_sent_again_in_the_same_message() {
    for state in [2, 3] {
        let mut pair = Pair::new();
        let (sent, question) = uncertain(&mut pair, false);
        pair.tell_state(&question, state);
        let again = pair.the_query();
        // Should the first copy arrive after all, the server knows it by its identifier.
        assert_eq!((again.msg_id, again.seq_no), (sent.msg_id, sent.seq_no));
        assert!(again.in_container());
        pair.answer(sent.msg_id, &RESULT);
        assert_eq!(pair.outcomes(), [result(1)]);
    }
}

#[test]
fn a_call_too_old_to_be_sent_in_the_same_message_gets_another() {
    let mut pair = Pair::new();
    let sent = pair.call(1);
    pair.session.disconnected(pair.now);
    pair.now += seconds(1000);
    let question = pair.connect();
    pair.tell_state(&question, 2);
    let again = pair.the_query();
    assert!(again.msg_id > sent.msg_id && !again.in_container());

    // The server may know better how old is too old.
    let (sent, question) = {
        let question = pair.reconnect();
        (again, question)
    };
    pair.tell_state(&question, 2);
    pair.the_query();
    pair.refuse(sent.msg_id, bad_msg::TOO_OLD).unwrap();
    let again = pair.the_query();
    assert!(again.msg_id > sent.msg_id);
    assert_eq!(pair.outcomes(), []);
}

#[test]
fn a_call_that_the_server_forgot_is_sent_again_only_if_that_does_no_harm() {
    let mut pair = Pair::new();
    let (_, question) = uncertain(&mut pair, false);
    pair.tell_state(&question, 1);
    assert_eq!(pair.outcomes(), [unknown(1, Cause::MessageForgotten)]);

    let mut pair = Pair::new();
    let (sent, question) = uncertain(&mut pair, true);
    pair.tell_state(&question, 1);
    assert_eq!(pair.outcomes(), []);
    let again = pair.the_query();
    assert!(again.msg_id > sent.msg_id);
    pair.answer(again.msg_id, &RESULT);
    assert_eq!(pair.outcomes(), [result(1)]);
}

#[test]
fn a_message_too_old_to_be_verified_may_have_been_executed() {
    let mut pair = Pair::new();
    let sent = pair.call(1);
    pair.refuse(sent.msg_id, bad_msg::TOO_OLD).unwrap();
    assert_eq!(pair.outcomes(), [unknown(1, Cause::MessageForgotten)]);
}

#[test]
fn a_server_that_had_a_call_and_lacks_it_now_has_forgotten_it() {
    let mut pair = Pair::new();
    let sent = pair.call(1);
    pair.tell(&Service::MsgsAck {
        msg_ids: vec![sent.msg_id.0],
    })
    .unwrap();
    let question = pair.pass(10);
    pair.tell_state(&question, 3);
    assert_eq!(pair.outcomes(), [unknown(1, Cause::MessageForgotten)]);
}

#[test]
fn answers_need_no_question_to_be_answered_first() {
    let mut pair = Pair::new();
    let (sent, question) = uncertain(&mut pair, false);
    pair.answer(sent.msg_id, &RESULT);
    pair.tell_state(&question, 2);
    assert!(pair.queries().is_empty());
    assert_eq!(pair.outcomes(), [result(1)]);
}

#[test]
fn a_question_that_is_lost_is_asked_again() {
    let mut pair = Pair::new();
    let (sent, _) = uncertain(&mut pair, false);
    let question = pair.reconnect();
    assert_eq!(asked(&question).1, [sent.msg_id.0]);
    // Refused: asked again at once. Unanswered: after a while.
    pair.refuse(question[0].envelope, bad_msg::SALT).unwrap();
    assert_eq!(asked(&pair.sent()).1, [sent.msg_id.0]);
    assert_eq!(asked(&pair.pass(10)).1, [sent.msg_id.0]);
}

#[test]
fn calls_queued_meanwhile_are_sent_with_the_question() {
    let mut pair = Pair::new();
    let first = pair.call(1);
    pair.session.disconnected(pair.now);
    pair.request(2, false);
    pair.session.connected(pair.now);
    let sent = pair.sent();
    assert_eq!(asked(&sent).1, [first.msg_id.0]);
    assert!(sent.iter().any(is_query) && sent.iter().any(is_ping));
    assert!(sent.iter().all(|one| one.envelope == sent[0].envelope));
}

#[test]
fn the_first_connection_of_a_session_is_no_gap() {
    let mut pair = Pair::new();
    let sent = pair.call(1);
    pair.say(&created(sent.msg_id));
    assert_eq!(pair.events(), [Event::NewSession]);
    pair.answer(sent.msg_id, &RESULT);
    assert_eq!(pair.outcomes(), [result(1)]);
}

#[test]
fn a_forgotten_session_is_a_gap_and_loses_what_was_sent_before() {
    let mut pair = Pair::new();
    let first = pair.call(1);
    pair.say(&created(first.msg_id));
    pair.events();
    pair.repeatable_call(2);
    let third = pair.call(3);
    pair.say(&created(third.msg_id));
    assert_eq!(
        pair.events(),
        [
            Event::NewSession,
            unknown(1, Cause::SessionForgotten),
            Event::Gap
        ]
    );
    let again = pair.the_query();
    pair.answer(third.msg_id, &RESULT);
    pair.answer(again.msg_id, &RESULT);
    assert_eq!(pair.outcomes(), [result(3), result(2)]);
}

#[test]
fn a_session_that_began_with_an_older_message_may_have_been_forgotten_in_between() {
    let mut pair = Pair::new();
    let first = pair.call(1);
    pair.say(&created(first.msg_id));
    pair.answer(first.msg_id, &RESULT);
    let late = pair.call(2);
    pair.now += seconds(1);
    pair.reconnect();
    pair.call(3);
    pair.now += seconds(1);
    pair.reconnect();
    pair.outcomes();
    // The server executed 3, forgot the session, and then got what was still under way from the first connection.
    pair.say(&created(late.msg_id));
    assert_eq!(pair.outcomes(), [unknown(3, Cause::SessionForgotten)]);
}

#[test]
fn a_session_that_began_with_an_old_message_in_a_new_envelope_has_lost_what_was_sent_before_that() {
    let mut pair = Pair::new();
    let (old, question) = uncertain(&mut pair, false);
    pair.call(2);
    pair.tell_state(&question, 2);
    let again = pair.the_query();
    assert_eq!(again.msg_id, old.msg_id);
    // The server executed 2 and forgot the session; then the old message came, in its new envelope.
    pair.say(&created(old.msg_id));
    assert_eq!(pair.outcomes(), [unknown(2, Cause::SessionForgotten)]);
    pair.answer(old.msg_id, &RESULT);
    assert_eq!(pair.outcomes(), [result(1)]);
}

#[test]
fn a_lost_connection_right_after_the_beginning_loses_nothing() {
    let mut pair = Pair::new();
    let (sent, question) = uncertain(&mut pair, false);
    pair.say(&created(sent.msg_id));
    pair.tell_state(&question, 4 | 8 | 32 | 64);
    assert_eq!(pair.outcomes(), []);
    pair.answer(sent.msg_id, &RESULT);
    assert_eq!(pair.outcomes(), [result(1)]);
}

#[test]
fn updates_repeated_after_a_reconnect_arrive_once() {
    let mut pair = Pair::new();
    let had = pair.say(&UPDATE);
    let lost = pair.next_id(Origin::ServerNotice);
    pair.reconnect();
    pair.events();
    pair.contain(&[(had, 1, UPDATE.to_vec()), (lost, 3, UPDATE.to_vec())])
        .unwrap();
    assert_eq!(pair.events().len(), 1);
    let acks = pair.wait(1);
    let msg_ids = vec![had.0, lost.0];
    assert_eq!(acks[0].service(), Service::MsgsAck { msg_ids });
}

#[test]
fn a_cancelled_call_is_not_asked_about() {
    let mut pair = Pair::new();
    let sent = pair.call(1);
    pair.session.disconnected(pair.now);
    pair.session.cancel(pair.now, 1);
    let sent_then = pair.connect();
    let req_msg_id = sent.msg_id.0;
    assert_eq!(
        sent_then[0].service(),
        Service::RpcDropAnswer { req_msg_id }
    );
    pair.answer(sent.msg_id, &RESULT);
    assert_eq!(pair.outcomes(), []);
    assert_eq!(pair.count(Count::UnknownAnswer), 0);
}
