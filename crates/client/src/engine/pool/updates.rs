//! From the connections' updates to the one listener.

use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::sync::{Mutex, PoisonError};

use grammers_session::updates::UpdatesLike;
use grammers_tl_types::{Serializable, enums};
use tokio::sync::mpsc;

use crate::DcId;
use crate::engine::UpdatesStream;

/// How many objects may wait for the listener.
const CAPACITY: usize = 4096;

/// Where connections leave their updates. Without a listener they are dropped.
pub(super) struct Hub {
    home: AtomicI32,
    listener: Mutex<Option<mpsc::Sender<Vec<u8>>>>,
    /// Something was dropped for want of space, and the listener does not know yet.
    gap: AtomicBool,
}

impl Hub {
    pub(super) fn new(home: DcId) -> Hub {
        Hub {
            home: AtomicI32::new(home.0),
            listener: Mutex::new(None),
            gap: AtomicBool::new(false),
        }
    }

    pub(super) fn set_home(&self, dc: DcId) {
        self.home.store(dc.0, Ordering::Relaxed);
    }

    pub(super) fn subscribe(&self) -> UpdatesStream {
        let (sender, receiver) = mpsc::channel(CAPACITY);
        *self.listener.lock().unwrap_or_else(PoisonError::into_inner) = Some(sender);
        self.gap.store(false, Ordering::Relaxed);
        receiver
    }

    /// Takes what a connection received. Parts of the client's own results, which the pool reports here as
    /// well, are not updates and stay out.
    pub(super) fn receive(&self, dc: DcId, update: &UpdatesLike) {
        if self.home.load(Ordering::Relaxed) != dc.0 {
            return;
        }
        let listener = self.listener.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(listener) = listener.as_ref() else {
            return;
        };
        let bytes = match update {
            UpdatesLike::Updates(updates) => updates.to_bytes(),
            UpdatesLike::MalformedUpdates => too_long(),
            _ => return,
        };
        if self.gap.load(Ordering::Relaxed) && listener.try_send(too_long()).is_ok() {
            self.gap.store(false, Ordering::Relaxed);
        }
        if let Err(mpsc::error::TrySendError::Full(_)) = listener.try_send(bytes) {
            self.gap.store(true, Ordering::Relaxed);
        }
    }
}

/// `updatesTooLong`: the server's own way to say that the difference must be asked for.
fn too_long() -> Vec<u8> {
    enums::Updates::TooLong.to_bytes()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use grammers_tl_types::types;

    use super::*;

    fn update(date: i32) -> UpdatesLike {
        UpdatesLike::Updates(
            types::UpdateShort {
                update: enums::Update::Config,
                date,
            }
            .into(),
        )
    }

    #[test]
    fn only_the_home_connection_is_heard() {
        let hub = Hub::new(DcId(2));
        let mut stream = hub.subscribe();
        hub.receive(DcId(4), &update(1));
        hub.receive(DcId(2), &update(2));
        hub.set_home(DcId(4));
        hub.receive(DcId(4), &update(3));
        let UpdatesLike::Updates(second) = update(2) else {
            unreachable!()
        };
        let UpdatesLike::Updates(third) = update(3) else {
            unreachable!()
        };
        assert_eq!(stream.try_recv().unwrap(), second.to_bytes());
        assert_eq!(stream.try_recv().unwrap(), third.to_bytes());
        assert!(stream.try_recv().is_err());
    }

    #[test]
    fn updates_that_cannot_be_read_ask_for_the_difference() {
        let hub = Hub::new(DcId(2));
        let mut stream = hub.subscribe();
        hub.receive(DcId(2), &UpdatesLike::MalformedUpdates);
        assert_eq!(stream.try_recv().unwrap(), too_long());
    }

    #[test]
    fn what_does_not_fit_is_announced_as_a_gap_once() {
        let hub = Hub::new(DcId(2));
        let mut stream = hub.subscribe();
        for date in 0..CAPACITY as i32 + 5 {
            hub.receive(DcId(2), &update(date));
        }
        for _ in 0..CAPACITY {
            assert_ne!(stream.try_recv().unwrap(), too_long());
        }
        hub.receive(DcId(2), &update(0));
        assert_eq!(stream.try_recv().unwrap(), too_long());
        assert_ne!(stream.try_recv().unwrap(), too_long());
        assert!(stream.try_recv().is_err());
    }

    #[test]
    fn nobody_listening_is_fine() {
        let hub = Hub::new(DcId(2));
        hub.receive(DcId(2), &update(1));
        drop(hub.subscribe());
        hub.receive(DcId(2), &update(2));
    }
}
