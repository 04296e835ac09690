//! <https://core.telegram.org/mtproto/mtproto-transports#abridged>

use super::Error;
use super::codec::{Decoded, Found, Role, check_length, payload};

/// What announces the transport, once.
pub(super) const TAG: [u8; 1] = [0xef];

const QUICK_ACK: u8 = 0x80;
const LONG: u8 = 0x7f;
const MAX_WORDS: usize = 0xff_ffff;

pub(super) fn encode(payload: &[u8], quick_ack: bool, out: &mut Vec<u8>) -> Result<(), Error> {
    check_length(payload.len(), MAX_WORDS * 4)?;
    let flag = if quick_ack { QUICK_ACK } else { 0 };
    let words = payload.len() / 4;
    if words < usize::from(LONG) {
        out.push(words as u8 | flag);
    } else {
        out.extend_from_slice(&((words as u32) << 8 | u32::from(LONG | flag)).to_le_bytes());
    }
    out.extend_from_slice(payload);
    Ok(())
}

pub(super) fn decode(input: &[u8], role: Role, max_frame: usize) -> Result<Decoded, Error> {
    let Some(&first) = input.first() else {
        return Ok(Decoded::UNKNOWN);
    };
    let flagged = first & QUICK_ACK != 0;
    if flagged && role == Role::Client {
        let Some(token) = input.first_chunk() else {
            return Ok(Decoded::UNKNOWN);
        };
        return Ok(Decoded::Whole {
            frame: Found::QuickAck(u32::from_be_bytes(*token)),
            consumed: 4,
        });
    }
    let (words, header) = match first & !QUICK_ACK {
        LONG => match input.first_chunk() {
            Some(&[_, a, b, c]) => (u32::from_le_bytes([a, b, c, 0]) as usize, 4),
            None => return Ok(Decoded::UNKNOWN),
        },
        short => (usize::from(short), 1),
    };
    check_length(words * 4, max_frame)?;
    Ok(payload(input, header, header + words * 4, role, flagged))
}
