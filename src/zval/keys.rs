//! A schema's key names as PHP strings, made once, so that no result allocates a key and no look-up hashes one.

use std::sync::atomic::{AtomicPtr, Ordering};

use ext_php_rs::ffi::{
    ext_php_rs_zend_string_init, ext_php_rs_zend_string_release, zend_string,
    zend_string_init_interned,
};
use madeline_tl::{KeyId, Schema};

use crate::zend::zend_string_hash_func;

/// The keys of one schema, by [`KeyId`].
///
/// Those of the compiled-in schema are permanent interned strings: nobody counts references to them, and they are the
/// very strings that PHP uses for the same literal in a script. A schema loaded at run time owns its strings.
pub(crate) struct Keys {
    schema: *const Schema,
    strings: Vec<KeyString>,
    underscore: KeyString,
    owned: bool,
}

/// A key's string, and its hash beside it: what fills an array need not touch the string.
#[derive(Clone, Copy)]
pub(crate) struct KeyString {
    /// The string; valid as long as its table.
    pub(crate) string: *mut zend_string,
    /// `ZSTR_H` of the string.
    pub(crate) hash: u64,
}

/// The keys of [`Schema::api`], made at module start-up.
static API: AtomicPtr<Keys> = AtomicPtr::new(std::ptr::null_mut());

/// Makes the table for the compiled-in schema. At module start-up.
pub(crate) fn startup() {
    API.store(
        Box::into_raw(Box::new(Keys::permanent(Schema::api()))),
        Ordering::Release,
    );
}

/// Frees the table. At module shut-down; its strings are the engine's.
pub(crate) fn shutdown() {
    let table = API.swap(std::ptr::null_mut(), Ordering::AcqRel);
    if !table.is_null() {
        // SAFETY: it came from `Box::into_raw`, and no request runs any more.
        drop(unsafe { Box::from_raw(table) });
    }
}

impl Keys {
    /// The keys of [`Schema::api`].
    pub(crate) fn api() -> &'static Keys {
        // SAFETY: set before the first request and freed after the last.
        unsafe { &*API.load(Ordering::Acquire) }
    }

    /// The keys of a schema that was loaded at run time and lives as long as they do.
    pub(crate) fn owned(schema: &Schema) -> Self {
        Self {
            schema: std::ptr::from_ref(schema),
            strings: schema.keys().map(|name| own(name.as_bytes())).collect(),
            underscore: own(b"_"),
            owned: true,
        }
    }

    fn permanent(schema: &'static Schema) -> Self {
        Self {
            schema: std::ptr::from_ref(schema),
            strings: schema.keys().map(|name| intern(name.as_bytes())).collect(),
            underscore: intern(b"_"),
            owned: false,
        }
    }

    /// Whether references to the strings are counted.
    #[inline]
    pub(crate) fn are_owned(&self) -> bool {
        self.owned
    }

    /// Whether they are that schema's.
    #[inline]
    pub(crate) fn are_of(&self, schema: &Schema) -> bool {
        std::ptr::eq(self.schema, schema)
    }

    /// The string of a key.
    #[inline]
    pub(crate) fn get(&self, key: KeyId) -> KeyString {
        self.strings
            .get(usize::from(key.0))
            .copied()
            .unwrap_or(self.underscore)
    }

    /// The string `_`, under which the predicate stands.
    #[inline]
    pub(crate) fn underscore(&self) -> KeyString {
        self.underscore
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        if self.owned {
            for key in self.strings.iter().chain([&self.underscore]) {
                // SAFETY: made by `own`, which left one reference to this table.
                unsafe { ext_php_rs_zend_string_release(key.string) };
            }
        }
    }
}

/// A string of the running request, its hash computed.
fn own(name: &[u8]) -> KeyString {
    // SAFETY: the engine copies the name.
    unsafe {
        let string = ext_php_rs_zend_string_init(name.as_ptr().cast(), name.len(), false);
        KeyString {
            string,
            hash: zend_string_hash_func(string),
        }
    }
}

fn intern(name: &[u8]) -> KeyString {
    // SAFETY: the engine sets the function pointer before extensions start; it copies the name and hashes it.
    unsafe {
        let string = zend_string_init_interned.map_or(std::ptr::null_mut(), |init| {
            init(name.as_ptr().cast(), name.len(), true)
        });
        KeyString {
            string,
            hash: string.as_ref().map_or(0, |string| string.h),
        }
    }
}
