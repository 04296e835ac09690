//! How settings go into others.

use std::mem::{offset_of, size_of};

use ext_php_rs::ffi::{IS_OBJECT_EX, IS_UNDEF, zend_object, zval};
use ext_php_rs::types::Zval;

use super::{DATABASE, PARTS, SETTINGS, part};
use crate::class::{Object, write_slot};
use crate::exceptions::Thrown;

/// Takes everything that `other` has set, defaults included, as MadelineProto does: a fresh part resets its group.
/// `other` is a `Settings` object or any part of one.
pub(crate) fn merge(settings: &Object, other: &Object) -> Result<(), Thrown> {
    if SETTINGS.is_class_of(other) {
        for (property, _) in PARTS {
            if let Some(given) = SETTINGS.read(other, property).object().map(Object::of) {
                merge_part(settings, property, given)?;
            }
        }
        return Ok(());
    }
    match PARTS.iter().find(|(property, class)| {
        class.is_class_of(other) || (*property == "db" && DATABASE.is_class_of(other))
    }) {
        Some((property, _)) => merge_part(settings, property, other),
        // SettingsEmpty.
        None => Ok(()),
    }
}

fn merge_part(settings: &Object, property: &str, given: &Object) -> Result<(), Thrown> {
    let own = part(settings, property)?;
    match own.object().map(Object::of) {
        Some(own) if std::ptr::eq(own.as_ptr(), given.as_ptr()) => Ok(()),
        Some(own) if std::ptr::eq(own.ce, given.ce) => {
            copy_initialized(own, given);
            Ok(())
        }
        // Another kind of database.
        _ => SETTINGS.write(settings, property, reference(given)),
    }
}

/// Copies the declared properties that are set from one object of a class to another.
fn copy_initialized(own: &Object, given: &Object) {
    // SAFETY: both objects are of the same class, whose declared properties lie in slots one after the other.
    unsafe {
        for index in 0..(*given.ce).default_properties_count as usize {
            let offset = offset_of!(zend_object, properties_table) + index * size_of::<zval>();
            let value = &*given.as_ptr().byte_add(offset).cast::<Zval>();
            if u32::from(value.u1.v.type_) != IS_UNDEF {
                write_slot(own, offset, value.shallow_clone());
            }
        }
    }
}

/// A further reference to an object.
fn reference(object: &Object) -> Zval {
    let mut borrowed = Zval::new();
    borrowed.value.obj = object.as_ptr();
    borrowed.u1.type_info = IS_OBJECT_EX;
    let counted = borrowed.shallow_clone();
    // It holds no reference of its own.
    std::mem::forget(borrowed);
    counted
}
