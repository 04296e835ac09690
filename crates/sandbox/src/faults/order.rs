//! The vocabulary of the control channel; `docs/sandbox.md` explains every word.

use serde::Deserialize;
use serde_json::{Map, Value};

/// A command: what, to whom, how often.
#[derive(Debug, Clone)]
pub(crate) struct Order {
    pub(crate) verb: Verb,
    pub(crate) on: On,
}

impl Order {
    /// Reads a command; the error says what is wrong with it.
    pub(crate) fn read(mut command: Map<String, Value>) -> Result<Self, String> {
        let on = match command.remove("on") {
            None => On::default(),
            Some(on) => serde_json::from_value(on).map_err(|error| format!("on: {error}"))?,
        };
        let verb = serde_json::from_value(Value::Object(command)).map_err(|e| e.to_string())?;
        Ok(Order { verb, on })
    }
}

/// Whom a command concerns, and how often a fault strikes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct On {
    /// Data centre.
    pub(crate) dc: Option<i32>,
    /// Sessions of this user: a name of the world, or an id.
    pub(crate) user: Option<Who>,
    /// `session_id`.
    pub(crate) session: Option<i64>,
    /// `auth_key_id`, of the temporary key where there is one.
    pub(crate) key: Option<i64>,
    /// Name of a method.
    pub(crate) method: Option<String>,
    /// What an envelope has in it.
    pub(crate) holds: Option<Holds>,
    /// Occasions let pass before the first.
    pub(crate) skip: u64,
    /// How often it strikes; 0 is always.
    pub(crate) times: u64,
    /// Only at each nth occasion.
    pub(crate) every: u64,
    /// Only with this probability, from 0 to 1.
    pub(crate) probability: Option<f64>,
    /// Start of the random numbers, for `probability` and random places.
    pub(crate) seed: u64,
}

impl Default for On {
    fn default() -> Self {
        On {
            dc: None,
            user: None,
            session: None,
            key: None,
            method: None,
            holds: None,
            skip: 0,
            times: 1,
            every: 1,
            probability: None,
            seed: 0,
        }
    }
}

/// A user or bot.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged, expecting = "a user is a name of the world or an id")]
pub(crate) enum Who {
    Id(i64),
    Name(String),
}

/// What an envelope has in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Holds {
    /// An answer to a request.
    Result,
    /// An object that answers nothing.
    Update,
    /// Neither: messages of the protocol.
    Service,
}

/// What to do.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Verb {
    // When a connection is accepted.
    Refuse {},
    HalfOpen {
        #[serde(default)]
        deaf: bool,
    },
    // When a message comes.
    TransportError {
        code: i32,
        #[serde(default)]
        stay: bool,
    },
    // When a request is to be executed.
    CloseBefore {},
    CloseAfter {},
    Ignore {},
    NoAnswer {},
    DelayAnswer {
        ms: u64,
    },
    RpcError {
        code: i32,
        text: String,
        #[serde(default)]
        executed: bool,
        then: Option<Then>,
    },
    BadMsg {
        code: i32,
    },
    DetailedInfo {},
    GzipBomb {
        #[serde(default = "gibibyte")]
        bytes: u64,
    },
    ShortResult {},
    Falsify {},
    // When updates are to be pushed to a session.
    LoseUpdate {},
    DelayUpdate {
        ms: u64,
    },
    RepeatUpdate {},
    ShortenUpdate {},
    TooLong {},
    // When something is to be acknowledged.
    NoAck {},
    // When an envelope is to be sent.
    Cut {
        bytes: Option<usize>,
    },
    Lose {},
    Delay {
        ms: u64,
    },
    Reorder {
        #[serde(default = "patience")]
        ms: u64,
    },
    Duplicate {
        #[serde(default)]
        ms: u64,
    },
    Corrupt {
        offset: Option<i64>,
        #[serde(default = "lowest_bit")]
        xor: u8,
        #[serde(default)]
        stream: bool,
    },
    WrongSession {},
    WrongKey {},
    WrongParity {
        #[serde(default)]
        low_bits: i64,
    },
    ShiftMsgId {
        seconds: i64,
    },
    Padding {
        bytes: usize,
    },
    Length {
        value: i32,
    },
    // At once.
    Close {
        #[serde(default)]
        reset: bool,
        /// A transport error that is said before.
        code: Option<i32>,
    },
    BlackHole {
        ms: Option<u64>,
        #[serde(default)]
        deaf: bool,
    },
    Say {
        what: Said,
        #[serde(default = "one")]
        count: u32,
        /// Of `bad_msg`.
        code: Option<i32>,
        /// The message or request it speaks of.
        msg_id: Option<i64>,
        /// Of `raw`.
        hex: Option<String>,
        /// Of `gzip_bomb`.
        bytes: Option<u64>,
    },
    ChangeSalt {},
    ForgetSession {
        #[serde(default)]
        keep_init: bool,
    },
    ForgetKey {},
    LogOut {},
    ExpireReferences {},
    ForgetCdn {
        /// Their tokens become void, too.
        #[serde(default)]
        tokens: bool,
    },
    ForgetUpdates {
        of: String,
    },
    Clock {
        /// Seconds that the server's clock is ahead of the true one.
        offset: Option<i64>,
    },
    Push {
        to: String,
        from: String,
        #[serde(default = "greeting")]
        text: String,
        #[serde(default = "one")]
        count: u32,
    },
    // About all this.
    Clear {
        id: Option<u64>,
    },
    Faults {},
    Stats {},
    Sessions {},
    Executions {
        method: Option<String>,
        random_id: Option<i64>,
        marker: Option<String>,
    },
    Uploads {},
    File {
        name: String,
    },
}

/// What becomes of the caller after an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Then {
    LogOut,
    ForgetKey,
}

/// Messages that no honest server sends, and some that it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Said {
    /// `updateShort` with `updateConfig`: honest.
    ConfigUpdate,
    /// The same, announced by `msg_new_detailed_info`: honest.
    NewDetailedInfo,
    NestedContainer,
    UnknownConstructor,
    UnknownAnswer,
    BadMsg,
    HugeContainer,
    HugeAcks,
    HugeSalts,
    HugeUpdates,
    HugeResult,
    GzipBomb,
    DeepNesting,
    Malformed,
    Raw,
}

/// On what occasion a fault strikes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    Accept,
    Message,
    Request,
    Envelope,
    Acknowledgement,
    Update,
}

impl Verb {
    /// When it strikes; `None` for what is done at once.
    pub(crate) fn stage(&self, on: &On) -> Option<Stage> {
        Some(match self {
            Verb::Refuse {} | Verb::HalfOpen { .. } => Stage::Accept,
            Verb::TransportError { .. } if on.method.is_none() => Stage::Message,
            Verb::TransportError { .. }
            | Verb::CloseBefore {}
            | Verb::CloseAfter {}
            | Verb::Ignore {}
            | Verb::NoAnswer {}
            | Verb::DelayAnswer { .. }
            | Verb::RpcError { .. }
            | Verb::BadMsg { .. }
            | Verb::DetailedInfo {}
            | Verb::ShortResult {}
            | Verb::Falsify {}
            | Verb::GzipBomb { .. } => Stage::Request,
            Verb::Cut { .. }
            | Verb::Lose {}
            | Verb::Delay { .. }
            | Verb::Reorder { .. }
            | Verb::Duplicate { .. }
            | Verb::Corrupt { .. }
            | Verb::WrongSession {}
            | Verb::WrongKey {}
            | Verb::WrongParity { .. }
            | Verb::ShiftMsgId { .. }
            | Verb::Padding { .. }
            | Verb::Length { .. } => Stage::Envelope,
            Verb::NoAck {} => Stage::Acknowledgement,
            Verb::LoseUpdate {}
            | Verb::DelayUpdate { .. }
            | Verb::RepeatUpdate {}
            | Verb::ShortenUpdate {}
            | Verb::TooLong {} => Stage::Update,
            _ => return None,
        })
    }
}

fn one() -> u32 {
    1
}

fn lowest_bit() -> u8 {
    1
}

fn patience() -> u64 {
    200
}

fn gibibyte() -> u64 {
    1 << 30
}

fn greeting() -> String {
    "update {n}".to_owned()
}
