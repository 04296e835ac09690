//! Any answer of a proxy, and any request of a proxy's client.

#![no_main]

#[path = "../checks/proxies.rs"]
mod proxies;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| proxies::proxies(bytes));
