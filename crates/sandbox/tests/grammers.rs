//! grammers, a client of other people, against the sandbox: two mistakes on our side can't cancel each other out.
//!
//! Its pool can't be given an RSA key, so the key exchange is made by hand here, from its cryptography alone.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::large_futures,
    reason = "tests"
)]

mod support;

use std::sync::Arc;

use grammers_client::Client;
use grammers_client::SignInError;
use grammers_client::client::UpdatesConfiguration;
use grammers_client::tl::{self, Deserializable, Serializable};
use grammers_client::update::Update;
use grammers_crypto::{aes, factorize, generate_key_data_from_nonce, rsa};
use grammers_mtsender::SenderPool;
use grammers_session::Session;
use grammers_session::storages::MemorySession;
use grammers_session::types::DcOption;
use grammers_session::updates::UpdatesLike;
use madeline_sandbox::Sandbox;
use num_bigint::BigUint;
use sha1::{Digest, Sha1};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc::UnboundedReceiver;

const API_HASH: &str = "0123456789abcdef0123456789abcdef";
const WORLD: &str = r#"{
    "users": {
        "alice": {"first_name": "Alice", "phone": "9996612001"},
        "bob": {"first_name": "Bob", "phone": "9996612002", "password": "correct horse", "hint": "battery"}
    },
    "bots": {
        "bot": {"token": "6000001:secret", "first_name": "Bot", "username": "bot",
            "replies": {"/start": [{"text": "Shall we?", "keyboard": [[{"text": "Yes", "data": "yes"}]]}]},
            "callbacks": [{"data": "yes", "alert": true, "message": "You pressed yes."}]},
        "live": {"token": "6000002:secret", "first_name": "Live", "username": "live_bot"}
    },
    "messages": [{"in": ["alice", "live"], "from": "live", "text": "x", "keyboard": [[{"text": "Hi", "data": "hi"}]]}]
}"#;

/// A grammers client with a key for data centre 2.
async fn connect(sandbox: &Sandbox) -> (Client, UnboundedReceiver<UpdatesLike>) {
    let std::net::SocketAddr::V4(address) = sandbox.addresses()[&2] else {
        panic!("an IPv4 address")
    };
    let ipv6 = std::net::SocketAddrV6::new(address.ip().to_ipv6_mapped(), address.port(), 0, 0);
    let auth_key = Some(exchange(sandbox).await);
    let session = Arc::new(MemorySession::default());
    session
        .set_dc_option(&DcOption {
            id: 2,
            ipv4: address,
            ipv6,
            auth_key,
        })
        .await
        .unwrap();
    session.set_home_dc_id(2).await.unwrap();
    let SenderPool {
        runner,
        handle,
        updates,
    } = SenderPool::new(session, 1);
    tokio::spawn(runner.run());
    (Client::new(handle), updates)
}

#[tokio::test]
async fn grammers_logs_in_talks_and_presses_a_button() {
    let sandbox = support::start(WORLD).await;
    let (client, updates) = connect(&sandbox).await;
    assert!(!client.is_authorized().await.unwrap());
    let token = client
        .request_login_code("+9996612001", API_HASH)
        .await
        .unwrap();
    assert!(matches!(
        client.sign_in(&token, "00000").await,
        Err(SignInError::InvalidCode)
    ));
    let user = client.sign_in(&token, "12345").await.unwrap();
    assert_eq!(user.first_name(), Some("Alice"));

    assert!(
        client
            .resolve_username("nobody_here")
            .await
            .unwrap()
            .is_none()
    );
    let bot = client
        .resolve_username("bot")
        .await
        .unwrap()
        .unwrap()
        .to_ref()
        .await
        .unwrap()
        .unwrap();
    let mut updates = client
        .stream_updates(updates, UpdatesConfiguration::default())
        .await
        .unwrap();
    let sent = client.send_message(bot, "/start").await.unwrap();
    assert_eq!(sent.text(), "/start");
    let reply = loop {
        match updates.next().await.unwrap() {
            Update::NewMessage(message) if !message.outgoing() => break message,
            _ => {}
        }
    };
    assert_eq!(reply.text(), "Shall we?");

    let mut history = client.iter_messages(bot);
    let mut texts = Vec::new();
    while let Some(message) = history.next().await.unwrap() {
        texts.push(message.text().to_owned());
    }
    assert_eq!(texts, ["Shall we?", "/start"]);

    let press = |data: &[u8]| tl::functions::messages::GetBotCallbackAnswer {
        game: false,
        peer: bot.into(),
        msg_id: reply.id(),
        data: Some(data.to_vec()),
        password: None,
    };
    let tl::enums::messages::BotCallbackAnswer::Answer(answer) =
        client.invoke(&press(b"yes")).await.unwrap();
    assert_eq!(
        (answer.alert, answer.message.as_deref()),
        (true, Some("You pressed yes."))
    );
    assert!(
        client
            .invoke(&press(b"no"))
            .await
            .unwrap_err()
            .is("DATA_INVALID")
    );
    client.sign_out().await.unwrap();
    assert!(!client.is_authorized().await.unwrap());
}

#[tokio::test]
async fn grammers_proves_a_password() {
    let sandbox = support::start(WORLD).await;
    let (client, _updates) = connect(&sandbox).await;
    let token = client
        .request_login_code("9996612002", API_HASH)
        .await
        .unwrap();
    let Err(SignInError::PasswordRequired(asked)) = client.sign_in(&token, "12345").await else {
        panic!("a password is wanted")
    };
    assert_eq!(asked.hint(), Some("battery"));
    let refused = client.check_password(asked, "wrong horse").await;
    let Err(SignInError::InvalidPassword(asked)) = refused else {
        panic!("the password is wrong")
    };
    let user = client.check_password(asked, "correct horse").await.unwrap();
    assert_eq!(user.first_name(), Some("Bob"));
}

#[tokio::test]
async fn a_bot_made_with_grammers_answers_our_client() {
    let sandbox = support::start(WORLD).await;
    let (bot, updates) = connect(&sandbox).await;
    assert!(
        bot.bot_sign_in("6000002:secret", API_HASH)
            .await
            .unwrap()
            .is_bot()
    );
    let mut updates = bot
        .stream_updates(updates, UpdatesConfiguration::default())
        .await
        .unwrap();
    let mut alice = support::Client::connect(&sandbox, 2).await;
    alice.log_in("9996612001", "12345").await.unwrap();
    let live = alice.peer("live_bot").await;
    let asked = alice.send(&support::press(&live, 1, b"hi")).await;
    let query = loop {
        if let Update::CallbackQuery(query) = updates.next().await.unwrap() {
            break query;
        }
    };
    assert_eq!(query.data(), b"hi");
    query.answer().alert("from grammers").send().await.unwrap();
    let answer = alice.result(asked).await.unwrap();
    let answer = madeline_tl::boxed_from_bytes(support::Schema::api(), &answer).unwrap();
    assert_eq!(
        (answer.flag("alert"), answer.text("message")),
        (true, Ok("from grammers"))
    );
}

/// The key exchange of <https://core.telegram.org/mtproto/auth_key>, over the intermediate transport.
async fn exchange(sandbox: &Sandbox) -> [u8; 256] {
    let mut wire = Plain(TcpStream::connect(sandbox.addresses()[&2]).await.unwrap());
    wire.0.write_all(&[0xee; 4]).await.unwrap();
    let (nonce, new_nonce) = ([7; 16], [9; 32]);
    let tl::enums::ResPq::Pq(res_pq) = wire.ask(&tl::functions::ReqPqMulti { nonce }).await;
    assert_eq!(
        (res_pq.nonce, &res_pq.server_public_key_fingerprints[..]),
        (nonce, &[sandbox.fingerprint()][..])
    );
    let server_nonce = res_pq.server_nonce;
    let (p, q) = factorize(u64::from_be_bytes(res_pq.pq.as_slice().try_into().unwrap()));
    let shortest = |number: u64| BigUint::from(number).to_bytes_be();
    let inner = tl::enums::PQInnerData::Data(tl::types::PQInnerData {
        pq: res_pq.pq.clone(),
        p: shortest(p),
        q: shortest(q),
        nonce,
        server_nonce,
        new_nonce,
    });
    let request = tl::functions::ReqDhParams {
        nonce,
        server_nonce,
        p: shortest(p),
        q: shortest(q),
        public_key_fingerprint: sandbox.fingerprint(),
        encrypted_data: rsa::encrypt_hashed(&inner.to_bytes(), &public_key(sandbox), &[3; 224]),
    };
    let tl::enums::ServerDhParams::Ok(params) = wire.ask(&request).await else {
        panic!("no parameters")
    };
    let (key, iv) = generate_key_data_from_nonce(&server_nonce, &new_nonce);
    let mut answer = params.encrypted_answer;
    aes::ige_decrypt(&mut answer, &key, &iv);
    let tl::enums::ServerDhInnerData::Data(server) =
        Deserializable::from_bytes(&answer[20..]).unwrap();
    let prime = BigUint::from_bytes_be(&server.dh_prime);
    assert!(grammers_crypto::two_factor_auth::check_p_and_g(
        &server.dh_prime,
        &server.g
    ));
    let b = BigUint::from_bytes_be(&[0x6b; 256]);
    let g_b = BigUint::from(server.g.unsigned_abs()).modpow(&b, &prime);
    let client = tl::enums::ClientDhInnerData::Data(tl::types::ClientDhInnerData {
        nonce,
        server_nonce,
        retry_id: 0,
        g_b: g_b.to_bytes_be(),
    })
    .to_bytes();
    let mut data = Sha1::digest(&client).to_vec();
    data.extend(&client);
    data.resize(data.len().next_multiple_of(16), 5);
    aes::ige_encrypt(&mut data, &key, &iv);
    let request = tl::functions::SetClientDhParams {
        nonce,
        server_nonce,
        encrypted_data: data,
    };
    let tl::enums::SetClientDhParamsAnswer::DhGenOk(done) = wire.ask(&request).await else {
        panic!("no key")
    };
    let shared = BigUint::from_bytes_be(&server.g_a)
        .modpow(&b, &prime)
        .to_bytes_be();
    let mut auth_key = [0; 256];
    auth_key[256 - shared.len()..].copy_from_slice(&shared);
    let expected =
        grammers_crypto::AuthKey::from_bytes(auth_key).calc_new_nonce_hash(&new_nonce, 1);
    assert_eq!(done.new_nonce_hash1, expected);
    auth_key
}

/// Plain messages over the intermediate transport.
struct Plain(TcpStream);

impl Plain {
    async fn ask<R: tl::RemoteCall>(&mut self, request: &R) -> R::Return {
        let body = request.to_bytes();
        let mut frame = (body.len() as u32 + 20).to_le_bytes().to_vec();
        frame.extend([0; 8]);
        frame.extend((support::now().as_secs() << 32).to_le_bytes());
        frame.extend((body.len() as u32).to_le_bytes());
        frame.extend(body);
        self.0.write_all(&frame).await.unwrap();
        let length = self.0.read_u32_le().await.unwrap();
        let mut answer = vec![0; length as usize];
        self.0.read_exact(&mut answer).await.unwrap();
        R::Return::from_bytes(&answer[20..]).unwrap()
    }
}

/// The sandbox's RSA key: in the PKCS#1 form of a 2048-bit key the modulus stands at a fixed place.
fn public_key(sandbox: &Sandbox) -> rsa::Key {
    let digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let text: String = sandbox
        .rsa_public_key()
        .lines()
        .filter(|line| !line.starts_with('-'))
        .collect();
    let mut der = Vec::new();
    for four in text.trim_end_matches('=').as_bytes().chunks(4) {
        let bits = four.iter().fold(0, |bits, digit| {
            bits << 6 | digits.find(char::from(*digit)).unwrap()
        });
        let bits = bits << (6 * (4 - four.len()));
        der.extend(&bits.to_be_bytes()[5..5 + four.len() - 1]);
    }
    let (modulus, exponent) = (&der[9..265], &der[267..]);
    rsa::Key::new(
        &BigUint::from_bytes_be(modulus).to_string(),
        &BigUint::from_bytes_be(exponent).to_string(),
    )
    .unwrap()
}
