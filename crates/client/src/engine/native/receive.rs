//! From the socket to the machine.

use std::io;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use madeline_mtproto::transport::{self, Frame};

use super::events;
use super::lane::{Connection, Locked, State};
use super::serve::End;
use super::socket::Socket;
use crate::engine::Lane;
use crate::engine::portion;
use crate::engine::stream::Stream;

/// Bytes read before others have their turn: some of the largest parts of files, which are decrypted together.
const TURN: usize = 4 << 20;

/// What the system had for a socket.
pub(super) struct Taken {
    /// How many bytes.
    pub(super) bytes: usize,
    /// It said that there is no more.
    is_empty: bool,
}

/// Takes what the socket has, when it has something. The state is given back locked, because what follows from it is to
/// be done before callers, who may have the next calls ready, learn of their answers.
pub(super) fn poll<'c>(
    connection: &'c Arc<Connection>,
    stream: &Stream,
    context: &mut Context<'_>,
) -> Poll<Result<Locked<'c>, End>> {
    loop {
        let mut readable = ready!(stream.poll_readable(context)).map_err(End::Closed)?;
        let mut state = connection.state();
        if state
            .socket
            .as_ref()
            .is_some_and(|socket| !socket.reader.is_task())
        {
            // What has come, and comes, is a caller's to take. Who makes the task read again looks for what is left.
            readable.clear_ready();
            continue;
        }
        let taken = take(connection, &mut state)?;
        if taken.is_empty {
            readable.clear_ready();
        }
        if taken.bytes > 0 {
            return Poll::Ready(Ok(state));
        }
    }
}

/// Takes what the socket has, if it has something.
pub(super) fn take(connection: &Arc<Connection>, state: &mut State) -> Result<Taken, End> {
    let mut frames = Vec::new();
    let mut outcome = Ok(());
    let mut taken = Taken {
        bytes: 0,
        is_empty: state.socket.is_none(),
    };
    while outcome.is_ok()
        && taken.bytes < TURN
        && let Some(socket) = &mut state.socket
    {
        match read(socket) {
            Ok(0) => {
                let closed = io::Error::new(
                    io::ErrorKind::UnexpectedEof,
                    "the server closed the connection",
                );
                outcome = Err(End::Closed(closed));
            }
            Ok(count) => {
                taken.bytes += count;
                outcome = cut(&mut socket.framing, &mut frames);
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                taken.is_empty = true;
                break;
            }
            Err(error) => outcome = Err(End::Closed(error)),
        }
    }
    // What was received in order before something broke is valid.
    hand_on(connection, state, frames)
        .and(outcome)
        .map(|()| taken)
}

/// Reads what the frame that has begun lacks, to where it stays; otherwise what comes.
fn read(socket: &mut Socket) -> io::Result<usize> {
    let Socket {
        stream, framing, ..
    } = socket;
    if framing.missing() > 0 {
        return framing.read(|room| stream.read(room));
    }
    portion::read(|room| stream.read(room), |came| framing.feed(came))
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
fn hand_on(connection: &Arc<Connection>, state: &mut State, frames: Vec<Bytes>) -> Result<(), End> {
    if frames.is_empty() {
        return Ok(());
    }
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
