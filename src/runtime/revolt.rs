//! Waiting in Revolt's event loop, where the script has it: the running fiber (or the main script) is suspended, and the
//! loop watches our eventfd beside everything else.

use std::cell::{Cell, RefCell};
use std::ffi::CStr;
use std::os::fd::IntoRawFd;
use std::rc::Rc;
use std::sync::Arc;

use ext_php_rs::ffi::{
    ext_php_rs_executor_globals, zend_class_entry, zend_hash_str_find, zend_lookup_class_ex,
};
use ext_php_rs::types::{ZendStr, Zval};

use super::fibers::{self, Place};
use super::signals;
use super::wake::{Event, EventWaker};
use crate::class::Object;
use crate::exceptions::Thrown;
use crate::{function, zend};

const CLASS: &str = "Revolt\\EventLoop";
const KEY: &CStr = c"revolt\\eventloop";

thread_local! {
    /// Waits of suspended fibers.
    static WAITING: RefCell<Vec<Rc<Suspended>>> = const { RefCell::new(Vec::new()) };
    /// The eventfd as a PHP stream, and the process that made it.
    static STREAM: RefCell<Option<(u32, Zval)>> = const { RefCell::new(None) };
    /// The script's autoloaders were asked for the loop in this request.
    static ASKED: Cell<bool> = const { Cell::new(false) };
}

/// A fiber that the loop resumes.
struct Suspended {
    suspension: Zval,
    waker: Arc<EventWaker>,
    sleeps: Cell<bool>,
    /// A signal that ends loops resumes it, too.
    until_signal: bool,
}

/// One wait in the loop.
pub(super) struct Wait {
    class: *mut zend_class_entry,
    begun: Option<Begun>,
    until_signal: bool,
}

struct Begun {
    suspended: Rc<Suspended>,
    /// What `onReadable()` returned.
    callback: Zval,
}

/// Whether a fiber waits in the loop.
pub(super) fn is_waiting() -> bool {
    WAITING.with_borrow(|waiting| !waiting.is_empty())
}

/// The loop's class, where the script has one. Autoloaders are asked once in a request, and only by a fiber that waits or when
/// something is to run in one: a main script that waits for a call needs no loop.
pub(crate) fn class(may_load: bool) -> Option<*mut zend_class_entry> {
    // SAFETY: the globals of this thread; the table's values are classes.
    let known = unsafe {
        let classes = (*ext_php_rs_executor_globals()).class_table;
        zend_hash_str_find(classes, KEY.as_ptr(), KEY.count_bytes())
            .as_ref()
            .map(|found| found.value.ptr.cast::<zend_class_entry>())
    };
    if known.is_some() || !may_load || ASKED.replace(true) {
        return known;
    }
    let name = ZendStr::new(CLASS, false);
    // SAFETY: a valid name; autoloaders may run, and no borrow is held.
    let class = unsafe {
        zend_lookup_class_ex(
            std::ptr::from_ref(&*name).cast_mut(),
            std::ptr::null_mut(),
            0,
        )
    };
    if Thrown::pending().is_err() {
        function::forget_exception();
    }
    (!class.is_null()).then_some(class)
}

/// At the end of a request.
pub(crate) fn end_of_request() {
    drop(WAITING.take());
    drop(STREAM.take());
    ASKED.set(false);
}

impl Wait {
    /// `None` where there is no loop, or where fibers of ours run, which only a sleeping thread lets go on.
    pub(super) fn new(place: Place) -> Option<Self> {
        if !fibers::is_empty() {
            return None;
        }
        let class = class(place == Place::Foreign)?;
        Some(Self {
            class,
            begun: None,
            until_signal: false,
        })
    }

    /// It ends when a signal comes that ends loops, too.
    pub(super) fn until_signal(self) -> Self {
        Self {
            until_signal: true,
            ..self
        }
    }

    /// Until the loop resumes this fiber, or something is thrown into it.
    pub(super) fn suspend(
        &mut self,
        event: &Rc<Event>,
        waker: &Arc<EventWaker>,
    ) -> Result<(), Thrown> {
        let begun = match &mut self.begun {
            Some(begun) => begun,
            none => none.insert(begin(self.class, event, waker, self.until_signal)?),
        };
        let suspended = Rc::clone(&begun.suspended);
        suspended.sleeps.set(true);
        let outcome = suspended.call("suspend");
        suspended.sleeps.set(false);
        outcome
    }

    /// Takes our callback out of the loop, also while an exception or an exit unwinds.
    pub(super) fn end(self) {
        let Some(Begun {
            suspended,
            callback,
        }) = self.begun
        else {
            return;
        };
        WAITING.with_borrow_mut(|waiting| waiting.retain(|other| !Rc::ptr_eq(other, &suspended)));
        function::beside_exception(|| {
            drop(function::call_public(
                self.class,
                None,
                "cancel",
                &mut [callback],
            ));
            drop(suspended);
        });
    }
}

fn begin(
    class: *mut zend_class_entry,
    event: &Rc<Event>,
    waker: &Arc<EventWaker>,
    until_signal: bool,
) -> Result<Begun, Thrown> {
    let suspended = Rc::new(Suspended {
        suspension: function::call_public(class, None, "getsuspension", &mut [])?,
        waker: Arc::clone(waker),
        sleeps: Cell::new(false),
        until_signal,
    });
    let of_loop = Rc::clone(event);
    let readable = function::closure(move |_| {
        of_loop.drain();
        resume_woken()
    });
    let callback =
        function::call_public(class, None, "onreadable", &mut [stream(event)?, readable])?;
    WAITING.with_borrow_mut(|waiting| waiting.push(Rc::clone(&suspended)));
    Ok(Begun {
        suspended,
        callback,
    })
}

/// The loop calls this for one of several waits; the others may have been woken as well.
fn resume_woken() -> Result<(), Thrown> {
    let signal = signals::received().is_some();
    let woken: Vec<_> = WAITING.with_borrow(|waiting| {
        let woken = waiting
            .iter()
            .filter(|wait| wait.waker.is_woken() || signal && wait.until_signal);
        woken.map(Rc::clone).collect()
    });
    for wait in woken {
        if wait.sleeps.replace(false) {
            wait.call("resume")?;
        }
    }
    Ok(())
}

impl Suspended {
    fn call(&self, method: &str) -> Result<(), Thrown> {
        let Some(suspension) = self.suspension.object() else {
            return Err(Thrown::Exception(
                "Revolt\\EventLoop::getSuspension() returned no suspension".to_owned(),
            ));
        };
        function::call_public(suspension.ce, Some(Object::of(suspension)), method, &mut [])
            .map(drop)
    }
}

/// The eventfd as a stream that the loop can watch.
fn stream(event: &Event) -> Result<Zval, Thrown> {
    let known = STREAM.with_borrow(|stream| {
        let stream = stream.as_ref().filter(|(pid, _)| *pid == event.pid());
        stream.map(|(_, stream)| stream.shallow_clone())
    });
    if let Some(stream) = known {
        return Ok(stream);
    }
    let failed = |text: String| Thrown::Exception(format!("cannot wait in Revolt's loop: {text}"));
    let descriptor = event.share().map_err(|error| failed(error.to_string()))?;
    let mut value = Zval::new();
    // SAFETY: the stream takes the descriptor over; its resource comes with one reference, which the zval takes.
    unsafe {
        let stream = open(descriptor.into_raw_fd());
        if stream.is_null() {
            return Err(failed("PHP made no stream of an eventfd".to_owned()));
        }
        value.value.res = (*stream).res;
        value.u1.type_info = ext_php_rs::ffi::IS_RESOURCE_EX;
    }
    STREAM.set(Some((event.pid(), value.shallow_clone())));
    Ok(value)
}

#[cfg(not(php_debug))]
unsafe fn open(descriptor: i32) -> *mut zend::php_stream {
    // SAFETY: a descriptor that the caller owns.
    unsafe { zend::_php_stream_fopen_from_fd(descriptor, c"r".as_ptr(), std::ptr::null(), false) }
}

#[cfg(php_debug)]
unsafe fn open(descriptor: i32) -> *mut zend::php_stream {
    let file = c"revolt.rs".as_ptr();
    // SAFETY: as above; debug builds of PHP want to know who calls.
    unsafe {
        zend::_php_stream_fopen_from_fd(
            descriptor,
            c"r".as_ptr(),
            std::ptr::null(),
            false,
            0,
            file,
            0,
            file,
            0,
        )
    }
}
