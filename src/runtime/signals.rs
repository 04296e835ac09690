//! SIGINT and SIGTERM while updates are waited for: they end the loop instead of the process.
//!
//! A signal that the script handles itself, or ignores, stays the script's. The second one of ours does what it would have
//! done without us, so that a handler that never ends can be stopped.

use std::ffi::c_int;
use std::mem;
use std::ptr;
use std::sync::atomic::{AtomicI32, Ordering};

/// What ends a loop.
const SIGNALS: [c_int; 2] = [libc::SIGINT, libc::SIGTERM];

/// The signal that came; 0: none.
static RECEIVED: AtomicI32 = AtomicI32::new(0);
/// The eventfd that somebody sleeps on; -1: nobody.
static SLEEPER: AtomicI32 = AtomicI32::new(-1);
/// How many loops run inside each other.
static DEPTH: AtomicI32 = AtomicI32::new(0);

type Action = unsafe extern "C" fn(c_int, *const libc::sigaction, *mut libc::sigaction) -> c_int;

/// Takes the signals that nobody handles; to be ended by [`release`].
pub(crate) fn take() {
    if DEPTH.fetch_add(1, Ordering::Relaxed) > 0 {
        return;
    }
    RECEIVED.store(0, Ordering::Relaxed);
    for signal in SIGNALS {
        if handler_of(signal) == Some(libc::SIG_DFL) {
            set_handler(signal, on_signal as *const () as libc::sighandler_t);
        }
    }
}

/// Gives back those that are still ours. The signal that came is forgotten with the outermost loop.
pub(crate) fn release() {
    if DEPTH.fetch_sub(1, Ordering::Relaxed) > 1 {
        return;
    }
    for signal in SIGNALS {
        if handler_of(signal) == Some(on_signal as *const () as libc::sighandler_t) {
            set_handler(signal, libc::SIG_DFL);
        }
    }
    RECEIVED.store(0, Ordering::Relaxed);
}

/// A script that ended within its loops leaves none.
pub(crate) fn end_of_request() {
    if DEPTH.load(Ordering::Relaxed) > 0 {
        DEPTH.store(1, Ordering::Relaxed);
        release();
    }
}

/// The signal that came.
pub(crate) fn received() -> Option<c_int> {
    Some(RECEIVED.load(Ordering::Acquire)).filter(|&signal| signal != 0)
}

/// Makes signals wake who sleeps on this eventfd; the one before.
pub(super) fn wake_by(descriptor: c_int) -> c_int {
    SLEEPER.swap(descriptor, Ordering::AcqRel)
}

extern "C" fn on_signal(signal: c_int) {
    // SAFETY: only functions that signal handlers may call; `errno` is restored.
    unsafe {
        let errno = libc::__errno_location();
        let before = *errno;
        if RECEIVED.swap(signal, Ordering::AcqRel) == 0 {
            let (sleeper, one) = (SLEEPER.load(Ordering::Acquire), 1_u64);
            if sleeper >= 0 {
                libc::write(sleeper, (&raw const one).cast(), size_of::<u64>());
            }
        } else {
            libc::signal(signal, libc::SIG_DFL);
            libc::raise(signal);
        }
        *errno = before;
    }
}

fn handler_of(signal: c_int) -> Option<libc::sighandler_t> {
    // SAFETY: an all-zero record is valid; the call fills it.
    unsafe {
        let mut now: libc::sigaction = mem::zeroed();
        (action()(signal, ptr::null(), &raw mut now) == 0).then_some(now.sa_sigaction)
    }
}

fn set_handler(signal: c_int, handler: libc::sighandler_t) {
    // SAFETY: an all-zero record is valid: no flags, an empty mask. Without SA_RESTART, so that waits end.
    unsafe {
        let mut new: libc::sigaction = mem::zeroed();
        new.sa_sigaction = handler;
        action()(signal, &raw const new, ptr::null_mut());
    }
}

/// `sigaction()`, as PHP has it: most builds of PHP stand between the system and handlers, and know which are set.
fn action() -> Action {
    // SAFETY: a symbol of the process with this signature, or none.
    unsafe {
        let found = libc::dlsym(libc::RTLD_DEFAULT, c"zend_sigaction".as_ptr());
        if found.is_null() {
            libc::sigaction
        } else {
            mem::transmute::<*mut libc::c_void, Action>(found)
        }
    }
}
