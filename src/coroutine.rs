//! Code that waits for several things: generators, as scripts for releases 4 to 7 write them, futures, and closures that
//! run in fibers.
//!
//! Calls block, so a generator's `yield` mostly gets a value that is there already. It waits for what is still to come:
//! `yield $future` for the future's value, `yield $generator` for the other generator's return value, `yield [...]` for all
//! of an array at the same time. What a fiber does while it waits is said in `runtime`.

mod combine;
mod future;
mod generator;
mod pending;

use std::cell::Cell;
use std::collections::HashSet;
use std::rc::Rc;

use ext_php_rs::types::{ZendObject, Zval};

use crate::class::Object;
use crate::exceptions::Thrown;
use crate::logger::{self, Level};
use crate::runtime::{self, fibers};
use crate::zval::entries;
use crate::{exceptions, function};

pub(crate) use combine::{all, any, as_future, deadline, each, earliest, first, some};
pub(crate) use future::{FUTURE, NAME, failed, of_call, wait as wait_future};
pub(crate) use generator::is_generator;
pub(crate) use pending::{PendingCall, pair};

use generator::{Resume, Step, step};

/// Runs a generator to its end and gives its return value; any other value comes back as it is.
///
/// What it yields is sent back to it: a future's value, another generator's return value, an array of such things as the
/// array of their values, anything else as it is. What one of them throws is thrown at the `yield`. Generators within
/// generators lie on the heap, however deep.
pub(crate) fn finish(value: Zval) -> Result<Zval, Thrown> {
    if !is_generator(&value) {
        return Ok(value);
    }
    let mut outer = Vec::new();
    let mut waiting = HashSet::new();
    let mut running = value;
    let mut resume = Resume::Start;
    loop {
        let ended = match step(&running, resume)? {
            Step::Yielded(yielded) if is_generator(&yielded) => {
                waiting.insert(identity(&running));
                if waiting.contains(&identity(&yielded)) {
                    let error = Thrown::Error("A generator waits for itself".to_owned());
                    resume = Resume::Throw(error.into_exception().unwrap_or_default());
                    continue;
                }
                outer.push(std::mem::replace(&mut running, yielded));
                resume = Resume::Start;
                continue;
            }
            Step::Yielded(yielded) => {
                resume = match future::caught(value_of(&yielded))? {
                    Ok(value) => Resume::Send(value),
                    Err(error) => Resume::Throw(error),
                };
                continue;
            }
            Step::Returned(value) => Ok(value),
            Step::Threw(error) => Err(error),
        };
        let Some(generator) = outer.pop() else {
            return ended.map_err(|error| Thrown::again(&error));
        };
        running = generator;
        waiting.remove(&identity(&running));
        resume = match ended {
            Ok(value) => Resume::Send(value),
            Err(error) => Resume::Throw(error),
        };
    }
}

fn identity(generator: &Zval) -> *const ZendObject {
    generator
        .object()
        .map_or(std::ptr::null(), std::ptr::from_ref)
}

/// The value that somebody waits for: of a generator, a future, an array with such things in it; anything else is its own.
pub(crate) fn value_of(value: &Zval) -> Result<Zval, Thrown> {
    if is_generator(value) {
        return finish(value.shallow_clone());
    }
    if let Some(future) = FUTURE.object(value) {
        return wait_future(future);
    }
    if let Some(future) = foreign(value) {
        return function::call_public(future.ce, Some(future), "await", &mut []);
    }
    match value.array() {
        Some(array) if entries::values(array).any(|value| is_awaited(value.dereference())) => {
            all(array)
        }
        _ => Ok(value.shallow_clone()),
    }
}

/// Whether something is still to come.
pub(crate) fn is_awaited(value: &Zval) -> bool {
    is_generator(value) || FUTURE.object(value).is_some() || foreign(value).is_some()
}

/// A future of the real Amp.
fn foreign(value: &Zval) -> Option<&Object> {
    let object = value.object()?;
    let is_future = object
        .get_class_name()
        .is_ok_and(|name| name == "Amp\\Future");
    is_future.then(|| Object::of(object))
}

/// What runs in a fiber.
pub(crate) type Job = Box<dyn FnOnce() -> Result<Zval, Thrown>>;

/// When it begins.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Start {
    /// At once, until it waits.
    Now,
    /// When whoever started it waits.
    Later,
}

/// A job from a closure.
pub(crate) fn job(run: impl FnOnce() -> Result<Zval, Thrown> + 'static) -> Job {
    Box::new(run)
}

/// A job that calls something of PHP's; a generator that it returns runs to its end.
pub(crate) fn call_job(callable: Zval, arguments: Vec<Zval>) -> Job {
    Box::new(move || finish(function::call_value(&callable, &arguments)?))
}

/// Runs a job in a fiber, of Revolt's loop where the script has it; returns a future of its result.
pub(crate) fn spawn(job: Job, start: Start) -> Result<Zval, Thrown> {
    let future = future::new();
    let (job, of_job) = (Rc::new(Cell::new(Some(job))), future.shallow_clone());
    let closure = function::closure(move |_| job.take().map_or(Ok(()), |job| run(job, &of_job)));
    if let Some(class) = runtime::loop_class() {
        function::call_public(class, None, "queue", &mut [closure])?;
    } else if start == Start::Later {
        fibers::start_later(closure)?;
    } else if fibers::can_switch() {
        fibers::start(closure)?;
    } else {
        function::call_value(&closure, &[])?;
    }
    Ok(future)
}

/// Runs a job and settles its future. An exception that nobody waits for yet is logged.
fn run(job: Job, future: &Zval) -> Result<(), Thrown> {
    let outcome = future::caught(job())?;
    if let Err(error) = &outcome
        && !future::state(future).is_some_and(future::FutureState::is_watched)
    {
        logger::write(Level::Error, || {
            format!(
                "Nobody waits for what an asynchronous function threw: {}",
                exceptions::summary(error)
            )
        });
    }
    future::settle(future, outcome);
    Ok(())
}
