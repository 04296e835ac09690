//! `sendMessage()` and `sendMessageToAdmins()`: texts, with the parameters that the senders of files have.

use std::rc::Rc;

use ext_php_rs::types::{ZendHashTable, Zval};

use super::given::Given;
use super::send::{
    BACKGROUND, CANCELLATION, CLEAR_DRAFT, MARKUP, MESSAGE_OBJECT, NO_FORWARDS, ORDER, PARSE_MODE,
    PEER, REPLY, SCHEDULE, SEND_AS, SILENT, TOPIC, arguments,
};
use crate::api;
use crate::api::instance::Instance;
use crate::api::{reports, updates};
use crate::call;
use crate::class::{Frame, Method, Param, Type};
use crate::exceptions::Thrown;
use crate::zval::sink;

const MESSAGE: Param = Param::required(c"message", Type::STRING);
pub(crate) const NO_WEBPAGE: Param = Param::optional(c"noWebpage", Type::BOOL, c"false");
const TO_PEER: &[Param] = &[
    PEER,
    MESSAGE,
    PARSE_MODE,
    REPLY,
    TOPIC,
    MARKUP,
    SEND_AS,
    SCHEDULE,
    SILENT,
    NO_FORWARDS,
    BACKGROUND,
    CLEAR_DRAFT,
    NO_WEBPAGE,
    ORDER,
    CANCELLATION,
];
const TO_ADMINS: &[Param] = &[
    MESSAGE,
    PARSE_MODE,
    MARKUP,
    SCHEDULE,
    SILENT,
    NO_FORWARDS,
    BACKGROUND,
    CLEAR_DRAFT,
    NO_WEBPAGE,
    CANCELLATION,
];

/// Both.
pub(crate) const METHODS: &[Method] = &[
    Method::new(c"sendMessage", |frame: &mut Frame<'_>| {
        let instance = api::instance(frame)?;
        let given = Given {
            frame,
            params: TO_PEER,
            also: &[],
        };
        let message = send_text(instance, &given)?;
        frame.give_zval(message);
        Ok(())
    })
    .params(TO_PEER)
    .returns(MESSAGE_OBJECT),
    Method::new(c"sendMessageToAdmins", |frame: &mut Frame<'_>| {
        let instance = api::instance(frame)?;
        let given = Given {
            frame,
            params: TO_ADMINS,
            also: &[],
        };
        let mut sent = ZendHashTable::new();
        for peer in reports::told(instance)? {
            let mut message = message(&given)?;
            message.insert("peer", peer.bot_api())?;
            sent.push(send(instance, message)?)?;
        }
        frame.give_zval(sink::array(sent));
        Ok(())
    })
    .params(TO_ADMINS)
    .returns(Type::ARRAY),
];

/// Sends a text to the peer that the arguments name; the message.
pub(crate) fn send_text(instance: &Rc<Instance>, given: &Given<'_, '_>) -> Result<Zval, Thrown> {
    send(instance, message(given)?)
}

type Table = ext_php_rs::boxed::ZBox<ZendHashTable>;

fn message(given: &Given<'_, '_>) -> Result<Table, Thrown> {
    let mut message = arguments(given)?;
    let text = given.get("message").map(Zval::shallow_clone);
    message.insert("message", text.unwrap_or_default())?;
    Ok(message)
}

/// Sends a text; one that is too long goes in parts.
fn send(instance: &Rc<Instance>, message: Table) -> Result<Zval, Thrown> {
    let method = call::method(instance, "messages.sendMessage")?;
    let sent = call::perform(instance, method, &sink::array(message))?;
    updates::sent(instance, &sent)
}
