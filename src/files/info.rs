//! What is known of a file of Telegram's, in every form that scripts hand in: `getDownloadInfo()`.

mod others;

use std::rc::Rc;

use ext_php_rs::types::{ZendHashTable, Zval};
use madeline_client::DcId;
use madeline_client::files::{Location, Origin, fingerprint};
use madeline_tl::boxed_from_bytes;

use super::classes::{self, BOT_API_FILE_ID};
use super::{mime, origins, unpack};
use crate::api;
use crate::api::instance::Instance;
use crate::call::{self, Form};
use crate::class::Frame;
use crate::exceptions::Thrown;
use crate::function;
use crate::types::media::{self, MEDIA};
use crate::zval::{entries, sink};

/// How deep a file may lie in what stands for it: an update, its message, its media, a page's document.
const DEPTH: u32 = 8;

/// A file that can be downloaded.
#[derive(Clone)]
pub(super) struct RemoteFile {
    pub(super) location: Location,
    pub(super) size: Option<u64>,
    /// Without its extension.
    pub(super) name: String,
    /// With its dot.
    pub(super) extension: String,
    pub(super) mime: String,
    /// Key and initialisation vector, of a file of a secret chat.
    pub(super) secret: Option<([u8; 32], [u8; 32])>,
    /// Its bytes, where it is so small that they were sent along.
    pub(super) data: Option<Vec<u8>>,
}

/// `getDownloadInfo()`
pub(super) fn download_info(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let nothing = Zval::new();
    let media = frame.arg(0).unwrap_or(&nothing);
    let info = info(api::instance(frame)?, media)?;
    frame.give_zval(sink::array(info));
    Ok(())
}

/// The file that something stands for.
pub(super) fn file(instance: &Rc<Instance>, media: &Zval) -> Result<RemoteFile, Thrown> {
    let Found { info, origin } = found(instance, media, DEPTH)?;
    let text = |key: &str| info.get(key).and_then(Zval::string).unwrap_or_default();
    let key = |key: &str| {
        let bytes = info.get(key)?.dereference();
        bytes_of(bytes)?.try_into().ok()
    };
    let place = info
        .get("InputFileLocation")
        .map(Zval::dereference)
        .filter(|place| place.is_array());
    let place = place.ok_or_else(|| {
        Thrown::Exception(
            "expected a file of Telegram's: what getDownloadInfo() gives has an InputFileLocation"
                .to_owned(),
        )
    })?;
    let secret = key("key").zip(key("iv"));
    let told = info.get("key_fingerprint").and_then(Zval::long);
    if let (Some((key, iv)), Some(told)) = (&secret, told)
        && i64::from(fingerprint(key, iv)) != told
    {
        return Err(Thrown::Security(format!(
            "a file of a secret chat: the key has the fingerprint {}, the file {told}",
            fingerprint(key, iv)
        )));
    }
    Ok(RemoteFile {
        location: location(instance, place, origin)?,
        size: info
            .get("size")
            .and_then(Zval::long)
            .and_then(|size| u64::try_from(size).ok()),
        name: text("name"),
        extension: text("ext"),
        mime: text("mime"),
        secret,
        data: info
            .get("data")
            .and_then(|data| bytes_of(data.dereference())),
    })
}

/// What is known of what stands for a file.
pub(crate) fn info(instance: &Rc<Instance>, media: &Zval) -> Result<Info, Thrown> {
    Ok(found(instance, media, DEPTH)?.info)
}

/// The location of what stands for a file.
pub(super) fn place_of(instance: &Rc<Instance>, media: &Zval) -> Result<Option<Zval>, Thrown> {
    let found = found(instance, media, DEPTH)?;
    Ok(found.info.get("InputFileLocation").map(Zval::shallow_clone))
}

/// A string, or the bytes of an object that becomes one.
pub(crate) fn bytes_of(value: &Zval) -> Option<Vec<u8>> {
    match value.zend_str() {
        Some(text) => Some(text.as_bytes().to_vec()),
        None => crate::types::bytes::content(value.object()?).map(<[u8]>::to_vec),
    }
}

fn location(
    instance: &Rc<Instance>,
    place: &Zval,
    origin: Option<Origin>,
) -> Result<Location, Thrown> {
    let client = instance.client()?;
    let schema = instance.schema();
    let unusable = |what: &str| Thrown::Exception(format!("InputFileLocation: {what}"));
    let ty = schema
        .ty("InputFileLocation")
        .ok_or_else(|| unusable("the schema has no such type"))?;
    let bytes = call::encode(instance, &client, Form::Value(ty), place)?;
    let input = boxed_from_bytes(schema, &bytes).map_err(|error| unusable(&error.to_string()))?;
    let dc = place
        .array()
        .and_then(|place| place.get("dc_id"))
        .and_then(Zval::long)
        .and_then(|dc| i32::try_from(dc).ok())
        .filter(|dc| *dc > 0);
    let origin = match (origin, input.int("id")) {
        (None, Ok(id)) => origins::of_file(instance, id)?,
        (origin, _) => origin,
    };
    Ok(Location {
        dc: dc.map_or_else(|| client.session().home_dc(), DcId),
        input,
        origin,
    })
}

/// What `getDownloadInfo()` gives, and where the file was seen.
struct Found {
    info: Info,
    origin: Option<Origin>,
}

pub(crate) type Info = ext_php_rs::boxed::ZBox<ZendHashTable>;

fn without_origin(info: Info) -> Found {
    Found { info, origin: None }
}

fn found(instance: &Rc<Instance>, media: &Zval, depth: u32) -> Result<Found, Thrown> {
    let media = media.dereference();
    if depth == 0 {
        return Err(Thrown::Exception(
            "expected a file, found arrays that are nested too deep".to_owned(),
        ));
    }
    if let Some((file, _)) = classes::unwrap(media)? {
        return found(instance, &file, depth - 1);
    }
    if let Some(file) = media::held(media)? {
        let info = MEDIA.object(&file).map(media::download_info);
        return info
            .unwrap_or_else(|| Ok(Info::default()))
            .map(without_origin);
    }
    if let Some(object) = BOT_API_FILE_ID.object(media) {
        let read = |name: &str| BOT_API_FILE_ID.read(object, name);
        let id = read("fileId").string().unwrap_or_default();
        let mut found = of_text(instance, &id, depth)?;
        found.info.insert("size", read("size"))?;
        rename(
            &mut found.info,
            &read("fileName").string().unwrap_or_default(),
        )?;
        return Ok(found);
    }
    if let Some(text) = media.string() {
        return of_text(instance, &text, depth);
    }
    let Some(table) = media.array() else {
        return Err(Thrown::Exception(format!(
            "expected a file of Telegram's, found {}",
            function::type_name(media)
        )));
    };
    match table.get("_").and_then(Zval::string) {
        Some(constructor) => of_object(instance, &constructor, table, depth),
        None if table.get("InputFileLocation").is_some() => Ok(without_origin(table.to_owned())),
        None => of_bot_api(instance, table, depth),
    }
}

/// A bot API file id.
fn of_text(instance: &Rc<Instance>, text: &str, depth: u32) -> Result<Found, Thrown> {
    let unpacked = unpack::unpack(text)?;
    let table = unpacked.array();
    if table.is_some_and(|table| table.get("InputFileLocation").is_some()) {
        return Ok(without_origin(
            table.map_or_else(ZendHashTable::new, ZendHashTable::to_owned),
        ));
    }
    let inner = ["MessageMedia", "User", "Chat"]
        .into_iter()
        .find_map(|key| table?.get(key));
    match inner {
        Some(inner) => found(instance, inner, depth - 1),
        None => Err(Thrown::Exception(format!(
            "the file of the id {text} cannot be downloaded"
        ))),
    }
}

/// A message of the bot API's, or a file in one.
fn of_bot_api(instance: &Rc<Instance>, table: &ZendHashTable, depth: u32) -> Result<Found, Thrown> {
    let extracted = if table.get("file_id").is_some() {
        None
    } else {
        unpack::extract(table)?
    };
    let file = extracted.as_ref().and_then(Zval::array).unwrap_or(table);
    let Some(id) = file.get("file_id").and_then(Zval::string) else {
        return Err(Thrown::Exception(
            "expected a file of Telegram's, found an array with neither _, file_id nor InputFileLocation"
                .to_owned(),
        ));
    };
    let mut found = of_text(instance, &id, depth)?;
    if let Some(size) = file.get("file_size") {
        found.info.insert("size", size.shallow_clone())?;
    }
    if let Some(name) = file.get("file_name").and_then(Zval::string) {
        rename(&mut found.info, &name)?;
    }
    Ok(found)
}

fn rename(info: &mut Info, name: &str) -> Result<(), Thrown> {
    if !name.is_empty() {
        let (stem, extension) = mime::split(name);
        info.insert("name", stem)?;
        info.insert("ext", extension)?;
    }
    Ok(())
}

fn of_object(
    instance: &Rc<Instance>,
    constructor: &str,
    table: &ZendHashTable,
    depth: u32,
) -> Result<Found, Thrown> {
    let inner = |key: &str| {
        let value = table.get(key).map(Zval::dereference);
        value.filter(|value| !value.is_null()).ok_or_else(|| {
            Thrown::Exception(format!("{constructor} has no {key}: no file is in it"))
        })
    };
    let within = |key: &str| found(instance, inner(key)?, depth - 1);
    match constructor {
        "updateNewMessage"
        | "updateNewChannelMessage"
        | "updateEditMessage"
        | "updateEditChannelMessage"
        | "updateNewScheduledMessage"
        | "updateNewEncryptedMessage" => within("message"),
        "message" => {
            let mut found = within("media")?;
            found.origin = origin(instance, table)?;
            Ok(found)
        }
        "storyItem" => within("media"),
        "messageMediaWebPage" => within("webpage"),
        "webPage" if table.get("document").is_some() => within("document"),
        "webPage" => within("photo"),
        "wallPaper" => within("document"),
        "encryptedMessage" => others::secret(inner("decrypted_message")?, table),
        "decryptedMessageMediaPhoto"
        | "decryptedMessageMediaVideo"
        | "decryptedMessageMediaAudio"
        | "decryptedMessageMediaDocument"
        | "decryptedMessageMediaExternalDocument" => others::secret_media(table, table),
        "photo" => photo(table, None).map(without_origin),
        "messageMediaPhoto" => {
            let photo_table = inner("photo")?;
            match photo_table.array() {
                Some(photo_table) => photo(photo_table, Some(table)).map(without_origin),
                None => within("photo"),
            }
        }
        "document" => document(table, None).map(without_origin),
        "messageMediaDocument" => match inner("document")?.array() {
            Some(document_table) => document(document_table, Some(table)).map(without_origin),
            None => within("document"),
        },
        "user" | "channel" | "chat" | "updateUserPhoto" => {
            others::peer_photo(table, inner("photo")?).map(without_origin)
        }
        "photoSize" | "photoSizeProgressive" | "photoCachedSize" | "photoStrippedSize" => {
            size(table).map(without_origin)
        }
        other => Err(Thrown::Exception(format!(
            "Invalid constructor provided: {other}"
        ))),
    }
}

/// Where a message's file is shown again: the message itself.
fn origin(instance: &Rc<Instance>, message: &ZendHashTable) -> Result<Option<Origin>, Thrown> {
    let id = message.get("id").and_then(Zval::long);
    let peer = message.get("peer_id");
    let peer = peer.and_then(|peer| peer.long().or_else(|| call::peer_number(peer.array()?)));
    match (id, peer) {
        (Some(id), Some(peer)) => origins::of_message(instance, peer, id),
        _ => Ok(None),
    }
}

/// A number, or a string that stands for one, as text.
fn number_text(value: &Zval) -> Option<String> {
    let number = value.long().map(|number| number.to_string());
    number.or_else(|| value.string())
}

fn copy(from: &ZendHashTable, key: &str, to: &mut ZendHashTable) -> Result<(), Thrown> {
    if let Some(value) = from.get(key) {
        to.insert(key, value.shallow_clone())?;
    }
    Ok(())
}

fn photo(photo: &ZendHashTable, media: Option<&ZendHashTable>) -> Result<Info, Thrown> {
    let sizes = photo.get("sizes").and_then(Zval::array);
    let largest = sizes
        .into_iter()
        .flat_map(entries::values)
        .filter_map(|size| size.dereference().array())
        .filter(|size| {
            let kind = size.get("_").and_then(Zval::str).unwrap_or_default();
            !matches!(
                kind,
                "photoStrippedSize" | "photoPathSize" | "photoSizeEmpty"
            )
        })
        .max_by_key(|size| {
            let side = |key: &str| size.get(key).and_then(Zval::long).unwrap_or_default();
            side("w").saturating_mul(side("h"))
        });
    let mut info = ZendHashTable::new();
    let shown = shown(media, "messageMediaPhoto", "photo", photo)?;
    info.insert("MessageMedia", shown)?;
    if let Some(largest) = largest {
        let told = size(largest)?;
        copy(&told, "size", &mut info)?;
        copy(&told, "data", &mut info)?;
        copy(&told, "thumb_size", &mut info)?;
    }
    let letter = info
        .get("thumb_size")
        .and_then(Zval::string)
        .unwrap_or_else(|| "x".to_owned());
    info.insert(
        "InputFileLocation",
        place("inputPhotoFileLocation", photo, &letter)?,
    )?;
    let number = |key: &str| photo.get(key).and_then(number_text);
    let name = format!(
        "{}_{letter}_{}",
        number("id").unwrap_or_default(),
        number("dc_id").unwrap_or_default()
    );
    info.insert("name", name)?;
    info.insert("ext", ".jpg")?;
    info.insert("mime", "image/jpeg")?;
    Ok(info)
}

/// The media that a file came in, or one made for it.
fn shown(
    media: Option<&ZendHashTable>,
    constructor: &str,
    key: &str,
    file: &ZendHashTable,
) -> Result<Info, Thrown> {
    if let Some(media) = media {
        return Ok(media.to_owned());
    }
    let mut media = ZendHashTable::new();
    media.insert("_", constructor)?;
    media.insert(key, file.to_owned())?;
    media.insert("ttl_seconds", 0)?;
    Ok(media)
}

/// The location of a document or photo.
fn place(constructor: &str, file: &ZendHashTable, letter: &str) -> Result<Info, Thrown> {
    let mut place = ZendHashTable::new();
    place.insert("_", constructor)?;
    for key in ["id", "access_hash", "file_reference", "dc_id"] {
        copy(file, key, &mut place)?;
    }
    if file.get("access_hash").is_none() {
        return Err(Thrown::Exception("No access hash".to_owned()));
    }
    place.insert("thumb_size", letter)?;
    Ok(place)
}

fn size(size: &ZendHashTable) -> Result<Info, Thrown> {
    let mut info = ZendHashTable::new();
    let kind = size.get("_").and_then(Zval::str).unwrap_or_default();
    let data = size.get("bytes").map(Zval::dereference);
    if let Some(bytes) = data.and_then(bytes_of) {
        info.insert("size", bytes.len() as i64)?;
        info.insert("data", sink::text(&bytes))?;
    }
    if let Some(told) = size.get("size") {
        info.insert("size", told.shallow_clone())?;
    }
    let steps = size.get("sizes").and_then(Zval::array);
    if let Some(last) = steps.and_then(|steps| entries::values(steps).last()) {
        info.insert("size", last.shallow_clone())?;
    }
    match size.get("type") {
        _ if kind == "photoStrippedSize" => info.insert("thumb_size", "JPG")?,
        Some(letter) => info.insert("thumb_size", letter.shallow_clone())?,
        None => {}
    }
    Ok(info)
}

fn document(document: &ZendHashTable, media: Option<&ZendHashTable>) -> Result<Info, Thrown> {
    let text = |table: &ZendHashTable, key: &str| table.get(key).and_then(Zval::string);
    let mut info = ZendHashTable::new();
    let shown = shown(media, "messageMediaDocument", "document", document)?;
    info.insert("MessageMedia", shown)?;
    let (mut name, mut extension) = (String::new(), String::new());
    let mut song = String::new();
    let attributes = document.get("attributes").and_then(Zval::array);
    for attribute in attributes
        .into_iter()
        .flat_map(entries::values)
        .filter_map(|attribute| attribute.dereference().array())
    {
        match attribute.get("_").and_then(Zval::str) {
            Some("documentAttributeFilename") => {
                let given = text(attribute, "file_name").unwrap_or_default();
                (name, extension) = mime::split(&given.replace('\0', "_"));
            }
            Some("documentAttributeAudio") => {
                song = text(attribute, "title").unwrap_or_default();
                if let Some(performer) = text(attribute, "performer") {
                    song = format!("{song} - {performer}");
                }
            }
            _ => {}
        }
    }
    let number = |key: &str| document.get(key).and_then(number_text);
    if name.is_empty() {
        name = song.replace(['/', '\\', '\0'], "_");
    }
    if name.is_empty() {
        name = number("access_hash").unwrap_or_default();
    }
    let kind = text(document, "mime_type").unwrap_or_default();
    if extension.is_empty() {
        extension = mime::extension_of(&kind);
    }
    info.insert(
        "InputFileLocation",
        place("inputDocumentFileLocation", document, "")?,
    )?;
    copy(document, "size", &mut info)?;
    info.insert("ext", extension)?;
    info.insert(
        "name",
        format!("{name}_{}", number("id").unwrap_or_default()),
    )?;
    info.insert("mime", kind)?;
    Ok(info)
}
