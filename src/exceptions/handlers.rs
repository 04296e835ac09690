//! PHP's error and exception handlers, taken over for scripts that count on it (`madelineproto.error_handler`): warnings
//! are thrown, and an exception that nobody catches ends the script with its text and status 1.

use std::cell::Cell;

use ext_php_rs::ffi::{ext_php_rs_executor_globals, php_output_write};

use super::classes::{EXCEPTION, log};
use super::{Thrown, set, set_message};
use crate::class::{Frame, Method, Object, Param, Type};
use crate::settings::is_cli;
use crate::{function, ini};

/// `Exception::exceptionErrorHandler()`
pub(super) const ERROR_HANDLER: Method = Method::new(c"exceptionErrorHandler", handle_error)
    .params(&[
        Param::required(c"errno", Type::INT),
        Param::required(c"errstr", Type::STRING),
        Param::optional(c"errfile", Type::STRING, c"''"),
        Param::optional(c"errline", Type::INT, c"0"),
    ])
    .returns(Type::BOOL)
    .of_class();
/// `Exception::exceptionHandler()`
pub(super) const EXCEPTION_HANDLER: Method = Method::new(c"exceptionHandler", handle_exception)
    .params(&[Param::required(c"exception", Type::class(c"Throwable"))])
    .returns(Type::VOID)
    .of_class();

/// What MadelineProto leaves to PHP, too: nothing that a script could have done better.
const LEFT_ALONE: [&str; 3] = [
    "headers already sent",
    "Creation of dynamic property",
    "Implicitly marking parameter",
];

thread_local! {
    /// Whether this request has the handlers already: a script may replace them by its own afterwards.
    static INSTALLED: Cell<bool> = const { Cell::new(false) };
}

/// Takes PHP's handlers over, once per request, where the ini table says so.
pub(crate) fn install() -> Result<(), Thrown> {
    if !ini::error_handler()? || INSTALLED.replace(true) {
        return Ok(());
    }
    let class = "danog\\MadelineProto\\Exception";
    for (function, method) in [
        ("set_error_handler", "exceptionErrorHandler"),
        ("set_exception_handler", "exceptionHandler"),
    ] {
        function::call(function, vec![&format!("{class}::{method}")]);
        Thrown::pending()?;
    }
    Ok(())
}

/// At the end of a request PHP forgets its handlers.
pub(crate) fn end_of_request() {
    INSTALLED.set(false);
}

/// Throws what PHP complains of; false leaves it to PHP.
fn handle_error(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let kind = frame.int(0).unwrap_or_default();
    let text = frame.text(1).unwrap_or_default();
    // SAFETY: the globals of this thread exist while a script runs.
    let reported = i64::from(unsafe { (*ext_php_rs_executor_globals()).error_reporting });
    if reported & kind == 0 || LEFT_ALONE.iter().any(|known| text.contains(known)) {
        return frame.give(false);
    }
    let exception = EXCEPTION.instantiate();
    let fresh = Object::of(&exception);
    set_message(fresh, &text);
    set(fresh, "code", kind);
    for (index, name) in [(2, "file"), (3, "line")] {
        if let Some(value) = frame.present(index) {
            set(fresh, name, value.shallow_clone());
        }
    }
    log(fresh);
    Thrown::pending()?;
    Err(Thrown::Made(exception))
}

/// Prints an exception that nobody has caught, escaped on a web page.
fn handle_exception(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let Some(exception) = frame.object(0) else {
        return Ok(());
    };
    let text = exception.try_call_method("__toString", Vec::new()).ok();
    Thrown::pending()?;
    let mut text = text.unwrap_or_default();
    if !is_cli() {
        function::call("http_response_code", vec![&500_i64]);
        text = function::call("htmlentities", vec![&text]).unwrap_or_default();
    }
    let text = text.string().unwrap_or_default() + "\n";
    // SAFETY: writes the text to PHP's output; the globals of this thread exist while a script runs.
    unsafe {
        php_output_write(text.as_ptr().cast(), text.len());
        (*ext_php_rs_executor_globals()).exit_status = 1;
    }
    Ok(())
}
