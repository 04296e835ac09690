//! What the leader has to say to one follower, on its way.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustix::net::SendFlags;
use tokio::io::Interest;
use tokio::net::UnixStream;
use tokio::sync::Notify;
use tokio::task::yield_now;

use super::wire::Frame;

/// Bytes that may wait for a follower that does not read, before nothing more is taken from it.
const MANY: usize = 8 << 20;
/// Bytes of memory that is kept.
const KEPT: usize = 64 << 10;

/// See the module.
pub(super) struct Outbox {
    stream: Arc<UnixStream>,
    state: Mutex<State>,
    /// Something is left for the writer, or it has to end.
    wake: Notify,
    /// There is room again.
    room: Notify,
}

struct State {
    out: Vec<u8>,
    written: usize,
    closed: bool,
}

impl Outbox {
    pub(super) fn new(stream: Arc<UnixStream>) -> Outbox {
        Outbox {
            stream,
            state: Mutex::new(State {
                out: Vec::new(),
                written: 0,
                closed: false,
            }),
            wake: Notify::new(),
            room: Notify::new(),
        }
    }

    /// Says something. What the system does not take at once is left to the writer.
    pub(super) fn put(&self, frame: &Frame) {
        let mut state = self.state();
        if state.closed {
            return;
        }
        let is_first = state.out.is_empty();
        frame.write(&mut state.out);
        if is_first && !self.flush(&mut state) {
            self.wake.notify_one();
        }
    }

    /// Says something, in one go with what else is to be said at the moment.
    pub(super) fn put_with_others(&self, frame: &Frame) {
        let mut state = self.state();
        if !state.closed {
            frame.write(&mut state.out);
            self.wake.notify_one();
        }
    }

    /// Waits until the follower has read most of what was said.
    pub(super) async fn room(&self) {
        loop {
            let changed = self.room.notified();
            {
                let state = self.state();
                if state.closed || state.out.len() - state.written < MANY {
                    return;
                }
            }
            changed.await;
        }
    }

    /// Whether everything was taken by the system.
    pub(super) fn is_empty(&self) -> bool {
        self.state().out.is_empty()
    }

    /// Writes what is left until this is closed.
    pub(super) async fn write(&self) {
        loop {
            let woken = self.wake.notified();
            let is_left = {
                let mut state = self.state();
                if state.closed {
                    return;
                }
                !self.flush(&mut state)
            };
            if is_left {
                if self.stream.writable().await.is_err() {
                    self.close();
                }
            } else {
                woken.await;
                // For what is ready now, too.
                yield_now().await;
            }
        }
    }

    /// Nothing more is said.
    pub(super) fn close(&self) {
        self.state().closed = true;
        self.wake.notify_one();
        self.room.notify_waiters();
    }

    /// True when nothing is left.
    fn flush(&self, state: &mut State) -> bool {
        while let Some(rest) = state
            .out
            .get(state.written..)
            .filter(|rest| !rest.is_empty())
        {
            let sent = self.stream.try_io(Interest::WRITABLE, || {
                Ok(rustix::net::send(&*self.stream, rest, SendFlags::NOSIGNAL)?)
            });
            match sent {
                Ok(count) if count > 0 => state.written += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    self.room.notify_waiters();
                    return false;
                }
                // The follower is gone, as whoever reads from it finds out.
                Ok(_) | Err(_) => {
                    state.closed = true;
                    break;
                }
            }
        }
        state.written = 0;
        state.out.clear();
        state.out.shrink_to(KEPT);
        self.room.notify_waiters();
        true
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
