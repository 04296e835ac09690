//! Keys that Rust code reads from arrays of results often: their strings are made once, so that a look-up hashes nothing.

use std::sync::atomic::{AtomicPtr, Ordering};

use ext_php_rs::ffi::{zend_hash_find_known_hash, zend_string, zend_string_init_interned};
use ext_php_rs::types::{ZendHashTable, Zval};

/// The name of a key.
pub(crate) struct Name {
    text: &'static str,
    string: AtomicPtr<zend_string>,
}

impl Name {
    /// A name for a `static`, which [`Name::intern`] makes useful.
    pub(crate) const fn new(text: &'static str) -> Self {
        Self {
            text,
            string: AtomicPtr::new(std::ptr::null_mut()),
        }
    }

    /// Makes the string. At module start-up.
    pub(crate) fn intern(&self) {
        // SAFETY: the engine sets the function pointer before extensions start; it copies the text and hashes it.
        let string = unsafe {
            zend_string_init_interned.map_or(std::ptr::null_mut(), |init| {
                init(self.text.as_ptr().cast(), self.text.len(), true)
            })
        };
        self.string.store(string, Ordering::Release);
    }

    /// The name as text.
    pub(crate) fn text(&self) -> &'static str {
        self.text
    }

    /// The value under this name, references followed; `None` where it is absent or null.
    pub(crate) fn of<'t>(&self, table: &'t ZendHashTable) -> Option<&'t Zval> {
        let string = self.string.load(Ordering::Relaxed);
        if string.is_null() {
            return None;
        }
        // SAFETY: the string was hashed when it was interned, and lives as long as the process. The value lives as long
        // as the borrow of the array.
        let value = unsafe { zend_hash_find_known_hash(table, string).as_ref() }?;
        Some(value.dereference()).filter(|value| !value.is_null())
    }
}
