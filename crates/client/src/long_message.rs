//! Messages that are longer than Telegram takes, in parts (specification §2.1).

use madeline_tl::{Object, Schema, Value, boxed_from_bytes, method_from_bytes, method_to_bytes};

use crate::Client;
use crate::server_config::CONFIG;

/// What is sent as a message of its own when it does not fit into a caption.
const SEND_MESSAGE: &str = "messages.sendMessage";
const SEND_MEDIA: &str = "messages.sendMedia";

/// How long texts may be, in UTF-16 code units, as entities count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// A message's text.
    pub message: usize,
    /// The text below a photo or file.
    pub caption: usize,
}

/// Telegram's, for everybody without Premium.
impl Default for Limits {
    fn default() -> Self {
        Self {
            message: 4096,
            caption: 1024,
        }
    }
}

/// One part: the method's name and the method as TL bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// `messages.sendMedia` of the first part where there is media, else `messages.sendMessage`.
    pub method: &'static str,
    /// Constructor id first.
    pub body: Vec<u8>,
}

/// Whether a call may have to go in parts.
pub fn may_be_long(method: &str) -> bool {
    matches!(method, SEND_MESSAGE | SEND_MEDIA)
}

/// The parts of a serialized call whose text is too long for one; `None` where it is not. Texts are cut at the ends of
/// lines, else between words; entities go with their text. `random` fills its argument with random bytes.
pub fn parts(
    schema: &Schema,
    body: &[u8],
    limits: Limits,
    random: &mut dyn FnMut(&mut [u8]),
) -> Option<Vec<Part>> {
    let Value::Object(whole) = method_from_bytes(schema, body).ok()? else {
        return None;
    };
    let has_media = whole.name() == SEND_MEDIA;
    let text = whole.get("message")?.as_text()?;
    let first = if has_media {
        limits.caption
    } else {
        limits.message
    };
    if units(text) <= first {
        return None;
    }
    let mut parts = Vec::new();
    let (mut rest, mut start, mut limit) = (text, 0, first);
    while !rest.is_empty() {
        let (now, later) = cut(rest, limit.max(1));
        let end = start + units(now);
        let is_first = parts.is_empty();
        let mut part = if is_first {
            whole.clone()
        } else {
            message_of(schema, &whole)
        };
        part.set("message", now);
        part.set("entities", within(&whole, start as i64, end as i64));
        if !is_first {
            let mut id = [0; 8];
            random(&mut id);
            part.set("random_id", i64::from_le_bytes(id));
        }
        parts.push(Part {
            method: if is_first && has_media {
                SEND_MEDIA
            } else {
                SEND_MESSAGE
            },
            body: method_to_bytes(schema, &Value::Object(part)).ok()?,
        });
        (rest, start, limit) = (later, end, limits.message);
    }
    Some(parts)
}

impl Client {
    /// How long texts may be, as the server said last.
    pub fn message_limits(&self) -> Limits {
        let stored = self.session().setting(CONFIG).ok().flatten();
        let config = stored.and_then(|bytes| boxed_from_bytes(self.config().schema(), &bytes).ok());
        let limit = |name: &str, otherwise: usize| {
            let told = config.as_ref().and_then(|config| config.int(name).ok());
            told.and_then(|limit| usize::try_from(limit).ok())
                .filter(|limit| *limit > 0)
                .unwrap_or(otherwise)
        };
        let usual = Limits::default();
        Limits {
            message: limit("message_length_max", usual.message),
            caption: limit("caption_length_max", usual.caption),
        }
    }
}

/// The same call as a message without media.
fn message_of(schema: &Schema, whole: &Object) -> Object {
    let mut message = Object::new(SEND_MESSAGE);
    let method = schema.method(SEND_MESSAGE);
    for (name, value) in whole.fields() {
        if method.is_some_and(|method| method.param(name).is_some()) {
            message.set(name.to_owned(), value.clone());
        }
    }
    message
}

/// The entities between two places, counted from the first; those that reach beyond are shortened.
fn within(whole: &Object, start: i64, end: i64) -> Value {
    let entities = whole.get("entities").and_then(Value::as_list);
    let inside: Vec<Value> = entities
        .unwrap_or_default()
        .iter()
        .filter_map(|entity| {
            let (offset, length) = (entity.int("offset").ok()?, entity.int("length").ok()?);
            let (from, to) = (offset.max(start), (offset + length).min(end));
            let mut moved = entity.as_object()?.clone();
            moved.set("offset", from - start);
            moved.set("length", to - from);
            (from < to).then_some(Value::Object(moved))
        })
        .collect();
    if inside.is_empty() {
        Value::Null
    } else {
        Value::List(inside)
    }
}

/// As much of a text as fits, and the rest.
fn cut(text: &str, limit: usize) -> (&str, &str) {
    let (mut taken, mut line, mut word) = (0, 0, 0);
    let mut end = text.len();
    for (at, character) in text.char_indices() {
        taken += character.len_utf16();
        if taken > limit {
            end = match (line, word) {
                (0, 0) => at.max(first_length(text)),
                (0, word) => word,
                (line, _) => line,
            };
            break;
        }
        let after = at + character.len_utf8();
        if character == '\n' {
            line = after;
        } else if character.is_whitespace() {
            word = after;
        }
    }
    text.split_at_checked(end).unwrap_or((text, ""))
}

/// Of a character that does not fit alone.
fn first_length(text: &str) -> usize {
    text.chars().next().map_or(0, char::len_utf8)
}

fn units(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use madeline_tl::{Schema, Value, method_from_bytes, method_to_bytes, object};

    use super::{Limits, cut, parts};

    const LIMITS: Limits = Limits {
        message: 10,
        caption: 5,
    };

    fn split(call: &Value) -> Option<Vec<(&'static str, Value)>> {
        let schema = Schema::api();
        let body = method_to_bytes(schema, call).unwrap();
        let mut next = 100_u8;
        let mut random = |bytes: &mut [u8]| {
            next += 1;
            bytes.fill(next);
        };
        let parts = parts(schema, &body, LIMITS, &mut random)?;
        let read =
            |part: super::Part| (part.method, method_from_bytes(schema, &part.body).unwrap());
        Some(parts.into_iter().map(read).collect())
    }

    fn message(text: &str) -> Value {
        let bold = object!("messageEntityBold", offset: 2, length: 12);
        object!("messages.sendMessage", silent: true, peer: object!("inputPeerSelf"), message: text, random_id: 1_i64,
            entities: vec![bold])
    }

    #[test]
    fn texts_are_cut_at_lines_then_words_then_anywhere() {
        assert_eq!(cut("short", 10), ("short", ""));
        assert_eq!(cut("one two\nthree four", 10), ("one two\n", "three four"));
        assert_eq!(cut("one two three", 10), ("one two ", "three"));
        assert_eq!(cut("abcdefghijklm", 10), ("abcdefghij", "klm"));
        // A character of two units goes as a whole.
        assert_eq!(cut("aaaaaaaaa\u{1F40E}b", 10), ("aaaaaaaaa", "\u{1F40E}b"));
        assert_eq!(cut("\u{1F40E}\u{1F40E}", 1), ("\u{1F40E}", "\u{1F40E}"));
    }

    #[test]
    fn entities_go_with_their_text_and_every_part_is_a_message_of_its_own() {
        let parts = split(&message("line one\nline two\nend")).unwrap();
        let texts: Vec<_> = parts
            .iter()
            .map(|(_, part)| part.text("message").unwrap())
            .collect();
        assert_eq!(texts, ["line one\n", "line two\n", "end"]);
        let bold = |index: usize| {
            let entity = &parts[index].1.list("entities").unwrap()[0];
            (entity.int("offset").unwrap(), entity.int("length").unwrap())
        };
        assert_eq!((bold(0), bold(1)), ((2, 7), (0, 5)));
        assert!(!parts[2].1.has("entities"));
        let ids: Vec<_> = parts
            .iter()
            .map(|(_, part)| part.int("random_id").unwrap())
            .collect();
        assert_eq!(ids[0], 1);
        assert_ne!(ids[1], ids[2]);
        assert!(
            parts
                .iter()
                .all(|(method, part)| *method == part.name() && part.flag("silent"))
        );
    }

    #[test]
    fn what_does_not_fit_into_a_caption_follows_as_messages() {
        let call = object!("messages.sendMedia", peer: object!("inputPeerSelf"), media: object!("inputMediaEmpty"),
            message: "one two three four", random_id: 1_i64);
        let parts = split(&call).unwrap();
        let names: Vec<_> = parts
            .iter()
            .map(|(method, part)| (*method, part.text("message").unwrap()))
            .collect();
        assert_eq!(
            names,
            [
                ("messages.sendMedia", "one "),
                ("messages.sendMessage", "two three "),
                ("messages.sendMessage", "four")
            ]
        );
    }

    #[test]
    fn what_fits_and_what_is_no_text_stays_whole() {
        assert!(split(&message("ten units.")).is_none());
        let call = object!("messages.sendMessage", peer: object!("inputPeerSelf"),
            message: Value::Text(vec![0xff; 50]), random_id: 1_i64);
        assert!(split(&call).is_none());
        assert!(split(&object!("help.getNearestDc")).is_none());
    }
}
