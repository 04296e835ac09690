//! Every input that fuzzing kept goes through the same checks again.

#![allow(clippy::unwrap_used, reason = "tests")]

#[path = "../../../fuzz/checks/sessions.rs"]
mod checks;

use std::fs;

#[test]
fn inputs_of_the_readers_of_other_sessions() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/sessions");
    let mut files = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        checks::madeline(&bytes);
        checks::string(&bytes);
        files += 1;
    }
    assert!(files > 4);
}
