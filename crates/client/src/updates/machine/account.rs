//! The account's own sequences: `pts`, `qts` and `seq`, which one difference covers.

use std::collections::BTreeMap;
use std::time::Duration;

use super::line::{Held, Line, Verdict};
use super::ready::{ACCOUNT, Mark, Step, Update};
use super::{Ask, Fetch, HELD, HELD_BYTES, Machine, PATIENCE, SILENCE, detached, update};
use crate::updates::read::{Batch, Difference, Form, Order, State};

#[derive(Debug)]
pub(super) struct Account {
    /// The server has said where the account stands.
    known: bool,
    /// What is known is worth nothing: the state is asked for instead of the difference.
    stale: bool,
    pts: Line,
    qts: Line,
    seq: i32,
    date: i32,
    /// Objects whose `seq` comes too early, with those of their updates that stand in no other sequence.
    objects: BTreeMap<(i32, u32), Object>,
    arrivals: u32,
    pub(super) fetch: Fetch,
    pub(super) deadline: Option<Duration>,
    /// When it was silent for too long.
    pub(super) silence: Duration,
}

#[derive(Debug)]
struct Object {
    seq: i32,
    date: i32,
    updates: Vec<Update>,
}

impl Account {
    pub(super) fn new(now: Duration) -> Account {
        Account {
            known: false,
            stale: false,
            pts: Line::new(0),
            qts: Line::new(0),
            seq: 0,
            date: 0,
            objects: BTreeMap::new(),
            arrivals: 0,
            fetch: Fetch::Wanted,
            deadline: None,
            silence: now + SILENCE,
        }
    }

    pub(super) fn restore(&mut self, state: State) {
        self.known = true;
        self.set(state);
    }

    fn set(&mut self, state: State) {
        (self.pts.at, self.qts.at) = (state.pts, state.qts);
        (self.seq, self.date) = (state.seq, state.date);
    }

    pub(super) fn state(&self) -> State {
        State {
            pts: self.pts.at,
            qts: self.qts.at,
            date: self.date,
            seq: self.seq,
        }
    }

    pub(super) fn ask(&mut self) -> Option<Ask> {
        if self.fetch != Fetch::Wanted {
            return None;
        }
        self.fetch = Fetch::Running { again: false };
        Some(if self.known && !self.stale {
            Ask::Difference(self.state())
        } else {
            Ask::State
        })
    }

    /// Where an object with this `seq_start` stands.
    pub(super) fn turn(&self, seq_start: i32) -> Verdict {
        if seq_start == 0 {
            return Verdict::Next;
        }
        match i64::from(seq_start) - (i64::from(self.seq) + 1) {
            ..0 if self.known => Verdict::Old,
            0 if self.is_free() => Verdict::Next,
            _ => Verdict::Early,
        }
    }

    pub(super) fn is_waiting(&self) -> bool {
        self.pts.is_waiting() || self.qts.is_waiting() || !self.objects.is_empty()
    }

    /// Whether updates are taken as they come.
    fn is_free(&self) -> bool {
        self.known && self.fetch == Fetch::No
    }
}

impl Machine {
    pub(super) fn want_account(&mut self) {
        self.account.fetch = match self.account.fetch {
            Fetch::No | Fetch::Wanted => Fetch::Wanted,
            Fetch::Running { .. } => Fetch::Running { again: true },
        };
    }

    /// Takes an update of the account's `pts`. `is_news` says whether it names somebody who is unknown.
    pub(super) fn account_step(
        &mut self,
        now: Duration,
        held: Held,
        is_news: impl FnOnce(&mut Machine) -> bool,
    ) {
        let verdict = self.account.pts.verdict(held.pts, held.count);
        if verdict == Verdict::Old && self.account.known {
            return;
        }
        let free = self.account.is_free();
        if verdict == Verdict::Next && free {
            if is_news(self) {
                self.want_account();
            } else {
                self.account.pts.at = held.pts;
                self.push(held.update, Some(account(Step::Pts(held.pts))));
                return self.release_account(now);
            }
        }
        self.held_bytes += self.account.pts.hold(detached(held));
        self.held_account(now);
    }

    pub(super) fn qts_step(&mut self, now: Duration, qts: i32, update: Option<Update>) {
        let (pts, count) = (qts, 1);
        let verdict = self.account.qts.verdict(pts, count);
        match verdict {
            Verdict::Old if self.account.known => {}
            Verdict::Next if self.account.is_free() => {
                self.account.qts.at = qts;
                self.push(update, Some(account(Step::Qts(qts))));
                self.release_account(now);
            }
            _ => {
                let held = detached(Held { pts, count, update });
                self.held_bytes += self.account.qts.hold(held);
                self.held_account(now);
            }
        }
    }

    /// Ends an object that has a number of its own.
    pub(super) fn numbered(
        &mut self,
        now: Duration,
        turn: Verdict,
        early: Vec<Update>,
        (seq_start, seq, date): (i32, i32, i32),
    ) {
        match turn {
            Verdict::Next => {
                self.account_at(seq, date);
                self.release_account(now);
            }
            Verdict::Early => {
                self.account.arrivals = self.account.arrivals.wrapping_add(1);
                let key = (seq_start, self.account.arrivals);
                let updates = early;
                let object = Object { seq, date, updates };
                self.held_bytes += object.size();
                self.account.objects.insert(key, object);
                self.held_account(now);
            }
            Verdict::Old => {}
        }
    }

    fn account_at(&mut self, seq: i32, date: i32) {
        (self.account.seq, self.account.date) = (seq, date);
        self.push(None, Some(account(Step::Seq { seq, date })));
    }

    /// Takes what waited and may be taken now; then sees to it that the rest does not wait for ever.
    fn release_account(&mut self, now: Duration) {
        if !self.account.is_waiting() && self.account.deadline.is_none() {
            return;
        }
        let mut freed = 0;
        while let Some(held) = self.account.pts.release(&mut freed) {
            self.account.pts.at = held.pts;
            self.push(held.update, Some(account(Step::Pts(held.pts))));
        }
        while let Some(held) = self.account.qts.release(&mut freed) {
            self.account.qts.at = held.pts;
            self.push(held.update, Some(account(Step::Qts(held.pts))));
        }
        while let Some(((seq_start, _), _)) = self.account.objects.first_key_value() {
            let turn = self.account.turn(*seq_start);
            if turn == Verdict::Early {
                break;
            }
            let Some((_, object)) = self.account.objects.pop_first() else {
                break;
            };
            freed += object.size();
            if turn == Verdict::Next {
                for update in object.updates {
                    self.push_of_object(update);
                }
                self.account_at(object.seq, object.date);
            }
        }
        self.held_bytes = self.held_bytes.saturating_sub(freed);
        self.held_account(now);
    }

    /// Something waits, or nothing does any more.
    fn held_account(&mut self, now: Duration) {
        let account = &mut self.account;
        let most = account
            .pts
            .waiting()
            .max(account.qts.waiting())
            .max(account.objects.len());
        if most > HELD || self.held_bytes > HELD_BYTES {
            let objects: usize = account.objects.values().map(Object::size).sum();
            let bytes = account.pts.bytes() + account.qts.bytes() + objects;
            account.pts.take_all();
            account.qts.take_all();
            account.objects.clear();
            self.held_bytes = self.held_bytes.saturating_sub(bytes);
            self.want_account();
        }
        let account = &mut self.account;
        let patience = account.is_waiting() && account.fetch == Fetch::No;
        match account.deadline {
            None if patience => {
                account.deadline = Some(now + PATIENCE);
                self.deadlines.insert((now + PATIENCE, ACCOUNT));
            }
            Some(at) if !patience => {
                account.deadline = None;
                self.deadlines.remove(&(at, ACCOUNT));
            }
            _ => {}
        }
    }

    /// The answer of `updates.getState`.
    pub(crate) fn state(&mut self, now: Duration, state: State) {
        let mark = account(Step::Through { number: 0, state });
        if self.account.known {
            self.skip_account(state.pts, state.qts);
            self.push(None, Some(mark));
        } else {
            // Whatever comes from now on can be asked for again.
            self.notes.push(mark);
        }
        self.account.known = true;
        self.account.stale = false;
        self.account.set(state);
        self.fetched_account(now, false);
    }

    /// The answer of `updates.getDifference`, which is stored under `number`, 0 where it has at most one update.
    pub(crate) fn difference(&mut self, now: Duration, answer: Difference, number: u32) {
        let more = match answer {
            Difference::Empty { date, seq } => {
                (self.account.date, self.account.seq) = (date, seq);
                self.through_account(0);
                false
            }
            Difference::Missed { batch, state, more } => {
                self.account_difference(now, &batch, state, number, 0);
                let moved = state.is_some() && !batch.items.is_empty();
                self.account.stale |= state.is_none();
                state.is_none() || more && moved
            }
            Difference::TooLong { pts } => {
                self.account.stale |= pts <= self.account.pts.at;
                self.skip_account(pts, self.account.qts.at);
                self.account.pts.at = pts;
                self.through_account(0);
                true
            }
        };
        self.fetched_account(now, more);
    }

    /// Delivers a difference, those of its updates aside that were handled in an earlier life.
    pub(super) fn account_difference(
        &mut self,
        now: Duration,
        batch: &Batch,
        state: Option<State>,
        number: u32,
        handled: u32,
    ) {
        let mut last = None;
        for (item, index) in batch.items.iter().zip(1_u32..) {
            let update = update(batch, item).filter(|_| index > handled);
            match item.order {
                Order::Channel { id, pts, count } if index > handled => {
                    self.channel_step(now, id, Held { pts, count, update }, |_| false);
                }
                Order::ChannelTooLong { id, pts } => {
                    self.channel_too_long(id, pts, Some(self.account.date));
                }
                _ if update.is_none() => {}
                // A button that was pressed is in each difference until it is answered.
                Order::Free
                    if item.form == Form::Update
                        && !update.as_ref().is_some_and(|update| self.tell(update)) => {}
                _ if number == 0 => last = update,
                _ => self.push(update, Some(account(Step::Part { number, index }))),
            }
        }
        if let Some(state) = state {
            // A slice may end before the objects that came meanwhile: what those had is not to be asked for again.
            let date = state.date.max(self.account.date);
            self.account.set(State { date, ..state });
        }
        let state = self.account.state();
        self.push(last, Some(account(Step::Through { number, state })));
    }

    /// What lies before these is beyond recovery; what came of it is delivered.
    fn skip_account(&mut self, pts: i32, qts: i32) {
        let mut freed = 0;
        for held in self.account.pts.take_through(pts, &mut freed) {
            self.account.pts.at = held.pts;
            self.push(held.update, Some(account(Step::Pts(held.pts))));
        }
        for held in self.account.qts.take_through(qts, &mut freed) {
            self.account.qts.at = held.pts;
            self.push(held.update, Some(account(Step::Qts(held.pts))));
        }
        self.held_bytes = self.held_bytes.saturating_sub(freed);
    }

    fn through_account(&mut self, number: u32) {
        let state = self.account.state();
        self.push(None, Some(account(Step::Through { number, state })));
    }

    /// The server does not accept what we say of our state: it is to say it anew.
    pub(crate) fn state_is_refused(&mut self) {
        self.account.stale = true;
        self.account.fetch = Fetch::Wanted;
    }

    /// The question was not answered and is to be asked again.
    pub(crate) fn account_is_unanswered(&mut self) {
        self.account.fetch = Fetch::Wanted;
    }

    fn fetched_account(&mut self, now: Duration, more: bool) {
        let again = self.account.fetch == Fetch::Running { again: true };
        if more || again {
            self.account.fetch = Fetch::Wanted;
        } else {
            self.account.fetch = Fetch::No;
            self.release_account(now);
            self.caught_up(ACCOUNT);
        }
    }
}

impl Object {
    fn size(&self) -> usize {
        let bytes: usize = self.updates.iter().map(|update| update.bytes.len()).sum();
        64 + bytes
    }
}

fn account(step: Step) -> Mark {
    Mark { key: ACCOUNT, step }
}
