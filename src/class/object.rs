//! Objects of our classes from Rust: make them, read and write their properties whatever their visibility.

use ext_php_rs::boxed::ZBox;
use ext_php_rs::ffi::{
    object_properties_init, zend_class_entry, zend_objects_new, zend_property_info, zend_read_property,
    zval,
};
use ext_php_rs::types::{ZendObject, ZendStr, Zval};

use super::state::{State, state_of};
use super::Class;
use crate::exceptions::Thrown;
use crate::zend;

impl Class {
    /// A new object with its properties at their defaults; its constructor does not run.
    pub(crate) fn instantiate(&self) -> ZBox<ZendObject> {
        // SAFETY: the entry is registered.
        unsafe { instantiate(self.entry()) }
    }

    /// Whether `object` is of this class or of a child class.
    pub(crate) fn is_class_of(&self, object: &ZendObject) -> bool {
        is_a(object.ce, self.entry())
    }

    /// The object inside `value`, when it is of this class.
    pub(crate) fn object<'z>(&self, value: &'z Zval) -> Option<&'z ZendObject> {
        value.object().filter(|object| self.is_class_of(object))
    }

    /// The Rust data of `object`, when it is of the class that carries `T`.
    pub(crate) fn state<T: State>(object: &ZendObject) -> Option<&T> {
        T::class().is_class_of(object).then(|| {
            // SAFETY: the class was checked.
            unsafe { state_of::<T>(std::ptr::from_ref(object).cast_mut()) }
        })
    }

    /// A copy of a property, read with this class's rights; null when there is none.
    pub(crate) fn read(&self, object: &ZendObject, name: &str) -> Zval {
        let mut buffer = Zval::new();
        let object = std::ptr::from_ref(object).cast_mut();
        // SAFETY: object, class and name are valid; the result points into the object or into the buffer.
        unsafe {
            let value = zend_read_property(self.entry(), object, name.as_ptr().cast(), name.len(), true, &raw mut buffer);
            if std::ptr::eq(value, &raw const buffer) { buffer } else { (*value).shallow_clone() }
        }
    }

    /// Writes a property with this class's rights; its type is checked as for an assignment in PHP.
    pub(crate) fn write(&self, object: &ZendObject, name: &str, mut value: Zval) -> Result<(), Thrown> {
        let name = ZendStr::new(name, false);
        // SAFETY: all pointers are valid for the call; the engine copies the value with its own reference.
        unsafe {
            zend::zend_update_property_ex(
                self.entry(),
                std::ptr::from_ref(object).cast_mut(),
                std::ptr::from_ref(&*name).cast_mut(),
                &raw mut value,
            );
        }
        Thrown::pending()
    }

    /// Puts a value into the slot of a declared property of a new object, readonly or not, without checking its type.
    /// Does nothing when the class declares no such property.
    pub(crate) fn initialize(&self, object: &ZendObject, name: &str, value: Zval) {
        if let Some(offset) = self.slot(name) {
            // SAFETY: the offset is of a property this class declares.
            unsafe { write_slot(object, offset, value) };
        }
    }

    /// The offset of a declared property inside objects of this class, for [`write_slot`].
    pub(crate) fn slot(&self, name: &str) -> Option<usize> {
        // SAFETY: the entry is registered; its table maps names to property descriptions.
        unsafe {
            let table = &(*self.entry()).properties_info;
            let info = ext_php_rs::ffi::zend_hash_str_find(table, name.as_ptr().cast(), name.len());
            info.as_ref().map(|info| (*info.value.ptr.cast::<zend_property_info>()).offset as usize)
        }
    }
}

/// A new object of a class, without running its constructor.
///
/// # Safety
/// The class is registered and not abstract.
pub(crate) unsafe fn instantiate(class: *mut zend_class_entry) -> ZBox<ZendObject> {
    // SAFETY: `create_object` or the standard allocation return an object with one reference, which the box takes.
    unsafe {
        let object = if let Some(create) = (*class).__bindgen_anon_2.create_object {
            create(class)
        } else {
            let object = zend_objects_new(class);
            object_properties_init(object, class);
            object
        };
        ZBox::from_raw(object)
    }
}

/// Whether `class` is `wanted` or inherits from it.
pub(super) fn is_a(class: *const zend_class_entry, wanted: *const zend_class_entry) -> bool {
    // SAFETY: both are registered class entries.
    std::ptr::eq(class, wanted) || unsafe { ext_php_rs::ffi::instanceof_function_slow(class, wanted) }
}

/// Replaces the value of a declared property.
///
/// # Safety
/// `offset` comes from [`Class::slot`] of the object's class or of a parent of it.
pub(crate) unsafe fn write_slot(object: &ZendObject, offset: usize, value: Zval) {
    // SAFETY: the caller vouches for the offset; slots hold valid zvals from the object's creation on.
    unsafe {
        let slot = std::ptr::from_ref(object).cast_mut().byte_add(offset).cast::<zval>();
        drop(std::ptr::replace(slot, value));
        (*slot).u2.extra = 0;
    }
}
