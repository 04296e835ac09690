//! Topics of forums: `messages.createForumTopic`, `messages.editForumTopic`, `messages.deleteTopicHistory`.

use madeline_tl::{Value, object};

use super::{Call, Outcome, int, text};
use crate::error::{RpcError, bad_request};
use crate::state::{Body, Draft, Peer, Switch, Topic};

const TITLE_MAX: usize = 128;

/// `messages.createForumTopic`.
pub(super) fn create(call: &mut Call<'_>, query: &Value) -> Outcome {
    let id = call.forum(query)?;
    let title = title(query)?;
    call.fresh_random_id(query.get("random_id"))?;
    let emoji = query.int("icon_emoji_id").ok();
    let action = object!("messageActionTopicCreate",
        title: title.clone(),
        icon_color: int(query, "icon_color"),
        icon_emoji_id: emoji,
    );
    let draft = Draft::new(
        call.user,
        Peer::Channel(id),
        Body::action(action),
        call.state.now,
    );
    let (number, updates) = call.state.deliver(draft, Some(call.session));
    if let Some(channel) = call.state.channels.get_mut(&id) {
        let topic = Topic {
            title,
            icon_emoji_id: emoji.unwrap_or(0),
            closed: false,
        };
        channel.topics.insert(number, topic);
    }
    Ok(call.state.updates_value(call.user, updates).into())
}

/// `messages.editForumTopic`.
pub(super) fn edit(call: &mut Call<'_>, query: &Value) -> Outcome {
    let id = call.forum(query)?;
    let number = int(query, "topic_id");
    let title = match query.get("title") {
        Value::Null => None,
        _ => Some(title(query)?),
    };
    let emoji = query.int("icon_emoji_id").ok();
    let closed = match query.get("closed") {
        Value::Bool(closed) => Some(*closed),
        _ => None,
    };
    let channel = call.administered(id)?;
    let topic = channel
        .topics
        .get_mut(&number)
        .ok_or_else(|| bad_request("TOPIC_ID_INVALID"))?;
    // What is said to be as it is already is no change.
    let title = title.filter(|title| *title != topic.title);
    let emoji = emoji.filter(|emoji| *emoji != topic.icon_emoji_id);
    let closed = closed.filter(|closed| *closed != topic.closed);
    if title.is_none() && emoji.is_none() && closed.is_none() {
        return Err(bad_request("TOPIC_NOT_MODIFIED"));
    }
    if let Some(title) = &title {
        topic.title.clone_from(title);
    }
    topic.icon_emoji_id = emoji.unwrap_or(topic.icon_emoji_id);
    topic.closed = closed.unwrap_or(topic.closed);
    let action = object!("messageActionTopicEdit",
        title: title,
        icon_emoji_id: emoji,
        closed: closed.map(Value::Bool),
    );
    Ok(call.announced(Peer::Channel(id), action, Some(number)))
}

/// `messages.deleteTopicHistory`: the topic and all that is in it.
pub(super) fn delete(call: &mut Call<'_>, query: &Value) -> Outcome {
    let id = call.forum(query)?;
    let number = int(query, "top_msg_id");
    let channel = call.administered(id)?;
    if channel.topics.remove(&number).is_none() {
        return Err(bad_request("TOPIC_ID_INVALID"));
    }
    let ids: Vec<i32> = channel
        .messages
        .values()
        .filter(|message| message.id == number || message.topic == Some(number))
        .map(|message| message.id)
        .collect();
    let (pts, count) = call.state.delete_in_channel(id, &ids, Some(call.session));
    Ok(object!("messages.affectedHistory", pts: pts, pts_count: count, offset: 0).into())
}

fn title(query: &Value) -> Result<String, RpcError> {
    let title = text(query, "title")?;
    if title.trim().is_empty() || title.chars().count() > TITLE_MAX {
        return Err(bad_request("TOPIC_TITLE_EMPTY"));
    }
    Ok(title.to_owned())
}

impl Call<'_> {
    /// The forum a call concerns; its creator may change topics.
    fn forum(&mut self, query: &Value) -> Result<i64, RpcError> {
        let peer = self.state.input_peer(self.user, query.get("peer"))?;
        let Peer::Channel(id) = peer else {
            return Err(bad_request("CHANNEL_FORUM_MISSING"));
        };
        let channel = self.administered(id)?;
        if channel.switches.contains(&Switch::Forum) {
            Ok(id)
        } else {
            Err(bad_request("CHANNEL_FORUM_MISSING"))
        }
    }
}
