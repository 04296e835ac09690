//! Faults of connections and requests, each as a client sees it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use std::time::{Duration, Instant};

use madeline_mtproto::envelope::Opened;
use madeline_mtproto::service::{Body, Service};
use madeline_sandbox::{Control, Sandbox};
use serde_json::json;
use support::{
    Client, Received, TOWN, Value, Wire, contained, error, logged_in, message, now, object, start,
};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};

const ALICE: &str = "9996612001";
const BOB: &str = "9996612002";

async fn alice() -> (Sandbox, Control, Client) {
    let sandbox = start(TOWN).await;
    let control = sandbox.control();
    let alice = logged_in(&sandbox, ALICE).await;
    (sandbox, control, alice)
}

fn myself() -> Value {
    object!("inputPeerSelf")
}

fn nearest() -> Value {
    object!("help.getNearestDc")
}

/// Whether nothing comes for a while.
async fn is_silent(client: &mut Client) -> bool {
    tokio::time::timeout(Duration::from_millis(150), client.raw_end())
        .await
        .is_err()
}

/// The code with which a message is refused, and the envelope that says so. Acknowledgements of ours that are still on
/// their way may be refused before it.
async fn refusal(client: &mut Client, request: i64) -> (i32, Opened) {
    loop {
        let opened = client.opened().await;
        for body in bodies(&opened.body) {
            match Service::read(&body) {
                Body::Service(
                    Service::BadMsgNotification {
                        bad_msg_id,
                        error_code,
                        ..
                    }
                    | Service::BadServerSalt {
                        bad_msg_id,
                        error_code,
                        ..
                    },
                ) if bad_msg_id == request => return (error_code, opened),
                _ => {}
            }
        }
    }
}

/// The messages of an envelope's body.
fn bodies(body: &[u8]) -> Vec<Vec<u8>> {
    if !madeline_mtproto::container::is_container(body) {
        return vec![body.to_vec()];
    }
    let messages = contained(body).into_iter();
    messages.map(|(_, _, body)| body.to_vec()).collect()
}

#[tokio::test]
async fn a_connection_ends_before_a_request_is_executed() {
    let (sandbox, control, mut alice) = alice().await;
    let fault =
        json!({"do": "close_before", "on": {"method": "messages.sendMessage", "user": "alice"}});
    let fault = control.arm(fault).unwrap();
    let query = message(&myself(), "once");
    let request = alice.send(&query).await;
    assert_eq!(alice.raw_end().await, Received::Closed);
    assert_eq!(control.hits(fault), 1);
    assert_eq!(control.executions("messages.sendMessage", Some("once")), 0);
    // Under the same identifier it is a new request to the server.
    alice.reconnect(&sandbox, 2).await;
    alice.send_again(request, &query).await;
    alice.result(request).await.unwrap();
    assert_eq!(control.executions("messages.sendMessage", Some("once")), 1);
}

#[tokio::test]
async fn a_connection_ends_after_a_request_is_executed() {
    let (sandbox, control, mut alice) = alice().await;
    let fault = json!({"do": "close_after", "on": {"method": "messages.sendMessage"}});
    control.arm(fault).unwrap();
    let query = message(&myself(), "once");
    let request = alice.send(&query).await;
    assert_eq!(alice.raw_end().await, Received::Closed);
    assert_eq!(control.executions("messages.sendMessage", Some("once")), 1);
    alice.reconnect(&sandbox, 2).await;
    alice.send_again(request, &query).await;
    alice.result(request).await.unwrap();
    assert_eq!(control.executions("messages.sendMessage", Some("once")), 1);
}

#[tokio::test]
async fn a_connection_ends_in_the_middle_of_a_frame() {
    let (sandbox, control, mut alice) = alice().await;
    let cut = json!({"do": "cut", "bytes": 30, "on": {"holds": "result"}});
    control.arm(cut).unwrap();
    let request = alice.send(&nearest()).await;
    assert_eq!(alice.raw_end().await, Received::Closed);
    alice.reconnect(&sandbox, 2).await;
    alice.call(object!("updates.getState")).await.unwrap();
    alice.result(request).await.unwrap();
}

#[tokio::test]
async fn connections_are_ended_at_once() {
    let (sandbox, control, mut alice) = alice().await;
    let mut bob = logged_in(&sandbox, BOB).await;
    let close = json!({"do": "close", "on": {"user": "alice"}});
    assert_eq!(control.ask(close).unwrap(), json!({"connections": 1}));
    assert_eq!(alice.raw_end().await, Received::Closed);
    alice.reconnect(&sandbox, 2).await;
    alice.call(nearest()).await.unwrap();
    let flood = json!({"do": "close", "code": -429, "on": {"session": alice.session_id()}});
    control.ask(flood).unwrap();
    assert_eq!(alice.raw_end().await, Received::TransportError(-429));
    bob.call(nearest()).await.unwrap();
    control.ask(json!({"do": "close", "reset": true})).unwrap();
    assert_eq!(bob.raw_end().await, Received::Closed);
}

#[tokio::test]
async fn a_connection_is_accepted_and_nothing_said_or_not_even_that() {
    let (sandbox, control, mut alice) = alice().await;
    for deaf in [false, true] {
        let half_open = json!({"do": "half_open", "deaf": deaf});
        let id = control.arm(half_open).unwrap();
        alice.reconnect(&sandbox, 2).await;
        alice.send(&nearest()).await;
        assert!(is_silent(&mut alice).await);
        assert_eq!(control.hits(id), 1);
    }
    control
        .arm(json!({"do": "refuse", "on": {"dc": 1}}))
        .unwrap();
    assert_eq!(
        Wire::open(&sandbox, 1).await.receive().await,
        Received::Closed
    );
    alice.reconnect(&sandbox, 2).await;
    alice.call(nearest()).await.unwrap();
}

#[tokio::test]
async fn a_black_hole_swallows_for_a_while() {
    let (_sandbox, control, mut alice) = alice().await;
    for deaf in [false, true] {
        let hole = json!({"do": "black_hole", "ms": 200, "deaf": deaf, "on": {"user": "alice"}});
        assert_eq!(control.ask(hole).unwrap(), json!({"connections": 1}));
        tokio::time::sleep(Duration::from_millis(20)).await;
        let request = alice.send(&nearest()).await;
        assert!(is_silent(&mut alice).await);
        tokio::time::sleep(Duration::from_millis(60)).await;
        if deaf {
            // It was never read, so that it is now.
            alice.result(request).await.unwrap();
        }
        alice.call(nearest()).await.unwrap();
    }
}

#[tokio::test]
async fn errors_come_instead_of_results() {
    let (_sandbox, control, mut alice) = alice().await;
    for (code, text) in [
        (420, "FLOOD_WAIT_7"),
        (420, "FLOOD_PREMIUM_WAIT_3"),
        (420, "SLOWMODE_WAIT_9"),
        (303, "FILE_MIGRATE_4"),
        (500, "No workers running"),
        (-503, "Timeout"),
        (401, "SESSION_PASSWORD_NEEDED"),
        (406, "UPDATE_APP_TO_LOGIN"),
    ] {
        let fault = json!({"do": "rpc_error", "code": code, "text": text,
            "on": {"method": "messages.sendMessage"}});
        control.arm(fault).unwrap();
        assert_eq!(alice.say(&myself(), text).await, error(code, text));
        assert_eq!(control.executions("messages.sendMessage", Some(text)), 0);
    }
    let after = json!({"do": "rpc_error", "code": 500, "text": "RPC_CALL_FAIL", "executed": true});
    control.arm(after).unwrap();
    assert_eq!(
        alice.say(&myself(), "late").await,
        error(500, "RPC_CALL_FAIL")
    );
    assert_eq!(control.executions("messages.sendMessage", Some("late")), 1);
    let revoked =
        json!({"do": "rpc_error", "code": 401, "text": "SESSION_REVOKED", "then": "log_out"});
    control.arm(revoked).unwrap();
    assert_eq!(alice.call(nearest()).await, error(401, "SESSION_REVOKED"));
    assert_eq!(
        alice.call(object!("updates.getState")).await,
        error(401, "AUTH_KEY_UNREGISTERED")
    );
    let twice = json!({"do": "rpc_error", "code": 406, "text": "AUTH_KEY_DUPLICATED", "then": "forget_key"});
    control.arm(twice).unwrap();
    assert_eq!(
        alice.call(nearest()).await,
        error(406, "AUTH_KEY_DUPLICATED")
    );
    alice.send(&nearest()).await;
    assert_eq!(alice.raw_end().await, Received::TransportError(-404));
}

#[tokio::test]
async fn answers_stay_away_or_come_late() {
    let (_sandbox, control, mut alice) = alice().await;
    for (fault, executed) in [("ignore", 0), ("no_answer", 1)] {
        control.arm(json!({"do": fault})).unwrap();
        let request = alice.send(&message(&myself(), fault)).await;
        let acknowledged = Service::MsgsAck {
            msg_ids: vec![request],
        };
        let opened = alice.opened().await;
        assert_eq!(opened.body, acknowledged.to_bytes());
        assert!(is_silent(&mut alice).await);
        assert_eq!(
            control.executions("messages.sendMessage", Some(fault)),
            executed
        );
    }
    control
        .arm(json!({"do": "delay_answer", "ms": 100}))
        .unwrap();
    let (before, request) = (Instant::now(), alice.send(&nearest()).await);
    alice.call(object!("updates.getState")).await.unwrap();
    alice.result(request).await.unwrap();
    assert!(before.elapsed() >= Duration::from_millis(100));
}

#[tokio::test]
async fn an_answer_is_announced_instead_of_sent() {
    let (_sandbox, control, mut alice) = alice().await;
    control.arm(json!({"do": "detailed_info"})).unwrap();
    let request = alice.send(&nearest()).await;
    let opened = alice.opened().await;
    let info = bodies(&opened.body)
        .into_iter()
        .find_map(|body| match Service::read(&body) {
            Body::Service(Service::MsgDetailedInfo {
                msg_id,
                answer_msg_id,
                ..
            }) => Some((msg_id, answer_msg_id)),
            _ => None,
        });
    let (of, answer) = info.unwrap();
    assert_eq!(of, request);
    alice
        .tell(&Service::MsgResendReq {
            msg_ids: vec![answer],
        })
        .await;
    alice.result(request).await.unwrap();
}

#[tokio::test]
async fn a_request_is_refused_with_any_code() {
    let (_sandbox, control, mut alice) = alice().await;
    for code in [16, 17, 32, 48, 64] {
        control.arm(json!({"do": "bad_msg", "code": code})).unwrap();
        let request = alice.send(&message(&myself(), "refused")).await;
        assert_eq!(refusal(&mut alice, request).await.0, code);
    }
    assert_eq!(control.executions("messages.sendMessage", None), 0);
}

#[tokio::test]
async fn transport_errors_come_instead_of_answers() {
    let (sandbox, control, mut alice) = alice().await;
    for code in [-404, -429, -444] {
        let fault = json!({"do": "transport_error", "code": code, "on": {"user": "alice"}});
        control.arm(fault).unwrap();
        let request = alice.send(&nearest()).await;
        assert_eq!(alice.raw_end().await, Received::TransportError(code));
        assert_eq!(alice.raw_end().await, Received::Closed);
        alice.reconnect(&sandbox, 2).await;
        alice.send_again(request, &nearest()).await;
        alice.result(request).await.unwrap();
    }
    let stay = json!({"do": "transport_error", "code": -429, "stay": true, "on": {"method": "help.getNearestDc"}});
    control.arm(stay).unwrap();
    alice.call(object!("updates.getState")).await.unwrap();
    alice.send(&nearest()).await;
    assert_eq!(alice.raw_end().await, Received::TransportError(-429));
    alice.call(nearest()).await.unwrap();
}

#[tokio::test]
async fn sessions_salts_and_keys_are_forgotten() {
    let (sandbox, control, mut alice) = alice().await;
    let forget = json!({"do": "forget_session", "keep_init": true, "on": {"user": "alice"}});
    assert_eq!(control.ask(forget).unwrap(), json!({"sessions": 1}));
    alice.send(&nearest()).await;
    let told = bodies(&alice.opened().await.body);
    assert!(told.iter().any(|body| matches!(
        Service::read(body),
        Body::Service(Service::NewSessionCreated { .. })
    )));
    alice.call(nearest()).await.unwrap();
    control.ask(json!({"do": "forget_session"})).unwrap();
    assert_eq!(
        alice.call(nearest()).await,
        error(400, "CONNECTION_NOT_INITED")
    );

    assert_eq!(
        control.ask(json!({"do": "change_salt"})).unwrap(),
        json!({"keys": 1})
    );
    let request = alice.send(&nearest()).await;
    let (code, opened) = refusal(&mut alice, request).await;
    assert_eq!(code, 48);
    let (_, salt) = opened.body.split_last_chunk::<8>().unwrap();
    alice.set_salt(i64::from_le_bytes(*salt));
    alice
        .call_bare(&support::introduced(nearest()))
        .await
        .unwrap();
    // A new session of the key has to know it too.
    let mut sibling = alice.sibling(&sandbox, 2).await;
    sibling.call(nearest()).await.unwrap();

    assert_eq!(
        control.ask(json!({"do": "forget_key"})).unwrap(),
        json!({"keys": 1})
    );
    alice.send(&nearest()).await;
    assert_eq!(alice.raw_end().await, Received::TransportError(-404));
}

#[tokio::test]
async fn the_clock_is_hours_off() {
    let (_sandbox, control, mut alice) = alice().await;
    for (hours, code) in [(5, 16), (-5, 17)] {
        let set = json!({"do": "clock", "offset": hours * 3600});
        control.ask(set).unwrap();
        let request = alice.send(&nearest()).await;
        let (refused, opened) = refusal(&mut alice, request).await;
        assert_eq!(refused, code);
        let ahead = opened.header.msg_id.seconds() - now().as_secs() as i64;
        assert!((ahead - hours * 3600).abs() < 60, "{ahead}");
    }
    let reset = json!({"do": "clock", "offset": 0});
    assert_eq!(control.ask(reset).unwrap()["before"], json!(-5 * 3600));
    alice.call(nearest()).await.unwrap();
}

#[tokio::test]
async fn faults_strike_when_they_are_told_to() {
    let (_sandbox, control, mut alice) = alice().await;
    let on = |extra: serde_json::Value| {
        let mut fault = json!({"do": "rpc_error", "code": 400, "text": "X", "on": extra});
        fault["on"]["method"] = json!("help.getNearestDc");
        fault
    };
    let mut pattern = async |fault: serde_json::Value| {
        let id = control.arm(fault).unwrap();
        let mut struck = String::new();
        for _ in 0..8 {
            struck.push(if alice.call(nearest()).await.is_ok() {
                '.'
            } else {
                'x'
            });
        }
        control.ask(json!({"do": "clear", "id": id})).unwrap();
        struck
    };
    assert_eq!(pattern(on(json!({}))).await, "x.......");
    assert_eq!(
        pattern(on(json!({"skip": 2, "times": 2}))).await,
        "..xx...."
    );
    assert_eq!(
        pattern(on(json!({"times": 0, "every": 3}))).await,
        "..x..x.."
    );
    assert_eq!(pattern(on(json!({"user": "bob"}))).await, "........");
    assert_eq!(pattern(on(json!({"dc": 1}))).await, "........");
    let chance = || on(json!({"times": 0, "probability": 0.5, "seed": 7}));
    let random = pattern(chance()).await;
    assert!(random.contains('x') && random.contains('.'), "{random}");
    assert_eq!(pattern(chance()).await, random);
}

#[tokio::test]
async fn messages_are_pushed_and_counted() {
    let (sandbox, control, mut alice) = alice().await;
    alice.call(object!("updates.getState")).await.unwrap();
    let push = json!({"do": "push", "to": "alice", "from": "bob", "text": "hi {n}", "count": 20});
    let ids = control.ask(push).unwrap();
    assert_eq!(ids["ids"].as_array().unwrap().len(), 20);
    for number in 1..=20 {
        let update = alice.update("updateNewMessage").await;
        let text = format!("hi {number}");
        assert_eq!(update.get("message").text("message"), Ok(&*text));
    }
    let say = json!({"do": "say", "what": "config_update", "count": 3, "on": {"user": "alice"}});
    assert_eq!(control.ask(say).unwrap(), json!({"sessions": 1}));
    for _ in 0..3 {
        alice.update("updateConfig").await;
    }
    let query = message(&myself(), "counted");
    let random_id = query.int("random_id").unwrap();
    alice.call(query.clone()).await.unwrap();
    alice.call(query).await.unwrap_err();
    let ask = json!({"do": "executions", "method": "messages.sendMessage", "random_id": random_id});
    assert_eq!(control.ask(ask).unwrap(), json!({"count": 1, "errors": 1}));
    let stats = control.ask(json!({"do": "stats"})).unwrap();
    assert_eq!(stats["open"], json!(1));
    assert_eq!(stats["sessions"], json!(1));
    assert!(stats["acked"].as_u64().unwrap() >= 20);
    assert_eq!(
        stats["methods"]["messages.sendMessage"],
        json!({"results": 1, "errors": 1})
    );
    drop(sandbox);
}

#[tokio::test]
async fn the_control_channel_speaks_lines_of_json() {
    let mut sandbox = start(TOWN).await;
    let address = sandbox.listen_control(0).await.unwrap();
    let stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let mut stream = BufReader::new(stream);
    let mut ask = async |line: &str| -> serde_json::Value {
        stream.write_all(line.as_bytes()).await.unwrap();
        stream.write_all(b"\n").await.unwrap();
        let mut answer = String::new();
        stream.read_line(&mut answer).await.unwrap();
        serde_json::from_str(&answer).unwrap()
    };
    assert_eq!(ask(r#"{"do": "cut"}"#).await, json!({"ok": true, "id": 1}));
    let faults = ask(r#"{"do": "faults"}"#).await;
    assert_eq!(faults["faults"][0]["armed"], json!(true));
    assert_eq!(
        ask(r#"{"do": "clear"}"#).await,
        json!({"ok": true, "cleared": 1})
    );
    for (command, complaint) in [
        ("{", "no JSON: "),
        ("[]", "a command is an object"),
        (r#"{"do": "dance"}"#, "unknown variant `dance`"),
        (r#"{"do": "cut", "by": 1}"#, "unknown field `by`"),
        (
            r#"{"do": "cut", "on": {"whom": 1}}"#,
            "on: unknown field `whom`",
        ),
        (
            r#"{"do": "close", "on": {"user": "zoe"}}"#,
            "nobody is named `zoe`",
        ),
        (
            r#"{"do": "say", "what": "raw", "hex": "00"}"#,
            "hex: whole words are wanted",
        ),
    ] {
        let answer = ask(command).await;
        let error = answer["error"].as_str().unwrap_or_default();
        assert!(error.starts_with(complaint), "{command}: {error}");
    }
}
