//! Groups and channels, each of which goes its own way.

use serde_json::json;

use super::{arm, listen, next, push, text, texts};
use crate::support::Server;

#[tokio::test]
async fn what_was_lost_of_a_group_comes_and_holds_up_no_other() {
    let server = Server::start().await;
    let client = server.alice().await;
    let mut feed = listen(&server, &client).await;
    // The group's difference takes its time.
    let on = json!({"method": "updates.getChannelDifference"});
    let slow = json!({"do": "delay_answer", "ms": 1500, "on": on});
    server.control().arm(slow).unwrap();
    arm(&server, "lose_update");
    push(&server, "bob", "club", "lost", 1);
    push(&server, "bob", "club", "found", 1);
    push(&server, "bob", "news", "news {n}", 5);
    push(&server, "bot", "alice", "private", 1);
    let taken = texts(&mut feed, "found").await;
    let news = ["news 1", "news 2", "news 3", "news 4", "news 5", "private"];
    assert_eq!(taken[..6], news);
    assert_eq!(taken[6..], ["lost", "found"]);
}

#[tokio::test]
async fn a_group_of_which_too_much_was_missed_goes_on_from_now() {
    let server = Server::start().await;
    let client = server.alice().await;
    let mut feed = listen(&server, &client).await;
    arm(&server, "lose_update");
    push(&server, "bob", "club", "lost", 1);
    let forget = json!({"do": "forget_updates", "of": "club"});
    server.control().ask(forget).unwrap();
    push(&server, "bob", "club", "next", 1);
    push(&server, "bob", "club", "and next", 1);
    assert_eq!(texts(&mut feed, "and next").await, ["next", "and next"]);
}

#[tokio::test]
async fn of_too_much_that_was_missed_the_newest_message_comes() {
    let server = Server::start().await;
    let client = server.alice().await;
    let mut feed = listen(&server, &client).await;
    for text in ["lost", "newest"] {
        arm(&server, "lose_update");
        push(&server, "bob", "club", text, 1);
    }
    let forget = json!({"do": "forget_updates", "of": "club"});
    server.control().ask(forget).unwrap();
    server.control().ask(json!({"do": "close"})).unwrap();
    assert_eq!(texts(&mut feed, "newest").await, ["newest"]);
    push(&server, "bob", "club", "next", 1);
    assert_eq!(texts(&mut feed, "next").await, ["next"]);
}

#[tokio::test]
async fn an_account_of_which_too_much_was_missed_goes_on_from_there() {
    let server = Server::start().await;
    let client = server.alice().await;
    let mut feed = listen(&server, &client).await;
    arm(&server, "lose_update");
    push(&server, "bot", "alice", "lost", 1);
    let forget = json!({"do": "forget_updates", "of": "alice"});
    server.control().ask(forget).unwrap();
    push(&server, "bot", "alice", "next", 1);
    push(&server, "bot", "alice", "and next", 1);
    assert_eq!(texts(&mut feed, "and next").await, ["next", "and next"]);
}

#[tokio::test]
async fn a_group_that_became_private_is_given_up_and_the_others_go_on() {
    let server = Server::start().await;
    let client = server.alice().await;
    let mut feed = listen(&server, &client).await;
    for error in [
        "CHANNEL_PRIVATE",
        "CHANNEL_INVALID",
        "PERSISTENT_TIMESTAMP_INVALID",
    ] {
        let on = json!({"method": "updates.getChannelDifference"});
        let fault = json!({"do": "rpc_error", "code": 400, "text": error, "on": on});
        server.control().arm(fault).unwrap();
        arm(&server, "lose_update");
        push(&server, "bob", "club", "lost", 1);
        push(&server, "bob", "club", "came early", 1);
        push(&server, "bob", "news", "elsewhere", 1);
        let mut came = Vec::new();
        while came.len() < 2 {
            came.extend(text(&next(&mut feed).await.unwrap()));
        }
        assert_eq!(came, ["elsewhere", "came early"], "{error}");
        push(&server, "bob", "club", "later", 1);
        assert_eq!(texts(&mut feed, "later").await, ["later"], "{error}");
    }
}
