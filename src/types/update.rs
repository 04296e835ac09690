//! `\danog\MadelineProto\EventHandler\Update`: what all typed objects of a session are.

use ext_php_rs::boxed::ZBox;
use ext_php_rs::ffi::{
    IS_UNDEF, ZEND_ACC_PUBLIC, ZEND_ACC_STATIC, zend_class_entry, zend_property_info,
};
use ext_php_rs::types::{ZendHashTable, ZendObject, ZendStr, Zval};

use super::ipc_capable::IPC_CAPABLE;
use crate::class::{Base, Class, Frame, Method, Object, Type, read_property, type_of};
use crate::exceptions::Thrown;
use crate::zval::entries::{self, values};

/// The class (specification §8.6).
pub(crate) static UPDATE: Class = Class {
    name: c"danog\\MadelineProto\\EventHandler\\Update",
    flags: Class::ABSTRACT,
    parent: Some(Base::Ours(&IPC_CAPABLE)),
    interfaces: &[Base::JsonSerializable],
    methods: &[Method::new(c"jsonSerialize", json_serialize).returns(Type::MIXED)],
    ..Class::DEFAULT
};

/// `jsonSerialize()` of typed objects: the class under `_`, then the public properties.
pub(super) fn json_serialize(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let json = public_properties(frame.this()?)?;
    frame.give(json)
}

/// The class of an object under `_`, then its public properties: its own class's first, as Reflection lists those of
/// classes written in PHP.
pub(super) fn public_properties(object: &Object) -> Result<ZBox<ZendHashTable>, Thrown> {
    let mut all = ZendHashTable::new();
    all.insert("_", object.get_class_name()?)?;
    let mut class = object.ce;
    // SAFETY: an object's class is linked.
    let count = unsafe { (*class).default_properties_count } as usize;
    let slots = std::mem::offset_of!(ZendObject, properties_table);
    let slots = slots..slots + count * size_of::<Zval>();
    while !class.is_null() {
        for (name, offset) in declared(object.ce, class) {
            if !slots.contains(&offset) {
                // Of PHP 8.4: it has hooks in place of a value.
                let name = String::from_utf8_lossy(name);
                let value = read_property(class, object, &name, false);
                Thrown::pending()?;
                entries::insert(&mut all, name.as_bytes(), value);
                continue;
            }
            // SAFETY: the offset is of a property of the object's class; its slot holds a valid value.
            let value = unsafe { &*object.as_ptr().byte_add(offset).cast::<Zval>() };
            if type_of(value) == IS_UNDEF {
                return Err(Thrown::Error(format!(
                    "Typed property {}::${} must not be accessed before initialization",
                    object.get_class_name()?,
                    String::from_utf8_lossy(name)
                )));
            }
            entries::insert(&mut all, name, value.dereference().shallow_clone());
        }
        // SAFETY: an object's class is linked, and so are its parents: the union holds a class, or null.
        class = unsafe { (*class).__bindgen_anon_1.parent };
    }
    Ok(all)
}

/// The names and offsets of the public properties that `class` has of `of`: itself, or one of its parents.
fn declared<'c>(
    class: *const zend_class_entry,
    of: *const zend_class_entry,
) -> impl Iterator<Item = (&'c [u8], usize)> {
    // SAFETY: a registered class has a table of property descriptions, which lives as long.
    let table = unsafe { &(*class).properties_info };
    values(table).filter_map(move |info| {
        // SAFETY: such a table holds pointers to descriptions.
        let info = unsafe { &*info.value.ptr.cast::<zend_property_info>() };
        let is_public = info.flags & ZEND_ACC_PUBLIC != 0 && info.flags & ZEND_ACC_STATIC == 0;
        (is_public && std::ptr::eq(info.ce, of)).then(|| {
            // SAFETY: the name of a public property is not mangled; the string lives as long as the class.
            let name = unsafe { &*info.name.cast::<ZendStr>() };
            (name.as_bytes(), info.offset as usize)
        })
    })
}
