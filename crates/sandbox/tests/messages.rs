//! Sending, reading, editing, deleting and forwarding messages; who sees what.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod support;

use support::{TOWN, Value, error, history, logged_in, message, object, start};

fn texts(messages: &[Value]) -> Vec<&str> {
    messages
        .iter()
        .map(|message| message.text("message").unwrap())
        .collect()
}

fn ids(messages: &[i32]) -> Value {
    messages
        .iter()
        .map(|id| object!("inputMessageID", id: *id))
        .collect()
}

fn names(updates: &Value) -> Vec<&str> {
    updates
        .list("updates")
        .unwrap()
        .iter()
        .map(Value::name)
        .collect()
}

#[tokio::test]
async fn a_message_to_oneself_is_kept() {
    let sandbox = start(TOWN).await;
    let mut alice = logged_in(&sandbox, "9996612001").await;
    let me = object!("inputPeerSelf");
    let sent = alice.say(&me, "note to self ").await.unwrap();
    assert_eq!(
        names(&sent),
        [
            "updateMessageID",
            "updateNewMessage",
            "updateReadHistoryInbox"
        ]
    );
    assert_eq!(sent.int("seq"), Ok(0));
    let updates = sent.list("updates").unwrap();
    let new = updates[1].get("message");
    assert_eq!(
        (new.text("message"), new.flag("out")),
        (Ok("note to self"), true)
    );
    assert_eq!(
        updates[1].int("pts").unwrap() + 1,
        updates[2].int("pts").unwrap()
    );
    assert_eq!(texts(&alice.history(&me).await), ["note to self"]);
}

#[tokio::test]
async fn what_telegram_refuses_to_send_is_refused() {
    let sandbox = start(TOWN).await;
    let mut alice = logged_in(&sandbox, "9996612001").await;
    let me = object!("inputPeerSelf");
    assert_eq!(alice.say(&me, " \n").await, error(400, "MESSAGE_EMPTY"));
    assert_eq!(
        alice.say(&me, &"x".repeat(4097)).await,
        error(400, "MESSAGE_TOO_LONG")
    );
    alice.say(&me, &"x".repeat(4096)).await.unwrap();
    let query = message(&me, "once");
    alice.call(query.clone()).await.unwrap();
    assert_eq!(alice.call(query).await, error(500, "RANDOM_ID_DUPLICATE"));
    let query = object!("messages.sendMessage", peer: me.clone(), message: "x", random_id: 0);
    assert_eq!(alice.call(query).await, error(400, "RANDOM_ID_EMPTY"));
    let reply = object!("messages.sendMessage", peer: me, message: "x", random_id: 5,
        reply_to: object!("inputReplyToMessage", reply_to_msg_id: 999));
    assert_eq!(
        alice.call(reply).await,
        error(400, "REPLY_MESSAGE_ID_INVALID")
    );
}

#[tokio::test]
async fn peers_need_the_right_access_hash() {
    let sandbox = start(TOWN).await;
    let mut alice = logged_in(&sandbox, "9996612001").await;
    let bob = alice.peer("bob_b").await;
    alice.say(&bob, "hi").await.unwrap();
    let hash = bob.int("access_hash").unwrap();
    let user_id = bob.int("user_id").unwrap();
    let wrong = object!("inputPeerUser", user_id: user_id, access_hash: hash ^ 1);
    assert_eq!(alice.say(&wrong, "hi").await, error(400, "PEER_ID_INVALID"));
    let nobody = object!("inputPeerUser", user_id: 12, access_hash: hash);
    assert_eq!(
        alice.say(&nobody, "hi").await,
        error(400, "PEER_ID_INVALID")
    );
    assert_eq!(
        alice.say(&object!("inputPeerEmpty"), "hi").await,
        error(400, "PEER_ID_INVALID")
    );
    assert_eq!(
        alice
            .say(&object!("inputPeerChat", chat_id: 12), "hi")
            .await,
        error(400, "PEER_ID_INVALID")
    );
    // Somebody else's hash is of no use.
    let mut carol = logged_in(&sandbox, "9996612003").await;
    assert_eq!(carol.say(&bob, "hi").await, error(400, "PEER_ID_INVALID"));
    let full =
        object!("users.getFullUser", id: object!("inputUser", user_id: user_id, access_hash: 3));
    assert_eq!(alice.call(full).await, error(400, "USER_ID_INVALID"));
    // A message where somebody stands vouches for them too.
    let vouched = object!("inputPeerUserFromMessage",
        peer: object!("inputPeerChat", chat_id: 9), msg_id: 1, user_id: user_id);
    alice.say(&vouched, "seen in the club").await.unwrap();
    let unseen = object!("inputPeerUserFromMessage",
        peer: object!("inputPeerChat", chat_id: 9), msg_id: 1, user_id: 6_000_001);
    assert_eq!(alice.say(&unseen, "?").await, error(400, "USER_ID_INVALID"));
}

#[tokio::test]
async fn the_other_side_hears_of_messages_edits_reads_and_deletions() {
    let sandbox = start(TOWN).await;
    let mut alice = logged_in(&sandbox, "9996612001").await;
    let mut bob = logged_in(&sandbox, "9996612002").await;
    bob.call(object!("updates.getState")).await.unwrap();
    let (to_bob, to_alice) = (alice.peer("bob_b").await, bob.peer("alice_a").await);
    alice.say(&to_bob, "one").await.unwrap();
    let new = bob.update("updateNewMessage").await;
    let (got, pts) = (new.get("message"), new.int("pts").unwrap());
    assert_eq!((got.text("message"), got.flag("out")), (Ok("one"), false));
    assert_eq!(got.get("peer_id"), got.get("from_id"));
    let id = got.int("id").unwrap() as i32;

    let read = bob
        .call(object!("messages.readHistory", peer: to_alice.clone(), max_id: id))
        .await
        .unwrap();
    assert_eq!(
        (read.int("pts"), read.int("pts_count")),
        (Ok(pts + 1), Ok(1))
    );
    let seen = alice.update("updateReadHistoryOutbox").await;
    let sent = alice.history(&to_bob).await[0].clone();
    assert_eq!(seen.int("max_id"), sent.int("id"));

    let number = sent.int("id").unwrap() as i32;
    let edit = |id: i32, text: &str| object!("messages.editMessage", peer: to_bob.clone(), id: id, message: text);
    assert_eq!(
        alice.call(edit(number, "one")).await,
        error(400, "MESSAGE_NOT_MODIFIED")
    );
    assert_eq!(
        alice.call(edit(number, "")).await,
        error(400, "MESSAGE_EMPTY")
    );
    assert_eq!(
        alice.call(edit(999, "x")).await,
        error(400, "MESSAGE_ID_INVALID")
    );
    assert_eq!(
        alice.call(edit(30, "x")).await,
        error(403, "MESSAGE_AUTHOR_REQUIRED")
    );
    assert_eq!(
        alice.call(edit(31, "x")).await,
        error(400, "MESSAGE_EDIT_TIME_EXPIRED")
    );
    let edited = alice.call(edit(number, "two")).await.unwrap();
    assert_eq!(names(&edited), ["updateEditMessage"]);
    let update = bob.update("updateEditMessage").await;
    assert_eq!(update.get("message").text("message"), Ok("two"));
    assert!(update.get("message").has("edit_date"));

    let delete =
        |ids: Vec<i32>, revoke: bool| object!("messages.deleteMessages", revoke: revoke, id: ids);
    assert_eq!(
        alice.call(delete(vec![], true)).await,
        error(400, "MESSAGE_IDS_EMPTY")
    );
    let gone = alice.call(delete(vec![number, 999], true)).await.unwrap();
    assert_eq!(gone.int("pts_count"), Ok(1));
    let update = bob.update("updateDeleteMessages").await;
    assert_eq!(update.list("messages").unwrap(), [Value::from(id)]);
    // Without revoke it goes only here.
    alice.call(delete(vec![30], false)).await.unwrap();
    assert!(!texts(&alice.history(&to_bob).await).contains(&"old #tag"));
    assert!(texts(&bob.history(&to_alice).await).contains(&"old #tag"));
}

#[tokio::test]
async fn other_sessions_of_the_sender_hear_of_it_and_the_own_does_not() {
    let sandbox = start(TOWN).await;
    let mut desk = logged_in(&sandbox, "9996612001").await;
    let mut phone = logged_in(&sandbox, "9996612001").await;
    phone.call(object!("updates.getState")).await.unwrap();
    desk.say(&object!("inputPeerSelf"), "shared").await.unwrap();
    let update = phone.update("updateNewMessage").await;
    assert_eq!(update.get("message").text("message"), Ok("shared"));
    desk.call(object!("updates.getState")).await.unwrap();
    assert!(desk.pushed.is_empty());
    // A session that wants no updates gets none.
    let mut quiet = desk.sibling(&sandbox, 2).await;
    let state =
        support::introduced(object!("invokeWithoutUpdates", query: object!("updates.getState")));
    quiet.call_bare(&state).await.unwrap();
    phone.say(&object!("inputPeerSelf"), "again").await.unwrap();
    desk.update("updateNewMessage").await;
    quiet.call_bare(&state).await.unwrap();
    assert!(quiet.pushed.is_empty());
}

#[tokio::test]
async fn history_is_cut_as_its_offsets_say() {
    let sandbox = start(TOWN).await;
    let mut alice = logged_in(&sandbox, "9996612001").await;
    let me = object!("inputPeerSelf");
    for text in ["a", "b", "c", "d", "e"] {
        alice.say(&me, text).await.unwrap();
    }
    let all = alice.call(history(&me, 100)).await.unwrap();
    assert_eq!(all.name(), "messages.messages");
    assert_eq!(
        texts(all.list("messages").unwrap()),
        ["e", "d", "c", "b", "a"]
    );
    let id_of = |text: &str| {
        let found = all
            .list("messages")
            .unwrap()
            .iter()
            .find(|message| message.text("message") == Ok(text));
        found.unwrap().int("id").unwrap() as i32
    };
    let cut = |offset_id: i32, add_offset: i32, limit: i32, max_id: i32, min_id: i32| {
        object!("messages.getHistory", peer: me.clone(), offset_id: offset_id, offset_date: 0,
            add_offset: add_offset, limit: limit, max_id: max_id, min_id: min_id, hash: 0)
    };
    let cases = [
        (cut(0, 0, 2, 0, 0), vec!["e", "d"]),
        (cut(0, 2, 1, 0, 0), vec!["c"]),
        (cut(0, 0, 0, 0, 0), vec!["e"]),
        (cut(id_of("d"), 0, 2, 0, 0), vec!["c", "b"]),
        (cut(id_of("d"), -1, 2, 0, 0), vec!["d", "c"]),
        (cut(0, 0, 100, id_of("d"), id_of("a")), vec!["c", "b"]),
        (cut(0, 90, 9, 0, 0), vec![]),
    ];
    for (query, expected) in cases {
        let part = alice.call(query).await.unwrap();
        assert_eq!(part.name(), "messages.messagesSlice");
        assert_eq!(part.int("count"), Ok(5));
        assert_eq!(texts(part.list("messages").unwrap()), expected);
    }
    let bob = alice.peer("bob_b").await;
    let old = object!("messages.getHistory", peer: bob, offset_id: 0, offset_date: 1_600_000_050,
        add_offset: 0, limit: 5, max_id: 0, min_id: 0, hash: 0);
    assert_eq!(
        texts(alice.call(old).await.unwrap().list("messages").unwrap()),
        ["old #tag"]
    );
}

#[tokio::test]
async fn single_messages_are_found_by_id() {
    let sandbox = start(TOWN).await;
    let mut alice = logged_in(&sandbox, "9996612001").await;
    let found = alice
        .call(object!("messages.getMessages", id: ids(&[30, 31, 999])))
        .await
        .unwrap();
    let list = found.list("messages").unwrap();
    assert_eq!(texts(&list[..2]), ["old #tag", "answer"]);
    assert_eq!(
        list[0].list("entities").unwrap(),
        [object!("messageEntityHashtag", offset: 4, length: 4)]
    );
    assert_eq!(list[1].get("reply_to").int("reply_to_msg_id"), Ok(30));
    assert_eq!(list[2], object!("messageEmpty", id: 999));
    let replied = vec![object!("inputMessageReplyTo", id: 31)];
    let found = alice
        .call(object!("messages.getMessages", id: replied))
        .await
        .unwrap();
    assert_eq!(texts(found.list("messages").unwrap()), ["old #tag"]);
}

#[tokio::test]
async fn a_search_finds_text() {
    let sandbox = start(TOWN).await;
    let mut alice = logged_in(&sandbox, "9996612001").await;
    let bob = alice.peer("bob_b").await;
    let search = |filter: &'static str| {
        object!("messages.search", peer: bob.clone(), q: "OLD", filter: object!(filter), min_date: 0, max_date: 0,
            offset_id: 0, add_offset: 0, limit: 10, max_id: 0, min_id: 0, hash: 0)
    };
    let found = alice
        .call(search("inputMessagesFilterEmpty"))
        .await
        .unwrap();
    assert_eq!(texts(found.list("messages").unwrap()), ["old #tag"]);
    assert_eq!(
        alice.call(search("inputMessagesFilterPhotos")).await,
        error(400, "INPUT_FILTER_INVALID")
    );
}

#[tokio::test]
async fn messages_are_forwarded_with_their_origin() {
    let sandbox = start(TOWN).await;
    let mut alice = logged_in(&sandbox, "9996612001").await;
    let bob = alice.peer("bob_b").await;
    let forward = |ids: Vec<i32>, random: Vec<i64>| {
        object!("messages.forwardMessages",
            from_peer: bob.clone(), id: ids, random_id: random, to_peer: object!("inputPeerSelf"))
    };
    assert_eq!(
        alice.call(forward(vec![999], vec![1])).await,
        error(400, "MESSAGE_ID_INVALID")
    );
    assert_eq!(
        alice.call(forward(vec![30], vec![1, 2])).await,
        error(400, "RANDOM_ID_INVALID")
    );
    assert_eq!(
        alice.call(forward(vec![], vec![])).await,
        error(400, "MESSAGE_IDS_EMPTY")
    );
    alice.call(forward(vec![30], vec![1])).await.unwrap();
    let kept = alice.history(&object!("inputPeerSelf")).await;
    assert_eq!(kept[0].get("fwd_from").int("date"), Ok(1_600_000_000));
    assert_eq!(
        kept[0].get("fwd_from").get("from_id").int("user_id"),
        bob.int("user_id")
    );
}

#[tokio::test]
async fn a_scripted_bot_replies() {
    let sandbox = start(TOWN).await;
    let mut alice = logged_in(&sandbox, "9996612001").await;
    let bot = alice.peer("some_bot").await;
    let sent = alice.say(&bot, "/start now").await.unwrap();
    let message = sent.list("updates").unwrap()[1].get("message");
    assert_eq!(
        message.list("entities").unwrap(),
        [object!("messageEntityBotCommand", offset: 0, length: 6)]
    );
    let reply = alice.update("updateNewMessage").await;
    assert_eq!(reply.get("message").text("message"), Ok("Hello"));
    assert_eq!(
        reply.get("message").get("reply_markup").name(),
        "replyInlineMarkup"
    );
    assert_eq!(
        alice
            .update("updateNewMessage")
            .await
            .get("message")
            .text("message"),
        Ok("More")
    );
    alice.say(&bot, "something").await.unwrap();
    assert_eq!(
        alice
            .update("updateNewMessage")
            .await
            .get("message")
            .text("message"),
        Ok("What?")
    );
}

#[tokio::test]
async fn scripted_errors_come_as_often_as_the_world_says() {
    let sandbox = start(TOWN).await;
    let mut alice = logged_in(&sandbox, "9996612001").await;
    let mut bob = logged_in(&sandbox, "9996612002").await;
    let club = object!("inputPeerChat", chat_id: 9);
    alice.call(history(&club, 1)).await.unwrap();
    assert_eq!(
        alice.call(history(&club, 1)).await,
        error(420, "FLOOD_WAIT_3")
    );
    alice
        .call(history(&object!("inputPeerSelf"), 1))
        .await
        .unwrap();
    bob.call(history(&club, 1)).await.unwrap();
    assert_eq!(
        alice.call(history(&club, 1)).await,
        error(420, "FLOOD_WAIT_3")
    );
    alice.call(history(&club, 1)).await.unwrap();
    let typing =
        object!("messages.setTyping", peer: club, action: object!("sendMessageTypingAction"));
    for _ in 0..3 {
        assert_eq!(alice.call(typing.clone()).await, error(-503, "Timeout"));
    }
}

#[tokio::test]
async fn what_was_missed_is_in_the_difference() {
    let sandbox = start(TOWN).await;
    let mut alice = logged_in(&sandbox, "9996612001").await;
    let mut bob = logged_in(&sandbox, "9996612002").await;
    let state = bob.call(object!("updates.getState")).await.unwrap();
    let (pts, date) = (state.int("pts").unwrap(), state.int("date").unwrap());
    let difference = |pts: i64| object!("updates.getDifference", pts: pts, date: date, qts: 0);
    assert_eq!(
        bob.call(difference(pts)).await.unwrap().name(),
        "updates.differenceEmpty"
    );
    assert_eq!(
        bob.call(difference(0)).await,
        error(400, "PERSISTENT_TIMESTAMP_EMPTY")
    );
    assert_eq!(
        bob.call(difference(pts + 9)).await,
        error(400, "PERSISTENT_TIMESTAMP_INVALID")
    );
    let to_bob = alice.peer("bob_b").await;
    alice.say(&to_bob, "missed").await.unwrap();
    let number = alice.history(&to_bob).await[0].int("id").unwrap() as i32;
    alice
        .call(object!("messages.editMessage", peer: to_bob.clone(), id: number, message: "edited"))
        .await
        .unwrap();
    let missed = bob.call(difference(pts)).await.unwrap();
    assert_eq!(texts(missed.list("new_messages").unwrap()), ["edited"]);
    assert_eq!(
        missed.list("other_updates").unwrap()[0].name(),
        "updateEditMessage"
    );
    assert_eq!(missed.get("state").int("pts"), Ok(pts + 2));
}
