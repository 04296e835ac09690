//! Media of messages in the bot API's form.

use ext_php_rs::convert::IntoZval;
use ext_php_rs::types::{ZendHashTable, ZendStr, Zval};
use madeline_client::files::file_id::{FileId, Kind, Place, Source};

use super::{Table, inner, required};
use crate::class::type_name;
use crate::exceptions::Thrown;
use crate::files;
use crate::types::bytes;
use crate::zval::entries::{entries, present, put, values};
use crate::zval::sink;

/// The sizes of photos that are files.
const SIZES: [&str; 3] = ["photoCachedSize", "photoSize", "photoSizeProgressive"];

/// A medium under the bot API's name for it, and its caption beside it; `None` for what has no form there.
pub(super) fn convert(media: &ZendHashTable) -> Result<Option<Table>, Thrown> {
    Ok(Some(match name(media) {
        "messageMediaEmpty" => ZendHashTable::new(),
        "photo" => photo(media, None)?,
        "messageMediaPhoto" => photo(inner(media, "photo")?, present(media, "caption"))?,
        "decryptedMessageMediaExternalDocument" => document(media, None)?,
        "messageMediaDocument" => document(inner(media, "document")?, present(media, "caption"))?,
        "decryptedMessageMediaAudio"
        | "decryptedMessageMediaPhoto"
        | "decryptedMessageMediaVideo"
        | "decryptedMessageMediaDocument" => encrypted(inner(media, "file")?)?,
        "encryptedFile" => encrypted(media)?,
        "messageMediaGeo" | "messageMediaGeoLive" => {
            under("location", place(inner(media, "geo")?)?)?
        }
        "messageMediaVenue" => {
            let mut venue = picked(media, &[("title", "title"), ("address", "address")])?;
            venue.insert("location", place(inner(media, "geo")?)?)?;
            under("venue", venue)?
        }
        "messageMediaContact" => under(
            "contact",
            picked(
                media,
                &[
                    ("phone_number", "phone_number"),
                    ("first_name", "first_name"),
                    ("last_name", "last_name"),
                    ("user_id", "user_id"),
                    ("vcard", "vcard"),
                ],
            )?,
        )?,
        "messageMediaDice" => under(
            "dice",
            picked(media, &[("emoji", "emoticon"), ("value", "value")])?,
        )?,
        _ => return Ok(None),
    }))
}

/// The bot API's two names for the file in a medium.
pub(crate) fn ids(media: &ZendHashTable) -> Result<(Zval, Zval), Thrown> {
    let converted = convert(media)?.unwrap_or_default();
    let file = files::bot_api_file(&converted)?;
    let file = file.as_ref().and_then(Zval::array);
    let id = |key: &str| {
        let id = file.and_then(|file| file.get(key)).map(Zval::shallow_clone);
        id.ok_or_else(|| {
            Thrown::Exception(format!(
                "expected a file, found {} without one",
                name(media)
            ))
        })
    };
    Ok((id("file_id")?, id("file_unique_id")?))
}

fn name(table: &ZendHashTable) -> &str {
    present(table, "_").and_then(Zval::str).unwrap_or_default()
}

/// The sizes under the numbers that they have in the photo.
fn photo(photo: &ZendHashTable, caption: Option<&Zval>) -> Result<Table, Thrown> {
    let mut sizes = ZendHashTable::new();
    for (key, size) in entries(inner(photo, "sizes")?) {
        if let Some(size) = size
            .dereference()
            .array()
            .filter(|size| SIZES.contains(&name(size)))
        {
            put(&mut sizes, key, sink::array(photo_size(size, photo)?));
        }
    }
    let mut made = ZendHashTable::new();
    if let Some(caption) = caption {
        made.insert("caption", caption.shallow_clone())?;
    }
    made.insert("photo", sizes)?;
    Ok(made)
}

/// One size of a photo, or of a document's thumbnails.
fn photo_size(size: &ZendHashTable, of: &ZendHashTable) -> Result<Table, Thrown> {
    let last = |list: &ZendHashTable| values(list).last().map(Zval::shallow_clone);
    let bytes = match (
        present(size, "size"),
        present(size, "sizes").and_then(Zval::array),
    ) {
        (Some(bytes), _) => bytes.shallow_clone(),
        (None, Some(sizes)) => last(sizes).unwrap_or_default(),
        (None, None) => (content(required(size, "bytes")?).len() as i64).into_zval(false)?,
    };
    let kind = if name(of) == "photo" {
        Kind::Photo
    } else {
        Kind::Thumbnail
    };
    let letter = present(size, "type").map_or(&[][..], content);
    let place = Place::Photo {
        id: number(of, "id")?,
        access_hash: number(of, "access_hash")?,
        source: Source::Thumbnail {
            kind: kind as i32,
            letter: letter.first().copied().unwrap_or_default(),
        },
        legacy: None,
    };
    let mut made = with_ids(kind, of, place)?;
    for (key, of) in [("width", "w"), ("height", "h")] {
        made.insert(key, required(size, of)?.shallow_clone())?;
    }
    made.insert("file_size", bytes)?;
    made.insert("mime_type", "image/jpeg")?;
    let id = number(of, "id")?;
    made.insert("file_name", format!("{id}.jpg"))?;
    Ok(made)
}

/// A document under the name of what it is: `video`, `voice`, `sticker` and so on.
fn document(document: &ZendHashTable, caption: Option<&Zval>) -> Result<Table, Thrown> {
    let mut about = About::default();
    if let Some(thumb) = present(document, "thumbs")
        .and_then(Zval::array)
        .and_then(|thumbs| values(thumbs).last())
        .and_then(|thumb| thumb.dereference().array())
        .filter(|thumb| SIZES.contains(&name(thumb)))
    {
        about.made.insert("thumb", photo_size(thumb, document)?)?;
    }
    for attribute in values(inner(document, "attributes")?) {
        if let Some(attribute) = attribute.dereference().array() {
            about.add(attribute)?;
        }
    }
    let About {
        kind,
        mut made,
        file,
        track,
    } = about;
    let (stem, extension) = match (file, track) {
        (Some((stem, extension)), _) => (stem, extension),
        (None, Some(track)) => (track, String::new()),
        (None, None) => (number(document, "access_hash")?.to_string(), String::new()),
    };
    let id = number(document, "id")?;
    made.insert("file_name", text(&format!("{stem}_{id}{extension}")))?;
    for (key, of) in [("file_size", "size"), ("mime_type", "mime_type")] {
        made.insert(key, required(document, of)?.shallow_clone())?;
    }
    let name = kind.unwrap_or("document");
    let kind = Kind::ALL.into_iter().find(|kind| kind.name() == name);
    let kind = kind.unwrap_or(Kind::Document);
    for (key, value) in entries(&*with_ids(kind, document, numbered(document)?)?) {
        put(&mut made, key, value.shallow_clone());
    }
    let mut media = under(name, made)?;
    media.insert(
        "caption",
        caption.map_or_else(|| text(""), Zval::shallow_clone),
    )?;
    Ok(media)
}

/// What a document's attributes say.
struct About {
    kind: Option<&'static str>,
    made: Table,
    /// Name and extension of the file, with the dot.
    file: Option<(String, String)>,
    /// Title and performer of a piece of music.
    track: Option<String>,
}

impl Default for About {
    fn default() -> Self {
        Self {
            kind: None,
            made: ZendHashTable::new(),
            file: None,
            track: None,
        }
    }
}

impl About {
    fn add(&mut self, attribute: &ZendHashTable) -> Result<(), Thrown> {
        let is_set = |key: &str| present(attribute, key).is_some_and(Zval::coerce_to_bool);
        match name(attribute) {
            "documentAttributeFilename" => {
                let name = required(attribute, "file_name")?.coerce_to_string();
                self.file = Some(stem_and_extension(&name.unwrap_or_default()));
            }
            "documentAttributeAudio" => {
                self.kind = Some(if is_set("voice") { "voice" } else { "audio" });
                self.take(
                    attribute,
                    &["duration"],
                    &["performer", "title", "waveform"],
                )?;
                let text = |key: &str| present(attribute, key).and_then(Zval::coerce_to_string);
                self.track = text("title").map(|title| match text("performer") {
                    Some(performer) => format!("{title} - {performer}"),
                    None => title,
                });
            }
            "documentAttributeVideo" => {
                let is_round = is_set("round_message");
                self.kind = Some(if is_round { "video_note" } else { "video" });
                self.sides(attribute)?;
                self.take(attribute, &["duration"], &[])?;
            }
            "documentAttributeImageSize" => self.sides(attribute)?,
            "documentAttributeAnimated" => {
                self.kind = Some("animation");
                self.made.insert("animated", true)?;
            }
            "documentAttributeHasStickers" => {
                self.made.insert("has_stickers", true)?;
            }
            "documentAttributeSticker" => {
                self.kind = Some("sticker");
                self.made.insert("mask", is_set("mask"))?;
                for (key, of) in [("emoji", "alt"), ("sticker_set", "stickerset")] {
                    self.made
                        .insert(key, required(attribute, of)?.shallow_clone())?;
                }
                self.take(attribute, &[], &["mask_coords"])?;
            }
            _ => {}
        }
        Ok(())
    }

    fn sides(&mut self, attribute: &ZendHashTable) -> Result<(), Thrown> {
        for (key, of) in [("width", "w"), ("height", "h")] {
            self.made
                .insert(key, required(attribute, of)?.shallow_clone())?;
        }
        Ok(())
    }

    fn take(
        &mut self,
        attribute: &ZendHashTable,
        always: &[&str],
        perhaps: &[&str],
    ) -> Result<(), Thrown> {
        for key in always {
            self.made
                .insert(*key, required(attribute, key)?.shallow_clone())?;
        }
        for key in perhaps {
            if let Some(value) = present(attribute, key) {
                self.made.insert(*key, value.shallow_clone())?;
            }
        }
        Ok(())
    }
}

/// A name without its extension, and the extension with its dot, as `pathinfo()` tells them apart.
fn stem_and_extension(name: &str) -> (String, String) {
    let base = name
        .trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap_or_default();
    match base.rsplit_once('.') {
        Some((stem, extension)) => (stem.to_owned(), format!(".{extension}")),
        None => (base.to_owned(), String::new()),
    }
}

fn encrypted(file: &ZendHashTable) -> Result<Table, Thrown> {
    let mut made = with_ids(Kind::Encrypted, file, numbered(file)?)?;
    made.insert("file_size", required(file, "size")?.shallow_clone())?;
    made.insert("mime_type", "application/octet-stream")?;
    under("encrypted", made)
}

/// The bot API's two names for a file, in an array of their own.
fn with_ids(kind: Kind, file: &ZendHashTable, place: Place) -> Result<Table, Thrown> {
    let dc = i32::try_from(number(file, "dc_id")?).unwrap_or_default();
    let reference = present(file, "file_reference").map_or(&[][..], content);
    let id = FileId::new(kind, dc, reference.to_vec(), place);
    let mut made = ZendHashTable::new();
    made.insert("file_id", id.text())?;
    if let Some(unique) = id.unique() {
        made.insert("file_unique_id", unique)?;
    }
    Ok(made)
}

fn numbered(file: &ZendHashTable) -> Result<Place, Thrown> {
    Ok(Place::Document {
        id: number(file, "id")?,
        access_hash: number(file, "access_hash")?,
    })
}

fn place(point: &ZendHashTable) -> Result<Table, Thrown> {
    picked(point, &[("longitude", "long"), ("latitude", "lat")])
}

/// Values under other names.
fn picked(from: &ZendHashTable, keys: &[(&str, &str)]) -> Result<Table, Thrown> {
    let mut made = ZendHashTable::new();
    for (key, of) in keys {
        made.insert(*key, required(from, of)?.shallow_clone())?;
    }
    Ok(made)
}

fn under(key: &str, value: Table) -> Result<Table, Thrown> {
    let mut made = ZendHashTable::with_capacity(2);
    made.insert(key, value)?;
    Ok(made)
}

fn number(table: &ZendHashTable, key: &str) -> Result<i64, Thrown> {
    let value = required(table, key)?;
    value.long().ok_or_else(|| {
        Thrown::Type(format!(
            "MTProtoToBotAPI(): {key} must be of type int, {} given",
            type_name(value)
        ))
    })
}

fn text(text: &str) -> Zval {
    sink::text(text.as_bytes())
}

/// The bytes of a string or a `Bytes` object.
fn content(value: &Zval) -> &[u8] {
    let of_object = value.object().and_then(bytes::content);
    let of_text = value.zend_str().map(ZendStr::as_bytes);
    of_object.or(of_text).unwrap_or_default()
}
