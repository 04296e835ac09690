//! Properties of a handler that the session keeps: those that its `__sleep()` names, in releases 4 to 7 `__magic_sleep()`.

use std::rc::Rc;

use ext_php_rs::ffi::zend_read_property;
use ext_php_rs::types::{ZendStr, Zval};
use madeline_client::Authorization;

use super::handler::class_of;
use crate::api::instance::Instance;
use crate::api::properties;
use crate::class::Object;
use crate::exceptions::Thrown;
use crate::logger::{self, Level};
use crate::{function, zend};

/// Where the session keeps them.
const SETTING: &str = "handler";

/// Sets what an earlier run has kept. A value that does not fit its property any more is left out; the log says so.
pub(super) fn restore(instance: &Rc<Instance>, object: &Zval) -> Result<(), Thrown> {
    let Some(this) = object.object().map(Object::of) else {
        return Ok(());
    };
    if names_method(object).is_none() {
        return Ok(());
    }
    let Some(kept) = instance.client()?.session().setting(SETTING)? else {
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
    instance.updates().kept.replace(kept);
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
    let packed = properties::pack(values)?;
    if packed.as_deref().unwrap_or_default() == instance.updates().kept.borrow().as_slice() {
        return Ok(());
    }
    client.session().set_setting(SETTING, packed.as_deref())?;
    instance.updates().kept.replace(packed.unwrap_or_default());
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
