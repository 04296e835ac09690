//! Results of the client's own calls that are updates, or say how far a sequence is: on their way to the listener.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Waker};

use bytes::Bytes;

use super::read::{Concern, Plan};
use crate::config::Config;

/// How many results may wait, and how many bytes they may have together. What is beyond is in the difference.
const CAPACITY: usize = 1024;
const CAPACITY_BYTES: usize = 4 << 20;

/// Where calls leave their results.
#[derive(Default)]
pub(crate) struct Inbox {
    /// Somebody listens, here or in another process.
    heard: AtomicBool,
    /// The way to a listener in another process.
    elsewhere: Mutex<Option<Elsewhere>>,
    /// The client itself is logging out: what the server says of the login's end is no news.
    leaving: AtomicBool,
    state: Mutex<State>,
}

/// Takes the name, the body and the result of a call.
pub(crate) type Forward = dyn Fn(&str, &Bytes, &Bytes) + Send + Sync;

#[derive(Clone)]
struct Elsewhere {
    plan: Arc<Plan>,
    forward: Arc<Forward>,
}

#[derive(Default)]
struct State {
    listener: u64,
    plan: Option<Arc<Plan>>,
    results: VecDeque<Own>,
    bytes: usize,
    /// Something did not fit.
    missed: bool,
    waker: Option<Waker>,
    /// Why the server ended the login.
    ended: Option<String>,
}

/// The result of a call of our own.
#[derive(Debug)]
pub(super) struct Own {
    pub(super) concern: Concern,
    pub(super) method: String,
    pub(super) body: Bytes,
    pub(super) result: Bytes,
}

/// What waits in the inbox.
pub(super) enum Taken {
    Own(Own),
    /// Results that did not fit.
    Missed,
}

impl Inbox {
    /// A new listener, which gets all from now on; its number.
    pub(super) fn listen(&self, plan: Arc<Plan>) -> u64 {
        let mut state = self.state();
        *state = State {
            listener: state.listener + 1,
            plan: Some(plan),
            ended: state.ended.take(),
            waker: state.waker.take(),
            ..State::default()
        };
        self.heard.store(true, Ordering::Relaxed);
        if let Some(waker) = state.waker.take() {
            waker.wake();
        }
        state.listener
    }

    /// The listener is in another process, or there is none any more.
    pub(crate) fn listen_elsewhere(&self, listener: Option<(&Config, Arc<Forward>)>) {
        let listener = listener.map(|(config, forward)| Elsewhere {
            plan: Arc::new(Plan::new(config.schema())),
            forward,
        });
        let state = self.state();
        let is_heard = listener.is_some() || state.plan.is_some();
        *self.elsewhere() = listener;
        self.heard.store(is_heard, Ordering::Relaxed);
    }

    /// Whether somebody wants results.
    pub(crate) fn is_heard(&self) -> bool {
        self.heard.load(Ordering::Relaxed)
    }

    /// The listener is gone.
    pub(super) fn leave(&self, listener: u64) {
        let mut state = self.state();
        if state.listener == listener {
            self.heard
                .store(self.elsewhere().is_some(), Ordering::Relaxed);
            *state = State {
                listener,
                ended: state.ended.take(),
                ..State::default()
            };
        }
    }

    /// Takes the result of a call, if it says something of updates and somebody listens.
    pub(crate) fn offer(&self, config: &Config, method: &str, body: &Bytes, result: &Bytes) {
        if !self.heard.load(Ordering::Relaxed) {
            return;
        }
        let elsewhere = self.elsewhere().clone();
        if let Some(Elsewhere { plan, forward }) = elsewhere
            && plan.concern(config.schema(), method).is_some()
        {
            forward(method, body, result);
        }
        self.take_in(config, method, body, result);
    }

    /// As [`Inbox::offer`], for the listener in this process only.
    pub(crate) fn take_in(&self, config: &Config, method: &str, body: &Bytes, result: &Bytes) {
        let mut state = self.state();
        let plan = state.plan.as_ref();
        let Some(concern) = plan.and_then(|plan| plan.concern(config.schema(), method)) else {
            return;
        };
        if state.results.len() < CAPACITY && state.bytes < CAPACITY_BYTES {
            state.bytes += result.len() + body.len();
            state.results.push_back(Own {
                concern,
                method: method.to_owned(),
                body: body.clone(),
                result: result.clone(),
            });
        } else {
            state.missed = true;
        }
        if let Some(waker) = state.waker.take() {
            waker.wake();
        }
    }

    /// The server has ended the login; the listener learns why.
    pub(crate) fn end(&self, reason: &str) {
        if self.is_leaving() {
            return self.wake();
        }
        self.state().ended = Some(reason.to_owned());
        self.wake();
    }

    /// The client logs out, or has tried to.
    pub(crate) fn set_leaving(&self, leaving: bool) {
        self.leaving.store(leaving, Ordering::Release);
        self.wake();
    }

    /// Whether the client is logging out.
    pub(super) fn is_leaving(&self) -> bool {
        self.leaving.load(Ordering::Acquire)
    }

    /// Makes the listener look at the state of the login.
    pub(crate) fn wake(&self) {
        let mut state = self.state();
        if let Some(waker) = state.waker.take() {
            waker.wake();
        }
    }

    /// Why the server ended the login, if it did.
    pub(super) fn ended(&self) -> Option<String> {
        self.state().ended.clone()
    }

    /// What waits for this listener; where nothing does, it is woken by what comes.
    pub(super) fn take(&self, listener: u64, context: &mut Context<'_>) -> Option<Taken> {
        let mut state = self.state();
        if state.listener != listener {
            return None;
        }
        if let Some(own) = state.results.pop_front() {
            state.bytes = state
                .bytes
                .saturating_sub(own.result.len() + own.body.len());
            return Some(Taken::Own(own));
        }
        if std::mem::take(&mut state.missed) {
            return Some(Taken::Missed);
        }
        if !state
            .waker
            .as_ref()
            .is_some_and(|waker| waker.will_wake(context.waker()))
        {
            state.waker = Some(context.waker().clone());
        }
        None
    }

    fn elsewhere(&self) -> MutexGuard<'_, Option<Elsewhere>> {
        let elsewhere = self.elsewhere.lock();
        elsewhere.unwrap_or_else(PoisonError::into_inner)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
