//! What stands before any method: transports, key exchange, sessions, wrappers, and requests that make no sense.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod support;

use madeline_mtproto::handshake::client::Target;
use madeline_mtproto::random::OsRandom;
use madeline_mtproto::transport::{self, Kind, Obfuscation};
use madeline_sandbox::Sandbox;
use support::{
    Client, Received, Value, Wire, error, init_connection, introduced, object, press, start,
};

const WORLD: &str = r#"{
    "callback_timeout_ms": 200,
    "users": {"alice": {"first_name": "Alice", "phone": "9996612001"}},
    "bots": {"bot": {"token": "6000001:secret", "first_name": "Bot", "username": "bot",
        "callbacks": [{"data": "silent", "silence": true}, {"data": "slow", "delay_ms": 50, "message": "done"}]}},
    "messages": [{"id": 42, "in": ["alice", "bot"], "from": "bot", "text": "x",
        "keyboard": [[{"text": "S", "data": "silent"}, {"text": "T", "data": "slow"}]]}]
}"#;

#[tokio::test]
async fn every_transport_is_understood() {
    let sandbox = start(WORLD).await;
    let obfuscated =
        |kind| transport::Client::obfuscated(kind, &Obfuscation::default(), &mut OsRandom).unwrap();
    let transports = [
        transport::Client::new(Kind::Abridged),
        transport::Client::new(Kind::Intermediate),
        transport::Client::new(Kind::PaddedIntermediate),
        transport::Client::new(Kind::Full),
        obfuscated(Kind::Abridged),
        obfuscated(Kind::Intermediate),
        obfuscated(Kind::PaddedIntermediate),
    ];
    for transport in transports {
        let mut wire = Wire::open_with(&sandbox, 2, transport).await;
        let (key, salt) = wire
            .exchange(
                &sandbox,
                Target {
                    dc: 2,
                    expires_in: None,
                },
            )
            .await;
        let mut client = Client::with_key(wire, key, salt);
        let config = client.call(object!("help.getConfig")).await.unwrap();
        assert_eq!(config.int("this_dc"), Ok(2));
        assert_eq!(config.list("dc_options").unwrap().len(), 2);
    }
}

#[tokio::test]
async fn an_unknown_key_is_not_found() {
    let sandbox = start(WORLD).await;
    let here = Client::connect(&sandbox, 2).await;
    let mut there = here.sibling(&sandbox, 1).await;
    there.send(&object!("help.getConfig")).await;
    assert_eq!(there.raw_end().await, Received::TransportError(-404));
    assert_eq!(there.raw_end().await, Received::Closed);
}

#[tokio::test]
async fn a_key_for_another_data_centre_is_refused() {
    let sandbox = start(WORLD).await;
    let mut wire = Wire::open(&sandbox, 2).await;
    assert_eq!(
        wire.refusal(
            &sandbox,
            Target {
                dc: 1,
                expires_in: None
            }
        )
        .await,
        Received::TransportError(-444)
    );
}

#[tokio::test]
async fn noise_ends_the_connection() {
    let sandbox = start(WORLD).await;
    let mut wire = Wire::open(&sandbox, 2).await;
    wire.send(&[0x55; 64]).await;
    assert_eq!(wire.receive().await, Received::TransportError(-404));
    assert_eq!(wire.receive().await, Received::Closed);
}

/// A client with a temporary key of so many seconds.
async fn temporary(sandbox: &Sandbox, seconds: i32) -> Client {
    let mut wire = Wire::open(sandbox, 2).await;
    let target = Target {
        dc: 2,
        expires_in: Some(seconds),
    };
    let (key, salt) = wire.exchange(sandbox, target).await;
    Client::with_key(wire, key, salt)
}

#[tokio::test]
async fn a_temporary_key_is_good_for_nothing_until_bound() {
    let sandbox = start(WORLD).await;
    let mut permanent = Client::connect(&sandbox, 2).await;
    permanent.log_in("9996612001", "12345").await.unwrap();
    let mut client = temporary(&sandbox, 3600).await;
    assert_eq!(
        client.call(object!("help.getConfig")).await,
        error(401, "AUTH_KEY_PERM_EMPTY")
    );
    assert_eq!(
        client.bind(&permanent, false).await,
        error(400, "ENCRYPTED_MESSAGE_INVALID")
    );
    assert_eq!(client.bind(&permanent, true).await, Ok(Value::Bool(true)));
    // It is the same account now.
    client
        .call_bare(&introduced(object!("updates.getState")))
        .await
        .unwrap();
    let other = Client::connect(&sandbox, 2).await;
    assert_eq!(
        client.bind(&other, true).await,
        error(400, "TEMP_AUTH_KEY_ALREADY_BOUND")
    );
    assert_eq!(
        permanent.bind(&other, true).await,
        error(400, "TEMP_AUTH_KEY_EMPTY")
    );
    permanent.call(object!("auth.logOut")).await.unwrap();
    assert_eq!(
        client.call_bare(&object!("updates.getState")).await,
        error(401, "AUTH_KEY_UNREGISTERED")
    );
}

#[tokio::test]
async fn a_temporary_key_is_forgotten_after_its_time() {
    let sandbox = start(WORLD).await;
    let mut client = temporary(&sandbox, 0).await;
    client.send(&object!("help.getConfig")).await;
    assert_eq!(client.raw_end().await, Received::TransportError(-404));
}

#[tokio::test]
async fn a_session_introduces_itself_first() {
    let sandbox = start(WORLD).await;
    let mut client = Client::connect(&sandbox, 2).await;
    let config = || object!("help.getConfig");
    let with_layer =
        |layer: i32, query: Value| object!("invokeWithLayer", layer: layer, query: query);
    let layer = support::Schema::api().layer();
    assert_eq!(
        client.call_bare(&config()).await,
        error(400, "CONNECTION_NOT_INITED")
    );
    assert_eq!(
        client.call_bare(&init_connection(config())).await,
        error(400, "CONNECTION_LAYER_INVALID")
    );
    let old = with_layer(layer - 1, init_connection(config()));
    assert_eq!(
        client.call_bare(&old).await,
        error(400, "INPUT_LAYER_INVALID")
    );
    assert_eq!(
        client.call_bare(&with_layer(layer, config())).await,
        error(400, "CONNECTION_NOT_INITED")
    );
    client
        .call_bare(&with_layer(layer, init_connection(config())))
        .await
        .unwrap();
    // From now on the session is known, over any connection.
    client.call_bare(&config()).await.unwrap();
    client.reconnect(&sandbox, 2).await;
    client.call_bare(&config()).await.unwrap();
    // A new session is not.
    let mut other = client.sibling(&sandbox, 2).await;
    assert_eq!(
        other.call_bare(&config()).await,
        error(400, "CONNECTION_NOT_INITED")
    );
}

#[tokio::test]
async fn requests_without_sense_get_errors_and_the_session_goes_on() {
    let sandbox = start(WORLD).await;
    let mut client = Client::connect(&sandbox, 2).await;
    client.call(object!("help.getConfig")).await.unwrap();
    let unknown = client.send_bytes(&0x1234_5678_u32.to_le_bytes()).await;
    assert_eq!(
        client.result(unknown).await,
        error(400, "INPUT_METHOD_INVALID_305419896")
    );
    let cut =
        madeline_tl::method_to_bytes(support::Schema::api(), &support::send_code("9996612001"))
            .unwrap();
    let cut = client.send_bytes(&cut[..12]).await;
    assert_eq!(client.result(cut).await, error(400, "INPUT_FETCH_FAIL"));
    let mut strange =
        madeline_tl::method_to_bytes(support::Schema::api(), &object!("help.getConfig")).unwrap();
    strange.extend([1, 2, 3, 4]);
    let strange = client.send_bytes(&strange).await;
    assert_eq!(client.result(strange).await, error(400, "INPUT_FETCH_FAIL"));
    assert_eq!(
        client
            .call(object!("langpack.getLanguages", lang_pack: ""))
            .await,
        error(400, "METHOD_INVALID")
    );
    client.call(object!("help.getNearestDc")).await.unwrap();
}

#[tokio::test]
async fn big_results_are_packed_and_arrive_whole() {
    let sandbox = start(WORLD).await;
    let mut client = Client::connect(&sandbox, 2).await;
    client.log_in("9996612001", "12345").await.unwrap();
    let me = object!("inputPeerSelf");
    for _ in 0..30 {
        client.say(&me, &"lorem ipsum ".repeat(100)).await.unwrap();
    }
    assert_eq!(client.history(&me).await.len(), 30);
}

#[tokio::test]
async fn calls_wait_for_those_they_come_after() {
    let sandbox = start(WORLD).await;
    let mut client = Client::connect(&sandbox, 2).await;
    client.log_in("9996612001", "12345").await.unwrap();
    let bot = client.peer("bot").await;
    let slow = client.send(&press(&bot, 42, b"slow")).await;
    let after = object!("invokeAfterMsg", msg_id: slow, query: object!("updates.getState"));
    let second = client.send(&after).await;
    client.result(second).await.unwrap();
    client.result(slow).await.unwrap();
    let silent = client.send(&press(&bot, 42, b"silent")).await;
    let after =
        object!("invokeAfterMsgs", msg_ids: vec![slow, silent], query: object!("updates.getState"));
    let second = client.send(&after).await;
    assert_eq!(client.result(second).await, error(400, "MSG_WAIT_FAILED"));
    assert_eq!(
        client.result(silent).await,
        error(400, "BOT_RESPONSE_TIMEOUT")
    );
    let never = object!("invokeAfterMsg", msg_id: 4, query: object!("updates.getState"));
    assert_eq!(client.call(never).await, error(400, "MSG_WAIT_FAILED"));
}

#[tokio::test]
async fn an_answer_follows_its_session_to_a_new_connection() {
    let sandbox = start(WORLD).await;
    let mut client = Client::connect(&sandbox, 2).await;
    client.log_in("9996612001", "12345").await.unwrap();
    let bot = client.peer("bot").await;
    let slow = client.send(&press(&bot, 42, b"slow")).await;
    client.reconnect(&sandbox, 2).await;
    client.call(object!("updates.getState")).await.unwrap();
    client.result(slow).await.unwrap();
}

#[tokio::test]
async fn one_key_serves_several_sessions_at_once() {
    let sandbox = start(WORLD).await;
    let mut first = Client::connect(&sandbox, 2).await;
    first.log_in("9996612001", "12345").await.unwrap();
    let mut second = first.sibling(&sandbox, 2).await;
    second.call(object!("updates.getState")).await.unwrap();
    first.say(&object!("inputPeerSelf"), "hello").await.unwrap();
    assert_eq!(
        second
            .update("updateNewMessage")
            .await
            .get("message")
            .text("message"),
        Ok("hello")
    );
    assert_eq!(
        second
            .call_bare(&introduced(object!("auth.logOut")))
            .await
            .unwrap()
            .name(),
        "auth.loggedOut"
    );
    assert_eq!(
        first.call(object!("updates.getState")).await,
        error(401, "AUTH_KEY_UNREGISTERED")
    );
}
