//! The methods of API objects from Lua: `get_self()`, `getInfo(peer)`.

use ext_php_rs::ffi::{ZEND_ACC_PUBLIC, zend_function};
use ext_php_rs::types::Zval;
use mlua::{MultiValue, Value};

use super::calls::give;
use super::engine::Engine;
use super::values::{self, Functions};
use crate::class::Object;
use crate::exceptions::Thrown;
use crate::function;
use crate::tools::text::snake_case;
use crate::zval::entries::values as values_of;

/// Makes a function for each public method of API objects, under its name and in snake case. Lua's own functions stay.
pub(super) fn install(engine: &Engine) -> mlua::Result<()> {
    let Some(api) = engine.api().object() else {
        return Ok(());
    };
    let globals = engine.lua().globals();
    // SAFETY: the class of a live object; its table's values are functions, which live as long.
    let methods = unsafe { &(*api.ce).function_table };
    for value in values_of(methods) {
        // SAFETY: as above.
        let (method, name) = unsafe { (value.value.func, name_of(value.value.func)) };
        let Some(name) = name.filter(|name| !name.starts_with("__")) else {
            continue;
        };
        let function = engine
            .function(move |engine, arguments| call(engine, method, engine.api(), &arguments))?;
        for name in names(&name) {
            if globals.raw_get::<Value>(name.as_str())?.is_nil() {
                globals.raw_set(name, &function)?;
            }
        }
    }
    Ok(())
}

/// Calls a method of an object; its result, or the table of an error.
pub(super) fn call(
    engine: &Engine,
    method: *mut zend_function,
    this: &Zval,
    arguments: &MultiValue,
) -> mlua::Result<MultiValue> {
    let nodes = values::read(arguments)?;
    let result = engine.php(|| {
        let Some(object) = this.object().map(Object::of) else {
            return Ok(Zval::new());
        };
        let mut arguments = values::arguments(engine, &nodes, Functions::Refused)?;
        function::call_known(method, object, &mut arguments)
    })?;
    give(engine, result)
}

/// Calls a method of the API object by its name.
pub(super) fn call_named(
    engine: &Engine,
    name: &str,
    arguments: &mut [Zval],
) -> Result<Zval, Thrown> {
    let object = engine.api().object().map(Object::of);
    let method = object.and_then(|object| function::method(object.ce, name));
    match object.zip(method) {
        Some((object, method)) => function::call_known(method, object, arguments),
        None => Err(Thrown::Exception(format!("The API has no method {name}()"))),
    }
}

/// The name of a public function.
///
/// # Safety
/// The function is of a registered class.
unsafe fn name_of(method: *const zend_function) -> Option<String> {
    // SAFETY: as the caller promises; the name lives as long as the function.
    unsafe {
        let common = &(*method).common;
        let name = common.function_name.as_ref()?;
        let text = std::slice::from_raw_parts((&raw const name.val).cast(), name.len);
        (common.fn_flags & ZEND_ACC_PUBLIC != 0).then(|| String::from_utf8_lossy(text).into_owned())
    }
}

/// A method's name, in snake case as well; releases 2 to 4 had `complete_2fa_login`.
fn names(name: &str) -> Vec<String> {
    let snake = snake_case(name);
    let mut apart = String::new();
    let mut before = '_';
    for letter in snake.chars() {
        if letter.is_ascii_digit() && before.is_ascii_lowercase() {
            apart.push('_');
        }
        apart.push(letter);
        before = letter;
    }
    let mut names = vec![name.to_owned(), snake, apart];
    names.dedup();
    names
}
