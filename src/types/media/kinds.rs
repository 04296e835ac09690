//! The classes of the kinds of files, as tables.

use ext_php_rs::convert::IntoZval;
use ext_php_rs::types::Zval;

use super::MEDIA;
use crate::class::{Base, Class, Frame, Literal, Method, Object, Param, Property, Type};
use crate::exceptions::Thrown;
use crate::types::fields::{Fields, names, number};
use crate::types::ipc_capable::IPC_CAPABLE;
use crate::types::media::gif;
use crate::types::properties;
use crate::zval::entries::present;

/// The child classes, parents first.
pub(super) static KINDS: &[&Class] = &[
    &ABSTRACT_AUDIO,
    &AUDIO,
    &VOICE,
    &ABSTRACT_VIDEO,
    &VIDEO,
    &GIF,
    &ROUND_VIDEO,
    &ABSTRACT_STICKER,
    &STICKER,
    &STATIC_STICKER,
    &ANIMATED_STICKER,
    &VIDEO_STICKER,
    &MASK_POSITION,
    &MASK_STICKER,
    &CUSTOM_EMOJI,
    &PHOTO,
    &DOCUMENT_PHOTO,
    &DOCUMENT,
    &MEDIA_STORY,
    &GEO_POINT,
];

const HAS_STICKERS: Property = Property::filled(c"hasStickers", Type::BOOL);
const WIDTH: Property = Property::filled(c"width", Type::INT);
const HEIGHT: Property = Property::filled(c"height", Type::INT);
/// Seconds.
const DURATION: Property = Property::filled(c"duration", Type::FLOAT);

/// A kind of files.
const fn kind(name: &'static std::ffi::CStr, parent: &'static Class) -> Class {
    Class {
        name,
        flags: Class::FINAL,
        parent: Some(Base::Ours(parent)),
        ..Class::DEFAULT
    }
}

pub(super) static ABSTRACT_AUDIO: Class = Class {
    flags: Class::ABSTRACT,
    properties: &[Property::filled(c"duration", Type::INT)],
    ..kind(
        c"danog\\MadelineProto\\EventHandler\\Media\\AbstractAudio",
        &MEDIA,
    )
};

/// Music.
pub(crate) static AUDIO: Class = Class {
    properties: &[
        Property::filled(c"title", Type::STRING.nullable()),
        Property::filled(c"performer", Type::STRING.nullable()),
    ],
    ..kind(
        c"danog\\MadelineProto\\EventHandler\\Media\\Audio",
        &ABSTRACT_AUDIO,
    )
};

/// A voice message; the waveform is 100 numbers of 0 to 31.
pub(crate) static VOICE: Class = Class {
    properties: &[Property::filled(c"waveform", Type::ARRAY.nullable())],
    ..kind(
        c"danog\\MadelineProto\\EventHandler\\Media\\Voice",
        &ABSTRACT_AUDIO,
    )
};

pub(crate) static ABSTRACT_VIDEO: Class = Class {
    flags: Class::ABSTRACT,
    properties: &[
        DURATION,
        Property::filled(c"supportsStreaming", Type::BOOL),
        WIDTH,
        HEIGHT,
    ],
    ..kind(
        c"danog\\MadelineProto\\EventHandler\\Media\\AbstractVideo",
        &MEDIA,
    )
};

pub(crate) static VIDEO: Class = Class {
    properties: &[HAS_STICKERS],
    ..kind(
        c"danog\\MadelineProto\\EventHandler\\Media\\Video",
        &ABSTRACT_VIDEO,
    )
};

/// A video without sound.
pub(crate) static GIF: Class = Class {
    properties: &[HAS_STICKERS],
    methods: &[
        Method::new(c"save", |frame: &mut Frame<'_>| gif::keep(frame, true)).returns(Type::BOOL),
        Method::new(c"unsave", |frame: &mut Frame<'_>| gif::keep(frame, false)).returns(Type::BOOL),
    ],
    ..kind(
        c"danog\\MadelineProto\\EventHandler\\Media\\Gif",
        &ABSTRACT_VIDEO,
    )
};

pub(crate) static ROUND_VIDEO: Class = kind(
    c"danog\\MadelineProto\\EventHandler\\Media\\RoundVideo",
    &ABSTRACT_VIDEO,
);

pub(crate) static ABSTRACT_STICKER: Class = Class {
    flags: Class::ABSTRACT,
    properties: &[
        Property::filled(c"emoji", Type::STRING),
        Property::filled(c"stickerset", Type::ARRAY),
        Property::filled(c"width", Type::INT.nullable()),
        Property::filled(c"height", Type::INT.nullable()),
    ],
    ..kind(
        c"danog\\MadelineProto\\EventHandler\\Media\\AbstractSticker",
        &MEDIA,
    )
};

pub(crate) static STICKER: Class = Class {
    flags: Class::ABSTRACT,
    properties: &[Property::filled(c"premiumSticker", Type::BOOL)],
    ..kind(
        c"danog\\MadelineProto\\EventHandler\\Media\\Sticker",
        &ABSTRACT_STICKER,
    )
};

pub(super) static STATIC_STICKER: Class = kind(
    c"danog\\MadelineProto\\EventHandler\\Media\\StaticSticker",
    &STICKER,
);

pub(super) static ANIMATED_STICKER: Class = kind(
    c"danog\\MadelineProto\\EventHandler\\Media\\AnimatedSticker",
    &STICKER,
);

pub(super) static VIDEO_STICKER: Class = Class {
    properties: &[DURATION],
    ..kind(
        c"danog\\MadelineProto\\EventHandler\\Media\\VideoSticker",
        &STICKER,
    )
};

/// The part of a face that a mask goes to.
pub(super) static MASK_POSITION: Class = Class {
    name: c"danog\\MadelineProto\\EventHandler\\Media\\MaskPosition",
    interfaces: &[Base::JsonSerializable],
    cases: &[c"Forehead", c"Eyes", c"Mouth", c"Chin"],
    case_values: &[
        Literal::Int(0),
        Literal::Int(1),
        Literal::Int(2),
        Literal::Int(3),
    ],
    methods: &[Method::new(c"jsonSerialize", |frame: &mut Frame<'_>| {
        let value = MASK_POSITION.read(frame.this()?, "value");
        frame.give_zval(value);
        Ok(())
    })
    .returns(Type::MIXED)],
    ..Class::DEFAULT
};

/// Where the server does not say where the mask goes, `position` and the numbers are not initialized.
pub(super) static MASK_STICKER: Class = Class {
    properties: &[
        Property::filled(
            c"position",
            Type::class(c"danog\\MadelineProto\\EventHandler\\Media\\MaskPosition"),
        ),
        Property::filled(c"x", Type::FLOAT),
        Property::filled(c"y", Type::FLOAT),
        Property::filled(c"zoom", Type::FLOAT),
    ],
    ..kind(
        c"danog\\MadelineProto\\EventHandler\\Media\\MaskSticker",
        &ABSTRACT_STICKER,
    )
};

pub(super) static CUSTOM_EMOJI: Class = Class {
    properties: &[
        Property::filled(c"free", Type::BOOL),
        Property::filled(c"textColor", Type::BOOL),
    ],
    ..kind(
        c"danog\\MadelineProto\\EventHandler\\Media\\CustomEmoji",
        &ABSTRACT_STICKER,
    )
};

pub(crate) static PHOTO: Class = Class {
    properties: &[HAS_STICKERS],
    ..kind(c"danog\\MadelineProto\\EventHandler\\Media\\Photo", &MEDIA)
};

/// A photo that was sent as a file.
pub(crate) static DOCUMENT_PHOTO: Class = Class {
    properties: &[HAS_STICKERS, WIDTH, HEIGHT],
    ..kind(
        c"danog\\MadelineProto\\EventHandler\\Media\\DocumentPhoto",
        &MEDIA,
    )
};

pub(crate) static DOCUMENT: Class = kind(
    c"danog\\MadelineProto\\EventHandler\\Media\\Document",
    &MEDIA,
);

/// A story that was forwarded. MadelineProto makes no objects of it, either.
pub(super) static MEDIA_STORY: Class = Class {
    flags: Class::ABSTRACT,
    interfaces: &[Base::JsonSerializable],
    properties: &[
        Property::filled(c"viaMention", Type::BOOL),
        Property::filled(c"senderId", Type::INT),
        Property::filled(c"storyId", Type::INT),
        Property::filled(
            c"story",
            Type::class(c"danog\\MadelineProto\\EventHandler\\AbstractStory").nullable(),
        )
        .protected(),
    ],
    methods: &[Method::new(c"jsonSerialize", |frame: &mut Frame<'_>| {
        let mut json = properties(frame, &["session", "story"])?;
        json.insert("_", class_name(frame)?)?;
        frame.give(json)
    })
    .returns(Type::MIXED)],
    ..kind(
        c"danog\\MadelineProto\\EventHandler\\Media\\MediaStory",
        &IPC_CAPABLE,
    )
};

/// A place. MadelineProto declares degrees as ints, which they are not.
pub(crate) static GEO_POINT: Class = Class {
    name: c"danog\\MadelineProto\\EventHandler\\Media\\GeoPoint",
    flags: Class::FINAL,
    interfaces: &[Base::JsonSerializable],
    properties: &[
        Property::filled(c"long", Type::FLOAT),
        Property::filled(c"lat", Type::FLOAT),
        Property::filled(c"accessHash", Type::INT),
        Property::filled(c"accuracyRadius", Type::INT.nullable()),
    ],
    methods: &[
        Method::new(c"__construct", |frame: &mut Frame<'_>| {
            let this = frame.this()?;
            let point = frame.array(0);
            for (name, key) in [("long", "long"), ("lat", "lat"), ("accessHash", "access_hash")] {
                let value = point.and_then(|point| present(point, key));
                let value = value.ok_or_else(|| {
                    Thrown::Exception(format!(
                        "GeoPoint::__construct(): expected an array with long, lat and access_hash, found one without {key}"
                    ))
                })?;
                GEO_POINT.write(this, name, value.shallow_clone())?;
            }
            let radius = point.and_then(|point| present(point, "accuracy_radius"));
            let radius = radius.map(Zval::shallow_clone);
            GEO_POINT.write(this, "accuracyRadius", radius.unwrap_or_default())
        })
        .params(&[Param::required(c"rawGeoPoint", Type::ARRAY)]),
        Method::new(c"jsonSerialize", |frame: &mut Frame<'_>| {
            let mut json = properties(frame, &[])?;
            json.insert("_", class_name(frame)?)?;
            frame.give(json)
        })
        .returns(Type::MIXED),
    ],
    ..Class::DEFAULT
};

/// The object for a `GeoPoint`; null for `geoPointEmpty`.
pub(in crate::types) fn geo_point(point: &Fields<'_>) -> Result<Zval, Thrown> {
    if point.predicate() == "geoPointEmpty" {
        return Ok(Zval::new());
    }
    let degrees = |name| Ok::<_, Thrown>(point.required_float(name)?.into_zval(false)?);
    let mut object = GEO_POINT.instantiate();
    GEO_POINT.fill(
        Object::new(&mut object),
        [
            degrees(&names::LONG)?,
            degrees(&names::LAT)?,
            number(point.required_int(&names::ACCESS_HASH)?),
            number(point.int(&names::ACCURACY_RADIUS)?),
        ],
    );
    Ok(object.into_zval(false)?)
}

fn class_name(frame: &Frame<'_>) -> Result<String, Thrown> {
    Ok(frame.this()?.get_class_name().unwrap_or_default())
}
