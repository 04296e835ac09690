//! Any frames and any messages of a server to a client's session.

#![no_main]

#[path = "../checks/client_session.rs"]
mod checks;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| checks::client_session(bytes));
