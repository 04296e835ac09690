//! `\danog\MadelineProto\EventHandler\Message` and its relatives: messages as objects.

pub(crate) mod actions;
pub(crate) mod classes;
