//! Waking the PHP thread: an eventfd for each wait, and the signal mask of the threads that do not take signals.

use std::cell::RefCell;
use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ext_php_rs::ffi::zend_atomic_bool;

use crate::exceptions::Thrown;

thread_local! {
    /// An event of an earlier wait, and the process that made it. One is enough: waits nest only in signal handlers.
    static SPARE: RefCell<Option<Event>> = const { RefCell::new(None) };
}

/// Something to sleep on.
pub(super) struct Event {
    descriptor: Arc<OwnedFd>,
    pid: u32,
}

/// Why [`Event::poll`] returned.
pub(super) enum Woken {
    /// The other side is done.
    Done,
    /// A signal was handled.
    Interrupted,
    /// The process forked while it waited, and this is the child.
    Forked,
    /// The system refuses to wait.
    Failed(io::Error),
}

/// Wakes the waiting thread when it is dropped, so also when a task panics or is cancelled.
pub(super) struct Waker(Arc<OwnedFd>);

impl Event {
    /// An event that nothing has woken yet.
    pub(super) fn take() -> Result<Self, Thrown> {
        let pid = process::id();
        // A fork's child shares its parent's eventfd, so it makes its own.
        if let Some(event) = SPARE.take().filter(|event| event.pid == pid) {
            return Ok(event);
        }
        // SAFETY: no pointers are passed; a non-negative result is a new descriptor that nobody else owns.
        let descriptor = unsafe {
            match libc::eventfd(0, libc::EFD_CLOEXEC | libc::EFD_NONBLOCK) {
                -1 => Err(io::Error::last_os_error()),
                descriptor => Ok(OwnedFd::from_raw_fd(descriptor)),
            }
        };
        let descriptor = descriptor
            .map_err(|error| Thrown::Exception(format!("cannot wait for answers: {error}")))?;
        Ok(Self {
            descriptor: Arc::new(descriptor),
            pid,
        })
    }

    /// Keeps the event for the next wait. Only after [`Woken::Done`]: nobody may wake it any more.
    pub(super) fn give_back(self) {
        SPARE.set(Some(self));
    }

    /// Wakes this event when it is dropped.
    pub(super) fn waker(&self) -> Waker {
        Waker(Arc::clone(&self.descriptor))
    }

    /// Sleeps until the event is woken or a signal comes.
    pub(super) fn poll(&self) -> Woken {
        let mut wanted = libc::pollfd {
            fd: self.descriptor.as_raw_fd(),
            events: libc::POLLIN,
            revents: 0,
        };
        // SAFETY: one valid record.
        let ready = unsafe { libc::poll(&raw mut wanted, 1, -1) };
        let error = io::Error::last_os_error();
        if process::id() != self.pid {
            return Woken::Forked;
        }
        match ready {
            -1 if error.kind() == io::ErrorKind::Interrupted => Woken::Interrupted,
            -1 => Woken::Failed(error),
            _ => {
                let mut count = 0_u64;
                // SAFETY: reads eight bytes into eight bytes.
                unsafe {
                    libc::read(
                        self.descriptor.as_raw_fd(),
                        (&raw mut count).cast(),
                        size_of::<u64>(),
                    )
                };
                Woken::Done
            }
        }
    }
}

impl Drop for Waker {
    fn drop(&mut self) {
        let one = 1_u64;
        // SAFETY: writes eight bytes from eight bytes; an eventfd at its limit is awake anyway.
        unsafe {
            libc::write(
                self.0.as_raw_fd(),
                (&raw const one).cast(),
                size_of::<u64>(),
            )
        };
    }
}

/// Restores the signal mask when it is dropped.
pub(super) struct SignalMask(libc::sigset_t);

/// Blocks every signal for this thread, and for threads it starts.
pub(super) fn mask_signals() -> SignalMask {
    // SAFETY: both sets are written before they are read.
    unsafe {
        let mut all = std::mem::zeroed();
        let mut before = std::mem::zeroed();
        libc::sigfillset(&raw mut all);
        libc::pthread_sigmask(libc::SIG_SETMASK, &raw const all, &raw mut before);
        SignalMask(before)
    }
}

impl Drop for SignalMask {
    fn drop(&mut self) {
        // SAFETY: the set came from the same function.
        unsafe {
            libc::pthread_sigmask(libc::SIG_SETMASK, &raw const self.0, std::ptr::null_mut())
        };
    }
}

/// Reads a flag that a signal handler may set.
///
/// # Safety
/// `flag` is one of the engine's atomic bools.
pub(super) unsafe fn load(flag: *const zend_atomic_bool) -> bool {
    // SAFETY: the engine's type wraps one byte that it accesses atomically.
    unsafe { (*flag.cast::<AtomicBool>()).load(Ordering::SeqCst) }
}
