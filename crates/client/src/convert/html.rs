//! `parse_mode` HTML: XML in fact, as MadelineProto 8 reads it. Malformed markup is refused, with libxml's words.
//!
//! Known tags format their text, `<br>` is a line end, unknown tags keep their text.

use super::entities::{Builder, EntityKind, Formatted, leading_int, link, trim};
use super::xml::{Event, Reader, XmlError};

/// Takes the markup out of a text. The error is the warning that PHP's `DOMDocument::loadXML()` would give.
pub(crate) fn parse(html: &[u8]) -> Result<Formatted, XmlError> {
    let document = [b"<body>", without_br(trim(html)).as_slice(), b"</body>"].concat();
    let mut reader = Reader::new(&document)?;
    let mut builder = Builder::default();
    let mut open = Vec::new();
    while let Some(event) = reader.next()? {
        match event {
            Event::Text(text) => builder.push(text.as_bytes()),
            Event::Open { name, attributes } => {
                open.push((entity(name, &attributes), builder.position()));
            }
            Event::Close => {
                if let Some((Some(kind), offset)) = open.pop() {
                    builder.close(kind, offset);
                }
            }
        }
    }
    Ok(builder.finish())
}

/// `<br>` in all its forms becomes a line end before parsing: it is the one tag that nobody closes.
fn without_br(html: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(html.len());
    let mut rest = html;
    while let [first, after @ ..] = rest {
        if let Some(length) = br(rest) {
            text.push(b'\n');
            rest = rest.get(length..).unwrap_or_default();
        } else {
            text.push(*first);
            rest = after;
        }
    }
    text
}

/// The length of the `<br>`, `<BR />` … that the text begins with.
fn br(text: &[u8]) -> Option<usize> {
    let [b'<', b'b' | b'B', b'r' | b'R', after @ ..] = text else {
        return None;
    };
    let after = after.trim_ascii_start();
    let after = after.strip_prefix(b"/").unwrap_or(after);
    let after = after.strip_prefix(b">")?;
    Some(text.len() - after.len())
}

/// What a tag means; tag names are case-sensitive, as in XML.
fn entity(name: &str, attributes: &[(&str, String)]) -> Option<EntityKind> {
    let attribute = |wanted: &str| {
        attributes
            .iter()
            .find(|(name, _)| *name == wanted)
            .map_or("", |(_, value)| value.as_str())
            .as_bytes()
    };
    let has = |wanted: &str| attributes.iter().any(|(name, _)| *name == wanted);
    Some(match name {
        "b" | "strong" => EntityKind::Bold,
        "i" | "em" => EntityKind::Italic,
        "u" => EntityKind::Underline,
        "s" | "strike" | "del" => EntityKind::Strike,
        "code" => EntityKind::Code,
        "pre" => EntityKind::Pre {
            language: attribute("language").to_vec(),
        },
        "blockquote" => EntityKind::Blockquote {
            collapsed: has("expandable"),
        },
        "spoiler" | "tg-spoiler" => EntityKind::Spoiler,
        "span" if attribute("class") == b"tg-spoiler" => EntityKind::Spoiler,
        "tg-emoji" => EntityKind::CustomEmoji {
            document_id: leading_int(attribute("emoji-id")),
        },
        "emoji" => EntityKind::CustomEmoji {
            document_id: leading_int(attribute("id")),
        },
        "a" => link(attribute("href")),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::super::entities::Entity;
    use super::*;

    fn parsed(html: &str) -> (String, Vec<(EntityKind, i32, i32)>) {
        let Formatted { text, entities } = parse(html.as_bytes()).unwrap();
        let entities = entities
            .into_iter()
            .map(
                |Entity {
                     kind,
                     offset,
                     length,
                 }| (kind, offset, length),
            )
            .collect();
        (String::from_utf8(text).unwrap(), entities)
    }

    #[test]
    fn each_tag_formats_what_it_encloses() {
        for (html, kind) in [
            ("a <b>b</b>", EntityKind::Bold),
            ("a <strong>b</strong>", EntityKind::Bold),
            ("a <i>b</i>", EntityKind::Italic),
            ("a <em>b</em>", EntityKind::Italic),
            ("a <u>b</u>", EntityKind::Underline),
            ("a <s>b</s>", EntityKind::Strike),
            ("a <strike>b</strike>", EntityKind::Strike),
            ("a <del>b</del>", EntityKind::Strike),
            ("a <code>b</code>", EntityKind::Code),
            (
                "a <pre>b</pre>",
                EntityKind::Pre {
                    language: Vec::new(),
                },
            ),
            (
                "a <pre language='php'>b</pre>",
                EntityKind::Pre {
                    language: b"php".to_vec(),
                },
            ),
            (
                "a <blockquote>b</blockquote>",
                EntityKind::Blockquote { collapsed: false },
            ),
            (
                "a <blockquote expandable=\"\">b</blockquote>",
                EntityKind::Blockquote { collapsed: true },
            ),
            ("a <spoiler>b</spoiler>", EntityKind::Spoiler),
            ("a <tg-spoiler>b</tg-spoiler>", EntityKind::Spoiler),
            ("a <span class=\"tg-spoiler\">b</span>", EntityKind::Spoiler),
            (
                "a <tg-emoji emoji-id=\"5\">b</tg-emoji>",
                EntityKind::CustomEmoji { document_id: 5 },
            ),
            (
                "a <emoji id=\"5\">b</emoji>",
                EntityKind::CustomEmoji { document_id: 5 },
            ),
            (
                "a <a href=\"https://e.com/?a&amp;b\">b</a>",
                EntityKind::TextUrl {
                    url: b"https://e.com/?a&b".to_vec(),
                },
            ),
            (
                "a <a href=\"mention:5\">b</a>",
                EntityKind::MentionName { user_id: 5 },
            ),
        ] {
            assert_eq!(
                parsed(html),
                ("a b".to_owned(), vec![(kind, 2, 1)]),
                "{html}"
            );
        }
    }

    #[test]
    fn unknown_tags_keep_their_text() {
        for html in [
            "<B>x</B>",
            "<p>x</p>",
            "<span>x</span>",
            "<!-- c -->x<?pi?>",
            "<![CDATA[x]]>",
        ] {
            assert_eq!(parsed(html), ("x".to_owned(), Vec::new()), "{html}");
        }
    }

    #[test]
    fn br_is_a_line_end_without_being_closed() {
        assert_eq!(parsed("a<br>b<BR/>c<br />d").0, "a\nb\nc\nd");
    }

    #[test]
    fn tags_nest_and_inner_entities_come_first() {
        assert_eq!(
            parsed("<i>x <b>y</b> z</i>"),
            (
                "x y z".to_owned(),
                vec![(EntityKind::Bold, 2, 1), (EntityKind::Italic, 0, 5)]
            )
        );
    }

    #[test]
    fn offsets_are_utf16_code_units_and_blanks_at_the_end_are_left_out() {
        assert_eq!(
            parsed("😀<b>x </b> "),
            ("😀x".to_owned(), vec![(EntityKind::Bold, 2, 1)])
        );
        assert_eq!(parsed("<b> </b>"), (String::new(), Vec::new()));
    }

    #[test]
    fn malformed_markup_is_refused() {
        for (html, message) in [
            (
                "<b>a",
                "DOMDocument::loadXML(): Opening and ending tag mismatch: b line 1 and body in Entity, line: 1",
            ),
            (
                "a & b",
                "DOMDocument::loadXML(): xmlParseEntityRef: no name in Entity, line: 1",
            ),
        ] {
            assert_eq!(parse(html.as_bytes()).unwrap_err().to_string(), message);
        }
    }
}
