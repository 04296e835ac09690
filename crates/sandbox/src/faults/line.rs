//! Envelopes that wait: delayed ones, those to be repeated, those that let others pass.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// What a connection holds back.
#[derive(Default)]
pub(crate) struct Line {
    /// Delayed envelopes in their order; everything else waits behind them.
    delayed: VecDeque<(Instant, Vec<u8>)>,
    /// Sent when their time comes, whatever happens meanwhile.
    repeats: Vec<(Instant, Vec<u8>)>,
    /// Sent behind the next envelope, or when the time has come.
    passed: Vec<(Instant, Vec<u8>)>,
}

impl Line {
    /// Whether anything is held back.
    pub(crate) fn is_empty(&self) -> bool {
        self.due().is_none()
    }

    /// When the next envelope is due.
    pub(crate) fn due(&self) -> Option<Instant> {
        let held = self.delayed.iter().chain(&self.repeats).chain(&self.passed);
        held.map(|(due, _)| *due).min()
    }

    /// Holds back this envelope and everything behind it.
    pub(crate) fn delay(&mut self, frame: Vec<u8>, by: Duration) {
        let due = Instant::now() + by;
        let last = self.delayed.back().map(|(last, _)| *last);
        self.delayed
            .push_back((last.map_or(due, |last| last.max(due)), frame));
    }

    /// Sends this envelope at that time.
    pub(crate) fn repeat(&mut self, frame: Vec<u8>, after: Duration) {
        self.repeats.push((Instant::now() + after, frame));
    }

    /// Lets the next envelope pass this one, or waits that long for one.
    pub(crate) fn let_pass(&mut self, frame: Vec<u8>, at_most: Duration) {
        self.passed.push((Instant::now() + at_most, frame));
    }

    /// What has to be sent for this envelope now: itself and what it has passed; nothing while it has to wait.
    pub(crate) fn enter(&mut self, frame: Vec<u8>) -> Vec<Vec<u8>> {
        if let Some((last, _)) = self.delayed.back() {
            self.delayed.push_back((*last, frame));
            return Vec::new();
        }
        let passed = self.passed.drain(..).map(|(_, passed)| passed);
        std::iter::once(frame).chain(passed).collect()
    }

    /// What is due by now.
    pub(crate) fn take_due(&mut self) -> Vec<Vec<u8>> {
        let now = Instant::now();
        let is_due = |held: &(Instant, Vec<u8>)| held.0 <= now;
        let mut due = Vec::new();
        while self.delayed.front().is_some_and(is_due) {
            due.extend(self.delayed.pop_front().map(|(_, frame)| frame));
        }
        for held in [&mut self.repeats, &mut self.passed] {
            due.extend(
                held.extract_if(.., |held| is_due(held))
                    .map(|(_, frame)| frame),
            );
        }
        due
    }
}
