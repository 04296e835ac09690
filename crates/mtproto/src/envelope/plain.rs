//! Messages without encryption: only the key exchange uses them.

use super::Error;
use super::checks;
use crate::MsgId;
use crate::wire::{Reader, Write};

/// A plain message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message<'a> {
    /// The message's identifier.
    pub msg_id: MsgId,
    /// The serialized function or answer.
    pub body: &'a [u8],
}

/// Puts `body`, which consists of whole words, into a plain envelope.
pub fn write(msg_id: MsgId, body: &[u8]) -> Vec<u8> {
    let mut frame = Vec::with_capacity(20 + body.len());
    frame.long(0);
    frame.long(msg_id.0);
    frame.int(body.len() as i32);
    frame.raw(body);
    frame
}

/// Opens a plain envelope.
pub fn read(frame: &[u8]) -> Result<Message<'_>, Error> {
    let mut reader = Reader::new(frame);
    let too_short = |_| Error::FrameLength { bytes: frame.len() };
    checks::auth_key_id(reader.long().map_err(too_short)?, 0)?;
    let msg_id = MsgId(reader.long().map_err(too_short)?);
    let announced = reader.int().map_err(too_short)?;
    let available = reader.rest().len();
    let len = checks::data_length(announced, available)?;
    if len != available {
        return Err(Error::DataLength {
            announced,
            available,
        });
    }
    Ok(Message {
        msg_id,
        body: reader.rest(),
    })
}
