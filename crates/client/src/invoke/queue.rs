//! Queues of calls: each is sent when the one before it has ended, whoever waits for it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

use crate::Client;

/// The queues of a client, by name: the end of each one's last call.
#[derive(Default)]
pub(crate) struct Queues(Mutex<HashMap<Vec<u8>, watch::Receiver<()>>>);

/// A place in a queue. The next call's turn comes when all clones are dropped.
#[derive(Clone, Debug)]
pub struct Turn(Arc<Place>);

#[derive(Debug)]
struct Place {
    before: Option<watch::Receiver<()>>,
    _ends: watch::Sender<()>,
}

impl Client {
    /// The next place in the queue of that name.
    pub fn queue(&self, name: &[u8]) -> Turn {
        self.queues().next(name)
    }
}

impl Queues {
    fn next(&self, name: &[u8]) -> Turn {
        let (ends, end) = watch::channel(());
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        last.retain(|_, end| end.has_changed().is_ok());
        Turn(Arc::new(Place {
            before: last.insert(name.to_owned(), end),
            _ends: ends,
        }))
    }
}

impl Turn {
    /// Waits for it.
    pub(super) async fn come(&self) {
        if let Some(before) = &self.0.before {
            // Nothing is ever sent: the channel closes when the call before this one has ended.
            let _ = before.clone().changed().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Queues;

    #[tokio::test]
    async fn calls_of_a_queue_follow_each_other_and_those_of_others_do_not() {
        let queues = Queues::default();
        let (first, second) = (queues.next(b"a"), queues.next(b"a"));
        let other = queues.next(b"b");
        first.come().await;
        other.come().await;
        let waiting = tokio::spawn(async move { second.come().await });
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        drop(first);
        assert!(waiting.await.is_ok());
    }

    #[tokio::test]
    async fn a_queue_without_calls_is_forgotten() {
        let queues = Queues::default();
        drop(queues.next(b"a"));
        drop(queues.next(b"b"));
        let last = queues.0.lock().map(|last| last.len());
        assert_eq!(last.ok(), Some(1));
    }
}
