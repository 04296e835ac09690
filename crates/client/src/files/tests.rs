//! Downloads and uploads against a function instead of a server.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use madeline_tl::{Value, object};

use super::{Download, Location, Order, Origin, PART, Range, SMALL, Upload, Uploaded};
use crate::engine::InvokeError;
use crate::engine::fake::{self, FakeEngine, rpc};
use crate::{Client, DcId, Error};

const PART_SIZE: u64 = PART as u64;

fn content(size: u64) -> Vec<u8> {
    (0..size).map(|at| (at * 7 + at / 251) as u8).collect()
}

fn location(dc: i32, reference: &[u8]) -> Location {
    Location {
        dc: DcId(dc),
        input: object!("inputDocumentFileLocation",
            id: 5, access_hash: 6, file_reference: reference.to_vec(), thumb_size: ""),
        origin: Some(Origin {
            request: object!("messages.getMessages", id: vec![object!("inputMessageID", id: 1)]),
        }),
    }
}

fn file(content: &[u8], request: &Value) -> Value {
    let offset = request.int("offset").unwrap() as usize;
    let limit = request.int("limit").unwrap() as usize;
    assert!(
        offset.is_multiple_of(1024) && limit.is_multiple_of(1024),
        "{offset} {limit}"
    );
    assert_eq!(
        offset / PART,
        (offset + limit - 1) / PART,
        "{offset} {limit}"
    );
    let part = content
        .get(offset.min(content.len())..(offset + limit).min(content.len()))
        .unwrap();
    object!("upload.file", type: object!("storage.fileUnknown"), mtime: 0, bytes: part.to_vec())
}

async fn serving(content: Vec<u8>) -> (Client, Arc<FakeEngine>, tempfile::TempDir) {
    fake::client(move |_, request| Ok(file(&content, request))).await
}

async fn collect(mut download: Download) -> Result<Vec<(u64, Vec<u8>)>, Error> {
    let mut parts = Vec::new();
    while let Some(part) = download.next().await? {
        parts.push((part.offset, part.bytes.to_vec()));
    }
    Ok(parts)
}

fn whole(parts: Vec<(u64, Vec<u8>)>) -> Vec<u8> {
    let mut whole = Vec::new();
    for (offset, bytes) in parts.into_iter().collect::<BTreeMap<_, _>>() {
        assert_eq!(offset, whole.len() as u64);
        whole.extend(bytes);
    }
    whole
}

#[tokio::test]
async fn every_size_is_downloaded_whether_it_is_known_or_not() {
    for size in [
        0,
        1,
        1023,
        1025,
        PART_SIZE - 1,
        PART_SIZE,
        PART_SIZE + 1,
        3 * PART_SIZE + 5,
    ] {
        for end in [None, Some(size)] {
            for order in [Order::Ascending, Order::Any] {
                let (client, _, _directory) = serving(content(size)).await;
                let range = Range { start: 0, end };
                let download = Download::new(&client, location(2, b"r"), range, order, 4);
                let parts = collect(download).await.unwrap();
                assert_eq!(whole(parts), content(size), "{size} {end:?} {order:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_range_is_downloaded_to_the_byte() {
    let all = content(2 * PART_SIZE + 100);
    let (client, engine, _directory) = serving(all.clone()).await;
    for (start, end) in [
        (1, 2),
        (1000, 1030),
        (PART_SIZE - 3, PART_SIZE + 3),
        (PART_SIZE + 1, 2 * PART_SIZE + 100),
    ] {
        let range = Range {
            start,
            end: Some(end),
        };
        let download = Download::new(&client, location(2, b"r"), range, Order::Ascending, 4);
        let mut bytes = Vec::new();
        for (offset, part) in collect(download).await.unwrap() {
            assert_eq!(offset, start + bytes.len() as u64);
            bytes.extend(part);
        }
        assert_eq!(bytes, &all[start as usize..end as usize]);
    }
    // No more is asked for than the blocks of 1024 bytes that it touches.
    assert_eq!(engine.calls()[0].1.int("limit").unwrap(), 1024);
}

#[tokio::test]
async fn a_file_that_ends_before_its_size_is_an_error() {
    let (client, _, _directory) = serving(content(PART_SIZE + 10)).await;
    let range = Range {
        start: 0,
        end: Some(2 * PART_SIZE),
    };
    let download = Download::new(&client, location(2, b"r"), range, Order::Ascending, 4);
    let error = collect(download).await.unwrap_err().to_string();
    assert_eq!(
        error,
        "the file ends after 524298 bytes, where 1048576 were announced"
    );
}

#[tokio::test]
async fn what_came_before_a_part_that_did_not_is_handed_over() {
    let content = content(6 * PART_SIZE);
    let known = content.clone();
    let (client, _engine, _directory) = fake::client(move |_, request| {
        if request.int("offset").unwrap() as u64 >= 3 * PART_SIZE {
            return rpc(400, "LOCATION_INVALID");
        }
        Ok(file(&known, request))
    })
    .await;
    let range = Range {
        start: 0,
        end: Some(6 * PART_SIZE),
    };
    let location = location(2, b"new");
    let mut download = Download::new(&client, location, range, Order::Ascending, 8);
    let mut came = Vec::new();
    let error = loop {
        match download.next().await {
            Ok(part) => came.extend_from_slice(&part.unwrap().bytes),
            Err(error) => break error,
        }
        // All that is asked for meanwhile has its answer, or its error.
        tokio::task::yield_now().await;
    };
    assert!(matches!(error, Error::Rpc { code: 400, .. }), "{error:?}");
    assert!(came == content[..3 * PART]);
}

#[tokio::test]
async fn no_more_parts_are_asked_for_than_are_wanted() {
    let (client, engine, _directory) = serving(content(40 * PART_SIZE)).await;
    let range = Range {
        start: 0,
        end: Some(40 * PART_SIZE),
    };
    let mut download = Download::new(&client, location(2, b"r"), range, Order::Ascending, 3);
    let first = download.next().await.unwrap().unwrap();
    assert_eq!((first.offset, first.bytes.len()), (0, PART));
    tokio::task::yield_now().await;
    assert!(engine.calls().len() <= 4, "{}", engine.calls().len());
}

#[tokio::test]
async fn a_file_is_followed_to_its_data_centre() {
    let all = content(3 * PART_SIZE);
    let served = all.clone();
    let (client, engine, _directory) = fake::client(move |dc, request| {
        if dc == DcId(4) {
            Ok(file(&served, request))
        } else {
            rpc(303, "FILE_MIGRATE_4")
        }
    })
    .await;
    let range = Range {
        start: 0,
        end: Some(3 * PART_SIZE),
    };
    let download = Download::new(&client, location(2, b"r"), range, Order::Ascending, 1);
    assert_eq!(whole(collect(download).await.unwrap()), all);
    assert_eq!(
        engine
            .calls()
            .iter()
            .filter(|(dc, _)| *dc == DcId(2))
            .count(),
        1
    );
}

#[tokio::test]
async fn a_file_that_is_nowhere_is_an_error() {
    let (client, _, _directory) = fake::client(|_, _| rpc(303, "FILE_MIGRATE_4")).await;
    let download = Download::new(&client, location(2, b"r"), Range::default(), Order::Any, 1);
    assert!(
        collect(download)
            .await
            .unwrap_err()
            .is_rpc("FILE_MIGRATE_4")
    );
}

fn message(id: i64, reference: &[u8]) -> Value {
    let document = object!("document", id: id, access_hash: 6, file_reference: reference.to_vec(), date: 0,
        mime_type: "text/plain", size: 3, dc_id: 2, attributes: Vec::<Value>::new());
    let message = object!("message", id: 1, peer_id: object!("peerUser", user_id: 7), date: 0, message: "",
        media: object!("messageMediaDocument", document: document));
    object!("messages.messages", messages: vec![message], topics: Vec::<Value>::new(),
        chats: Vec::<Value>::new(), users: Vec::<Value>::new())
}

#[tokio::test]
async fn an_expired_reference_is_replaced_once_for_all_parts() {
    let all = content(6 * PART_SIZE);
    let served = all.clone();
    let (client, engine, _directory) = fake::client(move |_, request| match request.name() {
        "messages.getMessages" => Ok(message(5, b"new")),
        _ if request.get("location").bytes("file_reference") == Ok(b"new") => {
            Ok(file(&served, request))
        }
        _ => rpc(400, "FILE_REFERENCE_EXPIRED"),
    })
    .await;
    let range = Range {
        start: 0,
        end: Some(6 * PART_SIZE),
    };
    let download = Download::new(&client, location(2, b"old"), range, Order::Ascending, 6);
    assert_eq!(whole(collect(download).await.unwrap()), all);
    let asked = engine
        .methods()
        .iter()
        .filter(|method| *method == "messages.getMessages")
        .count();
    assert_eq!(asked, 1);
}

#[tokio::test]
async fn a_reference_that_nobody_can_replace_is_the_servers_error() {
    let (client, _, _directory) = fake::client(|_, request| match request.name() {
        "messages.getMessages" => Ok(message(99, b"new")),
        _ => rpc(400, "FILE_REFERENCE_EXPIRED"),
    })
    .await;
    let known = location(2, b"old");
    let unknown = Location {
        origin: None,
        ..known.clone()
    };
    for location in [known, unknown] {
        let download = Download::new(&client, location, Range::default(), Order::Any, 1);
        assert!(
            collect(download)
                .await
                .unwrap_err()
                .is_rpc("FILE_REFERENCE_EXPIRED")
        );
    }
}

#[tokio::test(start_paused = true)]
async fn premium_waits_and_lost_connections_are_waited_out() {
    let all = content(2 * PART_SIZE);
    let served = all.clone();
    let mut refusals = vec![
        Err(InvokeError::Lost("reset".into())),
        rpc(420, "FLOOD_PREMIUM_WAIT_300"),
        Err(InvokeError::Lost("reset".into())),
    ];
    let (client, _, _directory) = fake::client(move |_, request| match refusals.pop() {
        Some(error) => error,
        None => Ok(file(&served, request)),
    })
    .await;
    let range = Range {
        start: 0,
        end: Some(2 * PART_SIZE),
    };
    let download = Download::new(&client, location(2, b"r"), range, Order::Ascending, 1);
    assert_eq!(whole(collect(download).await.unwrap()), all);
    let (client, _, _directory) = fake::client(|_, _| rpc(420, "FLOOD_WAIT_300")).await;
    let download = Download::new(&client, location(2, b"r"), range, Order::Ascending, 1);
    assert_eq!(
        collect(download).await.unwrap_err().flood_seconds(),
        Some(300)
    );
}

/// What an upload has stored, and the client that does it.
type Stored = Arc<Mutex<Vec<(String, i64, i64, Vec<u8>)>>>;

async fn storing() -> (tempfile::TempDir, Client, Stored) {
    let stored = Stored::default();
    let keeping = Arc::clone(&stored);
    let (client, _, directory) = fake::client(move |_, request| {
        keeping.lock().unwrap().push((
            request.name().to_owned(),
            request.int("file_part").unwrap(),
            request.int("file_total_parts").unwrap_or(0),
            request.bytes("bytes").unwrap().to_vec(),
        ));
        Ok(Value::Bool(true))
    })
    .await;
    (directory, client, stored)
}

async fn upload(
    client: &Client,
    bytes: &[u8],
    size: Option<u64>,
    encrypted: bool,
) -> Result<Uploaded, Error> {
    let mut upload = Upload::new(client, size, 4, encrypted)?;
    let mut rest = bytes;
    while upload.wanted() > 0 {
        let (part, more) = rest.split_at(upload.wanted().min(rest.len()));
        let is_last = part.len() < upload.wanted();
        upload.push(part.to_vec()).await?;
        rest = more;
        if is_last {
            break;
        }
    }
    upload.finish().await
}

fn bytes_of(stored: &Stored) -> Vec<u8> {
    let mut parts = stored.lock().unwrap().clone();
    parts.sort_by_key(|(_, number, ..)| *number);
    parts.into_iter().flat_map(|(.., bytes)| bytes).collect()
}

#[tokio::test]
async fn small_files_have_a_checksum_and_large_ones_a_number_of_parts() {
    for size in [1, PART_SIZE - 1, PART_SIZE, PART_SIZE + 1, SMALL, SMALL + 1] {
        let (_directory, client, stored) = storing().await;
        let all = content(size);
        let uploaded = upload(&client, &all, Some(size), false).await.unwrap();
        assert_eq!(bytes_of(&stored), all);
        let parts = size.div_ceil(PART_SIZE) as i32;
        assert_eq!((uploaded.parts, uploaded.size), (parts, size));
        assert_eq!(uploaded.big, size > SMALL);
        let checksum = if uploaded.big {
            String::new()
        } else {
            format!("{:x}", md5::compute(&all))
        };
        assert_eq!(uploaded.md5, checksum);
        let (method, total) = if uploaded.big {
            ("upload.saveBigFilePart", i64::from(parts))
        } else {
            ("upload.saveFilePart", 0)
        };
        for (name, _, told, _) in stored.lock().unwrap().iter() {
            assert_eq!((&**name, *told), (method, total));
        }
    }
}

#[tokio::test]
async fn a_file_of_unknown_size_says_at_the_end_how_many_parts_it_has() {
    for size in [1, PART_SIZE, 2 * PART_SIZE, 2 * PART_SIZE + 1] {
        let (_directory, client, stored) = storing().await;
        let all = content(size);
        let uploaded = upload(&client, &all, None, false).await.unwrap();
        assert!(uploaded.big);
        assert_eq!(bytes_of(&stored), all);
        let totals: Vec<_> = stored
            .lock()
            .unwrap()
            .iter()
            .map(|(_, _, total, _)| *total)
            .collect();
        let (last, others) = totals.split_last().unwrap();
        assert_eq!(*last, size.div_ceil(PART_SIZE) as i64);
        assert!(others.iter().all(|total| *total == -1));
    }
}

#[tokio::test]
async fn an_empty_file_is_left_to_the_server_to_refuse() {
    for size in [Some(0), None] {
        let (client, _, _directory) = fake::client(|_, _| rpc(400, "FILE_PART_EMPTY")).await;
        let error = upload(&client, b"", size, false).await.unwrap_err();
        assert!(error.is_rpc("FILE_PART_EMPTY"), "{error}");
    }
}

#[tokio::test]
async fn an_encrypted_file_is_what_its_key_opens() {
    let (_directory, client, stored) = storing().await;
    let all = content(2 * PART_SIZE + 21);
    let uploaded = upload(&client, &all, Some(all.len() as u64), true)
        .await
        .unwrap();
    let sealed = uploaded.sealed.unwrap();
    let mut bytes = bytes_of(&stored);
    assert_eq!(bytes.len(), all.len().next_multiple_of(16));
    madeline_mtproto::ige::decrypt(
        madeline_mtproto::ige::blocks(&mut bytes).unwrap(),
        &sealed.key,
        &sealed.iv,
    );
    assert_eq!(bytes[..all.len()], all);
}

#[tokio::test]
async fn an_upload_that_cannot_be_is_an_error() {
    let (_directory, client, _) = storing().await;
    let text = |outcome: Result<Uploaded, Error>| outcome.unwrap_err().to_string();
    let too_big = Upload::new(&client, Some(super::LARGEST + 1), 1, false).map(drop);
    assert_eq!(too_big.unwrap_err().to_string(), "Given file is too big!");
    assert_eq!(
        text(upload(&client, b"ab", Some(3), false).await),
        "a part of 3 bytes was expected at 0, 2 came"
    );
    let nothing = Upload::new(&client, Some(3), 1, false).unwrap();
    assert_eq!(
        text(nothing.finish().await),
        "the file ends after 0 bytes, where 3 were announced"
    );
    let (client, _, _directory) = fake::client(|_, _| Ok(Value::Bool(false))).await;
    let refused = text(upload(&client, b"abc", Some(3), false).await);
    assert!(refused.contains("upload.saveFilePart"), "{refused}");
}

#[tokio::test(start_paused = true)]
async fn parts_of_an_upload_wait_and_are_sent_again() {
    let mut refusals = vec![
        rpc(420, "FLOOD_PREMIUM_WAIT_60"),
        Err(InvokeError::Lost("reset".into())),
    ];
    let (client, engine, _directory) = fake::client(move |_, _| match refusals.pop() {
        Some(error) => error,
        None => Ok(Value::Bool(true)),
    })
    .await;
    let uploaded = upload(&client, b"abc", Some(3), false).await.unwrap();
    assert_eq!(uploaded.parts, 1);
    assert_eq!(engine.calls().len(), 3);
}
