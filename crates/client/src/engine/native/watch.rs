//! A connection whose socket a caller watches while it waits.

use std::sync::Arc;

use super::lane::{Connection, State};
use super::serve::{self, End};
use super::{receive, socket};
use crate::watch::{Begun, Watched};

impl Watched for Connection {
    fn begin(&self) -> Option<Begun> {
        let mut state = self.state();
        if state.end.is_some() {
            return None;
        }
        let number = state.sockets;
        let socket = state.socket.as_mut().filter(|socket| !socket.watched)?;
        socket.stream.mute(true).ok()?;
        socket.watched = true;
        let socket = Arc::clone(&socket.stream);
        Some(Begun { number, socket })
    }

    fn take(self: Arc<Self>, number: u64) {
        let mut state = self.state();
        if watched(&mut state, number).is_none() {
            return;
        }
        // The task sleeps until the time that it knows.
        let timer = state.timer;
        let received = receive::take(&self, &mut state).map(drop);
        match received.and_then(|()| serve::prepare(&self, &mut state)) {
            Ok(prepared) => {
                if prepared.needs_task(timer) {
                    self.nudge();
                } else {
                    state.timer = timer;
                }
            }
            Err(end) => {
                state.end = Some(end);
                self.nudge();
            }
        }
    }

    fn end(&self, number: u64) {
        let mut state = self.state();
        let Some(socket) = watched(&mut state, number) else {
            return;
        };
        socket.watched = false;
        if let Err(error) = socket.stream.mute(false) {
            // Nobody would hear it any more.
            state.end = Some(End::Closed(error));
            self.nudge();
        }
    }
}

/// The socket of that number, where it is still in use.
fn watched(state: &mut State, number: u64) -> Option<&mut socket::Socket> {
    if state.sockets != number {
        return None;
    }
    state.socket.as_mut()
}
