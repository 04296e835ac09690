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
#[path = "../../../fuzz/checks/corpus.rs"]
mod corpus;

use corpus::replay;

#[test]
fn inputs_of_the_decoder() {
    assert!(replay("tl_decode", checks::decode) > 10);
}

#[test]
fn inputs_of_the_schema_compiler() {
    assert!(replay("tl_schema", checks::schema) > 10);
}
