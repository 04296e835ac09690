//! Fibers of our own: what `async()` and its like start, where no event loop of PHP's is there to run them.
//!
//! They run whenever the thread would sleep otherwise, and immediately when they are started; a call inside one suspends
//! it. So calls of several fibers are under way at the same time.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use ext_php_rs::ffi::ext_php_rs_executor_globals;
use ext_php_rs::types::Zval;

use super::revolt;
use super::wake::EventWaker;
use crate::class::{self, Object};
use crate::exceptions::Thrown;
use crate::{function, zend};

thread_local! {
    /// Those that have not ended.
    static FIBERS: RefCell<Vec<Rc<Own>>> = const { RefCell::new(Vec::new()) };
}

/// Where PHP code runs, as far as waiting is concerned.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// In no fiber.
    Main,
    /// In a fiber that somebody else made.
    Foreign,
    /// In a fiber of ours.
    Ours,
    /// Where fibers cannot be switched: in a destructor that the garbage collector runs, in a fiber that is being destroyed.
    Fixed,
}

struct Own {
    fiber: Zval,
    state: RefCell<State>,
    started: Cell<bool>,
}

enum State {
    /// It goes on as soon as it can.
    Ready,
    Running,
    /// It goes on when the waker was used.
    Waiting(Arc<EventWaker>),
    /// It goes on when its owner lets it.
    Paused,
}

/// A fiber that its owner lets go on after it has [paused](pause): one of ours or, where Revolt's loop is there, one that the
/// loop resumes when it has waited. A new one costs the system some work, for its stack.
pub(crate) struct Reusable(Rc<Own>);

/// Where the running code stands.
pub(super) fn place() -> Place {
    // SAFETY: the globals of this thread; an active fiber is alive.
    unsafe {
        if zend::zend_fiber_switch_blocked() {
            return Place::Fixed;
        }
        let active: *const zend::zend_fiber = (*ext_php_rs_executor_globals()).active_fiber.cast();
        match active.as_ref() {
            None => Place::Main,
            Some(fiber) if u32::from(fiber.flags) & DESTROYED != 0 => Place::Fixed,
            Some(_) if current(active).is_some() => Place::Ours,
            Some(_) => Place::Foreign,
        }
    }
}

const DESTROYED: u32 = zend::zend_fiber_flag_ZEND_FIBER_FLAG_DESTROYED;
const DEAD: u32 = zend::zend_fiber_status_ZEND_FIBER_STATUS_DEAD;

/// Whether fibers can be switched here.
pub(crate) fn can_switch() -> bool {
    // SAFETY: reads a counter of this thread.
    !unsafe { zend::zend_fiber_switch_blocked() }
}

/// Whether there are any.
pub(super) fn is_empty() -> bool {
    FIBERS.with_borrow(Vec::is_empty)
}

/// Runs a closure in a fiber, at once and until it waits.
pub(crate) fn start(run: Zval) -> Result<(), Thrown> {
    let own = add(run)?;
    own.go_on()
}

impl Reusable {
    /// Runs a closure in a fiber, at once, until it waits or pauses.
    pub(crate) fn start(run: Zval) -> Result<Self, Thrown> {
        let own = if revolt::class(false).is_none() {
            add(run)?
        } else {
            let own = Rc::new(Own::new());
            own.call("__construct", &mut [run])?;
            own
        };
        own.go_on()?;
        Ok(Self(own))
    }

    /// It goes on after a pause, at once, until it waits or pauses again.
    pub(crate) fn go_on(&self) -> Result<(), Thrown> {
        self.0.go_on()
    }
}

impl Drop for Reusable {
    fn drop(&mut self) {
        if matches!(*self.0.state.borrow(), State::Paused) {
            // Nobody lets it go on any more: it is destroyed.
            forget(&self.0);
        }
    }
}

/// Runs a closure in a fiber, when the thread would sleep next.
pub(crate) fn start_later(run: Zval) -> Result<(), Thrown> {
    add(run).map(drop)
}

/// Runs those that can go on; whether there were any.
pub(super) fn run() -> Result<bool, Thrown> {
    if is_empty() || !can_switch() {
        return Ok(false);
    }
    let able: Vec<_> = FIBERS.with_borrow(|fibers| {
        let able = fibers.iter().filter(|own| own.is_able());
        able.map(Rc::clone).collect()
    });
    let mut any = false;
    for own in able {
        // One that ran before it may have run it.
        if own.is_able() {
            own.go_on()?;
            any = true;
        }
    }
    Ok(any)
}

/// Suspends the running fiber, one of ours, until the waker is used, or something is thrown into it.
pub(super) fn suspend(waker: &Arc<EventWaker>) -> Result<(), Thrown> {
    // SAFETY: the globals of this thread.
    let active = unsafe { (*ext_php_rs_executor_globals()).active_fiber };
    let Some(own) = current(active.cast()) else {
        return Ok(());
    };
    own.state.replace(State::Waiting(Arc::clone(waker)));
    drop(own);
    function::call_public(fiber_class(), None, "suspend", &mut []).map(drop)
}

/// Suspends the running fiber, a [`Reusable`], until its owner lets it go on.
pub(crate) fn pause() -> Result<(), Thrown> {
    // SAFETY: the globals of this thread.
    let active = unsafe { (*ext_php_rs_executor_globals()).active_fiber };
    if let Some(own) = current(active.cast()) {
        own.state.replace(State::Paused);
    }
    function::call_public(fiber_class(), None, "suspend", &mut []).map(drop)
}

/// At the end of a request: their objects go with it.
pub(crate) fn end_of_request() {
    drop(FIBERS.take());
}

impl Own {
    fn new() -> Self {
        let mut fiber = Zval::new();
        // SAFETY: PHP's own class, registered before any extension's; whoever calls this runs its constructor.
        fiber.set_object(&mut *unsafe { class::instantiate(fiber_class()) });
        Self {
            fiber,
            state: RefCell::new(State::Ready),
            started: Cell::new(false),
        }
    }

    fn is_able(&self) -> bool {
        match &*self.state.borrow() {
            State::Ready => true,
            State::Running | State::Paused => false,
            State::Waiting(waker) => waker.is_woken(),
        }
    }

    /// Until it waits or ends. An exception that comes out is an exit; the closures of our fibers catch the others.
    fn go_on(self: &Rc<Self>) -> Result<(), Thrown> {
        self.state.replace(State::Running);
        let method = if self.started.replace(true) {
            "resume"
        } else {
            "start"
        };
        let mut outcome = self.call(method, &mut []);
        while outcome.is_ok()
            && !self.is_dead()
            && matches!(*self.state.borrow(), State::Running)
            && is_listed(self)
        {
            // `Fiber::suspend()` in the script: nobody would ever resume it.
            outcome = self.refuse_suspension();
        }
        if outcome.is_err() || self.is_dead() {
            forget(self);
        }
        outcome
    }

    fn refuse_suspension(&self) -> Result<(), Thrown> {
        let error = Thrown::Error(
            "Fiber::suspend() was called in a fiber of MadelineProto's async functions, which nobody would resume: \
             wait with a call, a Future or Tools::sleep()"
                .to_owned(),
        );
        match error.into_exception() {
            Some(error) => self.call("throw", &mut [error]),
            None => Err(Thrown::Pending),
        }
    }

    fn call(&self, method: &str, arguments: &mut [Zval]) -> Result<(), Thrown> {
        let Some(fiber) = self.fiber.object() else {
            return Ok(());
        };
        function::call_public(fiber_class(), Some(Object::of(fiber)), method, arguments).map(drop)
    }

    fn is_dead(&self) -> bool {
        // SAFETY: the object is of PHP's final class Fiber, and this holds a reference to it.
        self.fiber
            .object()
            .is_none_or(|fiber| unsafe { status(std::ptr::from_ref(fiber).cast()) == DEAD })
    }
}

/// # Safety
/// The fiber is alive.
unsafe fn status(fiber: *const zend::zend_fiber) -> u32 {
    // SAFETY: as the caller promises; the engine writes the field while the fiber runs, so it is read anew.
    unsafe { (&raw const (*fiber).context.status).read_volatile() }
}

fn add(run: Zval) -> Result<Rc<Own>, Thrown> {
    let own = Rc::new(Own::new());
    own.call("__construct", &mut [run])?;
    FIBERS.with_borrow_mut(|fibers| fibers.push(Rc::clone(&own)));
    Ok(own)
}

fn forget(own: &Rc<Own>) {
    FIBERS.with_borrow_mut(|fibers| fibers.retain(|other| !Rc::ptr_eq(other, own)));
}

/// Whether it is ours to resume when it has waited.
fn is_listed(own: &Rc<Own>) -> bool {
    FIBERS.with_borrow(|fibers| fibers.iter().any(|other| Rc::ptr_eq(other, own)))
}

fn current(active: *const zend::zend_fiber) -> Option<Rc<Own>> {
    let is_it = |own: &&Rc<Own>| {
        let object = own.fiber.object().map(std::ptr::from_ref);
        object.is_some_and(|object| std::ptr::eq(object.cast(), active))
    };
    FIBERS.with_borrow(|fibers| fibers.iter().find(is_it).map(Rc::clone))
}

fn fiber_class() -> *mut ext_php_rs::ffi::zend_class_entry {
    // SAFETY: PHP sets the pointer before extensions start.
    unsafe { zend::zend_ce_fiber }
}
