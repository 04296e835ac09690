//! `\danog\MadelineProto\Lua`: the API for scripts in Lua (specification §10).
//!
//! A script sees the methods of the API object as functions and Telegram's namespaces as tables; PHP calls the script's
//! functions and sees its globals as methods and properties of the object. A state is made when an object is.

mod calls;
mod engine;
mod libraries;
mod methods;
mod objects;
mod raised;
mod sink;
mod td;
mod tree;
mod values;

use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;

use ext_php_rs::types::{ZendHashTable, ZendStr, Zval};
use mlua::chunk::ChunkMode;
use mlua::{MultiValue, Value};

use crate::api;
use crate::class::{
    Class, Frame, Literal, Method, Object, Param, Property, State, StateLayout, Type,
};
use crate::exceptions::Thrown;
use crate::settings::LuaLimits;
use crate::zval::sink::array;
use crate::{function, zval};
use engine::Engine;
use tree::Node;
use values::Functions;

pub(crate) use libraries::NAMES as LIBRARIES;

static LUA: Class = Class {
    name: c"danog\\MadelineProto\\Lua",
    properties: &[
        Property::new(c"MadelineProto", Type::NONE, Literal::Null),
        Property::new(c"script", Type::STRING, Literal::Text("")).protected(),
    ],
    methods: &[
        Method::new(c"__construct", construct).params(&[
            Param::required(c"script", Type::STRING),
            Param::required(
                c"MadelineProto",
                Type::class(c"danog\\MadelineProto\\InternalDoc"),
            ),
        ]),
        Method::new(c"__sleep", |frame: &mut Frame<'_>| {
            let mut names = ZendHashTable::new();
            names.push("MadelineProto")?;
            names.push("script")?;
            frame.give_zval(array(names));
            Ok(())
        })
        .returns(Type::ARRAY),
        Method::new(c"__wakeup", |frame: &mut Frame<'_>| start(frame.this()?)).returns(Type::VOID),
        Method::new(c"__get", get)
            .params(&[Param::required(c"name", Type::STRING)])
            .returns(Type::MIXED),
        Method::new(c"__set", set)
            .params(&[
                Param::required(c"name", Type::STRING),
                Param::required(c"value", Type::MIXED),
            ])
            .returns(Type::VOID),
        Method::new(c"__isset", is_set)
            .params(&[Param::required(c"name", Type::STRING)])
            .returns(Type::BOOL),
        Method::new(c"__unset", unset)
            .params(&[Param::required(c"name", Type::STRING)])
            .returns(Type::VOID),
        Method::new(c"__call", call)
            .params(&[
                Param::required(c"name", Type::STRING),
                Param::required(c"arguments", Type::ARRAY),
            ])
            .returns(Type::MIXED),
        Method::new(c"madelineFunction", |frame: &mut Frame<'_>| {
            call_global(frame, "madeline_function")
        })
        .params(CALL_PARAMS)
        .returns(Type::MIXED),
        Method::new(c"tdcliFunction", |frame: &mut Frame<'_>| {
            call_global(frame, "tdcli_function")
        })
        .params(CALL_PARAMS)
        .returns(Type::MIXED),
        Method::new(c"tdcliUpdateCallback", |frame: &mut Frame<'_>| {
            let engine = engine(frame)?;
            let update = frame.arg(0).map(Zval::shallow_clone).unwrap_or_default();
            let value = td::update(&engine, update)?;
            frame.give_zval(value);
            Ok(())
        })
        .params(&[Param::required(c"update", Type::MIXED)])
        .returns(Type::MIXED),
    ],
    state: Some(StateLayout::of::<LuaState>()),
    ..Class::DEFAULT
};

const CALL_PARAMS: &[Param] = &[
    Param::required(c"params", Type::ARRAY),
    Param::optional(c"cb", Type::MIXED, c"null"),
    Param::optional(c"cb_extra", Type::MIXED, c"null"),
];

/// The classes of this module.
pub(crate) static CLASSES: &[&Class] = &[&LUA];

/// What a Lua object carries.
#[derive(Default)]
pub(crate) struct LuaState {
    engine: RefCell<Option<Rc<Engine>>>,
}

impl State for LuaState {
    fn class() -> &'static Class {
        &LUA
    }
}

/// At the end of a request: where a fatal error came between Lua and PHP, values may be left.
pub(crate) fn end_of_request() {
    raised::sweep();
}

fn construct(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let this = frame.this()?;
    if engine_of(this).is_ok() {
        return Ok(());
    }
    let value = |index| {
        frame
            .arg(index)
            .map(Zval::shallow_clone)
            .unwrap_or_default()
    };
    LUA.write(this, "script", value(0))?;
    LUA.write(this, "MadelineProto", value(1))?;
    start(this)
}

/// Makes the state and runs the script, once.
fn start(this: &Object) -> Result<(), Thrown> {
    let Some(state) = Class::state::<LuaState>(this) else {
        return Ok(());
    };
    if state.engine.borrow().is_some() {
        return Ok(());
    }
    let path = LUA.read(this, "script");
    let source = read(&path)?;
    let api = LUA.read(this, "MadelineProto");
    let settings = api.object().map(|api| api::configuration(Object::of(api)));
    let limits = LuaLimits::of(&settings.unwrap_or_default())?;
    let engine = Engine::new(this, &api, limits.clone())?;
    engine.run(|_| {
        libraries::prepare(&engine, &limits)?;
        install(&engine)
    })?;
    engine.limit_memory()?;
    state.engine.replace(Some(Rc::clone(&engine)));
    let name = format!("@{}", name_of(&path));
    let script = engine.run(|lua| {
        lua.load(source)
            .set_name(name)
            .set_mode(ChunkMode::Text)
            .into_function()
    })?;
    engine.call(&script, MultiValue::new()).map(drop)
}

/// The globals that a script finds.
fn install(engine: &Engine) -> mlua::Result<()> {
    let globals = engine.lua().globals();
    globals.raw_set("madelineproto_lua", 1)?;
    globals.raw_set(
        "madeline_function",
        engine.function(calls::madeline_function)?,
    )?;
    globals.raw_set("tdcli_function", engine.function(td::function)?)?;
    globals.raw_set(
        "var_dump",
        engine.function(|engine, arguments| var_dump(engine, &arguments))?,
    )?;
    let serialize =
        engine.function(|engine, arguments| calls::serialize_method(engine, &arguments))?;
    globals.raw_set("tlSerializeMethod", &serialize)?;
    globals.raw_set("tl_serialize_method", serialize)?;
    methods::install(engine)?;
    calls::install(engine)
}

/// The source of a script; a first line for the shell is none of Lua's.
fn read(path: &Zval) -> Result<Vec<u8>, Thrown> {
    let name = name_of(path);
    // PHP's own functions know of open_basedir, and of archives.
    let is_file = function::call("is_file", vec![path]);
    Thrown::pending()?;
    if is_file.and_then(|is_file| is_file.bool()) != Some(true) {
        return Err(Thrown::Exception(format!(
            "Provided script does not exist: {name}"
        )));
    }
    let content = function::call("file_get_contents", vec![path]);
    Thrown::pending()?;
    let content = content.as_ref().and_then(Zval::zend_str);
    let Some(content) = content.map(ZendStr::as_bytes) else {
        return Err(Thrown::Exception(format!(
            "Provided script cannot be read: {name}"
        )));
    };
    let content = content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(content);
    let shell: &[u8] = if content.starts_with(b"#") {
        b"--"
    } else {
        b""
    };
    Ok([shell, content].concat())
}

/// A path as text for people.
fn name_of(path: &Zval) -> Cow<'_, str> {
    let path = path.zend_str().map_or(&b""[..], ZendStr::as_bytes);
    String::from_utf8_lossy(path)
}

fn var_dump(engine: &Engine, arguments: &MultiValue) -> mlua::Result<MultiValue> {
    let nodes = values::read(arguments)?;
    engine.php_or_raise(|| {
        for value in values::arguments(engine, &nodes, Functions::Closures)? {
            function::call("var_dump", vec![&value]);
            Thrown::pending()?;
        }
        Ok(())
    })?;
    Ok(MultiValue::new())
}

fn engine(frame: &Frame<'_>) -> Result<Rc<Engine>, Thrown> {
    engine_of(frame.this()?)
}

/// The state of a Lua object.
fn engine_of(object: &Object) -> Result<Rc<Engine>, Thrown> {
    let state = Class::state::<LuaState>(object);
    let engine = state.and_then(|state| state.engine.borrow().as_ref().map(Rc::clone));
    engine.ok_or_else(|| {
        Thrown::Exception(
            "This Lua object has no script: its constructor did not run to its end".to_owned(),
        )
    })
}

/// A global as PHP sees it; one that is not there is null.
fn get(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let name = frame.bytes(0).unwrap_or_default();
    let engine = engine(frame)?;
    if name == b"API" {
        frame.give_copy(engine.api());
        return Ok(());
    }
    let node = engine.run(|lua| {
        let value: Value = lua.globals().raw_get(lua.create_string(name)?)?;
        Node::read(&value)
    })?;
    frame.give_zval(values::given(&engine, &node)?);
    Ok(())
}

fn set(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let value = frame.arg(1).map(Zval::shallow_clone).unwrap_or_default();
    set_global(frame, &value)
}

fn unset(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    set_global(frame, &Zval::new())
}

fn set_global(frame: &Frame<'_>, value: &Zval) -> Result<(), Thrown> {
    let name = frame.bytes(0).unwrap_or_default();
    let engine = engine(frame)?;
    engine.run(|lua| {
        let value = values::to_lua(&engine, value)?;
        lua.globals().raw_set(lua.create_string(name)?, value)
    })
}

fn is_set(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let name = frame.bytes(0).unwrap_or_default();
    let engine = engine(frame)?;
    let is_set = name == b"API"
        || engine.run(|lua| {
            let value: Value = lua.globals().raw_get(lua.create_string(name)?)?;
            Ok(!value.is_nil())
        })?;
    frame.give(is_set)
}

/// `$lua->name(…)`: calls a function of the script's.
fn call(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let name = frame.text(0).unwrap_or_default();
    let engine = engine(frame)?;
    let arguments = frame.array(1).into_iter().flat_map(zval::entries::values);
    if name == "tdcli_update_callback" {
        let update = arguments
            .map(Zval::shallow_clone)
            .next()
            .unwrap_or_default();
        let value = td::update(&engine, update)?;
        frame.give_zval(value);
        return Ok(());
    }
    let value = call_function(&engine, &name, arguments)?;
    frame.give_zval(value);
    Ok(())
}

/// A method that stands for a function of Lua's.
fn call_global(frame: &mut Frame<'_>, name: &str) -> Result<(), Thrown> {
    let engine = engine(frame)?;
    let arguments = (0..frame.count()).filter_map(|index| frame.arg(index));
    let value = call_function(&engine, name, arguments)?;
    frame.give_zval(value);
    Ok(())
}

/// Calls a global function; several results are a list.
fn call_function<'z>(
    engine: &Engine,
    name: &str,
    arguments: impl Iterator<Item = &'z Zval>,
) -> Result<Zval, Thrown> {
    let (found, arguments) = engine.run(|lua| {
        let found: Value = lua.globals().raw_get(name)?;
        let arguments = arguments.map(|value| values::to_lua(engine, value));
        Ok((found, arguments.collect::<mlua::Result<MultiValue>>()?))
    })?;
    let Value::Function(function) = found else {
        return Err(Thrown::Exception(format!(
            "The Lua script has no function {name}(): expected a function, found {}",
            found.type_name()
        )));
    };
    let results = engine.call(&function, arguments)?;
    values::result(engine, &results)
}
