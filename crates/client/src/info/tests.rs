#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

use madeline_tl::{Value, object};

use super::ParticipantFilter;
use crate::engine::InvokeError;
use crate::engine::fake::{self, rpc};
use crate::peers::PeerId;

fn user(id: i64) -> Value {
    object!("user", id: id, access_hash: id * 10, first_name: format!("User {id}"))
}

fn channel() -> PeerId {
    PeerId::channel(7).unwrap()
}

/// Dialogs with the users `first` to `last`, each with one message of which the date is 10000 less the id.
fn page(first: i64, last: i64, whole: bool) -> Value {
    let ids = || first..=last;
    let peer = |id: i64| object!("peerUser", user_id: id);
    let dialogs: Vec<Value> = ids()
        .map(|id| {
            object!("dialog", peer: peer(id), top_message: id, read_inbox_max_id: 0, read_outbox_max_id: 0,
                unread_count: 0, unread_mentions_count: 0, unread_reactions_count: 0, unread_poll_votes_count: 0,
                notify_settings: object!("peerNotifySettings"))
        })
        .collect();
    let messages: Vec<Value> = ids()
        .map(|id| object!("message", id: id, peer_id: peer(id), date: 10_000 - id, message: "a"))
        .collect();
    let users: Vec<Value> = ids().map(user).collect();
    let chats: Vec<Value> = Vec::new();
    if whole {
        object!("messages.dialogs", dialogs: dialogs, messages: messages, chats: chats, users: users)
    } else {
        object!("messages.dialogsSlice", count: 150, dialogs: dialogs, messages: messages, chats: chats, users: users)
    }
}

#[tokio::test]
async fn dialogs_are_asked_for_page_by_page_and_with_the_archive() {
    let (client, engine, _place) = fake::client(|_, call| {
        Ok(
            match (
                call.int("folder_id").unwrap(),
                call.int("offset_id").unwrap(),
            ) {
                (0, 0) => page(1, 100, false),
                (0, 100) => page(101, 150, false),
                (0, 150) => page(1, 0, false),
                (1, 0) => page(150, 151, true),
                other => panic!("{other:?}"),
            },
        )
    })
    .await;
    let dialogs = client.dialogs().await.unwrap();
    let ids: Vec<i64> = dialogs.iter().map(|dialog| dialog.peer.raw()).collect();
    assert_eq!(ids, (1..=151).collect::<Vec<_>>());
    let calls = engine.calls();
    assert_eq!(calls[0].1.get("offset_peer"), &object!("inputPeerEmpty"));
    assert_eq!(
        calls[1].1.get("offset_peer"),
        &object!("inputPeerUser", user_id: 100, access_hash: 1000)
    );
    assert_eq!(calls[1].1.int("offset_date"), Ok(9900));
}

#[tokio::test]
async fn what_the_server_refuses_to_list_is_an_error() {
    let (client, _engine, _place) = fake::client(|_, _| rpc(400, "BOT_METHOD_INVALID")).await;
    assert!(
        client
            .dialogs()
            .await
            .unwrap_err()
            .is_rpc("BOT_METHOD_INVALID")
    );
}

fn participants(ids: impl Iterator<Item = i64>, count: i32) -> Value {
    let ids: Vec<i64> = ids.collect();
    let list: Vec<Value> = ids
        .iter()
        .map(|id| object!("channelParticipant", user_id: *id, date: 5))
        .collect();
    let users: Vec<Value> = ids.iter().map(|id| user(*id)).collect();
    let chats: Vec<Value> = Vec::new();
    object!("channels.channelParticipants", count: count, participants: list, chats: chats, users: users)
}

#[tokio::test]
async fn members_are_asked_for_page_by_page() {
    let (client, engine, _place) = fake::client(|_, call| {
        Ok(match call.int("offset").unwrap() {
            0 => participants(1..=200, 250),
            // One joined meanwhile.
            200 => participants(200..=250, 251),
            other => panic!("{other}"),
        })
    })
    .await;
    let found = client
        .participants(channel(), ParticipantFilter::Recent, usize::MAX)
        .await
        .unwrap();
    assert_eq!(found.len(), 250);
    assert_eq!((found[0].role, found[0].date), ("user", Some(5)));
    assert_eq!(engine.calls().len(), 2);
    let few = client
        .participants(channel(), ParticipantFilter::Recent, 200)
        .await
        .unwrap();
    assert_eq!(few.len(), 200);
}

#[tokio::test]
async fn everything_of_a_peer_is_kept_for_a_while() {
    let (client, engine, _place) = fake::client(|_, _| {
        let full = object!("userFull", id: 5, settings: object!("peerSettings"),
            notify_settings: object!("peerNotifySettings"), common_chats_count: 3, about: "Hello");
        let chats: Vec<Value> = Vec::new();
        Ok::<_, InvokeError>(
            object!("users.userFull", full_user: full, chats: chats, users: vec![user(5)]),
        )
    })
    .await;
    let id = PeerId::user(5).unwrap();
    assert_eq!(client.stored_full_info(id).unwrap(), None);
    let full = client.full_info(id, 3600).await.unwrap();
    assert_eq!(client.full_info(id, 3600).await.unwrap(), full);
    assert_eq!(engine.calls().len(), 1);
    client.full_info(id, 0).await.unwrap();
    assert_eq!(engine.calls().len(), 2);
    assert_eq!(
        client.peers().find(id).unwrap().unwrap().access_hash,
        Some(50)
    );
}

#[tokio::test]
async fn a_name_that_nobody_has_is_no_error() {
    let (client, engine, _place) = fake::client(|_, _| rpc(400, "USERNAME_NOT_OCCUPIED")).await;
    assert_eq!(client.resolve_name("@nobody").await.unwrap(), None);
    assert_eq!(engine.calls()[0].1.text("username"), Ok("nobody"));
    let (client, _engine, _place) = fake::client(|_, _| rpc(500, "BROKEN")).await;
    client.resolve_name("nobody").await.unwrap_err();
}
