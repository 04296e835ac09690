//! Faults of the network, of servers that restart, and of clocks.

use std::time::Duration;

use madeline_client::{Config, Error, Timeouts};
use madeline_tl::object;
use serde_json::json;

use super::town::Town;
use crate::support::{Server, ask};

#[tokio::test]
async fn connections_that_end_at_any_moment_are_replaced_unseen() {
    let mut town = Town::start().await;
    for method in ["messages.sendMessage", "help.getNearestDc"] {
        for fault in ["close_before", "close_after"] {
            for skip in [0, 3] {
                let on = json!({"dc": 2, "method": method, "skip": skip});
                town.endure_with_gap(json!({"do": fault, "on": on})).await;
            }
        }
    }
    town.endure_with_gap(json!({"do": "close"})).await;
    town.endure_with_gap(json!({"do": "close", "reset": true}))
        .await;
}

#[tokio::test]
async fn frames_that_end_in_the_middle_are_not_lost() {
    let mut town = Town::start().await;
    for holds in ["result", "update", "service"] {
        for bytes in [0, 3, 40] {
            let fault = json!({"do": "cut", "bytes": bytes, "on": {"holds": holds}});
            town.endure_with_gap(fault).await;
        }
    }
}

#[tokio::test]
async fn connections_that_end_again_and_again_do_not_wear_the_client_out() {
    let mut town = Town::start().await;
    let on = json!({"dc": 2, "method": "messages.sendMessage", "times": 5});
    town.endure_with_gap(json!({"do": "close_after", "on": on}))
        .await;
    town.endure_with_gap(json!({"do": "close_before", "on": on}))
        .await;
}

#[tokio::test]
async fn servers_that_refuse_or_fall_silent_for_a_while_are_tried_again() {
    let mut town = Town::start().await;
    town.control
        .arm(json!({"do": "refuse", "on": {"times": 2}}))
        .unwrap();
    town.endure_with_gap(json!({"do": "close"})).await;
    town.control
        .ask(json!({"do": "black_hole", "ms": 500}))
        .unwrap();
    town.endure_with_gap(json!({"do": "stats"})).await;
}

#[tokio::test]
async fn a_connection_that_is_silent_for_good_is_noticed_by_its_pings() {
    // As with the defaults, questions about calls are given up later than pings.
    let mut town = Town::start_with(|config| Config {
        resend_after: Duration::from_secs(4),
        ..config
    })
    .await;
    for deaf in [false, true] {
        town.endure_with_gap(json!({"do": "black_hole", "deaf": deaf}))
            .await;
    }
}

#[tokio::test]
async fn a_half_open_connection_is_given_up_and_the_next_one_works() {
    let mut town = Town::start_with(|config| Config {
        timeouts: Timeouts {
            connect: Duration::from_secs(3),
            ..config.timeouts
        },
        ..config
    })
    .await;
    town.control.arm(json!({"do": "half_open"})).unwrap();
    let outcome = town.endure(&json!({"do": "close"})).await;
    // What is in flight then may run out of the time that a connection may take.
    for error in &outcome.errors {
        assert!(
            matches!(error, Error::Connect { .. } | Error::Lost { .. }),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn delays_changes_of_order_and_repetitions_on_the_way_change_nothing() {
    let mut town = Town::start().await;
    for holds in ["result", "update"] {
        town.endure_unnoticed(json!({"do": "delay", "ms": 300, "on": {"holds": holds}}))
            .await;
        town.endure_unnoticed(json!({"do": "duplicate", "on": {"holds": holds}}))
            .await;
        town.endure_unnoticed(json!({"do": "duplicate", "ms": 200, "on": {"holds": holds}}))
            .await;
    }
    town.endure_unnoticed(json!({"do": "reorder", "on": {"holds": "result"}}))
        .await;
    town.endure_unnoticed(json!({"do": "no_ack", "on": {"times": 20}}))
        .await;
}

#[tokio::test]
async fn results_that_are_lost_are_asked_for() {
    let mut town = Town::start().await;
    town.endure_unnoticed(json!({"do": "lose", "on": {"holds": "result"}}))
        .await;
    let on = json!({"method": "messages.sendMessage", "times": 2});
    town.endure_unnoticed(json!({"do": "detailed_info", "on": on}))
        .await;
}

#[tokio::test]
async fn a_change_of_salt_costs_nothing_but_a_round_trip() {
    let mut town = Town::start().await;
    town.endure_unnoticed(json!({"do": "change_salt"})).await;
    let on = json!({"method": "messages.sendMessage"});
    town.endure_unnoticed(json!({"do": "bad_msg", "code": 48, "on": on}))
        .await;
}

#[tokio::test]
async fn messages_that_the_server_did_not_take_are_sent_anew() {
    let mut town = Town::start().await;
    for code in [16, 17, 18, 19, 34, 35, 64] {
        let on = json!({"method": "messages.sendMessage"});
        let fault = json!({"do": "bad_msg", "code": code, "on": on});
        town.endure_with_gap(fault).await;
    }
}

#[tokio::test]
async fn a_session_out_of_step_is_replaced_and_what_may_have_been_executed_says_so() {
    let mut town = Town::start().await;
    for code in [32, 33] {
        let on = json!({"method": "messages.sendMessage"});
        let fault = json!({"do": "bad_msg", "code": code, "on": on});
        let outcome = town.endure(&fault).await;
        for error in &outcome.errors {
            assert!(matches!(error, Error::Lost { .. }), "{error:?}");
        }
    }
}

#[tokio::test]
async fn a_session_that_the_server_forgot_goes_on_and_the_gap_is_announced() {
    let mut town = Town::start().await;
    let outcome = town.endure(&json!({"do": "forget_session"})).await;
    assert!(outcome.errors.is_empty(), "{:?}", outcome.errors);
    assert!(outcome.gap);
}

#[tokio::test]
async fn a_clock_that_jumps_by_hours_is_followed() {
    let mut town = Town::start().await;
    for offset in [7200, 14400] {
        town.endure_with_gap(json!({"do": "clock", "offset": offset}))
            .await;
    }
}

#[tokio::test]
async fn a_server_whose_clock_is_hours_behind_is_no_obstacle_nor_is_it_for_the_next_process() {
    let server = Server::start().await;
    let clock = json!({"do": "clock", "offset": -7200});
    server.control().ask(clock).unwrap();
    drop(server.alice().await);
    let client = server.open("alice").await;
    ask(&client, object!("account.getPassword")).await.unwrap();
}
