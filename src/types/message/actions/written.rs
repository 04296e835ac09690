//! Of a message that somebody has written: pinning, editing, forwarding, reactions, translation.

use ext_php_rs::boxed::ZBox;
use ext_php_rs::types::{ZendHashTable, ZendStr, Zval};

use super::{Subject, give, given, list, replies, text};
use crate::api::updates;
use crate::class::{Frame, Method, Param, Type};
use crate::exceptions::Thrown;
use crate::files::given::Given;
use crate::files::messages::NO_WEBPAGE;
use crate::files::send::{MARKUP, PARSE_MODE, SCHEDULE};
use crate::types::message::classes::MESSAGE;
use crate::types::message::wrap;
use crate::types::report_reason::REPORT_REASON;
use crate::zval::entries::values;
use crate::zval::sink;

const A_MESSAGE: Type = Type::class(c"danog\\MadelineProto\\EventHandler\\Message");
const PINNING: &[Param] = &[
    Param::optional(c"pmOneside", Type::BOOL, c"false"),
    Param::optional(c"silent", Type::BOOL, c"false"),
];
const REACTION: Param = Param::required(c"reaction", Type::INT.or(Type::STRING));
const PEER: Type = Type::INT.or(Type::STRING);
pub(super) const EDITED: &[Param] = &[
    Param::required(c"message", Type::STRING),
    PARSE_MODE,
    MARKUP,
    SCHEDULE,
    NO_WEBPAGE,
];

/// Of a press of a button: the same in another order.
const EDITED_BY_PRESSED: &[Param] = &[
    Param::required(c"message", Type::STRING),
    MARKUP,
    PARSE_MODE,
    NO_WEBPAGE,
    SCHEDULE,
];

/// Of a press of a button of a message, too.
pub(super) const SHARED: &[Method] = &[
    Method::new(c"pin", |frame: &mut Frame<'_>| pin(frame, "pin", false))
        .params(PINNING)
        .returns(Type::VOID),
    // Telegram answers with updates, of which none is an object: it was always null.
    Method::new(c"unpin", |frame: &mut Frame<'_>| pin(frame, "unpin", true))
        .params(PINNING)
        .returns(Type::class(c"danog\\MadelineProto\\EventHandler\\Update").nullable()),
    Method::new(c"report", report)
        .params(&[
            Param::required(
                c"reason",
                Type::class(c"danog\\MadelineProto\\EventHandler\\Message\\ReportReason"),
            ),
            Param::required(c"message", Type::STRING),
        ])
        .returns(Type::BOOL),
    Method::new(c"editReplyMarkup", |frame: &mut Frame<'_>| {
        let subject = Subject::of(frame, "editReplyMarkup")?;
        let message = subject.call_for_message(
            "messages.editMessage",
            [
                ("peer", subject.chat()),
                ("id", subject.id()),
                ("reply_markup", given(frame, 0)),
            ],
        )?;
        give(frame, message)
    })
    .params(&[Param::required(c"replyMarkup", Type::ARRAY)])
    .returns(A_MESSAGE),
];

/// Of a press of a button.
pub(super) const OF_PRESSED: &[Method] = &[Method::new(c"editText", |frame: &mut Frame<'_>| {
    edit_text(frame, "editText", EDITED_BY_PRESSED)
})
.params(EDITED_BY_PRESSED)
.returns(A_MESSAGE)];

/// All others.
pub(super) const METHODS: &[Method] = &[
    Method::new(c"getOurReactions", |frame: &mut Frame<'_>| {
        let reactions = MESSAGE.read(frame.this()?, "reactions");
        give(frame, reactions)
    })
    .returns(Type::ARRAY),
    Method::new(c"addReaction", add_reaction)
        .params(&[
            REACTION,
            Param::optional(c"big", Type::BOOL, c"false"),
            Param::optional(c"addToRecent", Type::BOOL, c"true"),
        ])
        .returns(Type::ARRAY),
    Method::new(c"delReaction", remove_reaction)
        .params(&[REACTION])
        .returns(Type::ARRAY),
    Method::new(c"translate", translate)
        .params(&[Param::required(c"toLang", Type::STRING)])
        .returns(Type::STRING),
    Method::new(c"editText", |frame: &mut Frame<'_>| {
        edit_text(frame, "editText", EDITED)
    })
    .params(EDITED)
    .returns(A_MESSAGE),
    Method::new(c"replyOrEdit", |frame: &mut Frame<'_>| {
        if MESSAGE.read(frame.this()?, "out").is_true() {
            edit_text(frame, "replyOrEdit", EDITED)
        } else {
            replies::text(frame, "replyOrEdit", EDITED)
        }
    })
    .params(EDITED)
    .returns(A_MESSAGE),
    Method::new(c"forward", forward)
        .params(&[
            Param::required(c"peer", PEER),
            Param::optional(c"id", Type::ARRAY, c"[]"),
            Param::optional(c"dropAuthor", Type::BOOL, c"false"),
            Param::optional(c"dropCaption", Type::BOOL, c"false"),
            Param::optional(c"topicId", Type::INT, c"1"),
            Param::optional(c"silent", Type::BOOL, c"false"),
            Param::optional(c"noForwards", Type::BOOL, c"false"),
            Param::optional(c"background", Type::BOOL, c"false"),
            Param::optional(c"score", Type::BOOL, c"false"),
            Param::optional(c"scheduleDate", Type::INT.nullable(), c"null"),
            Param::optional(c"sendAs", PEER.nullable(), c"null"),
        ])
        .returns(Type::ARRAY),
];

fn pin(frame: &mut Frame<'_>, method: &'static str, unpin: bool) -> Result<(), Thrown> {
    let flag = |index| Zval::from(frame.bool(index).unwrap_or_default());
    let subject = Subject::of(frame, method)?;
    subject.call(
        "messages.updatePinnedMessage",
        [
            ("peer", subject.chat()),
            ("id", subject.id()),
            ("pm_oneside", flag(0)),
            ("silent", flag(1)),
            ("unpin", Zval::from(unpin)),
        ],
    )?;
    Ok(())
}

/// Whether two reactions are the same: an emoji, or the number of a custom one.
fn is_same(one: &Zval, other: &Zval) -> bool {
    match (one.long(), other.long()) {
        (Some(one), Some(other)) => one == other,
        (None, None) => {
            one.zend_str().map(ZendStr::as_bytes) == other.zend_str().map(ZendStr::as_bytes)
        }
        _ => false,
    }
}

/// The reactions of a message without one; and whether it was among them.
fn without(reactions: &Zval, reaction: &Zval) -> Result<(ZBox<ZendHashTable>, bool), Thrown> {
    let mut others = ZendHashTable::new();
    let mut had = false;
    for known in reactions.array().into_iter().flat_map(values) {
        if is_same(known, reaction) {
            had = true;
        } else {
            others.push(known.shallow_clone())?;
        }
    }
    Ok((others, had))
}

/// A reaction as `Reaction`.
fn raw_reaction(reaction: &Zval) -> Result<Zval, Thrown> {
    let (constructor, key) = if reaction.is_long() {
        ("reactionCustomEmoji", "document_id")
    } else {
        ("reactionEmoji", "emoticon")
    };
    super::table([("_", text(constructor)), (key, reaction.shallow_clone())])
}

fn add_reaction(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let subject = Subject::of(frame, "addReaction")?;
    let reaction = given(frame, 0);
    let reactions = MESSAGE.read(subject.message, "reactions");
    let (mut all, had) = without(&reactions, &reaction)?;
    if had {
        return give(frame, reactions);
    }
    subject.call(
        "messages.sendReaction",
        [
            ("peer", subject.chat()),
            ("msg_id", subject.id()),
            ("reaction", list([raw_reaction(&reaction)?])?),
            ("big", Zval::from(frame.bool(1).unwrap_or_default())),
            ("add_to_recent", Zval::from(frame.bool(2).unwrap_or(true))),
        ],
    )?;
    all.push(reaction)?;
    let all = sink::array(all);
    MESSAGE.write(subject.message, "reactions", all.shallow_clone())?;
    give(frame, all)
}

fn remove_reaction(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let subject = Subject::of(frame, "delReaction")?;
    let reactions = MESSAGE.read(subject.message, "reactions");
    let (left, had) = without(&reactions, &given(frame, 0))?;
    if !had {
        return give(frame, reactions);
    }
    let mut raw = ZendHashTable::new();
    for reaction in values(&left) {
        raw.push(raw_reaction(reaction)?)?;
    }
    raw.push(super::table([("_", text("reactionEmpty"))])?)?;
    subject.call(
        "messages.sendReaction",
        [
            ("peer", subject.chat()),
            ("msg_id", subject.id()),
            ("reaction", sink::array(raw)),
        ],
    )?;
    let left = sink::array(left);
    MESSAGE.write(subject.message, "reactions", left.shallow_clone())?;
    give(frame, left)
}

/// Telegram takes no reasons any more: it asks, in the language of the account, and each answer may lead to a further question.
/// No reason can be turned into answers, and a report that says something else would be worse than none.
fn report(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let subject = Subject::of(frame, "report")?;
    let reason = frame
        .object(0)
        .map(|reason| REPORT_REASON.read(reason, "value"))
        .and_then(|value| value.string())
        .unwrap_or_default();
    Err(Thrown::Exception(format!(
        "{}(): Telegram no longer takes reasons such as {reason}: it asks what a report is about. \
         Answer with $api->messages->report(), as often as it gives reportResultChooseOption",
        subject.method
    )))
}

fn translate(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let subject = Subject::of(frame, "translate")?;
    let message = MESSAGE.read(subject.message, "message");
    if message.str() == Some("") {
        return give(frame, message);
    }
    let translated = subject.call(
        "messages.translateText",
        [
            ("peer", subject.chat()),
            ("id", subject.ids()?),
            ("to_lang", given(frame, 0)),
        ],
    )?;
    let texts = translated.array().and_then(|result| result.get("result"));
    let first = texts.and_then(|texts| texts.dereference().array()?.get_index(0));
    let found = first.and_then(|first| first.dereference().array()?.get("text"));
    match found {
        Some(found) => frame.give_copy(found),
        None => {
            return Err(Thrown::Exception(
                "translate(): Telegram answered without a text".to_owned(),
            ));
        }
    }
    Ok(())
}

fn edit_text(
    frame: &mut Frame<'_>,
    method: &'static str,
    params: &'static [Param],
) -> Result<(), Thrown> {
    let subject = Subject::of(frame, method)?;
    let which = [("peer", subject.chat()), ("id", subject.id())];
    let arguments = which.into_iter().chain(edit(frame, params));
    let message = subject.call_for_message("messages.editMessage", arguments)?;
    give(frame, message)
}

/// The arguments for a new text; `params` are those of the method.
pub(in crate::types) fn edit(
    frame: &Frame<'_>,
    params: &'static [Param],
) -> [(&'static str, Zval); 5] {
    let given = Given {
        frame,
        params,
        also: &[],
    };
    let copy = |name| given.get(name).map(Zval::shallow_clone).unwrap_or_default();
    [
        ("message", copy("message")),
        ("parse_mode", copy("parseMode")),
        ("reply_markup", copy("replyMarkup")),
        ("schedule_date", copy("scheduleDate")),
        ("no_webpage", Zval::from(given.flag("noWebpage", false))),
    ]
}

/// Forwards this message, or others of its chat.
fn forward(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let subject = Subject::of(frame, "forward")?;
    if MESSAGE.read(subject.message, "protected").is_true() {
        return Err(subject.refused("this message is protected: it may not be forwarded"));
    }
    let flag = |index| Zval::from(frame.bool(index).unwrap_or_default());
    let ids = match frame.arg(1) {
        Some(ids) if ids.array().is_some_and(|ids| !ids.is_empty()) => ids.shallow_clone(),
        _ => subject.ids()?,
    };
    // The topic that every forum has is where messages go that name none.
    let topic = match frame.int(4) {
        Some(1) => Zval::new(),
        _ => given(frame, 4),
    };
    let result = subject.call(
        "messages.forwardMessages",
        [
            ("from_peer", subject.chat()),
            ("to_peer", given(frame, 0)),
            ("id", ids),
            ("drop_author", flag(2)),
            ("drop_media_captions", flag(3)),
            ("top_msg_id", topic),
            ("silent", flag(5)),
            ("noforwards", flag(6)),
            ("background", flag(7)),
            ("with_my_score", flag(8)),
            ("schedule_date", given(frame, 9)),
            ("send_as", given(frame, 10)),
        ],
    )?;
    let mut messages = ZendHashTable::new();
    let result = result
        .array()
        .ok_or_else(|| Thrown::Response("Unrecognized update received: null".to_owned()))?;
    for update in values(&*updates::extract(&subject.instance, result)?) {
        let Some((message, is_scheduled)) = update.array().and_then(updates::message_in) else {
            continue;
        };
        if let Some(message) = wrap(&subject.instance, message, is_scheduled)? {
            messages.push(message)?;
        }
    }
    give(frame, sink::array(messages))
}
