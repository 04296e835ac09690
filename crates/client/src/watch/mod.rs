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
    fn begin(&self) -> Option<Begun>;

    /// Takes in what has come over it. Futures that got what they waited for are woken before this returns.
    fn take(self: Arc<Self>, number: u64);

    /// Gives it back.
    fn end(&self, number: u64);
}

/// A socket that is being watched.
pub(crate) struct Begun {
    /// Which of the connection's sockets it is: meanwhile another one may take its place.
    pub(crate) number: u64,
    pub(crate) socket: Arc<dyn AsFd + Send + Sync>,
}

/// An offer to watch a socket: see [`poll`].
pub struct Watch(Arc<dyn Watched>);

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

/// To be called by a future that waits for `watched`.
pub(crate) fn offer(watched: &Arc<impl Watched + 'static>) {
    OFFER.with(|offer| {
        let known = offer.replace(Offer::Unwanted);
        offer.set(match known {
            Offer::Unwanted => known,
            Offer::Wanted(_) => Offer::Wanted(Some(Watch(Arc::clone(watched) as _))),
        });
    });
}

impl Watch {
    /// Sleeps until `event` is readable or something has come over the socket.
    ///
    /// # Errors
    /// As for [`sleep`].
    pub fn sleep(&self, event: BorrowedFd<'_>) -> io::Result<Woken> {
        let Some(Begun { number, socket }) = self.0.begin() else {
            return sleep(event);
        };
        let _watching = Watching {
            watched: &*self.0,
            number,
        };
        let mut wanted = [
            PollFd::from_borrowed_fd(event, PollFlags::IN),
            PollFd::from_borrowed_fd((*socket).as_fd(), PollFlags::IN | PollFlags::RDHUP),
        ];
        rustix::event::poll(&mut wanted, None)?;
        let [event, socket] = &wanted;
        if !socket.revents().is_empty() {
            Arc::clone(&self.0).take(number);
        }
        Ok(if event.revents().is_empty() {
            Woken::Socket
        } else {
            Woken::Event
        })
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Watch").finish_non_exhaustive()
    }
}

/// Gives the socket back when it is dropped.
struct Watching<'a> {
    watched: &'a dyn Watched,
    number: u64,
}

impl Drop for Watching<'_> {
    fn drop(&mut self) {
        self.watched.end(self.number);
    }
}

/// Restores what was wanted before, also when the future panics.
struct Before(Offer);

impl Drop for Before {
    fn drop(&mut self) {
        OFFER.set(std::mem::replace(&mut self.0, Offer::Unwanted));
    }
}
