//! Every input that fuzzing kept goes through the same checks again.

#![allow(clippy::unwrap_used, reason = "tests")]

#[path = "../../../fuzz/checks/corpus.rs"]
mod corpus;
#[path = "../../../fuzz/checks/file_id.rs"]
mod file_id;
#[path = "../../../fuzz/checks/frames.rs"]
mod frames;
#[path = "../../../fuzz/checks/media.rs"]
mod media;
#[path = "../../../fuzz/checks/sessions.rs"]
mod sessions;

use corpus::replay;

#[test]
fn inputs_of_the_readers_of_other_sessions() {
    let files = replay("sessions", |bytes| {
        sessions::madeline(bytes);
        sessions::string(bytes);
    });
    assert!(files > 4);
}

#[test]
fn inputs_of_file_ids() {
    assert!(replay("file_id", file_id::file_id) > 10);
}

#[test]
fn inputs_of_media_headers() {
    assert!(replay("media", media::media) > 10);
}

#[test]
fn inputs_of_a_sessions_socket() {
    assert!(replay("frames", frames::frames) > 10);
}
