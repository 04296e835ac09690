//! One process at a time takes an account's updates.

use std::pin::Pin;
use std::sync::{Arc, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep};

use crate::session::{Holder, Lock};
use crate::{Client, Error};

/// How often it is tried while another process does.
const POLL: Duration = Duration::from_millis(25);

/// The right to take the updates, as long as it is there.
#[derive(Debug)]
pub(crate) struct Hold(#[expect(dead_code, reason = "held")] Option<Lock>);

/// Waits for the right to take the updates.
#[derive(Default)]
pub(super) struct Turn {
    began: Option<Instant>,
    timer: Option<Pin<Box<Sleep>>>,
}

impl Client {
    /// The right to take the updates, which all objects of this process share; or who has it.
    pub(crate) fn hold_updates(&self) -> Result<Result<Arc<Hold>, Holder>, Error> {
        let slot = self.updates_hold().lock();
        let mut slot = slot.unwrap_or_else(PoisonError::into_inner);
        if let Some(hold) = slot.upgrade() {
            return Ok(Ok(hold));
        }
        Ok(self.session().take_updates()?.map(|lock| {
            let hold = Arc::new(Hold(lock));
            *slot = Arc::downgrade(&hold);
            hold
        }))
    }
}

impl Turn {
    /// The right, as soon as it is to be had.
    ///
    /// # Errors
    /// Another process has had it for as long as is waited for a session. The next try begins anew.
    pub(super) fn poll(
        &mut self,
        client: &Client,
        context: &mut Context<'_>,
    ) -> Poll<Result<Arc<Hold>, Error>> {
        // A session that is gone has no updates to wait for.
        client.check_usable()?;
        loop {
            let holder = match client.hold_updates()? {
                Ok(hold) => {
                    *self = Turn::default();
                    return Poll::Ready(Ok(hold));
                }
                Err(holder) => holder,
            };
            let began = *self.began.get_or_insert_with(Instant::now);
            if began.elapsed() >= client.config().lock_timeout {
                *self = Turn::default();
                return Poll::Ready(Err(taken(client, holder)));
            }
            let timer = self.timer.get_or_insert_with(|| Box::pin(sleep(POLL)));
            ready!(timer.as_mut().poll(context));
            self.timer = None;
        }
    }
}

/// Another process takes the updates.
pub(super) fn taken(client: &Client, holder: Holder) -> Error {
    let Holder { pid, command } = holder;
    Error::UpdatesTaken {
        path: client.session().directory().to_owned(),
        pid,
        command,
    }
}
