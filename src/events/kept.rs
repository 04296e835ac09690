//! Properties of a handler that the session keeps: those that its `__sleep()` names, in releases 4 to 7 `__magic_sleep()`.

use std::rc::Rc;

use ext_php_rs::ffi::zend_read_property;
use ext_php_rs::types::{ZendStr, Zval};
use madeline_client::Authorization;

use super::handler::class_of;
use super::plugins;
use crate::api::instance::Instance;
use crate::api::properties;
use crate::class::Object;
use crate::exceptions::Thrown;
use crate::logger::{self, Level};
use crate::{function, zend};

/// Where the session keeps them.
const SETTING: &str = "handler";

/// Where the session keeps those of this object: of each plugin class in a place of its own.
fn setting(object: &Zval) -> String {
    let class = object.object().filter(|_| plugins::is_one(object));
    let name = class.and_then(|class| class.get_class_name().ok());
    name.map_or_else(
        || SETTING.to_owned(),
        |name| format!("{SETTING} {}", name.to_ascii_lowercase()),
    )
}

/// Sets what an earlier run has kept. A value that does not fit its property any more is left out; the log says so.
pub(super) fn restore(instance: &Rc<Instance>, object: &Zval) -> Result<(), Thrown> {
    let Some(this) = object.object().map(Object::of) else {
        return Ok(());
    };
    if names_method(object).is_none() {
        return Ok(());
    }
    let Some(kept) = instance.client()?.session().setting(&setting(object))? else {
        return Ok(());
    };
    for (name, value) in properties::unpack(&kept)? {
        if let Err(thrown) = write(this, &name, value) {
            drop(thrown.caught()?);
            logger::write(Level::Error, || {
                format!("What the session keeps of the property {name} does not fit it any more")
            });
        }
    }
    let mut known = instance.updates().kept.borrow_mut();
    known.insert(setting(object), kept);
    Ok(())
}

/// Stores them, where they have changed.
pub(super) fn keep(instance: &Rc<Instance>, object: &Zval) -> Result<(), Thrown> {
    let (Some(this), Some(method)) = (object.object().map(Object::of), names_method(object)) else {
        return Ok(());
    };
    let Some(client) = instance.own_client()? else {
        return Ok(());
    };
    if client.authorization() == Authorization::LoggedOut {
        return Ok(());
    }
    let names = function::call_known(method, this, &mut [])?;
    let names = names.array().into_iter().flatten();
    let values = names
        .filter_map(|(_, name)| name.string())
        .map(|name| {
            let value = read(this, &name);
            (name, value)
        })
        .collect();
    let (setting, packed) = (setting(object), properties::pack(values)?);
    let mut known = instance.updates().kept.borrow_mut();
    let before = known.get(&setting).map(Vec::as_slice).unwrap_or_default();
    if packed.as_deref().unwrap_or_default() != before {
        let session = client.session();
        session.set_setting(&setting, packed.as_deref())?;
        known.insert(setting, packed.unwrap_or_default());
    }
    Ok(())
}

/// Whether there is anything to keep.
pub(super) fn names_method(object: &Zval) -> Option<*mut ext_php_rs::ffi::zend_function> {
    let class = class_of(object)?;
    function::method(class, "__sleep").or_else(|| function::method(class, "__magic_sleep"))
}

/// A property, read with the rights of the object's own class.
fn read(object: &Object, name: &str) -> Zval {
    let mut buffer = Zval::new();
    // SAFETY: object, class and name are valid; the result points into the object or into the buffer.
    unsafe {
        let value = zend_read_property(
            object.ce,
            object.as_ptr(),
            name.as_ptr().cast(),
            name.len(),
            true,
            &raw mut buffer,
        );
        (*value).dereference().shallow_clone()
    }
}

fn write(object: &Object, name: &str, mut value: Zval) -> Result<(), Thrown> {
    let name = ZendStr::new(name, false);
    // SAFETY: all pointers are valid for the call; the engine copies the value with its own reference.
    unsafe {
        zend::zend_update_property_ex(
            object.ce,
            object.as_ptr(),
            std::ptr::from_ref(&*name).cast_mut(),
            &raw mut value,
        );
    }
    Thrown::pending()
}
