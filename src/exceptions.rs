//! One error enum for everything PHP code can be thrown, and the way it becomes a PHP exception.
//!
//! The class names, parents and properties are MadelineProto's. An exception's file and line are those of the PHP
//! code that called; its chain of previous exceptions tells the causes, innermost last.

mod classes;
mod descriptions;
pub(crate) mod handlers;
mod rpc;
mod waits;

use std::error::Error;
use std::fmt::Display;
use std::{mem, ptr};

use ext_php_rs::boxed::ZBox;
use ext_php_rs::convert::IntoZval;
use ext_php_rs::ffi::{ext_php_rs_executor_globals, zend_throw_exception_object};
use ext_php_rs::types::{ZendObject, ZendStr, Zval};
use ext_php_rs::zend::{ClassEntry, ce};
use madeline_client::convert::ConvertError;
use madeline_tl::EncodeError;

use crate::class::{Class, Object};
use crate::settings::Invalid;
use crate::zend;

pub(crate) use classes::{EXCEPTION, SECURITY_EXCEPTION, TL_EXCEPTION};
pub(crate) use rpc::RpcError;
pub(crate) use waits::{COMPOSITE, TIMEOUT};

/// The classes of this module, parents first.
pub(crate) fn classes() -> Vec<&'static Class> {
    let mut classes = classes::CLASSES.to_vec();
    classes.extend(waits::CLASSES);
    classes.extend(rpc::CLASSES);
    classes.extend(rpc::NAMED.iter());
    classes
}

/// Why a method ends with an exception.
#[derive(Debug)]
pub(crate) enum Thrown {
    /// PHP already has an exception to throw: from a callback, a failed argument check, a signal handler.
    Pending,
    /// `\danog\MadelineProto\Exception`
    Exception(String),
    /// `\danog\MadelineProto\Exception` with the code of a PHP warning, which MadelineProto turns into exceptions.
    Warning(String),
    /// `\danog\MadelineProto\Exception` with the texts of its causes, outermost first, as previous exceptions.
    Caused(String, Vec<String>),
    /// `\danog\MadelineProto\PeerNotInDbException`
    PeerNotInDb,
    /// `\danog\MadelineProto\RPCErrorException` or the child class that belongs to the error.
    Rpc(RpcError),
    /// `\danog\MadelineProto\TransportError` with its negative code.
    Transport(i32),
    /// `\danog\MadelineProto\ResponseException`
    Response(String),
    /// `\danog\MadelineProto\SecurityException`
    Security(String),
    /// `\danog\MadelineProto\TL\Exception`
    Tl(String),
    /// `\danog\MadelineProto\TL\Conversion\Exception`
    Conversion(String),
    /// `\InvalidArgumentException`
    InvalidArgument(String),
    /// `\AssertionError`
    Assertion(String),
    /// `\Error`
    Error(String),
    /// `\TypeError`
    Type(String),
    /// `\JsonException`
    Json(String),
    /// `\danog\MadelineProto\CompositeException` with these reasons, an array.
    Composite(Zval),
    /// `\danog\MadelineProto\TimeoutException`
    Timeout(String),
    /// An exception that is complete.
    Made(ZBox<ZendObject>),
    /// One of these, and where in the arguments it happened, what was wanted and what came.
    Traced(Box<Thrown>, String),
}

impl Thrown {
    /// Whether a peer is unknown, wherever in the arguments it was named.
    pub(crate) fn is_unknown_peer(&self) -> bool {
        match self {
            Self::PeerNotInDb => true,
            Self::Traced(inner, _) => inner.is_unknown_peer(),
            _ => false,
        }
    }

    /// A peer that cannot be had, with a hint how it becomes known.
    pub(crate) fn unknown_peer(peer: &dyn Display) -> Self {
        let hint = classes::how_to_know(&peer.to_string());
        Self::Traced(Box::new(Self::PeerNotInDb), hint.trim_start().to_owned())
    }

    /// The error for a panic that a guard caught.
    pub(crate) fn panicked(text: &str) -> Self {
        Self::Exception(format!("Rust panic: {text}"))
    }

    /// `Err(Thrown::Pending)` when PHP has an exception to throw.
    pub(crate) fn pending() -> Result<(), Self> {
        // SAFETY: the globals of this thread exist from module start-up to shut-down.
        if unsafe { (*ext_php_rs_executor_globals()).exception.is_null() } {
            Ok(())
        } else {
            Err(Self::Pending)
        }
    }

    /// Whether the running fiber is being destroyed: what it waited for did not come.
    pub(crate) fn is_destroying() -> bool {
        // SAFETY: the globals of this thread exist while a script runs, and so does a pending exception.
        unsafe {
            let pending = (*ext_php_rs_executor_globals()).exception;
            !pending.is_null() && zend::zend_is_graceful_exit(pending)
        }
    }

    /// The exception itself, away from PHP where it was thrown already; what nobody may stop, `exit()`, stays: `Err`.
    pub(crate) fn caught(self) -> Result<ZBox<ZendObject>, Self> {
        if let Some(object) = self.object() {
            return Ok(object);
        }
        // SAFETY: the globals of this thread exist while a script runs. The pending exception gets a reference of ours
        // before the engine drops its own.
        unsafe {
            let pending = (*ext_php_rs_executor_globals()).exception;
            if pending.is_null() || is_exit(pending) {
                return Err(Self::Pending);
            }
            (*pending).gc.refcount += 1;
            zend::zend_clear_exception();
            Ok(ZBox::from_raw(pending))
        }
    }

    /// Runs something that has to be done although PHP is about to throw, or to end the script: what it throws is dropped
    /// then.
    pub(crate) fn aside<T>(run: impl FnOnce() -> T) -> T {
        // SAFETY: returns the address of this thread's globals.
        let globals = unsafe { ext_php_rs_executor_globals() };
        // SAFETY: the globals exist while a script runs; the reference to the pending exception is put back where it was.
        let pending = unsafe { mem::replace(&mut (*globals).exception, ptr::null_mut()) };
        let value = run();
        if !pending.is_null() {
            // SAFETY: as above; without an exception the first call does nothing.
            unsafe {
                if !(*globals).exception.is_null() {
                    zend::zend_clear_exception();
                }
                (*globals).exception = pending;
            }
        }
        value
    }

    /// Adds where in the arguments it happened: to the TL trace, or to the message of classes that have none.
    pub(crate) fn traced(self, trace: &str) -> Self {
        match self {
            Self::Pending | Self::Made(_) | Self::Rpc(_) | Self::Caused(..) => self,
            other => Self::Traced(Box::new(other), format!("While serializing {trace}")),
        }
    }

    /// The same, as if it had been thrown at this place.
    pub(crate) fn at(self, file: impl IntoZval, line: impl IntoZval) -> Self {
        let Some(object) = self.object() else {
            return Self::Pending;
        };
        set(Object::of(&object), "file", file);
        set(Object::of(&object), "line", line);
        Self::Made(object)
    }

    /// As releases 2 to 4 throw it: the message of an RPC error is its description.
    pub(crate) fn in_english(self) -> Self {
        match self {
            Self::Rpc(error) => Self::Rpc(error.in_english()),
            other => other,
        }
    }

    /// Makes PHP throw it as soon as the running handler returns.
    pub(crate) fn raise(self) {
        let Some(mut value) = self
            .object()
            .and_then(|object| object.into_zval(false).ok())
        else {
            return;
        };
        // SAFETY: an exception object, whose only reference the engine takes over.
        unsafe { zend_throw_exception_object(&raw mut value) };
        mem::forget(value);
    }

    /// The exception object, for whoever is to be told later; what PHP was about to throw is taken from it. `None` when the
    /// script is ending (`exit()`, a fiber that is destroyed): then the way out goes on.
    pub(crate) fn into_exception(self) -> Option<Zval> {
        if let Self::Pending = self {
            return take_pending();
        }
        self.object()?.into_zval(false).ok()
    }

    /// To throw an object that PHP code threw before, or would.
    pub(crate) fn again(exception: &Zval) -> Self {
        let Some(object) = exception.object() else {
            return Self::Error("What was thrown is no exception".to_owned());
        };
        let object = std::ptr::from_ref(object).cast_mut();
        // SAFETY: the object is alive; the box takes a reference of its own.
        Self::Made(unsafe {
            (*object).gc.refcount += 1;
            ZBox::from_raw(object)
        })
    }

    /// The exception object; `None` when PHP has one already.
    fn object(self) -> Option<ZBox<ZendObject>> {
        let (text, object) = match self {
            Self::Pending => return None,
            Self::Made(object) => return Some(object),
            Self::Exception(text) => return Some(exception(&text, 0, &[])),
            Self::Warning(text) => {
                return Some(exception(&text, i64::from(ext_php_rs::ffi::E_WARNING), &[]));
            }
            Self::Caused(text, causes) => return Some(exception(&text, 0, &causes)),
            Self::PeerNotInDb => return Some(classes::peer_not_in_db()),
            Self::Rpc(error) => return Some(error.object()),
            Self::Transport(code) => return Some(classes::transport_error(code)),
            Self::Composite(reasons) => return Some(waits::composite(reasons)),
            Self::Timeout(text) => return Some(waits::timeout(&text)),
            Self::Security(text) => (text, classes::SECURITY_EXCEPTION.instantiate()),
            Self::Tl(text) => (text, TL_EXCEPTION.instantiate()),
            Self::Conversion(text) => (text, classes::CONVERSION_EXCEPTION.instantiate()),
            Self::InvalidArgument(text) => (text, ZendObject::new(spl_invalid_argument())),
            Self::Assertion(text) => (text, ZendObject::new(assertion_error())),
            Self::Json(text) => (text, ZendObject::new(json_exception())),
            Self::Response(text) => (text, classes::RESPONSE_EXCEPTION.instantiate()),
            Self::Error(text) => (text, ZendObject::new(ce::error())),
            Self::Type(text) => (text, ZendObject::new(ce::type_error())),
            Self::Traced(thrown, trace) => {
                let object = thrown.object()?;
                classes::add_trace(Object::of(&object), &trace);
                return Some(object);
            }
        };
        set_message(Object::of(&object), &text);
        Some(object)
    }
}

/// Whether it is no exception at all, but what unwinds the stack for `exit()`, or that of a fiber that is destroyed.
///
/// # Safety
/// The object is alive.
unsafe fn is_exit(exception: *const ZendObject) -> bool {
    // SAFETY: as the caller promises.
    unsafe { zend::zend_is_unwind_exit(exception) || zend::zend_is_graceful_exit(exception) }
}

/// Takes the exception that PHP is about to throw; an exit stays.
fn take_pending() -> Option<Zval> {
    // SAFETY: the globals of this thread; the zval takes a reference of its own before the engine gives up its one.
    unsafe {
        let exception = (*ext_php_rs_executor_globals()).exception;
        if exception.is_null() || is_exit(exception) {
            return None;
        }
        let mut value = Zval::new();
        value.set_object(&mut *exception);
        zend::zend_clear_exception();
        Some(value)
    }
}

impl From<ext_php_rs::error::Error> for Thrown {
    fn from(error: ext_php_rs::error::Error) -> Self {
        Self::Exception(error.to_string())
    }
}

impl From<Invalid> for Thrown {
    fn from(invalid: Invalid) -> Self {
        Self::Exception(invalid.to_string())
    }
}

impl From<madeline_client::Error> for Thrown {
    fn from(error: madeline_client::Error) -> Self {
        use madeline_client::Error as Client;
        match error {
            Client::Rpc { code, name, method } => Self::Rpc(RpcError::new(name, code, method)),
            // MadelineProto raises a signal here, which ends the script; an exception lets it say goodbye.
            Client::LoggedOut { reason } => Self::Rpc(RpcError::new(reason, 401, String::new())),
            Client::Transport { code, .. } => Self::Transport(code),
            Client::Security { .. } => Self::Security(error.to_string()),
            other => Self::Caused(other.to_string(), causes(&other)),
        }
    }
}

impl From<ConvertError> for Thrown {
    fn from(error: ConvertError) -> Self {
        let text = error.to_string();
        match error {
            ConvertError::Tl(_) => Self::Tl(text),
            ConvertError::Conversion(_) => Self::Conversion(text),
            ConvertError::Warning(_) => Self::Warning(text),
            ConvertError::PeerNotInDb { .. } => Self::PeerNotInDb,
            ConvertError::Assertion(_) => Self::Assertion(text),
            ConvertError::InvalidArgument(_) => Self::InvalidArgument(text),
            ConvertError::Type(_) => Self::Type(text),
            ConvertError::Json(_) => Self::Json(text),
            ConvertError::Session(error) => Self::from(*error),
            _ => Self::Exception(text),
        }
    }
}

impl From<EncodeError<ConvertError>> for Thrown {
    /// With the place in the arguments, and a hint how an unknown peer becomes known.
    fn from(error: EncodeError<ConvertError>) -> Self {
        let mut trace = error.trace();
        let error = ConvertError::from(error.into_parts().1);
        if let ConvertError::PeerNotInDb { peer } = &error {
            trace.push_str(&classes::how_to_know(peer));
        }
        Self::from(error).traced(&trace)
    }
}

/// The texts of an error's causes that the texts around them do not tell already, outermost first.
fn causes(error: &dyn Error) -> Vec<String> {
    let mut told = error.to_string();
    let causes =
        std::iter::successors(error.source(), |&cause| cause.source()).map(ToString::to_string);
    causes
        .filter(|cause| !told.contains(cause) && !mem::replace(&mut told, cause.clone()).is_empty())
        .collect()
}

/// A MadelineProto `Exception`, which says so in the log.
fn exception(text: &str, code: i64, causes: &[String]) -> ZBox<ZendObject> {
    let object = chain(text, causes);
    set(Object::of(&object), "code", code);
    classes::log(Object::of(&object));
    object
}

/// An `Exception` with this text, and one for each cause behind it.
fn chain(text: &str, causes: &[String]) -> ZBox<ZendObject> {
    let object = EXCEPTION.instantiate();
    set_message(Object::of(&object), text);
    if let Some((next, further)) = causes.split_first() {
        set_previous(Object::of(&object), chain(next, further));
    }
    object
}

fn set_message(object: &Object, text: &str) {
    set(object, "message", text);
}

/// Sets a property that every exception has; `message` and `code` are protected, so with the object's own rights.
fn set(object: &Object, name: &str, value: impl IntoZval) {
    let Ok(mut value) = value.into_zval(false) else {
        return;
    };
    let name = ZendStr::new(name, false);
    // SAFETY: object and name are valid during the call; the engine copies the value with a reference of its own.
    unsafe {
        zend::zend_update_property_ex(
            object.ce,
            object.as_ptr(),
            ptr::from_ref(&*name).cast_mut(),
            &raw mut value,
        );
    }
}

/// Puts an exception behind another as its cause.
fn set_previous(object: &Object, previous: ZBox<ZendObject>) {
    // SAFETY: two different exception objects; the engine takes over the reference to the second.
    unsafe {
        zend::zend_exception_set_previous(object.as_ptr(), previous.into_raw());
    }
}

fn spl_invalid_argument() -> &'static ClassEntry {
    // SAFETY: PHP sets the pointer when its spl extension starts, before any other extension does.
    unsafe { &*zend::spl_ce_InvalidArgumentException }
}

fn assertion_error() -> &'static ClassEntry {
    // SAFETY: as above, for PHP's standard extension.
    unsafe { &*zend::assertion_error_ce }
}

fn json_exception() -> &'static ClassEntry {
    unsafe extern "C" {
        // Exported by PHP's json extension, but in none of its installed headers.
        static php_json_exception_ce: *mut ext_php_rs::ffi::zend_class_entry;
    }
    // SAFETY: as above, for PHP's json extension.
    unsafe { &*php_json_exception_ce }
}

/// The class and the message of an exception, for the log.
pub(crate) fn summary(exception: &Zval) -> String {
    let Some(object) = exception.object() else {
        return String::new();
    };
    let class = object.get_class_name().unwrap_or_default();
    let message = property(exception, "message");
    let message = message.coerce_to_string().unwrap_or_default();
    format!("{class}: {message}")
}

/// A property of an exception, whatever its visibility; null where it has none of that name.
pub(crate) fn property(exception: &Zval, name: &str) -> Zval {
    let Some(object) = exception.object() else {
        return Zval::new();
    };
    let mut buffer = Zval::new();
    // SAFETY: a live object; the name is given with its length.
    unsafe {
        let value = ext_php_rs::ffi::zend_read_property(
            object.ce,
            ptr::from_ref(object).cast_mut(),
            name.as_ptr().cast(),
            name.len(),
            true,
            &raw mut buffer,
        );
        (*value).shallow_clone()
    }
}

/// Whether an exception is one of those that MadelineProto's Lua class gave as tables (specification §10).
pub(crate) fn is_reported(exception: &Zval) -> bool {
    let is_own = |object: &ZendObject| {
        let mut classes = classes::REPORTED.iter();
        classes.any(|class| class.is_class_of(object))
    };
    is_rpc(exception) || exception.object().is_some_and(is_own)
}

/// Whether an exception is of an RPC error.
pub(crate) fn is_rpc(exception: &Zval) -> bool {
    exception.object().is_some_and(rpc::is_rpc)
}

/// What an error means, in a sentence for people.
pub(crate) fn describe(error: &madeline_client::Error) -> String {
    match error {
        madeline_client::Error::Rpc { name, .. } => descriptions::of(name).into_owned(),
        other => other.to_string(),
    }
}
