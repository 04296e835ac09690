//! Any bytes as a file id of the bot API.

#![no_main]

#[path = "../checks/file_id.rs"]
mod file_id;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| file_id::file_id(bytes));
