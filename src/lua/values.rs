//! PHP values in Lua, and Lua's in PHP.

use std::fmt;

use ext_php_rs::ffi::{
    IS_ARRAY, IS_DOUBLE, IS_FALSE, IS_LONG, IS_NULL, IS_OBJECT, IS_STRING, IS_TRUE, IS_UNDEF,
};
use ext_php_rs::types::{ZendHashTable, Zval};
use madeline_tl::EntryKey;
use mlua::{Error, Function, Lua, LuaString, MultiValue, Value};

use super::engine::Engine;
use super::tree::{Node, NodeKey};
use super::{objects, raised};
use crate::class::{Frame, Object, type_name, type_of};
use crate::exceptions::Thrown;
use crate::function;
use crate::zval::entries::{entries, is_list, put};
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
        return Err(Error::runtime(
            "a PHP value nests too deep for Lua, or contains itself",
        ));
    }
    let at = ToLua {
        depth: at.depth + 1,
    };
    let value = value.dereference();
    // SAFETY: plain numbers, which mean something under their own tags only.
    let (number, double) = unsafe { (value.value.lval, value.value.dval) };
    Ok(match type_of(value) {
        IS_UNDEF | IS_NULL => Value::Nil,
        IS_FALSE => Value::Boolean(false),
        IS_TRUE => Value::Boolean(true),
        IS_LONG => Value::Integer(number),
        IS_DOUBLE => Value::Number(double),
        IS_STRING => Value::String(text(engine.lua(), value)?),
        IS_ARRAY => {
            // PHP code may run meanwhile, as `__toString()`: what it changes is another array then.
            let held = value.shallow_clone();
            match held.array() {
                Some(array) => table(engine, array, at)?,
                None => Value::Nil,
            }
        }
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
        to_php(engine, node, functions).map_err(|odd| {
            Thrown::Type(format!(
                "argument {number} of a call from Lua: expected a value that PHP has, found {odd}"
            ))
        })
    });
    values.collect()
}

/// What PHP has no form for.
pub(super) struct Odd {
    what: String,
    /// Where it lies in the value, from inside out.
    path: Vec<String>,
}

impl Odd {
    fn new(what: &str) -> Self {
        Self {
            what: what.to_owned(),
            path: Vec::new(),
        }
    }

    fn within(mut self, key: String) -> Self {
        self.path.push(key);
        self
    }
}

impl fmt::Display for Odd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// How many steps of a path are worth reading.
        const STEPS: usize = 10;
        f.write_str(&self.what)?;
        if self.path.is_empty() {
            return Ok(());
        }
        f.write_str(" at ")?;
        for key in self.path.iter().rev().take(STEPS) {
            f.write_str(key)?;
        }
        f.write_str(if self.path.len() > STEPS { "…" } else { "" })
    }
}

/// A Lua value in PHP; lists begin with 0 there.
pub(super) fn to_php(engine: &Engine, node: &Node, functions: Functions) -> Result<Zval, Odd> {
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
                    .map_err(|odd| odd.within(format!("[{}]", index + 1)))?;
                put(&mut array, EntryKey::Index(index), item);
            }
            value = sink::array(array);
        }
        Node::Map(entries) => {
            let mut array = ZendHashTable::with_capacity(entries.len() as u32);
            for (key, item) in entries {
                let item =
                    to_php(engine, item, functions).map_err(|odd| odd.within(key_text(key)))?;
                put(&mut array, key.entry(), item);
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
        Node::Function(_) => return Err(Odd::new("a function")),
        Node::Error(error) => value = raised::value(error),
        Node::Other(what) => return Err(Odd::new(what)),
    }
    Ok(value)
}

fn key_text(key: &NodeKey) -> String {
    match key {
        NodeKey::Index(number) => format!("[{number}]"),
        NodeKey::Name(name) => format!(".{}", String::from_utf8_lossy(name)),
    }
}

/// What PHP gets for the results of a function: nothing is null, several are a list.
pub(super) fn result(engine: &Engine, values: &MultiValue) -> Result<Zval, Thrown> {
    let nodes: Vec<_> = engine.run(|_| values.iter().map(Node::read).collect())?;
    match nodes.as_slice() {
        [] => Ok(Zval::new()),
        [alone] => given(engine, alone),
        several => {
            let mut results = ZendHashTable::new();
            for node in several {
                results.push(given(engine, node)?)?;
            }
            Ok(sink::array(results))
        }
    }
}

/// A value that Lua gives to PHP.
pub(super) fn given(engine: &Engine, node: &Node) -> Result<Zval, Thrown> {
    to_php(engine, node, Functions::Closures).map_err(|odd| {
        Thrown::Exception(format!(
            "PHP has no form for what the Lua script gives: {odd}"
        ))
    })
}

/// A closure of PHP's that calls a Lua function. It keeps the script's object.
fn closure(engine: &Engine, target: Function) -> Zval {
    let owner = engine.owner();
    function::closure(move |frame: &mut Frame<'_>| {
        let Some(object) = owner.object().map(Object::of) else {
            return Ok(());
        };
        let engine = super::engine_of(object)?;
        let arguments = (0..frame.count()).filter_map(|index| frame.arg(index));
        let given = engine.run(|_| arguments.map(|value| to_lua(&engine, value)).collect())?;
        let results = engine.call(&target, given)?;
        frame.give_zval(result(&engine, &results)?);
        Ok(())
    })
}
