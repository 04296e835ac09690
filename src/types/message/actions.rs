//! What can be done with a message: the methods of its classes that make a call (specification §8.6). Those that need no more than
//! its number and chat are shared with presses of its buttons.

mod chat;
mod group;
mod people;
mod posts;
mod replies;
mod topics;
pub(in crate::types) mod written;

use std::rc::Rc;

use ext_php_rs::convert::IntoZval;
use ext_php_rs::types::{ZendHashTable, Zval};
use madeline_client::peers::{PeerId, PeerKind};

use super::classes::ABSTRACT_MESSAGE;
use crate::api::instance::Instance;
use crate::api::updates;
use crate::call;
use crate::class::{Frame, Method, Object};
use crate::exceptions::Thrown;
use crate::types::ipc_capable;
use crate::zval::sink;

/// Of any message, service messages too.
pub(super) const ABSTRACT: &[&[Method]] = &[chat::DELETION, chat::METHODS, replies::METHODS];

/// Of a message that somebody has written.
pub(super) const MESSAGE: &[&[Method]] = &[written::SHARED, written::METHODS, people::OF_ANYBODY];

/// Of a press of a button: with the message that has it.
pub(in crate::types) const PRESSED: &[&[Method]] =
    &[chat::DELETION, written::SHARED, written::OF_PRESSED];

/// Of one in a private chat.
pub(super) const PRIVATE: &[&[Method]] = &[chat::OF_PRIVATE];

/// Of one in a group.
pub(super) const GROUP: &[&[Method]] = &[
    people::OF_GROUP,
    group::SETTINGS,
    group::SLOW_MODE,
    group::PROTECTION,
    topics::METHODS,
];

/// Of one in a channel.
pub(super) const CHANNEL: &[&[Method]] = &[people::OF_CHANNEL, posts::METHODS, group::PROTECTION];

/// The message that a method is called on, or the press of a button of one, and who makes its calls.
struct Subject<'f> {
    message: &'f Object,
    /// The property that has the message's number.
    id: &'static str,
    instance: Rc<Instance>,
    /// The method, for errors.
    method: &'static str,
}

impl<'f> Subject<'f> {
    fn of(frame: &Frame<'f>, method: &'static str) -> Result<Self, Thrown> {
        let message = frame.this()?;
        let (id, needed): (_, &[_]) = if ABSTRACT_MESSAGE.is_class_of(message) {
            ("id", &["id", "chatId", "senderId"])
        } else {
            ("messageId", &["messageId", "chatId"])
        };
        // After `unserialize()` they may be missing, and a call without them would mean something else.
        for property in needed {
            ABSTRACT_MESSAGE.read_set(message, property)?;
        }
        let instance = ipc_capable::instance_of(message)?;
        Ok(Self {
            message,
            id,
            instance,
            method,
        })
    }

    /// A public property.
    fn read(&self, property: &str) -> Zval {
        ABSTRACT_MESSAGE.read(self.message, property)
    }

    fn int(&self, property: &str) -> i64 {
        self.read(property).long().unwrap_or_default()
    }

    /// `chatId` as an argument.
    fn chat(&self) -> Zval {
        self.read("chatId")
    }

    /// `senderId` as an argument.
    fn sender(&self) -> Zval {
        self.read("senderId")
    }

    /// The message's number as an argument.
    fn id(&self) -> Zval {
        self.read(self.id)
    }

    /// A list of it as an argument.
    fn ids(&self) -> Result<Zval, Thrown> {
        list([self.id()])
    }

    /// The topic, but for the one that every forum has: it is where messages are that name none.
    fn topic(&self) -> Zval {
        let topic = self.read("topicId");
        if topic.long() == Some(1) {
            return Zval::new();
        }
        topic
    }

    /// Whether the chat is a supergroup or channel, with methods of its own.
    fn is_in_channel(&self) -> bool {
        self.kind() == Some(PeerKind::Channel)
    }

    fn kind(&self) -> Option<PeerKind> {
        PeerId::from_bot_api(self.int("chatId")).map(PeerId::kind)
    }

    /// An error where the chat is no supergroup or channel.
    fn only_in_channels(&self) -> Result<(), Thrown> {
        if self.is_in_channel() {
            return Ok(());
        }
        Err(self.refused(&format!(
            "a message in a supergroup or channel was expected, this one is in {}",
            self.int("chatId")
        )))
    }

    /// An error where the sender is a group or channel.
    fn only_of_people(&self) -> Result<(), Thrown> {
        let sender = self.int("senderId");
        if sender > 0 {
            return Ok(());
        }
        Err(self.refused(&format!(
            "a message of a person or bot was expected, this one is of {sender}"
        )))
    }

    /// The exception for what is not possible with this message, or with an argument.
    fn refused(&self, why: &str) -> Thrown {
        Thrown::InvalidArgument(format!("{}(): {why}", self.method))
    }

    /// Calls a method of Telegram's; arguments that are null are left out.
    fn call<'a>(
        &self,
        method: &str,
        arguments: impl IntoIterator<Item = (&'a str, Zval)>,
    ) -> Result<Zval, Thrown> {
        request(&self.instance, method, arguments)
    }

    /// Calls a method that sends or changes a message; the message.
    fn call_for_message<'a>(
        &self,
        method: &str,
        arguments: impl IntoIterator<Item = (&'a str, Zval)>,
    ) -> Result<Zval, Thrown> {
        let result = self.call(method, arguments)?;
        updates::sent(&self.instance, &result)
    }
}

/// Calls a method of Telegram's; arguments that are null are left out.
pub(in crate::types) fn request<'a>(
    instance: &Rc<Instance>,
    method: &str,
    arguments: impl IntoIterator<Item = (&'a str, Zval)>,
) -> Result<Zval, Thrown> {
    let method = call::method(instance, method)?;
    call::perform(instance, method, &table(arguments)?)
}

/// An array of these; what is null is left out.
fn table<'a>(fields: impl IntoIterator<Item = (&'a str, Zval)>) -> Result<Zval, Thrown> {
    let fields = fields.into_iter();
    let mut table = ZendHashTable::with_capacity(fields.size_hint().0 as u32);
    for (key, value) in fields {
        if !value.is_null() {
            table.insert(key, value)?;
        }
    }
    Ok(sink::array(table))
}

/// A list of these.
fn list<const COUNT: usize>(items: [Zval; COUNT]) -> Result<Zval, Thrown> {
    let mut list = ZendHashTable::with_capacity(COUNT as u32);
    for item in items {
        list.push(item)?;
    }
    Ok(sink::array(list))
}

/// An argument, or null where it was not given.
pub(in crate::types) fn given(frame: &Frame<'_>, index: usize) -> Zval {
    frame
        .arg(index)
        .map(Zval::shallow_clone)
        .unwrap_or_default()
}

/// An int as a value.
fn int(number: i64) -> Result<Zval, Thrown> {
    Ok(number.into_zval(false)?)
}

/// A text as a value.
fn text(text: &str) -> Zval {
    sink::text(text.as_bytes())
}

/// Gives a value to PHP.
#[expect(clippy::unnecessary_wraps, reason = "it ends methods")]
pub(in crate::types) fn give(frame: &mut Frame<'_>, value: Zval) -> Result<(), Thrown> {
    frame.give_zval(value);
    Ok(())
}
