//! Waiting for several things: the promises of releases 5 to 7, and release 8's `callFork()` and `flock()`.
//!
//! What returned a promise there returns a `Future` here, which `yield`, `Tools::wait()` and `await()` wait for. Where a
//! promise is expected, a generator, a future or a plain value will do.

use std::time::Duration;

use ext_php_rs::ffi::zend_is_callable;
use ext_php_rs::types::{ZendHashTable, Zval};

use super::lock;
use crate::class::{Frame, Method, Param, Type};
use crate::coroutine::{self, FUTURE, Job, NAME, Start};
use crate::exceptions::{self, Thrown};
use crate::logger::{self, Level};

/// One thing to wait for.
pub(crate) const PROMISE: Param = Param::required(c"promise", Type::MIXED);
/// Several.
pub(crate) const PROMISES: Param = Param::required(c"promises", Type::ARRAY);
const CALL: &[Param] = &[
    Param::required(c"callable", Type::MIXED),
    Param::optional(c"args", Type::MIXED, c"null"),
];

/// What release 8 still has, also on API objects. Static.
pub(crate) const METHODS: &[Method] = &[
    Method::new(c"callFork", |frame: &mut Frame<'_>| fork(frame, Start::Now))
        .params(CALL)
        .variadic()
        .returns(NAME)
        .of_class(),
    Method::new(c"flock", lock::flock)
        .params(&[
            Param::required(c"file", Type::STRING),
            Param::required(c"operation", Type::INT),
            Param::optional(c"polling", Type::FLOAT, c"0.1"),
            Param::optional(c"token", Type::OBJECT.nullable(), c"null"),
            Param::optional(c"failureCb", Type::class(c"Closure").nullable(), c"null"),
        ])
        .returns(Type::class(c"Closure").nullable())
        .of_class(),
    Method::new(c"rethrow", rethrow)
        .params(&[Param::required(c"e", Type::class(c"Throwable"))])
        .returns(Type::VOID)
        .of_class(),
];

/// What only earlier releases had: on `Tools`, and on API objects without being declared, so that event handlers may have
/// methods of these names. Static.
pub(crate) const EARLIER: &[Method] = &[
    Method::new(c"all", |frame: &mut Frame<'_>| {
        together(frame, coroutine::all)
    })
    .params(&[PROMISES])
    .returns(NAME)
    .of_class(),
    Method::new(c"any", |frame: &mut Frame<'_>| {
        together(frame, coroutine::any)
    })
    .params(&[PROMISES])
    .returns(NAME)
    .of_class(),
    Method::new(c"some", |frame: &mut Frame<'_>| {
        let required = usize::try_from(frame.int(1).unwrap_or(1)).unwrap_or_default();
        together(frame, move |promises| coroutine::some(promises, required))
    })
    .params(&[PROMISES, Param::optional(c"required", Type::INT, c"1")])
    .returns(NAME)
    .of_class(),
    Method::new(c"first", |frame: &mut Frame<'_>| {
        together(frame, coroutine::first)
    })
    .params(&[PROMISES])
    .returns(NAME)
    .of_class(),
    Method::new(c"wait", wait)
        .params(&[
            PROMISE,
            Param::optional(c"ignoreSignal", Type::BOOL, c"false"),
        ])
        .returns(Type::MIXED)
        .of_class(),
    Method::new(c"call", |frame: &mut Frame<'_>| {
        let future = coroutine::as_future(&argument(frame, 0))?;
        frame.give_zval(future);
        Ok(())
    })
    .params(&[PROMISE])
    .returns(NAME)
    .of_class(),
    Method::new(c"callForkDefer", |frame: &mut Frame<'_>| {
        fork(frame, Start::Later)
    })
    .params(CALL)
    .variadic()
    .returns(NAME)
    .of_class(),
    Method::new(c"after", after)
        .params(&[
            Param::required(c"a", Type::MIXED),
            Param::required(c"b", Type::MIXED),
        ])
        .returns(NAME)
        .of_class(),
    Method::new(c"timeout", |frame: &mut Frame<'_>| {
        let (promise, time) = (
            coroutine::as_future(&argument(frame, 0))?,
            milliseconds(frame)?,
        );
        give(
            frame,
            coroutine::job(move || {
                coroutine::deadline(&promise, time)?.ok_or_else(|| {
                    let time = time.as_millis();
                    Thrown::Timeout(format!("What was waited for did not come within {time} ms"))
                })
            }),
        )
    })
    .params(&[PROMISE, Param::required(c"timeout", Type::INT)])
    .returns(NAME)
    .of_class(),
    Method::new(c"timeoutWithDefault", |frame: &mut Frame<'_>| {
        let (promise, time) = (
            coroutine::as_future(&argument(frame, 0))?,
            milliseconds(frame)?,
        );
        let default = argument(frame, 2);
        give(
            frame,
            coroutine::job(move || Ok(coroutine::deadline(&promise, time)?.unwrap_or(default))),
        )
    })
    .params(&[
        PROMISE,
        Param::required(c"timeout", Type::INT),
        Param::optional(c"default", Type::MIXED, c"null"),
    ])
    .returns(NAME)
    .of_class(),
];

fn argument(frame: &Frame<'_>, index: usize) -> Zval {
    frame
        .arg(index)
        .map(Zval::shallow_clone)
        .unwrap_or_default()
}

/// Returns a future of what a job gives.
fn give(frame: &mut Frame<'_>, job: Job) -> Result<(), Thrown> {
    let future = coroutine::spawn(job, Start::Now)?;
    frame.give_zval(future);
    Ok(())
}

/// Waits for one thing.
pub(crate) fn wait(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let value = coroutine::value_of(&argument(frame, 0))?;
    frame.give_zval(value);
    Ok(())
}

/// Returns a future of several things. They begin to run now.
pub(crate) fn together(
    frame: &mut Frame<'_>,
    wait: impl FnOnce(&ZendHashTable) -> Result<Zval, Thrown> + 'static,
) -> Result<(), Thrown> {
    let promises = argument(frame, 0);
    give(
        frame,
        coroutine::job(move || {
            let empty = ZendHashTable::new();
            wait(promises.array().unwrap_or(&empty))
        }),
    )
}

/// Runs something by itself: a function with arguments, or a generator.
pub(crate) fn fork(frame: &mut Frame<'_>, start: Start) -> Result<(), Thrown> {
    let what = argument(frame, 0);
    if FUTURE.object(&what).is_some() {
        frame.give_zval(what);
        return Ok(());
    }
    let arguments = (1..frame.count()).map(|index| argument(frame, index));
    let job = job_of(what, arguments.collect());
    let future = coroutine::spawn(job, start)?;
    frame.give_zval(future);
    Ok(())
}

/// A function is called, anything else waited for.
fn job_of(what: Zval, arguments: Vec<Zval>) -> Job {
    // SAFETY: a valid zval; nothing is written.
    let is_function = unsafe {
        zend_is_callable(
            std::ptr::from_ref(&what).cast_mut(),
            0,
            std::ptr::null_mut(),
        )
    };
    if is_function {
        coroutine::call_job(what, arguments)
    } else {
        coroutine::job(move || coroutine::value_of(&what))
    }
}

/// One thing, then another.
fn after(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let (first, second) = (
        job_of(argument(frame, 0), Vec::new()),
        job_of(argument(frame, 1), Vec::new()),
    );
    give(
        frame,
        coroutine::job(move || {
            first()?;
            second()
        }),
    )
}

fn milliseconds(frame: &Frame<'_>) -> Result<Duration, Thrown> {
    let time = frame.int(1).unwrap_or_default();
    u64::try_from(time).map(Duration::from_millis).map_err(|_| {
        Thrown::Exception(format!(
            "timeout: {time} is no number of milliseconds to wait"
        ))
    })
}

/// Logs an exception and throws it: there is no other loop to throw it from.
fn rethrow(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let error = argument(frame, 0);
    logger::write(Level::Fatal, || exceptions::summary(&error));
    Err(Thrown::again(&error))
}
