//! `msg_container`: several messages in one envelope.
//!
//! <https://core.telegram.org/mtproto/service_messages#containers>

use crate::MsgId;
use crate::service::id;
use crate::wire::{Malformed, Reader, Write};

/// Most messages that a container may have.
pub const MAX_MESSAGES: usize = 1020;

/// Bytes before the body of a message in a container.
pub const MESSAGE_HEADER: usize = 16;

/// A message in a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message<'a> {
    /// The message's identifier.
    pub msg_id: MsgId,
    /// Its sequence number.
    pub seq_no: i32,
    /// Its body.
    pub body: &'a [u8],
}

/// Whether a body is a container.
pub fn is_container(body: &[u8]) -> bool {
    body.starts_with(&id::MSG_CONTAINER.to_le_bytes())
}

/// Reads a container: at most [`MAX_MESSAGES`] messages, none of which is a container itself, and nothing behind them.
pub(crate) fn read(body: &[u8]) -> Result<Vec<Message<'_>>, Malformed> {
    let mut reader = Reader::new(body);
    if reader.id()? != id::MSG_CONTAINER {
        return Err(Malformed);
    }
    let count = reader.count(MESSAGE_HEADER)?;
    if count > MAX_MESSAGES {
        return Err(Malformed);
    }
    let mut messages = Vec::with_capacity(count);
    for _ in 0..count {
        let (msg_id, seq_no) = (MsgId(reader.long()?), reader.int()?);
        let len = usize::try_from(reader.int()?)
            .ok()
            .filter(|len| len.is_multiple_of(4))
            .ok_or(Malformed)?;
        let body = reader.raw(len)?;
        if is_container(body) {
            return Err(Malformed);
        }
        messages.push(Message {
            msg_id,
            seq_no,
            body,
        });
    }
    if reader.rest().is_empty() {
        Ok(messages)
    } else {
        Err(Malformed)
    }
}

/// Writes a container.
pub fn write<'a>(messages: impl ExactSizeIterator<Item = Message<'a>>, out: &mut Vec<u8>) {
    out.id(id::MSG_CONTAINER);
    out.int(messages.len() as i32);
    for message in messages {
        out.long(message.msg_id.0);
        out.int(message.seq_no);
        out.int(message.body.len() as i32);
        out.raw(message.body);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing, reason = "tests")]

    use super::*;

    const MESSAGES: [Message<'static>; 2] = [
        Message {
            msg_id: MsgId(4),
            seq_no: 1,
            body: &[1, 2, 3, 4],
        },
        Message {
            msg_id: MsgId(8),
            seq_no: 2,
            body: &[],
        },
    ];

    fn written() -> Vec<u8> {
        let mut body = Vec::new();
        write(MESSAGES.into_iter(), &mut body);
        body
    }

    #[test]
    fn a_container_is_read_as_written() {
        assert_eq!(read(&written()).as_deref(), Ok(&MESSAGES[..]));
    }

    #[test]
    fn truncated_or_longer_containers_are_malformed() {
        let body = written();
        for len in 0..body.len() {
            assert_eq!(read(&body[..len]), Err(Malformed), "{len} bytes");
        }
        let mut longer = body;
        longer.extend([0; 4]);
        assert_eq!(read(&longer), Err(Malformed));
    }

    #[test]
    fn counts_and_lengths_are_checked_before_they_are_believed() {
        for count in [-1, 3, i32::MAX] {
            let mut body = written();
            body[4..8].copy_from_slice(&i32::to_le_bytes(count));
            assert_eq!(read(&body), Err(Malformed));
        }
        for len in [-4, 3, 1 << 20] {
            let mut body = written();
            body[20..24].copy_from_slice(&i32::to_le_bytes(len));
            assert_eq!(read(&body), Err(Malformed));
        }
    }

    #[test]
    fn containers_have_no_containers_and_not_too_many_messages() {
        let inner = written();
        let mut body = Vec::new();
        write(
            [Message {
                msg_id: MsgId(12),
                seq_no: 2,
                body: &inner,
            }]
            .into_iter(),
            &mut body,
        );
        assert_eq!(read(&body), Err(Malformed));

        for (count, ok) in [(MAX_MESSAGES, true), (MAX_MESSAGES + 1, false)] {
            let mut body = Vec::new();
            write(
                (0..count)
                    .map(|_| MESSAGES[1])
                    .collect::<Vec<_>>()
                    .into_iter(),
                &mut body,
            );
            assert_eq!(read(&body).is_ok(), ok);
        }
    }
}
