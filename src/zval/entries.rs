//! The entries of PHP arrays, whatever their keys are: iterators of ext-php-rs panic at keys that are not UTF-8.

use std::borrow::Cow;

use ext_php_rs::ffi::{
    _Bucket, HashTable, IS_INDIRECT, IS_UNDEF, zend_hash_index_update, zend_hash_str_update,
};
use ext_php_rs::types::{ZendHashTable, Zval};
use madeline_tl::EntryKey;

use super::sink;
use crate::class::type_of;
use crate::zend::HASH_FLAG_PACKED;

/// Keys and values of an array, in order.
pub(crate) struct Entries<'t> {
    table: &'t HashTable,
    position: u32,
}

/// Keys and values of an array, in order.
pub(crate) fn entries(table: &HashTable) -> Entries<'_> {
    Entries { table, position: 0 }
}

/// The values of an array, in order.
pub(crate) fn values(table: &HashTable) -> impl Iterator<Item = &Zval> {
    entries(table).map(|(_, value)| value)
}

/// The value under a name, references followed; `None` where it is absent or null.
pub(crate) fn present<'t>(table: &'t ZendHashTable, name: &str) -> Option<&'t Zval> {
    table
        .get(name)
        .map(Zval::dereference)
        .filter(|value| !value.is_null())
}

/// How deep the arrays of [`snapshot`] may nest: deeper ones contain themselves.
const MAX_DEPTH: usize = 64;

/// A value as it is now, without references: PHP code that runs meanwhile does not change it. `None` where it nests too deep,
/// or contains itself.
pub(crate) fn snapshot(value: &Zval) -> Option<Zval> {
    fn copy(value: &Zval, depth: usize) -> Option<Zval> {
        let value = value.dereference();
        let Some(table) = value.array() else {
            return Some(value.shallow_clone());
        };
        if depth == MAX_DEPTH {
            return None;
        }
        let mut copied = ZendHashTable::with_capacity(table.len() as u32);
        for (key, item) in entries(table) {
            put(&mut copied, key, copy(item, depth + 1)?);
        }
        Some(sink::array(copied))
    }
    copy(value, 0)
}

/// Whether the keys are 0, 1, 2 and so on, as `array_is_list()` has it.
pub(crate) fn is_list(table: &HashTable) -> bool {
    // SAFETY: reads a word that every array has.
    let packed = unsafe { table.u.flags } & HASH_FLAG_PACKED != 0;
    packed && table.nNumUsed == table.nNumOfElements
        || entries(table)
            .enumerate()
            .all(|(index, (key, _))| key == EntryKey::Index(index as i64))
}

/// A key as text for people.
pub(crate) fn key_text(key: EntryKey<'_>) -> Cow<'_, str> {
    match key {
        EntryKey::Index(number) => Cow::Owned(number.to_string()),
        EntryKey::Name(name) => String::from_utf8_lossy(name),
    }
}

/// Puts a value under a name that need not be UTF-8.
pub(crate) fn insert(table: &mut HashTable, name: &[u8], mut value: Zval) {
    // SAFETY: the name is given with its length; the engine copies it and takes over the value.
    unsafe {
        zend_hash_str_update(table, name.as_ptr().cast(), name.len(), &raw mut value);
    }
    std::mem::forget(value);
}

/// Puts a value under a key of another array.
pub(crate) fn put(table: &mut HashTable, key: EntryKey<'_>, mut value: Zval) {
    match key {
        EntryKey::Name(name) => insert(table, name, value),
        EntryKey::Index(number) => {
            // SAFETY: the engine takes over the value.
            unsafe {
                zend_hash_index_update(table, number as u64, &raw mut value);
            }
            std::mem::forget(value);
        }
    }
}

impl<'t> Iterator for Entries<'t> {
    type Item = (EntryKey<'t>, &'t Zval);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let table = self.table;
        while self.position < table.nNumUsed {
            let index = self.position as usize;
            self.position += 1;
            // SAFETY: the first `nNumUsed` slots are initialized; the flag says which of the two layouts they have.
            let (key, value) = unsafe {
                if table.u.flags & HASH_FLAG_PACKED != 0 {
                    (
                        EntryKey::Index(index as i64),
                        &*table.__bindgen_anon_1.arPacked.add(index),
                    )
                } else {
                    let bucket = &*table.__bindgen_anon_1.arData.add(index);
                    (key_of(bucket), &bucket.val)
                }
            };
            let value = if type_of(value) == IS_INDIRECT {
                // SAFETY: symbol tables hold pointers to the variables' slots, under this tag.
                unsafe { &*value.value.zv }
            } else {
                value
            };
            if type_of(value) != IS_UNDEF {
                return Some((key, value));
            }
        }
        None
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, Some((self.table.nNumUsed - self.position) as usize))
    }
}

fn key_of(bucket: &_Bucket) -> EntryKey<'_> {
    // SAFETY: a key is null, for an int, or a string that lives as long as its bucket.
    unsafe {
        match bucket.key.as_ref() {
            None => EntryKey::Index(bucket.h as i64),
            Some(name) => EntryKey::Name(std::slice::from_raw_parts(
                (&raw const name.val).cast(),
                name.len,
            )),
        }
    }
}
