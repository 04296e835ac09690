//! Several processes, one session, against a sandbox.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod serving;
mod storage;
mod support;
mod updates;
mod watching;

use std::time::Duration;

use madeline_tl::object;
use serde_json::json;

use self::support::{Town, ask, bot, password};
use crate::peers::PeerId;
use crate::{Authorization, Config, Error};

/// How many connections have ever been made to the servers.
fn connections(town: &Town) -> u64 {
    let told = town.control().ask(json!({"do": "stats"})).unwrap();
    told.get("accepted").unwrap().as_u64().unwrap()
}

#[tokio::test]
async fn the_calls_of_all_go_over_the_connections_of_one() {
    let town = Town::start().await;
    let leader = town.alice().await;
    let before = connections(&town);
    let (one, another) = (town.process().await, town.process().await);
    assert_eq!(one.authorization(), Authorization::LoggedIn);
    for client in [&one, &leader, &another, &one] {
        ask(client, password()).await.unwrap();
        let error = ask(
            client,
            object!("users.getFullUser", id: object!("inputUserEmpty")),
        )
        .await;
        assert!(
            matches!(error, Err(Error::Rpc { code: 400, .. })),
            "{error:?}"
        );
    }
    assert_eq!(connections(&town), before);
}

#[tokio::test]
async fn many_calls_at_once_each_get_their_own_answer() {
    let town = Town::start().await;
    let _leader = town.alice().await;
    let follower = town.process().await;
    let bot = bot(&follower).await;
    let calls = (0..200).map(|number| {
        let (follower, bot) = (follower.clone(), bot.clone());
        tokio::spawn(async move {
            let text = format!("number {number}");
            let send = object!("messages.sendMessage",
                peer: bot, message: text.clone(), random_id: i64::from(number) + 1);
            let result = ask(&follower, send).await.unwrap();
            let updates = result.list("updates").unwrap();
            updates
                .iter()
                .any(|update| update.get("message").text("message") == Ok(&text))
        })
    });
    for call in calls.collect::<Vec<_>>() {
        assert!(call.await.unwrap());
    }
}

#[tokio::test]
async fn whoever_is_left_goes_on_when_the_leader_ends() {
    let town = Town::start().await;
    let leader = town.alice().await;
    let (one, another) = (town.process().await, town.process().await);
    ask(&one, password()).await.unwrap();
    leader.close().await;
    ask(&another, password()).await.unwrap();
    ask(&one, password()).await.unwrap();
    another.close().await;
    ask(&one, password()).await.unwrap();
    // A leader that is dropped without a word.
    let late = town.process().await;
    drop(one);
    ask(&late, password()).await.unwrap();
}

#[tokio::test]
async fn calls_on_their_way_are_answered_before_a_leader_ends() {
    let town = Town::start().await;
    let leader = town.alice().await;
    let follower = town.process().await;
    let delay = json!({"do": "delay_answer", "ms": 300, "on": {"method": "account.getPassword"}});
    town.control().arm(delay).unwrap();
    let asking = follower.clone();
    let call = tokio::spawn(async move { ask(&asking, password()).await });
    while town.control().executions("account.getPassword", None) == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    leader.close().await;
    call.await.unwrap().unwrap();
    assert_eq!(town.control().executions("account.getPassword", None), 1);
    ask(&follower, password()).await.unwrap();
}

#[tokio::test]
async fn a_login_goes_on_in_another_process_and_all_see_it() {
    let town = Town::start().await;
    let (first, second) = (town.process().await, town.process().await);
    first.phone_login("9996612001").await.unwrap();
    assert_eq!(second.authorization(), Authorization::WaitingCode);
    second.complete_phone_login("12345").await.unwrap();
    assert_eq!(first.authorization(), Authorization::LoggedIn);
    assert_eq!(first.session().own_id(), Some(5_000_001));
    ask(&first, password()).await.unwrap();
}

#[tokio::test]
async fn a_logout_in_one_process_is_one_in_all_and_the_place_is_free_for_the_next() {
    for leader_does in [false, true] {
        let town = Town::start().await;
        let leader = town.alice().await;
        let follower = town.process().await;
        ask(&follower, password()).await.unwrap();
        let (one, other) = if leader_does {
            (&leader, &follower)
        } else {
            (&follower, &leader)
        };
        one.logout().await.unwrap();
        assert_eq!(other.authorization(), Authorization::LoggedOut);
        let error = ask(other, password()).await;
        assert!(
            matches!(error, Err(Error::SessionClosed { .. })),
            "{error:?}"
        );
        while town.path().exists() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let next = town.process().await;
        assert_eq!(next.authorization(), Authorization::NotLoggedIn);
    }
}

#[tokio::test]
async fn a_username_that_moves_moves_for_all() {
    let town = Town::start().await;
    let leader = town.alice().await;
    let follower = town.process().await;
    let user = |id: i64, name: &str| {
        let user = object!("user", id: id, access_hash: 1_i64, first_name: "X", username: name);
        let schema = madeline_tl::Schema::api();
        madeline_tl::to_bytes(schema, madeline_tl::Ty::Object, &user).unwrap()
    };
    let learn = |client: &crate::Client, bytes: Vec<u8>| client.learn([bytes.as_slice()]).unwrap();
    let found = |client: &crate::Client| {
        client
            .peers()
            .find_username("name")
            .unwrap()
            .map(PeerId::raw)
    };
    learn(&leader, user(11, "name"));
    assert_eq!((found(&leader), found(&follower)), (Some(11), Some(11)));
    learn(&follower, user(12, "name"));
    assert_eq!((found(&leader), found(&follower)), (Some(12), Some(12)));
    learn(&leader, user(12, "other"));
    assert_eq!((found(&leader), found(&follower)), (None, None));
}

#[tokio::test]
async fn a_copy_asks_who_leads_without_use_to_give_way_and_waits_for_who_does_not() {
    let town = Town::start().await;
    let leader = town.alice().await;
    let copy = town.path().with_extension("copy");
    let path = town.path();
    let make = |patience| crate::Client::copy_session(&path, &copy, patience);
    let error = make(Duration::from_millis(200)).await.unwrap_err();
    assert!(
        matches!(&error, Error::SessionLocked { path, seconds, .. } if *path == town.path() && *seconds > 0.1),
        "{error}"
    );
    leader.rest();
    make(Duration::from_secs(20)).await.unwrap();
    let copied = crate::Session::open(&copy, crate::DcId(2), Duration::ZERO)
        .await
        .unwrap();
    assert_eq!(copied.authorization(), Authorization::LoggedIn);
    drop(copied);
    // It goes on afterwards, and gives way where the copy goes.
    ask(&leader, password()).await.unwrap();
    leader.rest();
    crate::Client::copy_session(&copy, &town.path(), Duration::from_secs(20))
        .await
        .unwrap();
    let error = ask(&leader, password()).await.unwrap_err();
    assert!(error.to_string().contains("replaced"), "{error}");
    drop(leader);
    let next = town.process().await;
    ask(&next, password()).await.unwrap();
}

#[tokio::test]
async fn another_schema_or_proxy_is_refused_while_the_leader_is_there() {
    let town = Town::start().await;
    let leader = town.alice().await;
    let config = Config {
        test_mode: true,
        ..town.config()
    };
    let other = town.process_with(config).await.unwrap();
    let error = ask(&other, password()).await.unwrap_err();
    assert!(
        matches!(&error, Error::SessionHolder { what, .. } if what.contains("proxies")),
        "{error}"
    );
    ask(&leader, password()).await.unwrap();
}
