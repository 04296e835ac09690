//! The names that methods had in earlier releases, and the calls of TL methods by their names.
//!
//! Releases 2 to 7 looked a method up by its name without case and without underscores; PHP itself does not mind the
//! case. So `get_self` and `GetSelf` are `getSelf`, in every dialect.

use ext_php_rs::ffi::{zend_class_entry, zend_function};
use ext_php_rs::types::ZendObject;

use super::dialect::Dialect;
use super::{instance, method_of_api, protocol};
use crate::call::{self, Arguments};
use crate::class::{Frame, Method, Param, Type};
use crate::exceptions::Thrown;
use crate::function;
use crate::tools::TOOLS;

/// Calls by name.
pub(super) const METHODS: &[Method] = &[
    Method::new(c"__call", call_undeclared)
        .params(&[
            Param::required(c"name", Type::STRING),
            Param::required(c"arguments", Type::ARRAY),
        ])
        .returns(Type::MIXED),
    Method::new(c"methodCall", method_call)
        .params(CALL_PARAMS)
        .returns(Type::MIXED),
    Method::new(c"methodCallAsyncRead", method_call)
        .params(CALL_PARAMS)
        .returns(Type::MIXED),
    Method::new(c"methodCallWrite", method_call_write)
        .params(CALL_PARAMS)
        .returns(Type::VOID),
    Method::new(c"methodCallAsyncWrite", method_call_write)
        .params(CALL_PARAMS)
        .returns(Type::VOID),
];

const CALL_PARAMS: &[Param] = &[
    Param::required(c"method", Type::STRING),
    Param::optional(c"arguments", Type::ARRAY, c"[]"),
    Param::optional(c"options", Type::MIXED, c"[]"),
];

/// A method that no class declares: an old name of one, or a TL method without a namespace.
fn call_undeclared(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let (Some(name), Some(arguments)) = (frame.text(0), frame.array(1)) else {
        return Ok(());
    };
    let this = frame.this()?;
    if let Some(method) = method_named(this.ce, &name) {
        if let Ok(instance) = instance(frame)
            && name.contains('_')
        {
            instance.sign_of(Dialect::V4);
        }
        let value = function::call_method(method, Some(this), arguments)?;
        frame.give_zval(value);
        return Ok(());
    }
    if let Some(method) = static_named(&name) {
        let value = function::call_method(method, None, arguments)?;
        frame.give_zval(value);
        return Ok(());
    }
    let instance = instance(frame)?;
    if let Some(method) = instance.schema().method(&name) {
        let arguments = Arguments::of_array(arguments, instance.dialect())?;
        let value = call::perform(instance, method, &arguments)?;
        frame.give_zval(value);
        return Ok(());
    }
    if let Some(method) = protocol::method(&name) {
        let arguments = Arguments::of_array(arguments, instance.dialect())?;
        let value = protocol::perform(instance, method, &arguments)?;
        frame.give_zval(value);
        return Ok(());
    }
    Err(undefined(this, &name))
}

/// Calls the TL method of that name; `options` are further arguments, as in the second array of other calls.
fn method_call(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let instance = instance(frame)?;
    let name = frame.text(0).unwrap_or_default();
    let arguments = Arguments::by_position(frame, 1);
    let value = if let Some(method) = protocol::method(&name) {
        protocol::perform(instance, method, &arguments)?
    } else {
        let method = call::method(instance, &name)?;
        call::check_allowed(method)?;
        call::perform(instance, method, &arguments)?
    };
    frame.give_zval(value);
    Ok(())
}

/// As [`method_call`], without waiting for the result.
fn method_call_write(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let instance = instance(frame)?;
    let method = call::method(instance, &frame.text(0).unwrap_or_default())?;
    call::check_allowed(method)?;
    call::start(instance, method, &Arguments::by_position(frame, 1))
}

/// A static helper that API objects had in earlier releases.
fn static_named(name: &str) -> Option<*mut zend_function> {
    function::method(TOOLS.entry(), &key_of(name))
}

/// The public method, of the class or of API objects, whose name differs from `name` only in case and underscores.
fn method_named(class: *const zend_class_entry, name: &str) -> Option<*mut zend_function> {
    let key = key_of(name);
    function::method(class, &key).or_else(|| method_of_api(&key))
}

/// How names that mean the same are written.
fn key_of(name: &str) -> String {
    name.chars()
        .filter(|letter| *letter != '_')
        .map(|letter| letter.to_ascii_lowercase())
        .collect()
}

/// PHP's own error.
fn undefined(object: &ZendObject, name: &str) -> Thrown {
    let class = object.get_class_name().unwrap_or_default();
    Thrown::Error(format!("Call to undefined method {class}::{name}()"))
}
