//! How a process that follows has its changes carried to the server: by the process that has the session's lock, which
//! listens at a socket for that, or by itself for a moment where nobody has.
//!
//! A question is a byte that says whether the changes must be on the server's disk; the answer is one that says whether they
//! are with the server, and where not, why.

use std::io::{self, Read, Write};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{mpsc, oneshot};
use tokio::time::sleep;

use super::replica::{Command, Done, LONGEST, STORE};
use super::{Replica, Storage, begin, local};
use crate::Error;
use crate::error::Cause;
use crate::fork::OwnDescriptor;
use crate::session::database::Database;
use crate::session::lock::Lock;
use crate::session::{CARRIER_FILE, place};

const SEEN: u8 = b's';
const DURABLE: u8 = b'd';
const DONE: u8 = b'+';
const FAILED: u8 = b'-';
/// How long somebody is looked for who carries, while somebody has the lock.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often.
const PAUSE: Duration = Duration::from_millis(5);
/// The longest reason.
const REASON: u64 = 4096;

/// A session whose changes another process carries.
pub(in crate::session) struct Elsewhere<'s> {
    database: &'s Database,
    storage: &'s Storage,
    directory: &'s Path,
}

impl<'s> Elsewhere<'s> {
    pub(in crate::session) fn new(
        database: &'s Database,
        storage: &'s Storage,
        directory: &'s Path,
    ) -> Elsewhere<'s> {
        Elsewhere {
            database,
            storage,
            directory,
        }
    }

    /// Waits until the server has what was stored before; with `durable` also on its disk.
    pub(in crate::session) fn flush(&self, durable: bool) -> Result<(), Error> {
        let began = Instant::now();
        loop {
            match self.ask(durable) {
                Ok(outcome) => return outcome.map_err(|source| self.failed(source)),
                // A process that is stopped, or waits for the server.
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    return Err(
                        self.failed("the process that has the session does not answer".into())
                    );
                }
                Err(_) => {}
            }
            // What is not left was carried by somebody who has ended.
            if !self.is_pending()? || self.carry()? {
                return Ok(());
            }
            // This process leads meanwhile.
            if let Some(replica) = self.database.replica() {
                return replica.flush(durable);
            }
            if began.elapsed() >= PATIENCE {
                let why = "the process that has the session's lock does not carry it";
                return Err(self.failed(why.into()));
            }
            thread::sleep(PAUSE);
        }
    }

    /// Carries what is left, where nobody has the session's lock.
    pub(in crate::session) fn carry_rest(&self) -> Result<(), Error> {
        if self.is_pending()? {
            self.carry()?;
        }
        Ok(())
    }

    /// Asks whoever carries; an error where nobody does.
    fn ask(&self, durable: bool) -> io::Result<Result<(), Cause>> {
        let stream = place::connect_blocking(self.directory, CARRIER_FILE)?;
        let _own = OwnDescriptor::new(&stream);
        let mut stream = &stream;
        stream.set_read_timeout(Some(LONGEST))?;
        stream.write_all(&[if durable { DURABLE } else { SEEN }])?;
        let mut answer = [0];
        stream.read_exact(&mut answer)?;
        if answer == [DONE] {
            return Ok(Ok(()));
        }
        let mut reason = String::new();
        stream.take(REASON).read_to_string(&mut reason)?;
        Ok(Err(reason.into()))
    }

    /// Has the lock and the server's lease just for this. False where another process has the lock.
    fn carry(&self) -> Result<bool, Error> {
        let Some(lock) = Lock::again(self.directory)? else {
            return Ok(false);
        };
        if !self.database.is_current() {
            return Err(Error::SessionClosed {
                what: "another process has removed or replaced its files",
            });
        }
        let before = self.taken()?;
        drop(Replica::start_now(self.storage, self.directory)?);
        drop(lock);
        if self.taken()? == before {
            return Ok(true);
        }
        // What was not told is replaced by what that machine has stored.
        Err(Error::SessionClosed {
            what: "another machine has used it meanwhile",
        })
    }

    fn is_pending(&self) -> Result<bool, Error> {
        self.database.with("look for changes", |connection| {
            local::is_pending(connection)
        })
    }

    fn taken(&self) -> Result<Option<String>, Error> {
        self.database.with("look for changes", |connection| {
            begin::setting(connection, begin::TAKEN)
        })
    }

    fn failed(&self, source: Cause) -> Error {
        Error::Storage {
            server: self.storage.to_string(),
            what: STORE,
            source,
        }
    }
}

/// Answers other processes, in the process that carries.
pub(super) async fn serve(listener: UnixListener, commands: mpsc::WeakUnboundedSender<Command>) {
    let _own = OwnDescriptor::new(&listener);
    loop {
        match listener.accept().await {
            Ok((stream, _)) => drop(tokio::spawn(answer(stream, commands.clone()))),
            // No descriptor is free, or whoever it was has gone: the next one may have more luck.
            Err(_) => sleep(PAUSE).await,
        }
    }
}

async fn answer(
    mut stream: UnixStream,
    commands: mpsc::WeakUnboundedSender<Command>,
) -> io::Result<()> {
    let _own = OwnDescriptor::new(&stream);
    place::check(&stream)?;
    let durable = stream.read_u8().await? == DURABLE;
    let (sender, done) = oneshot::channel();
    if let Some(commands) = commands.upgrade() {
        let done = Done::Task(sender);
        drop(commands.send(Command::Flush { durable, done }));
    }
    // Where the lease is another's, or the thread ends, the other process hears so by the connection's end.
    match done.await {
        Ok(Ok(true)) => stream.write_u8(DONE).await,
        Ok(Ok(false)) | Err(_) => Ok(()),
        Ok(Err(why)) => {
            stream.write_u8(FAILED).await?;
            stream.write_all(why.to_string().as_bytes()).await
        }
    }
}
