//! Updates, wherever they are taken.

use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::pin::pin;
use std::task::{Context, Waker};
use std::time::Duration;

use madeline_tl::{Schema, boxed_from_bytes, object};
use serde_json::json;
use tokio::time::{sleep, timeout};

use super::support::{Town, ask, bot, password};
use crate::{Client, Config, Error, Feed, watch};

/// A feed that knows where it is.
async fn listen(town: &Town, client: &Client) -> Feed {
    let mut feed = client.feed();
    loop {
        push(town, "begin");
        let next = timeout(Duration::from_millis(500), text(&mut feed));
        if next.await.is_ok() {
            break;
        }
    }
    push(town, "ready");
    while text(&mut feed).await != "ready" {}
    feed.handled().unwrap();
    feed
}

fn push(town: &Town, text: &str) {
    let push = json!({"do": "push", "from": "bot", "to": "alice", "text": text});
    town.control().ask(push).unwrap();
}

/// The text of the next message.
async fn text(feed: &mut Feed) -> String {
    loop {
        let next = timeout(Duration::from_secs(30), feed.next());
        let update = next.await.unwrap().unwrap().update;
        let update = boxed_from_bytes(Schema::api(), &update).unwrap();
        if let Ok(text) = update.get("message").text("message") {
            return text.to_owned();
        }
    }
}

async fn send(client: &Client, text: &str, random_id: i64) {
    let peer = bot(client).await;
    let send = object!("messages.sendMessage", peer: peer, message: text, random_id: random_id);
    ask(client, send).await.unwrap();
}

#[tokio::test]
async fn a_follower_takes_the_updates_and_what_others_send() {
    let town = Town::start().await;
    let leader = town.alice().await;
    let (listener, another) = (town.process().await, town.process().await);
    let mut feed = listen(&town, &listener).await;
    push(&town, "pushed");
    assert_eq!(text(&mut feed).await, "pushed");
    let differences = || town.control().executions("updates.getDifference", None);
    let before = differences();
    send(&leader, "of the leader", 1).await;
    assert_eq!(text(&mut feed).await, "of the leader");
    send(&another, "of a follower", 2).await;
    assert_eq!(text(&mut feed).await, "of a follower");
    send(&listener, "my own", 3).await;
    assert_eq!(text(&mut feed).await, "my own");
    push(&town, "after it");
    assert_eq!(text(&mut feed).await, "after it");
    assert_eq!(differences(), before, "nothing was missing");
}

#[tokio::test]
async fn the_leader_takes_the_updates_and_what_followers_send() {
    let town = Town::start().await;
    let leader = town.alice().await;
    let follower = town.process().await;
    let mut feed = listen(&town, &leader).await;
    let differences = || town.control().executions("updates.getDifference", None);
    let before = differences();
    send(&follower, "of a follower", 1).await;
    assert_eq!(text(&mut feed).await, "of a follower");
    push(&town, "after it");
    assert_eq!(text(&mut feed).await, "after it");
    assert_eq!(differences(), before, "nothing was missing");
}

#[tokio::test]
async fn one_process_at_a_time_takes_the_updates() {
    let town = Town::start().await;
    let leader = town.alice().await;
    let follower = town.process().await;
    let mut first = listen(&town, &follower).await;
    let mut second = leader.feed();
    match second.next().await.unwrap_err() {
        Error::UpdatesTaken { pid, .. } => assert_eq!(pid, Some(std::process::id())),
        other => panic!("{other}"),
    }
    push(&town, "for the first");
    assert_eq!(text(&mut first).await, "for the first");
    first.handled().unwrap();
    drop(first);
    push(&town, "for the second");
    assert_eq!(text(&mut second).await, "for the second");
}

#[tokio::test]
async fn the_next_taker_is_waited_for() {
    let town = Town::start().await;
    let leader = town.alice().await;
    let config = Config {
        lock_timeout: Duration::from_secs(30),
        ..town.config()
    };
    let patient = town.process_with(config).await.unwrap();
    let first = listen(&town, &leader).await;
    let waiting = tokio::spawn(async move { text(&mut patient.feed()).await });
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(!waiting.is_finished());
    drop(first);
    push(&town, "at last");
    assert_eq!(waiting.await.unwrap(), "at last");
}

#[tokio::test]
async fn updates_go_on_when_the_leader_ends() {
    let town = Town::start().await;
    let leader = town.alice().await;
    let (listener, another) = (town.process().await, town.process().await);
    let mut feed = listen(&town, &listener).await;
    push(&town, "one");
    assert_eq!(text(&mut feed).await, "one");
    leader.close().await;
    push(&town, "two");
    assert_eq!(text(&mut feed).await, "two");
    // Whoever leads now, and whoever does then.
    ask(&another, password()).await.unwrap();
    drop(another);
    push(&town, "three");
    assert_eq!(text(&mut feed).await, "three");
}

#[tokio::test]
async fn updates_come_behind_a_listener_who_looked_for_a_moment_only() {
    let town = Town::start().await;
    let leader = town.alice().await;
    let mut feed = listen(&town, &leader).await;
    sleep(Duration::from_secs(1)).await;
    let (never, _other) = UnixStream::pair().unwrap();
    let waits = |feed: &mut Feed| {
        let next = pin!(feed.next());
        let (polled, watch) = watch::poll(next, &mut Context::from_waker(Waker::noop()));
        assert!(polled.is_pending());
        watch
    };
    let watch = waits(&mut feed).unwrap();
    // The second bit is for the connection's socket: something is said to have come.
    watch.sleep(never.as_fd(), |_| Ok(2)).unwrap();
    push(&town, "pushed");
    // Sooner than the connection looks at its clock for other reasons.
    let pushed = timeout(Duration::from_secs(5), text(&mut feed)).await;
    assert_eq!(pushed.unwrap(), "pushed");
    leader.close().await;
}
