//! The thread that carries a session's changes to a server and holds its lease there, as the session sees it.

use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread;
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
        let work = move || {
            let _ended = ended_sender;
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            match runtime {
                Ok(runtime) => runtime.block_on(work(begin, ready, receiver, lost_sender)),
                Err(error) => drop(ready.send(Err(begin.failed("connect to it", error.into())))),
            }
        };
        // The runtime's threads do not take signals, and what they start does not, either. They are few: one that lasts
        // as long as the session is one of its own.
        drop(tokio::task::spawn_blocking(move || {
            drop(thread::Builder::new().spawn(work));
        }));
        // Whoever does not wait any more drops the receiver, which ends the thread.
        let failed = match started.await {
            Ok(Ok(())) => None,
            Ok(Err(error)) => Some(error),
            Err(_) => Some(Error::Storage {
                server: description.to_string(),
                what: "connect to it",
                source: "its thread has ended".into(),
            }),
        };
        match failed {
            Some(error) => Err(error),
            None => Ok(Replica {
                commands,
                lost,
                ended: ended.into(),
                description,
                owner: crate::process::id(),
            }),
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

/// What the thread does.
async fn work(
    begin: Begin,
    mut ready: oneshot::Sender<Result<(), Error>>,
    commands: mpsc::UnboundedReceiver<Command>,
    lost: watch::Sender<bool>,
) {
    let outcome = tokio::select! {
        outcome = begin.run() => outcome,
        () = ready.closed() => return,
    };
    match outcome {
        Ok(carrier) => match ready.send(Ok(())) {
            Ok(()) => carrier.run(commands, lost).await,
            Err(_) => carrier.end().await,
        },
        Err(error) => drop(ready.send(Err(error))),
    }
}

/// Why a thread that has ended does nothing.
pub(super) const GONE: &str = "the session was given up, because another machine may have it";

impl Drop for Replica {
    fn drop(&mut self) {
        // In a fork the thread is the parent's.
        if self.owner == crate::process::id() && self.commands.send(Command::End).is_ok() {
            self.wait_for_end();
        }
    }
}
