//! Inherited methods: the engine makes a copy of each for each class of an extension, where one for all would do. Together
//! the copies take half a megabyte of every PHP process.

use std::ptr;
use std::sync::{Mutex, PoisonError};

use ext_php_rs::ffi::{zend_class_entry, zend_function, zend_hash_str_find};
use madeline_tl::EntryKey;

use crate::zend::ZEND_ACC_ARENA_ALLOCATED;
use crate::zval::entries::entries;

/// Methods that several classes have, so that the engine frees none of them: their addresses.
static SHARED: Mutex<Vec<usize>> = Mutex::new(Vec::new());

/// Frees what classes shared that are gone.
pub(super) fn forget() {
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    for method in shared.drain(..) {
        // SAFETY: allocated by the engine; the classes that had it went when PHP ended, and the flag kept them from freeing it.
        unsafe { libc::free(ptr::with_exposed_provenance_mut(method)) };
    }
}

/// Puts the parent's own methods in place of a class's copies of them. Before anything inherits from the class, and with both
/// classes of this extension; at module start-up only.
///
/// # Safety
/// Both are entries of registered classes of this extension, and `parent` is that of `class`.
pub(super) unsafe fn share(class: *mut zend_class_entry, parent: *mut zend_class_entry) {
    // SAFETY: as promised; nobody else uses them at module start-up.
    let (class, parent) = unsafe { (&mut *class, &*parent) };
    if !class.iterator_funcs_ptr.is_null() || !class.arrayaccess_funcs_ptr.is_null() {
        // They point to the copies.
        return;
    }
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    for (name, method) in entries(&parent.function_table) {
        let EntryKey::Name(name) = name else { continue };
        // SAFETY: function tables hold pointers to functions, which live as long as their classes. A method whose scope is not
        // the class is a copy that only this table knows: whoever looks a method up comes through the table, prototypes are
        // of later classes, and what points to copies was left alone above. All are made by malloc(), as those of classes that
        // stay are.
        unsafe {
            let method = method.value.ptr.cast::<zend_function>();
            let own = zend_hash_str_find(
                &raw const class.function_table,
                name.as_ptr().cast(),
                name.len(),
            );
            let Some(own) = own.as_mut() else { continue };
            let copy = own.value.ptr.cast::<zend_function>();
            if copy == method || (*copy).common.scope != (*method).common.scope {
                continue;
            }
            own.value.ptr = method.cast();
            libc::free(copy.cast());
            if (*method).common.fn_flags & ZEND_ACC_ARENA_ALLOCATED == 0 {
                (*method).common.fn_flags |= ZEND_ACC_ARENA_ALLOCATED;
                shared.push(method.expose_provenance());
            }
        }
    }
}
