//! The kinds of entities: a class for each, and its names in TL and in the bot API.

use super::{MESSAGE_ENTITY, construct};
use crate::class::{Base, Class, Literal, Method, Param, Property, Type, c_str};

pub(super) const OFFSET: Param = Param::required(c"offset", Type::INT);
pub(super) const LENGTH: Param = Param::required(c"length", Type::INT);

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

/// The table of kinds: the class, the TL constructor, the bot API's types. One with a detail goes on with the property, its
/// type and its default, if it has one, and the property's names in TL and in the bot API.
macro_rules! kinds {
    ($($symbol:ident $class:literal, $constructor:literal, [$($ty:literal),*]
        $(, $property:literal $of:expr $(, $default:literal)? => $tl:literal $bot_api:literal)?;)*) => {
        $(static $symbol: Class = Class {
            name: c_str(concat!("danog\\MadelineProto\\EventHandler\\Message\\Entities\\", $class, "\0")),
            flags: Class::FINAL,
            parent: Some(Base::Ours(&MESSAGE_ENTITY)),
            $(
                properties: &[
                    Property::new(c_str(concat!($property, "\0")), $of, Literal::Uninitialized).readonly(),
                ],
                methods: &[Method::new(c"__construct", construct).params(&[
                    OFFSET,
                    LENGTH,
                    kinds!(@parameter $property $of $(, $default)?),
                ])],
            )?
            ..Class::DEFAULT
        };)*

        /// The classes of this module and of the one above, parents first.
        pub(in crate::types) static CLASSES: &[&Class] = &[&MESSAGE_ENTITY, $(&$symbol),*];

        /// Every kind.
        pub(super) const KINDS: &[Kind] = &[$(Kind {
            class: &$symbol,
            constructor: $constructor,
            types: &[$($ty),*],
            detail: kinds!(@detail $($property $tl $bot_api)?),
        }),*];
    };
    (@parameter $property:literal $of:expr) => { Param::required(c_str(concat!($property, "\0")), $of) };
    (@parameter $property:literal $of:expr, $default:literal) => {
        Param::optional(c_str(concat!($property, "\0")), $of, c_str(concat!($default, "\0")))
    };
    (@detail) => { None };
    (@detail $property:literal $tl:literal $bot_api:literal) => {
        Some(Detail { property: $property, tl: $tl, bot_api: $bot_api })
    };
}

kinds! {
    MENTION "Mention", "messageEntityMention", ["mention"];
    HASHTAG "Hashtag", "messageEntityHashtag", ["hashtag"];
    BOT_COMMAND "BotCommand", "messageEntityBotCommand", ["bot_command"];
    EMAIL "Email", "messageEntityEmail", ["email"];
    BOLD "Bold", "messageEntityBold", ["bold"];
    ITALIC "Italic", "messageEntityItalic", ["italic"];
    URL "Url", "messageEntityUrl", ["url"];
    CODE "Code", "messageEntityCode", ["code"];
    PRE "Pre", "messageEntityPre", ["pre"], "language" Type::STRING => "language" "language";
    TEXT_URL "TextUrl", "messageEntityTextUrl", ["text_link", "text_url"], "url" Type::STRING => "url" "url";
    MENTION_NAME "MentionName", "messageEntityMentionName", ["text_mention"], "userId" Type::INT => "user_id" "user";
    INPUT_MENTION_NAME "InputMentionName", "inputMessageEntityMentionName", ["text_mention"],
        "userId" Type::INT.or(Type::STRING) => "user_id" "user";
    PHONE "Phone", "messageEntityPhone", ["phone_number", "phone"];
    CASHTAG "Cashtag", "messageEntityCashtag", ["cashtag"];
    UNDERLINE "Underline", "messageEntityUnderline", ["underline"];
    STRIKE "Strike", "messageEntityStrike", ["strikethrough"];
    BLOCKQUOTE "Blockquote", "messageEntityBlockquote", ["block_quote", "blockquote", "expandable_blockquote"],
        "collapsed" Type::BOOL, "false" => "collapsed" "";
    BANK_CARD "BankCard", "messageEntityBankCard", ["bank_card"];
    SPOILER "Spoiler", "messageEntitySpoiler", ["spoiler"];
    CUSTOM_EMOJI "CustomEmoji", "messageEntityCustomEmoji", ["custom_emoji"],
        "documentId" Type::INT => "document_id" "custom_emoji_id";
}
