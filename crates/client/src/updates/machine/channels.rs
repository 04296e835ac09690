//! Channels and supergroups: a `pts` for each, and a difference of its own.

use std::time::Duration;

use super::line::{Held, Line, Verdict};
use super::ready::{Mark, Step};
use super::{Fetch, HELD, HELD_BYTES, Machine, PATIENCE, detached, update};
use crate::updates::read::{ChannelDifference, Order, State};

#[derive(Debug)]
pub(super) struct Channel {
    pub(super) line: Line,
    pub(super) fetch: Fetch,
    pub(super) deadline: Option<Duration>,
    /// Known to be [`Step::Active`].
    pub(super) active: bool,
}

impl Channel {
    pub(super) fn new(pts: i32) -> Channel {
        Channel {
            line: Line::new(pts),
            fetch: Fetch::No,
            deadline: None,
            active: false,
        }
    }
}

impl Machine {
    /// The channel; one that was never seen begins at `pts`.
    fn channel(&mut self, id: i64, pts: i32) -> &mut Channel {
        self.channels.entry(id).or_insert_with(|| {
            let step = Step::Pts(pts);
            self.notes.push(Mark { key: id, step });
            Channel::new(pts)
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
        if let Some(channel) = self.channels.get_mut(&id) {
            channel.line.at = held.pts;
        }
        let step = Step::Pts(held.pts);
        self.push(held.update, Some(Mark { key: id, step }));
    }

    pub(super) fn channel_too_long(&mut self, id: i64, pts: Option<i32>) {
        match (self.channels.get(&id), pts) {
            (Some(channel), Some(pts)) if pts <= channel.line.at => {}
            (Some(_), _) => self.want_channel(id),
            (None, Some(pts)) => {
                self.channel(id, pts);
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
            self.skip_channel(id, pts);
        }
        self.missed_of_channel(now, id, answer, number, 0);
        let moved = pts != former || !answer.batch.items.is_empty();
        self.fetched_channel(now, id, !answer.last && moved);
    }

    /// What lies before this is beyond recovery; what came of it is delivered.
    fn skip_channel(&mut self, id: i64, pts: i32) {
        let Some(channel) = self.channels.get_mut(&id) else {
            return;
        };
        let mut freed = 0;
        for held in channel.line.take_through(pts, &mut freed) {
            self.take_of_channel(id, held);
        }
        self.held_bytes = self.held_bytes.saturating_sub(freed);
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
        for (item, index) in answer.batch.items.iter().zip(1_u32..) {
            let update = update(&answer.batch, item).filter(|_| index > handled);
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
        let Some(channel) = self.channels.get_mut(&id) else {
            return;
        };
        let pts = answer.pts.unwrap_or(channel.line.at);
        channel.line.at = pts;
        let state = State::of_channel(pts);
        let step = Step::Through { number, state };
        self.push(last, Some(Mark { key: id, step }));
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
        let step = Step::Gone;
        self.push(None, Some(Mark { key: id, step }));
        let mut last = channel.line.at;
        for held in channel.line.take_all() {
            last = last.max(held.pts);
            self.push(held.update, None);
        }
        self.gone.insert(id, last);
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
        }
    }
}
