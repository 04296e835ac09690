//! From the socket to the machine.

use std::cell::RefCell;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use madeline_mtproto::transport::{self, Frame};
use tokio::io::{AsyncRead, ReadBuf};
use tokio::net::tcp::OwnedReadHalf;

use super::events;
use super::lane::{Connection, Locked, State};
use super::serve::End;
use crate::engine::Lane;

/// Bytes read at once, where it is not known how many are coming.
const PORTION: usize = 64 << 10;
/// Bytes read before others have their turn: some of the largest parts of files, which are decrypted together.
const TURN: usize = 4 << 20;

thread_local! {
    /// One for all connections of a thread: they hardly ever need it, and together would keep a lot of memory.
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Takes what the socket has, when it has something. The state is given back locked, because what follows from it is to
/// be done before callers, who may have the next calls ready, learn of their answers.
///
/// `missing` is what the frame that has begun lacks: it is read to where it stays.
pub(super) fn poll<'c>(
    connection: &'c Arc<Connection>,
    reader: &mut OwnedReadHalf,
    missing: &mut usize,
    context: &mut Context<'_>,
) -> Poll<Result<Locked<'c>, End>> {
    let mut locked = None;
    let mut frames = Vec::new();
    let mut outcome = Ok(());
    let mut total = 0;
    while outcome.is_ok() && total < TURN {
        let read = if *missing == 0 {
            portion(connection, reader, context, &mut locked)
        } else {
            let state = locked.get_or_insert_with(|| connection.state());
            rest(state, reader, context)
        };
        let (count, is_all) = match read {
            Poll::Pending => break,
            Poll::Ready(Ok((0, _))) => {
                let closed = io::Error::new(
                    io::ErrorKind::UnexpectedEof,
                    "the server closed the connection",
                );
                outcome = Err(End::Closed(closed));
                break;
            }
            Poll::Ready(Ok(read)) => read,
            Poll::Ready(Err(error)) => {
                outcome = Err(End::Closed(error));
                break;
            }
        };
        total += count;
        let state = locked.get_or_insert_with(|| connection.state());
        let Some(socket) = state.socket.as_mut() else {
            break;
        };
        outcome = cut(&mut socket.framing, &mut frames);
        *missing = socket.framing.missing();
        if is_all {
            break;
        }
    }
    if total == 0 && outcome.is_ok() {
        return Poll::Pending;
    }
    let mut state = locked.unwrap_or_else(|| connection.state());
    // What was received in order before something broke is valid.
    Poll::Ready(match take(connection, &mut state, frames).and(outcome) {
        Ok(()) => Ok(state),
        Err(end) => Err(end),
    })
}

/// How many bytes came, and whether the socket has no more.
type Read = io::Result<(usize, bool)>;

/// Reads what comes.
fn portion<'c>(
    connection: &'c Arc<Connection>,
    reader: &mut OwnedReadHalf,
    context: &mut Context<'_>,
    locked: &mut Option<Locked<'c>>,
) -> Poll<Read> {
    BUFFER.with_borrow_mut(|buffer| {
        buffer.resize(PORTION, 0);
        let mut into = ReadBuf::new(buffer);
        std::task::ready!(Pin::new(reader).poll_read(context, &mut into))?;
        let portion = into.filled();
        let state = locked.get_or_insert_with(|| connection.state());
        if let Some(socket) = &mut state.socket {
            socket.framing.feed(portion);
        }
        Poll::Ready(Ok((portion.len(), portion.len() < PORTION)))
    })
}

/// Reads what the frame that has begun lacks.
fn rest(state: &mut State, reader: &mut OwnedReadHalf, context: &mut Context<'_>) -> Poll<Read> {
    let Some(socket) = &mut state.socket else {
        return Poll::Pending;
    };
    let mut is_all = false;
    let read = socket.framing.read(|room| {
        let size = room.len();
        let mut into = ReadBuf::new(room);
        match Pin::new(reader).poll_read(context, &mut into) {
            Poll::Pending => Err(None),
            Poll::Ready(Err(error)) => Err(Some(error)),
            Poll::Ready(Ok(())) => {
                let count = into.filled().len();
                is_all = count < size;
                Ok(count)
            }
        }
    });
    match read {
        Ok(count) => Poll::Ready(Ok((count, is_all))),
        Err(None) => Poll::Pending,
        Err(Some(error)) => Poll::Ready(Err(error)),
    }
}

/// Takes the whole frames out.
fn cut(framing: &mut transport::Client, frames: &mut Vec<Bytes>) -> Result<(), End> {
    loop {
        match framing.next_frame() {
            Ok(None) => return Ok(()),
            Ok(Some(Frame::Payload { bytes, .. })) => frames.push(bytes),
            Ok(Some(Frame::Error(code))) => return Err(End::Code(code)),
            // Nothing asked for one.
            Ok(Some(Frame::QuickAck(_))) => {}
            Err(error) => return Err(End::Broken(error.to_string())),
        }
    }
}

/// Hands frames to the machine, and what it makes of them to whom it concerns.
fn take(connection: &Arc<Connection>, state: &mut State, frames: Vec<Bytes>) -> Result<(), End> {
    let now = connection.shared.clock.now();
    let (Some(open), Some(socket)) = (&mut state.session, &mut state.socket) else {
        return Ok(());
    };
    let (taken, outcome) = open.machine.receive_all(now, frames);
    // Servers push to connections that stand. What they had for us while none did is in the difference, from here on.
    let is_first = taken > 0 && !socket.heard;
    socket.heard |= taken > 0;
    if is_first && state.sockets > 1 && connection.lane == Lane::Calls {
        connection.shared.hub.missed(connection.dc);
    }
    if socket.heard {
        state.down_since = None;
    }
    let end = events::handle(connection, state);
    outcome.map_err(|violation| End::Broken(violation.to_string()))?;
    end.map_or(Ok(()), Err)
}
