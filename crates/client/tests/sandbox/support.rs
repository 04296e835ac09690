//! A sandbox per test, and clients of it.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::Duration;

use madeline_client::convert::{Need, Resolution};
use madeline_client::{AppInfo, Call, Client, Config, DcId, DcList, Error, Timeouts};
use madeline_mtproto::random::OsRandom;
use madeline_mtproto::{RsaKey, RsaPrivateKey};
use madeline_sandbox::{Sandbox, World};
use madeline_tl::{Schema, Value, from_bytes, method_to_bytes, object};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// Alice has a button of Bot in message 42 and is in two groups of Bob's; Bob has a 2FA password; Carol lives on DC 1.
const WORLD: &str = r#"{
    "dcs": 2,
    "users": {
        "alice": {"id": 5000001, "first_name": "Alice", "username": "alice", "phone": "9996612001", "code": "12345"},
        "bob": {"id": 5000002, "first_name": "Bob", "username": "bob_b", "phone": "9996612002", "code": "12345",
            "password": "correct horse", "hint": "battery staple"},
        "carol": {"id": 5000003, "first_name": "Carol", "phone": "9996612003", "code": "12345", "dc": 1}
    },
    "unregistered": [{"phone": "9996612009", "code": "12345"}],
    "bots": {
        "bot": {
            "token": "6000001:sandbox-bot-token", "first_name": "Button Bot", "username": "bot",
            "callbacks": [
                {"data": "yes", "alert": true, "message": "You pressed the button."},
                {"data": "never", "silence": true},
                {"data": "timeout", "error": {"code": -503, "text": "Timeout"}}
            ]
        }
    },
    "channels": {
        "club": {"title": "Club", "creator": "bob", "members": ["alice"], "megagroup": true},
        "news": {"title": "News", "creator": "bob", "members": ["alice"], "megagroup": true}
    },
    "messages": [{
        "id": 42, "in": ["alice", "bot"], "from": "bot", "text": "Shall we?",
        "keyboard": [[{"text": "Yes", "data": "yes"}, {"text": "Never", "data": "never"},
            {"text": "Timeout", "data": "timeout"}]]
    }],
    "errors": [ERRORS]
}"#;

/// A running sandbox. It lives in a runtime of its own, so that it can be killed with all its connections.
pub(crate) struct Server {
    sandbox: Option<Sandbox>,
    runtime: Option<Runtime>,
    pub(crate) directory: TempDir,
    addresses: DcList,
    key: RsaKey,
    port: u16,
}

impl Server {
    pub(crate) async fn start() -> Server {
        Server::start_with_errors("").await
    }

    /// `errors`: entries of the world's `errors`.
    pub(crate) async fn start_with_errors(errors: &str) -> Server {
        Server::start_in(&WORLD.replace("ERRORS", errors)).await
    }

    /// In a world of its own.
    pub(crate) async fn start_in(world: &str) -> Server {
        let mut server = Server {
            sandbox: None,
            runtime: None,
            directory: TempDir::new().unwrap(),
            addresses: DcList::new(),
            key: private_key().public().clone(),
            port: 0,
        };
        server.run(world).await;
        server
    }

    async fn run(&mut self, world: &str) {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let config = madeline_sandbox::Config {
            world: World::parse(world).unwrap(),
            port: self.port,
            rsa_key: RsaPrivateKey::from_pem(&private_key().to_pem()).unwrap(),
            schema: Schema::api(),
            verbose: false,
        };
        let sandbox = runtime
            .spawn(Sandbox::start(config))
            .await
            .unwrap()
            .unwrap();
        self.addresses = sandbox
            .addresses()
            .iter()
            .map(|(dc, address)| (DcId(*dc), *address))
            .collect();
        self.port = sandbox.addresses().values().next().unwrap().port();
        (self.sandbox, self.runtime) = (Some(sandbox), Some(runtime));
    }

    /// Ends the server and every connection at once.
    pub(crate) fn kill(&mut self) {
        drop(self.sandbox.take());
        self.runtime.take().unwrap().shutdown_background();
    }

    /// What makes the server misbehave, and tells what it did.
    pub(crate) fn control(&self) -> madeline_sandbox::Control {
        self.sandbox.as_ref().unwrap().control()
    }

    pub(crate) fn address(&self, dc: i32) -> SocketAddr {
        self.addresses.addresses(DcId(dc))[0]
    }

    pub(crate) fn config(&self) -> Config {
        Config {
            app: AppInfo {
                api_id: 1,
                api_hash: "0123456789abcdef0123456789abcdef".to_owned(),
                ..AppInfo::default()
            },
            dcs: self.addresses.clone(),
            rsa_keys: vec![self.key.clone()],
            timeouts: Timeouts {
                connect: Duration::from_secs(60),
                call: Duration::from_secs(60),
            },
            lock_timeout: Duration::ZERO,
            engine: crate::ENGINE,
            ..Config::default()
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub(crate) async fn open(&self, name: &str) -> Client {
        Client::open(&self.path(name), self.config()).await.unwrap()
    }

    /// A client that is logged in as Alice.
    pub(crate) async fn alice(&self) -> Client {
        self.alice_with(self.config()).await
    }

    /// The same with another configuration.
    pub(crate) async fn alice_with(&self, config: Config) -> Client {
        let client = Client::open(&self.path("alice"), config).await.unwrap();
        client.phone_login("9996612001").await.unwrap();
        client.complete_phone_login("12345").await.unwrap();
        client
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.runtime.is_some() {
            self.kill();
        }
    }
}

/// One key for all tests: making one takes seconds.
fn private_key() -> &'static RsaPrivateKey {
    static KEY: OnceLock<RsaPrivateKey> = OnceLock::new();
    KEY.get_or_init(|| RsaPrivateKey::generate(&mut OsRandom))
}

pub(crate) fn another_key() -> RsaKey {
    static KEY: OnceLock<RsaPrivateKey> = OnceLock::new();
    KEY.get_or_init(|| RsaPrivateKey::generate(&mut OsRandom))
        .public()
        .clone()
}

pub(crate) fn call(request: &Value) -> Call {
    Call::new(
        request.name(),
        method_to_bytes(Schema::api(), request).unwrap(),
    )
}

/// Calls a method and reads its result.
pub(crate) async fn ask(client: &Client, request: Value) -> Result<Value, Error> {
    let bytes = client.invoke(call(&request)).await?;
    let schema = Schema::api();
    Ok(from_bytes(schema, schema.method(request.name()).unwrap().ty(), &bytes).unwrap())
}

pub(crate) fn read(bytes: &[u8]) -> Value {
    madeline_tl::boxed_from_bytes(Schema::api(), bytes).unwrap()
}

/// The bot, as a conversion would write it.
pub(crate) async fn bot(client: &Client) -> Value {
    match client
        .resolve(&Need::Username("bot".to_owned()))
        .await
        .unwrap()
    {
        Resolution::Peer(peer) => {
            object!("inputPeerUser", user_id: peer.id.raw(), access_hash: peer.access_hash.unwrap())
        }
        other => panic!("{other:?}"),
    }
}
