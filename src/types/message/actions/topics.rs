//! Topics of the forum that a message is in.

use ext_php_rs::types::Zval;

use super::{Subject, give, given, int};
use crate::class::{Frame, Method, Param, Type};
use crate::exceptions::Thrown;
use crate::types::icon_color::ICON_COLOR;

const TITLE: Param = Param::required(c"title", Type::STRING);
const TOPIC: Param = Param::optional(c"topicId", Type::INT.nullable(), c"null");
const CREATED: Type =
    Type::class(c"danog\\MadelineProto\\EventHandler\\Message\\Service\\DialogTopicCreated");
const EDITED: Type =
    Type::class(c"danog\\MadelineProto\\EventHandler\\Message\\Service\\DialogTopicEdited");

/// All of them.
pub(super) const METHODS: &[Method] = &[
    // A message that has a topic is in a forum.
    Method::new(c"enableTopics", |frame: &mut Frame<'_>| {
        let subject = Subject::of(frame, "enableTopics")?;
        if has_topic(&subject) {
            return Ok(());
        }
        set_forum(&subject, true)
    })
    .returns(Type::VOID),
    Method::new(c"disableTopics", |frame: &mut Frame<'_>| {
        let subject = Subject::of(frame, "disableTopics")?;
        if has_topic(&subject) {
            return set_forum(&subject, false);
        }
        Ok(())
    })
    .returns(Type::VOID),
    Method::new(c"createTopic", create)
        .params(&[
            TITLE,
            Param::optional(
                c"icon",
                Type::class(c"danog\\MadelineProto\\EventHandler\\Topic\\IconColor").or(Type::INT),
                c"\\danog\\MadelineProto\\EventHandler\\Topic\\IconColor::NONE",
            ),
        ])
        .returns(CREATED),
    Method::new(c"editTopic", |frame: &mut Frame<'_>| {
        let subject = Subject::of(frame, "editTopic")?;
        let icon = int(frame.int(1).unwrap_or_default())?;
        let title = given(frame, 0);
        edit(
            frame,
            &subject,
            2,
            [("title", title), ("icon_emoji_id", icon)],
        )
    })
    .params(&[TITLE, Param::optional(c"icon", Type::INT, c"0"), TOPIC])
    .returns(EDITED),
    Method::new(c"openTopic", |frame: &mut Frame<'_>| {
        let subject = Subject::of(frame, "openTopic")?;
        edit(
            frame,
            &subject,
            0,
            [("closed", Zval::from(false)), ("", Zval::new())],
        )
    })
    .params(&[TOPIC])
    .returns(EDITED),
    Method::new(c"closeTopic", |frame: &mut Frame<'_>| {
        let subject = Subject::of(frame, "closeTopic")?;
        edit(
            frame,
            &subject,
            0,
            [("closed", Zval::from(true)), ("", Zval::new())],
        )
    })
    .params(&[TOPIC])
    .returns(EDITED),
    Method::new(c"deleteTopic", |frame: &mut Frame<'_>| {
        let subject = Subject::of(frame, "deleteTopic")?;
        let topic = topic(frame, &subject, 0)?;
        subject
            .call(
                &in_this_schema(&subject, "deleteTopicHistory"),
                [
                    ("peer", subject.chat()),
                    ("channel", subject.chat()),
                    ("top_msg_id", topic),
                ],
            )
            .map(drop)
    })
    .params(&[TOPIC])
    .returns(Type::VOID),
];

fn has_topic(subject: &Subject<'_>) -> bool {
    subject.int("topicId") != 0
}

fn set_forum(subject: &Subject<'_>, on: bool) -> Result<(), Thrown> {
    let arguments = [
        ("channel", subject.chat()),
        ("enabled", Zval::from(on)),
        ("tabs", Zval::from(false)),
    ];
    subject.call("channels.toggleForum", arguments).map(drop)
}

fn create(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let subject = Subject::of(frame, "createTopic")?;
    subject.only_in_channels()?;
    if !has_topic(&subject) {
        match set_forum(&subject, true) {
            // The message is older than the forum.
            Err(Thrown::Rpc(error)) if error.rpc() == "CHAT_NOT_MODIFIED" => {}
            outcome => outcome?,
        }
    }
    let (icon, value) = match frame.arg(1) {
        Some(color) if color.is_object() => {
            let color = color.object().map(|color| ICON_COLOR.read(color, "value"));
            ("icon_color", color.unwrap_or_default())
        }
        Some(emoji) => ("icon_emoji_id", emoji.shallow_clone()),
        None => ("icon_color", int(0)?),
    };
    let message = subject.call_for_message(
        &in_this_schema(&subject, "createForumTopic"),
        [
            ("peer", subject.chat()),
            ("channel", subject.chat()),
            ("title", given(frame, 0)),
            (icon, value),
        ],
    )?;
    give(frame, message)
}

/// Changes a topic: the one that argument `index` names, or that of the message.
fn edit(
    frame: &mut Frame<'_>,
    subject: &Subject<'_>,
    index: usize,
    changes: [(&str, Zval); 2],
) -> Result<(), Thrown> {
    let topic = topic(frame, subject, index)?;
    let [one, other] = changes;
    let message = subject.call_for_message(
        &in_this_schema(subject, "editForumTopic"),
        [
            ("peer", subject.chat()),
            ("channel", subject.chat()),
            ("topic_id", topic),
            one,
            other,
        ],
    )?;
    give(frame, message)
}

fn topic(frame: &Frame<'_>, subject: &Subject<'_>, index: usize) -> Result<Zval, Thrown> {
    subject.only_in_channels()?;
    let topic = match frame.present(index) {
        Some(topic) => topic.shallow_clone(),
        None => subject.read("topicId"),
    };
    if topic.is_null() {
        return Err(subject.refused("topicId: a topic was expected, this message is in none"));
    }
    Ok(topic)
}

/// A method of topics as the schema of the session has it: in earlier layers they are methods of channels, and take a channel.
fn in_this_schema(subject: &Subject<'_>, name: &str) -> String {
    let now = format!("messages.{name}");
    if subject.instance.schema().method(&now).is_some() {
        now
    } else {
        format!("channels.{name}")
    }
}
