//! Panics are defects, but never the script's problem alone: they are caught where PHP or the runtime called us, and
//! become an exception that says where they happened. Nothing is printed beside it.

use std::any::Any;
use std::cell::RefCell;
use std::panic::set_hook;

thread_local! {
    /// Where the last panic of this thread happened.
    static PLACE: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Keeps panics off the script's output. At module start-up; the hook is this library's alone.
pub(crate) fn startup() {
    set_hook(Box::new(|panic| {
        let place = panic
            .location()
            .map(|place| format!(" at {}:{}", place.file(), place.line()))
            .unwrap_or_default();
        PLACE.set(place);
    }));
}

/// What a panic that this thread has just caught said, and where.
pub(crate) fn describe(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message");
    format!("{text}{}", PLACE.take())
}
