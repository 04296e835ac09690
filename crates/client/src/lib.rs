//! A Telegram client without a host language: sessions, login, peers, errors and retry rules.
//!
//! The layer above gives TL bytes of a method ([`Call`]) and gets TL bytes of its result; what this crate
//! reads itself (logins, configuration, peers) it reads through `madeline_tl`, so any layer can be loaded at
//! run time. The wire is behind [`Engine`].

mod ask;
mod call;
mod cdn_keys;
mod client;
mod config;
pub mod convert;
mod dc;
pub mod engine;
mod error;
pub mod files;
mod fork;
pub mod info;
mod invoke;
mod login;
pub mod long_message;
pub mod metrics;
pub mod peers;
pub mod process;
mod resolve;
mod routes;
mod server_config;
pub mod session;
mod updates;
pub mod watch;

pub use call::Call;
pub use client::{Client, WeakClient};
pub use config::{AppInfo, Config, EngineKind, Timeouts, Transfers};
pub use dc::{DcId, DcList};
pub use engine::Engine;
pub use error::{Cause, Error};
pub use invoke::Turn;
pub use login::{Authorization, CodeAnswer, NewPassword, PasswordChange, QrToken, SentCode};
pub use routes::Routes;
pub use session::{Session, Storage, StorageAddress, StorageKind, StorageTls, TlsProof};
pub use updates::{Delivery, Feed, Unreadable};
