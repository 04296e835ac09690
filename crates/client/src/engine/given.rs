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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use std::sync::Arc;

    use bytes::Bytes;
    use tokio::sync::{Semaphore, mpsc, oneshot};

    use super::super::{BoxFuture, Engine, InvokeError, Lane, Request, UpdatesStream};
    use crate::DcId;

    /// Answers with the request, each when it may.
    struct Echo {
        may: Semaphore,
        begun: mpsc::UnboundedSender<Bytes>,
    }

    impl Engine for Echo {
        fn invoke(&self, request: Request) -> BoxFuture<'_, Result<Bytes, InvokeError>> {
            Box::pin(async move {
                self.begun.send(request.body.clone()).unwrap();
                self.may.acquire().await.unwrap().forget();
                Ok(request.body)
            })
        }

        fn updates(&self) -> UpdatesStream {
            unimplemented!("nobody listens")
        }

        fn listen(&self) {}

        fn set_home(&self, _: DcId) {}

        fn renew(&self, _: DcId) {}

        fn close(&self) -> BoxFuture<'_, ()> {
            Box::pin(async {})
        }
    }

    fn echo(may: usize) -> (Arc<Echo>, mpsc::UnboundedReceiver<Bytes>) {
        let (begun, begins) = mpsc::unbounded_channel();
        let may = Semaphore::new(may);
        (Arc::new(Echo { may, begun }), begins)
    }

    fn request(body: &'static [u8]) -> Request {
        Request {
            dc: DcId(2),
            body: Bytes::from_static(body),
            lane: Lane::Calls,
            repeatable: false,
        }
    }

    #[tokio::test]
    async fn requests_begin_at_once_and_in_order_and_each_has_its_outcome() {
        let (engine, mut begins) = echo(0);
        let (outcomes, mut came) = mpsc::unbounded_channel();
        let mut tickets = Vec::new();
        for body in [b"one.", b"two.", b"last"] {
            let outcomes = outcomes.clone();
            let taker = Box::new(move |outcome: Result<Bytes, InvokeError>| {
                outcomes.send((body, outcome.unwrap())).unwrap();
            });
            tickets.push(Arc::clone(&engine).give(request(body), taker));
            assert_eq!(*begins.try_recv().unwrap(), *body);
        }
        assert!(came.try_recv().is_err());
        engine.may.add_permits(3);
        for _ in 0..3 {
            let (body, outcome) = came.recv().await.unwrap();
            assert_eq!(outcome.as_ref(), body);
        }
    }

    #[tokio::test]
    async fn one_that_is_taken_back_has_none() {
        let (engine, _begins) = echo(0);
        let (outcome, nobody) = oneshot::channel();
        let taker = Box::new(move |given| drop(outcome.send(given)));
        Arc::clone(&engine).give(request(b"back"), taker).cancel();
        assert!(nobody.await.is_err());
        engine.may.add_permits(1);
        let (outcome, answer) = oneshot::channel();
        let taker = Box::new(move |given| drop(outcome.send(given)));
        let ticket = Arc::clone(&engine).give(request(b"next"), taker);
        assert_eq!(answer.await.unwrap().unwrap().as_ref(), b"next");
        // It is too late.
        ticket.cancel();
    }
}
