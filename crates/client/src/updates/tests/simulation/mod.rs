//! A simulated server of updates: each seed is a schedule of loss, repetition, reordering, slices, reconnects and
//! crashes that comes out the same in each run. Whatever happens, each update is delivered once, in order; after a
//! crash nothing comes again but what was in hand.
//!
//! `SIMULATION_SEEDS=N` or `FROM..TO` runs other seeds than those of `cargo test`; `SIMULATION_SEED=N` runs one and
//! tells what happens in it.

mod client;
mod server;

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::ops::Range;
use std::panic;
use std::time::Duration;

use self::client::Client;
use self::server::{ACCOUNT, Event, QTS, SEQ, Server};

const SEEDS: Range<u64> = 0..300;
const CHANNELS: [i64; 4] = [11, 12, 13, 14];
/// The channel that is private for some time: of it only repetitions are looked for.
const PRIVATE: i64 = 14;

/// Numbers that look random and are the same for the same seed (`SplitMix64`).
pub(super) struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }

    fn once_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }
}

#[test]
fn each_update_is_delivered_once_and_in_order_whatever_happens_on_the_way() {
    if let Ok(seed) = env::var("SIMULATION_SEED") {
        println!("{:?}", World::new(seed.parse().unwrap(), true).run());
        return;
    }
    let seeds = match env::var("SIMULATION_SEEDS") {
        Err(_) => SEEDS,
        Ok(text) => match text.split_once("..") {
            Some((from, to)) => from.parse().unwrap()..to.parse().unwrap(),
            None => 0..text.parse().unwrap(),
        },
    };
    let mut all = Totals::default();
    for seed in seeds {
        let run = panic::catch_unwind(|| World::new(seed, false).run());
        let Ok(totals) = run else {
            panic!(
                "seed {seed} failed: SIMULATION_SEED={seed} cargo test -p madeline-client simulation -- --nocapture"
            );
        };
        all.add(totals);
    }
    println!("{all:?}");
    let Totals {
        delivered,
        crashes,
        repeated,
        differences,
        channel_differences,
        too_long,
    } = all;
    for seen in [
        delivered,
        crashes,
        repeated,
        differences,
        channel_differences,
        too_long,
    ] {
        assert!(seen > 0, "not all that can happen happened: {all:?}");
    }
}

/// What happened.
#[derive(Clone, Copy, Debug, Default)]
struct Totals {
    delivered: usize,
    crashes: usize,
    repeated: usize,
    differences: usize,
    channel_differences: usize,
    too_long: usize,
}

impl Totals {
    fn add(&mut self, other: Totals) {
        self.delivered += other.delivered;
        self.crashes += other.crashes;
        self.repeated += other.repeated;
        self.differences += other.differences;
        self.channel_differences += other.channel_differences;
        self.too_long += other.too_long;
    }
}

struct World {
    chance: Chance,
    server: Server,
    client: Client,
    now: Duration,
    /// Events that no session is told of, since the call that made them says so.
    own: BTreeSet<i32>,
    totals: Totals,
    noisy: bool,
}

impl World {
    fn new(seed: u64, noisy: bool) -> World {
        let mut chance = Chance(seed.wrapping_mul(0xa076_1d64_78bd_642f));
        let mut server = Server::new(&CHANNELS);
        for _ in 0..chance.below(20) {
            let key = [ACCOUNT, QTS, SEQ, 11, 12][chance.below(5) as usize];
            server.happen(key, &mut chance);
        }
        World {
            chance,
            server,
            client: Client::new(noisy),
            now: Duration::ZERO,
            own: BTreeSet::new(),
            totals: Totals::default(),
            noisy,
        }
    }

    fn run(mut self) -> Totals {
        self.calm();
        let first = self.server.logs.clone();
        for _ in 0..self.chance.below(150) + 50 {
            self.step();
        }
        // Whatever is missing shows when something follows.
        self.server.private = None;
        for key in [ACCOUNT, QTS, SEQ].into_iter().chain(CHANNELS) {
            let event = self.server.happen(key, &mut self.chance);
            self.client.arrives(self.now, &server::push(&[event]));
        }
        self.client.arrives(self.now, &server::too_long());
        self.calm();
        self.check(&first);
        self.totals.delivered = self.client.delivered.len();
        self.totals.repeated = self.client.repeated.len();
        self.totals
    }

    fn step(&mut self) {
        self.now += Duration::from_millis(self.chance.below(200));
        match self.chance.below(20) {
            0..=11 => self.events(),
            12 => {
                self.say("connection lost");
                self.client.network.clear();
                self.client.arrives(self.now, &server::too_long());
            }
            13 if self.chance.once_in(3) => {
                self.totals.crashes += 1;
                self.say("crash");
                self.client.crash(self.now);
            }
            14 => {
                let private = self.chance.once_in(2);
                self.server.private = private.then_some(PRIVATE);
            }
            15 => {
                let event = self.server.happen(ACCOUNT, &mut self.chance);
                self.own.insert(event.id);
                self.client.affected(self.now, &event);
            }
            _ => {}
        }
        self.turn();
    }

    /// Something happens, and the server says it: at once, late, twice or never.
    fn events(&mut self) {
        let keys = [ACCOUNT, ACCOUNT, QTS, SEQ, 11, 12, 13, PRIVATE];
        let mut events = Vec::new();
        for _ in 0..=self.chance.below(3) {
            let key = keys[self.chance.below(keys.len() as u64) as usize];
            events.push(self.server.happen(key, &mut self.chance));
        }
        self.say(&format!("{events:?}"));
        if self.chance.once_in(12) {
            return;
        }
        let short = events.len() == 1 && events[0].key != SEQ && self.chance.once_in(2);
        let push = if short {
            server::push_short(&events[0])
        } else {
            server::push(&events)
        };
        for _ in 0..=u32::from(self.chance.once_in(8)) {
            let late = if self.chance.once_in(4) {
                self.chance.below(900)
            } else {
                0
            };
            let at = self.now + Duration::from_millis(late);
            self.client.network.push((at, push.clone()));
        }
    }

    /// The client does some of what it has to do.
    fn turn(&mut self) {
        self.client.receive(self.now);
        self.answer();
        let most = self.chance.below(6);
        for _ in 0..most {
            self.client.deliver();
            if self.chance.once_in(4) {
                self.client.wait();
            }
            if self.chance.once_in(4) {
                let which = self.chance.below(100) as usize;
                self.client.end(which);
            }
        }
    }

    fn answer(&mut self) {
        let (slice, limit) = (1 + self.chance.below(6), 1 + self.chance.below(6));
        let mut rarely = || self.chance.once_in(10);
        let (account_too_long, channel_too_long) = (rarely(), rarely());
        let skipped = self.server.skipped.len();
        let state = self.server.state();
        let (server, totals) = (&mut self.server, &mut self.totals);
        self.client.ask(
            self.now,
            |ask| match ask {
                client::Question::Difference(state) => {
                    totals.differences += 1;
                    Some(server.difference(state, slice as usize, account_too_long))
                }
                client::Question::Channel(id, pts) => {
                    totals.channel_differences += 1;
                    server.channel_difference(id, pts, limit as usize, channel_too_long)
                }
                client::Question::State => None,
            },
            state,
        );
        self.totals.too_long += self.server.skipped.len() - skipped;
        let late = Duration::from_millis(self.chance.below(300));
        let lost = self.chance.once_in(10);
        self.client.answered(self.now, late, lost);
    }

    /// Nothing more goes wrong, and enough time passes.
    fn calm(&mut self) {
        for _ in 0..400 {
            self.now += Duration::from_millis(100);
            self.client.receive(self.now);
            let server = &mut self.server;
            let state = server.state();
            self.client.ask(
                self.now,
                |ask| match ask {
                    client::Question::Difference(state) => {
                        Some(server.difference(state, 50, false))
                    }
                    client::Question::Channel(id, pts) => {
                        server.channel_difference(id, pts, 50, false)
                    }
                    client::Question::State => None,
                },
                state,
            );
            self.client.answered(self.now, Duration::ZERO, false);
            while self.client.deliver() {}
            while self.client.end(0) {}
        }
    }

    fn check(&self, first: &BTreeMap<i64, Vec<Event>>) {
        let delivered = &self.client.delivered;
        let mut seen = BTreeSet::new();
        for id in delivered {
            assert!(seen.insert(*id), "event {id} was delivered twice");
        }
        assert!(
            self.client.repeated.len() <= self.client.in_hand,
            "repeated: {:?}",
            self.client.repeated
        );
        let place: BTreeMap<i32, usize> = delivered
            .iter()
            .enumerate()
            .map(|(place, id)| (*id, place))
            .collect();
        for (key, log) in &self.server.logs {
            let begun = log.iter().position(|event| seen.contains(&event.id));
            let known = if *key > 0 {
                begun.unwrap_or(0)
            } else {
                first[key].len()
            };
            let mut last = [None, None];
            for (index, event) in log.iter().enumerate() {
                let skipped = self.server.skipped.iter().any(|(of, from, to)| {
                    of == key && event.pts > *from && event.pts - event.count < *to
                });
                let Some(at) = place.get(&event.id) else {
                    let unseen = self.client.unseen.get(key);
                    let may_be_missing = !event.message
                        && unseen.is_some_and(|to| event.pts <= *to)
                        || index < known
                        || skipped
                        || *key == PRIVATE
                        || self.own.contains(&event.id);
                    assert!(may_be_missing, "{event:?} was not delivered");
                    continue;
                };
                assert!(index >= known, "{event:?} is from before the start");
                // What only counted, or was beyond recovery, comes after a crash although later ones were handled.
                if skipped || self.own.contains(&event.id) {
                    continue;
                }
                // Differences tell new messages before all others.
                let kind = &mut last[usize::from(event.message)];
                // What was in hand at a crash comes again in its place.
                if *key != PRIVATE && !self.client.repeated.contains(&event.id) {
                    assert!(Some(at) > kind.as_ref(), "{event:?} came too early");
                }
                *kind = Some(*at);
            }
        }
    }

    fn say(&self, what: &str) {
        if self.noisy {
            println!("{:>8.1?} {what}", self.now);
        }
    }
}
