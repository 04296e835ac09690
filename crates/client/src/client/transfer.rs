//! Giving a session another place, while other processes may have it open.

use std::path::Path;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::Client;
use super::open::{GREETING, POLL};
use crate::engine::Joined;
use crate::{Error, session};

impl Client {
    /// Copies a session to another directory, in place of a session that is there.
    ///
    /// Processes that lead one of them and do not use it at the moment, as workers of web servers between two requests, give
    /// it up; others are waited for, for `lock_timeout`. Whoever goes on with the session that was there is told that its
    /// files were replaced.
    ///
    /// Two copies have the same keys: Telegram takes the use of both at once for theft.
    ///
    /// # Errors
    /// [`Error::SessionLocked`]: a process keeps one of them; [`Error::SessionAccess`] and its like where the files cannot be
    /// read or written.
    pub async fn copy_session(from: &Path, to: &Path, lock_timeout: Duration) -> Result<(), Error> {
        let started = Instant::now();
        loop {
            let error = match session::copy(from, to).await {
                Err(error @ Error::SessionLocked { .. }) => error,
                outcome => return outcome,
            };
            let left = lock_timeout.saturating_sub(started.elapsed());
            let Error::SessionLocked {
                path, pid, command, ..
            } = error
            else {
                return Err(error);
            };
            if left.is_zero() {
                return Err(Error::SessionLocked {
                    path,
                    pid,
                    command,
                    seconds: lock_timeout.as_secs_f64(),
                });
            }
            // One that cannot be spoken to may end.
            if let Ok(Some(joined)) = Joined::find(&path, left.min(GREETING)).await {
                joined.ask_to_yield().await;
            }
            sleep(POLL.min(left)).await;
        }
    }
}
