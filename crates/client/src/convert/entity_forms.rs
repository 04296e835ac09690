//! Entities in TL's form and in the bot API's: <https://core.telegram.org/bots/api#messageentity>.

use madeline_tl::{Object, Source, Value, View, object};

use super::entities::{Entity, EntityKind, leading_int};

impl Entity {
    /// As a `MessageEntity` that can be sent.
    pub fn to_tl(&self) -> Value {
        let (offset, length) = (self.offset, self.length);
        let plain = |name: &'static str| object!(name, offset: offset, length: length);
        match &self.kind {
            EntityKind::Bold => plain("messageEntityBold"),
            EntityKind::Italic => plain("messageEntityItalic"),
            EntityKind::Underline => plain("messageEntityUnderline"),
            EntityKind::Strike => plain("messageEntityStrike"),
            EntityKind::Code => plain("messageEntityCode"),
            EntityKind::Spoiler => plain("messageEntitySpoiler"),
            EntityKind::Url => plain("messageEntityUrl"),
            EntityKind::Email => plain("messageEntityEmail"),
            EntityKind::Phone => plain("messageEntityPhone"),
            EntityKind::Mention => plain("messageEntityMention"),
            EntityKind::Blockquote { collapsed } => {
                object!("messageEntityBlockquote", collapsed: *collapsed, offset: offset, length: length)
            }
            EntityKind::Pre { language } => {
                object!("messageEntityPre", offset: offset, length: length, language: text(language))
            }
            EntityKind::TextUrl { url } => {
                object!("messageEntityTextUrl", offset: offset, length: length, url: text(url))
            }
            EntityKind::MentionName { user_id } => {
                object!("inputMessageEntityMentionName", offset: offset, length: length, user_id: *user_id)
            }
            EntityKind::CustomEmoji { document_id } => {
                object!("messageEntityCustomEmoji", offset: offset, length: length, document_id: *document_id)
            }
        }
    }

    /// In the bot API's form, an object without a name; two types have the names that MadelineProto gives them.
    pub fn to_bot_api(&self) -> Value {
        let ty = match &self.kind {
            EntityKind::Bold => "bold",
            EntityKind::Italic => "italic",
            EntityKind::Underline => "underline",
            EntityKind::Strike => "strikethrough",
            EntityKind::Code => "code",
            EntityKind::Pre { .. } => "pre",
            EntityKind::Blockquote { collapsed: false } => "block_quote",
            EntityKind::Blockquote { collapsed: true } => "expandable_blockquote",
            EntityKind::Spoiler => "spoiler",
            EntityKind::TextUrl { .. } => "text_link",
            EntityKind::MentionName { .. } => "text_mention",
            EntityKind::CustomEmoji { .. } => "custom_emoji",
            EntityKind::Url => "url",
            EntityKind::Email => "email",
            EntityKind::Phone => "phone",
            EntityKind::Mention => "mention",
        };
        let mut entity = Object::new("");
        entity.set("type", ty);
        entity.set("offset", self.offset);
        entity.set("length", self.length);
        match &self.kind {
            EntityKind::Pre { language } if !language.is_empty() => {
                entity.set("language", text(language));
            }
            EntityKind::TextUrl { url } => entity.set("url", text(url)),
            EntityKind::MentionName { user_id } => entity.set("user", object!("", id: *user_id)),
            EntityKind::CustomEmoji { document_id } => {
                entity.set("custom_emoji_id", *document_id);
            }
            _ => {}
        }
        Value::Object(entity)
    }

    /// The entity that the bot API's form describes. `None` for types that show in no markup, such as `hashtag`, and for
    /// what is no entity.
    pub fn from_bot_api<'a, S: Source<'a>>(entity: S) -> Option<Self> {
        let bytes = |value: Option<S>| match value.map_or(View::Null, Source::view) {
            View::Text(text) | View::Bytes(text) => text.to_vec(),
            View::Int(number) => number.to_string().into_bytes(),
            _ => Vec::new(),
        };
        let number = |value: Option<S>| match value.map_or(View::Null, Source::view) {
            View::Int(number) => Some(number),
            View::Text(text) => Some(leading_int(text)),
            _ => None,
        };
        let place =
            |name: &str| number(entity.named(name)).and_then(|number| number.try_into().ok());
        let View::Text(ty) = entity.named("type")?.view() else {
            return None;
        };
        let kind = match ty {
            b"bold" => EntityKind::Bold,
            b"italic" => EntityKind::Italic,
            b"underline" => EntityKind::Underline,
            b"strikethrough" => EntityKind::Strike,
            b"code" => EntityKind::Code,
            b"pre" => EntityKind::Pre {
                language: bytes(entity.named("language")),
            },
            b"block_quote" | b"blockquote" => EntityKind::Blockquote { collapsed: false },
            b"expandable_blockquote" => EntityKind::Blockquote { collapsed: true },
            b"spoiler" => EntityKind::Spoiler,
            b"text_link" => EntityKind::TextUrl {
                url: bytes(entity.named("url")),
            },
            b"text_mention" => EntityKind::MentionName {
                user_id: number(entity.named("user")?.named("id"))?,
            },
            b"custom_emoji" => EntityKind::CustomEmoji {
                document_id: number(entity.named("custom_emoji_id"))?,
            },
            b"url" => EntityKind::Url,
            b"email" => EntityKind::Email,
            b"phone" => EntityKind::Phone,
            b"mention" => EntityKind::Mention,
            _ => return None,
        };
        Some(Self {
            kind,
            offset: place("offset")?,
            length: place("length")?,
        })
    }
}

fn text(text: &[u8]) -> Value {
    Value::Text(text.to_vec())
}

#[cfg(test)]
mod tests {
    use madeline_tl::ValueRef;

    use super::*;

    #[test]
    fn the_bot_apis_form_is_read_back_as_it_was_written() {
        for kind in [
            EntityKind::Bold,
            EntityKind::Pre {
                language: b"php".to_vec(),
            },
            EntityKind::Blockquote { collapsed: true },
            EntityKind::Blockquote { collapsed: false },
            EntityKind::TextUrl { url: b"u".to_vec() },
            EntityKind::MentionName { user_id: 5 },
            EntityKind::CustomEmoji { document_id: 7 },
            EntityKind::Phone,
            EntityKind::Mention,
        ] {
            let entity = Entity {
                kind,
                offset: 1,
                length: 2,
            };
            let form = entity.to_bot_api();
            assert_eq!(Entity::from_bot_api(ValueRef::from(&form)), Some(entity));
        }
    }

    #[test]
    fn what_is_no_entity_or_shows_nowhere_is_none() {
        for form in [
            Value::Int(1),
            object!("", offset: 1, length: 2),
            object!("", r#type: "hashtag", offset: 1, length: 2),
            object!("", r#type: "bold", offset: 1),
            object!("", r#type: "bold", offset: 1, length: i64::MAX),
            object!("", r#type: "text_mention", offset: 1, length: 2),
        ] {
            assert_eq!(
                Entity::from_bot_api(ValueRef::from(&form)),
                None,
                "{form:?}"
            );
        }
    }
}
