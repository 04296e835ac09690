//! Functions of PHP, and methods, called from Rust; and closures of PHP that run Rust code.

mod closure;

use std::alloc::Layout;
use std::ptr;

use ext_php_rs::alloc::emalloc;
use ext_php_rs::convert::{IntoZval, IntoZvalDyn};
use ext_php_rs::ffi::{
    GC_FLAGS_SHIFT, IS_REFERENCE, IS_REFERENCE_EX, ZEND_ACC_ABSTRACT, ZEND_ACC_PUBLIC,
    ZEND_ACC_STATIC, ext_php_rs_executor_globals, zend_call_known_function, zend_class_entry,
    zend_function, zend_hash_str_find, zend_reference,
};
use ext_php_rs::types::{ZendHashTable, Zval};
use madeline_tl::EntryKey;

use crate::class::Object;
use crate::coroutine;
use crate::exceptions::Thrown;
use crate::zend;
use crate::zval::entries;

pub(crate) use closure::{CALLBACK, closure};

/// Calls a function; `None` when it does not exist (php.ini can disable functions), or when it threw: then PHP has the
/// exception.
pub(crate) fn call(name: &str, arguments: Vec<&dyn IntoZvalDyn>) -> Option<Zval> {
    // Through the engine's own call by name: `Function::try_from_function` of ext-php-rs copies beyond the end of an
    // internal function's record.
    name.into_zval(false).ok()?.try_call(arguments).ok()
}

/// A public method of a class, whatever the case of its name.
pub(crate) fn method(class: *const zend_class_entry, name: &str) -> Option<*mut zend_function> {
    let key = name.to_ascii_lowercase();
    // SAFETY: a registered class has a function table, whose values are functions that live as long.
    unsafe {
        let table = &raw const (*class).function_table;
        let function = zend_hash_str_find(table, key.as_ptr().cast(), key.len())
            .as_ref()?
            .value
            .func;
        let flags = (*function).common.fn_flags;
        (flags & ZEND_ACC_PUBLIC != 0 && flags & ZEND_ACC_ABSTRACT == 0).then_some(function)
    }
}

/// Calls a method that [`method`] found in the object's class, with arguments by position. What it returns may be a
/// coroutine: this is its result.
pub(crate) fn call_known(
    method: *mut zend_function,
    object: &Object,
    arguments: &mut [Zval],
) -> Result<Zval, Thrown> {
    // SAFETY: as promised by the caller: the function of a live object's class.
    let is_static = unsafe { (*method).common.fn_flags & ZEND_ACC_STATIC != 0 };
    let this = (!is_static).then_some(object);
    coroutine::finish(run(method, object.ce, this, arguments, ptr::null_mut())?)
}

/// Calls anything callable; what it returns may be a coroutine: this is its result.
pub(crate) fn call_back(callable: &Zval, arguments: Vec<&dyn IntoZvalDyn>) -> Result<Zval, Thrown> {
    coroutine::finish(called(callable, arguments)?)
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
    // SAFETY: the caller found the method in a class.
    let class = object.map_or_else(|| unsafe { (*method).common.scope }, |object| object.ce);
    run(method, class, object, &mut positional, named)
}

/// Calls a function of a class, which lives as long as its class.
fn run(
    function: *mut zend_function,
    class: *mut zend_class_entry,
    object: Option<&Object>,
    positional: &mut [Zval],
    named: *mut ZendHashTable,
) -> Result<Zval, Thrown> {
    let mut result = Zval::new();
    // SAFETY: the callers pass a function of the class, or of the object's; arguments and result live through the call.
    unsafe {
        zend_call_known_function(
            function,
            object.map_or(ptr::null_mut(), Object::as_ptr),
            class,
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

/// Whether a value is a resource that has not been closed.
pub(crate) fn is_open(value: &Zval) -> bool {
    value.is_resource() && call("is_resource", vec![value]).is_some_and(|is_open| is_open.is_true())
}

/// Drops the exception of a call whose failure is an answer.
pub(crate) fn forget_exception() {
    // SAFETY: without an exception this does nothing.
    unsafe { zend::zend_clear_exception() };
}

/// Calls whatever PHP can call.
pub(crate) fn call_value(callable: &Zval, arguments: &[Zval]) -> Result<Zval, Thrown> {
    let arguments = arguments.iter().map(|value| value as &dyn IntoZvalDyn);
    called(callable, arguments.collect())
}

fn called(callable: &Zval, arguments: Vec<&dyn IntoZvalDyn>) -> Result<Zval, Thrown> {
    let result = callable.try_call(arguments);
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
    // SAFETY: the caller passes a linked class; its functions live as long.
    let found = unsafe {
        let functions = &raw const (*class).function_table;
        zend_hash_str_find(functions, method.as_ptr().cast(), method.len())
            .as_ref()
            .map(|found| found.value.func)
    };
    let found = found.ok_or_else(|| Thrown::Error(format!("There is no method {method}()")))?;
    run(found, class, object, arguments, ptr::null_mut())
}

/// Calls a public method, by its lower-case name, of the object in a value, of which a reference stays until it returns; null where it
/// is none.
pub(crate) fn call_on(value: &Zval, method: &str, arguments: &mut [Zval]) -> Result<Zval, Thrown> {
    let value = value.shallow_clone();
    match value.object().map(Object::of) {
        Some(object) => call_public(object.ce, Some(object), method, arguments),
        None => Ok(Zval::new()),
    }
}

/// A reference of PHP's to a value, for arguments that functions write to.
#[allow(
    clippy::cast_ptr_alignment,
    reason = "the engine's allocator aligns for every type"
)]
pub(crate) fn reference(value: Zval) -> Zval {
    let mut reference = Zval::new();
    // SAFETY: the engine's allocator gives room of that size, which is filled completely; the zval takes the one reference.
    unsafe {
        let place = emalloc(Layout::new::<zend_reference>()).cast::<zend_reference>();
        (*place).gc.refcount = 1;
        (*place).gc.u.type_info = IS_REFERENCE | zend::GC_NOT_COLLECTABLE << GC_FLAGS_SHIFT;
        (&raw mut (*place).val).write(value);
        (*place).sources.ptr = ptr::null_mut();
        reference.value.ref_ = place;
        reference.u1.type_info = IS_REFERENCE_EX;
    }
    reference
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
