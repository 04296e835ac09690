//! Servers that are for files only.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use madeline_mtproto::handshake::client::Target;
use madeline_sandbox::{Sandbox, World};
use support::{Client, Received, Value, Wire, error, introduced, logged_in, object, start};

const WORLD: &str = r#"{
    "dcs": 2, "media_only": [2],
    "users": {"alice": {"first_name": "Alice", "phone": "9996612001"}}
}"#;
const ALICE: &str = "9996612001";

/// A client of the servers for files, with a temporary key made there.
async fn bound(sandbox: &Sandbox, permanent: &Client) -> Client {
    let mut wire = Wire::open(sandbox, -2).await;
    let target = Target {
        dc: -2,
        expires_in: Some(3600),
    };
    let (key, salt) = wire.exchange(sandbox, target).await;
    let mut client = Client::with_key(wire, key, salt);
    assert_eq!(client.bind(permanent, true).await, Ok(Value::Bool(true)));
    client
}

fn save_part() -> Value {
    object!("upload.saveFilePart", file_id: 1, file_part: 0, bytes: b"hello".to_vec())
}

#[tokio::test]
async fn they_take_files_and_nothing_else() {
    let sandbox = start(WORLD).await;
    let permanent = logged_in(&sandbox, ALICE).await;
    let clients = [
        bound(&sandbox, &permanent).await,
        permanent.sibling(&sandbox, -2).await,
    ];
    for mut client in clients {
        assert_eq!(client.call(save_part()).await, Ok(Value::Bool(true)));
        for other in ["updates.getState", "help.getConfig"] {
            assert_eq!(
                client.call(object!(other)).await,
                error(400, "METHOD_INVALID"),
                "{other}"
            );
        }
    }
}

#[tokio::test]
async fn their_addresses_are_told() {
    let sandbox = start(WORLD).await;
    let mut client = Client::connect(&sandbox, 2).await;
    let config = client.call(object!("help.getConfig")).await.unwrap();
    let told: Vec<_> = config
        .list("dc_options")
        .unwrap()
        .iter()
        .map(|option| {
            (
                option.int("id").unwrap(),
                option.flag("media_only"),
                option.int("port").unwrap(),
            )
        })
        .collect();
    let port = |dc: i32| i64::from(sandbox.addresses()[&dc].port());
    assert_eq!(
        told,
        [
            (2, true, port(-2)),
            (1, false, port(1)),
            (2, false, port(2))
        ]
    );
}

#[tokio::test]
async fn temporary_keys_are_good_where_they_were_made() {
    let sandbox = start(WORLD).await;
    let permanent = logged_in(&sandbox, ALICE).await;
    let mut of_files = bound(&sandbox, &permanent).await;
    of_files.reconnect(&sandbox, 2).await;
    of_files.send(&introduced(save_part())).await;
    assert_eq!(of_files.raw_end().await, Received::TransportError(-404));
    // The number says which servers a key is for.
    for (server, dc) in [(2, -2), (-2, 2)] {
        let mut wire = Wire::open(&sandbox, server).await;
        let target = Target {
            dc,
            expires_in: Some(3600),
        };
        assert_eq!(
            wire.refusal(&sandbox, target).await,
            Received::TransportError(-444)
        );
    }
}

#[tokio::test]
async fn a_permanent_key_that_is_gone_is_gone_there_too() {
    let sandbox = start(WORLD).await;
    let mut permanent = logged_in(&sandbox, ALICE).await;
    let mut sibling = permanent.sibling(&sandbox, -2).await;
    sibling.call(save_part()).await.unwrap();
    permanent.call(object!("auth.logOut")).await.unwrap();
    assert_eq!(
        sibling.call(save_part()).await,
        error(401, "AUTH_KEY_UNREGISTERED")
    );
    let forget = serde_json::json!({"do": "forget_key"});
    sandbox.control().ask(forget).unwrap();
    sibling.send(&save_part()).await;
    assert_eq!(sibling.raw_end().await, Received::TransportError(-404));
}

#[test]
fn a_world_has_them_where_it_has_data_centres() {
    for wrong in ["[3]", "[0]", "[-2]", "[2, 2]"] {
        let world = WORLD.replace("[2]", wrong);
        let faults = World::parse(&world).unwrap_err().to_string();
        assert!(faults.contains("media_only["), "{faults}");
    }
}
