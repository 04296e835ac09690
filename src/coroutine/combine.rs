//! Several things that are still to come, together.

use std::future::poll_fn;
use std::task::{Context, Poll};
use std::time::Duration;

use ext_php_rs::boxed::ZBox;
use ext_php_rs::types::{ZendHashTable, Zval};

use super::future::{FutureState, caught, settled, state, value_of};
use super::{FUTURE, Start, finish, foreign, is_generator, spawn};
use crate::exceptions::Thrown;
use crate::runtime;
use crate::zval::entries::{self, entries, put};
use crate::zval::sink;

/// A future of anything: generators begin to run, other values are complete.
pub(crate) fn as_future(value: &Zval) -> Result<Zval, Thrown> {
    let value = value.dereference();
    if FUTURE.object(value).is_some() {
        return Ok(value.shallow_clone());
    }
    let copy = value.shallow_clone();
    if is_generator(value) {
        return spawn(Box::new(move || finish(copy)), Start::Now);
    }
    if foreign(value).is_some() {
        return spawn(Box::new(move || super::value_of(&copy)), Start::Now);
    }
    Ok(settled(Ok(copy)))
}

/// The values of all, under the keys of what they belong to; throws what the first one throws that fails.
pub(crate) fn all(awaited: &ZendHashTable) -> Result<Zval, Thrown> {
    let futures = futures(awaited)?;
    wait_until(&futures, |futures| {
        failed(futures).is_some() || futures.iter().all(|state| state.is_ready())
    })?;
    let states: Vec<_> = futures.iter().filter_map(state).collect();
    if let Some(future) = failed(&states).and_then(|index| futures.get(index)) {
        return value_of(future);
    }
    values(awaited, &futures)
}

fn values(awaited: &ZendHashTable, futures: &[Zval]) -> Result<Zval, Thrown> {
    let mut values = ZendHashTable::with_capacity(futures.len() as u32);
    for ((key, _), future) in entries(awaited).zip(futures) {
        put(&mut values, key, value_of(future)?);
    }
    Ok(sink::array(values))
}

/// The values of all, under their keys, when all have an outcome; throws what the first one in order throws.
pub(crate) fn each(awaited: &Zval) -> Result<Zval, Thrown> {
    let empty = ZendHashTable::new();
    let awaited = awaited.array().unwrap_or(&empty);
    let futures = futures(awaited)?;
    wait_until(&futures, |futures| {
        futures.iter().all(|state| state.is_ready())
    })?;
    values(awaited, &futures)
}

/// What all came to: the exceptions, and the values, under their keys.
pub(crate) fn any(awaited: &ZendHashTable) -> Result<Zval, Thrown> {
    outcomes(awaited).and_then(pair)
}

/// As [`any`]; throws when fewer than `required` have a value.
pub(crate) fn some(awaited: &ZendHashTable, required: usize) -> Result<Zval, Thrown> {
    let (errors, values) = outcomes(awaited)?;
    if values.len() < required {
        return Err(Thrown::Composite(sink::array(errors)));
    }
    pair((errors, values))
}

/// The first value that is there; throws when all fail.
pub(crate) fn first(awaited: &ZendHashTable) -> Result<Zval, Thrown> {
    if awaited.is_empty() {
        return Err(Thrown::Error(
            "Nothing was given to wait for: the array is empty".to_owned(),
        ));
    }
    let mut futures = futures(awaited)?;
    let mut errors = ZendHashTable::new();
    while !futures.is_empty() {
        wait_until(&futures, |futures| {
            futures.iter().any(|state| state.is_ready())
        })?;
        let ready = futures
            .iter()
            .position(|future| state(future).is_none_or(FutureState::is_ready));
        let Some(ready) = ready else { continue };
        match caught(value_of(&futures.remove(ready)))? {
            Ok(value) => return Ok(value),
            Err(error) => errors.push(error)?,
        }
    }
    Err(Thrown::Composite(sink::array(errors)))
}

/// The first outcome of several, value or exception.
pub(crate) fn earliest(awaited: &ZendHashTable) -> Result<Zval, Thrown> {
    if awaited.is_empty() {
        return Err(Thrown::Error(
            "Nothing was given to wait for: the array is empty".to_owned(),
        ));
    }
    let futures = futures(awaited)?;
    wait_until(&futures, |futures| {
        futures.iter().any(|state| state.is_ready())
    })?;
    let mut ready = futures
        .iter()
        .filter(|future| state(future).is_none_or(FutureState::is_ready));
    ready.next().map_or_else(|| Ok(Zval::new()), value_of)
}

/// The value of a future, if it comes in time.
pub(crate) fn deadline(future: &Zval, time: Duration) -> Result<Option<Zval>, Thrown> {
    let Some(state) = state(future) else {
        return Ok(Some(future.shallow_clone()));
    };
    let in_time = runtime::wait(async move {
        tokio::time::timeout(time, poll_fn(|context| state.poll(context))).await
    })?;
    match in_time {
        Ok(outcome) => {
            outcome?;
            value_of(future).map(Some)
        }
        Err(_) => Ok(None),
    }
}

/// A future for each element; generators begin to run in the order of the array.
fn futures(awaited: &ZendHashTable) -> Result<Vec<Zval>, Thrown> {
    entries::values(awaited).map(as_future).collect()
}

fn failed(futures: &[&FutureState]) -> Option<usize> {
    futures.iter().position(|state| state.has_failed())
}

/// Waits until futures are as wanted; polling makes each wake this wait.
fn wait_until(futures: &[Zval], is_enough: impl Fn(&[&FutureState]) -> bool) -> Result<(), Thrown> {
    let states: Vec<_> = futures.iter().filter_map(state).collect();
    if is_enough(&states) {
        return Ok(());
    }
    let poll = |context: &mut Context<'_>| {
        for state in &states {
            if let Poll::Ready(Err(forked)) = state.poll(context) {
                return Poll::Ready(Err(forked));
            }
        }
        if is_enough(&states) {
            Poll::Ready(Ok(()))
        } else {
            Poll::Pending
        }
    };
    runtime::wait(poll_fn(poll))?
}

type Table = ZBox<ZendHashTable>;

fn outcomes(awaited: &ZendHashTable) -> Result<(Table, Table), Thrown> {
    let futures = futures(awaited)?;
    wait_until(&futures, |futures| {
        futures.iter().all(|state| state.is_ready())
    })?;
    let (mut errors, mut values) = (ZendHashTable::new(), ZendHashTable::new());
    for ((key, _), future) in entries(awaited).zip(&futures) {
        match caught(value_of(future))? {
            Ok(value) => put(&mut values, key, value),
            Err(error) => put(&mut errors, key, error),
        }
    }
    Ok((errors, values))
}

fn pair((errors, values): (Table, Table)) -> Result<Zval, Thrown> {
    let mut pair = ZendHashTable::with_capacity(2);
    pair.push(sink::array(errors))?;
    pair.push(sink::array(values))?;
    Ok(sink::array(pair))
}
