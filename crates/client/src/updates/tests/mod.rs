//! Tests of what is inside: the machine against a simulated server, reading, storing.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "tests"
)]

mod machine;
mod reading;
mod simulation;
mod store;
