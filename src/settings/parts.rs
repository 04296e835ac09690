//! The classes of `Settings\…` as tables: property, type, default; getter and setter follow from them.

use super::accessors::{self, get, get_or, set};
use super::{SETTINGS_ABSTRACT, connection, logging, lua};
use crate::class::{Base, Class, Frame, Literal, Method, Param, Property, Type, c_str};

const SELF: Type = Type::class(c"self");

/// A final class below `SettingsAbstract` (or another parent): for each line a private typed property with its
/// getter and its setter, which returns the object; then methods of its own.
macro_rules! part {
    (
        $(#[$doc:meta])* $class:ident $name:literal: $parent:expr, $flags:expr;
        $($property:literal $accessor:literal $type:ident $default:expr;)*
        $([properties: $($own:expr),* $(,)?])?
        $([methods: $($method:expr),* $(,)?])?
    ) => {
        $(#[$doc])*
        pub(super) static $class: Class = Class {
            name: c_str(concat!("danog\\MadelineProto\\Settings\\", $name, "\0")),
            flags: $flags,
            parent: Some(Base::Ours($parent)),
            properties: &[
                $(Property::new(c_str(concat!($property, "\0")), Type::$type, $default).protected(),)*
                $($($own),*)?
            ],
            methods: &[
                $(
                    Method::new(
                        c_str(concat!("get", $accessor, "\0")),
                        |frame: &mut Frame<'_>| get(&$class, $property, frame),
                    ).returns(Type::$type),
                    Method::new(
                        c_str(concat!("set", $accessor, "\0")),
                        |frame: &mut Frame<'_>| set(&$class, $property, frame),
                    ).params(&[Param::required(c_str(concat!($property, "\0")), Type::$type)]).returns(SELF),
                )*
                $($($method),*)?
            ],
            ..Class::DEFAULT
        };
    };
}
pub(super) use part;

part! {
    /// The application that the session belongs to.
    APP_INFO "AppInfo": &SETTINGS_ABSTRACT, Class::FINAL;
    "langPack" "LangPack" STRING Literal::Text("");
    "showPrompt" "ShowPrompt" BOOL Literal::Bool(true);
    [properties:
        Property::new(c"apiId", Type::INT, Literal::Uninitialized).protected(),
        Property::new(c"apiHash", Type::STRING, Literal::Uninitialized).protected(),
        Property::new(c"deviceModel", Type::STRING, Literal::Uninitialized).protected(),
        Property::new(c"systemVersion", Type::STRING, Literal::Uninitialized).protected(),
        Property::new(c"appVersion", Type::STRING, Literal::Uninitialized).protected(),
        Property::new(c"langCode", Type::STRING, Literal::Uninitialized).protected(),
        Property::new(c"systemLangCode", Type::STRING, Literal::Text("en")).protected(),
    ]
    [methods:
        INIT, CONSTRUCT,
        Method::new(c"hasApiInfo", accessors::has_api_info).returns(Type::BOOL),
        Method::new(c"getApiId", |frame: &mut Frame<'_>| accessors::get_api("apiId", frame)).returns(Type::INT),
        Method::new(c"setApiId", |frame: &mut Frame<'_>| set(&APP_INFO, "apiId", frame))
            .params(&[Param::required(c"apiId", Type::INT)]).returns(SELF),
        Method::new(c"getApiHash", |frame: &mut Frame<'_>| accessors::get_api("apiHash", frame)).returns(Type::STRING),
        Method::new(c"setApiHash", |frame: &mut Frame<'_>| set(&APP_INFO, "apiHash", frame))
            .params(&[Param::required(c"apiHash", Type::STRING)]).returns(SELF),
        Method::new(c"getDeviceModel", |frame: &mut Frame<'_>| {
            get_or(&APP_INFO, "deviceModel", frame, accessors::device_model)
        }).returns(Type::STRING),
        Method::new(c"setDeviceModel", |frame: &mut Frame<'_>| set(&APP_INFO, "deviceModel", frame))
            .params(&[Param::required(c"deviceModel", Type::STRING)]).returns(SELF),
        Method::new(c"getSystemVersion", |frame: &mut Frame<'_>| {
            get_or(&APP_INFO, "systemVersion", frame, accessors::system_version)
        }).returns(Type::STRING),
        Method::new(c"setSystemVersion", |frame: &mut Frame<'_>| set(&APP_INFO, "systemVersion", frame))
            .params(&[Param::required(c"systemVersion", Type::STRING)]).returns(SELF),
        Method::new(c"getAppVersion", |frame: &mut Frame<'_>| {
            get_or(&APP_INFO, "appVersion", frame, accessors::app_version)
        }).returns(Type::STRING),
        Method::new(c"setAppVersion", |frame: &mut Frame<'_>| set(&APP_INFO, "appVersion", frame))
            .params(&[Param::required(c"appVersion", Type::STRING)]).returns(SELF),
        Method::new(c"getLangCode", |frame: &mut Frame<'_>| {
            get_or(&APP_INFO, "langCode", frame, accessors::lang_code)
        }).returns(Type::STRING),
        Method::new(c"setLangCode", |frame: &mut Frame<'_>| set(&APP_INFO, "langCode", frame))
            .params(&[Param::required(c"langCode", Type::STRING)]).returns(SELF),
        Method::new(c"getSystemLangCode", |frame: &mut Frame<'_>| get(&APP_INFO, "systemLangCode", frame))
            .returns(Type::STRING),
        Method::new(c"setSystemLangCode", |frame: &mut Frame<'_>| set(&APP_INFO, "systemLangCode", frame))
            .params(&[Param::required(c"langCode", Type::STRING)]).returns(SELF),
    ]
}

part! {
    /// Keys and logins.
    AUTH "Auth": &SETTINGS_ABSTRACT, Class::FINAL;
    "pfs" "Pfs" BOOL Literal::Bool(true);
    "maxAuthTries" "MaxAuthTries" INT Literal::Int(5);
}

part! {
    /// How servers are reached.
    CONNECTION "Connection": &SETTINGS_ABSTRACT, Class::FINAL;
    "protocol" "Protocol" STRING Literal::Text("danog\\MadelineProto\\Stream\\MTProtoTransport\\AbridgedStream");
    "transport" "Transport" STRING Literal::Text("danog\\MadelineProto\\Stream\\Transport\\DefaultStream");
    "testMode" "TestMode" BOOL Literal::Bool(false);
    "ipv6" "Ipv6" BOOL Literal::Bool(false);
    "obfuscated" "Obfuscated" BOOL Literal::Bool(false);
    "retry" "Retry" BOOL Literal::Bool(true);
    "useDoH" "UseDoH" BOOL Literal::Bool(true);
    "pingInterval" "PingInterval" INT Literal::Int(60);
    "maxMediaSocketCount" "MaxMediaSocketCount" INT Literal::Int(10);
    "robinPeriod" "RobinPeriod" INT Literal::Int(10);
    "sslSubdomains" "SslSubdomains" ARRAY Literal::EmptyArray;
    "rsaKeys" "RsaKeys" ARRAY Literal::EmptyArray;
    "testRsaKeys" "TestRsaKeys" ARRAY Literal::EmptyArray;
    [properties:
        Property::new(c"timeout", Type::FLOAT, Literal::Uninitialized).protected(),
        Property::new(c"bindTo", Type::STRING.nullable(), Literal::Null).protected(),
        Property::new(c"proxies", Type::ARRAY, Literal::EmptyArray).protected(),
        Property::new(c"dcList", Type::ARRAY, Literal::EmptyArray).protected(),
        // Set by arrays of older releases only.
        Property::new(c"testDcList", Type::ARRAY, Literal::EmptyArray).protected(),
        Property::new(c"defaultDc", Type::INT, Literal::Uninitialized).protected(),
    ]
    [methods:
        INIT, CONSTRUCT,
        Method::new(c"getTimeout", |frame: &mut Frame<'_>| {
            get_or(&CONNECTION, "timeout", frame, connection::default_timeout)
        }).returns(Type::FLOAT),
        Method::new(c"setTimeout", |frame: &mut Frame<'_>| set(&CONNECTION, "timeout", frame))
            .params(&[Param::required(c"timeout", Type::FLOAT)]).returns(SELF),
        Method::new(c"getBindTo", |frame: &mut Frame<'_>| get(&CONNECTION, "bindTo", frame))
            .returns(Type::STRING.nullable()),
        Method::new(c"setBindTo", |frame: &mut Frame<'_>| set(&CONNECTION, "bindTo", frame))
            .params(&[Param::required(c"bindTo", Type::STRING.nullable())]).returns(SELF),
        Method::new(c"getDcList", |frame: &mut Frame<'_>| get(&CONNECTION, "dcList", frame)).returns(Type::ARRAY),
        Method::new(c"setDcList", connection::set_dc_list)
            .params(&[Param::required(c"dcs", Type::ARRAY)]).returns(SELF),
        Method::new(c"getProxies", |frame: &mut Frame<'_>| get(&CONNECTION, "proxies", frame)).returns(Type::ARRAY),
        Method::new(c"setProxies", |frame: &mut Frame<'_>| set(&CONNECTION, "proxies", frame))
            .params(&[Param::required(c"proxies", Type::ARRAY)]).returns(SELF),
        Method::new(c"addProxy", connection::add_proxy)
            .params(&[Param::required(c"proxy", Type::STRING), Param::optional(c"extra", Type::ARRAY, c"[]")])
            .returns(SELF),
        Method::new(c"removeProxy", connection::remove_proxy)
            .params(&[Param::required(c"proxy", Type::STRING), Param::required(c"extra", Type::ARRAY)])
            .returns(SELF),
        Method::new(c"clearProxies", connection::clear_proxies).returns(SELF),
    ]
}

part! {
    /// Uploads and downloads.
    FILES "Files": &SETTINGS_ABSTRACT, Class::FINAL;
    "allowAutomaticUpload" "AllowAutomaticUpload" BOOL Literal::Bool(true);
    "uploadParallelChunks" "UploadParallelChunks" INT Literal::Int(20);
    "downloadParallelChunks" "DownloadParallelChunks" INT Literal::Int(20);
    "reportBrokenMedia" "ReportBrokenMedia" BOOL Literal::Bool(true);
    [properties: Property::new(c"downloadLink", Type::STRING.nullable(), Literal::Null).protected()]
    [methods:
        Method::new(c"getDownloadLink", |frame: &mut Frame<'_>| get(&FILES, "downloadLink", frame))
            .returns(Type::STRING.nullable()),
        Method::new(c"setDownloadLink", |frame: &mut Frame<'_>| set(&FILES, "downloadLink", frame))
            .params(&[Param::optional(c"downloadLink", Type::STRING.nullable(), c"null")]).returns(SELF),
    ]
}

part! {
    /// Where log lines go. What the script does not set is decided by ini and dialect (`logging.rs`).
    LOGGER "Logger": &SETTINGS_ABSTRACT, Class::FINAL;
    [properties:
        Property::new(c"type", Type::INT, Literal::Uninitialized).protected(),
        Property::new(c"extra", Type::MIXED, Literal::Null).protected(),
        Property::new(c"level", Type::INT, Literal::Uninitialized).protected(),
        Property::new(c"maxSize", Type::INT, Literal::Int(1024 * 1024)).protected(),
    ]
    [methods:
        CONSTRUCT,
        Method::new(c"getType", |frame: &mut Frame<'_>| get_or(&LOGGER, "type", frame, logging::default_type))
            .returns(Type::INT),
        Method::new(c"setType", |frame: &mut Frame<'_>| set(&LOGGER, "type", frame))
            .params(&[Param::required(c"type", Type::INT)]).returns(SELF),
        Method::new(c"getExtra", |frame: &mut Frame<'_>| get_or(&LOGGER, "extra", frame, logging::default_extra)),
        Method::new(c"setExtra", |frame: &mut Frame<'_>| set(&LOGGER, "extra", frame))
            .params(&[Param::required(c"extra", Type::CALLABLE.or(Type::STRING).nullable())]).returns(SELF),
        Method::new(c"getLevel", |frame: &mut Frame<'_>| get_or(&LOGGER, "level", frame, logging::default_level))
            .returns(Type::INT),
        Method::new(c"setLevel", logging::set_level)
            .params(&[Param::required(c"level", Type::INT)]).returns(SELF),
        Method::new(c"getMaxSize", |frame: &mut Frame<'_>| get(&LOGGER, "maxSize", frame)).returns(Type::INT),
        Method::new(c"setMaxSize", logging::set_max_size)
            .params(&[Param::required(c"maxSize", Type::INT)]).returns(SELF),
    ]
}

part! {
    /// What scripts in Lua may do (`lua.rs`); a limit of 0 is none.
    LUA "Lua": &SETTINGS_ABSTRACT, Class::FINAL;
    "instructionLimit" "InstructionLimit" INT Literal::Int(1_000_000_000);
    "memoryLimit" "MemoryLimit" INT Literal::Int(128 << 20);
    "allowUnsafe" "AllowUnsafe" BOOL Literal::Bool(false);
    [properties: Property::new(c"libraries", Type::ARRAY, Literal::Uninitialized).protected()]
    [methods:
        Method::new(c"getLibraries", |frame: &mut Frame<'_>| get_or(&LUA, "libraries", frame, lua::default_libraries))
            .returns(Type::ARRAY),
        Method::new(c"setLibraries", |frame: &mut Frame<'_>| set(&LUA, "libraries", frame))
            .params(&[Param::required(c"libraries", Type::ARRAY)]).returns(SELF),
    ]
}

part! {
    /// Figures for monitoring.
    METRICS "Metrics": &SETTINGS_ABSTRACT, Class::FINAL;
    "enablePrometheusCollection" "EnablePrometheusCollection" BOOL Literal::Bool(false);
    "enableMemprofCollection" "EnableMemprofCollection" BOOL Literal::Bool(false);
    "returnMetricsFromStartAndLoop" "ReturnMetricsFromStartAndLoop" BOOL Literal::Bool(false);
    [properties:
        Property::new(c"metricsBindTo", Type::class(c"Amp\\Socket\\SocketAddress").nullable(), Literal::Null).protected(),
    ]
    [methods:
        Method::new(c"getMetricsBindTo", |frame: &mut Frame<'_>| get(&METRICS, "metricsBindTo", frame))
            .returns(Type::class(c"Amp\\Socket\\SocketAddress").nullable()),
        Method::new(c"setMetricsBindTo", |frame: &mut Frame<'_>| set(&METRICS, "metricsBindTo", frame))
            .params(&[Param::required(c"metricsBindTo", Type::class(c"Amp\\Socket\\SocketAddress").nullable())])
            .returns(SELF),
    ]
}

part! {
    /// What is remembered of peers.
    PEER "Peer": &SETTINGS_ABSTRACT, Class::FINAL;
    "fullInfoCacheTime" "FullInfoCacheTime" INT Literal::Int(3600);
    "fullFetch" "FullFetch" BOOL Literal::Bool(false);
    "cacheAllPeersOnStartup" "CacheAllPeersOnStartup" BOOL Literal::Bool(false);
}

part! {
    /// Calls of methods.
    RPC "RPC": &SETTINGS_ABSTRACT, Class::FINAL;
    "rpcResendTimeout" "RpcResendTimeout" INT Literal::Int(10);
    "rpcDropTimeout" "RpcDropTimeout" INT Literal::Int(60);
    "floodTimeout" "FloodTimeout" INT Literal::Int(30);
    "gzipEncodeIfGt" "GzipEncodeIfGt" INT Literal::Int(1024 * 1024);
}

part! {
    /// Which secret chats are accepted: all, none, or those of a list of users.
    SECRET_CHATS "SecretChats": &SETTINGS_ABSTRACT, Class::FINAL;
    [properties: Property::new(c"accept", Type::BOOL.or(Type::ARRAY), Literal::Bool(true)).protected()]
    [methods:
        Method::new(c"getAccept", |frame: &mut Frame<'_>| get(&SECRET_CHATS, "accept", frame))
            .returns(Type::BOOL.or(Type::ARRAY)),
        Method::new(c"setAccept", |frame: &mut Frame<'_>| set(&SECRET_CHATS, "accept", frame))
            .params(&[Param::required(c"accept", Type::BOOL.or(Type::ARRAY))]).returns(SELF),
    ]
}

part! {
    /// How often the session is saved. Here every change is saved at once.
    SERIALIZATION "Serialization": &SETTINGS_ABSTRACT, Class::FINAL;
    "interval" "Interval" INT Literal::Int(30);
}

part! {
    /// The TL schema; an empty path means the compiled-in one.
    TL_SCHEMA "TLSchema": &SETTINGS_ABSTRACT, Class::FINAL;
    "APISchema" "APISchema" STRING Literal::Text("");
    "MTProtoSchema" "MTProtoSchema" STRING Literal::Text("");
    "secretSchema" "SecretSchema" STRING Literal::Text("");
    "other" "Other" ARRAY Literal::EmptyArray;
    "fuzzMode" "FuzzMode" BOOL Literal::Bool(false);
    [properties: Property::new(c"layer", Type::INT, Literal::Uninitialized).protected()]
    [methods:
        Method::new(c"getLayer", |frame: &mut Frame<'_>| get_or(&TL_SCHEMA, "layer", frame, accessors::layer))
            .returns(Type::INT),
        Method::new(c"setLayer", |frame: &mut Frame<'_>| set(&TL_SCHEMA, "layer", frame))
            .params(&[Param::required(c"layer", Type::INT)]).returns(SELF),
    ]
}

const HTML_TEMPLATE: &str = "<!DOCTYPE html>
<html lang=\"en\">
<head>
<meta charset=\"utf-8\">
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">
<title>%s</title>
<style>
body { margin: 0; background: #eef2f5; color: #17212b; font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 24rem; margin: 3rem auto; padding: 1.5rem 2rem; background: #fff; border-radius: .75rem; box-shadow: 0 1px 4px #0002; }
h1 { margin: 0; font-size: 1.4rem; }
label { display: block; margin: 1rem 0; }
input, select { box-sizing: border-box; width: 100%%; margin-top: .25rem; padding: .6rem; border: 1px solid #b8c4ce; border-radius: .5rem; font: inherit; background: #fff; }
button { width: 100%%; margin-top: 1rem; padding: .6rem; border: 0; border-radius: .5rem; background: #1d7fc4; color: #fff; font: inherit; cursor: pointer; }
button[name=again] { background: none; color: #1d6fa8; }
[role=alert] { padding: .6rem; border-radius: .5rem; background: #fdecea; color: #8c1d18; }
#madeline-qr { text-align: center; }
#madeline-qr img { max-width: 100%%; height: auto; }
</style>
</head>
<body>
<main>
<h1>MadelineProto</h1>
<form method=\"POST\">%s<button type=\"submit\">%s</button></form>
%s
</main>
</body>
</html>
";

part! {
    /// The page of the web login; its four `%s` are title, form, button and trailer.
    TEMPLATES "Templates": &SETTINGS_ABSTRACT, Class::FINAL;
    "htmlTemplate" "HtmlTemplate" STRING Literal::Text(HTML_TEMPLATE);
}

part! {
    /// Communication between processes: always the fast kind.
    IPC "Ipc": &SETTINGS_ABSTRACT, Class::FINAL;
    "slow" "Slow" BOOL Literal::Bool(false);
}

part! {
    /// Voice calls: nothing to set.
    VOIP "VoIP": &SETTINGS_ABSTRACT, Class::FINAL;
}

part! {
    /// A service of releases before 8, which is gone: nothing to set.
    PWR "Pwr": &SETTINGS_ABSTRACT, Class::FINAL;
}

/// `init(): void`, which releases of MadelineProto call after loading a session: nothing is left to do.
const INIT: Method = Method::new(c"init", |_: &mut Frame<'_>| Ok(())).returns(Type::VOID);
/// `__construct()`: defaults are the table's.
const CONSTRUCT: Method = Method::new(c"__construct", |_: &mut Frame<'_>| Ok(()));
