//! `Settings\Logger` and what becomes of it.

use ext_php_rs::convert::IntoZval;
use ext_php_rs::ffi::ext_php_rs_sapi_module;
use ext_php_rs::types::Zval;

use super::Invalid;
use super::accessors::set_to;
use super::parts::LOGGER;
use crate::class::{Frame, Object};
use crate::exceptions::Thrown;
use crate::ini;
use crate::logger::{Level, Target};

/// Log files are never emptied before they have this many bytes (`setMaxSize()`; −1: never at all).
const LEAST_MAX_SIZE: i64 = 25 * 1024 * 1024;

/// What a logger is made from.
pub(crate) struct LoggerSettings {
    /// Where lines go.
    pub(crate) target: Target,
    /// The least important level that is taken.
    pub(crate) level: Level,
    /// The file's path, or the callable.
    pub(crate) extra: Zval,
    /// How many bytes a file may have before it is emptied; −1 for any number.
    pub(crate) max_size: i64,
}

impl LoggerSettings {
    /// What a `Settings\Logger` object says, defaults included.
    pub(crate) fn of_object(object: &Object) -> Result<Self, Invalid> {
        let number = |property, default: fn() -> i64| {
            LOGGER.read(object, property).long().unwrap_or_else(default)
        };
        let target = number("type", default_type);
        let target = Target::from_number(target).ok_or_else(|| {
            Invalid::new("Logger::setType()", Target::EXPECTED, target.to_string())
        })?;
        let mut extra = LOGGER.read(object, "extra");
        if extra.is_null() {
            extra = default_extra().into_zval(false).unwrap_or_default();
        }
        Ok(Self {
            target,
            level: Level::from_number(number("level", default_level)),
            extra,
            max_size: number("maxSize", || LEAST_MAX_SIZE),
        })
    }

    /// The same for an API object: quiet, unless the script or the ini table asks for lines or `echoes` (the dialect
    /// does by default).
    pub(crate) fn for_api(object: &Object, echoes: bool) -> Result<Self, Invalid> {
        let mut settings = Self::of_object(object)?;
        let asked = ["type", "level"]
            .iter()
            .any(|property| !LOGGER.read(object, property).is_null());
        if !asked {
            settings.level = match ini::log_level()? {
                Some(level) => level,
                None if echoes => settings.level,
                None => Level::None,
            };
            if settings.level == Level::None {
                settings.target = Target::None;
            }
        }
        Ok(settings)
    }
}

/// Whether PHP runs in a terminal.
pub(crate) fn is_cli() -> bool {
    // SAFETY: PHP sets the module before extensions start; its name is a static C string.
    let name = unsafe { std::ffi::CStr::from_ptr((*ext_php_rs_sapi_module()).name) };
    name == c"cli" || name == c"phpdbg"
}

/// The output in a terminal, a file elsewhere.
pub(super) fn default_type() -> i64 {
    (if is_cli() { Target::Echo } else { Target::File }) as i64
}

/// Everything but the noise.
pub(super) fn default_level() -> i64 {
    Level::Verbose as i64
}

/// `MadelineProto.log` in the working directory, which on the web is the script's.
pub(super) fn default_extra() -> String {
    std::env::current_dir()
        .unwrap_or_default()
        .join("MadelineProto.log")
        .to_string_lossy()
        .into_owned()
}

/// `setLevel(int $level)`: never below `NOTICE`.
pub(super) fn set_level(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let level = frame.int(0).unwrap_or_default().max(Level::Notice as i64);
    set_to(&LOGGER, "level", frame, level.into_zval(false)?)
}

/// `setMaxSize(int $maxSize)`: −1 or at least [`LEAST_MAX_SIZE`].
pub(super) fn set_max_size(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let size = frame.int(0).unwrap_or_default();
    let size = if size == -1 {
        size
    } else {
        size.max(LEAST_MAX_SIZE)
    };
    set_to(&LOGGER, "maxSize", frame, size.into_zval(false)?)
}
