//! Rust data embedded in PHP objects: it lies before the `zend_object`, and the engine frees both at once.

use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;

use ext_php_rs::ffi::{
    ext_php_rs_zend_object_alloc, object_properties_init, zend_class_entry, zend_object,
    zend_object_std_dtor, zend_object_std_init, zend_objects_clone_members,
};

use super::Class;

/// Data that every object of a class (and of its child classes) carries.
///
/// PHP may call into the same object again while a method runs, so methods only ever get `&Self`: what changes sits
/// in a `Cell`, a lock or a `OnceCell`, and no borrow is held across a call into PHP.
pub(crate) trait State: Default + 'static {
    /// The class whose table has `state: Some(StateLayout::of::<Self>())`.
    fn class() -> &'static Class;
}

/// How the engine makes and frees objects that carry a [`State`].
#[derive(Clone, Copy)]
pub(crate) struct StateLayout {
    pub(super) offset: usize,
    pub(super) create: unsafe extern "C" fn(*mut zend_class_entry) -> *mut zend_object,
    pub(super) free: unsafe extern "C" fn(*mut zend_object),
    pub(super) clone: Option<unsafe extern "C" fn(*mut zend_object) -> *mut zend_object>,
}

impl StateLayout {
    /// The layout for `T`. PHP's `clone` is an error for such objects.
    pub(crate) const fn of<T: State>() -> Self {
        const {
            assert!(
                align_of::<T>() <= align_of::<zend_object>(),
                "the engine aligns objects to 8 bytes"
            );
        };
        Self {
            offset: offset::<T>(),
            create: create::<T>,
            free: free::<T>,
            clone: None,
        }
    }

    /// The layout for `T`, which `clone` copies along with the properties.
    pub(crate) const fn cloneable<T: State + Clone>() -> Self {
        Self {
            clone: Some(clone::<T>),
            ..Self::of::<T>()
        }
    }
}

const fn offset<T>() -> usize {
    size_of::<T>().next_multiple_of(align_of::<zend_object>())
}

/// The state of `object`.
///
/// # Safety
/// The object's class is `T::class()` or a child of it.
pub(super) unsafe fn state_of<'o, T: State>(object: *mut zend_object) -> &'o T {
    // SAFETY: `create` put a `T` this far before every object of the class.
    unsafe { &*object.byte_sub(offset::<T>()).cast::<T>() }
}

unsafe extern "C" fn create<T: State>(class: *mut zend_class_entry) -> *mut zend_object {
    // SAFETY: the engine passes the class to instantiate. The allocation has room for the state, the object and its
    // properties; a value that cannot panic is written before the object becomes visible.
    unsafe {
        let memory = ext_php_rs_zend_object_alloc(offset::<T>() + size_of::<zend_object>(), class);
        memory.cast::<T>().write(T::default());
        let object = memory.byte_add(offset::<T>()).cast::<zend_object>();
        zend_object_std_init(object, class);
        object_properties_init(object, class);
        (*object).handlers = T::class().handles.handlers.load(Ordering::Acquire);
        object
    }
}

unsafe extern "C" fn clone<T: State + Clone>(object: *mut zend_object) -> *mut zend_object {
    // SAFETY: the engine passes an object of the class; the new one, which nobody else has seen, has a state to replace.
    unsafe {
        let copy = create::<T>((*object).ce);
        *copy.byte_sub(offset::<T>()).cast::<T>() = state_of::<T>(object).clone();
        zend_objects_clone_members(copy, object);
        copy
    }
}

unsafe extern "C" fn free<T: State>(object: *mut zend_object) {
    // SAFETY: the engine frees an object once; `create` wrote the state. Its memory goes with the object's.
    unsafe {
        let state = object.byte_sub(offset::<T>()).cast::<T>();
        let dropped = catch_unwind(AssertUnwindSafe(|| state.drop_in_place()));
        // A panic in a destructor has nobody to report to.
        mem::drop(dropped);
        zend_object_std_dtor(object);
    }
}
