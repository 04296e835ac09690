//! The kinds of entities: a class for each, and its names in TL and in the bot API.

use std::ffi::CStr;

use super::{MESSAGE_ENTITY, construct};
use crate::class::{Base, Class, Literal, Method, Param, Property, Type};

pub(super) const OFFSET: Param = Param::required(c"offset", Type::INT);
pub(super) const LENGTH: Param = Param::required(c"length", Type::INT);

/// The class of a kind that is nothing but an offset and a length.
const fn plain(name: &'static CStr) -> Class {
    detailed(name, &[], &[])
}

/// The class of a kind that has one property more.
const fn detailed(
    name: &'static CStr,
    properties: &'static [Property],
    methods: &'static [Method],
) -> Class {
    Class {
        name,
        flags: Class::FINAL,
        parent: Some(Base::Ours(&MESSAGE_ENTITY)),
        properties,
        methods,
        ..Class::DEFAULT
    }
}

static MENTION: Class = plain(c"danog\\MadelineProto\\EventHandler\\Message\\Entities\\Mention");
static HASHTAG: Class = plain(c"danog\\MadelineProto\\EventHandler\\Message\\Entities\\Hashtag");
static BOT_COMMAND: Class =
    plain(c"danog\\MadelineProto\\EventHandler\\Message\\Entities\\BotCommand");
static EMAIL: Class = plain(c"danog\\MadelineProto\\EventHandler\\Message\\Entities\\Email");
static BOLD: Class = plain(c"danog\\MadelineProto\\EventHandler\\Message\\Entities\\Bold");
static ITALIC: Class = plain(c"danog\\MadelineProto\\EventHandler\\Message\\Entities\\Italic");
static URL: Class = plain(c"danog\\MadelineProto\\EventHandler\\Message\\Entities\\Url");
static CODE: Class = plain(c"danog\\MadelineProto\\EventHandler\\Message\\Entities\\Code");
static PRE: Class = detailed(
    c"danog\\MadelineProto\\EventHandler\\Message\\Entities\\Pre",
    &[Property::new(c"language", Type::STRING, Literal::Uninitialized).readonly()],
    &[Method::new(c"__construct", construct).params(&[
        OFFSET,
        LENGTH,
        Param::required(c"language", Type::STRING),
    ])],
);
static TEXT_URL: Class = detailed(
    c"danog\\MadelineProto\\EventHandler\\Message\\Entities\\TextUrl",
    &[Property::new(c"url", Type::STRING, Literal::Uninitialized).readonly()],
    &[Method::new(c"__construct", construct).params(&[
        OFFSET,
        LENGTH,
        Param::required(c"url", Type::STRING),
    ])],
);
static MENTION_NAME: Class = detailed(
    c"danog\\MadelineProto\\EventHandler\\Message\\Entities\\MentionName",
    &[Property::new(c"userId", Type::INT, Literal::Uninitialized).readonly()],
    &[Method::new(c"__construct", construct).params(&[
        OFFSET,
        LENGTH,
        Param::required(c"userId", Type::INT),
    ])],
);
static INPUT_MENTION_NAME: Class = detailed(
    c"danog\\MadelineProto\\EventHandler\\Message\\Entities\\InputMentionName",
    &[Property::new(
        c"userId",
        Type::INT.or(Type::STRING),
        Literal::Uninitialized,
    )
    .readonly()],
    &[Method::new(c"__construct", construct).params(&[
        OFFSET,
        LENGTH,
        Param::required(c"userId", Type::INT.or(Type::STRING)),
    ])],
);
static PHONE: Class = plain(c"danog\\MadelineProto\\EventHandler\\Message\\Entities\\Phone");
static CASHTAG: Class = plain(c"danog\\MadelineProto\\EventHandler\\Message\\Entities\\Cashtag");
static UNDERLINE: Class =
    plain(c"danog\\MadelineProto\\EventHandler\\Message\\Entities\\Underline");
static STRIKE: Class = plain(c"danog\\MadelineProto\\EventHandler\\Message\\Entities\\Strike");
static BLOCKQUOTE: Class = detailed(
    c"danog\\MadelineProto\\EventHandler\\Message\\Entities\\Blockquote",
    &[Property::new(c"collapsed", Type::BOOL, Literal::Uninitialized).readonly()],
    &[Method::new(c"__construct", construct).params(&[
        OFFSET,
        LENGTH,
        Param::optional(c"collapsed", Type::BOOL, c"false"),
    ])],
);
static BANK_CARD: Class = plain(c"danog\\MadelineProto\\EventHandler\\Message\\Entities\\BankCard");
static SPOILER: Class = plain(c"danog\\MadelineProto\\EventHandler\\Message\\Entities\\Spoiler");
static CUSTOM_EMOJI: Class = detailed(
    c"danog\\MadelineProto\\EventHandler\\Message\\Entities\\CustomEmoji",
    &[Property::new(c"documentId", Type::INT, Literal::Uninitialized).readonly()],
    &[Method::new(c"__construct", construct).params(&[
        OFFSET,
        LENGTH,
        Param::required(c"documentId", Type::INT),
    ])],
);

/// The classes of this module and of the one above, parents first.
pub(in crate::types) static CLASSES: &[&Class] = &[
    &MESSAGE_ENTITY,
    &MENTION,
    &HASHTAG,
    &BOT_COMMAND,
    &EMAIL,
    &BOLD,
    &ITALIC,
    &URL,
    &CODE,
    &PRE,
    &TEXT_URL,
    &MENTION_NAME,
    &INPUT_MENTION_NAME,
    &PHONE,
    &CASHTAG,
    &UNDERLINE,
    &STRIKE,
    &BLOCKQUOTE,
    &BANK_CARD,
    &SPOILER,
    &CUSTOM_EMOJI,
];

/// One kind of entity.
pub(super) struct Kind {
    pub(super) class: &'static Class,
    /// The TL constructor.
    pub(super) constructor: &'static str,
    /// The bot API's `type`: as MadelineProto writes it, then what else is read.
    pub(super) types: &'static [&'static str],
    pub(super) detail: Option<Detail>,
}

/// What a kind has beside offset and length: a property, under the names that it has in the two forms.
pub(super) struct Detail {
    pub(super) property: &'static str,
    pub(super) tl: &'static str,
    /// Empty where the type tells it.
    pub(super) bot_api: &'static str,
}

/// Every kind.
pub(super) const KINDS: &[Kind] = &[
    Kind {
        class: &MENTION,
        constructor: "messageEntityMention",
        types: &["mention"],
        detail: None,
    },
    Kind {
        class: &HASHTAG,
        constructor: "messageEntityHashtag",
        types: &["hashtag"],
        detail: None,
    },
    Kind {
        class: &BOT_COMMAND,
        constructor: "messageEntityBotCommand",
        types: &["bot_command"],
        detail: None,
    },
    Kind {
        class: &EMAIL,
        constructor: "messageEntityEmail",
        types: &["email"],
        detail: None,
    },
    Kind {
        class: &BOLD,
        constructor: "messageEntityBold",
        types: &["bold"],
        detail: None,
    },
    Kind {
        class: &ITALIC,
        constructor: "messageEntityItalic",
        types: &["italic"],
        detail: None,
    },
    Kind {
        class: &URL,
        constructor: "messageEntityUrl",
        types: &["url"],
        detail: None,
    },
    Kind {
        class: &CODE,
        constructor: "messageEntityCode",
        types: &["code"],
        detail: None,
    },
    Kind {
        class: &PRE,
        constructor: "messageEntityPre",
        types: &["pre"],
        detail: Some(Detail {
            property: "language",
            tl: "language",
            bot_api: "language",
        }),
    },
    Kind {
        class: &TEXT_URL,
        constructor: "messageEntityTextUrl",
        types: &["text_link", "text_url"],
        detail: Some(Detail {
            property: "url",
            tl: "url",
            bot_api: "url",
        }),
    },
    Kind {
        class: &MENTION_NAME,
        constructor: "messageEntityMentionName",
        types: &["text_mention"],
        detail: Some(Detail {
            property: "userId",
            tl: "user_id",
            bot_api: "user",
        }),
    },
    Kind {
        class: &INPUT_MENTION_NAME,
        constructor: "inputMessageEntityMentionName",
        types: &["text_mention"],
        detail: Some(Detail {
            property: "userId",
            tl: "user_id",
            bot_api: "user",
        }),
    },
    Kind {
        class: &PHONE,
        constructor: "messageEntityPhone",
        types: &["phone_number", "phone"],
        detail: None,
    },
    Kind {
        class: &CASHTAG,
        constructor: "messageEntityCashtag",
        types: &["cashtag"],
        detail: None,
    },
    Kind {
        class: &UNDERLINE,
        constructor: "messageEntityUnderline",
        types: &["underline"],
        detail: None,
    },
    Kind {
        class: &STRIKE,
        constructor: "messageEntityStrike",
        types: &["strikethrough"],
        detail: None,
    },
    Kind {
        class: &BLOCKQUOTE,
        constructor: "messageEntityBlockquote",
        types: &["block_quote", "blockquote", "expandable_blockquote"],
        detail: Some(Detail {
            property: "collapsed",
            tl: "collapsed",
            bot_api: "",
        }),
    },
    Kind {
        class: &BANK_CARD,
        constructor: "messageEntityBankCard",
        types: &["bank_card"],
        detail: None,
    },
    Kind {
        class: &SPOILER,
        constructor: "messageEntitySpoiler",
        types: &["spoiler"],
        detail: None,
    },
    Kind {
        class: &CUSTOM_EMOJI,
        constructor: "messageEntityCustomEmoji",
        types: &["custom_emoji"],
        detail: Some(Detail {
            property: "documentId",
            tl: "document_id",
            bot_api: "custom_emoji_id",
        }),
    },
];
