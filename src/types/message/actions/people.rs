//! Who wrote a message, and who is in the group or channel: contacts, invitations, bans, what members have written.

use ext_php_rs::types::{ZendHashTable, Zval};
use madeline_client::peers::{PeerId, PeerKind};

use super::{Subject, give, given, int, list, text};
use crate::class::{Frame, Method, Param, Type};
use crate::exceptions::Thrown;
use crate::types::participant;
use crate::zval::entries::values;
use crate::zval::sink;

const SOMEBODY: Type = Type::STRING.or(Type::INT);
const PARTICIPANT: Type = Type::class(c"danog\\MadelineProto\\EventHandler\\Participant");
const MEMBER_OR_SENDER: &[Param] = &[Param::optional(c"member", SOMEBODY.nullable(), c"null")];
const UNTIL: &[Param] = &[Param::optional(c"untilDate", Type::INT, c"0")];

/// What somebody who is banned may not do: nothing is left.
const RIGHTS: [&str; 20] = [
    "view_messages",
    "send_messages",
    "send_media",
    "send_stickers",
    "send_gifs",
    "send_games",
    "send_inline",
    "embed_links",
    "send_polls",
    "change_info",
    "invite_users",
    "pin_messages",
    "manage_topics",
    "send_photos",
    "send_videos",
    "send_roundvideos",
    "send_audios",
    "send_voices",
    "send_docs",
    "send_plain",
];

/// Of any message that somebody has written.
pub(super) const OF_ANYBODY: &[Method] = &[
    Method::new(c"saveContact", |frame: &mut Frame<'_>| {
        let subject = Subject::of(frame, "saveContact")?;
        let or_empty = |index| {
            let given = given(frame, index);
            if given.is_null() { text("") } else { given }
        };
        subject.call(
            "contacts.addContact",
            [
                ("id", subject.sender()),
                ("first_name", given(frame, 0)),
                ("last_name", or_empty(1)),
                ("phone", or_empty(2)),
                (
                    "add_phone_privacy_exception",
                    Zval::from(frame.bool(3).unwrap_or_default()),
                ),
            ],
        )?;
        Ok(())
    })
    .params(&[
        Param::required(c"firstName", Type::STRING),
        Param::optional(c"lastName", Type::STRING.nullable(), c"null"),
        Param::optional(c"phoneNumber", Type::STRING.nullable(), c"null"),
        Param::optional(c"addPhonePrivacyException", Type::BOOL, c"false"),
    ])
    .returns(Type::VOID),
    Method::new(c"removeContact", |frame: &mut Frame<'_>| {
        let subject = Subject::of(frame, "removeContact")?;
        let senders = list([subject.sender()])?;
        subject.call("contacts.deleteContacts", [("id", senders)])?;
        Ok(())
    })
    .returns(Type::VOID),
    Method::new(c"inviteToChannel", |frame: &mut Frame<'_>| {
        let subject = Subject::of(frame, "inviteToChannel")?;
        let users = list([subject.sender()])?;
        subject.call(
            "channels.inviteToChannel",
            [("channel", given(frame, 0)), ("users", users)],
        )?;
        Ok(())
    })
    .params(&[Param::required(c"channel", SOMEBODY)])
    .returns(Type::VOID),
];

/// Of a message in a group.
pub(super) const OF_GROUP: &[Method] = &[
    Method::new(c"getMember", member)
        .params(MEMBER_OR_SENDER)
        .returns(PARTICIPANT),
    Method::new(c"ban", |frame: &mut Frame<'_>| {
        let until = frame.int(0).unwrap_or_default();
        set_banned(&Subject::of(frame, "ban")?, true, until)
    })
    .params(UNTIL)
    .returns(Type::VOID),
    Method::new(c"unban", |frame: &mut Frame<'_>| {
        let until = frame.int(0).unwrap_or_default();
        set_banned(&Subject::of(frame, "unban")?, false, until)
    })
    .params(UNTIL)
    .returns(Type::VOID),
    Method::new(c"kick", |frame: &mut Frame<'_>| {
        let subject = Subject::of(frame, "kick")?;
        set_banned(&subject, true, 0)?;
        set_banned(&subject, false, 0)
    })
    .returns(Type::VOID),
    Method::new(c"deleteAll", |frame: &mut Frame<'_>| {
        let subject = Subject::of(frame, "deleteAll")?;
        subject.call(
            "channels.deleteHistory",
            [
                ("channel", subject.chat()),
                ("for_everyone", Zval::from(frame.bool(0).unwrap_or(true))),
                ("max_id", int(frame.int(1).unwrap_or_default())?),
            ],
        )?;
        Ok(())
    })
    .params(&[
        Param::optional(c"forEveryone", Type::BOOL, c"true"),
        Param::optional(c"maxId", Type::INT, c"0"),
    ])
    .returns(Type::VOID),
    Method::new(c"deleteUserMessages", |frame: &mut Frame<'_>| {
        let subject = Subject::of(frame, "deleteUserMessages")?;
        subject.only_in_channels()?;
        subject.call(
            "channels.deleteParticipantHistory",
            [
                ("channel", subject.chat()),
                ("participant", member_or_sender(frame, &subject)),
            ],
        )?;
        Ok(())
    })
    .params(MEMBER_OR_SENDER)
    .returns(Type::VOID),
    Method::new(c"toSuperGroup", |frame: &mut Frame<'_>| {
        let subject = Subject::of(frame, "toSuperGroup")?;
        if subject.kind() != Some(PeerKind::Chat) {
            return Err(subject.refused(&format!(
                "a message in a basic group was expected, this one is in {}",
                subject.int("chatId")
            )));
        }
        let result = subject.call("messages.migrateChat", [("chat_id", subject.chat())])?;
        frame.give(new_supergroup(&result)?)
    })
    .returns(Type::INT),
];

/// Of a message in a channel.
pub(super) const OF_CHANNEL: &[Method] = &[Method::new(c"getMember", member)
    .params(&[Param::required(c"member", SOMEBODY)])
    .returns(PARTICIPANT)];

fn member_or_sender(frame: &Frame<'_>, subject: &Subject<'_>) -> Zval {
    match frame.present(0) {
        Some(member) => member.shallow_clone(),
        None => subject.sender(),
    }
}

fn member(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let subject = Subject::of(frame, "getMember")?;
    let result = subject.call(
        "channels.getParticipant",
        [
            ("channel", subject.chat()),
            ("participant", member_or_sender(frame, &subject)),
        ],
    )?;
    let found = result.array().and_then(|result| result.get("participant"));
    let object = participant::object(found.and_then(|found| found.dereference().array()))?;
    give(frame, object)
}

/// Bans the sender, or takes the ban back. MadelineProto has the two the wrong way round: its `ban()` forbids nothing.
fn set_banned(subject: &Subject<'_>, banned: bool, until: i64) -> Result<(), Thrown> {
    let mut rights = ZendHashTable::new();
    rights.insert("_", "chatBannedRights")?;
    for right in RIGHTS {
        rights.insert(right, banned)?;
    }
    rights.insert("until_date", until)?;
    subject.call(
        "channels.editBanned",
        [
            ("channel", subject.chat()),
            ("participant", subject.sender()),
            ("banned_rights", sink::array(rights)),
        ],
    )?;
    Ok(())
}

/// The supergroup that a basic group has become.
fn new_supergroup(result: &Zval) -> Result<i64, Thrown> {
    let updates = result.array().and_then(|result| result.get("updates"));
    let updates = updates.and_then(|updates| updates.dereference().array());
    let number = |update: &ZendHashTable| {
        let id = update.get("channel_id")?.long()?;
        // Releases before 8 have Telegram's own numbers.
        let id = if id > 0 {
            PeerId::channel(id)?
        } else {
            PeerId::from_bot_api(id)?
        };
        Some(id.bot_api())
    };
    updates
        .into_iter()
        .flat_map(values)
        .filter_map(|update| update.dereference().array())
        .filter(|update| update.get("_").and_then(Zval::str) == Some("updateChannel"))
        .find_map(number)
        .ok_or_else(|| {
            Thrown::Exception(
                "toSuperGroup(): Telegram did not say which supergroup it is now".to_owned(),
            )
        })
}
