//! Waits of loops: for whatever comes first, looked at again after every signal.

use madeline_client::process;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use madeline_client::watch::{self, Watch};

use super::wake::{self, Event, EventWaker, Woken};
use super::{check_process, fibers, handle, interrupt, is_interrupted, revolt, signals};
use crate::exceptions::Thrown;
use crate::function;

/// Waits until `poll`, which the PHP thread calls within the runtime, is ready. It is called again whenever something has
/// woken it, and after every signal: what it looks at may have changed then. The sockets that it waits for are watched
/// meanwhile. As with [`wait`](super::wait), PHP's handlers run meanwhile.
pub(crate) fn wait_until<T>(poll: impl FnMut(&mut Context<'_>) -> Poll<T>) -> Result<T, Thrown> {
    let runtime = handle()?;
    let event = Event::of_thread()?;
    let woken = event.waker();
    let waker = Waker::from(Arc::clone(&woken));
    let mut polled = pin!(poll_fn(poll));
    let mut in_loop = revolt_wait();
    let mut look = || {
        woken.reset();
        let _entered = runtime.enter();
        watch::poll(polled.as_mut(), &mut Context::from_waker(&waker))
    };
    let outcome = loop {
        if let (Poll::Ready(value), _) = look() {
            break Ok(value);
        }
        let before = signals::wake_by(event.descriptor());
        // One that came before it could wake anybody.
        let slept = if signals::received().is_some() {
            Ok(None)
        } else if let Some(wait) = &mut in_loop {
            wait.suspend(&event, &woken).map(|()| None)
        } else {
            doze(&event, &woken, &mut look)
        };
        signals::wake_by(before);
        match slept.and_then(|value| check_process(&event).map(|()| value)) {
            Ok(None) => {}
            Ok(Some(value)) => break Ok(value),
            Err(thrown) => break Err(thrown),
        }
    };
    if let Some(wait) = in_loop {
        wait.end();
    }
    if process::id() == event.pid() && revolt::is_waiting() {
        event.pass_on();
    }
    outcome
}

/// A wait in Revolt's loop, where that runs the script and not one of our fibers.
fn revolt_wait() -> Option<revolt::Wait> {
    match fibers::place() {
        fibers::Place::Ours | fibers::Place::Fixed => None,
        place => revolt::Wait::new(place).map(revolt::Wait::until_signal),
    }
}

/// Until anything happens, or there is what is waited for. Our own fibers run as they can.
fn doze<T>(
    event: &Event,
    woken: &EventWaker,
    look: &mut impl FnMut() -> (Poll<T>, Option<Watch>),
) -> Result<Option<T>, Thrown> {
    if woken.is_woken() || fibers::run()? {
        return Ok(None);
    }
    let slept = {
        let blocked = wake::mask_signals();
        // For handlers of scripts that do without pcntl_async_signals(): no PHP code runs that could ask for them. What they do
        // may be what is waited for. PHP, too, blocks signals while they run.
        function::call("pcntl_signal_dispatch", vec![]);
        Thrown::pending()?;
        match look() {
            (Poll::Ready(value), _) => return Ok(Some(value)),
            _ if woken.is_woken() => return Ok(None),
            _ if is_interrupted() => Woken::Interrupted,
            (Poll::Pending, watch) => event.poll(watch.as_ref(), &blocked),
        }
    };
    match slept {
        Woken::Done => Ok(None),
        Woken::Interrupted => interrupt().map(|()| None),
        Woken::Failed(error) => Err(Thrown::Exception(format!(
            "waiting for updates failed: {error}"
        ))),
        Woken::Forked => Err(Thrown::Exception(
            "this process is a fork, made while updates were waited for: only its parent gets them"
                .to_owned(),
        )),
    }
}
