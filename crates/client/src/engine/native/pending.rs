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

/// What a caller waits with. Dropping it tells the server that nobody wants the answer any more.
pub(super) struct Pending {
    connection: Arc<Connection>,
    id: CallId,
    answer: oneshot::Receiver<Result<Bytes, InvokeError>>,
    answered: bool,
}

impl Pending {
    pub(super) fn new(
        connection: Arc<Connection>,
        id: CallId,
        answer: oneshot::Receiver<Result<Bytes, InvokeError>>,
    ) -> Pending {
        Pending {
            connection,
            id,
            answer,
            answered: false,
        }
    }

    /// Waits for the answer.
    pub(super) async fn answer(mut self) -> Result<Bytes, InvokeError> {
        let outcome = poll_fn(|context| {
            let polled = Pin::new(&mut self.answer).poll(context);
            if polled.is_pending() {
                watch::offer(&self.connection);
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
            self.connection.cancel(self.id);
        }
    }
}
