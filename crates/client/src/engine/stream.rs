//! A connected socket, and who learns when bytes come in.
//!
//! A task of the runtime does, or for a while the thread of a caller that waits for its answer and watches the socket
//! itself ([`crate::watch`]). So that the runtime is not woken meanwhile for nothing, it watches an epoll instance of the
//! socket's own, in which the socket can be muted.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::Arc;
use std::task::{Context, Poll};

use rustix::event::epoll::{self, CreateFlags, EventData, EventFlags};
use rustix::io::Errno;
use rustix::net::{RecvFlags, SendFlags};
use tokio::io::Interest;
use tokio::io::unix::{AsyncFd, AsyncFdReadyGuard};

use crate::fork::OwnDescriptor;

/// The socket, and what the runtime knows about it.
pub(super) struct Stream {
    // Before the descriptor that it is about.
    _own: OwnDescriptor,
    writable: AsyncFd<Arc<OwnedFd>>,
    /// An epoll instance that has something as long as the socket has something to read, unless that is muted.
    readable: AsyncFd<OwnedFd>,
}

impl Stream {
    /// A socket that does not block. To be called within the runtime.
    pub(super) fn new(stream: OwnedFd) -> io::Result<Self> {
        let own = OwnDescriptor::new(&stream);
        let stream = Arc::new(stream);
        let waiting = epoll::create(CreateFlags::CLOEXEC)?;
        epoll::add(&waiting, &stream, EventData::new_u64(0), INCOMING)?;
        // SAFETY: each is registered under a descriptor that it owns, alone or with others, until it is dropped.
        unsafe {
            Ok(Self {
                _own: own,
                writable: AsyncFd::register_with_interest(stream, Interest::WRITABLE)?,
                readable: AsyncFd::register_with_interest(waiting, Interest::READABLE)?,
            })
        }
    }

    /// What came, as far as there is room; [`io::ErrorKind::WouldBlock`] when nothing did.
    pub(super) fn read(&self, room: &mut [u8]) -> io::Result<usize> {
        loop {
            match rustix::net::recv(self.socket(), &mut *room, RecvFlags::empty()) {
                Err(Errno::INTR) => {}
                received => return Ok(received.map(|(count, _)| count)?),
            }
        }
    }

    /// Sends what the system takes; [`io::ErrorKind::WouldBlock`] when it takes nothing.
    pub(super) fn write(&self, bytes: &[u8]) -> io::Result<usize> {
        self.writable.try_io(Interest::WRITABLE, |stream| {
            Ok(rustix::net::send(stream, bytes, SendFlags::NOSIGNAL)?)
        })
    }

    /// Ends the connection; both sides learn of it.
    pub(super) fn shut(&self) {
        // One that has ended already cannot be ended.
        let _ = rustix::net::shutdown(self.socket(), rustix::net::Shutdown::Both);
    }

    /// Until the system may take more.
    pub(super) async fn writable(&self) -> io::Result<()> {
        self.writable
            .writable()
            .await
            .map(|mut guard| guard.retain_ready())
    }

    /// Until something may have come. What is found to be all of it is told by clearing what this gives.
    pub(super) fn poll_readable(
        &self,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<AsyncFdReadyGuard<'_, OwnedFd>>> {
        self.readable.poll_read_ready(context)
    }

    /// Whether the task is not woken for what comes. Of what came meanwhile it may hear nothing when it is unmuted, so whoever
    /// does that has to look: the kernel says nothing new about a socket that is on the list of its epoll instance still, from
    /// before it was muted.
    pub(super) fn mute(&self, muted: bool) -> io::Result<()> {
        let wanted = if muted { EventFlags::empty() } else { INCOMING };
        epoll::modify(
            self.readable.get_ref(),
            self.socket(),
            EventData::new_u64(0),
            wanted,
        )?;
        Ok(())
    }

    fn socket(&self) -> &OwnedFd {
        self.writable.get_ref()
    }
}

impl AsFd for Stream {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket().as_fd()
    }
}

/// What a reader wants to know of.
const INCOMING: EventFlags = EventFlags::IN.union(EventFlags::RDHUP);
