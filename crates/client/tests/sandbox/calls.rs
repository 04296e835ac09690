//! Calls of a user who is logged in.

use std::time::Duration;

use madeline_client::{Call, Client, DcId, Error};
use madeline_tl::{Value, object};
use tokio::time::timeout;

use crate::support::{Server, ask, bot, call, read};

async fn press(client: &Client, data: &str) -> Result<Value, Error> {
    let peer = bot(client).await;
    ask(
        client,
        object!("messages.getBotCallbackAnswer", peer: peer, msg_id: 42, data: data.as_bytes()),
    )
    .await
}

#[tokio::test]
async fn a_button_is_pressed() {
    let server = Server::start().await;
    let client = server.alice().await;
    let answer = press(&client, "yes").await.unwrap();
    assert!(answer.flag("alert"));
    assert_eq!(answer.text("message").unwrap(), "You pressed the button.");
}

#[tokio::test]
async fn errors_of_the_server_come_as_it_words_them() {
    let server = Server::start().await;
    let client = server.alice().await;
    let peer = bot(&client).await;
    let request = object!("messages.getBotCallbackAnswer", peer: peer, msg_id: 4242, data: b"yes");
    match ask(&client, request).await.unwrap_err() {
        Error::Rpc { code, name, method } => {
            assert_eq!(
                (code, &*name, &*method),
                (400, "MESSAGE_ID_INVALID", "messages.getBotCallbackAnswer")
            );
        }
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_button_is_not_pressed_again_on_a_timeout_but_reading_is_tried_again() {
    let errors = r#"{"method": "help.getNearestDc", "error": {"code": -503, "text": "Timeout"}, "times": 1}"#;
    let server = Server::start_with_errors(errors).await;
    let client = server.alice().await;
    match press(&client, "timeout").await.unwrap_err() {
        Error::Rpc {
            code: -503, name, ..
        } => assert_eq!(name, "Timeout"),
        other => panic!("{other}"),
    }
    ask(&client, object!("help.getNearestDc")).await.unwrap();
}

#[tokio::test]
async fn a_short_flood_is_slept_through_and_a_long_one_is_an_error() {
    let errors = r#"
        {"method": "help.getNearestDc", "error": {"code": 420, "text": "FLOOD_WAIT_1"}, "times": 1},
        {"method": "account.getPassword", "error": {"code": 420, "text": "FLOOD_WAIT_31"}}"#;
    let server = Server::start_with_errors(errors).await;
    let client = server.alice().await;
    ask(&client, object!("help.getNearestDc")).await.unwrap();
    let error = ask(&client, object!("account.getPassword"))
        .await
        .unwrap_err();
    assert_eq!(error.flood_seconds(), Some(31), "{error}");
    assert!(error.is_rpc("FLOOD_WAIT_31"), "{error}");
}

#[tokio::test]
async fn many_calls_at_once_get_their_own_answers() {
    let server = Server::start().await;
    let client = server.alice().await;
    let calls = (0..50).map(|limit| {
        let client = client.clone();
        tokio::spawn(async move {
            let request =
                object!("users.getUsers", id: vec![object!("inputUserSelf"); limit % 3 + 1]);
            let users = ask(&client, request).await.unwrap();
            assert_eq!(users.as_list().unwrap().len(), limit % 3 + 1);
        })
    });
    for call in calls.collect::<Vec<_>>() {
        call.await.unwrap();
    }
}

#[tokio::test]
async fn updates_of_the_home_connection_are_heard() {
    let server = Server::start().await;
    let client = server.alice().await;
    let mut updates = client.updates();
    ask(&client, object!("help.getNearestDc")).await.unwrap();
    let elsewhere = server.open("elsewhere").await;
    elsewhere.phone_login("9996612001").await.unwrap();
    elsewhere.complete_phone_login("12345").await.unwrap();
    let receiving = async {
        while let Some(bytes) = updates.recv().await {
            if read(&bytes)
                .list("updates")
                .is_ok_and(|updates| updates.iter().any(|update| update.is("updateNewMessage")))
            {
                return;
            }
        }
        panic!("the stream ended");
    };
    let peer = bot(&elsewhere).await;
    let send = object!("messages.sendMessage", peer: peer, message: "hello", random_id: 7_i64);
    ask(&elsewhere, send).await.unwrap();
    timeout(Duration::from_secs(60), receiving).await.unwrap();
}

#[tokio::test]
async fn a_request_too_long_for_the_protocol_is_refused_before_it_is_sent() {
    let server = Server::start().await;
    let client = server.open("nobody").await;
    for body in [vec![0; (1 << 20) + 4], vec![0; 6], Vec::new()] {
        let error = client
            .invoke(Call::new("test.tooLong", body))
            .await
            .unwrap_err();
        assert!(matches!(error, Error::RequestSize { .. }), "{error}");
    }
    ask(&client, object!("help.getNearestDc")).await.unwrap();
}

#[tokio::test]
async fn a_call_has_its_own_time_limit_and_hinders_no_others() {
    let server = Server::start().await;
    let client = server.alice().await;
    let peer = bot(&client).await;
    let silent =
        call(&object!("messages.getBotCallbackAnswer", peer: peer, msg_id: 42, data: b"never"));
    let error = client
        .invoke(Call {
            timeout: Some(Duration::from_millis(300)),
            ..silent
        })
        .await
        .unwrap_err();
    assert!(
        matches!(&error, Error::Timeout { method, .. } if method == "messages.getBotCallbackAnswer"),
        "{error}"
    );
    ask(&client, object!("help.getNearestDc")).await.unwrap();
}

#[tokio::test]
async fn a_language_pack_is_introduced_before_the_first_call() {
    let server = Server::start().await;
    let mut config = server.config();
    config.app.lang_pack = "tdesktop".to_owned();
    let client = Client::open(&server.path("session"), config).await.unwrap();
    ask(&client, object!("help.getNearestDc")).await.unwrap();
}

#[tokio::test]
async fn another_dc_is_told_of_the_login_when_it_does_not_know_it() {
    let server = Server::start().await;
    let client = server.alice().await;
    let abroad = |request: Value| {
        let mut call = call(&request);
        call.dc = Some(DcId(1));
        client.invoke(call)
    };
    let part =
        object!("upload.saveFilePart", file_id: 1_i64, file_part: 0, bytes: vec![1_u8; 1024]);
    for _ in 0..2 {
        abroad(part.clone()).await.unwrap();
    }
    // What belongs to the home goes there, and the home stays.
    abroad(object!("updates.getState")).await.unwrap();
    assert_eq!(client.session().home_dc(), DcId(2));
}
