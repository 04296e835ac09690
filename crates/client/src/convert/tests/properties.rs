//! Whatever a script passes, conversions end, with bytes or with an error.

use madeline_tl::{Object, Schema, Value, ValueRef, encode_method};
use proptest::prelude::*;

use super::{Conversions, Resolutions, serialized};
use crate::convert::{Entity, EntityKind, Formatted, to_html};

/// Names that mean something to some conversion.
const NAMES: &[&str] = &[
    "peer",
    "message",
    "text",
    "caption",
    "parse_mode",
    "entities",
    "reply_markup",
    "inline_keyboard",
    "keyboard",
    "flags",
    "hash",
    "id",
    "user_id",
    "channel_id",
    "peer_id",
    "from_id",
    "media",
    "file",
    "bytes",
    "waveform",
    "random_id",
    "params",
];
const CONSTRUCTORS: &[&str] = &[
    "",
    "bytes",
    "peerUser",
    "inputPeerUser",
    "inputPeerChannelFromMessage",
    "message",
    "updateNewMessage",
    "dialog",
    "user",
    "inputMediaUploadedDocument",
    "documentAttributeAudio",
    "messageEntityMentionName",
    "replyInlineMarkup",
    "noSuchThing",
];
const TEXTS: &[&str] = &[
    "",
    "me",
    "5",
    "-1e99",
    "HTML",
    "markdown",
    "<b>a",
    "*a* `",
    "https://t.me/+x",
    "a12345678",
    "@name",
];

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        any::<f64>().prop_map(Value::Double),
        any::<Vec<u8>>().prop_map(Value::Text),
        any::<Vec<u8>>().prop_map(Value::Bytes),
        prop::sample::select(TEXTS).prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 8, |inner| {
        let fields = prop::collection::vec((prop::sample::select(NAMES), inner.clone()), 0..6);
        prop_oneof![
            prop::collection::vec(inner, 0..6).prop_map(Value::List),
            (prop::sample::select(CONSTRUCTORS), fields)
                .prop_map(|(name, fields)| object(name, fields)),
        ]
    })
}

fn object(name: &'static str, fields: Vec<(&'static str, Value)>) -> Value {
    let mut object = Object::new(name);
    for (key, value) in fields {
        object.set(key, value);
    }
    Value::Object(object)
}

fn encode_all(args: &Value) {
    let resolutions = Resolutions::new();
    let mut random = |bytes: &mut [u8]| bytes.fill(0);
    let mut bytes = Vec::new();
    for name in [
        "messages.sendMessage",
        "messages.sendMedia",
        "messages.getHistory",
        "bots.sendCustomRequest",
        "messages.forwardMessages",
    ] {
        let Some(method) = Schema::api().method(name) else {
            continue;
        };
        bytes.clear();
        let mut conversions = Conversions::without_session(&resolutions, &mut random);
        let result = encode_method(
            Schema::api(),
            method,
            ValueRef::from(args),
            &mut conversions,
            &mut bytes,
        );
        assert_eq!(result.is_err(), bytes.is_empty());
    }
}

proptest! {
    #[test]
    fn any_arguments_become_bytes_or_an_error(args in value()) {
        encode_all(&args);
    }

    #[test]
    fn any_text_with_any_entities_is_html_that_is_read_back(
        text in "[ab<>&\"'é😀\\n]{0,24}",
        spans in prop::collection::vec((0_usize..8, -2_i32..30, -2_i32..30), 0..6),
        telegram_tags: bool,
    ) {
        let kinds = [
            EntityKind::Bold,
            EntityKind::Spoiler,
            EntityKind::Url,
            EntityKind::Pre { language: b"<\"".to_vec() },
            EntityKind::TextUrl { url: b"'&\xff".to_vec() },
            EntityKind::MentionName { user_id: 5 },
            EntityKind::CustomEmoji { document_id: 7 },
            EntityKind::Blockquote { collapsed: true },
        ];
        let entities: Vec<_> = spans
            .into_iter()
            .map(|(kind, offset, length)| Entity { kind: kinds[kind].clone(), offset, length })
            .collect();
        let html = to_html(text.as_bytes(), &entities, telegram_tags);
        let read = Formatted::from_html(html.as_bytes()).unwrap();
        prop_assert_eq!(String::from_utf8(read.text).unwrap(), text.trim());
    }

    #[test]
    fn any_text_is_parsed_or_refused(
        text in "[ab*_~`|()!<>/&;=\"é😀 \\n\\[\\]\\\\]{0,48}",
        mode in prop::sample::select(&["HTML", "Markdown"][..]),
    ) {
        let args = object("", vec![("message", text.as_str().into()), ("parse_mode", mode.into())]);
        if let Ok(call) = serialized("messages.sendMessage", &args) {
            let length = text.encode_utf16().count() as i64;
            for entity in call.list("entities").unwrap() {
                let (offset, size) = (entity.int("offset").unwrap(), entity.int("length").unwrap());
                prop_assert!(offset >= 0 && size > 0 && offset + size <= length);
            }
        }
    }
}

#[test]
fn nesting_has_an_end() {
    for wrap in [
        (|value| object("dialog", vec![("peer", value)])) as fn(Value) -> Value,
        |value| Value::List(vec![value]),
        |value| {
            object(
                "replyInlineMarkup",
                vec![("rows", Value::List(vec![value]))],
            )
        },
    ] {
        for key in ["peer", "reply_markup", "params", "media", "entities"] {
            let deep = (0..2000).fold(Value::Null, |value, _| wrap(value));
            let args = object("", vec![(key, deep)]);
            encode_all(&args);
            // Dropping so deep a value is recursive; that is the test's problem, not the encoder's.
            std::mem::forget(args);
        }
    }
}
