//! `\danog\MadelineProto\EventHandler\Action`: what somebody is doing in a chat, one class for each kind
//! (specification §8.6; `SendMessageAction` of Telegram's schema).

use ext_php_rs::boxed::ZBox;
use ext_php_rs::convert::IntoZval;
use ext_php_rs::types::{ZendHashTable, Zval};

use super::update;
use crate::class::{Base, Class, Frame, Literal, Method, Object, Param, Property, Type};
use crate::exceptions::Thrown;
use crate::function;
use crate::zval::sink;

/// What all of them are.
pub(crate) static ACTION: Class = Class {
    name: c"danog\\MadelineProto\\EventHandler\\Action",
    flags: Class::ABSTRACT,
    interfaces: &[Base::JsonSerializable],
    methods: &[
        Method::new(c"fromRawAction", |frame: &mut Frame<'_>| {
            if let Some(raw) = frame.array(0) {
                let action = from_raw(raw)?;
                frame.give_zval(action);
            }
            Ok(())
        })
        .params(&[Param::required(c"rawAction", Type::ARRAY)])
        .returns(Type::class(c"danog\\MadelineProto\\EventHandler\\Action"))
        .of_class(),
        Method::new(c"toRawAction", |frame: &mut Frame<'_>| {
            let raw = to_raw(frame.this()?)?;
            frame.give(raw)
        })
        .returns(Type::ARRAY),
        Method::new(c"jsonSerialize", update::json_serialize).returns(Type::MIXED),
    ],
    ..Class::DEFAULT
};

/// A kind of action: its class, the constructor, and what there is to say.
struct Kind {
    class: &'static Class,
    constructor: &'static str,
    says: Says,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Says {
    Nothing,
    /// How much is done, in percent.
    Progress,
    /// An emoji.
    Emoticon,
    /// An emoji, of which message, and what was seen of it.
    Taps,
}

macro_rules! kinds {
    ($($variable:ident $name:literal $constructor:literal $says:ident;)*) => {
        $(
            #[doc = concat!("`", $constructor, "`.")]
            static $variable: Class = Class {
                name: $name,
                flags: Class::FINAL,
                parent: Some(Base::Ours(&ACTION)),
                properties: properties(Says::$says),
                methods: constructor(Says::$says),
                ..Class::DEFAULT
            };
        )*

        static KINDS: &[Kind] = &[
            $(Kind { class: &$variable, constructor: $constructor, says: Says::$says }),*
        ];

        /// The classes of this module, parents first.
        pub(super) static CLASSES: &[&Class] = &[&ACTION, $(&$variable),*];
    };
}

kinds! {
    TYPING c"danog\\MadelineProto\\EventHandler\\Action\\Typing" "sendMessageTypingAction" Nothing;
    CANCEL c"danog\\MadelineProto\\EventHandler\\Action\\Cancel" "sendMessageCancelAction" Nothing;
    GAME_PLAY c"danog\\MadelineProto\\EventHandler\\Action\\GamePlay" "sendMessageGamePlayAction" Nothing;
    GEO_LOCATION c"danog\\MadelineProto\\EventHandler\\Action\\GeoLocation" "sendMessageGeoLocationAction" Nothing;
    CHOOSE_CONTACT c"danog\\MadelineProto\\EventHandler\\Action\\ChooseContact" "sendMessageChooseContactAction" Nothing;
    CHOOSE_STICKER c"danog\\MadelineProto\\EventHandler\\Action\\ChooseSticker" "sendMessageChooseStickerAction" Nothing;
    RECORD_AUDIO c"danog\\MadelineProto\\EventHandler\\Action\\RecordAudio" "sendMessageRecordAudioAction" Nothing;
    RECORD_ROUND c"danog\\MadelineProto\\EventHandler\\Action\\RecordRound" "sendMessageRecordRoundAction" Nothing;
    RECORD_VIDEO c"danog\\MadelineProto\\EventHandler\\Action\\RecordVideo" "sendMessageRecordVideoAction" Nothing;
    GROUP_CALL_SPEAKING c"danog\\MadelineProto\\EventHandler\\Action\\GroupCallSpeaking" "speakingInGroupCallAction" Nothing;
    UPLOAD_VIDEO c"danog\\MadelineProto\\EventHandler\\Action\\UploadVideo" "sendMessageUploadVideoAction" Progress;
    UPLOAD_ROUND c"danog\\MadelineProto\\EventHandler\\Action\\UploadRound" "sendMessageUploadRoundAction" Progress;
    UPLOAD_AUDIO c"danog\\MadelineProto\\EventHandler\\Action\\UploadAudio" "sendMessageUploadAudioAction" Progress;
    UPLOAD_PHOTO c"danog\\MadelineProto\\EventHandler\\Action\\UploadPhoto" "sendMessageUploadPhotoAction" Progress;
    UPLOAD_DOCUMENT c"danog\\MadelineProto\\EventHandler\\Action\\UploadDocument" "sendMessageUploadDocumentAction" Progress;
    HISTORY_IMPORT c"danog\\MadelineProto\\EventHandler\\Action\\HistoryImport" "sendMessageHistoryImportAction" Progress;
    EMOJI_SEEN c"danog\\MadelineProto\\EventHandler\\Action\\EmojiSeen" "sendMessageEmojiInteractionSeen" Emoticon;
    EMOJI_TAP c"danog\\MadelineProto\\EventHandler\\Action\\EmojiTap" "sendMessageEmojiInteraction" Taps;
}

/// An action of any class as an array, with `_`; a class of the script's own says itself what it is.
pub(crate) fn raw(action: &Object) -> Result<ZBox<ZendHashTable>, Thrown> {
    if KINDS
        .iter()
        .any(|kind| std::ptr::eq(action.ce, kind.class.entry()))
    {
        return to_raw(action);
    }
    let raw = match function::method(action.ce, "toRawAction") {
        Some(method) => function::call_known(method, action, &mut [])?,
        None => Zval::new(),
    };
    raw.array().map(ToOwned::to_owned).ok_or_else(|| {
        Thrown::Type(format!(
            "{}::toRawAction(): Return value must be of type array",
            action.get_class_name().unwrap_or_default()
        ))
    })
}

/// That somebody is typing.
pub(crate) fn typing() -> Result<ZBox<ZendHashTable>, Thrown> {
    let mut raw = ZendHashTable::new();
    raw.insert("_", "sendMessageTypingAction")?;
    Ok(raw)
}

fn to_raw(action: &Object) -> Result<ZBox<ZendHashTable>, Thrown> {
    let kind = KINDS
        .iter()
        .find(|kind| kind.class.is_class_of(action))
        .ok_or_else(|| {
            Thrown::Error(format!(
                "toRawAction(): {} is none of Telegram's actions, and has no toRawAction() of its own",
                action.get_class_name().unwrap_or_default()
            ))
        })?;
    let read = |property| kind.class.read_set(action, property);
    let mut raw = ZendHashTable::new();
    raw.insert("_", kind.constructor)?;
    match kind.says {
        Says::Nothing => {}
        Says::Progress => raw.insert("progress", read("progress")?)?,
        Says::Emoticon => raw.insert("emoticon", read("emoticon")?)?,
        Says::Taps => {
            raw.insert("emoticon", read("emoticon")?)?;
            let mut taps = ZendHashTable::new();
            taps.insert("v", 1)?;
            taps.insert("a", read("animation")?)?;
            raw.insert("interaction", taps)?;
        }
    }
    Ok(raw)
}

fn from_raw(raw: &ZendHashTable) -> Result<Zval, Thrown> {
    let name = raw.get("_").and_then(Zval::str).unwrap_or_default();
    let kind = KINDS
        .iter()
        .find(|kind| kind.constructor == name)
        .ok_or_else(|| {
            Thrown::Error(format!(
                "fromRawAction(): a constructor of SendMessageAction was expected, found \"{name}\""
            ))
        })?;
    let field = |key: &str| {
        let value = raw.get(key).map(Zval::dereference);
        value.map(Zval::shallow_clone).unwrap_or_default()
    };
    let values: Vec<(&str, Zval)> = match kind.says {
        Says::Nothing => vec![],
        Says::Progress => vec![("progress", field("progress"))],
        Says::Emoticon => vec![("emoticon", field("emoticon"))],
        Says::Taps => {
            let taps = raw
                .get("interaction")
                .and_then(|it| it.dereference().array());
            let taps = taps.and_then(|taps| taps.get("a"));
            let taps = taps.map_or_else(
                || sink::array(ZendHashTable::new()),
                |taps| taps.dereference().shallow_clone(),
            );
            vec![
                ("emoticon", field("emoticon")),
                ("id", field("msg_id")),
                ("animation", taps),
            ]
        }
    };
    let mut object = kind.class.instantiate();
    let slots = Object::new(&mut object);
    for (property, value) in values {
        kind.class.write(slots, property, value)?;
    }
    Ok(object.into_zval(false)?)
}

const PROGRESS: Property =
    Property::new(c"progress", Type::INT.nullable(), Literal::Uninitialized).readonly();
const EMOTICON: Property =
    Property::new(c"emoticon", Type::STRING, Literal::Uninitialized).readonly();

const fn properties(says: Says) -> &'static [Property] {
    const OF_PROGRESS: &[Property] = &[PROGRESS];
    const OF_EMOTICON: &[Property] = &[EMOTICON];
    const OF_TAPS: &[Property] = &[
        EMOTICON,
        Property::new(c"id", Type::INT.nullable(), Literal::Uninitialized).readonly(),
        Property::new(c"animation", Type::ARRAY, Literal::Uninitialized).readonly(),
    ];
    match says {
        Says::Nothing => &[],
        Says::Progress => OF_PROGRESS,
        Says::Emoticon => OF_EMOTICON,
        Says::Taps => OF_TAPS,
    }
}

const fn constructor(says: Says) -> &'static [Method] {
    const OF_PROGRESS: &[Method] = &[Method::new(c"__construct", |frame: &mut Frame<'_>| {
        construct(frame, &["progress"])
    })
    .params(&[Param::required(c"progress", Type::INT.nullable())])];
    const OF_EMOTICON: &[Method] = &[Method::new(c"__construct", |frame: &mut Frame<'_>| {
        construct(frame, &["emoticon"])
    })
    .params(&[Param::required(c"emoticon", Type::STRING)])];
    const OF_TAPS: &[Method] = &[Method::new(c"__construct", |frame: &mut Frame<'_>| {
        construct(frame, &["emoticon", "id", "animation"])
    })
    .params(&[
        Param::required(c"emoticon", Type::STRING),
        Param::required(c"id", Type::INT.nullable()),
        Param::required(c"animation", Type::ARRAY),
    ])];
    match says {
        Says::Nothing => &[],
        Says::Progress => OF_PROGRESS,
        Says::Emoticon => OF_EMOTICON,
        Says::Taps => OF_TAPS,
    }
}

/// Puts the arguments into the properties of these names.
fn construct(frame: &mut Frame<'_>, properties: &[&str]) -> Result<(), Thrown> {
    let this = frame.this()?;
    let Some(kind) = KINDS.iter().find(|kind| kind.class.is_class_of(this)) else {
        return Ok(());
    };
    for (index, property) in properties.iter().enumerate() {
        let value = frame.arg(index).map(Zval::shallow_clone);
        kind.class
            .write(this, property, value.unwrap_or_default())?;
    }
    Ok(())
}
