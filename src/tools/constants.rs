//! Classes that scripts name for their constants: `MTProto` of releases before 8, and `Magic`.

use crate::api::{RELEASE, STATES_AND_FACTS};
use crate::class::{Class, Literal, Property, Type};

/// `\danog\MadelineProto\MTProto`: the states of a login and the kinds of facts, which are `API`'s since release 8.
pub(super) static MTPROTO: Class = Class {
    name: c"danog\\MadelineProto\\MTProto",
    flags: Class::ABSTRACT,
    constants: &[
        (c"RELEASE", Literal::Text(RELEASE)),
        (c"SECRET_EMPTY", Literal::Int(0)),
        (c"SECRET_REQUESTED", Literal::Int(1)),
        (c"SECRET_READY", Literal::Int(2)),
    ],
    shared_constants: STATES_AND_FACTS,
    ..Class::DEFAULT
};

/// `\danog\MadelineProto\Magic`: limits of ids, and facts of the process.
pub(super) static MAGIC: Class = Class {
    name: c"danog\\MadelineProto\\Magic",
    flags: Class::ABSTRACT,
    constants: &[
        (c"ZERO_CHANNEL_ID", Literal::Int(-1_000_000_000_000)),
        (c"ZERO_SECRET_CHAT_ID", Literal::Int(-2_000_000_000_000)),
        (c"MAX_USER_ID", Literal::Int((1 << 40) - 1)),
        (c"MAX_CHAT_ID", Literal::Int(999_999_999_999)),
        (
            c"MAX_CHANNEL_ID",
            Literal::Int(1_000_000_000_000 - (1 << 31)),
        ),
    ],
    properties: &[
        fact(c"isIpcWorker", Literal::Bool(false)),
        fact(c"altervista", Literal::Bool(false)),
        fact(c"zerowebhost", Literal::Bool(false)),
        fact(c"hasOpenssl", Literal::Bool(true)),
        fact(c"revision", Literal::Text(env!("CARGO_PKG_VERSION"))),
    ],
    ..Class::DEFAULT
};

const fn fact(name: &'static std::ffi::CStr, value: Literal) -> Property {
    Property::new(name, Type::NONE, value).of_class()
}
