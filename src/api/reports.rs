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
    let list = given.array().filter(|given| entries::is_list(given));
    let one = |peer: &Zval| Ok(info::resolved(instance, peer)?.0.bot_api().to_string());
    let ids = match list {
        Some(list) => entries::values(list)
            .map(|peer| one(peer.dereference()))
            .collect::<Result<Vec<_>, Thrown>>()?,
        None => vec![one(given)?],
    };
    let session = instance.client()?;
    Ok(session
        .session()
        .set_setting(SETTING, Some(ids.join(" ").as_bytes()))?)
}

fn has(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let any = !stored(instance(frame)?)?.is_empty();
    frame.give(any)
}

fn ids(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let ids = stored(instance(frame)?)?;
    frame.give(ids.into_iter().map(PeerId::bot_api).collect::<Vec<_>>())
}

/// Sends a message to each of them. Who cannot be told does not keep the others from it; the log says so.
fn report(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let instance = instance(frame)?;
    let method = call::method(instance, "messages.sendMessage")?;
    for peer in stored(instance)? {
        let mut arguments = ZendHashTable::new();
        arguments.insert("peer", peer.bot_api())?;
        arguments.insert("message", sink::text(frame.bytes(0).unwrap_or_default()))?;
        arguments.insert("parse_mode", sink::text(frame.bytes(1).unwrap_or_default()))?;
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

fn stored(instance: &Rc<Instance>) -> Result<Vec<PeerId>, Thrown> {
    let stored = instance.client()?.session().setting(SETTING)?;
    let text = String::from_utf8_lossy(stored.as_deref().unwrap_or_default()).into_owned();
    Ok(text
        .split_ascii_whitespace()
        .filter_map(|id| PeerId::from_bot_api(id.parse().ok()?))
        .collect())
}
