//! The time that the protocol's machines are given.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// This machine's clock as it was at the start, carried on without jumps: what the server's clock is ahead of it does
/// not change when somebody sets the clock.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    started: Instant,
    epoch: Duration,
}

impl Clock {
    pub(super) fn start() -> Clock {
        Clock {
            started: Instant::now(),
            epoch: SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .unwrap_or_default(),
        }
    }

    /// Time since the Unix epoch.
    pub(super) fn now(&self) -> Duration {
        self.epoch + self.started.elapsed()
    }

    /// The time of an instant.
    pub(super) fn at(&self, instant: Instant) -> Duration {
        self.epoch + instant.saturating_duration_since(self.started)
    }

    /// When it will be that late, for timers.
    pub(super) fn instant(&self, at: Duration) -> Instant {
        self.started + at.saturating_sub(self.epoch)
    }
}
