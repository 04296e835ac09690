//! Any bytes as a world file.

#![no_main]

#[path = "../checks/world.rs"]
mod world;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| world::parse(bytes));
