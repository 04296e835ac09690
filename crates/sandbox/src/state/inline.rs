//! Messages that were sent through a bot. It need not be in the chat and does not see them; it gets an id that stands for one.

use madeline_tl::{Value, object};

use super::{Peer, State};

impl State {
    /// `inputBotInlineMessageID64` of a message that was sent through a bot. `owner_id` is the author, whose number of the message
    /// is the id, or the negative number of the channel.
    pub(crate) fn inline_id(&self, viewer: i64, place: Peer, id: i32) -> Option<Value> {
        let message = self.message(viewer, place, id)?;
        let (bot, author) = (message.via?, message.author);
        let (owner, id) = match place {
            Peer::Channel(channel) => (-channel, id),
            _ => (author, self.same_message(viewer, id, author)?),
        };
        Some(object!("inputBotInlineMessageID64",
            dc_id: self.users.get(&author)?.dc,
            owner_id: owner,
            id: id,
            access_hash: self.access_hash(bot, Peer::User(author)),
        ))
    }

    /// Author, chat as the author sees it, and number of the message that a bot means by such an id.
    pub(crate) fn inline_message(&self, bot: i64, id: &Value) -> Option<(i64, Peer, i32)> {
        let owner = id.int("owner_id").ok()?;
        let number = id.int("id").ok().and_then(|id| i32::try_from(id).ok())?;
        let message = match u64::try_from(owner) {
            Ok(_) => self.users.get(&owner)?.mailbox.messages.get(&number)?,
            Err(_) => self.message(bot, Peer::Channel(owner.checked_neg()?), number)?,
        };
        let (author, place) = (message.author, message.peer);
        let is_meant =
            message.via == Some(bot) && self.inline_id(author, place, number).as_ref() == Some(id);
        is_meant.then_some((author, place, number))
    }
}
