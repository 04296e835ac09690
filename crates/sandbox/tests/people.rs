//! People, profiles, basic groups and the list of chats.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod support;

use support::{TOWN, Value, error, input_peer, logged_in, object, start, without_peer};

#[tokio::test]
async fn dialogs_are_listed_newest_first() {
    let sandbox = start(TOWN).await;
    let mut alice = logged_in(&sandbox, "9996612001").await;
    let dialogs = |limit: i32| {
        object!("messages.getDialogs",
            offset_date: 0, offset_id: 0, offset_peer: object!("inputPeerEmpty"), limit: limit, hash: 0)
    };
    let all = alice.call(dialogs(10)).await.unwrap();
    assert_eq!(all.name(), "messages.dialogs");
    let list = all.list("dialogs").unwrap();
    assert_eq!(list[0].get("peer"), &object!("peerChat", chat_id: 9));
    assert_eq!(list[0].int("unread_count"), Ok(1));
    assert_eq!(all.list("users").unwrap().len(), 2);
    let part = alice.call(dialogs(1)).await.unwrap();
    assert_eq!(
        (part.name(), part.int("count")),
        ("messages.dialogsSlice", Ok(2))
    );
    let top = &part.list("messages").unwrap()[0];
    let rest = object!("messages.getDialogs",
        offset_date: top.get("date"), offset_id: top.get("id"), offset_peer: object!("inputPeerChat", chat_id: 9),
        limit: 10, hash: 0);
    assert_eq!(
        alice
            .call(rest)
            .await
            .unwrap()
            .list("dialogs")
            .unwrap()
            .len(),
        1
    );
    let one = vec![object!("inputDialogPeer", peer: object!("inputPeerChat", chat_id: 9))];
    let found = alice
        .call(object!("messages.getPeerDialogs", peers: one))
        .await
        .unwrap();
    assert_eq!(found.list("dialogs").unwrap().len(), 1);
    assert!(found.get("state").int("pts").unwrap() > 1);
}

#[tokio::test]
async fn a_basic_group_is_for_its_members() {
    let sandbox = start(TOWN).await;
    let mut alice = logged_in(&sandbox, "9996612001").await;
    let mut bob = logged_in(&sandbox, "9996612002").await;
    let mut carol = logged_in(&sandbox, "9996612003").await;
    bob.call(object!("updates.getState")).await.unwrap();
    let club = object!("inputPeerChat", chat_id: 9);
    alice.say(&club, "hello all").await.unwrap();
    let new = bob.update("updateNewMessage").await;
    assert_eq!(
        new.get("message").get("peer_id"),
        &object!("peerChat", chat_id: 9)
    );
    assert_eq!(
        carol.say(&club, "me too").await,
        error(400, "PEER_ID_INVALID")
    );
    assert_eq!(
        carol
            .call(object!("messages.getFullChat", chat_id: 9))
            .await,
        error(400, "CHAT_ID_INVALID")
    );
    assert_eq!(
        carol
            .call(object!("messages.getChats", id: vec![9_i64]))
            .await,
        error(400, "CHAT_ID_INVALID")
    );

    let check = |hash: &str| object!("messages.checkChatInvite", hash: hash);
    assert_eq!(carol.call(check("")).await, error(400, "INVITE_HASH_EMPTY"));
    assert_eq!(
        carol.call(check("nonsense")).await,
        error(400, "INVITE_HASH_INVALID")
    );
    let invite = carol.call(check("clubHash")).await.unwrap();
    assert_eq!(
        (
            invite.name(),
            invite.text("title"),
            invite.int("participants_count")
        ),
        ("chatInvite", Ok("Club"), Ok(2))
    );
    assert_eq!(
        bob.call(check("clubHash")).await.unwrap().name(),
        "chatInviteAlready"
    );
    let import = object!("messages.importChatInvite", hash: "clubHash");
    let joined = carol.call(import.clone()).await.unwrap();
    assert_eq!(joined.name(), "messages.chatInviteJoinResultOk");
    assert_eq!(
        carol.call(import).await,
        error(400, "USER_ALREADY_PARTICIPANT")
    );
    let service = bob.update("updateNewMessage").await;
    assert_eq!(
        service.get("message").get("action").name(),
        "messageActionChatJoinedByLink"
    );
    let full = carol
        .call(object!("messages.getFullChat", chat_id: 9))
        .await
        .unwrap();
    let participants = full
        .get("full_chat")
        .get("participants")
        .list("participants")
        .unwrap();
    assert_eq!(participants.len(), 3);
    carol.say(&club, "here").await.unwrap();
    let chats = carol
        .call(object!("messages.getChats", id: vec![9_i64]))
        .await
        .unwrap();
    assert_eq!(chats.list("chats").unwrap()[0].text("title"), Ok("Club"));
}

#[tokio::test]
async fn people_are_found_by_name_phone_and_address_book() {
    let sandbox = start(TOWN).await;
    let mut alice = logged_in(&sandbox, "9996612001").await;
    let resolve = |name: &str| object!("contacts.resolveUsername", username: name);
    let found = alice.call(resolve("BOB_B")).await.unwrap();
    let bob = &found.list("users").unwrap()[0];
    assert_eq!(
        (
            bob.text("first_name"),
            bob.flag("contact"),
            bob.flag("mutual_contact")
        ),
        (Ok("Bob"), true, false)
    );
    assert_eq!(bob.text("phone"), Ok("9996612002"));
    assert_eq!(
        alice.call(resolve("nobody_here")).await,
        error(400, "USERNAME_NOT_OCCUPIED")
    );
    assert_eq!(
        alice.call(resolve("@bob_b")).await,
        error(400, "USERNAME_INVALID")
    );
    let phone = |phone: &str| object!("contacts.resolvePhone", phone: phone);
    let carol = alice.call(phone("9996612003")).await.unwrap();
    assert!(!carol.list("users").unwrap()[0].has("phone"));
    assert_eq!(
        alice.call(phone("12345678")).await,
        error(400, "PHONE_NOT_OCCUPIED")
    );
    let contacts = alice
        .call(object!("contacts.getContacts", hash: 0))
        .await
        .unwrap();
    assert_eq!(contacts.list("contacts").unwrap().len(), 1);
    let full = object!("users.getFullUser", id: without_peer(&input_peer(&found)));
    let full = alice.call(full).await.unwrap();
    assert_eq!(full.get("full_user").int("common_chats_count"), Ok(1));
}

#[tokio::test]
async fn a_profile_is_changed_by_its_owner() {
    let sandbox = start(TOWN).await;
    let mut alice = logged_in(&sandbox, "9996612001").await;
    let mut bob = logged_in(&sandbox, "9996612002").await;
    bob.call(object!("updates.getState")).await.unwrap();
    let check = |name: &str| object!("account.checkUsername", username: name);
    let update = |name: &str| object!("account.updateUsername", username: name);
    assert_eq!(alice.call(check("free_name")).await, Ok(Value::Bool(true)));
    assert_eq!(
        alice.call(check("bob_b")).await,
        error(400, "USERNAME_OCCUPIED")
    );
    assert_eq!(
        alice.call(update("a!")).await,
        error(400, "USERNAME_INVALID")
    );
    assert_eq!(
        alice.call(update("abc")).await,
        error(400, "USERNAME_INVALID")
    );
    assert_eq!(
        alice.call(update("alice_a")).await,
        error(400, "USERNAME_NOT_MODIFIED")
    );
    let user = alice.call(update("alice_new")).await.unwrap();
    assert_eq!(user.text("username"), Ok("alice_new"));
    let heard = bob.update("updateUserName").await;
    assert_eq!(
        heard.list("usernames").unwrap()[0].text("username"),
        Ok("alice_new")
    );
    let old = object!("contacts.resolveUsername", username: "alice_a");
    assert_eq!(bob.call(old).await, error(400, "USERNAME_NOT_OCCUPIED"));
    let profile = |name: &str| object!("account.updateProfile", first_name: name, about: "me");
    assert_eq!(
        alice.call(profile("")).await,
        error(400, "FIRSTNAME_INVALID")
    );
    assert_eq!(
        alice
            .call(profile("Alicia"))
            .await
            .unwrap()
            .text("first_name"),
        Ok("Alicia")
    );
    let online = alice
        .call(object!("account.updateStatus", offline: Value::Bool(false)))
        .await;
    assert_eq!(online, Ok(Value::Bool(true)));
    assert_eq!(
        bob.update("updateUserStatus").await.get("status").name(),
        "userStatusOnline"
    );
}

#[tokio::test]
async fn typing_is_seen_by_the_other() {
    let world = TOWN.replace("messages.setTyping", "messages.search");
    let sandbox = start(&world).await;
    let mut alice = logged_in(&sandbox, "9996612001").await;
    let mut bob = logged_in(&sandbox, "9996612002").await;
    bob.call(object!("updates.getState")).await.unwrap();
    let to_bob = alice.peer("bob_b").await;
    let typing = |peer: Value| object!("messages.setTyping", peer: peer, action: object!("sendMessageTypingAction"));
    alice.call(typing(to_bob)).await.unwrap();
    assert_eq!(
        bob.update("updateUserTyping").await.get("action").name(),
        "sendMessageTypingAction"
    );
    alice
        .call(typing(object!("inputPeerChat", chat_id: 9)))
        .await
        .unwrap();
    assert_eq!(
        bob.update("updateChatUserTyping").await.int("chat_id"),
        Ok(9)
    );
}

#[tokio::test]
async fn support_is_who_the_world_says() {
    let without = start(TOWN).await;
    let mut alice = logged_in(&without, "9996612001").await;
    assert_eq!(
        alice.call(object!("help.getSupport")).await,
        error(400, "METHOD_INVALID")
    );
    let with = start(&TOWN.replacen('{', r#"{"support": "bob","#, 1)).await;
    let mut alice = logged_in(&with, "9996612001").await;
    let support = alice.call(object!("help.getSupport")).await.unwrap();
    assert_eq!(support.text("phone_number"), Ok("9996612002"));
    assert!(support.get("user").flag("support"));
}
