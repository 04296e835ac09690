//! Requests that are given away: their outcome goes to a function, and nobody waits.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use tokio::task::AbortHandle;

use super::native::Given;
use super::{Engine, InvokeError, Request};

/// Takes the outcome of a request, on the thread that has it: it may not wait. It is dropped, uncalled, where the request is
/// taken back or the runtime ends.
pub type Taker = Box<dyn FnOnce(Result<Bytes, InvokeError>) + Send>;

/// What a request that was given away can be taken back with.
#[must_use]
pub struct Ticket(Kind);

enum Kind {
    /// It has its outcome.
    Done,
    /// A task waits for it.
    Task(AbortHandle),
    Native(Given),
}

impl Ticket {
    /// Of a request that has its outcome.
    pub(super) fn done() -> Ticket {
        Ticket(Kind::Done)
    }

    pub(super) fn native(given: Given) -> Ticket {
        Ticket(Kind::Native(given))
    }

    /// Takes the request back: nobody wants its outcome any more.
    pub fn cancel(self) {
        match self.0 {
            Kind::Done => {}
            Kind::Task(task) => task.abort(),
            Kind::Native(given) => given.cancel(),
        }
    }
}

impl fmt::Debug for Ticket {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Ticket")
    }
}

/// Sends a request at once, so that requests leave in the order in which they were given; a task waits for the outcome.
pub(super) fn spawn<E: Engine + ?Sized>(engine: Arc<E>, request: Request, taker: Taker) -> Ticket {
    let mut call = Box::pin(async move { taker(engine.invoke(request).await) });
    let begun = call.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    if begun == Poll::Ready(()) {
        return Ticket::done();
    }
    Ticket(Kind::Task(tokio::spawn(call).abort_handle()))
}
