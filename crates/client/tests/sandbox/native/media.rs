//! Servers that are for files only.

use std::time::Duration;

use madeline_client::files::{Download, Location, Order, Range, Upload};
use madeline_client::{Client, Config, DcId, DcList, Error};
use madeline_sandbox::Control;
use madeline_tl::object;
use serde_json::json;

use super::file;
use crate::support::{Server, ask};

const SIZE: u64 = 3_000_001;

const WORLD: &str = r#"{
    "dcs": 2, "media_only": [1, 2],
    "users": {
        "alice": {"first_name": "Alice", "phone": "9996612001"},
        "bob": {"first_name": "Bob", "phone": "9996612002"}
    },
    "files": {
        "near.bin": {"size": 3000001, "seed": 7},
        "far.bin": {"size": 3000001, "seed": 7, "dc": 1}
    },
    "messages": [
        {"in": ["alice", "bob"], "from": "bob", "file": "near.bin"},
        {"in": ["alice", "bob"], "from": "bob", "file": "far.bin"}
    ]
}"#;

fn start(client: &Client, location: Location) -> Download {
    let range = Range {
        start: 0,
        end: Some(SIZE),
    };
    Download::new(client, location, range, Order::Ascending, 2)
}

async fn finish(mut download: Download) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    while let Some(part) = download.next().await? {
        bytes.extend_from_slice(&part.bytes);
    }
    Ok(bytes)
}

async fn download(client: &Client, message: i32) -> Vec<u8> {
    finish(start(client, file(client, message).await))
        .await
        .unwrap()
}

/// Counts the requests of a method, or all, that a server gets.
struct Count {
    control: Control,
    id: u64,
}

impl Count {
    fn of(server: &Server, dc: i32, method: Option<&str>) -> Count {
        let control = server.control();
        let on = match method {
            Some(method) => json!({"dc": dc, "times": 0, "method": method}),
            None => json!({"dc": dc, "times": 0}),
        };
        let id = control
            .arm(json!({"do": "delay_answer", "ms": 0, "on": on}))
            .unwrap();
        Count { control, id }
    }

    fn now(&self) -> u64 {
        self.control.hits(self.id)
    }
}

/// Alice, who is logged in, and has less patience with connections from then on.
async fn impatient(server: &Server, change: impl FnOnce(&mut Config)) -> Client {
    server.alice().await.close().await;
    let mut config = server.config();
    config.timeouts.connect = Duration::from_secs(3);
    change(&mut config);
    Client::open(&server.path("alice"), config).await.unwrap()
}

#[tokio::test]
async fn files_go_over_them_and_calls_do_not() {
    for pfs in [true, false] {
        let server = Server::start_in(WORLD).await;
        let config = Config {
            pfs,
            ..server.config()
        };
        let client = server.alice_with(config).await;
        let method = |dc, method| Count::of(&server, dc, Some(method));
        let counted = ["upload.getFile", "upload.saveFilePart"];
        let here = counted.map(|name| method(2, name));
        let there = counted.map(|name| method(-2, name));
        let bytes = download(&client, 1).await;
        let mut upload = Upload::new(&client, Some(1000), 4, false).unwrap();
        upload.push(bytes[..1000].to_vec()).await.unwrap();
        let uploaded = upload.finish().await.unwrap();
        assert_eq!(here.map(|count| count.now()), [0, 0], "pfs {pfs}");
        assert_eq!(there.map(|count| count.now()), [6, 1], "pfs {pfs}");
        // What was uploaded there is known everywhere.
        let others = Count::of(&server, -2, None);
        let sent = object!("messages.sendMedia",
            peer: object!("inputPeerSelf"), message: "", random_id: 1,
            media: object!("inputMediaUploadedDocument",
                file: object!("inputFile", id: uploaded.file_id, parts: uploaded.parts, name: "a",
                    md5_checksum: uploaded.md5.clone()),
                mime_type: "text/plain", attributes: Vec::<madeline_tl::Value>::new()));
        ask(&client, sent).await.unwrap();
        assert_eq!(others.now(), 0);
    }
}

#[tokio::test]
async fn their_keys_are_found_again_and_are_not_those_of_the_data_centre() {
    let server = Server::start_in(WORLD).await;
    let client = server.alice().await;
    let first = download(&client, 1).await;
    client.close().await;
    let stats = || server.control().ask(json!({"do": "stats"})).unwrap();
    assert_eq!(stats()["temporary_keys"], json!(2));
    let client = server.open("alice").await;
    assert_eq!(first, download(&client, 1).await);
    assert_eq!(stats()["temporary_keys"], json!(2));
}

#[tokio::test]
async fn those_of_another_data_centre_are_used_once_it_has_made_a_key() {
    let server = Server::start_in(WORLD).await;
    let client = server.alice().await;
    let (there, media) = (
        Count::of(&server, 1, Some("upload.getFile")),
        Count::of(&server, -1, Some("upload.getFile")),
    );
    let far = download(&client, 2).await;
    assert_eq!(far, download(&client, 1).await);
    assert!(there.now() > 0);
    let before = (there.now(), media.now());
    assert_eq!(far, download(&client, 2).await);
    assert_eq!((there.now(), media.now()), (before.0, before.1 + 6));
}

#[tokio::test]
async fn whatever_is_the_matter_with_them_the_data_centre_gives_the_file() {
    for fault in [
        json!({"do": "refuse", "on": {"dc": -2, "times": 0}}),
        json!({"do": "half_open", "on": {"dc": -2, "times": 0}}),
        json!({"do": "transport_error", "code": -404, "on": {"dc": -2, "times": 0}}),
        json!({"do": "transport_error", "code": -429, "on": {"dc": -2, "times": 0, "method": "upload.getFile"}}),
    ] {
        let server = Server::start_in(WORLD).await;
        let client = impatient(&server, |_| {}).await;
        server.control().ask(fault.clone()).unwrap();
        let here = Count::of(&server, 2, Some("upload.getFile"));
        let bytes = download(&client, 1).await;
        assert_eq!(bytes.len() as u64, SIZE, "{fault}");
        assert_eq!(here.now(), 6, "{fault}");
    }
}

#[tokio::test]
async fn a_download_goes_on_where_they_fail_in_the_middle() {
    let server = Server::start_in(WORLD).await;
    let client = impatient(&server, |_| {}).await;
    let whole = download(&client, 1).await;
    let here = Count::of(&server, 2, Some("upload.getFile"));
    let mut download = start(&client, file(&client, 1).await);
    let mut bytes = download.next().await.unwrap().unwrap().bytes.to_vec();
    let control = server.control();
    control
        .ask(json!({"do": "refuse", "on": {"dc": -2, "times": 0}}))
        .unwrap();
    control
        .ask(json!({"do": "close", "on": {"dc": -2}}))
        .unwrap();
    bytes.extend(finish(download).await.unwrap());
    assert_eq!(bytes, whole);
    assert!(here.now() > 0);
}

#[tokio::test]
async fn addresses_that_lead_nowhere_are_not_needed() {
    let server = Server::start_in(WORLD).await;
    let gone = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap()
    };
    let client = impatient(&server, |config| {
        let mut dcs: DcList = [(DcId(2), server.address(2))].into_iter().collect();
        dcs.add(DcId(2).media(), gone);
        config.dcs = dcs;
    })
    .await;
    assert_eq!(download(&client, 1).await.len() as u64, SIZE);
}
