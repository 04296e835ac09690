//! The checks of <https://core.telegram.org/mtproto/security_guidelines> that need to know the session, one function
//! each. Those on a single envelope are [`crate::envelope::checks`].

use super::clock::seconds;
use super::seen::{Seen, Verdict};
use super::violation::Violation;
use crate::MsgId;
use crate::container::{self, Message};
use std::time::Duration;

/// Seconds that a message may be old.
const MAX_AGE: i64 = 300;
/// Seconds by which a message may be ahead of the server's clock.
const MAX_AHEAD: i64 = 30;

/// The envelope is not older than 300 seconds. Not asked of messages in a container, which is where a server repeats
/// old messages.
pub(crate) fn age(msg_id: MsgId, server: Duration) -> Result<(), Violation> {
    let server = seconds(server);
    if msg_id.seconds() < server.saturating_sub(MAX_AGE) {
        return Err(Violation::TooOld { msg_id, server });
    }
    Ok(())
}

/// The envelope is not made more than 30 seconds in the future.
pub(crate) fn ahead(msg_id: MsgId, server: Duration) -> Result<(), Violation> {
    let server = seconds(server);
    if msg_id.seconds() > server.saturating_add(MAX_AHEAD) {
        return Err(Violation::TooNew { msg_id, server });
    }
    Ok(())
}

/// The envelope is not so old that it may have been seen and forgotten.
pub(crate) fn not_forgotten(msg_id: MsgId, seen: &Seen) -> Result<(), Violation> {
    if seen.verdict(msg_id) == Verdict::Forgotten {
        return Err(Violation::Forgotten {
            msg_id,
            forgotten: seen.forgotten(),
        });
    }
    Ok(())
}

/// The message was not seen before.
pub(crate) fn is_new(msg_id: MsgId, seen: &Seen) -> bool {
    seen.verdict(msg_id) != Verdict::Repeated
}

/// A container has a number of messages that may be, lengths that fit, and no containers in it.
pub(crate) fn container(msg_id: MsgId, body: &[u8]) -> Result<Vec<Message<'_>>, Violation> {
    container::read(body).map_err(|_| Violation::Container { msg_id })
}

/// A message in a container was made before the container.
pub(crate) fn container_order(container: MsgId, inner: MsgId) -> Result<(), Violation> {
    if inner >= container {
        return Err(Violation::ContainerOrder { container, inner });
    }
    Ok(())
}

/// What was packed is no container, which would escape the rules for containers.
pub(crate) fn not_packed_container(msg_id: MsgId, unpacked: &[u8]) -> Result<(), Violation> {
    if container::is_container(unpacked) {
        return Err(Violation::Container { msg_id });
    }
    Ok(())
}
