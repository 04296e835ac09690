//! `\danog\MadelineProto\Shutdown`: functions that run when the script ends.

use std::cell::{Cell, RefCell};

use ext_php_rs::types::{ZendHashTable, Zval};

use crate::class::{Class, Frame, Method, Param, Type};
use crate::exceptions::Thrown;
use crate::function;
use crate::zval::sink;

/// The class.
pub(super) static SHUTDOWN: Class = Class {
    name: c"danog\\MadelineProto\\Shutdown",
    flags: Class::ABSTRACT,
    methods: &[
        Method::new(c"addCallback", add)
            .params(&[
                Param::required(c"callback", Type::CALLABLE),
                Param::optional(c"id", Type::STRING.nullable(), c"null"),
            ])
            .returns(Type::INT.or(Type::STRING))
            .of_class(),
        Method::new(c"removeCallback", remove)
            .params(&[Param::required(
                c"id",
                Type::INT.or(Type::STRING).nullable(),
            )])
            .returns(Type::BOOL)
            .of_class(),
        Method::new(c"run", run).returns(Type::VOID).of_class(),
    ],
    ..Class::DEFAULT
};

thread_local! {
    /// The functions of this request under their names, in the order in which they run.
    static CALLBACKS: RefCell<Vec<(String, Zval)>> = const { RefCell::new(Vec::new()) };
    /// The number of the next one without a name.
    static NEXT: Cell<i64> = const { Cell::new(0) };
    /// Whether PHP was told to run them.
    static KNOWN: Cell<bool> = const { Cell::new(false) };
}

/// At the end of a request.
pub(crate) fn end_of_request() {
    drop(CALLBACKS.take());
    NEXT.set(0);
    KNOWN.set(false);
}

/// Under a name that is there already it takes that one's place.
fn add(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let callback = frame.arg(0).map(Zval::shallow_clone).unwrap_or_default();
    let given = frame.text(1).map(std::borrow::Cow::into_owned);
    if !KNOWN.replace(true) {
        let mut runner = ZendHashTable::new();
        runner.push("danog\\MadelineProto\\Shutdown")?;
        runner.push("run")?;
        function::call("register_shutdown_function", vec![&sink::array(runner)]);
        Thrown::pending()?;
    }
    let number = NEXT.get();
    let id = given.clone().unwrap_or_else(|| {
        NEXT.set(number + 1);
        number.to_string()
    });
    let before = CALLBACKS.with_borrow_mut(|callbacks| {
        if let Some((_, known)) = callbacks.iter_mut().find(|(known, _)| *known == id) {
            return Some(std::mem::replace(known, callback));
        }
        callbacks.push((id, callback));
        None
    });
    // Its destructor may be PHP code: nothing is borrowed any more.
    drop(before);
    match given {
        Some(id) => frame.give(id),
        None => frame.give(number),
    }
}

fn remove(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let id = match frame.int(0) {
        Some(number) => Some(number.to_string()),
        None => frame.text(0).map(std::borrow::Cow::into_owned),
    };
    let removed = CALLBACKS.with_borrow_mut(|callbacks| {
        let index = callbacks
            .iter()
            .position(|(known, _)| Some(known) == id.as_ref())?;
        Some(callbacks.remove(index))
    });
    frame.give(removed.is_some())
}

/// Runs them; PHP calls it. What they add meanwhile runs, too.
fn run(_: &mut Frame<'_>) -> Result<(), Thrown> {
    loop {
        let next = CALLBACKS
            .with_borrow_mut(|callbacks| (!callbacks.is_empty()).then(|| callbacks.remove(0)));
        let Some((_, callback)) = next else {
            return Ok(());
        };
        drop(callback.try_call(vec![]));
        Thrown::pending()?;
    }
}
