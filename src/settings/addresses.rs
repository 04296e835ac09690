//! Lists of data centres in the forms users write them.

use std::net::{SocketAddr, ToSocketAddrs};

use ext_php_rs::types::{ZendHashTable, Zval};
use madeline_client::{DcId, DcList};

use super::{Invalid, describe, legacy};
use crate::zval::entries;

const EXPECTED_TEXT: &str = "a list such as 1=149.154.175.53:443,2=149.154.167.51:443";
const EXPECTED_ENTRY: &str = "'host:port' or ['ip_address' => host, 'port' => number]";
/// What messages expect where the number of a DC stands.
pub(super) const EXPECTED_DC: &str = "the number of a data centre (1 to 9999)";
const DC_IDS: std::ops::RangeInclusive<i64> = 1..=9999;
/// Where an array gives an address without a port: what Telegram's servers listen on.
const DEFAULT_PORT: i64 = 443;

/// `1=host:port,2=[v6]:port`, as php.ini has it; empty text is an empty list.
pub(crate) fn from_text(key: &str, text: &str) -> Result<DcList, Invalid> {
    let mut list = DcList::new();
    for entry in text
        .split(',')
        .map(str::trim)
        .filter(|entry| !entry.is_empty())
    {
        let (id, address) = entry
            .split_once('=')
            .ok_or_else(|| Invalid::new(key, EXPECTED_TEXT, format!("{entry:?}")))?;
        let id = server(id.trim()).ok_or_else(|| invalid_id(key, format!("{id:?}")))?;
        for address in resolve(key, address.trim())? {
            list.add(id, address);
        }
    }
    Ok(list)
}

/// `[2 => 'host:port', 4 => ['ip_address' => 'host', 'port' => 443]]`, as `Connection::setDcList()` and the legacy
/// array `connection.main.ipv4` have it.
pub(crate) fn from_array(key: &str, given: &ZendHashTable) -> Result<DcList, Invalid> {
    let mut list = DcList::new();
    for (index, entry) in entries::entries(given) {
        let index = entries::key_text(index);
        let id = server(&index).ok_or_else(|| invalid_id(key, index.clone().into_owned()))?;
        let key = format!("{key}[{index}]");
        let id = if is_media_only(&key, entry)? {
            id.media()
        } else {
            id
        };
        for address in resolve(&key, &host_and_port(&key, entry)?)? {
            list.add(id, address);
        }
    }
    Ok(list)
}

/// Whether an entry of an array says that its address is for files only.
fn is_media_only(key: &str, entry: &Zval) -> Result<bool, Invalid> {
    let flag = entry.array().and_then(|parts| parts.get("media_only"));
    flag.map_or(Ok(false), |flag| {
        let invalid = || {
            Invalid::new(
                format!("{key}[media_only]"),
                "true or false",
                describe(flag),
            )
        };
        legacy::truth(flag).ok_or_else(invalid)
    })
}

/// One entry of an array as `host:port`.
fn host_and_port(key: &str, entry: &Zval) -> Result<String, Invalid> {
    let invalid = || Invalid::new(key, EXPECTED_ENTRY, describe(entry));
    if let Some(text) = entry.str() {
        return Ok(text.to_owned());
    }
    let parts = entry.array().ok_or_else(invalid)?;
    let host = parts
        .get("ip_address")
        .and_then(Zval::str)
        .ok_or_else(invalid)?;
    let port = match parts.get("port") {
        None => DEFAULT_PORT,
        Some(port) => port
            .long()
            .or_else(|| port.str()?.parse().ok())
            .ok_or_else(invalid)?,
    };
    Ok(if host.contains(':') && !host.starts_with('[') {
        format!("[{host}]:{port}")
    } else {
        format!("{host}:{port}")
    })
}

/// The socket addresses of `host:port`; a host name may have several.
fn resolve(key: &str, address: &str) -> Result<Vec<SocketAddr>, Invalid> {
    let invalid = |came| Invalid::new(key, "host:port", came);
    if !address.contains(':') {
        return Err(invalid(format!("{address:?}")));
    }
    let found = address
        .to_socket_addrs()
        .map_err(|cause| invalid(format!("{address:?} ({cause})")))?;
    Ok(found.collect())
}

/// The DC of that number; with `_media` behind it, as in MadelineProto, its servers for files only.
fn server(text: &str) -> Option<DcId> {
    let number = text.strip_suffix("_media").unwrap_or(text);
    let dc = dc_id(number.parse().ok()?)?;
    Some(if number == text { dc } else { dc.media() })
}

/// The DC of that number.
pub(super) fn dc_id(id: i64) -> Option<DcId> {
    DC_IDS.contains(&id).then_some(DcId(id as i32))
}

fn invalid_id(key: &str, came: String) -> Invalid {
    Invalid::new(key, EXPECTED_DC, came)
}
