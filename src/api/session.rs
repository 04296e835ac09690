//! The API object itself: its constructor, its settings and its name.

use std::borrow::Cow;
use std::fs;
use std::rc::Rc;

use ext_php_rs::convert::IntoZval;
use ext_php_rs::types::{ZendHashTable, Zval};
use madeline_client::Session;

use super::dialect::{Dialect, DialectChoice};
use super::instance::Instance;
use super::place::Place;
use super::{ApiState, INTERNAL_DOC, instance, properties};
use crate::class::{Class, Frame, Object};
use crate::exceptions::Thrown;
use crate::logger::{self, Level};
use crate::{namespace, settings};

/// `new API(string $session, SettingsAbstract|array|null $settings = null)`: what releases 2 to 8 take. Releases 2 to 4
/// also took the settings alone; such a session gets its name later.
pub(super) fn construct(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    match frame.arg(0) {
        Some(first) => construct_with(frame.this()?, first, frame.present(1)),
        None => Ok(()),
    }
}

/// The constructor with its arguments.
pub(super) fn construct_with(
    this: &Object,
    first: &Zval,
    given: Option<&Zval>,
) -> Result<(), Thrown> {
    let dialect = DialectChoice::new()?;
    if first.is_array() {
        dialect.sign_of(Dialect::V4);
        return open(this, Place::unnamed(), Some(first), dialect);
    }
    let Some(session) = first.zend_str() else {
        let came = settings::describe(first);
        return Err(Thrown::Type(format!(
            "danog\\MadelineProto\\API::__construct(): Argument #1 ($session) must be of type string, {came} given"
        )));
    };
    let given = given.filter(|given| given.array().is_none_or(|array| !array.is_empty()));
    if given.is_some_and(Zval::is_array) {
        dialect.sign_of(Dialect::V7);
    }
    let session = String::from_utf8_lossy(session.as_bytes()).into_owned();
    open(this, Place::named(session)?, given, dialect)
}

/// Opens the session and makes the namespaces.
pub(super) fn open(
    this: &Object,
    place: Place,
    given: Option<&Zval>,
    dialect: DialectChoice,
) -> Result<(), Thrown> {
    let settings = settings::resolve(given, dialect.get().echoes())?;
    let note = |text: &str| logger::write(Level::Notice, || text.to_owned());
    note("MadelineProto is starting, please wait...");
    let instance = Instance::open(place, dialect, Object::of(&settings), given)?;
    attach(this, &instance, settings.into_zval(false)?);
    properties::restore(this)?;
    note("MadelineProto is ready!");
    Ok(())
}

/// Opens a session without an API object, for objects that were serialized with it; `None` where there is none.
pub(crate) fn reopen(session: &str) -> Result<Option<Rc<Instance>>, Thrown> {
    // What was serialized may have been changed: any other directory would become a session, and nobody else's any more.
    let place = Place::named(session.to_owned())?;
    if !Session::exists(place.directory()) {
        return Ok(None);
    }
    let dialect = DialectChoice::new()?;
    let settings = settings::resolve(None, dialect.get().echoes())?;
    Instance::open(place, dialect, Object::of(&settings), None).map(Some)
}

/// Makes a session the object's.
pub(super) fn attach(this: &Object, instance: &Rc<Instance>, settings: Zval) {
    let Some(state) = Class::state::<ApiState>(this) else {
        return;
    };
    for namespace in namespace::all() {
        INTERNAL_DOC.initialize(this, namespace.name, namespace.object(instance));
    }
    INTERNAL_DOC.initialize(this, "configuration", settings);
    // A second call of the constructor changes nothing: namespaces and buttons keep the first session.
    drop(state.instance.set(Rc::clone(instance)));
}

/// Stores with the session what the script keeps in the object.
pub(super) fn destruct(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let kept = properties::keep(frame.this()?);
    if let Ok(instance) = instance(frame) {
        instance.updates().forget();
    }
    kept
}

/// Writes the session to its place, or to another one: its size in bytes. Everything but the script's own properties
/// is there already.
pub(super) fn save(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let name = frame.text(0).filter(|name| !name.is_empty());
    let size = save_as(frame.this()?, name.map(Cow::into_owned))?;
    frame.give(size)
}

/// As [`save`], for the session of any API object.
pub(super) fn save_as(this: &Object, name: Option<String>) -> Result<i64, Thrown> {
    let instance = Class::state::<ApiState>(this)
        .and_then(|state| state.instance.get())
        .ok_or_else(super::no_session)?;
    properties::keep(this)?;
    let directory = match name {
        None if instance.name().is_empty() => {
            let text = "The session has no name yet: give serialize() the path to keep it at";
            return Err(Thrown::Exception(text.to_owned()));
        }
        None => instance.directory(),
        Some(name) => {
            let place = Place::named(name)?;
            let directory = place.directory().to_owned();
            instance.save_at(place)?;
            directory
        }
    };
    let files = fs::read_dir(&directory).map_err(|error| {
        Thrown::Exception(format!("cannot read {}: {error}", directory.display()))
    })?;
    let sizes = files
        .filter_map(|file| file.ok()?.metadata().ok())
        .map(|file| file.len() as i64);
    Ok(sizes.sum())
}

/// `$api->session = 'path'`, as releases 2 to 4 gave a session its name. Null, which ended its saving, changes nothing:
/// what is stored is always up to date.
pub(super) fn name_session(this: &Object, name: &Zval) -> Result<(), Thrown> {
    match name.string() {
        _ if name.is_null() => Ok(()),
        Some(name) => save_as(this, Some(name)).map(drop),
        None => Err(Thrown::Type(format!(
            "API::$session is the path of a session: a string was expected, {} given",
            settings::describe(name)
        ))),
    }
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
    if properties::are_read() {
        // A session that keeps an API object among its properties would wait for itself.
        return Ok(());
    }
    open(
        frame.this()?,
        Place::named(session)?,
        None,
        DialectChoice::new()?,
    )
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
    match frame.arg(0) {
        Some(given) => change_settings(frame.this()?, given),
        None => Ok(()),
    }
}

/// `updateSettings()`, and `$api->settings = …` of releases 2 to 4.
pub(super) fn change_settings(this: &Object, given: &Zval) -> Result<(), Thrown> {
    let instance = Class::state::<ApiState>(this)
        .and_then(|state| state.instance.get())
        .ok_or_else(super::no_session)?;
    if given.is_array() {
        instance.sign_of(Dialect::V7);
    }
    let current = INTERNAL_DOC.read(this, "configuration");
    let Some(current) = current.object().map(Object::of) else {
        return Ok(());
    };
    // Checks them, and sets up the logger.
    settings::resolve(Some(given), instance.dialect().echoes())?;
    settings::apply(current, given)?;
    instance.configure(current, given)
}

/// The default logger for code that takes PSR-3's.
pub(super) fn psr_logger(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let logger = logger::current();
    let Some(logger) = logger.object() else {
        return Err(Thrown::Exception("There is no default logger".to_owned()));
    };
    let bridge = logger.try_call_method("getPsrLogger", vec![]);
    Thrown::pending()?;
    frame.give_zval(bridge?);
    Ok(())
}

/// Logs a value.
pub(super) fn log(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    logger::log(frame)
}
