//! The short forms of updates, which Telegram uses where the client is thought to know the rest.

use madeline_tl::{Value, object};

/// A push of one update in its short form; `None` where there is none.
pub(crate) fn pushed(updates: &Value) -> Option<Value> {
    let [update] = updates.list("updates").ok()? else {
        return None;
    };
    let date = updates.get("date").clone();
    let message = update.get("message");
    if !update.is("updateNewMessage") || !message.is("message") || message.has("media") {
        return Some(object!("updateShort", update: update.clone(), date: date));
    }
    let place = message.get("peer_id");
    let mut short = madeline_tl::Object::new(if place.is("peerUser") {
        "updateShortMessage"
    } else {
        "updateShortChatMessage"
    });
    if place.is("peerUser") {
        short.set("user_id", place.get("user_id").clone());
    } else {
        short.set("chat_id", place.get("chat_id").clone());
        short.set("from_id", message.get("from_id").get("user_id").clone());
    }
    for key in [
        "out", "silent", "id", "message", "date", "fwd_from", "reply_to", "entities",
    ] {
        short.set(key, message.get(key).clone());
    }
    for key in ["pts", "pts_count"] {
        short.set(key, update.get(key).clone());
    }
    Some(Value::Object(short))
}

/// The result of `messages.sendMessage` in a private chat or basic group in its short form.
pub(crate) fn sent(result: &Value) -> Option<Value> {
    let updates = result.list("updates").ok()?;
    let new = updates
        .iter()
        .find(|update| update.is("updateNewMessage"))?;
    let message = new.get("message");
    // It stands for all that the call has counted.
    let counted = updates
        .iter()
        .filter_map(|update| update.int("pts_count").ok());
    let last = updates
        .iter()
        .filter_map(|update| update.int("pts").ok())
        .max()?;
    Some(object!("updateShortSentMessage",
        out: true,
        id: message.get("id").clone(),
        pts: last,
        pts_count: counted.sum::<i64>(),
        date: message.get("date").clone(),
        entities: message.get("entities").clone(),
    ))
}
