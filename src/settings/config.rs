//! From settings and the ini table to what the client is told.

use std::fs;
use std::sync::Arc;
use std::time::Duration;

use ext_php_rs::types::Zval;
use madeline_client::{AppInfo, Config, DcList, Routes, Timeouts, Transfers};
use madeline_mtproto::RsaKey;
use madeline_tl::Schema;

use super::accessors::{self, text};
use super::{
    APP_INFO, AUTH, CONNECTION, FILES, Invalid, PEER, RPC, TL_SCHEMA, addresses, describe, part,
    routes, storage,
};
use crate::class::{Class, Object};
use crate::exceptions::Thrown;
use crate::ini;
use crate::zval::entries::{entries, key_text};

/// Most parts of a file on their way: half a gigabyte.
const MOST_CHUNKS: usize = 1000;

/// What a `Settings` object means for a client. `api_id` is 0 and `api_hash` empty where nobody gave them; see
/// [`complete_app`](super::complete_app).
pub(crate) fn config(settings: &Object) -> Result<Config, Thrown> {
    let app = Part::of(settings, "appInfo", &APP_INFO)?;
    let connection = Part::of(settings, "connection", &CONNECTION)?;
    let auth = Part::of(settings, "auth", &AUTH)?;
    let rpc = Part::of(settings, "rpc", &RPC)?;
    let schema = Part::of(settings, "schema", &TL_SCHEMA)?;
    let peer = Part::of(settings, "peer", &PEER)?;
    let files = Part::of(settings, "files", &FILES)?;
    let routes = match connection.object.object() {
        Some(object) => routes::routes(Object::of(object))?,
        None => Routes::default(),
    };
    let test_mode = connection.truth("testMode");
    let defaults = Config::default();
    Ok(Config {
        app: app.app_info()?,
        schema: schema.schema()?,
        dcs: connection.dcs(test_mode)?,
        default_dc: connection
            .read("defaultDc")
            .long()
            .and_then(addresses::dc_id)
            .unwrap_or(defaults.default_dc),
        rsa_keys: connection.rsa_keys(test_mode)?,
        test_mode,
        ipv6: connection.truth("ipv6"),
        routes,
        pfs: auth.truth("pfs"),
        ping_interval: routes::seconds(
            "Connection::setPingInterval()",
            &connection.read("pingInterval"),
        )?,
        resend_after: routes::seconds("RPC::setRpcResendTimeout()", &rpc.read("rpcResendTimeout"))?,
        // "If greater than": one byte more.
        compress_from: rpc
            .read("gzipEncodeIfGt")
            .long()
            .and_then(|bytes| usize::try_from(bytes).ok())
            .map(|bytes| bytes.saturating_add(1)),
        max_media_sockets: routes::media_sockets(&connection.read("maxMediaSocketCount"))?,
        transfers: files.transfers()?,
        engine: ini::engine()?,
        cache_all_peers: peer.truth("cacheAllPeersOnStartup"),
        flood_timeout: rpc
            .read("floodTimeout")
            .long()
            .unwrap_or(defaults.flood_timeout),
        timeouts: Timeouts {
            connect: connection
                .seconds("timeout")?
                .unwrap_or(defaults.timeouts.connect),
            ..defaults.timeouts
        },
        lock_timeout: ini::lock_timeout()?,
        storage: storage::storage(settings)?,
    })
}

/// The address of the script that serves files, where the settings name one.
pub(crate) fn download_link(settings: &Object) -> Option<String> {
    let files = Part::of(settings, "files", &FILES).ok()?;
    files.read("downloadLink").string()
}

/// One part of the settings with its class.
struct Part {
    object: Zval,
    class: &'static Class,
}

impl Part {
    fn of(settings: &Object, property: &str, class: &'static Class) -> Result<Self, Thrown> {
        Ok(Self {
            object: part(settings, property)?,
            class,
        })
    }

    fn read(&self, property: &str) -> Zval {
        self.object
            .object()
            .map(|object| self.class.read(object, property))
            .unwrap_or_default()
    }

    fn truth(&self, property: &str) -> bool {
        self.read(property).bool().unwrap_or_default()
    }

    fn seconds(&self, property: &str) -> Result<Option<Duration>, Invalid> {
        let value = self.read(property);
        let Some(seconds) = value.double() else {
            return Ok(None);
        };
        match Duration::try_from_secs_f64(seconds) {
            Ok(seconds) if !seconds.is_zero() => Ok(Some(seconds)),
            _ => Err(Invalid::new(
                "Connection::setTimeout()",
                "a positive number of seconds",
                seconds.to_string(),
            )),
        }
    }

    /// The script's addresses, else those of the ini table; none for the built-in ones.
    fn dcs(&self, test_mode: bool) -> Result<DcList, Invalid> {
        for property in if test_mode {
            ["testDcList", "dcList"].as_slice()
        } else {
            ["dcList"].as_slice()
        } {
            if let Some(entries) = self
                .read(property)
                .array()
                .filter(|entries| !entries.is_empty())
            {
                return addresses::from_array("Connection::setDcList()", entries);
            }
        }
        ini::dc_list()
    }

    /// How many parts of files may be on their way.
    fn transfers(&self) -> Result<Transfers, Invalid> {
        let parallel = |property: &str, setter: &str| {
            let value = self.read(property);
            match value.long().map(usize::try_from) {
                Some(Ok(chunks @ 1..=MOST_CHUNKS)) => Ok(chunks),
                _ => Err(Invalid::new(
                    setter,
                    "a number from 1 to 1000",
                    describe(&value),
                )),
            }
        };
        Ok(Transfers {
            uploads: parallel("uploadParallelChunks", "Files::setUploadParallelChunks()")?,
            downloads: parallel(
                "downloadParallelChunks",
                "Files::setDownloadParallelChunks()",
            )?,
            automatic_uploads: self.truth("allowAutomaticUpload"),
        })
    }

    fn app_info(&self) -> Result<AppInfo, Invalid> {
        let Some(object) = self.object.object() else {
            return Ok(AppInfo::default());
        };
        let read = |property, default| text(&APP_INFO, object, property, default);
        let api_id = match self.read("apiId").long() {
            Some(id) => Some(i32::try_from(id).ok().filter(|id| *id > 0).ok_or_else(|| {
                Invalid::new(
                    "AppInfo::setApiId()",
                    "the number that my.telegram.org gave",
                    id.to_string(),
                )
            })?),
            None => ini::api_id()?,
        };
        let api_hash = self.read("apiHash").string().or_else(ini::api_hash);
        Ok(AppInfo {
            api_id: api_id.unwrap_or_default(),
            api_hash: api_hash.unwrap_or_default(),
            device_model: read("deviceModel", accessors::device_model),
            system_version: read("systemVersion", accessors::system_version),
            app_version: read("appVersion", accessors::app_version),
            lang_code: read("langCode", accessors::lang_code),
            system_lang_code: read("systemLangCode", String::new),
            lang_pack: read("langPack", String::new),
        })
    }

    /// The schema of a TL file, where one is set.
    fn schema(&self) -> Result<Option<Arc<Schema>>, Invalid> {
        let Some(path) = self
            .read("APISchema")
            .string()
            .filter(|path| !path.is_empty())
        else {
            return Ok(None);
        };
        let layer = self
            .read("layer")
            .long()
            .and_then(|layer| i32::try_from(layer).ok());
        let invalid =
            |cause: String| Invalid::new("TLSchema::setAPISchema()", "a TL schema file", cause);
        let source =
            fs::read_to_string(&path).map_err(|cause| invalid(format!("{path} ({cause})")))?;
        let schema = Schema::parse(&source, layer).map_err(|cause| {
            invalid(format!(
                "{path}, line {}, column {}: {}",
                cause.line, cause.column, cause.what
            ))
        })?;
        Ok(Some(Arc::new(schema)))
    }

    /// The servers' keys: the script's, else those of the ini table; none for the built-in ones.
    fn rsa_keys(&self, test_mode: bool) -> Result<Vec<RsaKey>, Invalid> {
        const PEM: &str = "RSA public keys in PEM form";
        let property = if test_mode { "testRsaKeys" } else { "rsaKeys" };
        let mut keys = Vec::new();
        let given = self.read(property);
        for (index, pem) in given.array().into_iter().flat_map(|given| entries(given)) {
            let key = format!("Connection::setRsaKeys()[{}]", key_text(index));
            let text = pem
                .str()
                .ok_or_else(|| Invalid::new(&key, PEM, describe(pem)))?;
            keys.extend(keys_of(&key, text)?);
        }
        if keys.is_empty()
            && let Some(text) = ini::rsa_keys()?
        {
            keys = keys_of("madelineproto.rsa_keys", &text)?;
        }
        Ok(keys)
    }
}

fn keys_of(key: &str, text: &str) -> Result<Vec<RsaKey>, Invalid> {
    RsaKey::all_from_pem(text).map_err(|cause| {
        Invalid::new(
            key,
            "RSA public keys in PEM form",
            format!("a text with: {cause}"),
        )
    })
}
