//! Any bytes as a value of the API.

#![no_main]

#[path = "../checks/tl.rs"]
mod tl;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| tl::decode(bytes));
