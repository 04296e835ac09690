//! Changing messages: `messages.editMessage`, `messages.editInlineBotMessage`, `messages.deleteMessages`, `messages.readHistory`.

use madeline_tl::{Value, object};

use super::help::EDIT_TIME_LIMIT;
use super::{Call, Outcome, int, ints};
use crate::error::{RpcError, bad_request, forbidden};
use crate::state::{Body, Peer};

/// `messages.editMessage`: text, media and, for bots, the keyboard. A call without a text changes the keyboard alone.
pub(super) fn message(call: &mut Call<'_>, query: &Value) -> Outcome {
    let peer = call.writable_peer(query.get("peer"))?;
    let id = int(query, "id");
    let message = call
        .state
        .message(call.user, peer, id)
        .filter(|message| message.body.action.is_none())
        .ok_or_else(|| bad_request("MESSAGE_ID_INVALID"))?;
    if message.author != call.user || message.forward.is_some() {
        return Err(forbidden("MESSAGE_AUTHOR_REQUIRED"));
    }
    let bot = call.state.is_bot(call.user);
    let own_notes = peer == Peer::User(call.user);
    if !bot && !own_notes && call.state.now - message.date > EDIT_TIME_LIMIT {
        return Err(bad_request("MESSAGE_EDIT_TIME_EXPIRED"));
    }
    let old = message.body.clone();
    let body = changed(call, &old, query)?;
    let updates = call
        .state
        .edit(call.user, peer, id, &body, Some(call.session));
    Ok(call.state.updates_value(call.user, updates).into())
}

/// `messages.editInlineBotMessage`: of a message that was sent through the caller, at the data centre that its id names.
pub(super) fn inline(call: &mut Call<'_>, query: &Value) -> Outcome {
    let id = query.get("id");
    let (author, place, number) = call
        .state
        .inline_message(call.user, id)
        .filter(|_| int(id, "dc_id") == call.key.dc)
        .ok_or_else(|| bad_request("MESSAGE_ID_INVALID"))?;
    let old = call.state.message(author, place, number);
    let old = old.map(|message| message.body.clone()).unwrap_or_default();
    let body = changed(call, &old, query)?;
    call.state.edit(author, place, number, &body, None);
    Ok(Value::Bool(true).into())
}

/// What becomes of a message; it has to be something else.
fn changed(call: &mut Call<'_>, old: &Body, query: &Value) -> Result<Body, RpcError> {
    let mut body = old.clone();
    if query.has("media") {
        body = Body {
            media: Some(call.input_media(query.get("media"))?),
            ..call.caption(query)?
        };
    } else if *query.get("message") == Value::Null {
        body.markup = match query.get("reply_markup") {
            Value::Null => None,
            markup => call.markup(markup)?,
        };
    } else {
        body = call.body(query)?;
        body.media.clone_from(&old.media);
    }
    if body == *old {
        return Err(bad_request("MESSAGE_NOT_MODIFIED"));
    }
    Ok(body)
}

/// `messages.updatePinnedMessage`. Who may write may pin. No message tells of it.
pub(super) fn pin(call: &mut Call<'_>, query: &Value) -> Outcome {
    let peer = call.writable_peer(query.get("peer"))?;
    let id = int(query, "id");
    let pinned = !query.flag("unpin");
    match call.state.message(call.user, peer, id) {
        None => return Err(bad_request("MESSAGE_ID_INVALID")),
        Some(message) if message.pinned == pinned => {
            return Err(bad_request("CHAT_NOT_MODIFIED"));
        }
        Some(_) => {}
    }
    let own = query.flag("pm_oneside");
    if own && !matches!(peer, Peer::User(_)) {
        return Err(bad_request("PIN_RESTRICTED"));
    }
    let updates = call
        .state
        .pin(call.user, peer, id, (pinned, own), Some(call.session));
    Ok(call.state.updates_value(call.user, updates).into())
}

/// `messages.deleteMessages`.
pub(super) fn delete(call: &mut Call<'_>, query: &Value) -> Outcome {
    let ids = ints(query, "id");
    if ids.is_empty() {
        return Err(bad_request("MESSAGE_IDS_EMPTY"));
    }
    // What a bot deletes is gone for everybody.
    let revoke = query.flag("revoke") || call.state.is_bot(call.user);
    let (pts, count) = call
        .state
        .delete(call.user, &ids, revoke, Some(call.session));
    Ok(object!("messages.affectedMessages", pts: pts, pts_count: count).into())
}

/// `messages.readHistory`; channels have a method of their own.
pub(super) fn read(call: &mut Call<'_>, query: &Value) -> Outcome {
    let peer = call.state.input_peer(call.user, query.get("peer"))?;
    if let Peer::Channel(_) = peer {
        return Err(bad_request("PEER_ID_INVALID"));
    }
    let (pts, count) = call
        .state
        .read(call.user, peer, int(query, "max_id"), Some(call.session));
    Ok(object!("messages.affectedMessages", pts: pts, pts_count: count).into())
}
