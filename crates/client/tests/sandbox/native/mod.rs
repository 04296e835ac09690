//! What only our own engine promises: whatever happens to connections, calls get their answers, nothing is executed
//! twice, and updates come once and in order or are announced as a gap.

mod cdn;
mod faults;
mod hostile;
mod keys;
mod lost;
mod media;
mod town;
mod watch;

use madeline_client::files::Location;
use madeline_client::{Client, DcId};
use madeline_tl::object;

use crate::support::ask;

/// The file of a message.
async fn file(client: &Client, message: i32) -> Location {
    let request = object!("messages.getMessages", id: vec![object!("inputMessageID", id: message)]);
    let messages = ask(client, request).await.unwrap();
    let document = messages.list("messages").unwrap()[0]
        .get("media")
        .get("document")
        .clone();
    Location {
        dc: DcId(document.int("dc_id").unwrap() as i32),
        input: object!("inputDocumentFileLocation",
            id: document.get("id").clone(),
            access_hash: document.get("access_hash").clone(),
            file_reference: document.get("file_reference").clone(),
            thumb_size: "",
        ),
        origin: None,
    }
}
