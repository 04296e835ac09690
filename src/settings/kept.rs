//! The settings that a session was opened with: they stay in force until others are given, as in MadelineProto.
//!
//! A session with a proxy is opened with it again, whoever opens it, and one on a database server there. What concerns the
//! process and not the session (logs, metrics) is not kept.

use ext_php_rs::types::Zval;
use madeline_client::Session;

use super::{DATABASE, PARTS, SETTINGS, SETTINGS_ABSTRACT, legacy, merge};
use crate::api::properties::{pack, unpack};
use crate::class::{Class, Object};
use crate::exceptions::Thrown;

/// Where the session keeps them.
const SETTING: &str = "settings";
/// The parts that are kept.
const KEPT: &[&str] = &[
    "appInfo",
    "auth",
    "connection",
    "files",
    "peer",
    "rpc",
    "secretChats",
    "schema",
    "db",
    "templates",
];

/// Adds what the script has given to what the session keeps, and puts the sum into `settings`. False where the session
/// had kept nothing, so that `settings` are right as they are.
pub(crate) fn recall(
    session: &Session,
    settings: &Object,
    given: Option<&Zval>,
) -> Result<bool, Thrown> {
    let stored = session.setting(SETTING)?;
    let given = given.filter(|given| !given.is_null());
    if stored.is_none() && given.is_none() {
        return Ok(false);
    }
    let mut object = SETTINGS.instantiate();
    let kept = Object::new(&mut object);
    for (name, value) in stored
        .as_deref()
        .map(unpack)
        .transpose()?
        .unwrap_or_default()
    {
        let part = PARTS.iter().find(|(property, _)| *property == name);
        let fits = |class: &Class| match name.as_str() {
            "db" => DATABASE.object(&value).is_some(),
            _ => class.object(&value).is_some(),
        };
        if part.is_some_and(|(_, class)| fits(class)) {
            SETTINGS.write(kept, &name, value)?;
        }
    }
    if let Some(given) = given {
        apply(kept, given)?;
    }
    let parts: Vec<_> = KEPT
        .iter()
        .map(|property| ((*property).to_owned(), SETTINGS.read(kept, property)))
        .filter(|(_, part)| part.is_object())
        .collect();
    for (property, part) in &parts {
        if stored.is_some() {
            SETTINGS.write(settings, property, part.shallow_clone())?;
        }
    }
    let packed = pack(parts)?;
    if packed != stored {
        session.set_setting(SETTING, packed.as_deref())?;
    }
    Ok(stored.is_some())
}

/// Changes settings by what a script gives: an array by its keys, objects by whole groups.
pub(crate) fn apply(settings: &Object, given: &Zval) -> Result<(), Thrown> {
    match (given.array(), SETTINGS_ABSTRACT.object(given)) {
        (Some(array), _) => legacy::apply(settings, array),
        (None, Some(object)) => merge(settings, object),
        (None, None) => Ok(()),
    }
}
