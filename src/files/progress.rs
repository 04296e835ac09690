//! Telling how far a transfer is: to the script's callable, on the PHP thread, or to the log.

use std::time::Instant;

use ext_php_rs::convert::IntoZvalDyn;
use ext_php_rs::types::Zval;

use crate::api::dialect::Dialect;
use crate::api::instance::Instance;
use crate::exceptions::Thrown;
use crate::function;
use crate::logger::{self, Level};

/// One transfer as it is told of.
pub(super) struct Progress {
    callback: Option<Zval>,
    /// `Upload` or `Download`, for the log.
    what: &'static str,
    total: Option<u64>,
    started: Instant,
    /// Whether percentages alone are told, as releases 2 to 4 did it.
    brief: bool,
    told: Option<u64>,
}

impl Progress {
    pub(super) fn new(
        instance: &Instance,
        what: &'static str,
        callback: Option<&Zval>,
        total: Option<u64>,
    ) -> Self {
        Self {
            callback: callback
                .filter(|callback| !callback.is_null())
                .map(Zval::shallow_clone),
            what,
            total,
            started: Instant::now(),
            brief: instance.dialect() == Dialect::V4,
            told: None,
        }
    }

    /// `done` bytes are transferred. Where nobody knows how many there are, only the end is told.
    #[expect(clippy::cast_precision_loss, reason = "told to people")]
    pub(super) fn at(&mut self, done: u64) -> Result<(), Thrown> {
        let Some(total) = self.total.filter(|total| *total > 0) else {
            return Ok(());
        };
        if done >= total || self.told == Some(done) || done == 0 {
            return Ok(());
        }
        self.told = Some(done);
        self.tell(done as f64 * 100.0 / total as f64, done)
    }

    /// All `done` bytes are transferred.
    pub(super) fn end(&mut self, done: u64) -> Result<(), Thrown> {
        self.tell(100.0, done)
    }

    #[expect(clippy::cast_precision_loss, reason = "told to people")]
    fn tell(&self, percent: f64, done: u64) -> Result<(), Thrown> {
        let seconds = self.started.elapsed().as_secs_f64();
        let Some(callback) = &self.callback else {
            let what = self.what;
            logger::write(Level::Notice, || format!("{what} status: {percent:.0}%"));
            return Ok(());
        };
        let speed = done as f64 * 8.0 / 1e6 / seconds.max(1e-6);
        let told: Vec<&dyn IntoZvalDyn> = if self.brief {
            vec![&percent]
        } else {
            vec![&percent, &speed, &seconds]
        };
        function::call_back(callback, told).map(drop)
    }
}
