//! Which messages of the server are accepted: one test for each check, and what is accepted beside it.

use super::*;

fn sealed(header: Header, body: &[u8]) -> Vec<u8> {
    envelope::encrypt(&key(), Side::Server, header, body, &mut zeros).bytes
}

fn header(msg_id: MsgId) -> Header {
    Header {
        salt: SALT,
        session_id: SESSION,
        msg_id,
        seq_no: 1,
    }
}

fn at(seconds: i64) -> MsgId {
    let time = Duration::from_secs((NOW.as_secs() as i64 + seconds) as u64);
    MsgId::at(time, Origin::ServerNotice)
}

#[test]
fn an_update_is_accepted_and_acknowledged() {
    let mut pair = Pair::new();
    let msg_id = pair.say(&UPDATE);
    assert_eq!(pair.events(), [Event::Object(Bytes::from_static(&UPDATE))]);
    let sent = pair.wait(1);
    assert_eq!(
        sent[0].service(),
        Service::MsgsAck {
            msg_ids: vec![msg_id.0]
        }
    );
    assert_eq!(pair.session.violations().total(), 0);
}

#[test]
fn a_message_of_another_key_closes_the_connection() {
    let mut pair = Pair::new();
    let other = AuthKey::from_bytes([7; 256]);
    let frame = envelope::encrypt(&other, Side::Server, header(at(0)), &UPDATE, &mut zeros).bytes;
    let error = pair.session.receive(NOW, frame).unwrap_err();
    assert_eq!(error.count(), Count::AuthKeyId);
    assert_eq!(pair.count(Count::AuthKeyId), 1);
    assert!(error.to_string().contains("authorization key"), "{error}");
}

#[test]
fn a_changed_message_closes_the_connection() {
    let mut pair = Pair::new();
    let mut frame = sealed(header(at(0)), &UPDATE);
    frame[40] ^= 1;
    let error = pair.session.receive(NOW, frame).unwrap_err();
    assert_eq!(error.count(), Count::MsgKey);
    assert!(pair.events().is_empty());
}

#[test]
fn a_message_of_the_client_itself_closes_the_connection() {
    let mut pair = Pair::new();
    pair.request(1, false);
    let mut frames = Vec::new();
    pair.session.flush(NOW, &mut zeros, &mut frames);
    let error = pair.session.receive(NOW, frames.remove(0)).unwrap_err();
    assert_eq!(error.count(), Count::MsgKey);
}

#[test]
fn frames_of_impossible_length_close_the_connection() {
    let mut pair = Pair::new();
    for len in [0, 4, 24, 71, 73] {
        let mut frame = key().id().to_le_bytes().to_vec();
        frame.resize(len, 0);
        let error = pair.session.receive(NOW, frame).unwrap_err();
        assert_eq!(error.count(), Count::FrameLength);
    }
}

#[test]
fn a_message_of_another_session_closes_the_connection() {
    let mut pair = Pair::new();
    let other = Header {
        session_id: 78,
        ..header(at(0))
    };
    let error = pair
        .session
        .receive(NOW, sealed(other, &UPDATE))
        .unwrap_err();
    assert_eq!(error.count(), Count::SessionId);
    assert!(pair.events().is_empty());
}

#[test]
fn identifiers_of_clients_close_the_connection() {
    for low_bits in [0, 2] {
        let mut pair = Pair::new();
        let msg_id = MsgId(at(0).0 & !3 | low_bits);
        let error = pair.deliver(msg_id, 1, &UPDATE).unwrap_err();
        assert_eq!(error.count(), Count::Origin);
        let inner = [(MsgId(msg_id.0 - 400), 1, UPDATE.to_vec())];
        assert_eq!(pair.contain(&inner).unwrap_err().count(), Count::Origin);
        assert!(pair.events().is_empty());
    }
}

#[test]
fn messages_older_than_300_seconds_close_the_connection() {
    let mut pair = Pair::new();
    assert_eq!(pair.deliver(at(-300), 1, &UPDATE), Ok(()));
    let error = pair.deliver(at(-301), 1, &UPDATE).unwrap_err();
    assert_eq!(error.count(), Count::TooOld);
    assert_eq!(
        error.to_string(),
        "expected a message at most 300 seconds old at 1700000000, got one of 1699999699"
    );
    assert_eq!(pair.events().len(), 1);
}

#[test]
fn messages_more_than_30_seconds_ahead_close_the_connection() {
    let mut pair = Pair::new();
    assert_eq!(pair.deliver(at(30), 1, &UPDATE), Ok(()));
    let error = pair.deliver(at(31), 1, &UPDATE).unwrap_err();
    assert_eq!(error.count(), Count::TooNew);
    assert_eq!(pair.events().len(), 1);
}

#[test]
fn messages_in_containers_may_be_old_but_not_newer_than_the_container() {
    let mut pair = Pair::new();
    let old = vec![(at(-5000), 1, UPDATE.to_vec())];
    assert_eq!(pair.contain(&old), Ok(()));
    assert_eq!(pair.events().len(), 1);
    let newer = vec![(at(20), 1, UPDATE.to_vec())];
    let error = pair.contain(&newer).unwrap_err();
    assert!(matches!(error, Violation::ContainerOrder { .. }), "{error}");
    assert!(pair.events().is_empty());
}

#[test]
fn a_repeated_message_is_dropped_and_acknowledged_again() {
    let mut pair = Pair::new();
    let msg_id = pair.say(&UPDATE);
    pair.wait(1);
    assert_eq!(pair.events().len(), 1);
    pair.deliver(msg_id, 1, &UPDATE).unwrap();
    pair.contain(&[(msg_id, 1, UPDATE.to_vec())]).unwrap();
    assert_eq!(pair.events(), []);
    assert_eq!(pair.count(Count::Repeated), 2);
    let sent = pair.wait(1);
    let msg_ids = vec![msg_id.0; 2];
    assert_eq!(sent[0].service(), Service::MsgsAck { msg_ids });
}

#[test]
fn a_repeated_frame_is_dropped() {
    let mut pair = Pair::new();
    let inner = pair.next_id(Origin::ServerNotice);
    let outer = pair.next_id(Origin::ServerNotice);
    let body = packed(&[(inner, 1, UPDATE.to_vec())]);
    pair.deliver(outer, 2, &body).unwrap();
    pair.deliver(outer, 2, &body).unwrap();
    assert_eq!(pair.events().len(), 1);
    assert_eq!(pair.count(Count::Repeated), 1);
}

#[test]
fn a_message_twice_in_a_container_counts_once() {
    let mut pair = Pair::new();
    let inner = pair.next_id(Origin::ServerNotice);
    let message = (inner, 1, UPDATE.to_vec());
    pair.contain(&[message.clone(), message]).unwrap();
    assert_eq!(pair.events().len(), 1);
}

#[test]
fn messages_below_those_that_are_remembered_are_not_trusted() {
    let mut pair = Pair::new();
    let early = pair.next_id(Origin::ServerNotice);
    for _ in 0..seen::KEPT {
        pair.say(&UPDATE);
    }
    assert_eq!(pair.deliver(early, 1, &UPDATE), Ok(()), "just remembered");
    pair.say(&UPDATE);
    pair.say(&UPDATE);
    pair.events();
    let error = pair.deliver(MsgId(early.0 - 4), 1, &UPDATE).unwrap_err();
    assert_eq!(error.count(), Count::Forgotten);
    assert_eq!(pair.events(), []);

    // In a container it may be one that the server repeats: it can't be told from a repetition.
    pair.wait(1);
    pair.contain(&[(early, 1, UPDATE.to_vec())]).unwrap();
    assert_eq!(pair.events(), [Event::Gap]);
    assert_eq!(pair.count(Count::Unverifiable), 1);
    let msg_ids = vec![early.0];
    assert_eq!(pair.wait(1)[0].service(), Service::MsgsAck { msg_ids });
}

#[test]
fn containers_that_break_the_rules_close_the_connection() {
    let inner = |pair: &mut Pair| (pair.next_id(Origin::ServerNotice), 1, UPDATE.to_vec());
    let mut pair = Pair::new();
    let good = packed(&[inner(&mut pair)]);
    let nested = packed(&[(pair.next_id(Origin::ServerNotice), 0, good.clone())]);
    let many: Vec<_> = (0..1021).map(|_| inner(&mut pair)).collect();
    let mut short = good.clone();
    short.truncate(good.len() - 4);
    let mut long = good.clone();
    long.extend([0; 4]);
    let packed_container = gzipped(&good.repeat(20));
    for body in [nested, packed(&many), short, long, packed_container] {
        let msg_id = pair.next_id(Origin::ServerNotice);
        let error = pair.deliver(msg_id, 2, &body).unwrap_err();
        assert_eq!(error.count(), Count::Container, "{error}");
        assert!(pair.events().is_empty());
    }
    pair.contain(&many[..1020]).unwrap();
    assert_eq!(pair.events().len(), 1020);
}

#[test]
fn nothing_of_a_bad_container_counts() {
    let mut pair = Pair::new();
    let good = (pair.next_id(Origin::ServerNotice), 1, UPDATE.to_vec());
    let ahead = (at(25), 3, UPDATE.to_vec());
    pair.contain(&[good.clone(), ahead]).unwrap_err();
    assert!(pair.events().is_empty());
    pair.contain(&[good]).unwrap();
    assert_eq!(pair.events().len(), 1);
}

#[test]
fn packed_updates_are_unpacked_within_the_limit() {
    let mut pair = Pair::with(Config {
        max_inflated: 1000,
        ..Config::default()
    });
    let update = UPDATE.repeat(100);
    pair.say(&gzipped(&update));
    assert_eq!(pair.events(), [Event::Object(update.into())]);
    pair.say(&gzipped(&UPDATE.repeat(1000)));
    assert_eq!(pair.events(), [Event::Gap]);
    pair.say(&gzipped(&gzipped(&UPDATE.repeat(200)).repeat(2)));
    assert_eq!(pair.events(), [Event::Gap]);
    assert_eq!(pair.count(Count::Unpackable), 1);
    assert_eq!(pair.count(Count::Malformed), 1);
}

#[test]
fn the_limit_is_for_all_packed_data_of_an_envelope() {
    let mut pair = Pair::with(Config {
        max_inflated: 1000,
        ..Config::default()
    });
    let update = gzipped(&UPDATE.repeat(150));
    let messages: Vec<_> = (0..10)
        .map(|_| (pair.next_id(Origin::ServerNotice), 1, update.clone()))
        .collect();
    pair.contain(&messages).unwrap();
    assert_eq!(pair.count(Count::Unpackable), 9);
    assert_eq!(pair.events().len(), 2, "an update and a gap");
}
