//! A request on its way, as its caller holds it.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use madeline_mtproto::client::CallId;
use tokio::sync::oneshot;

use super::lane::Connection;
use crate::engine::InvokeError;
use crate::watch;

/// A request that a connection has taken.
pub(in crate::engine) struct Given {
    connection: Arc<Connection>,
    id: CallId,
}

impl Given {
    pub(super) fn new(connection: Arc<Connection>, id: CallId) -> Given {
        Given { connection, id }
    }

    /// Tells the server that nobody wants the answer any more.
    pub(in crate::engine) fn cancel(&self) {
        self.connection.cancel(self.id);
    }
}

/// What a caller waits with. Dropping it takes the request back.
pub(super) struct Pending {
    given: Given,
    answer: oneshot::Receiver<Result<Bytes, InvokeError>>,
    answered: bool,
}

impl Pending {
    pub(super) fn new(
        given: Given,
        answer: oneshot::Receiver<Result<Bytes, InvokeError>>,
    ) -> Pending {
        Pending {
            given,
            answer,
            answered: false,
        }
    }

    /// Waits for the answer.
    pub(super) async fn answer(mut self) -> Result<Bytes, InvokeError> {
        let outcome = poll_fn(|context| {
            let polled = Pin::new(&mut self.answer).poll(context);
            if polled.is_pending() {
                watch::offer(&self.given.connection);
            }
            polled
        })
        .await;
        self.answered = true;
        // The other end goes without an answer only when the runtime drops its tasks.
        outcome.unwrap_or_else(|_| Err(InvokeError::Lost("the engine has ended".into())))
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        if !self.answered {
            self.given.cancel();
        }
    }
}
