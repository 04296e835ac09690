//! Everything the sandbox knows while it runs. One [`State`] serves all data centres; it lives in memory only.

mod build;
mod cdn;
mod content;
mod delivery;
mod files;
mod groups;
mod inline;
mod login;
mod marks;
mod messages;
mod peers;
pub(crate) mod short;
mod twice;
mod updates;
mod uploads;
mod users;

use std::collections::{BTreeMap, HashMap, HashSet};

use madeline_mtproto::random::{OsRandom, Random};
use madeline_tl::Value;
use tokio::sync::oneshot;

use crate::error::RpcError;
use crate::world::{Api, Callback, Content};

pub(crate) use cdn::{CDN_DC, Cdn};
pub(crate) use content::{Body, found_entities};
pub(crate) use delivery::Draft;
pub(crate) use files::{Content as FileContent, File, FileKind, Files, PIECE, Sent};
pub(crate) use groups::{Channel, Chat, Switch, Topic};
pub(crate) use login::{Key, Login, SentCode, Temporary};
pub(crate) use messages::{Change, Event, Forward, Mailbox, Message};
pub(crate) use peers::{Peer, PeerSet};
pub(crate) use uploads::{Complete, Part, Uploads};
pub(crate) use users::{Kind, Password, Status, User};

/// An authorization key: keys of different data centres are strangers to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct KeyRef {
    pub(crate) dc: i32,
    pub(crate) id: i64,
}

/// A session of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct SessionRef {
    pub(crate) key: KeyRef,
    pub(crate) session_id: i64,
}

/// What a session has told about itself.
#[derive(Debug, Clone, Default)]
pub(crate) struct SessionState {
    /// The layer of `invokeWithLayer`.
    pub(crate) layer: Option<i32>,
    /// Whether `initConnection` was called.
    pub(crate) inited: bool,
    /// Whether updates are wanted: a call outside `invokeWithoutUpdates` was made while logged in.
    pub(crate) wants_updates: bool,
    /// Whether a connection serves it at the moment.
    pub(crate) connected: bool,
}

/// Settings of the world that hold for everybody.
#[derive(Debug, Clone)]
pub(crate) struct Rules {
    pub(crate) default_dc: i32,
    pub(crate) test_mode: bool,
    pub(crate) country: String,
    pub(crate) callback_timeout_ms: u64,
    /// How long a QR code may be scanned.
    pub(crate) login_token_seconds: i32,
    /// Whether a key may be used from one place only.
    pub(crate) single_use: bool,
    pub(crate) apis: Vec<Api>,
    /// The user of `help.getSupport`.
    pub(crate) support: Option<i64>,
    /// Port of each data centre on 127.0.0.1.
    pub(crate) ports: BTreeMap<i32, u16>,
}

/// A scripted error with the counters it has left.
#[derive(Debug, Clone)]
pub(crate) struct ErrorScript {
    pub(crate) method: String,
    pub(crate) user: Option<i64>,
    pub(crate) peer: Option<Peer>,
    pub(crate) error: RpcError,
    pub(crate) times: Option<u32>,
    pub(crate) after: u32,
}

/// A phone that may sign up.
#[derive(Debug, Clone)]
pub(crate) struct Newcomer {
    pub(crate) code: String,
    pub(crate) dc: i32,
    pub(crate) id: Option<i64>,
    pub(crate) premium: bool,
    pub(crate) lang_code: Option<String>,
}

/// What a bot does by itself.
#[derive(Debug, Clone, Default)]
pub(crate) struct BotScript {
    pub(crate) token: String,
    pub(crate) reads_history: bool,
    pub(crate) replies: Vec<(String, Vec<Content>)>,
    pub(crate) callbacks: Vec<Callback>,
}

/// A pressed button that waits for its bot.
#[derive(Debug)]
pub(crate) struct Query {
    pub(crate) bot: i64,
    pub(crate) update: Value,
    pub(crate) answer: oneshot::Sender<Result<Value, RpcError>>,
}

/// Whose sessions updates are pushed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Audience {
    /// Everything this user is logged in with.
    User(i64),
    /// Everything of a key, logged in or not.
    Key(KeyRef),
}

/// A set of stickers.
#[derive(Debug, Clone)]
pub(crate) struct StickerSet {
    pub(crate) id: i64,
    pub(crate) access_hash: i64,
    pub(crate) title: String,
    pub(crate) creator: i64,
    /// Documents, and the emoji that each stands for.
    pub(crate) stickers: Vec<(i64, String)>,
}

/// Updates to be pushed to the sessions connected.
#[derive(Debug)]
pub(crate) struct Notice {
    pub(crate) to: Audience,
    /// The session whose own call caused them: it has them in the result.
    pub(crate) except: Option<SessionRef>,
    pub(crate) updates: Vec<Value>,
}

/// The whole server.
pub(crate) struct State {
    /// Unix time, set at the beginning of every call.
    pub(crate) now: i32,
    pub(crate) rules: Rules,
    secret: [u8; 32],
    /// Users and bots.
    pub(crate) users: BTreeMap<i64, User>,
    pub(crate) chats: BTreeMap<i64, Chat>,
    pub(crate) channels: BTreeMap<i64, Channel>,
    /// By username in lower case.
    pub(crate) usernames: HashMap<String, Peer>,
    pub(crate) phones: HashMap<String, i64>,
    pub(crate) newcomers: HashMap<String, Newcomer>,
    pub(crate) invites: HashMap<String, Peer>,
    /// After how many seconds the messages of two people go.
    pub(crate) private_ttl: BTreeMap<(i64, i64), i32>,
    /// The world's names.
    pub(crate) names: HashMap<String, Peer>,
    /// Where the copies of a message are: one message of a private chat or basic group stands in several mailboxes.
    copies: HashMap<u64, Vec<(i64, i32)>>,
    next_common: u64,
    next_user: i64,
    pub(crate) scripts: Vec<ErrorScript>,
    pub(crate) files: Files,
    pub(crate) cdn: Cdn,
    /// By short name.
    pub(crate) sticker_sets: BTreeMap<String, StickerSet>,
    /// Documents by account, newest first.
    pub(crate) saved_gifs: HashMap<i64, Vec<i64>>,
    pub(crate) uploads: Uploads,
    pub(crate) login: Login,
    pub(crate) keys: HashMap<KeyRef, Key>,
    pub(crate) sessions: HashMap<SessionRef, SessionState>,
    pub(crate) twice: twice::Twice,
    pub(crate) queries: HashMap<i64, Query>,
    /// `random_id`s of messages, by sender.
    pub(crate) random_ids: HashSet<(i64, i64)>,
    pub(crate) outbox: Vec<Notice>,
}

impl State {
    /// Whether a session of this user would take updates.
    pub(crate) fn is_connected(&self, user: i64) -> bool {
        self.sessions.iter().any(|(session, state)| {
            state.connected && state.wants_updates && self.user_of(session.key) == Some(user)
        })
    }

    /// Keeps updates for the sessions of a user.
    pub(crate) fn notify(&mut self, user: i64, except: Option<SessionRef>, updates: Vec<Value>) {
        if !updates.is_empty() && self.is_connected(user) {
            self.outbox.push(Notice {
                to: Audience::User(user),
                except,
                updates,
            });
        }
    }
}

/// Random bytes of the operating system.
pub(crate) fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    OsRandom.fill(&mut bytes);
    bytes
}

/// A random positive `long`.
pub(crate) fn random_id() -> i64 {
    i64::from_le_bytes(random_bytes()) & i64::MAX
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(value.into(), 16).unwrap_or('0');
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}
