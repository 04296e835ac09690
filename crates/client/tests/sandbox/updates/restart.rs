//! What a process that ends, or is killed, leaves to the next one.

use super::{Feed, listen, next, push, say, text, texts};
use crate::support::Server;

/// The text of the next new message, which is in hand then.
async fn new(feed: &mut Feed) -> String {
    loop {
        if let Some(text) = text(&next(feed).await.unwrap()) {
            return text;
        }
    }
}

#[tokio::test]
async fn the_next_process_goes_on_where_the_last_one_was() {
    let server = Server::start().await;
    let client = server.alice().await;
    let mut feed = listen(&server, &client).await;
    say(&server, "handled");
    texts(&mut feed, "handled").await;
    drop(feed);
    client.close().await;
    push(&server, "bot", "alice", "missed {n}", 3);
    push(&server, "bob", "club", "in the club", 1);
    let client = server.open("alice").await;
    let mut feed = client.feed();
    let mut missed = Vec::new();
    while missed.len() < 4 {
        missed.extend(text(&next(&mut feed).await.unwrap()));
    }
    missed.sort();
    assert_eq!(missed, ["in the club", "missed 1", "missed 2", "missed 3"]);
    let states = server.control().executions("updates.getState", None);
    assert!(states <= 1, "the state was asked for {states} times");
    say(&server, "the end");
    assert_eq!(texts(&mut feed, "the end").await, ["the end"]);
}

#[tokio::test]
async fn what_was_in_hand_comes_again_and_nothing_else_does() {
    let server = Server::start().await;
    let mut client = server.alice().await;
    drop(listen(&server, &client).await);
    push(&server, "bot", "alice", "number {n}", 10);
    push(&server, "bob", "club", "club {n}", 3);
    let (mut taken, mut in_hand) = (Vec::new(), Vec::new());
    for life in ["first", "second", "third", "fourth"] {
        let mut feed = client.feed();
        for _ in 0..3 {
            taken.push(new(&mut feed).await);
        }
        in_hand.extend(taken.last().cloned());
        // As a process that is killed: nothing is said to the feed any more.
        std::mem::forget(feed);
        drop(client);
        client = reopened(&server, life).await;
    }
    say(&server, "the end");
    let mut feed = client.feed();
    // Each sequence is in order, but one may pass the other.
    while taken.len() < 10 + 3 + in_hand.len() + 1 {
        taken.push(new(&mut feed).await);
    }
    for of in ["number", "club", "the end"] {
        let mut expected: Vec<&String> = taken.iter().filter(|text| text.starts_with(of)).collect();
        let came: Vec<&String> = expected.clone();
        expected.sort_by_key(|text| text.len());
        assert_eq!(came, expected);
    }
    let mut once = taken.clone();
    for text in &in_hand {
        let again = once.iter().rposition(|other| other == text).unwrap();
        once.remove(again);
    }
    once.sort();
    once.dedup();
    assert_eq!(once.len(), 10 + 3 + 1, "{taken:?}, in hand {in_hand:?}");
    assert!(feed.try_next().unwrap().is_none());
}

#[tokio::test]
async fn what_is_held_comes_again_until_it_is_released_and_what_was_handled_behind_it_does_not() {
    let server = Server::start().await;
    let client = server.alice().await;
    drop(listen(&server, &client).await);
    push(&server, "bot", "alice", "number {n}", 5);
    let mut feed = client.feed();
    assert_eq!(new(&mut feed).await, "number 1");
    assert_eq!(new(&mut feed).await, "number 2");
    let held = feed.hold().unwrap();
    assert_eq!(new(&mut feed).await, "number 3");
    feed.handled().unwrap();
    std::mem::forget(feed);
    drop(client);
    let client = reopened(&server, "held").await;
    let mut feed = client.feed();
    // A number of another listener's releases nothing.
    feed.release(held).unwrap();
    assert_eq!(new(&mut feed).await, "number 2");
    let held = feed.hold().unwrap();
    assert_eq!(new(&mut feed).await, "number 4");
    feed.release(held).unwrap();
    std::mem::forget(feed);
    drop(client);
    let client = reopened(&server, "released").await;
    let mut feed = client.feed();
    assert_eq!(new(&mut feed).await, "number 4");
    assert_eq!(new(&mut feed).await, "number 5");
}

/// The session as a killed process left it: its files, without the lock.
async fn reopened(server: &Server, name: &str) -> madeline_client::Client {
    let copy = server.path(name);
    std::fs::create_dir(&copy).unwrap();
    let newest = newest(server);
    for entry in std::fs::read_dir(&newest).unwrap() {
        let path = entry.unwrap().path();
        let file = path.file_name().unwrap();
        if !["lock", "socket", "session.sqlite-shm"]
            .iter()
            .any(|it| file == *it)
        {
            std::fs::copy(&path, copy.join(file)).unwrap();
        }
    }
    server.open(name).await
}

fn newest(server: &Server) -> std::path::PathBuf {
    let sessions = std::fs::read_dir(server.directory.path()).unwrap();
    let made = |path: &std::path::PathBuf| path.metadata().unwrap().modified().unwrap();
    sessions
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("updates.journal").exists())
        .max_by_key(made)
        .unwrap()
}

#[tokio::test]
async fn a_process_that_ends_after_each_update_gets_each_once() {
    let server = Server::start().await;
    let client = server.alice().await;
    drop(listen(&server, &client).await);
    client.close().await;
    push(&server, "bot", "alice", "{n}", 6);
    let mut all = Vec::new();
    for _ in 0..6 {
        let client = server.open("alice").await;
        let mut feed = client.feed();
        all.push(new(&mut feed).await);
        feed.handled().unwrap();
        drop(feed);
        client.close().await;
    }
    assert_eq!(all, ["1", "2", "3", "4", "5", "6"]);
}
