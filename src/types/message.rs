//! `\danog\MadelineProto\EventHandler\Message` and its relatives: messages as objects.

pub(crate) mod actions;
pub(crate) mod classes;
pub(crate) mod command;
pub(crate) mod forwarded;
pub(crate) mod service;
pub(in crate::types) mod simple_filters;
mod wrap;

pub(crate) use classes::file_of;
pub(crate) use wrap::wrap;
