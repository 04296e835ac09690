//! Of any message: what it answers, its sender, and the chat that it is in.

use ext_php_rs::ffi::{zend_class_entry, zend_lookup_class_ex};
use ext_php_rs::types::{ZendStr, Zval};

use super::{Subject, give, int};
use crate::class::{Frame, Method, Param, Type, is_a};
use crate::exceptions::Thrown;
use crate::types::action;
use crate::types::message::classes::ABSTRACT_MESSAGE;
use crate::types::message::wrap;
use crate::zval::sink;

const MESSAGE_OR_NULL: Type =
    Type::class(c"danog\\MadelineProto\\EventHandler\\AbstractMessage").nullable();
const TTL_CHANGED: Type =
    Type::class(c"danog\\MadelineProto\\EventHandler\\Message\\Service\\DialogSetTTL");

/// Of a press of a button of a message, too.
pub(super) const DELETION: &[Method] = &[Method::new(c"delete", delete)
    .params(&[Param::optional(c"revoke", Type::BOOL, c"true")])
    .returns(Type::VOID)];

/// All others.
pub(super) const METHODS: &[Method] = &[
    Method::new(c"getReply", reply)
        .params(&[Param::optional(
            c"class",
            Type::STRING,
            c"'danog\\\\MadelineProto\\\\EventHandler\\\\AbstractMessage'",
        )])
        .returns(MESSAGE_OR_NULL),
    Method::new(c"block", |frame: &mut Frame<'_>| {
        set_blocked(frame, "block", "contacts.block")
    })
    .returns(Type::BOOL),
    Method::new(c"unblock", |frame: &mut Frame<'_>| {
        set_blocked(frame, "unblock", "contacts.unblock")
    })
    .returns(Type::BOOL),
    Method::new(c"getStories", |frame: &mut Frame<'_>| {
        let subject = Subject::of(frame, "getStories")?;
        subject.only_of_people()?;
        Err(Thrown::Exception(
            "getStories(): there are no objects for stories yet: use $api->stories->getPeerStories()"
                .to_owned(),
        ))
    })
    .returns(Type::ARRAY),
    Method::new(c"setAction", set_action)
        .params(&[Param::optional(
            c"action",
            Type::class(c"danog\\MadelineProto\\EventHandler\\Action"),
            c"new \\danog\\MadelineProto\\EventHandler\\Action\\Typing()",
        )])
        .returns(Type::BOOL),
    Method::new(c"read", read)
        .params(&[Param::optional(c"readAll", Type::BOOL, c"false")])
        .returns(Type::BOOL),
    Method::new(c"enableTTL", |frame: &mut Frame<'_>| {
        let seconds = frame.int(0).unwrap_or(86_400);
        let subject = Subject::of(frame, "enableTTL")?;
        if seconds <= 0 {
            return Err(subject.refused(&format!(
                "seconds: a number above 0 was expected, found {seconds}"
            )));
        }
        set_ttl(frame, &subject, seconds)
    })
    .params(&[Param::optional(c"seconds", Type::INT, c"86400")])
    .returns(TTL_CHANGED),
    Method::new(c"disableTTL", |frame: &mut Frame<'_>| {
        let subject = Subject::of(frame, "disableTTL")?;
        set_ttl(frame, &subject, 0)
    })
    .returns(TTL_CHANGED),
    Method::new(c"enableAutoTranslate", |frame: &mut Frame<'_>| {
        set_translation(frame, "enableAutoTranslate", true)
    })
    .returns(Type::BOOL),
    Method::new(c"disableAutoTranslate", |frame: &mut Frame<'_>| {
        set_translation(frame, "disableAutoTranslate", false)
    })
    .returns(Type::BOOL),
];

/// Of a message in a private chat.
pub(super) const OF_PRIVATE: &[Method] = &[Method::new(c"screenShot", |frame: &mut Frame<'_>| {
    let subject = Subject::of(frame, "screenShot")?;
    let reply_to = super::table([
        ("_", super::text("inputReplyToMessage")),
        ("reply_to_msg_id", int(0)?),
    ])?;
    let message = subject.call_for_message(
        "messages.sendScreenshotNotification",
        [("peer", subject.chat()), ("reply_to", reply_to)],
    )?;
    give(frame, message)
})
.returns(Type::class(
    c"danog\\MadelineProto\\EventHandler\\Message\\Service\\DialogScreenshotTaken",
))];

/// The message that this one answers, where it is of the wanted class. It is asked for once.
fn reply(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let wanted = match frame.arg(0) {
        Some(name) => class_named(name)?,
        None => ABSTRACT_MESSAGE.entry(),
    };
    let this = frame.this()?;
    if ABSTRACT_MESSAGE.read_set(this, "replyToMsgId")?.is_null() {
        return Ok(());
    }
    if !ABSTRACT_MESSAGE.read(this, "replyCached").is_true() {
        let found = answered(&Subject::of(frame, "getReply")?)?;
        ABSTRACT_MESSAGE.write(this, "replyCache", found)?;
        ABSTRACT_MESSAGE.write(this, "replyCached", Zval::from(true))?;
    }
    let found = ABSTRACT_MESSAGE.read(this, "replyCache");
    if found.object().is_some_and(|object| is_a(object.ce, wanted)) {
        frame.give_zval(found);
    }
    Ok(())
}

/// Asks for the message that this one answers; null where it is gone.
fn answered(subject: &Subject<'_>) -> Result<Zval, Thrown> {
    let input = super::table([
        ("_", super::text("inputMessageReplyTo")),
        ("id", subject.id()),
    ])?;
    let ids = super::list([input])?;
    let found = if subject.is_in_channel() {
        subject.call(
            "channels.getMessages",
            [("channel", subject.chat()), ("id", ids)],
        )?
    } else {
        subject.call("messages.getMessages", [("id", ids)])?
    };
    let messages = found.array().and_then(|found| found.get("messages"));
    let message = messages
        .and_then(|messages| messages.dereference().array()?.get_index(0))
        .and_then(|message| message.dereference().array());
    match message {
        Some(message) => Ok(wrap(&subject.instance, message, false)?.unwrap_or_default()),
        None => Ok(Zval::new()),
    }
}

/// The class of that name, which has to be one of messages.
fn class_named(name: &Zval) -> Result<*mut zend_class_entry, Thrown> {
    let given = name.string().unwrap_or_default();
    let text = ZendStr::new(given.trim_start_matches('\\'), false);
    // SAFETY: the name is a valid string for the call; the class, where there is one, lives until the request ends.
    let class = unsafe {
        zend_lookup_class_ex(
            std::ptr::from_ref(&*text).cast_mut(),
            std::ptr::null_mut(),
            0,
        )
    };
    Thrown::pending()?;
    if !class.is_null() && is_a(class, ABSTRACT_MESSAGE.entry()) {
        return Ok(class);
    }
    Err(Thrown::Assertion(format!(
        "getReply(): class: the name of a class of messages was expected, found \"{given}\""
    )))
}

fn delete(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let revoke = frame.bool(0).unwrap_or(true);
    let subject = Subject::of(frame, "delete")?;
    let ids = subject.ids()?;
    if subject.is_in_channel() {
        subject.call(
            "channels.deleteMessages",
            [("channel", subject.chat()), ("id", ids)],
        )?;
    } else {
        subject.call(
            "messages.deleteMessages",
            [("id", ids), ("revoke", Zval::from(revoke))],
        )?;
    }
    Ok(())
}

fn set_blocked(frame: &mut Frame<'_>, method: &'static str, called: &str) -> Result<(), Thrown> {
    let subject = Subject::of(frame, method)?;
    subject.only_of_people()?;
    let done = subject.call(called, [("id", subject.sender())])?;
    give(frame, done)
}

fn set_action(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let mut action = match frame.object(0) {
        Some(given) => action::raw(given)?,
        None => action::typing()?,
    };
    let subject = Subject::of(frame, "setAction")?;
    // What is said of a message says of which.
    if action.get("msg_id").is_none() {
        action.insert("msg_id", subject.id())?;
    }
    let done = subject.call(
        "messages.setTyping",
        [
            ("peer", subject.chat()),
            ("top_msg_id", subject.read("topicId")),
            ("action", sink::array(action)),
        ],
    )?;
    give(frame, done)
}

fn read(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let all = frame.bool(0).unwrap_or_default();
    let subject = Subject::of(frame, "read")?;
    let until = if all { int(0)? } else { subject.id() };
    if subject.is_in_channel() {
        let done = subject.call(
            "channels.readHistory",
            [("channel", subject.chat()), ("max_id", until)],
        )?;
        return give(frame, done);
    }
    subject.call(
        "messages.readHistory",
        [("peer", subject.chat()), ("max_id", until)],
    )?;
    frame.give(true)
}

fn set_ttl(frame: &mut Frame<'_>, subject: &Subject<'_>, seconds: i64) -> Result<(), Thrown> {
    let message = subject.call_for_message(
        "messages.setHistoryTTL",
        [("peer", subject.chat()), ("period", int(seconds)?)],
    )?;
    give(frame, message)
}

fn set_translation(
    frame: &mut Frame<'_>,
    method: &'static str,
    enabled: bool,
) -> Result<(), Thrown> {
    let subject = Subject::of(frame, method)?;
    let done = subject.call(
        "messages.togglePeerTranslations",
        [("peer", subject.chat()), ("disabled", Zval::from(!enabled))],
    )?;
    give(frame, done)
}
