//! The checks of <https://core.telegram.org/mtproto/security_guidelines> on a single encrypted message, one function
//! each.

use std::ops::RangeInclusive;

use subtle::ConstantTimeEq;

use super::{BLOCK, Error, INNER_HEADER, MIN_PADDING, OUTER_HEADER};
use crate::message_id::{MsgId, Origin};

const PADDING: RangeInclusive<usize> = MIN_PADDING..=1024;

/// The frame has room for both headers and the padding, and its encrypted part consists of whole cipher blocks.
pub fn frame_length(frame: &[u8]) -> Result<(), Error> {
    let encrypted = frame.len().saturating_sub(OUTER_HEADER);
    if encrypted < INNER_HEADER + MIN_PADDING || !encrypted.is_multiple_of(BLOCK) {
        return Err(Error::FrameLength { bytes: frame.len() });
    }
    Ok(())
}

/// The message is for the key in use.
pub fn auth_key_id(got: i64, expected: i64) -> Result<(), Error> {
    if got != expected {
        return Err(Error::AuthKeyId { got, expected });
    }
    Ok(())
}

/// `msg_key` is the one computed from the decrypted plaintext with its padding. Compared in constant time.
pub fn msg_key(got: &[u8; 16], computed: &[u8; 16]) -> Result<(), Error> {
    if !bool::from(got.ct_eq(computed)) {
        return Err(Error::MsgKey);
    }
    Ok(())
}

/// The length inside the message is a multiple of 4 from 0 to what follows. Gives it as a size.
pub fn data_length(announced: i32, available: usize) -> Result<usize, Error> {
    let wrong = Error::DataLength {
        announced,
        available,
    };
    match usize::try_from(announced) {
        Ok(len) if len <= available && len.is_multiple_of(4) => Ok(len),
        _ => Err(wrong),
    }
}

/// There are 12 to 1024 bytes of padding.
pub fn padding(bytes: usize) -> Result<(), Error> {
    if !PADDING.contains(&bytes) {
        return Err(Error::Padding { bytes });
    }
    Ok(())
}

/// The message belongs to the session in use.
pub fn session_id(got: i64, expected: i64) -> Result<(), Error> {
    if got != expected {
        return Err(Error::SessionId { got, expected });
    }
    Ok(())
}

/// The two low bits of the identifier are those that the writing side uses.
pub fn origin(msg_id: MsgId, writer: super::Side) -> Result<Origin, Error> {
    match (msg_id.origin(), writer) {
        (Some(origin @ Origin::Client), super::Side::Client)
        | (Some(origin @ (Origin::ServerAnswer | Origin::ServerNotice)), super::Side::Server) => {
            Ok(origin)
        }
        _ => Err(Error::Origin { msg_id }),
    }
}
