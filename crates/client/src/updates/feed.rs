//! The listener: drives the machine with what the connection, the own calls and the server's answers bring.

mod driver;

use std::future::poll_fn;
use std::mem::ManuallyDrop;
use std::task::{Context, Poll, Waker};

use tokio::runtime::Handle;

use self::driver::Driver;
pub(crate) use self::driver::Hold;
use super::{Delivery, Unreadable, forget};
use crate::{Client, Error};

/// The account's updates, for the one who handles them.
///
/// Each comes once and none is missing: gaps, differences and reconnects are seen to inside. How far the handling is,
/// is on the disk after each update, so that a process that was killed goes on where it was: the update in hand comes
/// again, no other does, and what came meanwhile is fetched.
///
/// While nobody takes updates little is kept in memory; the rest is fetched again from the server. It keeps the session
/// open: it goes before [`Client::close`].
pub struct Feed {
    /// Leaked in a fork, where it is the parent's.
    driver: ManuallyDrop<Box<Driver>>,
    owner: u32,
}

impl Client {
    /// Forgets how far the updates were: what was missed is not fetched. The listener goes before, and a new one comes after.
    pub fn forget_updates(&self) -> Result<(), Error> {
        let database = self.session().database();
        database.with("forget the state of updates", |connection| {
            forget(connection)
        })
    }

    /// The account's one listener; a later one takes over. While another process has one, updates are waited for as a session
    /// is ([`Config::lock_timeout`](crate::Config::lock_timeout)), and then refused ([`Error::UpdatesTaken`]).
    pub fn feed(&self) -> Feed {
        Feed {
            driver: ManuallyDrop::new(Box::new(Driver::new(self.clone()))),
            owner: crate::process::id(),
        }
    }
}

impl Feed {
    /// Waits until this process is the one that takes the updates, as [`Feed::next`] does.
    ///
    /// # Errors
    /// Another one takes them ([`Error::UpdatesTaken`]).
    pub async fn turn(&mut self) -> Result<(), Error> {
        poll_fn(|context| self.driver.poll_turn(context)).await
    }

    /// The next update, waiting for it. Taking it says that the one before was handled, unless it is [held](Feed::hold).
    ///
    /// Trouble that passes is waited out. The end of the login is an error ([`Error::LoggedOut`] where the server
    /// says why), and so is another listener; a database that cannot be written is one, too, and can be tried again.
    pub async fn next(&mut self) -> Result<Delivery, Error> {
        poll_fn(|context| self.driver.poll(context)).await
    }

    /// The next update if one can be had without waiting. Taking it says that the one before was handled.
    pub fn try_next(&mut self) -> Result<Option<Delivery>, Error> {
        let Some(runtime) = self.driver.runtime().or_else(|| Handle::try_current().ok()) else {
            return Err(Error::SessionClosed {
                what: "it was opened outside of a Tokio runtime, and updates are taken outside of one",
            });
        };
        let _within = runtime.enter();
        match self.driver.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(outcome) => outcome.map(Some),
            Poll::Pending => Ok(None),
        }
    }

    /// The last update was handled: that is stored now.
    pub fn handled(&mut self) -> Result<(), Error> {
        self.driver.handled()
    }

    /// The update that was given last goes on being handled while others are taken, until it is [released](Feed::release) under
    /// this number: it comes again after a crash, while those behind it that were handled do not. `None` where nothing is noted
    /// of it.
    pub fn hold(&mut self) -> Option<u64> {
        self.driver.hold()
    }

    /// An update that was held is handled.
    pub fn release(&mut self, number: u64) -> Result<(), Error> {
        self.driver.release(number)
    }

    /// Asks about the channel with this id from now on, every half a minute: of channels that the account has not joined the
    /// server pushes nothing. Until the feed is dropped.
    pub fn subscribe(&mut self, channel: i64) -> Result<(), Error> {
        self.driver.subscribe(channel)
    }

    /// What came that could not be read.
    pub fn unreadable(&self) -> Unreadable {
        self.driver.unreadable()
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        if self.owner == crate::process::id() {
            // SAFETY: the field is not used after this, the only place that drops it.
            unsafe { ManuallyDrop::drop(&mut self.driver) };
        }
    }
}
