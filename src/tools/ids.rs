//! Ids of peers: Telegram's own, and the bot API's signed ones. `\danog\DialogId\DialogId` and its predecessors.

use std::ffi::CStr;

use ext_php_rs::types::Zval;
use madeline_client::peers::{PeerId, PeerKind};

use crate::class::{Class, Frame, Method, Param, Type};
use crate::exceptions::Thrown;

const ID: &[Param] = &[Param::required(c"id", Type::INT)];

/// Static methods of releases before 8.
pub(crate) const METHODS: &[Method] = &[
    to_int(c"toSupergroup", |frame| from(frame, PeerId::channel)),
    to_int(c"fromSupergroup", |frame| to(frame, PeerKind::Channel)),
    // They took any value, also one that is no id.
    Method::new(c"isSupergroup", |frame: &mut Frame<'_>| {
        let id = frame
            .arg(0)
            .and_then(Zval::long)
            .and_then(PeerId::from_bot_api);
        frame.give(id.map(PeerId::kind) == Some(PeerKind::Channel))
    })
    .params(&[Param::required(c"id", Type::MIXED)])
    .returns(Type::BOOL)
    .of_class(),
];

/// The enum.
pub(crate) static DIALOG_ID: Class = Class {
    name: c"danog\\DialogId\\DialogId",
    cases: &[USER, CHAT, CHANNEL, SECRET_CHAT, MONOFORUM],
    methods: &[
        Method::new(c"getType", |frame: &mut Frame<'_>| {
            let id = known(frame)?;
            let case = match id.kind() {
                PeerKind::User => USER,
                PeerKind::Chat => CHAT,
                PeerKind::Channel if id.is_monoforum() => MONOFORUM,
                PeerKind::Channel => CHANNEL,
                PeerKind::SecretChat => SECRET_CHAT,
            };
            frame.give_zval(DIALOG_ID.case(case));
            Ok(())
        })
        .params(ID)
        .returns(Type::class(c"self"))
        .of_class(),
        to_bool(c"isUser", |frame| is(frame, PeerKind::User, false)),
        to_bool(c"isChat", |frame| is(frame, PeerKind::Chat, false)),
        to_bool(c"isSupergroupOrChannel", |frame| {
            is(frame, PeerKind::Channel, false)
        }),
        to_bool(c"isSecretChat", |frame| {
            is(frame, PeerKind::SecretChat, false)
        }),
        to_bool(c"isMonoforum", |frame| is(frame, PeerKind::Channel, true)),
        to_int(c"fromUser", |frame| from(frame, PeerId::user)),
        to_int(c"toUser", |frame| to(frame, PeerKind::User)),
        to_int(c"fromChat", |frame| from(frame, PeerId::chat)),
        to_int(c"toChat", |frame| to(frame, PeerKind::Chat)),
        to_int(c"fromSupergroupOrChannel", |frame| {
            from(frame, PeerId::channel)
        }),
        to_int(c"toSupergroupOrChannel", |frame| {
            to(frame, PeerKind::Channel)
        }),
        to_int(c"fromMonoforum", |frame| from(frame, PeerId::channel)),
        to_int(c"toMonoforum", |frame| to(frame, PeerKind::Channel)),
        to_int(c"fromSecretChatId", from_secret),
        to_int(c"toSecretChatId", |frame| to(frame, PeerKind::SecretChat)),
        to_int(c"fromSecretChat", from_secret),
        to_int(c"toSecretChat", |frame| to(frame, PeerKind::SecretChat)),
    ],
    ..Class::DEFAULT
};

const USER: &CStr = c"USER";
const CHAT: &CStr = c"CHAT";
const CHANNEL: &CStr = c"CHANNEL_OR_SUPERGROUP";
const SECRET_CHAT: &CStr = c"SECRET_CHAT";
const MONOFORUM: &CStr = c"MONOFORUM";

/// A static method from an id to a number.
const fn to_int<F>(name: &'static CStr, handler: F) -> Method
where
    F: for<'f> Fn(&mut Frame<'f>) -> Result<(), Thrown> + Copy + 'static,
{
    Method::new(name, handler)
        .params(ID)
        .returns(Type::INT)
        .of_class()
}

/// A static method that says whether an id is of a kind.
const fn to_bool<F>(name: &'static CStr, handler: F) -> Method
where
    F: for<'f> Fn(&mut Frame<'f>) -> Result<(), Thrown> + Copy + 'static,
{
    Method::new(name, handler)
        .params(ID)
        .returns(Type::BOOL)
        .of_class()
}

/// The peer of a bot-API id.
fn known(frame: &Frame<'_>) -> Result<PeerId, Thrown> {
    let id = frame.int(0).unwrap_or_default();
    PeerId::from_bot_api(id).ok_or_else(|| Thrown::Assertion(format!("Invalid ID {id} provided!")))
}

/// Whether the id is of this kind; of channels, those that are other channels' direct messages or the others.
fn is(frame: &mut Frame<'_>, kind: PeerKind, monoforum: bool) -> Result<(), Thrown> {
    let id = known(frame)?;
    frame.give(id.kind() == kind && id.is_monoforum() == monoforum)
}

/// Gives the bot-API id of Telegram's own.
fn from(frame: &mut Frame<'_>, of: fn(i64) -> Option<PeerId>) -> Result<(), Thrown> {
    let id = frame.int(0).unwrap_or_default();
    let peer = of(id).ok_or_else(|| Thrown::Assertion(format!("Invalid ID {id} provided!")))?;
    frame.give(peer.bot_api())
}

fn from_secret(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    from(frame, |id| PeerId::secret_chat(id.try_into().ok()?))
}

/// Gives Telegram's own id of the bot API's.
fn to(frame: &mut Frame<'_>, kind: PeerKind) -> Result<(), Thrown> {
    let id = known(frame)?;
    if id.kind() != kind {
        return Err(Thrown::Assertion(format!("Invalid ID {id} provided!")));
    }
    frame.give(id.raw())
}
