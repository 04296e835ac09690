//! Waits of loops: for whatever comes first, looked at again after every signal.

use std::future::poll_fn;
use std::pin::pin;
use std::process;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use madeline_client::watch::{self, Watch};

use super::wake::{Event, EventWaker, Woken};
use super::{check_process, fibers, handle, interrupt, revolt, signals};
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
    let outcome = loop {
        woken.reset();
        let (outcome, watch) = {
            let _entered = runtime.enter();
            watch::poll(polled.as_mut(), &mut Context::from_waker(&waker))
        };
        if let Poll::Ready(value) = outcome {
            break Ok(value);
        }
        let before = signals::wake_by(event.descriptor());
        // One that came before it could wake anybody.
        let slept = if signals::received().is_some() {
            Ok(())
        } else if let Some(wait) = &mut in_loop {
            wait.suspend(&event, &woken)
        } else {
            doze(&event, &woken, watch.as_ref())
        };
        signals::wake_by(before);
        if let Err(thrown) = slept.and_then(|()| check_process(&event)) {
            break Err(thrown);
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

/// Until anything happens. Our own fibers run as they can.
fn doze(event: &Event, woken: &EventWaker, watch: Option<&Watch>) -> Result<(), Thrown> {
    if woken.is_woken() || fibers::run()? {
        return Ok(());
    }
    match event.poll(watch) {
        Woken::Done => Ok(()),
        Woken::Interrupted => {
            interrupt()?;
            // For handlers of scripts that do without pcntl_async_signals(): no PHP code runs that could ask for them.
            function::call("pcntl_signal_dispatch", vec![]);
            Thrown::pending()
        }
        Woken::Failed(error) => Err(Thrown::Exception(format!(
            "waiting for updates failed: {error}"
        ))),
        Woken::Forked => Err(Thrown::Exception(
            "this process is a fork, made while updates were waited for: only its parent gets them"
                .to_owned(),
        )),
    }
}
