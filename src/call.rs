//! The one way a call travels: arguments, encode, invoke, decode, value.

mod arguments;
mod blacklist;
pub(crate) mod cancellation;
mod manner;
mod options;
mod parts;
mod rewrites;

use std::rc::Rc;

use ext_php_rs::types::{ZendHashTable, Zval};
use madeline_client::convert::{Conversions, ConvertError, Need, Resolution, Resolutions};
use madeline_client::long_message;
use madeline_client::peers::PeerId;
use madeline_client::{Call, Client, Error};
use madeline_mtproto::Random;
use madeline_mtproto::random::OsRandom;
use madeline_tl::{
    Decoder, Definition, EncodeError, EncodeErrorKind, EntryKey, Sink, Source, Ty,
    encode as encode_value, encode_method,
};

use crate::api::bot_api::arguments::in_tl;
use crate::api::dialect::Dialect;
use crate::api::instance::Instance;
use crate::exceptions::Thrown;
use crate::files::{implicit, origins};
use crate::runtime;
use crate::types::button::Owner;
use crate::zval::{Scratch, ZvalSink, sink};
use manner::Manner;

pub(crate) use arguments::Arguments;
pub(crate) use blacklist::replacement;

/// The method of that name in the instance's schema.
pub(crate) fn method<'i>(instance: &'i Instance, name: &str) -> Result<Definition<'i>, Thrown> {
    let schema = instance.schema();
    schema
        .method(name)
        .or_else(|| schema.method(rewrites::renamed(name)?))
        .ok_or_else(|| Thrown::Tl(format!("Could not find method {name}!")))
}

/// An error for methods that belong to the session itself.
pub(crate) fn check_allowed(method: Definition<'_>) -> Result<(), Thrown> {
    match replacement(method.name()) {
        None => Ok(()),
        Some(instead) => Err(Thrown::Exception(format!(
            "You cannot use this method directly: {} is part of how the session is kept. Use {instead} instead",
            method.name()
        ))),
    }
}

/// Calls a method with an array of arguments and waits for its result, where they do not say otherwise.
pub(crate) fn perform(
    instance: &Rc<Instance>,
    method: Definition<'_>,
    arguments: &Zval,
) -> Result<Zval, Thrown> {
    if let Some(manner) = Manner::of(instance, arguments) {
        return manner.perform(instance, method, arguments);
    }
    waited(instance, method, arguments)
}

/// As [`perform`], waiting in any case.
fn waited(
    instance: &Rc<Instance>,
    method: Definition<'_>,
    arguments: &Zval,
) -> Result<Zval, Thrown> {
    let (method, arguments) = &rewrites::apply(instance, method, arguments)?;
    let client = instance.client()?;
    let mut calls = prepare(instance, &client, *method, arguments)?.into_iter();
    match (calls.next(), calls.next()) {
        (Some(call), None) => finish(instance, &client, *method, arguments, call),
        (first, second) => {
            let mut results = ZendHashTable::new();
            for call in first.into_iter().chain(second).chain(calls) {
                let of_part = parts::arguments(instance.schema(), arguments, &call)?;
                let method = self::method(instance, &call.method)?;
                results.push(finish(instance, &client, method, &of_part, call)?)?;
            }
            Ok(sink::array(results))
        }
    }
}

/// Waits for the result of a call.
fn finish(
    instance: &Rc<Instance>,
    client: &Client,
    method: Definition<'_>,
    arguments: &Zval,
    call: Call,
) -> Result<Zval, Thrown> {
    let cancelled = cancellation::of(arguments);
    let invoke = |call| {
        let invoked = client.clone();
        cancellation::wait(cancelled, async move { invoked.invoke(call).await })
    };
    let spare = implicit::takes_files(method).then(|| call.clone());
    let mut answer = invoke(call)?;
    if let (Err(Error::Rpc { name, .. }), Some(spare)) = (&answer, spare)
        && name.starts_with("FILE_REFERENCE_")
        && let Some(renewed) = origins::renewed(instance, client, spare)?
    {
        answer = invoke(renewed)?;
    }
    let answer = answer.map_err(|error| thrown(instance, error))?;
    result(instance, client, method, arguments, &answer)
}

/// What the script gets for an answer.
fn result(
    instance: &Rc<Instance>,
    client: &Client,
    method: Definition<'_>,
    arguments: &Zval,
    answer: &[u8],
) -> Result<Zval, Thrown> {
    let mut value = decode(instance, client, method.ty(), answer)?;
    let is_joined = is_of(method, "messages.ChatInviteJoinResult");
    if is_joined && let Some(updates) = joined(&value) {
        value = updates;
    }
    if is_joined || is_of(method, "Updates") {
        note_request(&mut value, instance.dialect(), method, arguments)?;
    }
    Ok(value)
}

/// The updates of who has joined a group: earlier layers gave nothing around them, and that is what scripts read.
fn joined(result: &Zval) -> Option<Zval> {
    let result = result.array()?;
    let is_ok = result.get("_").and_then(Zval::str) == Some("messages.chatInviteJoinResultOk");
    is_ok.then(|| result.get("updates").map(Zval::shallow_clone))?
}

/// Whether a call is no more than its arguments encoded and its answer decoded: it means no other method, nothing in the
/// arguments says how it is made, and nothing is put beside the result. Such a call needs no PHP values.
pub(crate) fn is_plain<'a>(method: Definition<'_>, arguments: impl Source<'a>) -> bool {
    let is_method_s = |key: EntryKey<'a>, _| match key {
        EntryKey::Name(name)
            if name == b"cancellation" || manner::takes(name) || options::takes(name) =>
        {
            Err(())
        }
        _ => Ok(()),
    };
    !rewrites::concerns(method)
        && !options::is_of_inline_message(method)
        && !implicit::takes_files(method)
        && !is_of(method, "Updates")
        && !is_of(method, "messages.ChatInviteJoinResult")
        && arguments.entries(is_method_s).is_ok()
}

/// Makes a plain call; the answer as the server sent it.
pub(crate) fn invoke<'a>(
    instance: &Instance,
    client: &Client,
    method: Definition<'_>,
    arguments: impl Source<'a>,
) -> Result<Vec<u8>, Thrown> {
    let body = encode_from(instance, client, Form::Call(method), arguments)?;
    let invoked = client.clone();
    let call = Call::new(method.name(), body);
    runtime::wait(async move { invoked.invoke(call).await })?
        .map(Vec::from)
        .map_err(|error| thrown(instance, error))
}

/// Starts a call without waiting; nobody learns how it ends.
pub(crate) fn start(
    instance: &Rc<Instance>,
    method: Definition<'_>,
    arguments: &Zval,
) -> Result<(), Thrown> {
    let (method, arguments) = &rewrites::apply(instance, method, arguments)?;
    let client = instance.client()?;
    let parts = prepare(instance, &client, *method, arguments)?;
    instance.in_background(async move {
        for call in parts {
            // One after the other; what follows a part that was refused would stand alone.
            if client.invoke(call).await.is_err() {
                break;
            }
        }
    })
}

/// Decodes what the server sent, in the instance's dialect, and remembers the users and chats in it.
pub(crate) fn decode(
    instance: &Rc<Instance>,
    client: &Client,
    ty: Ty,
    answer: &[u8],
) -> Result<Zval, Thrown> {
    let mut sink = ZvalSink::new(instance.keys(), Some(owner(instance, client)));
    let value = decode_into(instance, ty, answer, &mut sink)?;
    client.learn(sink.seen())?;
    Ok(value.into_zval())
}

/// Decodes what the server sent, in the instance's dialect.
pub(crate) fn decode_into<S: Sink>(
    instance: &Instance,
    ty: Ty,
    answer: &[u8],
    sink: &mut S,
) -> Result<S::Value, Thrown> {
    Decoder::new(instance.schema(), instance.shape())
        .decode(ty, answer, sink)
        .map(|(value, _)| value)
        .map_err(|error| {
            Thrown::Tl(format!(
                "The server's answer does not fit the schema: {error}"
            ))
        })
}

/// Who the buttons of a result belong to.
pub(crate) fn owner<'i>(instance: &'i Rc<Instance>, client: &Client) -> Owner<'i> {
    Owner {
        instance,
        own_id: own_id(client).map(PeerId::bot_api),
    }
}

/// The exception for an error of the client, as the instance's dialect words it.
pub(crate) fn thrown(instance: &Instance, error: madeline_client::Error) -> Thrown {
    let thrown = Thrown::from(error);
    if instance.dialect() == Dialect::V4 {
        thrown.in_english()
    } else {
        thrown
    }
}

/// Encodes a call; a message that is too long for one gives several.
fn prepare(
    instance: &Instance,
    client: &Client,
    method: Definition<'_>,
    arguments: &Zval,
) -> Result<Vec<Call>, Thrown> {
    let body = encode(instance, client, Form::Call(method), arguments)?;
    let mut calls = match parts_of(instance, client, method, &body) {
        Some(parts) => parts
            .into_iter()
            .map(|part| Call::new(part.method, part.body))
            .collect(),
        None => vec![Call::new(method.name(), body)],
    };
    if let Some(arguments) = arguments.array() {
        for call in &mut calls {
            options::apply(call, client, method, arguments)?;
        }
    }
    Ok(calls)
}

/// The parts of a message that is too long for one.
fn parts_of(
    instance: &Instance,
    client: &Client,
    method: Definition<'_>,
    body: &[u8],
) -> Option<Vec<long_message::Part>> {
    // Most messages are not: whatever the server's limits are, those are shorter.
    const SHORT: usize = 1024;
    if body.len() < SHORT || !long_message::may_be_long(method.name()) {
        return None;
    }
    let limits = client.message_limits();
    let mut random = |bytes: &mut [u8]| OsRandom.fill(bytes);
    long_message::parts(instance.schema(), body, limits, &mut random)
}

/// What a PHP value is encoded as.
#[derive(Clone, Copy)]
pub(crate) enum Form<'d> {
    /// The arguments of a method.
    Call(Definition<'d>),
    /// A value of a type.
    Value(Ty),
}

/// Encodes a value with all conversions; what only the server knows is asked from it on the way.
pub(crate) fn encode(
    instance: &Instance,
    client: &Client,
    form: Form<'_>,
    value: &Zval,
) -> Result<Vec<u8>, Thrown> {
    let scratch = Scratch::new(instance.keys());
    encode_from(instance, client, form, scratch.source(value))
}

/// As [`encode`], from a value of any language.
fn encode_from<'a>(
    instance: &Instance,
    client: &Client,
    form: Form<'_>,
    source: impl Source<'a>,
) -> Result<Vec<u8>, Thrown> {
    let mut resolutions = Resolutions::new();
    loop {
        let outcome = encode_once(instance, client, form, source, &resolutions);
        // What a `__toString` threw goes first.
        Thrown::pending()?;
        let error = match outcome {
            Ok(body) => return Ok(body),
            Err(error) => error,
        };
        if let EncodeErrorKind::Convert(ConvertError::Need(need)) = error.kind() {
            let answer = resolve(instance, client, need.clone())?;
            resolutions.insert(need.clone(), answer);
        } else {
            return Err(error.into());
        }
    }
}

fn encode_once<'a>(
    instance: &Instance,
    client: &Client,
    form: Form<'_>,
    source: impl Source<'a>,
    resolutions: &Resolutions,
) -> Result<Vec<u8>, EncodeError<ConvertError>> {
    let mut body = Vec::with_capacity(256);
    let mut random = |bytes: &mut [u8]| OsRandom.fill(bytes);
    let mut conversions =
        Conversions::new(client.peers(), own_id(client), resolutions, &mut random);
    match form {
        Form::Call(method) => encode_method(
            instance.schema(),
            method,
            source,
            &mut conversions,
            &mut body,
        )?,
        Form::Value(ty) => {
            encode_value(instance.schema(), ty, source, &mut conversions, &mut body)?;
        }
    }
    Ok(body)
}

/// Asks the server for what the session does not know. `NotFound` is an answer, too.
fn resolve(instance: &Instance, client: &Client, need: Need) -> Result<Resolution, Thrown> {
    let client = client.clone();
    runtime::wait(async move { client.resolve(&need).await })?
        .map_err(|error| thrown(instance, error))
}

/// The own user; `None` before login.
pub(crate) fn own_id(client: &Client) -> Option<PeerId> {
    client.session().own_id().and_then(PeerId::user)
}

fn is_of(method: Definition<'_>, ty: &str) -> bool {
    is_of_type(method, method.ty(), ty)
}

/// Whether the result or a parameter of a method, which is `ty`, is of the type of that name.
fn is_of_type(method: Definition<'_>, ty: Ty, name: &str) -> bool {
    matches!(ty, Ty::Boxed(id) if method.schema().type_name(id) == name)
}

/// Puts what was asked beside what it led to, as scripts find it in every `Updates`. The call is made: what a `__toString`
/// throws the second time does not hide its result.
fn note_request(
    updates: &mut Zval,
    dialect: Dialect,
    method: Definition<'_>,
    arguments: &Zval,
) -> Result<(), Thrown> {
    let (Some(updates), Some(given)) = (updates.array_mut(), arguments.array()) else {
        return Ok(());
    };
    let mut body = match in_tl(arguments, given, dialect) {
        Ok(body) => body,
        Err(error) => {
            error.caught()?;
            given.to_owned()
        }
    };
    if let Some(id) = body.get("peer").and_then(Zval::array).and_then(peer_number) {
        body.insert("peer", id)?;
    }
    if let Some(message) = body
        .get("message")
        .filter(|message| !message.is_string())
        .and_then(Zval::coerce_to_string)
    {
        body.insert("message", message)?;
    }
    if let Err(error) = Thrown::pending() {
        error.caught()?;
    }
    let mut request = ZendHashTable::with_capacity(2);
    request.insert("_", method.name())?;
    request.insert("body", body)?;
    updates.insert("request", request)?;
    Ok(())
}

/// The bot API's number of a peer that was given as an array.
pub(crate) fn peer_number(peer: &ZendHashTable) -> Option<i64> {
    let id = |name: &str| peer.get(name).and_then(Zval::long);
    let peer = id("user_id")
        .and_then(PeerId::user)
        .or_else(|| {
            id("chat_id")
                .and_then(i64::checked_abs)
                .and_then(PeerId::chat)
        })
        .or_else(|| id("channel_id").and_then(PeerId::channel))?;
    Some(peer.bot_api())
}
