//! What scripts do besides calling: wait, print, read lines, look into arrays.

use std::time::Duration;

use ext_php_rs::types::{ZendHashTable, Zval};

use crate::class::{Frame, Method, Param, Type};
use crate::exceptions::Thrown;
use crate::zval::entries::values;
use crate::zval::sink;
use crate::{prompt, runtime};

/// Static methods.
pub(crate) const METHODS: &[Method] = &[
    Method::new(c"sleep", sleep)
        .params(&[Param::required(c"time", Type::FLOAT)])
        .returns(Type::VOID)
        .of_class(),
    Method::new(c"readLine", read_line)
        .params(&[
            Param::optional(c"prompt", Type::STRING, c"''"),
            Param::optional(c"cancel", Type::MIXED, c"null"),
        ])
        .returns(Type::STRING)
        .of_class(),
    Method::new(c"echo", |frame: &mut Frame<'_>| {
        prompt::print(frame.bytes(0).unwrap_or_default());
        Ok(())
    })
    .params(&[Param::required(c"string", Type::STRING)])
    .returns(Type::VOID)
    .of_class(),
    Method::new(c"arr", |frame: &mut Frame<'_>| {
        let mut list = ZendHashTable::new();
        for index in 0..frame.count() {
            list.push(
                frame
                    .arg(index)
                    .map(Zval::shallow_clone)
                    .unwrap_or_default(),
            )?;
        }
        frame.give(list)
    })
    .params(&[Param::optional(c"params", Type::MIXED, c"null")])
    .variadic()
    .returns(Type::ARRAY)
    .of_class(),
    Method::new(c"end", |frame: &mut Frame<'_>| {
        let last = frame.array(0).and_then(|list| values(list).last());
        let last = last.map(Zval::shallow_clone);
        frame.give_zval(last.unwrap_or_else(|| Zval::from(false)));
        Ok(())
    })
    .params(&[Param::required(c"what", Type::ARRAY)])
    .returns(Type::MIXED)
    .of_class(),
    Method::new(c"isArrayOrAlike", |frame: &mut Frame<'_>| {
        let alike = frame.arg(0).is_some_and(|value| {
            value.is_array()
                || value
                    .object()
                    .is_some_and(|object| object.instance_of(ext_php_rs::zend::ce::arrayaccess()))
        });
        frame.give(alike)
    })
    .params(&[Param::required(c"var", Type::MIXED)])
    .returns(Type::BOOL)
    .of_class(),
    Method::new(c"isAltervista", |frame: &mut Frame<'_>| frame.give(false))
        .returns(Type::BOOL)
        .of_class(),
];

/// Waits so many seconds. Signals and `exit()` act meanwhile.
pub(crate) fn sleep(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let seconds = frame.arg(0).and_then(Zval::double).unwrap_or_default();
    let time = Duration::try_from_secs_f64(seconds).map_err(|_| {
        Thrown::Exception(format!(
            "sleep(): {seconds} is no number of seconds to wait"
        ))
    })?;
    // Made inside the runtime, whose clock it needs.
    runtime::wait(async move { tokio::time::sleep(time).await })
}

/// Prints a question and reads a line, without surrounding space.
fn read_line(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let line = prompt::ask(&frame.text(0).unwrap_or_default())?;
    frame.give_zval(sink::text(line.as_bytes()));
    Ok(())
}
