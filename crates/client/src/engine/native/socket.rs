//! A socket that stands: its bytes on the way out, and who learns when bytes come in.
//!
//! The connection's task does, or for a while the thread of a caller that waits for its answer and watches the socket
//! itself ([`crate::watch`]). So that the runtime is not woken meanwhile for nothing, it watches an epoll instance of the
//! socket's own, in which the socket can be muted.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use madeline_mtproto::dial::{Dialled, Peer};
use madeline_mtproto::transport;
use rustix::event::epoll::{self, CreateFlags, EventData, EventFlags};
use tokio::io::Interest;
use tokio::io::unix::{AsyncFd, AsyncFdReadyGuard};

/// A socket and what is on its way through it.
pub(super) struct Socket {
    pub(super) stream: Arc<Stream>,
    pub(super) framing: transport::Client,
    /// Bytes that the system has not taken yet, from `written` on.
    pub(super) out: Vec<u8>,
    written: usize,
    /// The server has said something over it.
    pub(super) heard: bool,
    /// Until when it has to say something, by the machine's clock.
    pub(super) hear_by: Duration,
    /// Who is at the other end, for messages.
    pub(super) peer: Peer,
    /// Why it takes nothing any more.
    pub(super) failed: Option<io::Error>,
    /// A caller reads from it; the task stands back.
    pub(super) watched: bool,
}

/// The TCP stream, and what the runtime knows about it.
pub(super) struct Stream {
    writable: AsyncFd<Arc<TcpStream>>,
    /// An epoll instance that has something as long as the socket has something to read, unless that is muted.
    readable: AsyncFd<OwnedFd>,
}

impl Socket {
    /// To be called within the runtime.
    pub(super) fn new(dialled: Dialled, hear_by: Duration) -> io::Result<Socket> {
        let Dialled {
            stream,
            framing,
            peer,
            ..
        } = dialled;
        Ok(Socket {
            stream: Arc::new(Stream::new(stream.into_std()?)?),
            framing,
            out: Vec::new(),
            written: 0,
            heard: false,
            hear_by,
            peer,
            failed: None,
            watched: false,
        })
    }

    /// Writes what the system takes. True when nothing is left; false also when it [`Self::failed`].
    pub(super) fn write(&mut self) -> bool {
        while let Some(rest) = self.out.get(self.written..).filter(|rest| !rest.is_empty()) {
            match self.stream.write(rest) {
                Ok(count) if count > 0 => self.written += count,
                Ok(_) => {
                    self.failed = Some(io::ErrorKind::WriteZero.into());
                    return false;
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return false,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.failed = Some(error);
                    return false;
                }
            }
        }
        self.written = 0;
        self.out.clear();
        true
    }
}

impl Stream {
    fn new(stream: TcpStream) -> io::Result<Self> {
        let stream = Arc::new(stream);
        let waiting = epoll::create(CreateFlags::CLOEXEC)?;
        epoll::add(&waiting, &stream, EventData::new_u64(0), INCOMING)?;
        // SAFETY: each is registered under a descriptor that it owns, alone or with others, until it is dropped.
        unsafe {
            Ok(Self {
                writable: AsyncFd::register_with_interest(stream, Interest::WRITABLE)?,
                readable: AsyncFd::register_with_interest(waiting, Interest::READABLE)?,
            })
        }
    }

    /// What came, as far as there is room; [`io::ErrorKind::WouldBlock`] when nothing did.
    pub(super) fn read(&self, room: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.tcp().read(room) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => return read,
            }
        }
    }

    fn write(&self, bytes: &[u8]) -> io::Result<usize> {
        self.writable
            .try_io(Interest::WRITABLE, |stream| stream.as_ref().write(bytes))
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

    /// Whether the task is not woken for what comes. What came meanwhile wakes it when it is unmuted.
    pub(super) fn mute(&self, muted: bool) -> io::Result<()> {
        let wanted = if muted { EventFlags::empty() } else { INCOMING };
        epoll::modify(
            self.readable.get_ref(),
            self.tcp(),
            EventData::new_u64(0),
            wanted,
        )?;
        Ok(())
    }

    fn tcp(&self) -> &TcpStream {
        self.writable.get_ref()
    }
}

impl AsFd for Stream {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.tcp().as_fd()
    }
}

/// What a reader wants to know of.
const INCOMING: EventFlags = EventFlags::IN.union(EventFlags::RDHUP);
