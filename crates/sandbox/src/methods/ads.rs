//! Sponsored messages: <https://core.telegram.org/api/sponsored-messages>.

use madeline_tl::{Value, object};

use super::{Call, Outcome};
use crate::error::bad_request;
use crate::state::Peer;

/// `messages.getSponsoredMessages`.
pub(super) fn messages(call: &mut Call<'_>, query: &Value) -> Outcome {
    let peer = call.state.input_peer(call.user, query.get("peer"))?;
    let Peer::Channel(id) = peer else {
        return Ok(object!("messages.sponsoredMessagesEmpty").into());
    };
    let texts = call.state.channels.get(&id).map(|channel| &channel.ads);
    let messages: Vec<Value> = texts
        .into_iter()
        .flatten()
        .enumerate()
        .map(|(number, text)| {
            object!("sponsoredMessage",
                random_id: random_id(id, number),
                url: "https://example.org/",
                title: "Advertisement",
                message: text.as_str(),
                button_text: "Look",
            )
        })
        .collect();
    if messages.is_empty() {
        return Ok(object!("messages.sponsoredMessagesEmpty").into());
    }
    let nobody: Vec<Value> = Vec::new();
    Ok(object!("messages.sponsoredMessages", messages: messages, chats: nobody.clone(), users: nobody).into())
}

/// `messages.viewSponsoredMessage`.
pub(super) fn view(call: &mut Call<'_>, query: &Value) -> Outcome {
    let shown = query.bytes("random_id").unwrap_or_default();
    let exists =
        call.state.channels.iter().any(|(id, channel)| {
            (0..channel.ads.len()).any(|number| random_id(*id, number) == shown)
        });
    if exists {
        Ok(Value::Bool(true).into())
    } else {
        Err(bad_request("RANDOM_ID_INVALID"))
    }
}

/// What an advertisement is known by.
fn random_id(channel: i64, number: usize) -> Vec<u8> {
    let mut id = channel.to_le_bytes().to_vec();
    id.extend_from_slice(&number.to_le_bytes());
    id
}
