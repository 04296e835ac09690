//! Calls that mean another one (specification §2.2): invite links where a hash or a channel is wanted, groups by their
//! bot-API ids, methods under former names.

use std::rc::Rc;

use ext_php_rs::types::{ZendHashTable, Zval};
use madeline_client::convert::{Link, parse_link};
use madeline_client::peers::PeerKind;
use madeline_tl::Definition;

use crate::api::info;
use crate::api::instance::Instance;
use crate::exceptions::Thrown;
use crate::files::implicit;
use crate::zval::sink;

/// Former names of methods.
const RENAMED: [(&str, &str); 5] = [
    (
        "channels.deleteUserHistory",
        "channels.deleteParticipantHistory",
    ),
    (
        "contacts.toggleStoriesHidden",
        "stories.togglePeerStoriesHidden",
    ),
    (
        "stories.getAllReadUserStories",
        "stories.getAllReadPeerStories",
    ),
    ("stories.getUserStories", "stories.getPeerStories"),
    ("users.getStoriesMaxIDs", "stories.getPeerMaxIDs"),
];

/// The methods that take invite links.
const OF_LINKS: [&str; 3] = [
    "channels.joinChannel",
    "messages.checkChatInvite",
    "messages.importChatInvite",
];

/// The methods whose parameters had other names, or another method's.
const OF_FORMS: [&str; 4] = [
    "channels.deleteParticipantHistory",
    "messages.uploadMedia",
    "photos.updateProfilePhoto",
    "photos.uploadProfilePhoto",
];

/// The methods whose `chat_id` is a basic group's.
const OF_GROUPS: [&str; 8] = [
    "messages.addChatUser",
    "messages.deleteChatUser",
    "messages.editChatAdmin",
    "messages.editChatPhoto",
    "messages.editChatTitle",
    "messages.exportChatInvite",
    "messages.getFullChat",
    "messages.migrateChat",
];

/// The present name of a method that had another one.
pub(super) fn renamed(name: &str) -> Option<&'static str> {
    RENAMED
        .iter()
        .find(|(former, _)| *former == name)
        .map(|(_, present)| *present)
}

/// Whether calls of a method may mean another one.
pub(super) fn concerns(method: Definition<'_>) -> bool {
    let name = method.name();
    OF_LINKS.contains(&name) || OF_FORMS.contains(&name) || OF_GROUPS.contains(&name)
}

/// The method and the arguments that a call means, with its files uploaded: mostly those that it has.
pub(super) fn apply<'i>(
    instance: &'i Rc<Instance>,
    method: Definition<'i>,
    arguments: &Zval,
) -> Result<(Definition<'i>, Zval), Thrown> {
    let rewritten = match arguments.array() {
        Some(given) if concerns(method) => rewritten(instance, method, given)?,
        _ => None,
    };
    let (method, arguments) = rewritten.unwrap_or_else(|| (method, arguments.shallow_clone()));
    let expanded = implicit::expand(instance, method, &arguments)?;
    Ok((method, expanded.unwrap_or(arguments)))
}

/// What a call means instead, where it means something else.
fn rewritten<'i>(
    instance: &'i Rc<Instance>,
    method: Definition<'i>,
    given: &ZendHashTable,
) -> Result<Option<(Definition<'i>, Zval)>, Thrown> {
    let value = |key: &str| given.get(key).map(Zval::dereference);
    let link = |key: &str| value(key).and_then(Zval::str).and_then(parse_link);
    let with = |name: &str, key: &str, value: Zval, without: &str| {
        let method = super::method(instance, name)?;
        Ok(Some((method, changed(given, key, value, without)?)))
    };
    let name = method.name();
    match name {
        "messages.importChatInvite" => match link("hash") {
            Some(Link::Invite(hash)) => with(name, "hash", text(hash), ""),
            Some(Link::Username(_) | Link::Peer(_)) => {
                let link = value("hash").map(Zval::shallow_clone).unwrap_or_default();
                with("channels.joinChannel", "channel", link, "hash")
            }
            None => Ok(None),
        },
        "channels.joinChannel" => match link("channel") {
            Some(Link::Invite(hash)) => {
                with("messages.importChatInvite", "hash", text(hash), "channel")
            }
            _ => Ok(None),
        },
        "messages.checkChatInvite" => match link("hash") {
            Some(Link::Invite(hash)) => with(name, "hash", text(hash), ""),
            Some(_) => Err(Thrown::Tl("This is not an invite link!".to_owned())),
            None => Ok(None),
        },
        "channels.deleteParticipantHistory" => match (value("participant"), value("user_id")) {
            (None, Some(user)) => with(name, "participant", user.shallow_clone(), "user_id"),
            _ => Ok(None),
        },
        // People may leave it out; what becomes of a bot's file has to be said.
        "messages.uploadMedia"
            if value("peer").is_none() && !instance.client()?.session().is_bot() =>
        {
            with(name, "peer", text("me"), "")
        }
        "photos.updateProfilePhoto" if value("id").is_none() && value("file").is_some() => {
            let method = super::method(instance, "photos.uploadProfilePhoto")?;
            Ok(Some((method, sink::array(given.to_owned()))))
        }
        "photos.uploadProfilePhoto" if value("file").is_none() && value("id").is_some() => {
            let method = super::method(instance, "photos.updateProfilePhoto")?;
            Ok(Some((method, sink::array(given.to_owned()))))
        }
        _ if OF_GROUPS.contains(&name) => match value("chat_id") {
            Some(chat) if !is_plain(chat) => {
                let (id, _) = info::resolved(instance, chat)?;
                if id.kind() != PeerKind::Chat {
                    let text =
                        "chat_id is not a chat id (only normal groups allowed, not supergroups)!";
                    return Err(Thrown::Exception(text.to_owned()));
                }
                let mut raw = Zval::new();
                raw.set_long(id.raw());
                with(name, "chat_id", raw, "")
            }
            _ => Ok(None),
        },
        _ => Ok(None),
    }
}

/// A group's number as Telegram has it.
fn is_plain(chat: &Zval) -> bool {
    let number = chat.long().or_else(|| chat.str()?.parse().ok());
    number.is_some_and(|number| number >= 0)
}

fn text(text: &str) -> Zval {
    sink::text(text.as_bytes())
}

/// A copy of the arguments with one of them changed and one left out.
fn changed(given: &ZendHashTable, key: &str, value: Zval, without: &str) -> Result<Zval, Thrown> {
    let mut changed = given.to_owned();
    changed.remove(without);
    changed.insert(key, value)?;
    Ok(sink::array(changed))
}
