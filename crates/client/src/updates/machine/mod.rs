//! The update state (<https://core.telegram.org/api/updates>), sans-IO: objects, answers and the time come in; updates
//! to deliver, notes to store and questions to ask come out.
//!
//! Each sequence (the account's `pts`, its `qts`, its `seq`, the `pts` of each channel) goes its own way. What comes
//! too early waits half a second for what is missing; then the difference is asked for, which has it.

mod account;
mod channels;
mod identity;
mod line;
mod ready;
mod stored;

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};
use std::hash::{DefaultHasher, Hasher};
use std::time::Duration;

use bytes::Bytes;
use madeline_tl::Schema;

use self::account::Account;
use self::channels::Channel;
use self::identity::identity;
use self::line::Held;
use self::ready::Queue;
pub(crate) use self::ready::{ACCOUNT, Mark, Ready, Step, Update};
pub(crate) use self::stored::{Kept, Position};
use super::read::{
    Batch, Container, Difference, Item, Order, Plan, State, channel_difference, difference,
};
use crate::peers::PeerId;

/// How long an update that comes too early waits for the missing one.
const PATIENCE: Duration = Duration::from_millis(500);
/// After so long without any update the difference is asked for, in case that some were lost on the way.
const SILENCE: Duration = Duration::from_secs(15 * 60);
/// How often channels are asked about whose updates the server does not push.
const POLL: Duration = Duration::from_secs(30);
/// How many updates of one sequence may wait for a missing one, and how many bytes all that wait may have together.
/// What is beyond is dropped: it is in the difference.
const HELD: usize = 2048;
const HELD_BYTES: usize = 8 << 20;
/// How many channels' differences are asked for at once.
const FETCHED_AT_ONCE: usize = 8;
/// How many peers are remembered that a difference was fetched for and did not bring.
const ASKED_FOR: usize = 8192;

/// How many updates that stand in no sequence are remembered.
const TOLD: usize = 64;

/// Whether a peer is known well enough to be addressed.
pub(crate) type Known<'k> = dyn FnMut(PeerId) -> bool + 'k;

/// A question for the server. The answer goes to [`Machine::state`], [`Machine::difference`] or
/// [`Machine::channel_difference`]; what becomes of it otherwise to one of the methods for failures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ask {
    /// `updates.getState`
    State,
    /// `updates.getDifference`
    Difference(State),
    /// `updates.getChannelDifference`
    ChannelDifference { id: i64, pts: i32 },
}

/// Whether a sequence's difference is being fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fetch {
    No,
    Wanted,
    /// `again`: what was asked may be answered with less than what is wanted by now.
    Running {
        again: bool,
    },
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Machine {
    account: Account,
    channels: HashMap<i64, Channel>,
    /// How far channels were that cannot be asked about any more.
    gone: HashMap<i64, i32>,
    /// Channels whose fetch is wanted, first come first served.
    wanted: VecDeque<i64>,
    running: usize,
    ready: Queue,
    notes: Vec<Mark>,
    /// When which sequence has waited long enough.
    deadlines: BTreeSet<(Duration, i64)>,
    /// Channels that are asked about again and again, and when next.
    subscribed: HashMap<i64, Duration>,
    held_bytes: usize,
    asked_for: HashSet<PeerId>,
    /// Digests of the newest updates that stand in no sequence: a difference may bring them again.
    told: VecDeque<u64>,
    /// Digests of what an earlier life handled of an object that was not through: the difference brings them again.
    before: Vec<u64>,
    /// Identities of what an earlier life handled before its turn, by sequence: they come again, and are not delivered.
    ahead: HashMap<i64, HashSet<u64>>,
}

impl Ask {
    /// Where the sequence is that the difference is asked of.
    pub(crate) fn base(self) -> State {
        match self {
            Ask::State => State::default(),
            Ask::Difference(state) => state,
            Ask::ChannelDifference { pts, .. } => State::of_channel(pts),
        }
    }
}

impl Machine {
    /// A machine that knows nothing yet and asks for the state.
    pub(crate) fn new(now: Duration) -> Machine {
        Machine {
            account: Account::new(now),
            channels: HashMap::new(),
            gone: HashMap::new(),
            wanted: VecDeque::new(),
            running: 0,
            ready: Queue::default(),
            notes: Vec::new(),
            deadlines: BTreeSet::new(),
            subscribed: HashMap::new(),
            held_bytes: 0,
            asked_for: HashSet::new(),
            told: VecDeque::new(),
            before: Vec::new(),
            ahead: HashMap::new(),
        }
    }

    /// Takes a sequence up where it was left. [`Machine::resume`] follows for differences that were stored, in order.
    pub(crate) fn restore(&mut self, key: i64, position: &Position) {
        if key == ACCOUNT {
            self.account.restore(position.state);
            return;
        }
        let mut channel = Channel::new(position.state.pts, position.state.qts);
        channel.since = (position.state.date != 0).then_some(position.state.date);
        self.channels.insert(key, channel);
        if position.active {
            self.want_channel(key);
        }
    }

    /// Takes up what was handled of an object that was not through: [`Step::Told`].
    pub(crate) fn restore_told(&mut self, digests: impl IntoIterator<Item = u64>) {
        self.before.extend(digests);
    }

    /// Takes up what was handled before its turn ([`Step::Ahead`]): sequences and identities. The sequences come before.
    pub(crate) fn restore_ahead(&mut self, handled: impl IntoIterator<Item = (i64, u64)>) {
        for (key, identity) in handled {
            if self.ahead.entry(key).or_default().insert(identity) && key != ACCOUNT {
                self.want_channel(key);
            }
        }
    }

    /// Takes a difference that was stored and not handled to its end; one that does not begin where the sequence was
    /// left is none the less needed, but from an earlier place on: it is asked for again.
    pub(crate) fn resume(&mut self, schema: &Schema, plan: &Plan, now: Duration, kept: &Kept) {
        let Kept {
            key,
            number,
            handled,
            base,
            answer,
        } = kept;
        if *handled == 0 && self.stands_at(*key) != Some(*base) {
            return;
        }
        if *key != ACCOUNT {
            if let Ok(answer) = channel_difference(schema, plan, answer) {
                self.missed_of_channel(now, *key, &answer, *number, *handled);
            }
        } else if let Ok(Difference::Missed { batch, state, .. }) = difference(schema, plan, answer)
        {
            self.account_difference(now, &batch, state, *number, *handled);
        }
    }

    fn stands_at(&self, key: i64) -> Option<State> {
        if key == ACCOUNT {
            return Some(self.account.state());
        }
        let channel = self.channels.get(&key)?;
        Some(State::of_channel(channel.line.at))
    }

    /// Takes an object. `known` says which peers can be addressed: an update of others waits for the difference.
    pub(crate) fn receive(&mut self, now: Duration, container: Container, known: &mut Known<'_>) {
        self.account.silence = now + SILENCE;
        let Container::Updates {
            batch,
            date,
            seq_start,
            seq,
        } = container
        else {
            return self.want_account();
        };
        let turn = self.account.turn(seq_start);
        let mut early = Vec::new();
        for item in &batch.items {
            if let Some(update) = self.item(now, &batch, item, known) {
                match turn {
                    line::Verdict::Next => {
                        if seq_start == 0 {
                            self.tell(&update);
                            self.push(Some(update), None);
                        } else {
                            self.push_of_object(update);
                        }
                    }
                    line::Verdict::Early => early.push(update),
                    line::Verdict::Old => {}
                }
            }
        }
        if seq_start != 0 {
            self.numbered(now, turn, early, (seq_start, seq, date));
        }
        if batch.broken.is_some() {
            self.want_account();
        }
    }

    /// Takes an update into its sequence; gives it back where it stands in none.
    fn item(
        &mut self,
        now: Duration,
        batch: &Batch,
        item: &Item,
        known: &mut Known<'_>,
    ) -> Option<Update> {
        let update = update(batch, item);
        match item.order {
            Order::Free | Order::Config => return update,
            Order::Account { pts, count } => {
                let named = batch.named(item);
                let held = Held { pts, count, update };
                self.account_step(now, held, |machine| machine.is_news(named, known));
            }
            Order::Qts(qts) => self.qts_step(now, qts, update),
            Order::Channel { id, pts, count } => {
                let named = batch.named(item);
                let held = Held { pts, count, update };
                self.channel_step(now, id, held, |machine| machine.is_news(named, known));
            }
            Order::ChannelTooLong { id, pts } => self.channel_too_long(id, pts, None),
            Order::PtsChanged => self.want_account(),
        }
        None
    }

    /// Takes what a call of our own counted.
    pub(crate) fn affected(&mut self, now: Duration, order: Order) {
        let update = None;
        match order {
            Order::Account { pts, count } if count > 0 => {
                self.account_step(now, Held { pts, count, update }, |_| false);
            }
            Order::Channel { id, pts, count } if count > 0 => {
                self.channel_step(now, id, Held { pts, count, update }, |_| false);
            }
            _ => {}
        }
    }

    /// Lets time pass.
    pub(crate) fn tick(&mut self, now: Duration) {
        while let Some((at, key)) = self.deadlines.first().copied().filter(|(at, _)| *at <= now) {
            self.deadlines.remove(&(at, key));
            if key == ACCOUNT {
                self.account.deadline = None;
                if self.account.is_waiting() {
                    self.want_account();
                }
            } else if let Some(channel) = self.channels.get_mut(&key) {
                channel.deadline = None;
                if channel.line.is_waiting() {
                    self.want_channel(key);
                }
            }
        }
        let due: Vec<i64> = self
            .subscribed
            .iter()
            .filter(|(_, at)| **at <= now)
            .map(|(id, _)| *id)
            .collect();
        for id in due {
            self.subscribed.insert(id, now + POLL);
            let date = self.account.state().date;
            if self.channels.contains_key(&id) {
                self.want_channel(id);
            } else {
                self.gone.remove(&id);
                self.unseen(id, date);
            }
        }
        if now >= self.account.silence {
            self.account.silence = now + SILENCE;
            self.want_account();
        }
    }

    /// When [`Machine::tick`] has something to do.
    pub(crate) fn deadline(&self) -> Duration {
        let first = self.deadlines.first().map(|(at, _)| *at);
        let polled = self.subscribed.values().min().copied();
        let others = first.into_iter().chain(polled);
        others.fold(self.account.silence, Duration::min)
    }

    /// Asks about a channel from now on, and every half a minute: of channels that one has not joined the server pushes
    /// nothing.
    pub(crate) fn subscribe(&mut self, now: Duration, id: i64) {
        self.subscribed.insert(id, now);
        self.tick(now);
    }

    /// The next question, if there is one.
    pub(crate) fn ask(&mut self) -> Option<Ask> {
        if let Some(ask) = self.account.ask() {
            return Some(ask);
        }
        while self.running < FETCHED_AT_ONCE {
            let id = self.wanted.pop_front()?;
            if let Some(channel) = self.channels.get_mut(&id)
                && channel.fetch == Fetch::Wanted
            {
                channel.fetch = Fetch::Running { again: false };
                self.running += 1;
                let pts = channel.line.at;
                return Some(Ask::ChannelDifference { id, pts });
            }
        }
        None
    }

    /// What is to be stored now, before anything is delivered.
    pub(crate) fn notes(&mut self) -> std::vec::Drain<'_, Mark> {
        self.notes.drain(..)
    }

    /// The next one to deliver.
    pub(crate) fn pop(&mut self) -> Option<Ready> {
        self.ready.pop()
    }

    /// How many updates wait for delivery, and how many bytes they have.
    pub(crate) fn load(&self) -> (usize, usize) {
        self.ready.load()
    }

    /// Nothing is missing in the account's sequences, as far as is known.
    pub(crate) fn is_complete(&self) -> bool {
        self.account.fetch == Fetch::No
    }

    /// The channels of which something is on its way; those of all others need not be [`Step::Active`] any more.
    /// `in_hand`: the sequences of updates that were popped and not handled.
    pub(crate) fn settle(&mut self, in_hand: impl Iterator<Item = i64>) -> HashSet<i64> {
        let mut active: HashSet<i64> = self
            .ready
            .marks()
            .map(|mark| mark.key)
            .chain(in_hand)
            .collect();
        for (id, channel) in &mut self.channels {
            if channel.fetch != Fetch::No || channel.line.is_waiting() {
                active.insert(*id);
            }
            channel.active &= active.contains(id);
        }
        active
    }

    /// Remembers an update that stands in no sequence; whether it is a new one.
    fn tell(&mut self, update: &Update) -> bool {
        let digest = digest(update);
        if let Some(index) = self.before.iter().position(|told| *told == digest) {
            self.before.swap_remove(index);
            return false;
        }
        if self.told.contains(&digest) {
            return false;
        }
        if self.told.len() >= TOLD {
            self.told.pop_front();
        }
        self.told.push_back(digest);
        true
    }

    fn push(&mut self, update: Option<Update>, mark: Option<Mark>) {
        let update = update.filter(|update| !self.was_handled_ahead(update, mark));
        if update.is_some() || mark.is_some() {
            self.ready.push(Ready { update, mark });
        }
    }

    fn was_handled_ahead(&self, update: &Update, mark: Option<Mark>) -> bool {
        mark.and_then(|mark| self.ahead.get(&mark.key))
            .is_some_and(|handled| handled.contains(&update.identity))
    }

    /// Nothing more is missing in a sequence.
    fn caught_up(&mut self, key: i64) {
        if self.ahead.remove(&key).is_some() {
            let step = Step::CaughtUp;
            self.push(None, Some(Mark { key, step }));
        }
    }

    /// One of those updates of a numbered object that have no number themselves: each is remembered until the object is through.
    fn push_of_object(&mut self, update: Update) {
        let told = Mark {
            key: ACCOUNT,
            step: Step::Told(digest(&update)),
        };
        self.push(Some(update), Some(told));
    }

    /// Whether somebody is named who cannot be addressed, and no difference was fetched for that before.
    fn is_news(&mut self, named: &[PeerId], known: &mut Known<'_>) -> bool {
        let mut news = false;
        for peer in named {
            if !known(*peer) {
                if self.asked_for.len() >= ASKED_FOR {
                    self.asked_for.clear();
                }
                news |= self.asked_for.insert(*peer);
            }
        }
        news
    }
}

fn digest(update: &Update) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(&update.bytes);
    hasher.finish()
}

/// The update that an item is; `None` for one that only counts.
fn update(batch: &Batch, item: &Item) -> Option<Update> {
    let range = item.range.clone();
    let whole = range.end <= batch.bytes.len() && range.start <= range.end;
    (!item.silent && whole).then(|| Update {
        bytes: batch.bytes.slice(range),
        form: item.form,
        message: item.message,
        identity: identity(batch, item),
    })
}

/// An update that waits does not keep the object that it came in.
fn detached(held: Held) -> Held {
    let update = held.update.map(|update| Update {
        bytes: Bytes::copy_from_slice(&update.bytes),
        ..update
    });
    Held { update, ..held }
}
