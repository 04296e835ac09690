//! Callers that watch the socket themselves. (All faults strike such callers, too: see [`super::town`].)

use std::thread::sleep;
use std::time::Duration;

use madeline_client::watch::block_on;
use madeline_tl::{Schema, boxed_from_bytes, object};
use serde_json::json;
use tokio::runtime::Builder;
use tokio::time::timeout;

use super::town::{Town, expect, push};
use crate::support::ask;

const PAUSE: Duration = Duration::from_millis(500);

/// A runtime with one thread does nothing unless somebody waits with it: so whatever happens here, the caller does.
#[test]
fn an_answer_needs_nobody_but_its_caller_and_leaves_the_updates_to_the_task() {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let mut town = runtime.block_on(Town::start());
    for round in 1..=3 {
        for _ in 0..3 {
            let nearest = ask(&town.client, object!("help.getNearestDc"));
            let nearest = block_on(runtime.handle(), nearest).unwrap().unwrap();
            assert_eq!(nearest.int("this_dc"), Ok(2));
        }
        // One before the task looks, the others while it does.
        let text = format!("round {round}");
        push(&town.control, &text, 4);
        runtime.block_on(expect(&mut town.updates, &text, 4));
    }
}

/// Between them the connection breaks: the next one is the task's to make, and to read from until somebody watches it.
#[test]
fn an_update_needs_nobody_but_who_waits_for_it() {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let town = runtime.block_on(Town::start());
    let mut feed = town.client.feed();
    for round in 1..=3 {
        // What a new connection asks for is over.
        runtime.block_on(async { while timeout(PAUSE, feed.next()).await.is_ok() {} });
        for number in 1..=3 {
            let text = format!("number {number} of round {round}");
            push(&town.control, &text, 1);
            let delivery = block_on(runtime.handle(), feed.next()).unwrap().unwrap();
            let update = boxed_from_bytes(Schema::api(), &delivery.update).unwrap();
            let found = update.get("message").text("message").unwrap();
            assert_eq!(found, format!("{text} 1"));
        }
        town.control.ask(json!({"do": "close"})).unwrap();
    }
}

/// The call is written before the runtime has learned that the connection is no more.
#[test]
fn a_call_over_a_connection_that_was_reset_unnoticed_goes_over_the_next() {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let town = runtime.block_on(Town::start());
    for _ in 0..3 {
        let closed = json!({"do": "close", "reset": true});
        town.control.ask(closed).unwrap();
        // The reset is on its way through the system.
        sleep(Duration::from_millis(50));
        let nearest = ask(&town.client, object!("help.getNearestDc"));
        assert_eq!(runtime.block_on(nearest).unwrap().int("this_dc"), Ok(2));
    }
}
