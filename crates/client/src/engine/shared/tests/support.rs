//! A sandbox, and clients that know as little of each other as if each were in a process of its own.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use madeline_mtproto::random::OsRandom;
use madeline_mtproto::{RsaKey, RsaPrivateKey};
use madeline_sandbox::{Control, Sandbox, World};
use madeline_tl::{Schema, Value, from_bytes, method_to_bytes, object};
use tempfile::TempDir;

use super::super::{Joined, SharedEngine};
use crate::convert::{Need, Resolution};
use crate::{AppInfo, Call, Client, Config, DcId, Error, Session, Timeouts};

const WORLD: &str = r#"{
    "dcs": 2,
    "users": {"alice": {"id": 5000001, "first_name": "Alice", "phone": "9996612001", "code": "12345"}},
    "bots": {"bot": {"token": "6000001:sandbox-bot-token", "first_name": "Bot", "username": "bot"}},
    "messages": [{"id": 42, "in": ["alice", "bot"], "from": "bot", "text": "Hello"}]
}"#;

pub(super) struct Town {
    sandbox: Sandbox,
    pub(super) directory: TempDir,
    pub(super) config: Config,
}

impl Town {
    pub(super) async fn start() -> Town {
        static KEY: OnceLock<RsaPrivateKey> = OnceLock::new();
        let key = KEY.get_or_init(|| RsaPrivateKey::generate(&mut OsRandom));
        let config = madeline_sandbox::Config {
            world: World::parse(WORLD).unwrap(),
            port: 0,
            rsa_key: RsaPrivateKey::from_pem(&key.to_pem()).unwrap(),
            schema: Schema::api(),
            verbose: false,
        };
        let sandbox = Sandbox::start(config).await.unwrap();
        let dcs = sandbox.addresses().iter();
        let config = Config {
            app: AppInfo {
                api_id: 1,
                api_hash: "0123456789abcdef0123456789abcdef".to_owned(),
                ..AppInfo::default()
            },
            dcs: dcs.map(|(dc, address)| (DcId(*dc), *address)).collect(),
            rsa_keys: vec![key.public().clone() as RsaKey],
            timeouts: Timeouts {
                connect: Duration::from_secs(60),
                call: Duration::from_secs(60),
            },
            lock_timeout: Duration::ZERO,
            ..Config::default()
        };
        Town {
            sandbox,
            directory: TempDir::new().unwrap(),
            config,
        }
    }

    pub(super) fn control(&self) -> Control {
        self.sandbox.control()
    }

    pub(super) fn path(&self) -> PathBuf {
        self.directory.path().join("session")
    }

    pub(super) fn config(&self) -> Config {
        self.config.clone()
    }

    /// Opens the session as another process would.
    pub(super) async fn process(&self) -> Client {
        self.process_with(self.config()).await.unwrap()
    }

    pub(super) async fn process_with(&self, config: Config) -> Result<Client, Error> {
        let path = self.path();
        let (session, joined) = match Session::open(&path, DcId(2), Duration::ZERO).await {
            Ok(session) => {
                if let Some(storage) = &config.storage {
                    session.share(storage, Duration::ZERO).await?;
                }
                (session, None)
            }
            Err(Error::SessionLocked { .. }) => {
                let joined = Joined::find(&path, Duration::from_secs(5)).await?;
                let session = Session::join(&path, DcId(2))?.unwrap();
                session.follow(config.storage.as_ref());
                (session, joined)
            }
            Err(error) => return Err(error),
        };
        let (config, inbox) = (Arc::new(config), Arc::default());
        let engine = SharedEngine::new(&session, Arc::clone(&config), Arc::clone(&inbox), joined)?;
        Ok(Client::with_engine(
            session,
            config,
            Arc::new(engine),
            inbox,
        ))
    }

    /// As [`Town::process`]; it logs Alice in.
    pub(super) async fn alice(&self) -> Client {
        let client = self.process().await;
        client.phone_login("9996612001").await.unwrap();
        client.complete_phone_login("12345").await.unwrap();
        client
    }
}

pub(super) fn password() -> Value {
    object!("account.getPassword")
}

/// Calls a method and reads its result.
pub(super) async fn ask(client: &Client, request: Value) -> Result<Value, Error> {
    let schema = Schema::api();
    let body = method_to_bytes(schema, &request).unwrap();
    let bytes = client.invoke(Call::new(request.name(), body)).await?;
    let ty = schema.method(request.name()).unwrap().ty();
    Ok(from_bytes(schema, ty, &bytes).unwrap())
}

/// The bot, as a conversion would write it.
pub(super) async fn bot(client: &Client) -> Value {
    let name = Need::Username("bot".to_owned());
    match client.resolve(&name).await.unwrap() {
        Resolution::Peer(peer) => {
            object!("inputPeerUser", user_id: peer.id.raw(), access_hash: peer.access_hash.unwrap())
        }
        other => panic!("{other:?}"),
    }
}
