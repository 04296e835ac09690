//! Objects of our classes from Rust: make them, read and write their properties whatever their visibility.

use std::cell::UnsafeCell;
use std::ffi::CStr;
use std::ops::Deref;

use ext_php_rs::boxed::ZBox;
use ext_php_rs::ffi::{
    object_properties_init, zend_class_entry, zend_enum_get_case, zend_objects_new,
    zend_property_info, zend_read_property, zval,
};
use ext_php_rs::types::{ZendObject, ZendStr, Zval};

use super::state::{State, state_of};
use super::{Class, Literal};
use crate::exceptions::Thrown;
use crate::zend;

/// An object that is written to through shared references, by PHP and by us.
///
/// The compiler may assume that what a plain `&ZendObject` points to stays as it is, and does: in optimized builds it
/// drops such writes. So whoever writes takes this.
#[repr(transparent)]
pub(crate) struct Object(UnsafeCell<ZendObject>);

impl Object {
    /// A new object, still ours alone.
    pub(crate) fn new(object: &mut ZendObject) -> &Self {
        // SAFETY: the layouts are the same, and the mutable reference ends where this one begins.
        unsafe { &*std::ptr::from_mut(object).cast() }
    }

    /// The same object, of which the caller has a reference that is not one of its own parameters.
    #[allow(
        clippy::inline_always,
        reason = "the compiler assumes too much of parameters"
    )]
    #[inline(always)]
    pub(crate) fn of(object: &ZendObject) -> &Self {
        // SAFETY: the layouts are the same. Inlined, so that nothing is assumed of a parameter.
        unsafe { &*std::ptr::from_ref(object).cast() }
    }

    /// An object that the engine keeps alive for as long as `'o`.
    ///
    /// # Safety
    /// The pointer is valid and a reference to the object is held for `'o`.
    pub(crate) unsafe fn from_raw<'o>(object: *mut ZendObject) -> &'o Self {
        // SAFETY: as promised by the caller; the layouts are the same.
        unsafe { &*object.cast() }
    }

    /// The engine's pointer to it.
    pub(crate) fn as_ptr(&self) -> *mut ZendObject {
        self.0.get()
    }
}

impl Deref for Object {
    type Target = ZendObject;

    fn deref(&self) -> &ZendObject {
        // SAFETY: objects are used by one thread, and no write happens while a field is read.
        unsafe { &*self.0.get() }
    }
}

impl Class {
    /// A new object with its properties at their defaults; its constructor does not run.
    pub(crate) fn instantiate(&self) -> ZBox<ZendObject> {
        // SAFETY: the entry is registered.
        unsafe { instantiate(self.entry()) }
    }

    /// A case of this enum; null where it has none of that name.
    pub(crate) fn case(&self, name: &CStr) -> Zval {
        if !self.cases.contains(&name) {
            return Zval::new();
        }
        let mut value = Zval::new();
        // SAFETY: the enum is registered and has the case; its object lives as long as the request.
        unsafe {
            let name = ZendStr::new(name.to_bytes(), false);
            let case = zend_enum_get_case(self.entry(), std::ptr::from_ref(&*name).cast_mut());
            value.set_object(&mut *case);
        }
        value
    }

    /// The case of this enum that is backed by a string; `None` where there is none.
    pub(crate) fn case_of(&self, value: &str) -> Option<Zval> {
        let mut cases = self.cases.iter().zip(self.case_values);
        let (case, _) =
            cases.find(|(_, own)| matches!(own, Literal::Text(text) if *text == value))?;
        Some(self.case(case))
    }

    /// Whether `object` is of this class or of a child class.
    pub(crate) fn is_class_of(&self, object: &ZendObject) -> bool {
        is_a(object.ce, self.entry())
    }

    /// The object inside `value`, when it is of this class.
    pub(crate) fn object<'z>(&self, value: &'z Zval) -> Option<&'z Object> {
        value
            .object()
            .filter(|object| self.is_class_of(object))
            .map(Object::of)
    }

    /// The Rust data of `object`, when it is of the class that carries `T`.
    pub(crate) fn state<T: State>(object: &Object) -> Option<&T> {
        inherits(object.ce, T::class().entry()).then(|| {
            // SAFETY: the class was checked.
            unsafe { state_of::<T>(object.as_ptr()) }
        })
    }

    /// A copy of a property, read with this class's rights; null when there is none. Of a reference, which `unserialize()`
    /// may have made of it, what it refers to.
    pub(crate) fn read(&self, object: &ZendObject, name: &str) -> Zval {
        read_property(self.entry(), object, name, true)
    }

    /// As [`Class::read`], of a declared property.
    ///
    /// # Errors
    /// `Error` where it has no value yet, as in PHP.
    pub(crate) fn read_set(&self, object: &ZendObject, name: &str) -> Result<Zval, Thrown> {
        let value = read_property(self.entry(), object, name, false);
        Thrown::pending()?;
        Ok(value)
    }

    /// Writes a property with this class's rights; its type is checked as for an assignment in PHP.
    pub(crate) fn write(&self, object: &Object, name: &str, mut value: Zval) -> Result<(), Thrown> {
        let name = ZendStr::new(name, false);
        // SAFETY: all pointers are valid for the call; the engine copies the value with its own reference.
        unsafe {
            zend::zend_update_property_ex(
                self.entry(),
                object.as_ptr(),
                std::ptr::from_ref(&*name).cast_mut(),
                &raw mut value,
            );
        }
        Thrown::pending()
    }

    /// Puts a value into the slot of a declared property of a new object, readonly or not, without checking its type.
    /// Does nothing when the class declares no such property.
    pub(crate) fn initialize(&self, object: &Object, name: &str, value: Zval) {
        if let Some(offset) = self.slot(name) {
            // SAFETY: the offset is of a property this class declares.
            unsafe { write_slot(object, offset, value) };
        }
    }

    /// Puts values into the slots of all properties that this class declares itself, in the order of its table, as
    /// [`Class::initialize`] does it for one: nothing is looked up. Values beyond the last property are dropped.
    pub(crate) fn fill<V>(&self, object: &Object, values: V)
    where
        V: IntoIterator<Item = Zval, IntoIter: ExactSizeIterator>,
    {
        let values = values.into_iter();
        debug_assert_eq!(
            values.len(),
            self.properties.len(),
            "a value for each property"
        );
        // SAFETY: the entry is registered, and so is its parent, whose properties come first in every object.
        let inherited = unsafe {
            let parent = (*self.entry()).__bindgen_anon_1.parent;
            parent
                .as_ref()
                .map_or(0, |parent| parent.default_properties_count as usize)
        };
        let first =
            std::mem::offset_of!(ZendObject, properties_table) + inherited * size_of::<Zval>();
        for (index, value) in values.enumerate().take(self.properties.len()) {
            // SAFETY: declared properties follow one another in the order of the table.
            unsafe { write_slot(object, first + index * size_of::<Zval>(), value) };
        }
    }

    /// The offset of a declared property inside objects of this class, for [`write_slot`].
    pub(crate) fn slot(&self, name: &str) -> Option<usize> {
        // SAFETY: the entry is registered; its table maps names to property descriptions.
        unsafe {
            let table = &(*self.entry()).properties_info;
            let info = ext_php_rs::ffi::zend_hash_str_find(table, name.as_ptr().cast(), name.len());
            info.as_ref()
                .map(|info| (*info.value.ptr.cast::<zend_property_info>()).offset as usize)
        }
    }
}

/// A copy of a property, read with the rights of `class`; of a reference what it refers to. With `silent` null where there is
/// none, else PHP's error.
pub(crate) fn read_property(
    class: *mut zend_class_entry,
    object: &ZendObject,
    name: &str,
    silent: bool,
) -> Zval {
    let mut buffer = Zval::new();
    let object = std::ptr::from_ref(object).cast_mut();
    // SAFETY: object, class and name are valid; the result points into the object or into the buffer.
    unsafe {
        let value = zend_read_property(
            class,
            object,
            name.as_ptr().cast(),
            name.len(),
            silent,
            &raw mut buffer,
        );
        if std::ptr::eq(value, &raw const buffer) {
            buffer
        } else {
            (*value).dereference().shallow_clone()
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

/// Whether `class` is the class `wanted` or has it among its parents; `wanted` is no interface.
#[inline]
fn inherits(mut class: *const zend_class_entry, wanted: *const zend_class_entry) -> bool {
    while !class.is_null() {
        if std::ptr::eq(class, wanted) {
            return true;
        }
        // SAFETY: an object's class is linked, and so are its parents: the union holds a class, or null.
        class = unsafe { (*class).__bindgen_anon_1.parent };
    }
    false
}

/// Whether `class` is `wanted` or inherits from it.
pub(crate) fn is_a(class: *const zend_class_entry, wanted: *const zend_class_entry) -> bool {
    // SAFETY: both are registered class entries.
    std::ptr::eq(class, wanted)
        || unsafe { ext_php_rs::ffi::instanceof_function_slow(class, wanted) }
}

/// Replaces the value of a declared property.
///
/// # Safety
/// `offset` comes from [`Class::slot`] of the object's class or of a parent of it.
pub(crate) unsafe fn write_slot(object: &Object, offset: usize, value: Zval) {
    // SAFETY: the caller vouches for the offset; slots hold valid zvals from the object's creation on.
    unsafe {
        let slot = object.as_ptr().byte_add(offset).cast::<zval>();
        drop(std::ptr::replace(slot, value));
        (*slot).u2.extra = 0;
    }
}
