//! From the home connection to the one listener: updates as bytes, in order, in a bounded queue.
//!
//! Nothing is dropped in silence. What does not fit, or cannot be had, is a *gap*: it is recorded in the session, and
//! an `updatesTooLong` in the queue says that the difference must be asked for, which has all of it.

use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use tokio::sync::mpsc;

use crate::session::WeakSession;
use crate::{DcId, Error, Session};

/// How many objects may wait for the listener.
const CAPACITY: usize = 4096;
/// How many bytes they may have together, the last object aside.
const CAPACITY_BYTES: usize = 8 << 20;
/// `updatesTooLong`: the server's own way to say that the difference must be asked for.
const TOO_LONG: [u8; 4] = 0xe317_af7e_u32.to_le_bytes();
/// The setting that is there while a gap has not been recovered.
const GAP: &str = "updates.gap";

/// Updates of the home connection, each the bytes of one boxed `Updates` object, in order of arrival.
///
/// An `updatesTooLong` stands for what did not fit while the listener was slow, for what came while nobody listened,
/// and for what a server may have forgotten: the listener asks for the difference and then calls
/// [`UpdatesStream::recovered`].
pub struct UpdatesStream {
    queue: mpsc::Receiver<Bytes>,
    load: Arc<Load>,
    record: Arc<Record>,
}

impl UpdatesStream {
    /// The next object; `None` when another listener has taken over or the engine has ended.
    pub async fn recv(&mut self) -> Option<Bytes> {
        let object = self.queue.recv().await?;
        Some(self.taken(object))
    }

    /// The next object, for who waits for other things as well.
    pub(crate) fn poll_recv(&mut self, context: &mut Context<'_>) -> Poll<Option<Bytes>> {
        self.queue
            .poll_recv(context)
            .map(|object| object.map(|object| self.taken(object)))
    }

    /// The next object if one waits.
    pub fn try_recv(&mut self) -> Option<Bytes> {
        let object = self.queue.try_recv().ok()?;
        Some(self.taken(object))
    }

    /// Notes that the difference was fetched and stored: the gap before it is closed.
    pub fn recovered(&self) -> Result<(), Error> {
        let mut state = self.load.state();
        if state.gap == Gap::Announced {
            self.record.clear()?;
            state.gap = Gap::None;
        }
        Ok(())
    }

    fn taken(&self, object: Bytes) -> Bytes {
        let mut state = self.load.state();
        state.bytes = state.bytes.saturating_sub(object.len());
        if object.as_ref() == TOO_LONG && state.gap == Gap::Queued {
            state.gap = Gap::Announced;
        }
        object
    }
}

/// Where connections leave their updates.
pub(crate) struct Hub {
    home: AtomicI32,
    record: Arc<Record>,
    listener: Mutex<Option<Listener>>,
}

/// The session's note that there is a gap.
struct Record {
    session: WeakSession,
    /// It is known to be there.
    made: AtomicBool,
}

struct Listener {
    queue: mpsc::Sender<Bytes>,
    load: Arc<Load>,
}

/// What waits for a listener, known to both ends.
struct Load(Mutex<LoadState>);

struct LoadState {
    bytes: usize,
    gap: Gap,
}

/// How far the listener knows of a gap.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gap {
    /// There is none.
    None,
    /// An `updatesTooLong` is in the queue; what would come behind it is in the difference that it leads to.
    Queued,
    /// The listener has it.
    Announced,
}

impl Record {
    /// Makes the note. When it cannot be stored the listener still learns of the gap.
    fn make(&self) {
        if !self.made.swap(true, Ordering::Relaxed) {
            let _ = self.set(Some(&[1]));
        }
    }

    /// Whether there is a gap. When the note cannot be read, asking for a difference too many does no harm.
    fn exists(&self) -> bool {
        let note = self.session.get().and_then(|session| session.setting(GAP));
        note.map_or(true, |note| note.is_some())
    }

    fn clear(&self) -> Result<(), Error> {
        self.made.store(false, Ordering::Relaxed);
        self.set(None)
    }

    fn set(&self, note: Option<&[u8]>) -> Result<(), Error> {
        self.session.get()?.set_setting(GAP, note)
    }
}

impl Load {
    fn state(&self) -> MutexGuard<'_, LoadState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Hub {
    /// Without a listener. `session` remembers gaps and says where home is.
    pub(crate) fn new(session: &Session) -> Hub {
        Hub {
            home: AtomicI32::new(session.home_dc().0),
            record: Arc::new(Record {
                session: session.downgrade(),
                made: AtomicBool::new(false),
            }),
            listener: Mutex::new(None),
        }
    }

    pub(crate) fn home(&self) -> DcId {
        DcId(self.home.load(Ordering::Relaxed))
    }

    pub(crate) fn set_home(&self, dc: DcId) {
        self.home.store(dc.0, Ordering::Relaxed);
    }

    /// Whether somebody wants updates.
    pub(crate) fn is_heard(&self) -> bool {
        self.listener()
            .as_ref()
            .is_some_and(|listener| !listener.queue.is_closed())
    }

    /// A new listener; the former one gets no more. It is told of a gap that nobody has recovered yet.
    pub(crate) fn subscribe(&self) -> UpdatesStream {
        let (sender, queue) = mpsc::channel(CAPACITY);
        let load = Arc::new(Load(Mutex::new(LoadState {
            bytes: 0,
            gap: Gap::None,
        })));
        let new = Listener {
            queue: sender,
            load: Arc::clone(&load),
        };
        let mut listener = self.listener();
        if self.record.exists() {
            new.announce();
        }
        *listener = Some(new);
        UpdatesStream {
            queue,
            load,
            record: Arc::clone(&self.record),
        }
    }

    /// Takes an object that a DC's main connection received.
    pub(crate) fn receive(&self, dc: DcId, object: Bytes) {
        if dc != self.home() {
            return;
        }
        let listener = self.listener();
        match listener.as_ref() {
            Some(listener) if listener.offer(object) => {}
            listener => self.gap(listener),
        }
    }

    /// Says that a DC may have had updates for us that will not come.
    pub(crate) fn missed(&self, dc: DcId) {
        if dc == self.home() {
            self.gap(self.listener().as_ref());
        }
    }

    /// Announces a gap to the listener, then records it: in this order a recovery in between concerns an earlier one.
    fn gap(&self, listener: Option<&Listener>) {
        if let Some(listener) = listener {
            listener.announce();
        }
        self.record.make();
    }

    fn listener(&self) -> MutexGuard<'_, Option<Listener>> {
        self.listener.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Listener {
    /// Queues an object; false when it does not fit. The queue's last place is for the announcement of a gap. What
    /// would come behind an announcement that was not read yet is dropped: it is in the difference.
    fn offer(&self, object: Bytes) -> bool {
        let mut state = self.load.state();
        if state.gap == Gap::Queued {
            return true;
        }
        if self.queue.capacity() < 2 || state.bytes > CAPACITY_BYTES {
            return false;
        }
        let bytes = object.len();
        // The next listener is told of what one that is gone has missed.
        let fits = self.queue.try_send(object).is_ok();
        if fits {
            state.bytes += bytes;
        }
        fits
    }

    fn announce(&self) {
        let mut state = self.load.state();
        if state.gap != Gap::Queued && self.queue.try_send(Bytes::from_static(&TOO_LONG)).is_ok() {
            state.gap = Gap::Queued;
            state.bytes += TOO_LONG.len();
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use std::time::Duration;

    use tempfile::TempDir;

    use super::*;

    async fn hub() -> (Hub, Session, TempDir) {
        let parent = TempDir::new().unwrap();
        let session = Session::open(&parent.path().join("session"), DcId(2), Duration::ZERO)
            .await
            .unwrap();
        (Hub::new(&session), session, parent)
    }

    fn object(number: u32) -> Bytes {
        Bytes::copy_from_slice(&number.to_le_bytes())
    }

    fn rest(stream: &mut UpdatesStream) -> Vec<Bytes> {
        std::iter::from_fn(|| stream.try_recv()).collect()
    }

    #[tokio::test]
    async fn only_the_home_connection_is_heard() {
        let (hub, _session, _parent) = hub().await;
        let mut stream = hub.subscribe();
        hub.receive(DcId(4), object(1));
        hub.missed(DcId(4));
        hub.receive(DcId(2), object(2));
        hub.set_home(DcId(4));
        hub.receive(DcId(4), object(3));
        assert_eq!(rest(&mut stream), [object(2), object(3)]);
    }

    #[tokio::test]
    async fn what_does_not_fit_is_announced_as_a_gap_once_even_if_nothing_more_comes() {
        let (hub, session, _parent) = hub().await;
        let mut stream = hub.subscribe();
        for number in 0..CAPACITY as u32 + 5 {
            hub.receive(DcId(2), object(number));
        }
        assert!(session.setting(GAP).unwrap().is_some());
        let got = rest(&mut stream);
        assert_eq!(got.len(), CAPACITY);
        let in_order = got.iter().take(CAPACITY - 1).zip(0..);
        assert!(in_order.clone().all(|(got, number)| *got == object(number)));
        assert_eq!(got.last().unwrap().as_ref(), TOO_LONG);
        hub.receive(DcId(2), object(7));
        assert_eq!(rest(&mut stream), [object(7)]);
        assert!(session.setting(GAP).unwrap().is_some(), "not recovered yet");
        stream.recovered().unwrap();
        assert!(session.setting(GAP).unwrap().is_none());
    }

    #[tokio::test]
    async fn a_few_huge_objects_do_not_fit_either() {
        let (hub, _session, _parent) = hub().await;
        let mut stream = hub.subscribe();
        let huge = Bytes::from(vec![1; CAPACITY_BYTES / 2 + 1]);
        for _ in 0..4 {
            hub.receive(DcId(2), huge.clone());
        }
        let lengths: Vec<_> = rest(&mut stream).iter().map(Bytes::len).collect();
        assert_eq!(lengths, [huge.len(), huge.len(), TOO_LONG.len()]);
    }

    #[tokio::test]
    async fn a_gap_that_comes_while_another_is_recovered_is_announced_again() {
        let (hub, session, _parent) = hub().await;
        let mut stream = hub.subscribe();
        hub.missed(DcId(2));
        assert_eq!(rest(&mut stream), [Bytes::from_static(&TOO_LONG)]);
        hub.missed(DcId(2));
        stream.recovered().unwrap();
        assert!(
            session.setting(GAP).unwrap().is_some(),
            "the second one is in the queue"
        );
        assert_eq!(rest(&mut stream), [Bytes::from_static(&TOO_LONG)]);
        stream.recovered().unwrap();
        assert!(session.setting(GAP).unwrap().is_none());
    }

    #[tokio::test]
    async fn what_came_while_nobody_listened_is_a_gap_for_the_next_listener() {
        let (hub, _session, _parent) = hub().await;
        assert!(!hub.is_heard());
        assert!(rest(&mut hub.subscribe()).is_empty(), "nothing came yet");
        drop(hub.subscribe());
        hub.receive(DcId(2), object(1));
        let mut stream = hub.subscribe();
        hub.receive(DcId(2), object(2));
        assert!(hub.is_heard());
        assert_eq!(rest(&mut stream), [Bytes::from_static(&TOO_LONG)]);
        hub.receive(DcId(2), object(3));
        assert_eq!(rest(&mut stream), [object(3)]);
    }
}
