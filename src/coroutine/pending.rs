//! The answer of a call that goes on by itself, on the runtime.

use std::cell::Cell;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use ext_php_rs::types::Zval;
use madeline_client::Error;

use crate::exceptions::Thrown;

/// What comes back from the server; for a long message that became several, their answers.
type Answer = Result<Vec<Vec<u8>>, Error>;
type Decode = dyn FnOnce(Answer) -> Result<Zval, Thrown>;

/// The PHP thread's end.
pub(crate) struct PendingCall {
    slot: Arc<Slot>,
    decode: Cell<Option<Box<Decode>>>,
}

/// The runtime's end. Dropping it without an answer says that none will come.
pub(crate) struct Answering(Arc<Slot>);

type Slot = Mutex<Content>;

#[derive(Default)]
struct Content {
    answer: Option<Answer>,
    /// There will be no answer, or no other.
    is_over: bool,
    waiting: Vec<Waker>,
}

/// Both ends of a call; `decode` makes a value of the answer, once.
pub(crate) fn pair(
    decode: impl FnOnce(Answer) -> Result<Zval, Thrown> + 'static,
) -> (PendingCall, Answering) {
    let slot = Arc::new(Slot::default());
    let call = PendingCall {
        slot: Arc::clone(&slot),
        decode: Cell::new(Some(Box::new(decode))),
    };
    (call, Answering(slot))
}

impl Answering {
    /// The answer has come.
    pub(crate) fn answer(self, answer: Answer) {
        lock(&self.0).answer = Some(answer);
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        let waiting = {
            let mut content = lock(&self.0);
            content.is_over = true;
            std::mem::take(&mut content.waiting)
        };
        for waker in waiting {
            waker.wake();
        }
    }
}

impl PendingCall {
    /// Whether the answer is there, or none will come.
    pub(super) fn is_ready(&self) -> bool {
        lock(&self.slot).is_over
    }

    /// Until then.
    pub(super) fn poll(&self, context: &mut Context<'_>) -> Poll<()> {
        let mut slot = lock(&self.slot);
        if slot.is_over {
            return Poll::Ready(());
        }
        let waker = context.waker();
        if !slot.waiting.iter().any(|other| other.will_wake(waker)) {
            slot.waiting.push(waker.clone());
        }
        Poll::Pending
    }

    /// The value of the answer.
    pub(super) fn decode(&self) -> Result<Zval, Thrown> {
        let answer = lock(&self.slot).answer.take();
        match (answer, self.decode.take()) {
            (Some(answer), Some(decode)) => decode(answer),
            _ => Err(Thrown::Exception(
                "The session was closed before the answer came; the call may have been carried out"
                    .to_owned(),
            )),
        }
    }
}

/// Held for a few instructions, and never across a call into PHP.
fn lock(slot: &Slot) -> MutexGuard<'_, Content> {
    slot.lock().unwrap_or_else(PoisonError::into_inner)
}
