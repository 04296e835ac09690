//! The inputs that fuzzing kept, for `cargo test`.

use std::fs;
use std::path::Path;

/// Runs the check on every file of a target's corpus; says how many there were.
pub(crate) fn replay(target: &str, check: fn(&[u8])) -> usize {
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
