//! A download as a stream that the script reads: `downloadToReturnedStream()`.

use std::cell::RefCell;
use std::rc::Rc;

use ext_php_rs::types::Zval;
use madeline_client::files::{Order, Range};

use super::download::Running;
use super::info::RemoteFile;
use super::progress::Progress;
use crate::api::instance::Instance;
use crate::class::{Class, Frame, Method, Object, Param, State, StateLayout, Type};
use crate::exceptions::Thrown;
use crate::function;
use crate::zval::sink;

/// Has the methods of Amp's `ReadableStream`.
pub(crate) static FILE_STREAM: Class = Class {
    name: c"danog\\MadelineProto\\FileStream",
    flags: Class::FINAL | Class::NOT_SERIALIZABLE,
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
            .params(&[Param::required(c"onClose", Type::CALLABLE)])
            .returns(Type::VOID),
    ],
    state: Some(StateLayout::of::<StreamState>()),
    ..Class::DEFAULT
};

/// What such a stream reads from.
#[derive(Default)]
pub(crate) struct StreamState {
    open: RefCell<Option<Open>>,
    closing: RefCell<Vec<Zval>>,
}

struct Open {
    running: Running,
    progress: Progress,
    done: u64,
    cancellation: Option<Zval>,
}

impl State for StreamState {
    fn class() -> &'static Class {
        &FILE_STREAM
    }
}

/// A stream of a file's bytes. It begins to download when it is read.
pub(super) fn new(
    instance: &Rc<Instance>,
    file: RemoteFile,
    range: Range,
    callback: Option<&Zval>,
    cancellation: Option<&Zval>,
) -> Result<Zval, Thrown> {
    let running = Running::new(instance, file, range, Order::Ascending)?;
    let progress = Progress::new(instance, "Download", callback, running.total);
    let mut object = FILE_STREAM.instantiate();
    if let Some(state) = Class::state::<StreamState>(Object::new(&mut object)) {
        state.open.replace(Some(Open {
            running,
            progress,
            done: range.start,
            cancellation: cancellation.map(Zval::shallow_clone),
        }));
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
    let cancellation = frame.present(0).or(open.cancellation.as_ref());
    let Some(part) = open.running.next(cancellation)? else {
        open.progress.end(open.done)?;
        return close(state);
    };
    open.done += part.bytes.len() as u64;
    open.progress.at(open.done)?;
    state.open.replace(Some(open));
    frame.give_zval(sink::text(&part.bytes));
    Ok(())
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
    if state.open.borrow().is_some() {
        state.closing.borrow_mut().push(callable.shallow_clone());
        return Ok(());
    }
    function::call_value(callable, &[]).map(drop)
}
