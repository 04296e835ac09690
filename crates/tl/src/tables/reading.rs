//! What scripts see of each parameter and constructor: Telegram's names that MadelineProto gives a meaning to.
//!
//! All of it is decided here, once, when the tables are made; the decoder only follows the rows.

use super::{Making, Reading, Ty};

/// What the rules look at.
pub(crate) struct Place<'t> {
    /// The name of the constructor.
    pub(crate) constructor: &'t str,
    /// The name of its type.
    pub(crate) result: &'t str,
    /// The name of the parameter.
    pub(crate) name: &'t str,
    /// The name of the parameter's type, as the TL file spells it.
    pub(crate) type_name: &'t str,
    pub(crate) ty: Ty,
    pub(crate) optional: bool,
}

/// The readings of a constructor's parameter in the shapes V8, V7 and V4.
pub(crate) fn of_param(place: &Place<'_>) -> [Reading; 3] {
    if let Some(reading) = in_every_shape(place) {
        return [reading; 3];
    }
    [in_v8(place), in_arrays(place), in_v4(place)]
}

fn in_every_shape(place: &Place<'_>) -> Option<Reading> {
    let reading = match (place.constructor, place.name, place.ty) {
        (_, "random_bytes", Ty::Bytes | Ty::String) => Reading::Padding,
        ("user" | "channel" | "channelForbidden" | "channelFull", "access_hash", Ty::Long) => {
            Reading::AccessHash
        }
        // A number by that name; flags words themselves never come here.
        (_, "flags", Ty::Int) => Reading::Skip,
        ("documentAttributeAudio", "waveform", Ty::Bytes) => Reading::Waveform,
        ("dcOption", "secret", Ty::Bytes)
        | (
            _,
            "peer_tag" | "file_token" | "cdn_key" | "cdn_iv" | "encryption_key" | "encryption_iv",
            Ty::Bytes,
        ) => Reading::Text,
        (_, "key_fingerprint" | "server_salt" | "new_server_salt" | "ping_id", Ty::Long)
        | (_, "server_public_key_fingerprints", Ty::Vector(_)) => Reading::RawLong,
        _ => return None,
    };
    Some(reading)
}

/// Ids in the form of the bot API.
fn in_v8(place: &Place<'_>) -> Reading {
    match (place.constructor, place.name, place.ty) {
        (_, "chat_id" | "migrated_from_chat_id", Ty::Long)
        | ("chat" | "chatForbidden" | "chatFull", "id", Ty::Long) => Reading::Chat,
        (_, "channel_id", Ty::Long) => Reading::Channel,
        ("channel" | "channelForbidden" | "channelFull", "id", Ty::Long) => Reading::OwnChannel,
        _ => Reading::Plain,
    }
}

/// Before version 8: Telegram's own ids, and an absent optional `Bool` is false.
fn in_arrays(place: &Place<'_>) -> Reading {
    if place.ty == Ty::Bool && place.optional {
        Reading::OrFalse
    } else {
        Reading::Plain
    }
}

/// Before version 5 messages had the sender as a number and the chat under `to_id`.
fn in_v4(place: &Place<'_>) -> Reading {
    match (place.result, place.name, place.type_name) {
        ("Message", "from_id", "Peer") => Reading::PeerNumber,
        ("Message", "peer_id", "Peer") => Reading::PeerTwice,
        _ => in_arrays(place),
    }
}

/// What becomes of a whole constructor with parameters of these types.
pub(crate) fn of_constructor(name: &str, types: &[Ty]) -> Making {
    match (name, types) {
        ("boolTrue" | "true", []) => Making::BoolTrue,
        ("boolFalse", []) => Making::BoolFalse,
        ("jsonNull", []) => Making::Null,
        ("peerUser" | "peerChat" | "peerChannel", [Ty::Long]) => Making::Peer,
        ("dataJSON", [Ty::String]) => Making::DataJson,
        ("jsonBool" | "jsonNumber" | "jsonString" | "jsonArray", [_]) => Making::JsonScalar,
        ("jsonObject", [Ty::Vector(_)]) => Making::JsonObject,
        ("photoStrippedSize", [Ty::String, Ty::Bytes]) => Making::StrippedSize,
        _ => Making::Map,
    }
}

/// Whether the decoder reports the bytes of this constructor to the peer store.
pub(crate) fn is_peer(name: &str, result: &str) -> bool {
    matches!(result, "User" | "Chat" | "UserFull" | "ChatFull") && !name.contains('.')
}

/// Whether encoding asks `Convert::field` about a parameter: those that bot-API names and parse modes can fill.
pub(crate) fn is_hooked(name: &str) -> bool {
    matches!(
        name,
        "caption"
            | "entities"
            | "message"
            | "no_webpage"
            | "peer"
            | "reply_markup"
            | "reply_to"
            | "reply_to_msg_id"
            | "silent"
    )
}

/// Whether encoding asks `Convert::object` about a constructor: those that clients receive but may not send.
pub(crate) fn is_rewritten(name: &str) -> bool {
    name == "messageEntityMentionName"
}
