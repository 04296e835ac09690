//! `\danog\MadelineProto\Future`: a result that is still to come, with the methods of `Amp\Future` and what scripts for
//! release 5 to 7 do with a promise.

use madeline_client::process;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use ext_php_rs::types::Zval;

use super::{Start, finish, job, pending::PendingCall, spawn};
use crate::call::cancellation;
use crate::class::{
    Class, Frame, Literal, Method, Object, Param, Property, State, StateLayout, Type,
};
use crate::exceptions::Thrown;
use crate::{amp, function};

/// The class' name.
pub(crate) const NAME: Type = Type::class(c"danog\\MadelineProto\\Future");
const CLOSURE: Type = Type::class(c"Closure");

/// The class.
pub(crate) static FUTURE: Class = Class {
    name: c"danog\\MadelineProto\\Future",
    flags: Class::FINAL | Class::NOT_SERIALIZABLE,
    // Here, and not in the state, so that the garbage collector sees it.
    properties: &[Property::new(c"outcome", Type::MIXED, Literal::Null).private()],
    methods: &[
        Method::new(c"__construct", |_: &mut Frame<'_>| {
            Err(Thrown::Exception(
                "A Future is made by what it is the result of: a call with ['async' => true], or async()"
                    .to_owned(),
            ))
        }),
        Method::new(c"complete", |frame: &mut Frame<'_>| {
            let value = frame.arg(0).map(Zval::shallow_clone).unwrap_or_default();
            frame.give_zval(settled(Ok(value)));
            Ok(())
        })
        .params(&[Param::optional(c"value", Type::MIXED, c"null")])
        .returns(NAME)
        .of_class(),
        Method::new(c"error", |frame: &mut Frame<'_>| {
            let error = frame.arg(0).map(Zval::shallow_clone).unwrap_or_default();
            frame.give_zval(settled(Err(error)));
            Ok(())
        })
        .params(&[Param::required(c"throwable", Type::class(c"Throwable"))])
        .returns(NAME)
        .of_class(),
        Method::new(c"await", |frame: &mut Frame<'_>| {
            let value = wait_unless(frame.this()?, frame.present(0))?;
            frame.give_zval(value);
            Ok(())
        })
        .params(&[Param::optional(
            c"cancellation",
            Type::OBJECT.nullable(),
            c"null",
        )])
        .returns(Type::MIXED),
        Method::new(c"isComplete", |frame: &mut Frame<'_>| {
            let is_ready = frame.state::<FutureState>()?.is_ready();
            frame.give(is_ready)
        })
        .returns(Type::BOOL),
        Method::new(c"ignore", |frame: &mut Frame<'_>| {
            frame.state::<FutureState>()?.ignored.set(true);
            frame.give_this();
            Ok(())
        })
        .returns(NAME),
        Method::new(c"map", |frame: &mut Frame<'_>| {
            then(frame, |future, map| {
                function::call_value(&map, &[value_of(&future)?])
            })
        })
        .params(&[Param::required(c"map", CLOSURE)])
        .returns(NAME),
        Method::new(c"catch", |frame: &mut Frame<'_>| {
            then(frame, |future, catch| match caught(value_of(&future))? {
                Ok(value) => Ok(value),
                Err(error) => function::call_value(&catch, &[error]),
            })
        })
        .params(&[Param::required(c"catch", CLOSURE)])
        .returns(NAME),
        Method::new(c"finally", |frame: &mut Frame<'_>| {
            then(frame, |future, finally| {
                let outcome = caught(value_of(&future))?;
                function::call_value(&finally, &[])?;
                outcome.map_err(|error| Thrown::again(&error))
            })
        })
        .params(&[Param::required(c"finally", CLOSURE)])
        .returns(NAME),
        Method::new(c"onResolve", |frame: &mut Frame<'_>| {
            then(frame, |future, callback| {
                let arguments = match caught(value_of(&future))? {
                    Ok(value) => [Zval::new(), value],
                    Err(error) => [error, Zval::new()],
                };
                function::call_value(&callback, &arguments)
            })?;
            frame.give(())
        })
        .params(&[Param::required(c"onResolved", Type::CALLABLE)])
        .returns(Type::VOID),
    ],
    state: Some(StateLayout::of::<FutureState>()),
    ..Class::DEFAULT
};

/// What a future carries beside its outcome.
pub(crate) struct FutureState {
    status: Cell<Status>,
    /// The call whose answer it is, until that was decoded.
    call: RefCell<Option<Rc<PendingCall>>>,
    waiting: RefCell<Vec<Waker>>,
    /// Nobody wants to know how it ends.
    ignored: Cell<bool>,
    /// The process that will complete it.
    pid: u32,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Status {
    Pending,
    Done,
    Failed,
}

impl Default for FutureState {
    fn default() -> Self {
        Self {
            status: Cell::new(Status::Pending),
            call: RefCell::default(),
            waiting: RefCell::default(),
            ignored: Cell::new(false),
            pid: process::id(),
        }
    }
}

impl State for FutureState {
    fn class() -> &'static Class {
        &FUTURE
    }
}

impl FutureState {
    /// Whether there is an outcome, decoded or not.
    pub(super) fn is_ready(&self) -> bool {
        self.status.get() != Status::Pending
            || self
                .call
                .borrow()
                .as_ref()
                .is_some_and(|call| call.is_ready())
    }

    /// Whether its outcome is known to be an exception.
    pub(super) fn has_failed(&self) -> bool {
        self.status.get() == Status::Failed
    }

    /// Whether somebody waits for it, or said that nobody will.
    pub(super) fn is_watched(&self) -> bool {
        self.ignored.get() || !self.waiting.borrow().is_empty()
    }

    /// Until there is an outcome.
    ///
    /// # Errors
    /// In a fork: only the parent will have it.
    pub(super) fn poll(&self, context: &mut Context<'_>) -> Poll<Result<(), Thrown>> {
        if self.status.get() != Status::Pending {
            return Poll::Ready(Ok(()));
        }
        if self.pid != process::id() {
            return Poll::Ready(Err(Thrown::Exception(
                "this process is a fork, and the Future was made before: only the parent gets its result"
                    .to_owned(),
            )));
        }
        if let Some(call) = &*self.call.borrow() {
            return call.poll(context).map(Ok);
        }
        let mut waiting = self.waiting.borrow_mut();
        waiting.retain(|waker| !waker.will_wake(context.waker()));
        waiting.push(context.waker().clone());
        Poll::Pending
    }
}

/// The Rust data of a future.
pub(super) fn state(future: &Zval) -> Option<&FutureState> {
    Class::state(FUTURE.object(future)?)
}

/// A future without an outcome.
pub(super) fn new() -> Zval {
    amp::introduce(&FUTURE);
    let mut object = FUTURE.instantiate();
    let mut value = Zval::new();
    value.set_object(&mut object);
    value
}

/// A future that has its outcome: a value, or an exception.
pub(crate) fn settled(outcome: Result<Zval, Zval>) -> Zval {
    let future = new();
    settle(&future, outcome);
    future
}

/// A future for the answer of a call that is under way.
pub(crate) fn of_call(call: PendingCall) -> Zval {
    let future = new();
    if let Some(state) = state(&future) {
        state.call.replace(Some(Rc::new(call)));
    }
    future
}

/// Gives a future its outcome, and wakes who waits for it.
pub(super) fn settle(future: &Zval, outcome: Result<Zval, Zval>) {
    let (Some(object), Some(state)) = (FUTURE.object(future), state(future)) else {
        return;
    };
    let (status, value) = match outcome {
        Ok(value) => (Status::Done, value),
        Err(error) => (Status::Failed, error),
    };
    FUTURE.initialize(object, "outcome", value);
    state.status.set(status);
    for waker in state.waiting.take() {
        waker.wake();
    }
}

/// Waits for a future's value, or throws its exception.
pub(crate) fn wait(future: &Object) -> Result<Zval, Thrown> {
    wait_unless(future, None)
}

/// As [`wait`]; `cancellation` ends the wait, and not what is waited for.
fn wait_unless(future: &Object, cancellation: Option<&Zval>) -> Result<Zval, Thrown> {
    let missing = || Thrown::Exception("This Future was not made by its own class".to_owned());
    let state = Class::state::<FutureState>(future).ok_or_else(missing)?;
    if !state.is_ready() {
        cancellation::wait(
            cancellation,
            std::future::poll_fn(|context| state.poll(context)),
        )??;
    }
    outcome(future, state)
}

/// The value of a future that is ready, or its exception.
fn outcome(future: &Object, state: &FutureState) -> Result<Zval, Thrown> {
    let call = state.call.take();
    if let Some(call) = call.filter(|_| state.status.get() == Status::Pending) {
        let outcome = caught(call.decode())?;
        FUTURE.initialize(
            future,
            "outcome",
            match &outcome {
                Ok(value) | Err(value) => value.shallow_clone(),
            },
        );
        state.status.set(if outcome.is_ok() {
            Status::Done
        } else {
            Status::Failed
        });
    }
    let value = FUTURE.read(future, "outcome");
    if state.status.get() == Status::Failed {
        Err(Thrown::again(&value))
    } else {
        Ok(value)
    }
}

/// Throws the exception of a future that has failed already.
pub(crate) fn failed(future: &Zval) -> Result<(), Thrown> {
    match state(future).filter(|state| state.has_failed()) {
        Some(_) => value_of(future).map(drop),
        None => Ok(()),
    }
}

/// As [`wait`], of a zval.
pub(super) fn value_of(future: &Zval) -> Result<Zval, Thrown> {
    match FUTURE.object(future) {
        Some(object) => wait(object),
        None => Ok(future.shallow_clone()),
    }
}

/// An exception as a value; `Err` when the script is ending.
pub(super) fn caught(outcome: Result<Zval, Thrown>) -> Result<Result<Zval, Zval>, Thrown> {
    match outcome {
        Ok(value) => Ok(Ok(value)),
        Err(thrown) => match thrown.into_exception() {
            Some(error) => Ok(Err(error)),
            None => Err(Thrown::Pending),
        },
    }
}

/// Returns a future of what `run` makes of this one and of the argument; what that returns may be a generator.
fn then(
    frame: &mut Frame<'_>,
    run: impl FnOnce(Zval, Zval) -> Result<Zval, Thrown> + 'static,
) -> Result<(), Thrown> {
    let this = frame.this_value();
    let argument = frame.arg(0).map(Zval::shallow_clone).unwrap_or_default();
    if let Some(state) = state(&this) {
        state.ignored.set(true);
    }
    let future = spawn(job(move || finish(run(this, argument)?)), Start::Now)?;
    frame.give_zval(future);
    Ok(())
}
