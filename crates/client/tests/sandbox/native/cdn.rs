//! Files that are handed over to a CDN.

use std::fmt::Write;

use madeline_client::files::{Download, Location, Order, PART, Range};
use madeline_client::{Client, Error};
use madeline_tl::object;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::file;
use crate::support::Server;

const SIZE: u64 = 3_000_001;

const WORLD: &str = r#"{
    "dcs": 2,
    "users": {
        "alice": {"first_name": "Alice", "phone": "9996612001"},
        "bob": {"first_name": "Bob", "phone": "9996612002"}
    },
    "files": {"film.bin": {"size": 3000001, "seed": 7, "cdn": true, "dc": 1}},
    "messages": [{"in": ["alice", "bob"], "from": "bob", "file": "film.bin"}]
}"#;

/// The film of Bob's message.
async fn film(client: &Client) -> Location {
    file(client, 1).await
}

async fn download(client: &Client, range: Range) -> Result<Vec<u8>, Error> {
    let mut download = Download::new(client, film(client).await, range, Order::Ascending, 4);
    let mut bytes = Vec::new();
    while let Some(part) = download.next().await? {
        assert_eq!(part.offset, range.start + bytes.len() as u64);
        bytes.extend_from_slice(&part.bytes);
    }
    Ok(bytes)
}

fn whole() -> Range {
    Range {
        start: 0,
        end: Some(SIZE),
    }
}

/// How often a method was executed with a result.
fn count(server: &Server, method: &str) -> u64 {
    let told = server
        .control()
        .ask(json!({"do": "executions", "method": method}));
    told.unwrap()["count"].as_u64().unwrap()
}

fn is_film(server: &Server, bytes: &[u8]) {
    let known = server
        .control()
        .ask(json!({"do": "file", "name": "film.bin"}))
        .unwrap();
    let digest = Sha256::digest(bytes);
    let digest = digest.iter().fold(String::new(), |mut digits, byte| {
        write!(digits, "{byte:02x}").unwrap();
        digits
    });
    assert_eq!(known["sha256"], json!(digest));
}

#[tokio::test]
async fn a_cdn_gives_its_files_in_part_and_whole_once_they_were_brought_there() {
    let server = Server::start_in(WORLD).await;
    let client = server.alice().await;
    server.control();
    let bytes = download(&client, whole()).await.unwrap();
    is_film(&server, &bytes);
    assert!(count(&server, "upload.reuploadCdnFile") > 0);
    assert!(count(&server, "upload.getCdnFile") >= SIZE.div_ceil(PART as u64));
    assert!(count(&server, "upload.getCdnFileHashes") > 0);
    // The CDN, which refuses both, was not asked.
    for method in ["auth.importAuthorization", "auth.bindTempAuthKey"] {
        let told = json!({"do": "executions", "method": method});
        assert_eq!(server.control().ask(told).unwrap()["errors"], json!(0));
    }
    for (start, end) in [(0, Some(1)), (1_000_003, Some(2_000_000)), (SIZE - 5, None)] {
        let part = download(&client, Range { start, end }).await.unwrap();
        let wanted = &bytes[start as usize..end.unwrap_or(SIZE) as usize];
        assert!(part == wanted, "{start} to {end:?}");
    }
    let beyond = download(
        &client,
        Range {
            start: SIZE,
            end: None,
        },
    )
    .await
    .unwrap();
    assert!(beyond.is_empty());
}

#[tokio::test]
async fn what_a_cdn_gives_counts_only_with_telegrams_hashes() {
    for method in [
        "upload.getCdnFile",
        "upload.getCdnFileHashes",
        "upload.reuploadCdnFile",
    ] {
        let server = Server::start_in(WORLD).await;
        let client = server.alice().await;
        let fault = json!({"do": "falsify", "on": {"method": method, "times": 0}});
        server.control().ask(fault).unwrap();
        let bytes = download(&client, whole()).await.unwrap();
        is_film(&server, &bytes);
        let parts = count(&server, "upload.getFile");
        assert!(parts >= 5, "{method}: {parts}");
    }
}

#[tokio::test]
async fn a_cdn_that_fails_is_not_needed() {
    let faults = [
        json!({"do": "rpc_error", "code": 400, "text": "FILE_ID_INVALID", "on": {"dc": 203, "times": 0}}),
        json!({"do": "refuse", "on": {"dc": 203, "times": 0}}),
        json!({"do": "rpc_error", "code": 500, "text": "CDN_UPLOAD_TIMEOUT",
            "on": {"method": "upload.reuploadCdnFile", "times": 0}}),
    ];
    for fault in faults {
        let server = Server::start_in(WORLD).await;
        let mut config = server.config();
        config.timeouts.connect = std::time::Duration::from_secs(5);
        let client = server.alice_with(config).await;
        server.control().ask(fault.clone()).unwrap();
        is_film(&server, &download(&client, whole()).await.unwrap());
        assert!(
            count(&server, "upload.getFile") > SIZE / PART as u64,
            "{fault}"
        );
    }
}

#[tokio::test]
async fn a_file_that_has_left_the_cdn_is_brought_there_again_and_void_tokens_are_replaced() {
    let server = Server::start_in(WORLD).await;
    let client = server.alice().await;
    server.control();
    for tokens in [false, true] {
        let mut download =
            Download::new(&client, film(&client).await, whole(), Order::Ascending, 1);
        let mut bytes = download.next().await.unwrap().unwrap().bytes.to_vec();
        let before = count(&server, "upload.getFile");
        server
            .control()
            .ask(json!({"do": "forget_cdn", "tokens": tokens}))
            .unwrap();
        while let Some(part) = download.next().await.unwrap() {
            bytes.extend_from_slice(&part.bytes);
        }
        is_film(&server, &bytes);
        assert_eq!(count(&server, "upload.getFile") - before, u64::from(tokens));
    }
}

#[tokio::test]
async fn keys_of_the_cdn_are_those_that_telegram_told() {
    let server = Server::start_in(WORLD).await;
    let client = server.alice().await;
    server.control();
    // A key of somebody else: whoever has it could read along.
    let other = object!("cdnPublicKey",
        dc_id: 203, public_key: crate::support::another_key().to_pem());
    let config = object!("cdnConfig", public_keys: vec![other]);
    let bytes = madeline_tl::boxed_to_bytes(madeline_tl::Schema::api(), &config).unwrap();
    client
        .session()
        .set_setting("cdn_config", Some(&bytes))
        .unwrap();
    is_film(&server, &download(&client, whole()).await.unwrap());
    assert_eq!(count(&server, "upload.getCdnFile"), 0);
    assert_eq!(client.session().setting("cdn_config").unwrap(), None);
    is_film(&server, &download(&client, whole()).await.unwrap());
    assert!(count(&server, "upload.getCdnFile") > 0);
    assert_eq!(count(&server, "help.getCdnConfig"), 1);
}
