//! The shape of the world file.

use serde::Deserialize;

use super::{Content, Data, Named};

/// Everything a sandbox starts with.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct World {
    /// How many data centres there are, numbered from 1.
    pub dcs: i32,
    /// The data centres that have servers for files only.
    pub media_only: Vec<i32>,
    /// The data centre `help.getNearestDc` names, and where users live unless they say otherwise.
    pub default_dc: Option<i32>,
    /// Whether `help.getConfig` calls itself a test server.
    pub test_mode: bool,
    /// Country code of `help.getNearestDc`.
    pub country: String,
    /// Milliseconds after which an unanswered callback query becomes `BOT_RESPONSE_TIMEOUT`.
    pub callback_timeout_ms: u64,
    /// How long the token of a QR code may be accepted.
    pub login_token_seconds: i32,
    /// Whether a key that two sessions use by turns is answered 406 `AUTH_KEY_DUPLICATED`.
    pub single_use: bool,
    /// The applications that exist; none listed means any.
    pub apis: Vec<Api>,
    /// Name of the user whom `help.getSupport` gives.
    pub support: Option<String>,
    /// Users by the world's name for them.
    pub users: Named<User>,
    /// Phone numbers that may sign up.
    pub unregistered: Vec<Unregistered>,
    /// Bots by the world's name for them.
    pub bots: Named<Bot>,
    /// Basic groups by the world's name for them.
    pub chats: Named<Chat>,
    /// Channels and supergroups by the world's name for them.
    pub channels: Named<Channel>,
    /// Files that messages carry, by the world's name for them, which is also their file name.
    pub files: Named<File>,
    /// Messages sent before the start, oldest first.
    pub messages: Vec<Message>,
    /// Errors the server gives instead of a method's result.
    pub errors: Vec<ScriptedError>,
}

impl Default for World {
    fn default() -> Self {
        World {
            dcs: 2,
            media_only: Vec::new(),
            default_dc: None,
            test_mode: false,
            country: "NL".to_owned(),
            callback_timeout_ms: 10_000,
            login_token_seconds: 30,
            single_use: false,
            apis: Vec::new(),
            support: None,
            users: Named::default(),
            unregistered: Vec::new(),
            bots: Named::default(),
            chats: Named::default(),
            channels: Named::default(),
            files: Named::default(),
            messages: Vec::new(),
            errors: Vec::new(),
        }
    }
}

impl World {
    /// Whether there is a CDN.
    pub fn has_cdn(&self) -> bool {
        self.files.iter().any(|(_, file)| file.cdn)
    }

    /// The data centre users live on unless they say otherwise.
    pub fn home_dc(&self) -> i32 {
        self.default_dc.unwrap_or_else(|| self.dcs.min(2))
    }
}

/// An application registered at my.telegram.org.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Api {
    /// `api_id`.
    pub id: i32,
    /// `api_hash`.
    pub hash: String,
}

/// A person with a phone.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct User {
    /// User id; chosen by the sandbox if absent.
    pub id: Option<i64>,
    /// First name.
    pub first_name: String,
    /// Last name.
    #[serde(default)]
    pub last_name: String,
    /// Username without `@`.
    pub username: Option<String>,
    /// Phone number; anything but digits is ignored.
    pub phone: String,
    /// The login code this phone always gets.
    #[serde(default = "default_code")]
    pub code: String,
    /// The data centre this user lives on.
    pub dc: Option<i32>,
    /// Two-step verification password.
    pub password: Option<String>,
    /// Hint of that password.
    pub hint: Option<String>,
    /// About text.
    pub about: Option<String>,
    /// Names of users in the address book.
    #[serde(default)]
    pub contacts: Vec<String>,
    /// Telegram Premium.
    #[serde(default)]
    pub premium: bool,
    /// `lang_code` shown in the user object.
    pub lang_code: Option<String>,
    /// Every call of this account, once logged in, is answered 406 `AUTH_KEY_DUPLICATED` and its key dropped.
    #[serde(default)]
    pub auth_key_duplicated: bool,
    /// The error (401) every call of this account gets, such as `USER_DEACTIVATED_BAN`.
    pub deactivated: Option<String>,
}

pub(super) fn default_code() -> String {
    "12345".to_owned()
}

/// A phone number nobody has registered yet.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unregistered {
    /// Phone number; anything but digits is ignored.
    pub phone: String,
    /// The login code it gets.
    #[serde(default = "default_code")]
    pub code: String,
    /// The data centre the new user will live on.
    pub dc: Option<i32>,
    /// The new user's id; chosen by the sandbox if absent.
    pub id: Option<i64>,
    /// Telegram Premium for the new user.
    #[serde(default)]
    pub premium: bool,
    /// `lang_code` of the new user.
    pub lang_code: Option<String>,
}

/// A bot and what it does by itself.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bot {
    /// `<bot id>:<secret>`; the number is the bot's user id, as at Telegram.
    pub token: String,
    /// Name.
    pub first_name: String,
    /// Username without `@`.
    pub username: String,
    /// The data centre this bot lives on.
    pub dc: Option<i32>,
    /// About text.
    pub about: Option<String>,
    /// Whether it reads all messages in groups.
    #[serde(default)]
    pub reads_history: bool,
    /// `lang_code` shown in the user object.
    pub lang_code: Option<String>,
    /// Messages it sends back, by the word a private message begins with; `*` is everything else.
    #[serde(default)]
    pub replies: Named<Vec<Content>>,
    /// Answers to its callback and game buttons.
    #[serde(default)]
    pub callbacks: Vec<Callback>,
}

/// What happens when a button is pressed.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "one for each key of the file"
)]
pub struct Callback {
    /// The button's callback data.
    pub data: Option<Data>,
    /// Or the short name of the game whose button it is.
    pub game: Option<String>,
    /// Show the message as an alert.
    pub alert: bool,
    /// Text of the answer.
    pub message: Option<String>,
    /// URL of the answer.
    pub url: Option<String>,
    /// `native_ui` of the answer.
    pub native_ui: bool,
    /// Seconds the answer may be cached.
    pub cache_time: i32,
    /// Milliseconds until the answer.
    pub delay_ms: u64,
    /// The bot never answers.
    pub silence: bool,
    /// The server answers with this error.
    pub error: Option<ScriptedRpcError>,
    /// The server answers 406 `AUTH_KEY_DUPLICATED` and drops the key the call came with.
    pub auth_key_duplicated: bool,
    /// The bot edits the message of the button.
    pub edit: Option<Content>,
    /// The bot sends a message into the same chat.
    pub send: Option<Content>,
}

/// An RPC error as it goes over the wire.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScriptedRpcError {
    /// Error code: 303, 400, 401, 403, 404, 406, 420, 500 or -503.
    pub code: i32,
    /// Error text, such as `FLOOD_WAIT_3`.
    pub text: String,
}

/// A basic group.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chat {
    /// Chat id; chosen by the sandbox if absent.
    pub id: Option<i64>,
    /// Title.
    pub title: String,
    /// Name of the user who made it; a member.
    pub creator: String,
    /// Names of the other members, users or bots.
    #[serde(default)]
    pub members: Vec<String>,
    /// Hash of its invite link (`https://t.me/+hash`).
    pub invite: Option<String>,
    /// About text.
    #[serde(default)]
    pub about: String,
}

/// A channel or supergroup.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Channel {
    /// Channel id (without -100); chosen by the sandbox if absent.
    pub id: Option<i64>,
    /// Title.
    pub title: String,
    /// Username without `@`; without one the channel is private.
    pub username: Option<String>,
    /// A supergroup; otherwise a broadcast channel.
    #[serde(default)]
    pub megagroup: bool,
    /// A supergroup with topics.
    #[serde(default)]
    pub forum: bool,
    /// Name of the user who made it; a member.
    pub creator: String,
    /// Names of the other members, users or bots.
    #[serde(default)]
    pub members: Vec<String>,
    /// Names of users who are banned: to them it is `CHANNEL_PRIVATE`.
    #[serde(default)]
    pub banned: Vec<String>,
    /// Name of the supergroup in which its posts are discussed.
    pub discussion: Option<String>,
    /// Its username still resolves, but any use of it is `CHANNEL_INVALID`.
    #[serde(default)]
    pub deleted: bool,
    /// Hash of its invite link (`https://t.me/+hash`).
    pub invite: Option<String>,
    /// About text.
    #[serde(default)]
    pub about: String,
    /// Texts of its sponsored messages.
    #[serde(default)]
    pub ads: Vec<String>,
}

/// A file: its `text`, or so many bytes that follow from a seed.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// Document id; chosen by the sandbox if absent.
    pub id: Option<i64>,
    /// The bytes.
    pub text: Option<String>,
    /// Size in bytes, where there is no text.
    pub size: Option<i64>,
    /// What the bytes follow from.
    #[serde(default)]
    pub seed: u64,
    /// MIME type.
    #[serde(default = "default_mime")]
    pub mime: String,
    /// The data centre that holds it.
    pub dc: Option<i32>,
    /// Whether it is handed over to a CDN: then there is one.
    #[serde(default)]
    pub cdn: bool,
}

fn default_mime() -> String {
    "application/octet-stream".to_owned()
}

/// A message sent before the start.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// Message id; the next free one if absent. A bot's own copy takes the next free one if this is taken there.
    pub id: Option<i32>,
    /// The chat or channel, or the two people of a private chat.
    #[serde(rename = "in")]
    pub place: Place,
    /// Name of the sender; a broadcast channel's posts have none.
    pub from: Option<String>,
    /// Unix time; the start of the sandbox if absent.
    pub date: Option<i32>,
    /// Id of the message this answers, in the same chat.
    pub reply_to: Option<i32>,
    /// Name of the bot it was sent through, which gets the presses of its buttons.
    pub via: Option<String>,
    /// What it says.
    #[serde(flatten)]
    pub content: Content,
}

/// Where a message stands.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(
    untagged,
    expecting = "`in` is the name of a chat or channel, or the two names of a private chat"
)]
pub enum Place {
    /// A chat or channel by name.
    Group(String),
    /// A private chat of two; with oneself, the same name twice.
    Private([String; 2]),
}

/// An error the server gives instead of a method's result.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScriptedError {
    /// Method, such as `messages.getHistory`.
    pub method: String,
    /// Only for this user or bot.
    pub user: Option<String>,
    /// Only where the call's `peer` or `channel` is this one.
    pub peer: Option<String>,
    /// The error.
    pub error: ScriptedRpcError,
    /// How many calls it hits; all if absent.
    pub times: Option<u32>,
    /// How many calls it lets through before.
    #[serde(default)]
    pub after: u32,
}
