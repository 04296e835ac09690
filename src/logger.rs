//! `\danog\MadelineProto\Logger`: lines for people, filtered by importance, to the terminal, a file or a callable.
//!
//! Quiet unless asked: without settings for it, release 8's dialect logs nothing, older dialects echo as their
//! releases did. `madelineproto.log_level` decides for scripts that say nothing.

mod colours;
mod level;
mod psr;

use std::ffi::CStr;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use ext_php_rs::convert::IntoZval;
use ext_php_rs::ffi::{php_output_write, zend_read_static_property, zend_update_static_property};
use ext_php_rs::types::Zval;

use crate::api::RELEASE;
use crate::class::{Class, Frame, Literal, Method, Object, Param, Property, Type};
use crate::exceptions::Thrown;
use crate::settings::LoggerSettings;
use crate::{function, zend};

pub(crate) use level::Level;

const DEFAULT: &str = "default";
/// `JSON_UNESCAPED_SLASHES | JSON_PRETTY_PRINT | JSON_UNESCAPED_UNICODE | JSON_PARTIAL_OUTPUT_ON_ERROR`
const JSON_FLAGS: i64 = 64 | 128 | 256 | 512;
/// Columns before the text of a line.
const MARGIN: usize = 16;
/// Where v4's `Logger::constructor()` empties a log file.
const DEFAULT_MAX_SIZE: i64 = 100 * 1024 * 1024;

const MESSAGE: Param = Param::required(c"param", Type::MIXED);
const LEVEL: Param = Param::optional(
    c"level",
    Type::INT,
    c"\\danog\\MadelineProto\\Logger::NOTICE",
);
const PREFIX: Param = Param::optional(c"prefix", Type::STRING, c"''");
const SETTINGS: Param = Param::required(
    c"settings",
    Type::class(c"danog\\MadelineProto\\Settings\\Logger"),
);

/// The class.
static LOGGER: Class = Class {
    name: c"danog\\MadelineProto\\Logger",
    flags: Class::FINAL | Class::NOT_SERIALIZABLE,
    constants: &[
        (c"ULTRA_VERBOSE", Literal::Int(Level::UltraVerbose as i64)),
        (c"VERBOSE", Literal::Int(Level::Verbose as i64)),
        (c"NOTICE", Literal::Int(Level::Notice as i64)),
        (c"WARNING", Literal::Int(Level::Warning as i64)),
        (c"ERROR", Literal::Int(Level::Error as i64)),
        (c"FATAL_ERROR", Literal::Int(Level::Fatal as i64)),
        (
            c"LEVEL_ULTRA_VERBOSE",
            Literal::Int(Level::UltraVerbose as i64),
        ),
        (c"LEVEL_VERBOSE", Literal::Int(Level::Verbose as i64)),
        (c"LEVEL_NOTICE", Literal::Int(Level::Notice as i64)),
        (c"LEVEL_WARNING", Literal::Int(Level::Warning as i64)),
        (c"LEVEL_ERROR", Literal::Int(Level::Error as i64)),
        (c"LEVEL_FATAL", Literal::Int(Level::Fatal as i64)),
        (c"NO_LOGGER", Literal::Int(Target::None as i64)),
        (c"DEFAULT_LOGGER", Literal::Int(Target::ErrorLog as i64)),
        (c"FILE_LOGGER", Literal::Int(Target::File as i64)),
        (c"ECHO_LOGGER", Literal::Int(Target::Echo as i64)),
        (c"CALLABLE_LOGGER", Literal::Int(Target::Callable as i64)),
        (c"LOGGER_DEFAULT", Literal::Int(Target::ErrorLog as i64)),
        (c"LOGGER_FILE", Literal::Int(Target::File as i64)),
        (c"LOGGER_ECHO", Literal::Int(Target::Echo as i64)),
        (c"LOGGER_CALLABLE", Literal::Int(Target::Callable as i64)),
    ],
    properties: &[
        Property::new(
            c"default",
            Type::class(c"danog\\MadelineProto\\Logger").nullable(),
            Literal::Null,
        )
        .of_class(),
        Property::new(c"mode", Type::INT, Literal::Uninitialized).readonly(),
        Property::new(c"level", Type::INT, Literal::Uninitialized).readonly(),
        Property::new(c"optional", Type::MIXED, Literal::Uninitialized).readonly(),
        Property::new(c"prefix", Type::STRING, Literal::Uninitialized).readonly(),
        Property::new(c"maxSize", Type::INT, Literal::Int(-1)).private(),
    ],
    methods: &[
        Method::new(c"__construct", |frame: &mut Frame<'_>| {
            let settings = settings_argument(frame)?;
            fill(frame.this()?, settings, &frame.text(1).unwrap_or_default())
        })
        .params(&[SETTINGS, PREFIX]),
        Method::new(c"constructorFromSettings", |frame: &mut Frame<'_>| {
            let logger = new(
                settings_argument(frame)?,
                &frame.text(1).unwrap_or_default(),
            )?;
            frame.give_zval(logger);
            Ok(())
        })
        .params(&[SETTINGS, PREFIX])
        .returns(Type::class(c"self"))
        .of_class(),
        Method::new(c"constructor", legacy_constructor)
            .params(&[
                Param::required(c"mode", Type::INT),
                Param::optional(c"optional", Type::MIXED, c"null"),
                PREFIX,
                LEVEL,
                Param::optional(c"max_size", Type::INT, c"104857600"),
            ])
            .returns(Type::VOID)
            .of_class(),
        Method::new(c"log", log)
            .params(&[MESSAGE, LEVEL])
            .returns(Type::VOID)
            .of_class(),
        Method::new(c"logger", logger)
            .params(&[
                MESSAGE,
                LEVEL,
                Param::optional(c"file", Type::STRING, c"''"),
            ])
            .returns(Type::VOID),
        Method::new(c"truncate", truncate).returns(Type::VOID),
        Method::new(c"getPsrLogger", psr::bridge)
            .returns(Type::class(c"danog\\MadelineProto\\PsrLogger")),
    ],
    ..Class::DEFAULT
};

/// The classes of this module.
pub(crate) static CLASSES: &[&Class] = &[&LOGGER, &psr::PSR_LOGGER];

/// Where lines go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// Nowhere.
    None = 0,
    /// PHP's error log.
    ErrorLog = 1,
    /// A file.
    File = 2,
    /// The script's output.
    Echo = 3,
    /// `callable(mixed $message, int $level)`
    Callable = 4,
}

impl Target {
    /// What messages expect where a type stands.
    pub(crate) const EXPECTED: &'static str = "Logger::DEFAULT_LOGGER (1), FILE_LOGGER (2), ECHO_LOGGER (3), CALLABLE_LOGGER (4) or 0 for none";

    /// The target of a number.
    pub(crate) fn from_number(number: i64) -> Option<Self> {
        [
            Self::None,
            Self::ErrorLog,
            Self::File,
            Self::Echo,
            Self::Callable,
        ]
        .into_iter()
        .find(|&target| target as i64 == number)
    }
}

/// Makes the default logger of this request, to which the library writes.
///
/// The first one is told who logs.
pub(crate) fn install(settings: LoggerSettings) -> Result<(), Thrown> {
    let first = !is_installed();
    set_default(new(settings, "")?)?;
    if first {
        write(Level::Notice, || {
            let version = env!("CARGO_PKG_VERSION");
            format!(
                "madelineproto {version}, a PHP extension with the API of MadelineProto {RELEASE}"
            )
        });
        write(Level::Notice, || {
            concat!("License: ", env!("CARGO_PKG_LICENSE")).to_owned()
        });
    }
    Ok(())
}

/// Writes a line of the library's to the default logger; `text` is only asked where it is wanted.
pub(crate) fn write(level: Level, text: impl FnOnce() -> String) {
    let Some(default) = default_logger() else {
        return;
    };
    if let Some(logger) = default.object().map(Object::of)
        && takes(logger, level)
        && let Ok(text) = text().into_zval(false)
    {
        // A callable's exception is left to the PHP code that is running.
        drop(put(logger, &text, level, "MadelineProto"));
    }
}

/// Whether this request has a default logger.
pub(crate) fn is_installed() -> bool {
    default_logger().is_some()
}

/// The default logger of this request; null where there is none.
pub(crate) fn current() -> Zval {
    default_logger().unwrap_or_default()
}

/// `Logger::log()` and `API::logger()`: to the default logger, or to the output where there is none.
pub(crate) fn log(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    if let Some(logger) = default_logger()
        .as_ref()
        .and_then(Zval::object)
        .map(Object::of)
    {
        return put_argument(logger, frame);
    }
    if let Some(message) = frame.arg(0) {
        let line = line(&caller(), "", message);
        let level = level_argument(frame, 1);
        echo(&colours::paint(level, line, colours::Output::Script));
    }
    Ok(())
}

/// `$logger->logger()`
fn logger(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    put_argument(frame.this()?, frame)
}

/// Hands the call's first argument to a logger: message, level, name of the file that logs.
fn put_argument(logger: &Object, frame: &Frame<'_>) -> Result<(), Thrown> {
    let level = level_argument(frame, 1);
    match frame.arg(0) {
        Some(message) if takes(logger, level) => {
            let file = frame
                .text(2)
                .filter(|file| !file.is_empty())
                .map_or_else(caller, |file| base_name(&file));
            put(logger, message, level, &file)
        }
        _ => Ok(()),
    }
}

/// `Logger::constructor()` of releases before 6: makes the default logger.
fn legacy_constructor(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let mode = frame.int(0).unwrap_or_default();
    let target = Target::from_number(mode).ok_or_else(|| {
        Thrown::Exception(format!(
            "The logger's mode must be {}, got {mode}",
            Target::EXPECTED
        ))
    })?;
    let settings = LoggerSettings {
        target,
        level: level_argument(frame, 3),
        extra: frame.arg(1).map(Zval::shallow_clone).unwrap_or_default(),
        max_size: frame.int(4).unwrap_or(DEFAULT_MAX_SIZE),
    };
    set_default(new(settings, &frame.text(2).unwrap_or_default())?)
}

/// `$logger->truncate()`: empties a log file that is too long.
fn truncate(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let this = frame.this()?;
    if number(this, "mode") == Target::File as i64 {
        append(&path(this), "", number(this, "maxSize"))?;
    }
    Ok(())
}

fn settings_argument(frame: &Frame<'_>) -> Result<LoggerSettings, Thrown> {
    let settings = frame.object(0).ok_or(Thrown::Pending)?;
    LoggerSettings::of_object(settings).map_err(Thrown::from)
}

fn level_argument(frame: &Frame<'_>, index: usize) -> Level {
    frame.int(index).map_or(Level::Notice, Level::from_number)
}

fn new(settings: LoggerSettings, prefix: &str) -> Result<Zval, Thrown> {
    let logger = LOGGER.instantiate();
    fill(Object::of(&logger), settings, prefix)?;
    Ok(logger.into_zval(false)?)
}

fn fill(logger: &Object, settings: LoggerSettings, prefix: &str) -> Result<(), Thrown> {
    let LoggerSettings {
        target,
        level,
        mut extra,
        max_size,
    } = settings;
    if target == Target::File {
        let path = with_suffix(extra.str().unwrap_or_default());
        append(&path, "", max_size)?;
        extra = path.into_zval(false)?;
    }
    if target == Target::Callable && !extra.is_callable() {
        return Err(Thrown::Exception(
            "A callable logger needs a callable as its extra parameter".to_owned(),
        ));
    }
    LOGGER.initialize(logger, "mode", (target as i64).into_zval(false)?);
    LOGGER.initialize(logger, "level", (level as i64).into_zval(false)?);
    LOGGER.initialize(logger, "optional", extra);
    LOGGER.initialize(logger, "prefix", prefix.into_zval(false)?);
    LOGGER.initialize(logger, "maxSize", max_size.into_zval(false)?);
    Ok(())
}

fn takes(logger: &Object, level: Level) -> bool {
    number(logger, "mode") != Target::None as i64 && level as i64 <= number(logger, "level")
}

/// Hands a message to a logger.
fn put(logger: &Object, message: &Zval, level: Level, file: &str) -> Result<(), Thrown> {
    let prefix = LOGGER.read(logger, "prefix").string().unwrap_or_default();
    match Target::from_number(number(logger, "mode")) {
        Some(Target::Echo) => {
            let line = line(file, &prefix, message);
            echo(&colours::paint(level, line, colours::Output::Script));
        }
        Some(Target::File) => append(
            &path(logger),
            &line(file, &prefix, message),
            number(logger, "maxSize"),
        )?,
        Some(Target::ErrorLog) => {
            let line = line(file, &prefix, message);
            let line = colours::paint(level, line, colours::Output::ErrorLog);
            drop(function::call("error_log", vec![&line.trim_end()]));
        }
        Some(Target::Callable) => {
            let callable = LOGGER.read(logger, "optional");
            drop(callable.try_call(vec![message, &(level as i64)]));
            Thrown::pending()?;
        }
        Some(Target::None) | None => {}
    }
    Ok(())
}

/// One line: `file, prefix:` in a margin, then the message.
fn line(file: &str, prefix: &str, message: &Zval) -> String {
    let place = if prefix.is_empty() {
        format!("{file}: ")
    } else {
        format!("{file}, {prefix}: ")
    };
    format!("{place:MARGIN$}\t{}\n", printed(message))
}

/// A message as text: strings as they are, exceptions as PHP prints them, other values as JSON.
fn printed(message: &Zval) -> String {
    if let Some(text) = message.zend_str() {
        return String::from_utf8_lossy(text.as_bytes()).into_owned();
    }
    let throwable = message
        .object()
        .filter(|object| object.instance_of(ext_php_rs::zend::ce::throwable()));
    let text = match throwable {
        Some(object) => object.try_call_method("__toString", vec![]).ok(),
        None => function::call("json_encode", vec![message, &JSON_FLAGS]),
    };
    text.and_then(|text| text.string()).unwrap_or_default()
}

fn echo(line: &str) {
    // SAFETY: writes the text to PHP's output.
    unsafe { php_output_write(line.as_ptr().cast(), line.len()) };
}

/// Adds to a log file, which is emptied first when it has outgrown `max_size` bytes (−1: never).
fn append(path: &str, line: &str, max_size: i64) -> Result<(), Thrown> {
    let written = OpenOptions::new()
        .append(true)
        .create(true)
        .open(path)
        .and_then(|mut file| {
            if max_size >= 0 && file.metadata()?.len() > max_size as u64 {
                file.set_len(0)?;
            }
            file.write_all(line.as_bytes())
        });
    written.map_err(|cause| Thrown::Exception(format!("cannot write the log file {path}: {cause}")))
}

/// MadelineProto's log files end in `.log`, so that nobody's script is overwritten.
fn with_suffix(path: &str) -> String {
    if Path::new(path)
        .extension()
        .is_some_and(|extension| extension == "log")
    {
        path.to_owned()
    } else {
        format!("{path}.log")
    }
}

/// The running script's file, as lines name it.
fn caller() -> String {
    // SAFETY: the engine returns a C string that lives while the script runs.
    base_name(&unsafe { CStr::from_ptr(zend::zend_get_executed_filename()) }.to_string_lossy())
}

fn base_name(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.strip_suffix(".php").unwrap_or(name).to_owned()
}

fn number(logger: &Object, property: &str) -> i64 {
    LOGGER.read(logger, property).long().unwrap_or_default()
}

fn path(logger: &Object) -> String {
    LOGGER.read(logger, "optional").string().unwrap_or_default()
}

/// `Logger::$default`, which PHP resets between requests.
fn default_logger() -> Option<Zval> {
    if LOGGER.entry().is_null() {
        return None;
    }
    // SAFETY: a static property of a registered class; the engine returns a pointer to its slot.
    let value = unsafe {
        zend_read_static_property(LOGGER.entry(), DEFAULT.as_ptr().cast(), DEFAULT.len(), true)
            .as_ref()
    };
    value.map(Zval::shallow_clone).filter(Zval::is_object)
}

fn set_default(mut logger: Zval) -> Result<(), Thrown> {
    // SAFETY: as above; the engine copies the value with a reference of its own.
    unsafe {
        zend_update_static_property(
            LOGGER.entry(),
            DEFAULT.as_ptr().cast(),
            DEFAULT.len(),
            &raw mut logger,
        );
    }
    Thrown::pending()
}
