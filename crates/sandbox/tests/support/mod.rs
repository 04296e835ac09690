//! A small client of our own for the tests: one connection, one session, one call after the other.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    unreachable_pub,
    missing_docs,
    reason = "tests"
)]

mod wire;

use std::collections::HashMap;
use std::sync::LazyLock;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use madeline_mtproto::envelope::{self, Header, Side};
use madeline_mtproto::handshake::client::Target;
use madeline_mtproto::message_id::{MsgIdGenerator, Origin};
use madeline_mtproto::random::{OsRandom, Random};
use madeline_mtproto::service::{Body, Service};
use madeline_mtproto::{AuthKey, MsgId, RsaPrivateKey};
use madeline_sandbox::{Config, Sandbox, World};
pub use madeline_tl::{Schema, Value, object};
use madeline_tl::{boxed_from_bytes, from_bytes, method_to_bytes};
use wire::sealed_of_old;
pub use wire::{Received, Wire};

static KEY: LazyLock<String> = LazyLock::new(|| RsaPrivateKey::generate(&mut OsRandom).to_pem());

/// Starts a sandbox with this world.
pub async fn start(world: &str) -> Sandbox {
    start_with(world, Schema::api()).await
}

/// Starts a sandbox that speaks this schema.
pub async fn start_with(world: &str, schema: &'static Schema) -> Sandbox {
    let world = World::parse(world).unwrap_or_else(|error| panic!("{error}"));
    let rsa_key = RsaPrivateKey::from_pem(&KEY).unwrap();
    Sandbox::start(Config {
        world,
        port: 0,
        rsa_key,
        schema,
        verbose: false,
    })
    .await
    .unwrap()
}

/// An RPC error as it came: code and text.
pub type RpcError = (i32, String);

/// The error a test expects.
pub fn error<T>(code: i32, text: &str) -> Result<T, RpcError> {
    Err((code, text.to_owned()))
}

pub fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap()
}

/// A client with a key and a session.
pub struct Client {
    wire: Wire,
    key: AuthKey,
    salt: i64,
    session_id: i64,
    seq_no: i32,
    ids: MsgIdGenerator,
    told_about_itself: bool,
    results: HashMap<i64, Result<Vec<u8>, RpcError>>,
    /// Updates that came, oldest first.
    pub pushed: Vec<Value>,
    acks: Vec<i64>,
}

impl Client {
    /// Connects with a new key.
    pub async fn connect(sandbox: &Sandbox, dc: i32) -> Client {
        let mut wire = Wire::open(sandbox, dc).await;
        let (key, salt) = wire
            .exchange(
                sandbox,
                Target {
                    dc,
                    expires_in: None,
                },
            )
            .await;
        Client::with_key(wire, key, salt)
    }

    /// A new session of a key over this connection.
    pub fn with_key(wire: Wire, key: AuthKey, salt: i64) -> Client {
        let mut session_id = [0; 8];
        OsRandom.fill(&mut session_id);
        Client {
            wire,
            key,
            salt,
            session_id: i64::from_le_bytes(session_id),
            seq_no: 0,
            ids: MsgIdGenerator::default(),
            told_about_itself: false,
            results: HashMap::new(),
            pushed: Vec::new(),
            acks: Vec::new(),
        }
    }

    /// Another session of the same key over a connection of its own.
    pub async fn sibling(&self, sandbox: &Sandbox, dc: i32) -> Client {
        Client::with_key(Wire::open(sandbox, dc).await, self.key.clone(), self.salt)
    }

    /// The same session over a new connection.
    pub async fn reconnect(&mut self, sandbox: &Sandbox, dc: i32) {
        self.wire = Wire::open(sandbox, dc).await;
    }

    /// Calls a method, with `initConnection` around the first one.
    pub async fn call(&mut self, query: Value) -> Result<Value, RpcError> {
        let ty = Schema::api().method(query.name()).expect("a method").ty();
        let query = if self.told_about_itself {
            query
        } else {
            introduced(query)
        };
        self.told_about_itself = true;
        let msg_id = self.send(&query).await;
        let bytes = self.result(msg_id).await?;
        Ok(from_bytes(Schema::api(), ty, &bytes).unwrap_or_else(|error| panic!("{error}")))
    }

    /// Calls a method as it is.
    pub async fn call_bare(&mut self, query: &Value) -> Result<Value, RpcError> {
        let mut inner = query;
        while *inner.get("query") != Value::Null {
            inner = inner.get("query");
        }
        let ty = Schema::api().method(inner.name()).expect("a method").ty();
        let msg_id = self.send(query).await;
        let bytes = self.result(msg_id).await?;
        Ok(from_bytes(Schema::api(), ty, &bytes).unwrap_or_else(|error| panic!("{error}")))
    }

    /// Sends a request and does not wait.
    pub async fn send(&mut self, query: &Value) -> i64 {
        let body = method_to_bytes(Schema::api(), query).unwrap_or_else(|error| panic!("{error}"));
        self.send_bytes(&body).await
    }

    /// Sends the bytes of a request and does not wait.
    pub async fn send_bytes(&mut self, body: &[u8]) -> i64 {
        let seq_no = self.seq_no * 2 + 1;
        self.seq_no += 1;
        self.envelope(seq_no, body).await
    }

    async fn envelope(&mut self, seq_no: i32, body: &[u8]) -> i64 {
        let msg_id = self.next_id();
        self.envelope_as(msg_id, seq_no, body).await;
        msg_id.0
    }

    async fn envelope_as(&mut self, msg_id: MsgId, seq_no: i32, body: &[u8]) {
        let header = Header {
            salt: self.salt,
            session_id: self.session_id,
            msg_id,
            seq_no,
        };
        let sealed = envelope::encrypt(&self.key, Side::Client, header, body, &mut OsRandom);
        self.wire.send(&sealed.bytes).await;
    }

    /// The identifier of the next message.
    pub fn next_id(&mut self) -> MsgId {
        self.ids.next(now(), Origin::Client)
    }

    /// Binds this client's temporary key to the key of another. `honest` is false for a message that speaks of
    /// another call.
    pub async fn bind(&mut self, permanent: &Client, honest: bool) -> Result<Value, RpcError> {
        self.bind_for(permanent, honest, 3600).await
    }

    /// The same for so many seconds.
    pub async fn bind_for(
        &mut self,
        permanent: &Client,
        honest: bool,
        seconds: i32,
    ) -> Result<Value, RpcError> {
        let msg_id = self.next_id();
        let (nonce, expires_at) = (77_i64, now().as_secs() as i32 + seconds);
        let inner = object!("bind_auth_key_inner",
            nonce: nonce, temp_auth_key_id: self.key.id(), perm_auth_key_id: permanent.key.id(),
            temp_session_id: self.session_id, expires_at: expires_at);
        let inner = madeline_tl::boxed_to_bytes(Schema::mtproto(), &inner).unwrap();
        let spoken_of = if honest { msg_id.0 } else { msg_id.0 ^ 4 };
        let query = object!("auth.bindTempAuthKey",
            perm_auth_key_id: permanent.key.id(), nonce: nonce, expires_at: expires_at,
            encrypted_message: sealed_of_old(&permanent.key, spoken_of, &inner));
        let body = method_to_bytes(Schema::api(), &query).unwrap();
        let seq_no = self.seq_no * 2 + 1;
        self.seq_no += 1;
        self.envelope_as(msg_id, seq_no, &body).await;
        let bytes = self.result(msg_id.0).await?;
        Ok(from_bytes(Schema::api(), madeline_tl::Ty::Bool, &bytes).unwrap())
    }

    /// The answer to a request.
    pub async fn result(&mut self, msg_id: i64) -> Result<Vec<u8>, RpcError> {
        loop {
            if let Some(result) = self.results.remove(&msg_id) {
                return result;
            }
            self.receive().await;
        }
    }

    /// Opens an envelope of the server.
    pub fn open(&self, frame: &[u8]) -> Result<envelope::Opened, envelope::Error> {
        envelope::decrypt(&self.key, Side::Server, frame)
    }

    /// The next envelope, opened; anything else fails the test.
    pub async fn opened(&mut self) -> envelope::Opened {
        match self.wire.receive().await {
            Received::Frame(frame) => self.open(&frame).unwrap(),
            other => panic!("{other:?} instead of an envelope"),
        }
    }

    /// Sends a request again under the identifier it had.
    pub async fn send_again(&mut self, msg_id: i64, query: &Value) {
        let body = method_to_bytes(Schema::api(), query).unwrap();
        let seq_no = self.seq_no * 2 - 1;
        self.envelope_as(MsgId(msg_id), seq_no, &body).await;
    }

    /// Tells the server something that is not content-related.
    pub async fn tell(&mut self, service: &Service<'_>) {
        self.envelope(self.seq_no * 2, &service.to_bytes()).await;
    }

    /// Uses another salt from now on.
    pub fn set_salt(&mut self, salt: i64) {
        self.salt = salt;
    }

    pub fn session_id(&self) -> i64 {
        self.session_id
    }

    /// What the connection says when nothing encrypted is left.
    pub async fn raw_end(&mut self) -> Received {
        self.wire.receive().await
    }

    /// The next update that is wanted; others before it are kept aside.
    pub async fn update(&mut self, name: &str) -> Value {
        loop {
            let found = self.pushed.iter().position(|update| update.name() == name);
            if let Some(found) = found {
                return self.pushed.remove(found);
            }
            self.receive().await;
        }
    }

    async fn receive(&mut self) {
        let Received::Frame(frame) = self.wire.receive().await else {
            panic!("the connection ended")
        };
        let opened = envelope::decrypt(&self.key, Side::Server, &frame).unwrap();
        assert_eq!(opened.header.session_id, self.session_id);
        self.take(opened.header.msg_id.0, opened.header.seq_no, &opened.body);
        if !self.acks.is_empty() {
            let acks = std::mem::take(&mut self.acks);
            let body = Service::MsgsAck { msg_ids: acks }.to_bytes();
            let seq_no = self.seq_no * 2;
            self.envelope(seq_no, &body).await;
        }
    }

    fn take(&mut self, msg_id: i64, seq_no: i32, body: &[u8]) {
        if madeline_mtproto::container::is_container(body) {
            for (msg_id, seq_no, body) in contained(body) {
                self.take(msg_id, seq_no, body);
            }
            return;
        }
        if seq_no & 1 == 1 {
            self.acks.push(msg_id);
        }
        match Service::read(body) {
            Body::Service(Service::RpcResult { req_msg_id, result }) => {
                let result = match Service::read(result) {
                    Body::Service(Service::RpcError {
                        error_code,
                        error_message,
                    }) => Err((
                        error_code,
                        String::from_utf8(error_message.to_vec()).unwrap(),
                    )),
                    Body::Service(Service::GzipPacked { packed_data }) => Ok(unpacked(packed_data)),
                    _ => Ok(result.to_vec()),
                };
                self.results.insert(req_msg_id, result);
            }
            Body::Service(Service::BadServerSalt {
                new_server_salt, ..
            }) => {
                self.salt = new_server_salt;
                panic!("the salt was refused");
            }
            Body::Service(Service::BadMsgNotification { error_code, .. }) => {
                panic!("bad message {error_code}")
            }
            Body::Service(Service::GzipPacked { packed_data }) => {
                self.take_updates(&unpacked(packed_data));
            }
            Body::Service(_) => {}
            Body::Other(updates) => self.take_updates(updates),
            Body::Malformed => panic!("a malformed message"),
        }
    }

    fn take_updates(&mut self, bytes: &[u8]) {
        let updates = boxed_from_bytes(Schema::api(), bytes).unwrap();
        match updates.list("updates") {
            Ok(list) => self.pushed.extend(list.iter().cloned()),
            Err(_) if updates.has("update") => self.pushed.push(updates.get("update").clone()),
            // A short form, or `updatesTooLong`.
            Err(_) => self.pushed.push(updates),
        }
    }

    /// Logs a phone of the world in.
    pub async fn log_in(&mut self, phone: &str, code: &str) -> Result<Value, RpcError> {
        let hash = self.send_code(phone).await?;
        self.call(
            object!("auth.signIn", phone_number: phone, phone_code_hash: hash, phone_code: code),
        )
        .await
    }

    /// Asks for a code; gives its `phone_code_hash`.
    pub async fn send_code(&mut self, phone: &str) -> Result<String, RpcError> {
        let sent = self.call(send_code(phone)).await?;
        Ok(sent.text("phone_code_hash").unwrap().to_owned())
    }

    /// Logs a bot in.
    pub async fn log_in_bot(&mut self, token: &str) -> Result<Value, RpcError> {
        self.call(object!("auth.importBotAuthorization",
            flags: 0, api_id: 1, api_hash: "0123456789abcdef0123456789abcdef", bot_auth_token: token))
        .await
    }

    /// A username as `InputPeer`.
    pub async fn peer(&mut self, username: &str) -> Value {
        let resolved = self
            .call(object!("contacts.resolveUsername", username: username))
            .await
            .unwrap();
        input_peer(&resolved)
    }

    /// Sends a text.
    pub async fn say(&mut self, peer: &Value, text: &str) -> Result<Value, RpcError> {
        self.call(message(peer, text)).await
    }

    /// Whole history of a chat, newest first.
    pub async fn history(&mut self, peer: &Value) -> Vec<Value> {
        let found = self.call(history(peer, 100)).await.unwrap();
        found.list("messages").unwrap().to_vec()
    }

    /// The proof that a password is known.
    pub async fn proof(&mut self, password: &str) -> Value {
        let known = self.call(object!("account.getPassword")).await.unwrap();
        let algo = known.get("current_algo");
        let (m1, a) = grammers_crypto::two_factor_auth::calculate_2fa(
            algo.bytes("salt1").unwrap(),
            algo.bytes("salt2").unwrap(),
            algo.bytes("p").unwrap(),
            &(algo.int("g").unwrap() as i32),
            known.bytes("srp_B").unwrap().to_vec(),
            vec![0x4d; 256],
            password,
        );
        object!("inputCheckPasswordSRP",
            srp_id: known.int("srp_id").unwrap(), A: a.to_vec(), M1: m1.to_vec())
    }
}

/// `messages.getHistory` from the newest message.
pub fn history(peer: &Value, limit: i32) -> Value {
    object!("messages.getHistory", peer: peer, offset_id: 0, offset_date: 0, add_offset: 0,
        limit: limit, max_id: 0, min_id: 0, hash: 0)
}

/// `messages.sendMessage`.
pub fn message(peer: &Value, text: &str) -> Value {
    let mut random_id = [0; 8];
    OsRandom.fill(&mut random_id);
    object!("messages.sendMessage", peer: peer, message: text, random_id: i64::from_le_bytes(random_id))
}

/// `messages.getBotCallbackAnswer` with data.
pub fn press(peer: &Value, msg_id: i32, data: &[u8]) -> Value {
    object!("messages.getBotCallbackAnswer", peer: peer, msg_id: msg_id, data: data)
}

/// `auth.sendCode`.
pub fn send_code(phone: &str) -> Value {
    object!("auth.sendCode",
        phone_number: phone, api_id: 1, api_hash: "0123456789abcdef0123456789abcdef",
        settings: object!("codeSettings"))
}

/// The only peer of a result as `InputPeer`.
pub fn input_peer(resolved: &Value) -> Value {
    if let Some(user) = resolved.list("users").unwrap().first() {
        return object!("inputPeerUser",
            user_id: user.int("id").unwrap(), access_hash: user.int("access_hash").unwrap());
    }
    let chat = &resolved.list("chats").unwrap()[0];
    match chat.name() {
        "chat" | "chatForbidden" => object!("inputPeerChat", chat_id: chat.int("id").unwrap()),
        _ => object!("inputPeerChannel",
            channel_id: chat.int("id").unwrap(), access_hash: chat.int("access_hash").unwrap()),
    }
}

/// The same user or channel as `InputUser` or `InputChannel`.
pub fn without_peer(peer: &Value) -> Value {
    let hash = peer.int("access_hash").unwrap();
    if peer.is("inputPeerUser") {
        return object!("inputUser", user_id: peer.int("user_id").unwrap(), access_hash: hash);
    }
    object!("inputChannel", channel_id: peer.int("channel_id").unwrap(), access_hash: hash)
}

/// A query with `invokeWithLayer` and `initConnection` around it.
pub fn introduced(query: Value) -> Value {
    object!("invokeWithLayer", layer: Schema::api().layer(), query: init_connection(query))
}

/// A query with `initConnection` around it.
pub fn init_connection(query: Value) -> Value {
    object!("initConnection",
        api_id: 1,
        device_model: "test",
        system_version: "1",
        app_version: "1",
        system_lang_code: "en",
        lang_pack: "",
        lang_code: "en",
        query: query,
    )
}

pub fn contained(body: &[u8]) -> Vec<(i64, i32, &[u8])> {
    let int = |at: usize| i32::from_le_bytes(body[at..at + 4].try_into().unwrap());
    let mut at = 8;
    let mut messages = Vec::new();
    for _ in 0..int(4) {
        let msg_id = i64::from_le_bytes(body[at..at + 8].try_into().unwrap());
        let length = int(at + 12) as usize;
        messages.push((msg_id, int(at + 8), &body[at + 16..at + 16 + length]));
        at += 16 + length;
    }
    messages
}

fn unpacked(packed: &[u8]) -> Vec<u8> {
    madeline_mtproto::gzip::unpack(packed, 16 << 20).unwrap()
}

/// A world of three people, a bot and a group.
pub const TOWN: &str = include_str!("town.json");

/// Somebody of a world whose login code is the usual one.
pub async fn logged_in(sandbox: &Sandbox, phone: &str) -> Client {
    let mut client = Client::connect(sandbox, 2).await;
    client.log_in(phone, "12345").await.unwrap();
    client
}
