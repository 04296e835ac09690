//! Logging in and out.

use madeline_client::{Authorization, Client, CodeAnswer, DcId, Error};
use madeline_tl::object;

use crate::support::{Server, ask, read};

#[tokio::test]
async fn a_user_logs_in_by_phone_and_stays_logged_in() {
    let server = Server::start().await;
    let client = server.open("alice").await;
    let sent = client.phone_login("+999 66 1 2001").await.unwrap();
    assert_eq!(sent.phone_number, "+999 66 1 2001");
    assert_eq!(read(&sent.answer).name(), "auth.sentCode");
    let CodeAnswer::Authorized(bytes) = client.complete_phone_login("12345").await.unwrap() else {
        panic!()
    };
    assert_eq!(read(&bytes).get("user").int("id").unwrap(), 5_000_001);
    assert_eq!(client.authorization(), Authorization::LoggedIn);
    drop(client);

    let again = server.open("alice").await;
    assert_eq!(again.authorization(), Authorization::LoggedIn);
    let fresh = again.full_get_self().await.unwrap().unwrap();
    assert_eq!(read(&fresh).text("first_name").unwrap(), "Alice");
    assert_eq!(again.self_user(), Some(fresh));
}

#[tokio::test]
async fn each_step_may_be_made_by_another_process() {
    let server = Server::start().await;
    server
        .open("bob")
        .await
        .phone_login("9996612002")
        .await
        .unwrap();
    let answer = server
        .open("bob")
        .await
        .complete_phone_login("12345")
        .await
        .unwrap();
    assert!(
        matches!(answer, CodeAnswer::PasswordNeeded(_)),
        "{answer:?}"
    );
    let third = server.open("bob").await;
    assert_eq!(third.hint().unwrap(), "battery staple");
    third.complete_2fa_login(b"correct horse").await.unwrap();
    assert_eq!(third.authorization(), Authorization::LoggedIn);
}

#[tokio::test]
async fn a_wrong_code_is_refused() {
    let server = Server::start().await;
    let client = server.open("alice").await;
    client.phone_login("9996612001").await.unwrap();
    let error = client.complete_phone_login("00000").await.unwrap_err();
    assert!(error.is_rpc("PHONE_CODE_INVALID"), "{error}");
    assert_eq!(client.authorization(), Authorization::NotLoggedIn);
}

#[tokio::test]
async fn a_wrong_password_is_refused_and_the_right_one_is_taken_afterwards() {
    let server = Server::start().await;
    let client = server.open("bob").await;
    client.phone_login("9996612002").await.unwrap();
    client.complete_phone_login("12345").await.unwrap();
    let error = client.complete_2fa_login(b"wrong horse").await.unwrap_err();
    assert!(error.is_rpc("PASSWORD_HASH_INVALID"), "{error}");
    assert_eq!(client.authorization(), Authorization::WaitingPassword);
    let bytes = client.complete_2fa_login(b"correct horse").await.unwrap();
    assert_eq!(read(&bytes).get("user").text("first_name").unwrap(), "Bob");
    assert_eq!(client.authorization(), Authorization::LoggedIn);
}

#[tokio::test]
async fn a_new_number_signs_up() {
    let server = Server::start().await;
    let client = server.open("new").await;
    client.phone_login("9996612009").await.unwrap();
    let answer = client.complete_phone_login("12345").await.unwrap();
    assert!(matches!(answer, CodeAnswer::SignupNeeded(_)), "{answer:?}");
    let bytes = client.complete_signup("Alice", "Ångström").await.unwrap();
    assert_eq!(
        read(&bytes).get("user").text("last_name").unwrap(),
        "Ångström"
    );
    assert_eq!(client.authorization(), Authorization::LoggedIn);
}

#[tokio::test]
async fn a_bot_logs_in_by_its_token() {
    let server = Server::start().await;
    let client = server.open("bot").await;
    let error = client.bot_login("6000001:wrong").await.unwrap_err();
    assert!(error.is_rpc("ACCESS_TOKEN_INVALID"), "{error}");
    client
        .bot_login("6000001:sandbox-bot-token")
        .await
        .unwrap()
        .unwrap();
    let own = client.session().own_user().unwrap();
    assert_eq!((own.id, own.bot), (6_000_001, true));
    assert_eq!(
        client.bot_login("6000001:sandbox-bot-token").await.unwrap(),
        None
    );
}

#[tokio::test]
async fn a_login_follows_the_account_to_its_dc() {
    let server = Server::start().await;
    let client = server.open("carol").await;
    assert_eq!(client.session().home_dc(), DcId(2));
    client.phone_login("9996612003").await.unwrap();
    client.complete_phone_login("12345").await.unwrap();
    assert_eq!(client.session().home_dc(), DcId(1));
    ask(&client, object!("help.getNearestDc")).await.unwrap();
    drop(client);
    let again = server.open("carol").await;
    assert_eq!(again.session().home_dc(), DcId(1));
    assert!(again.full_get_self().await.unwrap().is_some());
}

#[tokio::test]
async fn logging_out_ends_the_login_on_the_server_too() {
    let server = Server::start().await;
    let client = server.alice().await;
    let (dc, key) = client.export_authorization().unwrap();
    client.logout().await.unwrap();
    assert_eq!(client.authorization(), Authorization::LoggedOut);
    assert!(!server.path("alice").exists());
    drop(client);

    let copy = server.open("copy").await;
    let error = copy
        .import_authorization(&[(dc, key)], dc)
        .await
        .unwrap_err();
    assert!(
        matches!(
            error,
            Error::Rpc { code: 401, .. } | Error::Transport { code: -404, .. }
        ),
        "{error}"
    );
}

#[tokio::test]
async fn a_login_is_taken_over_by_its_key() {
    let server = Server::start().await;
    let (dc, key) = server.alice().await.export_authorization().unwrap();
    let copy: Client = server.open("copy").await;
    let bytes = copy.import_authorization(&[(dc, key)], dc).await.unwrap();
    assert_eq!(read(&bytes).text("first_name").unwrap(), "Alice");
}

#[tokio::test]
async fn without_a_login_calls_are_refused_by_the_server() {
    let server = Server::start().await;
    let client = server.open("nobody").await;
    let error = ask(&client, object!("account.getPassword"))
        .await
        .unwrap_err();
    assert!(error.is_rpc("AUTH_KEY_UNREGISTERED"), "{error}");
    assert_eq!(client.authorization(), Authorization::NotLoggedIn);
}
