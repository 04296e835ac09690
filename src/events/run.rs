//! The loop: updates of one or several accounts to whoever gets them.
//!
//! How it begins and ends; what happens in between is in `turns.rs`. It ends by `stop()`, by a signal, by an error that ends an
//! account, and with the script; handlers in hand are finished before.

use std::cell::RefCell;
use std::rc::Rc;

use ext_php_rs::ffi::php_output_write;
use madeline_client::Authorization;

use super::account::Wish;
use super::handler::Handler;
use super::surface::surface;
use super::turns::Turns;
use super::{kept, shutdown, web};
use crate::api::instance::Instance;
use crate::api::reports;
use crate::exceptions::Thrown;
use crate::runtime::signals;

thread_local! {
    /// Accounts that take part in the next loop.
    static JOINED: RefCell<Vec<Rc<Instance>>> = const { RefCell::new(Vec::new()) };
}

/// Makes an account take part in the next loop.
pub(super) fn join(account: &Rc<Instance>) {
    JOINED.with_borrow_mut(|joined| joined.push(Rc::clone(account)));
}

/// At the end of a request.
pub(super) fn end_of_request() {
    drop(JOINED.take());
}

/// Runs until every account has stopped.
pub(super) fn run(given: &[Rc<Instance>]) -> Result<(), Thrown> {
    let mut accounts = given.to_vec();
    for account in JOINED.take() {
        if !accounts.iter().any(|other| Rc::ptr_eq(other, &account)) {
            accounts.push(account);
        }
    }
    let accounts = accounts.as_slice();
    if accounts
        .iter()
        .any(|account| account.updates().running.get())
    {
        return Err(Thrown::Exception(
            "The updates of this session are handled by a loop already".to_owned(),
        ));
    }
    let is_there_before = |index: usize, account: &Rc<Instance>| {
        let mut before = accounts.iter().take(index);
        before.any(|other| Rc::ptr_eq(other, account))
    };
    if (accounts.iter().enumerate()).any(|(index, account)| is_there_before(index, account)) {
        return Err(Thrown::Exception(
            "A loop cannot have the same session twice".to_owned(),
        ));
    }
    for account in accounts {
        if !account.updates().source.take_turn(account)? {
            return say_running();
        }
    }
    for account in accounts {
        account.updates().running.set(true);
        account.updates().wish.set(Wish::None);
    }
    signals::take();
    let outcome = shutdown::watch(accounts)
        .and_then(|()| web::begin(accounts))
        .and_then(|()| begin(accounts))
        .and_then(|()| Turns::new(accounts)?.all());
    let was_told = signals::received().is_some();
    signals::release();
    let outcome = end_all(accounts, outcome);
    if !was_told && !matches!(outcome, Err(Thrown::Pending)) {
        web::end();
    }
    outcome
}

/// Another process runs this bot: that is no error, as jobs that start one every minute count on.
fn say_running() -> Result<(), Thrown> {
    let text = b"The bot is already running!\n";
    // SAFETY: writes `text` to PHP's output.
    unsafe { php_output_write(text.as_ptr().cast(), text.len()) };
    Thrown::pending()
}

/// Opens the feeds, so that nothing is missed, and calls `onStart()` of every account.
fn begin(accounts: &[Rc<Instance>]) -> Result<(), Thrown> {
    for account in accounts {
        account.updates().source.begin(account)?;
    }
    accounts.iter().try_for_each(started)
}

/// Who is told of exceptions is asked before `onStart()`, and again afterwards: it may have found out.
pub(super) fn started(account: &Rc<Instance>) -> Result<(), Thrown> {
    let Some(handler) = account.updates().handler() else {
        return Ok(());
    };
    let outcome = ask_report_peers(account, &handler)
        .and_then(|()| handler.event("onstart"))
        .and_then(|_| ask_report_peers(account, &handler));
    outcome.or_else(|thrown| surface(account, thrown))?;
    Handler::begin(&handler, 0, account)?;
    for (index, plugin) in handler.plugins().iter().enumerate() {
        let started = plugin.event("onstart").map(drop);
        started.or_else(|thrown| surface(account, thrown))?;
        Handler::begin(&handler, index + 1, account)?;
    }
    Ok(())
}

fn ask_report_peers(account: &Rc<Instance>, handler: &Handler) -> Result<(), Thrown> {
    match handler.event("getreportpeers")? {
        Some(peers) => reports::set_known(account, &peers),
        None => Ok(()),
    }
}

/// `onStop()`, and everything is stored. What fails here is made known and does not keep the rest from it.
pub(super) fn end(account: &Rc<Instance>) -> Result<(), Thrown> {
    let updates = account.updates();
    if !updates.running.replace(false) {
        return Ok(());
    }
    shutdown::unwatch(account);
    let handler = updates.handler();
    let mut outcome = Ok(());
    for one in handler.iter().flat_map(|handler| handler.each()) {
        for cron in one.crons() {
            outcome = outcome.and(cron.end());
        }
        let stopped = one.event("onstop").map(drop);
        outcome = outcome.and(stopped.or_else(|thrown| surface(account, thrown)));
    }
    if is_logged_in(account) {
        if !updates.unhandled.replace(false) {
            outcome = outcome.and(updates.source.handled(account));
        }
        for one in handler.iter().flat_map(|handler| handler.each()) {
            // Also where onStop() has called exit().
            outcome = outcome.and(Thrown::aside(|| kept::keep(account, one.object())));
        }
    }
    outcome
}

/// Whether the account was not logged out meanwhile.
pub(super) fn is_logged_in(account: &Instance) -> bool {
    account
        .client()
        .is_ok_and(|client| client.authorization() != Authorization::LoggedOut)
}

/// Ends what is still running, unless this is a fork, whose parent goes on, or the script has called `exit()`: then it
/// happens when PHP runs the functions that are called at the end.
fn end_all(accounts: &[Rc<Instance>], outcome: Result<(), Thrown>) -> Result<(), Thrown> {
    if !shutdown::is_watching() {
        return outcome;
    }
    let outcome = match outcome {
        Ok(()) => Ok(()),
        Err(thrown) => Err(Thrown::Made(thrown.caught()?)),
    };
    let mut ended = Ok(());
    for account in accounts {
        ended = ended.and(end(account));
    }
    outcome.and(ended)
}
