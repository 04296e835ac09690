//! Several handlers of one update: each in a fiber of its own, so that none waits for another.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

use crate::exceptions::Thrown;
use crate::runtime::fibers::{self, Reusable};
use crate::{function, runtime};

/// One handler's part.
pub(super) type Part = Box<dyn Fn() -> Result<(), Thrown>>;

/// Those that have begun.
#[derive(Default)]
struct Group {
    open: Cell<usize>,
    failed: RefCell<Option<Thrown>>,
    waker: RefCell<Option<Waker>>,
}

/// Runs all parts, which begin in their order. The running fiber waits for the end of all.
pub(super) fn run(mut parts: Vec<Part>) -> Result<(), Thrown> {
    // It needs no other fiber than this one.
    let Some(last) = parts.pop() else {
        return Ok(());
    };
    if !fibers::can_switch() {
        parts.push(last);
        return parts.iter().try_for_each(|part| part());
    }
    let group = Rc::new(Group::default());
    for part in parts {
        group.open.set(group.open.get() + 1);
        let its = Rc::clone(&group);
        Reusable::start(function::closure(move |_| its.ended(part())))?;
    }
    let outcome = last();
    if matches!(outcome, Err(Thrown::Pending)) {
        return outcome;
    }
    if group.open.get() > 0 {
        runtime::wait(poll_fn(|context| {
            if group.open.get() == 0 {
                return Poll::Ready(());
            }
            group.waker.replace(Some(context.waker().clone()));
            Poll::Pending
        }))?;
    }
    outcome.and(group.failed.take().map_or(Ok(()), Err))
}

impl Group {
    fn ended(&self, outcome: Result<(), Thrown>) -> Result<(), Thrown> {
        self.open.set(self.open.get() - 1);
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
        match outcome {
            Err(Thrown::Pending) => Err(Thrown::Pending),
            Err(thrown) => {
                self.failed.replace(Some(thrown));
                Ok(())
            }
            Ok(()) => Ok(()),
        }
    }
}
