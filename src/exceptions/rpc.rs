//! Errors that the server answers with: `RPCErrorException` and the child classes named after common errors.

use std::borrow::Cow;
use std::ffi::CStr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ext_php_rs::boxed::ZBox;
use ext_php_rs::convert::IntoZval;
use ext_php_rs::types::{ZendObject, Zval};
use ext_php_rs::zend::ce;

use super::classes::{GET_TL_TRACE, TL_TRACE, place, put_previous};
use super::{Thrown, descriptions, set, set_message};
use crate::class::{Base, Class, Frame, Literal, Method, Object, Param, Property, Type, c_str};
use crate::runtime;
use crate::settings::is_cli;

/// The code of errors that say how long to wait.
const FLOOD: i32 = 420;
const NAMESPACE: &str = "danog\\MadelineProto\\RPCError\\";
const PREVIOUS: Param = Param::optional(c"previous", Type::class(c"Exception").nullable(), c"null");

/// `\danog\MadelineProto\RPCErrorException`
static RPC_ERROR_EXCEPTION: Class = Class {
    name: c"danog\\MadelineProto\\RPCErrorException",
    parent: Some(Base::Php(ce::exception)),
    properties: &[
        TL_TRACE,
        Property::new(c"rpc", Type::STRING, Literal::Uninitialized).readonly(),
        Property::new(c"description", Type::STRING, Literal::Uninitialized).readonly(),
    ],
    methods: &[
        Method::new(c"__construct", construct)
            .params(&[
                Param::required(c"rpc", Type::STRING),
                Param::required(c"description", Type::STRING),
                Param::required(c"code", Type::INT),
                Param::required(c"caller", Type::STRING),
                PREVIOUS,
            ])
            .protected(),
        Method::new(c"make", make)
            .params(&[
                Param::required(c"rpc", Type::STRING),
                Param::required(c"code", Type::INT),
                Param::required(c"caller", Type::STRING),
                PREVIOUS,
            ])
            .returns(Type::class(c"self"))
            .of_class(),
        Method::new(c"__toString", to_string).returns(Type::STRING),
        Method::new(c"getLocalization", localization).returns(Type::STRING),
        Method::new(c"setLocalization", set_localization)
            .params(&[Param::required(c"localization", Type::STRING)])
            .returns(Type::VOID),
        GET_TL_TRACE,
    ],
    ..Class::DEFAULT
};

/// Errors 420 that say how long to wait.
static RATE_LIMIT: Class = Class {
    name: c"danog\\MadelineProto\\RPCError\\RateLimitError",
    parent: Some(Base::Ours(&RPC_ERROR_EXCEPTION)),
    properties: &[
        Property::new(c"waitTime", Type::INT, Literal::Uninitialized).readonly(),
        Property::new(c"expires", Type::FLOAT, Literal::Float(0.0)).private(),
    ],
    methods: &[
        Method::new(c"__construct", construct_rate_limit).params(&[
            Param::required(c"message", Type::STRING),
            Param::required(c"waitTime", Type::INT),
            Param::required(c"code", Type::INT),
            Param::required(c"caller", Type::STRING),
            PREVIOUS,
        ]),
        Method::new(c"getWaitTime", wait_time).returns(Type::INT),
        Method::new(c"wait", wait)
            .params(&[Param::optional(
                c"cancellation",
                Type::class(c"Amp\\Cancellation").nullable(),
                c"null",
            )])
            .returns(Type::VOID),
    ],
    ..Class::DEFAULT
};
static FLOOD_WAIT: Class = flood(c"danog\\MadelineProto\\RPCError\\FloodWaitError");
static FLOOD_PREMIUM_WAIT: Class = flood(c"danog\\MadelineProto\\RPCError\\FloodPremiumWaitError");

/// For scripts that catch it; as in MadelineProto, a `Timeout` of the server is a plain `RPCErrorException`.
static TIMEOUT: Class = named(c"danog\\MadelineProto\\RPCError\\TimeoutError");

pub(super) static CLASSES: [&Class; 5] = [
    &RPC_ERROR_EXCEPTION,
    &RATE_LIMIT,
    &FLOOD_WAIT,
    &FLOOD_PREMIUM_WAIT,
    &TIMEOUT,
];

const fn flood(name: &'static CStr) -> Class {
    Class {
        name,
        flags: Class::FINAL,
        parent: Some(Base::Ours(&RATE_LIMIT)),
        ..Class::DEFAULT
    }
}

const fn named(name: &'static CStr) -> Class {
    Class {
        name,
        flags: Class::FINAL,
        parent: Some(Base::Ours(&RPC_ERROR_EXCEPTION)),
        ..Class::DEFAULT
    }
}

macro_rules! named_errors {
    ($($name:literal)*) => {
        /// Classes of one error each: `CHANNEL_PRIVATE` is `ChannelPrivateError`.
        pub(super) static NAMED: [Class; NAMES] = [$(named(
            c_str(concat!("danog\\MadelineProto\\RPCError\\", $name, "Error\0")),
        )),*];
        const NAMES: usize = [$($name),*].len();
    };
}

named_errors! {
    "BotGamesDisabled" "BotPaymentsDisabled" "BroadcastPublicVotersForbidden" "ButtonUserPrivacyRestricted"
    "CallAlreadyAccepted" "CallAlreadyDeclined" "ChannelInvalid" "ChannelPrivate" "ChatAdminRequired" "ChatForbidden"
    "ChatForwardsRestricted" "ChatGuestSendForbidden" "ChatRestricted" "ChatSendAudiosForbidden"
    "ChatSendDocsForbidden" "ChatSendGifsForbidden" "ChatSendMediaForbidden" "ChatSendPhotosForbidden"
    "ChatSendPlainForbidden" "ChatSendPollForbidden" "ChatSendRoundvideosForbidden" "ChatSendStickersForbidden"
    "ChatSendVideosForbidden" "ChatSendVoicesForbidden" "ChatWriteForbidden" "DcIdInvalid" "EncryptionAlreadyAccepted"
    "EncryptionAlreadyDeclined" "EncryptionDeclined" "FileReferenceExpired" "FileTokenInvalid"
    "FromMessageBotDisabled" "ImageProcessFailed" "InputUserDeactivated" "MsgIdInvalid" "PasswordHashInvalid"
    "PaymentUnsupported" "PeerIdInvalid" "PinnedDialogsTooMuch" "PollOptionDuplicate" "PremiumAccountRequired"
    "PrivacyPremiumRequired" "QuickRepliesTooMuch" "QuizCorrectAnswersTooMuch" "ReplyMessagesTooMuch"
    "RequestTokenInvalid" "ScheduleBotNotAllowed" "ScheduleDateTooLate" "ScheduleStatusPrivate" "ScheduleTooMuch"
    "SessionPasswordNeeded" "TopicClosed" "TopicDeleted" "UserBannedInChannel" "UserIsBlocked" "UserIsBot"
    "UsernameInvalid" "UsernameNotOccupied" "VoiceMessagesForbidden" "WebpageCurlFailed" "WebpageNotFound"
    "YouBlockedUser"
}

/// An error of the server.
#[derive(Debug)]
pub(crate) struct RpcError {
    rpc: String,
    code: i32,
    /// The TL method that was called; empty when no single one was.
    caller: String,
    english: bool,
}

impl RpcError {
    /// `rpc` is the server's text as sent, such as `FLOOD_WAIT_30`.
    pub(crate) fn new(rpc: String, code: i32, caller: String) -> Self {
        Self {
            rpc,
            code,
            caller,
            english: false,
        }
    }

    /// The server's text.
    pub(crate) fn rpc(&self) -> &str {
        &self.rpc
    }

    /// The same error with its description as message.
    pub(super) fn in_english(self) -> Self {
        Self {
            english: true,
            ..self
        }
    }

    /// The exception.
    pub(super) fn object(&self) -> ZBox<ZendObject> {
        let seconds = trailing_number(&self.rpc).filter(|_| self.code == FLOOD);
        let object = class_of(&self.rpc, seconds).instantiate();
        let description = match seconds {
            Some(seconds) => Cow::Owned(rate_limit_description(seconds)),
            None => descriptions::of(&self.rpc),
        };
        let fresh = Object::of(&object);
        fill(
            fresh,
            &self.rpc,
            &description,
            i64::from(self.code),
            &self.caller,
        );
        if let Some(seconds) = seconds {
            fill_wait(fresh, seconds);
        }
        if self.english {
            set_message(fresh, &description);
        }
        object
    }
}

/// Whether an exception is of an RPC error.
pub(super) fn is_rpc(object: &ZendObject) -> bool {
    RPC_ERROR_EXCEPTION.is_class_of(object)
}

/// The class of an error: by its text, or by the rate limit it tells of.
fn class_of(rpc: &str, seconds: Option<i64>) -> &'static Class {
    if seconds.is_some() {
        return match rpc.trim_end_matches(|last: char| last.is_ascii_digit()) {
            "FLOOD_WAIT_" => &FLOOD_WAIT,
            "FLOOD_PREMIUM_WAIT_" => &FLOOD_PREMIUM_WAIT,
            _ => &RATE_LIMIT,
        };
    }
    let name = class_name(rpc);
    NAMED
        .iter()
        .find(|class| class.name.to_bytes() == name.as_bytes())
        .unwrap_or(&RPC_ERROR_EXCEPTION)
}

/// `CHANNEL_PRIVATE` → `danog\MadelineProto\RPCError\ChannelPrivateError`; what is not in capitals has no class.
fn class_name(rpc: &str) -> String {
    let mut name = NAMESPACE.to_owned();
    if rpc
        .bytes()
        .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
    {
        for word in rpc.split('_') {
            let (first, rest) = word.split_at(word.len().min(1));
            name.push_str(first);
            name.push_str(&rest.to_ascii_lowercase());
        }
        name.push_str("Error");
    }
    name
}

/// The number at the end of an error text: 30 of `FLOOD_WAIT_30`.
fn trailing_number(rpc: &str) -> Option<i64> {
    rpc.rsplit_once('_')?.1.parse().ok()
}

fn rate_limit_description(seconds: i64) -> String {
    format!("Too many requests of this kind, please repeat the call in {seconds} seconds")
}

fn fill(object: &Object, rpc: &str, description: &str, code: i64, caller: &str) {
    set_message(object, rpc);
    set(object, "code", code);
    initialize(&RPC_ERROR_EXCEPTION, object, "rpc", rpc);
    initialize(&RPC_ERROR_EXCEPTION, object, "description", description);
    let place = place(object);
    initialize(
        &RPC_ERROR_EXCEPTION,
        object,
        "tlTrace",
        format!("{place}:\t{caller}"),
    );
}

fn fill_wait(object: &Object, seconds: i64) {
    initialize(&RATE_LIMIT, object, "waitTime", seconds);
    initialize(
        &RATE_LIMIT,
        object,
        "expires",
        now() + Duration::from_secs(seconds.max(0).unsigned_abs()).as_secs_f64(),
    );
}

fn initialize(class: &Class, object: &Object, name: &str, value: impl IntoZval) {
    class.initialize(object, name, value.into_zval(false).unwrap_or_default());
}

/// Seconds since 1970, by the system's clock.
fn now() -> f64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0.0, |since| since.as_secs_f64())
}

fn construct(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let (rpc, description) = (
        frame.text(0).unwrap_or_default(),
        frame.text(1).unwrap_or_default(),
    );
    let caller = frame.text(3).unwrap_or_default();
    let this = frame.this()?;
    fill(
        this,
        &rpc,
        &description,
        frame.int(2).unwrap_or_default(),
        &caller,
    );
    put_previous(this, frame, 4);
    Ok(())
}

fn construct_rate_limit(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let this = frame.this()?;
    let (rpc, caller) = (
        frame.text(0).unwrap_or_default(),
        frame.text(3).unwrap_or_default(),
    );
    let seconds = frame.int(1).unwrap_or_default();
    fill(
        this,
        &rpc,
        &rate_limit_description(seconds),
        frame.int(2).unwrap_or_default(),
        &caller,
    );
    fill_wait(this, seconds);
    put_previous(this, frame, 4);
    Ok(())
}

fn make(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let (rpc, caller) = (
        frame.text(0).unwrap_or_default(),
        frame.text(2).unwrap_or_default(),
    );
    let code = frame
        .int(1)
        .and_then(|code| i32::try_from(code).ok())
        .unwrap_or_default();
    let object = RpcError::new(rpc.into_owned(), code, caller.into_owned()).object();
    put_previous(Object::of(&object), frame, 3);
    frame.give(object)
}

fn localization(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let description = RPC_ERROR_EXCEPTION.read(frame.this()?, "description");
    frame.give_zval(description);
    Ok(())
}

/// Of releases 5 to 7.
fn set_localization(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let description = frame.arg(0).map(Zval::shallow_clone).unwrap_or_default();
    RPC_ERROR_EXCEPTION.initialize(frame.this()?, "description", description);
    Ok(())
}

/// On a web page, lines end as HTML wants it.
fn to_string(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let this = frame.this()?;
    let read = |name| RPC_ERROR_EXCEPTION.read(this, name);
    let text = |name| read(name).string().unwrap_or_default();
    let number = |name| read(name).long().unwrap_or_default();
    let told = format!(
        "Telegram returned an RPC error: {} ({}) ({}), caused by {}:{}\n\nTL trace:\n{}",
        text("description"),
        number("code"),
        text("rpc"),
        text("file"),
        number("line"),
        text("tlTrace"),
    );
    frame.give(if is_cli() {
        told
    } else {
        told.replace('\n', "<br>\n")
    })
}

fn wait_time(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let seconds: Zval = RATE_LIMIT.read(frame.this()?, "waitTime");
    frame.give_zval(seconds);
    Ok(())
}

/// Sleeps until the server takes the call again; signal handlers may end the sleep with an exception.
fn wait(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let expires = RATE_LIMIT
        .read(frame.this()?, "expires")
        .double()
        .unwrap_or_default();
    if let Ok(left) = Duration::try_from_secs_f64(expires - now()) {
        runtime::wait(async move { tokio::time::sleep(left).await })?;
    }
    Ok(())
}
