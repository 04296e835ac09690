//! The machine with its sources, its store and the clock.

mod answers;
mod hold;

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use tokio::runtime::Handle;
use tokio::time::{Instant, Sleep, sleep_until};

pub(crate) use self::hold::Hold;
use self::hold::Turn;
use crate::engine::{BoxFuture, UpdatesStream};
use crate::peers::{PeerId, PeerKind};
use crate::updates::fetch::{Failure, fetch};
use crate::updates::hands::Hands;
use crate::updates::inbox::{Own, Taken};
use crate::updates::machine::{Ask, Machine, Mark, Update};
use crate::updates::read::{self, Concern, Container, Order, Plan, Request};
use crate::updates::store::Store;
use crate::updates::{Delivery, Unreadable};
use crate::{Authorization, Client, Error};

/// How much may wait for delivery before nothing more is taken in.
const READY: usize = 512;
const READY_BYTES: usize = 2 << 20;
/// How many objects are taken in at once, and after how many updates the sources are looked at although more wait.
const AT_ONCE: usize = 64;

/// See the module.
pub(super) struct Driver {
    client: Client,
    plan: Arc<Plan>,
    /// Where updates come from, as soon as this process is the one that takes them.
    sources: Option<Sources>,
    /// Waits until it may be.
    turn: Turn,
    started: Instant,
    life: Option<Life>,
    given: usize,
    unreadable: Unreadable,
}

struct Sources {
    // First: who takes over listens when nobody else does.
    stream: UpdatesStream,
    listener: u64,
    _hold: Arc<Hold>,
}

/// What belongs to one login.
struct Life {
    login: u64,
    machine: Machine,
    store: Store,
    notes: VecDeque<Mark>,
    hands: Hands,
    /// Read, and not taken yet: that is tried again where the database failed.
    object: Option<Container>,
    answer: Option<(Ask, Result<Bytes, Failure>)>,
    fetching: Vec<(Ask, BoxFuture<'static, Result<Bytes, Failure>>)>,
    timer: Option<Pin<Box<Sleep>>>,
}

impl Driver {
    pub(super) fn new(client: Client) -> Driver {
        let plan = Arc::new(Plan::new(client.config().schema()));
        let mut driver = Driver {
            client,
            plan,
            sources: None,
            turn: Turn::default(),
            started: Instant::now(),
            life: None,
            given: 0,
            unreadable: Unreadable::default(),
        };
        // Where it cannot listen now, that is tried again with each step.
        if let Ok(Ok(hold)) = driver.client.hold_updates() {
            driver.listen(hold);
        }
        driver
    }

    /// Listens, as the one who does.
    fn listen(&mut self, hold: Arc<Hold>) {
        // Listening connects. The host's thread need not be within the runtime.
        let runtime = self.client.runtime();
        let _within = runtime.as_ref().map(Handle::enter);
        // In this order: a result that comes in between is no loss.
        let listener = self.client.inbox().listen(Arc::clone(&self.plan));
        let stream = self.client.updates();
        self.sources = Some(Sources {
            stream,
            listener,
            _hold: hold,
        });
    }

    pub(super) fn runtime(&self) -> Option<Handle> {
        self.client.runtime()
    }

    pub(super) fn unreadable(&self) -> Unreadable {
        self.unreadable.clone()
    }

    /// Until this process is the one that takes the updates.
    pub(super) fn poll_turn(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        if self.sources.is_none() {
            let hold = std::task::ready!(self.turn.poll(&self.client, context))?;
            self.listen(hold);
        }
        Poll::Ready(Ok(()))
    }

    /// The next update. Every source is looked at before this is pending.
    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<Delivery, Error>> {
        match self.step(context) {
            Ok(Some(delivery)) => Poll::Ready(Ok(delivery)),
            Ok(None) => Poll::Pending,
            // When that is done, there is nobody to listen for.
            Err(_) if self.client.inbox().is_leaving() => Poll::Pending,
            Err(error) => Poll::Ready(Err(error)),
        }
    }

    fn step(&mut self, context: &mut Context<'_>) -> Result<Option<Delivery>, Error> {
        match self.poll_turn(context) {
            Poll::Ready(outcome) => outcome?,
            Poll::Pending => return Ok(None),
        }
        self.check()?;
        self.handled()?;
        self.given += 1;
        if !self.given.is_multiple_of(AT_ONCE)
            && let Some(delivery) = self.deliver()?
        {
            return Ok(Some(delivery));
        }
        loop {
            let moved = self.take_in(context)?;
            if let Some(delivery) = self.deliver()? {
                return Ok(Some(delivery));
            }
            if !moved {
                return Ok(None);
            }
        }
    }

    /// Whether there is a login to listen for, and the life of it.
    fn check(&mut self) -> Result<(), Error> {
        if let Some(reason) = self.client.inbox().ended() {
            return Err(Error::LoggedOut { reason });
        }
        self.client.check_usable()?;
        if self.client.authorization() != Authorization::LoggedIn {
            return Err(Error::SessionClosed {
                what: "nobody is logged in, so there are no updates",
            });
        }
        let login = self.client.session().login_number();
        if self.life.as_ref().is_some_and(|life| life.login == login) {
            return Ok(());
        }
        if self.life.take().is_some() {
            // What waits is of a former login.
            if let Some(sources) = &mut self.sources {
                while sources.stream.try_recv().is_some() {}
            }
        }
        self.life = Some(self.begin(login)?);
        Ok(())
    }

    /// Takes the account up where it was left.
    fn begin(&self, login: u64) -> Result<Life, Error> {
        let now = self.now();
        let schema = self.client.config().schema();
        let (store, kept) = Store::open(self.client.session().clone(), schema.layer())?;
        let mut machine = Machine::new(now);
        for (key, position) in store.positions() {
            machine.restore(key, position);
        }
        machine.restore_told(store.told());
        machine.restore_ahead(store.ahead());
        for kept in kept {
            machine.resume(schema, &self.plan, now, &kept);
        }
        Ok(Life {
            login,
            machine,
            store,
            notes: VecDeque::new(),
            hands: Hands::default(),
            object: None,
            answer: None,
            fetching: Vec::new(),
            timer: None,
        })
    }

    /// The update that was given last was handled, unless it is held.
    pub(super) fn handled(&mut self) -> Result<(), Error> {
        match &mut self.life {
            Some(life) => life.handled(),
            None => Ok(()),
        }
    }

    /// See [`Feed::hold`](super::Feed::hold).
    pub(super) fn hold(&mut self) -> Option<u64> {
        self.life.as_mut()?.hands.hold()
    }

    /// See [`Feed::subscribe`](super::Feed::subscribe).
    pub(super) fn subscribe(&mut self, channel: i64) -> Result<(), Error> {
        if self.sources.is_none() {
            let hold = self
                .client
                .hold_updates()?
                .map_err(|holder| hold::taken(&self.client, holder))?;
            self.listen(hold);
        }
        self.check()?;
        let now = self.now();
        if let Some(life) = &mut self.life {
            life.machine.subscribe(now, channel);
            life.gather();
        }
        self.client.inbox().wake();
        Ok(())
    }

    /// See [`Feed::release`](super::Feed::release).
    pub(super) fn release(&mut self, number: u64) -> Result<(), Error> {
        let Some(life) = &mut self.life else {
            return Ok(());
        };
        life.hands.release(number);
        life.note_done()
    }

    fn deliver(&mut self) -> Result<Option<Delivery>, Error> {
        let Some(life) = &mut self.life else {
            return Ok(None);
        };
        life.write_notes()?;
        while let Some(ready) = life.machine.pop() {
            let identity = ready.update.as_ref().map(Update::identity);
            life.hands.give(ready.mark, identity);
            if let Some(update) = ready.update {
                let update = update.into_bytes(self.client.config().schema());
                return Ok(Some(Delivery { update }));
            }
            life.handled()?;
        }
        Ok(None)
    }

    /// Takes in what the sources have; whether there was anything.
    fn take_in(&mut self, context: &mut Context<'_>) -> Result<bool, Error> {
        let mut moved = self.take_objects(context)?;
        moved |= self.take_answers(context)?;
        let now = self.now();
        let Some(life) = &mut self.life else {
            return Ok(false);
        };
        life.machine.tick(now);
        if life.has_room() {
            while let Some(ask) = life.machine.ask() {
                let question = Box::pin(fetch(self.client.clone(), ask));
                life.fetching.push((ask, question));
                moved = true;
            }
        }
        if !moved {
            moved = life.wait(self.started, context);
        }
        Ok(moved)
    }

    fn take_objects(&mut self, context: &mut Context<'_>) -> Result<bool, Error> {
        let mut moved = self.take_object()?;
        for _ in 0..AT_ONCE {
            if !self.life.as_ref().is_some_and(Life::has_room) {
                break;
            }
            if !self.read_own(context) {
                let Some(Sources { stream, .. }) = &mut self.sources else {
                    break;
                };
                match stream.poll_recv(context) {
                    Poll::Pending => {
                        self.client.engine().offer_updates();
                        break;
                    }
                    Poll::Ready(Some(object)) => self.read(&object, None),
                    Poll::Ready(None) => {
                        return Err(Error::SessionClosed {
                            what: "another listener gets its updates now",
                        });
                    }
                }
            }
            self.take_object()?;
            moved = true;
        }
        Ok(moved)
    }

    /// Reads a result of our own calls; whether there was one.
    fn read_own(&mut self, context: &mut Context<'_>) -> bool {
        let Some(Sources { listener, .. }) = self.sources else {
            return false;
        };
        let own = match self.client.inbox().take(listener, context) {
            Some(Taken::Own(own)) => own,
            Some(Taken::Missed) => {
                self.set_object(Container::TooLong);
                return true;
            }
            None => return false,
        };
        let Own {
            concern,
            method,
            body,
            result,
        } = own;
        let config = Arc::clone(self.client.shared_config());
        let schema = config.schema();
        let request = Request {
            method: &method,
            body: &body,
        };
        match concern {
            Concern::Updates => self.read(&result, Some(&request)),
            Concern::Holds => match read::held(schema, &method, &result) {
                Some(updates) => self.read(&updates.into(), Some(&request)),
                None => self.set_object(Container::TooLong),
            },
            Concern::Affected => {
                let now = self.now();
                if let (Some(order), Some(life)) =
                    (read::affected(schema, &request, &result), &mut self.life)
                {
                    life.machine.affected(now, order);
                    life.gather();
                }
            }
        }
        true
    }

    fn read(&mut self, object: &Bytes, request: Option<&Request<'_>>) {
        let schema = self.client.config().schema();
        let own = self.client.session().own_id();
        let container = read::container(schema, &self.plan, object, own, request);
        if let Container::Updates { batch, .. } = &container
            && let Some(problem) = &batch.broken
        {
            self.unreadable
                .add(format!("an object of updates: {problem}"));
        }
        self.set_object(container);
    }

    fn set_object(&mut self, container: Container) {
        if let Some(life) = &mut self.life {
            life.object = Some(container);
        }
    }

    /// Gives what was read to the machine; before that its peers are stored.
    fn take_object(&mut self) -> Result<bool, Error> {
        let now = self.now();
        let Some(life) = &mut self.life else {
            return Ok(false);
        };
        let Some(container) = &life.object else {
            return Ok(false);
        };
        if let Container::Updates { batch, .. } = container {
            self.client.learn(batch.peers())?;
            if batch.items.iter().any(|item| item.order == Order::Config) {
                self.client.expire_server_config()?;
            }
        }
        if let Some(container) = life.object.take() {
            let client = &self.client;
            life.machine
                .receive(now, container, &mut |peer| is_known(client, peer));
            life.gather();
        }
        Ok(true)
    }

    fn now(&self) -> Duration {
        self.started.elapsed()
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        if let Some(Sources { listener, .. }) = self.sources {
            self.client.inbox().leave(listener);
        }
        if let Some(life) = &mut self.life {
            // What cannot be stored now is in the journal.
            let _ = life.fold(None);
        }
    }
}

impl Life {
    /// Whether more may be taken in.
    fn has_room(&self) -> bool {
        let (updates, bytes) = self.machine.load();
        updates < READY && bytes < READY_BYTES
    }

    fn gather(&mut self) {
        self.notes.extend(self.machine.notes());
    }

    fn handled(&mut self) -> Result<(), Error> {
        self.hands.handled();
        self.note_done()
    }

    fn note_done(&mut self) -> Result<(), Error> {
        while let Some(mark) = self.hands.done() {
            self.note(mark)?;
            self.hands.noted();
        }
        Ok(())
    }

    fn write_notes(&mut self) -> Result<(), Error> {
        while let Some(mark) = self.notes.front().copied() {
            self.note(mark)?;
            self.notes.pop_front();
        }
        Ok(())
    }

    fn note(&mut self, mark: Mark) -> Result<(), Error> {
        if self.store.is_full() {
            self.fold(Some(mark.key))?;
        }
        self.store.apply(mark)
    }

    fn fold(&mut self, at: Option<i64>) -> Result<(), Error> {
        let active = self.machine.settle(self.hands.keys().chain(at));
        self.store.fold(&active, self.hands.ahead())
    }

    /// Sets the alarm; whether it has rung already.
    fn wait(&mut self, started: Instant, context: &mut Context<'_>) -> bool {
        let at = started + self.machine.deadline();
        let timer = match &mut self.timer {
            // One that rings early does no harm, and later ones come with each update.
            Some(timer) if timer.deadline() <= at && !timer.is_elapsed() => timer,
            slot => slot.insert(Box::pin(sleep_until(at))),
        };
        timer.as_mut().poll(context).is_ready()
    }
}

fn is_known(client: &Client, peer: PeerId) -> bool {
    if peer.kind() == PeerKind::User && client.session().own_id() == Some(peer.raw()) {
        return true;
    }
    match client.peers().find(peer) {
        Ok(found) => found.is_some_and(|peer| !peer.min),
        // The update is no less true for that.
        Err(_) => true,
    }
}
