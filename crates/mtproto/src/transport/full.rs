//! <https://core.telegram.org/mtproto/mtproto-transports#full>

use super::Error;
use super::codec::{Decoded, Found, Role, check_length, payload_or_error};

/// Length, sequence number and checksum.
const OVERHEAD: usize = 12;

pub(super) fn encode(payload: &[u8], sequence: u32, out: &mut Vec<u8>) -> Result<(), Error> {
    check_length(payload.len(), i32::MAX as usize - OVERHEAD)?;
    let start = out.len();
    out.extend_from_slice(&((payload.len() + OVERHEAD) as u32).to_le_bytes());
    out.extend_from_slice(&sequence.to_le_bytes());
    out.extend_from_slice(payload);
    let checksum = crc32fast::hash(out.get(start..).unwrap_or_default());
    out.extend_from_slice(&checksum.to_le_bytes());
    Ok(())
}

/// Telegram's servers put the code in the place of the length, of the sequence number and of the payload.
pub(super) fn encode_error(code: i32, out: &mut Vec<u8>) {
    for _ in 0..3 {
        out.extend_from_slice(&code.to_le_bytes());
    }
}

pub(super) fn decode(
    input: &[u8],
    expected: u32,
    role: Role,
    max_frame: usize,
) -> Result<Decoded, Error> {
    let Some((&length_field, after_length)) = input.split_first_chunk() else {
        return Ok(Decoded::UNKNOWN);
    };
    let announced = i32::from_le_bytes(length_field);
    if announced < 0 && role == Role::Client {
        // Nothing that follows on this stream can be told apart: take all of it.
        return Ok(Decoded::Whole {
            frame: Found::Error(announced),
            consumed: input.len(),
        });
    }
    let announced = u32::from_le_bytes(length_field) as usize;
    let payload_len = announced.saturating_sub(OVERHEAD);
    check_length(payload_len, max_frame)?;
    let Some((sequence, _)) = after_length.split_first_chunk() else {
        return Ok(Decoded::UNKNOWN);
    };
    let got = u32::from_le_bytes(*sequence);
    if got != expected {
        return Err(Error::Sequence { got, expected });
    }
    let part = Decoded::Part { bytes: announced };
    let Some(frame) = input.get(..announced) else {
        return Ok(part);
    };
    let Some((checked, checksum)) = frame.split_last_chunk() else {
        return Ok(part);
    };
    let (got, expected) = (u32::from_le_bytes(*checksum), crc32fast::hash(checked));
    if got != expected {
        return Err(Error::Checksum { got, expected });
    }
    let payload = checked.get(8..).unwrap_or_default();
    Ok(Decoded::Whole {
        frame: payload_or_error(payload, 8..checked.len(), role, false),
        consumed: announced,
    })
}
