//! Every input that fuzzing kept goes through the same checks again.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::items_after_statements,
    reason = "tests"
)]

#[path = "../../../fuzz/checks/mtproto.rs"]
mod checks;
#[path = "../../../fuzz/checks/client_session.rs"]
mod client_checks;
#[path = "../../../fuzz/checks/proxies.rs"]
mod proxies;

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
fn inputs_of_the_transports() {
    assert!(replay("framing", checks::framing) > 10);
}

#[test]
fn inputs_of_envelopes_and_sessions() {
    assert!(replay("envelope", checks::envelope) > 10);
}

#[test]
fn inputs_of_the_key_exchange() {
    assert!(replay("handshake", checks::handshake) > 6);
}

#[test]
fn inputs_of_proxies() {
    assert!(replay("proxies", proxies::proxies) > 10);
}

#[test]
fn inputs_of_the_clients_session() {
    assert!(replay("client_session", client_checks::client_session) > 40);
}
