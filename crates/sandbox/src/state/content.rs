//! What a message says, as it is kept; made from the world file's content or from a client's call.

use madeline_tl::{Value, object};
use sha2::{Digest, Sha256};

use super::{Peer, State};
use crate::world::{Button, Content, Data, Entity, Game};

/// The body of a message: what an edit replaces.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Body {
    pub(crate) text: String,
    pub(crate) entities: Vec<Value>,
    pub(crate) markup: Option<Value>,
    pub(crate) media: Option<Value>,
    /// Of a service message.
    pub(crate) action: Option<Value>,
}

impl Body {
    /// A service message.
    pub(crate) fn action(action: Value) -> Self {
        Body {
            action: Some(action),
            ..Body::default()
        }
    }

    /// The buttons of the inline keyboard.
    pub(crate) fn inline_buttons(&self) -> Vec<&Value> {
        let Some(markup) = self
            .markup
            .as_ref()
            .filter(|markup| markup.name() == "replyInlineMarkup")
        else {
            return Vec::new();
        };
        let rows = markup.list("rows").unwrap_or_default();
        rows.iter()
            .flat_map(|row| row.list("buttons").unwrap_or_default())
            .collect()
    }

    /// Short name of the game in it.
    pub(crate) fn game(&self) -> Option<&str> {
        let media = self
            .media
            .as_ref()
            .filter(|media| media.name() == "messageMediaGame")?;
        media.get("game").text("short_name").ok()
    }
}

impl State {
    /// Content of the world file as a message body.
    pub(crate) fn body(&self, content: &Content) -> Body {
        let mut entities: Vec<Value> = content.entities.iter().map(entity).collect();
        if entities.is_empty() {
            entities = found_entities(&content.text);
        }
        Body {
            text: content.text.clone(),
            entities,
            markup: self.markup(content),
            media: match &content.file {
                Some(file) => self.file_media(file),
                None => content.game.as_ref().map(game),
            },
            action: None,
        }
    }

    fn markup(&self, content: &Content) -> Option<Value> {
        if let Some(rows) = &content.keyboard {
            return Some(object!("replyInlineMarkup", rows: self.rows(rows)));
        }
        if let Some(keyboard) = &content.reply_keyboard {
            return Some(object!("replyKeyboardMarkup",
                resize: keyboard.resize,
                single_use: keyboard.single_use,
                selective: keyboard.selective,
                persistent: keyboard.persistent,
                rows: self.rows(&keyboard.rows),
                placeholder: keyboard.placeholder.clone(),
            ));
        }
        if content.force_reply {
            return Some(object!("replyKeyboardForceReply"));
        }
        content.hide_keyboard.then(|| object!("replyKeyboardHide"))
    }

    fn rows(&self, rows: &[Vec<Button>]) -> Vec<Value> {
        rows.iter()
            .map(|row| {
                let buttons: Vec<Value> = row.iter().map(|button| self.button(button)).collect();
                object!("keyboardButtonRow", buttons: buttons)
            })
            .collect()
    }

    fn button(&self, button: &Button) -> Value {
        let text = button.text.clone();
        let style = button.style.as_ref().map(|style| {
            object!("keyboardButtonStyle",
                bg_primary: style.primary,
                bg_danger: style.danger,
                bg_success: style.success,
                icon: style.icon,
            )
        });
        if let Some(Data(data)) = &button.data {
            return object!("keyboardButtonCallback",
                requires_password: button.requires_password, style: style, text: text, data: data.clone());
        }
        if let Some(url) = &button.url {
            return object!("keyboardButtonUrl", style: style, text: text, url: url.clone());
        }
        if let Some(auth) = &button.url_auth {
            return object!("keyboardButtonUrlAuth",
                style: style,
                text: text,
                fwd_text: auth.forward_text.clone(),
                url: auth.url.clone(),
                button_id: auth.button_id,
            );
        }
        if let Some(switch) = &button.switch_inline {
            return object!("keyboardButtonSwitchInline",
                same_peer: switch.same_peer, style: style, text: text, query: switch.query.clone());
        }
        if let Some(name) = &button.user {
            let id = match self.names.get(name) {
                Some(Peer::User(id)) => *id,
                _ => 0,
            };
            return object!("keyboardButtonUserProfile", style: style, text: text, user_id: id);
        }
        if let Some(url) = &button.web_app {
            return object!("keyboardButtonWebView", style: style, text: text, url: url.clone());
        }
        if let Some(url) = &button.simple_web_app {
            return object!("keyboardButtonSimpleWebView", style: style, text: text, url: url.clone());
        }
        if let Some(copy) = &button.copy {
            return object!("keyboardButtonCopy", style: style, text: text, copy_text: copy.clone());
        }
        if let Some(poll) = &button.request_poll {
            let quiz = (poll != "any").then_some(poll == "quiz");
            return object!("keyboardButtonRequestPoll", style: style, quiz: quiz, text: text);
        }
        if let Some(peer) = &button.request_peer {
            let kind = match peer.kind.as_str() {
                "bot" => object!("requestPeerTypeUser", bot: true),
                "chat" => object!("requestPeerTypeChat"),
                "channel" => object!("requestPeerTypeBroadcast"),
                _ => object!("requestPeerTypeUser"),
            };
            return object!("keyboardButtonRequestPeer",
                style: style,
                text: text,
                button_id: peer.button_id,
                peer_type: kind,
                max_quantity: peer.max_quantity,
            );
        }
        let name = match button {
            Button { game: true, .. } => "keyboardButtonGame",
            Button { buy: true, .. } => "keyboardButtonBuy",
            Button {
                request_phone: true,
                ..
            } => "keyboardButtonRequestPhone",
            Button {
                request_location: true,
                ..
            } => "keyboardButtonRequestGeoLocation",
            _ => "keyboardButton",
        };
        object!(name, style: style, text: text)
    }
}

fn entity(entity: &Entity) -> Value {
    let Entity {
        kind,
        offset,
        length,
        url,
        language,
    } = entity;
    let (offset, length) = (*offset, *length);
    match (kind.as_str(), url) {
        ("url", Some(url)) => {
            object!("messageEntityTextUrl", offset: offset, length: length, url: url.clone())
        }
        ("pre", _) => {
            object!("messageEntityPre", offset: offset, length: length, language: language.clone())
        }
        (kind, _) => {
            let name = match kind {
                "italic" => "messageEntityItalic",
                "underline" => "messageEntityUnderline",
                "strike" => "messageEntityStrike",
                "spoiler" => "messageEntitySpoiler",
                "code" => "messageEntityCode",
                "url" => "messageEntityUrl",
                _ => "messageEntityBold",
            };
            object!(name, offset: offset, length: length)
        }
    }
}

fn game(game: &Game) -> Value {
    let digest = Sha256::digest(game.short_name.as_bytes());
    let (words, _) = digest.as_slice().as_chunks::<8>();
    let mut numbers = words.iter().map(|word| i64::from_le_bytes(*word));
    let game = object!("game",
        id: numbers.next().unwrap_or(1),
        access_hash: numbers.next().unwrap_or(1),
        short_name: game.short_name.clone(),
        title: game.title.clone(),
        description: game.description.clone(),
        photo: object!("photoEmpty", id: 0_i64),
    );
    object!("messageMediaGame", game: game)
}

/// The entities the server finds by itself: commands, mentions, hashtags and addresses. Offsets are UTF-16 units.
pub(crate) fn found_entities(text: &str) -> Vec<Value> {
    let mut entities = Vec::new();
    let mut offset = 0;
    for word in text.split_inclusive(char::is_whitespace) {
        let bare = word.trim_end();
        if let Some(kind) = kind_of(bare) {
            entities
                .push(object!(kind, offset: offset, length: bare.encode_utf16().count() as i32));
        }
        offset += word.encode_utf16().count() as i32;
    }
    entities
}

fn kind_of(word: &str) -> Option<&'static str> {
    let mut letters = word.chars();
    let first = letters.next()?;
    let rest = letters.as_str();
    let is_name = |text: &str| {
        !text.is_empty()
            && text
                .chars()
                .all(|letter| letter.is_alphanumeric() || letter == '_')
    };
    match first {
        '/' if rest.split('@').all(is_name) => Some("messageEntityBotCommand"),
        '@' if is_name(rest) && rest.len() >= 3 => Some("messageEntityMention"),
        '#' if is_name(rest) && !rest.chars().all(|letter| letter.is_ascii_digit()) => {
            Some("messageEntityHashtag")
        }
        _ => {
            let address = word
                .strip_prefix("https://")
                .or_else(|| word.strip_prefix("http://"))?;
            (!address.is_empty()).then_some("messageEntityUrl")
        }
    }
}
