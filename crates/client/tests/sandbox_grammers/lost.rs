//! This engine gives up what was in flight when a connection breaks.

use std::error::Error as _;

use madeline_client::{Client, Config, DcId, Error};
use madeline_mtproto::AuthKey;
use madeline_tl::object;
use serde_json::json;

use crate::failures::alice_behind;
use crate::proxy::Proxy;
use crate::support::{Server, ask, bot};

#[tokio::test]
async fn a_connection_that_breaks_during_a_call_is_an_error_and_the_next_call_connects_again() {
    let server = Server::start().await;
    let proxy = Proxy::start(server.address(2), None).await;
    let client = alice_behind(&proxy, &server).await;
    let peer = bot(&client).await;
    let press = object!("messages.getBotCallbackAnswer", peer: peer, msg_id: 42, data: b"never");
    let mut pressing = std::pin::pin!(ask(&client, press));
    // Both go over one connection: when the second is answered, the server has the first.
    tokio::select! {
        biased;
        answer = &mut pressing => panic!("{answer:?}"),
        answer = ask(&client, object!("help.getNearestDc")) => drop(answer.unwrap()),
    }
    proxy.cut();
    let error = pressing.await.unwrap_err();
    assert!(
        matches!(&error, Error::Lost { method, .. } if method == "messages.getBotCallbackAnswer"),
        "{error:?}"
    );
    assert!(error.source().is_some());
    ask(&client, object!("account.getPassword")).await.unwrap();
}

#[tokio::test]
async fn a_server_whose_answer_breaks_the_engine_is_an_error_with_its_cause_and_the_next_call_works()
 {
    let server = Server::start().await;
    let (dc, key) = server.alice().await.export_authorization().unwrap();
    let hostile = AuthKey::from_bytes(key.clone().try_into().unwrap());
    let proxy = Proxy::start(server.address(2), Some(hostile)).await;
    let config = Config {
        dcs: [(DcId(2), proxy.address)].into_iter().collect(),
        ..server.config()
    };
    let client = Client::open(&server.path("copy"), config).await.unwrap();
    let error = client
        .import_authorization(&[(dc, key.clone())], dc)
        .await
        .unwrap_err();
    assert!(error.to_string().contains("wrong session id"), "{error}");
    client.import_authorization(&[(dc, key)], dc).await.unwrap();
}

#[tokio::test]
async fn a_call_that_was_executed_is_lost_with_its_connection_and_not_sent_again() {
    let server = Server::start().await;
    let client = server.alice().await;
    let peer = bot(&client).await;
    let fault = json!({"do": "close_after", "on": {"method": "messages.sendMessage"}});
    server.control().arm(fault).unwrap();
    let send = object!("messages.sendMessage", peer: peer, message: "once", random_id: 1_i64);
    let error = ask(&client, send).await.unwrap_err();
    assert!(matches!(error, Error::Lost { .. }), "{error:?}");
    let executed = server
        .control()
        .executions("messages.sendMessage", Some("once"));
    assert_eq!(executed, 1);
}
