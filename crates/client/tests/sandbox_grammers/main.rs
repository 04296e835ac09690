//! The tests of `tests/sandbox` once more over the second engine, and what is different there.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "tests"
)]

#[path = "../sandbox/calls.rs"]
mod calls;
#[path = "../sandbox/failures.rs"]
mod failures;
#[path = "../sandbox/login.rs"]
mod login;
mod lost;
#[path = "../sandbox/proxy.rs"]
mod proxy;
#[path = "../sandbox/sharing.rs"]
mod sharing;
#[path = "../sandbox/support.rs"]
mod support;
#[path = "../sandbox/updates/mod.rs"]
mod updates;

/// What these tests run on.
const ENGINE: madeline_client::EngineKind = madeline_client::EngineKind::Grammers;
