//! The fuzzer's corpus, replayed.

#![allow(clippy::unwrap_used, reason = "tests")]

#[path = "../../../fuzz/checks/world.rs"]
mod checks;

use std::fs;

#[test]
fn inputs_of_the_world_file() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/world");
    let mut files = 0;
    for entry in fs::read_dir(folder).unwrap() {
        checks::parse(&fs::read(entry.unwrap().path()).unwrap());
        files += 1;
    }
    assert!(files > 10);
}
