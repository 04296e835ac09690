//! `getUpdates()`: updates in a queue, each with a number, until the script asks for later ones.
//!
//! The queue is stored with the session before the feed's state is: a page that asks once per request gets every update.

use std::collections::VecDeque;
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

use ext_php_rs::boxed::ZBox;
use ext_php_rs::types::{ZendHashTable, Zval};
use tokio::time::{Instant as Time, sleep_until};

use super::account::Receiver;
use super::update;
use crate::api::dialect::Dialect;
use crate::api::instance;
use crate::api::instance::Instance;
use crate::class::Frame;
use crate::exceptions::Thrown;
use crate::runtime;
use crate::settings::describe;
use crate::zval::sink;

/// Where the session keeps the queue.
const SETTING: &str = "polled";
/// Release 8's default.
const TIMEOUT: f64 = 10.0;

/// Updates that nobody has asked beyond yet.
#[derive(Default)]
pub(super) struct Polled {
    waiting: VecDeque<(i64, Vec<u8>)>,
    next: i64,
    is_read: bool,
    /// Somebody waits for more.
    is_asked: bool,
}

/// What the script asks for.
struct Wanted {
    offset: i64,
    limit: Option<usize>,
    /// `None`: for ever.
    timeout: Option<Duration>,
}

/// `getUpdates(array $params = [])`
pub(super) fn get_updates(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let instance = instance(frame)?;
    let wanted = Wanted::of(frame.array(0), instance.dialect())?;
    let updates = instance.updates();
    if updates.running.get() {
        return Err(Thrown::Exception(
            "getUpdates() and a loop cannot share the updates of one session: stop the loop first"
                .to_owned(),
        ));
    }
    if updates.polled.borrow().is_asked {
        return Err(Thrown::Assertion(
            "getUpdates() is called while another call of it waits".to_owned(),
        ));
    }
    if !matches!(updates.receiver(), Receiver::Polling) {
        updates.set_receiver(Receiver::Polling);
    }
    read(instance)?;
    updates.source.begin(instance)?;
    updates.polled.borrow_mut().is_asked = true;
    let list = poll(instance, &wanted);
    updates.polled.borrow_mut().is_asked = false;
    frame.give_zval(list?);
    Ok(())
}

/// Puts an update into the queue.
pub(super) fn push(instance: &Rc<Instance>, bytes: &[u8]) -> Result<(), Thrown> {
    read(instance)?;
    let mut polled = instance.updates().polled.borrow_mut();
    let id = polled.next;
    polled.next += 1;
    polled.waiting.push_back((id, bytes.to_vec()));
    Ok(())
}

impl Wanted {
    fn of(given: Option<&ZendHashTable>, dialect: Dialect) -> Result<Self, Thrown> {
        let option = |name: &str| given?.get(name).filter(|value| !value.is_null());
        let int = |name: &str| {
            option(name)
                .map(|value| value.long().ok_or_else(|| wrong(name, "an int", value)))
                .transpose()
        };
        let limit = match int("limit")? {
            Some(limit @ ..1) => {
                return Err(Thrown::Assertion(format!(
                    "getUpdates(): limit must be positive, {limit} given"
                )));
            }
            limit => limit.map(|limit| limit as usize),
        };
        let default = if dialect == Dialect::V4 { 0.0 } else { TIMEOUT };
        let seconds = match option("timeout") {
            None => default,
            Some(value) => seconds(value)
                .filter(|seconds| *seconds >= 0.0)
                .ok_or_else(|| wrong("timeout", "a number of seconds, or INF", value))?,
        };
        Ok(Self {
            offset: int("offset")?.unwrap_or_default(),
            limit,
            timeout: Duration::try_from_secs_f64(seconds).ok(),
        })
    }
}

/// A number, whole or not.
fn seconds(value: &Zval) -> Option<f64> {
    #[allow(
        clippy::cast_precision_loss,
        reason = "beyond 2^53 seconds nobody minds"
    )]
    value.double().or_else(|| Some(value.long()? as f64))
}

fn wrong(name: &str, expected: &str, value: &Zval) -> Thrown {
    let came = match (value.long(), value.double()) {
        (Some(number), _) => number.to_string(),
        (_, Some(number)) => number.to_string(),
        _ => describe(value),
    };
    Thrown::Type(format!(
        "getUpdates(): {name} must be {expected}, {came} given"
    ))
}

fn poll(instance: &Rc<Instance>, wanted: &Wanted) -> Result<Zval, Thrown> {
    let updates = instance.updates();
    let deadline = wanted
        .timeout
        .and_then(|time| Time::now().checked_add(time));
    let runtime = runtime::handle()?;
    let own = update::own_id(instance)?;
    let mut offset = wanted.offset;
    let mut changed = false;
    loop {
        while let Some(delivery) = updates.source.try_next(instance, &runtime)? {
            push(instance, &delivery.update)?;
            changed = true;
        }
        let last = updates.polled.borrow().waiting.back().map(|(id, _)| *id);
        if let Some(last) = last.filter(|_| offset < 0) {
            offset = last.saturating_add(1).saturating_add(offset).max(0);
        }
        changed |= drop_before(instance, offset);
        let found = list(instance, own, wanted.limit, &mut changed)?;
        if !found.is_empty() || deadline.is_some_and(|end| end <= Time::now()) {
            if changed {
                store(instance)?;
                updates.source.handled(instance)?;
            }
            return Ok(sink::array(found));
        }
        let mut timer = None;
        let came = runtime::wait_until(|context| {
            if let Poll::Ready(taken) = updates.source.poll_next(instance, context) {
                return Poll::Ready(Some(taken));
            }
            match deadline {
                Some(deadline) => {
                    let timer = timer.get_or_insert_with(|| Box::pin(sleep_until(deadline)));
                    timer.as_mut().poll(context).map(|()| None)
                }
                None => Poll::Pending,
            }
        })?;
        if let Some(taken) = came {
            push(instance, &taken?.update)?;
            changed = true;
        }
    }
}

/// Drops what the script has seen; whether there was anything.
fn drop_before(instance: &Instance, offset: i64) -> bool {
    let mut polled = instance.updates().polled.borrow_mut();
    let before = polled.waiting.len();
    while polled.waiting.front().is_some_and(|(id, _)| *id < offset) {
        polled.waiting.pop_front();
    }
    polled.waiting.len() < before
}

/// What the script gets; what scripts do not get leaves the queue.
fn list(
    instance: &Rc<Instance>,
    own: Option<i64>,
    limit: Option<usize>,
    changed: &mut bool,
) -> Result<ZBox<ZendHashTable>, Thrown> {
    let mut list = ZendHashTable::new();
    let mut index = 0;
    while limit.is_none_or(|limit| list.len() < limit) {
        let next = instance
            .updates()
            .polled
            .borrow()
            .waiting
            .get(index)
            .cloned();
        let Some((id, bytes)) = next else {
            break;
        };
        if let Some(update) = update::decode(instance, own, &bytes)? {
            let mut entry = ZendHashTable::with_capacity(2);
            entry.insert("update_id", id)?;
            entry.insert("update", update)?;
            list.push(entry)?;
            index += 1;
        } else {
            instance.updates().polled.borrow_mut().waiting.remove(index);
            *changed = true;
        }
    }
    Ok(list)
}

/// Reads the queue of an earlier process, once.
fn read(instance: &Rc<Instance>) -> Result<(), Thrown> {
    if instance.updates().polled.borrow().is_read {
        return Ok(());
    }
    let stored = instance.client()?.session().setting(SETTING)?;
    let mut polled = instance.updates().polled.borrow_mut();
    polled.is_read = true;
    let Some((next, mut rest)) = stored.as_deref().and_then(<[u8]>::split_first_chunk) else {
        return Ok(());
    };
    polled.next = i64::from_le_bytes(*next);
    while let Some((id, behind)) = rest.split_first_chunk()
        && let Some((length, behind)) = behind.split_first_chunk()
        && let Some((update, behind)) =
            behind.split_at_checked(u32::from_le_bytes(*length) as usize)
    {
        polled
            .waiting
            .push_back((i64::from_le_bytes(*id), update.to_vec()));
        rest = behind;
    }
    Ok(())
}

/// Stores the queue: the next number, then number, length and bytes of each update.
pub(super) fn store(instance: &Rc<Instance>) -> Result<(), Thrown> {
    let bytes = {
        let polled = instance.updates().polled.borrow();
        let mut bytes = polled.next.to_le_bytes().to_vec();
        for (id, update) in &polled.waiting {
            bytes.extend_from_slice(&id.to_le_bytes());
            bytes.extend_from_slice(&(update.len() as u32).to_le_bytes());
            bytes.extend_from_slice(update);
        }
        bytes
    };
    Ok(instance
        .client()?
        .session()
        .set_setting(SETTING, Some(&bytes))?)
}
