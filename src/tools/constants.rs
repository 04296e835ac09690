//! Classes that scripts name for their constants: `MTProto` of releases before 8, and `Magic`.

use std::ffi::CStr;
use std::io::IsTerminal;

use ext_php_rs::convert::IntoZval;
use ext_php_rs::ffi::zend_update_static_property;
use ext_php_rs::types::Zval;

use crate::api::{RELEASE, STATES_AND_FACTS};
use crate::class::{Class, Literal, Property, Type};
use crate::exceptions::Thrown;

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
        fact(CWD, Literal::Null),
        fact(SCRIPT_CWD, Literal::Null),
        fact(IS_A_TTY, Literal::Bool(false)),
    ],
    ..Class::DEFAULT
};

/// Where the script was started, and whether its output is a terminal: known from the first API object on.
const CWD: &CStr = c"cwd";
const SCRIPT_CWD: &CStr = c"script_cwd";
const IS_A_TTY: &CStr = c"isatty";

/// Fills in what is known only while a script runs.
pub(crate) fn know_process() -> Result<(), Thrown> {
    let directory = std::env::current_dir().unwrap_or_default();
    let directory = directory.to_string_lossy().into_owned();
    for (name, value) in [
        (CWD, directory.clone().into_zval(false)?),
        (SCRIPT_CWD, directory.into_zval(false)?),
        (IS_A_TTY, Zval::from(std::io::stdout().is_terminal())),
    ] {
        let mut value = value;
        // SAFETY: static properties of a registered class; the engine copies the value with a reference of its own.
        unsafe {
            zend_update_static_property(
                MAGIC.entry(),
                name.as_ptr(),
                name.count_bytes(),
                &raw mut value,
            );
        }
    }
    Thrown::pending()
}

const fn fact(name: &'static CStr, value: Literal) -> Property {
    Property::new(name, Type::NONE, value).of_class()
}
