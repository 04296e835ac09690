//! Files that are no documents and no photos: pictures of people and chats, and what came in secret chats.

use ext_php_rs::types::{ZendHashTable, Zval};

use super::super::mime;
use super::{Found, Info, copy, document, number_text, without_origin};
use crate::exceptions::Thrown;
use crate::zval::{entries, sink};

/// The photo of a user, group or channel.
pub(super) fn peer_photo(peer: &ZendHashTable, photo: &Zval) -> Result<Info, Thrown> {
    let photo = photo.array().ok_or_else(no_photo)?;
    let id = photo.get("photo_id").ok_or_else(no_photo)?;
    let kind = peer.get("_").and_then(Zval::str).unwrap_or_default();
    let number = peer
        .get("id")
        .or_else(|| peer.get("user_id"))
        .and_then(Zval::long)
        .unwrap_or_default();
    let mut place = ZendHashTable::new();
    place.insert("_", "inputPeerPhotoFileLocation")?;
    place.insert("big", true)?;
    place.insert("peer", input_peer(kind, number, peer)?)?;
    place.insert("photo_id", id.shallow_clone())?;
    copy(photo, "dc_id", &mut place)?;
    let mut info = ZendHashTable::new();
    let dc = photo.get("dc_id").and_then(number_text);
    info.insert("InputFileLocation", place)?;
    info.insert("name", format!("{number}_x_{}", dc.unwrap_or_default()))?;
    info.insert("ext", ".jpg")?;
    info.insert("mime", "image/jpeg")?;
    Ok(info)
}

/// A peer as file ids name it brings its access hash along; others are known.
fn input_peer(kind: &str, number: i64, peer: &ZendHashTable) -> Result<Zval, Thrown> {
    let Some(hash) = peer.get("access_hash").filter(|_| kind != "chat") else {
        let mut id = Zval::new();
        id.set_long(match kind {
            "channel" if number > 0 => -1_000_000_000_000 - number,
            "chat" if number > 0 => -number,
            _ => number,
        });
        return Ok(id);
    };
    let mut input = ZendHashTable::new();
    if kind == "channel" {
        input.insert("_", "inputPeerChannel")?;
        let bare = if number < 0 {
            -1_000_000_000_000 - number
        } else {
            number
        };
        input.insert("channel_id", bare)?;
    } else {
        input.insert("_", "inputPeerUser")?;
        input.insert("user_id", number)?;
    }
    input.insert("access_hash", hash.shallow_clone())?;
    Ok(sink::array(input))
}

fn no_photo() -> Thrown {
    Thrown::Exception("expected somebody with a photo, found one without".to_owned())
}

/// A file of a secret chat.
pub(super) fn secret(message: &Zval, around: &ZendHashTable) -> Result<Found, Thrown> {
    let media = message
        .array()
        .and_then(|message| message.get("media"))
        .and_then(Zval::array)
        .ok_or_else(|| absent(around))?;
    secret_media(media, around)
}

/// A medium of a secret chat; its file lies in `around`.
pub(super) fn secret_media(media: &ZendHashTable, around: &ZendHashTable) -> Result<Found, Thrown> {
    if media.get("_").and_then(Zval::str) == Some("decryptedMessageMediaExternalDocument") {
        return document(media, None).map(without_origin);
    }
    let file = around
        .get("file")
        .and_then(Zval::array)
        .ok_or_else(|| absent(around))?;
    let mut place = ZendHashTable::new();
    place.insert("_", "inputEncryptedFileLocation")?;
    for key in ["id", "access_hash", "dc_id"] {
        copy(file, key, &mut place)?;
    }
    let mut info = ZendHashTable::new();
    info.insert("InputFileLocation", place)?;
    for key in ["size", "key", "iv"] {
        copy(media, key, &mut info)?;
    }
    copy(file, "key_fingerprint", &mut info)?;
    let text = |key: &str| media.get(key).and_then(Zval::string);
    let kind = text("mime_type").unwrap_or_else(|| "image/jpeg".to_owned());
    let mut name = text("file_name").unwrap_or_default();
    let attributes = media.get("attributes").and_then(Zval::array);
    for attribute in attributes
        .into_iter()
        .flat_map(entries::values)
        .filter_map(Zval::array)
    {
        if let Some(given) = attribute.get("file_name").and_then(Zval::string) {
            name = given;
        }
    }
    let (mut stem, mut extension) = mime::split(&name.replace('\0', "_"));
    if extension.is_empty() {
        extension = mime::extension_of(&kind);
    }
    if stem.is_empty() {
        let hash = file.get("access_hash").and_then(number_text);
        stem = hash.unwrap_or_default();
    }
    info.insert("name", stem)?;
    info.insert("ext", extension)?;
    info.insert("mime", kind)?;
    Ok(without_origin(info))
}

fn absent(around: &ZendHashTable) -> Thrown {
    let name = around.get("_").and_then(Zval::str).unwrap_or_default();
    Thrown::Exception(format!("{name} has no file"))
}
