//! Answers to a message, and texts to where it is: the senders of the API object, which are told chat, message and topic.

use std::rc::Rc;

use ext_php_rs::types::Zval;

use super::{Subject, give};
use crate::api::instance::Instance;
use crate::class::{Frame, Method, Param, Type};
use crate::exceptions::Thrown;
use crate::files::given::Given;
use crate::files::messages::{self, NO_WEBPAGE};
use crate::files::send::{
    self, BACKGROUND, CALLBACK, CANCELLATION, CAPTION, CLEAR_DRAFT, DURATION, FILE, FILE_NAME,
    HEIGHT, Kind, MARKUP, MESSAGE_OBJECT, MIME_TYPE, NO_FORWARDS, ORDER, PARSE_MODE, RESEND,
    SCHEDULE, SEND_AS, SILENT, SPOILER, THUMB, TTL, WIDTH,
};

const TEXT: &[Param] = &[
    Param::required(c"message", Type::STRING),
    PARSE_MODE,
    MARKUP,
    SEND_AS,
    SCHEDULE,
    NO_WEBPAGE,
    SILENT,
    NO_FORWARDS,
    BACKGROUND,
    CLEAR_DRAFT,
    ORDER,
    CANCELLATION,
];

macro_rules! repliers {
    ($($name:literal $method:literal $kind:ident [$($own:expr),*] [$($tail:expr),*];)*) => {
        /// All of them.
        pub(super) const METHODS: &[Method] = &[
            Method::new(c"reply", |frame: &mut Frame<'_>| text(frame, "reply", TEXT))
                .params(TEXT)
                .returns(MESSAGE_OBJECT),
            Method::new(c"sendText", |frame: &mut Frame<'_>| {
                let subject = Subject::of(frame, "sendText")?;
                let also = [("peer", subject.chat()), ("topMsgId", subject.topic())];
                let given = Given { frame, params: TEXT, also: &also };
                let message = messages::send_text(&subject.instance, &given)?;
                give(frame, message)
            })
            .params(TEXT)
            .returns(MESSAGE_OBJECT),
            $({
                const PARAMS: &[Param] = &[
                    $($own,)* MARKUP, SEND_AS, SCHEDULE, SILENT, NO_FORWARDS, BACKGROUND, CLEAR_DRAFT, $($tail,)* CANCELLATION,
                ];
                Method::new($name, |frame: &mut Frame<'_>| file(frame, $method, Kind::$kind, PARAMS))
                    .params(PARAMS)
                    .returns(MESSAGE_OBJECT)
            }),*
        ];
    };
}

repliers! {
    c"replyDocument" "replyDocument" Document
        [FILE, THUMB, CAPTION, PARSE_MODE, CALLBACK, FILE_NAME, MIME_TYPE, TTL, SPOILER] [ORDER, RESEND];
    c"replyVideo" "replyVideo" Video [
        FILE, THUMB, CAPTION, PARSE_MODE, CALLBACK, FILE_NAME,
        Param::optional(c"mimeType", Type::STRING, c"'video/mp4'"), TTL, SPOILER,
        Param::optional(c"roundMessage", Type::BOOL, c"false"),
        Param::optional(c"supportsStreaming", Type::BOOL, c"true"),
        Param::optional(c"noSound", Type::BOOL, c"false"), DURATION, WIDTH, HEIGHT
    ] [RESEND, ORDER];
    c"replyGif" "replyGif" Gif
        [FILE, THUMB, CAPTION, PARSE_MODE, CALLBACK, FILE_NAME, TTL, SPOILER] [RESEND];
    c"replyAudio" "replyAudio" Audio [
        FILE, THUMB, CAPTION, PARSE_MODE, CALLBACK, FILE_NAME, MIME_TYPE, DURATION,
        Param::optional(c"title", Type::STRING.nullable(), c"null"),
        Param::optional(c"performer", Type::STRING.nullable(), c"null"), TTL
    ] [RESEND];
    c"replyVoice" "replyVoice" Voice [
        FILE, CAPTION, PARSE_MODE, CALLBACK, FILE_NAME, TTL, DURATION,
        Param::optional(c"waveform", Type::ARRAY.nullable(), c"null")
    ] [RESEND];
    c"replyPhoto" "replyPhoto" Photo
        [FILE, CAPTION, PARSE_MODE, CALLBACK, FILE_NAME, TTL, SPOILER] [ORDER, RESEND];
    c"replySticker" "replySticker" Sticker [
        FILE, Param::required(c"mimeType", Type::STRING), Param::optional(c"emoji", Type::STRING, c"''"), CALLBACK,
        FILE_NAME, TTL
    ] [ORDER, RESEND];
}

/// What a sender is told about the message that is answered.
fn answered(subject: &Subject<'_>) -> [(&'static str, Zval); 3] {
    [
        ("peer", subject.chat()),
        ("replyToMsgId", subject.id()),
        ("topMsgId", subject.topic()),
    ]
}

/// Answers with a text; `params` are those of the method.
pub(super) fn text(
    frame: &mut Frame<'_>,
    method: &'static str,
    params: &'static [Param],
) -> Result<(), Thrown> {
    answer(frame, method, params, messages::send_text)
}

fn file(
    frame: &mut Frame<'_>,
    method: &'static str,
    kind: Kind,
    params: &'static [Param],
) -> Result<(), Thrown> {
    answer(frame, method, params, |instance, given| {
        send::send_file(instance, kind, given)
    })
}

fn answer(
    frame: &mut Frame<'_>,
    method: &'static str,
    params: &'static [Param],
    send: impl FnOnce(&Rc<Instance>, &Given<'_, '_>) -> Result<Zval, Thrown>,
) -> Result<(), Thrown> {
    let subject = Subject::of(frame, method)?;
    let also = answered(&subject);
    let given = Given {
        frame,
        params,
        also: &also,
    };
    let message = send(&subject.instance, &given)?;
    give(frame, message)
}
