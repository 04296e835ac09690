//! `\danog\MadelineProto\Shutdown`: what is called when the script ends, and loops that `exit()` has left.

use madeline_client::process;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use ext_php_rs::types::Zval;

use super::run;
use crate::api::instance::Instance;
use crate::class::{Class, Frame, Method, Param, Type};
use crate::exceptions::Thrown;
use crate::function;

const ID: Type = Type::STRING.or(Type::INT);

/// The class.
pub(super) static SHUTDOWN: Class = Class {
    name: c"danog\\MadelineProto\\Shutdown",
    flags: Class::ABSTRACT,
    methods: &[
        Method::new(c"addCallback", add)
            .params(&[
                Param::required(c"callback", Type::CALLABLE),
                Param::optional(c"id", ID.nullable(), c"null"),
            ])
            .returns(ID)
            .of_class(),
        Method::new(c"removeCallback", remove)
            .params(&[Param::required(c"id", ID.nullable())])
            .returns(Type::BOOL)
            .of_class(),
        Method::new(c"run", |_: &mut Frame<'_>| run_all())
            .returns(Type::VOID)
            .of_class(),
    ],
    ..Class::DEFAULT
};

/// How a callback is found again.
#[derive(Clone, PartialEq, Eq)]
enum Id {
    Number(i64),
    Name(Vec<u8>),
}

/// A running loop's account, which `exit()` leaves without an object, and the process that runs it.
struct Watched {
    account: Rc<Instance>,
    pid: u32,
}

thread_local! {
    static CALLBACKS: RefCell<Vec<(Id, Zval)>> = const { RefCell::new(Vec::new()) };
    static NEXT: Cell<i64> = const { Cell::new(0) };
    static WATCHED: RefCell<Vec<Watched>> = const { RefCell::new(Vec::new()) };
    /// PHP knows that there is something to call.
    static REGISTERED: Cell<bool> = const { Cell::new(false) };
}

/// Sees to it that the loop of these accounts ends properly, also where the script ends within it.
pub(super) fn watch(accounts: &[Rc<Instance>]) -> Result<(), Thrown> {
    WATCHED.with_borrow_mut(|watched| {
        watched.extend(accounts.iter().map(|account| Watched {
            account: Rc::clone(account),
            pid: process::id(),
        }));
    });
    register()
}

/// The account's loop has ended.
pub(super) fn unwatch(account: &Rc<Instance>) {
    WATCHED.with_borrow_mut(|watched| watched.retain(|it| !Rc::ptr_eq(&it.account, account)));
}

/// Whether a loop of this process is not ended yet.
pub(super) fn is_watching() -> bool {
    let pid = process::id();
    WATCHED.with_borrow(|watched| watched.iter().any(|it| it.pid == pid))
}

/// In a fork: the loops are the parent's.
pub(super) fn forget() {
    drop(WATCHED.take());
}

/// At the end of a request.
pub(super) fn end_of_request() {
    drop(CALLBACKS.take());
    drop(WATCHED.take());
    NEXT.set(0);
    REGISTERED.set(false);
}

fn register() -> Result<(), Thrown> {
    if !REGISTERED.replace(true) {
        let run = "danog\\MadelineProto\\Shutdown::run";
        function::call("register_shutdown_function", vec![&run]);
    }
    Thrown::pending()
}

/// Has something called when the script ends; a second one under the same id replaces the first.
fn add(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let Some(callback) = frame.arg(0).map(Zval::shallow_clone) else {
        return Ok(());
    };
    let id = id_argument(frame, 1).unwrap_or_else(|| Id::Number(NEXT.replace(NEXT.get() + 1)));
    put(id.clone(), callback)?;
    match id {
        Id::Number(number) => frame.give(number),
        Id::Name(name) => {
            frame.give_zval(crate::zval::sink::text(&name));
            Ok(())
        }
    }
}

fn put(id: Id, callback: Zval) -> Result<(), Thrown> {
    register()?;
    let replaced = CALLBACKS.with_borrow_mut(|callbacks| {
        if let Some((_, known)) = callbacks.iter_mut().find(|(known, _)| *known == id) {
            return Some(std::mem::replace(known, callback));
        }
        callbacks.push((id, callback));
        None
    });
    drop(replaced);
    Ok(())
}

/// As `addCallback()`, under a name.
pub(super) fn add_named(name: &[u8], callback: Zval) -> Result<(), Thrown> {
    put(Id::Name(name.to_vec()), callback)
}

/// Whether there was one.
fn remove(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let removed = id_argument(frame, 0).is_some_and(|id| take(&id));
    frame.give(removed)
}

/// As `removeCallback()`, under a name.
pub(super) fn remove_named(name: &[u8]) -> bool {
    take(&Id::Name(name.to_vec()))
}

fn take(id: &Id) -> bool {
    let removed = CALLBACKS.with_borrow_mut(|callbacks| {
        let index = callbacks.iter().position(|(known, _)| known == id)?;
        Some(callbacks.remove(index))
    });
    removed.is_some()
}

fn id_argument(frame: &Frame<'_>, index: usize) -> Option<Id> {
    let given = frame.present(index)?;
    match given.long() {
        Some(number) => Some(Id::Number(number)),
        None => given
            .zend_str()
            .map(|name| Id::Name(name.as_bytes().to_vec())),
    }
}

/// What PHP calls when the script has ended, and what is added meanwhile. One that throws does not keep the others from
/// being called; the last exception is PHP's to print.
fn run_all() -> Result<(), Thrown> {
    let mut outcome = Ok(());
    let pid = process::id();
    for watched in WATCHED.take() {
        if watched.pid == pid {
            outcome = detached(outcome.and(run::end(&watched.account)));
            watched.account.updates().forget();
        }
    }
    loop {
        let callbacks = CALLBACKS.take();
        if callbacks.is_empty() {
            return outcome;
        }
        for (_, callback) in callbacks {
            let called = detached(function::call_back(&callback, vec![]).map(drop));
            outcome = called.and(outcome);
        }
    }
}

/// The exception away from PHP, so that more can be called.
fn detached(outcome: Result<(), Thrown>) -> Result<(), Thrown> {
    outcome.map_err(|thrown| match thrown.caught() {
        Ok(exception) => Thrown::Made(exception),
        Err(thrown) => thrown,
    })
}
