#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::unnecessary_wraps,
    reason = "tests; answers of a server are results"
)]

mod keys;

use madeline_tl::{Schema, Value, boxed_from_bytes, object};

use super::CodeAnswer;
use super::password::tests::{account, prime};
use crate::engine::InvokeError;
use crate::engine::fake::{client, client_in, rpc};
use crate::{Authorization, DcId, Error};

type Answer = Result<Value, InvokeError>;

const CODE: &str = "12345";

fn user(bot: bool) -> Value {
    let version = bot.then_some(1);
    object!("user", self: true, bot: bot, bot_info_version: version, id: 777_006_i64, access_hash: 5_i64,
        first_name: "Alice")
}

fn authorization() -> Answer {
    Ok(object!("auth.authorization", user: user(false)))
}

fn sent_code() -> Answer {
    let kind = object!("auth.sentCodeTypeSms", length: 5);
    Ok(object!("auth.sentCode", type: kind, phone_code_hash: "the hash", timeout: 30))
}

fn check_code(request: &Value) -> Answer {
    assert_eq!(request.text("phone_number").unwrap(), "79990000001");
    assert_eq!(request.text("phone_code_hash").unwrap(), "the hash");
    if request.text("phone_code").unwrap() == CODE {
        authorization()
    } else {
        rpc(400, "PHONE_CODE_INVALID")
    }
}

fn phone_server(_: DcId, request: &Value) -> Answer {
    match request.name() {
        "auth.sendCode" => sent_code(),
        "auth.signIn" => check_code(request),
        "auth.logOut" => Ok(object!("auth.loggedOut")),
        other => panic!("unexpected {other}"),
    }
}

fn read(bytes: &[u8]) -> Value {
    boxed_from_bytes(Schema::api(), bytes).unwrap()
}

#[tokio::test]
async fn a_phone_logs_in_with_its_code() {
    let (client, engine, _parent) = client(phone_server).await;
    let sent = client.phone_login("+7 999 000-00-01").await.unwrap();
    assert_eq!(sent.phone_number, "+7 999 000-00-01");
    assert_eq!(read(&sent.answer).name(), "auth.sentCode");
    let request = &engine.calls()[0].1;
    assert_eq!(request.text("phone_number").unwrap(), "79990000001");
    assert_eq!(request.int("api_id").unwrap(), 17);
    assert_eq!(request.text("api_hash").unwrap(), "hash");
    assert_eq!(client.authorization(), Authorization::WaitingCode);

    let CodeAnswer::Authorized(bytes) = client.complete_phone_login(CODE).await.unwrap() else {
        panic!("not authorized");
    };
    assert_eq!(read(&bytes).name(), "auth.authorization");
    assert_eq!(client.authorization(), Authorization::LoggedIn);
    let own = client.session().own_user().unwrap();
    assert_eq!((own.id, own.bot), (777_006, false));
    assert_eq!(
        read(&client.self_user().unwrap())
            .text("first_name")
            .unwrap(),
        "Alice"
    );
}

#[tokio::test]
async fn the_code_may_be_given_in_another_process() {
    let (first, _, parent) = client(phone_server).await;
    first.phone_login("79990000001").await.unwrap();
    drop(first);
    let (second, _) = client_in(&parent, phone_server).await;
    assert_eq!(second.authorization(), Authorization::WaitingCode);
    second.complete_phone_login(CODE).await.unwrap();
    drop(second);
    let (third, _) = client_in(&parent, phone_server).await;
    assert_eq!(third.authorization(), Authorization::LoggedIn);
    assert!(third.self_user().is_some());
}

#[tokio::test]
async fn a_wrong_code_ends_the_login() {
    let (client, _, _parent) = client(phone_server).await;
    client.phone_login("79990000001").await.unwrap();
    let error = client.complete_phone_login("00000").await.unwrap_err();
    assert!(error.is_rpc("PHONE_CODE_INVALID"), "{error}");
    assert_eq!(client.authorization(), Authorization::NotLoggedIn);
    assert_eq!(client.session().login_progress().phone_code_hash, "");
}

#[tokio::test]
async fn a_network_failure_leaves_the_code_usable() {
    let mut down = true;
    let (client, _, _parent) = client(move |dc, request| {
        if request.name() == "auth.signIn" && std::mem::replace(&mut down, false) {
            return Err(InvokeError::Lost("reset".into()));
        }
        phone_server(dc, request)
    })
    .await;
    client.phone_login("79990000001").await.unwrap();
    assert!(matches!(
        client.complete_phone_login(CODE).await,
        Err(Error::Lost { .. })
    ));
    assert_eq!(client.authorization(), Authorization::WaitingCode);
    client.complete_phone_login(CODE).await.unwrap();
}

#[tokio::test]
async fn a_device_that_the_server_trusts_needs_no_code() {
    let (client, _, _parent) =
        client(|_, _| Ok(object!("auth.sentCodeSuccess", authorization: authorization()?))).await;
    client.phone_login("79990000001").await.unwrap();
    assert_eq!(client.authorization(), Authorization::LoggedIn);
}

#[tokio::test]
async fn a_new_number_signs_up() {
    let (client, engine, _parent) = client(|_, request| match request.name() {
        "auth.sendCode" => sent_code(),
        "auth.signIn" => Ok(object!("auth.authorizationSignUpRequired")),
        "auth.signUp" if request.text("first_name").unwrap().is_empty() => {
            rpc(400, "FIRSTNAME_INVALID")
        }
        _ => authorization(),
    })
    .await;
    client.phone_login("79990000001").await.unwrap();
    let answer = client.complete_phone_login(CODE).await.unwrap();
    let CodeAnswer::SignupNeeded(bytes) = answer else {
        panic!("{answer:?}")
    };
    assert_eq!(read(&bytes).name(), "auth.authorizationSignUpRequired");
    assert_eq!(client.authorization(), Authorization::WaitingSignup);

    assert!(
        client
            .complete_signup("", "")
            .await
            .unwrap_err()
            .is_rpc("FIRSTNAME_INVALID")
    );
    assert_eq!(client.authorization(), Authorization::WaitingSignup);
    client.complete_signup("Alice", "Ångström").await.unwrap();
    assert_eq!(client.authorization(), Authorization::LoggedIn);
    let request = &engine.calls()[3].1;
    assert_eq!(request.text("last_name").unwrap(), "Ångström");
    assert_eq!(request.text("phone_code_hash").unwrap(), "the hash");
}

/// Asks for a password. It lets no password pass: `madeline-sandbox` checks proofs.
fn password_server(_: DcId, request: &Value) -> Answer {
    match request.name() {
        "auth.sendCode" => sent_code(),
        "auth.signIn" => rpc(401, "SESSION_PASSWORD_NEEDED"),
        "account.getPassword" => {
            let algorithm = object!("passwordKdfAlgoUnknown");
            Ok(
                object!("account.password", hint: "a colour", new_algo: algorithm, secure_random: b"",
                new_secure_algo: object!("securePasswordKdfAlgoUnknown")),
            )
        }
        "auth.checkPassword" => {
            assert!(
                request
                    .object("password")
                    .unwrap()
                    .is("inputCheckPasswordEmpty")
            );
            rpc(400, "PASSWORD_HASH_INVALID")
        }
        other => panic!("unexpected {other}"),
    }
}

#[tokio::test]
async fn a_password_is_asked_for_with_its_hint() {
    let (first, _, parent) = client(password_server).await;
    first.phone_login("79990000001").await.unwrap();
    let answer = first.complete_phone_login(CODE).await.unwrap();
    let CodeAnswer::PasswordNeeded(bytes) = answer else {
        panic!("{answer:?}")
    };
    assert_eq!(read(&bytes).name(), "account.password");
    assert_eq!(first.authorization(), Authorization::WaitingPassword);
    assert_eq!(first.hint().unwrap(), "a colour");
    drop(first);
    let (second, _) = client_in(&parent, password_server).await;
    assert_eq!(second.hint().unwrap(), "a colour");
}

#[tokio::test]
async fn a_wrong_password_is_tried_once_and_may_be_corrected_with_fresh_parameters() {
    let (client, engine, _parent) = client(password_server).await;
    client.phone_login("79990000001").await.unwrap();
    client.complete_phone_login(CODE).await.unwrap();
    let error = client.complete_2fa_login(b"wrong").await.unwrap_err();
    assert!(error.is_rpc("PASSWORD_HASH_INVALID"), "{error}");
    assert_eq!(
        engine.methods()[3..],
        ["auth.checkPassword", "account.getPassword"]
    );
    assert_eq!(client.authorization(), Authorization::WaitingPassword);
}

#[tokio::test]
async fn a_password_is_tried_again_when_the_algorithm_has_changed() {
    let mut set = false;
    let (client, engine, _parent) = client(move |dc, request| match request.name() {
        "account.getPassword" if std::mem::replace(&mut set, true) => {
            Ok(account(prime(), 3, vec![0x55; 256]))
        }
        "auth.checkPassword" => rpc(400, "PASSWORD_HASH_INVALID"),
        _ => password_server(dc, request),
    })
    .await;
    client.phone_login("79990000001").await.unwrap();
    client.complete_phone_login(CODE).await.unwrap();
    let error = client.complete_2fa_login(b"wrong").await.unwrap_err();
    assert!(error.is_rpc("PASSWORD_HASH_INVALID"), "{error}");
    assert_eq!(
        engine.methods()[3..],
        [
            "auth.checkPassword",
            "account.getPassword",
            "auth.checkPassword"
        ]
    );
}

#[tokio::test]
async fn parameters_that_the_server_does_not_know_any_more_are_fetched_again() {
    for text in ["SRP_ID_INVALID", "SRP_PASSWORD_CHANGED"] {
        let mut refused = false;
        let (client, _, _parent) = client(move |dc, request| match request.name() {
            "auth.checkPassword" if !std::mem::replace(&mut refused, true) => rpc(400, text),
            "auth.checkPassword" => authorization(),
            _ => password_server(dc, request),
        })
        .await;
        client.phone_login("79990000001").await.unwrap();
        client.complete_phone_login(CODE).await.unwrap();
        client.complete_2fa_login(b"right").await.unwrap();
        assert_eq!(client.authorization(), Authorization::LoggedIn, "{text}");
    }
}

#[tokio::test]
async fn an_unoccupied_number_signs_up() {
    let (client, _, _parent) = client(|_, request| match request.name() {
        "auth.sendCode" => sent_code(),
        _ => rpc(400, "PHONE_NUMBER_UNOCCUPIED"),
    })
    .await;
    client.phone_login("79990000001").await.unwrap();
    let answer = client.complete_phone_login(CODE).await.unwrap();
    assert!(matches!(answer, CodeAnswer::SignupNeeded(_)), "{answer:?}");
    assert_eq!(client.authorization(), Authorization::WaitingSignup);
}

#[tokio::test]
async fn a_bot_logs_in_once() {
    let (client, engine, _parent) =
        client(|_, request| match request.text("bot_auth_token").unwrap() {
            "1:right" => Ok(object!("auth.authorization", user: user(true))),
            _ => rpc(400, "ACCESS_TOKEN_INVALID"),
        })
        .await;
    assert!(
        client
            .bot_login("1:wrong")
            .await
            .unwrap_err()
            .is_rpc("ACCESS_TOKEN_INVALID")
    );
    assert_eq!(client.authorization(), Authorization::NotLoggedIn);
    let bytes = client.bot_login("1:right").await.unwrap().unwrap();
    assert_eq!(read(&bytes).name(), "auth.authorization");
    assert!(client.session().own_user().unwrap().bot);
    assert_eq!(client.bot_login("1:right").await.unwrap(), None);
    assert_eq!(engine.calls().len(), 2);
}

#[tokio::test]
async fn a_login_follows_the_account_to_its_dc() {
    let (client, engine, parent) = client(|dc, request| match (dc, request.name()) {
        (DcId(2), _) => rpc(303, "PHONE_MIGRATE_4"),
        (DcId(4), "auth.sendCode") => sent_code(),
        (DcId(4), _) => check_code(request),
        other => panic!("unexpected {other:?}"),
    })
    .await;
    client.phone_login("79990000001").await.unwrap();
    client.complete_phone_login(CODE).await.unwrap();
    let dcs: Vec<_> = engine.calls().iter().map(|(dc, _)| *dc).collect();
    assert_eq!(dcs, [DcId(2), DcId(4), DcId(4)]);
    drop(client);
    let (again, _) = client_in(&parent, phone_server).await;
    assert_eq!(again.session().home_dc(), DcId(4));
}

#[tokio::test]
async fn steps_out_of_order_say_so_in_madelineprotos_words() {
    let (client, engine, _parent) = client(phone_server).await;
    let text = |error: Error| match error {
        Error::LoginState(text) => text,
        other => panic!("{other}"),
    };
    assert_eq!(
        text(client.complete_phone_login(CODE).await.unwrap_err()),
        "I'm not waiting for the code! Please call the phoneLogin method first"
    );
    assert_eq!(
        text(client.complete_2fa_login(b"x").await.unwrap_err()),
        "I'm not waiting for the password! Please call the phoneLogin and the completePhoneLogin methods first!"
    );
    assert_eq!(
        text(client.complete_signup("A", "").await.unwrap_err()),
        "I'm not waiting to signup! Please call the phoneLogin and the completePhoneLogin methods first!"
    );
    assert_eq!(
        text(client.hint().unwrap_err()),
        "Not waiting for the password!"
    );
    assert_eq!(
        text(client.export_authorization().unwrap_err()),
        "I'm not logged in!"
    );
    assert_eq!(client.self_user(), None);
    assert_eq!(client.full_get_self().await.unwrap(), None);
    assert!(engine.calls().is_empty());

    client.phone_login("79990000001").await.unwrap();
    client.complete_phone_login(CODE).await.unwrap();
    let again = client.phone_login("79990000001").await.unwrap_err();
    assert_eq!(
        text(again),
        "This instance of MadelineProto is already logged in!"
    );
    assert!(client.complete_phone_login(CODE).await.is_err());
    assert!(client.complete_signup("A", "").await.is_err());
}

#[tokio::test]
async fn logging_out_removes_the_session() {
    let (client, engine, parent) = client(phone_server).await;
    client.phone_login("79990000001").await.unwrap();
    client.complete_phone_login(CODE).await.unwrap();
    client.logout().await.unwrap();
    assert_eq!(engine.methods().last().unwrap(), "auth.logOut");
    assert_eq!(client.authorization(), Authorization::LoggedOut);
    assert!(!parent.path().join("session.madeline").exists());
    assert!(matches!(
        client.phone_login("79990000001").await,
        Err(Error::SessionClosed { .. })
    ));
    assert_eq!(client.self_user(), None);
}

#[tokio::test]
async fn logging_out_twice_leaves_the_login_that_came_after() {
    let (first, _, parent) = client(phone_server).await;
    first.phone_login("79990000001").await.unwrap();
    first.complete_phone_login(CODE).await.unwrap();
    first.logout().await.unwrap();
    let (second, _) = client_in(&parent, phone_server).await;
    second.phone_login("79990000001").await.unwrap();
    second.complete_phone_login(CODE).await.unwrap();
    first.logout().await.unwrap();
    drop(second);
    let (third, _) = client_in(&parent, phone_server).await;
    assert_eq!(third.authorization(), Authorization::LoggedIn);
}

#[tokio::test]
async fn logging_out_without_a_login_asks_nobody() {
    let (client, engine, parent) = client(phone_server).await;
    client.logout().await.unwrap();
    assert!(engine.calls().is_empty());
    assert!(!parent.path().join("session.madeline").exists());
}

#[tokio::test]
async fn logging_out_without_a_network_changes_nothing() {
    let (client, _, _parent) = client(|dc, request| match request.name() {
        "auth.logOut" => Err(InvokeError::Lost("reset".into())),
        _ => phone_server(dc, request),
    })
    .await;
    client.phone_login("79990000001").await.unwrap();
    client.complete_phone_login(CODE).await.unwrap();
    assert!(matches!(client.logout().await, Err(Error::Lost { .. })));
    assert_eq!(client.authorization(), Authorization::LoggedIn);
}

#[tokio::test]
async fn the_own_user_is_asked_anew_and_remembered() {
    let (client, _, parent) = client(|dc, request| match request.name() {
        "users.getUsers" => {
            assert!(request.list("id").unwrap()[0].is("inputUserSelf"));
            let renamed =
                object!("user", self: true, id: 777_006_i64, access_hash: 5_i64, first_name: "Bob");
            Ok(vec![renamed].into())
        }
        _ => phone_server(dc, request),
    })
    .await;
    client.phone_login("79990000001").await.unwrap();
    client.complete_phone_login(CODE).await.unwrap();
    let fresh = client.full_get_self().await.unwrap().unwrap();
    assert_eq!(read(&fresh).text("first_name").unwrap(), "Bob");
    assert_eq!(client.self_user(), Some(fresh.clone()));
    drop(client);
    let (again, _) = client_in(&parent, phone_server).await;
    assert_eq!(again.self_user(), Some(fresh));
}

#[tokio::test]
async fn a_newer_view_of_the_own_user_is_kept_and_others_are_not_taken_for_it() {
    let (client, _, _parent) = client(phone_server).await;
    client.phone_login("79990000001").await.unwrap();
    client.complete_phone_login(CODE).await.unwrap();
    let bytes = |user: &Value| madeline_tl::boxed_to_bytes(Schema::api(), user).unwrap();
    let other = bytes(&object!("user", id: 5_i64, access_hash: 777_006_i64, first_name: "Eve"));
    client.learn([other.as_slice()]).unwrap();
    assert_eq!(
        read(&client.self_user().unwrap())
            .text("first_name")
            .unwrap(),
        "Alice"
    );
    let own = bytes(
        &object!("user", self: true, id: 777_006_i64, access_hash: 5_i64, first_name: "Alicia"),
    );
    client.learn([own.as_slice(), other.as_slice()]).unwrap();
    assert_eq!(client.self_user(), Some(own));
}
