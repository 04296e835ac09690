//! Functions of PHP, and methods, called from Rust; and closures of PHP that run Rust code.

mod closure;

use std::ptr;

use ext_php_rs::convert::{IntoZval, IntoZvalDyn};
use ext_php_rs::ffi::{
    ext_php_rs_executor_globals, zend_call_known_function, zend_class_entry, zend_function,
    zend_hash_str_find,
};
use ext_php_rs::types::{ArrayKey, ZendHashTable, Zval};

use crate::class::Object;
use crate::exceptions::Thrown;
use crate::zend;

pub(crate) use closure::{CALLBACK, closure};

/// Calls a function; `None` when it does not exist (php.ini can disable functions), or when it threw: then PHP has the
/// exception.
pub(crate) fn call(name: &str, arguments: Vec<&dyn IntoZvalDyn>) -> Option<Zval> {
    // Through the engine's own call by name: `Function::try_from_function` of ext-php-rs copies beyond the end of an
    // internal function's record.
    name.into_zval(false).ok()?.try_call(arguments).ok()
}

/// Calls a method, static without an object, with the arguments of an array: those under numbers by position, the others by
/// name.
pub(crate) fn call_method(
    method: *mut zend_function,
    object: Option<&Object>,
    arguments: &ZendHashTable,
) -> Result<Zval, Thrown> {
    let mut positional = Vec::new();
    let mut named = ZendHashTable::new();
    for (key, value) in arguments {
        match key {
            ArrayKey::Long(_) => positional.push(value.shallow_clone()),
            key => named.insert(key, value.shallow_clone())?,
        }
    }
    let named = if named.is_empty() {
        ptr::null_mut()
    } else {
        &raw mut *named
    };
    let mut result = Zval::new();
    // SAFETY: the caller found the method in the object's class or, a static one, in another; arguments and result live through the call.
    unsafe {
        zend_call_known_function(
            method,
            object.map_or(ptr::null_mut(), Object::as_ptr),
            object.map_or((*method).common.scope, |object| object.ce),
            &raw mut result,
            positional.len() as u32,
            positional.as_mut_ptr(),
            named,
        );
    }
    Thrown::pending()?;
    Ok(result)
}

/// Drops the exception of a call whose failure is an answer.
pub(crate) fn forget_exception() {
    // SAFETY: without an exception this does nothing.
    unsafe { zend::zend_clear_exception() };
}

/// Calls whatever PHP can call.
pub(crate) fn call_value(callable: &Zval, arguments: &[Zval]) -> Result<Zval, Thrown> {
    let arguments = arguments.iter().map(|value| value as &dyn IntoZvalDyn);
    let result = callable.try_call(arguments.collect());
    Thrown::pending()?;
    Ok(result?)
}

/// Calls a public method by its lower-case name: of an object, or a static one of a class.
pub(crate) fn call_public(
    class: *mut zend_class_entry,
    object: Option<&Object>,
    method: &str,
    arguments: &mut [Zval],
) -> Result<Zval, Thrown> {
    let mut result = Zval::new();
    // SAFETY: the caller passes a linked class; its functions live as long. Arguments and result live through the call.
    unsafe {
        let found = zend_hash_str_find(
            &raw const (*class).function_table,
            method.as_ptr().cast(),
            method.len(),
        );
        let Some(found) = found.as_ref() else {
            return Err(Thrown::Error(format!("There is no method {method}()")));
        };
        zend_call_known_function(
            found.value.func,
            object.map_or(ptr::null_mut(), Object::as_ptr),
            class,
            &raw mut result,
            arguments.len() as u32,
            arguments.as_mut_ptr(),
            ptr::null_mut(),
        );
    }
    Thrown::pending()?;
    Ok(result)
}

/// Runs something while PHP has an exception that it must not see: cleaning up after it.
pub(crate) fn beside_exception(run: impl FnOnce()) {
    // SAFETY: the globals of this thread; the exception's only reference waits here meanwhile.
    unsafe {
        let globals = ext_php_rs_executor_globals();
        let exception = std::mem::replace(&mut (*globals).exception, ptr::null_mut());
        let opline = (*globals).opline_before_exception;
        run();
        if !exception.is_null() {
            if !(*globals).exception.is_null() {
                zend::zend_clear_exception();
            }
            (*globals).exception = exception;
            (*globals).opline_before_exception = opline;
        }
    }
}
