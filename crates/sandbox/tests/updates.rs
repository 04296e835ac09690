//! Pushes that go wrong on demand, and what differences say then.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod support;

use madeline_sandbox::Control;
use serde_json::json;
use support::{Client, Value, error, logged_in, object, start, without_peer};

const WORLD: &str = r#"{
    "users": {
        "alice": {"first_name": "Alice", "phone": "9996612001", "username": "alice"},
        "bob": {"first_name": "Bob", "phone": "9996612002", "username": "bob_b"}
    },
    "channels": {
        "group": {"id": 501, "title": "Group", "username": "the_group", "megagroup": true, "creator": "alice",
            "members": ["bob"]}
    },
    "messages": [{"in": "group", "from": "alice", "text": "welcome"}]
}"#;

fn write(control: &Control, to: &str, text: &str) {
    let push = json!({"do": "push", "from": "alice", "to": to, "text": text});
    control.ask(push).unwrap();
}

fn arm(control: &Control, fault: &str) -> u64 {
    let mut fault = json!({"do": fault, "on": {"user": "bob"}});
    if fault["do"] == "delay_update" {
        fault["ms"] = json!(100);
    }
    control.arm(fault).unwrap()
}

/// The next update that was pushed.
async fn pushed(client: &mut Client) -> Value {
    while client.pushed.is_empty() {
        client.call(object!("help.getNearestDc")).await.unwrap();
    }
    client.pushed.remove(0)
}

fn text(update: &Value) -> &str {
    update.get("message").text("message").unwrap()
}

#[tokio::test]
async fn a_push_is_lost_late_doubled_short_or_too_long() {
    let sandbox = start(WORLD).await;
    let control = sandbox.control();
    let mut bob = logged_in(&sandbox, "9996612002").await;
    bob.call(object!("updates.getState")).await.unwrap();

    let fault = arm(&control, "lose_update");
    write(&control, "bob", "lost");
    write(&control, "bob", "kept");
    assert_eq!(text(&pushed(&mut bob).await), "kept");
    assert_eq!(control.hits(fault), 1);

    arm(&control, "delay_update");
    write(&control, "bob", "late");
    write(&control, "bob", "passes it");
    assert_eq!(text(&pushed(&mut bob).await), "passes it");
    assert_eq!(text(&pushed(&mut bob).await), "late");

    arm(&control, "repeat_update");
    write(&control, "bob", "twice");
    assert_eq!(pushed(&mut bob).await, pushed(&mut bob).await);

    arm(&control, "shorten_update");
    write(&control, "bob", "short");
    let short = pushed(&mut bob).await;
    assert!(short.is("updateShortMessage"), "{short:?}");
    assert_eq!(short.text("message"), Ok("short"));
    arm(&control, "shorten_update");
    write(&control, "group", "short");
    let short = pushed(&mut bob).await;
    assert!(short.is("updateNewChannelMessage"), "{short:?}");

    arm(&control, "too_long");
    write(&control, "bob", "unsaid");
    assert!(pushed(&mut bob).await.is("updatesTooLong"));
}

#[tokio::test]
async fn a_result_in_short_form_counts_all_that_the_call_did() {
    let sandbox = start(WORLD).await;
    let control = sandbox.control();
    let mut bob = logged_in(&sandbox, "9996612002").await;
    let state = bob.call(object!("updates.getState")).await.unwrap();
    let alice = bob.peer("alice").await;
    control
        .arm(json!({"do": "short_result", "on": {"user": "bob", "method": "messages.sendMessage"}}))
        .unwrap();
    let sent = bob.say(&alice, "hello").await.unwrap();
    assert!(sent.is("updateShortSentMessage"), "{sent:?}");
    let after = bob.call(object!("updates.getState")).await.unwrap();
    assert_eq!(sent.get("pts"), after.get("pts"));
    let counted = after.int("pts").unwrap() - state.int("pts").unwrap();
    assert_eq!(sent.int("pts_count"), Ok(counted));
    assert!(bob.say(&alice, "hello").await.unwrap().is("updates"));
}

#[tokio::test]
async fn a_difference_names_the_channels_that_changed_since_its_date() {
    let sandbox = start(WORLD).await;
    let control = sandbox.control();
    let mut bob = logged_in(&sandbox, "9996612002").await;
    let state = bob.call(object!("updates.getState")).await.unwrap();
    let (pts, date) = (state.int("pts").unwrap(), state.int("date").unwrap());
    let difference = |date: i64| object!("updates.getDifference", pts: pts, date: date, qts: 0);
    assert_eq!(bob.call(difference(0)).await, error(400, "DATE_EMPTY"));
    let missed = bob.call(difference(date)).await.unwrap();
    assert!(missed.is("updates.differenceEmpty"), "{missed:?}");
    write(&control, "group", "missed");
    let missed = bob.call(difference(date)).await.unwrap();
    let other = missed.list("other_updates").unwrap();
    assert!(other[0].is("updateChannelTooLong"), "{other:?}");
    assert_eq!(other[0].int("channel_id"), Ok(501));
    let missed = bob.call(difference(date + 1000)).await.unwrap();
    assert!(missed.is("updates.differenceEmpty"), "{missed:?}");
}

#[tokio::test]
async fn what_was_forgotten_or_is_more_than_wanted_is_too_long() {
    let sandbox = start(WORLD).await;
    let control = sandbox.control();
    let mut bob = logged_in(&sandbox, "9996612002").await;
    let state = bob.call(object!("updates.getState")).await.unwrap();
    let pts = state.int("pts").unwrap();
    write(&control, "bob", "one");
    write(&control, "bob", "two");
    let few = object!("updates.getDifference", pts: pts, pts_total_limit: 1, date: 1, qts: 0);
    assert!(bob.call(few).await.unwrap().is("updates.differenceTooLong"));
    let forget = json!({"do": "forget_updates", "of": "bob"});
    let forgotten = control.ask(forget).unwrap();
    let all = object!("updates.getDifference", pts: pts, date: i32::MAX, qts: 0);
    let missed = bob.call(all).await.unwrap();
    assert!(missed.is("updates.differenceTooLong"), "{missed:?}");
    assert_eq!(
        missed.int("pts").unwrap(),
        forgotten["pts"].as_i64().unwrap()
    );

    let channel = without_peer(&bob.peer("the_group").await);
    let full = object!("channels.getFullChannel", channel: channel.clone());
    let pts = bob
        .call(full)
        .await
        .unwrap()
        .get("full_chat")
        .int("pts")
        .unwrap();
    write(&control, "group", "newest");
    control
        .ask(json!({"do": "forget_updates", "of": "group"}))
        .unwrap();
    let missed = object!("updates.getChannelDifference", channel: channel,
        filter: object!("channelMessagesFilterEmpty"), pts: pts, limit: 100);
    let missed = bob.call(missed).await.unwrap();
    assert!(missed.is("updates.channelDifferenceTooLong"), "{missed:?}");
    assert_eq!(missed.get("dialog").int("pts"), Ok(pts + 1));
    let messages = missed.list("messages").unwrap();
    assert_eq!(messages[0].text("message"), Ok("newest"));
    let error = control.ask(json!({"do": "forget_updates", "of": "nobody"}));
    assert!(error.unwrap_err().contains("nobody"));
}
