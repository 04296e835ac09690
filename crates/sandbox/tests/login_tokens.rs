//! QR codes and changes of the password, as Telegram has them.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod support;

use support::{Client, Value, error, logged_in, object, start};

const WORLD: &str = r#"{
    "login_token_seconds": 30,
    "users": {
        "alice": {"first_name": "Alice", "phone": "9996612001"},
        "bob": {"first_name": "Bob", "phone": "9996612002", "password": "correct horse"}
    }
}"#;

fn export() -> Value {
    object!("auth.exportLoginToken", api_id: 1, api_hash: "h", except_ids: Vec::<Value>::new())
}

fn accept(token: &[u8]) -> Value {
    object!("auth.acceptLoginToken", token: token)
}

#[tokio::test]
async fn a_token_is_good_once_for_its_key() {
    let sandbox = start(WORLD).await;
    let mut alice = logged_in(&sandbox, "9996612001").await;
    let mut new = Client::connect(&sandbox, 2).await;
    let first = new.call(export()).await.unwrap();
    let second = new.call(export()).await.unwrap();
    let (first, second) = (
        first.bytes("token").unwrap(),
        second.bytes("token").unwrap(),
    );
    assert_ne!(first, second);
    assert_eq!(
        alice.call(accept(first)).await,
        error(400, "AUTH_TOKEN_INVALIDX")
    );
    assert_eq!(
        new.call(accept(second)).await,
        error(401, "AUTH_KEY_UNREGISTERED")
    );
    assert_eq!(
        new.call(object!("auth.importLoginToken", token: second))
            .await,
        error(400, "AUTH_TOKEN_INVALID")
    );
    alice.call(accept(second)).await.unwrap();
    assert_eq!(
        alice.call(accept(second)).await,
        error(400, "AUTH_TOKEN_ALREADY_ACCEPTED")
    );
    new.update("updateLoginToken").await;
    let done = new.call(export()).await.unwrap();
    assert_eq!(done.name(), "auth.loginTokenSuccess");
    assert_eq!(
        done.get("authorization").get("user").text("first_name"),
        Ok("Alice")
    );
}

#[tokio::test]
async fn a_token_is_good_for_its_time() {
    let sandbox = start(&WORLD.replace("30", "1")).await;
    let mut alice = logged_in(&sandbox, "9996612001").await;
    let mut late = Client::connect(&sandbox, 2).await;
    let token = late.call(export()).await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(2100)).await;
    assert_eq!(
        alice.call(accept(token.bytes("token").unwrap())).await,
        error(400, "AUTH_TOKEN_EXPIRED")
    );
}

#[tokio::test]
async fn a_new_password_has_the_parameters_that_were_offered() {
    let sandbox = start(WORLD).await;
    let mut alice = logged_in(&sandbox, "9996612001").await;
    let offered = alice.call(object!("account.getPassword")).await.unwrap();
    let offered = offered.get("new_algo");
    let (salt2, p) = (
        offered.bytes("salt2").unwrap().to_vec(),
        offered.bytes("p").unwrap().to_vec(),
    );
    let algorithm = |salt1: Vec<u8>, g: i64| {
        object!("passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow",
            salt1: salt1, salt2: salt2.clone(), g: g, p: p.clone())
    };
    let salt1 = offered.bytes("salt1").unwrap().to_vec();
    let own = [salt1.clone(), vec![7; 32]].concat();
    let change = |algorithm: Value, hash: Vec<u8>| {
        let settings = object!("account.passwordInputSettings", new_algo: algorithm, new_password_hash: hash, hint: "");
        object!("account.updatePasswordSettings", password: object!("inputCheckPasswordEmpty"), new_settings: settings)
    };
    let g = offered.int("g").unwrap();
    for (salt, g, hash, refusal) in [
        (salt1, g, vec![9; 256], "NEW_SALT_INVALID"),
        (vec![7; 40], g, vec![9; 256], "NEW_SALT_INVALID"),
        (own.clone(), g + 1, vec![9; 256], "NEW_SETTINGS_INVALID"),
        (own.clone(), g, vec![0; 256], "NEW_SETTINGS_INVALID"),
        (own.clone(), g, vec![9; 255], "NEW_SETTINGS_INVALID"),
    ] {
        assert_eq!(
            alice.call(change(algorithm(salt, g), hash)).await,
            error(400, refusal)
        );
        alice.call(object!("account.getPassword")).await.unwrap();
    }
    let empty = object!("account.passwordInputSettings");
    let none = object!("account.updatePasswordSettings", password: object!("inputCheckPasswordEmpty"), new_settings: empty);
    assert_eq!(alice.call(none).await, error(400, "NEW_SETTINGS_EMPTY"));
}
