//! <https://core.telegram.org/mtproto/description#server-salt>

use std::time::Duration;

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::AuthKey;
use crate::service::FutureSalt;
use crate::wire::first_long;

/// Seconds after which a salt is followed by the next one.
const PERIOD: u64 = 1800;
/// Seconds for which a salt is still accepted after that.
const GRACE: u64 = 1800;

/// The salts of an authorization key: one for each half hour, each accepted for half an hour longer.
///
/// All of them follow from the key and the first salt, so that every session of a key, on every connection, agrees.
#[derive(Clone)]
pub struct Salts {
    seed: Zeroizing<[u8; 32]>,
    first: i64,
    created: Duration,
    rotations: u32,
}

impl Salts {
    /// `first` is what the key exchange agreed on, at `created`.
    pub fn new(key: &AuthKey, first: i64, created: Duration) -> Self {
        let seed = Sha256::new()
            .chain_update(key.as_bytes())
            .chain_update(first.to_le_bytes())
            .finalize()
            .into();
        Self {
            seed: Zeroizing::new(seed),
            first,
            created,
            rotations: 0,
        }
    }

    /// The salt in force at `now`.
    pub fn current(&self, now: Duration) -> i64 {
        self.of_period(self.period(now))
    }

    /// Whether messages with that salt are accepted at `now`.
    pub fn accepts(&self, now: Duration, salt: i64) -> bool {
        let period = self.period(now);
        salt == self.of_period(period) || period > 0 && salt == self.of_period(period - 1)
    }

    /// The salt in force at `now` and those that follow, `count` in all but at most 64.
    pub fn future(&self, now: Duration, count: i32) -> Vec<FutureSalt> {
        let first = self.period(now);
        (first..first + u64::from(count.clamp(1, 64).unsigned_abs()))
            .map(|period| {
                let since = self.created.as_secs() + period * PERIOD;
                FutureSalt {
                    valid_since: since as i32,
                    valid_until: (since + PERIOD + GRACE) as i32,
                    salt: self.of_period(period),
                }
            })
            .collect()
    }

    /// Makes every salt given out so far invalid at once.
    pub fn rotate(&mut self) {
        self.rotations += 1;
    }

    fn period(&self, now: Duration) -> u64 {
        now.saturating_sub(self.created).as_secs() / PERIOD
    }

    fn of_period(&self, period: u64) -> i64 {
        if period == 0 && self.rotations == 0 {
            return self.first;
        }
        let hash = Sha256::new()
            .chain_update(*self.seed)
            .chain_update(period.to_le_bytes())
            .chain_update(self.rotations.to_le_bytes())
            .finalize();
        first_long(&hash)
    }
}

impl std::fmt::Debug for Salts {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Salts")
            .field("created", &self.created)
            .finish_non_exhaustive()
    }
}
