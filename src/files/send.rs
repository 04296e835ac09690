//! `sendDocument()` and its relatives: a file, its attributes, and everything that goes with a message, as parameters.

use std::rc::Rc;

use ext_php_rs::boxed::ZBox;
use ext_php_rs::types::{ZendHashTable, Zval};
use madeline_client::files::media::Facts;

use super::classes::{self, BOT_API_FILE_ID};
use super::given::Given;
use super::upload::{self, Order, Stored};
use super::{ffmpeg, unpack};
use crate::api;
use crate::api::instance::Instance;
use crate::api::updates;
use crate::call;
use crate::class::{Class, Frame, Method, Object, Param, Type};
use crate::exceptions::Thrown;
use crate::types::media::{self, MEDIA};
use crate::zval::sink;

const fn required(name: &'static std::ffi::CStr, ty: Type) -> Param {
    Param::required(name, ty)
}

pub(super) const PEER: Param = required(c"peer", Type::MIXED);
pub(crate) const FILE: Param = required(c"file", Type::MIXED);
pub(crate) const THUMB: Param = Param::optional(c"thumb", Type::MIXED, c"null");
pub(crate) const CAPTION: Param = Param::optional(c"caption", Type::STRING, c"''");
pub(crate) const PARSE_MODE: Param = Param::optional(c"parseMode", Type::MIXED, c"null");
pub(crate) const CALLBACK: Param = Param::optional(c"callback", Type::CALLABLE.nullable(), c"null");
pub(crate) const FILE_NAME: Param = Param::optional(c"fileName", Type::STRING.nullable(), c"null");
pub(crate) const MIME_TYPE: Param = Param::optional(c"mimeType", Type::STRING.nullable(), c"null");
pub(crate) const TTL: Param = Param::optional(c"ttl", Type::INT.nullable(), c"null");
pub(crate) const SPOILER: Param = Param::optional(c"spoiler", Type::BOOL, c"false");
pub(crate) const DURATION: Param = Param::optional(c"duration", Type::INT.nullable(), c"null");
pub(crate) const WIDTH: Param = Param::optional(c"width", Type::INT.nullable(), c"null");
pub(crate) const HEIGHT: Param = Param::optional(c"height", Type::INT.nullable(), c"null");
const THUMB_SEEK: Param = Param::optional(c"thumbSeek", Type::STRING, c"'00:00:01.000'");
pub(super) const REPLY: Param = Param::optional(c"replyToMsgId", Type::INT.nullable(), c"null");
pub(super) const TOPIC: Param = Param::optional(c"topMsgId", Type::INT.nullable(), c"null");
pub(crate) const MARKUP: Param = Param::optional(c"replyMarkup", Type::ARRAY.nullable(), c"null");
pub(crate) const SEND_AS: Param = Param::optional(c"sendAs", Type::MIXED, c"null");
pub(crate) const SCHEDULE: Param = Param::optional(c"scheduleDate", Type::INT.nullable(), c"null");
pub(crate) const SILENT: Param = Param::optional(c"silent", Type::BOOL, c"false");
pub(crate) const NO_FORWARDS: Param = Param::optional(c"noForwards", Type::BOOL, c"false");
pub(crate) const BACKGROUND: Param = Param::optional(c"background", Type::BOOL, c"false");
pub(crate) const CLEAR_DRAFT: Param = Param::optional(c"clearDraft", Type::BOOL, c"false");
pub(crate) const ORDER: Param = Param::optional(c"updateStickersetsOrder", Type::BOOL, c"false");
pub(crate) const RESEND: Param = Param::optional(c"forceResend", Type::BOOL, c"false");
/// What senders return.
pub(crate) const MESSAGE_OBJECT: Type = Type::class(c"danog\\MadelineProto\\EventHandler\\Message");
pub(crate) const CANCELLATION: Param = Param::optional(c"cancellation", Type::MIXED, c"null");

macro_rules! senders {
    ($($name:literal $kind:ident [$($own:expr),*] [$($tail:expr),*];)*) => {
        /// All of them.
        pub(crate) const METHODS: &[Method] = &[$({
            const PARAMS: &[Param] = &[
                PEER, FILE, $($own,)* REPLY, TOPIC, MARKUP, SEND_AS, SCHEDULE, SILENT, NO_FORWARDS, BACKGROUND,
                CLEAR_DRAFT, $($tail,)* CANCELLATION,
            ];
            Method::new($name, |frame: &mut Frame<'_>| send(frame, Kind::$kind, PARAMS))
                .params(PARAMS)
                .returns(MESSAGE_OBJECT)
        }),*];
    };
}

senders! {
    c"sendPhoto" Photo [CAPTION, PARSE_MODE, CALLBACK, FILE_NAME, TTL, SPOILER] [ORDER, RESEND];
    c"sendDocumentPhoto" DocumentPhoto [CAPTION, PARSE_MODE, CALLBACK, FILE_NAME, TTL, SPOILER] [ORDER, RESEND];
    c"sendDocument" Document
        [THUMB, CAPTION, PARSE_MODE, CALLBACK, FILE_NAME, MIME_TYPE, TTL, SPOILER] [ORDER, RESEND];
    c"sendVideo" Video [
        THUMB, CAPTION, PARSE_MODE, CALLBACK, FILE_NAME, Param::optional(c"mimeType", Type::STRING, c"'video/mp4'"), TTL,
        SPOILER, Param::optional(c"roundMessage", Type::BOOL, c"false"),
        Param::optional(c"supportsStreaming", Type::BOOL, c"true"), Param::optional(c"noSound", Type::BOOL, c"false"),
        DURATION, WIDTH, HEIGHT, THUMB_SEEK
    ] [RESEND, ORDER];
    c"sendGif" Gif [
        THUMB, CAPTION, PARSE_MODE, CALLBACK, FILE_NAME, TTL, SPOILER, DURATION, WIDTH, HEIGHT, THUMB_SEEK
    ] [RESEND];
    c"sendAudio" Audio [
        THUMB, CAPTION, PARSE_MODE, CALLBACK, FILE_NAME, MIME_TYPE, DURATION,
        Param::optional(c"title", Type::STRING.nullable(), c"null"),
        Param::optional(c"performer", Type::STRING.nullable(), c"null"), TTL
    ] [RESEND];
    c"sendVoice" Voice [
        CAPTION, PARSE_MODE, CALLBACK, FILE_NAME, TTL, DURATION,
        Param::optional(c"waveform", Type::ARRAY.nullable(), c"null")
    ] [RESEND];
    c"sendSticker" Sticker [
        required(c"mimeType", Type::STRING), Param::optional(c"emoji", Type::STRING, c"''"),
        Param::optional(c"stickerSet", Type::ARRAY, c"['_' => 'inputStickerSetEmpty']"), CALLBACK, FILE_NAME, TTL
    ] [ORDER, RESEND];
}

/// What is made of the file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Photo,
    DocumentPhoto,
    Document,
    Video,
    Gif,
    Audio,
    Voice,
    Sticker,
}

impl Kind {
    /// The class of such files.
    const fn class(self) -> &'static Class {
        match self {
            Self::Photo => &media::PHOTO,
            Self::DocumentPhoto => &media::DOCUMENT_PHOTO,
            Self::Document => &media::DOCUMENT,
            Self::Video => &media::VIDEO,
            Self::Gif => &media::GIF,
            Self::Audio => &media::AUDIO,
            Self::Voice => &media::VOICE,
            Self::Sticker => &media::STICKER,
        }
    }
}

fn send(frame: &mut Frame<'_>, kind: Kind, params: &'static [Param]) -> Result<(), Thrown> {
    let instance = api::instance(frame)?;
    let given = Given {
        frame,
        params,
        also: &[],
    };
    let message = send_file(instance, kind, &given)?;
    frame.give_zval(message);
    Ok(())
}

/// Sends a file to the peer that the arguments name; the message.
pub(crate) fn send_file(
    instance: &Rc<Instance>,
    kind: Kind,
    given: &Given<'_, '_>,
) -> Result<Zval, Thrown> {
    let media = media(instance, kind, given)?;
    let mut arguments = arguments(given)?;
    arguments.insert("media", media)?;
    arguments.insert("message", given.text("caption").unwrap_or_default())?;
    let method = call::method(instance, "messages.sendMedia")?;
    let sent = call::perform(instance, method, &sink::array(arguments))?;
    updates::sent(instance, &sent)
}

/// What is said of any message that is sent, under TL's names.
pub(super) fn arguments(given: &Given<'_, '_>) -> Result<ZBox<ZendHashTable>, Thrown> {
    let mut arguments = ZendHashTable::new();
    for (name, key) in [
        ("peer", "peer"),
        ("parseMode", "parse_mode"),
        ("replyToMsgId", "reply_to_msg_id"),
        ("topMsgId", "top_msg_id"),
        ("replyMarkup", "reply_markup"),
        ("sendAs", "send_as"),
        ("scheduleDate", "schedule_date"),
        ("cancellation", "cancellation"),
    ] {
        if let Some(value) = given.get(name) {
            arguments.insert(key, value.shallow_clone())?;
        }
    }
    // A message of a topic that answers none other answers its beginning.
    if let (None, Some(topic)) = (given.get("replyToMsgId"), given.get("topMsgId")) {
        arguments.insert("reply_to_msg_id", topic.shallow_clone())?;
    }
    for (name, key) in [
        ("silent", "silent"),
        ("noForwards", "noforwards"),
        ("background", "background"),
        ("clearDraft", "clear_draft"),
        ("noWebpage", "no_webpage"),
        ("updateStickersetsOrder", "update_stickersets_order"),
    ] {
        if given.flag(name, false) {
            arguments.insert(key, true)?;
        }
    }
    Ok(arguments)
}

/// The `InputMedia`: a file that Telegram has already is sent again as it is, unless something about it is to change.
fn media(instance: &Rc<Instance>, kind: Kind, given: &Given<'_, '_>) -> Result<Zval, Thrown> {
    let file = given.get("file").map(Zval::shallow_clone);
    let file = file.unwrap_or_default();
    let held = media::held(&file)?;
    let known = Known(held.as_ref().and_then(|held| MEDIA.object(held)));
    let file = held.as_ref().unwrap_or(&file);
    let differs = |name: &str| {
        given
            .text(name)
            .is_some_and(|text| known.text(name) != Some(text))
    };
    let is_changed = given.flag("forceResend", false)
        || given.get("thumb").is_some()
        || differs("fileName")
        || differs("mimeType");
    let is_known = file.is_array()
        || known.may_be_sent_as(kind)
        || BOT_API_FILE_ID
            .object(file)
            .is_some_and(|id| !BOT_API_FILE_ID.read(id, "protected").is_true());
    if is_known && !is_changed {
        let forms = unpack::forms(instance, file)?;
        let known = forms.array().and_then(|forms| forms.get("InputMedia"));
        let is_same = known
            .and_then(Zval::array)
            .and_then(|known| known.get("_"))
            .and_then(Zval::str)
            .is_some_and(|sent| (sent == "inputMediaPhoto") == (kind == Kind::Photo));
        if let (true, Some(known)) = (is_same, known.and_then(Zval::array)) {
            let mut known = known.to_owned();
            about(&mut known, given)?;
            return Ok(sink::array(known));
        }
    }
    uploaded(instance, kind, given, file, known)
}

/// What a `Media` object tells of its file, where one is sent.
#[derive(Clone, Copy)]
struct Known<'z>(Option<&'z Object>);

impl Known<'_> {
    /// A property that is set; its class may declare it or not.
    fn get(self, name: &str) -> Option<Zval> {
        let value = MEDIA.read(self.0?, name);
        (!value.is_null()).then_some(value)
    }

    fn text(self, name: &str) -> Option<String> {
        self.get(name)?.string()
    }

    fn is_of(self, class: &Class) -> bool {
        self.0.is_some_and(|media| class.is_class_of(media))
    }

    /// Whether the server's own copy is of the wanted kind, and anybody may have it.
    fn may_be_sent_as(self, kind: Kind) -> bool {
        let is_barred = |name: &str| self.get(name).is_some_and(|flag| flag.is_true());
        self.is_of(kind.class()) && !is_barred("protected") && !is_barred("encrypted")
    }
}

/// What is said of any media.
fn about(media: &mut ZendHashTable, given: &Given<'_, '_>) -> Result<(), Thrown> {
    if let Some(ttl) = given.get("ttl") {
        media.insert("ttl_seconds", ttl.shallow_clone())?;
    }
    if given.flag("spoiler", false) {
        media.insert("spoiler", true)?;
    }
    Ok(())
}

fn uploaded(
    instance: &Rc<Instance>,
    kind: Kind,
    given: &Given<'_, '_>,
    file: &Zval,
    known: Known<'_>,
) -> Result<Zval, Thrown> {
    let order = Order {
        name: given.text("fileName").unwrap_or_default(),
        callback: given.get("callback").map(Zval::shallow_clone),
        cancellation: given.get("cancellation"),
        looks: kind != Kind::Photo,
        ..Order::default()
    };
    let Stored { file, facts, path } = upload::any(instance, file, order)?;
    let text = |key: &str| file.array()?.get(key)?.string();
    let (name, found) = (text("name").unwrap_or_default(), text("mime_type"));
    let mut media = ZendHashTable::new();
    about(&mut media, given)?;
    media.insert("file", file.shallow_clone())?;
    if kind == Kind::Photo {
        media.insert("_", "inputMediaUploadedPhoto")?;
        return Ok(sink::array(media));
    }
    media.insert("_", "inputMediaUploadedDocument")?;
    let mime = match kind {
        Kind::Video => given.text("mimeType").or(Some("video/mp4".to_owned())),
        Kind::Gif => Some("video/mp4".to_owned()),
        Kind::Voice => Some("audio/ogg".to_owned()),
        _ => given.text("mimeType").or(found),
    };
    media.insert("mime_type", mime.unwrap_or_default())?;
    if matches!(kind, Kind::Document | Kind::DocumentPhoto) {
        media.insert("force_file", true)?;
    }
    if given.flag("noSound", false) {
        media.insert("nosound_video", true)?;
    }
    if let Some(thumb) = thumb(instance, kind, given, path.as_deref())? {
        media.insert("thumb", thumb)?;
    }
    let mut attributes = ZendHashTable::new();
    if !name.is_empty() {
        let mut attribute = of("documentAttributeFilename")?;
        attribute.insert("file_name", name)?;
        attributes.push(attribute)?;
    }
    for attribute in described(kind, given, &facts, known)? {
        attributes.push(attribute)?;
    }
    media.insert("attributes", attributes)?;
    Ok(sink::array(media))
}

/// The thumbnail: the given one, or a frame of the film where the script says which, and `ffmpeg` is there.
fn thumb(
    instance: &Rc<Instance>,
    kind: Kind,
    given: &Given<'_, '_>,
    path: Option<&str>,
) -> Result<Option<Zval>, Thrown> {
    let thumb = match given.get("thumb") {
        Some(thumb) => match classes::unwrap(thumb)? {
            Some((thumb, _)) => thumb,
            None => thumb.shallow_clone(),
        },
        None if matches!(kind, Kind::Video | Kind::Gif) => {
            let (Some(path), Some(seek)) = (path, given.text("thumbSeek")) else {
                return Ok(None);
            };
            let Some(frame) = ffmpeg::frame(path, &seek, given.get("cancellation"))? else {
                return Ok(None);
            };
            return upload::bytes(instance, frame, "thumb.jpg").map(Some);
        }
        None => return Ok(None),
    };
    upload::any(instance, &thumb, Order::default()).map(|stored| Some(stored.file))
}

/// What is said of the kind of document: by the script, else by the header of the file.
fn described(
    kind: Kind,
    given: &Given<'_, '_>,
    facts: &Facts,
    known: Known<'_>,
) -> Result<Vec<Zval>, Thrown> {
    let told = |name: &str| {
        let told = known.get(name)?;
        told.long().or_else(|| Some(told.double()?.round() as i64))
    };
    let duration = || {
        let seconds = facts
            .duration
            .map(|duration| duration.as_secs_f64().round() as i64);
        let given = given.int("duration").or_else(|| told("duration"));
        given.or(seconds).unwrap_or_default()
    };
    let (width, height) = facts.size.unwrap_or_default();
    let mut all = Vec::new();
    if let (Kind::DocumentPhoto | Kind::Document | Kind::Sticker, Some(_), None) =
        (kind, facts.size, facts.duration)
    {
        let mut attribute = of("documentAttributeImageSize")?;
        attribute.insert("w", i64::from(width))?;
        attribute.insert("h", i64::from(height))?;
        all.push(sink::array(attribute));
    }
    match kind {
        Kind::Photo | Kind::DocumentPhoto | Kind::Document => {}
        Kind::Video | Kind::Gif => {
            let is_mute = kind == Kind::Gif;
            let streams = known.get("supportsStreaming");
            let streams = streams.map_or(!is_mute, |streams| streams.is_true());
            let is_round = known.is_of(&media::ROUND_VIDEO);
            let has_no_sound = is_mute || known.is_of(&media::GIF);
            let mut attribute = of("documentAttributeVideo")?;
            attribute.insert("round_message", given.flag("roundMessage", is_round))?;
            attribute.insert(
                "supports_streaming",
                given.flag("supportsStreaming", streams),
            )?;
            attribute.insert("nosound", given.flag("noSound", has_no_sound))?;
            attribute.insert("duration", duration())?;
            let side = |name: &str, found: u32| {
                let given = given.int(name).or_else(|| told(name));
                given.unwrap_or(found.into())
            };
            attribute.insert("w", side("width", width))?;
            attribute.insert("h", side("height", height))?;
            all.push(sink::array(attribute));
            if is_mute {
                all.push(sink::array(of("documentAttributeAnimated")?));
            }
        }
        Kind::Audio | Kind::Voice => {
            let mut attribute = of("documentAttributeAudio")?;
            attribute.insert("voice", kind == Kind::Voice)?;
            attribute.insert("duration", duration())?;
            if kind == Kind::Audio {
                for (key, found) in [("title", &facts.title), ("performer", &facts.performer)] {
                    let given = given.text(key).or_else(|| known.text(key));
                    if let Some(text) = given.or_else(|| found.clone()) {
                        attribute.insert(key, text)?;
                    }
                }
            }
            let waveform = given.get("waveform").map(Zval::shallow_clone);
            if let Some(waveform) = waveform.or_else(|| known.get("waveform")) {
                attribute.insert("waveform", waveform)?;
            }
            all.push(sink::array(attribute));
        }
        Kind::Sticker => {
            let set = match given.get("stickerSet") {
                Some(set) => set.shallow_clone(),
                None => sink::array(of("inputStickerSetEmpty")?),
            };
            let mut attribute = of("documentAttributeSticker")?;
            attribute.insert("alt", given.text("emoji").unwrap_or_default())?;
            attribute.insert("stickerset", set)?;
            all.push(sink::array(attribute));
        }
    }
    Ok(all)
}

/// An object of a constructor, without fields yet.
fn of(constructor: &str) -> Result<ZBox<ZendHashTable>, Thrown> {
    let mut object = ZendHashTable::new();
    object.insert("_", constructor)?;
    Ok(object)
}
