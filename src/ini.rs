//! The `madelineproto.*` table of php.ini: what a script does not say, the machine's owner can.
//!
//! Values are taken as text and judged where they are used, when an API object is made: a wrong one is an
//! exception that names the entry, never a silent fall back to the default (which would be Telegram's own
//! servers). All of them can be changed by the script with `ini_set()`, except `loader`: what it decides ends up
//! in opcache, which all requests share.

use std::ffi::{CStr, c_int, c_void};
use std::ptr::{null, null_mut};
use std::time::Duration;

use ext_php_rs::ffi::{
    PHP_INI_ALL, PHP_INI_SYSTEM, php_output_write, zend_ini_entry, zend_ini_entry_def,
    zend_register_ini_entries, zend_string,
};
use madeline_client::{DcList, EngineKind};

use crate::logger::Level;
use crate::settings::{Invalid, addresses};
use crate::zend;

/// Name, default, who may change it. `README.md` describes them.
const ENTRIES: [(&CStr, &CStr, u32); 11] = [
    (c"madelineproto.api_id", c"", PHP_INI_ALL),
    (API_HASH, c"", PHP_INI_ALL),
    (c"madelineproto.dc_list", c"", PHP_INI_ALL),
    (c"madelineproto.rsa_keys", c"", PHP_INI_ALL),
    (c"madelineproto.dialect", c"auto", PHP_INI_ALL),
    (c"madelineproto.engine", c"native", PHP_INI_ALL),
    (c"madelineproto.log_level", c"auto", PHP_INI_ALL),
    (c"madelineproto.lock_timeout", c"10", PHP_INI_ALL),
    (KEEP_OPEN, c"30", PHP_INI_ALL),
    (c"madelineproto.error_handler", c"off", PHP_INI_ALL),
    (c"madelineproto.loader", c"on", PHP_INI_SYSTEM),
];
const API_HASH: &CStr = c"madelineproto.api_hash";
const KEEP_OPEN: &CStr = c"madelineproto.keep_open";
/// `SUCCESS` of `zend_types.h`.
const SUCCESS: c_int = 0;

/// Which release of MadelineProto results look like (see ARCHITECTURE.md, *Dialects*).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DialectSetting {
    /// 8, until the script shows an older style.
    Auto,
    /// Release 8.
    V8,
    /// Releases 5 to 7.
    V7,
    /// Releases 2 to 4.
    V4,
}

/// Registers the table, at module start.
pub(crate) fn startup(module_number: c_int) {
    let mut definitions: Vec<zend_ini_entry_def> = ENTRIES
        .iter()
        .map(|&(name, default, who)| definition(name, default, who))
        .collect();
    definitions.push(definition(c"", c"", 0));
    if let Some(end) = definitions.last_mut() {
        end.name = null();
    }
    // SAFETY: the table ends with a null name; the engine copies names and defaults, which are static anyway.
    unsafe { zend_register_ini_entries(definitions.as_ptr(), module_number) };
}

/// The application's id, where the script gives none.
pub(crate) fn api_id() -> Result<Option<i32>, Invalid> {
    parsed(
        c"madelineproto.api_id",
        "the number that my.telegram.org gave your application",
        |text| text.parse().ok().filter(|&id| id > 0),
    )
}

/// The application's hash, where the script gives none.
pub(crate) fn api_hash() -> Option<String> {
    Some(text(API_HASH)).filter(|hash| !hash.is_empty())
}

/// The data centres' addresses: `1=149.154.175.53:443,2=[2001:67c:4e8:f002::a]:443`; an id may come repeatedly.
pub(crate) fn dc_list() -> Result<DcList, Invalid> {
    addresses::from_text("madelineproto.dc_list", &text(c"madelineproto.dc_list"))
}

/// The servers' public keys as PEM text, from the file that the entry names.
pub(crate) fn rsa_keys() -> Result<Option<String>, Invalid> {
    let path = text(c"madelineproto.rsa_keys");
    if path.is_empty() {
        return Ok(None);
    }
    std::fs::read_to_string(&path).map(Some).map_err(|cause| {
        Invalid::new(
            "madelineproto.rsa_keys",
            "a readable PEM file",
            format!("{path} ({cause})"),
        )
    })
}

/// Which release's results scripts get.
pub(crate) fn dialect() -> Result<DialectSetting, Invalid> {
    let chosen = parsed(c"madelineproto.dialect", "auto, v8, v7 or v4", |text| {
        Some(match text.to_ascii_lowercase().as_str() {
            "auto" => DialectSetting::Auto,
            "v8" => DialectSetting::V8,
            "v7" | "v6" | "v5" => DialectSetting::V7,
            "v4" | "v3" | "v2" => DialectSetting::V4,
            _ => return None,
        })
    })?;
    Ok(chosen.unwrap_or(DialectSetting::Auto))
}

/// What speaks with the servers.
pub(crate) fn engine() -> Result<EngineKind, Invalid> {
    let chosen = parsed(
        c"madelineproto.engine",
        "native or grammers",
        |text| match text.to_ascii_lowercase().as_str() {
            "native" => Some(EngineKind::Native),
            "grammers" => Some(EngineKind::Grammers),
            _ => None,
        },
    )?;
    Ok(chosen.unwrap_or_default())
}

/// The least important level that is still logged; `None`: `auto`, the dialect's default.
pub(crate) fn log_level() -> Result<Option<Level>, Invalid> {
    match text(c"madelineproto.log_level").as_str() {
        "auto" => Ok(None),
        // What php.ini makes of `none` and `off`.
        "" => Ok(Some(Level::None)),
        _ => parsed(
            c"madelineproto.log_level",
            Level::EXPECTED,
            Level::from_text,
        ),
    }
}

/// How long to wait for a session that another process holds.
pub(crate) fn lock_timeout() -> Result<Duration, Invalid> {
    let time = seconds(c"madelineproto.lock_timeout")?;
    Ok(time.unwrap_or(Duration::from_secs(10)))
}

/// How long a process that answers requests of the web keeps a session open between two of them.
pub(crate) fn keep_open() -> Result<Duration, Invalid> {
    Ok(seconds(KEEP_OPEN)?.unwrap_or(Duration::from_secs(30)))
}

fn seconds(name: &CStr) -> Result<Option<Duration>, Invalid> {
    parsed(name, "a number of seconds, 0 or more", |text| {
        Duration::try_from_secs_f64(text.parse().ok()?).ok()
    })
}

/// Whether `madeline.php` is answered by the extension (see `loader.rs`).
pub(crate) fn loader_enabled() -> bool {
    matches!(
        text(c"madelineproto.loader").to_ascii_lowercase().as_str(),
        "1" | "on" | "yes" | "true"
    )
}

/// Whether API objects take over PHP's error and exception handlers.
pub(crate) fn error_handler() -> Result<bool, Invalid> {
    let on = parsed(
        c"madelineproto.error_handler",
        "on or off",
        |text| match text.to_ascii_lowercase().as_str() {
            "1" | "on" | "yes" | "true" => Some(true),
            "0" | "off" | "no" | "false" => Some(false),
            _ => None,
        },
    )?;
    Ok(on.unwrap_or(false))
}

/// Reads an entry; `None` when it is empty, an error when `parse` does not take it.
fn parsed<T>(
    name: &CStr,
    expected: &'static str,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Result<Option<T>, Invalid> {
    let text = text(name);
    if text.is_empty() {
        return Ok(None);
    }
    parse(&text)
        .map(Some)
        .ok_or_else(|| Invalid::new(name.to_string_lossy(), expected, format!("{text:?}")))
}

/// The text of an entry without surrounding space.
fn text(name: &CStr) -> String {
    // SAFETY: the engine returns null or a string that lives until the entry changes; it is copied here.
    let value = unsafe {
        let value = zend::zend_ini_string(name.as_ptr(), name.count_bytes(), 0);
        if value.is_null() {
            c""
        } else {
            CStr::from_ptr(value)
        }
    };
    value.to_string_lossy().trim().to_owned()
}

fn definition(name: &'static CStr, default: &'static CStr, who: u32) -> zend_ini_entry_def {
    zend_ini_entry_def {
        name: name.as_ptr(),
        on_modify: Some(accept),
        mh_arg1: null_mut(),
        mh_arg2: null_mut(),
        mh_arg3: null_mut(),
        value: default.as_ptr(),
        displayer: (name == API_HASH).then_some(display_secret as _),
        value_length: default.count_bytes() as u32,
        name_length: name.count_bytes() as u16,
        modifiable: who as u8,
    }
}

/// Takes any value; without such a function the engine would refuse `ini_restore()`.
unsafe extern "C" fn accept(
    _entry: *mut zend_ini_entry,
    _value: *mut zend_string,
    _: *mut c_void,
    _: *mut c_void,
    _: *mut c_void,
    _stage: c_int,
) -> c_int {
    SUCCESS
}

/// `phpinfo()` is often public: it tells only whether a secret is set.
unsafe extern "C" fn display_secret(entry: *mut zend_ini_entry, _which: c_int) {
    // SAFETY: the engine passes the entry it displays.
    let set = unsafe { !(*entry).value.is_null() && (*(*entry).value).len > 0 };
    let text: &[u8] = if set { b"********" } else { b"no value" };
    // SAFETY: writes `text` to PHP's output.
    unsafe { php_output_write(text.as_ptr().cast(), text.len()) };
}
