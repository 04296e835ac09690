//! Who is told when something goes wrong.

use std::rc::Rc;

use ext_php_rs::types::{ZendHashTable, Zval};
use madeline_client::peers::PeerId;

use super::info;
use super::instance;
use super::instance::Instance;
use crate::call;
use crate::class::{Frame, Method, Param, Type};
use crate::exceptions::Thrown;
use crate::logger::{self, Level};
use crate::zval::{entries, sink};

/// Where the session keeps their bot-API ids, as text with spaces between.
const SETTING: &str = "report_peers";

/// Setting them, and telling them.
pub(super) const METHODS: &[Method] = &[
    Method::new(c"setReportPeers", set)
        .params(&[Param::required(c"userOrId", Type::MIXED)])
        .returns(Type::VOID),
    Method::new(c"hasReportPeers", has).returns(Type::BOOL),
    Method::new(c"hasAdmins", has).returns(Type::BOOL),
    Method::new(c"getAdminIds", ids).returns(Type::ARRAY),
    Method::new(c"report", report)
        .params(&[
            Param::required(c"message", Type::STRING),
            Param::optional(c"parseMode", Type::STRING, c"''"),
        ])
        .returns(Type::VOID),
];

/// One peer in any form, or a list of them.
fn set(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let Some(given) = frame.arg(0) else {
        return Ok(());
    };
    let instance = instance(frame)?;
    let ids = peers(given)
        .map(|peer| resolve(instance, peer))
        .collect::<Result<Vec<_>, Thrown>>()?;
    store(instance, &ids)
}

/// As a handler's `getReportPeers()` names them. One that cannot be found is left out; the log says so.
pub(crate) fn set_known(instance: &Rc<Instance>, given: &Zval) -> Result<(), Thrown> {
    let mut ids = Vec::new();
    for peer in peers(given).filter(|peer| !peer.is_null()) {
        match resolve(instance, peer) {
            Ok(id) => ids.push(id),
            Err(Thrown::Pending) => return Err(Thrown::Pending),
            Err(error) => logger::write(Level::Fatal, || {
                format!("A peer of getReportPeers() cannot be found: {error:?}")
            }),
        }
    }
    store(instance, &ids)
}

/// The one that was given, or those of a list.
fn peers(given: &Zval) -> impl Iterator<Item = &Zval> {
    let list = given.array().filter(|given| entries::is_list(given));
    let one = list.is_none().then_some(given);
    let several = list.into_iter().flat_map(entries::values);
    one.into_iter().chain(several).map(Zval::dereference)
}

fn resolve(instance: &Rc<Instance>, peer: &Zval) -> Result<String, Thrown> {
    Ok(info::resolved(instance, peer)?.0.bot_api().to_string())
}

fn store(instance: &Rc<Instance>, ids: &[String]) -> Result<(), Thrown> {
    let client = instance.client()?;
    let text = ids.join(" ");
    Ok(client
        .session()
        .set_setting(SETTING, Some(text.as_bytes()))?)
}

fn has(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let any = any(instance(frame)?)?;
    frame.give(any)
}

/// Whether a handler's exceptions reach nobody.
pub(crate) fn nobody_is_told(instance: &Instance) -> Result<bool, Thrown> {
    Ok(instance.updates().handler().is_some() && !any(instance)?)
}

/// Whether somebody is told.
pub(super) fn any(instance: &Instance) -> Result<bool, Thrown> {
    Ok(!told(instance)?.is_empty())
}

fn ids(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let ids = told(instance(frame)?)?;
    frame.give(ids.into_iter().map(PeerId::bot_api).collect::<Vec<_>>())
}

/// Whether this user is told of what goes wrong: one of the administrators.
pub(crate) fn is_told(instance: &Rc<Instance>, user: i64) -> Result<bool, Thrown> {
    Ok(told(instance)?
        .into_iter()
        .any(|peer| peer.bot_api() == user))
}

fn report(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let text = frame.bytes(0).unwrap_or_default();
    send(instance(frame)?, text, frame.bytes(1).unwrap_or_default())
}

/// Sends a message to each of them. Who cannot be told does not keep the others from it; the log says so.
pub(crate) fn send(instance: &Rc<Instance>, text: &[u8], mode: &[u8]) -> Result<(), Thrown> {
    let method = call::method(instance, "messages.sendMessage")?;
    for peer in told(instance)? {
        let mut arguments = ZendHashTable::new();
        arguments.insert("peer", peer.bot_api())?;
        arguments.insert("message", sink::text(text))?;
        arguments.insert("parse_mode", sink::text(mode))?;
        match call::perform(instance, method, &sink::array(arguments)) {
            Ok(_) => {}
            // Of a signal handler, or exit().
            Err(Thrown::Pending) => return Err(Thrown::Pending),
            Err(error) => logger::write(Level::Error, || {
                format!("The report did not reach {peer}: {error:?}")
            }),
        }
    }
    Ok(())
}

/// Those who are told.
pub(crate) fn told(instance: &Instance) -> Result<Vec<PeerId>, Thrown> {
    let stored = instance.client()?.session().setting(SETTING)?;
    let text = String::from_utf8_lossy(stored.as_deref().unwrap_or_default()).into_owned();
    Ok(text
        .split_ascii_whitespace()
        .filter_map(|id| PeerId::from_bot_api(id.parse().ok()?))
        .collect())
}
