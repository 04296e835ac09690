//! What the session's machine reports: answers to their callers, updates to the listener, keys and salts to the disk.

use std::sync::Arc;

use madeline_mtproto::client::{CallId, Event, Failure};

use super::lane::{Connection, Stage, State, is_protocols_own};
use super::serve::End;
use crate::engine::InvokeError;

/// The session was not introduced, or the server has forgotten it.
const NOT_INTRODUCED: [&str; 2] = ["CONNECTION_NOT_INITED", "CONNECTION_LAYER_INVALID"];
/// The temporary key is not bound, or the binding was forgotten.
const NOT_BOUND: &str = "AUTH_KEY_PERM_EMPTY";
/// The server does not know the permanent key that signed the binding.
const BINDING_REFUSED: &str = "ENCRYPTED_MESSAGE_INVALID";
/// How often a call is sent anew for reasons of the session's.
const MAX_RESTARTS: u8 = 3;

/// Handles all events that wait. Gives a reason to give up the socket.
pub(super) fn handle(connection: &Arc<Connection>, state: &mut State) -> Option<End> {
    let mut end = None;
    loop {
        let open = state.session.as_mut()?;
        let Some(event) = open.machine.next_event() else {
            return end;
        };
        match event {
            Event::Result { id, .. } if open.binding == Some(id) => {
                bound(connection, state);
            }
            Event::RpcError { id, message, .. } if open.binding == Some(id) => {
                end = Some(not_bound(&message));
            }
            Event::Failed { id, why } if open.binding == Some(id) => {
                end = Some(End::Broken(format!("auth.bindTempAuthKey: {why}")));
            }
            Event::Result { id, body } => {
                let bare = state
                    .calls
                    .get(&id)
                    .is_some_and(|call| is_protocols_own(&call.body));
                open.introduced |= !bare;
                state.answer(id, Ok(body));
            }
            Event::RpcError { id, code, message } => {
                end = rpc_error(state, id, code, message).or(end);
            }
            Event::Failed { id, why } => {
                let bytes = state.calls.get(&id).map_or(0, |call| call.body.len());
                state.answer(id, Err(failed(why, bytes)));
            }
            // What else comes over connections for files is nobody's. A retired one has a successor that gets the same
            // updates in a session of its own, and that began with a gap.
            Event::Object(_) | Event::Gap
                if connection.lane.is_for_files() || state.stage == Stage::Retired => {}
            Event::Object(object) => connection.shared.hub.receive(connection.dc, object),
            Event::Gap => connection.shared.hub.missed(connection.dc),
            // The server's side of the session is new: whom it talks to it has to be told, again.
            Event::NewSession => open.introduced = false,
            Event::Salts(salts) => {
                // Without them the next process needs one more round trip.
                let session = connection.shared.session.get();
                let _ = session.and_then(|session| session.set_salts(&open.key.key, &salts));
            }
            Event::ClockOffset(seconds) => connection.shared.keys.set_clock_offset(seconds),
            _ => {}
        }
    }
}

/// The temporary key is in force: it is kept, and calls may follow.
fn bound(connection: &Connection, state: &mut State) {
    let Some(open) = &mut state.session else {
        return;
    };
    open.binding = None;
    connection.shared.keys.keep(connection.dc, &mut open.key);
    // The next round of the task sends what was held meanwhile.
    connection.nudge();
}

fn not_bound(message: &str) -> End {
    match message {
        BINDING_REFUSED => End::Unknown,
        _ => End::Key,
    }
}

/// An error of the server: for the caller, unless it is about how the session began, and the call was not looked at.
fn rpc_error(state: &mut State, id: CallId, code: i32, message: String) -> Option<End> {
    let may_restart = state
        .calls
        .get(&id)
        .is_some_and(|call| call.restarts < MAX_RESTARTS);
    if may_restart && NOT_INTRODUCED.contains(&message.as_str()) {
        if let Some(open) = &mut state.session {
            open.introduced = false;
        }
        state.hold_again(id);
        return None;
    }
    let is_temporary = state
        .session
        .as_ref()
        .is_some_and(|open| open.key.is_temporary());
    if may_restart && is_temporary && message == NOT_BOUND {
        state.hold_again(id);
        return Some(End::Key);
    }
    state.answer(id, Err(InvokeError::Rpc { code, message }));
    None
}

fn failed(why: Failure, bytes: usize) -> InvokeError {
    match why {
        Failure::Unsendable { .. } => InvokeError::Size {
            bytes,
            limit: super::MAX_REQUEST,
        },
        why @ Failure::Unknown(_) => InvokeError::Lost(why.to_string().into()),
        why => InvokeError::Unusable(why.to_string().into()),
    }
}
