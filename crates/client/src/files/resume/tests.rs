//! Hashes from a function, and the bytes that they are compared with.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::sync::Arc;

use madeline_tl::{Value, object};
use sha2::{Digest, Sha256};

use super::Resume;
use crate::engine::InvokeError;
use crate::engine::fake::{self, FakeEngine, rpc};
use crate::files::{Location, Range};
use crate::{Client, DcId, Error};

const PIECE: usize = 128 << 10;
const SIZE: usize = 20 * PIECE + 1000;

fn content() -> Vec<u8> {
    (0..SIZE).map(|at| (at * 7 + at / 251) as u8).collect()
}

fn location(dc: i32) -> Location {
    Location {
        dc: DcId(dc),
        input: object!("inputDocumentFileLocation",
            id: 5, access_hash: 6, file_reference: vec![1_u8], thumb_size: ""),
        origin: None,
    }
}

/// The hashes of `count` pieces from an offset on.
fn hashes(request: &Value, count: usize) -> Value {
    let offset = request.int("offset").unwrap() as usize;
    let content = content();
    let pieces = content.chunks(PIECE).enumerate().skip(offset / PIECE);
    let pieces = pieces.take(count).map(|(number, piece)| {
        object!("fileHash", offset: (number * PIECE) as i64, limit: piece.len() as i64,
            hash: Sha256::digest(piece).to_vec())
    });
    Value::List(pieces.collect())
}

async fn telling(count: usize) -> (Client, Arc<FakeEngine>, tempfile::TempDir) {
    fake::client(move |_, request| Ok(hashes(request, count))).await
}

/// What has to be fetched where these bytes are there.
async fn missing(client: &Client, there: &[u8]) -> Result<Vec<Range>, Error> {
    let mut resume = Resume::new(client, location(2), there.len() as u64, 4);
    while let Some(piece) = resume.next().await? {
        let is_good = piece.is(&there[piece.offset as usize..piece.end() as usize]);
        resume.compared(&piece, is_good);
    }
    Ok(resume.missing().1)
}

/// From a piece on, to another or to the end.
fn range(start: usize, end: Option<usize>) -> Range {
    Range {
        start: (start * PIECE) as u64,
        end: end.map(|end| (end * PIECE) as u64),
    }
}

/// The last range, from a byte on.
fn from(start: usize) -> Vec<Range> {
    vec![Range {
        start: start as u64,
        end: None,
    }]
}

#[tokio::test]
async fn what_is_the_files_stays_and_a_piece_that_is_not_whole_is_fetched_again() {
    for told in [1, 3, 8, 100] {
        for (there, kept) in [
            (0, 0),
            (1, 0),
            (PIECE - 1, 0),
            (PIECE, PIECE),
            (PIECE + 1, PIECE),
            (9 * PIECE, 9 * PIECE),
            (20 * PIECE + 999, 20 * PIECE),
            (SIZE, SIZE),
        ] {
            let (client, engine, _directory) = telling(told).await;
            let missing = missing(&client, &content()[..there]).await.unwrap();
            assert_eq!(missing, from(kept), "{there} there, {told} told");
            assert!(engine.methods().len() <= there.div_ceil(PIECE), "{there}");
        }
    }
}

#[tokio::test]
async fn pieces_that_are_not_the_files_are_fetched_again() {
    let wrong_at = |numbers: &[usize], there: usize| {
        let mut bytes = content()[..there].to_vec();
        for number in numbers {
            bytes[number * PIECE + 5] ^= 1;
        }
        bytes
    };
    for told in [1, 3, 8, 100] {
        let (client, _engine, _directory) = telling(told).await;
        for (numbers, there, expected) in [
            (&[0][..], SIZE, vec![range(0, Some(1)), from(SIZE)[0]]),
            (
                &[2, 3, 7, 9, 10, 11],
                SIZE,
                vec![
                    range(2, Some(4)),
                    range(7, Some(8)),
                    range(9, Some(12)),
                    from(SIZE)[0],
                ],
            ),
            // The last one that is there, with what is behind it.
            (
                &[1, 8, 9],
                10 * PIECE,
                vec![range(1, Some(2)), range(8, None)],
            ),
            (&[9], 10 * PIECE + 50, vec![range(9, None)]),
            (&[20], SIZE, vec![range(20, None)]),
        ] {
            let missing = missing(&client, &wrong_at(numbers, there)).await.unwrap();
            assert_eq!(missing, expected, "{numbers:?}, {told} told");
        }
        let other = vec![0; SIZE];
        assert_eq!(missing(&client, &other).await.unwrap(), from(0));
    }
}

#[tokio::test]
async fn nothing_stays_behind_the_end_of_the_file() {
    for told in [1, 8, 100] {
        let (client, _engine, _directory) = telling(told).await;
        let mut longer = content();
        longer.resize(SIZE + 3 * PIECE, 0);
        assert_eq!(missing(&client, &longer).await.unwrap(), from(SIZE));
    }
}

#[tokio::test]
async fn without_hashes_what_is_there_is_believed() {
    let there = vec![0; 5 * PIECE + 7];
    for answer in [
        || rpc(400, "LOCATION_INVALID"),
        || rpc(420, "FLOOD_WAIT_3"),
        || Ok(Value::List(Vec::new())),
        || {
            let unusable = object!("fileHash", offset: 0, limit: 0, hash: vec![1_u8; 32]);
            Ok(Value::List(vec![unusable]))
        },
    ] as [fn() -> Result<Value, InvokeError>; 4]
    {
        let (client, engine, _directory) = fake::client(move |_, _| answer()).await;
        let missing = missing(&client, &there).await.unwrap();
        assert_eq!(missing, from(there.len()));
        assert_eq!(engine.methods(), ["upload.getFileHashes"]);
    }
}

#[tokio::test]
async fn a_file_that_is_elsewhere_is_asked_for_there() {
    let (client, engine, _directory) = fake::client(move |dc, request| match dc {
        DcId(4) => Ok(hashes(request, 8)),
        _ => rpc(303, "FILE_MIGRATE_4"),
    })
    .await;
    let mut resume = Resume::new(&client, location(2), PIECE as u64, 4);
    let piece = resume.next().await.unwrap().unwrap();
    assert!(piece.is(&content()[..PIECE]));
    assert!(!piece.is(&content()[..PIECE - 1]));
    assert!(!piece.is(&content()[1..=PIECE]));
    assert_eq!(resume.missing().0.dc, DcId(4));
    assert_eq!(engine.calls().len(), 2);
}

#[tokio::test]
async fn a_server_that_cannot_be_reached_is_an_error() {
    let (client, _engine, _directory) =
        fake::client(|_, _| Err(InvokeError::Lost("gone".into()))).await;
    let outcome = missing(&client, &content()).await;
    assert!(matches!(outcome, Err(Error::Lost { .. })), "{outcome:?}");
}
