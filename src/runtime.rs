//! The process's Tokio runtime, and waits on the PHP thread that signals and time limits can end.
//!
//! The runtime is built when the first call needs it: php-fpm forks after its extensions start, and threads do not
//! survive a fork. A child forgets its parent's runtime without touching it (they share the epoll instance) and
//! builds its own. PHP code never runs on a runtime thread, nor inside `block_on`: the PHP thread polls what it waits for
//! itself, sleeps in `poll()` meanwhile and runs PHP's signal handlers.

pub(crate) mod fibers;
mod revolt;
pub(crate) mod signals;
mod until;
mod wake;

use madeline_client::process;
use std::future::{Future, poll_fn};
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use ext_php_rs::ffi::{ext_php_rs_executor_globals, zend_class_entry, zend_interrupt_function};
use madeline_client::watch::{self, Watch};
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

/// The class of Revolt's event loop, where the script has it: loaded, or within reach of its autoloaders.
pub(crate) fn loop_class() -> Option<*mut zend_class_entry> {
    revolt::class(true)
}

/// At the end of a request: the fibers that waited are gone.
pub(crate) fn end_of_request() {
    fibers::end_of_request();
    revolt::end_of_request();
}

/// Ends the runtime, when this process has one. At module shut-down.
pub(crate) fn shutdown() {
    match lock().take() {
        Some(Owned { pid, runtime }) if pid == process::id() => runtime.shutdown_timeout(SHUTDOWN),
        inherited => mem::forget(inherited),
    }
}

/// Waits for the value of `future`, which runs on this thread while it has something to do, and within the runtime, whose
/// threads do the rest: its sockets and timers. While it sleeps it watches the socket that the answer comes over, where
/// there is one: so a call that nothing comes in between of crosses to no other thread.
///
/// Inside a fiber that somebody drives (one of ours, or one of Revolt's loop) the fiber is suspended meanwhile, so that
/// others run. Everywhere else the thread sleeps, and our own fibers run.
///
/// Signals interrupt the wait: PHP's handlers run, between two polls of the future, and when one of them throws, or a time
/// limit has passed, or something is thrown into the fiber, the future is dropped and this returns [`Thrown::Pending`]. No
/// lock may be held by the caller.
pub(crate) fn wait<F: Future>(future: F) -> Result<F::Output, Thrown> {
    wait_in(future, None)
}

/// As [`wait`], and no other PHP code runs meanwhile but signal handlers: for what must not begin twice.
pub(crate) fn wait_alone<F: Future>(future: F) -> Result<F::Output, Thrown> {
    wait_in(future, Some(Sleeper::Thread { alone: true }))
}

fn wait_in<F: Future>(future: F, mut sleeper: Option<Sleeper>) -> Result<F::Output, Thrown> {
    let runtime = handle()?;
    let event = Event::of_thread()?;
    let waker = event.waker();
    let mut future = Within::new(runtime, catch_panic(future));
    let outcome = loop {
        waker.reset();
        let (polled, watch) = future.poll(&waker);
        if let Poll::Ready(value) = polled {
            break Ok(value);
        }
        let slept = match &mut sleeper {
            Some(sleeper) => sleeper,
            none => none.insert(Sleeper::choose()),
        }
        .sleep(&event, &waker, watch.as_ref());
        if let Err(thrown) = slept {
            break Err(thrown);
        }
    };
    if let Some(sleeper) = sleeper {
        sleeper.end(&event);
    }
    if process::id() == event.pid() {
        drop(future);
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

/// How the time passes until a waker is used.
enum Sleeper {
    /// The thread sleeps; our own fibers run, unless it is to be alone.
    Thread { alone: bool },
    /// This fiber is one of ours, and is suspended.
    Fiber,
    /// Revolt's loop runs.
    Loop(revolt::Wait),
}

impl Sleeper {
    fn choose() -> Self {
        match fibers::place() {
            fibers::Place::Ours => Self::Fiber,
            fibers::Place::Fixed => Self::Thread { alone: false },
            place => revolt::Wait::new(place).map_or(Self::Thread { alone: false }, Self::Loop),
        }
    }

    /// Until the waker was used. A thread that sleeps may watch a socket itself.
    fn sleep(
        &mut self,
        event: &Rc<Event>,
        waker: &Arc<EventWaker>,
        watch: Option<&Watch>,
    ) -> Result<(), Thrown> {
        match self {
            Self::Thread { alone } => sleep(event, waker, *alone, watch),
            Self::Fiber => {
                while !waker.is_woken() {
                    fibers::suspend(waker)?;
                    check_process(event)?;
                }
                Ok(())
            }
            Self::Loop(wait) => {
                while !waker.is_woken() {
                    wait.suspend(event, waker)?;
                    check_process(event)?;
                }
                Ok(())
            }
        }
    }

    fn end(self, event: &Event) {
        match self {
            Self::Thread { .. } => {
                if revolt::is_waiting() {
                    event.pass_on();
                }
            }
            Self::Fiber => {}
            Self::Loop(wait) => wait.end(),
        }
    }
}

fn check_process(event: &Event) -> Result<(), Thrown> {
    if process::id() == event.pid() {
        Ok(())
    } else {
        Err(forked())
    }
}

fn forked() -> Thrown {
    Thrown::Exception(
        "this process is a fork, made while a call was waiting for its answer: only its parent gets it"
            .to_owned(),
    )
}

/// The thread sleeps until the waker was used; our own fibers run as they can.
fn sleep(
    event: &Event,
    waker: &EventWaker,
    alone: bool,
    watch: Option<&Watch>,
) -> Result<(), Thrown> {
    loop {
        if waker.is_woken() {
            return Ok(());
        }
        if !alone && fibers::run()? {
            continue;
        }
        let slept = {
            let blocked = wake::mask_signals();
            if is_interrupted() {
                Woken::Interrupted
            } else {
                event.poll(watch, &blocked)
            }
        };
        match slept {
            // Perhaps for another wait, or by somebody who was late for an earlier one.
            Woken::Done => {}
            Woken::Interrupted => interrupt()?,
            Woken::Failed(error) => {
                return Err(Thrown::Exception(format!(
                    "waiting for an answer failed: {error}"
                )));
            }
            Woken::Forked => return Err(forked()),
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

    /// With the socket that the answer comes over, where it is known.
    fn poll(&mut self, waker: &Arc<EventWaker>) -> (Poll<F::Output>, Option<Watch>) {
        let _entered = self.runtime.enter();
        let waker = Waker::from(Arc::clone(waker));
        watch::poll(self.future.as_mut(), &mut Context::from_waker(&waker))
    }
}

/// Starts `future` without waiting for it. It runs as far as it can at once, so that requests go out in the order in which
/// they are made; the runtime does the rest.
pub(crate) fn spawn<F>(future: F) -> Result<JoinHandle<()>, Thrown>
where
    F: Future<Output = ()> + Send + 'static,
{
    let runtime = handle()?;
    let mut future = Box::pin(catch_panic(future));
    let begun = {
        let _entered = runtime.enter();
        future
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
    };
    Ok(runtime.spawn(async move {
        if begun.is_pending() {
            drop(future.await);
        }
    }))
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

/// What the virtual machine does between two instructions when a signal has come. [`Thrown::Pending`] without an exception
/// where a time limit has passed.
pub(crate) fn interrupt() -> Result<(), Thrown> {
    if !is_interrupted() {
        return Ok(());
    }
    // SAFETY: the globals of this thread; the flags are set by signal handlers, and read and written atomically.
    unsafe {
        let globals = ext_php_rs_executor_globals();
        if wake::load(&raw const (*globals).timed_out) {
            // The flag stays up: the virtual machine raises the fatal error as soon as this call has returned.
            return Err(Thrown::Pending);
        }
        ext_php_rs::ffi::zend_atomic_bool_store(&raw mut (*globals).vm_interrupt, false);
        if let Some(run_handlers) = zend_interrupt_function {
            run_handlers((*globals).current_execute_data);
        }
    }
    Thrown::pending()
}

/// Whether a signal wants the virtual machine to do something.
fn is_interrupted() -> bool {
    // SAFETY: the globals of this thread; the flag is read atomically.
    unsafe { wake::load(&raw const (*ext_php_rs_executor_globals()).vm_interrupt) }
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
