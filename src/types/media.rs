//! `\danog\MadelineProto\EventHandler\Media`: files in messages, as objects (specification §8.6).

mod gif;
mod kinds;
mod made;

use ext_php_rs::boxed::ZBox;
use ext_php_rs::types::{ZendHashTable, Zval};

use crate::api;
use crate::class::{Base, Class, Frame, Method, Object, Param, Property, Type};
use crate::exceptions::Thrown;
use crate::files;
use crate::types::ipc_capable::{self, IPC_CAPABLE};
use crate::types::message;
use crate::zval::sink;

pub(super) use kinds::geo_point;
pub(crate) use kinds::{
    ABSTRACT_STICKER, AUDIO, DOCUMENT, DOCUMENT_PHOTO, GIF, PHOTO, ROUND_VIDEO, STICKER, VIDEO,
    VOICE,
};
pub(crate) use made::wrap;

const CALLBACK: Param = Param::optional(c"cb", Type::CALLABLE.nullable(), c"null");
const CANCELLATION: Param = Param::optional(c"cancellation", Type::MIXED, c"null");

/// What all files have in common. Sizes are bytes, times unix time and seconds.
pub(crate) static MEDIA: Class = Class {
    name: c"danog\\MadelineProto\\EventHandler\\Media",
    flags: Class::ABSTRACT,
    parent: Some(Base::Ours(&IPC_CAPABLE)),
    interfaces: &[Base::JsonSerializable],
    properties: &[
        Property::filled(c"size", Type::INT),
        Property::filled(c"fileName", Type::STRING),
        Property::filled(c"fileExt", Type::STRING),
        Property::filled(c"creationDate", Type::INT),
        Property::filled(c"mimeType", Type::STRING),
        Property::filled(c"ttl", Type::INT.nullable()),
        Property::filled(c"thumbs", Type::ARRAY),
        Property::filled(c"videoThumbs", Type::ARRAY),
        Property::filled(c"spoiler", Type::BOOL),
        Property::filled(c"botApiFileId", Type::STRING),
        Property::filled(c"botApiFileUniqueId", Type::STRING),
        Property::filled(c"location", Type::ARRAY),
        Property::filled(c"key", Type::STRING.nullable()),
        Property::filled(c"iv", Type::STRING.nullable()),
        Property::filled(c"keyFingerprint", Type::INT.nullable()).protected(),
        Property::filled(c"encrypted", Type::BOOL),
        Property::filled(
            c"thumb",
            Type::class(c"danog\\MadelineProto\\TL\\Types\\Bytes").nullable(),
        ),
        Property::filled(c"thumbHeight", Type::INT.nullable()),
        Property::filled(c"thumbWidth", Type::INT.nullable()),
        Property::filled(c"protected", Type::BOOL),
    ],
    methods: &[
        Method::new(c"getDownloadLink", |frame: &mut Frame<'_>| {
            let instance = ipc_capable::instance_of(frame.this()?)?;
            let script = frame.text(0).map(std::borrow::Cow::into_owned);
            let link = files::link_to(&instance, &frame.this_value(), script)?;
            frame.give(link)
        })
        .params(&[Param::optional(
            c"scriptUrl",
            Type::STRING.nullable(),
            c"null",
        )])
        .returns(Type::STRING),
        Method::new(c"getStream", |frame: &mut Frame<'_>| {
            let instance = ipc_capable::instance_of(frame.this()?)?;
            let range = [frame.int(1).unwrap_or_default(), frame.int(2).unwrap_or(-1)];
            let (callback, cancellation) = (frame.present(0), frame.present(3));
            let this = frame.this_value();
            let stream = files::stream_of(&instance, &this, callback, range, cancellation)?;
            frame.give_zval(stream);
            Ok(())
        })
        .params(&[
            CALLBACK,
            Param::optional(c"offset", Type::INT, c"0"),
            Param::optional(c"end", Type::INT, c"-1"),
            CANCELLATION,
        ])
        .returns(Type::OBJECT),
        Method::new(c"downloadToDir", |frame: &mut Frame<'_>| {
            download(frame, files::save_in)
        })
        .params(&[
            Param::optional(c"dir", Type::STRING.nullable(), c"null"),
            CALLBACK,
            CANCELLATION,
        ])
        .returns(Type::STRING),
        Method::new(c"downloadToFile", |frame: &mut Frame<'_>| {
            download(frame, files::save_as)
        })
        .params(&[
            Param::required(c"file", Type::STRING),
            CALLBACK,
            CANCELLATION,
        ])
        .returns(Type::STRING),
        Method::new(c"getDownloadInfo", |frame: &mut Frame<'_>| {
            let info = download_info(frame.this()?)?;
            frame.give(info)
        })
        .returns(Type::ARRAY),
        Method::new(c"jsonSerialize", |frame: &mut Frame<'_>| {
            let hidden = ["session", "location", "key", "iv", "keyFingerprint"];
            let json = super::properties(frame, &hidden)?;
            frame.give(json)
        })
        .returns(Type::MIXED),
    ],
    ..Class::DEFAULT
};

/// The classes of this module, parents first.
pub(super) fn classes() -> impl Iterator<Item = &'static Class> {
    std::iter::once(&MEDIA).chain(kinds::KINDS.iter().copied())
}

/// Of API objects.
pub(crate) const METHODS: &[Method] = &[Method::new(c"wrapMedia", |frame: &mut Frame<'_>| {
    let media = frame.snapshot(0, "wrapMedia()")?;
    let protected = frame.bool(1).unwrap_or_default();
    let object = match media.array() {
        Some(media) => wrap(api::instance(frame)?, media, protected)?,
        None => None,
    };
    frame.give_zval(object.unwrap_or_default());
    Ok(())
})
.params(&[
    Param::required(c"media", Type::ARRAY),
    Param::optional(c"protected", Type::BOOL, c"false"),
])
.returns(Type::class(c"danog\\MadelineProto\\EventHandler\\Media").nullable())];

/// The `Media` object that a value is, or that is in it: the file of a `Message`. `None` for anything else.
///
/// # Errors
/// `AssertionError` for a message without a file.
pub(crate) fn held(value: &Zval) -> Result<Option<Zval>, Thrown> {
    let Some(object) = value.object() else {
        return Ok(None);
    };
    if MEDIA.is_class_of(object) {
        return Ok(Some(value.shallow_clone()));
    }
    message::file_of(value)
}

/// `getDownloadInfo()` of an object.
pub(crate) fn download_info(media: &Object) -> Result<ZBox<ZendHashTable>, Thrown> {
    let read = |name: &str| MEDIA.read(media, name);
    let location = read("location");
    if !location.is_array() {
        return Err(Thrown::Exception(format!(
            "expected a file that wrapMedia() made, found a {} without a location",
            media.get_class_name().unwrap_or_default()
        )));
    }
    let (name, extension) = (text(&read("fileName")), text(&read("fileExt")));
    let stem = name.strip_suffix(&extension).unwrap_or(&name);
    let mut info = ZendHashTable::with_capacity(8);
    info.insert("name", stem)?;
    info.insert("ext", extension.as_str())?;
    info.insert("mime", read("mimeType"))?;
    info.insert("size", read("size"))?;
    info.insert("InputFileLocation", location)?;
    let key = read("key");
    if !key.is_null() {
        info.insert("key_fingerprint", read("keyFingerprint"))?;
        info.insert("key", key)?;
        info.insert("iv", read("iv"))?;
    }
    Ok(info)
}

fn text(value: &Zval) -> String {
    value.string().unwrap_or_default()
}

/// Saves the file, at the place that the first argument names; without one in the working directory.
fn download(frame: &mut Frame<'_>, save: files::Save) -> Result<(), Thrown> {
    let instance = ipc_capable::instance_of(frame.this()?)?;
    let here = sink::text(b".");
    let place = frame.present(0).unwrap_or(&here);
    let (callback, cancellation) = (frame.present(1), frame.present(2));
    let this = frame.this_value();
    let path = save(&instance, &this, place, callback, cancellation)?;
    frame.give(path)
}
