#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::unnecessary_wraps,
    reason = "tests; answers of a server are results"
)]

use madeline_tl::{Schema, Value, boxed_from_bytes, object};

use crate::Client;
use crate::convert::{Need, Resolution};
use crate::engine::InvokeError;
use crate::engine::fake::{client, rpc};
use crate::peers::{Peer, PeerId};

type Answer = Result<Value, InvokeError>;

fn bob() -> Value {
    object!("user", id: 5_i64, access_hash: 55_i64, first_name: "Bob", username: "bob")
}

fn channel() -> Value {
    object!("channel", id: 9_i64, access_hash: 99_i64, title: "News", photo: object!("chatPhotoEmpty"), date: 1)
}

fn group() -> Value {
    object!("chat", id: 7_i64, title: "Group", photo: object!("chatPhotoEmpty"), participants_count: 1, date: 1,
        version: 1)
}

fn resolved(peer: Value, users: Vec<Value>, chats: Vec<Value>) -> Answer {
    Ok(object!("contacts.resolvedPeer", peer: peer, users: users, chats: chats))
}

async fn ask(client: &Client, need: Need) -> Resolution {
    client.resolve(&need).await.unwrap()
}

fn addressed(id: Option<PeerId>, access_hash: Option<i64>) -> Resolution {
    Resolution::Peer(Peer {
        id: id.unwrap(),
        access_hash,
        min: false,
    })
}

#[tokio::test]
async fn a_username_leads_to_a_user_or_a_channel_that_is_known_from_then_on() {
    let (client, _, _parent) = client(|_, request| match request.text("username").unwrap() {
        "bob" => resolved(object!("peerUser", user_id: 5_i64), vec![bob()], vec![]),
        "news" => resolved(
            object!("peerChannel", channel_id: 9_i64),
            vec![],
            vec![channel()],
        ),
        _ => rpc(400, "USERNAME_NOT_OCCUPIED"),
    })
    .await;
    let need = |name: &str| Need::Username(name.to_owned());
    assert_eq!(
        ask(&client, need("bob")).await,
        addressed(PeerId::user(5), Some(55))
    );
    assert_eq!(
        ask(&client, need("news")).await,
        addressed(PeerId::channel(9), Some(99))
    );
    assert_eq!(ask(&client, need("nobody")).await, Resolution::NotFound);
    assert_eq!(
        client.peers().find_username("bob").unwrap(),
        PeerId::user(5)
    );
}

#[tokio::test]
async fn failures_that_say_nothing_about_the_name_are_errors() {
    for (code, text) in [
        (400, "USERNAME_INVALID"),
        (401, "AUTH_KEY_UNREGISTERED"),
        (420, "FLOOD_WAIT_99"),
    ] {
        let (client, _, _parent) = client(move |_, _| rpc(code, text)).await;
        let error = client
            .resolve(&Need::Username("bob".to_owned()))
            .await
            .unwrap_err();
        assert!(error.is_rpc(text), "{error}");
    }
}

#[tokio::test]
async fn a_resolved_name_without_its_user_is_not_found() {
    let (client, _, _parent) =
        client(|_, _| resolved(object!("peerUser", user_id: 5_i64), vec![], vec![])).await;
    assert_eq!(
        ask(&client, Need::Username("bob".to_owned())).await,
        Resolution::NotFound
    );
}

#[tokio::test]
async fn ids_are_asked_with_access_hash_0() {
    let (client, engine, _parent) = client(|_, request| match request.name() {
        "users.getUsers" => Ok(vec![bob()].into()),
        "channels.getChannels" => Ok(object!("messages.chats", chats: vec![channel()])),
        _ => Ok(object!("messages.chats", chats: vec![group()])),
    })
    .await;
    for (id, access_hash) in [
        (PeerId::user(5), Some(55)),
        (PeerId::channel(9), Some(99)),
        (PeerId::chat(7), None),
    ] {
        assert_eq!(
            ask(&client, Need::Peer(id.unwrap())).await,
            addressed(id, access_hash)
        );
    }
    let [user, channel, chat] = &*engine.calls() else {
        panic!()
    };
    assert_eq!(
        user.1.list("id").unwrap()[0],
        object!("inputUser", user_id: 5_i64, access_hash: 0)
    );
    assert_eq!(
        channel.1.list("id").unwrap()[0],
        object!("inputChannel", channel_id: 9_i64, access_hash: 0)
    );
    assert_eq!(chat.1.list("id").unwrap()[0], Value::Int(7));
}

#[tokio::test]
async fn ids_that_the_server_does_not_give_are_not_found() {
    let (client, engine, _parent) = client(|_, request| match request.name() {
        "users.getUsers" => Ok(vec![object!("userEmpty", id: 5_i64)].into()),
        _ => rpc(400, "CHANNEL_INVALID"),
    })
    .await;
    for id in [
        PeerId::user(5),
        PeerId::channel(9),
        PeerId::chat(7),
        PeerId::secret_chat(3),
    ] {
        assert_eq!(
            ask(&client, Need::Peer(id.unwrap())).await,
            Resolution::NotFound,
            "{id:?}"
        );
    }
    assert_eq!(
        engine.calls().len(),
        3,
        "nobody is asked about a secret chat"
    );
}

#[tokio::test]
async fn an_invite_link_leads_to_a_chat_only_for_its_members() {
    let (client, _, _parent) = client(|_, request| match request.text("hash").unwrap() {
        "channel" => Ok(object!("chatInviteAlready", chat: channel())),
        "group" => Ok(object!("chatInviteAlready", chat: group())),
        "peek" => Ok(object!("chatInvitePeek", chat: channel(), expires: 1)),
        _ => rpc(400, "INVITE_HASH_INVALID"),
    })
    .await;
    let need = |hash: &str| Need::Invite(hash.to_owned());
    assert_eq!(
        ask(&client, need("channel")).await,
        addressed(PeerId::channel(9), Some(99))
    );
    assert_eq!(
        ask(&client, need("group")).await,
        addressed(PeerId::chat(7), None)
    );
    assert_eq!(ask(&client, need("peek")).await, Resolution::NotJoined);
    assert!(
        client
            .resolve(&need("wrong"))
            .await
            .unwrap_err()
            .is_rpc("INVITE_HASH_INVALID")
    );
}

#[tokio::test]
async fn the_support_user_is_found() {
    let (client, _, _parent) =
        client(|_, _| Ok(object!("help.support", phone_number: "1", user: bob()))).await;
    assert_eq!(
        ask(&client, Need::Support).await,
        addressed(PeerId::user(5), Some(55))
    );
}

#[tokio::test]
async fn a_password_becomes_a_proof() {
    let (client, _, _parent) = client(|_, _| {
        Ok(object!("account.password", new_algo: object!("passwordKdfAlgoUnknown"), secure_random: b"",
            new_secure_algo: object!("securePasswordKdfAlgoUnknown")))
    })
    .await;
    let Resolution::Password(bytes) = ask(&client, Need::Password(b"secret".to_vec())).await else {
        panic!()
    };
    assert!(
        boxed_from_bytes(Schema::api(), &bytes)
            .unwrap()
            .is("inputCheckPasswordEmpty")
    );
}

#[tokio::test]
async fn an_invite_link_of_a_chat_that_is_gone_leads_nowhere() {
    let (client, _, _parent) =
        client(|_, _| Ok(object!("chatInviteAlready", chat: object!("chatEmpty", id: 1_i64))))
            .await;
    assert_eq!(
        ask(&client, Need::Invite("hash".to_owned())).await,
        Resolution::NotFound
    );
}
