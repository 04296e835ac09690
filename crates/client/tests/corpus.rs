//! Every input that fuzzing kept goes through the same checks again.

#![allow(clippy::unwrap_used, reason = "tests")]

#[path = "../../../fuzz/checks/file_id.rs"]
mod file_id;
#[path = "../../../fuzz/checks/media.rs"]
mod media;
#[path = "../../../fuzz/checks/sessions.rs"]
mod sessions;

use std::fs;
use std::path::Path;

/// Runs the check on every file of a corpus; says how many there were.
fn replay(target: &str, check: fn(&[u8])) -> usize {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fuzz/corpus")
        .join(target);
    let mut files = 0;
    for entry in fs::read_dir(folder).unwrap() {
        check(&fs::read(entry.unwrap().path()).unwrap());
        files += 1;
    }
    files
}

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
