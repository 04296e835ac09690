//! `Settings\Connection` as ways to the servers.
//!
//! What would be a different way from the one that the script chose is an exception, never another way: a connection
//! around a proxy, or without the disguise that was asked for, gives away who the user is.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use ext_php_rs::types::{ZendHashTable, Zval};
use madeline_client::Routes;
use madeline_mtproto::dial::{Hop, ProxyAddress};
use madeline_mtproto::proxy::Login;
use madeline_mtproto::transport::{Disguise, Kind, Secret};

use super::streams::{self, Stream};
use super::{CONNECTION, Invalid, describe};
use crate::class::Object;
use crate::zval::entries::{entries, key_text};

const EXPECTED_PROTOCOL: &str = "AbridgedStream, IntermediateStream, IntermediatePaddedStream or FullStream (MTProto over HTTP or UDP is not spoken here)";
const EXPECTED_TRANSPORT: &str = "DefaultStream (web sockets are not spoken here)";
const EXPECTED_PROXY: &str = "ObfuscatedStream, HttpProxy or SocksProxy";
const EXPECTED_EXTRA: &str =
    "['address' => host, 'port' => number, …], with 'username' and 'password' or 'secret'";

/// The ways that a `Settings\Connection` asks for.
pub(super) fn routes(connection: &Object) -> Result<Routes, Invalid> {
    let read = |property| CONNECTION.read(connection, property);
    let kind = framing("Connection::setProtocol()", &read("protocol"))?;
    check_transport("Connection::setTransport()", &read("transport"))?;
    let obfuscated = read("obfuscated").bool().unwrap_or_default();
    if obfuscated && kind == Kind::Full {
        return Err(Invalid::new(
            "Connection::setObfuscated()",
            "false with FullStream, which can't be obfuscated",
            "true",
        ));
    }
    let proxies = proxies(&read("proxies"))?;
    check_framing(&proxies, kind)?;
    Ok(Routes {
        kind,
        obfuscated,
        proxies,
        bind_to: bind_to(&read("bindTo"))?,
    })
}

/// A number of seconds that must be positive.
pub(super) fn seconds(key: &str, value: &Zval) -> Result<Duration, Invalid> {
    let seconds = value.long().unwrap_or_default();
    match u64::try_from(seconds) {
        Ok(seconds) if seconds > 0 => Ok(Duration::from_secs(seconds)),
        _ => Err(Invalid::new(
            key,
            "a positive number of seconds",
            seconds.to_string(),
        )),
    }
}

/// How many connections files may use.
pub(super) fn media_sockets(count: &Zval) -> Result<usize, Invalid> {
    count
        .long()
        .and_then(|count| usize::try_from(count).ok())
        .filter(|count| *count > 0)
        .ok_or_else(|| {
            Invalid::new(
                "Connection::setMaxMediaSocketCount()",
                "a positive number",
                describe(count),
            )
        })
}

/// The framing of this name.
pub(super) fn framing(key: &str, name: &Zval) -> Result<Kind, Invalid> {
    match name.str().and_then(streams::meaning) {
        Some(Stream::Framing(kind)) => Ok(kind),
        _ => Err(Invalid::new(key, EXPECTED_PROTOCOL, describe(name))),
    }
}

/// Only TCP is there.
pub(super) fn check_transport(key: &str, name: &Zval) -> Result<(), Invalid> {
    match name.str().and_then(streams::meaning) {
        Some(Stream::Tcp) => Ok(()),
        _ => Err(Invalid::new(key, EXPECTED_TRANSPORT, describe(name))),
    }
}

/// The proxy of this name with these parameters; `None` where the name stands for a connection without. `key` is what
/// the parameters are called in messages.
pub(super) fn proxy(
    name_key: &str,
    name: &str,
    key: &str,
    extra: &Zval,
) -> Result<Option<Hop>, Invalid> {
    let stream = streams::meaning(name);
    if stream == Some(Stream::Tcp) {
        return Ok(None);
    }
    if !matches!(stream, Some(Stream::Socks | Stream::Http | Stream::MtProxy)) {
        return Err(Invalid::new(name_key, EXPECTED_PROXY, format!("{name:?}")));
    }
    let extra = extra.array().ok_or_else(|| {
        // A text may have a password in it, and messages end up in logs.
        let came = extra
            .str()
            .map_or_else(|| describe(extra), |_| "a string".to_owned());
        Invalid::new(key, EXPECTED_EXTRA, came)
    })?;
    let address = address(key, extra)?;
    Ok(Some(match stream {
        Some(Stream::MtProxy) => Hop::MtProxy {
            address,
            secret: secret(key, extra)?,
        },
        Some(Stream::Http) => Hop::Http {
            address,
            login: login(key, extra)?,
        },
        _ => Hop::Socks5 {
            address,
            login: login(key, extra)?,
        },
    }))
}

/// Proxies are lists of parameters by class, in the order in which they are tried.
fn proxies(value: &Zval) -> Result<Vec<Hop>, Invalid> {
    let name_key = "Connection::addProxy()";
    let mut hops = Vec::new();
    for (class, same) in value.array().into_iter().flat_map(|value| entries(value)) {
        let class = key_text(class);
        let short = class.rsplit('\\').next().unwrap_or_default();
        let key = format!("{name_key}[{short}]");
        let same = same
            .array()
            .ok_or_else(|| Invalid::new(&key, "a list of parameters", describe(same)))?;
        for (index, extra) in entries(same) {
            let key = format!("{key}[{}]", key_text(index));
            hops.extend(proxy(name_key, &class, &key, extra)?);
        }
    }
    Ok(hops)
}

/// `FullStream` can't be spoken with a proxy that obfuscates.
fn check_framing(proxies: &[Hop], kind: Kind) -> Result<(), Invalid> {
    let obfuscates = proxies.iter().any(
        |hop| matches!(hop, Hop::MtProxy { secret, .. } if secret.disguise() == &Disguise::None),
    );
    if obfuscates && kind == Kind::Full {
        let expected = "a protocol that can be obfuscated, for the sake of the MTProxy";
        return Err(Invalid::new(
            "Connection::setProtocol()",
            expected,
            "FullStream",
        ));
    }
    Ok(())
}

fn address(key: &str, extra: &ZendHashTable) -> Result<ProxyAddress, Invalid> {
    let given = extra.get("address");
    let host = given
        .and_then(Zval::str)
        .map(str::trim)
        .filter(|host| !host.is_empty() && !host.contains(char::is_whitespace))
        .ok_or_else(|| missing(key, "address", "a host name or an IP address", given))?;
    let given = extra.get("port");
    let port = given
        .and_then(|port| port.long().or_else(|| port.str()?.trim().parse().ok()))
        .and_then(|port| u16::try_from(port).ok())
        .filter(|port| *port > 0)
        .ok_or_else(|| missing(key, "port", "a TCP port (1 to 65535)", given))?;
    Ok(ProxyAddress::new(host, port))
}

/// What the proxy wants to know; without a name, nothing.
fn login(key: &str, extra: &ZendHashTable) -> Result<Option<Login>, Invalid> {
    let user = text(key, extra, "username")?;
    let password = text(key, extra, "password")?;
    if user.is_empty() && !password.is_empty() {
        return Err(missing(key, "username", "a name for the password", None));
    }
    Ok((!user.is_empty()).then(|| Login::new(user, password)))
}

/// As text, or as the 16 bytes themselves.
fn secret(key: &str, extra: &ZendHashTable) -> Result<Secret, Invalid> {
    let given = extra.get("secret");
    let bytes = given
        .and_then(Zval::zend_str)
        .ok_or_else(|| missing(key, "secret", Secret::EXPECTED, given))?
        .as_bytes();
    let raw = Secret::from_bytes(bytes).ok();
    let read = match std::str::from_utf8(bytes) {
        Ok(text) => text.parse().or_else(|error| raw.ok_or(error)),
        Err(_) => Secret::from_bytes(bytes),
    };
    read.map_err(|error| Invalid::new(format!("{key}.secret"), Secret::EXPECTED, error.found()))
}

/// A text or a number; nothing where there is none.
fn text(key: &str, extra: &ZendHashTable, name: &str) -> Result<String, Invalid> {
    match extra.get(name) {
        None => Ok(String::new()),
        Some(value) if value.is_null() => Ok(String::new()),
        Some(value) => value
            .string()
            .or_else(|| value.long().map(|number| number.to_string()))
            .ok_or_else(|| missing(key, name, "a string", Some(value))),
    }
}

fn missing(key: &str, name: &str, expected: &str, given: Option<&Zval>) -> Invalid {
    let came = given.map_or_else(|| "nothing".to_owned(), describe);
    Invalid::new(format!("{key}.{name}"), expected, came)
}

/// An IP address, with or without a port.
fn bind_to(value: &Zval) -> Result<Option<SocketAddr>, Invalid> {
    let Some(text) = value.str() else {
        return Ok(None);
    };
    let bare = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'))
        .unwrap_or(text);
    text.parse()
        .ok()
        .or_else(|| Some(SocketAddr::new(bare.parse::<IpAddr>().ok()?, 0)))
        .map(Some)
        .ok_or_else(|| {
            Invalid::new(
                "Connection::setBindTo()",
                "a local IP address, with or without a port",
                format!("{text:?}"),
            )
        })
}
