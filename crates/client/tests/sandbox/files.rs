//! Files over real connections: uploaded, sent, and downloaded again.

use madeline_client::files::{
    Download, Location, Order, Origin, PART, Range, SMALL, Upload, Uploaded,
};
use madeline_client::{Client, DcId, Error};
use madeline_tl::{Value, object};
use serde_json::json;

use crate::support::{Server, ask};

const PART_SIZE: u64 = PART as u64;

fn content(size: u64) -> Vec<u8> {
    (0..size).map(|at| (at * 31 + at / 257) as u8).collect()
}

async fn upload(client: &Client, bytes: &[u8], size: Option<u64>) -> Result<Uploaded, Error> {
    let mut upload = Upload::new(client, size, 8, false)?;
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

fn input(file: &Uploaded) -> Value {
    if file.big {
        object!("inputFileBig", id: file.file_id, parts: file.parts, name: "a.bin")
    } else {
        object!("inputFile", id: file.file_id, parts: file.parts, name: "a.bin", md5_checksum: file.md5.clone())
    }
}

/// Sends a file to the own chat; gives the message.
async fn send(client: &Client, file: &Uploaded) -> Value {
    let media = object!("inputMediaUploadedDocument",
        file: input(file), mime_type: "application/octet-stream", attributes: Vec::<Value>::new());
    let random_id = file.file_id | 1;
    let request = object!("messages.sendMedia",
        peer: object!("inputPeerSelf"), media: media, message: "", random_id: random_id);
    let updates = ask(client, request).await.unwrap();
    updates.list("updates").unwrap()[1].get("message").clone()
}

fn location(message: &Value) -> (Location, Range) {
    let document = message.get("media").get("document");
    let location = Location {
        dc: DcId(document.int("dc_id").unwrap() as i32),
        input: object!("inputDocumentFileLocation",
            id: document.int("id").unwrap(),
            access_hash: document.int("access_hash").unwrap(),
            file_reference: document.get("file_reference").clone(),
            thumb_size: "",
        ),
        origin: Some(Origin {
            request: object!("messages.getMessages",
                id: vec![object!("inputMessageID", id: message.int("id").unwrap())]),
        }),
    };
    let end = Some(document.int("size").unwrap() as u64);
    (location, Range { start: 0, end })
}

async fn download(client: &Client, location: Location, range: Range) -> Result<Vec<u8>, Error> {
    let mut download = Download::new(client, location, range, Order::Ascending, 8);
    let mut bytes = Vec::new();
    while let Some(part) = download.next().await? {
        assert_eq!(part.offset, bytes.len() as u64);
        bytes.extend_from_slice(&part.bytes);
    }
    Ok(bytes)
}

/// Who lives on DC 1.
async fn carol(server: &Server) -> Client {
    let client = Client::open(&server.path("carol"), server.config())
        .await
        .unwrap();
    client.phone_login("9996612003").await.unwrap();
    client.complete_phone_login("12345").await.unwrap();
    client
}

#[tokio::test]
async fn files_come_back_as_they_went() {
    let server = Server::start().await;
    let client = server.alice().await;
    for size in [
        1,
        PART_SIZE - 1,
        PART_SIZE,
        PART_SIZE + 1,
        SMALL - 1,
        SMALL,
        SMALL + 1,
    ] {
        let all = content(size);
        let file = upload(&client, &all, Some(size)).await.unwrap();
        let (location, range) = location(&send(&client, &file).await);
        assert_eq!(range.end, Some(size));
        assert!(
            download(&client, location, range).await.unwrap() == all,
            "{size}"
        );
    }
    let all = content(2 * PART_SIZE);
    let file = upload(&client, &all, None).await.unwrap();
    let (location, _) = location(&send(&client, &file).await);
    assert!(download(&client, location, Range::default()).await.unwrap() == all);
}

#[tokio::test]
async fn an_empty_file_is_refused_as_the_server_does_it() {
    let server = Server::start().await;
    let client = server.alice().await;
    let error = upload(&client, b"", Some(0)).await.unwrap_err();
    assert!(error.is_rpc("FILE_PART_EMPTY"), "{error}");
}

#[tokio::test]
async fn a_file_of_another_data_centre_is_fetched_there() {
    let server = Server::start().await;
    let (alice, carol) = (server.alice().await, carol(&server).await);
    let all = content(3 * PART_SIZE + 1);
    let file = upload(&carol, &all, Some(all.len() as u64)).await.unwrap();
    let (location, range) = location(&send(&carol, &file).await);
    assert_eq!(location.dc, DcId(1));
    let astray = Location {
        dc: DcId(2),
        ..location.clone()
    };
    for location in [location, astray] {
        assert!(download(&alice, location, range).await.unwrap() == all);
    }
}

#[tokio::test]
async fn an_expired_reference_is_replaced_from_the_message() {
    let server = Server::start().await;
    let client = server.alice().await;
    let all = content(3 * PART_SIZE);
    let file = upload(&client, &all, Some(all.len() as u64)).await.unwrap();
    let (location, range) = location(&send(&client, &file).await);
    server
        .control()
        .ask(json!({"do": "expire_references"}))
        .unwrap();
    assert!(download(&client, location.clone(), range).await.unwrap() == all);
    let unknown = Location {
        origin: None,
        ..location
    };
    let error = download(&client, unknown, range).await.unwrap_err();
    assert!(error.is_rpc("FILE_REFERENCE_EXPIRED"), "{error}");
}

#[tokio::test]
async fn transfers_go_on_through_faults() {
    let server = Server::start().await;
    let client = server.alice().await;
    let control = server.control();
    for method in ["upload.saveFilePart", "upload.getFile"] {
        for fault in [
            json!({"do": "close_before", "on": {"method": method, "times": 2, "every": 3}}),
            json!({"do": "close_after", "on": {"method": method, "times": 2, "every": 4}}),
            json!({"do": "rpc_error", "code": 420, "text": "FLOOD_PREMIUM_WAIT_1", "on": {"method": method, "times": 1, "skip": 5}}),
            json!({"do": "rpc_error", "code": 500, "text": "RPC_CALL_FAIL", "on": {"method": method, "times": 1, "skip": 7}}),
        ] {
            control.ask(fault).unwrap();
        }
    }
    let all = content(SMALL);
    let file = upload(&client, &all, Some(SMALL)).await.unwrap();
    let (location, range) = location(&send(&client, &file).await);
    assert!(download(&client, location, range).await.unwrap() == all);
}
