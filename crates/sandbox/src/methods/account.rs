//! `account.*`: the caller's own status and profile.

use madeline_tl::{Value, object};

use super::{Call, Outcome, text};
use crate::error::{RpcError, bad_request, forbidden, unauthorized};
use crate::state::{Peer, Status, random_id};
use crate::world::check::is_username;

/// Seconds after which somebody who says nothing counts as gone.
const ONLINE: i32 = 300;

/// `account.initTakeoutSession`: its id, which calls are wrapped with.
pub(super) fn init_takeout(call: &mut Call<'_>, _: &Value) -> Outcome {
    let id = random_id();
    call.state.login.takeouts.insert(call.user, id);
    Ok(object!("account.takeout", id: id).into())
}

/// `account.finishTakeoutSession`, itself a call of the session.
pub(super) fn finish_takeout(call: &mut Call<'_>, _: &Value) -> Outcome {
    if call.takeout.is_none() {
        return Err(forbidden("TAKEOUT_REQUIRED"));
    }
    call.state.login.takeouts.remove(&call.user);
    Ok(Value::Bool(true).into())
}

/// `account.updateStatus`.
pub(super) fn update_status(call: &mut Call<'_>, query: &Value) -> Outcome {
    let now = call.state.now;
    let status = match query.get("offline") {
        Value::Bool(true) => Status::Offline { since: now },
        _ => Status::Online {
            until: now + ONLINE,
        },
    };
    if let Some(user) = call.state.users.get_mut(&call.user) {
        user.status = status;
    }
    if let Some(update) = call.state.status_update(call.user) {
        for other in call.state.acquaintances(call.user) {
            call.state.notify(other, None, vec![update.clone()]);
        }
    }
    Ok(Value::Bool(true).into())
}

/// `account.checkUsername`.
pub(super) fn check_username(call: &mut Call<'_>, query: &Value) -> Outcome {
    call.free_username(text(query, "username")?)?;
    Ok(Value::Bool(true).into())
}

/// `account.updateUsername`; an empty one removes it.
pub(super) fn update_username(call: &mut Call<'_>, query: &Value) -> Outcome {
    let wanted = text(query, "username")?;
    let now = call
        .state
        .users
        .get(&call.user)
        .and_then(|user| user.username.clone());
    if now.as_deref().unwrap_or_default() == wanted {
        return Err(bad_request("USERNAME_NOT_MODIFIED"));
    }
    if !wanted.is_empty() {
        call.free_username(wanted)?;
    }
    if let Some(old) = now {
        call.state.usernames.remove(&old.to_ascii_lowercase());
    }
    if !wanted.is_empty() {
        call.state
            .usernames
            .insert(wanted.to_ascii_lowercase(), Peer::User(call.user));
    }
    if let Some(user) = call.state.users.get_mut(&call.user) {
        user.username = (!wanted.is_empty()).then(|| wanted.to_owned());
    }
    call.profile_changed()
}

/// `account.updateProfile`.
pub(super) fn update_profile(call: &mut Call<'_>, query: &Value) -> Outcome {
    let given = |key: &str| query.text(key).ok().map(|text| text.trim().to_owned());
    let (first_name, last_name, about) = (given("first_name"), given("last_name"), given("about"));
    if first_name
        .as_ref()
        .is_some_and(|name| name.is_empty() || name.chars().count() > 64)
    {
        return Err(bad_request("FIRSTNAME_INVALID"));
    }
    if about
        .as_ref()
        .is_some_and(|about| about.chars().count() > 140)
    {
        return Err(bad_request("ABOUT_TOO_LONG"));
    }
    if let Some(user) = call.state.users.get_mut(&call.user) {
        if let Some(name) = first_name {
            user.first_name = name;
        }
        if let Some(name) = last_name {
            user.last_name = name;
        }
        if let Some(about) = about {
            user.about = Some(about).filter(|about| !about.is_empty());
        }
    }
    call.profile_changed()
}

impl Call<'_> {
    /// Telegram's rules for a new username: five letters, and nobody has it.
    fn free_username(&self, username: &str) -> Result<(), RpcError> {
        if username.len() < 5 || !is_username(username) {
            return Err(bad_request("USERNAME_INVALID"));
        }
        match self.state.usernames.get(&username.to_ascii_lowercase()) {
            Some(owner) if *owner != Peer::User(self.user) => Err(bad_request("USERNAME_OCCUPIED")),
            _ => Ok(()),
        }
    }

    /// Tells the others, and gives the caller as it is now.
    fn profile_changed(&mut self) -> Outcome {
        let user = self
            .state
            .users
            .get(&self.user)
            .ok_or_else(|| unauthorized("AUTH_KEY_UNREGISTERED"))?;
        let usernames: Vec<Value> = user
            .username
            .iter()
            .map(|username| object!("username", editable: true, active: true, username: username.clone()))
            .collect();
        let update = object!("updateUserName",
            user_id: self.user,
            first_name: user.first_name.clone(),
            last_name: user.last_name.clone(),
            usernames: usernames,
        );
        self.state
            .notify(self.user, Some(self.session), vec![update.clone()]);
        for other in self.state.acquaintances(self.user) {
            self.state.notify(other, None, vec![update.clone()]);
        }
        let value = self.state.user_value(self.user, self.user);
        value
            .map(Into::into)
            .ok_or_else(|| unauthorized("AUTH_KEY_UNREGISTERED"))
    }
}
