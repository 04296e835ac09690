//! Advertisements in channels: <https://core.telegram.org/api/sponsored-messages>.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use ext_php_rs::types::{ZendHashTable, Zval};

use super::{info, instance};
use crate::call;
use crate::class::{Frame, Method, Param, Type};
use crate::exceptions::Thrown;
use crate::zval::sink;

/// For how long the same ones are shown, as Telegram asks for.
const SHOWN_FOR: Duration = Duration::from_secs(5 * 60);
/// Whatever names a peer.
const PEER: Type = Type::INT.or(Type::STRING).or(Type::ARRAY);

/// Reading them, and saying that they were seen.
pub(super) const METHODS: &[Method] = &[
    Method::new(c"getSponsoredMessages", messages)
        .params(&[Param::required(c"peer", PEER)])
        .returns(Type::ARRAY.nullable()),
    Method::new(c"viewSponsoredMessage", view)
        .params(&[
            Param::required(c"peer", PEER),
            Param::required(c"message", Type::STRING.or(Type::ARRAY)),
        ])
        .returns(Type::BOOL),
];

/// When a channel's were asked for, and what came.
type Shown = HashMap<(PathBuf, i64), (Instant, Zval)>;

thread_local! {
    static SHOWN: RefCell<Shown> = RefCell::default();
}

/// At the end of a request.
pub(super) fn end_of_request() {
    drop(SHOWN.take());
}

/// The advertisements of a channel, the same for five minutes; null where there are none.
fn messages(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let instance = instance(frame)?;
    let Some(peer) = frame.arg(0) else {
        return Ok(());
    };
    let id = info::resolved(instance, peer)?.0.bot_api();
    let key = (instance.directory(), id);
    let known = SHOWN.with_borrow(|shown| {
        let (since, value) = shown.get(&key)?;
        (since.elapsed() < SHOWN_FOR).then(|| value.shallow_clone())
    });
    if let Some(value) = known {
        frame.give_zval(value);
        return Ok(());
    }
    let mut arguments = ZendHashTable::with_capacity(1);
    let method = if let Some(method) = instance.schema().method("messages.getSponsoredMessages") {
        arguments.insert("peer", id)?;
        method
    } else {
        // Of earlier layers.
        arguments.insert("channel", id)?;
        call::method(instance, "channels.getSponsoredMessages")?
    };
    let answer = call::perform(instance, method, &sink::array(arguments))?;
    let found = answer.array().and_then(|answer| answer.get("messages"));
    let value = found.map(Zval::shallow_clone).unwrap_or_default();
    let kept = (Instant::now(), value.shallow_clone());
    drop(SHOWN.with_borrow_mut(|shown| shown.insert(key, kept)));
    frame.give_zval(value);
    Ok(())
}

/// Says that an advertisement, or the one with that `random_id`, was seen.
fn view(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let instance = instance(frame)?;
    let (Some(peer), Some(message)) = (frame.arg(0), frame.arg(1)) else {
        return Ok(());
    };
    let random_id = match message.array() {
        Some(message) => message.get("random_id").map(Zval::shallow_clone),
        None => Some(message.shallow_clone()),
    };
    let random_id = random_id.ok_or_else(|| {
        Thrown::Exception("viewSponsoredMessage(): the message has no random_id".to_owned())
    })?;
    let mut arguments = ZendHashTable::with_capacity(2);
    arguments.insert("random_id", random_id)?;
    let method = if let Some(method) = instance.schema().method("messages.viewSponsoredMessage") {
        method
    } else {
        arguments.insert("channel", peer.shallow_clone())?;
        call::method(instance, "channels.viewSponsoredMessage")?
    };
    let seen = call::perform(instance, method, &sink::array(arguments))?;
    frame.give_zval(seen);
    Ok(())
}
