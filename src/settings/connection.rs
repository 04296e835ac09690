//! The methods of `Settings\Connection` that are more than getters and setters.

use ext_php_rs::boxed::ZBox;
use ext_php_rs::convert::IntoZval;
use ext_php_rs::ffi::zend_is_identical;
use ext_php_rs::types::{ArrayKey, ZendHashTable, Zval};

use super::accessors::{set, set_to};
use super::addresses;
use super::parts::CONNECTION;
use crate::class::Frame;
use crate::exceptions::Thrown;
use crate::zval::entries::values;

/// What `getTimeout()` answers; where the script sets nothing, connections have a limit of the client's own.
pub(super) fn default_timeout() -> f64 {
    5.0
}

/// `setDcList(array $dcs)`: DC id => `'host:port'` or `['ip_address' => host, 'port' => port]`.
pub(super) fn set_dc_list(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    if let Some(entries) = frame.array(0) {
        addresses::from_array("Connection::setDcList()", entries)?;
    }
    set(&CONNECTION, "dcList", frame)
}

/// `addProxy(string $proxy, array $extra = [])`: proxies are lists of parameters by class name.
pub(super) fn add_proxy(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let name = frame.text(0).unwrap_or_default();
    let extra = match frame.arg(1) {
        Some(extra) => extra.shallow_clone(),
        None => ZendHashTable::new().into_zval(false)?,
    };
    let mut proxies = proxies(frame)?;
    let mut same = list_of(&proxies, &name);
    same.push(extra)?;
    proxies.insert(&*name, same)?;
    set_to(&CONNECTION, "proxies", frame, proxies.into_zval(false)?)
}

/// `removeProxy(string $proxy, array $extra)`: the one with exactly these parameters.
pub(super) fn remove_proxy(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let (name, extra) = (frame.text(0).unwrap_or_default(), frame.arg(1));
    let mut proxies = proxies(frame)?;
    let mut rest = ZendHashTable::new();
    for proxy in values(&list_of(&proxies, &name)) {
        if !extra.is_some_and(|extra| is_identical(proxy, extra)) {
            rest.push(proxy.shallow_clone())?;
        }
    }
    if rest.is_empty() {
        proxies.remove(&*name);
    } else {
        proxies.insert(&*name, rest)?;
    }
    set_to(&CONNECTION, "proxies", frame, proxies.into_zval(false)?)
}

/// `clearProxies()`
pub(super) fn clear_proxies(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    set_to(
        &CONNECTION,
        "proxies",
        frame,
        ZendHashTable::new().into_zval(false)?,
    )
}

/// A copy of the object's proxies.
fn proxies(frame: &Frame<'_>) -> Result<ZBox<ZendHashTable>, Thrown> {
    Ok(CONNECTION
        .read(frame.this()?, "proxies")
        .array()
        .map_or_else(ZendHashTable::new, ToOwned::to_owned))
}

/// A copy of the parameter lists of one class.
fn list_of(proxies: &ZendHashTable, name: &str) -> ZBox<ZendHashTable> {
    proxies
        .get(ArrayKey::Str(name))
        .and_then(Zval::array)
        .map_or_else(ZendHashTable::new, ToOwned::to_owned)
}

/// PHP's `===`.
pub(super) fn is_identical(one: &Zval, other: &Zval) -> bool {
    // SAFETY: both are valid values, which the engine only reads.
    unsafe {
        zend_is_identical(
            std::ptr::from_ref(one).cast_mut(),
            std::ptr::from_ref(other).cast_mut(),
        )
    }
}
