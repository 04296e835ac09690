//! `$logger->getPsrLogger()`: the logger for libraries that want one of PSR-3.

use std::ffi::CStr;

use ext_php_rs::convert::IntoZval;
use ext_php_rs::types::{ZendHashTable, Zval};
use ext_php_rs::zend::ce;

use super::{LOGGER, Level, caller, put, takes};
use crate::class::{Bridge, Class, Frame, Literal, Method, Object, Param, Property, Type};
use crate::exceptions::Thrown;
use crate::settings::describe;

static BRIDGE: Bridge = Bridge {
    parent: &PSR_LOGGER,
    interface: "Psr\\Log\\LoggerInterface",
    child: "danog\\MadelineProto\\PsrLoggerBridge",
    source: c"namespace danog\\MadelineProto; \
        final class PsrLoggerBridge extends PsrLogger implements \\Psr\\Log\\LoggerInterface {}",
};

/// Untyped: what PSR-3's versions want there differs, and a child class may take more.
const MESSAGE: Param = Param::required(c"message", Type::NONE);
const CONTEXT: Param = Param::optional(c"context", Type::ARRAY, c"[]");

const fn of_level<F>(name: &'static CStr, handler: F) -> Method
where
    F: Fn(&mut Frame<'_>) -> Result<(), Thrown> + Copy + 'static,
{
    Method::new(name, handler)
        .params(&[MESSAGE, CONTEXT])
        .returns(Type::VOID)
}

/// The class.
pub(super) static PSR_LOGGER: Class = Class {
    name: c"danog\\MadelineProto\\PsrLogger",
    flags: Class::NOT_SERIALIZABLE,
    properties: &[Property::new(
        c"logger",
        Type::class(c"danog\\MadelineProto\\Logger"),
        Literal::Uninitialized,
    )
    .private()],
    methods: &[
        Method::new(c"__construct", |frame: &mut Frame<'_>| {
            let logger = frame.arg(0).map(Zval::shallow_clone).unwrap_or_default();
            PSR_LOGGER.initialize(frame.this()?, "logger", logger);
            Ok(())
        })
        .params(&[Param::required(
            c"logger",
            Type::class(c"danog\\MadelineProto\\Logger"),
        )]),
        of_level(c"emergency", |frame: &mut Frame<'_>| {
            write(frame, Level::Fatal, 0)
        }),
        of_level(c"alert", |frame: &mut Frame<'_>| {
            write(frame, Level::Fatal, 0)
        }),
        of_level(c"critical", |frame: &mut Frame<'_>| {
            write(frame, Level::Fatal, 0)
        }),
        of_level(c"error", |frame: &mut Frame<'_>| {
            write(frame, Level::Error, 0)
        }),
        of_level(c"warning", |frame: &mut Frame<'_>| {
            write(frame, Level::Warning, 0)
        }),
        of_level(c"notice", |frame: &mut Frame<'_>| {
            write(frame, Level::Notice, 0)
        }),
        of_level(c"info", |frame: &mut Frame<'_>| {
            write(frame, Level::Verbose, 0)
        }),
        of_level(c"debug", |frame: &mut Frame<'_>| {
            write(frame, Level::UltraVerbose, 0)
        }),
        Method::new(c"log", |frame: &mut Frame<'_>| {
            let level = level(frame)?;
            write(frame, level, 1)
        })
        .params(&[Param::required(c"level", Type::NONE), MESSAGE, CONTEXT])
        .returns(Type::VOID),
    ],
    ..Class::DEFAULT
};

/// `getPsrLogger(): PsrLogger`
pub(super) fn bridge(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let bridge = BRIDGE.instantiate()?;
    let mut logger = Zval::new();
    // SAFETY: `$this` is alive; `set_object` takes a reference of its own.
    logger.set_object(unsafe { &mut *frame.this()?.as_ptr() });
    PSR_LOGGER.initialize(Object::of(&bridge), "logger", logger);
    frame.give(bridge)
}

/// Writes the message in argument `index`, with the context after it filled in, and the exception of the context.
fn write(frame: &mut Frame<'_>, level: Level, index: usize) -> Result<(), Thrown> {
    let logger = PSR_LOGGER.read(frame.this()?, "logger");
    let (Some(logger), Some(message)) = (LOGGER.object(&logger), frame.arg(index)) else {
        return Ok(());
    };
    if !takes(logger, level) {
        return Ok(());
    }
    let context = frame.array(index + 1);
    let message = text(message)?;
    let message = context
        .map_or(message.clone(), |context| filled(&message, context))
        .into_zval(false)?;
    put(logger, &message, level, &caller())?;
    let exception = context.and_then(|context| context.get("exception"));
    match exception {
        Some(exception) if is_throwable(exception) => put(logger, exception, level, &caller()),
        _ => Ok(()),
    }
}

/// `{name}` in a message replaced by what the context has under that name, where that has a text.
fn filled(message: &str, context: &ZendHashTable) -> String {
    let mut filled = String::with_capacity(message.len());
    let mut rest = message;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let value = after.split_once('}').and_then(|(name, after)| {
            let value = context.get(name).filter(|value| !value.is_array())?;
            Some((text(value).ok()?, after))
        });
        if let Some((value, after)) = value {
            filled.push_str(&value);
            rest = after;
        } else {
            filled.push('{');
            rest = after;
        }
    }
    filled + rest
}

/// A message as text; an object by its `__toString`.
fn text(value: &Zval) -> Result<String, Thrown> {
    let text = value.coerce_to_string();
    Thrown::pending()?;
    text.ok_or_else(|| {
        let given = describe(value);
        Thrown::InvalidArgument(format!("A message must be a text, got {given}"))
    })
}

/// The level of PSR-3's name in the first argument.
fn level(frame: &Frame<'_>) -> Result<Level, Thrown> {
    let name = frame.text(0).unwrap_or_default();
    Ok(match &*name {
        "emergency" | "alert" | "critical" => Level::Fatal,
        "error" => Level::Error,
        "warning" => Level::Warning,
        "notice" => Level::Notice,
        "info" => Level::Verbose,
        "debug" => Level::UltraVerbose,
        _ => {
            let expected = "emergency, alert, critical, error, warning, notice, info or debug";
            let given = frame.arg(0).map(describe).unwrap_or_default();
            let text = format!("PSR-3 has no such log level: expected {expected}, got {given}");
            return Err(Thrown::InvalidArgument(text));
        }
    })
}

fn is_throwable(value: &Zval) -> bool {
    value
        .object()
        .is_some_and(|object| object.instance_of(ce::throwable()))
}
