//! Locks of files and contents of addresses, without blocking signals meanwhile.

use std::time::Duration;

use ext_php_rs::types::Zval;

use crate::call::cancellation;
use crate::class::{Class, Frame, Literal, Method, Param, Property, Type};
use crate::exceptions::Thrown;
use crate::function;

/// Static methods.
pub(crate) const METHODS: &[Method] = &[
    Method::new(c"flock", flock)
        .params(&[
            Param::required(c"file", Type::STRING),
            Param::required(c"operation", Type::INT),
            Param::optional(c"polling", Type::FLOAT, c"0.1"),
            Param::optional(c"token", Type::OBJECT.nullable(), c"null"),
            Param::optional(c"failureCb", Type::CALLABLE.nullable(), c"null"),
        ])
        .returns(Type::class(c"danog\\MadelineProto\\Tools\\FileLock"))
        .of_class(),
    Method::new(c"fileGetContents", file_get_contents)
        .params(&[Param::required(c"url", Type::STRING)])
        .returns(Type::STRING)
        .of_class(),
];

/// What `flock()` returns: called, it gives the lock up.
pub(super) static LOCK: Class = Class {
    name: c"danog\\MadelineProto\\Tools\\FileLock",
    flags: Class::FINAL | Class::NOT_SERIALIZABLE,
    properties: &[Property::new(c"file", Type::MIXED, Literal::Null).private()],
    methods: &[
        Method::new(c"__construct", |_: &mut Frame<'_>| Ok(())).protected(),
        Method::new(c"__invoke", unlock).returns(Type::VOID),
    ],
    ..Class::DEFAULT
};

const LOCK_UN: i64 = 3;
const LOCK_NB: i64 = 4;
/// A wait that is shorter would keep the processor busy.
const SHORTEST: f64 = 0.001;

/// Waits for the lock of a file, asking every `polling` seconds; `failureCb` is told once that somebody else has it.
fn flock(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let path = frame.text(0).unwrap_or_default().into_owned();
    let operation = frame.int(1).unwrap_or_default();
    let polling = frame.arg(2).and_then(Zval::double).unwrap_or(0.1);
    if !polling.is_finite() || polling < 0.0 {
        return Err(Thrown::Exception(format!(
            "flock(): $polling must be a number of seconds, {polling} was given"
        )));
    }
    let file = function::call("fopen", vec![&path, &"c"]);
    Thrown::pending()?;
    let Some(file) = file.filter(Zval::is_resource) else {
        return Err(Thrown::Exception(format!("flock(): cannot open {path}")));
    };
    let mut told = false;
    loop {
        let locked = function::call("flock", vec![&file, &(operation | LOCK_NB)]);
        Thrown::pending()?;
        if locked.and_then(|locked| locked.bool()).unwrap_or_default() {
            break;
        }
        if !told && let Some(failed) = frame.present(4) {
            drop(failed.try_call(vec![]));
            Thrown::pending()?;
        }
        told = true;
        let pause = Duration::from_secs_f64(polling.clamp(SHORTEST, 3600.0));
        cancellation::wait(frame.present(3), async move {
            tokio::time::sleep(pause).await;
        })?;
    }
    let mut lock = LOCK.instantiate();
    LOCK.initialize(crate::class::Object::new(&mut lock), "file", file);
    let mut value = Zval::new();
    value.set_object(&mut lock);
    frame.give_zval(value);
    Ok(())
}

/// A second time it does nothing.
fn unlock(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let this = frame.this()?;
    let file = LOCK.read(this, "file");
    if file.is_resource() {
        function::call("flock", vec![&file, &LOCK_UN]);
        function::call("fclose", vec![&file]);
        LOCK.write(this, "file", Zval::new())?;
    }
    Thrown::pending()
}

/// What PHP's own function reads; an exception says why it could not.
fn file_get_contents(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let url = frame.text(0).unwrap_or_default().into_owned();
    let content = function::call("file_get_contents", vec![&url]);
    Thrown::pending()?;
    match content.filter(Zval::is_string) {
        Some(content) => frame.give_zval(content),
        None => return Err(Thrown::Exception(format!("cannot read {url}"))),
    }
    Ok(())
}
