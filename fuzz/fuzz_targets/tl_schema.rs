//! Any text as a TL file.

#![no_main]

#[path = "../checks/tl.rs"]
mod tl;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| tl::schema(bytes));
