//! Reading messages: `messages.getMessages`, `messages.getHistory`, `messages.search`.

use madeline_tl::{Value, object};

use super::{Call, Outcome, int, text};
use crate::error::{RpcError, bad_request};
use crate::state::{Message, Peer, PeerSet};

/// Most messages in one answer.
const LIMIT: usize = 100;

/// `messages.getMessages`.
pub(super) fn messages(call: &mut Call<'_>, query: &Value) -> Outcome {
    let state = &call.state;
    let mailbox = state.users.get(&call.user).map(|user| &user.mailbox);
    let find = |id: i32| mailbox.and_then(|mailbox| mailbox.messages.get(&id));
    let values = query
        .list("id")
        .unwrap_or_default()
        .iter()
        .map(|input| call.wanted_message(input, &find))
        .collect::<Result<Vec<Value>, RpcError>>()?;
    Ok(call.listed(values).into())
}

/// `messages.getHistory`.
pub(super) fn history(call: &mut Call<'_>, query: &Value) -> Outcome {
    let peer = call.state.input_peer(call.user, query.get("peer"))?;
    let found = call.state.history(call.user, peer);
    Ok(call.page(peer, &found, query).into())
}

/// `messages.search`: by text and sender; of the filters only those for everything and for pinned messages.
pub(super) fn search(call: &mut Call<'_>, query: &Value) -> Outcome {
    let peer = call.state.input_peer(call.user, query.get("peer"))?;
    let wanted = text(query, "q")?.to_lowercase();
    let from = match query.get("from_id") {
        Value::Null => None,
        input => Some(call.state.input_peer(call.user, input)?),
    };
    let (min_date, max_date) = (int(query, "min_date"), int(query, "max_date"));
    let anything = match query.get("filter").name() {
        "inputMessagesFilterEmpty" => true,
        "inputMessagesFilterPinned" => false,
        _ => return Err(bad_request("INPUT_FILTER_INVALID")),
    };
    let mut found = call.state.history(call.user, peer);
    found.retain(|message| {
        (anything || message.pinned)
            && message.body.action.is_none()
            && message.body.text.to_lowercase().contains(&wanted)
            && from.is_none_or(|from| message.from == Some(from))
            && (min_date == 0 || message.date > min_date)
            && (max_date == 0 || message.date < max_date)
    });
    Ok(call.page(peer, &found, query).into())
}

impl Call<'_> {
    /// The part of `found` (newest first) that the offsets and limits of a call ask for,
    /// <https://core.telegram.org/api/offsets>.
    fn page(&self, peer: Peer, found: &[&Message], query: &Value) -> Value {
        let (offset_id, offset_date) = (int(query, "offset_id"), int(query, "offset_date"));
        let (max_id, min_id) = (int(query, "max_id"), int(query, "min_id"));
        let position = |is_older: &dyn Fn(&Message) -> bool| {
            found
                .iter()
                .position(|message| is_older(message))
                .unwrap_or(found.len())
        };
        let start = if offset_id > 0 {
            position(&|message| message.id < offset_id)
        } else if offset_date > 0 {
            position(&|message| message.date < offset_date)
        } else {
            0
        };
        let start = start.saturating_add_signed(int(query, "add_offset") as isize);
        let limit = usize::try_from(int(query, "limit"))
            .unwrap_or(0)
            .clamp(1, LIMIT);
        let part: Vec<Value> = found
            .iter()
            .skip(start)
            .take(limit)
            .filter(|message| (max_id == 0 || message.id < max_id) && message.id > min_id)
            .map(|message| message.value(self.user))
            .collect();
        let mut mentioned = mentioned(&part);
        mentioned.add(peer);
        let (users, chats) = (
            mentioned.users(self.state, self.user),
            mentioned.chats(self.state, self.user),
        );
        let nothing: Vec<Value> = Vec::new();
        let count = found.len() as i32;
        if let Peer::Channel(id) = peer {
            let pts = self
                .state
                .channels
                .get(&id)
                .map_or(1, |channel| channel.pts);
            return object!("messages.channelMessages",
                pts: pts, count: count, offset_id_offset: start as i32,
                messages: part, topics: nothing, chats: chats, users: users);
        }
        if part.len() == found.len() {
            return object!("messages.messages", messages: part, topics: nothing, chats: chats, users: users);
        }
        object!("messages.messagesSlice",
            count: count, offset_id_offset: start as i32,
            messages: part, topics: nothing, chats: chats, users: users)
    }

    /// The message an `InputMessage` names; `messageEmpty` where there is none.
    pub(super) fn wanted_message<'m>(
        &self,
        input: &Value,
        find: &dyn Fn(i32) -> Option<&'m Message>,
    ) -> Result<Value, RpcError> {
        let id = int(input, "id");
        let message = match input.name() {
            "inputMessageID" => find(id),
            "inputMessageReplyTo" => find(id).and_then(|message| message.reply_to).and_then(find),
            "inputMessagePinned" => None,
            "inputMessageCallbackQuery" => self
                .state
                .queries
                .get(&input.int("query_id").unwrap_or(0))
                .filter(|query| query.bot == self.user)
                .and_then(|_| find(id)),
            _ => return Err(bad_request("MESSAGE_ID_INVALID")),
        };
        Ok(message.map_or_else(
            || object!("messageEmpty", id: id),
            |message| message.value(self.user),
        ))
    }

    /// `messages.messages` of these.
    pub(super) fn listed(&self, messages: Vec<Value>) -> Value {
        let mentioned = mentioned(&messages);
        let nothing: Vec<Value> = Vec::new();
        object!("messages.messages",
            topics: nothing,
            chats: mentioned.chats(self.state, self.user),
            users: mentioned.users(self.state, self.user),
            messages: messages,
        )
    }
}

/// Whom messages mention.
pub(super) fn mentioned(messages: &[Value]) -> PeerSet {
    let mut mentioned = PeerSet::default();
    mentioned.collect(messages);
    mentioned
}
