//! How long to wait before the next try to connect.

use std::time::Duration;

use madeline_mtproto::Random;

const FIRST: Duration = Duration::from_millis(250);
const LONGEST: Duration = Duration::from_secs(30);
/// A connection that lasts this long is a good one.
const STEADY: Duration = Duration::from_secs(5);
/// What one that worked, but not for long, counts for at most.
const BRIEF: u32 = 2;

/// Pauses between tries: none before the first, then twice as long each time, with jitter, so that many accounts do not
/// return at the same moment.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Backoff {
    failures: u32,
}

impl Backoff {
    /// A connection worked for this long before it ended. One that ends at once each time is not made again without a
    /// pause.
    pub(super) fn succeeded(&mut self, lasted: Duration) {
        let most = if lasted >= STEADY { 0 } else { BRIEF };
        self.failures = self.failures.min(most);
    }

    /// A connection failed; how long to wait before the next.
    pub(super) fn failed(&mut self, random: &mut dyn Random) -> Duration {
        let failures = self.failures;
        self.failures = failures.saturating_add(1);
        let Some(doublings) = failures.checked_sub(1) else {
            return Duration::ZERO;
        };
        let pause = FIRST
            .saturating_mul(2_u32.saturating_pow(doublings.min(16)))
            .min(LONGEST);
        let mut jitter = [0; 2];
        random.fill(&mut jitter);
        // Between half of it and all of it.
        pause / 2 + pause.mul_f64(f64::from(u16::from_le_bytes(jitter)) / f64::from(u16::MAX) / 2.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_reconnect_is_immediate_and_later_ones_wait_longer_but_not_for_ever() {
        let mut backoff = Backoff::default();
        let mut most = |bytes: &mut [u8]| bytes.fill(0xff);
        let pauses: Vec<_> = (0..10).map(|_| backoff.failed(&mut most)).collect();
        let expected = [0, 250, 500, 1000, 2000, 4000, 8000, 16000, 30000, 30000];
        assert_eq!(pauses, expected.map(Duration::from_millis));
        backoff.succeeded(STEADY);
        assert_eq!(backoff.failed(&mut most), Duration::ZERO);
    }

    #[test]
    fn connections_that_work_and_end_at_once_are_not_made_without_a_pause() {
        let mut backoff = Backoff::default();
        let mut most = |bytes: &mut [u8]| bytes.fill(0xff);
        let mut pauses = Vec::new();
        for _ in 0..5 {
            backoff.succeeded(Duration::ZERO);
            pauses.push(backoff.failed(&mut most));
        }
        assert_eq!(pauses, [0, 250, 500, 500, 500].map(Duration::from_millis));
    }

    #[test]
    fn jitter_shortens_a_pause_by_up_to_a_half() {
        let mut backoff = Backoff::default();
        let mut least = |bytes: &mut [u8]| bytes.fill(0);
        backoff.failed(&mut least);
        assert_eq!(backoff.failed(&mut least), Duration::from_millis(125));
        assert_eq!(backoff.failed(&mut least), Duration::from_millis(250));
    }
}
