//! A session that lies on a server as well, for several machines.

use std::time::Duration;

use tokio::sync::watch;

use super::Session;
use super::storage::{Replica, Storage, uninstall};
use crate::Error;

impl Session {
    /// Shares the session with other machines: waits up to `patience` until no other uses it, and takes over what the server
    /// has. The session must have the lock.
    pub async fn share(&self, storage: &Storage, patience: Duration) -> Result<(), Error> {
        self.database().check_writable()?;
        if self.database().replica().is_some() {
            return Ok(());
        }
        let replica = Replica::start(storage, self.directory(), patience).await?;
        self.database().carry(storage, replica);
        // It may have come from another machine.
        if let Some(changes) = self.changes() {
            changes.names_changed();
            changes.login_changed();
        }
        self.reload_login()
    }

    /// Says that the process that has the lock carries the session to a server, if any.
    pub(crate) fn follow(&self, storage: Option<&Storage>) {
        self.database().follow(storage);
    }

    /// Does what whoever has just got the lock has to do before it connects: shares the session, or ends that.
    pub(crate) async fn settle(
        &self,
        storage: Option<&Storage>,
        patience: Duration,
    ) -> Result<(), Error> {
        match storage {
            Some(storage) => self.share(storage, patience).await,
            None => self.unshare(),
        }
    }

    /// Keeps the session for this machine alone, where it was shared before and is not now. Who has no lock leaves that to
    /// the time when it has.
    pub fn unshare(&self) -> Result<(), Error> {
        if self.database().is_shared() || !self.has_lock() {
            return Ok(());
        }
        self.database()
            .with("stop sharing the session", |connection| {
                uninstall(connection)
            })
    }

    /// Has the server told what it lacks, where nobody does that.
    pub(crate) fn carry_rest(&self) {
        // Whoever has the session next does it otherwise.
        let _ = self.database().carry_rest();
    }

    /// As if this machine had failed; with `is_over` as long ago as its lease lasts.
    #[cfg(test)]
    pub(crate) fn crash(&self, is_over: bool) {
        if let Some(replica) = self.database().replica() {
            replica.crash(is_over);
        }
    }

    /// Whether another machine may have the session, which this process had.
    pub(crate) fn is_lost(&self) -> bool {
        let replica = self.database().replica();
        replica.is_some_and(|replica| replica.is_lost())
    }

    /// Tells when another machine may have the session; `None` where this process carries it to no server.
    pub(crate) fn loss(&self) -> Option<watch::Receiver<bool>> {
        self.database().replica().map(|replica| replica.loss())
    }
}
