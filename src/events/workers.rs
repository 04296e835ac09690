//! Fibers in which handlers run.
//!
//! One fiber handles all updates as long as no handler waits: between turns it is paused. When a handler waits, the loop leaves
//! its fiber to it, and goes on in another one.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tokio::time::{Instant as Time, timeout};

use super::turns::Turn;
use crate::api::instance::Instance;
use crate::exceptions::Thrown;
use crate::logger::{self, Level};
use crate::runtime::fibers::{self, Reusable};
use crate::{function, runtime};

/// How many handlers may wait before no more are begun: the rest of the updates waits where it costs little.
const MOST: usize = 1000;
/// After so long an update counts as handled although its handler still waits.
const LONG: Duration = Duration::from_secs(300);
/// How long the end of the loop waits for handlers.
const END: Duration = Duration::from_secs(5);

/// The fibers of one loop.
#[derive(Default)]
pub(super) struct Workers {
    /// Those whose handlers wait.
    open: RefCell<Vec<Rc<Worker>>>,
    /// Why the loop ends, of one that had been left.
    failed: RefCell<Option<Thrown>>,
    /// Wakes the loop.
    waker: RefCell<Option<Waker>>,
    /// A fiber for the next turn.
    idle: RefCell<Option<Reusable>>,
    /// What the fiber that goes on next has to do.
    job: RefCell<Option<Job>>,
}

/// A turn, and the worker whose it is.
struct Job {
    worker: Rc<Worker>,
    turn: Box<dyn Fn() -> Result<Turn, Thrown>>,
}

/// One fiber.
#[derive(Default)]
pub(super) struct Worker {
    outcome: RefCell<Option<Result<Turn, Thrown>>>,
    /// Whose update it handles.
    account: Cell<Option<usize>>,
    /// Since when the loop goes on without it.
    left: Cell<Option<Time>>,
    held: RefCell<Option<Held>>,
}

/// An update that is not said to be handled yet.
struct Held {
    instance: Rc<Instance>,
    number: u64,
}

impl Workers {
    pub(super) fn new() -> Rc<Self> {
        // Asks the script's autoloaders: whether the loop is Revolt's, does not change any more.
        let _ = runtime::loop_class();
        Rc::default()
    }

    /// Whether there can be fibers here.
    pub(super) fn are_possible() -> bool {
        fibers::can_switch()
    }

    /// Runs a turn in a fiber; `None` when its handler waits.
    pub(super) fn start(
        self: &Rc<Self>,
        worker: &Rc<Worker>,
        turn: impl Fn() -> Result<Turn, Thrown> + 'static,
    ) -> Result<Option<Turn>, Thrown> {
        self.job.replace(Some(Job {
            worker: Rc::clone(worker),
            turn: Box::new(turn),
        }));
        let idle = self.idle.take();
        let fiber = if let Some(fiber) = idle {
            fiber.go_on()?;
            fiber
        } else {
            let workers = Rc::clone(self);
            Reusable::start(function::closure(move |_| workers.work()))?
        };
        if let Some(outcome) = worker.outcome.take() {
            self.idle.replace(Some(fiber));
            return outcome.map(Some);
        }
        worker.left.set(Some(Time::now()));
        self.open.borrow_mut().push(Rc::clone(worker));
        Ok(None)
    }

    /// What a fiber does: one turn after the other, until a handler has waited in it and the loop has got another one.
    fn work(&self) -> Result<(), Thrown> {
        loop {
            let Some(Job { worker, turn }) = self.job.take() else {
                return Ok(());
            };
            let outcome = turn();
            let was_left = worker.is_left();
            self.run(&worker, outcome)?;
            if was_left {
                return Ok(());
            }
            fibers::pause()?;
        }
    }

    /// There are no more turns.
    pub(super) fn dismiss(&self) {
        // What it has captured refers to this.
        drop(self.idle.take());
    }

    /// The turn of a worker has ended.
    fn run(&self, worker: &Rc<Worker>, outcome: Result<Turn, Thrown>) -> Result<(), Thrown> {
        if !worker.is_left() {
            if matches!(outcome, Err(Thrown::Pending)) {
                return Err(Thrown::Pending);
            }
            worker.outcome.replace(Some(outcome));
            return Ok(());
        }
        self.open
            .borrow_mut()
            .retain(|other| !Rc::ptr_eq(other, worker));
        let released = if Thrown::is_destroying() {
            // What it had in hand comes again.
            Ok(())
        } else {
            worker.release()
        };
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
        match outcome.and(released) {
            Ok(()) => Ok(()),
            Err(Thrown::Pending) => Err(Thrown::Pending),
            Err(thrown) => {
                self.failed.replace(Some(thrown));
                Ok(())
            }
        }
    }

    /// Whether so many handlers wait that no more are begun.
    pub(super) fn are_all_busy(&self) -> bool {
        self.open.borrow().len() >= MOST
    }

    /// Wakes this when a handler that waited has ended.
    pub(super) fn watch(&self, context: &Context<'_>) {
        self.waker.replace(Some(context.waker().clone()));
    }

    /// Whether one of those has ended the loop.
    pub(super) fn has_failed(&self) -> bool {
        self.failed.borrow().is_some()
    }

    /// What has ended the loop.
    pub(super) fn failure(&self) -> Result<(), Thrown> {
        self.failed.take().map_or(Ok(()), Err)
    }

    /// Those that have waited for long, with updates that do not count as handled yet.
    pub(super) fn overdue(&self) -> Vec<Rc<Worker>> {
        let open = self.open.borrow();
        let overdue = open
            .iter()
            .filter(|worker| worker.overdue_at().is_some_and(|at| at <= Time::now()));
        overdue.map(Rc::clone).collect()
    }

    /// When there will be one.
    pub(super) fn next_overdue(&self) -> Option<Time> {
        let open = self.open.borrow();
        open.iter().filter_map(|worker| worker.overdue_at()).min()
    }

    /// Waits until all handlers have ended, but not for ever. What one that is left then had in hand comes again.
    pub(super) fn finish(&self) -> Result<(), Thrown> {
        let over = poll_fn(|context| {
            self.watch(context);
            if self.has_failed() || self.open.borrow().is_empty() {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        });
        let is_over = runtime::wait(async { timeout(END, over).await.is_ok() })?;
        if !is_over {
            logger::write(Level::Error, || {
                format!(
                    "The loop ends although {} handlers still wait: {} s are over",
                    self.open.borrow().len(),
                    END.as_secs()
                )
            });
        }
        self.failure()
    }
}

impl Worker {
    pub(super) fn new() -> Rc<Self> {
        Rc::default()
    }

    /// It has an update of this account in hand, or something else.
    pub(super) fn begins(&self, account: Option<usize>) {
        self.account.set(account);
    }

    /// Whose update it has in hand.
    pub(super) fn account(&self) -> Option<usize> {
        self.account.get()
    }

    /// Whether the loop goes on without it.
    pub(super) fn is_left(&self) -> bool {
        self.left.get().is_some()
    }

    /// What it has in hand was the last that this account gave out: it is not handled before the worker says so.
    pub(super) fn hold(&self, instance: Rc<Instance>) {
        if let Some(number) = instance.updates().source.hold() {
            self.held.replace(Some(Held { instance, number }));
        }
    }

    /// What it had in hand counts as handled.
    pub(super) fn release(&self) -> Result<(), Thrown> {
        match self.held.take() {
            Some(Held { instance, number }) => {
                let source = &instance.updates().source;
                source.release(&instance, number)
            }
            None => Ok(()),
        }
    }

    fn overdue_at(&self) -> Option<Time> {
        let holds = self.held.borrow().is_some();
        self.left.get().filter(|_| holds).map(|since| since + LONG)
    }
}
