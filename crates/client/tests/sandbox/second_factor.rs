//! QR codes, and the password that is asked for after them.

use std::time::Duration;

use madeline_client::{Authorization, Client, Error, NewPassword, PasswordChange, QrToken};
use madeline_tl::{Value, object};
use tokio::time::{sleep, timeout};

use crate::support::{Server, ask};

/// What a device of the user does with a code.
async fn scan(device: &Client, code: &QrToken) -> Result<Value, Error> {
    let token = code.link.strip_prefix("tg://login?token=").unwrap();
    let digit = |letter: char| match letter {
        'A'..='Z' => letter as u32 - 65,
        'a'..='z' => letter as u32 - 71,
        '0'..='9' => letter as u32 + 4,
        '-' => 62,
        _ => 63,
    };
    let (mut bits, mut count, mut bytes) = (0_u32, 0, Vec::new());
    for letter in token.chars() {
        bits = bits << 6 | digit(letter);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count & 0xff) as u8);
        }
    }
    ask(device, object!("auth.acceptLoginToken", token: bytes)).await
}

#[tokio::test]
async fn a_scan_ends_the_wait_at_once() {
    let server = Server::start().await;
    let alice = server.alice().await;
    let new = server.open("new").await;
    let code = new.qr_login().await.unwrap().unwrap();
    assert!(code.remaining() > Duration::from_secs(20));
    let waiting = {
        let (new, code) = (new.clone(), code.clone());
        tokio::spawn(async move { new.wait_for_qr_login(&code).await })
    };
    sleep(Duration::from_millis(50)).await;
    assert!(!waiting.is_finished());
    scan(&alice, &code).await.unwrap();
    let outcome = timeout(Duration::from_secs(10), waiting).await.unwrap();
    assert_eq!(outcome.unwrap().unwrap(), None);
    assert_eq!(new.authorization(), Authorization::LoggedIn);
}

#[tokio::test]
async fn a_scan_before_the_wait_is_not_missed() {
    let server = Server::start().await;
    let alice = server.alice().await;
    let new = server.open("new").await;
    let code = new.qr_login().await.unwrap().unwrap();
    scan(&alice, &code).await.unwrap();
    sleep(Duration::from_millis(50)).await;
    let waiting = new.wait_for_qr_login(&code);
    let outcome = timeout(Duration::from_secs(10), waiting).await.unwrap();
    assert_eq!(outcome.unwrap(), None);
    assert_eq!(new.authorization(), Authorization::LoggedIn);
}

#[tokio::test]
async fn no_code_is_made_in_the_middle_of_another_login() {
    let server = Server::start().await;
    let client = server.open("alice").await;
    client.phone_login("9996612001").await.unwrap();
    let error = client.qr_login().await.unwrap_err();
    assert!(matches!(error, Error::LoginState(_)), "{error}");
    client.complete_phone_login("12345").await.unwrap();
    assert_eq!(client.qr_login().await.unwrap(), None);
}

#[tokio::test]
async fn a_password_is_set_asked_for_and_removed() {
    let server = Server::start().await;
    let alice = server.alice().await;
    let set = |password: &[u8], new: NewPassword| PasswordChange {
        password: password.to_vec(),
        new,
        email: None,
    };
    let secret = NewPassword::Set {
        password: b"secret".to_vec(),
        hint: "five letters and one".to_owned(),
    };
    alice.update_2fa(set(b"", secret.clone())).await.unwrap();

    let again = server.open("again").await;
    again.phone_login("9996612001").await.unwrap();
    again.complete_phone_login("12345").await.unwrap();
    assert_eq!(again.hint().unwrap(), "five letters and one");
    again.complete_2fa_login(b"secret").await.unwrap();

    let error = alice.update_2fa(set(b"", secret)).await.unwrap_err();
    assert!(error.is_rpc("PASSWORD_HASH_INVALID"), "{error}");
    alice
        .update_2fa(set(b"secret", NewPassword::Removed))
        .await
        .unwrap();
    let account = ask(&alice, object!("account.getPassword")).await.unwrap();
    assert!(!account.flag("has_password"));
}
