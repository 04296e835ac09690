//! The Zend functions and constants that `ext_php_rs::ffi` leaves out, bound by `build.rs`.
//!
//! Types come from ext-php-rs, so that both sets of bindings agree on every layout.

#![allow(
    non_upper_case_globals,
    non_camel_case_types,
    non_snake_case,
    dead_code,
    missing_docs,
    unreachable_pub,
    clippy::all,
    clippy::pedantic,
    clippy::indexing_slicing,
    clippy::undocumented_unsafe_blocks,
    reason = "generated from PHP's headers"
)]

use ext_php_rs::ffi::*;

include!(concat!(env!("OUT_DIR"), "/zend.rs"));
