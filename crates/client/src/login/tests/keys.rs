//! Logins by keys, and what stays of an account when another one comes.

use madeline_mtproto::AuthKey;
use madeline_tl::{Schema, Value, object};

use super::{Answer, CODE, phone_server, read, user};
use crate::engine::fake::{client, client_in, rpc};
use crate::peers::PeerId;
use crate::{Authorization, Client, DcId, Error};

#[tokio::test]
async fn a_login_is_taken_over_by_its_key() {
    let (client, _, _parent) = client(|dc, request| match request.name() {
        "users.getUsers" => {
            assert_eq!(dc, DcId(4));
            Ok(vec![user(false)].into())
        }
        other => panic!("unexpected {other}"),
    })
    .await;
    let bytes = client
        .import_authorization(&[(DcId(4), vec![9; 256])], DcId(4))
        .await
        .unwrap();
    assert_eq!(read(&bytes).int("id").unwrap(), 777_006);
    assert_eq!(client.authorization(), Authorization::LoggedIn);
    assert_eq!(
        client.export_authorization().unwrap(),
        (DcId(4), vec![9; 256])
    );
}

#[tokio::test]
async fn a_key_that_has_no_login_is_not_kept() {
    let (client, _, _parent) = client(|_, _| rpc(401, "AUTH_KEY_UNREGISTERED")).await;
    let error = client
        .import_authorization(&[(DcId(4), vec![9; 256])], DcId(4))
        .await
        .unwrap_err();
    assert!(error.is_rpc("AUTH_KEY_UNREGISTERED"), "{error}");
    assert_eq!(client.authorization(), Authorization::NotLoggedIn);
    assert_eq!(client.session().home_dc(), DcId(2));
    assert_eq!(client.session().auth_key(DcId(4), false).unwrap(), None);
}

#[tokio::test]
async fn an_import_that_failed_leaves_keys_home_and_login_as_they_were() {
    let (client, engine, parent) = client(|dc, request| match request.name() {
        "users.getUsers" => {
            assert_eq!(dc, DcId(4));
            rpc(401, "AUTH_KEY_UNREGISTERED")
        }
        _ => phone_server(dc, request),
    })
    .await;
    let (own, other) = (AuthKey::from_bytes([1; 256]), AuthKey::from_bytes([2; 256]));
    client.session().set_auth_key(DcId(2), false, &own).unwrap();
    client
        .session()
        .set_auth_key(DcId(4), false, &other)
        .unwrap();
    client.phone_login("79990000001").await.unwrap();
    let imported = [2, 4, 5].map(|dc| (DcId(dc), vec![9; 256]));
    let error = client
        .import_authorization(&imported, DcId(4))
        .await
        .unwrap_err();
    assert!(error.is_rpc("AUTH_KEY_UNREGISTERED"), "{error}");
    assert_eq!(engine.methods().last().unwrap(), "users.getUsers");
    drop(client);

    let (client, _) = client_in(&parent, phone_server).await;
    let key = |dc| client.session().auth_key(DcId(dc), false).unwrap();
    assert_eq!((key(2), key(4), key(5)), (Some(own), Some(other), None));
    assert_eq!(client.session().home_dc(), DcId(2));
    assert_eq!(client.authorization(), Authorization::WaitingCode);
    client.complete_phone_login(CODE).await.unwrap();
}

#[tokio::test]
async fn an_import_that_nobody_waits_for_any_more_is_undone() {
    let (client, _, _parent) = client(|_, _| rpc(-503, "Timeout")).await;
    let keys = [(DcId(4), vec![9; 256])];
    let mut importing = Box::pin(client.import_authorization(&keys, DcId(4)));
    tokio::select! {
        biased;
        outcome = &mut importing => panic!("{outcome:?}"),
        () = tokio::task::yield_now() => {}
    }
    assert_eq!(client.session().home_dc(), DcId(4));
    drop(importing);
    assert_eq!(client.session().home_dc(), DcId(2));
    assert_eq!(client.session().auth_key(DcId(4), false).unwrap(), None);
}

/// Logs in as 777006, learns somebody and loses the login to a duplicated key.
async fn loses_its_login(client: &Client) {
    client.phone_login("79990000001").await.unwrap();
    client.complete_phone_login(CODE).await.unwrap();
    let friend = object!("user", id: 5_i64, access_hash: 6_i64, first_name: "Eve", username: "eve");
    let friend = madeline_tl::boxed_to_bytes(Schema::api(), &friend).unwrap();
    client.learn([friend.as_slice()]).unwrap();
    let key = AuthKey::from_bytes([1; 256]);
    for dc in [DcId(2), DcId(4)] {
        client.session().set_auth_key(dc, false, &key).unwrap();
    }
    let update_state =
        "INSERT INTO update_state (channel, pts, qts, date, seq) VALUES (0, 1, 2, 3, 4)";
    let insert = |connection: &mut rusqlite::Connection| connection.execute(update_state, ());
    client.session().database().with("insert", insert).unwrap();
    let error = client.full_get_self().await.unwrap_err();
    assert!(error.is_rpc("AUTH_KEY_DUPLICATED"), "{error}");
    assert_eq!(client.authorization(), Authorization::NotLoggedIn);
    client.session().set_auth_key(DcId(2), false, &key).unwrap();
}

fn update_states(client: &Client) -> i64 {
    let count = |connection: &mut rusqlite::Connection| {
        connection.query_row("SELECT count(*) FROM update_state", (), |row| row.get(0))
    };
    client.session().database().with("count", count).unwrap()
}

fn duplicating_server(dc: DcId, request: &Value) -> Answer {
    match request.name() {
        "users.getUsers" => rpc(406, "AUTH_KEY_DUPLICATED"),
        "auth.importBotAuthorization" => {
            let bot = object!("user", self: true, bot: true, bot_info_version: 1, id: 99_i64, access_hash: 1_i64,
                first_name: "Bot");
            Ok(object!("auth.authorization", user: bot))
        }
        "help.getConfig" => rpc(500, "unexpected"),
        _ => phone_server(dc, request),
    }
}

#[tokio::test]
async fn another_account_finds_nothing_of_the_former_one() {
    let (client, _, parent) = client(duplicating_server).await;
    loses_its_login(&client).await;
    drop(client);
    let (client, _) = client_in(&parent, duplicating_server).await;
    let eve = PeerId::user(5).unwrap();
    assert!(client.peers().find(eve).unwrap().is_some());
    client.bot_login("1:right").await.unwrap();
    assert_eq!(client.peers().find(eve).unwrap(), None);
    assert_eq!(client.peers().find_username("eve").unwrap(), None);
    let own = PeerId::user(99).unwrap();
    assert!(client.peers().find(own).unwrap().is_some());
    assert_eq!(client.session().auth_key(DcId(4), false).unwrap(), None);
    assert!(client.session().auth_key(DcId(2), false).unwrap().is_some());
    assert_eq!(update_states(&client), 0);
}

#[tokio::test]
async fn the_same_account_finds_its_peers_again() {
    let (client, _, _parent) = client(duplicating_server).await;
    loses_its_login(&client).await;
    client.phone_login("79990000001").await.unwrap();
    client.complete_phone_login(CODE).await.unwrap();
    assert!(
        client
            .peers()
            .find(PeerId::user(5).unwrap())
            .unwrap()
            .is_some()
    );
    assert!(client.session().auth_key(DcId(4), false).unwrap().is_some());
    assert_eq!(update_states(&client), 1);
}

#[tokio::test]
async fn a_key_of_another_length_is_refused() {
    let (client, engine, _parent) = client(|_, _| rpc(500, "unexpected")).await;
    let error = client
        .import_authorization(&[(DcId(4), vec![9; 255])], DcId(4))
        .await
        .unwrap_err();
    assert!(
        matches!(
            error,
            Error::KeyLength {
                dc: DcId(4),
                bytes: 255
            }
        ),
        "{error:?}"
    );
    assert!(engine.calls().is_empty());
}
