//! The updates of one account as they come, taken by the PHP thread.

use madeline_client::process;
use std::cell::RefCell;
use std::mem;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use madeline_client::{Authorization, Call, Delivery, Error, Feed, Unreadable};
use tokio::runtime::Handle;
use tokio::sync::Mutex;

use crate::api::instance::Instance;
use crate::call;
use crate::exceptions::Thrown;
use crate::logger::{self, Level};
use crate::runtime;

type Next = Pin<Box<dyn Future<Output = Result<Delivery, Error>> + Send>>;

/// The account's feed, opened when it is first asked and again after the session was closed.
#[derive(Default)]
pub(super) struct Source(RefCell<Option<Open>>);

/// An open feed. One who waits for an update goes on waiting across loops: what a difference has begun is not lost.
struct Open {
    feed: Arc<Mutex<Feed>>,
    unreadable: Unreadable,
    next: Option<Next>,
    /// What came before anybody asked.
    ahead: Option<Result<Delivery, Error>>,
    pid: u32,
}

impl Source {
    /// Opens the feed.
    fn open(&self, instance: &Rc<Instance>) -> Result<(), Thrown> {
        let pid = process::id();
        if self.0.borrow().as_ref().is_some_and(|open| open.pid == pid) {
            return Ok(());
        }
        // A parent's is left alone.
        mem::forget(self.0.take());
        let client = instance.client()?;
        let feed = runtime::within(|| client.feed())?;
        self.0.replace(Some(Open {
            unreadable: feed.unreadable(),
            feed: Arc::new(Mutex::new(feed)),
            next: None,
            ahead: None,
            pid,
        }));
        Ok(())
    }

    /// Opens the feed, where somebody is logged in. False: another process takes the updates, and goes on doing so for as long
    /// as is waited for a session.
    pub(super) fn take_turn(&self, instance: &Rc<Instance>) -> Result<bool, Thrown> {
        if instance.client()?.authorization() != Authorization::LoggedIn {
            return Ok(true);
        }
        self.open(instance)?;
        let feed = match self.0.borrow_mut().as_mut() {
            Some(open) => {
                // It holds the lock; the feed itself remembers what it has begun.
                open.next = None;
                open.ahead = open.ahead.take().filter(Result::is_ok);
                Arc::clone(&open.feed)
            }
            None => return Ok(true),
        };
        match runtime::wait(async move { feed.lock().await.turn().await })? {
            Ok(()) => Ok(true),
            Err(Error::UpdatesTaken { .. }) => {
                self.close();
                Ok(false)
            }
            Err(error) => Err(call::thrown(instance, error)),
        }
    }

    /// Opens the feed and lets it find out where it is, so that what comes from now on is delivered, also to a session that
    /// nobody has listened to before. The answer to a question behind its own says that it knows.
    pub(super) fn begin(&self, instance: &Rc<Instance>) -> Result<(), Thrown> {
        let pid = process::id();
        let client = instance.client()?;
        if self.0.borrow().as_ref().is_some_and(|open| open.pid == pid)
            || client.authorization() != Authorization::LoggedIn
        {
            return Ok(());
        }
        self.open(instance)?;
        self.poll_ahead()?;
        if let Some(method) = instance.schema().method("help.getNearestDc") {
            let call = Call::new(method.name(), method.id().to_le_bytes().to_vec());
            // What is wrong shows when updates are taken.
            drop(runtime::wait(async move { client.invoke(call).await })?);
        }
        self.poll_ahead()
    }

    /// Drives the feed without taking anything.
    fn poll_ahead(&self) -> Result<(), Thrown> {
        runtime::within(|| {
            let mut open = self.0.borrow_mut();
            if let Some(open) = open.as_mut().filter(|open| open.ahead.is_none())
                && let Poll::Ready(result) = open.poll(&mut Context::from_waker(Waker::noop()))
            {
                open.ahead = Some(result);
            }
        })
    }

    /// The next update, if one is there.
    pub(super) fn try_next(
        &self,
        instance: &Rc<Instance>,
        runtime: &Handle,
    ) -> Result<Option<Delivery>, Thrown> {
        let taken = {
            let mut open = self.0.borrow_mut();
            let Some(open) = open.as_mut() else {
                drop(open);
                self.open(instance)?;
                return Ok(None);
            };
            let _entered = runtime.enter();
            if let Some(result) = open.ahead.take() {
                result.map(Some)
            } else if open.next.is_some() {
                match open.poll(&mut Context::from_waker(Waker::noop())) {
                    Poll::Ready(result) => result.map(Some),
                    Poll::Pending => Ok(None),
                }
            } else {
                match open.feed.try_lock() {
                    Ok(mut feed) => feed.try_next(),
                    Err(_) => Ok(None),
                }
            }
        };
        self.log_unreadable(instance);
        taken.map_err(|error| call::thrown(instance, error))
    }

    /// The next update, waiting. Within the runtime.
    pub(super) fn poll_next(
        &self,
        instance: &Rc<Instance>,
        context: &mut Context<'_>,
    ) -> Poll<Result<Delivery, Thrown>> {
        let opened = self.open(instance);
        if let Err(thrown) = opened {
            return Poll::Ready(Err(thrown));
        }
        match self.0.borrow_mut().as_mut() {
            Some(open) => open
                .poll(context)
                .map_err(|error| call::thrown(instance, error)),
            None => Poll::Pending,
        }
    }

    /// Whether something came that could not be read: [`Source::try_next`] logs it.
    pub(super) fn has_unreadable(&self) -> bool {
        let open = self.0.borrow();
        open.as_ref().is_some_and(|open| open.unreadable.is_any())
    }

    /// A log may be the script's own code.
    fn log_unreadable(&self, instance: &Rc<Instance>) {
        let problems = match self.0.borrow().as_ref() {
            Some(open) => open.unreadable.take(),
            None => return,
        };
        for problem in problems {
            logger::write(Level::Error, || {
                format!("{} could not be read: {problem}", instance.name())
            });
        }
    }

    /// What was taken last is handled: that is stored now.
    pub(super) fn handled(&self, instance: &Rc<Instance>) -> Result<(), Thrown> {
        let pid = process::id();
        let mut open = self.0.borrow_mut();
        let Some(open) = open.as_mut().filter(|open| open.pid == pid) else {
            return Ok(());
        };
        open.next = None;
        let feed = Arc::clone(&open.feed);
        let stored = runtime::within(|| match feed.try_lock() {
            Ok(mut feed) => feed.handled(),
            Err(_) => Ok(()),
        })?;
        stored.map_err(|error| call::thrown(instance, error))
    }

    /// What was taken last goes on being handled while more is taken, until it is released under this number.
    pub(super) fn hold(&self) -> Option<u64> {
        let open = self.0.borrow();
        let open = open.as_ref().filter(|open| open.pid == process::id())?;
        open.feed.try_lock().ok()?.hold()
    }

    /// What was held is handled. Whoever waits for the next update has to look again.
    pub(super) fn release(&self, instance: &Rc<Instance>, number: u64) -> Result<(), Thrown> {
        let pid = process::id();
        let mut open = self.0.borrow_mut();
        let Some(open) = open.as_mut().filter(|open| open.pid == pid) else {
            return Ok(());
        };
        // As above.
        open.next = None;
        let stored = match open.feed.try_lock() {
            Ok(mut feed) => feed.release(number),
            Err(_) => Ok(()),
        };
        stored.map_err(|error| call::thrown(instance, error))
    }

    /// Asks about a channel from now on although the account has not joined it.
    pub(super) fn subscribe(&self, instance: &Rc<Instance>, channel: i64) -> Result<(), Thrown> {
        self.begin(instance)?;
        let subscribed = runtime::within(|| {
            let mut open = self.0.borrow_mut();
            let open = open.as_mut()?;
            // As above.
            open.next = None;
            let mut feed = open.feed.try_lock().ok()?;
            Some(feed.subscribe(channel))
        })?;
        subscribed
            .unwrap_or(Ok(()))
            .map_err(|error| call::thrown(instance, error))
    }

    /// Stops listening. What comes then is asked for when somebody listens again.
    pub(super) fn close(&self) {
        match self.0.take() {
            Some(open) if open.pid == process::id() => {
                drop(runtime::within(|| drop(open)));
            }
            inherited => mem::forget(inherited),
        }
    }
}

impl Open {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<Delivery, Error>> {
        if let Some(result) = self.ahead.take() {
            return Poll::Ready(result);
        }
        let feed = &self.feed;
        let next = self.next.get_or_insert_with(|| {
            let feed = Arc::clone(feed);
            Box::pin(async move { feed.lock_owned().await.next().await })
        });
        let polled = next.as_mut().poll(context);
        if polled.is_ready() {
            self.next = None;
        }
        polled
    }
}
