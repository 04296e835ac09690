//! What processes of one session say to each other over its socket.
//!
//! A frame is its length in four bytes, one byte that says what it is, and its content; numbers are little-endian. Both
//! sides are the same release: [`Frame::Hello`] and [`Frame::Welcome`] say so first, and their form never changes.

use std::io;

use bytes::{Buf, BufMut, Bytes, BytesMut};

use crate::engine::{InvokeError, Lane};
use crate::{DcId, Error};

/// The longest frame: the longest answer of a server with some room.
const LONGEST: usize = 32 << 20;
/// Bytes of [`Frame::Welcome::settings`].
pub(super) const DIGEST: usize = 32;
/// The first bytes of a connection.
const MAGIC: u32 = u32::from_le_bytes(*b"MdlS");

/// What is said. A *follower* sends its calls through the *leader*, who has the connections.
#[derive(Debug)]
pub(super) enum Frame {
    /// The follower's first word.
    Hello { release: String },
    /// The leader's first word. `settings`: a digest of how its connections are made.
    Welcome {
        release: String,
        settings: [u8; DIGEST],
    },
    /// A call of the follower's.
    Call {
        id: u64,
        dc: DcId,
        lane: Lane,
        repeatable: bool,
        body: Bytes,
    },
    /// Nobody waits for the call any more.
    Cancel { id: u64 },
    /// What became of the call.
    Answer {
        id: u64,
        outcome: Result<Bytes, InvokeError>,
    },
    /// The call was not sent, and will not be: the leader is about to end.
    Unsent { id: u64 },
    /// The follower takes the updates, or no longer does.
    Listen { on: bool },
    /// An object of updates.
    Update { object: Bytes },
    /// The result of another process's call, for the follower that takes the updates.
    Result {
        method: String,
        body: Bytes,
        result: Bytes,
    },
    /// [`Engine::set_home`](crate::Engine::set_home)
    Home { dc: DcId },
    /// [`Engine::renew`](crate::Engine::renew)
    Renew { dc: DcId },
    /// The follower has logged the session out.
    LoggedOut,
    /// The sender wants to lead, with connections of its own making.
    Yield,
    /// Is somebody there? The answer is the same.
    Beat,
    /// The leader takes no calls any more, and ends when it has answered those that it has. The follower says the same
    /// behind its last call.
    Bye,
}

mod kind {
    pub(super) const HELLO: u8 = 1;
    pub(super) const WELCOME: u8 = 2;
    pub(super) const CALL: u8 = 3;
    pub(super) const CANCEL: u8 = 4;
    pub(super) const ANSWER: u8 = 5;
    pub(super) const UNSENT: u8 = 6;
    pub(super) const LISTEN: u8 = 7;
    pub(super) const UPDATE: u8 = 8;
    pub(super) const RESULT: u8 = 9;
    pub(super) const HOME: u8 = 10;
    pub(super) const RENEW: u8 = 11;
    pub(super) const LOGGED_OUT: u8 = 12;
    pub(super) const BEAT: u8 = 13;
    pub(super) const BYE: u8 = 14;
    pub(super) const YIELD: u8 = 15;
}

/// The kinds of outcomes.
mod outcome {
    pub(super) const RESULT: u8 = 0;
    pub(super) const RPC: u8 = 1;
    pub(super) const CONNECT: u8 = 2;
    pub(super) const KEY_EXCHANGE: u8 = 3;
    pub(super) const TRANSPORT: u8 = 4;
    pub(super) const LOST: u8 = 5;
    pub(super) const UNUSABLE: u8 = 6;
    pub(super) const SIZE: u8 = 7;
    pub(super) const UNKNOWN_DC: u8 = 8;
    pub(super) const SESSION: u8 = 9;
}

impl Frame {
    /// Appends the frame.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        let start = out.len();
        out.put_u32_le(0);
        self.content(out);
        let length = (out.len() - start - 4) as u32;
        if let Some(place) = out.get_mut(start..start + 4) {
            place.copy_from_slice(&length.to_le_bytes());
        }
    }

    fn content(&self, out: &mut Vec<u8>) {
        match self {
            Frame::Hello { release } => {
                out.put_u8(kind::HELLO);
                out.put_u32_le(MAGIC);
                put_bytes(out, release.as_bytes());
            }
            Frame::Welcome { release, settings } => {
                out.put_u8(kind::WELCOME);
                out.put_u32_le(MAGIC);
                put_bytes(out, release.as_bytes());
                out.put_slice(settings);
            }
            Frame::Call {
                id,
                dc,
                lane,
                repeatable,
                body,
            } => {
                out.put_u8(kind::CALL);
                out.put_u64_le(*id);
                out.put_i32_le(dc.0);
                out.put_u8(lane_number(*lane) << 1 | u8::from(*repeatable));
                out.put_slice(body);
            }
            Frame::Cancel { id } => put_id(out, kind::CANCEL, *id),
            Frame::Answer { id, outcome } => {
                put_id(out, kind::ANSWER, *id);
                put_outcome(out, outcome);
            }
            Frame::Unsent { id } => put_id(out, kind::UNSENT, *id),
            Frame::Listen { on } => {
                out.put_u8(kind::LISTEN);
                out.put_u8(u8::from(*on));
            }
            Frame::Update { object } => {
                out.put_u8(kind::UPDATE);
                out.put_slice(object);
            }
            Frame::Result {
                method,
                body,
                result,
            } => {
                out.put_u8(kind::RESULT);
                put_bytes(out, method.as_bytes());
                put_bytes(out, body);
                out.put_slice(result);
            }
            Frame::Home { dc } => {
                out.put_u8(kind::HOME);
                out.put_i32_le(dc.0);
            }
            Frame::Renew { dc } => {
                out.put_u8(kind::RENEW);
                out.put_i32_le(dc.0);
            }
            Frame::LoggedOut => out.put_u8(kind::LOGGED_OUT),
            Frame::Yield => out.put_u8(kind::YIELD),
            Frame::Beat => out.put_u8(kind::BEAT),
            Frame::Bye => out.put_u8(kind::BYE),
        }
    }

    /// Takes the first whole frame out of what has come; `None` where it is not complete.
    pub(super) fn take(input: &mut BytesMut) -> io::Result<Option<Frame>> {
        let Some(head) = input.first_chunk::<4>() else {
            return Ok(None);
        };
        let length = u32::from_le_bytes(*head) as usize;
        if length == 0 || length > LONGEST {
            return Err(broken("a frame of an impossible length came"));
        }
        if input.len() < 4 + length {
            input.reserve(4 + length - input.len());
            return Ok(None);
        }
        input.advance(4);
        let mut rest = input.split_to(length).freeze();
        let frame = read(&mut rest).ok_or_else(|| broken("a frame that cannot be read came"))?;
        Ok(Some(frame))
    }
}

fn read(rest: &mut Bytes) -> Option<Frame> {
    let frame = match rest.try_get_u8().ok()? {
        kind::HELLO => {
            let release = greeting(rest)?;
            // Whatever else a later release says here.
            rest.clear();
            Frame::Hello { release }
        }
        kind::WELCOME => {
            let release = greeting(rest)?;
            let mut settings = [0; DIGEST];
            rest.try_copy_to_slice(&mut settings).ok()?;
            rest.clear();
            Frame::Welcome { release, settings }
        }
        kind::CALL => {
            let id = rest.try_get_u64_le().ok()?;
            let dc = DcId(rest.try_get_i32_le().ok()?);
            let manner = rest.try_get_u8().ok()?;
            Frame::Call {
                id,
                dc,
                lane: match manner >> 1 {
                    0 => Lane::Calls,
                    1 => Lane::Files,
                    2 => Lane::Cdn,
                    _ => return None,
                },
                repeatable: manner & 1 != 0,
                body: std::mem::take(rest),
            }
        }
        kind::CANCEL => Frame::Cancel {
            id: rest.try_get_u64_le().ok()?,
        },
        kind::ANSWER => Frame::Answer {
            id: rest.try_get_u64_le().ok()?,
            outcome: get_outcome(rest)?,
        },
        kind::UNSENT => Frame::Unsent {
            id: rest.try_get_u64_le().ok()?,
        },
        kind::LISTEN => Frame::Listen {
            on: match rest.try_get_u8().ok()? {
                0 => false,
                1 => true,
                _ => return None,
            },
        },
        kind::UPDATE => Frame::Update {
            object: std::mem::take(rest),
        },
        kind::RESULT => Frame::Result {
            method: text(rest)?,
            body: get_bytes(rest)?,
            result: std::mem::take(rest),
        },
        kind::HOME => Frame::Home {
            dc: DcId(rest.try_get_i32_le().ok()?),
        },
        kind::RENEW => Frame::Renew {
            dc: DcId(rest.try_get_i32_le().ok()?),
        },
        kind::LOGGED_OUT => Frame::LoggedOut,
        kind::YIELD => Frame::Yield,
        kind::BEAT => Frame::Beat,
        kind::BYE => Frame::Bye,
        _ => return None,
    };
    rest.is_empty().then_some(frame)
}

fn put_outcome(out: &mut Vec<u8>, outcome: &Result<Bytes, InvokeError>) {
    match outcome {
        Ok(result) => {
            out.put_u8(outcome::RESULT);
            out.put_slice(result);
        }
        Err(InvokeError::Rpc { code, message }) => {
            out.put_u8(outcome::RPC);
            out.put_i32_le(*code);
            put_bytes(out, message.as_bytes());
        }
        Err(InvokeError::Connect { address, source }) => {
            out.put_u8(outcome::CONNECT);
            put_bytes(out, address.as_bytes());
            put_bytes(out, source.to_string().as_bytes());
        }
        Err(InvokeError::KeyExchange(cause)) => {
            put_text(out, outcome::KEY_EXCHANGE, &cause.to_string());
        }
        Err(InvokeError::Transport(code)) => {
            out.put_u8(outcome::TRANSPORT);
            out.put_i32_le(*code);
        }
        Err(InvokeError::Lost(cause)) => put_text(out, outcome::LOST, &cause.to_string()),
        Err(InvokeError::Unusable(cause)) => put_text(out, outcome::UNUSABLE, &cause.to_string()),
        Err(InvokeError::Size { bytes, limit }) => {
            out.put_u8(outcome::SIZE);
            out.put_u64_le(*bytes as u64);
            out.put_u64_le(*limit as u64);
        }
        Err(InvokeError::Session(Error::UnknownDc { dc, known })) => {
            out.put_u8(outcome::UNKNOWN_DC);
            out.put_i32_le(dc.0);
            for dc in known {
                out.put_i32_le(dc.0);
            }
        }
        Err(InvokeError::Session(Error::SessionElsewhere { text })) => {
            put_text(out, outcome::SESSION, text);
        }
        Err(InvokeError::Session(error)) => put_text(out, outcome::SESSION, &error.to_string()),
    }
}

fn get_outcome(rest: &mut Bytes) -> Option<Result<Bytes, InvokeError>> {
    let error = match rest.try_get_u8().ok()? {
        outcome::RESULT => return Some(Ok(std::mem::take(rest))),
        outcome::RPC => InvokeError::Rpc {
            code: rest.try_get_i32_le().ok()?,
            message: text(rest)?,
        },
        outcome::CONNECT => InvokeError::Connect {
            address: text(rest)?,
            source: io::Error::other(text(rest)?),
        },
        outcome::KEY_EXCHANGE => InvokeError::KeyExchange(text(rest)?.into()),
        outcome::TRANSPORT => InvokeError::Transport(rest.try_get_i32_le().ok()?),
        outcome::LOST => InvokeError::Lost(text(rest)?.into()),
        outcome::UNUSABLE => InvokeError::Unusable(text(rest)?.into()),
        outcome::SIZE => InvokeError::Size {
            bytes: usize::try_from(rest.try_get_u64_le().ok()?).ok()?,
            limit: usize::try_from(rest.try_get_u64_le().ok()?).ok()?,
        },
        outcome::UNKNOWN_DC => {
            let dc = DcId(rest.try_get_i32_le().ok()?);
            let mut known = Vec::new();
            while let Ok(dc) = rest.try_get_i32_le() {
                known.push(DcId(dc));
            }
            InvokeError::Session(Error::UnknownDc { dc, known })
        }
        outcome::SESSION => InvokeError::Session(Error::SessionElsewhere { text: text(rest)? }),
        _ => return None,
    };
    Some(Err(error))
}

fn lane_number(lane: Lane) -> u8 {
    match lane {
        Lane::Calls => 0,
        Lane::Files => 1,
        Lane::Cdn => 2,
    }
}

/// The release of the other side, of a side that speaks this language.
fn greeting(rest: &mut Bytes) -> Option<String> {
    (rest.try_get_u32_le().ok()? == MAGIC).then(|| text(rest))?
}

fn put_id(out: &mut Vec<u8>, kind: u8, id: u64) {
    out.put_u8(kind);
    out.put_u64_le(id);
}

fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    out.put_u32_le(bytes.len() as u32);
    out.put_slice(bytes);
}

fn put_text(out: &mut Vec<u8>, kind: u8, text: &str) {
    out.put_u8(kind);
    put_bytes(out, text.as_bytes());
}

fn get_bytes(rest: &mut Bytes) -> Option<Bytes> {
    let length = rest.try_get_u32_le().ok()? as usize;
    (length <= rest.len()).then(|| rest.split_to(length))
}

fn text(rest: &mut Bytes) -> Option<String> {
    String::from_utf8(get_bytes(rest)?.into()).ok()
}

fn broken(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

/// Bytes of a session's socket, as they come: the reader of [`Frame`], for who checks it.
#[derive(Debug, Default)]
pub struct Frames(BytesMut);

impl Frames {
    /// More bytes have come.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    /// Takes the next frame out; it is given back as it would be written. `None`: it is not complete.
    ///
    /// # Errors
    /// What has come is no frame.
    pub fn next_written(&mut self) -> io::Result<Option<Vec<u8>>> {
        Ok(Frame::take(&mut self.0)?.map(|frame| {
            let mut out = Vec::new();
            frame.write(&mut out);
            out
        }))
    }

    /// Bytes of memory that are taken.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.0.capacity()
    }
}

#[cfg(test)]
pub(super) mod tests;
