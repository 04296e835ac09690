//! Any messages of the key exchange, to either side.

#![no_main]

#[path = "../checks/mtproto.rs"]
mod mtproto;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| mtproto::key_exchange::handshake(bytes));
