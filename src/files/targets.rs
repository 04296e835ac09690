//! `downloadTo…()`: files, directories, streams, callables.

use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

use ext_php_rs::types::Zval;
use madeline_client::files::{Order, Part};

use super::classes;
use super::download::{self, Plan, file_of, range};
use super::{local, save, stream};
use crate::api;
use crate::api::dialect::Dialect;
use crate::api::instance::Instance;
use crate::class::{Frame, Method, Object, Param, Type};
use crate::exceptions::Thrown;
use crate::function;
use crate::zval::sink;

const MEDIA: Param = Param::required(c"messageMedia", Type::MIXED);
const CALLBACK: Param = Param::optional(c"cb", Type::CALLABLE.nullable(), c"null");
const OFFSET: Param = Param::optional(c"offset", Type::INT, c"0");
const END: Param = Param::optional(c"end", Type::INT, c"-1");
const CANCELLATION: Param = Param::optional(c"cancellation", Type::MIXED, c"null");
/// Pause for a stream that takes nothing at the moment.
const FULL: Duration = Duration::from_millis(5);

/// All of them.
pub(crate) const METHODS: &[Method] = &[
    Method::new(c"downloadToFile", to_file)
        .params(&[
            MEDIA,
            Param::required(c"file", Type::MIXED),
            CALLBACK,
            CANCELLATION,
        ])
        .returns(Type::STRING),
    Method::new(c"downloadToDir", to_directory)
        .params(&[
            MEDIA,
            Param::required(c"dir", Type::MIXED),
            CALLBACK,
            CANCELLATION,
        ])
        .returns(Type::STRING),
    Method::new(c"downloadToStream", to_stream)
        .params(&[
            MEDIA,
            Param::required(c"stream", Type::MIXED),
            CALLBACK,
            OFFSET,
            END,
            CANCELLATION,
        ])
        .returns(Type::MIXED),
    Method::new(c"downloadToCallable", to_callable)
        .params(&[
            MEDIA,
            Param::required(c"callable", Type::MIXED),
            CALLBACK,
            Param::optional(c"seekable", Type::BOOL, c"true"),
            OFFSET,
            END,
            Param::optional(c"part_size", Type::INT.nullable(), c"null"),
            CANCELLATION,
        ])
        .returns(Type::MIXED),
    Method::new(c"downloadToReturnedStream", to_returned_stream)
        .params(&[MEDIA, CALLBACK, OFFSET, END, CANCELLATION])
        .returns(Type::OBJECT),
];

/// Who is told of the progress: the target where it wraps one, the file likewise, or the callable.
struct Telling {
    target: Zval,
    callback: Option<Zval>,
}

impl Telling {
    fn of(frame: &Frame<'_>, target: usize, callback: usize) -> Result<Self, Thrown> {
        let nothing = Zval::new();
        Self::new(
            frame.arg(target).unwrap_or(&nothing),
            frame.present(callback),
        )
    }

    fn new(target: &Zval, callback: Option<&Zval>) -> Result<Self, Thrown> {
        Ok(match classes::unwrap(target)? {
            Some((target, callback)) => Self {
                target,
                callback: Some(callback),
            },
            None => Self {
                target: target.shallow_clone(),
                callback: callback.map(Zval::shallow_clone),
            },
        })
    }

    fn path(&self, what: &str) -> Result<String, Thrown> {
        let local = classes::LOCAL_FILE
            .object(&self.target)
            .map(|object| classes::LOCAL_FILE.read(object, "file"));
        let path = local.as_ref().unwrap_or(&self.target).string();
        path.filter(|path| !path.is_empty()).ok_or_else(|| {
            Thrown::Exception(format!(
                "expected {what}, found {}",
                match self.target.str() {
                    Some(_) => "an empty string".to_owned(),
                    None => function::type_name(&self.target),
                }
            ))
        })
    }
}

fn media<'f>(frame: &Frame<'f>) -> Result<&'f Zval, Thrown> {
    frame
        .arg(0)
        .ok_or_else(|| Thrown::Exception("expected a file to download, found none".to_owned()))
}

fn to_file(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let path = saved(frame, save_as)?;
    frame.give(path)
}

/// [`save_as`] or [`save_in`].
pub(crate) type Save =
    fn(&Rc<Instance>, &Zval, &Zval, Option<&Zval>, Option<&Zval>) -> Result<String, Thrown>;

fn saved(frame: &Frame<'_>, save: Save) -> Result<String, Thrown> {
    let nothing = Zval::new();
    save(
        api::instance(frame)?,
        media(frame)?,
        frame.arg(1).unwrap_or(&nothing),
        frame.present(2),
        frame.present(3),
    )
}

/// Saves a file at a path, and tells a callback of the progress; the path from the root.
pub(crate) fn save_as(
    instance: &Rc<Instance>,
    media: &Zval,
    target: &Zval,
    callback: Option<&Zval>,
    cancellation: Option<&Zval>,
) -> Result<String, Thrown> {
    let telling = Telling::new(target, callback)?;
    let path = telling.path("the path of a file")?;
    let (file, own) = file_of(instance, media)?;
    let callback = telling.callback.or(own);
    let path = absolute(&path)?;
    save::save(instance, &file, &path, callback.as_ref(), cancellation)?;
    Ok(path)
}

fn to_directory(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let path = saved(frame, save_in)?;
    frame.give(path)
}

/// As [`save_as`], under the file's own name in a directory.
pub(crate) fn save_in(
    instance: &Rc<Instance>,
    media: &Zval,
    target: &Zval,
    callback: Option<&Zval>,
    cancellation: Option<&Zval>,
) -> Result<String, Thrown> {
    let telling = Telling::new(target, callback)?;
    let directory = telling.path("the path of a directory")?;
    local::check_basedir(&directory)?;
    if !Path::new(&directory).is_dir() {
        return Err(Thrown::Exception(format!(
            "expected a directory, {directory} is none"
        )));
    }
    let (file, own) = file_of(instance, media)?;
    let callback = telling.callback.or(own);
    let name = format!("{}{}", file.name, file.extension);
    if name.is_empty() || name.contains('/') || name == ".." {
        return Err(Thrown::Exception(format!(
            "the file has no name that could stand in a directory: '{name}'"
        )));
    }
    let path = absolute(&format!("{directory}/{name}"))?;
    save::save(instance, &file, &path, callback.as_ref(), cancellation)?;
    Ok(path)
}

/// The path from the root.
fn absolute(path: &str) -> Result<String, Thrown> {
    let path = std::path::absolute(path).map_err(|error| {
        Thrown::Exception(format!("cannot find the working directory: {error}"))
    })?;
    Ok(path.to_string_lossy().into_owned())
}

fn to_stream(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let instance = api::instance(frame)?;
    let telling = Telling::of(frame, 1, 2)?;
    let mut write = writer(&telling.target)?;
    let (file, own) = file_of(instance, media(frame)?)?;
    let callback = telling.callback.or(own);
    let plan = Plan {
        range: range(frame.int(3).unwrap_or_default(), frame.int(4).unwrap_or(-1))?,
        order: Order::Ascending,
        callback: callback.as_ref(),
        cancellation: frame.present(5),
    };
    download::run(instance, file, &plan, |part| write(&part.bytes))?;
    done(frame, instance)
}

/// Releases 4 to 7 returned true.
fn done(frame: &mut Frame<'_>, instance: &Instance) -> Result<(), Thrown> {
    if instance.dialect() == Dialect::V8 {
        return Ok(());
    }
    frame.give(true)
}

type Writer<'t> = Box<dyn FnMut(&[u8]) -> Result<(), Thrown> + 't>;

/// What writes to a resource, or to an object with `write()`.
fn writer(target: &Zval) -> Result<Writer<'_>, Thrown> {
    if function::is_open(target) {
        return Ok(Box::new(move |bytes| write_resource(target, bytes)));
    }
    let object = target
        .object()
        .filter(|object| function::method(object.ce, "write").is_some())
        .map(Object::of);
    let object = object.ok_or_else(|| {
        Thrown::Exception(format!(
            "expected a stream to write to, or an object with write(), found {}",
            function::type_name(target)
        ))
    })?;
    Ok(Box::new(move |bytes| {
        let mut arguments = [sink::text(bytes)];
        let written = function::call_public(object.ce, Some(object), "write", &mut arguments)?;
        crate::coroutine::finish(written).map(drop)
    }))
}

fn write_resource(stream: &Zval, mut bytes: &[u8]) -> Result<(), Thrown> {
    while !bytes.is_empty() {
        let chunk = sink::text(bytes);
        let written = function::call("fwrite", vec![stream, &chunk]);
        Thrown::pending()?;
        let written = written.and_then(|written| usize::try_from(written.long()?).ok());
        match written {
            Some(written @ 1..) => bytes = bytes.get(written..).unwrap_or_default(),
            // A stream that does not block, and is full.
            Some(0) => crate::runtime::wait(async { tokio::time::sleep(FULL).await })?,
            None => {
                return Err(Thrown::Exception(
                    "the stream takes no more bytes".to_owned(),
                ));
            }
        }
    }
    Ok(())
}

fn to_callable(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let instance = api::instance(frame)?;
    let telling = Telling::of(frame, 1, 2)?;
    if !telling.target.is_callable() {
        return Err(Thrown::Exception(format!(
            "expected a callable that takes the parts of the file, found {}",
            function::type_name(&telling.target)
        )));
    }
    let (file, own) = file_of(instance, media(frame)?)?;
    let callback = telling.callback.or(own);
    let size = match frame.int(6) {
        None => download::CHUNK,
        Some(size) => usize::try_from(size)
            .ok()
            .filter(|size| *size > 0)
            .ok_or_else(|| {
                Thrown::Exception(format!(
                    "part_size: expected a positive number, found {size}"
                ))
            })?,
    };
    let is_seekable = frame.bool(3).unwrap_or(true);
    let plan = Plan {
        range: range(frame.int(4).unwrap_or_default(), frame.int(5).unwrap_or(-1))?,
        order: if is_seekable {
            Order::Any
        } else {
            Order::Ascending
        },
        callback: callback.as_ref(),
        cancellation: frame.present(7),
    };
    download::run(instance, file, &plan, |part| {
        hand_over(&telling.target, part, size)
    })?;
    done(frame, instance)
}

/// Calls the callable with a part, in pieces of at most `size` bytes.
fn hand_over(callable: &Zval, part: &Part, size: usize) -> Result<(), Thrown> {
    let mut offset = part.offset;
    for piece in part.bytes.chunks(size) {
        let mut position = Zval::new();
        position.set_long(offset as i64);
        let taken = function::call_value(callable, &[sink::text(piece), position])?;
        crate::coroutine::finish(taken)?;
        offset += piece.len() as u64;
    }
    Ok(())
}

fn to_returned_stream(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let instance = api::instance(frame)?;
    let range = [frame.int(2).unwrap_or_default(), frame.int(3).unwrap_or(-1)];
    let (callback, cancellation) = (frame.present(1), frame.present(4));
    let stream = stream_of(instance, media(frame)?, callback, range, cancellation)?;
    frame.give_zval(stream);
    Ok(())
}

/// A file as a stream, from one offset to another (−1: its end).
pub(crate) fn stream_of(
    instance: &Rc<Instance>,
    media: &Zval,
    callback: Option<&Zval>,
    [offset, end]: [i64; 2],
    cancellation: Option<&Zval>,
) -> Result<Zval, Thrown> {
    let (file, own) = file_of(instance, media)?;
    let range = range(offset, end)?;
    let callback = callback.map(Zval::shallow_clone).or(own);
    stream::of_file(instance, file, range, callback.as_ref(), cancellation)
}
