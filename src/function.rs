//! PHP's own functions, called by name.

use ext_php_rs::convert::{IntoZval, IntoZvalDyn};
use ext_php_rs::types::Zval;

/// Calls a function; `None` when it does not exist (php.ini can disable functions), or when it threw: then PHP has the
/// exception.
pub(crate) fn call(name: &str, arguments: Vec<&dyn IntoZvalDyn>) -> Option<Zval> {
    // Through the engine's own call by name: `Function::try_from_function` of ext-php-rs copies beyond the end of an
    // internal function's record.
    name.into_zval(false).ok()?.try_call(arguments).ok()
}
