//! Any bytes as envelopes, and any messages to a server's session.

#![no_main]

#[path = "../checks/mtproto.rs"]
mod mtproto;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| mtproto::envelope(bytes));
