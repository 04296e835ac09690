//! `\danog\MadelineProto\EventHandler\ForwardedInfo`: where a forwarded message comes from.

use ext_php_rs::convert::IntoZval;
use ext_php_rs::types::Zval;

use crate::class::{Class, Frame, Literal, Method, Object, Property, Type};
use crate::exceptions::Thrown;
use crate::types::fields::{Fields, names, number};

const INT_OR_NULL: Type = Type::INT.nullable();
const TEXT_OR_NULL: Type = Type::STRING.nullable();

/// The class.
pub(crate) static FORWARDED_INFO: Class = Class {
    name: c"danog\\MadelineProto\\EventHandler\\ForwardedInfo",
    flags: Class::FINAL,
    properties: &[
        Property::new(c"date", Type::INT, Literal::Uninitialized).readonly(),
        Property::new(c"fromId", INT_OR_NULL, Literal::Uninitialized).readonly(),
        Property::new(c"fromName", TEXT_OR_NULL, Literal::Uninitialized).readonly(),
        Property::new(
            c"forwardedChannelMsgId",
            INT_OR_NULL,
            Literal::Uninitialized,
        )
        .readonly(),
        Property::new(
            c"forwardedChannelMsgAuthor",
            TEXT_OR_NULL,
            Literal::Uninitialized,
        )
        .readonly(),
        Property::new(c"savedFromId", INT_OR_NULL, Literal::Uninitialized).readonly(),
        Property::new(c"savedFromMsgId", INT_OR_NULL, Literal::Uninitialized).readonly(),
    ],
    methods: &[Method::new(c"__construct", |_: &mut Frame<'_>| Ok(())).protected()],
    ..Class::DEFAULT
};

/// The object for a `messageFwdHeader`.
pub(super) fn info(header: &Fields<'_>) -> Result<Zval, Thrown> {
    let mut object = FORWARDED_INFO.instantiate();
    FORWARDED_INFO.fill(
        Object::new(&mut object),
        [
            number(header.required_int(&names::DATE)?),
            number(header.peer(&names::FROM_ID)?),
            header.text(&names::FROM_NAME)?,
            number(header.int(&names::CHANNEL_POST)?),
            header.text(&names::POST_AUTHOR)?,
            number(header.peer(&names::SAVED_FROM_PEER)?),
            number(header.int(&names::SAVED_FROM_MSG_ID)?),
        ],
    );
    Ok(object.into_zval(false)?)
}
