//! Settings that are kept for scripts that set and read them, and mean nothing here: the debug log says so.

use ext_php_rs::types::Zval;

use super::database::{DATABASE, MEMORY};
use super::{
    AUTH, CONNECTION, IPC, METRICS, PEER, RPC, SERIALIZATION, SETTINGS, TL_SCHEMA, connection,
};
use crate::class::{Class, Object};
use crate::logger::{self, Level};
use crate::zval::entries::entries;

/// Part of the settings, its class, the property, and what is so instead.
type Entry = (&'static str, &'static Class, &'static str, &'static str);

#[rustfmt::skip] // One line for each setting.
static UNUSED: &[Entry] = &[
    ("auth", &AUTH, "maxAuthTries", "key exchanges are repeated until the connection's time is over"),
    ("connection", &CONNECTION, "retry", "connections are made anew as long as somebody waits for them"),
    ("connection", &CONNECTION, "useDoH", "addresses of servers come from Telegram, without names"),
    ("connection", &CONNECTION, "sslSubdomains", "HTTPS is not spoken"),
    ("connection", &CONNECTION, "robinPeriod", "each part of a file takes the connection that is free"),
    ("peer", &PEER, "fullFetch", "members are asked for by getPwrChat()"),
    ("rpc", &RPC, "rpcDropTimeout", "calls of the library's own have the timeout of all calls"),
    ("serialization", &SERIALIZATION, "interval", "every change is stored at once"),
    ("schema", &TL_SCHEMA, "MTProtoSchema", "the protocol's own messages are built in"),
    ("schema", &TL_SCHEMA, "secretSchema", "secret chats are not there"),
    ("schema", &TL_SCHEMA, "other", "the API's schema is the only one that is loaded"),
    ("schema", &TL_SCHEMA, "fuzzMode", "missing arguments are never made up"),
    ("metrics", &METRICS, "enableMemprofCollection", "getMemoryProfile() gives a profile when it is called"),
    ("metrics", &METRICS, "metricsBindTo", "renderPromStats() gives the text, which a script serves itself"),
    ("metrics", &METRICS, "returnMetricsFromStartAndLoop", "renderPromStats() gives the text"),
    ("ipc", &IPC, "slow", "there is no second process"),
];

/// Says which of the settings that a script has given have no effect.
pub(super) fn report(given: &Object) {
    for (part, class, property, instead) in UNUSED {
        let part = SETTINGS.read(given, part);
        let Some(object) = class.object(&part) else {
            continue;
        };
        let value = class.read(object, property);
        if differs(&value, &class.read(&class.instantiate(), property)) {
            let class = String::from_utf8_lossy(class.name.to_bytes());
            let class = class.rsplit('\\').next().unwrap_or_default();
            logger::write(Level::Verbose, || {
                format!("The setting {class}::${property} has no effect: {instead}")
            });
        }
    }
    let database = SETTINGS.read(given, "db");
    if let Some(object) = DATABASE.object(&database)
        && !MEMORY.is_class_of(object)
    {
        let class = object.get_class_name().unwrap_or_default();
        let class = class.rsplit('\\').next().unwrap_or_default();
        logger::write(Level::Verbose, || {
            format!(
                "Of the setting Database\\{class} the connections, times and serializer have no effect: a session has one connection"
            )
        });
    }
}

fn differs(value: &Zval, default: &Zval) -> bool {
    if let (Some(one), Some(other)) = (value.array(), default.array()) {
        return entries(one).count() != entries(other).count();
    }
    !connection::is_identical(value, default)
}
