//! The thread that carries a session's changes to a server and holds its lease there, as the session sees it.

use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot, watch};

use super::Storage;
use super::begin::Begin;
use crate::Error;
use crate::error::Cause;

/// How long a command may take: it may have to tell the server everything.
const LONGEST: Duration = Duration::from_secs(120);
/// How long the end of a session waits for the thread.
const END: Duration = Duration::from_secs(8);

/// What a session has to do with its server. Dropping it tells the server what is left and gives up the lease.
pub(in crate::session) struct Replica {
    commands: mpsc::UnboundedSender<Command>,
    lost: watch::Receiver<bool>,
    /// Says nothing; ends with the thread.
    ended: Mutex<Receiver<()>>,
    description: Arc<str>,
    owner: u32,
}

pub(super) enum Command {
    Flush {
        durable: bool,
        done: SyncSender<Result<(), Cause>>,
    },
    Forget(SyncSender<Result<(), Cause>>),
    End,
    #[cfg(test)]
    Crash {
        is_over: bool,
    },
}

impl Replica {
    /// Takes the session's lease, waiting up to `patience` for another machine, and makes the database what the server
    /// has, or the other way round.
    pub(in crate::session) async fn start(
        storage: &Storage,
        directory: &Path,
        file: &Path,
        patience: Duration,
    ) -> Result<Replica, Error> {
        let (commands, receiver) = mpsc::unbounded_channel();
        let (lost_sender, lost) = watch::channel(false);
        let (ready, started) = oneshot::channel();
        let (ended_sender, ended) = sync_channel(0);
        let description: Arc<str> = storage.to_string().into();
        let begin = Begin {
            storage: storage.clone(),
            description: Arc::clone(&description),
            directory: directory.to_owned(),
            file: file.to_owned(),
            patience,
        };
        // A thread of the runtime's, because those do not take signals.
        drop(tokio::task::spawn_blocking(move || {
            let _ended = ended_sender;
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            let runtime = match runtime {
                Ok(runtime) => runtime,
                Err(error) => {
                    return drop(ready.send(Err(begin.failed("connect to it", error.into()))));
                }
            };
            runtime.block_on(async move {
                match begin.run().await {
                    Ok(carrier) => {
                        if ready.send(Ok(())).is_ok() {
                            carrier.run(receiver, lost_sender).await;
                        } else {
                            carrier.end().await;
                        }
                    }
                    Err(error) => drop(ready.send(Err(error))),
                }
            });
        }));
        let replica = Replica {
            commands,
            lost,
            ended: ended.into(),
            description,
            owner: std::process::id(),
        };
        match started.await {
            Ok(outcome) => outcome.map(|()| replica),
            Err(_) => Err(replica.failed("connect to it", "its thread has ended".into())),
        }
    }

    /// Waits until the server has what was stored before; with `durable` also on its disk.
    pub(in crate::session) fn flush(&self, durable: bool) -> Result<(), Error> {
        self.command(|done| Command::Flush { durable, done }, "store changes")
    }

    /// Removes the session from the server.
    pub(in crate::session) fn forget(&self) -> Result<(), Error> {
        self.command(Command::Forget, "remove the session")
    }

    /// Whether another machine may have the session now.
    pub(in crate::session) fn is_lost(&self) -> bool {
        *self.lost.borrow()
    }

    /// Tells when another machine may have the session.
    pub(in crate::session) fn loss(&self) -> watch::Receiver<bool> {
        self.lost.clone()
    }

    /// As if the process were killed; with `is_over` as long ago as the lease lasts.
    #[cfg(test)]
    pub(in crate::session) fn crash(&self, is_over: bool) {
        drop(self.commands.send(Command::Crash { is_over }));
        self.wait_for_end();
    }

    fn command(
        &self,
        command: impl FnOnce(SyncSender<Result<(), Cause>>) -> Command,
        what: &'static str,
    ) -> Result<(), Error> {
        let (sender, done) = sync_channel(1);
        let sent = self.commands.send(command(sender));
        let outcome = match sent.map(|()| done.recv_timeout(LONGEST)) {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_)) | Err(_) => Err(GONE.into()),
        };
        outcome.map_err(|source| self.failed(what, source))
    }

    fn failed(&self, what: &'static str, source: Cause) -> Error {
        Error::Storage {
            server: self.description.to_string(),
            what,
            source,
        }
    }

    fn wait_for_end(&self) {
        if let Ok(ended) = self.ended.lock() {
            let _ = ended.recv_timeout(END);
        }
    }
}

/// Why a thread that has ended does nothing.
pub(super) const GONE: &str = "the session was given up, because another machine may have it";

impl Drop for Replica {
    fn drop(&mut self) {
        // In a fork the thread is the parent's.
        if self.owner == std::process::id() && self.commands.send(Command::End).is_ok() {
            self.wait_for_end();
        }
    }
}
