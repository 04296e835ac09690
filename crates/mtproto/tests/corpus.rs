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
#[path = "../../../fuzz/checks/corpus.rs"]
mod corpus;
#[path = "../../../fuzz/checks/proxies.rs"]
mod proxies;

use corpus::replay;

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
    assert!(replay("handshake", checks::key_exchange::handshake) > 6);
}

#[test]
fn inputs_of_proxies() {
    assert!(replay("proxies", proxies::proxies) > 10);
}

#[test]
fn inputs_of_the_clients_session() {
    assert!(replay("client_session", client_checks::client_session) > 40);
}
