//! Any bytes as a picture or film.

#![no_main]

#[path = "../checks/media.rs"]
mod media;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| media::media(bytes));
