//! What the server refuses: salts, times, numbers.

use super::*;

fn bad_salt(pair: &mut Pair, sent: MsgId, new_server_salt: i64) {
    pair.tell(&Service::BadServerSalt {
        bad_msg_id: sent.0,
        bad_msg_seqno: 1,
        error_code: bad_msg::SALT,
        new_server_salt,
    })
    .unwrap();
}

fn without_clock_and_salts(skew: i64) -> Pair {
    let mut pair = Pair::unconnected(Config::default());
    let clock = ServerClock::stored(0);
    pair.session = Session::new(key(), SESSION, clock, Vec::new(), Config::default());
    pair.skew = skew;
    pair
}

#[test]
fn a_wrong_salt_is_replaced_and_the_call_sent_again() {
    let mut pair = Pair::new();
    let first = pair.call(1);
    assert_eq!(first.salt, SALT);
    bad_salt(&mut pair, first.msg_id, 99);
    assert!(matches!(&pair.events()[..], [Event::Salts(salts)] if salts[0].salt == 99));
    let second = pair.the_query();
    assert_eq!(second.salt, 99);
    assert!(second.msg_id > first.msg_id);
    pair.answer(first.msg_id, &RESULT);
    assert_eq!(pair.outcomes(), [], "it was refused");
    pair.answer(second.msg_id, &RESULT);
    assert_eq!(pair.outcomes(), [result(1)]);
}

#[test]
fn a_refused_container_is_sent_again_in_its_order() {
    let mut pair = Pair::new();
    for id in 0..50 {
        pair.session.send(
            NOW,
            Request {
                id,
                body: [QUERY, (id as u32).to_le_bytes()].concat().into(),
                repeatable: false,
            },
        );
    }
    let sent = pair.sent();
    bad_salt(&mut pair, sent[0].envelope, 99);
    let again = pair.sent();
    let calls: Vec<_> = again
        .iter()
        .filter(|sent| sent.body.starts_with(&QUERY))
        .map(|sent| sent.body[4])
        .collect();
    assert_eq!(calls, (0..50).collect::<Vec<u8>>());
}

#[test]
fn a_refusal_of_an_envelope_that_was_replaced_does_not_count() {
    let mut pair = Pair::new();
    let first = pair.call(1);
    let question = pair.reconnect();
    pair.tell_state(&question, 2);
    let again = pair.the_query();
    assert_eq!(again.msg_id, first.msg_id);
    bad_salt(&mut pair, first.msg_id, SALT);
    assert!(
        pair.queries().is_empty(),
        "the second copy may have been taken"
    );
    assert_eq!(pair.count(Count::UnknownAnswer), 1);
    // The second copy's own envelope: the first copy may have been taken meanwhile, which the server knows.
    bad_salt(&mut pair, again.envelope, 99);
    let question = pair.sent();
    assert_eq!(asked(&question).1, [first.msg_id.0]);
    pair.tell_state(&question, 2);
    let third = pair.the_query();
    assert_eq!((third.msg_id, third.salt), (first.msg_id, 99));
}

#[test]
fn a_refusal_over_another_connection_may_be_that_of_a_copy() {
    let mut pair = Pair::new();
    let sent = pair.call(1);
    pair.reconnect();
    // Somebody repeated the envelope, which was taken, after the salt had changed.
    bad_salt(&mut pair, sent.envelope, 99);
    let then = pair.sent();
    assert!(!then.iter().any(is_query));
    assert_eq!(asked(&then).1, [sent.msg_id.0]);
    pair.answer(sent.msg_id, &RESULT);
    assert_eq!(pair.outcomes(), [result(1)]);
}

#[test]
fn salts_are_believed_only_in_answers() {
    let mut pair = Pair::new();
    bad_salt(&mut pair, MsgId(4), 99);
    assert_eq!(pair.call(1).salt, SALT);
    pair.tell(&Service::FutureSalts {
        req_msg_id: 4,
        now: 0,
        salts: vec![FutureSalt {
            valid_since: 0,
            valid_until: i32::MAX,
            salt: 98,
        }],
    })
    .unwrap();
    assert_eq!(pair.call(2).salt, SALT);
    assert_eq!(pair.count(Count::UnknownAnswer), 2);
}

#[test]
fn the_salt_of_the_hour_is_used() {
    let mut pair = Pair::new();
    for (after, expected) in [(0, SALT), (1900, SALT + 1), (3600, SALT + 3)] {
        pair.pass(after);
        assert_eq!(pair.call(after).salt, expected);
    }
}

#[test]
fn salts_are_fetched_before_they_run_out() {
    let mut pair = without_clock_and_salts(0);
    pair.session.connected(NOW);
    let sent = pair.sent();
    let request = sent
        .iter()
        .find(|sent| matches!(sent.service(), Service::GetFutureSalts { num: 32 }))
        .unwrap();
    assert_eq!(request.salt, 0);
    pair.pong(sent.iter().find(|sent| is_ping(sent)).unwrap());
    let answer = Service::FutureSalts {
        req_msg_id: request.msg_id.0,
        now: NOW.as_secs() as i32,
        salts: salts(),
    };
    pair.tell(&answer).unwrap();
    assert!(pair.events().contains(&Event::Salts(salts())));
    assert_eq!(pair.call(1).salt, SALT);
    pair.now += seconds(1800 * 5);
    let sent = pair.wait(0);
    assert!(sent.iter().any(|sent| matches!(
        Service::read(&sent.body),
        Body::Service(Service::GetFutureSalts { .. })
    )));
}

#[test]
fn a_server_that_gives_no_salts_is_not_asked_all_the_time() {
    let mut pair = without_clock_and_salts(0);
    pair.session.connected(NOW);
    let mut questions = 0;
    for _ in 0..30 {
        let sent = pair.wait(60);
        for sent in sent {
            match sent.service() {
                Service::GetFutureSalts { .. } => {
                    questions += 1;
                    let answer = Service::FutureSalts {
                        req_msg_id: sent.msg_id.0,
                        now: 0,
                        salts: Vec::new(),
                    };
                    pair.tell(&answer).unwrap();
                }
                Service::PingDelayDisconnect { .. } => pair.pong(&sent),
                other => panic!("{other:?}"),
            }
        }
    }
    assert!((2..=4).contains(&questions), "{questions}");
}

#[test]
fn before_the_clock_is_known_no_age_is_checked() {
    let mut pair = without_clock_and_salts(7200);
    pair.session.connected(NOW);
    pair.say(&UPDATE);
    assert!(!pair.session.clock().is_known());
    assert_eq!(pair.events().len(), 1);
}

#[test]
fn the_answer_to_a_ping_tells_the_time() {
    let mut pair = without_clock_and_salts(7200);
    pair.connect();
    assert!(pair.session.clock().is_known());
    assert_eq!(pair.events(), [Event::ClockOffset(7200)]);
    let sent = pair.call(1);
    assert_eq!(sent.msg_id.seconds() - NOW.as_secs() as i64, 7200);
    let stale = MsgId::at(NOW, Origin::ServerNotice);
    assert!(pair.deliver(stale, 1, &UPDATE).is_err());
}

#[test]
fn messages_that_answer_nothing_do_not_tell_the_time() {
    let mut pair = without_clock_and_salts(-7200);
    pair.session.connected(NOW);
    let first = pair.call(1);
    pair.session.disconnected(NOW);
    pair.session.connected(NOW);
    pair.sent();
    pair.say(&UPDATE);
    pair.answer(MsgId(4), &RESULT);
    pair.tell(&Service::Pong {
        msg_id: 4,
        ping_id: 4,
    })
    .unwrap();
    pair.refuse(MsgId(4), bad_msg::ID_TOO_HIGH).unwrap();
    // Of an earlier connection: it may have been held back.
    pair.answer(first.msg_id, &RESULT);
    assert_eq!(pair.outcomes(), [result(1)]);
    assert_eq!(pair.session.clock(), ServerClock::stored(0));
}

#[test]
fn a_clock_that_is_behind_is_set_and_the_call_sent_again() {
    let mut pair = without_clock_and_salts(7200);
    pair.session.connected(NOW);
    let first = pair.call(1);
    pair.refuse(first.envelope, bad_msg::ID_TOO_LOW).unwrap();
    assert!(pair.events().contains(&Event::ClockOffset(7200)));
    let sent = pair.sent();
    assert!(sent.iter().any(is_ping), "it was refused with the call");
    let second = sent.iter().find(|sent| is_query(sent)).unwrap();
    assert_eq!(second.msg_id.seconds() - NOW.as_secs() as i64, 7200);
}

#[test]
fn a_clock_that_is_ahead_is_set_and_identifiers_begin_anew() {
    let mut pair = without_clock_and_salts(-7200);
    pair.session.connected(NOW);
    let first = pair.call(1);
    pair.refuse(first.envelope, bad_msg::ID_TOO_HIGH).unwrap();
    let second = pair.the_query();
    assert_eq!(second.msg_id.seconds() - NOW.as_secs() as i64, -7200);
    assert_eq!(pair.session.session_id(), SESSION);
    pair.answer(second.msg_id, &RESULT);
    assert_eq!(pair.outcomes(), [result(1)]);
}

#[test]
fn a_session_in_use_whose_identifiers_are_too_high_is_replaced() {
    let mut pair = Pair::new();
    let known = pair.call(1);
    pair.call(2);
    let created = Service::NewSessionCreated {
        first_msg_id: known.msg_id.0,
        unique_id: 1,
        server_salt: SALT,
    };
    pair.say(&created.to_bytes());
    pair.events();
    let refused = pair.call(3);
    let error = pair
        .refuse(refused.envelope, bad_msg::ID_TOO_HIGH)
        .unwrap_err();
    assert_eq!(error, Violation::OutOfStep { code: 17 });
    pair.session.disconnected(NOW);
    pair.session.connected(NOW);
    let sent = pair.queries();
    assert_ne!(pair.session.session_id(), SESSION);
    assert_eq!(sent.len(), 1, "the one that was refused");
    assert_eq!(
        pair.events(),
        [
            unknown(1, Cause::SessionReplaced),
            unknown(2, Cause::SessionReplaced),
            Event::Gap
        ]
    );
    pair.answer(sent[0].msg_id, &RESULT);
    assert_eq!(pair.outcomes(), [result(3)]);
}

#[test]
fn a_message_out_of_time_makes_the_clock_doubtful_until_the_next_answer() {
    let mut pair = Pair::new();
    // The local clock was set back, or the computer slept.
    pair.now += seconds(3600);
    pair.skew = -3600;
    let update = pair.next_id(Origin::ServerNotice);
    let error = pair.deliver(update, 1, &UPDATE).unwrap_err();
    assert_eq!(error.count(), Count::TooOld);
    assert!(!pair.session.clock().is_known());
    pair.reconnect();
    assert_eq!(pair.session.clock(), ServerClock::known(-3600));
    pair.say(&UPDATE);
}

#[test]
fn numbers_out_of_order_are_corrected_once_and_then_the_session_is_replaced() {
    let mut pair = Pair::new();
    let first = pair.call(1);
    pair.refuse(first.msg_id, bad_msg::SEQ_NO_TOO_LOW).unwrap();
    let second = pair.the_query();
    assert!(second.seq_no > first.seq_no + 100);
    let error = pair.refuse(second.msg_id, bad_msg::SEQ_NO_TOO_LOW);
    assert_eq!(error, Err(Violation::OutOfStep { code: 32 }));
    pair.session.disconnected(NOW);
    pair.session.connected(NOW);
    let third = pair.the_query();
    assert_ne!(pair.session.session_id(), SESSION);
    pair.answer(third.msg_id, &RESULT);
    assert_eq!(pair.outcomes(), [result(1)]);
}

#[test]
fn a_refused_container_leads_to_messages_of_their_own() {
    let mut pair = Pair::new();
    pair.request(1, false);
    pair.request(2, false);
    let sent = pair.queries();
    pair.refuse(sent[0].envelope, bad_msg::CONTAINER).unwrap();
    let again = pair.queries();
    assert_eq!(again.len(), 2);
    assert!(again.iter().all(|sent| !sent.in_container()));
}

#[test]
fn a_call_that_is_refused_again_and_again_fails() {
    for code in [18, 19, 34, 35, 48, 64, 77] {
        let mut pair = Pair::new();
        let mut sent = pair.call(1);
        let mut refusals = 0;
        let outcomes = loop {
            pair.refuse(sent.msg_id, code).unwrap();
            refusals += 1;
            match pair.queries().pop() {
                Some(again) => sent = again,
                None => break pair.outcomes(),
            }
        };
        let why = Failure::Refused(code);
        assert_eq!(outcomes, [Event::Failed { id: 1, why }]);
        assert!((3..20).contains(&refusals));
    }
}

#[test]
fn a_server_that_refuses_everything_is_not_asked_for_ever() {
    let mut pair = Pair::new();
    for id in 0.. {
        let sent = pair.call(id);
        match pair.refuse(sent.msg_id, bad_msg::SALT) {
            Ok(()) => pair.session.cancel(NOW, id),
            Err(error) => {
                assert_eq!(error, Violation::OutOfStep { code: 48 });
                break;
            }
        }
        assert!(id < 100);
    }
}

#[test]
fn refusals_of_what_was_under_way_together_count_once() {
    let mut pair = Pair::new();
    let sent: Vec<_> = (0..100).map(|id| pair.call(id)).collect();
    for sent in &sent {
        bad_salt(&mut pair, sent.msg_id, 99);
    }
    assert_eq!(pair.queries().len(), 100);
}
