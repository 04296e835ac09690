//! Channels and supergroups: a `pts` for each, and a difference of its own.

use std::collections::VecDeque;
use std::time::Duration;

use super::line::{Held, Line, Verdict};
use super::ready::{Mark, Step, Update};
use super::{Fetch, HELD, HELD_BYTES, Machine, PATIENCE, detached, update};
use crate::updates::read::{ChannelDifference, Form, Order, State};

#[derive(Debug)]
pub(super) struct Channel {
    pub(super) line: Line,
    /// The id of the newest message; 0 where none was seen.
    top: i32,
    pub(super) fetch: Fetch,
    pub(super) deadline: Option<Duration>,
    /// Known to be [`Step::Active`].
    pub(super) active: bool,
    /// It was never seen before; what was sent since that date is asked for.
    pub(super) since: Option<i32>,
}

impl Channel {
    pub(super) fn new(pts: i32, top: i32) -> Channel {
        Channel {
            line: Line::new(pts),
            top,
            fetch: Fetch::No,
            deadline: None,
            active: false,
            since: None,
        }
    }
}

impl Machine {
    /// The channel; one that was never seen begins at `pts`.
    fn channel(&mut self, id: i64, pts: i32) -> &mut Channel {
        self.channels.entry(id).or_insert_with(|| {
            let step = Step::Pts(pts);
            self.notes.push(Mark { key: id, step });
            Channel::new(pts, 0)
        })
    }

    /// Says that something of the channel is on its way or missing.
    fn activate(&mut self, id: i64) {
        if let Some(channel) = self.channels.get_mut(&id)
            && !channel.active
        {
            channel.active = true;
            let step = Step::Active;
            self.notes.push(Mark { key: id, step });
        }
    }

    pub(super) fn want_channel(&mut self, id: i64) {
        let Some(channel) = self.channels.get_mut(&id) else {
            return;
        };
        match channel.fetch {
            Fetch::No => {
                channel.fetch = Fetch::Wanted;
                self.wanted.push_back(id);
            }
            Fetch::Wanted => {}
            Fetch::Running { .. } => channel.fetch = Fetch::Running { again: true },
        }
        self.activate(id);
    }

    /// Takes an update of a channel. `is_news` says whether it names somebody who is unknown.
    pub(super) fn channel_step(
        &mut self,
        now: Duration,
        id: i64,
        held: Held,
        is_news: impl FnOnce(&mut Machine) -> bool,
    ) {
        let before = held.pts.saturating_sub(held.count);
        if let Some(last) = self.gone.get(&id) {
            // What a channel that was forgotten said before comes no second time.
            if held.pts <= *last {
                return;
            }
            self.gone.remove(&id);
        }
        let channel = self.channel(id, before);
        let verdict = channel.line.verdict(held.pts, held.count);
        if verdict == Verdict::Old {
            return;
        }
        let free = channel.fetch == Fetch::No;
        self.activate(id);
        if verdict == Verdict::Next && free {
            if is_news(self) {
                self.want_channel(id);
            } else {
                self.take_of_channel(id, held);
                return self.release_channel(now, id);
            }
        }
        if let Some(channel) = self.channels.get_mut(&id) {
            self.held_bytes += channel.line.hold(detached(held));
            self.held_channel(now, id);
        }
    }

    fn take_of_channel(&mut self, id: i64, held: Held) {
        let Some(channel) = self.channels.get_mut(&id) else {
            return;
        };
        let (pts, message) = (held.pts.max(channel.line.at), held.message());
        channel.line.at = pts;
        channel.top = channel.top.max(message);
        let top = channel.top;
        let step = Step::Channel { pts, top };
        self.push(held.update, Some(Mark { key: id, step }));
    }

    /// Asks for what was sent in a channel that was never seen since a date.
    pub(super) fn unseen(&mut self, id: i64, since: i32) {
        let since = since.max(1);
        let mut channel = Channel::new(1, 0);
        channel.since = Some(since);
        channel.active = true;
        self.channels.insert(id, channel);
        let step = Step::Unseen { since };
        self.notes.push(Mark { key: id, step });
        self.want_channel(id);
    }

    /// Something was missed of a channel. `since`: after that date, as the account's difference says.
    pub(super) fn channel_too_long(&mut self, id: i64, pts: Option<i32>, since: Option<i32>) {
        if let Some(since) = since.filter(|_| !self.channels.contains_key(&id))
            && !self.gone.contains_key(&id)
        {
            return self.unseen(id, since);
        }
        match (self.channels.get(&id), pts) {
            (Some(channel), Some(pts)) if pts <= channel.line.at => {}
            (Some(_), _) => self.want_channel(id),
            (None, Some(pts)) => {
                // What was delivered of it before it was forgotten is not asked for again.
                let before = self.gone.remove(&id);
                self.channel(id, before.map_or(pts, |last| last.max(pts)));
                self.want_channel(id);
            }
            // Nothing is known of it: it begins with its next update.
            (None, None) => {}
        }
    }

    fn release_channel(&mut self, now: Duration, id: i64) {
        let mut freed = 0;
        while let Some(channel) = self.channels.get_mut(&id)
            && let Some(held) = channel.line.release(&mut freed)
        {
            self.take_of_channel(id, held);
        }
        self.held_bytes = self.held_bytes.saturating_sub(freed);
        self.held_channel(now, id);
    }

    /// Something waits, or nothing does any more.
    fn held_channel(&mut self, now: Duration, id: i64) {
        let Some(channel) = self.channels.get_mut(&id) else {
            return;
        };
        if channel.line.waiting() > HELD || self.held_bytes > HELD_BYTES {
            self.held_bytes = self.held_bytes.saturating_sub(channel.line.bytes());
            channel.line.take_all();
            self.want_channel(id);
        }
        let Some(channel) = self.channels.get_mut(&id) else {
            return;
        };
        let patience = channel.line.is_waiting() && channel.fetch == Fetch::No;
        match channel.deadline {
            None if patience => {
                channel.deadline = Some(now + PATIENCE);
                self.deadlines.insert((now + PATIENCE, id));
            }
            Some(at) if !patience => {
                channel.deadline = None;
                self.deadlines.remove(&(at, id));
            }
            _ => {}
        }
    }

    /// The answer of `updates.getChannelDifference`, which is stored under `number`, 0 where it has at most one update.
    pub(crate) fn channel_difference(
        &mut self,
        now: Duration,
        id: i64,
        answer: &ChannelDifference,
        number: u32,
    ) {
        let Some(former) = self.channels.get(&id).map(|channel| channel.line.at) else {
            return;
        };
        let Some(pts) = answer.pts else {
            return self.channel_is_gone(id);
        };
        if answer.skips {
            self.skipped_of_channel(id, answer, pts);
        } else {
            self.missed_of_channel(now, id, answer, number, 0);
        }
        let moved = pts != former || !answer.batch.items.is_empty();
        self.fetched_channel(now, id, !answer.last && moved);
    }

    /// Too much was missed of a channel: it goes on at `pts`. Of what lies before that there are the newest messages, and
    /// what came of it too early.
    fn skipped_of_channel(&mut self, id: i64, answer: &ChannelDifference, pts: i32) {
        let Some(channel) = self.channels.get_mut(&id) else {
            return;
        };
        let (newest, since) = (channel.top, channel.since.take());
        let mut freed = 0;
        let early = channel.line.take_through(pts, &mut freed);
        self.held_bytes = self.held_bytes.saturating_sub(freed);
        // As in any difference, new messages come before what became of them.
        let (mut early, others): (VecDeque<Held>, VecDeque<Held>) =
            early.into_iter().partition(|held| held.message() > newest);
        let came: Vec<i32> = early.iter().map(Held::message).collect();
        for item in &answer.batch.items {
            let is_new = match since {
                Some(since) => item.date >= since,
                None => newest != 0,
            };
            let is_new = is_new && item.message > newest && !came.contains(&item.message);
            let Some(update) = update(&answer.batch, item).filter(|_| is_new) else {
                continue;
            };
            while early
                .front()
                .is_some_and(|held| held.message() < update.message)
                && let Some(held) = early.pop_front()
            {
                self.take_of_channel(id, held);
            }
            let pts = self.channels.get(&id).map_or(0, |channel| channel.line.at);
            let (count, update) = (0, Some(update));
            self.take_of_channel(id, Held { pts, count, update });
        }
        for held in early.into_iter().chain(others) {
            self.take_of_channel(id, held);
        }
        self.through_channel(id, Some(pts), None, 0);
    }

    /// Delivers a difference, those of its updates aside that were handled in an earlier life.
    pub(super) fn missed_of_channel(
        &mut self,
        now: Duration,
        id: i64,
        answer: &ChannelDifference,
        number: u32,
        handled: u32,
    ) {
        let mut last = None;
        let Some(channel) = self.channels.get_mut(&id) else {
            return;
        };
        let (newest, since) = (channel.top, channel.since);
        if answer.last {
            channel.since = None;
        }
        for (item, index) in answer.batch.items.iter().zip(1_u32..) {
            // Known from an answer that was too long, before a crash.
            if matches!(item.form, Form::Message(_)) && item.message <= newest {
                continue;
            }
            // Of a channel that was never seen: what is older, and what became of that.
            let is_wanted = since.is_none_or(|since| item.date >= since) && index > handled;
            let update = update(&answer.batch, item).filter(|_| is_wanted);
            // Also of those that were handled: they are not the news of a later answer.
            let is_known = index <= handled || update.is_some();
            self.note_message(id, if is_known { item.message } else { 0 });
            match item.order {
                Order::Channel {
                    id: other,
                    pts,
                    count,
                } if other != id && index > handled => {
                    self.channel_step(now, other, Held { pts, count, update }, |_| false);
                }
                _ if update.is_none() => {}
                _ if number == 0 => last = update,
                _ => {
                    let step = Step::Part { number, index };
                    self.push(update, Some(Mark { key: id, step }));
                }
            }
        }
        self.through_channel(id, answer.pts, last, number);
    }

    /// Ends a difference, with its last update where that was not stored.
    fn through_channel(&mut self, id: i64, pts: Option<i32>, last: Option<Update>, number: u32) {
        let Some(channel) = self.channels.get_mut(&id) else {
            return;
        };
        let pts = pts.unwrap_or(channel.line.at);
        channel.line.at = pts;
        let state = State {
            qts: channel.top,
            date: channel.since.unwrap_or(0),
            ..State::of_channel(pts)
        };
        let step = Step::Through { number, state };
        self.push(last, Some(Mark { key: id, step }));
    }

    fn note_message(&mut self, id: i64, message: i32) {
        if let Some(channel) = self.channels.get_mut(&id) {
            channel.top = channel.top.max(message);
        }
    }

    /// The server does not accept our `pts`: the channel begins anew, with what waits or with its next update.
    pub(crate) fn channel_is_refused(&mut self, now: Duration, id: i64) {
        let Some(channel) = self.channels.get_mut(&id) else {
            return;
        };
        let Some(pts) = channel.line.beginning() else {
            return self.channel_is_gone(id);
        };
        channel.line.at = pts;
        channel.since = None;
        let state = State::of_channel(pts);
        let step = Step::Through { number: 0, state };
        self.push(None, Some(Mark { key: id, step }));
        self.fetched_channel(now, id, false);
    }

    /// The channel cannot be asked about any more. What waits of it is delivered as it is, and it is forgotten.
    pub(crate) fn channel_is_gone(&mut self, id: i64) {
        let Some(mut channel) = self.channels.remove(&id) else {
            return;
        };
        if let Fetch::Running { .. } = channel.fetch {
            self.running -= 1;
        }
        if let Some(at) = channel.deadline {
            self.deadlines.remove(&(at, id));
        }
        self.held_bytes = self.held_bytes.saturating_sub(channel.line.bytes());
        let (mut pts, top) = (channel.line.at, channel.top);
        for held in channel.line.take_all() {
            pts = pts.max(held.pts);
            let step = Step::Channel { pts, top };
            self.push(held.update, Some(Mark { key: id, step }));
        }
        let step = Step::Gone { pts };
        self.push(None, Some(Mark { key: id, step }));
        self.gone.insert(id, pts);
    }

    /// The question was not answered and is to be asked again.
    pub(crate) fn channel_is_unanswered(&mut self, id: i64) {
        if let Some(channel) = self.channels.get_mut(&id) {
            channel.fetch = Fetch::Wanted;
            self.running -= 1;
            self.wanted.push_back(id);
        }
    }

    fn fetched_channel(&mut self, now: Duration, id: i64, more: bool) {
        let Some(channel) = self.channels.get_mut(&id) else {
            return;
        };
        let again = channel.fetch == Fetch::Running { again: true };
        if let Fetch::Running { .. } = channel.fetch {
            self.running -= 1;
        }
        channel.fetch = Fetch::No;
        if more || again {
            self.want_channel(id);
        } else {
            self.release_channel(now, id);
            self.caught_up(id);
        }
    }
}
