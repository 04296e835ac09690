//! `\danog\MadelineProto\EventHandler\Message\Service\*`: messages that tell what has happened in a chat (specification §8.6).
//!
//! A table: each class, the actions it is of, and where its properties come from. Those of secret chats are not there.

mod parts;

use std::rc::Rc;

use ext_php_rs::types::Zval;
use madeline_client::peers::PeerId;

use super::classes::ABSTRACT_MESSAGE;
use crate::api::instance::Instance;
use crate::class::{Base, Class, Frame, Method, Object, Param, Property, Type, c_str};
use crate::exceptions::Thrown;
use crate::function;
use crate::types::fields::{Fields, names, number};
use crate::zval::sink;
use parts::{BOT_APP, DISCARD_REASON, PHOTO, WALLPAPER};

/// What all of them are.
pub(crate) static SERVICE_MESSAGE: Class = Class {
    name: c"danog\\MadelineProto\\EventHandler\\Message\\ServiceMessage",
    flags: Class::ABSTRACT,
    parent: Some(Base::Ours(&ABSTRACT_MESSAGE)),
    ..Class::DEFAULT
};

/// Those about group calls.
static GROUP_CALL: Class = Class {
    name: c"danog\\MadelineProto\\EventHandler\\Message\\Service\\DialogGroupCall",
    flags: Class::ABSTRACT,
    parent: Some(Base::Ours(&SERVICE_MESSAGE)),
    properties: &[
        Property::filled(c"callId", Type::INT),
        Property::filled(c"accessHash", Type::INT),
    ],
    ..Class::DEFAULT
};

/// A class, the constructors of `MessageAction` it is of, and how its properties are read from them.
pub(super) struct Kind {
    pub(super) class: &'static Class,
    actions: &'static [&'static str],
    properties: &'static [Read],
}

type Read = fn(&Fields<'_>, &Rc<Instance>) -> Result<Zval, Thrown>;

/// The table of kinds: class, parent, actions, and the properties: name, kind of value, field.
macro_rules! kinds {
    ($($symbol:ident $class:literal $parent:ident [$($action:literal),*]
        { $($property:literal $kind:ident $field:tt;)* } $([$($method:expr),*])?)*) => {
        $(static $symbol: Class = Class {
            name: c_str(concat!("danog\\MadelineProto\\EventHandler\\Message\\Service\\", $class, "\0")),
            flags: Class::FINAL,
            parent: Some(Base::Ours(&$parent)),
            properties: &[$(
                Property::filled(c_str(concat!($property, "\0")), kinds!(@type $kind $field))
            ),*],
            $(methods: &[$($method),*],)?
            ..Class::DEFAULT
        };)*

        static KINDS: &[Kind] = &[$(Kind {
            class: &$symbol,
            actions: &[$($action),*],
            properties: &[$(kinds!(@read $kind $field)),*],
        }),*];

        /// The classes of this module and of the one below, parents first.
        pub(in crate::types) static CLASSES: &[&Class] = &[
            &DISCARD_REASON, &BOT_APP, &WALLPAPER, &parts::WALLPAPER_SETTINGS, &SERVICE_MESSAGE, &GROUP_CALL, $(&$symbol),*
        ];
    };
    (@type int $field:ident) => { Type::INT };
    (@type maybe_int $field:ident) => { Type::INT.nullable() };
    (@type flag $field:ident) => { Type::BOOL };
    (@type maybe_bool $field:ident) => { Type::BOOL.nullable() };
    (@type text $field:ident) => { Type::STRING };
    (@type maybe_text $field:ident) => { Type::STRING.nullable() };
    (@type list $field:ident) => { Type::ARRAY };
    (@type peer $field:ident) => { Type::INT };
    (@type made ($ty:expr, $read:expr)) => { $ty };
    (@read int $field:ident) => { |action, _| Ok(number(action.required_int(&names::$field)?)) };
    (@read maybe_int $field:ident) => { |action, _| Ok(number(action.int(&names::$field)?)) };
    (@read flag $field:ident) => { |action, _| Ok(Zval::from(action.flag(&names::$field)?)) };
    (@read maybe_bool $field:ident) => { |action, _| {
        let flag = action.get(&names::$field).map(|_| action.flag(&names::$field)).transpose()?;
        Ok(flag.map_or_else(Zval::new, Zval::from))
    } };
    (@read text $field:ident) => { |action, _| action.required_text_value(&names::$field) };
    (@read maybe_text $field:ident) => { |action, _| action.text(&names::$field) };
    (@read list $field:ident) => { |action, _| {
        Ok(action.array(&names::$field)?.map_or_else(sink::empty, |list| sink::array(list.to_owned())))
    } };
    (@read peer $field:ident) => { |action, _| Ok(number(action.required_peer(&names::$field)?)) };
    (@read made ($ty:expr, $read:expr)) => { $read };
}

kinds! {
    BOT_ALLOWED "DialogBotAllowed" SERVICE_MESSAGE ["messageActionBotAllowed"] {
        "attachMenu" flag ATTACH_MENU;
        "domain" maybe_text DOMAIN;
        "app" made (Type::class(BOT_APP.name).nullable(), parts::bot_app);
    }
    HISTORY_CLEARED "DialogHistoryCleared" SERVICE_MESSAGE ["messageActionHistoryClear"] {}
    CONTACT_SIGN_UP "DialogContactSignUp" SERVICE_MESSAGE ["messageActionContactSignUp"] {}
    MEMBER_JOINED_BY_REQUEST "DialogMemberJoinedByRequest" SERVICE_MESSAGE ["messageActionChatJoinedByRequest"] {}
    MEMBERS_JOINED "DialogMembersJoined" SERVICE_MESSAGE ["messageActionChatAddUser"] {
        "joined" list USERS;
    }
    MEMBER_LEFT "DialogMemberLeft" SERVICE_MESSAGE ["messageActionChatDeleteUser"] {
        "left" int USER_ID;
    }
    CHAT_JOINED_BY_LINK "DialogChatJoinedByLink" SERVICE_MESSAGE ["messageActionChatJoinedByLink"] {
        "inviterId" int INVITER_ID;
    }
    CREATED "DialogCreated" SERVICE_MESSAGE ["messageActionChatCreate"] {
        "title" text TITLE;
        "users" list USERS;
    }
    TITLE_CHANGED "DialogTitleChanged" SERVICE_MESSAGE ["messageActionChatEditTitle"] {
        "title" text TITLE;
    }
    PHOTO_CHANGED "DialogPhotoChanged" SERVICE_MESSAGE ["messageActionChatEditPhoto", "messageActionChatDeletePhoto"] {
        "photo" made (PHOTO, parts::photo);
    }
    MESSAGE_PINNED "DialogMessagePinned" SERVICE_MESSAGE ["messageActionPinMessage"] {} [
        Method::new(c"getPinnedMessage", pinned_message)
            .params(&[Param::optional(
                c"class",
                Type::STRING,
                c"'danog\\\\MadelineProto\\\\EventHandler\\\\AbstractMessage'",
            )])
            .returns(Type::class(ABSTRACT_MESSAGE.name).nullable())
    ]
    SCREENSHOT_TAKEN "DialogScreenshotTaken" SERVICE_MESSAGE ["messageActionScreenshotTaken"] {
        "ids" list RANDOM_IDS;
    }
    CHANNEL_CREATED "DialogChannelCreated" SERVICE_MESSAGE ["messageActionChannelCreate"] {
        "title" text TITLE;
    }
    CHAT_MIGRATE_TO "DialogChatMigrateTo" SERVICE_MESSAGE ["messageActionChatMigrateTo"] {
        "channelId" made (Type::INT, |action, _| Ok(place(action.required_int(&names::CHANNEL_ID)?, PeerId::channel)));
    }
    CHANNEL_MIGRATE_FROM "DialogChannelMigrateFrom" SERVICE_MESSAGE ["messageActionChannelMigrateFrom"] {
        "oldTitle" text TITLE;
        "oldChatId" made (Type::INT, |action, _| Ok(place(action.required_int(&names::CHAT_ID)?, PeerId::chat)));
    }
    GAME_SCORE "DialogGameScore" SERVICE_MESSAGE ["messageActionGameScore"] {
        "gameId" int GAME_ID;
        "score" int SCORE;
    }
    GEO_PROXIMITY_REACHED "DialogGeoProximityReached" SERVICE_MESSAGE ["messageActionGeoProximityReached"] {
        "fromId" peer FROM_ID;
        "toId" peer TO_ID;
        "distance" int DISTANCE;
    }
    PHONE_CALL "DialogPhoneCall" SERVICE_MESSAGE ["messageActionPhoneCall"] {
        "video" flag VIDEO;
        "callId" int CALL_ID;
        "reason" made (Type::class(DISCARD_REASON.name).nullable(), parts::discard_reason);
        "duration" maybe_int DURATION;
    }
    GROUP_CALL_CHANGED "DialogGroupCall\\GroupCall" GROUP_CALL ["messageActionGroupCall"] {
        "ended" made (Type::BOOL, |action, _| Ok(Zval::from(action.int(&names::DURATION)?.is_some_and(|it| it != 0))));
        "duration" maybe_int DURATION;
    }
    GROUP_CALL_INVITED "DialogGroupCall\\GroupCallInvited" GROUP_CALL ["messageActionInviteToGroupCall"] {
        "users" list USERS;
    }
    GROUP_CALL_SCHEDULED "DialogGroupCall\\GroupCallScheduled" GROUP_CALL ["messageActionGroupCallScheduled"] {
        "scheduleDate" int SCHEDULE_DATE;
    }
    SET_TTL "DialogSetTTL" SERVICE_MESSAGE ["messageActionSetMessagesTTL"] {
        "period" int PERIOD;
        "autoSettingFrom" maybe_int AUTO_SETTING_FROM;
    }
    SET_CHAT_THEME "DialogSetChatTheme" SERVICE_MESSAGE ["messageActionSetChatTheme"] {
        "emoticon" made (Type::STRING.nullable(), parts::theme);
    }
    WEB_VIEW "DialogWebView" SERVICE_MESSAGE ["messageActionWebViewDataSentMe", "messageActionWebViewDataSent"] {
        "text" text TEXT;
        "data" maybe_text DATA;
    }
    GIFT_PREMIUM "DialogGiftPremium" SERVICE_MESSAGE ["messageActionGiftPremium"] {
        "currency" text CURRENCY;
        "amount" int AMOUNT;
        "months" made (Type::INT, parts::months);
        "cryptoCurrency" maybe_text CRYPTO_CURRENCY;
        "cryptoAmount" maybe_int CRYPTO_AMOUNT;
    }
    TOPIC_CREATED "DialogTopicCreated" SERVICE_MESSAGE ["messageActionTopicCreate"] {
        "title" text TITLE;
        "iconColor" int ICON_COLOR;
        "iconEmojiId" maybe_int ICON_EMOJI_ID;
    }
    TOPIC_EDITED "DialogTopicEdited" SERVICE_MESSAGE ["messageActionTopicEdit"] {
        "title" maybe_text TITLE;
        "iconEmojiId" maybe_int ICON_EMOJI_ID;
        "closed" maybe_bool CLOSED;
        "hidden" maybe_bool HIDDEN;
    }
    SUGGEST_PROFILE_PHOTO "DialogSuggestProfilePhoto" SERVICE_MESSAGE ["messageActionSuggestProfilePhoto"] {
        "photo" made (PHOTO, parts::photo);
    }
    PEER_REQUESTED "DialogPeerRequested" SERVICE_MESSAGE ["messageActionRequestedPeerSentMe"] {
        "buttonId" int BUTTON_ID;
        "peers" list PEERS;
    }
    SET_CHAT_WALL_PAPER "DialogSetChatWallPaper" SERVICE_MESSAGE
        ["messageActionSetChatWallPaper", "messageActionSetSameChatWallPaper"] {
        "wallpaper" made (Type::class(WALLPAPER.name), parts::wallpaper);
        "same" made (Type::BOOL, |action, _| {
            Ok(Zval::from(action.flag(&names::SAME)? || action.predicate() == "messageActionSetSameChatWallPaper"))
        });
    }
}

impl Kind {
    /// What a message with this action is; `None` where release 8 has no class for it.
    pub(super) fn of(action: &Fields<'_>) -> Option<&'static Self> {
        let name = action.predicate();
        KINDS.iter().find(|kind| kind.actions.contains(&name))
    }

    /// Gives an object what its action says.
    pub(super) fn fill(
        &self,
        object: &Object,
        action: &Fields<'_>,
        instance: &Rc<Instance>,
    ) -> Result<(), Thrown> {
        if GROUP_CALL.is_class_of(object) {
            let call = action.required_object(&names::CALL, "message.action.call")?;
            GROUP_CALL.fill(
                object,
                [
                    number(call.required_int(&names::ID)?),
                    number(call.required_int(&names::ACCESS_HASH)?),
                ],
            );
        }
        let values = self.properties.iter().map(|read| read(action, instance));
        self.class
            .fill(object, values.collect::<Result<Vec<_>, _>>()?);
        Ok(())
    }
}

/// A group by its number in results: the bot API's, or in those of releases before 8 Telegram's own.
fn place(id: i64, of_raw: fn(i64) -> Option<PeerId>) -> Zval {
    let id = match id {
        raw @ 1.. => of_raw(raw).map(PeerId::bot_api),
        id => Some(id),
    };
    number(id)
}

/// The pinned message: what this one answers.
fn pinned_message(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let this = frame.this()?;
    let mut class: Vec<Zval> = frame.arg(0).map(Zval::shallow_clone).into_iter().collect();
    let message = function::call_public(this.ce, Some(this), "getreply", &mut class)?;
    frame.give_zval(message);
    Ok(())
}
