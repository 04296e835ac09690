//! Messages as objects of what a call returned.

use std::rc::Rc;

use ext_php_rs::convert::IntoZval;
use ext_php_rs::types::{ZendHashTable, Zval};
use madeline_client::peers::{PeerId, PeerKind};

use super::classes::{
    ABSTRACT_MESSAGE, CHANNEL_MESSAGE, COMMENT_REPLY, GROUP_MESSAGE, MESSAGE, PRIVATE_MESSAGE,
};
use super::command::Command;
use super::{forwarded, service};
use crate::api::instance::Instance;
use crate::class::{Class, Object};
use crate::exceptions::Thrown;
use crate::types::fields::{Fields, names, number};
use crate::types::{entities, ipc_capable, keyboard, media, poll};
use crate::zval::sink;

/// The object for a message as calls return it: an array. `None` for `messageEmpty`, as in MadelineProto (specification
/// §1.3).
///
/// # Errors
/// `Exception` for messages of secret chats and for what is no message; `PeerNotInDbException` for one in a channel that is not
/// known.
pub(crate) fn wrap(
    instance: &Rc<Instance>,
    message: &ZendHashTable,
    scheduled: bool,
) -> Result<Option<Zval>, Thrown> {
    let fields = Fields::new(message, "message");
    match fields.predicate() {
        "message" => {}
        "messageEmpty" => return Ok(None),
        "messageService" => return wrap_service(instance, &fields),
        name @ ("encryptedMessage" | "encryptedMessageService") => {
            return Err(Thrown::Exception(format!(
                "wrapMessage(): there are no objects for {name} yet: use the array"
            )));
        }
        _ => {
            return Err(Thrown::Exception(format!(
                "wrapMessage(): expected a message, found {}",
                fields.described()
            )));
        }
    }
    let chat = Chat::of(instance, &fields)?;
    let mut object = ipc_capable::new(chat.class, instance);
    let slots = Object::new(&mut object);
    fill_abstract(slots, &fields, &chat)?;
    fill_message(slots, &fields, instance, scheduled)?;
    Ok(Some(object.into_zval(false)?))
}

/// The object for a message that tells what has happened; `None` for what release 8 has no class for, as in MadelineProto.
fn wrap_service(instance: &Rc<Instance>, fields: &Fields<'_>) -> Result<Option<Zval>, Thrown> {
    let action = fields.required_object(&names::ACTION, "message.action")?;
    let Some(kind) = service::Kind::of(&action) else {
        return Ok(None);
    };
    let chat = Chat::of(instance, fields)?;
    let mut object = ipc_capable::new(kind.class, instance);
    let slots = Object::new(&mut object);
    fill_abstract(slots, fields, &chat)?;
    kind.fill(slots, &action, instance)?;
    Ok(Some(object.into_zval(false)?))
}

/// Where a message is, and what that makes of it.
struct Chat<'t> {
    id: i64,
    class: &'static Class,
    /// A supergroup with topics.
    is_forum: bool,
    /// Of a message that `@replies` has passed on: its own number, and who wrote it.
    passed_on: Option<(i64, i64)>,
    reply_to: Option<Fields<'t>>,
}

impl<'t> Chat<'t> {
    fn of(instance: &Rc<Instance>, fields: &Fields<'t>) -> Result<Self, Thrown> {
        let given = fields.peer(&names::PEER_ID)?;
        let id = given.and_then(PeerId::from_bot_api).ok_or_else(|| {
            Thrown::Exception(format!(
                "message.peer_id: expected a peer, found {}",
                given.map_or("nothing".to_owned(), |id| id.to_string())
            ))
        })?;
        let reply_to = fields.object(&names::REPLY_TO, "message.reply_to")?;
        let mut chat = Self {
            id: id.bot_api(),
            class: &GROUP_MESSAGE,
            is_forum: false,
            passed_on: None,
            reply_to,
        };
        match id.kind() {
            PeerKind::User => {
                chat.class = &PRIVATE_MESSAGE;
                chat.pass_on(instance, id, fields)?;
            }
            PeerKind::Channel if fields.flag(&names::POST)? => chat.class = &CHANNEL_MESSAGE,
            PeerKind::Channel => {
                let client = instance.client()?;
                let kind = client.peers().channel_kind(instance.schema(), id)?;
                let kind = kind.ok_or_else(|| Thrown::unknown_peer(&id))?;
                chat.is_forum = kind.forum;
                if !kind.group {
                    chat.class = &CHANNEL_MESSAGE;
                }
            }
            _ => {}
        }
        Ok(chat)
    }

    /// What `@replies` has passed on is a message of another chat.
    fn pass_on(
        &mut self,
        instance: &Rc<Instance>,
        from: PeerId,
        fields: &Fields<'t>,
    ) -> Result<(), Thrown> {
        let Some(forwarded) = fields.object(&names::FWD_FROM, "message.fwd_from")? else {
            return Ok(());
        };
        let id = forwarded.int(&names::SAVED_FROM_MSG_ID)?;
        let sender = forwarded.peer(&names::FROM_ID)?;
        let chat = match &self.reply_to {
            Some(reply_to) => reply_to.peer(&names::REPLY_TO_PEER_ID)?,
            None => None,
        };
        if let (Some(id), Some(sender), Some(chat)) = (id, sender, chat)
            && instance.client()?.peers().find_username("replies")? == Some(from)
        {
            self.class = &COMMENT_REPLY;
            self.id = chat;
            self.passed_on = Some((id, sender));
        }
        Ok(())
    }
}

/// A message's number among those of a topic's beginning: the topic that every forum has.
const GENERAL: i64 = 1;

/// What a message answers, and in which topic and thread.
#[derive(Default)]
struct Place {
    message: Option<i64>,
    topic: Option<i64>,
    thread: Option<i64>,
    scheduled: bool,
}

impl Place {
    fn of(chat: &Chat<'_>) -> Result<Self, Thrown> {
        let header = chat
            .reply_to
            .filter(|header| header.predicate() == "messageReplyHeader");
        let Some(header) = header else {
            return Ok(Self {
                topic: chat.is_forum.then_some(GENERAL),
                ..Self::default()
            });
        };
        let message = header.int(&names::REPLY_TO_MSG_ID)?;
        let top = header.int(&names::REPLY_TO_TOP_ID)?;
        let scheduled = header.flag(&names::REPLY_TO_SCHEDULED)?;
        Ok(if header.flag(&names::FORUM_TOPIC)? {
            // Without a second number the first is the topic's, and no message is answered.
            Self {
                message: top.and(message),
                topic: top.or(message),
                thread: None,
                scheduled,
            }
        } else {
            Self {
                message,
                topic: chat.is_forum.then_some(GENERAL),
                thread: top,
                scheduled,
            }
        })
    }
}

/// The properties of `AbstractMessage`.
fn fill_abstract(object: &Object, fields: &Fields<'_>, chat: &Chat<'_>) -> Result<(), Thrown> {
    let (id, sender) = match chat.passed_on {
        Some(passed_on) => passed_on,
        None => (
            fields.required_int(&names::ID)?,
            fields.peer(&names::FROM_ID)?.unwrap_or(chat.id),
        ),
    };
    let place = Place::of(chat)?;
    ABSTRACT_MESSAGE.fill(
        object,
        [
            number(id),
            Zval::from(fields.flag(&names::OUT)?),
            number(chat.id),
            number(sender),
            number(place.message),
            number(fields.required_int(&names::DATE)?),
            number(place.topic),
            number(place.thread),
            Zval::from(place.scheduled),
            Zval::from(fields.flag(&names::MENTIONED)?),
            Zval::from(fields.flag(&names::SILENT)?),
            number(fields.int(&names::TTL_PERIOD)?),
            Zval::new(),
            Zval::from(false),
        ],
    );
    Ok(())
}

/// The properties of `Message`.
fn fill_message(
    object: &Object,
    fields: &Fields<'_>,
    instance: &Rc<Instance>,
    scheduled: bool,
) -> Result<(), Thrown> {
    let text = fields.required_text(&names::MESSAGE)?;
    let command = Command::of(text.as_bytes())?;
    let protected = fields.flag(&names::NO_FORWARDS)?;
    let forwarded = fields.object(&names::FWD_FROM, "message.fwd_from")?;
    let entities = fields.array(&names::ENTITIES)?;
    let media = fields.array(&names::MEDIA)?;
    let markup = fields.array(&names::REPLY_MARKUP)?;
    MESSAGE.fill(
        object,
        [
            fields.text(&names::MESSAGE)?,
            reactions(fields)?,
            forwarded
                .as_ref()
                .map_or(Ok(Zval::new()), forwarded::info)?,
            command.name,
            command.kind,
            command.arguments,
            Zval::from(protected),
            Zval::new(),
            Zval::new(),
            match media {
                Some(content) => media::wrap(instance, content, protected)?.unwrap_or_default(),
                None => Zval::new(),
            },
            Zval::from(fields.flag(&names::FROM_SCHEDULED)?),
            number(fields.int(&names::VIA_BOT_ID)?),
            number(fields.int(&names::EDIT_DATE)?),
            Zval::from(fields.flag(&names::EDIT_HIDE)?),
            markup.map_or(Ok(Zval::new()), keyboard::of)?,
            Zval::from(match &forwarded {
                Some(from) => from.flag(&names::IMPORTED)?,
                None => false,
            }),
            forwarded.map_or(Ok(Zval::new()), |from| from.text(&names::PSA_TYPE))?,
            Zval::new(),
            number(fields.int(&names::VIEWS)?),
            number(fields.int(&names::FORWARDS)?),
            fields.text(&names::POST_AUTHOR)?,
            entities::received(entities)?,
            number(fields.int(&names::GROUPED_ID)?),
            media.map_or(Ok(Zval::new()), poll::of)?,
            Zval::from(scheduled),
        ],
    );
    Ok(())
}

/// Our own reactions: emojis, and the numbers of custom ones.
fn reactions(fields: &Fields<'_>) -> Result<Zval, Thrown> {
    let Some(reactions) = fields.object(&names::REACTIONS, "message.reactions")? else {
        return Ok(sink::empty());
    };
    let mut own = ZendHashTable::new();
    for count in reactions.objects(&names::RESULTS, "message.reactions.results")? {
        if count.int(&names::CHOSEN_ORDER)?.is_none() {
            continue;
        }
        let reaction = count.object(&names::REACTION, "message.reactions.results.reaction")?;
        let named = reaction.and_then(|reaction| {
            reaction
                .get(&names::EMOTICON)
                .or_else(|| reaction.get(&names::DOCUMENT_ID))
        });
        if let Some(named) = named {
            own.push(named.shallow_clone())?;
        }
    }
    Ok(sink::array(own))
}
