//! A file as a stream that the script reads: `downloadToReturnedStream()` and `getStream()`.

use std::cell::RefCell;
use std::rc::Rc;

use ext_php_rs::types::Zval;
use madeline_client::files::{Order, Range};

use super::download::Running;
use super::info::RemoteFile;
use super::input::Input;
use super::progress::Progress;
use crate::api::instance::Instance;
use crate::class::{Bridge, Class, Frame, Method, Object, Param, State, StateLayout, Type};
use crate::exceptions::Thrown;
use crate::function;
use crate::zval::sink;

/// Bytes that are read at once of what is no file of Telegram's.
const CHUNK: usize = 128 << 10;

/// Has the methods of Amp's `ReadableStream`, and is one where Amp is there.
pub(crate) static FILE_STREAM: Class = Class {
    name: c"danog\\MadelineProto\\FileStream",
    flags: Class::NOT_SERIALIZABLE,
    methods: &[
        Method::new(c"read", read)
            .params(&[Param::optional(c"cancellation", Type::MIXED, c"null")])
            .returns(Type::STRING.nullable()),
        Method::new(c"isReadable", |frame: &mut Frame<'_>| {
            let is_open = frame.state::<StreamState>()?.open.borrow().is_some();
            frame.give(is_open)
        })
        .returns(Type::BOOL),
        Method::new(c"isClosed", |frame: &mut Frame<'_>| {
            let is_open = frame.state::<StreamState>()?.open.borrow().is_some();
            frame.give(!is_open)
        })
        .returns(Type::BOOL),
        Method::new(c"close", |frame: &mut Frame<'_>| {
            close(frame.state::<StreamState>()?)
        })
        .returns(Type::VOID),
        Method::new(c"onClose", on_close)
            // Amp wants a closure here, earlier releases took any callable: a type for both there is none.
            .params(&[Param::required(c"onClose", Type::MIXED)])
            .returns(Type::VOID),
    ],
    state: Some(StateLayout::of::<StreamState>()),
    ..Class::DEFAULT
};

static BRIDGE: Bridge = Bridge {
    parent: &FILE_STREAM,
    interface: "Amp\\ByteStream\\ReadableStream",
    child: "danog\\MadelineProto\\FileStreamBridge",
    source: c"namespace danog\\MadelineProto; \
        final class FileStreamBridge extends FileStream implements \\Amp\\ByteStream\\ReadableStream, \\IteratorAggregate { \
            public function getIterator(): \\Traversable { \
                while (($chunk = $this->read()) !== null) { yield $chunk; } \
            } \
        }",
};

/// What such a stream reads from.
#[derive(Default)]
pub(crate) struct StreamState {
    open: RefCell<Option<Open>>,
    closing: RefCell<Vec<Zval>>,
}

enum Open {
    /// A file of Telegram's.
    Remote {
        running: Box<Running>,
        progress: Progress,
        done: u64,
        cancellation: Option<Zval>,
    },
    /// Anything else.
    Other {
        input: Box<Input>,
        done: u64,
        cancellation: Option<Zval>,
    },
}

impl State for StreamState {
    fn class() -> &'static Class {
        &FILE_STREAM
    }
}

/// A stream of a file's bytes. It begins to download when it is read.
pub(super) fn of_file(
    instance: &Rc<Instance>,
    file: RemoteFile,
    range: Range,
    callback: Option<&Zval>,
    cancellation: Option<&Zval>,
) -> Result<Zval, Thrown> {
    let running = Running::new(instance, file, range, Order::Ascending)?;
    let progress = Progress::new(instance, "Download", callback, running.total);
    new(Open::Remote {
        running: Box::new(running),
        progress,
        done: range.start,
        cancellation: cancellation.map(Zval::shallow_clone),
    })
}

/// A stream of what could be uploaded.
pub(super) fn of_input(input: Input, cancellation: Option<&Zval>) -> Result<Zval, Thrown> {
    new(Open::Other {
        input: Box::new(input),
        done: 0,
        cancellation: cancellation.map(Zval::shallow_clone),
    })
}

fn new(open: Open) -> Result<Zval, Thrown> {
    let mut object = BRIDGE.instantiate()?;
    if let Some(state) = Class::state::<StreamState>(Object::new(&mut object)) {
        state.open.replace(Some(open));
    }
    let mut value = Zval::new();
    value.set_object(&mut object);
    Ok(value)
}

/// The next bytes; null at the end.
fn read(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let state = frame.state::<StreamState>()?;
    // Nobody else reads meanwhile: no borrow is held while PHP code runs.
    let Some(mut open) = state.open.take() else {
        return Ok(());
    };
    let chunk = open.next(frame.present(0))?;
    let Some(chunk) = chunk else {
        return close(state);
    };
    state.open.replace(Some(open));
    frame.give_zval(chunk);
    Ok(())
}

impl Open {
    fn next(&mut self, cancellation: Option<&Zval>) -> Result<Option<Zval>, Thrown> {
        match self {
            Self::Remote {
                running,
                progress,
                done,
                cancellation: own,
            } => {
                let Some(part) = running.next(cancellation.or(own.as_ref()))? else {
                    progress.end(*done)?;
                    return Ok(None);
                };
                *done += part.bytes.len() as u64;
                progress.at(*done)?;
                Ok(Some(sink::text(&part.bytes)))
            }
            Self::Other {
                input,
                done,
                cancellation: own,
            } => {
                let chunk = input.read(*done, CHUNK, cancellation.or(own.as_ref()))?;
                *done += chunk.len() as u64;
                Ok((!chunk.is_empty()).then(|| sink::text(&chunk)))
            }
        }
    }
}

fn close(state: &StreamState) -> Result<(), Thrown> {
    drop(state.open.take());
    for callable in state.closing.take() {
        function::call_value(&callable, &[])?;
    }
    Ok(())
}

/// Calls `$onClose` at the end, or now where that is over.
fn on_close(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let state = frame.state::<StreamState>()?;
    let Some(callable) = frame.arg(0) else {
        return Ok(());
    };
    if !callable.is_callable() {
        return Err(Thrown::Type(format!(
            "FileStream::onClose(): Argument #1 ($onClose) must be of type callable, {} given",
            function::type_name(callable)
        )));
    }
    if state.open.borrow().is_some() {
        state.closing.borrow_mut().push(callable.shallow_clone());
        return Ok(());
    }
    function::call_value(callable, &[]).map(drop)
}
