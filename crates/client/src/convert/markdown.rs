//! `parse_mode` Markdown: MadelineProto 8's dialect, close to the bot API's MarkdownV2.
//!
//! `*bold*`, `_italic_`, `__underline__`, `~strike~`, `||spoiler||`, `` `code` ``, ` ```language pre``` `,
//! `[text](link)`, `![emoji](tg://emoji?id=1)`. A backslash takes the meaning from the character after it.

use super::entities::{Builder, EntityKind, Formatted, link, trim};

/// Takes the markup out of a text.
///
/// Anything that is opened must be closed; the error is the text of MadelineProto's assertion.
pub(crate) fn parse(markdown: &[u8]) -> Result<Formatted, String> {
    let markdown = unix_lines(trim(markdown));
    let mut parser = Parser {
        source: &markdown,
        position: 0,
        open: Vec::new(),
        builder: Builder::default(),
    };
    while parser.position < markdown.len() {
        parser.step()?;
    }
    if parser.open.is_empty() {
        return Ok(parser.builder.finish());
    }
    let marks: Vec<_> = parser.open.iter().map(|open| open.mark.text()).collect();
    Err(format!(
        "Found unclosed markdown elements {}",
        marks.join(", ")
    ))
}

/// With `\n` at the ends of lines.
fn unix_lines(text: &[u8]) -> Vec<u8> {
    let mut lines = text.to_vec();
    let mut before = 0;
    lines.retain(|_| {
        before += 1;
        text.get(before - 1..=before) != Some(b"\r\n")
    });
    lines
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Bold,
    Italic,
    Underline,
    Strike,
    Spoiler,
    Link,
}

impl Mark {
    fn text(self) -> &'static str {
        match self {
            Mark::Bold => "*",
            Mark::Italic => "_",
            Mark::Underline => "__",
            Mark::Strike => "~",
            Mark::Spoiler => "||",
            Mark::Link => "](",
        }
    }
}

struct Open {
    mark: Mark,
    offset: i32,
    /// Where that is in bytes.
    byte: usize,
}

struct Parser<'t> {
    source: &'t [u8],
    position: usize,
    open: Vec<Open>,
    builder: Builder,
}

impl<'t> Parser<'t> {
    /// Plain text up to the next special character, and that character.
    fn step(&mut self) -> Result<(), String> {
        let rest = self.rest();
        let plain = rest
            .iter()
            .position(|byte| {
                matches!(
                    byte,
                    b'*' | b'_' | b'~' | b'`' | b'[' | b']' | b'|' | b'!' | b'\\'
                )
            })
            .unwrap_or(rest.len());
        let (plain, special) = rest.split_at(plain);
        self.builder.push(plain);
        self.position += plain.len();
        match special {
            [] => {}
            [b'\\', ..] => self.escaped(),
            [b'*', ..] => self.toggle(Mark::Bold),
            [b'~', ..] => self.toggle(Mark::Strike),
            [b'_', b'_', ..] => self.toggle(Mark::Underline),
            [b'_', ..] => self.toggle(Mark::Italic),
            [b'|', b'|', ..] => self.toggle(Mark::Spoiler),
            [b'[', ..] => self.open(Mark::Link, 1),
            [b'!', b'[', ..] => self.open(Mark::Link, 2),
            [b']', after @ ..] => match self.open.pop_if(|open| open.mark == Mark::Link) {
                Some(open) if after.starts_with(b"(") => self.close_link(open.offset)?,
                Some(open) => {
                    // Brackets around what is no link.
                    self.builder.insert(b'[', open.byte, open.offset);
                    self.take(1);
                }
                None => self.take(1),
            },
            [b'`', b'`', b'`', ..] => self.pre()?,
            [b'`', ..] => self.code(b"`", EntityKind::Code, 1)?,
            _ => self.take(1),
        }
        Ok(())
    }

    fn rest(&self) -> &'t [u8] {
        self.source.get(self.position..).unwrap_or_default()
    }

    /// Takes bytes over as they are.
    fn take(&mut self, count: usize) {
        let rest = self.rest();
        self.builder.push(rest.get(..count).unwrap_or(rest));
        self.position += count;
    }

    /// A backslash and the character after it; the character may have several bytes.
    fn escaped(&mut self) {
        self.position += 1;
        let character = self.rest();
        let more = character
            .iter()
            .skip(1)
            .take_while(|byte| matches!(byte, 0x80..=0xbf))
            .count();
        self.take(1 + more);
    }

    fn open(&mut self, mark: Mark, length: usize) {
        self.position += length;
        self.open.push(Open {
            mark,
            offset: self.builder.position(),
            byte: self.builder.bytes(),
        });
    }

    /// The same mark opens and closes; it closes only what was opened last.
    fn toggle(&mut self, mark: Mark) {
        match self.open.pop_if(|open| open.mark == mark) {
            None => self.open(mark, mark.text().len()),
            Some(open) => {
                self.position += mark.text().len();
                let kind = match mark {
                    Mark::Bold => EntityKind::Bold,
                    Mark::Italic => EntityKind::Italic,
                    Mark::Underline => EntityKind::Underline,
                    Mark::Strike => EntityKind::Strike,
                    Mark::Spoiler | Mark::Link => EntityKind::Spoiler,
                };
                self.builder.close(kind, open.offset);
            }
        }
    }

    fn close_link(&mut self, offset: i32) -> Result<(), String> {
        self.position += 2;
        let (target, end) = self
            .until(b")")
            .map_err(|position| format!("Unclosed ) opened @ pos {position}!"))?;
        self.position = end;
        self.builder.close(link(&target), offset);
        Ok(())
    }

    fn pre(&mut self) -> Result<(), String> {
        let rest = self.rest().get(3..).unwrap_or_default();
        let length = rest
            .iter()
            .position(|byte| matches!(byte, b' ' | b'\n'))
            .unwrap_or(rest.len());
        let (language, after) = rest.split_at(length);
        let line_end = usize::from(after.first() == Some(&b'\n'));
        self.code(
            b"```",
            EntityKind::Pre {
                language: language.to_vec(),
            },
            3 + length + line_end,
        )
    }

    fn code(&mut self, end: &[u8], kind: EntityKind, skip: usize) -> Result<(), String> {
        self.position += skip;
        let (text, end) = self
            .until(end)
            .map_err(|position| format!("Unclosed ``` opened @ pos {position}!"))?;
        self.position = end;
        let offset = self.builder.position();
        self.builder.push(&text);
        self.builder.close(kind, offset);
        Ok(())
    }

    /// What stands before the next `end` that no backslash precedes, those backslashes left out, and where it is over.
    /// Where there is none, the error is where the search for it began last.
    fn until(&self, end: &[u8]) -> Result<(Vec<u8>, usize), usize> {
        let mut text = Vec::new();
        let mut from = self.position;
        loop {
            let rest = self.source.get(from..).unwrap_or_default();
            let at = rest.windows(end.len()).position(|window| window == end);
            let at = at.ok_or(from)?;
            let (piece, _) = rest.split_at_checked(at).ok_or(from)?;
            from += at + end.len();
            let Some(escaped) = piece.strip_suffix(b"\\") else {
                text.extend_from_slice(piece);
                return Ok((text, from));
            };
            text.extend_from_slice(escaped);
            text.extend_from_slice(end);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::super::entities::Entity;
    use super::*;

    fn parsed(markdown: &str) -> (String, Vec<(EntityKind, i32, i32)>) {
        let Formatted { text, entities } = parse(markdown.as_bytes()).unwrap();
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
    fn each_mark_formats_what_it_encloses() {
        for (markdown, kind) in [
            ("a *b*", EntityKind::Bold),
            ("a _b_", EntityKind::Italic),
            ("a __b__", EntityKind::Underline),
            ("a ~b~", EntityKind::Strike),
            ("a ||b||", EntityKind::Spoiler),
            ("a `b`", EntityKind::Code),
            (
                "a ```\nb```",
                EntityKind::Pre {
                    language: Vec::new(),
                },
            ),
            (
                "a ```php\nb```",
                EntityKind::Pre {
                    language: b"php".to_vec(),
                },
            ),
            ("a [b](u)", EntityKind::TextUrl { url: b"u".to_vec() }),
            (
                "a [b](tg://user?id=5)",
                EntityKind::MentionName { user_id: 5 },
            ),
            (
                "a ![b](tg://emoji?id=5)",
                EntityKind::CustomEmoji { document_id: 5 },
            ),
        ] {
            assert_eq!(
                parsed(markdown),
                ("a b".to_owned(), vec![(kind, 2, 1)]),
                "{markdown}"
            );
        }
    }

    #[test]
    fn marks_nest_and_inner_entities_come_first() {
        let (text, entities) = parsed("||a *b* c||");
        assert_eq!(text, "a b c");
        assert_eq!(
            entities,
            [(EntityKind::Bold, 2, 1), (EntityKind::Spoiler, 0, 5)]
        );
        assert_eq!(
            parsed("[a\\]*b*](u)").1,
            [
                (EntityKind::Bold, 2, 1),
                (EntityKind::TextUrl { url: b"u".to_vec() }, 0, 3)
            ]
        );
    }

    #[test]
    fn backslashes_and_lonely_characters_are_text() {
        for (markdown, text) in [
            ("\\*x\\*", "*x*"),
            ("|one|", "|one|"),
            ("a!]b", "a!]b"),
            ("\\", ""),
            ("\\é", "é"),
            ("`\\``", "`"),
            ("1.-", "1.-"),
        ] {
            assert_eq!(parsed(markdown).0, text, "{markdown}");
        }
    }

    #[test]
    fn brackets_around_what_is_no_link_are_text() {
        assert_eq!(parsed("a [b] c"), ("a [b] c".to_owned(), Vec::new()));
        assert_eq!(
            parsed("é [*b*] *c*"),
            (
                "é [b] c".to_owned(),
                vec![(EntityKind::Bold, 3, 1), (EntityKind::Bold, 6, 1)]
            )
        );
    }

    #[test]
    fn blanks_around_the_text_go_before_anything_is_counted() {
        assert_eq!(
            parsed(" \r\n*a*\r\n_b_\r "),
            (
                "a\nb".to_owned(),
                vec![(EntityKind::Bold, 0, 1), (EntityKind::Italic, 2, 1)]
            )
        );
    }

    #[test]
    fn lengths_count_utf16_code_units_also_after_a_backslash() {
        assert_eq!(parsed("\\😀*😀*").1, [(EntityKind::Bold, 2, 2)]);
    }

    #[test]
    fn what_is_opened_must_be_closed() {
        for (markdown, message) in [
            ("*b _i* x_", "Found unclosed markdown elements *, _, *, _"),
            ("[a", "Found unclosed markdown elements ]("),
            ("`", "Unclosed ``` opened @ pos 1!"),
            ("```php", "Unclosed ``` opened @ pos 6!"),
            ("`a\\`b", "Unclosed ``` opened @ pos 4!"),
            ("[a](b", "Unclosed ) opened @ pos 4!"),
        ] {
            assert_eq!(
                parse(markdown.as_bytes()),
                Err(message.to_owned()),
                "{markdown}"
            );
        }
    }

    #[test]
    fn bytes_that_are_not_utf8_stay_as_they_are() {
        assert_eq!(parse(b"\xff*\xfe*").unwrap().text, b"\xff\xfe");
    }
}
