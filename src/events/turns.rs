//! The turns of a loop: many updates are handed over per wake-up, a few of each account in turn, all on the PHP thread.
//!
//! Handlers begin in the order of the updates. Each turn runs in a fiber (`workers.rs`): a handler that waits leaves the loop to
//! another one, so that it holds nobody up. Without any updates the loop sleeps in one `poll()`.

use madeline_client::process;
use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

use ext_php_rs::types::Zval;
use madeline_client::Delivery;
use tokio::time::{Instant as Time, Sleep, sleep_until};

use super::account::{Receiver, Wish};
use super::cron::Cron;
use super::deliver::{custom, deliver, deliver_custom};
use super::handler::Handler;
use super::run::{end, is_logged_in, started};
use super::surface::surface;
use super::workers::{Worker, Workers};
use super::{kept, shutdown, update};
use crate::api::dialect::Dialect;
use crate::api::instance::Instance;
use crate::exceptions::Thrown;
use crate::function;
use crate::logger::{self, Level};
use crate::runtime::{self, signals};

/// How many updates of one account come before it is another's turn.
const TURN: usize = 64;
/// How often accounts have their turns before the loop looks at everything else.
const ROUNDS: usize = 16;
/// How often `onLoop()` is called at least, and how old a change of a kept property gets before it is stored.
const TICK: Duration = Duration::from_secs(1);

/// The turns of one loop.
pub(super) struct Turns {
    accounts: Vec<Account>,
    runtime: tokio::runtime::Handle,
    pid: u32,
    /// Whether anything wants to be called every second.
    ticks: bool,
    /// When something was handled whose traces are not stored yet.
    unkept_since: Cell<Option<Time>>,
    /// What came while the loop slept, and whose it is.
    came: RefCell<Option<(usize, Delivery)>>,
    workers: Rc<Workers>,
}

struct Account {
    instance: Rc<Instance>,
    own: Option<i64>,
    is_over: Cell<bool>,
    /// `onStart()` runs once more: nothing is delivered before it has ended.
    is_starting: Cell<bool>,
}

/// How a turn ended.
#[derive(Clone, Copy)]
pub(super) enum Turn {
    /// All updates that are there were handled.
    Idle,
    /// There may be more.
    Busy,
    /// The loop ends.
    Over,
}

impl Turns {
    pub(super) fn new(accounts: &[Rc<Instance>]) -> Result<Rc<Self>, Thrown> {
        let each = |instance: &Rc<Instance>| {
            Ok(Account {
                instance: Rc::clone(instance),
                own: update::own_id(instance)?,
                is_over: Cell::new(false),
                is_starting: Cell::new(false),
            })
        };
        Ok(Rc::new(Self {
            accounts: accounts.iter().map(each).collect::<Result<_, Thrown>>()?,
            runtime: runtime::handle()?,
            pid: process::id(),
            ticks: accounts.iter().any(|account| has_loop_callback(account)),
            unkept_since: Cell::new(None),
            came: RefCell::new(None),
            workers: Workers::new(),
        }))
    }

    /// Until the loop ends, and the handlers in hand have ended.
    pub(super) fn all(self: &Rc<Self>) -> Result<(), Thrown> {
        let outcome = self.until_over();
        self.workers.dismiss();
        if let Some((index, _)) = self.came.take()
            && let Some(account) = self.accounts.get(index)
        {
            account.instance.updates().unhandled.set(true);
        }
        match outcome {
            Ok(()) => self.workers.finish(),
            // A fork has no part in its parent's handlers.
            Err(thrown) if process::id() != self.pid => Err(thrown),
            Err(thrown) => {
                let exception = thrown.caught()?;
                // What else goes wrong now is of no account.
                let _ = self.workers.finish();
                Err(Thrown::Made(exception))
            }
        }
    }

    fn until_over(self: &Rc<Self>) -> Result<(), Thrown> {
        loop {
            self.workers.failure()?;
            self.call_loop_callbacks()?;
            self.run_crons()?;
            let turn = self.begin()?;
            self.keep()?;
            match turn {
                Turn::Over => return Ok(()),
                Turn::Busy => {}
                Turn::Idle => self.wait()?,
            }
        }
    }

    /// A turn, until it ends or its handler waits.
    fn begin(self: &Rc<Self>) -> Result<Turn, Thrown> {
        self.let_go()?;
        if self.workers.are_all_busy() {
            return Ok(if is_told_to_end() {
                Turn::Over
            } else {
                Turn::Idle
            });
        }
        let worker = Worker::new();
        if self.is_sequential() || !Workers::are_possible() {
            return self.turn(&worker);
        }
        let (turns, its) = (Rc::clone(self), Rc::clone(&worker));
        let ended = self.workers.start(&worker, move || turns.turn(&its))?;
        if let Some(turn) = ended {
            return Ok(turn);
        }
        if let Some(account) = worker.account().and_then(|index| self.accounts.get(index)) {
            worker.hold(Rc::clone(&account.instance));
        }
        Ok(Turn::Busy)
    }

    /// Release 4 ran one handler after the other, unless they were generators. A webhook gets updates in their order.
    fn is_sequential(&self) -> bool {
        self.accounts.iter().any(|account| {
            let instance = &account.instance;
            match instance.updates().receiver() {
                Receiver::Webhook(_) => true,
                Receiver::Handler(handler) => {
                    instance.dialect() == Dialect::V4 && !handler.has_generators()
                }
                _ => instance.dialect() == Dialect::V4,
            }
        })
    }

    /// What a worker does.
    fn turn(&self, worker: &Worker) -> Result<Turn, Thrown> {
        if let Some((index, delivery)) = self.came.take() {
            self.deliver(worker, index, &delivery)?;
            if worker.is_left() {
                return Ok(Turn::Busy);
            }
        }
        for _ in 0..ROUNDS {
            match self.round(worker)? {
                Turn::Busy if !self.ticks && !worker.is_left() => {}
                turn => return Ok(turn),
            }
        }
        Ok(Turn::Busy)
    }

    fn round(&self, worker: &Worker) -> Result<Turn, Thrown> {
        let (mut busy, mut running) = (false, false);
        for (index, account) in self.accounts.iter().enumerate() {
            if account.is_starting.get() {
                running = true;
                continue;
            }
            if !self.is_ready(account)? {
                continue;
            }
            running = true;
            let updates = account.instance.updates();
            for _ in 0..TURN {
                if is_told_to_end() {
                    return Ok(Turn::Over);
                }
                if updates.wish.get() != Wish::None {
                    busy = true;
                    break;
                }
                if let Some(event) = custom(&account.instance) {
                    worker.begins(None);
                    self.handled_one(&account.instance, deliver_custom(&account.instance, &event))?;
                    busy = true;
                } else {
                    let taken = updates.source.try_next(&account.instance, &self.runtime);
                    match or_over(account, taken)? {
                        Some(Some(delivery)) => {
                            self.deliver(worker, index, &delivery)?;
                            busy = true;
                        }
                        Some(None) => break,
                        None => {
                            busy = true;
                            break;
                        }
                    }
                }
                if worker.is_left() {
                    return Ok(Turn::Busy);
                }
            }
        }
        Ok(match (running && !is_told_to_end(), busy) {
            (false, _) => Turn::Over,
            (true, true) => Turn::Busy,
            (true, false) => Turn::Idle,
        })
    }

    fn deliver(&self, worker: &Worker, index: usize, delivery: &Delivery) -> Result<(), Thrown> {
        let Some(account) = self.accounts.get(index) else {
            return Ok(());
        };
        worker.begins(Some(index));
        let outcome = deliver(&account.instance, account.own, &delivery.update);
        self.handled_one(&account.instance, outcome)
    }

    /// Whether it is an account's turn; its wishes are granted first.
    fn is_ready(&self, account: &Account) -> Result<bool, Thrown> {
        if account.is_over.get() {
            return Ok(false);
        }
        let instance = &account.instance;
        if !is_logged_in(instance) {
            logger::write(Level::Error, || {
                format!("The loop of {} ends: it is logged out", instance.name())
            });
            account.is_over.set(true);
            end(instance)?;
            return Ok(false);
        }
        match instance.updates().wish.replace(Wish::None) {
            Wish::None => Ok(true),
            Wish::Stop => {
                account.is_over.set(true);
                if self.accounts.iter().any(|other| !other.is_over.get()) {
                    end(instance)?;
                }
                Ok(false)
            }
            Wish::Restart => {
                end(instance)?;
                instance.updates().running.set(true);
                shutdown::watch(std::slice::from_ref(instance))?;
                account.is_starting.set(true);
                let outcome = started(instance);
                account.is_starting.set(false);
                outcome.map(|()| true)
            }
        }
    }

    /// After a handler: it may have forked, and what it threw is made known.
    fn handled_one(
        &self,
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
        if self.unkept_since.get().is_none() {
            self.unkept_since.set(Some(Time::now()));
        }
        Ok(())
    }

    fn call_loop_callbacks(&self) -> Result<(), Thrown> {
        if !self.ticks {
            return Ok(());
        }
        for account in self.running() {
            let instance = &account.instance;
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

    /// Runs what runs at intervals, where it is time.
    fn run_crons(self: &Rc<Self>) -> Result<(), Thrown> {
        for account in self.running() {
            for cron in due(account) {
                let (turns, instance) = (Rc::clone(self), Rc::clone(&account.instance));
                let run = move || turns.handled_one(&instance, cron.run());
                if Workers::are_possible() {
                    let turn = move || run().map(|()| Turn::Busy);
                    self.workers.start(&Worker::new(), turn)?;
                } else {
                    run()?;
                }
            }
        }
        Ok(())
    }

    /// Stores what handlers keep, when the last time is a second ago.
    fn keep(&self) -> Result<(), Thrown> {
        let since = self.unkept_since.get();
        if since.is_none_or(|since| since.elapsed() < TICK) {
            return Ok(());
        }
        self.unkept_since.set(None);
        for account in self.running() {
            let Some(handler) = account.instance.updates().handler() else {
                continue;
            };
            for one in handler.each() {
                if let Err(thrown) = kept::keep(&account.instance, one.object()) {
                    surface(&account.instance, thrown)?;
                }
            }
        }
        Ok(())
    }

    /// Updates whose handlers have waited for long count as handled: what comes behind them is not to come again for their sake.
    fn let_go(&self) -> Result<(), Thrown> {
        for worker in self.workers.overdue() {
            worker.release()?;
        }
        Ok(())
    }

    /// When something runs next that runs at intervals.
    fn next_cron(&self) -> Option<Time> {
        let earliest = self.running().filter_map(|account| {
            let handler = account.instance.updates().handler()?;
            let crons = handler.each().flat_map(Handler::crons);
            crons.filter_map(|cron| cron.due()).min()
        });
        earliest.min()
    }

    fn running(&self) -> impl Iterator<Item = &Account> {
        self.accounts
            .iter()
            .filter(|account| !account.is_over.get())
    }

    /// Sleeps until an update or a signal comes, a handler ends, or it is time for something.
    fn wait(&self) -> Result<(), Thrown> {
        let keeps = self.accounts.iter().any(|account| {
            let handler = account.instance.updates().handler();
            handler.is_some_and(|handler| {
                let mut objects = handler.each().map(Handler::object);
                objects.any(|object| kept::names_method(object).is_some())
            })
        });
        if !keeps {
            self.unkept_since.set(None);
        }
        let next_tick = self.ticks.then(|| Time::now() + TICK);
        let next_keep = self.unkept_since.get().map(|since| since + TICK);
        let next = [
            next_tick,
            next_keep,
            self.workers.next_overdue(),
            self.next_cron(),
        ];
        let wake_up = next.into_iter().flatten().min();
        let mut timer: Option<Pin<Box<Sleep>>> = None;
        let full = self.workers.are_all_busy();
        let came = runtime::wait_until(|context| {
            self.workers.watch(context);
            let is_over = signals::received().is_some()
                || self.workers.has_failed()
                || full && !self.workers.are_all_busy()
                || self
                    .next_cron()
                    .is_some_and(|next| wake_up.is_none_or(|wake_up| next < wake_up))
                || self.accounts.iter().any(|account| {
                    let updates = account.instance.updates();
                    updates.wish.get() != Wish::None || !full && !updates.custom.borrow().is_empty()
                });
            if is_over {
                return Poll::Ready(None);
            }
            for (index, account) in self.accounts.iter().enumerate() {
                if full || account.is_over.get() || account.is_starting.get() {
                    continue;
                }
                let updates = account.instance.updates();
                if let Poll::Ready(taken) = updates.source.poll_next(&account.instance, context) {
                    return Poll::Ready(Some((index, taken)));
                }
                if updates.source.has_unreadable() {
                    return Poll::Ready(None);
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
        if let Some((index, taken)) = came
            && let Some(account) = self.accounts.get(index)
            && let Some(delivery) = or_over(account, taken)?
        {
            self.came.replace(Some((index, delivery)));
        }
        Ok(())
    }
}

/// What runs at intervals in an account, and is to run now.
fn due(account: &Account) -> Vec<Rc<Cron>> {
    let handler = account.instance.updates().handler();
    let crons = handler.iter().flat_map(|handler| handler.each());
    let crons = crons.flat_map(Handler::crons).filter(|cron| cron.is_due());
    crons.map(Rc::clone).collect()
}

/// An account that has logged itself out is over; what else goes wrong with its updates ends the loop.
fn or_over<T>(account: &Account, taken: Result<T, Thrown>) -> Result<Option<T>, Thrown> {
    let Err(thrown) = taken else {
        return taken.map(Some);
    };
    if is_logged_in(&account.instance) || matches!(thrown, Thrown::Rpc(_)) {
        return Err(thrown);
    }
    account.is_over.set(true);
    end(&account.instance)?;
    Ok(None)
}

/// Whether a signal has come.
fn is_told_to_end() -> bool {
    let signal = signals::received();
    if let Some(signal) = signal {
        logger::write(Level::Notice, || format!("The loop ends: signal {signal}"));
    }
    signal.is_some()
}

fn has_loop_callback(account: &Instance) -> bool {
    let updates = account.updates();
    updates.loop_callback.borrow().is_some()
        || updates
            .handler()
            .is_some_and(|handler| handler.has("onloop"))
}
