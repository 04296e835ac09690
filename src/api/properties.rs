//! Properties of API objects that no class declares.
//!
//! Releases 2 to 7 let scripts keep their own state in them and stored it with the session; so does this. They are
//! plain PHP properties meanwhile. A few names always meant something: `API`, `session`, `settings`, `logger`.

use std::cell::Cell;
use std::ffi::{c_int, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use ext_php_rs::convert::IntoZval;
use ext_php_rs::ffi::{
    E_WARNING, ext_php_rs_executor_globals, zend_class_entry, zend_hash_find_known_hash,
    zend_object, zend_object_handlers, zend_std_has_property, zend_std_read_property,
    zend_std_write_property, zend_string, zval,
};
use ext_php_rs::types::{ZendHashTable, ZendObject, ZendStr, Zval};
use madeline_tl::EntryKey;

use super::{API, ApiState, INTERNAL_DOC, session};
use crate::class::{Class, Object};
use crate::events::EVENT_HANDLER;
use crate::exceptions::Thrown;
use crate::logger::{self, Level};
use crate::zval::entries::{entries, key_text};
use crate::zval::sink;
use crate::{function, panic, settings, zend};

/// Where the session keeps them.
const SETTING: &str = "properties";

thread_local! {
    /// Whether kept properties are being read: an API object among them must not open its session meanwhile.
    static READING: Cell<bool> = const { Cell::new(false) };
}

/// Makes objects with these handlers know the names that mean something.
pub(super) fn install(handlers: &mut zend_object_handlers) {
    handlers.read_property = Some(read);
    handlers.write_property = Some(write);
    handlers.has_property = Some(has);
}

/// Whether an API object is unserialized as a part of what a session keeps.
pub(super) fn are_read() -> bool {
    READING.get()
}

/// A script that died while it read them leaves no trace.
pub(crate) fn end_of_request() {
    READING.set(false);
}

/// Sets the properties that the session keeps.
pub(super) fn restore(this: &Object) -> Result<(), Thrown> {
    let Some(instance) = instance(this) else {
        return Ok(());
    };
    let Some(kept) = instance.client()?.session().setting(SETTING)? else {
        return Ok(());
    };
    for (name, value) in unpack(&kept)? {
        if !exists(this, &ZendStr::new(&name, false)) {
            API.write(this, &name, value)?;
        }
    }
    Ok(())
}

/// Stores the properties in the session. What PHP cannot serialize, and API objects, are left out; the log says so.
pub(super) fn keep(this: &Object) -> Result<(), Thrown> {
    let Some(client) = instance(this)
        .map(|instance| instance.own_client())
        .transpose()?
        .flatten()
    else {
        return Ok(());
    };
    let session = client.session();
    if client.authorization() == madeline_client::Authorization::LoggedOut {
        return Ok(());
    }
    let kept = pack(undeclared(this))?;
    Ok(session.set_setting(SETTING, kept.as_deref())?)
}

/// Values by name as one text; `None` where there are none. What PHP cannot serialize, and API objects, are left out; the
/// log says so.
pub(crate) fn pack(values: Vec<(String, Zval)>) -> Result<Option<Vec<u8>>, Thrown> {
    let mut kept = ZendHashTable::new();
    for (name, value) in values {
        let is_api = value
            .object()
            .is_some_and(|object| INTERNAL_DOC.is_class_of(object));
        let text = if is_api {
            None
        } else {
            function::call("serialize", vec![&value])
        };
        if let Some(text) = text {
            kept.insert(name.as_str(), text)?;
        } else {
            function::forget_exception();
            logger::write(Level::Error, || {
                format!("The property {name} cannot be stored with the session")
            });
        }
    }
    if kept.is_empty() {
        return Ok(None);
    }
    let text = function::call("serialize", vec![&sink::array(kept)]);
    let bytes = text.as_ref().and_then(Zval::zend_str);
    Ok(bytes.map(|text| text.as_bytes().to_vec()))
}

/// What [`pack`] made. An API object among them does not open its session.
pub(crate) fn unpack(kept: &[u8]) -> Result<Vec<(String, Zval)>, Thrown> {
    READING.set(true);
    let values = unserialize(kept).and_then(|value| {
        let values = value.array().into_iter().flat_map(|value| entries(value));
        values
            .map(|(name, value)| {
                let text = value.zend_str().map_or(&[][..], ZendStr::as_bytes);
                Ok((key_text(name).into_owned(), unserialize(text)?))
            })
            .collect()
    });
    READING.set(false);
    values
}

fn instance(object: &Object) -> Option<&Rc<super::Instance>> {
    Class::state::<ApiState>(object)?.instance.get()
}

fn unserialize(text: &[u8]) -> Result<Zval, Thrown> {
    let value = function::call("unserialize", vec![&sink::text(text)]);
    Thrown::pending()?;
    Ok(value.unwrap_or_default())
}

/// The properties that are in the object and not in its class.
fn undeclared(object: &Object) -> Vec<(String, Zval)> {
    // SAFETY: the table, where there is one, lives as long as the object.
    let table = unsafe { object.properties.as_ref() };
    let of_class = declared(object.ce);
    table
        .into_iter()
        .flat_map(entries)
        .filter_map(|(name, value)| {
            let text = key_text(name);
            if matches!(name, EntryKey::Name(name) if name != text.as_bytes()) {
                logger::write(Level::Error, || {
                    format!("The property {text} cannot be stored with the session: its name is not UTF-8")
                });
                return None;
            }
            let name = text.into_owned();
            let ours = !name.starts_with('\0') && !of_class(&ZendStr::new(&name, false));
            ours.then(|| (name, value.dereference().shallow_clone()))
        })
        .collect()
}

/// Whether a class declares a property.
fn declared(class: *const zend_class_entry) -> impl Fn(&ZendStr) -> bool {
    move |name| {
        // SAFETY: the class of a live object, and a string whose hash is computed first.
        unsafe {
            let name = std::ptr::from_ref(name).cast_mut();
            zend::zend_string_hash_func(name);
            !zend_hash_find_known_hash(&raw const (*class).properties_info, name).is_null()
        }
    }
}

/// Whether the object has a property of that name, and it is set.
fn exists(object: &Object, name: &ZendStr) -> bool {
    // SAFETY: both live through the call, which runs no PHP code: the class has no `__isset`.
    unsafe {
        zend_std_has_property(
            object.as_ptr(),
            std::ptr::from_ref(name).cast_mut(),
            zend::ZEND_PROPERTY_EXISTS as c_int,
            std::ptr::null_mut(),
        ) != 0
    }
}

/// What a name means that no property has.
fn special(this: &Object, name: &ZendStr) -> Result<Option<Zval>, Thrown> {
    let Some(instance) = instance(this) else {
        return Ok(None);
    };
    Ok(Some(match name.as_bytes() {
        // The methods of the object inside were the API's own.
        b"API" => own_reference(this),
        b"session" => instance.name().into_zval(false)?,
        b"settings" => settings::as_array(&INTERNAL_DOC.read(this, "configuration"))?,
        b"logger" => logger::current(),
        _ => return Ok(None),
    }))
}

fn is_special(name: &ZendStr) -> bool {
    matches!(
        name.as_bytes(),
        b"API" | b"session" | b"settings" | b"logger"
    )
}

fn own_reference(this: &Object) -> Zval {
    let mut value = Zval::new();
    // SAFETY: the object is alive; `set_object` takes a reference of its own.
    value.set_object(unsafe { &mut *this.as_ptr() });
    value
}

/// Sets a name that means something; false where it means nothing.
fn assign(this: &Object, name: &ZendStr, value: &Zval) -> Result<bool, Thrown> {
    match name.as_bytes() {
        b"session" => session::name_session(this, value).map(|()| true),
        b"settings" => session::change_settings(this, value).map(|()| true),
        _ => Ok(false),
    }
}

/// Runs the Rust half of a handler; what it throws and a panic become PHP's exception.
fn guarded<T: Default>(run: impl FnOnce() -> Result<T, Thrown>) -> T {
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(Ok(value)) => value,
        Ok(Err(thrown)) => {
            thrown.raise();
            T::default()
        }
        Err(panic) => {
            Thrown::panicked(&panic::describe(panic.as_ref())).raise();
            T::default()
        }
    }
}

/// `$this->API` of an event handler: its methods were the API's own in release 4, too.
fn is_handlers_api(this: &Object, name: &ZendStr) -> bool {
    name.as_bytes() == b"API" && EVENT_HANDLER.is_class_of(this) && !exists(this, name)
}

/// Whether the handlers below have something to say about a name of this object.
unsafe fn concerns<'o>(
    object: *mut zend_object,
    name: *mut zend_string,
) -> Option<(&'o Object, &'o ZendStr)> {
    // SAFETY: the engine passes a live object and a live name.
    let (this, name) = unsafe { (Object::from_raw(object), &*name) };
    (std::ptr::eq(this.ce, API.entry()) && !exists(this, name)).then_some((this, name))
}

unsafe extern "C" fn read(
    object: *mut zend_object,
    name: *mut zend_string,
    ty: c_int,
    cache_slot: *mut *mut c_void,
    result: *mut zval,
) -> *mut zval {
    // SAFETY: the engine's own arguments, handed on; `result` is a slot for a value that is not a property.
    unsafe {
        if let Some((this, text)) = concerns(object, name) {
            if let Some(value) = guarded(|| special(this, text)) {
                result.write(value);
                return result;
            }
            let warns = ty == zend::BP_VAR_R as c_int
                && (*ext_php_rs_executor_globals()).error_reporting & E_WARNING as c_int != 0;
            let known = declared(this.ce)(text) || !warns;
            let readable = guarded(|| {
                Thrown::pending()?;
                if known {
                    Ok(true)
                } else {
                    Err(undefined(this, text))
                }
            });
            if !readable {
                return &raw mut (*ext_php_rs_executor_globals()).uninitialized_zval;
            }
        } else if (*name).len == 3 && is_handlers_api(Object::from_raw(object), &*name) {
            result.write(own_reference(Object::from_raw(object)));
            return result;
        }
        zend_std_read_property(object, name, ty, cache_slot, result)
    }
}

unsafe extern "C" fn write(
    object: *mut zend_object,
    name: *mut zend_string,
    value: *mut zval,
    cache_slot: *mut *mut c_void,
) -> *mut zval {
    // SAFETY: as above.
    unsafe {
        if let Some((this, text)) = concerns(object, name)
            && is_special(text)
            && guarded(|| assign(this, text, (*value).dereference()).map(Some)) != Some(false)
        {
            return value;
        }
        zend_std_write_property(object, name, value, cache_slot)
    }
}

unsafe extern "C" fn has(
    object: *mut zend_object,
    name: *mut zend_string,
    check: c_int,
    cache_slot: *mut *mut c_void,
) -> c_int {
    // SAFETY: as above.
    unsafe {
        let found = zend_std_has_property(object, name, check, cache_slot);
        if found == 0 && std::ptr::eq((*object).ce, API.entry()) {
            return c_int::from(is_special(&*name));
        }
        found
    }
}

/// PHP's warning, as the exception that MadelineProto makes of it: what follows could only be a worse one.
fn undefined(object: &ZendObject, name: &ZendStr) -> Thrown {
    let class = object.get_class_name().unwrap_or_default();
    let name = String::from_utf8_lossy(name.as_bytes()).into_owned();
    Thrown::Warning(format!("Undefined property: {class}::${name}"))
}
