//! Contacts and the blocked: `contacts.addContact`, `contacts.deleteContacts`, `contacts.block`, `contacts.unblock`.

use madeline_tl::{Value, object};

use super::{Call, Outcome, text};
use crate::error::{RpcError, bad_request};
use crate::state::{Kind, Peer};

/// `contacts.addContact`; also changes the name of one.
pub(super) fn add(call: &mut Call<'_>, query: &Value) -> Outcome {
    let id = call
        .state
        .input_user(call.user, query.get("id"))
        .map_err(|_| bad_request("CONTACT_ID_INVALID"))?;
    let (first_name, last_name) = (text(query, "first_name")?, text(query, "last_name")?);
    if first_name.trim().is_empty() {
        return Err(bad_request("CONTACT_NAME_EMPTY"));
    }
    if id == call.user {
        return Err(bad_request("CONTACT_ID_INVALID"));
    }
    if let Some(user) = call.state.users.get_mut(&call.user) {
        let names = (first_name.to_owned(), last_name.to_owned());
        user.contact_names.insert(id, names);
        if let Kind::Person { contacts, .. } = &mut user.kind {
            contacts.insert(id);
        }
    }
    Ok(call.about(vec![id]))
}

/// `contacts.deleteContacts`; of those who are none, nothing happens.
pub(super) fn delete(call: &mut Call<'_>, query: &Value) -> Outcome {
    let inputs = query.list("id").unwrap_or_default();
    let ids = inputs
        .iter()
        .map(|input| call.state.input_user(call.user, input))
        .collect::<Result<Vec<i64>, RpcError>>()?;
    if let Some(user) = call.state.users.get_mut(&call.user) {
        for id in &ids {
            user.contact_names.remove(id);
            if let Kind::Person { contacts, .. } = &mut user.kind {
                contacts.remove(id);
            }
        }
    }
    Ok(call.about(ids))
}

/// `contacts.block`. Of it nothing follows but that it is shown.
pub(super) fn block(call: &mut Call<'_>, query: &Value) -> Outcome {
    call.set_blocked(query, true)
}

/// `contacts.unblock`.
pub(super) fn unblock(call: &mut Call<'_>, query: &Value) -> Outcome {
    call.set_blocked(query, false)
}

impl Call<'_> {
    fn set_blocked(&mut self, query: &Value, blocked: bool) -> Outcome {
        let peer = self.state.input_peer(self.user, query.get("id"))?;
        let Peer::User(id) = peer else {
            return Err(bad_request("PEER_ID_INVALID"));
        };
        if id == self.user {
            return Err(bad_request("CONTACT_ID_INVALID"));
        }
        let Some(user) = self.state.users.get_mut(&self.user) else {
            return Err(bad_request("PEER_ID_INVALID"));
        };
        let is_new = if blocked {
            user.blocked.insert(id)
        } else {
            user.blocked.remove(&id)
        };
        if is_new {
            let update = object!("updatePeerBlocked", blocked: blocked, peer_id: peer.value());
            self.state
                .notify(self.user, Some(self.session), vec![update]);
        }
        Ok(Value::Bool(is_new).into())
    }

    /// Updates about how these users are to the caller.
    fn about(&mut self, ids: Vec<i64>) -> super::Answer {
        let settings = || object!("peerSettings");
        let updates: Vec<Value> = ids
            .into_iter()
            .map(|id| object!("updatePeerSettings", peer: Peer::User(id).value(), settings: settings()))
            .collect();
        self.state
            .notify(self.user, Some(self.session), updates.clone());
        self.state.updates_value(self.user, updates).into()
    }
}
