//! What our own calls did is in the feed as well.

use madeline_tl::{Value, object};
use serde_json::json;

use super::{listen, next, say, texts};
use crate::support::{Server, ask, bot};

#[tokio::test]
async fn a_message_of_our_own_comes_once() {
    let server = Server::start().await;
    let client = server.alice().await;
    let mut feed = listen(&server, &client).await;
    let peer = bot(&client).await;
    let send = object!("messages.sendMessage", peer: peer, message: "mine", random_id: 1_i64);
    ask(&client, send).await.unwrap();
    say(&server, "after it");
    assert_eq!(texts(&mut feed, "after it").await, ["mine", "after it"]);
}

#[tokio::test]
async fn a_result_in_short_form_is_completed_from_the_call() {
    let server = Server::start().await;
    let client = server.alice().await;
    let mut feed = listen(&server, &client).await;
    let peer = bot(&client).await;
    let on = json!({"method": "messages.sendMessage"});
    let fault = json!({"do": "short_result", "on": on});
    server.control().arm(fault).unwrap();
    let send = object!("messages.sendMessage",
        peer: peer, message: "mine", silent: true, random_id: 1_i64,
        reply_to: object!("inputReplyToMessage", reply_to_msg_id: 42));
    let result = ask(&client, send).await.unwrap();
    assert!(result.is("updateShortSentMessage"), "{result:?}");
    let update = next(&mut feed).await.unwrap();
    assert!(update.is("updateNewMessage"), "{update:?}");
    let message = update.get("message");
    assert!(message.flag("out") && message.flag("silent"));
    assert_eq!(message.get("id"), result.get("id"));
    assert_eq!(message.text("message"), Ok("mine"));
    assert_eq!(message.get("peer_id").int("user_id"), Ok(6_000_001));
    assert_eq!(message.get("from_id").int("user_id"), Ok(5_000_001));
    assert_eq!(message.get("reply_to").int("reply_to_msg_id"), Ok(42));
    say(&server, "after it");
    assert_eq!(texts(&mut feed, "after it").await, ["after it"]);
}

#[tokio::test]
async fn a_call_that_only_counts_leaves_no_gap() {
    let server = Server::start().await;
    let client = server.alice().await;
    let mut feed = listen(&server, &client).await;
    say(&server, "to be deleted");
    let id = loop {
        let update = next(&mut feed).await.unwrap();
        if super::text(&update).as_deref() == Some("to be deleted") {
            break update.get("message").int("id").unwrap();
        }
    };
    let differences = || server.control().executions("updates.getDifference", None);
    let before = differences();
    let delete = object!("messages.deleteMessages", revoke: true, id: vec![Value::from(id)]);
    let affected = ask(&client, delete).await.unwrap();
    assert_eq!(affected.int("pts_count"), Ok(1));
    say(&server, "after it");
    assert_eq!(texts(&mut feed, "after it").await, ["after it"]);
    assert_eq!(differences(), before);
}
