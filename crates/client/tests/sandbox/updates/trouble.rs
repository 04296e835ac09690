//! Trouble that passes, and the end of a login.

use madeline_client::{EngineKind, Error};
use madeline_tl::object;
use serde_json::json;

use super::{arm, listen, next, say, texts};
use crate::support::{Server, ask};

#[tokio::test]
async fn a_difference_that_fails_is_asked_for_again() {
    let server = Server::start().await;
    let client = server.alice().await;
    let mut feed = listen(&server, &client).await;
    for (code, error) in [
        (500, "INTERDC_2_CALL_ERROR"),
        (420, "FLOOD_WAIT_1"),
        (500, "HISTORY_GET_FAILED"),
        // It says nothing of the state.
        (400, "PEER_ID_INVALID"),
    ] {
        let on = json!({"method": "updates.getDifference"});
        let fault = json!({"do": "rpc_error", "code": code, "text": error, "on": on});
        let fault = server.control().arm(fault).unwrap();
        arm(&server, "lose_update");
        say(&server, "lost");
        say(&server, "after it");
        assert_eq!(
            texts(&mut feed, "after it").await,
            ["lost", "after it"],
            "{error}"
        );
        assert_eq!(server.control().hits(fault), 1, "{error}");
    }
}

#[tokio::test]
async fn a_state_that_the_server_refuses_is_taken_anew() {
    let server = Server::start().await;
    let client = server.alice().await;
    let mut feed = listen(&server, &client).await;
    for error in ["PERSISTENT_TIMESTAMP_INVALID", "PERSISTENT_TIMESTAMP_EMPTY"] {
        let on = json!({"method": "updates.getDifference"});
        let fault = json!({"do": "rpc_error", "code": 400, "text": error, "on": on});
        let fault = server.control().arm(fault).unwrap();
        let states = || server.control().executions("updates.getState", None);
        let before = states();
        arm(&server, "too_long");
        say(&server, "in the state already");
        let hit = async {
            server.control().struck(fault, 1).await;
            while states() == before {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            () = hit => {}
            update = next(&mut feed) => panic!("{update:?}"),
        }
        say(&server, "new");
        let got = texts(&mut feed, "new").await;
        assert_eq!(got.last().map(String::as_str), Some("new"), "{error}");
    }
}

#[tokio::test]
async fn the_end_of_the_login_ends_the_feed() {
    let server = Server::start().await;
    let client = server.alice().await;
    let mut feed = listen(&server, &client).await;
    server.control().ask(json!({"do": "log_out"})).unwrap();
    let error = ask(&client, object!("account.getPassword"))
        .await
        .unwrap_err();
    assert!(matches!(error, Error::LoggedOut { .. }), "{error:?}");
    for _ in 0..2 {
        let error = next(&mut feed).await.unwrap_err();
        assert!(
            matches!(&error, Error::LoggedOut { reason } if reason == "AUTH_KEY_UNREGISTERED"),
            "{error:?}"
        );
    }
    assert!(feed.try_next().is_err());
    assert!(!server.path("alice").exists());
}

#[test]
fn a_feed_is_made_and_asked_outside_of_the_runtime() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let server = runtime.block_on(Server::start());
    let client = runtime.block_on(server.alice());
    let mut feed = client.feed();
    let state = || server.control().executions("updates.getState", None);
    while state() == 0 {
        assert!(feed.try_next().unwrap().is_none());
    }
    say(&server, "first");
    while feed.try_next().unwrap().is_none() {
        std::thread::yield_now();
    }
    drop(feed);
    runtime.block_on(client.close());
}

#[tokio::test]
async fn the_end_of_the_login_is_found_by_the_feed_itself() {
    let server = Server::start().await;
    let client = server.alice().await;
    let mut feed = listen(&server, &client).await;
    let on = json!({"method": "updates.getDifference"});
    let fault = json!({"do": "rpc_error", "code": 401, "text": "SESSION_REVOKED", "on": on});
    server.control().arm(fault).unwrap();
    arm(&server, "too_long");
    say(&server, "never seen");
    let error = next(&mut feed).await.unwrap_err();
    assert!(
        matches!(&error, Error::LoggedOut { reason } if reason == "SESSION_REVOKED"),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_feed_of_nobody_says_so() {
    let server = Server::start().await;
    let client = server.open("nobody").await;
    let error = client.feed().try_next().unwrap_err();
    assert!(error.to_string().contains("nobody is logged in"), "{error}");
}

#[tokio::test]
async fn what_the_schema_does_not_know_is_told_of_and_stops_nothing() {
    let server = Server::start().await;
    let client = server.alice().await;
    let mut feed = listen(&server, &client).await;
    assert!(feed.unreadable().take().is_empty());
    // updateShort with an update of a later layer
    let hex = "c1ded478efbeaddeaaaaaaaa";
    let raw = json!({"do": "say", "what": "raw", "hex": hex, "on": {"user": "alice"}});
    server.control().ask(raw).unwrap();
    say(&server, "after it");
    assert_eq!(texts(&mut feed, "after it").await, ["after it"]);
    if crate::ENGINE == EngineKind::Native {
        // The other engine reads updates itself, and says only that it could not.
        let unreadable = feed.unreadable().take();
        assert!(unreadable[0].contains("deadbeef"), "{unreadable:?}");
        assert!(feed.unreadable().take().is_empty());
    }
}
