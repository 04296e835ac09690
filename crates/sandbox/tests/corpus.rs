//! The fuzzer's corpus, replayed.

#![allow(clippy::unwrap_used, reason = "tests")]

#[path = "../../../fuzz/checks/world.rs"]
mod checks;
#[path = "../../../fuzz/checks/corpus.rs"]
mod corpus;

#[test]
fn inputs_of_the_world_file() {
    let parse: fn(&[u8]) = |bytes| checks::parse(bytes);
    assert!(corpus::replay("world", parse) > 10);
}
