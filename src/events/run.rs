//! The loop: updates of one or several accounts to whoever gets them.
//!
//! Many updates are handed over per wake-up, a few of each account in turn, all on the PHP thread. Without any it sleeps in
//! `poll()`. It ends by `stop()`, by a signal, by an error that ends an account, and with the script; the handler in hand
//! is finished before.

use std::pin::Pin;
use std::process;
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

use ext_php_rs::types::Zval;
use madeline_client::Authorization;
use tokio::time::{Instant as Time, Sleep, sleep_until};

use super::account::{Receiver, Wish};
use super::handler::Handler;
use super::surface::surface;
use super::{kept, shutdown, update};
use crate::api::instance::Instance;
use crate::api::reports;
use crate::exceptions::Thrown;
use crate::function;
use crate::logger::{self, Level};
use crate::runtime::{self, signals};

/// How many updates of one account come before it is another's turn.
const TURN: usize = 64;
/// How often `onLoop()` is called at least, and how old a change of a kept property gets before it is stored.
const TICK: Duration = Duration::from_secs(1);

/// Runs until every account has stopped.
pub(super) fn run(accounts: &[Rc<Instance>]) -> Result<(), Thrown> {
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
        account.updates().running.set(true);
        account.updates().wish.set(Wish::None);
    }
    signals::take();
    let outcome = shutdown::watch(accounts)
        .and_then(|()| begin(accounts))
        .and_then(|()| Turns::new(accounts)?.all());
    signals::release();
    end_all(accounts, outcome)
}

/// Opens the feeds, so that nothing is missed, and calls `onStart()` of every account.
fn begin(accounts: &[Rc<Instance>]) -> Result<(), Thrown> {
    for account in accounts {
        account.updates().source.begin(account)?;
    }
    accounts.iter().try_for_each(started)
}

/// Who is told of exceptions is asked before `onStart()`, and again afterwards: it may have found out.
fn started(account: &Rc<Instance>) -> Result<(), Thrown> {
    let Some(handler) = account.updates().handler() else {
        return Ok(());
    };
    let outcome = ask_report_peers(account, &handler)
        .and_then(|()| handler.event("onstart"))
        .and_then(|_| ask_report_peers(account, &handler));
    outcome.or_else(|thrown| surface(account, thrown))
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
    if let Some(handler) = &handler {
        outcome = outcome.and(
            handler
                .event("onstop")
                .map(drop)
                .or_else(|thrown| surface(account, thrown)),
        );
    }
    if is_logged_in(account) {
        if !updates.unhandled.replace(false) {
            outcome = outcome.and(updates.source.handled(account));
        }
        if let Some(handler) = &handler {
            // Also where onStop() has called exit().
            outcome = outcome.and(Thrown::aside(|| kept::keep(account, handler.object())));
        }
    }
    outcome
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

/// The turns of one loop.
struct Turns<'a> {
    accounts: Vec<Account<'a>>,
    runtime: tokio::runtime::Handle,
    pid: u32,
    /// Whether anything wants to be called every second.
    ticks: bool,
    /// When something was handled whose traces are not stored yet.
    unkept_since: Option<Time>,
}

struct Account<'a> {
    instance: &'a Rc<Instance>,
    own: Option<i64>,
    is_over: bool,
}

/// An account whose turn it is, and the own user's id.
type Ready<'a> = (&'a Rc<Instance>, Option<i64>);

/// How a turn ended.
enum Turn {
    /// All updates that are there were handled.
    Idle,
    /// There may be more.
    Busy,
    /// The loop ends.
    Over,
}

impl<'a> Turns<'a> {
    fn new(accounts: &'a [Rc<Instance>]) -> Result<Self, Thrown> {
        let each = |instance: &'a Rc<Instance>| {
            Ok(Account {
                instance,
                own: update::own_id(instance)?,
                is_over: false,
            })
        };
        Ok(Self {
            accounts: accounts.iter().map(each).collect::<Result<_, Thrown>>()?,
            runtime: runtime::handle()?,
            pid: process::id(),
            ticks: accounts.iter().any(|account| has_loop_callback(account)),
            unkept_since: None,
        })
    }

    fn all(&mut self) -> Result<(), Thrown> {
        loop {
            self.call_loop_callbacks()?;
            let turn = self.turn()?;
            self.keep()?;
            match turn {
                Turn::Over => return Ok(()),
                Turn::Busy => {}
                Turn::Idle => self.wait()?,
            }
        }
    }

    fn turn(&mut self) -> Result<Turn, Thrown> {
        let (mut busy, mut running) = (false, false);
        for index in 0..self.accounts.len() {
            let Some((instance, own)) = self.account(index)? else {
                continue;
            };
            running = true;
            let updates = instance.updates();
            for _ in 0..TURN {
                if is_told_to_end() {
                    return Ok(Turn::Over);
                }
                if updates.wish.get() != Wish::None {
                    busy = true;
                    break;
                }
                if let Some(event) = custom(instance) {
                    self.handled_one(instance, deliver_custom(instance, &event))?;
                    busy = true;
                    continue;
                }
                let taken = updates.source.try_next(instance, &self.runtime);
                match self.or_over(index, taken)? {
                    Some(Some(delivery)) => {
                        let outcome = deliver(instance, own, &delivery.update);
                        self.handled_one(instance, outcome)?;
                        busy = true;
                    }
                    Some(None) => break,
                    None => {
                        busy = true;
                        break;
                    }
                }
            }
        }
        Ok(match (running && !is_told_to_end(), busy) {
            (false, _) => Turn::Over,
            (true, true) => Turn::Busy,
            (true, false) => Turn::Idle,
        })
    }

    /// An account whose turn it is; its wishes are granted first.
    fn account(&mut self, index: usize) -> Result<Option<Ready<'a>>, Thrown> {
        let Some(account) = self
            .accounts
            .get_mut(index)
            .filter(|account| !account.is_over)
        else {
            return Ok(None);
        };
        let instance = account.instance;
        if !is_logged_in(instance) {
            logger::write(Level::Error, || {
                format!("The loop of {} ends: it is logged out", instance.name())
            });
            account.is_over = true;
            end(instance)?;
            return Ok(None);
        }
        match instance.updates().wish.replace(Wish::None) {
            Wish::None => Ok(Some((instance, account.own))),
            Wish::Stop => {
                account.is_over = true;
                end(instance)?;
                Ok(None)
            }
            Wish::Restart => {
                let own = account.own;
                end(instance)?;
                instance.updates().running.set(true);
                shutdown::watch(std::slice::from_ref(instance))?;
                started(instance)?;
                Ok(Some((instance, own)))
            }
        }
    }

    /// After a handler: it may have forked, and what it threw is made known.
    fn handled_one(
        &mut self,
        instance: &Rc<Instance>,
        outcome: Result<(), Thrown>,
    ) -> Result<(), Thrown> {
        if let Err(thrown) = outcome {
            surface(instance, thrown)?;
        }
        if process::id() != self.pid {
            shutdown::forget();
            return Err(Thrown::Exception(
                "this process is a fork, made by a handler: only its parent goes on with the loop"
                    .to_owned(),
            ));
        }
        self.unkept_since.get_or_insert_with(Time::now);
        Ok(())
    }

    /// An account that has logged itself out is over; what else goes wrong with its updates ends the loop.
    fn or_over<T>(&mut self, index: usize, taken: Result<T, Thrown>) -> Result<Option<T>, Thrown> {
        let Err(thrown) = taken else {
            return taken.map(Some);
        };
        let Some(account) = self.accounts.get_mut(index) else {
            return Err(thrown);
        };
        if is_logged_in(account.instance) || matches!(thrown, Thrown::Rpc(_)) {
            return Err(thrown);
        }
        account.is_over = true;
        end(account.instance)?;
        Ok(None)
    }

    fn call_loop_callbacks(&mut self) -> Result<(), Thrown> {
        if !self.ticks {
            return Ok(());
        }
        for index in 0..self.accounts.len() {
            let Some(account) = self.accounts.get(index).filter(|account| !account.is_over) else {
                continue;
            };
            let instance = account.instance;
            let callback = instance
                .updates()
                .loop_callback
                .borrow()
                .as_ref()
                .map(Zval::shallow_clone);
            let outcome = match (callback, instance.updates().handler()) {
                (Some(callback), _) => function::call_back(&callback, vec![]).map(drop),
                (None, Some(handler)) => handler.event("onloop").map(drop),
                (None, None) => continue,
            };
            self.handled_one(instance, outcome)?;
        }
        Ok(())
    }

    /// Stores what handlers keep, when the last time is a second ago.
    fn keep(&mut self) -> Result<(), Thrown> {
        if self.unkept_since.is_none_or(|since| since.elapsed() < TICK) {
            return Ok(());
        }
        self.unkept_since = None;
        for account in self.accounts.iter().filter(|account| !account.is_over) {
            if let Some(handler) = account.instance.updates().handler()
                && let Err(thrown) = kept::keep(account.instance, handler.object())
            {
                surface(account.instance, thrown)?;
            }
        }
        Ok(())
    }

    /// Sleeps until an update or a signal comes, or it is time for something.
    fn wait(&mut self) -> Result<(), Thrown> {
        let keeps = self.accounts.iter().any(|account| {
            let handler = account.instance.updates().handler();
            handler.is_some_and(|handler| kept::names_method(handler.object()).is_some())
        });
        if !keeps {
            self.unkept_since = None;
        }
        let next_tick = self.ticks.then(|| Time::now() + TICK);
        let next_keep = self.unkept_since.map(|since| since + TICK);
        let wake_up = next_tick.into_iter().chain(next_keep).min();
        let mut timer: Option<Pin<Box<Sleep>>> = None;
        let accounts = &self.accounts;
        let came = runtime::wait_until(|context| {
            let is_over = signals::received().is_some()
                || accounts.iter().any(|account| {
                    let updates = account.instance.updates();
                    updates.wish.get() != Wish::None || !updates.custom.borrow().is_empty()
                });
            if is_over {
                return Poll::Ready(None);
            }
            for (index, account) in accounts
                .iter()
                .enumerate()
                .filter(|(_, account)| !account.is_over)
            {
                let updates = account.instance.updates();
                if let Poll::Ready(taken) = updates.source.poll_next(account.instance, context) {
                    return Poll::Ready(Some((index, taken)));
                }
            }
            if let Some(wake_up) = wake_up {
                let timer = timer.get_or_insert_with(|| Box::pin(sleep_until(wake_up)));
                if timer.as_mut().poll(context).is_ready() {
                    return Poll::Ready(None);
                }
            }
            Poll::Pending
        })?;
        let Some((index, taken)) = came else {
            return Ok(());
        };
        let Some(delivery) = self.or_over(index, taken)? else {
            return Ok(());
        };
        let Some((instance, own)) = self.accounts.get(index).map(|it| (it.instance, it.own)) else {
            return Ok(());
        };
        let outcome = deliver(instance, own, &delivery.update);
        self.handled_one(instance, outcome)
    }
}

/// Whether a signal has come.
fn is_told_to_end() -> bool {
    let signal = signals::received();
    if let Some(signal) = signal {
        logger::write(Level::Notice, || format!("The loop ends: signal {signal}"));
    }
    signal.is_some()
}

/// Whether the account was not logged out meanwhile.
fn is_logged_in(account: &Instance) -> bool {
    account
        .client()
        .is_ok_and(|client| client.authorization() != Authorization::LoggedOut)
}

fn has_loop_callback(account: &Instance) -> bool {
    let updates = account.updates();
    updates.loop_callback.borrow().is_some()
        || updates
            .handler()
            .is_some_and(|handler| handler.has("onloop"))
}

fn custom(instance: &Instance) -> Option<Zval> {
    instance.updates().custom.borrow_mut().pop_front()
}

fn deliver_custom(instance: &Rc<Instance>, event: &Zval) -> Result<(), Thrown> {
    match instance.updates().receiver() {
        Receiver::Handler(handler) => handler.custom(event),
        Receiver::Callback(callback) => function::call_back(&callback, vec![event]).map(drop),
        Receiver::Webhook(hook) => hook.post(instance, event),
        Receiver::Nobody | Receiver::Polling => Ok(()),
    }
}

fn deliver(instance: &Rc<Instance>, own: Option<i64>, bytes: &[u8]) -> Result<(), Thrown> {
    match instance.updates().receiver() {
        Receiver::Handler(handler) => handler.deliver(instance, own, bytes),
        Receiver::Callback(callback) => match update::decode(instance, own, bytes)? {
            Some(update) => function::call_back(&callback, vec![&update]).map(drop),
            None => Ok(()),
        },
        Receiver::Webhook(hook) => match update::decode(instance, own, bytes)? {
            Some(update) => hook.post(instance, &update),
            None => Ok(()),
        },
        // getUpdates() was called meanwhile: it gets what comes.
        Receiver::Polling => super::polling::push(instance, bytes),
        Receiver::Nobody => Ok(()),
    }
}
