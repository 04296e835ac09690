//! `\danog\MadelineProto\EventHandler\Message` and its relatives: messages as objects.

pub(crate) mod actions;
pub(crate) mod classes;
mod command;
mod forwarded;
pub(in crate::types) mod service;
mod wrap;

pub(crate) use classes::file_of;
pub(crate) use wrap::wrap;
