//! Waiting, as Amp's functions do it: of its current release, and of the one that releases 4 to 7 brought along.

use ext_php_rs::types::{ZendHashTable, Zval};
use ext_php_rs::zend::ce;

use crate::class::{Frame, Method, Param, Type, type_name};
use crate::coroutine::{self, NAME, Start};
use crate::exceptions::Thrown;
use crate::function;
use crate::tools::{concurrency, script};

const CANCELLATION: Param = Param::optional(c"cancellation", Type::NULL, c"null");
const FUTURES: &[Param] = &[Param::required(c"futures", Type::MIXED), CANCELLATION];
const CLOSURE: &[Param] = &[
    Param::required(c"closure", Type::CALLABLE),
    Param::optional(c"args", Type::MIXED, c"null"),
];

/// All of them.
pub(super) const FUNCTIONS: &[Method] = &[
    Method::new(c"Amp\\delay", script::sleep)
        .params(&[
            Param::required(c"timeout", Type::FLOAT),
            Param::optional(c"reference", Type::BOOL, c"true"),
            CANCELLATION,
        ])
        .returns(Type::VOID),
    Method::new(c"Amp\\async", |frame: &mut Frame<'_>| {
        concurrency::fork(frame, Start::Later)
    })
    .params(CLOSURE)
    .variadic()
    .returns(NAME),
    Method::new(c"Amp\\Future\\await", |frame: &mut Frame<'_>| {
        wait(frame, coroutine::all)
    })
    .params(FUTURES)
    .returns(Type::ARRAY),
    Method::new(c"Amp\\Future\\awaitAll", |frame: &mut Frame<'_>| {
        wait(frame, coroutine::any)
    })
    .params(FUTURES)
    .returns(Type::ARRAY),
    Method::new(c"Amp\\Future\\awaitFirst", |frame: &mut Frame<'_>| {
        wait(frame, coroutine::earliest)
    })
    .params(FUTURES)
    .returns(Type::MIXED),
    Method::new(c"Amp\\Future\\awaitAny", |frame: &mut Frame<'_>| {
        wait(frame, coroutine::first)
    })
    .params(FUTURES)
    .returns(Type::MIXED),
    Method::new(c"Amp\\call", |frame: &mut Frame<'_>| {
        concurrency::fork(frame, Start::Now)
    })
    .params(CLOSURE)
    .variadic()
    .returns(NAME),
    Method::new(c"Amp\\asyncCall", |frame: &mut Frame<'_>| {
        concurrency::fork(frame, Start::Now)?;
        frame.give_zval(Zval::null());
        Ok(())
    })
    .params(CLOSURE)
    .variadic()
    .returns(Type::VOID),
    Method::new(c"Amp\\Promise\\wait", concurrency::wait)
        .params(&[concurrency::PROMISE])
        .returns(Type::MIXED),
    Method::new(c"Amp\\Promise\\all", |frame: &mut Frame<'_>| {
        concurrency::together(frame, coroutine::all)
    })
    .params(&[concurrency::PROMISES])
    .returns(NAME),
    Method::new(c"Amp\\Promise\\any", |frame: &mut Frame<'_>| {
        concurrency::together(frame, coroutine::any)
    })
    .params(&[concurrency::PROMISES])
    .returns(NAME),
    Method::new(c"Amp\\Promise\\first", |frame: &mut Frame<'_>| {
        concurrency::together(frame, coroutine::first)
    })
    .params(&[concurrency::PROMISES])
    .returns(NAME),
];

/// Waits for several futures.
fn wait(
    frame: &mut Frame<'_>,
    wait: impl FnOnce(&ZendHashTable) -> Result<Zval, Thrown>,
) -> Result<(), Thrown> {
    let given = frame.arg(0).map(Zval::shallow_clone).unwrap_or_default();
    let futures = if given
        .object()
        .is_some_and(|object| object.instance_of(ce::traversable()))
    {
        let array = function::call("iterator_to_array", vec![&given]);
        Thrown::pending()?;
        array.unwrap_or_default()
    } else {
        given
    };
    let Some(table) = futures.array() else {
        return Err(Thrown::Type(format!(
            "expected an array of futures or something to iterate over, found {}",
            type_name(&futures)
        )));
    };
    let value = wait(table)?;
    frame.give_zval(value);
    Ok(())
}
