//! Any stream as frames of each transport.

#![no_main]

#[path = "../checks/mtproto.rs"]
mod mtproto;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| mtproto::framing(bytes));
