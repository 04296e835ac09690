//! From the arrays of Telegram's API to objects: `wrapMedia()`.

use std::rc::Rc;

use ext_php_rs::boxed::ZBox;
use ext_php_rs::convert::IntoZval;
use ext_php_rs::types::{ZendHashTable, Zval};
use madeline_tl::Value;

use super::MEDIA;
use super::kinds::{
    ABSTRACT_AUDIO, ABSTRACT_STICKER, ABSTRACT_VIDEO, ANIMATED_STICKER, AUDIO, CUSTOM_EMOJI,
    DOCUMENT, DOCUMENT_PHOTO, GIF, MASK_POSITION, MASK_STICKER, PHOTO, ROUND_VIDEO, STATIC_STICKER,
    STICKER, VIDEO, VIDEO_STICKER, VOICE,
};
use crate::api::bot_api;
use crate::api::instance::Instance;
use crate::class::{Class, Object};
use crate::exceptions::Thrown;
use crate::files;
use crate::types::ipc_capable;
use crate::zval::entries::{present, values};
use crate::zval::{made, sink};

/// The object for a medium: a `MessageMedia`, a document, a photo, or a file of a secret chat with its `file`; `None` where no
/// file is in it.
///
/// # Errors
/// `Exception` where something is missing that every file has, `TypeError` where it is of another type.
pub(crate) fn wrap(
    instance: &Rc<Instance>,
    media: &ZendHashTable,
    protected: bool,
) -> Result<Option<Zval>, Thrown> {
    let constructor = present(media, "_").and_then(Zval::str).ok_or_else(|| {
        Thrown::Exception(
            "wrapMedia(): expected an object of Telegram's API, found an array without _"
                .to_owned(),
        )
    })?;
    let (media, file) = match constructor {
        "photo"
        | "document"
        | "decryptedMessageMediaPhoto"
        | "decryptedMessageMediaVideo"
        | "decryptedMessageMediaAudio"
        | "decryptedMessageMediaDocument"
        | "decryptedMessageMediaExternalDocument" => (media, media),
        "messageMediaPhoto" | "messageMediaDocument" => {
            let key = if constructor == "messageMediaPhoto" {
                "photo"
            } else {
                "document"
            };
            let Some(file) = present(media, key).and_then(Zval::array) else {
                return Ok(None);
            };
            (media, file)
        }
        _ => return Ok(None),
    };
    if matches!(name(file), "photoEmpty" | "documentEmpty") {
        return Ok(None);
    }
    let raw = Raw {
        media,
        file,
        protected,
    };
    let kind = match name(file) {
        "photo" | "decryptedMessageMediaPhoto" => Kind::new(&PHOTO),
        "decryptedMessageMediaVideo" => Kind {
            video: Some(file),
            ..Kind::new(&VIDEO)
        },
        "decryptedMessageMediaAudio" => Kind {
            about: Some(file),
            ..Kind::new(&AUDIO)
        },
        _ => Kind::of_document(file),
    };
    raw.make(instance, &kind).map(Some)
}

fn name(table: &ZendHashTable) -> &str {
    present(table, "_").and_then(Zval::str).unwrap_or_default()
}

fn is_set(table: &ZendHashTable, flag: &str) -> bool {
    present(table, flag).is_some_and(Zval::coerce_to_bool)
}

/// What a file is, and the attributes that say so.
struct Kind<'m> {
    class: &'static Class,
    /// `documentAttributeImageSize`
    image: Option<&'m ZendHashTable>,
    /// `documentAttributeVideo`
    video: Option<&'m ZendHashTable>,
    /// `documentAttributeAudio`, `…Sticker` or `…CustomEmoji`
    about: Option<&'m ZendHashTable>,
    has_stickers: bool,
}

impl<'m> Kind<'m> {
    const fn new(class: &'static Class) -> Self {
        Self {
            class,
            image: None,
            video: None,
            about: None,
            has_stickers: false,
        }
    }

    fn of_document(document: &'m ZendHashTable) -> Self {
        let mut kind = Self::new(&DOCUMENT);
        let mut is_animated = false;
        let attributes = present(document, "attributes").and_then(Zval::array);
        for attribute in attributes
            .into_iter()
            .flat_map(values)
            .filter_map(|attribute| attribute.dereference().array())
        {
            match name(attribute) {
                "documentAttributeImageSize" => kind.image = Some(attribute),
                "documentAttributeVideo" => kind.video = Some(attribute),
                "documentAttributeAnimated" => is_animated = true,
                "documentAttributeHasStickers" => kind.has_stickers = true,
                "documentAttributeSticker"
                | "documentAttributeAudio"
                | "documentAttributeCustomEmoji" => {
                    kind.about.get_or_insert(attribute);
                }
                _ => {}
            }
        }
        let is_tgs =
            present(document, "mime_type").and_then(Zval::str) == Some("application/x-tgsticker");
        kind.class = match (kind.about.map(|about| (name(about), about)), kind.video) {
            (Some(("documentAttributeAudio", about)), _) if is_set(about, "voice") => &VOICE,
            (Some(("documentAttributeAudio", _)), _) => &AUDIO,
            (Some(("documentAttributeCustomEmoji", _)), _) => &CUSTOM_EMOJI,
            (Some(_), Some(_)) => &VIDEO_STICKER,
            (Some((_, about)), None) if is_set(about, "mask") => &MASK_STICKER,
            (Some(_), None) if is_tgs => &ANIMATED_STICKER,
            (Some(_), None) => &STATIC_STICKER,
            (None, Some(_)) if is_animated => &GIF,
            (None, None) if is_animated => &DOCUMENT,
            (None, Some(video)) if is_set(video, "round_message") => &ROUND_VIDEO,
            (None, Some(_)) => &VIDEO,
            (None, None) if kind.image.is_some() => &DOCUMENT_PHOTO,
            (None, None) => &DOCUMENT,
        };
        kind
    }
}

/// A file as it came.
struct Raw<'m> {
    /// What it came in: the medium of the message, or the file itself.
    media: &'m ZendHashTable,
    /// The document or photo; of a secret chat the medium.
    file: &'m ZendHashTable,
    protected: bool,
}

type Table = ZBox<ZendHashTable>;

impl Raw<'_> {
    fn make(&self, instance: &Rc<Instance>, kind: &Kind<'_>) -> Result<Zval, Thrown> {
        let mut object = ipc_capable::new(kind.class, instance);
        let slots = Object::new(&mut object);
        self.fill(instance, slots)?;
        self.fill_kind(kind, slots)?;
        let mut value = Zval::new();
        value.set_object(&mut object);
        Ok(value)
    }

    /// What all files have.
    fn fill(&self, instance: &Rc<Instance>, object: &Object) -> Result<(), Thrown> {
        let set = |name: &str, value: Zval| MEDIA.write(object, name, value);
        let info = files::media_info(instance, &sink::array(self.media.to_owned()))?;
        let told = |key: &str| info.get(key).map(Zval::shallow_clone).unwrap_or_default();
        let text = |key: &str| info.get(key).and_then(Zval::string).unwrap_or_default();
        let size = self.needed(info.get("size"), "size")?;
        set("size", size.shallow_clone())?;
        set(
            "fileName",
            sink::text((text("name") + &text("ext")).as_bytes()),
        )?;
        set("fileExt", told("ext"))?;
        let date = self.needed(present(self.file, "date"), "date")?;
        set("creationDate", date.shallow_clone())?;
        set("mimeType", told("mime"))?;
        set("ttl", copy(self.media, "ttl_seconds"))?;
        set("thumbs", self.thumbs(["thumbs", "sizes"]))?;
        set("videoThumbs", self.thumbs(["video_thumbs", "video_sizes"]))?;
        set("spoiler", is_set(self.media, "spoiler").into_zval(false)?)?;
        let media = info.get("MessageMedia").and_then(Zval::array);
        let (id, unique) = bot_api::file_ids(media.unwrap_or(self.file))?;
        set("botApiFileId", id)?;
        set("botApiFileUniqueId", unique)?;
        set("location", told("InputFileLocation"))?;
        self.fill_secret(object)?;
        set("protected", self.protected.into_zval(false)?)
    }

    /// What files of secret chats have.
    fn fill_secret(&self, object: &Object) -> Result<(), Thrown> {
        let set = |name: &str, value: Zval| MEDIA.write(object, name, value);
        for name in ["key", "iv"] {
            let bytes = present(self.media, name).and_then(files::bytes_of);
            set(
                name,
                bytes.map_or_else(Zval::new, |bytes| sink::text(&bytes)),
            )?;
        }
        let file = present(self.media, "file").and_then(Zval::array);
        let fingerprint = file.map(|file| copy(file, "key_fingerprint"));
        set("keyFingerprint", fingerprint.unwrap_or_default())?;
        let encrypted = present(self.media, "iv").is_some();
        set("encrypted", encrypted.into_zval(false)?)?;
        let of_secret = |key: &str| {
            let value = present(self.media, key).filter(|_| encrypted);
            value.map(Zval::shallow_clone).unwrap_or_default()
        };
        let thumb = of_secret("thumb");
        let thumb = match thumb.zend_str() {
            Some(text) => made::of(&Value::Bytes(text.as_bytes().to_vec()))?,
            None => thumb,
        };
        set("thumb", thumb)?;
        set("thumbHeight", of_secret("thumb_h"))?;
        set("thumbWidth", of_secret("thumb_w"))
    }

    /// What one kind of files has.
    fn fill_kind(&self, kind: &Kind<'_>, object: &Object) -> Result<(), Thrown> {
        let is = |class: &Class| class.is_class_of(object);
        let flag = |table: Option<&ZendHashTable>, key: &str| {
            table
                .is_some_and(|table| is_set(table, key))
                .into_zval(false)
        };
        let value = |table: Option<&ZendHashTable>, key: &str| {
            table.map(|table| copy(table, key)).unwrap_or_default()
        };
        let number = |table: Option<&ZendHashTable>, key: &str| {
            let value = value(table, key);
            if value.is_null() {
                0.into_zval(false)
            } else {
                Ok(value)
            }
        };
        if is(&ABSTRACT_AUDIO) {
            ABSTRACT_AUDIO.write(object, "duration", number(kind.about, "duration")?)?;
        }
        if is(&AUDIO) {
            AUDIO.write(object, "title", value(kind.about, "title"))?;
            AUDIO.write(object, "performer", value(kind.about, "performer"))?;
        }
        if is(&VOICE) {
            VOICE.write(object, "waveform", value(kind.about, "waveform"))?;
        }
        if is(&ABSTRACT_VIDEO) {
            let streams = flag(kind.video, "supports_streaming")?;
            ABSTRACT_VIDEO.write(object, "duration", number(kind.video, "duration")?)?;
            ABSTRACT_VIDEO.write(object, "supportsStreaming", streams)?;
            ABSTRACT_VIDEO.write(object, "width", number(kind.video, "w")?)?;
            ABSTRACT_VIDEO.write(object, "height", number(kind.video, "h")?)?;
        }
        if is(&DOCUMENT_PHOTO) {
            for (name, key) in [("width", "w"), ("height", "h")] {
                DOCUMENT_PHOTO.write(object, name, value(kind.image, key))?;
            }
        }
        if is(&PHOTO) {
            PHOTO.write(
                object,
                "hasStickers",
                flag(Some(self.file), "has_stickers")?,
            )?;
        }
        for class in [&VIDEO, &GIF, &DOCUMENT_PHOTO] {
            if is(class) {
                class.write(object, "hasStickers", kind.has_stickers.into_zval(false)?)?;
            }
        }
        if let Some(about) = kind.about.filter(|_| is(&ABSTRACT_STICKER)) {
            self.fill_sticker(kind, about, object)?;
        }
        Ok(())
    }

    fn fill_sticker(
        &self,
        kind: &Kind<'_>,
        about: &ZendHashTable,
        object: &Object,
    ) -> Result<(), Thrown> {
        let is = |class: &Class| class.is_class_of(object);
        for (name, key) in [("emoji", "alt"), ("stickerset", "stickerset")] {
            let value = self.needed(present(about, key), key)?;
            ABSTRACT_STICKER.write(object, name, value.shallow_clone())?;
        }
        let shown = if is(&VIDEO_STICKER) {
            kind.video
        } else {
            kind.image
        };
        let shown = shown.or(kind.video);
        for (name, key) in [("width", "w"), ("height", "h")] {
            let side = shown.map(|shown| copy(shown, key)).unwrap_or_default();
            ABSTRACT_STICKER.write(object, name, side)?;
        }
        if is(&STICKER) {
            let is_free = present(self.media, "nopremium").is_none_or(Zval::coerce_to_bool);
            STICKER.write(object, "premiumSticker", (!is_free).into_zval(false)?)?;
        }
        if let Some(video) = kind.video.filter(|_| is(&VIDEO_STICKER)) {
            let duration = present(video, "duration").map(Zval::shallow_clone);
            let duration = duration.map_or_else(|| 0.0.into_zval(false), Ok)?;
            VIDEO_STICKER.write(object, "duration", duration)?;
        }
        if is(&CUSTOM_EMOJI) {
            for (name, key) in [("free", "free"), ("textColor", "text_color")] {
                CUSTOM_EMOJI.write(object, name, is_set(about, key).into_zval(false)?)?;
            }
        }
        let place = present(about, "mask_coords").and_then(Zval::array);
        match place.filter(|_| is(&MASK_STICKER)) {
            Some(place) => fill_mask(place, object),
            None => Ok(()),
        }
    }

    fn thumbs(&self, keys: [&str; 2]) -> Zval {
        let thumbs = keys.into_iter().find_map(|key| present(self.file, key));
        thumbs.map_or_else(|| sink::array(Table::default()), Zval::shallow_clone)
    }

    /// A value without which there is no object.
    fn needed<'v>(&self, value: Option<&'v Zval>, key: &str) -> Result<&'v Zval, Thrown> {
        value.ok_or_else(|| {
            Thrown::Exception(format!(
                "wrapMedia(): expected a file with {key}, found {} without one",
                name(self.file)
            ))
        })
    }
}

fn copy(table: &ZendHashTable, key: &str) -> Zval {
    present(table, key)
        .map(Zval::shallow_clone)
        .unwrap_or_default()
}

fn fill_mask(place: &ZendHashTable, object: &Object) -> Result<(), Thrown> {
    let part = present(place, "n").and_then(Zval::long);
    let case = part
        .and_then(|part| usize::try_from(part).ok())
        .and_then(|part| MASK_POSITION.cases.get(part))
        .ok_or_else(|| {
            Thrown::Exception(format!(
                "wrapMedia(): mask_coords: expected n from 0 to 3, found {}",
                part.map_or_else(|| "none".to_owned(), |part| part.to_string())
            ))
        })?;
    MASK_STICKER.write(object, "position", MASK_POSITION.case(case))?;
    for name in ["x", "y", "zoom"] {
        MASK_STICKER.write(object, name, copy(place, name))?;
    }
    Ok(())
}
