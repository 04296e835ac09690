//! Settings as arrays, as releases before 8 took them.

use ext_php_rs::convert::IntoZval;
use ext_php_rs::types::{ZendHashTable, Zval};

use super::streams::Stream;
use super::{
    APP_INFO, AUTH, CONNECTION, FILES, LOGGER, PEER, RPC, SECRET_CHATS, SERIALIZATION, SETTINGS,
    TL_SCHEMA,
};
use super::{Invalid, addresses, describe, part, routes, streams};
use crate::class::{Class, Object};
use crate::exceptions::Thrown;
use crate::logger::{Level, Target};
use crate::zval::entries::{entries, key_text};
use crate::zval::sink;

/// What a value must be, and how it becomes the property's.
#[derive(Clone, Copy)]
enum Kind {
    /// A whole number, also as text.
    Int,
    /// A number of seconds, also as text.
    Seconds,
    /// A text; numbers become one.
    Text,
    /// A truth value, also as 0 or 1.
    Bool,
    /// The opposite of a truth value.
    Not,
    /// An array, taken as it is.
    Array,
    /// The number of a DC.
    Dc,
    /// Addresses by DC.
    DcList,
    /// Keys in PEM form.
    Keys,
    /// Where log lines go.
    Target,
    /// A log level as number or name.
    Level,
    /// A path or a callable.
    PathOrCallable,
    /// A truth value or a list of users.
    BoolOrArray,
    /// The name of a protocol or a transport, of any release.
    Stream,
    /// What [`proxies`] reads.
    Proxies,
}

type Entry = (
    &'static str,
    &'static str,
    &'static Class,
    &'static str,
    Kind,
);

/// Path in the array, part of the settings, its class, property, kind.
#[rustfmt::skip] // One line for each key.
static ENTRIES: &[Entry] = &[
    ("app_info.api_id", "appInfo", &APP_INFO, "apiId", Kind::Int),
    ("app_info.api_hash", "appInfo", &APP_INFO, "apiHash", Kind::Text),
    ("app_info.device_model", "appInfo", &APP_INFO, "deviceModel", Kind::Text),
    ("app_info.system_version", "appInfo", &APP_INFO, "systemVersion", Kind::Text),
    ("app_info.app_version", "appInfo", &APP_INFO, "appVersion", Kind::Text),
    ("app_info.lang_code", "appInfo", &APP_INFO, "langCode", Kind::Text),
    ("app_info.lang_pack", "appInfo", &APP_INFO, "langPack", Kind::Text),
    ("authorization.rsa_keys", "connection", &CONNECTION, "rsaKeys", Kind::Keys),
    ("connection.main.ipv4", "connection", &CONNECTION, "dcList", Kind::DcList),
    ("connection.test.ipv4", "connection", &CONNECTION, "testDcList", Kind::DcList),
    ("connection.ssl_subdomains", "connection", &CONNECTION, "sslSubdomains", Kind::Array),
    ("connection_settings.all.test_mode", "connection", &CONNECTION, "testMode", Kind::Bool),
    ("connection_settings.all.ipv6", "connection", &CONNECTION, "ipv6", Kind::Bool),
    ("connection_settings.all.obfuscated", "connection", &CONNECTION, "obfuscated", Kind::Bool),
    ("connection_settings.all.protocol", "connection", &CONNECTION, "protocol", Kind::Stream),
    ("connection_settings.all.transport", "connection", &CONNECTION, "transport", Kind::Stream),
    ("connection_settings.all.proxy", "connection", &CONNECTION, "proxies", Kind::Proxies),
    ("connection_settings.all.proxy_extra", "connection", &CONNECTION, "proxies", Kind::Proxies),
    ("connection_settings.all.do_not_retry", "connection", &CONNECTION, "retry", Kind::Not),
    ("connection_settings.all.timeout", "connection", &CONNECTION, "timeout", Kind::Seconds),
    ("connection_settings.all.pfs", "auth", &AUTH, "pfs", Kind::Bool),
    ("connection_settings.all.drop_timeout", "rpc", &RPC, "rpcDropTimeout", Kind::Int),
    ("connection_settings.default_dc", "connection", &CONNECTION, "defaultDc", Kind::Dc),
    ("connection_settings.media_socket_count.max", "connection", &CONNECTION, "maxMediaSocketCount", Kind::Int),
    ("connection_settings.robin_period", "connection", &CONNECTION, "robinPeriod", Kind::Int),
    ("logger.logger", "logger", &LOGGER, "type", Kind::Target),
    ("logger.logger_param", "logger", &LOGGER, "extra", Kind::PathOrCallable),
    ("logger.param", "logger", &LOGGER, "extra", Kind::PathOrCallable),
    ("logger.logger_level", "logger", &LOGGER, "level", Kind::Level),
    ("logger.max_size", "logger", &LOGGER, "maxSize", Kind::Int),
    ("flood_timeout.wait_if_lt", "rpc", &RPC, "floodTimeout", Kind::Int),
    ("max_tries.authorization", "auth", &AUTH, "maxAuthTries", Kind::Int),
    ("peer.full_info_cache_time", "peer", &PEER, "fullInfoCacheTime", Kind::Int),
    ("peer.full_fetch", "peer", &PEER, "fullFetch", Kind::Bool),
    ("peer.cache_all_peers_on_startup", "peer", &PEER, "cacheAllPeersOnStartup", Kind::Bool),
    ("requests.gzip_encode_if_gt", "rpc", &RPC, "gzipEncodeIfGt", Kind::Int),
    ("secret_chats.accept_chats", "secretChats", &SECRET_CHATS, "accept", Kind::BoolOrArray),
    ("serialization.serialization_interval", "serialization", &SERIALIZATION, "interval", Kind::Int),
    ("tl_schema.layer", "schema", &TL_SCHEMA, "layer", Kind::Int),
    ("tl_schema.src.telegram", "schema", &TL_SCHEMA, "APISchema", Kind::Text),
    ("tl_schema.src.mtproto", "schema", &TL_SCHEMA, "MTProtoSchema", Kind::Text),
    ("tl_schema.src.secret", "schema", &TL_SCHEMA, "secretSchema", Kind::Text),
    ("upload.allow_automatic_upload", "files", &FILES, "allowAutomaticUpload", Kind::Bool),
    ("upload.parallel_chunks", "files", &FILES, "uploadParallelChunks", Kind::Int),
    ("download.report_broken_media", "files", &FILES, "reportBrokenMedia", Kind::Bool),
    ("download.parallel_chunks", "files", &FILES, "downloadParallelChunks", Kind::Int),
];

type Visitor<'v> = dyn FnMut(&str, &Zval, Option<&'static Entry>) -> Result<(), Thrown> + 'v;

/// How deep the arrays go; what lies deeper has no meaning.
const MAX_DEPTH: usize = 8;

/// Sets in `settings` what an array says. Nulls count as not given, unknown keys are passed over.
pub(super) fn apply(settings: &Object, array: &ZendHashTable) -> Result<(), Thrown> {
    walk(array, "", &mut |path, value, entry| match entry {
        Some((.., Kind::Proxies)) => Ok(()),
        Some((_, property, class, field, kind)) => {
            let converted = convert(path, value, *kind)?;
            match part(settings, property)?.object().map(Object::of) {
                Some(object) => class.write(object, field, converted),
                None => Ok(()),
            }
        }
        None => Ok(check_ignored(path, value)?),
    })?;
    if let Some(all) = array
        .get("connection_settings")
        .and_then(|settings| settings.dereference().array()?.get("all"))
        .and_then(|all| all.dereference().array())
    {
        connection_to_all(settings, all)?;
    }
    Ok(())
}

/// Settings as such an array, as far as they have a place in it.
pub(super) fn array(settings: &Object) -> Result<Zval, Thrown> {
    let mut all = sink::array(ZendHashTable::new());
    for (path, property, class, field, kind) in ENTRIES {
        let given = SETTINGS.read(settings, property);
        let value = match given.object() {
            Some(part) => class.read(part, field),
            None => class.read(&class.instantiate(), field),
        };
        let value = match kind {
            Kind::Not => Zval::from(!value.bool().unwrap_or_default()),
            _ if value.is_null() => continue,
            _ => value,
        };
        insert(&mut all, path, value)?;
    }
    Ok(all)
}

/// Puts a value at a path of keys.
fn insert(array: &mut Zval, path: &str, value: Zval) -> Result<(), Thrown> {
    let Some(table) = array.array_mut() else {
        return Ok(());
    };
    let Some((key, below)) = path.split_once('.') else {
        return Ok(table.insert(path, value)?);
    };
    if table.get(key).is_none() {
        table.insert(key, ZendHashTable::new())?;
    }
    match table.get_mut(key) {
        Some(inner) => insert(inner, below, value),
        None => Ok(()),
    }
}

/// The paths in an array that have no meaning here.
pub(super) fn ignored(array: &ZendHashTable) -> Vec<String> {
    let mut ignored = Vec::new();
    let visited: Result<(), Thrown> = walk(array, "", &mut |path, _, entry| {
        if entry.is_none() {
            ignored.push(path.to_owned());
        }
        Ok(())
    });
    if visited.is_ok() { ignored } else { Vec::new() }
}

/// Calls `visit` with each value that has an entry, and with each other value that is no array.
fn walk(array: &ZendHashTable, above: &str, visit: &mut Visitor<'_>) -> Result<(), Thrown> {
    for (key, value) in entries(array) {
        let key = key_text(key);
        let path = if above.is_empty() {
            key.into_owned()
        } else {
            format!("{above}.{key}")
        };
        let value = value.dereference();
        let entry = ENTRIES.iter().find(|entry| entry.0 == path);
        match value.array() {
            Some(inner) if entry.is_none() && path.matches('.').count() < MAX_DEPTH => {
                walk(inner, &path, visit)?;
            }
            _ if value.is_null() => {}
            _ => visit(&path, value, entry)?,
        }
    }
    Ok(())
}

fn convert(path: &str, value: &Zval, kind: Kind) -> Result<Zval, Invalid> {
    let (converted, expected) = match kind {
        Kind::Int => (integer(value).map(long), "a whole number"),
        Kind::Seconds => (number(value).map(Zval::from), "a number of seconds"),
        Kind::Text => (text(value), "a string"),
        Kind::Bool => (truth(value).map(Zval::from), "true or false"),
        Kind::Not => (
            truth(value).map(|truth| Zval::from(!truth)),
            "true or false",
        ),
        Kind::Array => (value.array().map(|_| value.shallow_clone()), "an array"),
        Kind::Dc => {
            let dc = integer(value).filter(|&number| addresses::dc_id(number).is_some());
            (dc.map(long), addresses::EXPECTED_DC)
        }
        Kind::DcList => {
            if let Some(entries) = value.array() {
                addresses::from_array(path, entries)?;
            }
            (
                value.array().map(|_| value.shallow_clone()),
                "an array of addresses by DC",
            )
        }
        Kind::Keys => (
            value.array().map(|_| value.shallow_clone()),
            "an array of RSA public keys in PEM form",
        ),
        Kind::Target => (
            integer(value)
                .and_then(Target::from_number)
                .map(|target| long(target as i64)),
            Target::EXPECTED,
        ),
        Kind::Level => (
            level(value).map(|level| long(level as i64)),
            Level::EXPECTED,
        ),
        Kind::PathOrCallable => (
            (value.str().is_some() || value.is_callable()).then(|| value.shallow_clone()),
            "the path of a file, or a callable",
        ),
        Kind::BoolOrArray => (
            if value.is_array() {
                Some(value.shallow_clone())
            } else {
                truth(value).map(Zval::from)
            },
            "true, false or an array of user ids",
        ),
        Kind::Stream => {
            if path.ends_with(".protocol") {
                routes::framing(path, value)?;
            } else {
                routes::check_transport(path, value)?;
            }
            let name = value.str().map(streams::full_name);
            (
                name.and_then(|name| name.into_zval(false).ok()),
                "the name of a class",
            )
        }
        Kind::Proxies => (Some(value.shallow_clone()), "a proxy"),
    };
    converted.ok_or_else(|| Invalid::new(path, expected, describe(value)))
}

fn long(number: i64) -> Zval {
    let mut value = Zval::new();
    value.set_long(number);
    value
}

fn integer(value: &Zval) -> Option<i64> {
    value
        .long()
        .or_else(|| value.str()?.trim().parse().ok())
        .or_else(|| {
            value
                .double()
                .filter(|number| number.fract() == 0.0)
                .map(|number| number as i64)
        })
}

fn number(value: &Zval) -> Option<f64> {
    value
        .double()
        .or_else(|| f64::from(i32::try_from(value.long()?).ok()?).into())
        .or_else(|| value.str()?.trim().parse().ok())
}

fn text(value: &Zval) -> Option<Zval> {
    match value.long() {
        Some(number) => number.to_string().into_zval(false).ok(),
        None => value.str().map(|_| value.shallow_clone()),
    }
}

pub(super) fn truth(value: &Zval) -> Option<bool> {
    value.bool().or_else(|| match integer(value)? {
        0 => Some(false),
        1 => Some(true),
        _ => None,
    })
}

fn level(value: &Zval) -> Option<Level> {
    match integer(value) {
        Some(number) => Some(Level::from_number(number)),
        None => Level::from_text(value.str()?),
    }
}

/// What is set together: proxies and their parameters, and the protocol that is obfuscated by its name.
fn connection_to_all(settings: &Object, all: &ZendHashTable) -> Result<(), Thrown> {
    let part = part(settings, "connection")?;
    let Some(connection) = part.object().map(Object::of) else {
        return Ok(());
    };
    if all
        .get("protocol")
        .and_then(|name| name.dereference().str())
        .is_some_and(|name| name.eq_ignore_ascii_case(streams::OBFUSCATED2))
    {
        CONNECTION.write(connection, "obfuscated", Zval::from(true))?;
    }
    if let Some(proxies) = proxies(all)? {
        CONNECTION.write(connection, "proxies", proxies)?;
    }
    Ok(())
}

/// The lists of parameters by class that `proxy` and `proxy_extra` describe: one proxy, or arrays of as many.
fn proxies(all: &ZendHashTable) -> Result<Option<Zval>, Thrown> {
    const PROXY: &str = "connection_settings.all.proxy";
    let Some(proxy) = all
        .get("proxy")
        .map(Zval::dereference)
        .filter(|proxy| !proxy.is_null())
    else {
        return Ok(None);
    };
    let extra = all.get("proxy_extra").map(Zval::dereference);
    let mut lists = ZendHashTable::new();
    let mut add = |path: &str, name: &Zval, extra_path: &str, extra: Option<&Zval>| {
        let name = name
            .str()
            .ok_or_else(|| Invalid::new(path, "the name of a proxy's class", describe(name)))?;
        let nothing = Zval::new();
        let extra = extra.unwrap_or(&nothing);
        if routes::proxy(path, name, extra_path, extra)?.is_none() {
            return Ok(());
        }
        let class = streams::full_name(name);
        let mut same = lists
            .get(class.as_str())
            .and_then(Zval::array)
            .map_or_else(ZendHashTable::new, ToOwned::to_owned);
        same.push(extra.shallow_clone())?;
        lists.insert(class.as_str(), same)?;
        Ok::<(), Thrown>(())
    };
    if let Some(names) = proxy.array() {
        for (index, name) in names {
            let one = extra
                .and_then(Zval::array)
                .and_then(|extras| extras.get(index.clone()))
                .map(Zval::dereference);
            let (path, extra_path) = (
                format!("{PROXY}[{index}]"),
                format!("{PROXY}_extra[{index}]"),
            );
            add(&path, name.dereference(), &extra_path, one)?;
        }
    } else {
        add(PROXY, proxy, &format!("{PROXY}_extra"), extra)?;
    }
    Ok(Some(lists.into_zval(false)?))
}

/// Settings of single data centres have no meaning here. One that names a proxy can't be passed over: a connection
/// around it would give away who the user is.
fn check_ignored(path: &str, value: &Zval) -> Result<(), Invalid> {
    let mut parts = path.split('.');
    let of_dc = (parts.next(), parts.next(), parts.next());
    match of_dc {
        (Some("connection_settings"), Some(dc), Some("proxy"))
            if dc != "all" && value.str().and_then(streams::meaning) != Some(Stream::Tcp) =>
        {
            Err(Invalid::new(
                path,
                "proxies for all data centres, in connection_settings.all.proxy",
                describe(value),
            ))
        }
        _ => Ok(()),
    }
}
