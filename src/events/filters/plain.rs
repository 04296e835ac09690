//! Filters without options.

use ext_php_rs::types::Zval;

use super::filters;
use crate::class::{Class, Object};
use crate::exceptions::Thrown;
use crate::function;
use crate::types::media;
use crate::types::message::classes::{
    ABSTRACT_MESSAGE, CHANNEL_MESSAGE, COMMENT_REPLY, GROUP_MESSAGE, MESSAGE, PRIVATE_MESSAGE,
};
use crate::types::message::service::SERVICE_MESSAGE;
use crate::types::poll;

filters! {
    /// Everything that is an object.
    ALLOW_ALL "FilterAllowAll" |_update| true;
    /// Messages that were not sent from here.
    INCOMING "FilterIncoming" |update| of(&ABSTRACT_MESSAGE, update, "out").is_some_and(|out| !out.is_true());
    /// Messages that were sent from here, by this client or another one of the account.
    OUTGOING "FilterOutgoing" |update| of(&ABSTRACT_MESSAGE, update, "out").is_some_and(|out| out.is_true());
    /// Messages that somebody has written.
    WRITTEN "FilterMessage" |update| MESSAGE.is_class_of(update);
    PRIVATE "FilterPrivate" |update| PRIVATE_MESSAGE.is_class_of(update);
    /// Messages of basic groups and supergroups.
    GROUP "FilterGroup" |update| GROUP_MESSAGE.is_class_of(update);
    CHANNEL "FilterChannel" |update| CHANNEL_MESSAGE.is_class_of(update);
    /// There are no messages of secret chats as objects yet: none passes.
    SECRET "FilterSecret" |_update| false;
    /// Messages that tell what has happened.
    SERVICE "FilterService" |update| SERVICE_MESSAGE.is_class_of(update);
    COMMENT "FilterCommentReply" |update| COMMENT_REPLY.is_class_of(update);
    EDITED "FilterEdited" |update| has(update, "editDate");
    NOT_EDITED "FilterNotEdited" |update| lacks(update, "editDate");
    FORWARDED "FilterForwarded" |update| has(update, "fwdInfo");
    REPLY "FilterReply" |update| MESSAGE.is_class_of(update) && !ABSTRACT_MESSAGE.read(update, "replyToMsgId").is_null();
    /// Answers to messages of ours. The answered message may have to be asked for.
    REPLY_TO_SELF "FilterReplyToSelf" |update| answers_ours(update)?;
    TOPIC "FilterTopic" |update| MESSAGE.is_class_of(update) && !ABSTRACT_MESSAGE.read(update, "topicId").is_null();
    MEDIA "FilterMedia" |update| has(update, "media");
    NO_MEDIA "FilterNoMedia" |update| lacks(update, "media");
    POLL "FilterPoll" |update| has(update, "poll");
    /// There are no calls as objects yet: none passes.
    ENDED "FilterEnded" |_update| false;
    /// As above.
    RUNNING "FilterRunning" |_update| false;

    AUDIO "Media\\FilterAudio" |update| is(update, "media", &media::AUDIO);
    DOCUMENT "Media\\FilterDocument" |update| is(update, "media", &media::DOCUMENT);
    DOCUMENT_PHOTO "Media\\FilterDocumentPhoto" |update| is(update, "media", &media::DOCUMENT_PHOTO);
    GIF "Media\\FilterGif" |update| is(update, "media", &media::GIF);
    PHOTO "Media\\FilterPhoto" |update| is(update, "media", &media::PHOTO);
    ROUND_VIDEO "Media\\FilterRoundVideo" |update| is(update, "media", &media::ROUND_VIDEO);
    STICKER "Media\\FilterSticker" |update| is(update, "media", &media::ABSTRACT_STICKER);
    VIDEO "Media\\FilterVideo" |update| is(update, "media", &media::VIDEO);
    VOICE "Media\\FilterVoice" |update| is(update, "media", &media::VOICE);

    SINGLE_POLL "Poll\\FilterSinglePoll" |update| is(update, "poll", &poll::SINGLE_POLL);
    MULTIPLE_POLL "Poll\\FilterMultiplePoll" |update| is(update, "poll", &poll::MULTIPLE_POLL);
    QUIZ_POLL "Poll\\FilterQuizPoll" |update| is(update, "poll", &poll::QUIZ_POLL);
}

/// A property of an update of this class.
fn of(class: &Class, update: &Object, property: &str) -> Option<Zval> {
    class
        .is_class_of(update)
        .then(|| class.read(update, property))
}

fn has(update: &Object, property: &str) -> bool {
    of(&MESSAGE, update, property).is_some_and(|value| !value.is_null())
}

fn lacks(update: &Object, property: &str) -> bool {
    of(&MESSAGE, update, property).is_some_and(|value| value.is_null())
}

fn is(update: &Object, property: &str, class: &Class) -> bool {
    of(&MESSAGE, update, property).is_some_and(|value| class.object(&value).is_some())
}

fn answers_ours(update: &Object) -> Result<bool, Thrown> {
    if !MESSAGE.is_class_of(update) {
        return Ok(false);
    }
    let answered = function::call_public(update.ce, Some(update), "getreply", &mut [])?;
    let answered = ABSTRACT_MESSAGE.object(&answered);
    Ok(answered.is_some_and(|message| ABSTRACT_MESSAGE.read(message, "out").is_true()))
}
