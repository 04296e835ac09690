//! What becomes of the updates of one account.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, VecDeque};
use std::mem;
use std::rc::Rc;

use ext_php_rs::types::Zval;

use super::handler::{Handler, PROGRESS};
use super::polling::Polled;
use super::source::Source;
use super::webhook::Webhook;

/// Part of every instance.
#[derive(Default)]
pub(crate) struct Updates {
    receiver: RefCell<Receiver>,
    pub(super) source: Source,
    pub(super) polled: RefCell<Polled>,
    /// What the script itself has made and is not handled yet.
    pub(super) custom: RefCell<VecDeque<Event>>,
    /// Called by every turn of the loop.
    pub(super) loop_callback: RefCell<Option<Zval>>,
    /// A loop runs.
    pub(super) running: Cell<bool>,
    /// What the script wants of the loop.
    pub(super) wish: Cell<Wish>,
    /// The last update is still to be handled, by the next loop.
    pub(super) unhandled: Cell<bool>,
    /// What of the handler and its plugins is stored, by the names of the settings.
    pub(super) kept: RefCell<HashMap<String, Vec<u8>>>,
}

/// Who gets an account's updates.
#[derive(Clone, Default)]
pub(super) enum Receiver {
    /// Nobody.
    #[default]
    Nobody,
    /// A handler object.
    Handler(Rc<Handler>),
    /// `setCallback()`
    Callback(Rc<Zval>),
    /// `setWebhook()`
    Webhook(Rc<Webhook>),
    /// `getUpdates()`
    Polling,
}

/// What handlers get that does not come from the server.
pub(super) enum Event {
    /// `sendCustomEvent()`
    Custom(Zval),
    /// How far the broadcast of that number is: an object.
    Progress(i64, Zval),
}

/// What a loop is to do when the handler in hand is done.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Wish {
    /// Go on.
    #[default]
    None,
    /// `stop()`
    Stop,
    /// `restart()`
    Restart,
}

impl Updates {
    /// Who gets them.
    pub(super) fn receiver(&self) -> Receiver {
        self.receiver.borrow().clone()
    }

    /// Changes who gets them. Dropping the one before may run destructors, so it happens outside of the borrow.
    pub(super) fn set_receiver(&self, receiver: Receiver) {
        let before = self.receiver.replace(receiver);
        drop(before);
    }

    /// Tells whoever gets updates how far a broadcast is. Where it has not been told of an earlier state, it need not be.
    pub(crate) fn progressed(&self, broadcast: i64, progress: Zval) {
        let is_wanted = match &*self.receiver.borrow() {
            Receiver::Handler(handler) => handler.each().any(|one| one.has(PROGRESS)),
            Receiver::Callback(_) | Receiver::Webhook(_) => true,
            Receiver::Nobody | Receiver::Polling => false,
        };
        if !is_wanted {
            return;
        }
        let mut queue = self.custom.borrow_mut();
        let known = queue.iter_mut().find_map(|event| match event {
            Event::Progress(of, known) if *of == broadcast => Some(known),
            _ => None,
        });
        let before = if let Some(known) = known {
            Some(mem::replace(known, progress))
        } else {
            queue.push_back(Event::Progress(broadcast, progress));
            None
        };
        drop(queue);
        drop(before);
    }

    /// The handler.
    pub(crate) fn handler(&self) -> Option<Rc<Handler>> {
        match &*self.receiver.borrow() {
            Receiver::Handler(handler) => Some(Rc::clone(handler)),
            _ => None,
        }
    }

    /// Stops listening: the session is to be closed.
    pub(crate) fn close(&self) {
        self.source.close();
    }

    /// No loop runs any more.
    pub(crate) fn end_of_request(&self) {
        self.running.set(false);
        self.forget();
    }

    /// Gives up what PHP code it holds, unless a loop runs, which needs it.
    pub(crate) fn forget(&self) {
        if self.running.get() {
            return;
        }
        self.set_receiver(Receiver::Nobody);
        drop(self.loop_callback.take());
        drop(self.custom.take());
    }
}
