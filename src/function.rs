//! Functions of PHP, and methods, called from Rust.

use std::ptr;

use ext_php_rs::convert::{IntoZval, IntoZvalDyn};
use ext_php_rs::ffi::{zend_call_known_function, zend_function};
use ext_php_rs::types::{ZendHashTable, Zval};
use madeline_tl::EntryKey;

use crate::class::Object;
use crate::exceptions::Thrown;
use crate::zend;
use crate::zval::entries;

/// Calls a function; `None` when it does not exist (php.ini can disable functions), or when it threw: then PHP has the
/// exception.
pub(crate) fn call(name: &str, arguments: Vec<&dyn IntoZvalDyn>) -> Option<Zval> {
    // Through the engine's own call by name: `Function::try_from_function` of ext-php-rs copies beyond the end of an
    // internal function's record.
    name.into_zval(false).ok()?.try_call(arguments).ok()
}

/// Calls a method with the arguments of an array: those under numbers by position, the others by name.
pub(crate) fn call_method(
    method: *mut zend_function,
    object: &Object,
    arguments: &ZendHashTable,
) -> Result<Zval, Thrown> {
    let mut positional = Vec::new();
    let mut named = ZendHashTable::new();
    for (key, value) in entries::entries(arguments) {
        match key {
            EntryKey::Index(_) => positional.push(value.shallow_clone()),
            EntryKey::Name(name) => entries::insert(&mut named, name, value.shallow_clone()),
        }
    }
    let named = if named.is_empty() {
        ptr::null_mut()
    } else {
        &raw mut *named
    };
    let mut result = Zval::new();
    // SAFETY: the caller found the method in the object's class; arguments and result live through the call.
    unsafe {
        zend_call_known_function(
            method,
            object.as_ptr(),
            object.ce,
            &raw mut result,
            positional.len() as u32,
            positional.as_mut_ptr(),
            named,
        );
    }
    Thrown::pending()?;
    Ok(result)
}

/// A value's type as PHP's own errors name it.
pub(crate) fn type_name(value: &Zval) -> String {
    call("get_debug_type", vec![value])
        .and_then(|name| name.str().map(str::to_owned))
        .unwrap_or_default()
}

/// Drops the exception of a call whose failure is an answer.
pub(crate) fn forget_exception() {
    // SAFETY: without an exception this does nothing.
    unsafe { zend::zend_clear_exception() };
}
