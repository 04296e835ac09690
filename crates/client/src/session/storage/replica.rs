//! The thread that carries a session's changes to a server and holds its lease there, as the session sees it.

use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot, watch};

use super::begin::Begin;
use super::{Storage, elsewhere};
use crate::Error;
use crate::error::Cause;
use crate::session::{CARRIER_FILE, place};

/// How long a command may take: it may have to tell the server everything.
pub(super) const LONGEST: Duration = Duration::from_secs(120);
/// What a flush is for.
pub(super) const STORE: &str = "store changes";
/// How often a thread looks whether another has begun.
const GLANCE: Duration = Duration::from_millis(1);
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
        done: Done,
    },
    Forget(Done),
    End,
    #[cfg(test)]
    Crash {
        is_over: bool,
    },
}

/// Who waits for a command's outcome.
pub(super) enum Done {
    /// A thread of this process.
    Thread(SyncSender<Result<(), Cause>>),
    /// Another process, by a task.
    Task(oneshot::Sender<Result<bool, Cause>>),
}

impl Done {
    /// False: the lease is another's.
    pub(super) fn tell(self, outcome: Result<bool, Cause>) {
        match self {
            Done::Thread(sender) => {
                let is_held = |held| if held { Ok(()) } else { Err(GONE.into()) };
                drop(sender.send(outcome.and_then(is_held)));
            }
            Done::Task(sender) => drop(sender.send(outcome)),
        }
    }
}

/// A replica whose thread has begun.
struct Starting {
    replica: Replica,
    started: oneshot::Receiver<Result<(), Error>>,
}

impl Replica {
    /// Takes the session's lease, waiting up to `patience` for another machine, and makes the database what the server
    /// has, or the other way round. The caller has the session's lock.
    pub(in crate::session) async fn start(
        storage: &Storage,
        directory: &Path,
        patience: Duration,
    ) -> Result<Replica, Error> {
        let Starting { replica, started } = Replica::begin(storage, directory, patience)?;
        // Whoever does not wait any more drops the receiver, which ends the thread.
        replica.after(started.await.ok())
    }

    /// As [`Replica::start`], for a thread that waits.
    pub(super) fn start_now(storage: &Storage, directory: &Path) -> Result<Replica, Error> {
        let Starting {
            replica,
            mut started,
        } = Replica::begin(storage, directory, Duration::ZERO)?;
        let outcome = loop {
            match started.try_recv() {
                Ok(outcome) => break Some(outcome),
                Err(oneshot::error::TryRecvError::Closed) => break None,
                Err(oneshot::error::TryRecvError::Empty) => thread::sleep(GLANCE),
            }
        };
        replica.after(outcome)
    }

    fn begin(storage: &Storage, directory: &Path, patience: Duration) -> Result<Starting, Error> {
        let (commands, receiver) = mpsc::unbounded_channel();
        let (lost_sender, lost) = watch::channel(false);
        let (ready, started) = oneshot::channel();
        let (ended_sender, ended) = sync_channel(0);
        let description: Arc<str> = storage.to_string().into();
        let begin = Begin {
            storage: storage.clone(),
            description: Arc::clone(&description),
            directory: directory.to_owned(),
            patience,
        };
        let replica = Replica {
            commands: commands.clone(),
            lost,
            ended: ended.into(),
            description,
            owner: crate::process::id(),
        };
        let asked = commands.downgrade();
        let work = move || {
            let _ended = ended_sender;
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            match runtime {
                Ok(runtime) => runtime.block_on(work(begin, ready, asked, receiver, lost_sender)),
                Err(error) => drop(ready.send(Err(begin.failed("connect to it", error.into())))),
            }
        };
        let thread = without_signals(|| thread::Builder::new().spawn(work));
        match thread {
            Ok(_) => Ok(Starting { replica, started }),
            Err(error) => Err(replica.failed("connect to it", error.into())),
        }
    }

    fn after(self, outcome: Option<Result<(), Error>>) -> Result<Replica, Error> {
        match outcome {
            Some(outcome) => outcome.map(|()| self),
            None => Err(self.failed("connect to it", "its thread has ended".into())),
        }
    }

    /// Waits until the server has what was stored before; with `durable` also on its disk.
    pub(in crate::session) fn flush(&self, durable: bool) -> Result<(), Error> {
        self.command(|done| Command::Flush { durable, done }, STORE)
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
        command: impl FnOnce(Done) -> Command,
        what: &'static str,
    ) -> Result<(), Error> {
        let (sender, done) = sync_channel(1);
        let sent = self.commands.send(command(Done::Thread(sender)));
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
    asked: mpsc::WeakUnboundedSender<Command>,
    commands: mpsc::UnboundedReceiver<Command>,
    lost: watch::Sender<bool>,
) {
    let directory = begin.directory.clone();
    let outcome = tokio::select! {
        outcome = begin.run() => outcome,
        () = ready.closed() => return,
    };
    let carrier = match outcome {
        Ok(carrier) => carrier,
        Err(error) => return drop(ready.send(Err(error))),
    };
    let listener = match place::listen(&directory, CARRIER_FILE) {
        Ok(listener) => listener,
        Err(source) => {
            carrier.end().await;
            let path = directory.join(CARRIER_FILE);
            let what = "listen at";
            return drop(ready.send(Err(Error::SessionAccess { path, what, source })));
        }
    };
    let serving = tokio::spawn(elsewhere::serve(listener, asked));
    match ready.send(Ok(())) {
        Ok(()) => carrier.run(commands, lost).await,
        Err(_) => carrier.end().await,
    }
    serving.abort();
    place::tidy(&directory, CARRIER_FILE);
}

/// Starts a thread that takes no signals: they are the host's.
fn without_signals<T>(start: impl FnOnce() -> T) -> T {
    // SAFETY: both sets are written before they are read.
    let before = unsafe {
        let mut all = std::mem::zeroed();
        let mut before: libc::sigset_t = std::mem::zeroed();
        libc::sigfillset(&raw mut all);
        libc::pthread_sigmask(libc::SIG_SETMASK, &raw const all, &raw mut before);
        before
    };
    let started = start();
    // SAFETY: the set came from the same function.
    unsafe {
        libc::pthread_sigmask(libc::SIG_SETMASK, &raw const before, std::ptr::null_mut());
    }
    started
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
