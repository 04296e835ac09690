//! Exceptions of PHP as errors and values of Lua's, and PHP values that Lua holds.

use std::cell::RefCell;
use std::fmt;
use std::mem::ManuallyDrop;

use ext_php_rs::types::Zval;
use mlua::{Error, Lua, Table};

use crate::exceptions::{self, Thrown};
use crate::zval::sink;

thread_local! {
    /// What Lua has given up, until PHP code may run again.
    static GIVEN_UP: RefCell<Vec<Zval>> = const { RefCell::new(Vec::new()) };
}

/// A PHP value that Lua's collector may drop at any time: destructors run later, in [`sweep`].
pub(super) struct Held(ManuallyDrop<Zval>);

impl Held {
    /// A further reference to the value.
    pub(super) fn new(value: &Zval) -> Self {
        Self(ManuallyDrop::new(value.shallow_clone()))
    }

    /// The value.
    pub(super) fn get(&self) -> &Zval {
        &self.0
    }
}

impl mlua::UserData for Held {}

impl Drop for Held {
    fn drop(&mut self) {
        // SAFETY: taken once, while the holder is dropped.
        let value = unsafe { ManuallyDrop::take(&mut self.0) };
        GIVEN_UP.with_borrow_mut(|values| values.push(value));
    }
}

/// Drops what Lua has given up. Where no Lua code runs.
pub(super) fn sweep() {
    loop {
        let values = GIVEN_UP.take();
        if values.is_empty() {
            return;
        }
        // Destructors may run Lua code, which gives up more.
        drop(values);
    }
}

/// An exception on its way through Lua.
struct Exception(Held);

impl fmt::Debug for Exception {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&exceptions::summary(self.0.get()))
    }
}

impl fmt::Display for Exception {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&exceptions::summary(self.0.get()))
    }
}

impl std::error::Error for Exception {}

/// The error that an exception is in Lua. Where nothing catches it, PHP gets the same exception back.
pub(super) fn error(exception: Zval) -> Error {
    let held = Held::new(&exception);
    drop(exception);
    Error::external(Exception(held))
}

/// The table that a failed call of the API gives instead of a result (specification §10). Where in the arguments it
/// happened stands in `tl_trace`.
pub(super) fn table(lua: &Lua, exception: &Zval) -> mlua::Result<Table> {
    let text = |name: &str| {
        let value = exceptions::property(exception, name);
        value
            .zend_str()
            .map_or_else(Vec::new, |text| text.as_bytes().to_vec())
    };
    let code = exceptions::property(exception, "code").long();
    let table = lua.create_table_with_capacity(0, 3)?;
    table.raw_set("error_code", code.unwrap_or_default())?;
    table.raw_set("error", lua.create_string(text("message"))?)?;
    let trace = text("tlTrace");
    if !(trace.is_empty() || exceptions::is_rpc(exception)) {
        table.raw_set("tl_trace", lua.create_string(trace)?)?;
    }
    Ok(table)
}

/// The exception for an error that Lua code did not catch.
#[allow(
    clippy::needless_pass_by_value,
    reason = "what `map_err` takes; the error ends here"
)]
pub(super) fn thrown(error: Error) -> Thrown {
    if let Some(Exception(held)) = error.downcast_ref() {
        return Thrown::again(held.get());
    }
    Thrown::Exception(message(&error))
}

/// An error that Lua code caught, for PHP: the exception that it was there, or its message.
pub(super) fn value(error: &Error) -> Zval {
    match error.downcast_ref() {
        Some(Exception(held)) => held.get().shallow_clone(),
        None => sink::text(message(error).as_bytes()),
    }
}

/// Whether there was not enough memory.
pub(super) fn is_of_memory(error: &Error) -> bool {
    match error {
        Error::MemoryError(_) => true,
        Error::CallbackError { cause, .. } => is_of_memory(cause),
        _ => false,
    }
}

/// An error in Lua's words, without the stack below it.
fn message(error: &Error) -> String {
    match error {
        Error::SyntaxError { message, .. }
        | Error::RuntimeError(message)
        | Error::MemoryError(message) => {
            let end = message.find("\nstack traceback:");
            message
                .get(..end.unwrap_or(message.len()))
                .unwrap_or_default()
                .to_owned()
        }
        Error::CallbackError { cause, .. } => message(cause),
        other => other.to_string(),
    }
}
