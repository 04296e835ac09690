//! Streams and files, as Amp's functions read and write them. They block: files are fast, and PHP's own functions know every
//! kind of path.

use ext_php_rs::convert::IntoZvalDyn;
use ext_php_rs::types::Zval;

use crate::class::{Frame, Method, Object, Param, Type, type_name};
use crate::exceptions::Thrown;
use crate::function;
use crate::zval::sink;

const PATH: Param = Param::required(c"path", Type::STRING);
const CONTENTS: &[Param] = &[PATH, Param::required(c"contents", Type::STRING)];

/// All of them; `get` and `put` are Amp 2's names.
pub(super) const FUNCTIONS: &[Method] = &[
    Method::new(c"Amp\\ByteStream\\buffer", buffer)
        .params(&[Param::required(c"stream", Type::MIXED)])
        .returns(Type::STRING),
    Method::new(c"Amp\\File\\read", |frame: &mut Frame<'_>| {
        give(frame, "file_get_contents")
    })
    .params(&[PATH])
    .returns(Type::STRING),
    Method::new(c"Amp\\File\\get", |frame: &mut Frame<'_>| {
        give(frame, "file_get_contents")
    })
    .params(&[PATH])
    .returns(Type::STRING),
    Method::new(c"Amp\\File\\write", write)
        .params(CONTENTS)
        .returns(Type::VOID),
    Method::new(c"Amp\\File\\put", write)
        .params(CONTENTS)
        .returns(Type::VOID),
    Method::new(c"Amp\\File\\exists", |frame: &mut Frame<'_>| {
        is(frame, "file_exists")
    })
    .params(&[PATH])
    .returns(Type::BOOL),
    Method::new(c"Amp\\File\\isFile", |frame: &mut Frame<'_>| {
        is(frame, "is_file")
    })
    .params(&[PATH])
    .returns(Type::BOOL),
    Method::new(c"Amp\\File\\isDirectory", |frame: &mut Frame<'_>| {
        is(frame, "is_dir")
    })
    .params(&[PATH])
    .returns(Type::BOOL),
    Method::new(c"Amp\\File\\deleteFile", |frame: &mut Frame<'_>| {
        run(frame, "unlink", &[])?;
        Ok(())
    })
    .params(&[PATH])
    .returns(Type::VOID),
];

/// Calls a function of PHP's with the path; `false` from it is an exception.
fn run(frame: &Frame<'_>, name: &str, more: &[&Zval]) -> Result<Zval, Thrown> {
    let Some(path) = frame.arg(0) else {
        return Ok(Zval::new());
    };
    let mut arguments: Vec<&dyn IntoZvalDyn> = vec![path];
    arguments.extend(more.iter().map(|value| *value as &dyn IntoZvalDyn));
    let value = function::call(name, arguments);
    Thrown::pending()?;
    value.filter(|value| !value.is_false()).ok_or_else(|| {
        let path = frame.text(0).unwrap_or_default();
        Thrown::Exception(format!("{name}({path}) failed"))
    })
}

fn give(frame: &mut Frame<'_>, name: &str) -> Result<(), Thrown> {
    let value = run(frame, name, &[])?;
    frame.give_zval(value);
    Ok(())
}

fn is(frame: &mut Frame<'_>, name: &str) -> Result<(), Thrown> {
    let answer = frame
        .arg(0)
        .and_then(|path| function::call(name, vec![path]));
    Thrown::pending()?;
    frame.give(answer.is_some_and(|answer| answer.is_true()))
}

fn write(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    if let Some(contents) = frame.arg(1) {
        run(frame, "file_put_contents", &[contents])?;
    }
    Ok(())
}

/// Everything that is still to come of a stream: a resource of PHP's, or an object with `read()`, which gives null at the end. A
/// string is its own contents.
fn buffer(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let Some(stream) = frame.arg(0) else {
        return Ok(());
    };
    if stream.is_string() {
        frame.give_copy(stream);
        return Ok(());
    }
    if stream.is_resource() {
        return give(frame, "stream_get_contents");
    }
    let Some(object) = stream.object().map(Object::of) else {
        return Err(Thrown::Type(format!(
            "Amp\\ByteStream\\buffer(): expected a stream, found {}",
            type_name(stream)
        )));
    };
    let mut contents = Vec::new();
    loop {
        let chunk = function::call_public(object.ce, Some(object), "read", &mut [])?;
        let Some(chunk) = chunk.zend_str() else { break };
        contents.extend_from_slice(chunk.as_bytes());
    }
    frame.give_zval(sink::text(&contents));
    Ok(())
}
