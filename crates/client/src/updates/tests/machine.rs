//! What the simulation does not look at: patience, silence, bounds, strangers.

use std::collections::HashSet;
use std::time::Duration;

use bytes::Bytes;
use madeline_tl::{Schema, Value, boxed_from_bytes, boxed_to_bytes, object};

use crate::updates::machine::{Ask, Machine, Update};
use crate::updates::read::{self, Difference, Plan, State};

const SECOND: Duration = Duration::from_secs(1);
const BEGIN: State = State {
    pts: 10,
    qts: 0,
    date: 1,
    seq: 0,
};

struct Test {
    machine: Machine,
    plan: Plan,
    now: Duration,
    strangers: bool,
}

impl Test {
    /// A machine that knows its state.
    fn begin() -> Test {
        let mut machine = Machine::new(Duration::ZERO);
        assert_eq!(machine.ask(), Some(Ask::State));
        machine.state(Duration::ZERO, BEGIN);
        Test {
            machine,
            plan: Plan::new(Schema::api()),
            now: Duration::ZERO,
            strangers: false,
        }
    }

    fn receive(&mut self, object: &Value) {
        let schema = Schema::api();
        let bytes = boxed_to_bytes(schema, object).unwrap().into();
        let container = read::container(schema, &self.plan, &bytes, Some(1), None);
        let known = !self.strangers;
        self.machine.receive(self.now, container, &mut |_| known);
    }

    fn wait(&mut self, duration: Duration) {
        self.now += duration;
        self.machine.tick(self.now);
    }

    /// The ids of the messages that are delivered now.
    fn delivered(&mut self) -> Vec<i64> {
        let mut ids = Vec::new();
        while let Some(ready) = self.machine.pop() {
            let Some(update) = ready.update else { continue };
            let bytes = update.into_bytes(Schema::api());
            let update = boxed_from_bytes(Schema::api(), &bytes).unwrap();
            ids.push(update.get("message").int("id").unwrap());
        }
        ids
    }
}

fn private(pts: i32) -> Value {
    let user = object!("peerUser", user_id: 7_i64);
    let message = object!("message", id: pts, peer_id: user, date: 1, message: "text");
    let update = object!("updateNewMessage", message: message, pts: pts, pts_count: 1);
    object!("updateShort", update: update, date: 1)
}

fn in_channel(pts: i32) -> Value {
    let place = object!("peerChannel", channel_id: 77_i64);
    let message = object!("message", id: pts, peer_id: place, date: 1, message: "text");
    let update = object!("updateNewChannelMessage", message: message, pts: pts, pts_count: 1);
    object!("updateShort", update: update, date: 1)
}

fn missed(from: i32, to: i32) -> Difference {
    let messages: Vec<Value> = (from..=to)
        .map(|pts| private(pts).get("update").get("message").clone())
        .collect();
    let nothing: Vec<Value> = Vec::new();
    let state = object!("updates.state", pts: to, qts: 0, date: 2, seq: 0, unread_count: 0);
    let difference = object!("updates.difference",
        new_messages: messages, new_encrypted_messages: nothing.clone(),
        other_updates: nothing.clone(), chats: nothing.clone(), users: nothing, state: state);
    let schema = Schema::api();
    let bytes: Bytes = boxed_to_bytes(schema, &difference).unwrap().into();
    read::difference(schema, &Plan::new(schema), &bytes).unwrap()
}

#[test]
fn an_early_update_waits_half_a_second_for_the_missing_one() {
    let mut test = Test::begin();
    test.receive(&private(12));
    test.wait(SECOND / 4);
    assert_eq!((test.delivered(), test.machine.ask()), (vec![], None));
    test.receive(&private(11));
    assert_eq!(test.delivered(), [11, 12]);
    test.wait(SECOND);
    assert_eq!(test.machine.ask(), None);

    test.receive(&private(14));
    test.wait(SECOND / 2);
    let asked = State { pts: 12, ..BEGIN };
    assert_eq!(test.machine.ask(), Some(Ask::Difference(asked)));
    // What comes meanwhile waits for the answer.
    test.receive(&private(15));
    assert!(test.delivered().is_empty());
    test.machine.difference(test.now, missed(13, 14), 1);
    assert_eq!(test.delivered(), [13, 14, 15]);
}

#[test]
fn a_message_that_names_a_stranger_waits_for_the_difference_once() {
    let mut test = Test::begin();
    test.strangers = true;
    test.receive(&private(11));
    assert!(test.delivered().is_empty());
    assert_eq!(test.machine.ask(), Some(Ask::Difference(BEGIN)));
    test.machine.difference(test.now, missed(11, 11), 0);
    assert_eq!(test.delivered(), [11]);
    // The difference did not make him known, and would not a second time.
    test.receive(&private(12));
    assert_eq!(test.delivered(), [12]);
    assert_eq!(test.machine.ask(), None);
}

#[test]
fn a_channel_begins_with_its_first_update_and_not_with_its_history() {
    let mut test = Test::begin();
    test.receive(&in_channel(5000));
    assert_eq!(test.delivered(), [5000]);
    test.receive(&in_channel(5002));
    test.wait(SECOND);
    let asked = Ask::ChannelDifference { id: 77, pts: 5000 };
    assert_eq!(test.machine.ask(), Some(asked));
    test.machine.channel_is_gone(77);
    assert_eq!(test.delivered(), [5002]);
    // The same again is old; a new one begins anew.
    test.receive(&in_channel(5002));
    test.receive(&in_channel(6000));
    assert_eq!(test.delivered(), [6000]);
}

fn unseen_is_named(test: &mut Test, pts: i32) -> Ask {
    let named = object!("updateChannelTooLong", channel_id: 77_i64, pts: pts);
    let nothing: Vec<Value> = Vec::new();
    let state = object!("updates.state", pts: 10, qts: 0, date: 50, seq: 0, unread_count: 0);
    let difference = object!("updates.difference",
        new_messages: nothing.clone(), new_encrypted_messages: nothing.clone(),
        other_updates: vec![named], chats: nothing.clone(), users: nothing, state: state);
    let schema = Schema::api();
    let bytes: Bytes = boxed_to_bytes(schema, &difference).unwrap().into();
    let difference = read::difference(schema, &Plan::new(schema), &bytes).unwrap();
    test.receive(&object!("updatesTooLong"));
    assert!(matches!(test.machine.ask(), Some(Ask::Difference(_))));
    test.machine.difference(test.now, difference, 0);
    test.machine.ask().unwrap()
}

fn channel_messages(dates: &[(i32, i32)]) -> Vec<Value> {
    let place = object!("peerChannel", channel_id: 77_i64);
    let message = |(id, date): &(i32, i32)| object!("message", id: *id, peer_id: place.clone(), date: *date, message: "");
    dates.iter().map(message).collect()
}

fn answer(test: &mut Test, value: &Value) {
    let schema = Schema::api();
    let bytes: Bytes = boxed_to_bytes(schema, value).unwrap().into();
    let answer = read::channel_difference(schema, &Plan::new(schema), &bytes).unwrap();
    test.machine.channel_difference(test.now, 77, &answer, 0);
}

#[test]
fn of_a_channel_that_was_never_seen_the_difference_brings_what_was_sent_meanwhile() {
    let nothing: Vec<Value> = Vec::new();
    // In slices; what is older than the difference is history.
    let mut test = Test::begin();
    let asked = unseen_is_named(&mut test, 900);
    assert_eq!(asked, Ask::ChannelDifference { id: 77, pts: 1 });
    test.receive(&in_channel(901));
    for (last, pts, dates) in [
        (false, 890, vec![(3, 0)]),
        (true, 900, vec![(4, 0), (5, 20)]),
    ] {
        let slice = object!("updates.channelDifference",
            final: last, pts: pts, timeout: 30, new_messages: channel_messages(&dates),
            other_updates: nothing.clone(), chats: nothing.clone(), users: nothing.clone());
        answer(&mut test, &slice);
        let more = test.machine.ask();
        assert_eq!(more.is_some(), !last);
    }
    assert_eq!(test.delivered(), [5, 901]);
    // Too long: the newest messages.
    let mut test = Test::begin();
    unseen_is_named(&mut test, 900);
    let notify = object!("peerNotifySettings");
    let dialog = object!("dialog",
        peer: object!("peerChannel", channel_id: 77_i64), top_message: 1, read_inbox_max_id: 0,
        read_outbox_max_id: 0, unread_count: 0, unread_mentions_count: 0,
        unread_reactions_count: 0, unread_poll_votes_count: 0, notify_settings: notify, pts: 900);
    let too_long = object!("updates.channelDifferenceTooLong",
        final: true, dialog: dialog, messages: channel_messages(&[(7, 0), (8, 30), (9, 31)]),
        chats: nothing.clone(), users: nothing.clone());
    answer(&mut test, &too_long);
    assert_eq!(test.delivered(), [8, 9]);
    // A push says nothing of a date: such a channel begins with its first update.
    let mut test = Test::begin();
    let named = object!("updateChannelTooLong", channel_id: 77_i64);
    test.receive(&object!("updateShort", update: named, date: 1));
    assert_eq!(test.machine.ask(), None);
}

#[test]
fn a_channel_that_is_subscribed_to_is_asked_about_again_and_again() {
    let mut test = Test::begin();
    test.machine.subscribe(test.now, 77);
    let nothing: Vec<Value> = Vec::new();
    let first = object!("updates.channelDifference",
        final: true, pts: 900, timeout: 30, new_messages: channel_messages(&[(4, 0), (5, 1)]),
        other_updates: nothing.clone(), chats: nothing.clone(), users: nothing.clone());
    assert_eq!(
        test.machine.ask(),
        Some(Ask::ChannelDifference { id: 77, pts: 1 })
    );
    answer(&mut test, &first);
    // What is older than the account's state is history.
    assert_eq!(test.delivered(), [5]);
    assert_eq!(
        (test.machine.ask(), test.machine.deadline()),
        (None, SECOND * 30)
    );
    for _ in 0..2 {
        test.wait(SECOND * 30);
        assert_eq!(
            test.machine.ask(),
            Some(Ask::ChannelDifference { id: 77, pts: 900 })
        );
        let empty = object!("updates.channelDifferenceEmpty", final: true, pts: 900);
        answer(&mut test, &empty);
        assert_eq!(test.machine.ask(), None);
    }
    test.wait(SECOND * 30);
    test.machine.channel_is_gone(77);
    // It may come back.
    test.wait(SECOND * 30);
    assert!(test.machine.ask().is_some());
}

#[test]
fn long_silence_is_a_reason_to_ask() {
    let mut test = Test::begin();
    test.wait(SECOND * 600);
    test.receive(&private(11));
    test.wait(SECOND * 600);
    assert_eq!(test.machine.ask(), None);
    assert_eq!(test.machine.deadline(), SECOND * 1500);
    test.wait(SECOND * 300);
    let asked = State { pts: 11, ..BEGIN };
    assert_eq!(test.machine.ask(), Some(Ask::Difference(asked)));
}

#[test]
fn what_waits_is_bounded() {
    let mut test = Test::begin();
    for pts in 0..10_000 {
        test.receive(&private(12 + pts));
        test.receive(&in_channel(1));
        test.receive(&in_channel(3 + pts));
    }
    assert!(matches!(test.machine.ask(), Some(Ask::Difference(_))));
    assert!(matches!(
        test.machine.ask(),
        Some(Ask::ChannelDifference { .. })
    ));
    // What was dropped is in the difference; the newest wait.
    test.machine.difference(test.now, missed(11, 11), 0);
    let delivered = test.delivered();
    assert!(delivered.len() < 5000, "{}", delivered.len());
}

#[test]
fn an_answer_that_does_not_lead_on_is_the_last() {
    let mut test = Test::begin();
    test.receive(&object!("updatesTooLong"));
    assert_eq!(test.machine.ask(), Some(Ask::Difference(BEGIN)));
    let Difference::Missed { batch, .. } = missed(11, 10) else {
        panic!("it is one");
    };
    let slice = Difference::Missed {
        batch,
        state: Some(BEGIN),
        more: true,
    };
    test.machine.difference(test.now, slice, 0);
    assert_eq!(test.machine.ask(), None);
}

/// The identities of what is delivered now.
fn identities(test: &mut Test) -> Vec<u64> {
    let mut all = Vec::new();
    while let Some(ready) = test.machine.pop() {
        all.extend(ready.update.as_ref().map(Update::identity));
    }
    all
}

#[test]
fn an_update_is_recognized_in_a_difference_and_no_other_is_taken_for_it() {
    let schema = Schema::api();
    let none: Vec<Value> = Vec::new();
    let secret = |random: i64| {
        object!("encryptedMessageService",
            random_id: random, chat_id: 3, date: 1, bytes: Value::from(&b"sealed"[..]))
    };
    let user = || object!("peerUser", user_id: 7_i64);
    // In a difference a message has been seen by more people than when it was pushed.
    let message = |views: i32| object!("message", id: 5, peer_id: user(), date: 1, message: "text", views: views, forwards: 0);
    let deleted = |pts: i32| object!("updateDeleteMessages", messages: vec![Value::from(5)], pts: pts, pts_count: 1);
    let stopped =
        |qts: i32| object!("updateBotStopped", user_id: 7_i64, date: 1, stopped: true, qts: qts);
    let read = |id: i32| object!("updateReadHistoryInbox", peer: user(), max_id: id, still_unread_count: 0, pts: 13, pts_count: 0);
    let mut pushed = Test::begin();
    for update in [
        object!("updateNewMessage", message: message(1), pts: 11, pts_count: 1),
        deleted(12),
        deleted(13),
        read(1),
        read(2),
        object!("updateNewEncryptedMessage", message: secret(1), qts: 1),
        stopped(2),
        stopped(3),
    ] {
        pushed.receive(&object!("updateShort", update: update, date: 1));
    }
    let pushed = identities(&mut pushed);
    let mut missed = Test::begin();
    missed.receive(&object!("updatesTooLong"));
    let state = object!("updates.state", pts: 13, qts: 3, date: 2, seq: 0, unread_count: 0);
    let difference = object!("updates.difference",
        new_messages: vec![message(2)], new_encrypted_messages: vec![secret(1)],
        other_updates: vec![deleted(12), deleted(13), read(1), read(2), stopped(2), stopped(3)],
        chats: none.clone(), users: none, state: state);
    let bytes: Bytes = boxed_to_bytes(schema, &difference).unwrap().into();
    let difference = read::difference(schema, &missed.plan, &bytes).unwrap();
    assert_eq!(missed.machine.ask(), Some(Ask::Difference(BEGIN)));
    missed.machine.difference(missed.now, difference, 1);
    let missed = identities(&mut missed);
    let all: HashSet<u64> = pushed.iter().copied().collect();
    assert_eq!((pushed.len(), all.len()), (8, 8));
    assert_eq!(missed.iter().copied().collect::<HashSet<u64>>(), all);
}
