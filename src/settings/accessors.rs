//! What getters and setters do, and the defaults that depend on the machine.

use ext_php_rs::convert::IntoZval;
use ext_php_rs::types::{ZendObject, Zval};
use madeline_tl::Schema;

use super::APP_INFO;
use crate::class::{Class, Frame};
use crate::exceptions::Thrown;
use crate::{api, function};

/// Returns a property.
pub(super) fn get(class: &Class, property: &str, frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let value = class.read(frame.this()?, property);
    frame.give_zval(value);
    Ok(())
}

/// Returns a property, or where it is not set the machine's default.
pub(super) fn get_or<T: IntoZval>(
    class: &Class,
    property: &str,
    frame: &mut Frame<'_>,
    default: fn() -> T,
) -> Result<(), Thrown> {
    let value = class.read(frame.this()?, property);
    if value.is_null() {
        return frame.give(default());
    }
    frame.give_zval(value);
    Ok(())
}

/// Sets a property and returns the object. The argument has the property's type already.
pub(super) fn set(class: &Class, property: &str, frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let value = frame.arg(0).map(Zval::shallow_clone).unwrap_or_default();
    set_to(class, property, frame, value)
}

/// Sets a property to this value and returns the object.
pub(super) fn set_to(
    class: &Class,
    property: &str,
    frame: &mut Frame<'_>,
    value: Zval,
) -> Result<(), Thrown> {
    class.write(frame.this()?, property, value)?;
    frame.give_this();
    Ok(())
}

/// `AppInfo::getApiId()` and `getApiHash()`, which have no default.
pub(super) fn get_api(property: &str, frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let value = APP_INFO.read(frame.this()?, property);
    if value.is_null() {
        let text = "You must provide an api key and an api id, get your own @ my.telegram.org";
        return Err(Thrown::Exception(text.to_owned()));
    }
    frame.give_zval(value);
    Ok(())
}

/// `AppInfo::hasApiInfo()`
pub(super) fn has_api_info(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let this = frame.this()?;
    let set = |property| !APP_INFO.read(this, property).is_null();
    frame.give(set("apiId") && set("apiHash"))
}

/// The name of the machine's system, such as `Linux`.
pub(super) fn device_model() -> String {
    uname("s")
}

/// The version of the machine's system, such as `6.1.0`.
pub(super) fn system_version() -> String {
    uname("r")
}

/// The release of MadelineProto that this one is compatible with.
pub(super) fn app_version() -> String {
    api::RELEASE.to_owned()
}

/// The language of the terminal, such as `de` where `LANG` is `de_DE.UTF-8`; else English.
pub(super) fn lang_code() -> String {
    let lang = std::env::var("LANG").unwrap_or_default();
    let code = lang.split(['_', '.', '@']).next().unwrap_or_default();
    if (2..=3).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_lowercase()) {
        code.to_owned()
    } else {
        "en".to_owned()
    }
}

/// The layer of the compiled-in schema.
pub(super) fn layer() -> i64 {
    i64::from(Schema::api().layer())
}

/// The text of a property of `object`; `default` where it is not set.
pub(super) fn text(
    class: &Class,
    object: &ZendObject,
    property: &str,
    default: fn() -> String,
) -> String {
    class
        .read(object, property)
        .string()
        .unwrap_or_else(default)
}

fn uname(part: &str) -> String {
    let name = function::call("php_uname", vec![&part]);
    name.and_then(|name| name.string())
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| "unknown".to_owned())
}
