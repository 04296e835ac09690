//! PHP values in Lua, and Lua's in PHP.

use std::rc::Weak;

use ext_php_rs::types::{ZendHashTable, Zval};
use ext_php_rs::ffi::{IS_ARRAY, IS_DOUBLE, IS_FALSE, IS_LONG, IS_NULL, IS_OBJECT, IS_STRING, IS_TRUE, IS_UNDEF};
use madeline_tl::EntryKey;
use mlua::{Error, Function, Lua, LuaString, MultiValue, Value};

use super::engine::Engine;
use super::objects;
use super::tree::{Node, NodeKey};
use crate::class::{Frame, type_name, type_of};
use crate::exceptions::Thrown;
use crate::function;
use crate::zval::entries::{entries, insert, is_list};
use crate::zval::sink;

/// How deep arrays and objects are followed.
const MAX_DEPTH: u8 = 128;

/// How far a conversion to Lua has come.
#[derive(Clone, Copy)]
pub(super) struct ToLua {
    depth: u8,
}

/// A PHP value in Lua. Lists begin with 1 there; `null` is `nil`.
///
/// # Errors
/// For resources, for what nests too deep, and where there is no memory.
pub(super) fn to_lua(engine: &Engine, value: &Zval) -> mlua::Result<Value> {
    to_lua_within(engine, value, ToLua { depth: 0 })
}

/// As [`to_lua`], for a part of another value.
pub(super) fn to_lua_within(engine: &Engine, value: &Zval, at: ToLua) -> mlua::Result<Value> {
    if at.depth == MAX_DEPTH {
        return Err(Error::runtime("a PHP value nests too deep for Lua, or contains itself"));
    }
    let at = ToLua {
        depth: at.depth + 1,
    };
    let value = value.dereference();
    // SAFETY: each member of the union is read under its own tag.
    let (number, double) = unsafe { (value.value.lval, value.value.dval) };
    Ok(match type_of(value) {
        IS_UNDEF | IS_NULL => Value::Nil,
        IS_FALSE => Value::Boolean(false),
        IS_TRUE => Value::Boolean(true),
        IS_LONG => Value::Integer(number),
        IS_DOUBLE => Value::Number(double),
        IS_STRING => Value::String(text(engine.lua(), value)?),
        IS_ARRAY => match value.array() {
            Some(array) => table(engine, array, at)?,
            None => Value::Nil,
        },
        IS_OBJECT => objects::to_lua(engine, value, at)?,
        _ => {
            return Err(Error::runtime(format!(
                "a {} of PHP has no form in Lua",
                type_name(value)
            )));
        }
    })
}

/// A result: nothing for null.
pub(super) fn to_lua_multi(engine: &Engine, value: &Zval) -> mlua::Result<MultiValue> {
    Ok(match to_lua(engine, value)? {
        Value::Nil => MultiValue::new(),
        value => MultiValue::from_iter([value]),
    })
}

/// A PHP string in Lua.
pub(super) fn text(lua: &Lua, value: &Zval) -> mlua::Result<LuaString> {
    lua.create_string(value.zend_str().map_or(&b""[..], |text| text.as_bytes()))
}

fn table(engine: &Engine, array: &ZendHashTable, at: ToLua) -> mlua::Result<Value> {
    let lua = engine.lua();
    let count = array.nNumOfElements as usize;
    if is_list(array) {
        let table = lua.create_table_with_capacity(count, 0)?;
        for (index, (_, value)) in (1_i64..).zip(entries(array)) {
            table.raw_set(index, to_lua_within(engine, value, at)?)?;
        }
        return Ok(Value::Table(table));
    }
    let table = lua.create_table_with_capacity(0, count)?;
    for (key, value) in entries(array) {
        let value = to_lua_within(engine, value, at)?;
        match key {
            EntryKey::Index(number) => table.raw_set(number, value)?,
            EntryKey::Name(name) => table.raw_set(lua.create_string(name)?, value)?,
        }
    }
    Ok(Value::Table(table))
}

/// What becomes of functions on their way to PHP.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Functions {
    /// They are closures there.
    Closures,
    /// They are errors.
    Refused,
}

/// Reads the arguments of a call; `nil` at the end is an argument that was not given.
pub(super) fn read(given: &MultiValue) -> mlua::Result<Vec<Node>> {
    let last = given.iter().rposition(|value| !value.is_nil());
    let count = last.map_or(0, |last| last + 1);
    given.iter().take(count).map(Node::read).collect()
}

/// Arguments for PHP.
///
/// # Errors
/// `TypeError` for what PHP has no form for.
pub(super) fn arguments(
    engine: &Engine,
    nodes: &[Node],
    functions: Functions,
) -> Result<Vec<Zval>, Thrown> {
    let values = (1..).zip(nodes).map(|(number, node)| {
        to_php(engine, node, functions).map_err(|what| {
            Thrown::Type(format!(
                "argument {number} of a call from Lua: expected a value that PHP has, found {what}"
            ))
        })
    });
    values.collect()
}

/// A Lua value in PHP; lists begin with 0 there. An error says in words what PHP has no form for, and where.
pub(super) fn to_php(engine: &Engine, node: &Node, functions: Functions) -> Result<Zval, String> {
    let mut value = Zval::new();
    match node {
        Node::Null => {}
        Node::Bool(truth) => value.set_bool(*truth),
        Node::Int(number) => value.set_long(*number),
        Node::Double(number) => value.set_double(*number),
        Node::Text(text) => value = sink::text(text),
        Node::List(items) => {
            let mut array = ZendHashTable::with_capacity(items.len() as u32);
            for (index, item) in (0..).zip(items) {
                let item = to_php(engine, item, functions)
                    .map_err(|what| format!("{what} at [{}]", index + 1))?;
                array.insert_at_index(index, item).map_err(|error| error.to_string())?;
            }
            value = sink::array(array);
        }
        Node::Map(entries) => {
            let mut array = ZendHashTable::with_capacity(entries.len() as u32);
            for (key, item) in entries {
                let item = to_php(engine, item, functions)
                    .map_err(|what| format!("{what} at {}", key_text(key)))?;
                match key {
                    NodeKey::Index(number) => array
                        .insert_at_index(*number, item)
                        .map_err(|error| error.to_string())?,
                    NodeKey::Name(name) => insert(&mut array, name, item),
                }
            }
            value = sink::array(array);
        }
        Node::Object(object, table) => match object.value() {
            Some(object) => value = object,
            None => return to_php(engine, table, functions),
        },
        Node::Function(function) if functions == Functions::Closures => {
            value = closure(engine, function.clone());
        }
        Node::Function(_) => return Err("a function".to_owned()),
        Node::Other(what) => return Err(what.clone()),
    }
    Ok(value)
}

fn key_text(key: &NodeKey) -> String {
    match key {
        NodeKey::Index(number) => format!("[{number}]"),
        NodeKey::Name(name) => String::from_utf8_lossy(name).into_owned(),
    }
}

/// What PHP gets for the results of a function: nothing is null, several are a list.
pub(super) fn result(engine: &Engine, values: &MultiValue) -> Result<Zval, Thrown> {
    let one = |value: &Value| {
        let node = Node::read(value).map_err(super::raised::thrown)?;
        to_php(engine, &node, Functions::Closures)
            .map_err(|what| Thrown::Exception(format!("PHP has no form for what the Lua script gives: {what}")))
    };
    let mut values = values.iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(Zval::new()),
        (Some(value), None) => one(value),
        (Some(first), Some(second)) => {
            let mut results = ZendHashTable::new();
            for value in [first, second].into_iter().chain(values) {
                results.push(one(value)?)?;
            }
            Ok(sink::array(results))
        }
    }
}

/// A closure of PHP's that calls a Lua function, for as long as the script's object lives.
fn closure(engine: &Engine, target: Function) -> Zval {
    let engine: Weak<Engine> = engine.handle();
    function::closure(move |frame: &mut Frame<'_>| {
        let engine = engine.upgrade().ok_or_else(|| {
            Thrown::Exception("The Lua object of this function is gone".to_owned())
        })?;
        let arguments = (0..frame.count()).filter_map(|index| frame.arg(index));
        let given = engine.run(|_| arguments.map(|value| to_lua(&engine, value)).collect())?;
        let results = engine.call(&target, given)?;
        let value = engine.run(|_| Ok(result(&engine, &results)))??;
        frame.give_zval(value);
        Ok(())
    })
}
