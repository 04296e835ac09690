//! A CDN against a function: what it may give, and what it may not.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::sync::Arc;

use madeline_mtproto::cdn;
use madeline_tl::{Value, object};
use sha2::{Digest, Sha256};

use super::Cdn;
use crate::engine::InvokeError;
use crate::engine::fake::{self, FakeEngine, rpc};
use crate::files::{Download, Location, Order, PART, Range};
use crate::{Client, DcId};

const KEY: [u8; 32] = [3; 32];
const IV: [u8; 16] = [4; 16];
const PIECE: usize = 128 << 10;
const SIZE: usize = PART + PIECE + 1000;

fn content() -> Vec<u8> {
    (0..SIZE).map(|at| (at * 7 + at / 251) as u8).collect()
}

fn redirect() -> Value {
    object!("upload.fileCdnRedirect",
        dc_id: 203, file_token: b"token".to_vec(), encryption_key: KEY.to_vec(),
        encryption_iv: IV.to_vec(), file_hashes: Vec::<Value>::new())
}

/// The hashes of all pieces; of the last one, another length than it has where `longer` says so.
fn hashes(longer: usize) -> Vec<Value> {
    let content = content();
    let pieces = content.chunks(PIECE).enumerate();
    pieces
        .map(|(number, piece)| {
            let is_last = (number + 1) * PIECE > SIZE;
            let length = piece.len() + if is_last { longer } else { 0 };
            object!("fileHash", offset: (number * PIECE) as i64, limit: length as i64,
                hash: Sha256::digest(piece).to_vec())
        })
        .collect()
}

/// What the CDN answers for a block that is `bytes` in truth.
type Answer = fn(usize, Vec<u8>) -> Vec<u8>;

async fn serving(answer: Answer, longer: usize) -> (Client, Arc<FakeEngine>, tempfile::TempDir) {
    fake::client(move |dc, request| respond(dc, request, answer, longer)).await
}

fn respond(dc: DcId, request: &Value, answer: Answer, longer: usize) -> Result<Value, InvokeError> {
    let number = |key: &str| request.int(key).unwrap() as usize;
    let block = |offset: usize, limit: usize| {
        content()[offset.min(SIZE)..(offset + limit).min(SIZE)].to_vec()
    };
    match request.name() {
        "upload.getFile" if request.flag("cdn_supported") => Ok(redirect()),
        "upload.getFile" => Ok(
            object!("upload.file", type: object!("storage.fileUnknown"), mtime: 0,
            bytes: block(number("offset"), number("limit"))),
        ),
        "help.getCdnConfig" => Ok(object!("cdnConfig", public_keys: Vec::<Value>::new())),
        "upload.getCdnFileHashes" => Ok(Value::List(hashes(longer))),
        "upload.getCdnFile" => {
            assert_eq!(dc, DcId(203));
            assert_eq!(request.bytes("file_token").unwrap(), b"token");
            let offset = number("offset");
            let mut bytes = answer(offset, block(offset, number("limit")));
            cdn::apply(&KEY, &IV, offset as u64, &mut bytes);
            Ok(object!("upload.cdnFile", bytes: bytes))
        }
        _ => rpc(400, "METHOD_INVALID"),
    }
}

async fn download(client: &Client, start: u64) -> Vec<u8> {
    let location = Location {
        dc: DcId(2),
        input: object!("inputDocumentFileLocation",
            id: 5, access_hash: 6, file_reference: vec![1_u8], thumb_size: ""),
        origin: None,
    };
    let range = Range { start, end: None };
    let mut download = Download::new(client, location, range, Order::Ascending, 3);
    let mut bytes = Vec::new();
    while let Some(part) = download.next().await.unwrap() {
        bytes.extend_from_slice(&part.bytes);
    }
    bytes
}

fn count(engine: &FakeEngine, method: &str) -> usize {
    let methods = engine.methods();
    methods.iter().filter(|name| *name == method).count()
}

#[tokio::test]
async fn blocks_are_deciphered_and_compared_with_the_hashes() {
    for start in [0, 1, PIECE, PART - 1, PART, SIZE - 1, SIZE] {
        let (client, engine, _directory) = serving(|_, bytes| bytes, 0).await;
        let bytes = download(&client, start as u64).await;
        assert!(bytes == content()[start..], "from {start}");
        assert_eq!(count(&engine, "upload.getFile"), 1, "the redirect");
    }
}

#[tokio::test]
async fn other_bytes_less_and_more_of_them_are_not_taken() {
    let lies: [(&str, Answer, usize); 5] = [
        (
            "another byte",
            |_, mut bytes| {
                bytes[5] ^= 1;
                bytes
            },
            0,
        ),
        (
            "without the last pieces",
            |_, bytes| bytes[..PIECE.min(bytes.len())].to_vec(),
            0,
        ),
        ("nothing", |_, _| Vec::new(), 0),
        (
            "more at the end",
            |offset, mut bytes| {
                bytes.resize(bytes.len() + 16 * usize::from(offset > 0), 0);
                bytes
            },
            0,
        ),
        ("a hash of more than there is", |_, bytes| bytes, 500),
    ];
    for (what, answer, longer) in lies {
        let (client, engine, _directory) = serving(answer, longer).await;
        assert!(download(&client, 0).await == content(), "{what}");
        assert!(count(&engine, "upload.getFile") > 1, "{what}");
        assert!(count(&engine, "upload.getCdnFile") > 0, "{what}");
    }
}

#[test]
fn redirects_that_lead_nowhere_are_refused() {
    assert!(Cdn::of(&redirect(), DcId(2)).is_ok());
    for (key, value) in [
        ("dc_id", Value::Int(-1)),
        ("dc_id", Value::Int(0)),
        ("encryption_key", Value::Bytes(vec![1; 31])),
        ("encryption_iv", Value::Bytes(vec![1; 32])),
    ] {
        let Value::Object(mut wrong) = redirect() else {
            continue;
        };
        wrong.set(key, value);
        assert!(Cdn::of(&wrong.into(), DcId(2)).is_err(), "{key}");
    }
}
