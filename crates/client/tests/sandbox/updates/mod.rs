//! The feed of updates: each comes once, in order, whatever happens to pushes, connections and processes.

mod channels;
mod own;
mod restart;
mod trouble;

use std::time::Duration;

use madeline_client::{Client, Delivery, Error, Feed};
use madeline_tl::Value;
use serde_json::json;
use tokio::time::timeout;

use crate::support::{Server, read};

const LONG: Duration = Duration::from_secs(60);
/// The text of messages that only make sure of something.
const BEGIN: &str = "begin";

/// Somebody writes into a chat.
pub(crate) fn push(server: &Server, from: &str, to: &str, text: &str, count: usize) {
    let push = json!({"do": "push", "from": from, "to": to, "text": text, "count": count});
    server.control().ask(push).unwrap();
}

/// Bot writes to Alice.
fn say(server: &Server, text: &str) {
    push(server, "bot", "alice", text, 1);
}

/// Arms a fault for pushes to Alice.
fn arm(server: &Server, what: &str) -> u64 {
    let fault = json!({"do": what, "ms": 300, "on": {"user": "alice"}});
    let fault = match what {
        "delay_update" => fault,
        _ => json!({"do": what, "on": {"user": "alice"}}),
    };
    server.control().arm(fault).unwrap()
}

pub(crate) async fn next(feed: &mut Feed) -> Result<Value, Error> {
    let Delivery { update } = timeout(LONG, feed.next()).await.expect("an update")?;
    Ok(read(&update))
}

/// The text of an update with a new message.
fn text(update: &Value) -> Option<String> {
    matches!(
        update.name(),
        "updateNewMessage" | "updateNewChannelMessage"
    )
    .then(|| update.get("message").text("message").unwrap().to_owned())
}

/// The texts of new messages up to this one.
async fn texts(feed: &mut Feed, last: &str) -> Vec<String> {
    let mut texts = Vec::new();
    while texts.last().is_none_or(|text| text != last) {
        let update = next(feed).await.unwrap();
        texts.extend(text(&update).filter(|text| text != BEGIN));
    }
    feed.handled().unwrap();
    texts
}

/// A feed that has begun: what happens from now on is in it.
pub(crate) async fn listen(server: &Server, client: &Client) -> Feed {
    let mut feed = client.feed();
    loop {
        say(server, BEGIN);
        if let Ok(update) = timeout(Duration::from_millis(500), feed.next()).await {
            update.unwrap();
            break;
        }
    }
    for group in ["club", "news"] {
        push(server, "bob", group, BEGIN, 1);
    }
    say(server, "ready");
    let mut ready = Vec::new();
    while ready.len() < 3 {
        let update = next(&mut feed).await.unwrap();
        ready.extend(text(&update).filter(|text| {
            text == "ready" || update.is("updateNewChannelMessage") && text == BEGIN
        }));
    }
    feed.handled().unwrap();
    feed
}

#[tokio::test]
async fn updates_come_in_order_with_their_peers_stored() {
    let server = Server::start().await;
    let client = server.alice().await;
    let mut feed = listen(&server, &client).await;
    push(&server, "bot", "alice", "number {n}", 30);
    let expected: Vec<String> = (1..=30).map(|number| format!("number {number}")).collect();
    assert_eq!(texts(&mut feed, "number 30").await, expected);
    assert!(feed.try_next().unwrap().is_none());
    let bot = client.peers().find_username("bot").unwrap();
    assert!(bot.is_some());
}

#[tokio::test]
async fn what_is_lost_late_or_doubled_on_the_way_comes_once_and_in_order() {
    let server = Server::start().await;
    let client = server.alice().await;
    let mut feed = listen(&server, &client).await;
    for what in [
        "lose_update",
        "delay_update",
        "repeat_update",
        "shorten_update",
        "too_long",
    ] {
        let fault = arm(&server, what);
        for text in ["struck", "after", "last"] {
            say(&server, text);
        }
        assert_eq!(
            texts(&mut feed, "last").await,
            ["struck", "after", "last"],
            "{what}"
        );
        assert_eq!(server.control().hits(fault), 1, "{what}");
    }
    say(&server, "the end");
    assert_eq!(texts(&mut feed, "the end").await, ["the end"]);
}

#[tokio::test]
async fn a_short_message_is_delivered_as_a_whole_one() {
    let server = Server::start().await;
    let client = server.alice().await;
    let mut feed = listen(&server, &client).await;
    arm(&server, "shorten_update");
    say(&server, "short");
    let update = next(&mut feed).await.unwrap();
    assert!(update.is("updateNewMessage"), "{update:?}");
    let message = update.get("message");
    assert_eq!(message.text("message"), Ok("short"));
    assert_eq!(message.get("peer_id").int("user_id"), Ok(6_000_001));
    assert_eq!(message.get("from_id").int("user_id"), Ok(6_000_001));
    assert!(!message.flag("out"));
}

#[tokio::test]
async fn what_came_while_the_connection_was_down_is_fetched() {
    let server = Server::start().await;
    let client = server.alice().await;
    let mut feed = listen(&server, &client).await;
    for round in ["first", "second"] {
        server.control().ask(json!({"do": "close"})).unwrap();
        push(&server, "bot", "alice", "missed {n}", 3);
        push(&server, "bob", "club", "in the club", 1);
        let mut missed = Vec::new();
        while missed.len() < 4 {
            missed.extend(text(&next(&mut feed).await.unwrap()));
        }
        missed.sort();
        let expected = ["in the club", "missed 1", "missed 2", "missed 3"];
        assert_eq!(missed, expected, "{round}");
    }
    say(&server, "the end");
    assert_eq!(texts(&mut feed, "the end").await, ["the end"]);
}

#[tokio::test]
async fn who_takes_updates_slowly_misses_none() {
    const MANY: usize = 6000;
    let server = Server::start().await;
    let client = server.alice().await;
    let mut feed = listen(&server, &client).await;
    push(&server, "bot", "alice", "{n}", MANY);
    // Until the engine has more than fits into its queue.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let last = MANY.to_string();
    let taken = texts(&mut feed, &last).await;
    let expected: Vec<String> = (1..=MANY).map(|number| number.to_string()).collect();
    assert_eq!(taken, expected);
}

#[tokio::test]
async fn a_later_listener_takes_over() {
    let server = Server::start().await;
    let client = server.alice().await;
    let mut first = listen(&server, &client).await;
    let mut second = client.feed();
    say(&server, "for the second");
    assert_eq!(
        texts(&mut second, "for the second").await,
        ["for the second"]
    );
    let error = next(&mut first).await.unwrap_err();
    assert!(matches!(error, Error::SessionClosed { .. }), "{error:?}");
}
