//! Methods that run at intervals: `#[Cron]`.
//!
//! The loop of updates runs them, each in a fiber of its own: one that waits holds nobody up.

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::{Rc, Weak};
use std::time::Duration;

use ext_php_rs::convert::IntoZval;
use ext_php_rs::ffi::{zend_class_entry, zend_function};
use ext_php_rs::types::{ZendHashTable, Zval};
use tokio::time::Instant as Time;

use super::start::find_class;
use crate::api;
use crate::class::{Class, Frame, Method, Object, Param, State, StateLayout, Type, instantiate};
use crate::exceptions::Thrown;
use crate::zval::{entries, sink};
use crate::{function, zend};

/// What such methods get: `danog\Loop\PeriodicLoop`, by which they are stopped and started again.
pub(super) static PERIODIC_LOOP: Class = Class {
    name: c"danog\\MadelineProto\\PeriodicLoop",
    flags: Class::FINAL | Class::NOT_SERIALIZABLE,
    methods: &[
        Method::new(c"__construct", |_: &mut Frame<'_>| {
            Err(Thrown::Error(
                "A PeriodicLoop is made by the attribute Cron alone".to_owned(),
            ))
        }),
        Method::new(c"start", |frame: &mut Frame<'_>| {
            let started = cron(frame)?.start();
            frame.give(started)
        })
        .returns(Type::BOOL),
        Method::new(c"stop", |frame: &mut Frame<'_>| {
            let stopped = cron(frame)?.stop();
            frame.give(stopped)
        })
        .returns(Type::BOOL),
        Method::new(c"resume", |frame: &mut Frame<'_>| {
            let resumed = cron(frame)?.resume();
            frame.give(resumed)
        })
        .params(&[Param::optional(c"postpone", Type::BOOL, c"false")])
        .returns(Type::BOOL),
        Method::new(c"isRunning", |frame: &mut Frame<'_>| {
            let is_running = cron(frame)?.running.get();
            frame.give(is_running)
        })
        .returns(Type::BOOL),
        Method::new(c"isPaused", |frame: &mut Frame<'_>| {
            let is_paused = !cron(frame)?.busy.get();
            frame.give(is_paused)
        })
        .returns(Type::BOOL),
        Method::new(c"__toString", |frame: &mut Frame<'_>| {
            let name = cron(frame)?.name.clone();
            frame.give(name)
        })
        .returns(Type::STRING),
    ],
    state: Some(StateLayout::of::<Scheduled>()),
    ..Class::DEFAULT
};

/// As signatures have it.
pub(super) const PERIODIC_LOOP_TYPE: Type = Type::class(c"danog\\Loop\\PeriodicLoop");

/// `getPeriodicLoop(string $name)`: that of the method of this name.
pub(super) fn periodic_loop(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let name = frame.text(0).unwrap_or_default();
    let all = own(frame)?;
    let found = all.iter().find(|cron| cron.name == name);
    let Some(found) = found else {
        return Err(Thrown::InvalidArgument(format!(
            "getPeriodicLoop(): name: the handler has no method {name}() with the attribute Cron, or has not started yet"
        )));
    };
    frame.give_zval(found.object());
    Ok(())
}

/// `getPeriodicLoops()`: all, by the names of their methods.
pub(super) fn periodic_loops(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let mut loops = ZendHashTable::new();
    for cron in own(frame)? {
        entries::insert(&mut loops, cron.name.as_bytes(), cron.object());
    }
    frame.give(loops)
}

/// Those of the handler that a method was called on.
fn own(frame: &Frame<'_>) -> Result<Vec<Rc<Cron>>, Thrown> {
    let this = frame.this()?;
    let handler = api::instance(frame)?.updates().handler();
    let mut each = handler.iter().flat_map(|handler| handler.each());
    let own = each.find(|one| {
        let object = one.object().object();
        object.is_some_and(|object| std::ptr::eq(object, this.as_ptr()))
    });
    let crons = own.map(|own| own.crons().to_vec()).unwrap_or_default();
    let begun = crons
        .into_iter()
        .filter(|cron| cron.object.borrow().is_some());
    Ok(begun.collect())
}

/// What the object stands for.
#[derive(Default)]
pub(super) struct Scheduled {
    cron: OnceCell<Weak<Cron>>,
}

impl State for Scheduled {
    fn class() -> &'static Class {
        &PERIODIC_LOOP
    }
}

/// Calls a method of the handler with the object of its loop.
pub(super) type Call = Rc<dyn Fn(*mut zend_function, &Zval) -> Result<Zval, Thrown>>;

/// A method and when it runs.
pub(super) struct Cron {
    method: *mut zend_function,
    name: String,
    period: Duration,
    /// What scripts know it by, once the handler has started.
    object: RefCell<Option<Zval>>,
    call: OnceCell<Call>,
    /// It was started, and not stopped.
    running: Cell<bool>,
    /// The method is running.
    busy: Cell<bool>,
    due: Cell<Option<Time>>,
}

impl Cron {
    /// A method that runs every `period` seconds.
    pub(super) fn new(method: *mut zend_function, name: String, period: f64) -> Rc<Self> {
        Rc::new(Self {
            method,
            name,
            period: Duration::try_from_secs_f64(period).unwrap_or(Duration::MAX),
            object: RefCell::default(),
            call: OnceCell::new(),
            running: Cell::new(false),
            busy: Cell::new(false),
            due: Cell::new(None),
        })
    }

    pub(super) fn method(&self) -> *mut zend_function {
        self.method
    }

    /// What scripts know it by; null before the handler has started.
    pub(super) fn object(&self) -> Zval {
        let object = self.object.borrow();
        object.as_ref().map(Zval::shallow_clone).unwrap_or_default()
    }

    /// When it runs next; `None` where it is stopped, or running.
    pub(super) fn due(&self) -> Option<Time> {
        self.due.get()
    }

    /// Whether it is time.
    pub(super) fn is_due(&self) -> bool {
        self.due.get().is_some_and(|due| due <= Time::now())
    }

    /// The handler has started: the method runs from now on.
    pub(super) fn begin(self: &Rc<Self>, call: &Call) -> Result<(), Thrown> {
        if self.object.borrow().is_none() {
            let object = self.make(Rc::clone(call))?;
            self.object.replace(Some(object));
        }
        function::call_on(&self.object(), "start", &mut []).map(drop)
    }

    /// The handler ends.
    pub(super) fn end(&self) -> Result<(), Thrown> {
        function::call_on(&self.object(), "stop", &mut []).map(drop)
    }

    /// Runs the method once. What it throws does not keep it from running again.
    pub(super) fn run(&self) -> Result<(), Thrown> {
        let Some(call) = self.call.get() else {
            return Ok(());
        };
        self.due.set(None);
        self.busy.set(true);
        let outcome = self.called(call, &self.object());
        self.busy.set(false);
        if matches!(outcome, Ok(true)) {
            self.stop();
        }
        if self.running.get() {
            self.due.set(Time::now().checked_add(self.period));
        }
        outcome.map(drop)
    }

    fn start(&self) -> bool {
        if self.running.replace(true) {
            return false;
        }
        self.due.set((!self.busy.get()).then(Time::now));
        true
    }

    fn stop(&self) -> bool {
        self.due.set(None);
        self.running.replace(false)
    }

    fn resume(&self) -> bool {
        let may = self.running.get() && !self.busy.get();
        if may {
            self.due.set(Some(Time::now()));
        }
        may
    }

    /// The object that scripts know it by; made once.
    fn make(self: &Rc<Self>, call: Call) -> Result<Zval, Thrown> {
        if let Some(library) = library()? {
            // Where the script has brought the library of that name, its own loop runs the method.
            // SAFETY: a class that the engine has found, and that is not abstract.
            let object = unsafe { instantiate(library) }.into_zval(false)?;
            let its = Rc::downgrade(self);
            let callback = function::closure(move |frame| {
                let given = frame.arg(0).map(Zval::shallow_clone).unwrap_or_default();
                let was_last = match its.upgrade() {
                    Some(cron) => cron.called(&call, &given)?,
                    None => true,
                };
                frame.give(was_last)
            });
            let period = Zval::from(self.period.as_secs_f64());
            let mut arguments = [callback, sink::text(self.name.as_bytes()), period];
            function::call_on(&object, "__construct", &mut arguments)?;
            return Ok(object);
        }
        let mut object = PERIODIC_LOOP.instantiate();
        if let Some(scheduled) = Class::state::<Scheduled>(Object::new(&mut object)) {
            scheduled.cron.get_or_init(|| Rc::downgrade(self));
        }
        self.call.get_or_init(|| call);
        Ok(object.into_zval(false)?)
    }

    /// Runs the method; whether it was the last time.
    fn called(&self, call: &Call, object: &Zval) -> Result<bool, Thrown> {
        Ok(call(self.method, object)?.is_true())
    }
}

/// The class of that name, of the library that the script has brought; `None` where there is none: then ours gets its name.
fn library() -> Result<Option<*mut zend_class_entry>, Thrown> {
    const NAME: &[u8] = b"danog\\Loop\\PeriodicLoop";
    let found = find_class(NAME);
    Thrown::pending()?;
    if found.is_none() {
        // SAFETY: the name is valid for its length and the engine copies it; the alias lives as long as the request.
        unsafe {
            zend::zend_register_class_alias_ex(
                NAME.as_ptr().cast(),
                NAME.len(),
                PERIODIC_LOOP.entry(),
                false,
            )
        };
    }
    Ok(found.filter(|class| !std::ptr::eq(*class, PERIODIC_LOOP.entry())))
}

fn cron(frame: &Frame<'_>) -> Result<Rc<Cron>, Thrown> {
    let scheduled = frame.state::<Scheduled>()?;
    let cron = scheduled.cron.get().and_then(Weak::upgrade);
    cron.ok_or_else(|| {
        Thrown::Error("The event handler whose method this ran is not there any more".to_owned())
    })
}
