//! `\danog\MadelineProto\Ipc\IpcCapable`: objects that belong to a session.
//!
//! Serialized, they carry the session's path alone. Whoever unserializes them goes on with an API object that has the session
//! open, or opens it again.

use std::cell::OnceCell;
use std::rc::Rc;

use ext_php_rs::boxed::ZBox;
use ext_php_rs::types::ZendObject;

use crate::api;
use crate::api::instance::Instance;
use crate::class::{Class, Frame, Literal, Method, Object, Property, State, StateLayout, Type};
use crate::exceptions::Thrown;

/// The class (specification §8.6). Its objects are made by this extension alone.
pub(crate) static IPC_CAPABLE: Class = Class {
    name: c"danog\\MadelineProto\\Ipc\\IpcCapable",
    flags: Class::ABSTRACT,
    properties: &[
        Property::new(c"session", Type::STRING, Literal::Uninitialized)
            .protected()
            .readonly(),
    ],
    methods: &[Method::new(c"__construct", |_: &mut Frame<'_>| Ok(())).protected()],
    state: Some(StateLayout::cloneable::<Attached>()),
    ..Class::DEFAULT
};

/// The API object that made an object, or that it was attached to afterwards.
#[derive(Clone, Default)]
pub(crate) struct Attached {
    instance: OnceCell<Rc<Instance>>,
}

impl State for Attached {
    fn class() -> &'static Class {
        &IPC_CAPABLE
    }
}

/// A new object of `class`, a child class that is not abstract. Its other properties are at their defaults.
pub(crate) fn new(class: &Class, instance: &Rc<Instance>) -> ZBox<ZendObject> {
    let mut object = class.instantiate();
    let slots = Object::new(&mut object);
    if let Some(attached) = Class::state::<Attached>(slots) {
        attached.instance.get_or_init(|| Rc::clone(instance));
    }
    IPC_CAPABLE.fill(slots, [instance.path()]);
    object
}

/// What an object goes on with: the API object that made it; after `unserialize()` one that has the session open, or a new
/// one at the same place. An exception where there is no such session.
pub(crate) fn instance_of(object: &Object) -> Result<Rc<Instance>, Thrown> {
    let attached = Class::state::<Attached>(object);
    if let Some(instance) = attached.and_then(|attached| attached.instance.get()) {
        return Ok(Rc::clone(instance));
    }
    let session = IPC_CAPABLE.read(object, "session");
    let session = session.str().filter(|session| !session.is_empty());
    let session = session.ok_or_else(|| of_nobody(object))?;
    let instance = match Instance::find(session) {
        Some(instance) => instance,
        None => api::reopen(session)?.ok_or_else(|| no_session(object, session))?,
    };
    // Opening may have run code of the script, which used the same object.
    Ok(attached.map_or_else(
        || Rc::clone(&instance),
        |attached| Rc::clone(attached.instance.get_or_init(|| Rc::clone(&instance))),
    ))
}

fn of_nobody(object: &Object) -> Thrown {
    let class = object.get_class_name().unwrap_or_default();
    Thrown::Exception(format!(
        "this {class} does not say which session it belongs to"
    ))
}

fn no_session(object: &Object, session: &str) -> Thrown {
    let class = object.get_class_name().unwrap_or_default();
    Thrown::Exception(format!(
        "this {class} belongs to the session {session}, which is not there"
    ))
}
