//! Files: downloads of the world's documents, uploads.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use madeline_sandbox::Sandbox;
use serde_json::json;
use sha2::{Digest, Sha256};
use support::{Client, Value, error, logged_in, object, start};

const WORLD: &str = r#"{
    "dcs": 2,
    "users": {
        "alice": {"first_name": "Alice", "phone": "9996612001"},
        "bob": {"first_name": "Bob", "username": "bob_b", "phone": "9996612002"}
    },
    "files": {
        "note.txt": {"text": "hello", "mime": "text/plain"},
        "big.bin": {"size": 2500000, "seed": 7},
        "far.bin": {"size": 5000, "dc": 1}
    },
    "messages": [
        {"in": ["alice", "bob"], "from": "bob", "text": "read this", "file": "note.txt"},
        {"in": ["alice", "bob"], "from": "bob", "file": "big.bin"},
        {"in": ["alice", "bob"], "from": "bob", "file": "far.bin"}
    ]
}"#;

async fn alice() -> (Sandbox, Client) {
    let sandbox = start(WORLD).await;
    let alice = logged_in(&sandbox, "9996612001").await;
    (sandbox, alice)
}

/// The document of this name in the chat with Bob, and its location.
async fn document(alice: &mut Client, name: &str) -> (Value, Value) {
    let bob = alice.peer("bob_b").await;
    let messages = alice.history(&bob).await;
    let mut documents = messages
        .iter()
        .map(|message| message.get("media").get("document"));
    let document = documents
        .rfind(|document| document.list("attributes").unwrap()[0].text("file_name") == Ok(name))
        .unwrap();
    let location = object!("inputDocumentFileLocation",
        id: document.int("id").unwrap(),
        access_hash: document.int("access_hash").unwrap(),
        file_reference: document.bytes("file_reference").unwrap().to_vec(),
        thumb_size: "",
    );
    (document.clone(), location)
}

fn get(location: &Value, offset: i64, limit: i32) -> Value {
    object!("upload.getFile", location: location.clone(), offset: offset, limit: limit)
}

async fn download(client: &mut Client, location: &Value, limit: i32) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let query = get(location, bytes.len() as i64, limit);
        let part = client.call(query).await.unwrap();
        let part = part.bytes("bytes").unwrap();
        bytes.extend_from_slice(part);
        if part.len() < limit as usize {
            return bytes;
        }
    }
}

fn sha256(bytes: &[u8]) -> String {
    use std::fmt::Write;

    let mut digits = String::new();
    for byte in Sha256::digest(bytes) {
        write!(digits, "{byte:02x}").unwrap();
    }
    digits
}

#[tokio::test]
async fn a_document_is_read_in_parts_of_any_permitted_size() {
    let (sandbox, mut alice) = alice().await;
    let (note, location) = document(&mut alice, "note.txt").await;
    assert_eq!(note.int("size"), Ok(5));
    assert_eq!(note.text("mime_type"), Ok("text/plain"));
    assert_eq!(download(&mut alice, &location, 4096).await, b"hello");
    let (_, location) = document(&mut alice, "big.bin").await;
    let whole = download(&mut alice, &location, 512 << 10).await;
    assert_eq!(whole.len(), 2_500_000);
    let known = sandbox
        .control()
        .ask(json!({"do": "file", "name": "big.bin"}))
        .unwrap();
    assert_eq!(known["sha256"], json!(sha256(&whole)));
    assert_eq!(known["size"], json!(2_500_000));
    let precise =
        object!("upload.getFile", precise: true, location: location, offset: 3072, limit: 5120);
    let part = alice.call(precise).await.unwrap();
    assert_eq!(part.bytes("bytes"), Ok(&whole[3072..3072 + 5120]));
}

#[tokio::test]
async fn offsets_limits_and_locations_are_checked() {
    let (sandbox, mut alice) = alice().await;
    let (_, location) = document(&mut alice, "big.bin").await;
    for (offset, limit, complaint) in [
        (1, 4096, "OFFSET_INVALID"),
        (-4096, 4096, "OFFSET_INVALID"),
        (0, 0, "LIMIT_INVALID"),
        (0, 1000, "LIMIT_INVALID"),
        (0, 3 * 4096, "LIMIT_INVALID"),
        (0, 2 << 20, "LIMIT_INVALID"),
        ((1 << 20) - 4096, 8192, "LIMIT_INVALID"),
    ] {
        let query = get(&location, offset, limit);
        assert_eq!(
            alice.call(query).await,
            error(400, complaint),
            "{offset} {limit}"
        );
    }
    let altered = |key: &'static str, value: Value| {
        let Value::Object(mut location) = location.clone() else {
            unreachable!()
        };
        location.set(key, value);
        get(&Value::Object(location), 0, 4096)
    };
    for (key, value, complaint) in [
        ("id", Value::Int(1), "LOCATION_INVALID"),
        ("access_hash", Value::Int(1), "LOCATION_INVALID"),
        (
            "file_reference",
            Value::Bytes(vec![]),
            "FILE_REFERENCE_EMPTY",
        ),
        (
            "file_reference",
            Value::Bytes(vec![1]),
            "FILE_REFERENCE_INVALID",
        ),
    ] {
        let query = altered(key, value);
        assert_eq!(alice.call(query).await, error(400, complaint), "{key}");
    }
    sandbox
        .control()
        .ask(json!({"do": "expire_references"}))
        .unwrap();
    let query = get(&location, 0, 4096);
    assert_eq!(
        alice.call(query).await,
        error(400, "FILE_REFERENCE_EXPIRED")
    );
    let (_, location) = document(&mut alice, "big.bin").await;
    alice.call(get(&location, 0, 4096)).await.unwrap();
}

#[tokio::test]
async fn a_file_is_read_where_it_is() {
    let (sandbox, mut alice) = alice().await;
    let (far, location) = document(&mut alice, "far.bin").await;
    assert_eq!(far.int("dc_id"), Ok(1));
    let query = get(&location, 0, 4096);
    assert_eq!(
        alice.call(query.clone()).await,
        error(303, "FILE_MIGRATE_1")
    );
    let mut there = Client::connect(&sandbox, 1).await;
    assert_eq!(there.call(query).await, error(401, "AUTH_KEY_UNREGISTERED"));
    let exported = alice
        .call(object!("auth.exportAuthorization", dc_id: 1))
        .await
        .unwrap();
    let (id, bytes) = (
        exported.int("id").unwrap(),
        exported.bytes("bytes").unwrap(),
    );
    there
        .call(object!("auth.importAuthorization", id: id, bytes: bytes.to_vec()))
        .await
        .unwrap();
    assert_eq!(download(&mut there, &location, 4096).await.len(), 5000);
}

fn save(file_id: i64, part: i32, total: Option<i32>, bytes: &[u8]) -> Value {
    let method = if total.is_some() {
        "upload.saveBigFilePart"
    } else {
        "upload.saveFilePart"
    };
    object!(method,
        file_id: file_id, file_part: part, file_total_parts: total, bytes: bytes.to_vec())
}

#[tokio::test]
async fn parts_come_in_any_order_and_are_hashed() {
    let (sandbox, mut alice) = alice().await;
    let control = sandbox.control();
    let whole: Vec<u8> = (0..5000_u32).map(|number| (number % 251) as u8).collect();
    for (file_id, total) in [(1, None), (2, Some(3)), (3, Some(-1))] {
        let mut parts: Vec<(i32, &[u8])> = (0..).zip(whole.chunks(2048)).collect();
        parts.rotate_left(2);
        // The same part twice is one part.
        parts.push(parts[0]);
        for (number, bytes) in parts {
            let query = save(file_id, number, total, bytes);
            assert_eq!(alice.call(query).await, Ok(Value::Bool(true)));
        }
    }
    let uploads = control.ask(json!({"do": "uploads"})).unwrap();
    for (upload, complete) in uploads["uploads"]
        .as_array()
        .unwrap()
        .iter()
        .zip([false, true, false])
    {
        assert_eq!(upload["bytes"], json!(5000));
        assert_eq!(upload["parts"], json!(3));
        assert_eq!(upload["complete"], json!(complete));
        assert_eq!(upload["sha256"], json!(sha256(&whole)));
    }
}

#[tokio::test]
async fn parts_are_checked() {
    let (_sandbox, mut alice) = alice().await;
    let (part, too_big) = (vec![1; 2048], vec![1; (512 << 10) + 1024]);
    for (number, total, bytes, complaint) in [
        (-1, None, &part[..], "FILE_PART_INVALID"),
        (8000, None, &part, "FILE_PART_INVALID"),
        (3, Some(3), &part, "FILE_PART_INVALID"),
        (0, Some(0), &part, "FILE_PARTS_INVALID"),
        (0, Some(8001), &part, "FILE_PARTS_INVALID"),
        (0, Some(3), &[], "FILE_PART_EMPTY"),
        (0, Some(3), &too_big, "FILE_PART_TOO_BIG"),
        (0, Some(3), &[1; 1000], "FILE_PART_SIZE_INVALID"),
        (0, Some(3), &[1; 3072], "FILE_PART_SIZE_INVALID"),
    ] {
        let query = save(number.into(), number, total, bytes);
        assert_eq!(
            alice.call(query).await,
            error(400, complaint),
            "{number} {total:?}"
        );
    }
    for (number, total, bytes, outcome) in [
        (0, Some(3), &part[..], "ok"),
        (1, Some(4), &part, "FILE_PARTS_INVALID"),
        (1, Some(3), &part[..1024], "FILE_PART_SIZE_CHANGED"),
        (2, Some(3), &[1; 4096], "FILE_PART_SIZE_CHANGED"),
        (2, Some(3), &[1; 7], "ok"),
    ] {
        let outcome = if outcome == "ok" {
            Ok(Value::Bool(true))
        } else {
            error(400, outcome)
        };
        assert_eq!(alice.call(save(77, number, total, bytes)).await, outcome);
    }
    let short_first = [(1, 1024, true), (0, 2048, true), (2, 2048, false)];
    for (number, size, fits) in short_first {
        let outcome = alice.call(save(78, number, None, &part[..size])).await;
        assert_eq!(outcome.is_ok(), fits, "{number}: {outcome:?}");
    }
}
