//! What the thread of a shared session does while the session is open.

use std::time::Duration;

use rusqlite::Connection;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};

use super::begin::{PATIENCE, TOO_LONG, note};
use super::local::{self, Table};
use super::replica::Command;
use super::{Backend, Batch, Row};
use crate::error::Cause;

/// How often is looked whether something has changed.
const LOOK: Duration = Duration::from_millis(100);
/// After how many writes the server forgets what went away so many writes ago.
const SWEEP: u64 = 4096;

/// What the thread has while the session is open.
pub(super) struct Carrier {
    pub(super) connection: Connection,
    pub(super) tables: Vec<Table>,
    pub(super) backend: Box<dyn Backend>,
    pub(super) epoch: String,
    pub(super) revision: u64,
    /// Whether the server has all of it on its disk.
    pub(super) is_durable: bool,
    pub(super) version: i64,
    pub(super) owner: String,
    pub(super) token: u64,
    pub(super) lease: Duration,
    /// When the server was last known to know that we are here.
    pub(super) renewed: Instant,
    /// `data_version` of what the server has.
    pub(super) seen: i64,
}

impl Carrier {
    /// Works until the session is closed or lost.
    pub(super) async fn run(
        mut self,
        mut commands: mpsc::UnboundedReceiver<Command>,
        lost: watch::Sender<bool>,
    ) {
        // Soon enough that there is time for another try.
        let renewal = self.lease / 4;
        let mut look = interval(LOOK.min(renewal));
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let is_held = tokio::select! {
                command = commands.recv() => match command {
                    Some(Command::Flush { durable, done }) => {
                        let outcome = self.push_in_time(durable).await;
                        let is_held = !matches!(&outcome, Ok(false));
                        done.tell(outcome);
                        is_held
                    }
                    Some(Command::Forget(done)) => {
                        let forgotten = timeout(PATIENCE, self.backend.forget(self.token)).await;
                        let outcome = forgotten.unwrap_or_else(|_| Err(TOO_LONG.into()));
                        done.tell(outcome.map(|()| true));
                        let _ = timeout(PATIENCE, self.backend.release(self.token)).await;
                        return;
                    }
                    #[cfg(test)]
                    Some(Command::Crash { is_over }) => {
                        if is_over {
                            self.backend.release(self.token).await.unwrap_or_default();
                        }
                        return;
                    }
                    Some(Command::End) | None => return self.end().await,
                },
                _ = look.tick() => self.look(renewal).await,
            };
            if !is_held || self.renewed.elapsed() >= self.lease * 3 / 4 {
                lost.send_replace(true);
                return;
            }
        }
    }

    /// Tells what has changed, and that we are here; false when the lease is another's.
    async fn look(&mut self, renewal: Duration) -> bool {
        let has_changed = self.data_version().is_ok_and(|now| now != self.seen);
        if has_changed && let Ok(false) = self.push_in_time(false).await {
            return false;
        }
        if self.renewed.elapsed() < renewal {
            return true;
        }
        let asked = Instant::now();
        match timeout(renewal, self.backend.renew(self.token)).await {
            Ok(Ok(true)) => {
                self.renewed = asked;
                true
            }
            Ok(Ok(false)) => false,
            // It is tried again, as long as the lease is sure to last.
            Ok(Err(_)) | Err(_) => true,
        }
    }

    /// The rest, and the lease.
    pub(super) async fn end(mut self) {
        let _ = self.push_in_time(true).await;
        let _ = timeout(PATIENCE, self.backend.release(self.token)).await;
    }

    async fn push_in_time(&mut self, durable: bool) -> Result<bool, Cause> {
        timeout(self.lease / 2, self.push(durable))
            .await
            .unwrap_or_else(|_| Err(TOO_LONG.into()))
    }

    /// Writes what has changed; false when the lease is another's.
    pub(super) async fn push(&mut self, durable: bool) -> Result<bool, Cause> {
        let seen = self.data_version()?;
        let changes = {
            // As of one moment: what another process stores at once goes to the server at once.
            let reading = self.connection.unchecked_transaction()?;
            local::changes(&reading, &self.tables)?
        };
        let is_held = match changes {
            Some((rows, last)) => self.write(&rows, Some(last), durable).await?,
            // What went there without that.
            None if durable && !self.is_durable => self.write(&[], None, true).await?,
            None => true,
        };
        if is_held {
            self.seen = seen;
        }
        Ok(is_held)
    }

    pub(super) async fn write(
        &mut self,
        rows: &[Row],
        last: Option<i64>,
        durable: bool,
    ) -> Result<bool, Cause> {
        let asked = Instant::now();
        let batch = Batch {
            epoch: &self.epoch,
            version: self.version,
            writer: &self.owner,
            rows,
            durable,
        };
        let Some(revision) = self.backend.write(self.token, &batch).await? else {
            return Ok(false);
        };
        self.renewed = asked;
        self.revision = revision;
        // A write that is on the disk has those before it there, too.
        self.is_durable = durable;
        let transaction = self.connection.unchecked_transaction()?;
        if let Some(last) = last {
            local::told(&transaction, last)?;
        }
        note(&transaction, &self.epoch, self.revision)?;
        transaction.commit()?;
        if revision % SWEEP == 0 && revision > SWEEP {
            self.backend.sweep(self.token, revision - SWEEP).await?;
        }
        Ok(true)
    }

    /// Changes when another connection has written.
    pub(super) fn data_version(&self) -> rusqlite::Result<i64> {
        self.connection
            .pragma_query_value(None, "data_version", |row| row.get(0))
    }
}
