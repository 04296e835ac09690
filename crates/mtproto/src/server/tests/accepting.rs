//! Which messages are accepted, and the code with which others are refused.

use super::*;

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
