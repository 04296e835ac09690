//! What a client is told once, when it is opened.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use madeline_mtproto::RsaKey;
use madeline_tl::Schema;

use crate::session::Storage;
use crate::{DcId, DcList, Error, Routes, Session};

/// How a client introduces itself, where it connects to and how patient it is.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Config {
    /// The application, as `initConnection` describes it.
    pub app: AppInfo,
    /// The schema that requests are written and answers are read with; `None`: the compiled-in one.
    pub schema: Option<Arc<Schema>>,
    /// Addresses that replace the built-in ones, those for files only under [`DcId::media`]. Empty: Telegram's own, kept up to date from `help.getConfig`.
    pub dcs: DcList,
    /// The DC a new session starts with.
    pub default_dc: DcId,
    /// The servers' RSA keys. Empty: Telegram's own.
    pub rsa_keys: Vec<RsaKey>,
    /// Telegram's test DCs instead of the production ones.
    pub test_mode: bool,
    /// Prefer the IPv6 addresses of a DC.
    pub ipv6: bool,
    /// How connections are made.
    pub routes: Routes,
    /// Encrypt messages with temporary keys that are bound to the permanent one (perfect forward secrecy). Grammers'
    /// engine never does.
    pub pfs: bool,
    /// How often an idle connection is pinged.
    pub ping_interval: Duration,
    /// How long a call may stay unacknowledged before the server is asked for it.
    pub resend_after: Duration,
    /// Requests of at least this many bytes are compressed where that makes them smaller; `None`: none are. Grammers'
    /// engine compresses as it likes.
    pub compress_from: Option<usize>,
    /// How many connections to one DC may transfer files.
    pub max_media_sockets: usize,
    /// How files are moved.
    pub transfers: Transfers,
    /// What speaks with the servers.
    pub engine: EngineKind,
    /// Load all dialogs when a user names a peer that is not known.
    pub cache_all_peers: bool,
    /// Flood waits of fewer than this many seconds are slept through.
    pub flood_timeout: i64,
    /// How long calls and connections may take.
    pub timeouts: Timeouts,
    /// How long [`Client::open`](crate::Client::open) waits for a session that another process holds.
    pub lock_timeout: Duration,
    /// A server that keeps the session for several machines.
    pub storage: Option<Storage>,
}

/// How files are moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transfers {
    /// How many parts of an upload are on their way at once.
    pub uploads: usize,
    /// How many parts of a download are on their way, or kept, at once.
    pub downloads: usize,
    /// Whether what stands for a file is uploaded where a call wants an uploaded one.
    pub automatic_uploads: bool,
}

/// What speaks with the servers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EngineKind {
    /// The client's own engine.
    #[default]
    Native,
    /// The sender pool of grammers: direct connections over the full transport only, which stands for the abridged one
    /// as well.
    Grammers,
}

/// The parameters of `initConnection` and of the login methods.
#[derive(Clone, Debug)]
pub struct AppInfo {
    /// From <https://my.telegram.org>.
    pub api_id: i32,
    /// From <https://my.telegram.org>.
    pub api_hash: String,
    /// Such as the name of the machine's system.
    pub device_model: String,
    /// The system's version.
    pub system_version: String,
    /// The application's version.
    pub app_version: String,
    /// Language of the application (ISO 639-1).
    pub lang_code: String,
    /// Language of the system (ISO 639-1).
    pub system_lang_code: String,
    /// Name of an official client's language pack; empty for all others.
    pub lang_pack: String,
}

/// Time limits.
#[derive(Clone, Debug)]
pub struct Timeouts {
    /// For one connection: TCP, key exchange where needed, `initConnection`.
    pub connect: Duration,
    /// From sending a request to its answer. Generous: bots may take half a minute to answer a button.
    pub call: Duration,
}

impl Config {
    /// The schema in use.
    pub fn schema(&self) -> &Schema {
        self.schema.as_deref().unwrap_or(Schema::api())
    }

    /// The addresses of a DC in the order in which they are tried.
    pub(crate) fn addresses(&self, dc: DcId, session: &Session) -> Result<Vec<SocketAddr>, Error> {
        let lists = if self.dcs.is_empty() {
            let built_in = if self.test_mode {
                DcList::test()
            } else {
                DcList::production()
            };
            vec![session.dc_addresses(self.test_mode)?, built_in]
        } else {
            vec![self.dcs.clone()]
        };
        let mut addresses = Vec::new();
        for address in lists.iter().flat_map(|list| list.addresses(dc)) {
            if !addresses.contains(address) {
                addresses.push(*address);
            }
        }
        if addresses.is_empty() {
            let known = lists.iter().flat_map(DcList::ids);
            let known: BTreeSet<_> = known.filter(|dc| !dc.is_media()).collect();
            return Err(Error::UnknownDc {
                dc,
                known: known.into_iter().collect(),
            });
        }
        // Stable: within a family the order stays.
        addresses.sort_by_key(|address| address.is_ipv6() != self.ipv6);
        Ok(addresses)
    }
}

impl Default for Config {
    fn default() -> Config {
        Config {
            app: AppInfo::default(),
            schema: None,
            dcs: DcList::new(),
            default_dc: DcId(2),
            rsa_keys: Vec::new(),
            test_mode: false,
            ipv6: false,
            routes: Routes::default(),
            pfs: true,
            ping_interval: Duration::from_secs(60),
            resend_after: Duration::from_secs(10),
            compress_from: None,
            max_media_sockets: 10,
            cache_all_peers: false,
            transfers: Transfers::default(),
            engine: EngineKind::default(),
            flood_timeout: 30,
            timeouts: Timeouts::default(),
            lock_timeout: Duration::from_secs(10),
            storage: None,
        }
    }
}

impl Default for Transfers {
    fn default() -> Transfers {
        Transfers {
            uploads: 20,
            downloads: 20,
            automatic_uploads: true,
        }
    }
}

impl Default for AppInfo {
    fn default() -> AppInfo {
        AppInfo {
            api_id: 0,
            api_hash: String::new(),
            device_model: "Linux".to_owned(),
            system_version: "unknown".to_owned(),
            app_version: env!("CARGO_PKG_VERSION").to_owned(),
            lang_code: "en".to_owned(),
            system_lang_code: "en".to_owned(),
            lang_pack: String::new(),
        }
    }
}

impl Default for Timeouts {
    fn default() -> Timeouts {
        Timeouts {
            connect: Duration::from_secs(15),
            call: Duration::from_secs(120),
        }
    }
}
