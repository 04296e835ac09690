//! Lua's standard libraries, as far as the settings allow them, and their output through PHP's.

use ext_php_rs::ffi::{ext_php_rs_executor_globals, php_output_write};
use mlua::chunk::ChunkMode;
use mlua::{Error, Lua, LuaOptions, MultiValue, StdLib, Value};

use super::engine::Engine;
use crate::exceptions::Thrown;
use crate::settings::LuaLimits;
use crate::zend;

/// What the settings call the libraries. The base functions are always there.
pub(crate) const NAMES: [&str; 9] = [
    "coroutine",
    "debug",
    "io",
    "math",
    "os",
    "package",
    "string",
    "table",
    "utf8",
];

/// Makes what a script could do harm with harmless; run once, with the functions of [`prepare`].
const PRELUDE: &str = include_str!("prelude.lua");

/// A state with the libraries that the settings name.
pub(super) fn open(limits: &LuaLimits) -> mlua::Result<Lua> {
    let libraries = limits
        .libraries
        .iter()
        .map(|name| library(name))
        .fold(StdLib::NONE, |all, one| all | one);
    if limits.unsafe_functions || libraries.contains(StdLib::DEBUG) {
        // SAFETY: the script's owner has allowed it: native modules, and functions that break Lua's own rules.
        Ok(unsafe { Lua::unsafe_new_with(libraries, LuaOptions::default()) })
    } else {
        Lua::new_with(libraries, LuaOptions::default())
    }
}

/// Replaces the functions that would end the process, write past PHP, or do what the settings do not allow.
pub(super) fn prepare(engine: &Engine, limits: &LuaLimits) -> mlua::Result<()> {
    let lua = engine.lua();
    let output = engine.function(|engine, texts| {
        let texts = texts.iter().filter_map(Value::as_string);
        let texts: Vec<_> = texts.map(|text| text.as_bytes().to_vec()).collect();
        engine.php_or_raise(|| {
            for text in &texts {
                write(text);
            }
            Thrown::pending()
        })?;
        Ok(MultiValue::new())
    })?;
    let exit = engine.function(|engine, mut arguments| {
        let status = match arguments.pop_front() {
            Some(Value::Integer(status)) => status as i32,
            Some(Value::Boolean(false)) => 1,
            _ => 0,
        };
        engine.php_or_raise(|| {
            // SAFETY: the globals of this thread; the exit is pending when this returns.
            unsafe {
                (*ext_php_rs_executor_globals()).exit_status = status;
                zend::zend_throw_unwind_exit();
            }
            Err::<(), _>(Thrown::Pending)
        })?;
        Err(Error::runtime("exit"))
    })?;
    lua.load(PRELUDE)
        .set_name("=prelude")
        .set_mode(ChunkMode::Text)
        .call((output, exit, limits.unsafe_functions, limits.confined))
}

fn library(name: &str) -> StdLib {
    match name {
        "coroutine" => StdLib::COROUTINE,
        "debug" => StdLib::DEBUG,
        "io" => StdLib::IO,
        "math" => StdLib::MATH,
        "os" => StdLib::OS,
        "package" => StdLib::PACKAGE,
        "string" => StdLib::STRING,
        "table" => StdLib::TABLE,
        "utf8" => StdLib::UTF8,
        _ => StdLib::NONE,
    }
}

/// Through PHP's output buffers.
fn write(text: &[u8]) {
    // SAFETY: the text is given with its length.
    unsafe { php_output_write(text.as_ptr().cast(), text.len()) };
}
