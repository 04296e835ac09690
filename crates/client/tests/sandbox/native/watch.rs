//! Callers that watch the socket themselves. (All faults strike such callers, too: see [`super::town`].)

use std::thread::sleep;
use std::time::Duration;

use madeline_client::watch::block_on;
use madeline_tl::object;
use serde_json::json;
use tokio::runtime::Builder;

use super::town::{Town, expect, push};
use crate::support::ask;

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
