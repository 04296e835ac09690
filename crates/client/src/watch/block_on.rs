//! A blocked thread that does nothing but wait for a future.

use std::future::Future;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, ThreadId};

use rustix::event::{EventfdFlags, eventfd};
use tokio::runtime::Handle;

use super::{Woken, poll, ready};

/// Wakes the thread that waits.
struct Event {
    descriptor: OwnedFd,
    thread: ThreadId,
    woken: AtomicBool,
}

impl Wake for Event {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        let was_woken = self.woken.swap(true, Ordering::AcqRel);
        if !was_woken && thread::current().id() != self.thread {
            // Nothing but a full counter refuses, and that wakes, too.
            let _ = rustix::io::write(&self.descriptor, &1_u64.to_ne_bytes());
        }
    }
}

/// Waits for a future's value. This thread polls it, within the runtime, and watches the socket that it waits for.
///
/// # Errors
/// The system refuses to wait. Signals interrupt nothing.
pub fn block_on<F: Future>(runtime: &Handle, future: F) -> io::Result<F::Output> {
    let event = Arc::new(Event {
        descriptor: eventfd(0, EventfdFlags::CLOEXEC)?,
        thread: thread::current().id(),
        woken: AtomicBool::new(false),
    });
    let waker = Waker::from(Arc::clone(&event));
    let mut future = pin!(future);
    let _entered = runtime.enter();
    loop {
        event.woken.store(false, Ordering::Release);
        let (polled, watch) = poll(future.as_mut(), &mut Context::from_waker(&waker));
        if let Poll::Ready(value) = polled {
            return Ok(value);
        }
        while !event.woken.load(Ordering::Acquire) {
            let descriptor = event.descriptor.as_fd();
            let woken = match &watch {
                Some(watch) => watch.sleep(descriptor, ready),
                None => ready(&[descriptor]).map(|_| Woken::Event),
            };
            match woken {
                Ok(Woken::Socket) => {}
                Ok(Woken::Event) => {
                    rustix::io::read(&event.descriptor, &mut [0; 8])?;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}
