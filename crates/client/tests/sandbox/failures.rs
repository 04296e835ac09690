//! Servers that are down, die, or are not whom they should be.

use std::net::TcpListener;
use std::time::Duration;

use madeline_client::{Authorization, Client, Config, DcId, Error, Timeouts};
use madeline_tl::object;

use crate::proxy::Proxy;
use crate::support::{Server, another_key, ask, bot};

#[tokio::test]
async fn a_server_that_is_down_is_named() {
    let server = Server::start().await;
    let free = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let config = Config {
        dcs: [(DcId(2), free)].into_iter().collect(),
        ..server.config()
    };
    let client = Client::open(&server.path("session"), config).await.unwrap();
    let error = ask(&client, object!("help.getNearestDc"))
        .await
        .unwrap_err();
    assert!(
        matches!(error, Error::Connect { dc: DcId(2), .. }),
        "{error:?}"
    );
    assert!(error.to_string().contains(&free.to_string()), "{error}");
}

#[tokio::test]
async fn the_next_address_of_a_dc_is_tried() {
    let server = Server::start().await;
    let free = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let dcs = [(DcId(2), free), (DcId(2), server.address(2))]
        .into_iter()
        .collect();
    let client = Client::open(
        &server.path("session"),
        Config {
            dcs,
            ..server.config()
        },
    )
    .await
    .unwrap();
    ask(&client, object!("help.getNearestDc")).await.unwrap();
    drop(client);
    // Now with a key: nothing is sent to find out.
    let dcs = [(DcId(2), free), (DcId(2), server.address(2))]
        .into_iter()
        .collect();
    let client = Client::open(
        &server.path("session"),
        Config {
            dcs,
            ..server.config()
        },
    )
    .await
    .unwrap();
    ask(&client, object!("help.getNearestDc")).await.unwrap();
}

#[tokio::test]
async fn a_dc_without_an_address_is_named_with_those_that_have_one() {
    let server = Server::start().await;
    let client = Client::open(
        &server.path("session"),
        Config {
            default_dc: DcId(5),
            ..server.config()
        },
    )
    .await
    .unwrap();
    match ask(&client, object!("help.getNearestDc"))
        .await
        .unwrap_err()
    {
        Error::UnknownDc { dc: DcId(5), known } => assert_eq!(known, [DcId(1), DcId(2)]),
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_silent_server_ends_in_a_timeout_and_holds_up_no_other_dc() {
    let server = Server::start().await;
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let dcs = [
        (DcId(1), silent.local_addr().unwrap()),
        (DcId(2), server.address(2)),
    ]
    .into_iter()
    .collect();
    let config = Config {
        dcs,
        ..server.config()
    };
    let client = Client::open(&server.path("session"), config.clone())
        .await
        .unwrap();
    let other = tokio::spawn({
        let client = client.clone();
        async move { ask_dc(&client, DcId(1)).await }
    });
    ask(&client, object!("help.getNearestDc")).await.unwrap();
    other.abort();
    drop((client, other.await));

    let timeouts = Timeouts {
        connect: Duration::from_millis(300),
        ..config.timeouts.clone()
    };
    let client = Client::open(&server.path("impatient"), Config { timeouts, ..config })
        .await
        .unwrap();
    let error = ask_dc(&client, DcId(1)).await.unwrap_err();
    assert!(
        matches!(error, Error::Connect { dc: DcId(1), .. }),
        "{error:?}"
    );
    assert!(
        error
            .to_string()
            .contains(&silent.local_addr().unwrap().to_string()),
        "{error}"
    );
}

#[tokio::test]
async fn a_server_that_falls_silent_once_the_key_is_known_ends_in_a_timeout() {
    let server = Server::start().await;
    ask(&server.open("session").await, object!("help.getNearestDc"))
        .await
        .unwrap();
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let timeouts = Timeouts {
        connect: Duration::from_millis(300),
        call: Duration::from_secs(60),
    };
    let dcs = [(DcId(2), silent.local_addr().unwrap())]
        .into_iter()
        .collect();
    let client = Client::open(
        &server.path("session"),
        Config {
            dcs,
            timeouts,
            ..server.config()
        },
    )
    .await
    .unwrap();
    let error = ask(&client, object!("help.getNearestDc"))
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Connect { .. }), "{error:?}");
}

async fn ask_dc(client: &Client, dc: DcId) -> Result<bytes::Bytes, Error> {
    let mut call = crate::support::call(&object!("help.getNearestDc"));
    call.dc = Some(dc);
    client.invoke(call).await
}

#[tokio::test]
async fn a_server_with_another_rsa_key_is_refused_with_both_fingerprints() {
    let server = Server::start().await;
    let wrong = another_key();
    let config = Config {
        rsa_keys: vec![wrong.clone()],
        ..server.config()
    };
    let client = Client::open(&server.path("session"), config).await.unwrap();
    let error = ask(&client, object!("help.getNearestDc"))
        .await
        .unwrap_err();
    assert!(
        matches!(error, Error::KeyExchange { dc: DcId(2), .. }),
        "{error:?}"
    );
    let text = error.to_string();
    for fingerprint in [
        wrong.fingerprint(),
        server.config().rsa_keys[0].fingerprint(),
    ] {
        let forms = [
            format!("{fingerprint}"),
            format!("{fingerprint:x}"),
            format!("{fingerprint:016x}"),
        ];
        assert!(
            forms.iter().any(|form| text.contains(form)),
            "{fingerprint:x} is not in: {text}"
        );
    }
    assert!(text.contains(&server.address(2).to_string()), "{text}");
}

/// A client behind a proxy, logged in as Alice.
pub(crate) async fn alice_behind(proxy: &Proxy, server: &Server) -> Client {
    let config = Config {
        dcs: [(DcId(2), proxy.address)].into_iter().collect(),
        ..server.config()
    };
    let client = Client::open(&server.path("alice"), config).await.unwrap();
    client.phone_login("9996612001").await.unwrap();
    client.complete_phone_login("12345").await.unwrap();
    client
}

#[tokio::test]
async fn a_connection_that_breaks_while_nobody_waits_is_replaced_unseen() {
    let server = Server::start().await;
    let proxy = Proxy::start(server.address(2), None).await;
    let client = alice_behind(&proxy, &server).await;
    let peer = bot(&client).await;
    proxy.cut();
    // What the client sees of it takes a moment; asking what may be asked twice waits for it.
    ask(&client, object!("help.getNearestDc")).await.unwrap();
    let press = object!("messages.getBotCallbackAnswer", peer: peer, msg_id: 42, data: b"yes");
    assert!(ask(&client, press).await.unwrap().flag("alert"));
}

#[tokio::test]
async fn a_server_that_is_gone_is_named_and_the_login_stays() {
    let mut server = Server::start().await;
    let config = Config {
        timeouts: Timeouts {
            connect: Duration::from_secs(2),
            ..server.config().timeouts
        },
        ..server.config()
    };
    let client = server.alice_with(config).await;
    let address = server.address(2);
    server.kill();
    let error = ask(&client, object!("help.getNearestDc"))
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Connect { .. }), "{error:?}");
    assert!(error.to_string().contains(&address.to_string()), "{error}");
    assert_eq!(client.authorization(), Authorization::LoggedIn);
}

#[tokio::test]
async fn a_server_that_forgot_the_key_gets_a_new_one_unless_a_login_hangs_on_it() {
    let forgetful = Server::start().await;
    let server = Server::start().await;
    for (name, logged_in) in [("nobody", false), ("alice", true)] {
        let client = if logged_in {
            server.alice().await
        } else {
            server.open(name).await
        };
        ask(&client, object!("help.getNearestDc")).await.unwrap();
        drop(client);
        let client = Client::open(&server.path(name), forgetful.config())
            .await
            .unwrap();
        match ask(&client, object!("help.getNearestDc")).await {
            Ok(_) => assert!(!logged_in),
            Err(error) => {
                assert!(logged_in, "{error}");
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
                drop(client);
                let client = server.open(name).await;
                assert!(
                    client.full_get_self().await.unwrap().is_some(),
                    "the key is still there"
                );
            }
        }
    }
}

#[tokio::test]
async fn a_deactivated_account_is_logged_out_here_too() {
    let errors =
        r#"{"method": "users.getUsers", "error": {"code": 401, "text": "USER_DEACTIVATED"}}"#;
    let server = Server::start_with_errors(errors).await;
    let client = server.alice().await;
    match client.full_get_self().await.unwrap_err() {
        Error::LoggedOut { reason } => assert_eq!(reason, "USER_DEACTIVATED"),
        other => panic!("{other}"),
    }
    assert_eq!(client.authorization(), Authorization::LoggedOut);
    assert!(!server.path("alice").exists());
}
