//! The client's side: a machine, and what would be on the disk.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use bytes::Bytes;
use madeline_tl::{Schema, boxed_from_bytes};

use super::server::{Event, STRANGERS, event_id};
use crate::updates::hands::Hands;
use crate::updates::machine::{ACCOUNT, Ask, Kept, Machine, Mark, Position, Step, Update};
use crate::updates::read::{self, Container, Difference, Order, Plan, State};
use crate::updates::store::{after, is_through};

/// What the client asks.
pub(super) enum Question {
    State,
    Difference(State),
    Channel(i64, i32),
}

pub(super) struct Client {
    plan: Plan,
    machine: Machine,
    /// What is under way to the client, and when it arrives.
    pub(super) network: Vec<(Duration, Bytes)>,
    asked: Vec<(Ask, Option<Bytes>)>,
    answers: Vec<(Duration, Ask, Option<Bytes>)>,
    /// On the disk.
    positions: HashMap<i64, Position>,
    kept: Vec<Kept>,
    known: BTreeSet<i64>,
    /// Delivered and not handled: what was delivered last, and those whose handlers wait.
    last: Option<i32>,
    waiting: Vec<(i32, u64)>,
    hands: Hands,
    /// What was handled, or is in hand, in order.
    pub(super) delivered: Vec<i32>,
    /// What came twice because of a crash.
    pub(super) repeated: Vec<i32>,
    /// What was in hand at a crash, and how much that was in all.
    crashed: BTreeSet<i32>,
    pub(super) in_hand: usize,
    /// What was handled before its turn; on the disk.
    ahead: Vec<(i64, u64)>,
    /// What was handled of an object that is not through; on the disk.
    told: Vec<u64>,
    /// Of channels that were never seen before, how far the first difference reached: it has messages only.
    pub(super) unseen: HashMap<i64, i32>,
    noisy: bool,
}

impl Client {
    pub(super) fn new(noisy: bool) -> Client {
        Client {
            plan: Plan::new(Schema::api()),
            machine: Machine::new(Duration::ZERO),
            network: Vec::new(),
            asked: Vec::new(),
            answers: Vec::new(),
            positions: HashMap::new(),
            kept: Vec::new(),
            known: BTreeSet::new(),
            last: None,
            waiting: Vec::new(),
            hands: Hands::default(),
            delivered: Vec::new(),
            repeated: Vec::new(),
            crashed: BTreeSet::new(),
            in_hand: 0,
            ahead: Vec::new(),
            told: Vec::new(),
            unseen: HashMap::new(),
            noisy,
        }
    }

    /// Everything but the disk is gone.
    pub(super) fn crash(&mut self, now: Duration) {
        self.network.clear();
        self.asked.clear();
        self.answers.clear();
        let waiting = self.waiting.drain(..).map(|(id, _)| id);
        let in_hand: Vec<i32> = waiting.chain(self.last.take()).collect();
        self.in_hand += in_hand.len();
        self.crashed.extend(in_hand);
        self.hands = Hands::default();
        self.machine = Machine::new(now);
        for (key, position) in &self.positions {
            self.machine.restore(*key, position);
        }
        self.machine.restore_told(self.told.iter().copied());
        self.machine.restore_ahead(self.ahead.iter().copied());
        for kept in &self.kept {
            let Some(position) = self.positions.get(&kept.key) else {
                continue;
            };
            if !is_through(position, kept.number) {
                let begun = position.number == kept.number;
                let handled = if begun { position.index } else { 0 };
                let kept = Kept {
                    handled,
                    ..kept.clone()
                };
                self.machine.resume(Schema::api(), &self.plan, now, &kept);
            }
        }
        self.notes();
    }

    /// Takes what has arrived.
    pub(super) fn receive(&mut self, now: Duration) {
        self.network.sort_by_key(|(at, _)| *at);
        while self.network.first().is_some_and(|(at, _)| *at <= now) {
            let (_, bytes) = self.network.remove(0);
            self.arrives(now, &bytes);
        }
        self.machine.tick(now);
        self.notes();
    }

    pub(super) fn arrives(&mut self, now: Duration, bytes: &Bytes) {
        let container = read::container(Schema::api(), &self.plan, bytes, Some(1), None);
        if let Container::Updates { batch, .. } = &container {
            assert!(batch.broken.is_none(), "{:?}", batch.broken);
        }
        let known = &self.known;
        self.machine.receive(now, container, &mut |peer| {
            peer.raw() < STRANGERS || known.contains(&peer.raw())
        });
        self.notes();
    }

    /// A call of our own did something.
    pub(super) fn affected(&mut self, now: Duration, event: &Event) {
        let (pts, count) = (event.pts, event.count);
        self.machine.affected(now, Order::Account { pts, count });
        self.notes();
    }

    /// Asks what there is to ask; `answer` gives `None` where the server refuses.
    pub(super) fn ask(
        &mut self,
        now: Duration,
        mut answer: impl FnMut(Question) -> Option<Bytes>,
        state: State,
    ) {
        while let Some(ask) = self.machine.ask() {
            let answered = match ask {
                Ask::State => {
                    assert!(answer(Question::State).is_none());
                    self.machine.state(now, state);
                    self.notes();
                    continue;
                }
                Ask::Difference(state) => answer(Question::Difference(state)),
                Ask::ChannelDifference { id, pts } => answer(Question::Channel(id, pts)),
            };
            self.asked.push((ask, answered));
        }
    }

    /// The answers come, `late`; or the questions get lost.
    pub(super) fn answered(&mut self, now: Duration, late: Duration, lost: bool) {
        for (ask, answer) in std::mem::take(&mut self.asked) {
            if lost {
                match ask {
                    Ask::ChannelDifference { id, .. } => self.machine.channel_is_unanswered(id),
                    _ => self.machine.account_is_unanswered(),
                }
            } else {
                self.answers.push((now + late, ask, answer));
            }
        }
        let (come, rest) = std::mem::take(&mut self.answers)
            .into_iter()
            .partition(|(at, ..)| *at <= now);
        self.answers = rest;
        for (_, ask, answer) in come {
            self.take(now, ask, answer);
            self.notes();
        }
    }

    fn take(&mut self, now: Duration, ask: Ask, answer: Option<Bytes>) {
        if self.noisy {
            let answer = answer
                .as_ref()
                .map(|answer| boxed_from_bytes(Schema::api(), answer));
            println!("         {ask:?}: {answer:?}");
        }
        let schema = Schema::api();
        match (ask, answer) {
            (Ask::ChannelDifference { id, .. }, None) => self.machine.channel_is_gone(id),
            (Ask::ChannelDifference { id, .. }, Some(bytes)) => {
                let answer = read::channel_difference(schema, &self.plan, &bytes).unwrap();
                assert!(answer.batch.broken.is_none(), "{:?}", answer.batch.broken);
                self.learn(answer.batch.peers());
                let items = if answer.skips {
                    0
                } else {
                    answer.batch.items.len()
                };
                let number = self.keep(id, ask.base(), items, &bytes);
                self.machine.channel_difference(now, id, &answer, number);
            }
            (_, Some(bytes)) => {
                let answer = read::difference(schema, &self.plan, &bytes).unwrap();
                let mut number = 0;
                if let Difference::Missed { batch, .. } = &answer {
                    assert!(batch.broken.is_none(), "{:?}", batch.broken);
                    self.learn(batch.peers());
                    number = self.keep(ACCOUNT, ask.base(), batch.items.len(), &bytes);
                }
                self.machine.difference(now, answer, number);
            }
            (_, None) => unreachable!("the account's difference is always there"),
        }
    }

    fn learn<'b>(&mut self, peers: impl Iterator<Item = &'b [u8]>) {
        for peer in peers {
            let user = boxed_from_bytes(Schema::api(), peer).unwrap();
            self.known.insert(user.int("id").unwrap());
        }
    }

    fn keep(&mut self, key: i64, base: State, items: usize, bytes: &Bytes) -> u32 {
        if items < 2 {
            return 0;
        }
        let number = self.kept.len() as u32 + 1;
        self.kept.push(Kept {
            key,
            number,
            handled: 0,
            base,
            answer: bytes.clone(),
        });
        number
    }

    fn notes(&mut self) {
        let notes: Vec<Mark> = self.machine.notes().collect();
        for mark in notes {
            self.apply(mark);
        }
    }

    fn apply(&mut self, Mark { key, step }: Mark) {
        if let Step::Told(digest) = step {
            self.told.push(digest);
        } else if let Step::Ahead(identity) = step {
            self.ahead.push((key, identity));
        } else if step == Step::CaughtUp {
            let now: Vec<Mark> = self.hands.ahead().collect();
            self.ahead.retain(|(of, identity)| {
                let step = Step::Ahead(*identity);
                *of != key || now.contains(&Mark { key, step })
            });
        } else {
            let new = Position {
                number: self.kept.len() as u32,
                index: Position::THROUGH,
                ..Position::default()
            };
            let position = self.positions.entry(key).or_insert(new);
            if let Step::Gone { .. } = step {
                *position = new;
            }
            if key != ACCOUNT
                && position.state.date != 0
                && let Step::Through { state, .. } = step
            {
                self.unseen.insert(key, state.pts);
            }
            let seq = position.state.seq;
            *position = after(*position, step);
            if key == ACCOUNT && seq != position.state.seq {
                self.told.clear();
            }
        }
    }

    /// What was delivered last is handled.
    pub(super) fn handled(&mut self) {
        self.last = None;
        self.hands.handled();
        self.note_done();
    }

    /// The handler of what was delivered last waits.
    pub(super) fn wait(&mut self) {
        if let Some(id) = self.last.take()
            && let Some(number) = self.hands.hold()
        {
            self.waiting.push((id, number));
        }
    }

    /// One of the handlers that wait comes to its end; false where there is none.
    pub(super) fn end(&mut self, which: usize) -> bool {
        if self.waiting.is_empty() {
            return false;
        }
        let (_, number) = self.waiting.swap_remove(which % self.waiting.len());
        self.hands.release(number);
        self.note_done();
        true
    }

    fn note_done(&mut self) {
        while let Some(mark) = self.hands.done() {
            self.apply(mark);
            self.hands.noted();
        }
    }

    /// Handles what was delivered last and takes the next one; false where there is none.
    pub(super) fn deliver(&mut self) -> bool {
        self.handled();
        while let Some(ready) = self.machine.pop() {
            let identity = ready.update.as_ref().map(Update::identity);
            self.hands.give(ready.mark, identity);
            let Some(update) = ready.update else {
                self.handled();
                continue;
            };
            let bytes = update.into_bytes(Schema::api());
            let id = event_id(&boxed_from_bytes(Schema::api(), &bytes).unwrap());
            if self.noisy {
                println!("         delivered {id} {:?}", ready.mark);
            }
            if self.delivered.contains(&id) && self.crashed.remove(&id) {
                self.repeated.push(id);
            } else {
                self.delivered.push(id);
            }
            self.last = Some(id);
            return true;
        }
        false
    }
}
