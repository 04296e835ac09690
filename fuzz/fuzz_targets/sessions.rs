//! Any session of MadelineProto, and any session string of Telethon or Pyrogram.

#![no_main]

#[path = "../checks/sessions.rs"]
mod sessions;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    sessions::madeline(bytes);
    sessions::string(bytes);
});
