//! The server's side: logs of what happened, what is pushed of it, and what the differences say.

use std::collections::BTreeMap;

use bytes::Bytes;
use madeline_tl::{Schema, Ty, Value, boxed_to_bytes, object, to_bytes};

use super::Chance;
use crate::updates::read::State;

/// The account, its `qts` and its `seq` among the keys of logs; the others are channels.
pub(super) const ACCOUNT: i64 = 0;
pub(super) const QTS: i64 = -1;
pub(super) const SEQ: i64 = -2;
/// Users below this are known from the start.
pub(super) const STRANGERS: i64 = 1000;
const USER: i64 = 7;

/// Something that happened.
#[derive(Clone, Debug)]
pub(super) struct Event {
    pub(super) key: i64,
    /// Its number among all events, by which deliveries are recognized.
    pub(super) id: i32,
    pub(super) pts: i32,
    pub(super) count: i32,
    pub(super) date: i32,
    pub(super) message: bool,
    pub(super) from: i64,
}

/// The truth.
pub(super) struct Server {
    pub(super) logs: BTreeMap<i64, Vec<Event>>,
    pub(super) now: i32,
    last: i32,
    /// Ids of events that the client was told are beyond recovery.
    pub(super) skipped: Vec<(i64, i32, i32)>,
    /// The channel that cannot be asked about.
    pub(super) private: Option<i64>,
}

impl Server {
    pub(super) fn new(channels: &[i64]) -> Server {
        let keys = [ACCOUNT, QTS, SEQ]
            .into_iter()
            .chain(channels.iter().copied());
        Server {
            logs: keys.map(|key| (key, Vec::new())).collect(),
            now: 1000,
            last: 0,
            skipped: Vec::new(),
            private: None,
        }
    }

    pub(super) fn pts(&self, key: i64) -> i32 {
        self.logs[&key].last().map_or(10, |event| event.pts)
    }

    /// Something happens.
    pub(super) fn happen(&mut self, key: i64, chance: &mut Chance) -> Event {
        self.now += 1;
        self.last += 1;
        let counted = key == ACCOUNT || key > 0;
        let message = counted && chance.below(3) != 0;
        let count = if counted && !message {
            1 + chance.below(3) as i32
        } else {
            1
        };
        let from = if message && chance.once_in(12) {
            STRANGERS + chance.below(20) as i64
        } else {
            USER
        };
        let event = Event {
            key,
            id: self.last,
            pts: self.pts(key) + count,
            count,
            date: self.now,
            message,
            from,
        };
        self.logs.get_mut(&key).unwrap().push(event.clone());
        event
    }

    /// The state of the account.
    pub(super) fn state(&self) -> State {
        State {
            pts: self.pts(ACCOUNT),
            qts: self.pts(QTS),
            date: self.now,
            seq: self.pts(SEQ),
        }
    }

    /// `updates.getDifference`, with at most `slice` events.
    pub(super) fn difference(&mut self, asked: State, slice: usize, too_long: bool) -> Bytes {
        let after = |key: i64, pts: i32| {
            let log = self.logs[&key].iter();
            log.filter(move |event| event.pts > pts)
                .cloned()
                .collect::<Vec<_>>()
        };
        let mut missed = after(ACCOUNT, asked.pts);
        if too_long && missed.len() > 3 {
            let pts = missed[1].pts;
            self.skipped.push((ACCOUNT, asked.pts, pts));
            return boxed(&object!("updates.differenceTooLong", pts: pts));
        }
        missed.extend(after(QTS, asked.qts));
        missed.extend(
            self.logs[&SEQ]
                .iter()
                .filter(|event| event.date > asked.date)
                .cloned(),
        );
        missed.sort_by_key(|event| event.date);
        let more = missed.len() > slice;
        missed.truncate(slice);
        let last = |key: i64, known: i32| {
            let log = missed.iter().rev();
            log.clone()
                .find(|event| event.key == key)
                .map_or(known, |event| event.pts)
        };
        let date = match missed.last() {
            Some(last) if more => last.date,
            _ => self.now,
        };
        let state = object!("updates.state",
            pts: last(ACCOUNT, asked.pts), qts: last(QTS, asked.qts), date: date,
            seq: last(SEQ, asked.seq), unread_count: 0);
        let (messages, mut other) = split(&missed);
        if !more {
            for (key, log) in self.logs.iter().filter(|(key, _)| **key > 0) {
                if log.last().is_some_and(|event| event.date >= asked.date) {
                    let pts = (key % 2 == 0).then(|| self.pts(*key));
                    other.push(object!("updateChannelTooLong", channel_id: *key, pts: pts));
                }
            }
        }
        if messages.is_empty() && other.is_empty() {
            let seq = last(SEQ, asked.seq);
            return boxed(&object!("updates.differenceEmpty", date: date, seq: seq));
        }
        let nothing: Vec<Value> = Vec::new();
        let (name, field) = if more {
            ("updates.differenceSlice", "intermediate_state")
        } else {
            ("updates.difference", "state")
        };
        let mut difference = madeline_tl::Object::new(name);
        difference.set("new_messages", messages);
        difference.set("new_encrypted_messages", nothing.clone());
        difference.set("other_updates", other);
        difference.set("chats", nothing);
        difference.set("users", users(&missed));
        difference.set(field, state);
        boxed(&Value::Object(difference))
    }

    /// `updates.getChannelDifference`; `None` where the channel is private.
    pub(super) fn channel_difference(
        &mut self,
        id: i64,
        pts: i32,
        limit: usize,
        too_long: bool,
    ) -> Option<Bytes> {
        if self.private == Some(id) {
            return None;
        }
        let log = self.logs[&id].iter().filter(|event| event.pts > pts);
        let mut missed: Vec<Event> = log.cloned().collect();
        let now = self.pts(id);
        let nothing: Vec<Value> = Vec::new();
        if too_long && missed.len() > 2 {
            self.skipped.push((id, pts, now));
            let newest = self.logs[&id].iter().rev().filter(|event| event.message);
            let newest: Vec<Value> = newest.take(3).map(message).collect();
            let notify = object!("peerNotifySettings");
            let dialog = object!("dialog",
                peer: object!("peerChannel", channel_id: id), top_message: 1, read_inbox_max_id: 0,
                read_outbox_max_id: 0, unread_count: 0, unread_mentions_count: 0,
                unread_reactions_count: 0, unread_poll_votes_count: 0, notify_settings: notify, pts: now);
            return Some(boxed(&object!("updates.channelDifferenceTooLong",
                final: true, dialog: dialog, messages: newest, chats: nothing.clone(),
                users: nothing)));
        }
        if missed.is_empty() {
            return Some(boxed(
                &object!("updates.channelDifferenceEmpty", final: true, pts: now),
            ));
        }
        let last = missed.len() <= limit;
        missed.truncate(limit);
        let (messages, other) = split(&missed);
        Some(boxed(&object!("updates.channelDifference",
            final: last, pts: missed.last().unwrap().pts, timeout: 30, new_messages: messages,
            other_updates: other, chats: nothing, users: users(&missed))))
    }
}

/// A push of events. Those of `seq` make it a numbered one.
pub(super) fn push(events: &[Event]) -> Bytes {
    let numbers: Vec<i32> = events
        .iter()
        .filter(|event| event.key == SEQ)
        .map(|event| event.pts)
        .collect();
    let updates: Vec<Value> = events.iter().map(update).collect();
    let (users, chats): (Vec<Value>, Vec<Value>) = (Vec::new(), Vec::new());
    let date = events.last().unwrap().date;
    let value = match (numbers.first(), numbers.last()) {
        (Some(first), Some(last)) if first != last => object!("updatesCombined",
            updates: updates, users: users, chats: chats, date: date, seq_start: *first, seq: *last),
        (_, last) => object!("updates",
            updates: updates, users: users, chats: chats, date: date, seq: last.copied().unwrap_or(0)),
    };
    boxed(&value)
}

/// The same event in its shortest form.
pub(super) fn push_short(event: &Event) -> Bytes {
    if event.key == ACCOUNT && event.message {
        return boxed(&object!("updateShortMessage",
            id: event.id, user_id: event.from, message: "", pts: event.pts,
            pts_count: event.count, date: event.date));
    }
    boxed(&object!("updateShort", update: update(event), date: event.date))
}

fn split(events: &[Event]) -> (Vec<Value>, Vec<Value>) {
    let (new, other): (Vec<&Event>, Vec<&Event>) = events.iter().partition(|event| event.message);
    (
        new.into_iter().map(message).collect(),
        other.into_iter().map(update).collect(),
    )
}

fn users(events: &[Event]) -> Vec<Value> {
    let mut ids: Vec<i64> = events.iter().map(|event| event.from).collect();
    ids.sort_unstable();
    ids.dedup();
    ids.into_iter()
        .map(|id| object!("user", id: id, access_hash: 1_i64))
        .collect()
}

fn message(event: &Event) -> Value {
    let from = || object!("peerUser", user_id: event.from);
    let place = match event.key {
        ACCOUNT => from(),
        channel => object!("peerChannel", channel_id: channel),
    };
    object!("message",
        id: event.id, from_id: from(), peer_id: place, date: event.date, message: "")
}

fn update(event: &Event) -> Value {
    let Event {
        key,
        id,
        pts,
        count,
        date,
        ..
    } = *event;
    match key {
        QTS => object!("updateBotStopped",
            user_id: i64::from(id), date: date, stopped: true, qts: pts),
        SEQ => object!("updateUserPhone", user_id: i64::from(id), phone: "1"),
        ACCOUNT if event.message => object!("updateNewMessage",
            message: message(event), pts: pts, pts_count: count),
        ACCOUNT => object!("updateDeleteMessages",
            messages: vec![Value::from(id)], pts: pts, pts_count: count),
        _ if event.message => object!("updateNewChannelMessage",
            message: message(event), pts: pts, pts_count: count),
        channel => object!("updateDeleteChannelMessages",
            channel_id: channel, messages: vec![Value::from(id)], pts: pts, pts_count: count),
    }
}

/// Which event a delivered update tells of.
pub(super) fn event_id(update: &Value) -> i32 {
    let id = match update.name() {
        "updateNewMessage" | "updateNewChannelMessage" => update.get("message").int("id"),
        "updateDeleteMessages" | "updateDeleteChannelMessages" => {
            Ok(update.list("messages").unwrap()[0].as_int().unwrap())
        }
        "updateBotStopped" | "updateUserPhone" => update.int("user_id"),
        other => panic!("{other} was delivered"),
    };
    id.unwrap() as i32
}

pub(super) fn too_long() -> Bytes {
    boxed(&object!("updatesTooLong"))
}

fn boxed(value: &Value) -> Bytes {
    match boxed_to_bytes(Schema::api(), value) {
        Ok(bytes) => bytes.into(),
        Err(error) => panic!("{error}: {:?}", to_bytes(Schema::api(), Ty::Object, value)),
    }
}
