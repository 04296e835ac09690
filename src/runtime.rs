//! The process's Tokio runtime, and waits on the PHP thread that signals and time limits can end.
//!
//! The runtime is built when the first call needs it: php-fpm forks after its extensions start, and threads do not
//! survive a fork. A child forgets its parent's runtime without touching it (they share the epoll instance) and
//! builds its own. PHP code never runs on a runtime thread, nor inside `block_on`: the PHP thread polls what it waits for
//! itself, sleeps in `poll()` meanwhile and runs PHP's signal handlers.

pub(crate) mod signals;
mod until;
mod wake;

use std::future::{Future, poll_fn};
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::process;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use ext_php_rs::ffi::{ext_php_rs_executor_globals, zend_interrupt_function};
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::task::JoinHandle;

use crate::exceptions::Thrown;
use crate::panic;
pub(crate) use until::wait_until;
use wake::{Event, EventWaker, Woken};

/// How long the end of the process waits for tasks. Nothing is lost then: what matters is in the session's database.
const SHUTDOWN: Duration = Duration::from_secs(1);

struct Owned {
    pid: u32,
    runtime: Runtime,
}

static RUNTIME: Mutex<Option<Owned>> = Mutex::new(None);

/// The runtime of this process.
pub(crate) fn handle() -> Result<Handle, Thrown> {
    let mut slot = lock();
    let pid = process::id();
    if let Some(owned) = slot.as_ref().filter(|owned| owned.pid == pid) {
        return Ok(owned.runtime.handle().clone());
    }
    // The parent's, inherited through a fork: its threads do not exist here.
    mem::forget(slot.take());
    let runtime = build()
        .map_err(|error| Thrown::Exception(format!("cannot start the network thread: {error}")))?;
    let handle = runtime.handle().clone();
    *slot = Some(Owned { pid, runtime });
    Ok(handle)
}

/// Ends the runtime, when this process has one. At module shut-down.
pub(crate) fn shutdown() {
    match lock().take() {
        Some(Owned { pid, runtime }) if pid == process::id() => runtime.shutdown_timeout(SHUTDOWN),
        inherited => mem::forget(inherited),
    }
}

/// Waits for the value of `future`, which runs on this thread while it has something to do, and within the runtime, whose
/// threads do the rest: its sockets and timers. So a call crosses to another thread once each way.
///
/// Signals interrupt the wait: PHP's handlers run, between two polls of the future, and when one of them throws, or a time
/// limit has passed, the future is dropped and this returns [`Thrown::Pending`]. No lock may be held by the caller.
pub(crate) fn wait<F, T>(future: F) -> Result<T, Thrown>
where
    F: Future<Output = T> + Send + 'static,
    T: Send + 'static,
{
    let runtime = handle()?;
    let event = Event::take()?;
    let waker = event.waker();
    let mut future = Within::new(runtime, catch_panic(future));
    let outcome = loop {
        waker.reset();
        if let Poll::Ready(value) = future.poll(&waker) {
            break Ok(value);
        }
        match sleep(&event, &waker) {
            Ok(()) => {}
            Err(thrown) => break Err(thrown),
        }
    };
    if process::id() == event.pid() {
        drop(future);
        event.give_back();
    } else {
        // What the future holds on to is the parent's.
        mem::forget(future);
    }
    outcome?.map_err(|panic| Thrown::panicked(&panic))
}

/// Runs something short that needs the runtime around it.
pub(crate) fn within<T>(run: impl FnOnce() -> T) -> Result<T, Thrown> {
    let runtime = handle()?;
    let _entered = runtime.enter();
    Ok(run())
}

/// Until the waker was used.
fn sleep(event: &Event, waker: &EventWaker) -> Result<(), Thrown> {
    loop {
        match event.poll() {
            Woken::Done if waker.is_woken() => return Ok(()),
            // Somebody who was late for an earlier wait.
            Woken::Done => {}
            Woken::Interrupted => interrupt()?,
            Woken::Failed(error) => {
                return Err(Thrown::Exception(format!(
                    "waiting for an answer failed: {error}"
                )));
            }
            Woken::Forked => {
                return Err(Thrown::Exception(
                    "this process is a fork, made while a call was waiting for its answer: only its parent gets it"
                        .to_owned(),
                ));
            }
        }
    }
}

/// A future that is polled, and dropped, within a runtime.
struct Within<F: Future> {
    runtime: Handle,
    future: Pin<Box<F>>,
}

impl<F: Future> Within<F> {
    fn new(runtime: Handle, future: F) -> Self {
        Self {
            runtime,
            future: Box::pin(future),
        }
    }

    fn poll(&mut self, waker: &Arc<EventWaker>) -> Poll<F::Output> {
        let _entered = self.runtime.enter();
        let waker = Waker::from(Arc::clone(waker));
        self.future.as_mut().poll(&mut Context::from_waker(&waker))
    }
}

/// Starts `future` on the runtime without waiting for it.
pub(crate) fn spawn<F>(future: F) -> Result<JoinHandle<()>, Thrown>
where
    F: Future<Output = ()> + Send + 'static,
{
    Ok(handle()?.spawn(future))
}

/// Waits for a future that is soon ready, where no PHP code runs any more and nothing can be thrown: while an object is
/// freed, or at the end of a request.
pub(crate) fn finish<F: Future<Output = ()>>(future: F) {
    if let Ok(handle) = handle() {
        drop(handle.block_on(catch_panic(future)));
    }
}

/// The output of `future`, or what it said when it panicked.
async fn catch_panic<F: Future>(future: F) -> Result<F::Output, String> {
    let mut future = pin!(future);
    poll_fn(
        |context| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(value)) => Poll::Ready(Ok(value)),
            Err(panic) => Poll::Ready(Err(panic::describe(panic.as_ref()))),
        },
    )
    .await
}

/// What the virtual machine does between two instructions when a signal has come.
fn interrupt() -> Result<(), Thrown> {
    // SAFETY: returns the address of this thread's globals.
    let globals = unsafe { ext_php_rs_executor_globals() };
    // SAFETY: the globals of this thread; the two flags are set by signal handlers and read atomically.
    unsafe {
        if !wake::load(&raw const (*globals).vm_interrupt) {
            return Ok(());
        }
        if wake::load(&raw const (*globals).timed_out) {
            // The flag stays up: the virtual machine raises the fatal error as soon as this call has returned.
            return Err(Thrown::Pending);
        }
        if let Some(run_handlers) = zend_interrupt_function {
            ext_php_rs::ffi::zend_atomic_bool_store(&raw mut (*globals).vm_interrupt, false);
            run_handlers((*globals).current_execute_data);
        }
    }
    Thrown::pending()
}

/// One worker: calls cross to it once, and pings, acknowledgements and updates go on while PHP code runs.
fn build() -> std::io::Result<Runtime> {
    let _masked = wake::mask_signals();
    Builder::new_multi_thread()
        .worker_threads(1)
        .max_blocking_threads(4)
        .thread_name("madelineproto")
        // Signals are for the PHP thread: one that a worker took would run PHP's handler on it.
        .on_thread_start(|| mem::forget(wake::mask_signals()))
        .enable_all()
        .build()
}

fn lock() -> MutexGuard<'static, Option<Owned>> {
    RUNTIME.lock().unwrap_or_else(PoisonError::into_inner)
}
