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
    /// Updates are dropped until the listener has made room; the last object in its queue says so.
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
        // The queue's last place is for the mark of a gap, so that a listener learns of it even when nothing more
        // comes. What is dropped before the mark is read is in the difference that it makes the listener ask for;
        // while half the queue waits it has not been read.
        let gap = self.gap.load(Ordering::Relaxed);
        let needed = if gap { CAPACITY / 2 } else { 2 };
        if listener.capacity() >= needed {
            self.gap.store(false, Ordering::Relaxed);
            let _ = listener.try_send(bytes);
        } else if !gap {
            self.gap.store(true, Ordering::Relaxed);
            let _ = listener.try_send(too_long());
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
    fn what_does_not_fit_is_announced_as_a_gap_once_even_if_nothing_more_comes() {
        let hub = Hub::new(DcId(2));
        let mut stream = hub.subscribe();
        for date in 0..CAPACITY as i32 + 5 {
            hub.receive(DcId(2), &update(date));
        }
        for _ in 0..CAPACITY - 1 {
            assert_ne!(stream.try_recv().unwrap(), too_long());
        }
        assert_eq!(stream.try_recv().unwrap(), too_long());
        assert!(stream.try_recv().is_err());
        hub.receive(DcId(2), &update(0));
        assert_ne!(stream.try_recv().unwrap(), too_long());
    }

    #[test]
    fn after_a_gap_a_listener_that_makes_room_hears_more_and_of_the_next_gap() {
        let hub = Hub::new(DcId(2));
        let mut stream = hub.subscribe();
        let fill = || (0..CAPACITY as i32 * 2).for_each(|date| hub.receive(DcId(2), &update(date)));
        fill();
        for _ in 0..CAPACITY / 2 {
            stream.try_recv().unwrap();
        }
        fill();
        let rest: Vec<_> = std::iter::from_fn(|| stream.try_recv().ok()).collect();
        let marks = rest
            .iter()
            .enumerate()
            .filter(|(_, bytes)| **bytes == too_long());
        let marks: Vec<_> = marks.map(|(place, _)| place).collect();
        assert_eq!(marks, [CAPACITY / 2 - 1, CAPACITY - 1]);
    }

    #[test]
    fn nobody_listening_is_fine() {
        let hub = Hub::new(DcId(2));
        hub.receive(DcId(2), &update(1));
        drop(hub.subscribe());
        hub.receive(DcId(2), &update(2));
    }
}
