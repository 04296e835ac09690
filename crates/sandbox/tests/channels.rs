//! Supergroups and channels: who may read and write, joining and leaving, their own numbering.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod support;

use madeline_sandbox::Sandbox;
use support::{Client, Value, error, history, object, start, without_peer};

const WORLD: &str = r#"{
    "users": {
        "alice": {"first_name": "Alice", "phone": "9996612001"},
        "bob": {"first_name": "Bob", "phone": "9996612002"},
        "carol": {"first_name": "Carol", "phone": "9996612003"}
    },
    "channels": {
        "group": {"id": 501, "title": "Group", "username": "the_group", "megagroup": true, "creator": "alice", "members": ["bob"], "about": "Talk"},
        "news": {"id": 502, "title": "News", "username": "the_news", "creator": "alice", "invite": "newsHash"},
        "secret": {"id": 503, "title": "Secret", "megagroup": true, "creator": "alice", "invite": "secretHash", "banned": ["bob"]}
    },
    "messages": [
        {"in": "group", "from": "alice", "text": "welcome"},
        {"in": "news", "text": "headline"},
        {"in": "secret", "from": "alice", "text": "psst"}
    ]
}"#;

async fn logged_in(sandbox: &Sandbox, phone: &str) -> Client {
    let mut client = Client::connect(sandbox, 2).await;
    client.log_in(phone, "12345").await.unwrap();
    client
}

#[tokio::test]
async fn a_supergroup_is_read_by_all_and_written_by_members() {
    let sandbox = start(WORLD).await;
    let mut alice = logged_in(&sandbox, "9996612001").await;
    let mut bob = logged_in(&sandbox, "9996612002").await;
    let mut carol = logged_in(&sandbox, "9996612003").await;
    alice.call(object!("updates.getState")).await.unwrap();
    let group = carol.peer("the_group").await;
    let found = carol.call(history(&group, 10)).await.unwrap();
    assert_eq!(found.name(), "messages.channelMessages");
    assert_eq!(
        found.list("messages").unwrap()[0].text("message"),
        Ok("welcome")
    );
    assert_eq!(
        carol.say(&group, "let me in").await,
        error(403, "CHAT_WRITE_FORBIDDEN")
    );

    let group = bob.peer("the_group").await;
    let sent = bob.say(&group, "hello").await.unwrap();
    let updates = sent.list("updates").unwrap();
    let names: Vec<&str> = updates.iter().map(Value::name).collect();
    assert_eq!(
        names,
        [
            "updateMessageID",
            "updateReadChannelInbox",
            "updateNewChannelMessage"
        ]
    );
    let new = alice.update("updateNewChannelMessage").await;
    assert_eq!(
        new.get("message").get("peer_id"),
        &object!("peerChannel", channel_id: 501)
    );
    assert_eq!(new.get("pts"), updates[2].get("pts"));
}

#[tokio::test]
async fn only_its_creator_posts_to_a_channel() {
    let sandbox = start(WORLD).await;
    let mut alice = logged_in(&sandbox, "9996612001").await;
    let mut bob = logged_in(&sandbox, "9996612002").await;
    let news = bob.peer("the_news").await;
    bob.call(object!("channels.joinChannel", channel: without_peer(&news)))
        .await
        .unwrap();
    assert_eq!(
        bob.say(&news, "fake news").await,
        error(403, "CHAT_ADMIN_REQUIRED")
    );
    let own = alice.peer("the_news").await;
    alice.say(&own, "true news").await.unwrap();
    let post = bob
        .update("updateNewChannelMessage")
        .await
        .get("message")
        .clone();
    assert!(post.flag("post") && !post.has("from_id"));
}

#[tokio::test]
async fn a_private_group_is_closed_without_its_link() {
    let sandbox = start(WORLD).await;
    let mut alice = logged_in(&sandbox, "9996612001").await;
    let mut bob = logged_in(&sandbox, "9996612002").await;
    let mut carol = logged_in(&sandbox, "9996612003").await;
    let import = object!("messages.importChatInvite", hash: "secretHash");
    assert_eq!(
        bob.call(import.clone()).await,
        error(400, "INVITE_HASH_EXPIRED")
    );
    let joined = carol.call(import).await.unwrap();
    let channel = joined.get("updates").list("chats").unwrap()[0].clone();
    assert_eq!(channel.text("title"), Ok("Secret"));
    let peer = object!("inputPeerChannel", channel_id: channel.get("id"), access_hash: channel.get("access_hash"));
    assert_eq!(carol.history(&peer).await[1].text("message"), Ok("psst"));
    carol
        .call(object!("channels.leaveChannel", channel: without_peer(&peer)))
        .await
        .unwrap();
    assert_eq!(
        carol.call(history(&peer, 1)).await,
        error(400, "CHANNEL_PRIVATE")
    );
    let join = object!("channels.joinChannel", channel: without_peer(&peer));
    assert_eq!(carol.call(join).await, error(400, "CHANNEL_PRIVATE"));
    let known = carol
        .call(object!("channels.getChannels", id: vec![without_peer(&peer)]))
        .await
        .unwrap();
    assert_eq!(known.list("chats").unwrap()[0].name(), "channelForbidden");
    let foreign = object!("channels.getChannels", id: vec![object!("inputChannel", channel_id: 503, access_hash: 1)]);
    assert_eq!(alice.call(foreign).await, error(400, "CHANNEL_INVALID"));
}

#[tokio::test]
async fn joining_and_leaving_are_told() {
    let sandbox = start(WORLD).await;
    let mut alice = logged_in(&sandbox, "9996612001").await;
    let mut carol = logged_in(&sandbox, "9996612003").await;
    alice.call(object!("updates.getState")).await.unwrap();
    let group = without_peer(&carol.peer("the_group").await);
    let leave = object!("channels.leaveChannel", channel: group.clone());
    assert_eq!(
        carol.call(leave.clone()).await,
        error(400, "USER_NOT_PARTICIPANT")
    );
    carol
        .call(object!("channels.joinChannel", channel: group.clone()))
        .await
        .unwrap();
    let told = alice.update("updateNewChannelMessage").await;
    assert_eq!(
        told.get("message").get("action").name(),
        "messageActionChatAddUser"
    );
    carol.call(leave).await.unwrap();
    let own = without_peer(&alice.peer("the_group").await);
    assert_eq!(
        alice
            .call(object!("channels.leaveChannel", channel: own))
            .await,
        error(400, "USER_CREATOR")
    );
}

#[tokio::test]
async fn a_channel_has_its_own_messages_and_full_info() {
    let sandbox = start(WORLD).await;
    let mut bob = logged_in(&sandbox, "9996612002").await;
    let group = bob.peer("the_group").await;
    let channel = without_peer(&group);
    let wanted: Vec<Value> = [1, 99]
        .into_iter()
        .map(|id| object!("inputMessageID", id: id))
        .collect();
    let found = bob
        .call(object!("channels.getMessages", channel: channel.clone(), id: wanted))
        .await
        .unwrap();
    let list = found.list("messages").unwrap();
    assert_eq!(
        (list[0].text("message"), list[1].name()),
        (Ok("welcome"), "messageEmpty")
    );
    let full = bob
        .call(object!("channels.getFullChannel", channel: channel.clone()))
        .await
        .unwrap();
    let info = full.get("full_chat");
    assert_eq!(
        (
            info.text("about"),
            info.int("participants_count"),
            info.int("unread_count")
        ),
        (Ok("Talk"), Ok(2), Ok(1))
    );
    let read =
        |max_id: i32| object!("channels.readHistory", channel: channel.clone(), max_id: max_id);
    assert_eq!(bob.call(read(0)).await, Ok(Value::Bool(true)));
    assert_eq!(bob.call(read(0)).await, Ok(Value::Bool(false)));
    let none = object!("inputChannel", channel_id: 12, access_hash: 0);
    assert_eq!(
        bob.call(object!("channels.getFullChannel", channel: none))
            .await,
        error(400, "CHANNEL_INVALID")
    );
}

#[tokio::test]
async fn messages_of_others_are_deleted_by_the_creator_only() {
    let sandbox = start(WORLD).await;
    let mut alice = logged_in(&sandbox, "9996612001").await;
    let mut bob = logged_in(&sandbox, "9996612002").await;
    bob.call(object!("updates.getState")).await.unwrap();
    let group = without_peer(&bob.peer("the_group").await);
    let delete = |channel: Value, ids: Vec<i32>| object!("channels.deleteMessages", channel: channel, id: ids);
    assert_eq!(
        bob.call(delete(group.clone(), vec![1])).await,
        error(403, "MESSAGE_DELETE_FORBIDDEN")
    );
    assert_eq!(
        bob.call(delete(group, vec![])).await,
        error(400, "MESSAGE_IDS_EMPTY")
    );
    let own = without_peer(&alice.peer("the_group").await);
    assert_eq!(
        alice
            .call(delete(own, vec![1, 7]))
            .await
            .unwrap()
            .int("pts_count"),
        Ok(1)
    );
    assert_eq!(
        bob.update("updateDeleteChannelMessages")
            .await
            .list("messages")
            .unwrap(),
        [Value::from(1)]
    );
}

#[tokio::test]
async fn a_channels_difference_gives_what_was_missed() {
    let sandbox = start(WORLD).await;
    let mut alice = logged_in(&sandbox, "9996612001").await;
    let mut bob = logged_in(&sandbox, "9996612002").await;
    let group = alice.peer("the_group").await;
    let channel = without_peer(&bob.peer("the_group").await);
    let difference = |pts: i64, limit: i32| {
        object!("updates.getChannelDifference", channel: channel.clone(),
            filter: object!("channelMessagesFilterEmpty"), pts: pts, limit: limit)
    };
    let full = bob
        .call(object!("channels.getFullChannel", channel: channel.clone()))
        .await
        .unwrap();
    let pts = full.get("full_chat").int("pts").unwrap();
    assert_eq!(
        bob.call(difference(pts, 10)).await.unwrap().name(),
        "updates.channelDifferenceEmpty"
    );
    assert_eq!(
        bob.call(difference(0, 10)).await,
        error(400, "PERSISTENT_TIMESTAMP_EMPTY")
    );
    assert_eq!(
        bob.call(difference(pts + 9, 10)).await,
        error(400, "PERSISTENT_TIMESTAMP_INVALID")
    );
    for text in ["one", "two"] {
        alice.say(&group, text).await.unwrap();
    }
    let part = bob.call(difference(pts, 1)).await.unwrap();
    assert!(!part.flag("final"));
    assert_eq!(
        part.list("new_messages").unwrap()[0].text("message"),
        Ok("one")
    );
    let rest = bob
        .call(difference(part.int("pts").unwrap(), 10))
        .await
        .unwrap();
    assert!(rest.flag("final"));
    assert_eq!(
        rest.list("new_messages").unwrap()[0].text("message"),
        Ok("two")
    );
}

#[tokio::test]
async fn a_supergroups_messages_are_edited_by_their_author() {
    let sandbox = start(WORLD).await;
    let mut alice = logged_in(&sandbox, "9996612001").await;
    let mut bob = logged_in(&sandbox, "9996612002").await;
    bob.call(object!("updates.getState")).await.unwrap();
    let group = alice.peer("the_group").await;
    let edit =
        |peer: &Value| object!("messages.editMessage", peer: peer, id: 1, message: "welcome!");
    let bobs = bob.peer("the_group").await;
    assert_eq!(
        bob.call(edit(&bobs)).await,
        error(403, "MESSAGE_AUTHOR_REQUIRED")
    );
    alice.call(edit(&group)).await.unwrap();
    assert_eq!(
        bob.update("updateEditChannelMessage")
            .await
            .get("message")
            .text("message"),
        Ok("welcome!")
    );
}
