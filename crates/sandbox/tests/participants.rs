//! Who is in supergroups and channels, and who may know.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod support;

use support::{Client, RpcError, Value, error, logged_in, object, start, without_peer};

const WORLD: &str = r#"{
    "users": {
        "alice": {"id": 1, "first_name": "Alice", "phone": "9996612001"},
        "bob": {"id": 2, "first_name": "Bob", "phone": "9996612002"},
        "carol": {"id": 3, "first_name": "Carol", "phone": "9996612003"}
    },
    "bots": {"robot": {"token": "900:secret", "first_name": "Robot", "username": "robot_bot"}},
    "channels": {
        "group": {"id": 501, "title": "Group", "username": "the_group", "megagroup": true, "creator": "alice",
            "members": ["bob", "robot"], "banned": []},
        "strict": {"id": 502, "title": "Strict", "username": "the_strict", "megagroup": true, "creator": "alice",
            "banned": ["carol"]},
        "news": {"id": 503, "title": "News", "username": "the_news", "creator": "alice", "members": ["bob"]}
    }
}"#;

async fn list(
    client: &mut Client,
    name: &str,
    filter: Value,
    offset: i32,
) -> Result<Value, RpcError> {
    let channel = without_peer(&client.peer(name).await);
    client
        .call(object!("channels.getParticipants",
            channel: channel, filter: filter, offset: offset, limit: 2, hash: 0_i64))
        .await
}

fn ids(answer: &Value) -> Vec<i64> {
    answer
        .list("participants")
        .unwrap()
        .iter()
        .map(|member| {
            member
                .int("user_id")
                .or_else(|_| member.get("peer").int("user_id"))
        })
        .collect::<Result<_, _>>()
        .unwrap()
}

#[tokio::test]
async fn members_see_the_members_of_a_supergroup_page_by_page() {
    let sandbox = start(WORLD).await;
    let mut bob = logged_in(&sandbox, "9996612002").await;
    let recent = || object!("channelParticipantsRecent");
    let first = list(&mut bob, "the_group", recent(), 0).await.unwrap();
    let second = list(&mut bob, "the_group", recent(), 2).await.unwrap();
    assert_eq!((first.int("count"), second.int("count")), (Ok(3), Ok(3)));
    let mut all = [ids(&first), ids(&second)].concat();
    all.sort_unstable();
    assert_eq!(all, [1, 2, 900]);
    let bots = list(&mut bob, "the_group", object!("channelParticipantsBots"), 0)
        .await
        .unwrap();
    assert_eq!(ids(&bots), [900]);
    let found = list(
        &mut bob,
        "the_group",
        object!("channelParticipantsSearch", q: "ali"),
        0,
    )
    .await
    .unwrap();
    assert_eq!(
        found.list("participants").unwrap()[0].name(),
        "channelParticipantCreator"
    );
    assert_eq!(
        found.list("users").unwrap()[0].text("first_name"),
        Ok("Alice")
    );
}

#[tokio::test]
async fn lists_that_one_may_not_see_are_errors() {
    let sandbox = start(WORLD).await;
    let mut alice = logged_in(&sandbox, "9996612001").await;
    let mut bob = logged_in(&sandbox, "9996612002").await;
    let mut carol = logged_in(&sandbox, "9996612003").await;
    let kicked = || object!("channelParticipantsKicked", q: "");
    assert_eq!(
        list(
            &mut bob,
            "the_news",
            object!("channelParticipantsRecent"),
            0
        )
        .await,
        error(403, "CHAT_ADMIN_REQUIRED")
    );
    assert_eq!(
        list(&mut bob, "the_group", kicked(), 0).await,
        error(400, "CHAT_ADMIN_REQUIRED")
    );
    assert_eq!(
        ids(&list(&mut alice, "the_strict", kicked(), 0).await.unwrap()),
        [3]
    );
    let recent = object!("channelParticipantsRecent");
    assert_eq!(
        list(&mut carol, "the_strict", recent.clone(), 0).await,
        error(400, "CHANNEL_PRIVATE")
    );
    assert_eq!(
        list(&mut alice, "the_news", recent, -1).await,
        error(400, "OFFSET_INVALID")
    );
}

#[tokio::test]
async fn one_member_is_asked_for() {
    let sandbox = start(WORLD).await;
    let mut bob = logged_in(&sandbox, "9996612002").await;
    let channel = without_peer(&bob.peer("the_group").await);
    let robot = bob.peer("robot_bot").await;
    let ask = |participant: Value| object!("channels.getParticipant", channel: channel.clone(), participant: participant);
    let own = bob.call(ask(object!("inputPeerSelf"))).await.unwrap();
    assert_eq!(own.get("participant").name(), "channelParticipantSelf");
    let other = bob.call(ask(robot.clone())).await.unwrap();
    assert_eq!(other.get("participant").int("user_id"), Ok(900));
    let news = without_peer(&bob.peer("the_news").await);
    let hidden = object!("channels.getParticipant", channel: news, participant: robot);
    assert_eq!(bob.call(hidden).await, error(400, "CHAT_ADMIN_REQUIRED"));
}
