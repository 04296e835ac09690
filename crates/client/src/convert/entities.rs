//! Formatted text: what parse modes produce, and the marks that both of them share.

use super::{ConvertError, html, markdown};

/// A formatted part of a text; offset and length in UTF-16 code units, as Telegram counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entity {
    /// How it is formatted.
    pub kind: EntityKind,
    /// Where it begins.
    pub offset: i32,
    /// How long it is.
    pub length: i32,
}

/// How a part of a text is formatted, or what it is, where that shows in HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(
    missing_docs,
    reason = "Telegram's own names: https://core.telegram.org/type/MessageEntity"
)]
pub enum EntityKind {
    Bold,
    Italic,
    Underline,
    Strike,
    Code,
    Pre { language: Vec<u8> },
    Blockquote { collapsed: bool },
    Spoiler,
    TextUrl { url: Vec<u8> },
    MentionName { user_id: i64 },
    CustomEmoji { document_id: i64 },
    Url,
    Email,
    Phone,
    Mention,
}

/// A text without its markup.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Formatted {
    /// The text: bytes, since scripts may give any.
    pub text: Vec<u8>,
    /// Its entities. Inner ones stand before the outer ones.
    pub entities: Vec<Entity>,
}

impl Formatted {
    /// Takes the markup out of an HTML text, as `parse_mode` HTML does.
    ///
    /// # Errors
    /// `Warning` with libxml's words where the text is not well-formed.
    pub fn from_html(html: &[u8]) -> Result<Self, ConvertError> {
        html::parse(html).map_err(|error| ConvertError::Warning(error.to_string().into()))
    }

    /// Takes the markup out of a Markdown text, as `parse_mode` Markdown does.
    ///
    /// # Errors
    /// `Assertion` where something is opened and not closed.
    pub fn from_markdown(markdown: &[u8]) -> Result<Self, ConvertError> {
        markdown::parse(markdown).map_err(|error| ConvertError::Assertion(error.into()))
    }
}

/// A text under construction, with its length in UTF-16 code units.
#[derive(Debug, Default)]
pub(crate) struct Builder {
    formatted: Formatted,
    length: i32,
}

impl Builder {
    /// Where the next piece will begin.
    pub(crate) fn position(&self) -> i32 {
        self.length
    }

    /// How many bytes there are so far.
    pub(crate) fn bytes(&self) -> usize {
        self.formatted.text.len()
    }

    /// Puts an ASCII character before the byte `at`, which is the position `offset`, into text that is there already.
    pub(crate) fn insert(&mut self, character: u8, at: usize, offset: i32) {
        self.formatted
            .text
            .insert(at.min(self.formatted.text.len()), character);
        self.length = self.length.saturating_add(1);
        for entity in &mut self.formatted.entities {
            if entity.offset >= offset {
                entity.offset += 1;
            }
        }
    }

    pub(crate) fn push(&mut self, piece: &[u8]) {
        self.length = self.length.saturating_add(utf16_length(piece));
        self.formatted.text.extend_from_slice(piece);
    }

    /// Formats the text from `offset` to its end, white space at the end left out; nothing else, no entity.
    pub(crate) fn close(&mut self, kind: EntityKind, offset: i32) {
        let blank = self
            .formatted
            .text
            .iter()
            .rev()
            .take_while(|byte| matches!(byte, b' ' | b'\r' | b'\n'))
            .count();
        let length =
            (self.length - offset).saturating_sub(i32::try_from(blank).unwrap_or(i32::MAX));
        if length > 0 {
            self.formatted.entities.push(Entity {
                kind,
                offset,
                length,
            });
        }
    }

    /// The text, trimmed. Offsets count from where the untrimmed text began, as MadelineProto's do.
    pub(crate) fn finish(self) -> Formatted {
        let Formatted { text, entities } = self.formatted;
        Formatted {
            text: trim(&text).to_vec(),
            entities,
        }
    }
}

/// The entity of a link: a mention of a user, a custom emoji, or a link.
pub(crate) fn link(target: &[u8]) -> EntityKind {
    let after = |prefix: &[u8]| target.strip_prefix(prefix).filter(|id| !id.is_empty());
    let is_number = |id: &&[u8]| id.iter().all(u8::is_ascii_digit);
    if let Some(id) = after(b"mention:").or_else(|| after(b"tg://user?id=")) {
        let user_id = leading_int(id);
        return EntityKind::MentionName { user_id };
    }
    if let Some(id) = after(b"emoji:")
        .filter(is_number)
        .or_else(|| after(b"tg://emoji?id="))
    {
        let document_id = leading_int(id);
        return EntityKind::CustomEmoji { document_id };
    }
    EntityKind::TextUrl {
        url: target.to_vec(),
    }
}

/// `(int) $string` of PHP: the number that the text begins with, else 0.
pub(crate) fn leading_int(text: &[u8]) -> i64 {
    let start = text.trim_ascii_start();
    let digits = start
        .strip_prefix(b"-")
        .or_else(|| start.strip_prefix(b"+"))
        .unwrap_or(start);
    let count = digits
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    let number = start
        .get(..start.len() - digits.len() + count)
        .unwrap_or_default();
    super::numeric::int_of_text(number).unwrap_or(0)
}

/// `trim()` of PHP.
pub(crate) fn trim(text: &[u8]) -> &[u8] {
    let blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0 | 0x0b);
    let start = text
        .iter()
        .position(|byte| !blank(byte))
        .unwrap_or(text.len());
    let end = text
        .iter()
        .rposition(|byte| !blank(byte))
        .map_or(start, |last| last + 1);
    text.get(start..end).unwrap_or_default()
}

/// The length in UTF-16 code units; bytes that are not UTF-8 count as if they were.
fn utf16_length(text: &[u8]) -> i32 {
    let units = text.iter().map(|byte| match byte {
        0x80..=0xbf => 0_usize,
        0xf0.. => 2,
        _ => 1,
    });
    i32::try_from(units.sum::<usize>()).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_name_users_emoji_and_pages() {
        assert_eq!(link(b"mention:5"), EntityKind::MentionName { user_id: 5 });
        assert_eq!(
            link(b"tg://user?id=5x"),
            EntityKind::MentionName { user_id: 5 }
        );
        assert_eq!(
            link(b"mention:@name"),
            EntityKind::MentionName { user_id: 0 }
        );
        assert_eq!(link(b"emoji:7"), EntityKind::CustomEmoji { document_id: 7 });
        assert_eq!(
            link(b"emoji:7x"),
            EntityKind::TextUrl {
                url: b"emoji:7x".to_vec()
            }
        );
        assert_eq!(
            link(b"tg://emoji?id=7"),
            EntityKind::CustomEmoji { document_id: 7 }
        );
        assert_eq!(
            link(b"mention:"),
            EntityKind::TextUrl {
                url: b"mention:".to_vec()
            }
        );
        assert_eq!(
            link(b"https://e.com"),
            EntityKind::TextUrl {
                url: b"https://e.com".to_vec()
            }
        );
    }

    #[test]
    fn lengths_are_utf16_code_units() {
        assert_eq!(utf16_length("aé日😀".as_bytes()), 5);
    }

    #[test]
    fn blanks_at_the_end_are_not_formatted() {
        let mut builder = Builder::default();
        builder.push(b"a \n");
        builder.close(EntityKind::Bold, 0);
        builder.close(EntityKind::Italic, 1);
        let formatted = builder.finish();
        assert_eq!(formatted.text, b"a");
        assert_eq!(
            formatted.entities,
            [Entity {
                kind: EntityKind::Bold,
                offset: 0,
                length: 1
            }]
        );
    }
}
