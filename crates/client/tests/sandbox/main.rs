//! The client against `madeline-sandbox`: real sockets, real key exchanges, real proofs.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests"
)]

mod calls;
mod failures;
mod files;
mod login;
mod native;

mod proxy;
mod second_factor;
mod sharing;
mod support;
mod updates;

/// What these tests run on.
const ENGINE: madeline_client::EngineKind = madeline_client::EngineKind::Native;
