//! Perfect forward secrecy: temporary keys, <https://core.telegram.org/api/pfs>.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use madeline_mtproto::handshake::client::Target;
use madeline_sandbox::Sandbox;
use serde_json::json;
use support::{Client, Received, TOWN, Value, Wire, error, introduced, logged_in, object, start};

const ALICE: &str = "9996612001";

/// A client with a temporary key of an hour, not bound yet.
async fn temporary(sandbox: &Sandbox) -> Client {
    let mut wire = Wire::open(sandbox, 2).await;
    let target = Target {
        dc: 2,
        expires_in: Some(3600),
    };
    let (key, salt) = wire.exchange(sandbox, target).await;
    Client::with_key(wire, key, salt)
}

async fn bound(sandbox: &Sandbox, permanent: &Client) -> Client {
    let mut client = temporary(sandbox).await;
    assert_eq!(client.bind(permanent, true).await, Ok(Value::Bool(true)));
    client
}

#[tokio::test]
async fn several_temporary_keys_stand_for_one_permanent_key() {
    let sandbox = start(TOWN).await;
    let mut permanent = logged_in(&sandbox, ALICE).await;
    let mut clients = [
        bound(&sandbox, &permanent).await,
        bound(&sandbox, &permanent).await,
    ];
    for client in &mut clients {
        client.call(object!("updates.getState")).await.unwrap();
    }
    let stats = sandbox.control().ask(json!({"do": "stats"})).unwrap();
    assert_eq!(stats["temporary_keys"], json!(2));
    assert_eq!(stats["bound_keys"], json!(2));
    // Everybody of the account hears of what one of them does.
    permanent.call(object!("updates.getState")).await.unwrap();
    clients[0]
        .say(&object!("inputPeerSelf"), "hello")
        .await
        .unwrap();
    let [_, other] = &mut clients;
    for client in [&mut permanent, other] {
        let update = client.update("updateNewMessage").await;
        assert_eq!(update.get("message").text("message"), Ok("hello"));
    }
}

#[tokio::test]
async fn logging_in_and_out_with_a_temporary_key_concerns_the_permanent_one() {
    let sandbox = start(TOWN).await;
    let mut permanent = Client::connect(&sandbox, 2).await;
    let mut first = bound(&sandbox, &permanent).await;
    first.log_in(ALICE, "12345").await.unwrap();
    permanent.call(object!("updates.getState")).await.unwrap();
    let mut second = bound(&sandbox, &permanent).await;
    second.call(object!("updates.getState")).await.unwrap();
    first.call(object!("auth.logOut")).await.unwrap();
    for client in [&mut permanent, &mut first, &mut second] {
        assert_eq!(
            client.call(object!("updates.getState")).await,
            error(401, "AUTH_KEY_UNREGISTERED")
        );
    }
}

#[tokio::test]
async fn a_new_temporary_key_goes_on_where_the_expired_one_ended() {
    let sandbox = start(TOWN).await;
    let permanent = logged_in(&sandbox, ALICE).await;
    let mut first = bound(&sandbox, &permanent).await;
    first.call(object!("updates.getState")).await.unwrap();
    let control = sandbox.control();
    control.ask(json!({"do": "clock", "offset": 3700})).unwrap();
    first.send(&object!("updates.getState")).await;
    assert_eq!(first.raw_end().await, Received::TransportError(-404));
    control.ask(json!({"do": "clock", "offset": 0})).unwrap();
    let mut second = bound(&sandbox, &permanent).await;
    second.call(object!("updates.getState")).await.unwrap();
}

#[tokio::test]
async fn a_binding_that_has_ended_already_is_refused() {
    let sandbox = start(TOWN).await;
    let permanent = logged_in(&sandbox, ALICE).await;
    let mut client = temporary(&sandbox).await;
    assert_eq!(
        client.bind_for(&permanent, true, -10).await,
        error(400, "EXPIRES_AT_INVALID")
    );
    assert_eq!(
        client.call(object!("updates.getState")).await,
        error(401, "AUTH_KEY_PERM_EMPTY")
    );
}

#[tokio::test]
async fn a_forgotten_permanent_key_takes_the_temporary_ones_with_it() {
    let sandbox = start(TOWN).await;
    let permanent = logged_in(&sandbox, ALICE).await;
    let mut client = bound(&sandbox, &permanent).await;
    client
        .call_bare(&introduced(object!("updates.getState")))
        .await
        .unwrap();
    let forget = json!({"do": "forget_key", "on": {"session": client.session_id()}});
    sandbox.control().ask(forget).unwrap();
    client.send(&object!("updates.getState")).await;
    assert_eq!(client.raw_end().await, Received::TransportError(-404));
}
