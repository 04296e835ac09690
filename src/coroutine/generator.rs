//! PHP's generators, one step at a time.

use ext_php_rs::types::Zval;

use super::future::caught;
use crate::class::Object;
use crate::exceptions::Thrown;
use crate::{function, zend};

/// How a generator goes on.
pub(super) enum Resume {
    /// From its beginning, or from the `yield` where it already stands.
    Start,
    /// The `yield` has this value.
    Send(Zval),
    /// The `yield` throws this.
    Throw(Zval),
}

/// Where it got to.
pub(super) enum Step {
    Yielded(Zval),
    Returned(Zval),
    Threw(Zval),
}

/// Whether a value is a generator.
pub(crate) fn is_generator(value: &Zval) -> bool {
    value.object().is_some_and(|object| {
        // SAFETY: PHP sets the pointer before extensions start; the class is final.
        std::ptr::eq(object.ce, unsafe { zend::zend_ce_generator })
    })
}

/// Lets a generator run to its next `yield` or its end. `Err` when the script is ending.
pub(super) fn step(generator: &Zval, resume: Resume) -> Result<Step, Thrown> {
    let outcome = caught(advance(generator, resume))?;
    let yielded = match outcome {
        Ok(yielded) => yielded,
        Err(error) => return Ok(Step::Threw(error)),
    };
    if call(generator, "valid", &mut [])?
        .bool()
        .unwrap_or_default()
    {
        return Ok(Step::Yielded(yielded));
    }
    Ok(match caught(call(generator, "getreturn", &mut []))? {
        Ok(value) => Step::Returned(value),
        Err(error) => Step::Threw(error),
    })
}

fn advance(generator: &Zval, resume: Resume) -> Result<Zval, Thrown> {
    match resume {
        Resume::Start => call(generator, "current", &mut []),
        Resume::Send(value) => call(generator, "send", &mut [value]),
        Resume::Throw(error) => call(generator, "throw", &mut [error]),
    }
}

fn call(generator: &Zval, method: &str, arguments: &mut [Zval]) -> Result<Zval, Thrown> {
    let Some(object) = generator.object() else {
        return Ok(Zval::new());
    };
    function::call_public(object.ce, Some(Object::of(object)), method, arguments)
}
