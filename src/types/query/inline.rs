//! Presses of buttons below messages that were sent through a bot, in chats that it may not be in.

use std::ffi::CStr;
use std::rc::Rc;

use ext_php_rs::convert::IntoZval;
use ext_php_rs::types::Zval;

use super::{BUTTON_QUERY, GAME_QUERY, pressed};
use crate::api::instance::Instance;
use crate::class::{Base, Class, Frame, Method, Object, Param, Property, Type, read_property};
use crate::exceptions::Thrown;
use crate::files::messages::NO_WEBPAGE;
use crate::files::send::{MARKUP, PARSE_MODE};
use crate::tools::binary::base64url;
use crate::types::fields::{Fields, names};
use crate::types::ipc_capable;
use crate::types::message::actions::written::edit;
use crate::types::message::actions::{given, request};
use crate::zval::name::Name;
use crate::zval::sink;

const EDITED: &[Param] = &[
    Param::required(c"message", Type::STRING),
    MARKUP,
    PARSE_MODE,
    NO_WEBPAGE,
];

/// Which message has the button.
const PLACE: &[Property] = &[
    Property::filled(c"inlineMessageId", Type::STRING),
    Property::filled(c"rawId", Type::ARRAY).protected(),
];

const METHODS: &[Method] = &[
    Method::new(c"editText", |frame: &mut Frame<'_>| {
        change(frame, edit(frame, EDITED))
    })
    .params(EDITED)
    .returns(Type::VOID),
    Method::new(c"editReplyMarkup", |frame: &mut Frame<'_>| {
        change(frame, [("reply_markup", given(frame, 0))])
    })
    .params(&[Param::required(c"replyMarkup", Type::ARRAY)])
    .returns(Type::VOID),
];

pub(super) static BUTTON: Class = through(
    c"danog\\MadelineProto\\EventHandler\\Query\\InlineButtonQuery",
    &BUTTON_QUERY,
);

pub(super) static GAME: Class = through(
    c"danog\\MadelineProto\\EventHandler\\Query\\InlineGameQuery",
    &GAME_QUERY,
);

const fn through(name: &'static CStr, parent: &'static Class) -> Class {
    Class {
        name,
        flags: Class::FINAL,
        parent: Some(Base::Ours(parent)),
        properties: PLACE,
        methods: METHODS,
        ..Class::DEFAULT
    }
}

/// The object for an `updateInlineBotCallbackQuery`.
///
/// # Errors
/// `Exception` where something is missing or of another type than TL says.
pub(in crate::types) fn through_bot(
    instance: &Rc<Instance>,
    update: &Fields<'_>,
) -> Result<Zval, Thrown> {
    let (mut object, class) = pressed(instance, update, [&BUTTON, &GAME])?;
    let id = update.required_object(&names::MSG_ID, "update.msg_id")?;
    let raw = update.get(&names::MSG_ID).map(Zval::shallow_clone);
    class.fill(
        Object::new(&mut object),
        [
            sink::text(&base64url(&packed(&id)?)),
            raw.unwrap_or_default(),
        ],
    );
    Ok(object.into_zval(false)?)
}

/// An `InputBotInlineMessageID` as bytes: its fields in their order, as the bot API's ids of such messages have them.
fn packed(id: &Fields<'_>) -> Result<Vec<u8>, Thrown> {
    let int = |name: &Name| -> Result<[u8; 4], Thrown> {
        let number = id.required_int(name)?;
        let number = i32::try_from(number).map_err(|_| {
            Thrown::Exception(format!(
                "update.msg_id.{}: expected an int of 32 bits, found {number}",
                name.text()
            ))
        })?;
        Ok(number.to_le_bytes())
    };
    let long = |name: &Name| id.required_int(name).map(i64::to_le_bytes);
    let (dc, hash) = (&names::DC_ID, &names::ACCESS_HASH);
    match id.predicate() {
        "inputBotInlineMessageID" => Ok([&int(dc)?[..], &long(&names::ID)?, &long(hash)?].concat()),
        "inputBotInlineMessageID64" => Ok([
            &int(dc)?[..],
            &long(&names::OWNER_ID)?,
            &int(&names::ID)?,
            &long(hash)?,
        ]
        .concat()),
        _ => Err(Thrown::Exception(format!(
            "update.msg_id: expected inputBotInlineMessageID or inputBotInlineMessageID64, found {}",
            id.described()
        ))),
    }
}

/// Changes the message. Nothing comes of it: the bot does not see the message.
fn change<const COUNT: usize>(frame: &Frame<'_>, to: [(&str, Zval); COUNT]) -> Result<(), Thrown> {
    let this = frame.this()?;
    // With the rights of the class itself, which is final and declares it.
    let id = read_property(this.ce, this, "rawId", false);
    Thrown::pending()?;
    let instance = ipc_capable::instance_of(this)?;
    let arguments = [("id", id)].into_iter().chain(to);
    request(&instance, "messages.editInlineBotMessage", arguments).map(drop)
}
