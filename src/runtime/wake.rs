//! Waking the PHP thread: its eventfd, a flag for each wait, and the signal mask of the threads that do not take signals.
//!
//! Several waits may be under way on one thread: a signal handler's within another, or one in each of many fibers. They
//! share the eventfd, and each has a flag of its own; so whoever sleeps on the eventfd may be woken for another one, and
//! looks at its flag before it sleeps.

use madeline_client::process;
use std::cell::{Cell, RefCell};
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Wake;

use ext_php_rs::ffi::zend_atomic_bool;
use madeline_client::watch::{self, Watch};

use crate::exceptions::Thrown;

thread_local! {
    /// This thread's event.
    static EVENT: RefCell<Option<Rc<Event>>> = const { RefCell::new(None) };

    /// The descriptor of this thread's event while the thread waits for it. Who wakes it from here is the thread itself,
    /// which took an answer from a socket.
    static AWAKE: Cell<i32> = const { Cell::new(-1) };
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
    /// The event of this thread.
    pub(super) fn of_thread() -> Result<Rc<Self>, Thrown> {
        let pid = process::id();
        let known = EVENT.with_borrow(Clone::clone);
        // A fork's child shares its parent's eventfd, so it makes its own.
        if let Some(event) = known.filter(|event| event.pid == pid) {
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
        let event = Rc::new(Self {
            descriptor: Arc::new(descriptor),
            pid,
        });
        EVENT.set(Some(Rc::clone(&event)));
        Ok(event)
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

    /// Sleeps until the event is woken, something comes over a socket that is watched, or a signal comes. Signals were
    /// blocked before the caller looked for the last time, and are taken while this sleeps: none comes unnoticed in between.
    pub(super) fn poll(&self, watch: Option<&Watch>, blocked: &SignalMask) -> Woken {
        if process::id() != self.pid {
            return Woken::Forked;
        }
        let before = AWAKE.replace(self.descriptor());
        let until_ready = |descriptors: &[BorrowedFd<'_>]| blocked.until_ready(descriptors);
        let slept = match watch {
            Some(watch) => watch.sleep(self.descriptor.as_fd(), until_ready),
            None => until_ready(&[self.descriptor.as_fd()]).map(|_| watch::Woken::Event),
        };
        AWAKE.set(before);
        if process::id() != self.pid {
            return Woken::Forked;
        }
        match slept {
            Ok(watch::Woken::Socket) => Woken::Done,
            Ok(watch::Woken::Event) => {
                self.drain();
                Woken::Done
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Woken::Interrupted,
            Err(error) => Woken::Failed(error),
        }
    }

    /// Makes the eventfd wait for the next waker.
    pub(super) fn drain(&self) {
        let mut count = 0_u64;
        // SAFETY: reads eight bytes into eight bytes; without any it returns at once.
        unsafe {
            libc::read(
                self.descriptor.as_raw_fd(),
                (&raw mut count).cast(),
                size_of::<u64>(),
            )
        };
    }

    /// Wakes whoever sleeps on the eventfd next: a wake-up of theirs may have been taken.
    pub(super) fn pass_on(&self) {
        ring(&self.descriptor);
    }

    /// A descriptor of the same event that the caller owns.
    pub(super) fn share(&self) -> io::Result<OwnedFd> {
        self.descriptor.as_fd().try_clone_to_owned()
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
        // Whoever was first has written; and this thread looks at the flags before it sleeps again.
        if self.woken.swap(true, Ordering::AcqRel) || AWAKE.get() == self.descriptor.as_raw_fd() {
            return;
        }
        ring(&self.descriptor);
    }
}

fn ring(descriptor: &OwnedFd) {
    let one = 1_u64;
    // SAFETY: writes eight bytes from eight bytes; an eventfd at its limit is awake anyway.
    unsafe {
        libc::write(
            descriptor.as_raw_fd(),
            (&raw const one).cast(),
            size_of::<u64>(),
        )
    };
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

impl SignalMask {
    /// As [`watch::ready`], with the signals that were not blocked before.
    fn until_ready(&self, descriptors: &[BorrowedFd<'_>]) -> io::Result<u32> {
        let mut wanted: Vec<_> = descriptors
            .iter()
            .map(|descriptor| libc::pollfd {
                fd: descriptor.as_raw_fd(),
                events: libc::POLLIN | libc::POLLRDHUP,
                revents: 0,
            })
            .collect();
        // SAFETY: the records are as many as is said, and the mask came from the system; no time limit.
        let outcome = unsafe {
            libc::ppoll(
                wanted.as_mut_ptr(),
                wanted.len() as libc::nfds_t,
                std::ptr::null(),
                &raw const self.0,
            )
        };
        if outcome < 0 {
            return Err(io::Error::last_os_error());
        }
        let bits = wanted.iter().map(|wanted| u32::from(wanted.revents != 0));
        Ok(bits.rev().fold(0, |all, bit| all << 1 | bit))
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
