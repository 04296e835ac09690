//! `\danog\MadelineProto\EventHandler\Participant`: members of supergroups and channels, one class for each kind
//! (`ChannelParticipant` of Telegram's schema), and their rights.

use ext_php_rs::convert::IntoZval;
use ext_php_rs::types::{ZendHashTable, Zval};

use super::{fields, update};
use crate::class::{Base, Class, Frame, Method, Object, Param, Property, Type, c_str, type_name};
use crate::exceptions::Thrown;
use crate::zval::{entries, sink};

/// What all of them are.
static PARTICIPANT: Class = Class {
    name: c"danog\\MadelineProto\\EventHandler\\Participant",
    flags: Class::ABSTRACT,
    interfaces: &[Base::JsonSerializable],
    methods: &[
        Method::new(c"fromRawParticipant", |frame: &mut Frame<'_>| {
            let participant = object(frame.array(0))?;
            frame.give_zval(participant);
            Ok(())
        })
        .params(&[Param::required(c"rawParticipant", Type::ARRAY)])
        .returns(Type::class(
            c"danog\\MadelineProto\\EventHandler\\Participant",
        ))
        .of_class(),
        Method::new(c"jsonSerialize", update::json_serialize).returns(Type::MIXED),
    ],
    ..Class::DEFAULT
};

/// What all rights are.
static RIGHTS: Class = Class {
    name: c"danog\\MadelineProto\\EventHandler\\Participant\\Rights",
    flags: Class::ABSTRACT,
    interfaces: &[Base::JsonSerializable],
    methods: &[Method::new(c"jsonSerialize", update::json_serialize).returns(Type::MIXED)],
    ..Class::DEFAULT
};

/// What becomes of a field of the schema.
#[derive(Clone, Copy)]
enum Field {
    /// A flag; it is not set where it is absent.
    Flag,
    /// An int that is always there.
    Int,
    /// An int, or null.
    IntOrNull,
    /// A peer, as the bot API's number.
    Peer,
    /// A text, or this one where it is absent.
    Text(&'static str),
    AdminRights,
    BannedRights,
}

impl Field {
    const fn ty(self) -> Type {
        match self {
            Self::Flag => Type::BOOL,
            Self::Int | Self::Peer => Type::INT,
            Self::IntOrNull => Type::INT.nullable(),
            Self::Text(_) => Type::STRING,
            Self::AdminRights => {
                Type::class(c"danog\\MadelineProto\\EventHandler\\Participant\\Rights\\Admin")
            }
            Self::BannedRights => {
                Type::class(c"danog\\MadelineProto\\EventHandler\\Participant\\Rights\\Banned")
            }
        }
    }
}

impl Field {
    /// What the schema has there, for errors.
    const fn wanted(self) -> &'static str {
        match self {
            Self::Flag => "a bool",
            Self::Int | Self::IntOrNull => "an int",
            Self::Peer => "a peer",
            Self::Text(_) => "a string",
            Self::AdminRights | Self::BannedRights => "an object",
        }
    }
}

/// A class, the constructor it is of, and its fields: property, key and what becomes of it.
struct Kind {
    class: &'static Class,
    constructor: &'static str,
    fields: &'static [(&'static str, &'static str, Field)],
}

macro_rules! kinds {
    ($($kind:ident $class:ident $name:literal $parent:ident $constructor:literal
        [$($property:literal $key:literal $field:expr;)*])*) => {
        $(
            #[doc = concat!("`", $constructor, "`.")]
            static $class: Class = Class {
                name: c_str(concat!("danog\\MadelineProto\\EventHandler\\Participant\\", $name, "\0")),
                flags: Class::FINAL,
                parent: Some(Base::Ours(&$parent)),
                properties: &[$(
                    Property::filled(c_str(concat!($property, "\0")), $field.ty())
                ),*],
                methods: &[Method::new(c"__construct", |frame: &mut Frame<'_>| {
                    match frame.array(0) {
                        Some(raw) => $kind.fill(frame.this()?, raw),
                        None => Ok(()),
                    }
                })
                .params(&[Param::required(c"raw", Type::ARRAY)])],
                ..Class::DEFAULT
            };
            static $kind: Kind = Kind {
                class: &$class,
                constructor: $constructor,
                fields: &[$(($property, $key, $field)),*],
            };
        )*

        static KINDS: &[&Kind] = &[$(&$kind),*];

        /// The classes of this module, parents first.
        pub(super) static CLASSES: &[&Class] = &[&PARTICIPANT, &RIGHTS, $(&$class),*];
    };
}

kinds! {
    ADMIN_RIGHTS ADMIN_RIGHTS_CLASS "Rights\\Admin" RIGHTS "chatAdminRights" [
        "changeInfo" "change_info" Field::Flag;
        "postMessages" "post_messages" Field::Flag;
        "editMessages" "edit_messages" Field::Flag;
        "deleteMessages" "delete_messages" Field::Flag;
        "banUsers" "ban_users" Field::Flag;
        "inviteUsers" "invite_users" Field::Flag;
        "pinMessages" "pin_messages" Field::Flag;
        "addAdmins" "add_admins" Field::Flag;
        "anonymous" "anonymous" Field::Flag;
        "manageCall" "manage_call" Field::Flag;
        "other" "other" Field::Flag;
        "manageTopics" "manage_topics" Field::Flag;
    ]
    BANNED_RIGHTS BANNED_RIGHTS_CLASS "Rights\\Banned" RIGHTS "chatBannedRights" [
        "viewMessages" "view_messages" Field::Flag;
        "sendMessages" "send_messages" Field::Flag;
        "sendMedia" "send_media" Field::Flag;
        "sendStickers" "send_stickers" Field::Flag;
        "sendGifs" "send_gifs" Field::Flag;
        "sendGames" "send_games" Field::Flag;
        "sendInline" "send_inline" Field::Flag;
        "embedLinks" "embed_links" Field::Flag;
        "sendPolls" "send_polls" Field::Flag;
        "changeInfo" "change_info" Field::Flag;
        "inviteUsers" "invite_users" Field::Flag;
        "pinMessages" "pin_messages" Field::Flag;
        "manageTopics" "manage_topics" Field::Flag;
        "sendPhotos" "send_photos" Field::Flag;
        "sendVideos" "send_videos" Field::Flag;
        "sendRoundvideos" "send_roundvideos" Field::Flag;
        "sendAudios" "send_audios" Field::Flag;
        "sendDocs" "send_docs" Field::Flag;
        "sendPlain" "send_plain" Field::Flag;
        "untilDate" "until_date" Field::Int;
    ]
    MEMBER MEMBER_CLASS "Member" PARTICIPANT "channelParticipant" [
        "userId" "user_id" Field::Int;
        "date" "date" Field::Int;
    ]
    LEFT LEFT_CLASS "Left" PARTICIPANT "channelParticipantLeft" [
        "peer" "peer" Field::Peer;
    ]
    MYSELF MYSELF_CLASS "MySelf" PARTICIPANT "channelParticipantSelf" [
        "viaRequest" "via_request" Field::Flag;
        "userId" "user_id" Field::Int;
        "inviterId" "inviter_id" Field::IntOrNull;
        "date" "date" Field::Int;
    ]
    ADMIN ADMIN_CLASS "Admin" PARTICIPANT "channelParticipantAdmin" [
        "canEdit" "can_edit" Field::Flag;
        "self" "self" Field::Flag;
        "userId" "user_id" Field::Int;
        "inviterId" "inviter_id" Field::IntOrNull;
        "promotedBy" "promoted_by" Field::Int;
        "date" "date" Field::Int;
        "adminRights" "admin_rights" Field::AdminRights;
        "rank" "rank" Field::Text("admin");
    ]
    BANNED BANNED_CLASS "Banned" PARTICIPANT "channelParticipantBanned" [
        "left" "left" Field::Flag;
        "peer" "peer" Field::Peer;
        "kickedBy" "kicked_by" Field::Int;
        "date" "date" Field::Int;
        "bannedRights" "banned_rights" Field::BannedRights;
    ]
    CREATOR CREATOR_CLASS "Creator" PARTICIPANT "channelParticipantCreator" [
        "userId" "user_id" Field::Int;
        "adminRights" "admin_rights" Field::AdminRights;
        "rank" "rank" Field::Text("Owner");
    ]
}

/// The object for a `ChannelParticipant`.
pub(super) fn object(raw: Option<&ZendHashTable>) -> Result<Zval, Thrown> {
    let name = raw.and_then(|raw| raw.get("_")).and_then(Zval::str);
    let is_participant = |class: &Class| matches!(class.parent, Some(Base::Ours(parent)) if std::ptr::eq(parent, &raw const PARTICIPANT));
    let kind = KINDS
        .iter()
        .find(|kind| Some(kind.constructor) == name && is_participant(kind.class));
    match (raw, kind) {
        (Some(raw), Some(kind)) => kind.object(raw),
        _ => Err(Thrown::Assertion(format!(
            "a constructor of ChannelParticipant was expected, found \"{}\"",
            name.unwrap_or_default()
        ))),
    }
}

impl Kind {
    fn object(&self, raw: &ZendHashTable) -> Result<Zval, Thrown> {
        let mut object = self.class.instantiate();
        self.fill(Object::new(&mut object), raw)?;
        Ok(object.into_zval(false)?)
    }

    /// Gives an object its properties; what is missing, or of another kind, is an error.
    fn fill(&self, object: &Object, raw: &ZendHashTable) -> Result<(), Thrown> {
        for (property, key, field) in self.fields {
            let given = entries::present(raw, key);
            let value = match (field, given) {
                (Field::Flag, None) => Some(Zval::from(false)),
                (Field::Flag, Some(given)) if given.is_bool() => Some(given.shallow_clone()),
                (Field::IntOrNull, None) => Some(Zval::new()),
                (Field::Int | Field::IntOrNull, Some(given)) if given.is_long() => {
                    Some(given.shallow_clone())
                }
                (Field::Peer, Some(given)) => {
                    let number = fields::peer(given);
                    number.map(|number| number.into_zval(false)).transpose()?
                }
                (Field::Text(text), None) => Some(sink::text(text.as_bytes())),
                (Field::Text(_), Some(given)) if given.is_string() => Some(given.shallow_clone()),
                (Field::AdminRights, Some(given)) => given
                    .array()
                    .map(|raw| ADMIN_RIGHTS.object(raw))
                    .transpose()?,
                (Field::BannedRights, Some(given)) => given
                    .array()
                    .map(|raw| BANNED_RIGHTS.object(raw))
                    .transpose()?,
                _ => None,
            };
            let value = value.ok_or_else(|| {
                Thrown::Exception(format!(
                    "{}.{key}: expected {}, found {}",
                    self.constructor,
                    field.wanted(),
                    given.map_or_else(|| "nothing".to_owned(), type_name)
                ))
            })?;
            self.class.write(object, property, value)?;
        }
        Ok(())
    }
}
