//! <https://core.telegram.org/mtproto/mtproto-transports#intermediate> and its padded version.

use super::Error;
use super::codec::{Decoded, Found, Role, check_length, payload, payload_or_error};
use crate::random::{Random, bytes};

/// What announces the transport, once.
pub(super) const TAG: [u8; 4] = [0xee; 4];
/// What announces the padded transport, once.
pub(super) const PADDED_TAG: [u8; 4] = [0xdd; 4];

const QUICK_ACK: u32 = 1 << 31;
/// The length in front.
const HEADER: usize = 4;
const MAX_PADDING: usize = 15;
/// No envelope is shorter: a frame below this is a transport error with its padding.
const MIN_ENVELOPE: usize = 20;

pub(super) fn encode(payload: &[u8], quick_ack: bool, out: &mut Vec<u8>) -> Result<(), Error> {
    check_length(payload.len(), QUICK_ACK as usize - 1)?;
    put_header(payload.len(), quick_ack, out);
    out.extend_from_slice(payload);
    Ok(())
}

pub(super) fn encode_padded(
    payload: &[u8],
    quick_ack: bool,
    random: &mut dyn Random,
    out: &mut Vec<u8>,
) -> Result<(), Error> {
    check_length(payload.len(), QUICK_ACK as usize - 1 - MAX_PADDING)?;
    let [choice, padding @ ..] = bytes::<{ MAX_PADDING + 1 }>(random);
    let padding = padding
        .get(..usize::from(choice) % (MAX_PADDING + 1))
        .unwrap_or_default();
    put_header(payload.len() + padding.len(), quick_ack, out);
    out.extend_from_slice(payload);
    out.extend_from_slice(padding);
    Ok(())
}

pub(super) fn decode(input: &[u8], role: Role, max_frame: usize) -> Result<Decoded, Error> {
    let (len, flagged) = match header(input, role) {
        Header::Length { len, flagged } => (len, flagged),
        Header::Other(decoded) => return Ok(decoded),
    };
    check_length(len, max_frame)?;
    Ok(payload(input, HEADER, HEADER + len, role, flagged))
}

pub(super) fn decode_padded(input: &[u8], role: Role, max_frame: usize) -> Result<Decoded, Error> {
    let (len, flagged) = match header(input, role) {
        Header::Length { len, flagged } => (len, flagged),
        Header::Other(decoded) => return Ok(decoded),
    };
    if len < 4 || len > max_frame.saturating_add(MAX_PADDING) {
        return Err(Error::Length {
            bytes: len,
            limit: max_frame,
        });
    }
    let end = HEADER + len;
    let Some(padded) = input.get(HEADER..end) else {
        return Ok(Decoded::Part { bytes: end });
    };
    let payload = without_padding(padded);
    let range = HEADER..HEADER + payload.len();
    Ok(Decoded::Whole {
        frame: payload_or_error(payload, range, role, flagged),
        consumed: end,
    })
}

enum Header {
    Length { len: usize, flagged: bool },
    Other(Decoded),
}

fn header(input: &[u8], role: Role) -> Header {
    let Some(word) = input.first_chunk().map(|bytes| u32::from_le_bytes(*bytes)) else {
        return Header::Other(Decoded::UNKNOWN);
    };
    let flagged = word & QUICK_ACK != 0;
    if flagged && role == Role::Client {
        return Header::Other(Decoded::Whole {
            frame: Found::QuickAck(word),
            consumed: 4,
        });
    }
    Header::Length {
        len: (word & !QUICK_ACK) as usize,
        flagged,
    }
}

fn put_header(len: usize, quick_ack: bool, out: &mut Vec<u8>) {
    let flag = if quick_ack { QUICK_ACK } else { 0 };
    out.extend_from_slice(&(len as u32 | flag).to_le_bytes());
}

/// The transport does not say how long its padding is, but the envelope does: a plain one has its length in it, an
/// encrypted one has whole cipher blocks after its 24 bytes of header, and an error is one word.
fn without_padding(padded: &[u8]) -> &[u8] {
    let len = padded.len();
    let payload_len = if len < MIN_ENVELOPE {
        4
    } else if padded.starts_with(&[0; 8]) {
        padded
            .get(16..20)
            .and_then(|field| field.try_into().ok())
            .map_or(len, |field| {
                (u32::from_le_bytes(field) as usize).saturating_add(MIN_ENVELOPE)
            })
    } else {
        len - len.saturating_sub(24) % 16
    };
    padded.get(..payload_len).unwrap_or(padded)
}
