//! Files: downloads of the world's documents, uploads, and what is sent of them.

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

#[tokio::test]
async fn the_hashes_of_a_files_pieces_are_told() {
    let (sandbox, mut alice) = alice().await;
    let (_, location) = document(&mut alice, "big.bin").await;
    let whole = download(&mut alice, &location, 512 << 10).await;
    let ask = |location: &Value, offset: i64| object!("upload.getFileHashes", location: location.clone(), offset: offset);
    let pieces: Vec<_> = whole.chunks(128 << 10).collect();
    for (offset, first, count) in [
        (0, 0, 8),
        (1 << 20, 8, 8),
        // Within a piece.
        ((17 << 17) + 5, 17, 3),
        (2_500_000, 20, 0),
    ] {
        let hashes = alice.call(ask(&location, offset)).await.unwrap();
        let Value::List(hashes) = hashes else {
            panic!("{hashes:?}")
        };
        assert_eq!(hashes.len(), count, "{offset}");
        for (number, hash) in (first..).zip(&hashes) {
            assert_eq!(hash.int("offset"), Ok((number << 17) as i64));
            assert_eq!(hash.int("limit"), Ok(pieces[number].len() as i64));
            assert_eq!(
                hash.bytes("hash"),
                Ok(Sha256::digest(pieces[number]).as_slice())
            );
        }
    }
    assert_eq!(
        alice.call(ask(&location, -1)).await,
        error(400, "OFFSET_INVALID")
    );
    let nothing = object!("inputDocumentFileLocation",
        id: 1, access_hash: 1, file_reference: vec![1_u8], thumb_size: "");
    assert_eq!(
        alice.call(ask(&nothing, 0)).await,
        error(400, "LOCATION_INVALID")
    );
    let (_, far) = document(&mut alice, "far.bin").await;
    assert_eq!(alice.call(ask(&far, 0)).await, error(303, "FILE_MIGRATE_1"));
    sandbox
        .control()
        .ask(json!({"do": "falsify", "on": {"method": "upload.getFileHashes"}}))
        .unwrap();
    let wrong = alice.call(ask(&location, 0)).await.unwrap();
    assert_ne!(wrong, alice.call(ask(&location, 0)).await.unwrap());
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

/// Uploads a file in parts of 2048 bytes, and names it.
async fn uploaded(client: &mut Client, file_id: i64, bytes: &[u8], name: &str) -> Value {
    for (number, part) in (0..).zip(bytes.chunks(2048)) {
        let query = save(file_id, number, None, part);
        client.call(query).await.unwrap();
    }
    input_file(file_id, bytes.len().div_ceil(2048) as i64, name, "")
}

fn input_file(file_id: i64, parts: i64, name: &str, md5: &str) -> Value {
    object!("inputFile", id: file_id, parts: parts, name: name, md5_checksum: md5)
}

fn as_document(file: Value) -> Value {
    object!("inputMediaUploadedDocument",
        file: file, mime_type: "text/plain", attributes: Vec::<Value>::new())
}

fn send(media: Value, random_id: i64) -> Value {
    object!("messages.sendMedia",
        peer: object!("inputPeerSelf"), media: media, message: "a caption", random_id: random_id)
}

/// The media of the new message in some updates.
fn media_of(updates: &Value) -> Value {
    let update = &updates.list("updates").unwrap()[1];
    assert_eq!(update.get("message").text("message"), Ok("a caption"));
    update.get("message").get("media").clone()
}

#[tokio::test]
async fn a_file_that_was_uploaded_is_sent_and_read_again() {
    let (_sandbox, mut alice) = alice().await;
    let whole: Vec<u8> = (0..5000_u32).map(|number| (number % 251) as u8).collect();
    let file = uploaded(&mut alice, 1, &whole, "numbers.txt").await;
    let media = media_of(&alice.call(send(as_document(file), 1)).await.unwrap());
    let document = media.get("document");
    assert_eq!(
        (document.int("size"), document.int("dc_id")),
        (Ok(5000), Ok(2))
    );
    assert_eq!(
        document.list("attributes").unwrap()[0].text("file_name"),
        Ok("numbers.txt")
    );
    let location = object!("inputDocumentFileLocation",
        id: document.int("id").unwrap(),
        access_hash: document.int("access_hash").unwrap(),
        file_reference: document.get("file_reference").clone(),
        thumb_size: "",
    );
    assert_eq!(download(&mut alice, &location, 4096).await, whole);
    let again = object!("inputMediaDocument", id: object!("inputDocument",
        id: document.int("id").unwrap(),
        access_hash: document.int("access_hash").unwrap(),
        file_reference: document.get("file_reference").clone(),
    ));
    let media = media_of(&alice.call(send(again, 2)).await.unwrap());
    assert_eq!(media.get("document").int("id"), document.int("id"));
}

#[tokio::test]
async fn a_photo_is_a_picture() {
    let (_sandbox, mut alice) = alice().await;
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x20\0\0\0\x10\x08\x02\0\0\0".to_vec();
    png.resize(3000, 7);
    let as_photo = |file| object!("inputMediaUploadedPhoto", file: file);
    let file = uploaded(&mut alice, 1, &png, "a.png").await;
    let media = media_of(&alice.call(send(as_photo(file), 1)).await.unwrap());
    let photo = media.get("photo");
    let size = &photo.list("sizes").unwrap()[0];
    assert_eq!(
        (size.int("w"), size.int("h"), size.int("size")),
        (Ok(32), Ok(16), Ok(3000))
    );
    let location = |letter: &str| {
        object!("inputPhotoFileLocation",
            id: photo.int("id").unwrap(),
            access_hash: photo.int("access_hash").unwrap(),
            file_reference: photo.get("file_reference").clone(),
            thumb_size: letter,
        )
    };
    assert_eq!(download(&mut alice, &location("x"), 4096).await, png);
    let other = alice.call(get(&location("y"), 0, 4096)).await;
    assert_eq!(other, error(400, "LOCATION_INVALID"));
    let file = uploaded(&mut alice, 2, b"no picture", "a.png").await;
    let refused = alice.call(send(as_photo(file), 2)).await;
    assert_eq!(refused, error(400, "IMAGE_PROCESS_FAILED"));
}

#[tokio::test]
async fn what_was_not_uploaded_whole_is_not_sent() {
    let (_sandbox, mut alice) = alice().await;
    let part = vec![1; 2048];
    for number in [0, 1, 3] {
        alice.call(save(1, number, None, &part)).await.unwrap();
    }
    let digest = "00000000000000000000000000000000";
    for (file, complaint) in [
        (input_file(9, 1, "a", ""), "FILE_PART_0_MISSING"),
        (input_file(1, 4, "a", ""), "FILE_PART_2_MISSING"),
        (input_file(1, 0, "a", ""), "FILE_PARTS_INVALID"),
        (input_file(1, 2, "a", digest), "FILE_PARTS_INVALID"),
        (
            object!("inputFileBig", id: 1, parts: 1, name: "a"),
            "FILE_PART_0_MISSING",
        ),
    ] {
        let outcome = alice.call(send(as_document(file), 1)).await;
        assert_eq!(outcome, error(400, complaint));
    }
    alice.call(save(1, 2, None, &part)).await.unwrap();
    let wrong = alice
        .call(send(as_document(input_file(1, 4, "a", digest)), 1))
        .await;
    assert_eq!(wrong, error(400, "MD5_CHECKSUM_INVALID"));
    for (media, complaint) in [
        (object!("inputMediaEmpty"), "MEDIA_EMPTY"),
        (object!("inputMediaDice", emoticon: "x"), "MEDIA_INVALID"),
    ] {
        assert_eq!(alice.call(send(media, 1)).await, error(400, complaint));
    }
    alice
        .call(send(as_document(input_file(1, 4, "a", "")), 1))
        .await
        .unwrap();
}
