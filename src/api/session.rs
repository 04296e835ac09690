//! The API object itself: its constructor, its settings and its name.

use std::env;
use std::path::{Path, PathBuf};

use ext_php_rs::convert::IntoZval;
use ext_php_rs::types::{ZendHashTable, Zval};

use super::dialect::{Dialect, DialectChoice};
use super::instance::Instance;
use super::{ApiState, INTERNAL_DOC, instance};
use crate::class::{Class, Frame, Object};
use crate::exceptions::Thrown;
use crate::{logger, namespace, settings};

/// `new API(string $session, SettingsAbstract|array|null $settings = null)`: what releases 2 to 8 take.
pub(super) fn construct(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let dialect = DialectChoice::new()?;
    let session = frame
        .arg(0)
        .filter(|session| session.is_string())
        .and_then(Zval::string);
    let Some(session) = session else {
        if frame.arg(0).is_some_and(Zval::is_array) {
            dialect.sign_of(Dialect::V4);
        }
        let came = frame.arg(0).map(settings::describe).unwrap_or_default();
        return Err(Thrown::Type(format!(
            "danog\\MadelineProto\\API::__construct(): Argument #1 ($session) must be of type string, {came} given"
        )));
    };
    let given = frame
        .present(1)
        .filter(|given| given.array().is_none_or(|array| !array.is_empty()));
    if given.is_some_and(Zval::is_array) {
        dialect.sign_of(Dialect::V7);
    }
    open(frame.this()?, session, given, dialect)
}

/// Opens the session and makes the namespaces.
fn open(
    this: &Object,
    session: String,
    given: Option<&Zval>,
    dialect: DialectChoice,
) -> Result<(), Thrown> {
    if session.is_empty() {
        return Err(Thrown::Exception("the session's path is empty".to_owned()));
    }
    let settings = settings::resolve(given, dialect.get().echoes())?;
    let directory = absolute(&session)?;
    let instance = Instance::open(session, directory, dialect, Object::of(&settings))?;
    let Some(state) = Class::state::<ApiState>(this) else {
        return Ok(());
    };
    for namespace in namespace::all() {
        INTERNAL_DOC.initialize(this, namespace.name, namespace.object(&instance));
    }
    INTERNAL_DOC.initialize(this, "configuration", settings.into_zval(false)?);
    // A second call of the constructor changes nothing: namespaces and buttons keep the first session.
    drop(state.instance.set(instance));
    Ok(())
}

/// What `serialize()` keeps: the session's path.
pub(super) fn serialize(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let directory = instance(frame)?.directory().to_string_lossy().into_owned();
    let mut kept = ZendHashTable::with_capacity(1);
    kept.insert("session", directory)?;
    frame.give(kept)
}

/// Opens the session again.
pub(super) fn unserialize(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let session = frame
        .array(0)
        .and_then(|kept| kept.get("session"))
        .and_then(Zval::string);
    let session = session.ok_or_else(|| {
        Thrown::Exception("the serialized API object names no session".to_owned())
    })?;
    open(frame.this()?, session, None, DialectChoice::new()?)
}

/// The session's directory.
pub(super) fn name(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let directory = instance(frame)?.directory().to_string_lossy().into_owned();
    frame.give(directory)
}

/// The settings in use, as one `Settings` object.
pub(super) fn settings(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let settings = INTERNAL_DOC.read(frame.this()?, "configuration");
    frame.give_zval(settings);
    Ok(())
}

/// Changes the given settings; what concerns connections is used by the next call.
pub(super) fn update_settings(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let this = frame.this()?;
    let instance = instance(frame)?;
    let Some(given) = frame.arg(0) else {
        return Ok(());
    };
    if given.is_array() {
        instance.sign_of(Dialect::V7);
    }
    let current = INTERNAL_DOC.read(this, "configuration");
    let Some(current) = current.object().map(Object::of) else {
        return Ok(());
    };
    let given = settings::resolve(Some(given), instance.dialect().echoes())?;
    settings::merge(current, Object::of(&given))?;
    instance.configure(current)
}

/// Logs a value.
pub(super) fn log(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    logger::log(frame)
}

/// The session's directory as the script's working directory stands now.
fn absolute(session: &str) -> Result<PathBuf, Thrown> {
    let path = Path::new(session);
    if path.is_absolute() {
        return Ok(path.to_owned());
    }
    env::current_dir()
        .map(|directory| directory.join(path))
        .map_err(|error| Thrown::Exception(format!("cannot find the working directory: {error}")))
}
