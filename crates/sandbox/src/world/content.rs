//! What a message says: text, entities, keyboards and games as the world file writes them.

use serde::Deserialize;

/// Content of a message, of a bot's reply or of an edit.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Content {
    /// The text.
    pub text: String,
    /// Its formatting.
    pub entities: Vec<Entity>,
    /// Inline keyboard: rows of buttons.
    pub keyboard: Option<Vec<Vec<Button>>>,
    /// Reply keyboard.
    pub reply_keyboard: Option<ReplyKeyboard>,
    /// Asks the user to reply.
    pub force_reply: bool,
    /// Removes the reply keyboard.
    pub hide_keyboard: bool,
    /// Name of a file of the world.
    pub file: Option<String>,
    /// A game; its button is `{"text": …, "game": true}`.
    pub game: Option<Game>,
}

/// A reply keyboard.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "one for each key of the file"
)]
pub struct ReplyKeyboard {
    /// Rows of buttons.
    pub rows: Vec<Vec<Button>>,
    /// Fit the height to the buttons.
    #[serde(default)]
    pub resize: bool,
    /// Hide after use.
    #[serde(default)]
    pub single_use: bool,
    /// Only for those mentioned or replied to.
    #[serde(default)]
    pub selective: bool,
    /// Always shown.
    #[serde(default)]
    pub persistent: bool,
    /// Placeholder of the text field.
    pub placeholder: Option<String>,
}

/// A game message.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Game {
    /// Short name.
    pub short_name: String,
    /// Title.
    pub title: String,
    /// Description.
    #[serde(default)]
    pub description: String,
}

/// Formatting of a part of the text; offsets count UTF-16 code units.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entity {
    /// `bold`, `italic`, `underline`, `strike`, `spoiler`, `code`, `pre` or `url` (with `url`: a text link).
    #[serde(rename = "type")]
    pub kind: String,
    /// First code unit.
    pub offset: i32,
    /// Code units.
    pub length: i32,
    /// Address of a text link.
    pub url: Option<String>,
    /// Language of `pre`.
    #[serde(default)]
    pub language: String,
}

/// A button. Which of the keys beside `text` is there says what kind it is; none is a plain reply button.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "one for each key of the file"
)]
pub struct Button {
    /// Label.
    pub text: String,
    /// `keyboardButtonCallback`: its data.
    pub data: Option<Data>,
    /// Of a callback button: pressing needs the two-step verification password.
    pub requires_password: bool,
    /// `keyboardButtonUrl`.
    pub url: Option<String>,
    /// `keyboardButtonUrlAuth`.
    pub url_auth: Option<UrlAuth>,
    /// `keyboardButtonSwitchInline`.
    pub switch_inline: Option<SwitchInline>,
    /// `keyboardButtonGame`.
    pub game: bool,
    /// `keyboardButtonBuy`.
    pub buy: bool,
    /// `keyboardButtonUserProfile`: name of a user.
    pub user: Option<String>,
    /// `keyboardButtonWebView`: URL.
    pub web_app: Option<String>,
    /// `keyboardButtonSimpleWebView`: URL.
    pub simple_web_app: Option<String>,
    /// `keyboardButtonCopy`: the text to copy.
    pub copy: Option<String>,
    /// `keyboardButtonRequestPhone`.
    pub request_phone: bool,
    /// `keyboardButtonRequestGeoLocation`.
    pub request_location: bool,
    /// `keyboardButtonRequestPoll`: `regular`, `quiz` or `any`.
    pub request_poll: Option<String>,
    /// `keyboardButtonRequestPeer`.
    pub request_peer: Option<PeerKind>,
    /// Colour and icon.
    pub style: Option<ButtonStyle>,
}

/// Button with authorization on a site.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UrlAuth {
    /// Address.
    pub url: String,
    /// Id of the button within its message.
    pub button_id: i32,
    /// Label in forwarded messages.
    pub forward_text: Option<String>,
}

/// Button that starts an inline query.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SwitchInline {
    /// The query.
    pub query: String,
    /// In this chat.
    #[serde(default)]
    pub same_peer: bool,
}

/// Button that asks for a chat or user.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PeerKind {
    /// `user`, `bot`, `chat` or `channel`.
    pub kind: String,
    /// Id of the button within its message.
    pub button_id: i32,
    /// How many may be chosen.
    #[serde(default = "one")]
    pub max_quantity: i32,
}

fn one() -> i32 {
    1
}

/// `keyboardButtonStyle`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ButtonStyle {
    /// `bg_primary`.
    pub primary: bool,
    /// `bg_danger`.
    pub danger: bool,
    /// `bg_success`.
    pub success: bool,
    /// Custom emoji id.
    pub icon: Option<i64>,
}

/// Bytes: text, or `{"hex": "ff0001"}` for what is not text.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "DataForm")]
pub struct Data(pub Vec<u8>);

#[derive(Deserialize)]
#[serde(untagged, expecting = "callback data is text or {\"hex\": \"…\"}")]
enum DataForm {
    Text(String),
    Hex { hex: String },
}

impl TryFrom<DataForm> for Data {
    type Error = String;

    fn try_from(form: DataForm) -> Result<Self, String> {
        match form {
            DataForm::Text(text) => Ok(Data(text.into_bytes())),
            DataForm::Hex { hex } => from_hex(&hex)
                .map(Data)
                .ok_or_else(|| format!("`{hex}` is not pairs of hexadecimal digits")),
        }
    }
}

pub(crate) fn from_hex(hex: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = hex
        .chars()
        .map(|digit| digit.to_digit(16).map(|value| value as u8))
        .collect();
    let digits = digits?;
    let (pairs, rest) = digits.as_chunks::<2>();
    rest.is_empty()
        .then(|| pairs.iter().map(|[high, low]| high << 4 | low).collect())
}
