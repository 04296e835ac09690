//! A connection whose socket a caller watches while it waits.

use std::sync::Arc;

use super::lane::{Connection, State};
use super::serve::{self, End};
use super::{receive, socket};
use crate::engine::reader::Back;
use crate::watch::{Begun, Watched};

impl Watched for Connection {
    fn begin(&self) -> Option<Begun> {
        let mut state = self.state();
        if state.end.is_some() {
            return None;
        }
        let number = state.sockets;
        let socket = state.socket.as_mut()?;
        let begun = socket.reader.begin(&socket.stream).ok()?;
        let socket = begun.then(|| Arc::clone(&socket.stream))?;
        Some(Begun { number, socket })
    }

    fn take(self: Arc<Self>, number: u64) {
        let mut state = self.state();
        let Some(socket) = watched(&mut state, number) else {
            return;
        };
        socket.reader.heard();
        take_in(&self, &mut state);
    }

    fn give_back(self: Arc<Self>, number: u64) {
        let mut state = self.state();
        let quiet = state.calls.is_empty();
        let Some(socket) = watched(&mut state, number) else {
            return;
        };
        match socket.reader.give_back(&socket.stream, quiet) {
            Ok(Back::Now) => while state.end.is_none() && take_in(&self, &mut state) {},
            Ok(Back::Then(at)) if at < self.shared.clock.instant(state.timer) => self.nudge(),
            // The task is awake by then.
            Ok(Back::Then(_)) => {}
            Err(error) => {
                // Nobody would hear it any more.
                state.end = Some(End::Closed(error));
                self.nudge();
            }
        }
    }
}

/// Takes in what the socket has and does what follows from it. True when there was something.
fn take_in(connection: &Arc<Connection>, state: &mut State) -> bool {
    // The task sleeps until the time that it knows.
    let timer = state.timer;
    let prepared = match receive::take(connection, state) {
        Ok(taken) if taken.bytes == 0 => return false,
        Ok(_) => serve::prepare(connection, state),
        Err(end) => Err(end),
    };
    match prepared {
        Ok(prepared) => {
            if prepared.needs_task(timer) {
                connection.nudge();
            } else {
                state.timer = timer;
            }
        }
        Err(end) => {
            state.end = Some(end);
            connection.nudge();
        }
    }
    true
}

/// The socket of that number, where it is still in use.
fn watched(state: &mut State, number: u64) -> Option<&mut socket::Socket> {
    if state.sockets != number {
        return None;
    }
    state.socket.as_mut()
}
