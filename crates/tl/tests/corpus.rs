//! Every input that fuzzing kept goes through the same checks again.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "tests"
)]

#[path = "../../../fuzz/checks/tl.rs"]
mod checks;

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
fn inputs_of_the_decoder() {
    assert!(replay("tl_decode", checks::decode) > 10);
}

#[test]
fn inputs_of_the_schema_compiler() {
    assert!(replay("tl_schema", checks::schema) > 10);
}
