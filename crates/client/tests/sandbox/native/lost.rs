//! Errors of the server that pass, and those that do not.

use std::time::Duration;

use madeline_client::Error;
use madeline_tl::object;
use serde_json::json;

use super::town::Town;
use crate::support::ask;

#[tokio::test]
async fn errors_that_pass_are_waited_out() {
    let mut town = Town::start().await;
    for (code, text) in [
        (420, "FLOOD_WAIT_1"),
        (420, "FLOOD_PREMIUM_WAIT_1"),
        (420, "SLOWMODE_WAIT_1"),
        (500, "RPC_CALL_FAIL"),
        (500, "No workers running"),
        (-503, "Timeout"),
    ] {
        let on = json!({"method": "messages.sendMessage", "times": 2});
        let fault = json!({"do": "rpc_error", "code": code, "text": text, "on": on});
        town.endure_unnoticed(fault).await;
    }
}

#[tokio::test]
async fn errors_that_stay_reach_their_call_and_no_other() {
    let mut town = Town::start().await;
    for (code, text) in [
        (420, "FLOOD_WAIT_3600"),
        (303, "FILE_MIGRATE_1"),
        (401, "SESSION_PASSWORD_NEEDED"),
        (406, "CHANNEL_PRIVATE"),
        (500, "INTERDC_2_CALL_ERROR"),
    ] {
        let on = json!({"method": "messages.sendMessage"});
        let fault = json!({"do": "rpc_error", "code": code, "text": text, "on": on});
        let outcome = town.endure(&fault).await;
        assert_eq!(outcome.errors.len(), 1, "{:?}", outcome.errors);
        assert!(outcome.errors[0].is_rpc(text), "{:?}", outcome.errors);
    }
}

#[tokio::test]
async fn transport_errors_name_their_code() {
    for code in [-429, -444] {
        let town = Town::start().await;
        let fault = json!({"do": "transport_error", "code": code, "on": {"dc": 2, "times": 0}});
        town.control.arm(fault).unwrap();
        let asked = ask(&town.client, object!("account.getPassword"));
        let error = tokio::time::timeout(Duration::from_secs(60), asked)
            .await
            .unwrap()
            .unwrap_err();
        assert!(
            matches!(error, Error::Transport { code: got, .. } if got == code),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn a_call_that_is_given_up_is_dropped_at_the_server_and_hinders_no_other() {
    let town = Town::start().await;
    let on = json!({"method": "account.getPassword"});
    let fault = town
        .control
        .arm(json!({"do": "no_answer", "on": on}))
        .unwrap();
    let mut call = crate::support::call(&object!("account.getPassword"));
    call.timeout = Some(Duration::from_millis(300));
    let error = town.client.invoke(call).await.unwrap_err();
    assert!(matches!(error, Error::Timeout { .. }), "{error:?}");
    assert_eq!(town.control.hits(fault), 1);
    ask(&town.client, object!("account.getPassword"))
        .await
        .unwrap();
}
