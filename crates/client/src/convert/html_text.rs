//! Formatted text as HTML, the reverse of `html`.

use std::borrow::Cow;

use super::entities::{Entity, EntityKind};

/// A text with its entities as HTML that `parse_mode` HTML reads back; line ends are `<br>`.
///
/// With `telegram_tags`, spoilers, custom emoji and mentions of users have the tags of Telegram's own HTML; without, spoilers
/// are a `span` and the other two plain text. Entities that overlap without lying in one another are cut where they
/// meet; what lies outside of the text is left out. Bytes that are not UTF-8 become U+FFFD.
pub fn to_html(text: &[u8], entities: &[Entity], telegram_tags: bool) -> String {
    let text = Text::of(text);
    let mut tags: Vec<Tag> = entities
        .iter()
        .filter_map(|entity| Tag::of(entity, &text, telegram_tags))
        .collect();
    tags.sort_by_key(|tag| (tag.start, std::cmp::Reverse(tag.end)));
    let mut html = String::with_capacity(text.text.len() + 16 * tags.len());
    let mut open: Vec<Tag> = Vec::new();
    let mut position = 0;
    for tag in tags {
        close(&mut html, &text, &mut open, &mut position, tag.start);
        html.push_str(&escape(text.part(position, tag.start)));
        position = tag.start;
        html.push_str(&tag.opening);
        open.push(tag);
    }
    close(&mut html, &text, &mut open, &mut position, usize::MAX);
    html.push_str(&escape(text.part(position, usize::MAX)));
    html.replace('\n', "<br>")
}

/// Writes the text, and closes the tags, up to `until`. A tag that goes on beyond one that encloses it is opened again.
fn close(
    html: &mut String,
    text: &Text<'_>,
    open: &mut Vec<Tag>,
    position: &mut usize,
    until: usize,
) {
    while let Some(end) = open
        .iter()
        .map(|tag| tag.end)
        .min()
        .filter(|end| *end <= until)
    {
        html.push_str(&escape(text.part(*position, end)));
        *position = end;
        let mut again = Vec::new();
        while open.iter().any(|tag| tag.end == end) {
            let Some(tag) = open.pop() else { break };
            html.push_str(tag.closing);
            if tag.end > end {
                again.push(tag);
            }
        }
        for tag in again.into_iter().rev() {
            html.push_str(&tag.opening);
            open.push(tag);
        }
    }
}

/// A text, and where in it UTF-16 code units lie.
struct Text<'t> {
    text: Cow<'t, str>,
    /// The byte of each code unit; that of a surrogate pair's second half is the pair's.
    bytes: Vec<usize>,
}

impl<'t> Text<'t> {
    fn of(text: &'t [u8]) -> Self {
        let text = String::from_utf8_lossy(text);
        let bytes = text
            .char_indices()
            .flat_map(|(byte, character)| std::iter::repeat_n(byte, character.len_utf16()))
            .collect();
        Self { text, bytes }
    }

    /// The part between two code units.
    fn part(&self, start: usize, end: usize) -> &str {
        let byte = |unit: usize| self.bytes.get(unit).copied().unwrap_or(self.text.len());
        self.text.get(byte(start)..byte(end)).unwrap_or_default()
    }
}

struct Tag {
    start: usize,
    end: usize,
    opening: String,
    closing: &'static str,
}

impl Tag {
    /// The tag of an entity that has one and lies in the text.
    fn of(entity: &Entity, text: &Text<'_>, telegram_tags: bool) -> Option<Self> {
        let start = usize::try_from(entity.offset).ok()?;
        let length = usize::try_from(entity.length).ok()?;
        let end = (start + length).min(text.bytes.len());
        if end <= start {
            return None;
        }
        let link = |prefix: &str, from: usize| {
            format!("<a href=\"{prefix}{}\">", escape(text.part(from, end)))
        };
        let quoted = |bytes: &[u8]| escape(&String::from_utf8_lossy(bytes)).into_owned();
        let (opening, closing) = match &entity.kind {
            EntityKind::Bold => ("<b>".to_owned(), "</b>"),
            EntityKind::Italic => ("<i>".to_owned(), "</i>"),
            EntityKind::Underline => ("<u>".to_owned(), "</u>"),
            EntityKind::Strike => ("<s>".to_owned(), "</s>"),
            EntityKind::Code => ("<code>".to_owned(), "</code>"),
            EntityKind::Pre { language } if language.is_empty() => ("<pre>".to_owned(), "</pre>"),
            EntityKind::Pre { language } => {
                let language = quoted(language);
                (format!("<pre language=\"{language}\">"), "</pre>")
            }
            EntityKind::Blockquote { collapsed: false } => {
                ("<blockquote>".to_owned(), "</blockquote>")
            }
            EntityKind::Blockquote { collapsed: true } => {
                ("<blockquote expandable=\"\">".to_owned(), "</blockquote>")
            }
            EntityKind::Spoiler if telegram_tags => ("<tg-spoiler>".to_owned(), "</tg-spoiler>"),
            EntityKind::Spoiler => ("<span class=\"tg-spoiler\">".to_owned(), "</span>"),
            EntityKind::TextUrl { url } => (format!("<a href=\"{}\">", quoted(url)), "</a>"),
            EntityKind::MentionName { user_id } if telegram_tags => {
                (format!("<a href=\"tg://user?id={user_id}\">"), "</a>")
            }
            EntityKind::CustomEmoji { document_id } if telegram_tags => (
                format!("<tg-emoji emoji-id=\"{document_id}\">"),
                "</tg-emoji>",
            ),
            EntityKind::MentionName { .. } | EntityKind::CustomEmoji { .. } => return None,
            EntityKind::Url => (link("", start), "</a>"),
            EntityKind::Email => (link("mailto:", start), "</a>"),
            EntityKind::Phone => (link("phone:", start), "</a>"),
            EntityKind::Mention => (link("https://t.me/", start + 1), "</a>"),
        };
        Some(Self {
            start,
            end,
            opening,
            closing,
        })
    }
}

/// What XML gives a meaning to, as references.
fn escape(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>', '"', '\'']) {
        return Cow::Borrowed(text);
    }
    let escaped = text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    Cow::Owned(escaped.replace('"', "&quot;").replace('\'', "&apos;"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::super::entities::Formatted;
    use super::*;

    fn entity(kind: EntityKind, offset: i32, length: i32) -> Entity {
        Entity {
            kind,
            offset,
            length,
        }
    }

    #[test]
    fn each_kind_has_its_tag() {
        for (kind, html, telegram) in [
            (EntityKind::Bold, "<b>x</b>", "<b>x</b>"),
            (EntityKind::Italic, "<i>x</i>", "<i>x</i>"),
            (EntityKind::Underline, "<u>x</u>", "<u>x</u>"),
            (EntityKind::Strike, "<s>x</s>", "<s>x</s>"),
            (EntityKind::Code, "<code>x</code>", "<code>x</code>"),
            (
                EntityKind::Pre {
                    language: Vec::new(),
                },
                "<pre>x</pre>",
                "<pre>x</pre>",
            ),
            (
                EntityKind::Pre {
                    language: b"c\"".to_vec(),
                },
                "<pre language=\"c&quot;\">x</pre>",
                "<pre language=\"c&quot;\">x</pre>",
            ),
            (
                EntityKind::Blockquote { collapsed: false },
                "<blockquote>x</blockquote>",
                "<blockquote>x</blockquote>",
            ),
            (
                EntityKind::Spoiler,
                "<span class=\"tg-spoiler\">x</span>",
                "<tg-spoiler>x</tg-spoiler>",
            ),
            (
                EntityKind::CustomEmoji { document_id: 7 },
                "x",
                "<tg-emoji emoji-id=\"7\">x</tg-emoji>",
            ),
            (
                EntityKind::MentionName { user_id: 5 },
                "x",
                "<a href=\"tg://user?id=5\">x</a>",
            ),
            (
                EntityKind::TextUrl {
                    url: b"https://e.com/?a&b".to_vec(),
                },
                "<a href=\"https://e.com/?a&amp;b\">x</a>",
                "<a href=\"https://e.com/?a&amp;b\">x</a>",
            ),
            (
                EntityKind::Email,
                "<a href=\"mailto:x\">x</a>",
                "<a href=\"mailto:x\">x</a>",
            ),
        ] {
            let entities = [entity(kind, 0, 1)];
            assert_eq!(to_html(b"x", &entities, false), html);
            assert_eq!(to_html(b"x", &entities, true), telegram);
        }
        let mention = [entity(EntityKind::Mention, 0, 5)];
        assert_eq!(
            to_html(b"@name", &mention, false),
            "<a href=\"https://t.me/name\">@name</a>"
        );
    }

    #[test]
    fn tags_nest_whatever_the_order_of_the_entities() {
        for entities in [
            [
                entity(EntityKind::Bold, 0, 5),
                entity(EntityKind::Italic, 0, 2),
            ],
            [
                entity(EntityKind::Italic, 0, 2),
                entity(EntityKind::Bold, 0, 5),
            ],
        ] {
            assert_eq!(to_html(b"abcde", &entities, false), "<b><i>ab</i>cde</b>");
        }
        let equal = [
            entity(EntityKind::Bold, 0, 1),
            entity(EntityKind::Italic, 0, 1),
        ];
        assert_eq!(to_html(b"a", &equal, false), "<b><i>a</i></b>");
    }

    #[test]
    fn what_overlaps_is_cut() {
        let entities = [
            entity(EntityKind::Bold, 0, 3),
            entity(EntityKind::Italic, 2, 3),
        ];
        assert_eq!(
            to_html(b"abcde", &entities, false),
            "<b>ab<i>c</i></b><i>de</i>"
        );
    }

    #[test]
    fn what_lies_outside_of_the_text_is_left_out() {
        for (offset, length) in [(-1, 2), (0, 0), (1, 5), (2, 2), (0, -1)] {
            let html = to_html(b"a", &[entity(EntityKind::Bold, offset, length)], false);
            assert_eq!(html, "a", "{offset} {length}");
        }
        assert_eq!(
            to_html(b"ab", &[entity(EntityKind::Bold, 1, i32::MAX)], false),
            "a<b>b</b>"
        );
    }

    #[test]
    fn offsets_are_utf16_code_units_and_lines_end_with_br() {
        let text = "😀\n<é>".as_bytes();
        assert_eq!(
            to_html(text, &[entity(EntityKind::Bold, 3, 3)], false),
            "😀<br><b>&lt;é&gt;</b>"
        );
        assert_eq!(
            to_html(b"\xffa", &[entity(EntityKind::Bold, 1, 1)], false),
            "\u{fffd}<b>a</b>"
        );
    }

    #[test]
    fn what_was_written_is_read_back() {
        let html =
            "<b>a <i>b</i></b> &amp; <a href=\"https://e.com\">c</a><br><tg-spoiler>d</tg-spoiler>";
        let formatted = Formatted::from_html(html.as_bytes()).unwrap();
        assert_eq!(to_html(&formatted.text, &formatted.entities, true), html);
    }
}
