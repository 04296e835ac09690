//! The forms of telegram-cli's `TDLib` bindings, `{ID='SendMessage', chat_id_=…}` (specification §10).
//!
//! What they mean is the API's: its methods `tdcliToTd()`, `tdToMTProto()`, `MTProtoToTd()` and `MTProtoToTdcli()`.

use ext_php_rs::types::{ZendHashTable, Zval};
use mlua::{MultiValue, Value};

use super::calls;
use super::engine::Engine;
use super::methods::call_named;
use super::tree::Node;
use super::values::{self, Functions};
use crate::call;
use crate::exceptions::Thrown;

/// `tdcli_function({ID='…', …}, callback, extra)`: calls the method that is meant. The callback gets the result in `TDLib`'s
/// form. What has no counterpart in Telegram's API gives 0.
pub(super) fn function(engine: &Engine, mut arguments: MultiValue) -> mlua::Result<MultiValue> {
    let parameters = Node::read(&arguments.pop_front().unwrap_or(Value::Nil))?;
    let called = engine.php(|| {
        let given = values::to_php(engine, &parameters, Functions::Refused).map_err(|odd| {
            Thrown::Type(format!("tdcli_function(): expected a table, found {odd}"))
        })?;
        let meant = to_mtproto(engine, given)?;
        let Some(meant) = meant.array() else {
            return Ok(None);
        };
        perform(engine, meant).map(Some)
    })?;
    let result = match called {
        Ok(Some(result)) => result,
        Ok(None) => return Ok(MultiValue::from_iter([Value::Integer(0)])),
        Err(exception) => {
            let table = calls::give(engine, Err(exception))?;
            calls::answered(&table, arguments)?;
            return Ok(table);
        }
    };
    if arguments.front().is_some_and(Value::is_function) {
        let answer = engine.php(|| to_td(engine, &result))?;
        let answer = calls::give(engine, answer)?;
        calls::answered(&answer, arguments)?;
    }
    calls::give(engine, Ok(result))
}

/// Calls the script's `tdcli_update_callback` with an update in the form of telegram-cli.
pub(super) fn update(engine: &Engine, update: Zval) -> Result<Zval, Thrown> {
    let update = call_named(engine, "MTProtoToTdcli", &mut [update])?;
    super::call_function(engine, "tdcli_update_callback", std::iter::once(&update))
}

fn to_mtproto(engine: &Engine, given: Zval) -> Result<Zval, Thrown> {
    if given.array().is_none() {
        let text = "tdcli_function(): expected a table such as {ID='GetMe'}";
        return Err(Thrown::InvalidArgument(text.to_owned()));
    }
    let td = call_named(engine, "tdcliToTd", &mut [given])?;
    call_named(engine, "tdToMTProto", &mut [td])
}

/// A result in `TDLib`'s form; of updates the message that they bring, as `TDLib`'s functions give it.
fn to_td(engine: &Engine, result: &Zval) -> Result<Zval, Thrown> {
    let name = result.array().and_then(|result| result.get("_"));
    let is_updates = name
        .and_then(Zval::str)
        .is_some_and(|name| name.starts_with("update"));
    let result = if is_updates {
        call_named(engine, "extractMessage", &mut [result.shallow_clone()])?
    } else {
        result.shallow_clone()
    };
    call_named(engine, "MTProtoToTd", &mut [result])
}

/// Calls the method that stands under `_`.
fn perform(engine: &Engine, meant: &ZendHashTable) -> Result<Zval, Thrown> {
    let instance = engine.instance();
    let name = meant.get("_").and_then(Zval::str).unwrap_or_default();
    let method = call::method(instance, name)?;
    call::check_allowed(method)?;
    let mut arguments = meant.to_owned();
    arguments.remove("_");
    call::perform(instance, method, &crate::zval::sink::array(arguments))
}
