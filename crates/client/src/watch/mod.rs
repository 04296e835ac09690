//! Waiting for a call's answer with a blocked thread.
//!
//! Whoever has nothing else to do than to wait for one call may watch the socket that its answer comes over: then the
//! thread that wants the answer is the one that the system wakes, and nobody has to hand it over. The engine's task stands
//! back meanwhile. This is an offer: a future that is polled in the ordinary way is woken by the task.

mod block_on;

use std::cell::Cell;
use std::fmt;
use std::future::Future;
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

pub use block_on::block_on;
use rustix::event::{PollFd, PollFlags};

thread_local! {
    /// Where a future that is polled here leaves its offer.
    static OFFER: Cell<Offer> = const { Cell::new(Offer::Unwanted) };
}

enum Offer {
    Unwanted,
    Wanted(Option<Watch>),
}

/// Something whose socket can be watched.
pub(crate) trait Watched: Send + Sync {
    /// The socket, from now on in the hands of the caller; `None` when there is none, or somebody else watches it.
    fn begin(self: Arc<Self>) -> Option<Begun>;

    /// Takes in what has come over it. Futures that got what they waited for are woken before this returns.
    fn take(self: Arc<Self>, number: u64);

    /// Gives it back.
    fn end(&self, number: u64);
}

/// A socket that is being watched: given back when this is dropped.
pub(crate) struct Begun {
    pub(crate) watched: Arc<dyn Watched>,
    /// Which of the connection's sockets it is: meanwhile another one may take its place.
    pub(crate) number: u64,
    pub(crate) socket: Arc<dyn AsFd + Send + Sync>,
}

impl Drop for Begun {
    fn drop(&mut self) {
        self.watched.end(self.number);
    }
}

/// An offer to watch a socket: see [`poll`]. Nobody else may read from the socket while this is there, so it is for a
/// thread that goes to sleep now.
pub struct Watch {
    watched: Arc<dyn Watched>,
    begun: Cell<Option<Begun>>,
}

/// What ended [`Watch::sleep`] or [`sleep`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Woken {
    /// The event.
    Event,
    /// Something came over the socket, and was taken in.
    Socket,
}

/// Polls a future; with the socket that it waits for, where it waits for one.
pub fn poll<F: Future>(
    future: Pin<&mut F>,
    context: &mut Context<'_>,
) -> (Poll<F::Output>, Option<Watch>) {
    let _before = Before(OFFER.replace(Offer::Wanted(None)));
    let polled = future.poll(context);
    let offered = match OFFER.replace(Offer::Unwanted) {
        Offer::Unwanted => None,
        Offer::Wanted(watch) => watch,
    };
    (polled, offered)
}

/// Sleeps until `event` is readable.
///
/// # Errors
/// A signal ([`io::ErrorKind::Interrupted`]), or the system's refusal.
pub fn sleep(event: BorrowedFd<'_>) -> io::Result<Woken> {
    rustix::event::poll(&mut [PollFd::from_borrowed_fd(event, PollFlags::IN)], None)?;
    Ok(Woken::Event)
}

/// Whether the future that is being polled may leave an offer.
pub(crate) fn is_wanted() -> bool {
    OFFER.with(|offer| {
        let known = offer.replace(Offer::Unwanted);
        let is_wanted = matches!(known, Offer::Wanted(_));
        offer.set(known);
        is_wanted
    })
}

/// To be called by a future that waits for `watched`, whose socket it may have begun to watch.
pub(crate) fn offer(watched: &Arc<impl Watched + 'static>, begun: Option<Begun>) {
    if is_wanted() {
        OFFER.set(Offer::Wanted(Some(Watch {
            watched: Arc::clone(watched) as _,
            begun: Cell::new(begun),
        })));
    }
}

impl Watch {
    /// Sleeps until `event` is readable or something has come over the socket.
    ///
    /// # Errors
    /// As for [`sleep`].
    pub fn sleep(&self, event: BorrowedFd<'_>) -> io::Result<Woken> {
        let begun = self.begun.take();
        let Some(begun) = begun.or_else(|| Arc::clone(&self.watched).begin()) else {
            return sleep(event);
        };
        let mut wanted = [
            PollFd::from_borrowed_fd(event, PollFlags::IN),
            PollFd::from_borrowed_fd((*begun.socket).as_fd(), PollFlags::IN | PollFlags::RDHUP),
        ];
        rustix::event::poll(&mut wanted, None)?;
        let [event, socket] = &wanted;
        if !socket.revents().is_empty() {
            Arc::clone(&begun.watched).take(begun.number);
        }
        Ok(if event.revents().is_empty() {
            Woken::Socket
        } else {
            Woken::Event
        })
    }

    /// Gives the socket back until the next [`Self::sleep`].
    pub fn release(&self) {
        drop(self.begun.take());
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Watch").finish_non_exhaustive()
    }
}

/// Restores what was wanted before, also when the future panics.
struct Before(Offer);

impl Drop for Before {
    fn drop(&mut self) {
        OFFER.set(std::mem::replace(&mut self.0, Offer::Unwanted));
    }
}
