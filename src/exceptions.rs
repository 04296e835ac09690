//! One error enum for everything PHP code can be thrown, and the way it becomes a PHP exception.

use std::ffi::CString;

use ext_php_rs::ffi::{ext_php_rs_executor_globals, zend_class_entry, zend_throw_exception};
use ext_php_rs::zend::ce;

use crate::class::{Base, Class};
use crate::zend;

/// Why a method ends with an exception.
#[derive(Debug)]
pub(crate) enum Thrown {
    /// PHP already has an exception to throw: from a callback, a failed argument check, a signal handler.
    Pending,
    /// `\danog\MadelineProto\Exception`
    Exception(String),
    /// `\danog\MadelineProto\TL\Exception`
    Tl(String),
    /// `\InvalidArgumentException`
    InvalidArgument(String),
    /// `\AssertionError`
    Assertion(String),
    /// `\TypeError`
    Type(String),
}

impl From<ext_php_rs::error::Error> for Thrown {
    fn from(error: ext_php_rs::error::Error) -> Self {
        Self::Exception(error.to_string())
    }
}

/// `\danog\MadelineProto\Exception`, for errors of the library itself.
pub(crate) static EXCEPTION: Class = Class {
    name: c"danog\\MadelineProto\\Exception",
    parent: Some(Base::Php(ce::exception)),
    ..Class::DEFAULT
};

/// `\danog\MadelineProto\TL\Exception`, for values that do not fit the schema.
pub(crate) static TL_EXCEPTION: Class = Class {
    name: c"danog\\MadelineProto\\TL\\Exception",
    flags: Class::FINAL,
    parent: Some(Base::Php(ce::exception)),
    ..Class::DEFAULT
};

/// The classes of this module.
pub(crate) static CLASSES: &[&Class] = &[&EXCEPTION, &TL_EXCEPTION];

impl Thrown {
    /// The error for a panic that a guard caught.
    pub(crate) fn panicked(text: &str) -> Self {
        Self::Exception(format!("Rust panic: {text}"))
    }

    /// `Err(Thrown::Pending)` when PHP has an exception to throw.
    pub(crate) fn pending() -> Result<(), Self> {
        // SAFETY: the globals of this thread exist from module start-up to shut-down.
        if unsafe { (*ext_php_rs_executor_globals()).exception.is_null() } { Ok(()) } else { Err(Self::Pending) }
    }

    /// Makes PHP throw it as soon as the running handler returns.
    pub(crate) fn raise(self) {
        let (class, text): (*mut zend_class_entry, _) = match self {
            Self::Pending => return,
            Self::Exception(text) => (EXCEPTION.entry(), text),
            Self::Tl(text) => (TL_EXCEPTION.entry(), text),
            // SAFETY: PHP sets these pointers when it starts.
            Self::InvalidArgument(text) => (unsafe { zend::spl_ce_InvalidArgumentException }, text),
            Self::Assertion(text) => (unsafe { zend::assertion_error_ce }, text),
            Self::Type(text) => (std::ptr::from_ref(ce::type_error()).cast_mut(), text),
        };
        let text = CString::new(text.replace('\0', "\\0")).unwrap_or_default();
        // SAFETY: a registered exception class; the engine copies the text.
        unsafe { zend_throw_exception(class, text.as_ptr(), 0) };
    }
}
