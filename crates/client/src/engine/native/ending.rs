//! What becomes of calls when a socket breaks or none can be had.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use madeline_mtproto::client::CallId;
use madeline_mtproto::dial::{self, Peer};
use madeline_mtproto::transport::error_code;
use tokio::time::Instant;

use super::lane::{Connection, Stage, State};
use super::serve::End;
use crate::engine::InvokeError;

/// No connection could be made: calls that were not sent fail with the reason. What is in flight gets as long as a
/// connection may take, since the server may be back in a moment; then its callers learn that nobody knows.
pub(super) fn not_connected(connection: &Arc<Connection>, error: InvokeError) {
    let mut state = connection.state();
    let fresh: Vec<_> = state.held.drain(..).collect();
    let text = describe(&error);
    let mut error = Some(error);
    state.fail(fresh, || {
        // The first has the error itself, the others what it says.
        error.take().unwrap_or_else(|| again(&text))
    });
    let since = *state.down_since.get_or_insert_with(Instant::now);
    if since.elapsed() >= connection.shared.config.timeouts.connect {
        give_up(connection, &mut state, &text);
    }
}

/// A socket has ended. True if the server had said something over it.
pub(super) fn disconnected(connection: &Arc<Connection>, end: &End) -> bool {
    let mut state = connection.state();
    let socket = state.socket.take();
    let heard = socket.as_ref().is_some_and(|socket| socket.heard);
    let patience = connection.shared.config.timeouts.connect;
    let said = Said::of(socket.map(|socket| socket.peer), end, heard, patience);
    let now = connection.shared.clock.now();
    if let Some(open) = &mut state.session {
        open.machine.disconnected(now);
    }
    if state.calls.is_empty() {
        state.down_since = None;
    } else if heard {
        state.down_since = Some(Instant::now());
    } else {
        state.down_since.get_or_insert_with(Instant::now);
    }
    match end {
        End::Told => {
            if state.stage == Stage::Ending {
                lose_all(connection, &mut state, "the session was closed");
            }
        }
        End::Key => new_key(connection, &mut state, heard),
        End::Code(error_code::NOT_FOUND) => {
            let temporary = state
                .session
                .as_ref()
                .is_some_and(|open| open.key.is_temporary());
            if temporary {
                new_key(connection, &mut state, heard);
            } else {
                refuse_all(&mut state, error_code::NOT_FOUND, heard);
            }
        }
        End::Unknown => {
            forget_temporary_key(connection, &mut state);
            refuse_all(&mut state, error_code::NOT_FOUND, heard);
        }
        End::Code(code) => refuse_all(&mut state, *code, heard),
        End::Closed(_) | End::Silent | End::Broken(_) => {
            if state
                .down_since
                .is_some_and(|since| since.elapsed() >= patience)
            {
                give_up(connection, &mut state, &said);
            }
            // Whatever the session does not like about this server, a new one may: the server's clock may have been
            // ahead for a while, and all it says now is older than what was seen then.
            if matches!(end, End::Broken(_)) && !heard && state.calls.is_empty() {
                state.session = None;
            }
        }
    }
    heard
}

/// The temporary key is not accepted: the session goes with it. What the server has not looked at goes over the next.
fn new_key(connection: &Arc<Connection>, state: &mut State, heard: bool) {
    forget_temporary_key(connection, state);
    for (id, executed) in in_flight(state, heard) {
        if executed == Executed::Perhaps {
            let error = "the server has forgotten the temporary key before the answer came";
            state.answer(id, Err(InvokeError::Lost(error.into())));
        } else {
            state.hold_again(id);
        }
    }
}

fn forget_temporary_key(connection: &Arc<Connection>, state: &mut State) {
    if let Some(open) = state.session.take() {
        connection
            .shared
            .keys
            .drop_temporary(connection.dc, &open.key);
    }
}

/// The server refuses the connection with a code. It is the answer to what was sent over this socket only; calls that
/// were sent before may have been executed.
fn refuse_all(state: &mut State, code: i32, heard: bool) {
    for (id, executed) in in_flight(state, heard) {
        let error = match executed {
            Executed::No | Executed::MayRepeat => InvokeError::Transport(code),
            Executed::Perhaps => InvokeError::Lost(
                format!("the server answered the next connection with transport error {code}")
                    .into(),
            ),
        };
        state.answer(id, Err(error));
    }
    let fresh: Vec<_> = state.held.drain(..).collect();
    state.fail(fresh, || InvokeError::Transport(code));
    if code == error_code::NOT_FOUND {
        state.session = None;
    }
}

/// There is no connection for too long. For what may be executed twice it does not matter that nobody knows whether it
/// was: that there is no connection does.
fn give_up(connection: &Arc<Connection>, state: &mut State, said: &Said) {
    let harmless: Vec<_> = state.repeatable();
    forget(connection, state, &harmless);
    state.fail(harmless, || again(said));
    let address = said
        .address
        .as_ref()
        .map_or("", |(address, _)| address.as_str());
    lose_all(connection, state, &format!("{address}: {}", said.text));
}

/// Nobody knows what became of the calls in flight.
fn lose_all(connection: &Arc<Connection>, state: &mut State, cause: &str) {
    let ids: Vec<_> = state.calls.keys().copied().collect();
    forget(connection, state, &ids);
    state.held.clear();
    state.fail(ids, || InvokeError::Lost(cause.into()));
    state.down_since = None;
}

/// The session need not ask about these calls any more.
fn forget(connection: &Arc<Connection>, state: &mut State, ids: &[CallId]) {
    let now = connection.shared.clock.now();
    if let Some(open) = &mut state.session {
        for id in ids {
            open.machine.cancel(now, *id);
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Executed {
    No,
    Perhaps,
    /// Perhaps, but a second time does no harm.
    MayRepeat,
}

/// The calls that a session had taken, and whether they can have been executed. What was sent over the socket that
/// ended, over which nothing came but the refusal, was not.
fn in_flight(state: &State, heard: bool) -> Vec<(CallId, Executed)> {
    let sent = state
        .calls
        .iter()
        .filter(|(id, _)| !state.held.contains(id));
    let mut sent: Vec<_> = sent
        .map(|(id, call)| {
            let executed = if call.repeatable {
                Executed::MayRepeat
            } else if !heard && call.sent_over == Some(state.sockets) {
                Executed::No
            } else {
                Executed::Perhaps
            };
            (*id, executed)
        })
        .collect();
    sent.sort_unstable_by_key(|(id, _)| *id);
    sent
}

/// What an error said, so that several callers can have it.
struct Said {
    address: Option<(String, io::ErrorKind)>,
    code: Option<i32>,
    text: String,
}

impl Said {
    /// What the end of a socket says, with the hop at its other end; of one over which nothing came, in the words of
    /// connections that were never there.
    fn of(peer: Option<Peer>, end: &End, heard: bool, limit: Duration) -> Said {
        let (cause, text) = match end {
            End::Closed(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                (Some(dial::Cause::Closed), error.to_string())
            }
            End::Closed(error) => {
                let again = io::Error::new(error.kind(), error.to_string());
                (Some(dial::Cause::Io(again)), error.to_string())
            }
            End::Silent => (Some(dial::Cause::Timeout(limit)), "no answer".to_owned()),
            End::Broken(what) => (None, what.clone()),
            End::Code(code) => (None, format!("transport error {code}")),
            End::Key | End::Unknown => (
                None,
                "the server does not know the authorization key".to_owned(),
            ),
            End::Told => (None, "the session was closed".to_owned()),
        };
        let address = peer.as_ref().map(ToString::to_string).unwrap_or_default();
        let text = match (peer, cause) {
            (Some(peer), Some(cause)) if !heard => dial::Error { peer, cause }.to_string(),
            _ => text,
        };
        Said {
            address: Some((address, io::ErrorKind::TimedOut)),
            code: None,
            text,
        }
    }
}

fn describe(error: &InvokeError) -> Said {
    let (address, code, text) = match error {
        InvokeError::Connect { address, source } => (
            Some((address.clone(), source.kind())),
            None,
            source.to_string(),
        ),
        InvokeError::Transport(code) => (None, Some(*code), format!("transport error {code}")),
        InvokeError::KeyExchange(cause) => (None, None, cause.to_string()),
        InvokeError::Session(error) => (None, None, error.to_string()),
        error => (None, None, format!("{error:?}")),
    };
    Said {
        address,
        code,
        text,
    }
}

fn again(said: &Said) -> InvokeError {
    match (&said.address, said.code) {
        (Some((address, kind)), _) => InvokeError::Connect {
            address: address.clone(),
            source: io::Error::new(*kind, said.text.clone()),
        },
        (None, Some(code)) => InvokeError::Transport(code),
        (None, None) => InvokeError::KeyExchange(said.text.clone().into()),
    }
}
