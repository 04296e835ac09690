//! Temporary keys, and servers that forget them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use madeline_client::{Config, DcId, Error};
use madeline_tl::object;
use serde_json::json;

use super::town::Town;
use crate::support::{Server, ask, bot};

/// How many temporary keys the server has bound, and how many it has.
fn temporary_keys(server: &Server) -> (u64, u64) {
    let stats = server.control().ask(json!({"do": "stats"})).unwrap();
    (
        stats["bound_keys"].as_u64().unwrap(),
        stats["temporary_keys"].as_u64().unwrap(),
    )
}

#[tokio::test]
async fn messages_are_encrypted_with_a_temporary_key_which_the_next_process_uses_again() {
    let server = Server::start().await;
    drop(server.alice().await);
    assert_eq!(temporary_keys(&server), (1, 1));
    let client = server.open("alice").await;
    ask(&client, object!("account.getPassword")).await.unwrap();
    assert_eq!(temporary_keys(&server), (1, 1));
}

#[tokio::test]
async fn without_forward_secrecy_there_is_no_temporary_key() {
    let server = Server::start().await;
    let config = Config {
        pfs: false,
        ..server.config()
    };
    let client = server.alice_with(config).await;
    ask(&client, object!("account.getPassword")).await.unwrap();
    assert_eq!(temporary_keys(&server), (0, 0));
}

#[tokio::test]
async fn a_temporary_key_that_the_server_lost_is_replaced_and_the_login_stays() {
    let mut town = Town::start().await;
    let fault = json!({"do": "transport_error", "code": -404, "stay": false, "on": {"dc": 2}});
    let outcome = town.endure(&fault).await;
    for error in &outcome.errors {
        assert!(matches!(error, Error::Lost { .. }), "{error:?}");
    }
    let (bound, _) = temporary_keys(&town.server);
    assert!(bound >= 2, "{bound}");
}

#[tokio::test]
async fn a_server_that_knows_neither_key_is_an_error_that_says_so_and_the_login_stays() {
    let town = Town::start().await;
    town.control.ask(json!({"do": "forget_key"})).unwrap();
    let error = tokio::time::timeout(
        Duration::from_secs(60),
        ask(&town.client, object!("account.getPassword")),
    )
    .await
    .unwrap()
    .unwrap_err();
    assert!(
        matches!(
            error,
            Error::Transport {
                dc: DcId(2),
                code: -404
            }
        ),
        "{error:?}"
    );
    assert_eq!(
        town.client.authorization(),
        madeline_client::Authorization::LoggedIn
    );
}

#[tokio::test]
async fn a_temporary_key_is_replaced_once_before_it_expires_and_calls_in_flight_keep_theirs() {
    let server = Server::start().await;
    drop(server.alice().await);
    // As if it had been made nearly a day ago: it is replaced a quarter of an hour before its end.
    let database = rusqlite::Connection::open(server.path("alice").join("session.sqlite")).unwrap();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let ends = now.as_secs() as i64 + 900 + 2;
    database
        .execute("UPDATE temporary_key SET expires_at = ?", [ends])
        .unwrap();
    drop(database);
    let client = server.open("alice").await;
    let _updates = client.updates();
    let peer = bot(&client).await;
    let press = object!("messages.getBotCallbackAnswer", peer: peer, msg_id: 42, data: b"never");
    let error = ask(&client, press).await.unwrap_err();
    assert!(error.is_rpc("BOT_RESPONSE_TIMEOUT"), "{error:?}");
    assert_eq!(temporary_keys(&server), (2, 2));
    let stats = server.control().ask(json!({"do": "stats"})).unwrap();
    let accepted = stats["accepted"].as_u64().unwrap();
    assert!(accepted <= 4, "{accepted} connections");
}
