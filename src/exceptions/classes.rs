//! MadelineProto's exception classes other than those of RPC errors.

use std::ffi::CStr;
use std::{mem, ptr};

use ext_php_rs::boxed::ZBox;
use ext_php_rs::convert::IntoZval;
use ext_php_rs::ffi::zend_call_known_function;
use ext_php_rs::types::{ZendObject, Zval};
use ext_php_rs::zend::ce;

use super::handlers::{ERROR_HANDLER, EXCEPTION_HANDLER};
use super::{Thrown, set, set_message, set_previous};
use crate::class::{Base, Class, Frame, Literal, Method, Object, Param, Property, Type};
use crate::logger::{self, Level};

/// Where in the script the TL call stood, of every class that has a TL trace.
pub(super) const TL_TRACE: Property = Property::new(c"tlTrace", Type::STRING, Literal::Text(""));
/// `getTLTrace(): string`
pub(super) const GET_TL_TRACE: Method = Method::new(c"getTLTrace", tl_trace).returns(Type::STRING);

/// `__toString(): string`
const TO_STRING: Method = Method::new(c"__toString", to_string).returns(Type::STRING);

/// `\danog\MadelineProto\Exception`: errors of the library itself, and PHP's warnings.
pub(crate) static EXCEPTION: Class = Class {
    name: c"danog\\MadelineProto\\Exception",
    parent: Some(Base::Php(ce::exception)),
    properties: &[TL_TRACE],
    methods: &[
        Method::new(c"__construct", construct).params(&[
            Param::optional(c"message", Type::NONE, c"null"),
            Param::optional(c"code", Type::NONE, c"0"),
            Param::optional(c"previous", Type::class(c"Throwable").nullable(), c"null"),
            Param::optional(c"file", Type::NONE, c"null"),
            Param::optional(c"line", Type::NONE, c"null"),
        ]),
        Method::new(c"extension", extension)
            .params(&[Param::required(c"extensionName", Type::STRING)])
            .returns(Type::class(c"self"))
            .of_class(),
        ERROR_HANDLER,
        EXCEPTION_HANDLER,
        TO_STRING,
        GET_TL_TRACE,
    ],
    ..Class::DEFAULT
};

/// A peer that neither the session nor the server knows.
static PEER_NOT_IN_DB: Class = Class {
    name: c"danog\\MadelineProto\\PeerNotInDbException",
    flags: Class::FINAL,
    parent: Some(Base::Ours(&EXCEPTION)),
    methods: &[Method::new(c"__construct", |frame: &mut Frame<'_>| {
        set_message(frame.this()?, PEER_TEXT);
        Ok(())
    })],
    ..Class::DEFAULT
};
const PEER_TEXT: &str = "This peer is not present in the internal peer database";

/// A secret chat that the session does not know.
static SECRET_PEER_NOT_IN_DB: Class = Class {
    name: c"danog\\MadelineProto\\SecretPeerNotInDbException",
    flags: Class::FINAL,
    parent: Some(Base::Ours(&EXCEPTION)),
    methods: &[Method::new(c"__construct", |frame: &mut Frame<'_>| {
        set_message(
            frame.this()?,
            "This secret chat is not present in the internal peer database",
        );
        Ok(())
    })],
    ..Class::DEFAULT
};

/// A negative code in place of an encrypted answer: −404 (unknown key), −429 (too many connections) …
static TRANSPORT_ERROR: Class = Class {
    name: c"danog\\MadelineProto\\TransportError",
    flags: Class::FINAL,
    parent: Some(Base::Ours(&EXCEPTION)),
    properties: &[Property::new(c"error", Type::INT, Literal::Uninitialized).readonly()],
    methods: &[Method::new(c"__construct", |frame: &mut Frame<'_>| {
        let this = frame.this()?;
        fill_transport_error(this, frame.int(0).unwrap_or_default());
        put_previous(this, frame, 1);
        Ok(())
    })
    .params(&[
        Param::required(c"error", Type::INT),
        Param::optional(c"previous", Type::class(c"Exception").nullable(), c"null"),
    ])],
    ..Class::DEFAULT
};

/// A value that does not fit the TL schema.
pub(crate) static TL_EXCEPTION: Class = traced(c"danog\\MadelineProto\\TL\\Exception");
/// A value that cannot be converted to or from TL.
pub(super) static CONVERSION_EXCEPTION: Class =
    traced(c"danog\\MadelineProto\\TL\\Conversion\\Exception");
/// The server's update state is lost.
static PTS_EXCEPTION: Class = traced(c"danog\\MadelineProto\\PTSException");
const TRACED_METHODS: &[Method] = &[
    Method::new(c"__construct", construct_traced).params(&[
        Param::required(c"message", Type::STRING),
        Param::optional(c"file", Type::STRING, c"''"),
    ]),
    TO_STRING,
    GET_TL_TRACE,
];
/// The classes whose objects have a TL trace, child classes and those of RPC errors aside.
const TRACED: [&Class; 3] = [&EXCEPTION, &TL_EXCEPTION, &CONVERSION_EXCEPTION];

/// A check of the protocol's security guidelines failed.
pub(crate) static SECURITY_EXCEPTION: Class = plain(c"danog\\MadelineProto\\SecurityException");
/// An answer of an unexpected type.
pub(super) static RESPONSE_EXCEPTION: Class = plain(c"danog\\MadelineProto\\ResponseException");

/// What the methods of the API throw beside RPC errors, and errors in how they are called.
pub(super) static REPORTED: [&Class; 6] = [
    &EXCEPTION,
    &TL_EXCEPTION,
    &CONVERSION_EXCEPTION,
    &PTS_EXCEPTION,
    &SECURITY_EXCEPTION,
    &NOTHING_IN_THE_SOCKET,
];

/// Of the network, where scripts name it.
static STREAM_EOF: Class = plain(c"danog\\MadelineProto\\StreamEof");
/// Of the network, where scripts name it.
static NOTHING_IN_THE_SOCKET: Class = plain(c"danog\\MadelineProto\\NothingInTheSocketException");

/// Of files that lie elsewhere, and of broadcasts that were stopped: scripts name them.
static FILE_REDIRECT: Class = plain(c"danog\\MadelineProto\\FileRedirect");
static BROADCAST_CANCELLED: Class =
    plain(c"danog\\MadelineProto\\Broadcast\\BroadcastCancelledException");

pub(super) static CLASSES: &[&Class] = &[
    &EXCEPTION,
    &PEER_NOT_IN_DB,
    &SECRET_PEER_NOT_IN_DB,
    &TRANSPORT_ERROR,
    &TL_EXCEPTION,
    &CONVERSION_EXCEPTION,
    &PTS_EXCEPTION,
    &SECURITY_EXCEPTION,
    &RESPONSE_EXCEPTION,
    &STREAM_EOF,
    &NOTHING_IN_THE_SOCKET,
    &FILE_REDIRECT,
    &BROADCAST_CANCELLED,
];

/// A child of PHP's `Exception` without anything of its own.
const fn plain(name: &'static CStr) -> Class {
    Class {
        name,
        parent: Some(Base::Php(ce::exception)),
        ..Class::DEFAULT
    }
}

/// A final child of PHP's `Exception` with a TL trace, made from a message and a file name.
const fn traced(name: &'static CStr) -> Class {
    Class {
        flags: Class::FINAL,
        properties: &[TL_TRACE],
        methods: TRACED_METHODS,
        ..plain(name)
    }
}

/// Puts a line into an exception's TL trace. PHP's own classes have none: there a `TL\Exception` behind it tells.
pub(super) fn add_trace(object: &Object, line: &str) {
    if TRACED.iter().any(|class| class.is_class_of(object)) {
        set(object, "tlTrace", format!("{}:\t{line}", place(object)));
    } else {
        let cause = TL_EXCEPTION.instantiate();
        set_message(Object::of(&cause), line);
        set_previous(object, cause);
    }
}

/// `bot.php(12)`: where an exception was made, as TL traces name it.
pub(super) fn place(object: &Object) -> String {
    let file = EXCEPTION.read(object, "file").string().unwrap_or_default();
    let file = file.rsplit('/').next().unwrap_or_default();
    let line = EXCEPTION.read(object, "line").long().unwrap_or_default();
    format!("{file}({line})")
}

/// What a script can do about a peer that nobody knows.
pub(super) fn how_to_know(peer: &str) -> String {
    let hint = if peer.ends_with(|last: char| last.is_ascii_digit()) && !peer.starts_with('@') {
        "an id alone is no address: name the peer by its @username or link once, or let the session meet it in the \
         dialogs (messages.getDialogs), a message, a list of members or the contacts"
    } else if peer.starts_with('@') {
        "nobody has this username now, or it is misspelt"
    } else if peer == "inputPeerSelf" {
        "nobody is logged in"
    } else {
        "give an id that the session has met, a @username, a link, or an array with _"
    };
    format!("\nThe session does not know {peer}: {hint}")
}

/// A new `PeerNotInDbException`.
pub(super) fn peer_not_in_db() -> ZBox<ZendObject> {
    let object = PEER_NOT_IN_DB.instantiate();
    let fresh = Object::of(&object);
    set_message(fresh, PEER_TEXT);
    log(fresh);
    object
}

/// A new `TransportError`.
pub(super) fn transport_error(code: i32) -> ZBox<ZendObject> {
    let object = TRANSPORT_ERROR.instantiate();
    let fresh = Object::of(&object);
    fill_transport_error(fresh, i64::from(code));
    log(fresh);
    object
}

/// Tells the log of an exception, as MadelineProto does when one is made.
pub(super) fn log(object: &Object) {
    logger::write(Level::Fatal, || {
        let text = |name| EXCEPTION.read(object, name).string().unwrap_or_default();
        let line = EXCEPTION.read(object, "line").long().unwrap_or_default();
        format!("{} in {}:{line}", text("message"), text("file"))
    });
}

/// Makes argument `index`, where it is given, the cause of an exception.
pub(super) fn put_previous(exception: &Object, frame: &Frame<'_>, index: usize) {
    if let Some(mut previous) = frame.present(index).map(Zval::shallow_clone)
        && let Some(object) = previous.object_mut()
    {
        let object = ptr::from_mut(object);
        // The value's own reference goes to the box.
        mem::forget(previous);
        // SAFETY: the object is alive, and the box owns a reference to it.
        set_previous(exception, unsafe { ZBox::from_raw(object) });
    }
}

fn construct(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let this = frame.this()?;
    for (index, name) in [(0, "message"), (1, "code"), (3, "file"), (4, "line")] {
        if let Some(value) = frame.present(index) {
            set(this, name, value.shallow_clone());
        }
    }
    put_previous(this, frame, 2);
    log(this);
    Thrown::pending()
}

fn construct_traced(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let this = frame.this()?;
    set_message(this, &frame.text(0).unwrap_or_default());
    if let Some(file) = frame.text(1).filter(|file| !file.is_empty()) {
        set(this, "file", &*file);
    }
    Ok(())
}

fn extension(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let name = frame.text(0).unwrap_or_default();
    let text =
        format!("The PHP extension {name} is needed: please install it and load it in php.ini");
    frame.give(super::exception(&text, 0, &[]))
}

/// PHP's own text of an exception, then the TL trace.
fn to_string(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let this = frame.this()?;
    let text = php_text(this);
    Thrown::pending()?;
    let trace = EXCEPTION
        .read(this, "tlTrace")
        .string()
        .filter(|trace| !trace.is_empty());
    match trace {
        None => frame.give_zval(text),
        Some(trace) => {
            let text = text.string().unwrap_or_default();
            frame.give(format!("{text}\n\nTL trace:\n{trace}"))?;
        }
    }
    Ok(())
}

/// `Exception::__toString()` of an exception.
fn php_text(exception: &Object) -> Zval {
    let mut text = Zval::new();
    // SAFETY: the method of PHP's own class, called on an object of a child class.
    unsafe {
        zend_call_known_function(
            ce::exception().__tostring,
            exception.as_ptr(),
            exception.ce,
            &raw mut text,
            0,
            ptr::null_mut(),
            ptr::null_mut(),
        );
    }
    text
}

fn tl_trace(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let trace: Zval = EXCEPTION.read(frame.this()?, "tlTrace");
    frame.give_zval(trace);
    Ok(())
}

fn fill_transport_error(object: &Object, code: i64) {
    set_message(object, &code.to_string());
    set(object, "code", code);
    TRANSPORT_ERROR.initialize(object, "error", code.into_zval(false).unwrap_or_default());
}
