//! The proxies in front of the data centres, each reached as a client reaches it; and what is said when it can't be.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use std::net::SocketAddr;
use std::time::Duration;

use madeline_mtproto::RsaKey;
use madeline_mtproto::dial::{self, Hop, Route};
use madeline_mtproto::driver::{Error, create_auth_key, exchange};
use madeline_mtproto::proxy::Login;
use madeline_mtproto::transport::{Kind, Secret};
use madeline_sandbox::{Proxy, Sandbox};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const WORLD: &str = r#"{"dcs": 2, "users": {}, "bots": {}}"#;
const KEY: &str = "000102030405060708090a0b0c0d0e0f";
const OTHER: &str = "000102030405060708090a0b0c0d0e10";
const DOMAIN: &str = "6578616d706c652e6f7267";
const LIMIT: Duration = Duration::from_secs(60);

fn me() -> Login {
    Login::new("me", "secret")
}

fn secret(text: &str) -> Secret {
    text.parse().unwrap()
}

fn socks5(address: SocketAddr, login: Option<Login>) -> Route {
    by(Hop::Socks5 {
        address: address.into(),
        login,
    })
}

fn http(address: SocketAddr, login: Option<Login>) -> Route {
    by(Hop::Http {
        address: address.into(),
        login,
    })
}

fn mtproxy(address: SocketAddr, text: &str) -> Route {
    by(Hop::MtProxy {
        address: address.into(),
        secret: secret(text),
    })
}

fn by(hop: Hop) -> Route {
    Route {
        hop,
        ..Route::direct(Kind::Intermediate)
    }
}

/// A key from the second data centre.
async fn create(sandbox: &Sandbox, route: &Route) -> Result<(), Error> {
    let keys = [RsaKey::from_pem(sandbox.rsa_public_key()).unwrap()];
    create_auth_key(sandbox.addresses()[&2], route, &keys, 2, None, LIMIT)
        .await
        .map(drop)
}

/// The message for a route that does not work, without what it has in common with all others.
async fn failure(sandbox: &Sandbox, route: &Route) -> String {
    let message = create(sandbox, route).await.unwrap_err().to_string();
    let common = format!("no authorization key from {}: ", sandbox.addresses()[&2]);
    message.strip_prefix(&common).unwrap().to_owned()
}

#[tokio::test]
async fn keys_are_created_through_every_proxy() {
    let mut sandbox = support::start(WORLD).await;
    for login in [None, Some(me())] {
        let open = Proxy::Socks5 {
            login: login.clone(),
        };
        let address = sandbox.listen_proxy(open).await.unwrap();
        let route = socks5(address, login.clone());
        create(&sandbox, &route).await.unwrap();
        let obfuscated = Route {
            obfuscated: true,
            ..route
        };
        create(&sandbox, &obfuscated).await.unwrap();

        let open = Proxy::Http {
            login: login.clone(),
        };
        let address = sandbox.listen_proxy(open).await.unwrap();
        create(&sandbox, &http(address, login)).await.unwrap();
    }
    for prefix in ["", "dd", "ee"] {
        let domain = if prefix == "ee" { DOMAIN } else { "" };
        let text = format!("{prefix}{KEY}{domain}");
        let secret = secret(&text);
        let address = sandbox
            .listen_proxy(Proxy::MtProxy { secret })
            .await
            .unwrap();
        for kind in [Kind::Abridged, Kind::Intermediate, Kind::PaddedIntermediate] {
            let route = Route {
                kind,
                ..mtproxy(address, &text)
            };
            create(&sandbox, &route).await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_connection_through_a_proxy_goes_on_after_the_exchange() {
    let mut sandbox = support::start(WORLD).await;
    let text = format!("ee{KEY}{DOMAIN}");
    let secret = secret(&text);
    let proxy = Proxy::MtProxy { secret };
    let route = mtproxy(sandbox.listen_proxy(proxy).await.unwrap(), &text);
    let keys = [RsaKey::from_pem(sandbox.rsa_public_key()).unwrap()];
    let mut dialled = dial::connect(sandbox.addresses()[&2], &route, 2, LIMIT)
        .await
        .unwrap();
    let permanent = exchange(&mut dialled, &keys, 2, None, LIMIT).await.unwrap();
    let temporary = exchange(&mut dialled, &keys, 2, Some(3600), LIMIT)
        .await
        .unwrap();
    assert_ne!(permanent.key, temporary.key);
}

#[tokio::test]
async fn wrong_passwords_are_said_to_be_wrong() {
    let mut sandbox = support::start(WORLD).await;
    let other = Some(Login::new("me", "other"));
    let open = Proxy::Socks5 { login: Some(me()) };
    let address = sandbox.listen_proxy(open).await.unwrap();
    assert_eq!(
        failure(&sandbox, &socks5(address, other.clone())).await,
        format!("connecting: the SOCKS5 proxy {address} refused the password")
    );
    assert_eq!(
        failure(&sandbox, &socks5(address, None)).await,
        format!("connecting: the SOCKS5 proxy {address} wants a name and a password")
    );
    let open = Proxy::Http { login: Some(me()) };
    let address = sandbox.listen_proxy(open).await.unwrap();
    assert_eq!(
        failure(&sandbox, &http(address, other)).await,
        format!("connecting: the HTTP proxy {address} answered 407: it refused the password")
    );
    assert_eq!(
        failure(&sandbox, &http(address, None)).await,
        format!(
            "connecting: the HTTP proxy {address} answered 407: it wants a name and a password"
        )
    );
}

#[tokio::test]
async fn wrong_secrets_are_suspected() {
    let mut sandbox = support::start(WORLD).await;
    for (theirs, ours, begins) in [
        (KEY.to_owned(), OTHER.to_owned(), "req_pq_multi: "),
        (format!("dd{KEY}"), format!("dd{OTHER}"), "req_pq_multi: "),
        (
            format!("ee{KEY}{DOMAIN}"),
            format!("ee{OTHER}{DOMAIN}"),
            "connecting: ",
        ),
        // A proxy that wants TLS takes nothing else.
        (format!("ee{KEY}{DOMAIN}"), KEY.to_owned(), "req_pq_multi: "),
        (format!("dd{KEY}"), KEY.to_owned(), "req_pq_multi: "),
    ] {
        let secret = secret(&theirs);
        let address = sandbox
            .listen_proxy(Proxy::MtProxy { secret })
            .await
            .unwrap();
        let message = failure(&sandbox, &mtproxy(address, &ours)).await;
        assert!(message.starts_with(begins), "{message}");
        assert!(
            message.contains(&format!("the MTProxy {address} ")),
            "{message}"
        );
        assert!(message.ends_with(": wrong secret?"), "{message}");
    }
}

#[tokio::test]
async fn other_targets_than_the_data_centres_are_refused() {
    let mut sandbox = support::start(WORLD).await;
    let elsewhere: SocketAddr = "127.0.0.1:1".parse().unwrap();
    let open = Proxy::Socks5 { login: None };
    let address = sandbox.listen_proxy(open).await.unwrap();
    let error = dial::connect(elsewhere, &socks5(address, None), 2, LIMIT)
        .await
        .err()
        .unwrap();
    assert_eq!(
        error.to_string(),
        format!("the SOCKS5 proxy {address} answered 2: its rules forbid the connection")
    );
    let open = Proxy::Http { login: None };
    let address = sandbox.listen_proxy(open).await.unwrap();
    let error = dial::connect(elsewhere, &http(address, None), 2, LIMIT)
        .await
        .err()
        .unwrap();
    assert_eq!(
        error.to_string(),
        format!("the HTTP proxy {address} answered 403 Forbidden")
    );
}

#[tokio::test]
async fn a_greeting_of_tls_counts_once() {
    let mut sandbox = support::start(WORLD).await;
    let text = format!("ee{KEY}{DOMAIN}");
    let secret = secret(&text);
    let proxy = Proxy::MtProxy { secret };
    let target = sandbox.listen_proxy(proxy).await.unwrap();
    // Somebody in between writes down what the client says, and says it again.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let between = listener.local_addr().unwrap();
    let recording = tokio::spawn(async move {
        let (mut client, _) = listener.accept().await.unwrap();
        let mut greeting = vec![0; 517];
        client.read_exact(&mut greeting).await.unwrap();
        let mut answers = Vec::new();
        for _ in 0..2 {
            let mut proxy = TcpStream::connect(target).await.unwrap();
            proxy.write_all(&greeting).await.unwrap();
            answers.push(proxy.read(&mut [0; 16]).await.unwrap());
        }
        answers
    });
    let _ = dial::connect(sandbox.addresses()[&2], &mtproxy(between, &text), 2, LIMIT).await;
    assert_eq!(recording.await.unwrap(), [16, 0]);
}

/// Something that answers whatever comes with these bytes and then ends the connection.
async fn answer_with(bytes: &'static [u8]) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.read(&mut [0; 4096]).await;
            let _ = stream.write_all(bytes).await;
        }
    });
    address
}

#[tokio::test]
async fn whatever_else_listens_is_named() {
    let sandbox = support::start(WORLD).await;
    let address = answer_with(b"SSH-2.0-OpenSSH_9.2p1\r\n").await;
    let ee = format!("ee{KEY}{DOMAIN}");
    for (route, text) in [
        (
            socks5(address, None),
            "the SOCKS5 proxy {} does not speak SOCKS5 (it began with 0x53)",
        ),
        (http(address, None), "the HTTP proxy {} does not speak HTTP"),
        (
            mtproxy(address, &ee),
            "the MTProxy {} does not speak TLS (it began with 0x53): is this an `ee` secret for that proxy?",
        ),
    ] {
        let text = text.replace("{}", &address.to_string());
        assert_eq!(
            failure(&sandbox, &route).await,
            format!("connecting: {text}")
        );
    }
    let address = answer_with(b"").await;
    for (route, text) in [
        (
            socks5(address, None),
            "the SOCKS5 proxy {} closed the connection",
        ),
        (
            http(address, None),
            "the HTTP proxy {} closed the connection",
        ),
        (
            mtproxy(address, &ee),
            "the MTProxy {} closed the connection: wrong secret?",
        ),
    ] {
        let text = text.replace("{}", &address.to_string());
        assert_eq!(
            failure(&sandbox, &route).await,
            format!("connecting: {text}")
        );
    }
}

#[tokio::test]
async fn a_proxy_that_is_down_or_silent_is_named() {
    let sandbox = support::start(WORLD).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let limit = Duration::from_millis(50);
    for route in [
        socks5(address, None),
        http(address, None),
        mtproxy(address, &format!("ee{KEY}{DOMAIN}")),
    ] {
        let error = dial::connect(sandbox.addresses()[&2], &route, 2, limit)
            .await
            .err()
            .unwrap()
            .to_string();
        let text = format!("{address} did not answer within 0.05 s");
        assert!(error.contains(&text), "{error}");
    }
    drop(listener);
    let message = failure(&sandbox, &socks5(address, None)).await;
    let text = format!("connecting: the SOCKS5 proxy {address} could not be reached: ");
    assert!(message.starts_with(&text), "{message}");
    let nowhere = by(Hop::Socks5 {
        address: "proxy.invalid:1080".parse().unwrap(),
        login: None,
    });
    let message = failure(&sandbox, &nowhere).await;
    let text = "connecting: the SOCKS5 proxy proxy.invalid:1080 could not be found: ";
    assert!(message.starts_with(text), "{message}");
}

#[tokio::test]
async fn connections_come_from_the_address_that_is_wanted() {
    let sandbox = support::start(WORLD).await;
    let from = |address: &str| Route {
        bind_to: Some(address.parse().unwrap()),
        ..Route::direct(Kind::Abridged)
    };
    let dialled = dial::connect(sandbox.addresses()[&2], &from("127.0.0.5:0"), 2, LIMIT)
        .await
        .unwrap();
    assert_eq!(
        dialled.stream.local_addr().unwrap().ip().to_string(),
        "127.0.0.5"
    );
    for (address, text) in [
        ("[::1]:0", "it has no address of that family"),
        ("192.0.2.1:0", "can't be reached from 192.0.2.1:0"),
    ] {
        let error = dial::connect(sandbox.addresses()[&2], &from(address), 2, LIMIT)
            .await
            .err()
            .unwrap()
            .to_string();
        assert!(error.contains(text), "{error}");
    }
}
