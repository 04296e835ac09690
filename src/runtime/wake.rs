//! Waking the PHP thread: an eventfd for each wait, and the signal mask of the threads that do not take signals.

use std::cell::RefCell;
use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Wake;

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
    /// The other side has something.
    Done,
    /// A signal was handled.
    Interrupted,
    /// The process forked while it waited, and this is the child.
    Forked,
    /// The system refuses to wait.
    Failed(io::Error),
}

/// Wakes the waiting thread. Futures keep it for as long as they like: waking nobody does no harm.
pub(super) struct EventWaker {
    descriptor: Arc<OwnedFd>,
    /// It was woken since it was last looked at.
    woken: AtomicBool,
}

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

    /// Keeps the event for the next wait, which a late waker of this one may wake once too often.
    pub(super) fn give_back(self) {
        SPARE.set(Some(self));
    }

    /// The process that made it.
    pub(super) fn pid(&self) -> u32 {
        self.pid
    }

    /// What a signal handler may write to.
    pub(super) fn descriptor(&self) -> i32 {
        self.descriptor.as_raw_fd()
    }

    /// What wakes this event.
    pub(super) fn waker(&self) -> Arc<EventWaker> {
        Arc::new(EventWaker {
            descriptor: Arc::clone(&self.descriptor),
            woken: AtomicBool::new(false),
        })
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

impl EventWaker {
    /// Begins to listen: what woke it before is seen by whoever looks now.
    pub(super) fn reset(&self) {
        self.woken.store(false, Ordering::Release);
    }

    /// Whether it was woken since.
    pub(super) fn is_woken(&self) -> bool {
        self.woken.load(Ordering::Acquire)
    }
}

impl Wake for EventWaker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        // Whoever was first has written.
        if self.woken.swap(true, Ordering::AcqRel) {
            return;
        }
        let one = 1_u64;
        // SAFETY: writes eight bytes from eight bytes; an eventfd at its limit is awake anyway.
        unsafe {
            libc::write(
                self.descriptor.as_raw_fd(),
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
