//! What the browser has sent, as PHP's superglobals say it: a script may have changed them.

use ext_php_rs::ffi::{ext_php_rs_executor_globals, zend_is_auto_global};
use ext_php_rs::types::{ZendHashTable, ZendStr, Zval};

/// A field of the form; `None` where it was not sent, or is no text.
pub(super) fn posted(name: &str) -> Option<String> {
    posted_bytes(name).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// As [`posted`], as it came.
pub(super) fn posted_bytes(name: &str) -> Option<Vec<u8>> {
    with("_POST", |fields| {
        let text = fields.get(name)?.dereference().zend_str()?;
        Some(text.as_bytes().to_vec())
    })
}

/// What the server says of the request, or of itself.
pub(crate) fn server(name: &str) -> Option<String> {
    with("_SERVER", |all| all.get(name)?.dereference().string())
}

/// Whether the address has a parameter of that name.
pub(super) fn asks_for(name: &str) -> bool {
    with("_GET", |fields| fields.get(name).map(drop)).is_some()
}

/// Whether a page of another site has sent the form: it would log the server in to an account of its choice.
///
/// Browsers say where a request comes from, and pages cannot change what they say; who says nothing is no browser.
pub(super) fn is_forged() -> bool {
    if with("_POST", |fields| (!fields.is_empty()).then_some(())).is_none() {
        return false;
    }
    if let Some(site) = server("HTTP_SEC_FETCH_SITE") {
        return site != "same-origin" && site != "none";
    }
    let Some(origin) = server("HTTP_ORIGIN") else {
        return false;
    };
    // A proxy in front may have another name for the server; forms of other sites cannot send its header.
    let own = [server("HTTP_HOST"), server("HTTP_X_FORWARDED_HOST")];
    let host = origin.split_once("://").map(|(_, host)| host);
    host.is_none() || !own.iter().any(|own| own.as_deref() == host)
}

fn with<T>(superglobal: &str, read: impl FnOnce(&ZendHashTable) -> Option<T>) -> Option<T> {
    let name = ZendStr::new(superglobal, false);
    // SAFETY: a script is running; some of the arrays are made when somebody asks for them. The table is not changed
    // while it is read.
    let table = unsafe {
        zend_is_auto_global(std::ptr::from_ref(&*name).cast_mut());
        &(*ext_php_rs_executor_globals()).symbol_table
    };
    read(table.get(superglobal).map(Zval::dereference)?.array()?)
}
