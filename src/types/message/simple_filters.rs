//! `\danog\MadelineProto\EventHandler\SimpleFilter\*`: interfaces by which the type of a handler's parameter says which messages it
//! wants, as `Message&Incoming`. Every message has all of them, or PHP would not hand it over; which ones it is about is told by
//! the filters that belong to them (specification §8.5).

use crate::class::{Base, Class, c_str};

macro_rules! interfaces {
    ($($symbol:ident $name:literal)*) => {
        $(static $symbol: Class = Class {
            name: c_str(concat!("danog\\MadelineProto\\EventHandler\\SimpleFilter\\", $name, "\0")),
            flags: Class::INTERFACE,
            ..Class::DEFAULT
        };)*

        /// All of them in one.
        pub(super) static SIMPLE_FILTERS: Class = Class {
            name: c"danog\\MadelineProto\\EventHandler\\SimpleFilters",
            flags: Class::INTERFACE,
            interfaces: &[$(Base::Ours(&$symbol)),*],
            ..Class::DEFAULT
        };

        /// The interfaces; before the classes that have them.
        pub(in crate::types) static INTERFACES: &[&Class] = &[$(&$symbol,)* &SIMPLE_FILTERS];
    };
}

interfaces! {
    ENDED "Ended"
    FROM_ADMIN "FromAdmin"
    FROM_ADMIN_OR_OUTGOING "FromAdminOrOutgoing"
    HAS_AUDIO "HasAudio"
    HAS_DOCUMENT "HasDocument"
    HAS_DOCUMENT_PHOTO "HasDocumentPhoto"
    HAS_GIF "HasGif"
    HAS_MEDIA "HasMedia"
    HAS_MULTIPLE_POLL "HasMultiplePoll"
    HAS_NO_MEDIA "HasNoMedia"
    HAS_PHOTO "HasPhoto"
    HAS_POLL "HasPoll"
    HAS_QUIZ_POLL "HasQuizPoll"
    HAS_ROUND_VIDEO "HasRoundVideo"
    HAS_SINGLE_POLL "HasSinglePoll"
    HAS_STICKER "HasSticker"
    HAS_TOPIC "HasTopic"
    HAS_VIDEO "HasVideo"
    HAS_VOICE "HasVoice"
    INCOMING "Incoming"
    IS_EDITED "IsEdited"
    IS_FORWARDED "IsForwarded"
    IS_NOT_EDITED "IsNotEdited"
    IS_REPLY "IsReply"
    IS_REPLY_TO_SELF "IsReplyToSelf"
    OUTGOING "Outgoing"
    RUNNING "Running"
}
