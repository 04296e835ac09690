//! `CombinedAPI` and `CombinedEventHandler` of releases 4 and 5: one handler object for several sessions, whose methods get
//! the session's path behind the update.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::rc::Rc;

use ext_php_rs::convert::IntoZval;
use ext_php_rs::ffi::zend_class_entry;
use ext_php_rs::types::{ZendHashTable, Zval};

use super::account::Receiver;
use super::handler::Handler;
use super::{kept, run, start};
use crate::api;
use crate::api::dialect::Dialect;
use crate::class::{
    Class, Frame, Literal, Method, Object, Param, Property, Type, instantiate, is_a,
};
use crate::exceptions::Thrown;
use crate::function;
use crate::zval::entries::{entries, key_text, values};

const PATH: Param = Param::required(c"path", Type::STRING);

/// `\danog\MadelineProto\CombinedAPI`
pub(super) static COMBINED_API: Class = Class {
    name: c"danog\\MadelineProto\\CombinedAPI",
    flags: Class::DYNAMIC | Class::NOT_SERIALIZABLE,
    properties: &[
        Property::new(c"session", Type::MIXED, Literal::Null),
        Property::new(c"instances", Type::ARRAY, Literal::EmptyArray),
    ],
    methods: &[
        Method::new(c"__construct", construct).params(&[
            Param::required(c"session", Type::MIXED),
            Param::optional(c"paths", Type::ARRAY, c"[]"),
        ]),
        Method::new(c"addInstance", |frame: &mut Frame<'_>| {
            let path = frame.arg(0).map(Zval::shallow_clone).unwrap_or_default();
            add(frame.this()?, &path, frame.present(1))?;
            remember(frame.this()?)
        })
        .params(&[PATH, Param::optional(c"settings", Type::MIXED, c"[]")])
        .returns(Type::VOID),
        Method::new(c"removeInstance", remove)
            .params(&[PATH])
            .returns(Type::VOID),
        Method::new(c"start", |frame: &mut Frame<'_>| {
            for api in instances(frame.this()?)
                .array()
                .into_iter()
                .flat_map(values)
            {
                if let Some(api) = api.object() {
                    let _ = api.try_call_method("start", vec![]);
                    Thrown::pending()?;
                }
            }
            Ok(())
        })
        .returns(Type::VOID),
        Method::new(c"setEventHandler", set_event_handler)
            .params(&[Param::required(c"eventHandler", Type::STRING)])
            .returns(Type::VOID),
        Method::new(c"async", |_: &mut Frame<'_>| Ok(()))
            .params(&[Param::required(c"async", Type::BOOL)])
            .returns(Type::VOID),
        Method::new(c"loop", run_loop).returns(Type::VOID),
    ],
    ..Class::DEFAULT
};

/// `\danog\MadelineProto\CombinedEventHandler`: scripts extend it. The API objects are properties, by path.
pub(super) static COMBINED_EVENT_HANDLER: Class = Class {
    name: c"danog\\MadelineProto\\CombinedEventHandler",
    flags: Class::ABSTRACT | Class::DYNAMIC,
    properties: &[Property::new(c"CombinedAPI", Type::MIXED, Literal::Null)],
    methods: &[Method::new(c"__construct", |frame: &mut Frame<'_>| {
        match frame.object(0).filter(|api| COMBINED_API.is_class_of(api)) {
            Some(api) => refer(frame.this()?, api),
            None => Ok(()),
        }
    })
    .params(&[Param::required(c"CombinedAPI", Type::MIXED)])],
    ..Class::DEFAULT
};

/// `new CombinedAPI($session, ['path' => $settings, …])`: also with the sessions that the file `$session` remembers.
fn construct(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let this = frame.this()?;
    let session = frame.arg(0).map(Zval::shallow_clone).unwrap_or_default();
    COMBINED_API.write(this, "session", session)?;
    let remembered = remembered(this)?;
    for (path, settings) in frame.array(1).into_iter().flat_map(|given| entries(given)) {
        let path = key_text(path).into_owned().into_zval(false)?;
        add(this, &path, Some(settings.dereference()))?;
    }
    for path in remembered {
        add(this, &path.into_zval(false)?, None)?;
    }
    remember(this)
}

/// The file that remembers the sessions.
fn file(this: &Object) -> Option<String> {
    let session = COMBINED_API.read(this, "session").string()?;
    (!session.is_empty()).then_some(session)
}

/// The sessions of the file, in the form of release 4: `['instance_paths' => [path => path]]`, serialized.
fn remembered(this: &Object) -> Result<Vec<String>, Thrown> {
    let Some(text) = file(this).and_then(|file| fs::read(file).ok()) else {
        return Ok(Vec::new());
    };
    let mut options = ZendHashTable::new();
    options.insert("allowed_classes", false)?;
    let text = crate::zval::sink::text(&text);
    let kept = function::call(
        "unserialize",
        vec![&text, &crate::zval::sink::array(options)],
    );
    Thrown::pending()?;
    let kept = kept.unwrap_or_default();
    let paths = kept.array().and_then(|kept| kept.get("instance_paths"));
    let paths = paths.and_then(Zval::array).into_iter().flat_map(values);
    Ok(paths.filter_map(Zval::string).collect())
}

fn remember(this: &Object) -> Result<(), Thrown> {
    let Some(file) = file(this) else {
        return Ok(());
    };
    let mut paths = ZendHashTable::new();
    for (path, _) in instances(this)
        .array()
        .into_iter()
        .flat_map(|known| entries(known))
    {
        let path = key_text(path).into_owned();
        paths.insert(path.as_str(), path.as_str())?;
    }
    let mut kept = ZendHashTable::new();
    kept.insert("instance_paths", paths)?;
    let text = function::call("serialize", vec![&crate::zval::sink::array(kept)]);
    Thrown::pending()?;
    let text = text.and_then(|text| text.string()).unwrap_or_default();
    let written = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&file)
        .and_then(|mut open| open.write_all(text.as_bytes()));
    written.map_err(|error| {
        Thrown::Exception(format!(
            "CombinedAPI: cannot write the file {file}: {error}"
        ))
    })
}

fn add(this: &Object, path: &Zval, settings: Option<&Zval>) -> Result<(), Thrown> {
    let mut instances = instances(this);
    let name = path.string().unwrap_or_default();
    if instances
        .array()
        .is_some_and(|known| known.get(name.as_str()).is_some())
    {
        return Ok(());
    }
    let api = api::create(path, settings)?;
    start::of_api(&api)?.sign_of(Dialect::V7);
    separate(&mut instances)?.insert(name.as_str(), api)?;
    COMBINED_API.write(this, "instances", instances)
}

fn remove(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let this = frame.this()?;
    let mut instances = instances(this);
    let name = frame.text(0).unwrap_or_default();
    if separate(&mut instances)?.remove(&*name).is_none() {
        return Err(Thrown::Exception(format!(
            "removeInstance(): there is no session {name}"
        )));
    }
    COMBINED_API.write(this, "instances", instances)?;
    remember(this)
}

/// One object gets the updates of all sessions.
fn set_event_handler(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let this = frame.this()?;
    let name = frame.bytes(0).unwrap_or_default();
    let class = start::find_class(name);
    Thrown::pending()?;
    let Some(class) = class.filter(|class| is_a(*class, COMBINED_EVENT_HANDLER.entry())) else {
        return Err(Thrown::InvalidArgument(format!(
            "setEventHandler(): a class that extends danog\\MadelineProto\\CombinedEventHandler is expected; {} is not",
            String::from_utf8_lossy(name)
        )));
    };
    let object = make(this, class)?;
    let mut is_first = true;
    for (path, api) in instances(this)
        .array()
        .into_iter()
        .flat_map(|known| entries(known))
    {
        let account = start::of_api(api)?;
        let path = key_text(path).into_owned().into_zval(false)?;
        if std::mem::replace(&mut is_first, false) {
            kept::restore(&account, &object)?;
            let handler = Handler::new(&account, object.shallow_clone(), Some(path))?;
            start::receive(&account, Receiver::Handler(Rc::new(handler)))?;
        } else {
            let handler = Handler::follower(&account, object.shallow_clone(), path)?;
            start::receive(&account, Receiver::Handler(Rc::new(handler)))?;
        }
    }
    Ok(())
}

fn make(combined: &Object, class: *mut zend_class_entry) -> Result<Zval, Thrown> {
    start::check_makeable(class)?;
    // SAFETY: a class that the engine has found.
    let constructor = unsafe { (*class).constructor };
    // SAFETY: the class is registered and not abstract.
    let object = unsafe { instantiate(class) }.into_zval(false)?;
    if let Some(this) = object.object().map(Object::of) {
        refer(this, combined)?;
        let mut given = Zval::new();
        // SAFETY: the object is alive; `set_object` takes a reference of its own.
        given.set_object(unsafe { &mut *combined.as_ptr() });
        function::call_known(constructor, this, &mut [given])?;
    }
    Ok(object)
}

/// Makes the API objects properties of a handler, by path.
fn refer(handler: &Object, combined: &Object) -> Result<(), Thrown> {
    let mut given = Zval::new();
    // SAFETY: as above.
    given.set_object(unsafe { &mut *combined.as_ptr() });
    COMBINED_EVENT_HANDLER.write(handler, "CombinedAPI", given)?;
    for (path, api) in instances(combined)
        .array()
        .into_iter()
        .flat_map(|known| entries(known))
    {
        COMBINED_EVENT_HANDLER.write(handler, &key_text(path), api.shallow_clone())?;
    }
    Ok(())
}

fn run_loop(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let instances = instances(frame.this()?);
    let accounts = instances
        .array()
        .into_iter()
        .flat_map(values)
        .map(start::of_api)
        .collect::<Result<Vec<_>, Thrown>>()?;
    run::run(&accounts)
}

fn instances(this: &Object) -> Zval {
    COMBINED_API.read(this, "instances")
}

/// The array, ours alone.
fn separate(value: &mut Zval) -> Result<&mut ZendHashTable, Thrown> {
    let copy = value.array().map(ToOwned::to_owned).unwrap_or_default();
    *value = crate::zval::sink::array(copy);
    value.array_mut().ok_or(Thrown::Pending)
}
