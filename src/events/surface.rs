//! Exceptions that handlers throw: printed, logged, reported; the loop goes on.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::{Duration, Instant as Time};

use ext_php_rs::types::{ZendObject, ZendStr};
use madeline_client::Authorization;

use crate::api::instance::Instance;
use crate::api::reports;
use crate::class::is_a;
use crate::exceptions::{SECURITY_EXCEPTION, Thrown};
use crate::logger::{self, Level};
use crate::{prompt, zend};

/// How long one text is not reported again: a report is a message, which may lead to the same exception.
const QUIET: Duration = Duration::from_secs(60);
/// How many characters fit into a message, with some room.
const MESSAGE: usize = 4000;
/// How many texts are remembered.
const REMEMBERED: usize = 64;

thread_local! {
    static REPORTED: RefCell<Vec<(String, Time)>> = const { RefCell::new(Vec::new()) };
}

/// Makes an exception known. `Err`: it ends the loop, because the account cannot be used any more, nothing can be trusted, or
/// the script is over.
pub(super) fn surface(instance: &Rc<Instance>, thrown: Thrown) -> Result<(), Thrown> {
    let exception = thrown.caught()?;
    if ends_loop(instance, &exception) {
        return Err(Thrown::Made(exception));
    }
    let text = exception.try_call_method("__toString", vec![]);
    let text = text.ok().and_then(|text| text.string());
    Thrown::pending()?;
    let text = text.unwrap_or_default();
    prompt::print(format!("{text}\n").as_bytes());
    logger::write(Level::Fatal, || text.clone());
    report(instance, &format!("Surfaced: {text}"))
}

/// At the end of a request.
pub(super) fn end_of_request() {
    REPORTED.take();
}

fn ends_loop(instance: &Instance, exception: &ZendObject) -> bool {
    let lost = || {
        instance
            .client()
            .is_ok_and(|client| client.authorization() == Authorization::LoggedOut)
    };
    SECURITY_EXCEPTION.is_class_of(exception)
        || is_loaded(exception, "Amp\\SignalException")
        || is_loaded(exception, "danog\\MadelineProto\\RPCErrorException") && lost()
}

/// Whether an object is of a class that may not exist.
fn is_loaded(object: &ZendObject, class: &str) -> bool {
    let name = ZendStr::new(class, false);
    // SAFETY: the name is valid during the call, which loads nothing.
    let class = unsafe {
        ext_php_rs::ffi::zend_lookup_class_ex(
            std::ptr::from_ref(&*name).cast_mut(),
            std::ptr::null_mut(),
            zend::ZEND_FETCH_CLASS_NO_AUTOLOAD,
        )
    };
    !class.is_null() && is_a(object.ce, class)
}

fn report(instance: &Rc<Instance>, text: &str) -> Result<(), Thrown> {
    let is_new = REPORTED.with_borrow_mut(|reported| {
        reported.retain(|(_, when)| when.elapsed() < QUIET);
        let is_new = reported.iter().all(|(before, _)| before != text);
        if is_new {
            reported.truncate(REMEMBERED);
            reported.push((text.to_owned(), Time::now()));
        }
        is_new
    });
    if !is_new {
        logger::write(Level::Error, || {
            "The exception is not reported: it was, less than a minute ago".to_owned()
        });
        return Ok(());
    }
    let characters: Vec<char> = text.chars().collect();
    for part in characters.chunks(MESSAGE) {
        let part: String = part.iter().collect();
        reports::send(instance, part.as_bytes(), b"")?;
    }
    Ok(())
}
