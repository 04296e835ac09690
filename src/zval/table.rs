//! Arrays of scripts by key: keys may be any bytes, so they stay zvals.

use ext_php_rs::types::{ZendHashTable, Zval};

use crate::zend;

/// Keys and values, references followed, in order.
pub(crate) fn entries(table: &ZendHashTable) -> impl Iterator<Item = (Zval, &Zval)> {
    let mut iterator = table.iter();
    std::iter::from_fn(move || iterator.next_zval()).map(|(key, value)| (key, value.dereference()))
}

/// Sets the value under a key of another array.
pub(crate) fn put(table: &mut ZendHashTable, key: &Zval, value: Zval) {
    let mut value = value;
    // SAFETY: table and key are valid; the table takes a reference of its own to the value.
    unsafe {
        zend::array_set_zval_key(table, std::ptr::from_ref(key).cast_mut(), &raw mut value);
    }
}
