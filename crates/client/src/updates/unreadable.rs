//! What came and could not be read, for a log.

use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many problems are kept for who asks late.
const MOST: usize = 64;

/// What came that could not be read: constructors of a layer that the schema does not know, bytes that end too soon. The
/// difference was asked for in its place. It can be asked while the feed itself is waited for.
#[derive(Clone, Debug, Default)]
pub struct Unreadable(Arc<Mutex<Vec<String>>>);

impl Unreadable {
    /// What came since it was taken last.
    pub fn take(&self) -> Vec<String> {
        mem::take(&mut self.problems())
    }

    /// Whether anything did.
    pub fn is_any(&self) -> bool {
        !self.problems().is_empty()
    }

    pub(super) fn add(&self, problem: String) {
        let mut problems = self.problems();
        if problems.len() < MOST {
            problems.push(problem);
        }
    }

    fn problems(&self) -> MutexGuard<'_, Vec<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
