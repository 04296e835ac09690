//! The bot API's file ids as arrays of Telegram's API, and files in the bot API's messages.

use std::rc::Rc;

use ext_php_rs::types::{ZendHashTable, Zval};
use madeline_client::files::file_id::{FileId, Kind, Place, Source};

use super::{classes, info};
use crate::api;
use crate::api::instance::Instance;
use crate::class::Frame;
use crate::exceptions::Thrown;
use crate::types::bytes;
use crate::types::media::{MEDIA, held};
use crate::zval::{entries, sink};

/// `unpackFileId()`
pub(super) fn unpack_file_id(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let unpacked = unpack(&frame.text(0).unwrap_or_default())?;
    frame.give_zval(unpacked);
    Ok(())
}

/// `extractBotAPIFile()`
pub(super) fn extract_bot_api_file(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let file = frame.array(0).map(extract).transpose()?.flatten();
    frame.give_zval(file.unwrap_or_default());
    Ok(())
}

/// `getFileInfo()`
pub(super) fn file_info(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let nothing = Zval::new();
    let info = forms(api::instance(frame)?, frame.arg(0).unwrap_or(&nothing))?;
    frame.give_zval(info);
    Ok(())
}

/// What a file id stands for: `MessageMedia`, `InputFileLocation`, `User` or `Chat`.
pub(super) fn unpack(text: &str) -> Result<Zval, Thrown> {
    let file = FileId::parse(text).map_err(|error| {
        Thrown::Exception(format!(
            "expected a file id of the bot API, found '{text}': {error}"
        ))
    })?;
    let mut unpacked = ZendHashTable::new();
    match &file.place {
        Place::Web { .. } => {
            return Err(Thrown::Exception(format!(
                "the file id '{text}' is of a file of the web, which is not kept by Telegram"
            )));
        }
        Place::Document { id, access_hash } => {
            unpacked.insert("MessageMedia", document(&file, *id, *access_hash)?)?;
        }
        Place::Photo {
            id,
            access_hash,
            source,
            legacy,
        } => match *source {
            Source::Dialog {
                id: peer,
                access_hash: hash,
                ..
            } => {
                let (key, value) = dialog(&file, *id, peer, hash)?;
                unpacked.insert(key, value)?;
            }
            Source::Thumbnail { letter, .. } if file.kind == Kind::Photo => {
                unpacked.insert("MessageMedia", photo(&file, *id, *access_hash, letter)?)?;
            }
            Source::Thumbnail { kind, letter } => {
                thumbnail(&mut unpacked, &file, [*id, *access_hash], kind, letter)?;
            }
            Source::StickerSet { id, access_hash } => {
                sticker_set(&mut unpacked, &file, id, access_hash, 0)?;
            }
            Source::StickerSetVersion {
                id,
                access_hash,
                version,
            } => sticker_set(&mut unpacked, &file, id, access_hash, version)?,
            Source::Legacy { secret } | Source::FullLegacy { secret, .. } => {
                let place = match (source, legacy) {
                    (Source::FullLegacy { place, .. }, _) => Some(*place),
                    (_, legacy) => *legacy,
                };
                let mut location =
                    location("inputPhotoLegacyFileLocation", &file, *id, *access_hash)?;
                location.insert("secret", secret)?;
                location.insert("volume_id", place.map_or(0, |place| place.volume))?;
                location.insert("local_id", i64::from(place.map_or(0, |place| place.local)))?;
                unpacked.insert("InputFileLocation", location)?;
                described(&mut unpacked, &id.to_string())?;
            }
            Source::DialogLegacy { .. } | Source::StickerSetLegacy { .. } => {
                return Err(Thrown::Exception(format!(
                    "the file id '{text}' is of a place that Telegram has given up"
                )));
            }
        },
    }
    Ok(sink::array(unpacked))
}

fn described(unpacked: &mut ZendHashTable, name: &str) -> Result<(), Thrown> {
    unpacked.insert("name", name)?;
    unpacked.insert("ext", ".jpg")?;
    unpacked.insert("mime", "image/jpeg")?;
    Ok(())
}

/// A file reference as results have it.
fn reference(file: &FileId) -> Zval {
    let mut value = Zval::new();
    let object = bytes::new(&file.reference);
    // SAFETY: a new object, whose only reference the value takes over.
    unsafe {
        value.set_object(&mut *object);
        (*object).gc.refcount -= 1;
    }
    value
}

fn location(
    constructor: &str,
    file: &FileId,
    id: i64,
    access_hash: i64,
) -> Result<info::Info, Thrown> {
    let mut location = ZendHashTable::new();
    location.insert("_", constructor)?;
    location.insert("id", id)?;
    location.insert("access_hash", access_hash)?;
    location.insert("file_reference", reference(file))?;
    location.insert("dc_id", i64::from(file.dc))?;
    Ok(location)
}

fn thumbnail(
    unpacked: &mut ZendHashTable,
    file: &FileId,
    [id, access_hash]: [i64; 2],
    kind: i32,
    letter: u8,
) -> Result<(), Thrown> {
    let of_photo = kind == Kind::Photo as i32;
    let constructor = if of_photo {
        "inputPhotoFileLocation"
    } else {
        "inputDocumentFileLocation"
    };
    let letter = char::from(letter).to_string();
    let mut location = location(constructor, file, id, access_hash)?;
    location.insert("thumb_size", letter.as_str())?;
    unpacked.insert("InputFileLocation", location)?;
    described(unpacked, &format!("{id}_{letter}"))
}

fn sticker_set(
    unpacked: &mut ZendHashTable,
    file: &FileId,
    id: i64,
    access_hash: i64,
    version: i32,
) -> Result<(), Thrown> {
    let mut set = ZendHashTable::new();
    set.insert("_", "inputStickerSetID")?;
    set.insert("id", id)?;
    set.insert("access_hash", access_hash)?;
    let mut location = ZendHashTable::new();
    location.insert("_", "inputStickerSetThumb")?;
    location.insert("stickerset", set)?;
    location.insert("thumb_version", i64::from(version))?;
    location.insert("dc_id", i64::from(file.dc))?;
    unpacked.insert("InputFileLocation", location)?;
    described(unpacked, &id.to_string())
}

/// A user, group or channel of which no more is known than its photo.
fn dialog(
    file: &FileId,
    photo_id: i64,
    peer: i64,
    access_hash: i64,
) -> Result<(&'static str, info::Info), Thrown> {
    let (key, kind, photo_kind) = match peer {
        ..=-1_000_000_000_001 => ("Chat", "channel", "chatPhoto"),
        -1_000_000_000_000..=-1 => ("Chat", "chat", "chatPhoto"),
        _ => ("User", "user", "userProfilePhoto"),
    };
    let mut photo = ZendHashTable::new();
    photo.insert("_", photo_kind)?;
    photo.insert("dc_id", i64::from(file.dc))?;
    photo.insert("photo_id", photo_id)?;
    let mut value = ZendHashTable::new();
    value.insert("_", kind)?;
    value.insert("id", peer)?;
    value.insert("access_hash", access_hash)?;
    value.insert("photo", photo)?;
    value.insert("min", true)?;
    Ok((key, value))
}

fn photo(file: &FileId, id: i64, access_hash: i64, letter: u8) -> Result<info::Info, Thrown> {
    let mut size = ZendHashTable::new();
    size.insert("_", "photoSize")?;
    size.insert("type", char::from(letter).to_string())?;
    let mut sizes = ZendHashTable::new();
    sizes.push(size)?;
    let mut photo = location("photo", file, id, access_hash)?;
    photo.insert("sizes", sizes)?;
    let mut media = ZendHashTable::new();
    media.insert("_", "messageMediaPhoto")?;
    media.insert("photo", photo)?;
    Ok(media)
}

fn document(file: &FileId, id: i64, access_hash: i64) -> Result<info::Info, Thrown> {
    let (mime, attribute) = match file.kind {
        Kind::Voice => ("audio/ogg", Some("documentAttributeAudio")),
        Kind::Audio => ("audio/mpeg", Some("documentAttributeAudio")),
        Kind::Video | Kind::VideoNote => ("video/mp4", Some("documentAttributeVideo")),
        Kind::Animation => ("video/mp4", Some("documentAttributeAnimated")),
        Kind::Sticker => ("image/webp", Some("documentAttributeSticker")),
        _ => (super::mime::UNKNOWN, None),
    };
    let mut attributes = ZendHashTable::new();
    if let Some(constructor) = attribute {
        let mut attribute = ZendHashTable::new();
        attribute.insert("_", constructor)?;
        match file.kind {
            Kind::Voice | Kind::Audio => {
                attribute.insert("voice", file.kind == Kind::Voice)?;
                attribute.insert("duration", 0)?;
            }
            Kind::Video | Kind::VideoNote => {
                attribute.insert("round_message", file.kind == Kind::VideoNote)?;
                attribute.insert("duration", 0)?;
                attribute.insert("w", 0)?;
                attribute.insert("h", 0)?;
            }
            Kind::Sticker => {
                let mut set = ZendHashTable::new();
                set.insert("_", "inputStickerSetEmpty")?;
                attribute.insert("alt", "")?;
                attribute.insert("stickerset", set)?;
            }
            _ => {}
        }
        attributes.push(attribute)?;
    }
    let mut document = location("document", file, id, access_hash)?;
    document.insert("mime_type", mime)?;
    document.insert("attributes", attributes)?;
    let mut media = ZendHashTable::new();
    media.insert("_", "messageMediaDocument")?;
    media.insert("document", document)?;
    Ok(media)
}

/// The file in a message of the bot API's, with its `file_type`; of photos the largest.
pub(crate) fn extract(message: &ZendHashTable) -> Result<Option<Zval>, Thrown> {
    let found = Kind::ALL.into_iter().find_map(|kind| {
        let file = message.get(kind.name())?.dereference().array()?;
        Some((kind, file))
    });
    let Some((kind, file)) = found else {
        return Ok(None);
    };
    let largest = || {
        entries::values(file)
            .filter_map(|size| size.dereference().array())
            .max_by_key(|size| {
                let side = |key: &str| size.get(key).and_then(Zval::long).unwrap_or_default();
                side("width").saturating_mul(side("height"))
            })
    };
    let file = if kind == Kind::Photo {
        largest()
    } else {
        Some(file)
    };
    let Some(file) = file else {
        return Ok(None);
    };
    let mut file = file.to_owned();
    file.insert("file_type", kind.name())?;
    Ok(Some(sink::array(file)))
}

/// A file in all forms that calls may want: `MessageMedia`, `Document` or `Photo`, `InputMedia`, `InputDocument` …
pub(super) fn forms(instance: &Rc<Instance>, file: &Zval) -> Result<Zval, Thrown> {
    let media = media_of(file)?;
    let Some(table) = media.array() else {
        return Err(unusable(&crate::function::type_name(&media)));
    };
    let kind = table.get("_").and_then(Zval::string).unwrap_or_default();
    let mut forms = ZendHashTable::new();
    let declared = instance.schema().constructor(&kind);
    if let Some(madeline_tl::Ty::Boxed(id)) = declared.map(madeline_tl::Definition::ty) {
        forms.insert(instance.schema().type_name(id), media.shallow_clone())?;
    }
    let of_photo = matches!(kind.as_str(), "photo" | "messageMediaPhoto" | "inputPhoto");
    match kind.as_str() {
        "messageMediaPhoto" | "messageMediaDocument" => {
            let key = if of_photo { "photo" } else { "document" };
            let inner = table.get(key).and_then(Zval::array);
            sendable(&mut forms, key, inner.ok_or_else(no_access)?, Some(table))?;
        }
        "photo" | "document" => {
            sendable(&mut forms, &kind, table, None)?;
            let shown = if of_photo {
                "messageMediaPhoto"
            } else {
                "messageMediaDocument"
            };
            forms.insert("MessageMedia", wrapped(shown, &kind, Some(&media))?)?;
        }
        "inputPhoto" | "inputDocument" => {
            let input = if of_photo {
                "inputMediaPhoto"
            } else {
                "inputMediaDocument"
            };
            forms.insert("InputMedia", wrapped(input, "id", Some(&media))?)?;
        }
        "messageMediaDice" => {
            let emoticon = table.get("emoticon");
            let input = wrapped("inputMediaDice", "emoticon", emoticon)?;
            forms.insert("InputMedia", input)?;
        }
        "messageMediaPoll" => {
            let input = wrapped("inputMediaPoll", "poll", table.get("poll"))?;
            forms.insert("InputMedia", input)?;
        }
        "poll" => {
            let input = wrapped("inputMediaPoll", "poll", Some(&media))?;
            forms.insert("InputMedia", input)?;
        }
        "messageMediaStory" => {
            let mut input = table.to_owned();
            input.insert("_", "inputMediaStory")?;
            forms.insert("InputMedia", input)?;
        }
        other => return Err(unusable(other)),
    }
    Ok(sink::array(forms))
}

/// The media in what stands for some: a file id, an update, a message.
fn media_of(file: &Zval) -> Result<Zval, Thrown> {
    let mut media = file.dereference().shallow_clone();
    if let Some(object) = classes::BOT_API_FILE_ID.object(&media) {
        media = classes::BOT_API_FILE_ID.read(object, "fileId");
    }
    if let Some(held) = held(&media)? {
        media = id_of(&held)?;
    }
    if let Some(text) = media.string() {
        let unpacked = unpack(&text)?;
        let inner = unpacked
            .array()
            .and_then(|unpacked| unpacked.get("MessageMedia"))
            .map(Zval::shallow_clone);
        media = inner.ok_or_else(|| {
            Thrown::Exception(format!(
                "the file id {text} is of a photo of somebody or of a thumbnail, which cannot be sent again"
            ))
        })?;
    }
    for key in ["message", "media"] {
        let inner = media.array().and_then(|table| {
            let kind = table.get("_").and_then(Zval::str)?;
            let holds = match key {
                "message" => kind.starts_with("update"),
                _ => kind == "message",
            };
            holds
                .then(|| table.get(key).map(Zval::shallow_clone))
                .flatten()
        });
        media = inner.unwrap_or(media);
    }
    Ok(media)
}

/// The bot API's id of a `Media` object.
fn id_of(media: &Zval) -> Result<Zval, Thrown> {
    let read = |name: &str| MEDIA.object(media).map(|media| MEDIA.read(media, name));
    if read("encrypted").is_some_and(|encrypted| encrypted.is_true()) {
        return Err(Thrown::Exception(
            "files of secret chats cannot be sent again as they are: download them first"
                .to_owned(),
        ));
    }
    let id = read("botApiFileId").filter(Zval::is_string);
    id.ok_or_else(|| unusable(&crate::function::type_name(media)))
}

/// An object with one field.
fn wrapped(constructor: &str, key: &str, value: Option<&Zval>) -> Result<info::Info, Thrown> {
    let mut object = ZendHashTable::new();
    object.insert("_", constructor)?;
    if let Some(value) = value {
        object.insert(key, value.shallow_clone())?;
    }
    Ok(object)
}

fn unusable(what: &str) -> Thrown {
    Thrown::Exception(format!("Could not convert media object of type {what}"))
}

fn no_access() -> Thrown {
    Thrown::Exception("No access hash".to_owned())
}

/// A photo or document as calls take it.
fn sendable(
    forms: &mut ZendHashTable,
    kind: &str,
    file: &ZendHashTable,
    media: Option<&ZendHashTable>,
) -> Result<(), Thrown> {
    let (ty, input_ty, input, input_media) = if kind == "photo" {
        ("Photo", "InputPhoto", "inputPhoto", "inputMediaPhoto")
    } else {
        (
            "Document",
            "InputDocument",
            "inputDocument",
            "inputMediaDocument",
        )
    };
    if file.get("access_hash").is_none() {
        return Err(no_access());
    }
    let mut named = ZendHashTable::new();
    named.insert("_", input)?;
    for key in ["id", "access_hash", "file_reference"] {
        if let Some(value) = file.get(key) {
            named.insert(key, value.shallow_clone())?;
        }
    }
    let mut sent = ZendHashTable::new();
    sent.insert("_", input_media)?;
    sent.insert("id", named.clone())?;
    for key in ["ttl_seconds", "spoiler"] {
        let value = media.and_then(|media| media.get(key));
        if let Some(value) = value.filter(|value| value.coerce_to_bool()) {
            sent.insert(key, value.shallow_clone())?;
        }
    }
    forms.insert(ty, file.to_owned())?;
    forms.insert(input_ty, named)?;
    forms.insert("InputMedia", sent)?;
    Ok(())
}
