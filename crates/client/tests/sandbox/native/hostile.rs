//! Bytes that no honest server sends: the connection ends with a cause, the next one goes on, and no answer goes to
//! another call.

use serde_json::json;

use super::town::Town;

#[tokio::test]
async fn damaged_messages_end_the_connection_and_nothing_is_lost() {
    let mut town = Town::start().await;
    for holds in ["result", "update"] {
        for offset in [0, 8, 24, 40, -1] {
            let fault = json!({"do": "corrupt", "offset": offset, "on": {"holds": holds}});
            town.endure_with_gap(fault).await;
        }
        town.endure_with_gap(json!({"do": "corrupt", "on": {"holds": holds, "seed": 7}}))
            .await;
    }
}

#[tokio::test]
async fn messages_that_break_a_rule_end_the_connection_and_nothing_is_lost() {
    let mut town = Town::start().await;
    for fault in [
        json!({"do": "wrong_session"}),
        json!({"do": "wrong_key"}),
        json!({"do": "wrong_parity", "low_bits": 0}),
        json!({"do": "wrong_parity", "low_bits": 2}),
        json!({"do": "shift_msg_id", "seconds": -301}),
        json!({"do": "shift_msg_id", "seconds": 31}),
        json!({"do": "padding", "bytes": 0}),
        json!({"do": "padding", "bytes": 1028}),
        json!({"do": "length", "value": -4}),
        json!({"do": "length", "value": i32::MAX}),
        json!({"do": "length", "value": 6}),
    ] {
        for holds in ["result", "update"] {
            let mut fault = fault.clone();
            fault["on"] = json!({"holds": holds});
            town.endure_with_gap(fault).await;
        }
    }
}

#[tokio::test]
async fn nonsense_from_a_server_that_holds_the_key_is_survived() {
    let mut town = Town::start().await;
    for what in [
        "new_detailed_info",
        "nested_container",
        "unknown_constructor",
        "unknown_answer",
        "bad_msg",
        "huge_container",
        "huge_acks",
        "huge_salts",
        "huge_updates",
        "huge_result",
        "gzip_bomb",
        "deep_nesting",
        "malformed",
    ] {
        let fault = json!({
            "do": "say", "what": what, "on": {"user": "alice"}, "msg_id": 4, "code": 16, "bytes": 1 << 30
        });
        town.endure_with_gap(fault).await;
    }
}

#[tokio::test]
async fn an_answer_that_is_a_bomb_is_an_error_of_its_own_call_only() {
    let mut town = Town::start().await;
    let on = json!({"method": "messages.sendMessage"});
    let outcome = town
        .endure(&json!({"do": "gzip_bomb", "bytes": 1 << 30, "on": on}))
        .await;
    assert_eq!(outcome.errors.len(), 1, "{:?}", outcome.errors);
    assert!(
        outcome.errors[0].to_string().contains("beyond"),
        "{}",
        outcome.errors[0]
    );
}
