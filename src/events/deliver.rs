//! One update, or what the script has made itself, to whoever gets an account's updates.

use std::rc::Rc;

use ext_php_rs::types::ZendHashTable;

use super::account::{Event, Receiver};
use super::update;
use crate::api::instance::Instance;
use crate::exceptions::Thrown;
use crate::function;
use crate::zval::sink;

/// What the script has made for its handler.
pub(super) fn custom(instance: &Instance) -> Option<Event> {
    instance.updates().custom.borrow_mut().pop_front()
}

/// Hands that over to whoever gets the account's updates.
pub(super) fn deliver_custom(instance: &Rc<Instance>, event: &Event) -> Result<(), Thrown> {
    let receiver = instance.updates().receiver();
    let event = match (event, &receiver) {
        (Event::Progress(_, progress), Receiver::Handler(handler)) => {
            return handler.progress(instance, progress);
        }
        (Event::Progress(_, progress), _) => {
            let mut update = ZendHashTable::with_capacity(2);
            update.insert("_", "updateBroadcastProgress")?;
            update.insert("progress", progress.shallow_clone())?;
            &sink::array(update)
        }
        (Event::Custom(event), _) => event,
    };
    match receiver {
        Receiver::Handler(handler) => handler.custom(instance, event),
        Receiver::Callback(callback) => function::call_back(&callback, vec![event]).map(drop),
        Receiver::Webhook(hook) => hook.post(instance, event),
        Receiver::Nobody | Receiver::Polling => Ok(()),
    }
}

/// Hands an update of the server over.
pub(super) fn deliver(
    instance: &Rc<Instance>,
    own: Option<i64>,
    bytes: &[u8],
) -> Result<(), Thrown> {
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
