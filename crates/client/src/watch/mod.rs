//! Waiting for a call's answer, or for updates, with a blocked thread.
//!
//! Whoever has nothing else to do than to wait may watch the sockets that what he waits for comes over: then the
//! thread that wants it is the one that the system wakes, and nobody has to hand it over. The engine's tasks stand
//! back meanwhile. This is an offer: a future that is polled in the ordinary way is woken by the tasks.

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
    Wanted(Vec<Arc<dyn Watched>>),
}

/// Who waits for more sockets than this leaves them to their tasks: each costs something in each sleep.
const MOST: usize = 8;

/// Something whose socket can be watched.
pub(crate) trait Watched: Send + Sync {
    /// The socket, from now on in the hands of the caller; `None` when there is none, or somebody else watches it.
    fn begin(&self) -> Option<Begun>;

    /// Takes in what has come over it. Futures that got what they waited for are woken before this returns.
    fn take(self: Arc<Self>, number: u64);

    /// Gives it back, and takes in what nobody is told of because it came before. Where an answer has come at once, the task reads
    /// on a moment later.
    fn give_back(self: Arc<Self>, number: u64);
}

/// A socket that is being watched.
pub(crate) struct Begun {
    /// Which of the connection's sockets it is: meanwhile another one may take its place.
    pub(crate) number: u64,
    pub(crate) socket: Arc<dyn AsFd + Send + Sync>,
}

/// An offer to watch sockets: see [`poll`].
pub struct Watch(Vec<Arc<dyn Watched>>);

/// What ended [`Watch::sleep`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Woken {
    /// The event.
    Event,
    /// Something came over a socket, and was taken in.
    Socket,
}

/// Polls a future; with the sockets that it waits for, where it waits for some.
pub fn poll<F: Future>(
    future: Pin<&mut F>,
    context: &mut Context<'_>,
) -> (Poll<F::Output>, Option<Watch>) {
    let _before = Before(OFFER.replace(Offer::Wanted(Vec::new())));
    let polled = future.poll(context);
    let offered = match OFFER.replace(Offer::Unwanted) {
        Offer::Wanted(watched) if (1..=MOST).contains(&watched.len()) => Some(Watch(watched)),
        Offer::Unwanted | Offer::Wanted(_) => None,
    };
    (polled, offered)
}

/// Sleeps until one of some descriptors, 32 at most, can be read or has lost its other side; a bit for each that has, the
/// first one's lowest.
///
/// # Errors
/// A signal ([`io::ErrorKind::Interrupted`]), or the system's refusal.
pub fn ready(descriptors: &[BorrowedFd<'_>]) -> io::Result<u32> {
    let flags = PollFlags::IN | PollFlags::RDHUP;
    let mut wanted: Vec<_> = descriptors
        .iter()
        .map(|descriptor| PollFd::from_borrowed_fd(*descriptor, flags))
        .collect();
    rustix::event::poll(&mut wanted, None)?;
    let bits = wanted
        .iter()
        .map(|wanted| u32::from(!wanted.revents().is_empty()));
    Ok(bits.rev().fold(0, |all, bit| all << 1 | bit))
}

/// To be called by a future that waits for `watched`.
pub(crate) fn offer(watched: &Arc<impl Watched + 'static>) {
    OFFER.with(|offer| {
        let mut known = offer.replace(Offer::Unwanted);
        if let Offer::Wanted(all) = &mut known
            && !all
                .iter()
                .any(|one| Arc::as_ptr(one).addr() == Arc::as_ptr(watched).addr())
        {
            all.push(Arc::clone(watched) as _);
        }
        offer.set(known);
    });
}

impl Watch {
    /// Sleeps until `event` is readable or something has come over one of the sockets. `until_ready` is [`ready`], or does
    /// the same.
    ///
    /// # Errors
    /// As for [`ready`].
    pub fn sleep(
        &self,
        event: BorrowedFd<'_>,
        until_ready: impl FnOnce(&[BorrowedFd<'_>]) -> io::Result<u32>,
    ) -> io::Result<Woken> {
        let watching: Vec<Watching<'_>> = self.0.iter().filter_map(Watching::begin).collect();
        let mut descriptors = Vec::with_capacity(watching.len() + 1);
        descriptors.push(event);
        descriptors.extend(watching.iter().map(|watching| (*watching.socket).as_fd()));
        let ready = until_ready(&descriptors)?;
        for (index, watching) in watching.iter().enumerate() {
            if ready & 2 << index != 0 {
                Arc::clone(watching.watched).take(watching.number);
            }
        }
        Ok(if ready & 1 == 0 {
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
    watched: &'a Arc<dyn Watched>,
    number: u64,
    socket: Arc<dyn AsFd + Send + Sync>,
}

impl<'a> Watching<'a> {
    fn begin(watched: &'a Arc<dyn Watched>) -> Option<Self> {
        let Begun { number, socket } = watched.begin()?;
        Some(Self {
            watched,
            number,
            socket,
        })
    }
}

impl Drop for Watching<'_> {
    fn drop(&mut self) {
        Arc::clone(self.watched).give_back(self.number);
    }
}

/// Restores what was wanted before, also when the future panics.
struct Before(Offer);

impl Drop for Before {
    fn drop(&mut self) {
        OFFER.set(std::mem::replace(&mut self.0, Offer::Unwanted));
    }
}
