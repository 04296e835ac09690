//! PHP objects in Lua (specification §10): tables with the public properties, and the public methods as functions.
//!
//! The methods, and the object itself, are in the table's metatable, so that `pairs()` shows properties, and the table is the
//! object again where PHP gets it. `object.method(…)` and `object:method(…)` are the same call.

use ext_php_rs::types::{ZendObject, Zval};
use madeline_tl::EntryKey;
use mlua::{AnyUserData, Function, MultiValue, Table, Value};

use super::engine::Engine;
use super::methods;
use super::raised::Held;
use super::values::{self, Functions, ToLua};
use crate::class::Object;
use crate::exceptions::Thrown;
use crate::function;
use crate::types::{button, bytes};
use crate::zval::entries::entries;

/// Where a metatable keeps its object.
const OBJECT: &str = "__object";

/// The object behind a table.
#[derive(Clone)]
pub(super) struct Reference(AnyUserData);

impl Reference {
    /// The object.
    pub(super) fn value(&self) -> Option<Zval> {
        let held = self.0.borrow::<Held>().ok()?;
        Some(held.get().shallow_clone())
    }
}

/// The object that a table stands for.
pub(super) fn reference(table: &Table) -> Option<Reference> {
    let data: AnyUserData = table.metatable()?.raw_get(OBJECT).ok()?;
    data.is::<Held>().then_some(Reference(data))
}

/// What an object is in Lua: `Bytes`, and objects that are nothing but text, are strings; closures are functions.
pub(super) fn to_lua(engine: &Engine, value: &Zval, depth: ToLua) -> mlua::Result<Value> {
    let Some(object) = value.object() else {
        return Ok(Value::Nil);
    };
    let lua = engine.lua();
    if let Some(content) = bytes::content(object) {
        return lua.create_string(content).map(Value::String);
    }
    if is_closure(object) {
        return callable(engine, value).map(Value::Function);
    }
    let properties = engine.php_or_raise(|| Ok(properties(object)))?;
    if properties.is_empty()
        && let Some(text) = engine.php_or_raise(|| text_of(object))?
    {
        return values::text(lua, &text).map(Value::String);
    }
    let table = lua.create_table_with_capacity(0, properties.len())?;
    for (name, property) in &properties {
        table.raw_set(
            lua.create_string(name)?,
            values::to_lua_within(engine, property, depth)?,
        )?;
    }
    table.set_metatable(Some(metatable(engine, value, object)?))?;
    Ok(Value::Table(table))
}

/// A function for Lua that calls whatever PHP can call. What it throws is an error there.
pub(super) fn callable(engine: &Engine, value: &Zval) -> mlua::Result<Function> {
    let held = Held::new(value);
    engine.function(move |engine, arguments| {
        let nodes = values::read(&arguments)?;
        let result = engine.php_or_raise(|| {
            let arguments = values::arguments(engine, &nodes, Functions::Closures)?;
            function::call_value(held.get(), &arguments)
        })?;
        values::to_lua_multi(engine, &result)
    })
}

fn is_closure(object: &ZendObject) -> bool {
    object.get_class_name().is_ok_and(|name| name == "Closure")
}

/// Public properties by name; of buttons also what they are made of.
fn properties(object: &ZendObject) -> Vec<(Vec<u8>, Zval)> {
    // SAFETY: an object's handlers are set when it is made; the table, where there is one, lives as long as the object.
    let table = unsafe {
        let get = (*object.handlers).get_properties;
        get.and_then(|get| get(std::ptr::from_ref(object).cast_mut()).as_ref())
    };
    let own = table.into_iter().flat_map(entries);
    let fields = button::value(object).and_then(Zval::array);
    let fields = fields.into_iter().flat_map(entries);
    own.chain(fields)
        .filter_map(|(key, value)| {
            let name = match key {
                EntryKey::Index(number) => number.to_string().into_bytes(),
                EntryKey::Name(name) => name.to_vec(),
            };
            // What is not public has its class in front of its name, after a zero byte.
            (name.first() != Some(&0)).then(|| (name, value.dereference().shallow_clone()))
        })
        .collect()
}

/// The string form of an object that has one.
fn text_of(object: &ZendObject) -> Result<Option<Zval>, Thrown> {
    match function::method(object.ce, "__tostring") {
        Some(method) => function::call_known(method, Object::of(object), &mut []).map(Some),
        None => Ok(None),
    }
}

fn metatable(engine: &Engine, value: &Zval, object: &ZendObject) -> mlua::Result<Table> {
    let lua = engine.lua();
    let metatable = lua.create_table_with_capacity(0, 4)?;
    metatable.raw_set("__name", object.get_class_name().unwrap_or_default())?;
    metatable.raw_set(OBJECT, lua.create_userdata(Held::new(value))?)?;
    metatable.raw_set("__index", engine.method_finder()?)?;
    // Scripts see none of this.
    metatable.raw_set("__metatable", false)?;
    Ok(metatable)
}

/// What the metatables of all objects have in common: `object.name` is a method, where it is no property.
pub(super) fn method_finder(engine: &Engine) -> mlua::Result<Function> {
    engine.function(|engine, mut arguments| {
        let (Some(Value::Table(table)), Some(Value::String(name))) =
            (arguments.pop_front(), arguments.pop_front())
        else {
            return Ok(MultiValue::new());
        };
        let Some(object) = reference(&table).and_then(|reference| reference.value()) else {
            return Ok(MultiValue::new());
        };
        let method = method(engine, &object, &name.to_string_lossy())?;
        Ok(method.into_iter().map(Value::Function).collect())
    })
}

/// A method as a function.
fn method(engine: &Engine, object: &Zval, name: &str) -> mlua::Result<Option<Function>> {
    let method = object
        .object()
        .filter(|_| !name.starts_with("__"))
        .and_then(|object| function::method(object.ce, name));
    let Some(method) = method else {
        return Ok(None);
    };
    let held = Held::new(object);
    let function = engine.function(move |engine, mut arguments| {
        let this = held.get();
        if let Some(Value::Table(first)) = arguments.front()
            && is_same(first, this)
        {
            arguments.pop_front();
        }
        methods::call(engine, method, this, &arguments)
    })?;
    Ok(Some(function))
}

fn is_same(table: &Table, value: &Zval) -> bool {
    let other = reference(table).and_then(|reference| reference.value());
    match (other.as_ref().and_then(Zval::object), value.object()) {
        (Some(one), Some(other)) => std::ptr::eq(one, other),
        _ => false,
    }
}
