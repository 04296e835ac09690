//! `Settings`, its parts, the arrays of older releases, and what they mean for a client.
//!
//! The classes are tables (`parts.rs`, `database.rs`); a property that the script left alone is answered by the ini
//! table or by a default. Everything is judged where it is used: a value that cannot be is an exception that names
//! the setting, what was expected and what came.

mod accessors;
pub(crate) mod addresses;
mod app;
mod config;
mod connection;
mod database;
mod invalid;
mod kept;
mod legacy;
mod logging;
mod lua;
mod merge;
mod parts;
mod routes;
mod storage;
mod streams;
mod unused;

use ext_php_rs::boxed::ZBox;
use ext_php_rs::convert::IntoZval;
use ext_php_rs::types::{ZendObject, Zval};

use crate::class::{Base, Class, Frame, Literal, Method, Object, Param, Property, Type, c_str};
use crate::exceptions::{Thrown, handlers};
use crate::logger::{self, Level};

pub(crate) use app::{TEMPLATE as APP_TEMPLATE, complete_app};
pub(crate) use config::{config, download_link};
use database::{DATABASE, MEMORY};
pub(crate) use invalid::Invalid;
pub(crate) use kept::{apply, recall};
pub(crate) use logging::{LoggerSettings, is_cli};
pub(crate) use lua::LuaLimits;
pub(crate) use merge::merge;
use parts::{
    APP_INFO, AUTH, CONNECTION, FILES, IPC, LOGGER, LUA, METRICS, PEER, PWR, RPC, SECRET_CHATS,
    SERIALIZATION, TEMPLATES, TL_SCHEMA, VOIP,
};

/// What all settings have in common.
pub(crate) static SETTINGS_ABSTRACT: Class = Class {
    name: c"danog\\MadelineProto\\SettingsAbstract",
    flags: Class::ABSTRACT,
    ..Class::DEFAULT
};

/// No settings: those that the session was opened with before stay.
static SETTINGS_EMPTY: Class = Class {
    name: c"danog\\MadelineProto\\SettingsEmpty",
    flags: Class::FINAL,
    parent: Some(Base::Ours(&SETTINGS_ABSTRACT)),
    ..Class::DEFAULT
};

/// The parts of a `Settings` object: property, accessor, class, and the class that is made where none was set.
macro_rules! whole {
    ($($property:literal $accessor:literal $type:expr, $part:ident;)*) => {
        /// All settings.
        pub(crate) static SETTINGS: Class = Class {
            name: c"danog\\MadelineProto\\Settings",
            flags: Class::FINAL,
            parent: Some(Base::Ours(&SETTINGS_ABSTRACT)),
            properties: &[$(
                Property::new(c_str(concat!($property, "\0")), Type::class($type), Literal::Uninitialized).protected(),
            )*],
            methods: &[
                Method::new(c"__construct", |_: &mut Frame<'_>| Ok(())),
                Method::new(c"merge", |frame: &mut Frame<'_>| match frame.object(0) {
                    Some(other) => merge(frame.this()?, other),
                    None => Ok(()),
                })
                .params(&[Param::required(c"settings", Type::class(c"danog\\MadelineProto\\SettingsAbstract"))])
                .returns(Type::VOID),
                Method::new(c"applyChanges", |frame: &mut Frame<'_>| {
                    frame.give_this();
                    Ok(())
                })
                .returns(Type::STATIC),
                $(
                    Method::new(c_str(concat!("get", $accessor, "\0")), |frame: &mut Frame<'_>| {
                        let part = part(frame.this()?, $property)?;
                        frame.give_zval(part);
                        Ok(())
                    })
                    .returns(Type::class($type)),
                    Method::new(c_str(concat!("set", $accessor, "\0")), |frame: &mut Frame<'_>| {
                        accessors::set(&SETTINGS, $property, frame)
                    })
                    .params(&[Param::required(c_str(concat!($property, "\0")), Type::class($type))])
                    .returns(Type::class(c"self")),
                )*
            ],
            ..Class::DEFAULT
        };
        const PARTS: &[(&str, &Class)] = &[$(($property, &$part)),*];
    };
}

whole! {
    "appInfo" "AppInfo" c"danog\\MadelineProto\\Settings\\AppInfo", APP_INFO;
    "auth" "Auth" c"danog\\MadelineProto\\Settings\\Auth", AUTH;
    "connection" "Connection" c"danog\\MadelineProto\\Settings\\Connection", CONNECTION;
    "files" "Files" c"danog\\MadelineProto\\Settings\\Files", FILES;
    "lua" "Lua" c"danog\\MadelineProto\\Settings\\Lua", LUA;
    "metrics" "Metrics" c"danog\\MadelineProto\\Settings\\Metrics", METRICS;
    "logger" "Logger" c"danog\\MadelineProto\\Settings\\Logger", LOGGER;
    "peer" "Peer" c"danog\\MadelineProto\\Settings\\Peer", PEER;
    "rpc" "Rpc" c"danog\\MadelineProto\\Settings\\RPC", RPC;
    "secretChats" "SecretChats" c"danog\\MadelineProto\\Settings\\SecretChats", SECRET_CHATS;
    "serialization" "Serialization" c"danog\\MadelineProto\\Settings\\Serialization", SERIALIZATION;
    "schema" "Schema" c"danog\\MadelineProto\\Settings\\TLSchema", TL_SCHEMA;
    "db" "Db" c"danog\\MadelineProto\\Settings\\DatabaseAbstract", MEMORY;
    "ipc" "Ipc" c"danog\\MadelineProto\\Settings\\Ipc", IPC;
    "templates" "Templates" c"danog\\MadelineProto\\Settings\\Templates", TEMPLATES;
    "voip" "Voip" c"danog\\MadelineProto\\Settings\\VoIP", VOIP;
    "pwr" "Pwr" c"danog\\MadelineProto\\Settings\\Pwr", PWR;
}
/// The classes of this module, parents first.
pub(crate) static CLASSES: &[&Class] = &[
    &SETTINGS_ABSTRACT,
    &SETTINGS_EMPTY,
    &SETTINGS,
    &APP_INFO,
    &AUTH,
    &CONNECTION,
    &FILES,
    &LUA,
    &METRICS,
    &LOGGER,
    &PEER,
    &RPC,
    &SECRET_CHATS,
    &SERIALIZATION,
    &TL_SCHEMA,
    &TEMPLATES,
    &IPC,
    &VOIP,
    &PWR,
    &DATABASE,
    &MEMORY,
    &database::DRIVER,
    &database::SQL,
    &database::MYSQL,
    &database::POSTGRES,
    &database::REDIS,
];

/// The classes by whose names connections are described.
pub(crate) fn stream_classes() -> &'static [&'static Class] {
    &streams::CLASSES
}

/// A `Settings` object from what a script gives an API object: nothing, a `Settings` object, one of its parts, or an
/// array as releases before 8 took it. Only the parts that were given are set in it.
///
/// Makes the request's logger where the script sets one up or there is none yet; `echoes` where the dialect's default
/// is to log to the output. Takes over PHP's handlers where the ini table asks for it.
pub(crate) fn resolve(given: Option<&Zval>, echoes: bool) -> Result<ZBox<ZendObject>, Thrown> {
    let settings = SETTINGS.instantiate();
    let given = given.filter(|given| !given.is_null());
    if let Some(given) = given {
        if let Some(array) = given.array() {
            legacy::apply(Object::of(&settings), array)?;
        } else if let Some(object) = SETTINGS_ABSTRACT.object(given) {
            merge(Object::of(&settings), object)?;
        } else {
            let expected = "a Settings object, one of its parts or an array";
            return Err(
                Invalid::new("(the API object's settings)", expected, describe(given)).into(),
            );
        }
    }
    handlers::install()?;
    match SETTINGS.read(&settings, "logger").object().map(Object::of) {
        Some(part) => logger::install(LoggerSettings::for_api(part, echoes)?)?,
        None if logger::is_installed() => {}
        None => logger::install(LoggerSettings::for_api(
            Object::of(&LOGGER.instantiate()),
            echoes,
        )?)?,
    }
    for path in given
        .and_then(Zval::array)
        .map(legacy::ignored)
        .unwrap_or_default()
    {
        logger::write(Level::Verbose, || {
            format!("The setting {path} has no meaning here and is ignored")
        });
    }
    unused::report(Object::of(&settings));
    Ok(settings)
}

/// How many seconds everything about a peer is kept.
pub(crate) fn full_info_cache_time(settings: &Zval) -> i64 {
    let part = SETTINGS
        .object(settings)
        .map(|settings| SETTINGS.read(settings, "peer"));
    let time = match part.as_ref().and_then(|part| PEER.object(part)) {
        Some(part) => PEER.read(part, "fullInfoCacheTime"),
        None => PEER.read(&PEER.instantiate(), "fullInfoCacheTime"),
    };
    time.long().unwrap_or_default()
}

/// The template of web pages: four `%s` for title, form, button and trailer.
pub(crate) fn html_template(settings: &Object) -> Result<String, Thrown> {
    let templates = part(settings, "templates")?;
    let template = templates
        .object()
        .map(|templates| TEMPLATES.read(templates, "htmlTemplate"));
    Ok(template
        .and_then(|template| template.string())
        .unwrap_or_default())
}

/// Whether metrics are wanted.
pub(crate) fn collects_metrics(settings: &Object) -> Result<bool, Thrown> {
    let metrics = part(settings, "metrics")?;
    let wanted = metrics
        .object()
        .map(|metrics| METRICS.read(metrics, "enablePrometheusCollection"));
    Ok(wanted.and_then(|wanted| wanted.bool()).unwrap_or_default())
}

/// Sets the template of web pages.
pub(crate) fn set_html_template(settings: &Object, template: Zval) -> Result<(), Thrown> {
    let templates = part(settings, "templates")?;
    match templates.object().map(Object::of) {
        Some(templates) => TEMPLATES.write(templates, "htmlTemplate", template),
        None => Ok(()),
    }
}

/// A `Settings` object as the array that releases before 8 had.
pub(crate) fn as_array(settings: &Zval) -> Result<Zval, Thrown> {
    match SETTINGS.object(settings) {
        Some(settings) => legacy::array(settings),
        None => Ok(Zval::new()),
    }
}

/// A part of a `Settings` object; made with its defaults where the script has set none.
fn part(settings: &Object, property: &str) -> Result<Zval, Thrown> {
    let value = SETTINGS.read(settings, property);
    if !value.is_null() {
        return Ok(value);
    }
    let Some((_, class)) = PARTS.iter().find(|(name, _)| *name == property) else {
        return Ok(value);
    };
    let made = class.instantiate().into_zval(false)?;
    SETTINGS.write(settings, property, made.shallow_clone())?;
    Ok(made)
}

/// A value as messages about it show it: scalars as PHP writes them, else the type's name.
pub(crate) fn describe(value: &Zval) -> String {
    if let Some(text) = value.str() {
        return format!("{text:?}");
    }
    if let Some(number) = value.long() {
        return number.to_string();
    }
    if let Some(number) = value.double() {
        return number.to_string();
    }
    if let Some(truth) = value.bool() {
        return truth.to_string();
    }
    if let Some(object) = value.object() {
        return object
            .get_class_name()
            .unwrap_or_else(|_| "object".to_owned());
    }
    if value.is_null() { "null" } else { "array" }.to_owned()
}
