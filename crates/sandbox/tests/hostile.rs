//! Envelopes and messages that no honest server sends, as they arrive.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use std::time::{Duration, Instant};

use madeline_mtproto::envelope::{self, Opened};
use madeline_mtproto::service::{Body, Service};
use madeline_mtproto::{container, gzip};
use madeline_sandbox::{Control, Sandbox};
use serde_json::json;
use support::{Client, Received, TOWN, contained, logged_in, now, object, start};

async fn alice() -> (Sandbox, Control, Client) {
    let sandbox = start(TOWN).await;
    let control = sandbox.control();
    let mut alice = logged_in(&sandbox, "9996612001").await;
    alice.call(object!("updates.getState")).await.unwrap();
    (sandbox, control, alice)
}

/// The frame that answers a request while this fault is armed.
async fn struck(
    control: &Control,
    client: &mut Client,
    mut fault: serde_json::Value,
) -> (i64, Vec<u8>) {
    fault["on"]["holds"] = json!("result");
    control.arm(fault).unwrap();
    let request = client.send(&object!("help.getNearestDc")).await;
    (request, frame(client).await)
}

async fn frame(client: &mut Client) -> Vec<u8> {
    match client.raw_end().await {
        Received::Frame(frame) => frame,
        other => panic!("{other:?}"),
    }
}

fn answers(opened: &Opened, request: i64) -> bool {
    container::is_container(&opened.body)
        && contained(&opened.body).iter().any(|(_, _, body)| {
            matches!(Service::read(body),
                Body::Service(Service::RpcResult { req_msg_id, .. }) if req_msg_id == request)
        })
}

#[tokio::test]
async fn headers_are_wrong() {
    let (_sandbox, control, mut alice) = alice().await;
    let session = alice.session_id();
    let (_, frame) = struck(&control, &mut alice, json!({"do": "wrong_session"})).await;
    assert_ne!(alice.open(&frame).unwrap().header.session_id, session);
    let (_, frame) = struck(&control, &mut alice, json!({"do": "wrong_key"})).await;
    let error = alice.open(&frame).unwrap_err();
    assert!(
        matches!(error, envelope::Error::AuthKeyId { .. }),
        "{error}"
    );
    for low_bits in [0, 2] {
        let fault = json!({"do": "wrong_parity", "low_bits": low_bits});
        let (_, frame) = struck(&control, &mut alice, fault).await;
        assert_eq!(alice.open(&frame).unwrap().header.msg_id.0 & 3, low_bits);
    }
    for seconds in [-301, 31] {
        let fault = json!({"do": "shift_msg_id", "seconds": seconds});
        let (_, frame) = struck(&control, &mut alice, fault).await;
        let says = alice.open(&frame).unwrap().header.msg_id.seconds();
        assert!((says - now().as_secs() as i64 - seconds).abs() <= 2);
    }
}

#[tokio::test]
async fn padding_and_lengths_are_wrong() {
    let (_sandbox, control, mut alice) = alice().await;
    for (wanted, permitted) in [(0, 0..12), (1028, 1028..1100)] {
        let fault = json!({"do": "padding", "bytes": wanted});
        let (_, frame) = struck(&control, &mut alice, fault).await;
        match alice.open(&frame).unwrap_err() {
            envelope::Error::Padding { bytes } => assert!(permitted.contains(&bytes), "{bytes}"),
            other => panic!("{other}"),
        }
    }
    for value in [-4, 6, 1 << 20] {
        let fault = json!({"do": "length", "value": value});
        let (_, frame) = struck(&control, &mut alice, fault).await;
        match alice.open(&frame).unwrap_err() {
            envelope::Error::DataLength { announced, .. } => assert_eq!(announced, value),
            other => panic!("{other}"),
        }
    }
}

#[tokio::test]
async fn bytes_are_changed() {
    let (_sandbox, control, mut alice) = alice().await;
    for offset in [json!(8), json!(24), json!(-1), json!(null)] {
        let fault = json!({"do": "corrupt", "offset": offset, "xor": 16, "on": {"seed": 9}});
        let (_, frame) = struck(&control, &mut alice, fault).await;
        assert!(alice.open(&frame).is_err());
    }
    // The length of the transport's frame: it waits for bytes that do not come.
    let fault = json!({"do": "corrupt", "offset": 2, "stream": true, "on": {"holds": "result"}});
    control.arm(fault).unwrap();
    alice.send(&object!("help.getNearestDc")).await;
    let waiting = tokio::time::timeout(Duration::from_millis(100), alice.raw_end());
    assert!(waiting.await.is_err());
}

#[tokio::test]
async fn envelopes_come_twice_late_out_of_order_or_never() {
    let (sandbox, control, mut alice) = alice().await;
    for ms in [0, 50] {
        let fault = json!({"do": "duplicate", "ms": ms});
        let (_, first) = struck(&control, &mut alice, fault).await;
        assert_eq!(frame(&mut alice).await, first);
    }

    let before = Instant::now();
    let fault = json!({"do": "delay", "ms": 80});
    control.arm(fault).unwrap();
    let first = alice.send(&object!("help.getNearestDc")).await;
    let second = alice.send(&object!("help.getNearestDc")).await;
    let opened = alice.opened().await;
    assert!(before.elapsed() >= Duration::from_millis(80));
    assert!(answers(&opened, first));
    if !answers(&opened, second) {
        assert!(answers(&alice.opened().await, second));
    }

    let fault = json!({"do": "reorder", "ms": 5000, "on": {"holds": "result"}});
    let fault = control.arm(fault).unwrap();
    let first = alice.send(&object!("help.getNearestDc")).await;
    control.struck(fault, 1).await;
    let second = alice.send(&object!("help.getNearestDc")).await;
    assert!(answers(&alice.opened().await, second));
    assert!(answers(&alice.opened().await, first));

    let lost = control
        .arm(json!({"do": "lose", "on": {"holds": "result"}}))
        .unwrap();
    let first = alice.send(&object!("help.getNearestDc")).await;
    control.struck(lost, 1).await;
    let second = alice.send(&object!("help.getNearestDc")).await;
    assert!(answers(&alice.opened().await, second));
    alice.reconnect(&sandbox, 2).await;
    alice.call(object!("updates.getState")).await.unwrap();
    alice.result(first).await.unwrap();
}

#[tokio::test]
async fn a_request_is_answered_and_not_acknowledged() {
    let (_sandbox, control, mut alice) = alice().await;
    control.arm(json!({"do": "no_ack"})).unwrap();
    let request = alice.send(&object!("help.getNearestDc")).await;
    let opened = alice.opened().await;
    match Service::read(&opened.body) {
        Body::Service(Service::RpcResult { req_msg_id, .. }) => assert_eq!(req_msg_id, request),
        other => panic!("{other:?}"),
    }
}

/// What comes when the server is told to say this.
async fn said(control: &Control, client: &mut Client, mut words: serde_json::Value) -> Vec<u8> {
    words["do"] = json!("say");
    words["on"] = json!({"user": "alice"});
    assert_eq!(control.ask(words).unwrap(), json!({"sessions": 1}));
    client.opened().await.body.to_vec()
}

#[tokio::test]
async fn messages_are_hostile() {
    let (_sandbox, control, mut alice) = alice().await;
    let nested = said(&control, &mut alice, json!({"what": "nested_container"})).await;
    assert!(container::is_container(contained(&nested)[0].2));
    let huge = i32::MAX.to_le_bytes();
    for (what, at) in [
        ("huge_container", 4),
        ("huge_acks", 8),
        ("huge_salts", 16),
        ("huge_updates", 8),
        ("huge_result", 16),
    ] {
        let body = said(&control, &mut alice, json!({"what": what})).await;
        assert_eq!(body[at..at + 4], huge, "{what}");
    }
    let unknown = said(&control, &mut alice, json!({"what": "unknown_constructor"})).await;
    assert!(
        support::Schema::api()
            .by_id(u32::from_le_bytes(unknown[..4].try_into().unwrap()))
            .is_none()
    );
    let answer = said(
        &control,
        &mut alice,
        json!({"what": "unknown_answer", "msg_id": 1234}),
    )
    .await;
    assert!(matches!(
        Service::read(&answer),
        Body::Service(Service::RpcResult {
            req_msg_id: 1234,
            ..
        })
    ));
    let words = json!({"what": "bad_msg", "code": 33, "msg_id": 1234});
    let refused = said(&control, &mut alice, words).await;
    assert!(matches!(
        Service::read(&refused),
        Body::Service(Service::BadMsgNotification {
            bad_msg_id: 1234,
            error_code: 33,
            ..
        })
    ));
    let malformed = said(&control, &mut alice, json!({"what": "malformed"})).await;
    assert_eq!(Service::read(&malformed), Body::Malformed);
    let deep = said(&control, &mut alice, json!({"what": "deep_nesting"})).await;
    assert!(deep.len() > 100_000);
    let raw = said(
        &control,
        &mut alice,
        json!({"what": "raw", "hex": "0102030405060708"}),
    )
    .await;
    assert_eq!(raw, [1, 2, 3, 4, 5, 6, 7, 8]);
    let info = said(&control, &mut alice, json!({"what": "new_detailed_info"})).await;
    let Body::Service(Service::MsgNewDetailedInfo { answer_msg_id, .. }) = Service::read(&info)
    else {
        panic!("{info:?}")
    };
    let msg_ids = vec![answer_msg_id];
    alice.tell(&Service::MsgResendReq { msg_ids }).await;
    alice.update("updateConfig").await;
}

#[tokio::test]
async fn a_bomb_is_what_it_says() {
    let (_sandbox, control, mut alice) = alice().await;
    let bomb = said(
        &control,
        &mut alice,
        json!({"what": "gzip_bomb", "bytes": 3 << 20}),
    )
    .await;
    let Body::Service(Service::GzipPacked { packed_data }) = Service::read(&bomb) else {
        panic!("no packed data")
    };
    assert_eq!(gzip::unpack(packed_data, 3 << 20), Ok(vec![0; 3 << 20]));

    control.arm(json!({"do": "gzip_bomb"})).unwrap();
    let request = alice.send(&object!("help.getNearestDc")).await;
    // It is too long for a container, so that the acknowledgement comes by itself.
    let acknowledged = Service::MsgsAck {
        msg_ids: vec![request],
    };
    assert_eq!(alice.opened().await.body, acknowledged.to_bytes());
    let opened = alice.opened().await;
    let Body::Service(Service::RpcResult { req_msg_id, result }) = Service::read(&opened.body)
    else {
        panic!("no result")
    };
    assert_eq!(req_msg_id, request);
    let Body::Service(Service::GzipPacked {
        packed_data: packed,
    }) = Service::read(result)
    else {
        panic!("no packed data")
    };
    assert!(packed.len() < 2 << 20);
    // The length modulo 2^32 at its end.
    assert_eq!(packed[packed.len() - 4..], (1_u32 << 30).to_le_bytes());
}
