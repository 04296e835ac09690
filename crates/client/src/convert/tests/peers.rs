use madeline_tl::{Value, object};

use super::super::Need;
use super::{ConvertError, OWN, Resolution, Script, object};
use crate::peers::{Peer, PeerId};

const NOT_IN_DB: &str = "This peer is not present in the internal peer database";

/// A session that knows Bob (5), a basic group (7) and a channel (9).
async fn script() -> Script {
    let photo = object!("chatPhotoEmpty");
    let chat = object!("chat", id: 7, title: "t", photo: photo.clone(), participants_count: 1, date: 1, version: 1);
    let channel = object!("channel", id: 9, access_hash: 90, username: "News", title: "t", photo: photo, date: 1);
    let script = Script::new().await;
    script
        .saw(&object!("user", id: 5, access_hash: 50, username: "Bob_Replay"))
        .saw(&chat)
        .saw(&channel)
}

fn bob() -> Value {
    object!("inputPeerUser", user_id: 5, access_hash: 50)
}

fn chat() -> Value {
    object!("inputPeerChat", chat_id: 7)
}

fn channel() -> Value {
    object!("inputPeerChannel", channel_id: 9, access_hash: 90)
}

fn message(fields: &[(&'static str, Value)]) -> Value {
    let mut message = madeline_tl::Object::new("message");
    for (key, value) in fields {
        message.set(*key, value);
    }
    Value::Object(message)
}

#[track_caller]
pub(super) fn need(result: Result<Value, ConvertError>) -> Need {
    result.unwrap_err().need().cloned().unwrap()
}

#[tokio::test]
async fn known_peers_come_as_numbers_names_and_links() {
    let script = script().await;
    for peer in [
        Value::from(5),
        "5".into(),
        5.0.into(),
        "@bob_replay".into(),
        "BOB_Replay".into(),
        "https://t.me/bob_replay".into(),
        "t.me/bob_replay".into(),
        "bob_replay.t.me".into(),
        "tg://user?id=5".into(),
        "tg://resolve?domain=bob_replay".into(),
    ] {
        assert_eq!(script.input_peer(&peer).unwrap(), bob(), "{peer:?}");
    }
    for peer in [Value::from(-7), "-7".into()] {
        assert_eq!(script.input_peer(peer).unwrap(), chat());
    }
    for peer in [
        Value::from(-1_000_000_000_009_i64),
        "@news".into(),
        "https://t.me/c/9/100".into(),
    ] {
        assert_eq!(script.input_peer(peer).unwrap(), channel());
    }
}

#[tokio::test]
async fn the_own_user_is_self() {
    let script = script()
        .await
        .saw(&object!("user", id: OWN, access_hash: 10, username: "owner"));
    for peer in [
        Value::from("me"),
        "@me".into(),
        "ME".into(),
        OWN.into(),
        "@owner".into(),
        object!("peerUser", user_id: OWN),
    ] {
        assert_eq!(script.input_peer(peer).unwrap(), object!("inputPeerSelf"));
    }
}

#[tokio::test]
async fn arrays_with_a_peer_in_them_are_peers() {
    let script = script().await;
    for (array, peer) in [
        (object!("peerUser", user_id: 5), bob()),
        (object!("inputUser", user_id: 5, access_hash: 50), bob()),
        (object!("user", id: 5), bob()),
        (object!("userFull", id: 5), bob()),
        (object!("contact", user_id: 5, mutual: true), bob()),
        (object!("messageEntityMentionName", user_id: 5), bob()),
        (
            object!("messageActionChatJoinedByLink", inviter_id: 5),
            bob(),
        ),
        (object!("peerChat", chat_id: -7), chat()),
        (object!("chat", id: -7), chat()),
        (object!("chatForbidden", id: 7), chat()),
        (
            object!("peerChannel", channel_id: -1_000_000_000_009_i64),
            channel(),
        ),
        (
            object!("channelFull", id: -1_000_000_000_009_i64),
            channel(),
        ),
        (object!("dialog", peer: 5), bob()),
        (
            object!("dialogPeer", peer: object!("peerChat", chat_id: -7)),
            chat(),
        ),
        (object!("inputDialogPeer", peer: bob()), bob()),
        (
            message(&[("peer_id", 5.into()), ("from_id", OWN.into())]),
            bob(),
        ),
        (
            message(&[("peer_id", OWN.into()), ("from_id", 5.into())]),
            bob(),
        ),
        (
            message(&[("peer_id", (-7).into()), ("from_id", 5.into())]),
            chat(),
        ),
        (
            message(&[("to_id", object!("peerUser", user_id: 5))]),
            bob(),
        ),
        (
            object!("updateNewMessage", message: message(&[("peer_id", 5.into())])),
            bob(),
        ),
        (
            object!("updateUserTyping", user_id: 5, action: object!("sendMessageTypingAction")),
            bob(),
        ),
        (
            object!("updateChatUserTyping", chat_id: -7, from_id: 5),
            chat(),
        ),
        (
            object!("updateChannelTooLong", channel_id: -1_000_000_000_009_i64),
            channel(),
        ),
        (
            object!("updateBotCallbackQuery", user_id: 5, peer: -7),
            chat(),
        ),
        (object!("updatePeerBlocked", peer_id: 5), bob()),
        (
            object!("updateShortMessage", user_id: 5, message: "text"),
            bob(),
        ),
        (
            object!("updateChatParticipants", participants: object!("chatParticipants", chat_id: -7)),
            chat(),
        ),
    ] {
        assert_eq!(script.input_peer(&array).unwrap(), peer, "{}", array.name());
    }
    for own in [object!("inputUserSelf"), object!("inputPeerSelf")] {
        assert_eq!(script.input_peer(own).unwrap(), object!("inputPeerSelf"));
    }
}

#[tokio::test]
async fn ids_as_telegram_has_them_are_understood_in_arrays() {
    let script = script().await;
    assert_eq!(
        script
            .input_peer(object!("peerChannel", channel_id: 9))
            .unwrap(),
        channel()
    );
    assert_eq!(
        script
            .input_peer(object!("peerChat", chat_id: "7"))
            .unwrap(),
        chat()
    );
}

#[tokio::test]
async fn an_id_in_the_field_of_a_group_or_channel_never_means_a_user() {
    let script = script()
        .await
        .saw(&object!("user", id: 9, access_hash: 99))
        .saw(&object!("user", id: 999_000_000_000_i64, access_hash: 98));
    for id in [Value::from(9.0), "9".into(), Value::Bytes(b"9".to_vec())] {
        assert_eq!(
            script
                .input_peer(object!("peerChannel", channel_id: id.clone()))
                .unwrap(),
            channel(),
            "{id:?}"
        );
    }
    assert_eq!(
        script
            .input_peer(object!("peerChat", chat_id: 7.0))
            .unwrap(),
        chat()
    );
    for (id, message) in [
        (Value::from(9.5), NOT_IN_DB),
        (1e300.into(), NOT_IN_DB),
        (true.into(), NOT_IN_DB),
        (Value::List(vec![9.into()]), NOT_IN_DB),
        (object!("peerUser", user_id: 5), NOT_IN_DB),
        (
            999_000_000_000_i64.into(),
            "Invalid ID 999000000000 provided!",
        ),
    ] {
        let error = script
            .input_peer(object!("peerChannel", channel_id: id.clone()))
            .unwrap_err();
        assert_eq!(error.to_string(), message, "{id:?}");
    }
}

#[tokio::test]
async fn direct_messages_of_a_channel_are_a_channel() {
    let id = 1_002_147_483_649_i64;
    let photo = object!("chatPhotoEmpty");
    let script = Script::new().await.saw(
        &object!("channel", monoforum: true, id: id, access_hash: 90, title: "t", photo: photo, date: 1),
    );
    for peer in [
        Value::from(-2_002_147_483_649_i64),
        object!("peerChannel", channel_id: id),
    ] {
        assert_eq!(
            script.input_peer(peer).unwrap(),
            object!("inputPeerChannel", channel_id: id, access_hash: 90)
        );
    }
}

#[tokio::test]
async fn a_peer_that_is_known_without_its_access_hash_is_not_addressed_without_asking() {
    let script = Script::new()
        .await
        .saw(&object!("user", id: 6, first_name: "A", username: "shy"))
        .saw(&object!("chatForbidden", id: 7, title: "t"));
    let id = PeerId::user(6).unwrap();
    assert_eq!(
        script
            .input_peer(object!("inputUser", user_id: 6, access_hash: 60))
            .unwrap(),
        object!("inputPeerUser", user_id: 6, access_hash: 60)
    );
    assert_eq!(need(script.input_peer(6)), Need::Peer(id));
    assert_eq!(
        need(script.input_peer("@shy")),
        Need::Username("shy".into())
    );
    assert_eq!(script.input_peer(-7).unwrap(), chat());
    let script = script.answered(Need::Peer(id), Resolution::NotFound);
    assert_eq!(
        script.input_peer(6).unwrap(),
        object!("inputPeerUser", user_id: 6, access_hash: 0)
    );
}

#[tokio::test]
async fn an_input_peer_is_sent_as_it_is() {
    let script = Script::new().await;
    for peer in [
        object!("inputPeerChannel", channel_id: 1, access_hash: 2),
        object!("inputPeerEmpty"),
        object!("inputPeerChat", chat_id: -5),
    ] {
        assert_eq!(script.input_peer(&peer).unwrap(), peer);
    }
}

#[tokio::test]
async fn an_access_hash_in_an_array_serves_where_none_is_known() {
    let script = Script::new().await;
    let peer = script
        .input_peer(object!("inputUser", user_id: 6, access_hash: 60))
        .unwrap();
    assert_eq!(peer, object!("inputPeerUser", user_id: 6, access_hash: 60));
}

#[tokio::test]
async fn users_channels_and_dialogs_have_types_of_their_own() {
    let script = script().await;
    let call = |name: &str, key: &'static str, value: Value| {
        script
            .call(name, &object(&[(key, value)]))
            .map(|call| call.get(key).clone())
    };
    let user = object!("inputUser", user_id: 5, access_hash: 50);
    assert_eq!(
        call("users.getFullUser", "id", "@bob_replay".into()).unwrap(),
        user
    );
    assert_eq!(call("users.getFullUser", "id", bob()).unwrap(), user);
    assert_eq!(
        call("users.getFullUser", "id", "me".into()).unwrap(),
        object!("inputUserSelf")
    );
    assert_eq!(
        call("channels.getFullChannel", "channel", "@news".into()).unwrap(),
        object!("inputChannel", channel_id: 9, access_hash: 90)
    );
    let dialogs = call(
        "messages.getPeerDialogs",
        "peers",
        Value::List(vec![
            "@news".into(),
            bob(),
            object!("inputDialogPeerFolder", folder_id: 1),
        ]),
    );
    assert_eq!(
        dialogs.unwrap(),
        Value::List(vec![
            object!("inputDialogPeer", peer: channel()),
            object!("inputDialogPeer", peer: bob()),
            object!("inputDialogPeerFolder", folder_id: 1),
        ])
    );
    assert_eq!(
        call("account.getNotifySettings", "peer", 5.into()).unwrap(),
        object!("inputNotifyPeer", peer: bob())
    );
    assert_eq!(
        call(
            "account.getNotifySettings",
            "peer",
            object!("inputNotifyUsers")
        )
        .unwrap(),
        object!("inputNotifyUsers")
    );
    for (name, key, peer, wanted) in [
        ("users.getFullUser", "id", -7, "InputUser"),
        ("channels.getFullChannel", "channel", 5, "InputChannel"),
    ] {
        let error = call(name, key, peer.into()).unwrap_err();
        assert!(
            matches!(error, ConvertError::Madeline(text) if text == format!("Could not convert object of type {wanted}"))
        );
    }
}

#[tokio::test]
async fn what_the_session_does_not_know_is_asked_for() {
    let script = Script::new().await;
    let invite = "Ab-_1".to_owned();
    for (peer, wanted) in [
        (Value::from("@Nobody"), Need::Username("nobody".into())),
        (
            "https://t.me/nobody".into(),
            Need::Username("nobody".into()),
        ),
        (6.into(), Need::Peer(PeerId::user(6).unwrap())),
        ((-6).into(), Need::Peer(PeerId::chat(6).unwrap())),
        (
            object!("peerChannel", channel_id: 6),
            Need::Peer(PeerId::channel(6).unwrap()),
        ),
        (
            "https://t.me/joinchat/Ab-_1".into(),
            Need::Invite(invite.clone()),
        ),
        ("https://t.me/+Ab-_1".into(), Need::Invite(invite)),
        ("support".into(), Need::Support),
    ] {
        assert_eq!(need(script.input_peer(peer)), wanted);
    }
}

#[tokio::test]
async fn what_the_server_said_is_used() {
    let peer = Peer {
        id: PeerId::user(6).unwrap(),
        access_hash: Some(60),
        min: false,
    };
    let found = Resolution::Peer(peer);
    let script = Script::new().await;
    let script = script.answered(Need::Username("somebody".into()), found.clone());
    let script = script
        .answered(Need::Peer(peer.id), found.clone())
        .answered(Need::Support, found.clone());
    let script = script.answered(Need::Invite("x".into()), found);
    for given in [
        Value::from("@somebody"),
        6.into(),
        "support".into(),
        "t.me/+x".into(),
    ] {
        assert_eq!(
            script.input_peer(given).unwrap(),
            object!("inputPeerUser", user_id: 6, access_hash: 60)
        );
    }
}

#[tokio::test]
async fn what_nobody_knows_is_not_in_the_database() {
    let script = Script::new()
        .await
        .answered(Need::Username("nobody".into()), Resolution::NotFound);
    let script = script.answered(Need::Peer(PeerId::user(6).unwrap()), Resolution::NotFound);
    for peer in [
        Value::from("@nobody"),
        6.into(),
        "".into(),
        "@".into(),
        true.into(),
        (-2_000_000_000_005_i64).into(),
    ] {
        let error = script.input_peer(peer).unwrap_err();
        assert!(matches!(error, ConvertError::PeerNotInDb { .. }));
        assert_eq!(error.to_string(), NOT_IN_DB);
    }
    let script = script.answered(Need::Invite("x".into()), Resolution::NotJoined);
    assert_eq!(
        script.input_peer("t.me/+x").unwrap_err().to_string(),
        "You have not joined this chat"
    );
}

#[tokio::test]
async fn a_min_peer_is_asked_for_and_used_when_there_is_no_better() {
    let script = Script::new()
        .await
        .saw(&object!("user", id: 6, access_hash: 61, min: true, username: "shy"));
    let id = PeerId::user(6).unwrap();
    assert_eq!(need(script.input_peer(6)), Need::Peer(id));
    assert_eq!(
        need(script.input_peer("@shy")),
        Need::Username("shy".into())
    );
    let script = script.answered(Need::Peer(id), Resolution::NotFound);
    assert_eq!(
        script.input_peer(6).unwrap(),
        object!("inputPeerUser", user_id: 6, access_hash: 61)
    );
}

#[tokio::test]
async fn what_can_be_no_peer_is_refused() {
    let script = Script::new().await;
    let zero = script.input_peer(0).unwrap_err();
    assert!(
        matches!(zero, ConvertError::InvalidArgument(text) if text == "An invalid ID was specified!")
    );
    let args = object(&[("peer", 0.into())]);
    let sent = script.call("messages.sendMessage", &args).unwrap_err();
    assert!(matches!(sent, ConvertError::Assertion(text) if text == "Invalid ID 0 provided!"));
    let wild = script.input_peer(1_i64 << 50).unwrap_err();
    assert!(
        matches!(wild, ConvertError::Assertion(text) if text == "Invalid ID 1125899906842624 provided!")
    );
    for name in ["document", "updateConfig", "updateServiceNotification"] {
        let error = script
            .input_peer(Value::Object(madeline_tl::Object::new(name)))
            .unwrap_err();
        assert!(
            matches!(error, ConvertError::Madeline(text) if text == format!("Invalid constructor given {name}"))
        );
    }
    let nameless = script
        .input_peer(object(&[("user_id", 1.into())]))
        .unwrap_err();
    assert!(matches!(nameless, ConvertError::Warning(text) if text == "Undefined array key \"_\""));
    let idless = script.input_peer(object!("peerUser")).unwrap_err();
    assert!(
        matches!(idless, ConvertError::Warning(text) if text == "Undefined array key \"user_id\"")
    );
}
