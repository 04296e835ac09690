//! What happened: each call's end, each message that was sent and received, and whatever should not have been.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::ACCOUNTS;
use crate::Failure;

/// The notes of a run, shared by everything that runs.
pub(super) struct Ledger {
    started: Instant,
    stopping: AtomicBool,
    notes: Mutex<Notes>,
    log: Mutex<File>,
}

/// How a call that must not be executed twice ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// With its result.
    Answered,
    /// With the server's error: it was not executed.
    Refused,
    /// With another error: it may have been executed.
    Unknown,
}

/// The end of a numbered call.
#[derive(Clone, Copy)]
pub(super) struct Ended {
    pub(super) end: End,
    /// Milliseconds since the start.
    at: u32,
}

/// More messages than an account sends in a second, and changes of its name.
const MOST_PER_SECOND: usize = 20;
const NEVER: Ended = Ended {
    end: End::Unknown,
    at: u32::MAX,
};

/// An empty list with room for so many, all of which is resident.
fn touched<T: Clone>(most: usize, filler: T) -> Vec<T> {
    let mut list = vec![filler; most];
    list.clear();
    list
}

impl Ended {
    /// In seconds since the start.
    pub(super) fn at(self) -> f64 {
        f64::from(self.at) / 1e3
    }
}

#[derive(Default)]
pub(super) struct Notes {
    pub(super) answered: u64,
    /// Calls that failed with a cause, by its kind.
    pub(super) failed: BTreeMap<String, u64>,
    /// Numbered messages of each account, and its numbered changes of its name.
    pub(super) messages: [Vec<Ended>; ACCOUNTS],
    pub(super) names: [Vec<Ended>; ACCOUNTS],
    /// For each message of each account, whether it was received.
    pub(super) received: [Vec<bool>; ACCOUNTS],
    /// How many came, and those that came behind later ones.
    pub(super) came: u64,
    pub(super) late: Vec<(usize, usize)>,
    pub(super) faults: BTreeMap<String, u64>,
    pub(super) violations: Vec<String>,
}

impl Ledger {
    /// With room for a run of that length, so that the memory that is watched is the client's.
    pub(super) fn new(duration: Duration) -> Result<Self, Failure> {
        let most = duration.as_secs() as usize * MOST_PER_SECOND;
        let notes = Notes {
            messages: std::array::from_fn(|_| touched(most, NEVER)),
            names: std::array::from_fn(|_| touched(most, NEVER)),
            received: std::array::from_fn(|_| touched(most, true)),
            ..Notes::default()
        };
        Ok(Self {
            started: Instant::now(),
            stopping: AtomicBool::new(false),
            notes: Mutex::new(notes),
            log: Mutex::new(File::create("target/soak.log")?),
        })
    }

    pub(super) fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// No more calls are to be made.
    pub(super) fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }

    pub(super) fn notes(&self) -> MutexGuard<'_, Notes> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes what must not happen.
    pub(super) fn violation(&self, what: String) {
        self.log(&format!("VIOLATION {what}"));
        eprintln!("soak: {:.1} s: {what}", self.elapsed().as_secs_f64());
        self.notes().violations.push(what);
    }

    /// A numbered call ends now.
    pub(super) fn ended(&self, end: End) -> Ended {
        let at = self.elapsed().as_millis() as u32;
        Ended { end, at }
    }

    /// A message came.
    pub(super) fn received(&self, from: usize, number: usize, is_late: bool) {
        let mut notes = self.notes();
        notes.came += 1;
        if is_late {
            notes.late.push((from, number));
        }
        let complaint = match notes.place(from, number) {
            Some(came) => std::mem::replace(came, true).then_some("received twice"),
            None => Some("from nobody"),
        };
        drop(notes);
        if let Some(complaint) = complaint {
            self.violation(format!("message {number} of person{from} was {complaint}"));
        }
    }

    /// Writes a line to the log.
    pub(super) fn log(&self, line: &str) {
        let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        // A log that cannot be written must not end the run.
        let _ = writeln!(log, "{:9.3} {line}", self.elapsed().as_secs_f64());
    }
}

impl Notes {
    fn place(&mut self, from: usize, number: usize) -> Option<&mut bool> {
        let received = self.received.get_mut(from)?;
        if received.len() <= number {
            received.resize(number + 1, false);
        }
        received.get_mut(number)
    }

    /// A call failed for this reason.
    pub(super) fn failed(&mut self, kind: String) {
        *self.failed.entry(kind).or_default() += 1;
    }
}
