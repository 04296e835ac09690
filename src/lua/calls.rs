//! Methods of TL from Lua: `messages.getBotCallbackAnswer({…})`.
//!
//! A plain call goes from the table to bytes and from bytes to a table, through the codec and the conversions that PHP's
//! values go through. Where there is more to a call, its arguments become PHP's, and so everything holds that holds there.

use std::rc::Rc;

use ext_php_rs::types::{ZendHashTable, Zval};
use madeline_client::Client;
use madeline_tl::{Definition, DefinitionId, Source, View};
use mlua::{Function, MultiValue, Table, Value};

use super::engine::Engine;
use super::raised;
use super::sink::LuaSink;
use super::tree::{Node, NodeKey};
use super::values::{self, Functions};
use crate::api::instance::Instance;
use crate::call::{self, Arguments};
use crate::exceptions::{self, Thrown};
use crate::tools::{self, text::snake_case};
use crate::zval::sink;

/// Makes a table for each namespace, with a function for each method under its name, and in snake case.
pub(super) fn install(engine: &Engine) -> mlua::Result<()> {
    let globals = engine.lua().globals();
    for method in engine.instance().schema().methods() {
        let Some(namespace) = method.namespace() else {
            continue;
        };
        let table = match globals.raw_get(namespace)? {
            Value::Table(table) => table,
            other => {
                let table = engine.lua().create_table()?;
                if let Value::Function(function) = other {
                    table.set_metatable(Some(calling(engine, function)?))?;
                }
                globals.raw_set(namespace, &table)?;
                table
            }
        };
        let number = method.number();
        let function =
            engine.function(move |engine, arguments| by_number(engine, number, &arguments))?;
        let name = method.short_name();
        let snake = snake_case(name);
        if snake != name {
            table.raw_set(snake, &function)?;
        }
        table.raw_set(name, function)?;
    }
    Ok(())
}

/// The metatable of a namespace of which a method of the API object has the name: `upload(file)`.
fn calling(engine: &Engine, function: Function) -> mlua::Result<Table> {
    let metatable = engine.lua().create_table()?;
    let call = engine.function(move |_, mut arguments| {
        arguments.pop_front();
        function.call(arguments)
    })?;
    metatable.raw_set("__call", call)?;
    Ok(metatable)
}

fn by_number(
    engine: &Engine,
    number: DefinitionId,
    arguments: &MultiValue,
) -> mlua::Result<MultiValue> {
    match engine.instance().schema().definition(number) {
        Some(method) => perform(engine, method, &values::read(arguments)?),
        None => Ok(MultiValue::new()),
    }
}

/// Calls a method with what the script gave; its result, or the table of an error.
pub(super) fn perform(
    engine: &Engine,
    method: Definition<'_>,
    arguments: &[Node],
) -> mlua::Result<MultiValue> {
    if let Some(arguments) = named(arguments)
        && call::is_plain(method, arguments)
    {
        return plain(engine, method, arguments);
    }
    let result = engine.php(|| {
        call::check_allowed(method)?;
        let instance = engine.instance();
        let mut given = ZendHashTable::new();
        for value in values::arguments(engine, arguments, Functions::Refused)? {
            given.push(value)?;
        }
        let arguments = Arguments::of_array(&given, instance.dialect())?;
        call::perform(instance, method, &arguments)
    })?;
    give(engine, result)
}

/// The result of PHP code for Lua: a value, the table of an exception that tells of a failed call, or an error.
pub(super) fn give(engine: &Engine, result: Result<Zval, Zval>) -> mlua::Result<MultiValue> {
    match result {
        Ok(value) => values::to_lua_multi(engine, &value),
        Err(exception) => failed(engine, exception),
    }
}

fn failed(engine: &Engine, exception: Zval) -> mlua::Result<MultiValue> {
    if exceptions::is_reported(&exception) {
        let table = raised::table(engine.lua(), &exception)?;
        return Ok(MultiValue::from_iter([Value::Table(table)]));
    }
    Err(raised::error(exception))
}

/// The one table of parameters by name, where nothing else was given.
fn named(arguments: &[Node]) -> Option<&Node> {
    let [alone] = arguments else {
        return arguments.is_empty().then_some(&Node::Null);
    };
    let is_named = match alone {
        Node::List(items) => items.is_empty(),
        Node::Map(entries) => !entries
            .iter()
            .any(|(key, _)| *key == NodeKey::Name(b"_".to_vec())),
        _ => false,
    };
    is_named.then_some(alone)
}

fn plain(engine: &Engine, method: Definition<'_>, arguments: &Node) -> mlua::Result<MultiValue> {
    let instance = engine.instance();
    let called = engine.php(|| {
        call::check_allowed(method)?;
        let client = instance.client()?;
        let answer = call::invoke(instance, &client, method, arguments)?;
        Ok((client, answer))
    })?;
    let (client, answer) = match called {
        Ok(called) => called,
        Err(exception) => return failed(engine, exception),
    };
    let decoded = decode(engine, instance, &client, method, &answer)?;
    match decoded {
        Ok(Value::Nil) => Ok(MultiValue::new()),
        Ok(value) => Ok(MultiValue::from_iter([value])),
        Err(thrown) => match engine.php(|| Err::<(), _>(thrown))? {
            Ok(()) => Ok(MultiValue::new()),
            Err(exception) => failed(engine, exception),
        },
    }
}

fn decode(
    engine: &Engine,
    instance: &Rc<Instance>,
    client: &Client,
    method: Definition<'_>,
    answer: &[u8],
) -> mlua::Result<Result<Value, Thrown>> {
    let mut sink = LuaSink::new(engine, call::owner(instance, client));
    let decoded = call::decode_into(instance, method.ty(), answer, &mut sink);
    if let Some(error) = sink.take_error() {
        return Err(error);
    }
    Ok(decoded.and_then(|value| {
        client.learn(sink.seen())?;
        Ok(value)
    }))
}

/// `madeline_function({_='messages.sendMessage', …}, callback, extra)`: a call by name; `callback(result, extra)` gets the
/// result, too.
pub(super) fn madeline_function(
    engine: &Engine,
    mut arguments: MultiValue,
) -> mlua::Result<MultiValue> {
    let parameters = Node::read(&arguments.pop_front().unwrap_or(Value::Nil))?;
    let result = match by_name(engine, parameters)? {
        Ok(result) => result,
        Err(exception) => failed(engine, exception)?,
    };
    answered(&result, arguments)?;
    Ok(result)
}

/// Calls the method that stands under `_`.
fn by_name(engine: &Engine, parameters: Node) -> mlua::Result<Result<MultiValue, Zval>> {
    let Node::Map(mut entries) = parameters else {
        return engine.php(|| Err(no_method()));
    };
    let position = entries
        .iter()
        .position(|(key, _)| *key == NodeKey::Name(b"_".to_vec()));
    let name = match position.map(|position| entries.swap_remove(position)) {
        Some((_, Node::Text(name))) => String::from_utf8_lossy(&name).into_owned(),
        _ => return engine.php(|| Err(no_method())),
    };
    let found = engine.php(|| Ok(call::method(engine.instance(), &name)?.number()))?;
    let number = match found {
        Ok(number) => number,
        Err(exception) => return Ok(Err(exception)),
    };
    let arguments = Node::Map(entries);
    match engine.instance().schema().definition(number) {
        Some(method) => perform(engine, method, &[arguments]).map(Ok),
        None => Ok(Ok(MultiValue::new())),
    }
}

fn no_method() -> Thrown {
    Thrown::InvalidArgument(
        "Expected a table with the name of a method under _, as in {_='messages.getHistory', peer='@username'}"
            .to_owned(),
    )
}

/// Calls the callback of a call, where it has one, with the result and what the script gave for it.
pub(super) fn answered(result: &MultiValue, mut further: MultiValue) -> mlua::Result<()> {
    let Some(Value::Function(callback)) = further.pop_front() else {
        return Ok(());
    };
    let value = result.front().cloned().unwrap_or(Value::Nil);
    let extra = further.pop_front().unwrap_or(Value::Nil);
    callback.call(MultiValue::from_iter([value, extra]))
}

/// `tl_serialize_method(name, parameters)`: the TL bytes of a call, as `Tools::tlSerializeMethod()` gives them.
pub(super) fn serialize_method(
    engine: &Engine,
    arguments: &MultiValue,
) -> mlua::Result<MultiValue> {
    let nodes = values::read(arguments)?;
    let bytes = engine.php(|| {
        let name = match nodes.first() {
            Some(Node::Text(name)) => String::from_utf8_lossy(name),
            _ => return Err(no_method()),
        };
        let parameters = nodes.get(1).unwrap_or(&Node::Null);
        if !matches!(parameters.view(), View::Null | View::Array) {
            return Err(Thrown::InvalidArgument(
                "Parameter names must be provided!".to_owned(),
            ));
        }
        tools::method_bytes(&name, parameters).map(|bytes| sink::text(&bytes))
    })?;
    give(engine, bytes)
}
