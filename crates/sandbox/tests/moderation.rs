//! What those who run a group may do, what others may not, and what everybody does with messages of others.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod support;

use support::{Client, RpcError, Value, error, logged_in, message, object, start, without_peer};

const WORLD: &str = r#"{
    "users": {
        "alice": {"id": 1, "first_name": "Alice", "username": "alice_a", "phone": "9996612001"},
        "bob": {"id": 2, "first_name": "Bob", "username": "bob_b", "phone": "9996612002"},
        "carol": {"id": 3, "first_name": "Carol", "username": "carol_c", "phone": "9996612003", "premium": true}
    },
    "chats": {"club": {"id": 9, "title": "Club", "creator": "alice", "members": ["bob"]}},
    "channels": {
        "group": {"id": 501, "title": "Group", "username": "the_group", "megagroup": true, "creator": "alice",
            "members": ["bob"]},
        "talk": {"id": 502, "title": "Talk", "username": "the_talk", "megagroup": true, "creator": "alice"},
        "news": {"id": 503, "title": "News", "username": "the_news", "creator": "alice", "members": ["bob"],
            "discussion": "talk"}
    },
    "messages": [{"id": 7, "in": "group", "from": "bob", "text": "hello"}]
}"#;

/// The two who most tests need.
async fn both() -> (madeline_sandbox::Sandbox, Client, Client) {
    let sandbox = start(WORLD).await;
    let alice = logged_in(&sandbox, "9996612001").await;
    let bob = logged_in(&sandbox, "9996612002").await;
    (sandbox, alice, bob)
}

async fn channel(client: &mut Client, name: &str) -> Value {
    without_peer(&client.peer(name).await)
}

async fn toggle(
    client: &mut Client,
    method: &'static str,
    name: &str,
    on: bool,
) -> Result<Value, RpcError> {
    let channel = channel(client, name).await;
    client
        .call(object!(method, channel: channel, enabled: Value::Bool(on), tabs: Value::Bool(false)))
        .await
}

async fn full(client: &mut Client, name: &str) -> (Value, Value) {
    let channel = channel(client, name).await;
    let full = client
        .call(object!("channels.getFullChannel", channel: channel))
        .await
        .unwrap();
    let chats = full.list("chats").unwrap();
    (full.get("full_chat").clone(), chats[0].clone())
}

#[tokio::test]
async fn its_creator_switches_on_and_off_what_holds_in_a_group() {
    let (_sandbox, mut alice, mut bob) = both().await;
    for (method, field, of_full) in [
        ("channels.togglePreHistoryHidden", "hidden_prehistory", true),
        (
            "channels.toggleParticipantsHidden",
            "participants_hidden",
            true,
        ),
        ("channels.toggleAntiSpam", "antispam", true),
        ("channels.toggleForum", "forum", false),
        ("channels.toggleJoinToSend", "join_to_send", false),
    ] {
        let refused = toggle(&mut bob, method, "the_group", true).await;
        assert_eq!(refused, error(400, "CHAT_ADMIN_REQUIRED"), "{method}");
        let refused = toggle(&mut alice, method, "the_news", true).await;
        assert_eq!(refused, error(400, "CHANNEL_INVALID"), "{method}");
        for on in [true, false] {
            toggle(&mut alice, method, "the_group", on).await.unwrap();
            let again = toggle(&mut alice, method, "the_group", on).await;
            assert_eq!(again, error(400, "CHAT_NOT_MODIFIED"), "{method}");
            let (full, chat) = full(&mut bob, "the_group").await;
            let seen = if of_full { full } else { chat };
            assert_eq!(seen.flag(field), on, "{method}");
        }
    }
    let news = channel(&mut alice, "the_news").await;
    let signed = object!("channels.toggleSignatures", signatures_enabled: true, channel: news);
    alice.call(signed).await.unwrap();
    assert!(full(&mut bob, "the_news").await.1.flag("signatures"));
}

#[tokio::test]
async fn slow_mode_and_the_time_messages_stay_have_the_values_that_telegram_knows() {
    let (_sandbox, mut alice, mut bob) = both().await;
    let group = channel(&mut alice, "the_group").await;
    let slow =
        |seconds: i32| object!("channels.toggleSlowMode", channel: group.clone(), seconds: seconds);
    assert_eq!(alice.call(slow(7)).await, error(400, "SECONDS_INVALID"));
    alice.call(slow(30)).await.unwrap();
    assert_eq!(
        full(&mut bob, "the_group").await.0.int("slowmode_seconds"),
        Ok(30)
    );
    let peer = alice.peer("bob_b").await;
    let stay = |period: i32| object!("messages.setHistoryTTL", peer: peer.clone(), period: period);
    assert_eq!(alice.call(stay(5)).await, error(400, "TTL_PERIOD_INVALID"));
    assert_eq!(alice.call(stay(0)).await, error(400, "CHAT_NOT_MODIFIED"));
    let about = object!("users.getFullUser", id: object!("inputUser",
        user_id: peer.int("user_id").unwrap(), access_hash: peer.int("access_hash").unwrap()));
    let before = alice.call(about.clone()).await.unwrap();
    assert!(!before.get("full_user").has("ttl_period"));
    let updates = alice.call(stay(86_400)).await.unwrap();
    let told = updates.list("updates").unwrap()[0].get("message").clone();
    assert_eq!(told.get("action").int("period"), Ok(86_400));
    let about = alice.call(about).await.unwrap();
    assert_eq!(about.get("full_user").int("ttl_period"), Ok(86_400));
    assert_eq!(
        alice.call(stay(86_400)).await,
        error(400, "CHAT_NOT_MODIFIED")
    );
}

#[tokio::test]
async fn what_is_protected_is_not_forwarded() {
    let (_sandbox, mut alice, mut bob) = both().await;
    let group = alice.peer("the_group").await;
    let protect = object!("messages.toggleNoForwards", peer: group, enabled: Value::Bool(true));
    let from = bob.peer("the_group").await;
    let forward = |random_id: i64| {
        object!("messages.forwardMessages", from_peer: from.clone(), to_peer: object!("inputPeerSelf"),
            id: vec![Value::from(7)], random_id: vec![Value::from(random_id)])
    };
    bob.call(forward(1)).await.unwrap();
    alice.call(protect).await.unwrap();
    assert_eq!(
        bob.call(forward(2)).await,
        error(400, "CHAT_FORWARDS_RESTRICTED")
    );
}

#[tokio::test]
async fn who_is_banned_is_out_until_the_ban_is_lifted() {
    let (_sandbox, mut alice, mut bob) = both().await;
    let group = channel(&mut alice, "the_group").await;
    let of_bob = channel(&mut bob, "the_group").await;
    let them = alice.peer("bob_b").await;
    let ban = |rights: Value| object!("channels.editBanned", channel: group.clone(), participant: them.clone(), banned_rights: rights);
    let out = || object!("chatBannedRights", view_messages: true, until_date: 0);
    let myself = object!("channels.editBanned",
        channel: of_bob.clone(), participant: object!("inputPeerSelf"), banned_rights: out());
    assert_eq!(bob.call(myself).await, error(400, "CHAT_ADMIN_REQUIRED"));
    let muted = object!("chatBannedRights", send_messages: true, until_date: 0);
    assert_eq!(
        alice.call(ban(muted)).await,
        error(400, "BANNED_RIGHTS_INVALID")
    );
    alice.call(ban(out())).await.unwrap();
    let read = object!("channels.getFullChannel", channel: of_bob.clone());
    assert_eq!(bob.call(read.clone()).await, error(400, "CHANNEL_PRIVATE"));
    let member =
        object!("channels.getParticipant", channel: group.clone(), participant: them.clone());
    let member = alice.call(member).await.unwrap();
    assert_eq!(member.get("participant").name(), "channelParticipantBanned");
    let invite = object!("channels.inviteToChannel", channel: group.clone(), users: vec![object!("inputUser",
        user_id: 2_i64, access_hash: them.int("access_hash").unwrap())]);
    assert_eq!(alice.call(invite.clone()).await, error(400, "USER_KICKED"));
    alice
        .call(ban(object!("chatBannedRights", until_date: 0)))
        .await
        .unwrap();
    bob.call(read).await.unwrap();
    alice.call(invite.clone()).await.unwrap();
    assert_eq!(
        alice.call(invite).await,
        error(400, "USER_ALREADY_PARTICIPANT")
    );
}

#[tokio::test]
async fn histories_are_deleted_for_oneself_and_for_everybody() {
    let (_sandbox, mut alice, mut bob) = both().await;
    let (here, there) = (alice.peer("the_group").await, bob.peer("the_group").await);
    alice.say(&here, "of alice").await.unwrap();
    let of_bob = channel(&mut bob, "the_group").await;
    let clear = object!("channels.deleteHistory", channel: of_bob.clone(), max_id: 7);
    bob.call(clear).await.unwrap();
    assert_eq!(
        (
            bob.history(&there).await.len(),
            alice.history(&here).await.len()
        ),
        (1, 2)
    );
    let all = object!("channels.deleteHistory", for_everyone: true, channel: of_bob, max_id: 0);
    assert_eq!(bob.call(all).await, error(400, "CHAT_ADMIN_REQUIRED"));
    let group = channel(&mut alice, "the_group").await;
    let them = alice.peer("bob_b").await;
    let gone =
        object!("channels.deleteParticipantHistory", channel: group.clone(), participant: them);
    assert_eq!(alice.call(gone).await.unwrap().int("pts_count"), Ok(1));
    assert_eq!(alice.history(&here).await.len(), 1);
    let all = object!("channels.deleteHistory", for_everyone: true, channel: group, max_id: 0);
    alice.call(all).await.unwrap();
    assert!(alice.history(&here).await.is_empty());
}

#[tokio::test]
async fn a_basic_group_becomes_a_supergroup_once() {
    let (_sandbox, mut alice, mut bob) = both().await;
    let migrate = || object!("messages.migrateChat", chat_id: 9_i64);
    assert_eq!(bob.call(migrate()).await, error(400, "CHAT_ADMIN_REQUIRED"));
    let updates = alice.call(migrate()).await.unwrap();
    let id = updates.list("updates").unwrap()[0]
        .int("channel_id")
        .unwrap();
    let new = updates
        .list("chats")
        .unwrap()
        .iter()
        .find(|chat| chat.int("id") == Ok(id))
        .unwrap()
        .clone();
    assert_eq!(
        (new.text("title"), new.int("participants_count")),
        (Ok("Club"), Ok(2))
    );
    assert_eq!(alice.call(migrate()).await, error(400, "CHAT_ID_INVALID"));
    let told = bob.update("updateNewMessage").await;
    assert_eq!(told.get("message").get("action").int("channel_id"), Ok(id));
}

#[tokio::test]
async fn topics_are_of_forums_and_keep_their_messages_together() {
    let (_sandbox, mut alice, _bob) = both().await;
    let peer = alice.peer("the_group").await;
    let create = |random_id: i64| object!("messages.createForumTopic", peer: peer.clone(), title: "Rust", icon_color: 0x6f_b9_f0, random_id: random_id);
    assert_eq!(
        alice.call(create(1)).await,
        error(400, "CHANNEL_FORUM_MISSING")
    );
    toggle(&mut alice, "channels.toggleForum", "the_group", true)
        .await
        .unwrap();
    let updates = alice.call(create(2)).await.unwrap();
    let news = updates.list("updates").unwrap();
    let began = news
        .iter()
        .find(|it| it.name() == "updateNewChannelMessage")
        .unwrap()
        .get("message")
        .clone();
    let topic = began.int("id").unwrap() as i32;
    assert_eq!(began.get("action").text("title"), Ok("Rust"));
    let mut said = message(&peer, "in the topic");
    if let Value::Object(said) = &mut said {
        said.set(
            "reply_to",
            object!("inputReplyToMessage", reply_to_msg_id: topic, top_msg_id: topic),
        );
    }
    alice.call(said).await.unwrap();
    let newest = &alice.history(&peer).await[0];
    let header = newest.get("reply_to");
    assert!(header.flag("forum_topic"));
    assert_eq!(
        (header.int("reply_to_msg_id"), header.has("reply_to_top_id")),
        (Ok(topic.into()), false)
    );
    let edit = |closed: bool| object!("messages.editForumTopic", peer: peer.clone(), topic_id: topic, closed: Value::Bool(closed));
    alice.call(edit(true)).await.unwrap();
    assert_eq!(
        alice.call(edit(true)).await,
        error(400, "TOPIC_NOT_MODIFIED")
    );
    let delete = || object!("messages.deleteTopicHistory", peer: peer.clone(), top_msg_id: topic);
    assert_eq!(alice.call(delete()).await.unwrap().int("pts_count"), Ok(3));
    assert_eq!(alice.call(delete()).await, error(400, "TOPIC_ID_INVALID"));
}

#[tokio::test]
async fn reactions_are_counted_and_those_of_others_are_told() {
    let (sandbox, mut alice, mut bob) = both().await;
    let react = |peer: &Value, reactions: Vec<Value>| object!("messages.sendReaction", peer: peer.clone(), msg_id: 7, reaction: reactions);
    let heart = || object!("reactionEmoji", emoticon: "\u{2764}");
    let thumb = || object!("reactionEmoji", emoticon: "\u{1f44d}");
    let (here, there) = (alice.peer("the_group").await, bob.peer("the_group").await);
    bob.history(&there).await;
    alice.call(react(&here, vec![heart()])).await.unwrap();
    let told = bob.update("updateMessageReactions").await;
    let results = told.get("reactions").list("results").unwrap().to_vec();
    assert_eq!(
        (results[0].int("count"), results[0].has("chosen_order")),
        (Ok(1), false)
    );
    assert_eq!(
        alice.call(react(&here, vec![heart()])).await,
        error(400, "MESSAGE_NOT_MODIFIED")
    );
    let many = react(&here, vec![heart(), thumb()]);
    assert_eq!(alice.call(many).await, error(400, "REACTIONS_TOO_MANY"));
    let word = object!("reactionEmoji", emoticon: "x");
    assert_eq!(
        alice.call(react(&here, vec![word])).await,
        error(400, "REACTION_INVALID")
    );
    let custom = || object!("reactionCustomEmoji", document_id: 5_i64);
    assert_eq!(
        alice.call(react(&here, vec![custom()])).await,
        error(400, "PREMIUM_ACCOUNT_REQUIRED")
    );
    let mut carol = logged_in(&sandbox, "9996612003").await;
    let anywhere = carol.peer("the_group").await;
    carol
        .call(react(&anywhere, vec![heart(), custom()]))
        .await
        .unwrap();
    let seen = carol.history(&anywhere).await[0].get("reactions").clone();
    let hearts = &seen.list("results").unwrap()[0];
    assert_eq!(
        (hearts.int("count"), hearts.int("chosen_order")),
        (Ok(2), Ok(0))
    );
}

#[tokio::test]
async fn posts_are_seen_discussed_translated_and_reported() {
    let (_sandbox, mut alice, mut bob) = both().await;
    let (news, there) = (alice.peer("the_news").await, bob.peer("the_news").await);
    alice.say(&news, "a post").await.unwrap();
    let views = object!("messages.getMessagesViews", peer: there.clone(), id: vec![Value::from(1)],
        increment: Value::Bool(true));
    let views = bob.call(views).await.unwrap();
    assert_eq!(views.list("views").unwrap()[0].int("views"), Ok(2));
    let discussed =
        |id: i32| object!("messages.getDiscussionMessage", peer: there.clone(), msg_id: id);
    let copy = bob.call(discussed(1)).await.unwrap();
    let copy = copy.list("messages").unwrap()[0].clone();
    assert_eq!(copy.get("peer_id").int("channel_id"), Ok(502));
    assert_eq!(copy.get("fwd_from").int("channel_post"), Ok(1));
    assert_eq!(bob.call(discussed(9)).await, error(400, "MSG_ID_INVALID"));
    let translate = |language: &str| object!("messages.translateText", peer: there.clone(), id: vec![Value::from(1)], to_lang: language);
    let texts = bob.call(translate("de")).await.unwrap();
    assert_eq!(
        texts.list("result").unwrap()[0].text("text"),
        Ok("[de] a post")
    );
    assert_eq!(
        bob.call(translate("german")).await,
        error(400, "TO_LANG_INVALID")
    );
    let report = |option: &[u8], text: &str| {
        object!("messages.report", peer: there.clone(), id: vec![Value::from(1)],
            option: Value::Bytes(option.to_vec()), message: text)
    };
    let choices = bob.call(report(b"", "")).await.unwrap();
    assert_eq!(choices.list("options").unwrap().len(), 3);
    assert_eq!(
        bob.call(report(b"o", "")).await.unwrap().name(),
        "reportResultAddComment"
    );
    assert_eq!(
        bob.call(report(b"o", "why")).await.unwrap().name(),
        "reportResultReported"
    );
    assert_eq!(
        bob.call(report(b"?", "")).await,
        error(400, "OPTION_INVALID")
    );
}

#[tokio::test]
async fn pinned_messages_are_remembered_and_told() {
    let (_sandbox, mut alice, mut bob) = both().await;
    let (here, there) = (alice.peer("the_group").await, bob.peer("the_group").await);
    bob.history(&there).await;
    let pin = |unpin: bool| object!("messages.updatePinnedMessage", unpin: unpin, peer: here.clone(), id: 7);
    assert_eq!(alice.call(pin(true)).await, error(400, "CHAT_NOT_MODIFIED"));
    alice.call(pin(false)).await.unwrap();
    assert!(
        bob.update("updatePinnedChannelMessages")
            .await
            .flag("pinned")
    );
    assert_eq!(
        full(&mut bob, "the_group").await.0.int("pinned_msg_id"),
        Ok(7)
    );
    alice.call(pin(true)).await.unwrap();
    assert!(!full(&mut bob, "the_group").await.0.has("pinned_msg_id"));
}

#[tokio::test]
async fn contacts_have_the_names_they_were_given_and_the_blocked_are_shown() {
    let (_sandbox, mut alice, _bob) = both().await;
    let peer = alice.peer("bob_b").await;
    let them = object!("inputUser", user_id: 2_i64, access_hash: peer.int("access_hash").unwrap());
    let add = |name: &str| object!("contacts.addContact", id: them.clone(), first_name: name, last_name: "B", phone: "");
    assert_eq!(alice.call(add("")).await, error(400, "CONTACT_NAME_EMPTY"));
    alice.call(add("Bobby")).await.unwrap();
    let contacts = alice
        .call(object!("contacts.getContacts", hash: 0_i64))
        .await
        .unwrap();
    assert_eq!(
        contacts.list("users").unwrap()[0].text("first_name"),
        Ok("Bobby")
    );
    alice
        .call(object!("contacts.deleteContacts", id: vec![them.clone()]))
        .await
        .unwrap();
    let contacts = alice
        .call(object!("contacts.getContacts", hash: 0_i64))
        .await
        .unwrap();
    assert!(contacts.list("users").unwrap().is_empty());
    for (method, blocked) in [("contacts.block", true), ("contacts.unblock", false)] {
        let done = alice.call(object!(method, id: peer.clone())).await.unwrap();
        assert_eq!(done, Value::Bool(true));
        let full = alice
            .call(object!("users.getFullUser", id: them.clone()))
            .await
            .unwrap();
        assert_eq!(full.get("full_user").flag("blocked"), blocked);
    }
    let nobody = alice
        .call(object!("contacts.block", id: object!("inputPeerSelf")))
        .await;
    assert_eq!(nobody, error(400, "CONTACT_ID_INVALID"));
}
