//! The request that PHP is serving.

use std::ptr;

use ext_php_rs::ffi::{ext_php_rs_executor_globals, zend_hash_str_find, zend_is_auto_global};
use ext_php_rs::types::{ZendStr, Zval};

/// A value of `$_SERVER`.
pub(super) fn server(name: &str) -> Option<String> {
    value("_SERVER", name)
}

/// A value of `$_GET`.
pub(super) fn query(name: &str) -> Option<String> {
    value("_GET", name)
}

/// Not through ext-php-rs' view of these arrays: in optimized builds it misses that PHP fills them when they are first asked
/// for.
fn value(array: &str, name: &str) -> Option<String> {
    let key = ZendStr::new(array, false);
    // SAFETY: the key is a string of ours; the globals are this thread's, and the array lives as long as the request.
    let array: &Zval = unsafe {
        zend_is_auto_global(ptr::from_ref(&*key).cast_mut());
        let table = &raw const (*ext_php_rs_executor_globals()).symbol_table;
        zend_hash_str_find(table, array.as_ptr().cast(), array.len()).as_ref()?
    };
    let value = array.dereference().array()?.get(name)?;
    value.dereference().string()
}
