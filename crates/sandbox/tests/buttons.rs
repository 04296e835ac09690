//! Pressing inline buttons: scripted bots, connected bots, passwords, games, and every way it fails.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod support;

use madeline_sandbox::Sandbox;
use support::{Client, Received, Value, error, object, press, start};

const WORLD: &str = r#"{
    "callback_timeout_ms": 300,
    "users": {
        "alice": {"first_name": "Alice", "username": "alice", "phone": "9996612001"},
        "bob": {"first_name": "Bob", "username": "bob_b", "phone": "9996612002", "password": "correct horse"}
    },
    "bots": {
        "bot": {"token": "6000001:secret", "first_name": "Bot", "username": "bot", "callbacks": [
            {"data": "yes", "alert": true, "message": "You pressed yes."},
            {"data": {"hex": "ff000162696e"}, "message": "binary", "native_ui": true},
            {"data": "url", "url": "https://t.me/bot?start=1", "cache_time": 7},
            {"data": "empty"},
            {"data": "slow", "message": "at last", "delay_ms": 50},
            {"data": "too slow", "message": "never seen", "delay_ms": 60000},
            {"data": "silent", "silence": true},
            {"data": "timeout", "error": {"code": -503, "text": "Timeout"}},
            {"data": "private", "error": {"code": 400, "text": "CHANNEL_PRIVATE"}},
            {"data": "duplicated", "auth_key_duplicated": true},
            {"data": "edit", "edit": {"text": "edited", "keyboard": [[{"text": "New", "data": "new"}]]}},
            {"data": "send", "send": {"text": "one more"}},
            {"data": "secret", "message": "You know it."},
            {"game": "chess", "url": "https://example.com/chess"}
        ]},
        "live": {"token": "6000002:secret", "first_name": "Live", "username": "live_bot"}
    },
    "channels": {
        "group": {"title": "Group", "username": "the_group", "megagroup": true, "creator": "alice", "members": ["bot", "live"]},
        "closed": {"title": "Closed", "username": "closed_one", "creator": "bob", "banned": ["alice"]},
        "gone": {"title": "Gone", "username": "gone_one", "creator": "bob", "deleted": true}
    },
    "messages": [
        {"id": 41, "in": ["alice", "bot"], "from": "alice", "text": "hello"},
        {"id": 42, "in": ["alice", "bot"], "from": "bot", "text": "Pick", "keyboard": [
            [{"text": "Yes", "data": "yes"}, {"text": "Bin", "data": {"hex": "ff000162696e"}}, {"text": "Url", "data": "url"}],
            [{"text": "Empty", "data": "empty"}, {"text": "Slow", "data": "slow"}, {"text": "Slower", "data": "too slow"}],
            [{"text": "Silent", "data": "silent"}, {"text": "Timeout", "data": "timeout"}, {"text": "P", "data": "private"}],
            [{"text": "D", "data": "duplicated"}, {"text": "Edit", "data": "edit"}, {"text": "Send", "data": "send"}],
            [{"text": "Nobody", "data": "nobody"}, {"text": "Site", "url": "https://example.com/"}]
        ]},
        {"id": 43, "in": ["alice", "bot"], "from": "bot", "game": {"short_name": "chess", "title": "Chess"},
            "keyboard": [[{"text": "Play", "game": true}]]},
        {"id": 44, "in": ["bob", "bot"], "from": "bot", "text": "Members", "keyboard": [[{"text": "S", "data": "secret", "requires_password": true}]]},
        {"id": 45, "in": ["alice", "bot"], "from": "bot", "text": "Members", "keyboard": [[{"text": "S", "data": "secret", "requires_password": true}]]},
        {"id": 46, "in": ["alice", "live"], "from": "live", "text": "Live", "keyboard": [[{"text": "Hi", "data": "hi"}]]},
        {"id": 47, "in": ["alice", "live"], "from": "live", "game": {"short_name": "go", "title": "Go"}, "keyboard": [[{"text": "Play", "game": true}]]},
        {"id": 48, "in": ["alice", "bob"], "from": "bob", "via": "live", "text": "Sent through a bot", "keyboard": [[{"text": "Hi", "data": "hi"}]]},
        {"id": 7, "in": "group", "from": "alice", "via": "live", "text": "Sent through a bot", "keyboard": [[{"text": "Hi", "data": "hi"}]]},
        {"id": 5, "in": "group", "from": "bot", "text": "In a group", "keyboard": [[{"text": "Yes", "data": "yes"}]]},
        {"id": 6, "in": "group", "from": "live", "text": "In a group", "keyboard": [[{"text": "Hi", "data": "hi"}]]}
    ]
}"#;

/// The same world where bots have more time.
fn patient(milliseconds: u32) -> String {
    WORLD.replace("300,", &format!("{milliseconds},"))
}

async fn alice(sandbox: &Sandbox) -> Client {
    let mut alice = Client::connect(sandbox, 2).await;
    alice.log_in("9996612001", "12345").await.unwrap();
    alice
}

fn answer(message: &str) -> Value {
    object!("messages.botCallbackAnswer", message: message, cache_time: 0)
}

#[tokio::test]
async fn a_scripted_bot_answers_as_the_world_says() {
    let sandbox = start(WORLD).await;
    let mut alice = alice(&sandbox).await;
    let bot = alice.peer("bot").await;
    let cases: [(&[u8], Value); 5] = [
        (
            b"yes",
            object!("messages.botCallbackAnswer", alert: true, message: "You pressed yes.", cache_time: 0),
        ),
        (
            b"\xff\x00\x01bin",
            object!("messages.botCallbackAnswer", native_ui: true, message: "binary", cache_time: 0),
        ),
        (
            b"url",
            object!("messages.botCallbackAnswer",
            has_url: true, url: "https://t.me/bot?start=1", cache_time: 7),
        ),
        (
            b"empty",
            object!("messages.botCallbackAnswer", cache_time: 0),
        ),
        (b"slow", answer("at last")),
    ];
    for (data, expected) in cases {
        assert_eq!(alice.call(press(&bot, 42, data)).await, Ok(expected));
    }
}

#[tokio::test]
async fn wrong_presses_fail_as_at_telegram() {
    let sandbox = start(WORLD).await;
    let mut alice = alice(&sandbox).await;
    let bot = alice.peer("bot").await;
    assert_eq!(
        alice.call(press(&bot, 42, b"nope")).await,
        error(400, "DATA_INVALID")
    );
    assert_eq!(
        alice.call(press(&bot, 999, b"yes")).await,
        error(400, "MESSAGE_ID_INVALID")
    );
    assert_eq!(
        alice.call(press(&bot, 41, b"yes")).await,
        error(400, "MESSAGE_ID_INVALID")
    );
    assert_eq!(
        alice
            .call(press(&object!("inputPeerSelf"), 42, b"yes"))
            .await,
        error(400, "MESSAGE_ID_INVALID")
    );
    let nobody = object!("inputPeerUser", user_id: 6_000_001, access_hash: 1);
    assert_eq!(
        alice.call(press(&nobody, 42, b"yes")).await,
        error(400, "PEER_ID_INVALID")
    );
    let bare = object!("messages.getBotCallbackAnswer", peer: bot.clone(), msg_id: 42);
    assert_eq!(alice.call(bare).await, error(400, "DATA_INVALID"));
    let closed = alice.peer("closed_one").await;
    assert_eq!(
        alice.call(press(&closed, 1, b"yes")).await,
        error(400, "CHANNEL_PRIVATE")
    );
    let gone = alice.peer("gone_one").await;
    assert_eq!(
        alice.call(press(&gone, 1, b"yes")).await,
        error(400, "CHANNEL_INVALID")
    );
    let channel = alice.peer("the_group").await;
    let wrong_hash =
        object!("inputPeerChannel", channel_id: channel.get("channel_id"), access_hash: 5);
    assert_eq!(
        alice.call(press(&wrong_hash, 5, b"yes")).await,
        error(400, "CHANNEL_INVALID")
    );
    alice.call(press(&channel, 5, b"yes")).await.unwrap();
}

#[tokio::test]
async fn silence_and_scripted_errors_come_through() {
    let sandbox = start(WORLD).await;
    let mut alice = alice(&sandbox).await;
    let bot = alice.peer("bot").await;
    for data in ["silent", "too slow", "nobody"] {
        assert_eq!(
            alice.call(press(&bot, 42, data.as_bytes())).await,
            error(400, "BOT_RESPONSE_TIMEOUT"),
            "{data}"
        );
    }
    assert_eq!(
        alice.call(press(&bot, 42, b"timeout")).await,
        error(-503, "Timeout")
    );
    assert_eq!(
        alice.call(press(&bot, 42, b"private")).await,
        error(400, "CHANNEL_PRIVATE")
    );
}

#[tokio::test]
async fn other_calls_go_on_while_a_bot_is_silent() {
    let sandbox = start(WORLD).await;
    let mut alice = alice(&sandbox).await;
    let bot = alice.peer("bot").await;
    let silent = alice.send(&press(&bot, 42, b"silent")).await;
    assert_eq!(
        alice
            .call(press(&bot, 42, b"yes"))
            .await
            .unwrap()
            .text("message"),
        Ok("You pressed yes.")
    );
    assert_eq!(
        alice.result(silent).await,
        error(400, "BOT_RESPONSE_TIMEOUT")
    );
}

#[tokio::test]
async fn a_duplicated_key_is_told_once_and_void_then() {
    let sandbox = start(WORLD).await;
    let mut alice = alice(&sandbox).await;
    let bot = alice.peer("bot").await;
    assert_eq!(
        alice.call(press(&bot, 42, b"duplicated")).await,
        error(406, "AUTH_KEY_DUPLICATED")
    );
    alice.send(&press(&bot, 42, b"yes")).await;
    assert_eq!(alice.raw_end().await, Received::TransportError(-404));
}

#[tokio::test]
async fn a_press_may_edit_the_message_or_send_another() {
    let sandbox = start(WORLD).await;
    let mut alice = alice(&sandbox).await;
    let bot = alice.peer("bot").await;
    alice.call(press(&bot, 42, b"send")).await.unwrap();
    assert_eq!(
        alice
            .update("updateNewMessage")
            .await
            .get("message")
            .text("message"),
        Ok("one more")
    );
    alice.call(press(&bot, 42, b"edit")).await.unwrap();
    let edited = alice.update("updateEditMessage").await;
    assert_eq!(edited.get("message").text("message"), Ok("edited"));
    // The old buttons are gone with the old keyboard.
    assert_eq!(
        alice.call(press(&bot, 42, b"yes")).await,
        error(400, "DATA_INVALID")
    );
}

#[tokio::test]
async fn game_buttons_are_pressed_as_games() {
    let sandbox = start(WORLD).await;
    let mut alice = alice(&sandbox).await;
    let bot = alice.peer("bot").await;
    let play = |id: i32| object!("messages.getBotCallbackAnswer", game: true, peer: bot.clone(), msg_id: id);
    let url = alice.call(play(43)).await.unwrap();
    assert_eq!(
        (url.text("url"), url.flag("has_url")),
        (Ok("https://example.com/chess"), true)
    );
    assert_eq!(alice.call(play(42)).await, error(400, "MESSAGE_ID_INVALID"));
    assert_eq!(
        alice.call(press(&bot, 43, b"")).await,
        error(400, "DATA_INVALID")
    );
}

#[tokio::test]
async fn a_protected_button_wants_the_password() {
    let sandbox = start(WORLD).await;
    let mut alice = alice(&sandbox).await;
    let bot = alice.peer("bot").await;
    assert_eq!(
        alice.call(press(&bot, 45, b"secret")).await,
        error(400, "PASSWORD_MISSING")
    );

    let mut bob = Client::connect(&sandbox, 2).await;
    assert_eq!(
        bob.log_in("9996612002", "12345").await,
        error(401, "SESSION_PASSWORD_NEEDED")
    );
    let proof = bob.proof("correct horse").await;
    bob.call(object!("auth.checkPassword", password: proof))
        .await
        .unwrap();
    let bot = bob.peer("bot").await;
    let with = |proof: Value| object!("messages.getBotCallbackAnswer", peer: bot.clone(), msg_id: 44, data: b"secret", password: proof);
    assert_eq!(
        bob.call(press(&bot, 44, b"secret")).await,
        error(400, "PASSWORD_HASH_INVALID")
    );
    assert_eq!(
        bob.call(with(object!("inputCheckPasswordEmpty"))).await,
        error(400, "PASSWORD_HASH_INVALID")
    );
    let wrong = bob.proof("wrong horse").await;
    assert_eq!(
        bob.call(with(wrong)).await,
        error(400, "PASSWORD_HASH_INVALID")
    );
    let right = bob.proof("correct horse").await;
    assert_eq!(bob.call(with(right)).await, Ok(answer("You know it.")));
}

#[tokio::test]
async fn a_connected_bot_answers_by_itself() {
    let sandbox = start(&patient(60000)).await;
    let mut alice = alice(&sandbox).await;
    let mut bot = Client::connect(&sandbox, 2).await;
    bot.log_in_bot("6000002:secret").await.unwrap();
    let live = alice.peer("live_bot").await;
    for (peer, msg_id, place) in [
        (live.clone(), 46, "peerUser"),
        (alice.peer("the_group").await, 6, "peerChannel"),
    ] {
        let asked = alice.send(&press(&peer, msg_id, b"hi")).await;
        let query = bot.update("updateBotCallbackQuery").await;
        assert_eq!(
            (query.bytes("data"), query.get("peer").name()),
            (Ok(&b"hi"[..]), place)
        );
        let set = object!("messages.setBotCallbackAnswer",
            alert: true, query_id: query.get("query_id"), message: "live!", cache_time: 3);
        assert_eq!(bot.call(set.clone()).await, Ok(Value::Bool(true)));
        let answer = alice.result(asked).await.unwrap();
        let answer = madeline_tl::boxed_from_bytes(support::Schema::api(), &answer).unwrap();
        let expected = object!("messages.botCallbackAnswer",
            alert: true, native_ui: true, message: "live!", cache_time: 3);
        assert_eq!(answer, expected);
        // A query is answered once.
        assert_eq!(bot.call(set).await, error(400, "QUERY_ID_INVALID"));
    }
    let game = object!("messages.getBotCallbackAnswer", game: true, peer: live.clone(), msg_id: 47);
    alice.send(&game).await;
    let query = bot.update("updateBotCallbackQuery").await;
    assert_eq!(query.text("game_short_name"), Ok("go"));
    // The message the bot is told of is the bot's own copy, which it may edit.
    let user = object!("inputPeerUser", user_id: query.get("user_id"), access_hash: 0);
    let edit =
        object!("messages.editMessage", peer: user, id: query.get("msg_id"), message: "Played");
    bot.call(edit).await.unwrap();
    assert_eq!(
        alice
            .update("updateEditMessage")
            .await
            .get("message")
            .int("id"),
        Ok(47)
    );
}

#[tokio::test]
async fn the_bot_that_a_message_was_sent_through_gets_the_press_and_changes_the_message() {
    let sandbox = start(&patient(60000)).await;
    let mut alice = alice(&sandbox).await;
    let mut bot = Client::connect(&sandbox, 2).await;
    bot.log_in_bot("6000002:secret").await.unwrap();
    for (peer, msg_id, news) in [
        (alice.peer("bob_b").await, 48, "updateEditMessage"),
        (alice.peer("the_group").await, 7, "updateEditChannelMessage"),
    ] {
        alice.send(&press(&peer, msg_id, b"hi")).await;
        let query = bot.update("updateInlineBotCallbackQuery").await;
        assert_eq!(query.bytes("data"), Ok(&b"hi"[..]));
        let id = query.get("msg_id");
        assert_eq!(id.name(), "inputBotInlineMessageID64");
        let edit = |id: Value| object!("messages.editInlineBotMessage", id: id, message: "Changed");
        assert_eq!(bot.call(edit(id.clone())).await, Ok(Value::Bool(true)));
        let changed = alice.update(news).await;
        assert_eq!(changed.get("message").int("id"), Ok(i64::from(msg_id)));
        assert_eq!(changed.get("message").text("message"), Ok("Changed"));
        assert_eq!(
            bot.call(edit(id.clone())).await,
            error(400, "MESSAGE_NOT_MODIFIED")
        );
        let field = |name: &str| id.int(name).unwrap();
        let forged = |dc: i64, hash: i64| {
            object!("inputBotInlineMessageID64",
                dc_id: dc, owner_id: field("owner_id"), id: field("id"), access_hash: hash)
        };
        let (dc, hash) = (field("dc_id"), field("access_hash"));
        for other in [forged(dc + 1, hash), forged(dc, hash ^ 1)] {
            assert_eq!(
                bot.call(edit(other)).await,
                error(400, "MESSAGE_ID_INVALID")
            );
        }
    }
}

#[tokio::test]
async fn a_bot_that_does_not_answer_times_out_and_may_ask_what_waits() {
    let sandbox = start(&patient(3000)).await;
    let mut alice = alice(&sandbox).await;
    let live = alice.peer("live_bot").await;
    let mut bot = Client::connect(&sandbox, 2).await;
    bot.log_in_bot("6000002:secret").await.unwrap();
    let state = bot.call(object!("updates.getState")).await.unwrap();
    let asked = alice.send(&press(&live, 46, b"hi")).await;
    let pushed = bot.update("updateBotCallbackQuery").await;
    let difference = object!("updates.getDifference", pts: state.get("pts"), date: 1, qts: 0);
    let missed = bot.call(difference).await.unwrap();
    assert_eq!(
        missed.list("other_updates").unwrap(),
        std::slice::from_ref(&pushed)
    );
    assert_eq!(
        alice.result(asked).await,
        error(400, "BOT_RESPONSE_TIMEOUT")
    );
    let late =
        object!("messages.setBotCallbackAnswer", query_id: pushed.get("query_id"), cache_time: 0);
    assert_eq!(bot.call(late).await, error(400, "QUERY_ID_INVALID"));
}

#[tokio::test]
async fn a_connected_bot_sends_keyboards_within_telegrams_limits() {
    let sandbox = start(WORLD).await;
    let mut alice = alice(&sandbox).await;
    alice.call(object!("updates.getState")).await.unwrap();
    let mut bot = Client::connect(&sandbox, 2).await;
    let me = bot.log_in_bot("6000002:secret").await.unwrap();
    let to_alice = bot.peer("alice").await;
    let keyboard = |button: Value| object!("replyInlineMarkup", rows: vec![object!("keyboardButtonRow", buttons: vec![button])]);
    let send = |markup: Value, random_id: i64| {
        object!("messages.sendMessage",
            peer: to_alice.clone(), message: "Keyboard", random_id: random_id, reply_markup: markup)
    };
    let cases = [
        (
            object!("keyboardButtonCallback", text: "x", data: vec![0_u8; 65]),
            "BUTTON_DATA_INVALID",
        ),
        (
            object!("keyboardButtonCallback", text: "", data: b"x"),
            "BUTTON_TEXT_INVALID",
        ),
        (
            object!("keyboardButtonUrl", text: "x", url: "nonsense"),
            "BUTTON_URL_INVALID",
        ),
        (object!("keyboardButton", text: "x"), "BUTTON_TYPE_INVALID"),
        (
            object!("inputKeyboardButtonUserProfile", text: "x",
            user_id: object!("inputUser", user_id: 5, access_hash: 5)),
            "BUTTON_USER_INVALID",
        ),
    ];
    for (button, expected) in cases {
        assert_eq!(
            bot.call(send(keyboard(button), 1)).await,
            error(400, expected)
        );
    }
    let profile =
        object!("inputKeyboardButtonUserProfile", text: "Me", user_id: object!("inputUserSelf"));
    bot.call(send(keyboard(profile), 2)).await.unwrap();
    let got = alice.update("updateNewMessage").await;
    let row = &got.get("message").get("reply_markup").list("rows").unwrap()[0];
    let expected =
        object!("keyboardButtonUserProfile", text: "Me", user_id: me.get("user").get("id"));
    assert_eq!(row.list("buttons").unwrap(), [expected]);
    // People can't send keyboards: theirs is dropped.
    let callback = keyboard(object!("keyboardButtonCallback", text: "x", data: b"x"));
    let dropped = object!("messages.sendMessage",
        peer: object!("inputPeerSelf"), message: "x", random_id: 9, reply_markup: callback);
    let kept = alice.call(dropped).await.unwrap();
    assert!(
        !kept.list("updates").unwrap()[1]
            .get("message")
            .has("reply_markup")
    );
    let other_bot = bot.peer("bot").await;
    assert_eq!(bot.say(&other_bot, "hi").await, error(400, "USER_IS_BOT"));
}
