//! Streams for whatever stands for a file, as Amp's programs want them. What only Amp has is Amp's own, where a script brings
//! it.

use ext_php_rs::types::Zval;
use ext_php_rs::zend::ClassEntry;
use madeline_client::files::Range;

use super::classes::{LOCAL_FILE, REMOTE_URL};
use super::download::file_of;
use super::input::{Input, is_stream};
use super::stream;
use crate::api;
use crate::class::{self, Frame, Method, Object, Param, Type};
use crate::exceptions::Thrown;
use crate::function;
use crate::zval::sink;

const CANCELLATION: Param = Param::optional(c"cancellation", Type::MIXED, c"null");
/// Bytes that may wait in a pipe: a part of an upload.
const PIPE: i64 = 512 << 10;

/// Of API objects.
pub(crate) const METHODS: &[Method] = &[Method::new(c"getStream", get_stream)
    .params(&[
        Param::required(c"stream", Type::MIXED),
        CANCELLATION,
        Param::optional(c"size", Type::INT.nullable(), c"null").by_reference(),
    ])
    .returns(Type::OBJECT)];

/// Static ones.
pub(crate) const STATIC: &[Method] = &[
    Method::new(c"openBuffered", open_buffered)
        .params(&[Param::required(c"stream", Type::MIXED), CANCELLATION])
        .returns(Type::class(c"Closure"))
        .of_class(),
    Method::new(c"stringToStream", |frame: &mut Frame<'_>| {
        let bytes = frame.bytes(0).unwrap_or_default().to_vec();
        let stream = stream::of_input(Input::bytes(bytes), None)?;
        frame.give_zval(stream);
        Ok(())
    })
    .params(&[Param::required(c"str", Type::STRING)])
    .returns(Type::OBJECT)
    .of_class(),
    Method::new(c"getStreamPipe", |frame: &mut Frame<'_>| {
        let class = ClassEntry::try_find("Amp\\ByteStream\\Pipe").ok_or_else(|| {
            Thrown::Exception(
                "getStreamPipe() needs the package amphp/byte-stream, which this script does not load: uploadFromCallable() uploads without it"
                    .to_owned(),
            )
        })?;
        // SAFETY: a class that is declared until the request ends; PHP's own error where it is abstract.
        let mut pipe = unsafe { class::instantiate(std::ptr::from_ref(class).cast_mut()) };
        let of = Object::of(&pipe);
        let mut size = Zval::new();
        size.set_long(PIPE);
        function::call_public(of.ce, Some(of), "__construct", &mut [size])?;
        let mut value = Zval::new();
        value.set_object(&mut pipe);
        frame.give_zval(value);
        Ok(())
    })
    .returns(Type::OBJECT)
    .of_class(),
    Method::new(c"openFileAppendOnly", |frame: &mut Frame<'_>| {
        const OPEN: &str = "Amp\\File\\openFile";
        let path = frame.text(0).unwrap_or_default().into_owned();
        let callable = function::call("is_callable", vec![&OPEN]).and_then(|is| is.bool());
        Thrown::pending()?;
        let file = match callable {
            Some(true) => function::call(OPEN, vec![&path, &"a"]),
            _ => None,
        };
        Thrown::pending()?;
        let file = file.filter(Zval::is_object).ok_or_else(|| {
            Thrown::Exception(
                "openFileAppendOnly() needs the package amphp/file, which this script does not load: fopen() opens files without it"
                    .to_owned(),
            )
        })?;
        frame.give_zval(file);
        Ok(())
    })
    .params(&[Param::required(c"path", Type::STRING)])
    .returns(Type::OBJECT)
    .of_class(),
];

/// What is no file of Telegram's, as something to read; `None` for a stream that is one already.
fn input(file: &Zval) -> Result<Option<Input>, Thrown> {
    if LOCAL_FILE.object(file).is_some() || REMOTE_URL.object(file).is_some() {
        return Input::local(file).map(Some);
    }
    if file.is_resource() {
        return Input::stream(file, None).map(Some);
    }
    Ok(None)
}

fn get_stream(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let instance = api::instance(frame)?;
    let nothing = Zval::new();
    let given = frame.arg(0).unwrap_or(&nothing);
    let cancellation = frame.present(1);
    let (stream, size) = if let Some(input) = input(given)? {
        let size = input.size;
        (stream::of_input(input, cancellation)?, size)
    } else if is_stream(given) {
        (given.shallow_clone(), None)
    } else {
        let (file, callback) = file_of(instance, given)?;
        let size = file.size;
        let all = Range::default();
        (
            stream::of_file(instance, file, all, callback.as_ref(), cancellation)?,
            size,
        )
    };
    if let Some(size) = size {
        let mut told = Zval::new();
        told.set_long(size as i64);
        frame.assign(2, told)?;
    }
    frame.give_zval(stream);
    Ok(())
}

/// A closure that gives as many bytes as it is asked for, fewer at the end, and then null.
fn open_buffered(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let nothing = Zval::new();
    let given = frame.arg(0).unwrap_or(&nothing);
    let input = match input(given)? {
        Some(input) => input,
        None => Input::stream(given, None)?,
    };
    let cancellation = frame.present(1).map(Zval::shallow_clone);
    let source = std::cell::RefCell::new(Some((input, 0)));
    let read = function::closure(move |frame| {
        let length = frame.int(0).and_then(|length| usize::try_from(length).ok());
        let length = length.filter(|length| *length > 0).ok_or_else(|| {
            Thrown::Exception(
                "openBuffered(): expected how many bytes to read, at least 1".to_owned(),
            )
        })?;
        // Taken out, because PHP code may run meanwhile.
        let Some((mut input, done)) = source.take() else {
            return Ok(());
        };
        let bytes = input.read(done, length, cancellation.as_ref())?;
        if bytes.is_empty() {
            return Ok(());
        }
        let done = done + bytes.len() as u64;
        source.replace(Some((input, done)));
        frame.give_zval(sink::text(&bytes));
        Ok(())
    });
    frame.give_zval(read);
    Ok(())
}
