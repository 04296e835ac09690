//! Faults on demand: what is armed, and whether an occasion is one of those it waits for.
//!
//! A fault is a [`Verb`] that waits for its [`Stage`]. Where nothing is armed for a stage, that stage costs one relaxed
//! load. The list's lock is innermost: nothing else is locked while it is held.

pub(crate) mod falsify;
pub(crate) mod hostile;
pub(crate) mod line;
pub(crate) mod order;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;
use tokio::sync::Notify;

use crate::state::SessionRef;
use order::{Holds, On, Stage, Verb};

/// Every fault that was armed.
#[derive(Default)]
pub(crate) struct Faults {
    armed: [AtomicUsize; 6],
    list: Mutex<List>,
    struck: Notify,
}

#[derive(Default)]
struct List {
    last_id: u64,
    faults: Vec<Armed>,
}

struct Armed {
    id: u64,
    verb: Verb,
    stage: Stage,
    on: On,
    /// The user of `on`, as id.
    user: Option<i64>,
    /// Occasions that came after those let pass.
    seen: u64,
    hits: u64,
    random: u64,
}

/// An occasion.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Occasion<'a> {
    pub(crate) dc: i32,
    pub(crate) session: Option<SessionRef>,
    pub(crate) user: Option<i64>,
    pub(crate) method: Option<&'a str>,
    pub(crate) holds: Option<&'a [Holds]>,
}

/// A fault that strikes, and a random number for it.
#[derive(Debug, Clone)]
pub(crate) struct Struck {
    pub(crate) verb: Verb,
    pub(crate) random: u64,
}

impl Faults {
    /// Whether anything is armed for a stage.
    pub(crate) fn any(&self, stage: Stage) -> bool {
        self.counter(stage)
            .is_some_and(|count| count.load(Ordering::Relaxed) > 0)
    }

    /// Arms a fault; `user` is the one that `on` names. Gives its number.
    pub(crate) fn arm(&self, verb: Verb, stage: Stage, on: On, user: Option<i64>) -> u64 {
        let mut list = crate::net::lock(&self.list);
        list.last_id += 1;
        let id = list.last_id;
        let random = on.seed;
        list.faults.push(Armed {
            id,
            verb,
            stage,
            on,
            user,
            seen: 0,
            hits: 0,
            random,
        });
        self.recount(&list);
        id
    }

    /// Removes a fault, or all of them. Gives how many.
    pub(crate) fn clear(&self, id: Option<u64>) -> usize {
        let mut list = crate::net::lock(&self.list);
        let before = list.faults.len();
        list.faults
            .retain(|fault| id.is_some_and(|id| fault.id != id));
        self.recount(&list);
        before - list.faults.len()
    }

    /// How often a fault has struck.
    pub(crate) fn hits(&self, id: u64) -> u64 {
        let list = crate::net::lock(&self.list);
        let fault = list.faults.iter().find(|fault| fault.id == id);
        fault.map_or(0, |fault| fault.hits)
    }

    /// Waits until a fault has struck so often.
    pub(crate) async fn wait(&self, id: u64, hits: u64) {
        loop {
            let change = self.struck.notified();
            if self.hits(id) >= hits {
                return;
            }
            change.await;
        }
    }

    /// The first fault that waits for this occasion.
    pub(crate) fn strike(&self, stage: Stage, occasion: &Occasion<'_>) -> Option<Struck> {
        self.strike_some(stage, occasion, 1).pop()
    }

    /// Every fault that waits for this occasion.
    pub(crate) fn strike_all(&self, stage: Stage, occasion: &Occasion<'_>) -> Vec<Struck> {
        self.strike_some(stage, occasion, usize::MAX)
    }

    /// What is armed and how often it struck, as JSON.
    pub(crate) fn to_json(&self) -> serde_json::Value {
        let list = crate::net::lock(&self.list);
        let faults = list.faults.iter().map(|fault| {
            json!({
                "id": fault.id,
                "what": format!("{:?}", fault.verb),
                "hits": fault.hits,
                "armed": fault.is_armed(),
            })
        });
        faults.collect()
    }

    fn strike_some(&self, stage: Stage, occasion: &Occasion<'_>, limit: usize) -> Vec<Struck> {
        let mut list = crate::net::lock(&self.list);
        let mut struck = Vec::new();
        for fault in &mut list.faults {
            if struck.len() < limit && fault.stage == stage && fault.waits_for(occasion) {
                struck.extend(fault.strike());
            }
        }
        if !struck.is_empty() {
            self.recount(&list);
            drop(list);
            self.struck.notify_waiters();
        }
        struck
    }

    fn recount(&self, list: &List) {
        for stage in [
            Stage::Accept,
            Stage::Message,
            Stage::Request,
            Stage::Envelope,
            Stage::Acknowledgement,
            Stage::Update,
        ] {
            let armed = list
                .faults
                .iter()
                .filter(|fault| fault.stage == stage && fault.is_armed());
            if let Some(count) = self.counter(stage) {
                count.store(armed.count(), Ordering::Relaxed);
            }
        }
    }

    fn counter(&self, stage: Stage) -> Option<&AtomicUsize> {
        self.armed.get(stage as usize)
    }
}

impl Armed {
    fn is_armed(&self) -> bool {
        self.on.times == 0 || self.hits < self.on.times
    }

    fn waits_for(&self, occasion: &Occasion<'_>) -> bool {
        fn fits<T: PartialEq>(wanted: Option<&T>, is: Option<&T>) -> bool {
            wanted.is_none() || wanted == is
        }
        let session = occasion.session.as_ref();
        let holds = self
            .on
            .holds
            .is_none_or(|wanted| occasion.holds.is_some_and(|there| there.contains(&wanted)));
        self.is_armed()
            && fits(self.on.dc.as_ref(), Some(&occasion.dc))
            && fits(self.user.as_ref(), occasion.user.as_ref())
            && fits(
                self.on.session.as_ref(),
                session.map(|session| &session.session_id),
            )
            && fits(self.on.key.as_ref(), session.map(|session| &session.key.id))
            && (self.on.method.is_none() || self.on.method.as_deref() == occasion.method)
            && holds
    }

    fn strike(&mut self) -> Option<Struck> {
        self.seen += 1;
        let occasion = self.seen.checked_sub(self.on.skip)?;
        if occasion == 0 || !occasion.is_multiple_of(self.on.every.max(1)) {
            return None;
        }
        if let Some(probability) = self.on.probability {
            let random = f64::from((self.next_random() >> 32) as u32);
            if random >= probability * 2_f64.powi(32) {
                return None;
            }
        }
        self.hits += 1;
        Some(Struck {
            verb: self.verb.clone(),
            random: self.next_random(),
        })
    }

    /// `SplitMix64`: the same seed gives the same faults.
    fn next_random(&mut self) -> u64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.random;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }
}
