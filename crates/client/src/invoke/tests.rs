#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::unnecessary_wraps,
    reason = "tests; answers of a server are results"
)]

use std::io;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use madeline_mtproto::AuthKey;
use madeline_tl::{Schema, Value, method_to_bytes, object};
use tokio::time::Instant;

use crate::engine::InvokeError;
use crate::engine::fake::{client, rpc};
use crate::session::OwnUser;
use crate::{Authorization, Call, Client, DcId, Error};

type Answer = Result<Value, InvokeError>;

fn call(request: &Value) -> Call {
    Call::new(
        request.name(),
        method_to_bytes(Schema::api(), request).unwrap(),
    )
}

fn nearest_dc() -> Call {
    call(&object!("help.getNearestDc"))
}

fn press() -> Call {
    call(&object!(
        "messages.getBotCallbackAnswer",
        peer: object!("inputPeerSelf"),
        msg_id: 1,
        data: b"data",
    ))
}

fn send() -> Call {
    call(
        &object!("messages.sendMessage", peer: object!("inputPeerSelf"), message: "a", random_id: 1_i64),
    )
}

fn answer() -> Answer {
    Ok(object!("nearestDc", country: "NL", this_dc: 2, nearest_dc: 2))
}

fn alert() -> Answer {
    Ok(object!("messages.botCallbackAnswer", message: "pressed", cache_time: 0))
}

/// Fails the first time, with what the function makes, and answers afterwards.
fn fail_once(
    failure: fn() -> Answer,
    then: fn() -> Answer,
) -> impl FnMut(DcId, &Value) -> Answer + Send {
    let mut failed = false;
    move |_, _| {
        if std::mem::replace(&mut failed, true) {
            then()
        } else {
            failure()
        }
    }
}

fn log_in(client: &Client) {
    client
        .session()
        .set_logged_in(OwnUser {
            id: 1,
            bot: false,
            bytes: vec![1],
        })
        .unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_short_flood_is_slept_through() {
    let (client, engine, _parent) = client(fail_once(|| rpc(420, "FLOOD_WAIT_29"), answer)).await;
    let started = Instant::now();
    client.invoke(nearest_dc()).await.unwrap();
    assert!(started.elapsed() >= Duration::from_secs(29));
    assert_eq!(engine.calls().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_long_flood_is_an_error_with_its_seconds() {
    let (client, engine, _parent) = client(|_, _| rpc(420, "FLOOD_WAIT_30")).await;
    let error = client.invoke(nearest_dc()).await.unwrap_err();
    assert_eq!(error.flood_seconds(), Some(30));
    match error {
        Error::Rpc { code, name, method } => {
            assert_eq!(
                (code, &*name, &*method),
                (420, "FLOOD_WAIT_30", "help.getNearestDc")
            );
        }
        other => panic!("{other}"),
    }
    assert_eq!(engine.calls().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_limit_of_one_call_goes_before_the_configurations() {
    let (patient, engine, _parent) = client(fail_once(|| rpc(420, "FLOOD_WAIT_99"), answer)).await;
    patient
        .invoke(Call {
            flood_limit: Some(100),
            ..nearest_dc()
        })
        .await
        .unwrap();
    assert_eq!(engine.calls().len(), 2);
    let (impatient, _, _parent) = client(|_, _| rpc(420, "FLOOD_WAIT_1")).await;
    let error = impatient
        .invoke(Call {
            flood_limit: Some(1),
            ..nearest_dc()
        })
        .await
        .unwrap_err();
    assert_eq!(error.flood_seconds(), Some(1));
}

#[tokio::test(start_paused = true)]
async fn timeouts_of_the_server_are_asked_again_but_buttons_are_not_pressed_again() {
    let (client, engine, _parent) = client(|_, request| match request.name() {
        "messages.getBotCallbackAnswer" => rpc(-503, "Timeout"),
        _ => answer(),
    })
    .await;
    match client.invoke(press()).await.unwrap_err() {
        Error::Rpc {
            code: -503, name, ..
        } => assert_eq!(name, "Timeout"),
        other => panic!("{other}"),
    }
    assert_eq!(engine.calls().len(), 1);

    let (client, engine, _parent) =
        crate::engine::fake::client(fail_once(|| rpc(-503, "Timeout"), answer)).await;
    client.invoke(nearest_dc()).await.unwrap();
    assert_eq!(engine.calls().len(), 2);
}

#[tokio::test]
async fn the_answer_comes_back_as_it_was_sent() {
    let (client, _, _parent) = client(|_, _| alert()).await;
    let bytes = client.invoke(press()).await.unwrap();
    let answer = madeline_tl::boxed_from_bytes(Schema::api(), &bytes).unwrap();
    assert_eq!(answer.text("message").unwrap(), "pressed");
}

#[tokio::test]
async fn a_lost_connection_is_hidden_only_where_asking_twice_is_harmless() {
    let lost = || Err(InvokeError::Lost("reset by peer".into()));
    let (client, engine, _parent) = client(fail_once(lost, answer)).await;
    client.invoke(nearest_dc()).await.unwrap();
    assert_eq!(engine.calls().len(), 2);

    let (client, engine, _parent) = crate::engine::fake::client(move |_, _| lost()).await;
    let error = client.invoke(send()).await.unwrap_err();
    assert_eq!(engine.calls().len(), 1);
    assert!(
        matches!(&error, Error::Lost { dc: DcId(2), method, .. } if method == "messages.sendMessage")
    );
    assert_eq!(
        std::error::Error::source(&error).unwrap().to_string(),
        "reset by peer"
    );
}

#[tokio::test]
async fn no_connection_names_the_address() {
    let (client, engine, _parent) = client(|_, _| {
        Err(InvokeError::Connect {
            address: "127.0.0.1:4".parse().unwrap(),
            source: io::ErrorKind::ConnectionRefused.into(),
        })
    })
    .await;
    let error = client.invoke(nearest_dc()).await.unwrap_err();
    assert!(error.to_string().contains("127.0.0.1:4"), "{error}");
    assert_eq!(engine.calls().len(), 1);
}

#[tokio::test]
async fn a_call_for_another_dc_goes_there_and_moves_nothing() {
    let (client, engine, _parent) = client(|_, _| answer()).await;
    client
        .invoke(Call {
            dc: Some(DcId(5)),
            ..nearest_dc()
        })
        .await
        .unwrap();
    assert_eq!(engine.calls()[0].0, DcId(5));
    assert_eq!(client.session().home_dc(), DcId(2));
}

#[tokio::test]
async fn a_revoked_login_ends_here_too() {
    for reason in [
        "SESSION_REVOKED",
        "AUTH_KEY_UNREGISTERED",
        "USER_DEACTIVATED",
    ] {
        let (client, _, parent) = client(move |_, _| rpc(401, reason)).await;
        log_in(&client);
        match client.invoke(nearest_dc()).await.unwrap_err() {
            Error::LoggedOut { reason: named } => assert_eq!(named, reason),
            other => panic!("{other}"),
        }
        assert_eq!(client.authorization(), Authorization::LoggedOut);
        assert!(!parent.path().join("session.madeline").exists());
    }
}

#[tokio::test]
async fn without_a_login_an_unregistered_key_is_the_callers_error() {
    let (client, _, parent) = client(|_, _| rpc(401, "AUTH_KEY_UNREGISTERED")).await;
    let error = client.invoke(nearest_dc()).await.unwrap_err();
    assert!(error.is_rpc("AUTH_KEY_UNREGISTERED"), "{error}");
    assert_eq!(client.authorization(), Authorization::NotLoggedIn);
    assert!(parent.path().join("session.madeline").exists());
}

#[tokio::test]
async fn a_key_that_the_server_forgot_is_replaced_before_a_login_only() {
    let key = AuthKey::from_bytes([3; 256]);
    let (client, engine, _parent) =
        client(fail_once(|| Err(InvokeError::Transport(-404)), answer)).await;
    client.session().set_auth_key(DcId(2), false, &key).unwrap();
    client.invoke(nearest_dc()).await.unwrap();
    assert_eq!(client.session().auth_key(DcId(2), false).unwrap(), None);
    assert_eq!(engine.calls().len(), 2);

    let (client, _, _parent) =
        crate::engine::fake::client(|_, _| Err(InvokeError::Transport(-404))).await;
    client.session().set_auth_key(DcId(2), false, &key).unwrap();
    log_in(&client);
    let error = client.invoke(nearest_dc()).await.unwrap_err();
    assert!(
        matches!(
            error,
            Error::Transport {
                dc: DcId(2),
                code: -404
            }
        ),
        "{error}"
    );
    assert_eq!(
        client.session().auth_key(DcId(2), false).unwrap(),
        Some(key)
    );
}

#[tokio::test]
async fn a_late_end_of_a_former_login_leaves_the_present_one() {
    for (code, text) in [(401, "SESSION_REVOKED"), (406, "AUTH_KEY_DUPLICATED")] {
        let session = Arc::new(OnceLock::<Client>::new());
        let (client, _, parent) = client({
            let session = Arc::clone(&session);
            move |_, _| {
                // While the answer is on its way the session is logged in anew.
                log_in(session.get().unwrap());
                rpc(code, text)
            }
        })
        .await;
        assert!(session.set(client.clone()).is_ok());
        log_in(&client);
        let error = client.invoke(nearest_dc()).await.unwrap_err();
        assert!(error.is_rpc(text), "{error}");
        assert_eq!(client.authorization(), Authorization::LoggedIn);
        assert!(parent.path().join("session.madeline").exists());
    }
}

#[tokio::test]
async fn a_duplicated_key_of_a_foreign_dc_leaves_the_login() {
    let (client, _, _parent) = client(|_, _| rpc(406, "AUTH_KEY_DUPLICATED")).await;
    let key = AuthKey::from_bytes([3; 256]);
    for dc in [DcId(2), DcId(4)] {
        client.session().set_auth_key(dc, false, &key).unwrap();
    }
    log_in(&client);
    let foreign = Call {
        dc: Some(DcId(4)),
        ..nearest_dc()
    };
    let error = client.invoke(foreign).await.unwrap_err();
    assert!(matches!(error, Error::Rpc { code: 406, .. }), "{error}");
    assert_eq!(client.authorization(), Authorization::LoggedIn);
    assert_eq!(client.session().auth_key(DcId(4), false).unwrap(), None);
    assert_eq!(
        client.session().auth_key(DcId(2), false).unwrap(),
        Some(key)
    );
}

#[tokio::test]
async fn a_duplicated_key_is_forgotten_and_the_login_with_it() {
    let (client, _, parent) = client(|_, _| rpc(406, "AUTH_KEY_DUPLICATED")).await;
    client
        .session()
        .set_auth_key(DcId(2), false, &AuthKey::from_bytes([3; 256]))
        .unwrap();
    log_in(&client);
    let error = client.invoke(nearest_dc()).await.unwrap_err();
    assert!(matches!(error, Error::Rpc { code: 406, .. }), "{error}");
    assert_eq!(client.authorization(), Authorization::NotLoggedIn);
    assert_eq!(client.self_user(), None);
    assert_eq!(client.session().auth_key(DcId(2), false).unwrap(), None);
    assert!(
        parent.path().join("session.madeline").exists(),
        "peers and settings stay"
    );
}
