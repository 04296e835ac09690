//! `cancellation`: an object with Amp's `Cancellation` interface that ends a wait.

use std::future::Future;
use std::time::Duration;

use ext_php_rs::ffi::zend_hash_str_find;
use ext_php_rs::types::{ZendObject, Zval};
use tokio::time::sleep;

use crate::exceptions::Thrown;
use crate::{function, runtime};

/// How often is asked whether the wait shall end. Signal handlers and Amp's event loop, which runs in between, say so.
const TICK: Duration = Duration::from_millis(20);

/// Waits for `future`, unless `cancellation` ends that before: then its own exception is thrown.
///
/// # Errors
/// `TypeError` where `cancellation` is given and is none.
pub(crate) fn wait<F: Future>(cancellation: Option<&Zval>, future: F) -> Result<F::Output, Thrown> {
    let Some(cancellation) = cancellation.filter(|value| !value.is_null()) else {
        return runtime::wait(future);
    };
    // Its own methods may be what drops the script's reference to it.
    let held = cancellation.shallow_clone();
    let cancellation = interface(&held)?;
    check(cancellation)?;
    let mut future = Box::pin(future);
    loop {
        let ticked = runtime::wait(async move {
            tokio::select! {
                biased;
                value = &mut future => Ok(value),
                () = sleep(TICK) => Err(future),
            }
        })?;
        match ticked {
            Ok(value) => return Ok(value),
            Err(unfinished) => future = unfinished,
        }
        // The event loop of scripts that have one: timers end waits as well.
        function::call("Amp\\delay", vec![&0.0]);
        Thrown::pending()?;
        check(cancellation)?;
    }
}

/// What is under the key `cancellation` of a call's arguments.
pub(super) fn of(arguments: &Zval) -> Option<&Zval> {
    let given = arguments.array()?.get("cancellation")?.dereference();
    (!given.is_null()).then_some(given)
}

/// Throws where a cancellation was requested before anything was begun.
///
/// # Errors
/// `TypeError` where it is none.
pub(super) fn check_before(cancellation: Option<&Zval>) -> Result<(), Thrown> {
    let held = cancellation.map(Zval::shallow_clone);
    held.map_or(Ok(()), |given| check(interface(&given)?))
}

fn interface(cancellation: &Zval) -> Result<&ZendObject, Thrown> {
    cancellation
        .object()
        .filter(|object| has_method(object, "throwifrequested"))
        .ok_or_else(|| {
            Thrown::Type(format!(
                "cancellation must be of type Amp\\Cancellation, {} given",
                function::type_name(cancellation)
            ))
        })
}

/// Whether an object's class has a method of this name in lower case.
fn has_method(object: &ZendObject, name: &str) -> bool {
    // SAFETY: the class of a live object has a function table; the name is given with its length.
    unsafe {
        let functions = &raw const (*object.ce).function_table;
        !zend_hash_str_find(functions, name.as_ptr().cast(), name.len()).is_null()
    }
}

/// Throws its exception when it was requested.
fn check(cancellation: &ZendObject) -> Result<(), Thrown> {
    drop(cancellation.try_call_method("throwIfRequested", vec![]));
    Thrown::pending()
}
