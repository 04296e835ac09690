//! Logging in: codes, passwords, sign-up, bots, other data centres, logout.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod support;

use serde_json::json;
use support::{Client, Value, error, object, send_code, start};

const WORLD: &str = r#"{
    "dcs": 3,
    "users": {
        "alice": {"first_name": "Alice", "last_name": "A", "username": "alice", "phone": "+999 66 1 2001"},
        "bob": {"first_name": "Bob", "phone": "9996612002", "password": "correct horse", "hint": "battery"},
        "carol": {"first_name": "Carol", "phone": "9996612003", "dc": 1, "code": "777"},
        "dave": {"first_name": "Dave", "phone": "9996612004", "deactivated": "USER_DEACTIVATED_BAN"},
        "erin": {"first_name": "Erin", "phone": "9996612005", "auth_key_duplicated": true}
    },
    "unregistered": [{"phone": "9996612009", "code": "4242", "id": 77}],
    "bots": {
        "bot": {"token": "6000001:secret", "first_name": "Bot", "username": "some_bot"},
        "far": {"token": "6000002:secret", "first_name": "Far", "username": "far_bot", "dc": 1}
    }
}"#;

#[tokio::test]
async fn a_phone_logs_in_with_its_code() {
    let sandbox = start(WORLD).await;
    let mut alice = Client::connect(&sandbox, 2).await;
    let sent = alice.call(send_code("+9996612001")).await.unwrap();
    assert_eq!(
        sent.get("type"),
        &object!("auth.sentCodeTypeSms", length: 5)
    );
    let hash = sent.text("phone_code_hash").unwrap();
    let sign_in = |code: &str| object!("auth.signIn", phone_number: "9996612001", phone_code_hash: hash, phone_code: code);
    assert_eq!(
        alice.call(sign_in("00000")).await,
        error(400, "PHONE_CODE_INVALID")
    );
    assert_eq!(
        alice.call(sign_in("")).await,
        error(400, "PHONE_CODE_EMPTY")
    );
    let authorization = alice.call(sign_in("12345")).await.unwrap();
    let user = authorization.get("user");
    assert_eq!(
        (user.text("first_name"), user.text("phone")),
        (Ok("Alice"), Ok("9996612001"))
    );
    assert!(user.flag("self"));
    // The code is used up.
    assert_eq!(
        alice.call(sign_in("12345")).await,
        error(400, "PHONE_CODE_EXPIRED")
    );
    let own = alice
        .call(object!("users.getUsers", id: vec![object!("inputUserSelf")]))
        .await
        .unwrap();
    assert_eq!(own.as_list().unwrap()[0].text("username"), Ok("alice"));
}

#[tokio::test]
async fn wrong_numbers_and_applications_get_no_code() {
    let sandbox = start(&WORLD.replacen(
        '{',
        r#"{"apis": [{"id": 1, "hash": "0123456789abcdef0123456789abcdef"}],"#,
        1,
    ))
    .await;
    let mut client = Client::connect(&sandbox, 2).await;
    assert_eq!(
        client.send_code("12").await,
        error(400, "PHONE_NUMBER_INVALID")
    );
    assert_eq!(
        client.send_code("+1 555 000 0000").await,
        error(400, "PHONE_NUMBER_INVALID")
    );
    let query = object!("auth.sendCode", phone_number: "9996612001", api_id: 2, api_hash: "x",
        settings: object!("codeSettings"));
    assert_eq!(client.call(query).await, error(400, "API_ID_INVALID"));
    client.send_code("9996612001").await.unwrap();
}

#[tokio::test]
async fn a_code_can_be_resent_and_cancelled_and_runs_out_of_attempts() {
    let sandbox = start(WORLD).await;
    let mut alice = Client::connect(&sandbox, 2).await;
    let hash = alice.send_code("9996612001").await.unwrap();
    let resend =
        |hash: &str| object!("auth.resendCode", phone_number: "9996612001", phone_code_hash: hash);
    let again = alice.call(resend(&hash)).await.unwrap();
    assert_eq!(again.get("type").name(), "auth.sentCodeTypeCall");
    assert_eq!(
        alice.call(resend("nonsense")).await,
        error(400, "PHONE_CODE_EXPIRED")
    );
    assert_eq!(
        alice.call(resend("")).await,
        error(400, "PHONE_CODE_HASH_EMPTY")
    );
    let cancel =
        object!("auth.cancelCode", phone_number: "9996612001", phone_code_hash: hash.as_str());
    assert_eq!(alice.call(cancel).await, Ok(Value::Bool(true)));
    let sign_in = |hash: &str, code: &str| object!("auth.signIn", phone_number: "9996612001", phone_code_hash: hash, phone_code: code);
    assert_eq!(
        alice.call(sign_in(&hash, "12345")).await,
        error(400, "PHONE_CODE_EXPIRED")
    );
    let hash = alice.send_code("9996612001").await.unwrap();
    for _ in 0..5 {
        assert_eq!(
            alice.call(sign_in(&hash, "1")).await,
            error(400, "PHONE_CODE_INVALID")
        );
    }
    assert_eq!(
        alice.call(sign_in(&hash, "12345")).await,
        error(400, "PHONE_CODE_EXPIRED")
    );
}

#[tokio::test]
async fn a_password_is_proved_after_the_code() {
    let sandbox = start(WORLD).await;
    let mut bob = Client::connect(&sandbox, 2).await;
    assert_eq!(
        bob.call(object!("account.getPassword")).await,
        error(401, "AUTH_KEY_UNREGISTERED")
    );
    assert_eq!(
        bob.log_in("9996612002", "12345").await,
        error(401, "SESSION_PASSWORD_NEEDED")
    );
    assert_eq!(
        bob.call(object!("updates.getState")).await,
        error(401, "AUTH_KEY_UNREGISTERED")
    );
    let known = bob.call(object!("account.getPassword")).await.unwrap();
    assert_eq!(
        (known.flag("has_password"), known.text("hint")),
        (true, Ok("battery"))
    );
    let check = |proof: &Value| object!("auth.checkPassword", password: proof);
    let wrong = bob.proof("wrong horse").await;
    assert_eq!(
        bob.call(check(&wrong)).await,
        error(400, "PASSWORD_HASH_INVALID")
    );
    let unknown =
        object!("inputCheckPasswordSRP", srp_id: 1, A: wrong.get("A"), M1: wrong.get("M1"));
    assert_eq!(
        bob.call(check(&unknown)).await,
        error(400, "SRP_ID_INVALID")
    );
    let right = bob.proof("correct horse").await;
    let authorization = bob.call(check(&right)).await.unwrap();
    assert_eq!(authorization.get("user").text("first_name"), Ok("Bob"));
    bob.call(object!("updates.getState")).await.unwrap();
    // A proof is good once.
    assert_eq!(bob.call(check(&right)).await, error(400, "SRP_ID_INVALID"));
}

#[tokio::test]
async fn somebody_without_a_password_has_no_parameters_of_one() {
    let sandbox = start(WORLD).await;
    let mut alice = Client::connect(&sandbox, 2).await;
    alice.log_in("9996612001", "12345").await.unwrap();
    let known = alice.call(object!("account.getPassword")).await.unwrap();
    assert!(!known.flag("has_password"));
    assert!(!known.has("srp_B"));
    assert_eq!(known.get("new_algo").bytes("salt1").unwrap().len(), 8);
}

#[tokio::test]
async fn a_new_phone_signs_up() {
    let sandbox = start(WORLD).await;
    let mut client = Client::connect(&sandbox, 2).await;
    let hash = client.send_code("9996612009").await.unwrap();
    let sign_up = |first: &str| {
        object!("auth.signUp",
            phone_number: "9996612009", phone_code_hash: hash.as_str(), first_name: first, last_name: "Hope")
    };
    assert_eq!(
        client.call(sign_up("Nora")).await,
        error(400, "PHONE_CODE_INVALID")
    );
    let sign_in = object!("auth.signIn", phone_number: "9996612009", phone_code_hash: hash.as_str(), phone_code: "4242");
    let answer = client.call(sign_in).await.unwrap();
    assert_eq!(answer.name(), "auth.authorizationSignUpRequired");
    assert_eq!(
        client.call(sign_up(" ")).await,
        error(400, "FIRSTNAME_INVALID")
    );
    let user = client
        .call(sign_up("Nora"))
        .await
        .unwrap()
        .get("user")
        .clone();
    assert_eq!(
        (
            user.int("id"),
            user.text("first_name"),
            user.text("last_name")
        ),
        (Ok(77), Ok("Nora"), Ok("Hope"))
    );
    // The next login needs no sign-up.
    let mut again = Client::connect(&sandbox, 2).await;
    let authorization = again.log_in("9996612009", "4242").await.unwrap();
    assert_eq!(authorization.get("user").int("id"), Ok(77));
}

#[tokio::test]
async fn bots_log_in_with_their_token() {
    let sandbox = start(WORLD).await;
    let mut bot = Client::connect(&sandbox, 2).await;
    assert_eq!(
        bot.log_in_bot("6000001:wrong").await,
        error(400, "ACCESS_TOKEN_INVALID")
    );
    let user = bot
        .log_in_bot("6000001:secret")
        .await
        .unwrap()
        .get("user")
        .clone();
    assert!(user.flag("bot"));
    assert_eq!(
        (user.int("id"), user.text("username")),
        (Ok(6_000_001), Ok("some_bot"))
    );
    let dialogs = object!("messages.getDialogs",
        offset_date: 0, offset_id: 0, offset_peer: object!("inputPeerEmpty"), limit: 1, hash: 0);
    assert_eq!(bot.call(dialogs).await, error(400, "BOT_METHOD_INVALID"));
    let answer = object!("messages.setBotCallbackAnswer", query_id: 1, cache_time: 0);
    assert_eq!(bot.call(answer).await, error(400, "QUERY_ID_INVALID"));
}

#[tokio::test]
async fn what_bots_alone_may_do_is_refused_to_people() {
    let sandbox = start(WORLD).await;
    let mut alice = Client::connect(&sandbox, 2).await;
    alice.log_in("9996612001", "12345").await.unwrap();
    let answer = object!("messages.setBotCallbackAnswer", query_id: 1, cache_time: 0);
    assert_eq!(alice.call(answer).await, error(400, "USER_BOT_REQUIRED"));
}

#[tokio::test]
async fn accounts_are_sent_to_their_own_data_centre() {
    let sandbox = start(WORLD).await;
    let mut there = Client::connect(&sandbox, 2).await;
    assert_eq!(
        there.send_code("9996612003").await,
        error(303, "PHONE_MIGRATE_1")
    );
    assert_eq!(
        there.log_in_bot("6000002:secret").await,
        error(303, "USER_MIGRATE_1")
    );
    let mut home = Client::connect(&sandbox, 1).await;
    assert_eq!(
        home.log_in("9996612003", "777")
            .await
            .unwrap()
            .get("user")
            .text("first_name"),
        Ok("Carol")
    );
    let nearest = home.call(object!("help.getNearestDc")).await.unwrap();
    assert_eq!(
        (nearest.int("this_dc"), nearest.int("nearest_dc")),
        (Ok(1), Ok(2))
    );
}

#[tokio::test]
async fn an_exported_authorization_works_once_where_it_was_meant_for() {
    let sandbox = start(WORLD).await;
    let mut alice = Client::connect(&sandbox, 2).await;
    alice.log_in("9996612001", "12345").await.unwrap();
    assert_eq!(
        alice
            .call(object!("auth.exportAuthorization", dc_id: 2))
            .await,
        error(400, "DC_ID_INVALID")
    );
    assert_eq!(
        alice
            .call(object!("auth.exportAuthorization", dc_id: 9))
            .await,
        error(400, "DC_ID_INVALID")
    );
    let exported = alice
        .call(object!("auth.exportAuthorization", dc_id: 3))
        .await
        .unwrap();
    let import = object!("auth.importAuthorization", id: exported.get("id"), bytes: exported.bytes("bytes").unwrap());
    let mut wrong = Client::connect(&sandbox, 1).await;
    assert_eq!(
        wrong.call(import.clone()).await,
        error(400, "AUTH_BYTES_INVALID")
    );
    let mut abroad = Client::connect(&sandbox, 3).await;
    assert_eq!(
        abroad
            .call(import.clone())
            .await
            .unwrap()
            .get("user")
            .text("first_name"),
        Ok("Alice")
    );
    assert_eq!(
        abroad.call(object!("updates.getState")).await,
        error(303, "USER_MIGRATE_2")
    );
    abroad.call(object!("help.getConfig")).await.unwrap();
    assert_eq!(wrong.call(import).await, error(400, "AUTH_BYTES_INVALID"));
}

#[tokio::test]
async fn after_logout_the_key_is_a_stranger() {
    let sandbox = start(WORLD).await;
    let mut alice = Client::connect(&sandbox, 2).await;
    assert_eq!(
        alice.call(object!("auth.logOut")).await,
        error(401, "AUTH_KEY_UNREGISTERED")
    );
    alice.log_in("9996612001", "12345").await.unwrap();
    let bye = alice.call(object!("auth.logOut")).await.unwrap();
    assert_eq!(bye.name(), "auth.loggedOut");
    assert_eq!(
        alice.call(object!("updates.getState")).await,
        error(401, "AUTH_KEY_UNREGISTERED")
    );
    alice.log_in("9996612001", "12345").await.unwrap();
}

#[tokio::test]
async fn a_banned_account_gets_nothing_but_that() {
    let sandbox = start(WORLD).await;
    let mut dave = Client::connect(&sandbox, 2).await;
    dave.log_in("9996612004", "12345").await.unwrap();
    assert_eq!(
        dave.call(object!("updates.getState")).await,
        error(401, "USER_DEACTIVATED_BAN")
    );
}

#[tokio::test]
async fn a_duplicated_key_is_void() {
    let sandbox = start(WORLD).await;
    let mut erin = Client::connect(&sandbox, 2).await;
    erin.log_in("9996612005", "12345").await.unwrap();
    assert_eq!(
        erin.call(object!("updates.getState")).await,
        error(406, "AUTH_KEY_DUPLICATED")
    );
    erin.send(&object!("updates.getState")).await;
    assert_eq!(
        erin.raw_end().await,
        support::Received::TransportError(-404)
    );
    assert_eq!(erin.raw_end().await, support::Received::Closed);
}

/// A town where a key may or may not be used from two places, and two sessions of one key, of which the second is the main one.
async fn two_sessions(single_use: bool) -> (madeline_sandbox::Sandbox, Client, Client) {
    let world = WORLD.replacen('{', &format!("{{\"single_use\": {single_use},"), 1);
    let sandbox = start(&world).await;
    let mut first = Client::connect(&sandbox, 2).await;
    first.log_in("9996612001", "12345").await.unwrap();
    let mut second = first.sibling(&sandbox, 2).await;
    // A successor is as fine as many calls.
    for _ in 0..3 {
        second.call(object!("updates.getState")).await.unwrap();
    }
    (sandbox, first, second)
}

#[tokio::test]
async fn a_key_that_two_sessions_use_by_turns_is_void_where_the_world_says_so() {
    for single_use in [false, true] {
        let (sandbox, mut first, _second) = two_sessions(single_use).await;
        // What was on its way may come late.
        first.call(object!("updates.getState")).await.unwrap();
        let later = json!({"do": "clock", "offset": 3});
        sandbox.control().ask(later).unwrap();
        let again = first.call(object!("updates.getState")).await;
        let stats = sandbox.control().ask(json!({"do": "stats"})).unwrap();
        if single_use {
            assert_eq!(again, error(406, "AUTH_KEY_DUPLICATED"));
            assert_eq!(stats["duplicated"], 1);
        } else {
            again.unwrap();
            assert_eq!(stats["duplicated"], 0);
        }
    }
}

#[tokio::test]
async fn a_former_session_may_not_stay_connected_for_long_where_the_world_says_so() {
    for single_use in [false, true] {
        let (sandbox, first, mut second) = two_sessions(single_use).await;
        let later = json!({"do": "clock", "offset": 60});
        sandbox.control().ask(later).unwrap();
        let beside = second.call(object!("updates.getState")).await;
        if single_use {
            assert_eq!(beside, error(406, "AUTH_KEY_DUPLICATED"));
        } else {
            beside.unwrap();
        }
        drop(first);
    }
}
