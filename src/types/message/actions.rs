//! What can be done with a message: the methods of its classes that make a call.

use crate::class::Method;

/// Of any message, service messages too.
pub(super) const ABSTRACT: &[Method] = &[];

/// Of a message that somebody has written.
pub(super) const MESSAGE: &[Method] = &[];

/// Of one in a private chat.
pub(super) const PRIVATE: &[Method] = &[];

/// Of one in a group.
pub(super) const GROUP: &[Method] = &[];

/// Of one in a channel.
pub(super) const CHANNEL: &[Method] = &[];
