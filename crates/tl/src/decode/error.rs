//! Why bytes could not be decoded.

use std::fmt;

use crate::wire::ReadError;

/// An error of decoding, with the place where it happened.
#[derive(Debug)]
pub struct DecodeError {
    /// Boxed, so that a result of the codec stays small.
    inner: Box<Inner>,
}

#[derive(Debug)]
struct Inner {
    kind: DecodeErrorKind,
    offset: usize,
    /// From the innermost to the outermost.
    steps: Vec<String>,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DecodeErrorKind {
    /// The bytes are no TL.
    Read(ReadError),
    /// The schema has no constructor with that id.
    UnknownConstructor {
        /// The id.
        id: u32,
    },
    /// A constructor of another type.
    Mismatch {
        /// The type in TL's spelling.
        expected: String,
        /// The constructor's name.
        found: String,
    },
    /// Values nest deeper than the limits allow.
    TooDeep,
    /// `gzip_packed` does not hold what gzip makes.
    Gzip,
    /// `gzip_packed` holds more than the limits allow.
    TooLarge,
    /// Waveforms and stripped thumbnails stand for far more than the size of the input.
    Expansion,
    /// A channel whose id is not positive, or has no number in the bot API.
    ChannelId {
        /// The id as Telegram sent it.
        id: i64,
    },
    /// `random_bytes` holds less than 15 bytes.
    ShortPadding {
        /// How many it holds.
        length: usize,
    },
}

impl DecodeError {
    pub(crate) fn new(kind: DecodeErrorKind, offset: usize) -> Self {
        Self {
            inner: Box::new(Inner {
                kind,
                offset,
                steps: Vec::new(),
            }),
        }
    }

    /// Adds the step that led to the place, going outwards.
    #[must_use]
    pub(super) fn within(mut self, step: impl FnOnce() -> String) -> Self {
        self.inner.steps.push(step());
        self
    }

    /// What is wrong.
    pub fn kind(&self) -> &DecodeErrorKind {
        &self.inner.kind
    }

    /// Where, in bytes from the start of the input (of the inflated bytes within `gzip_packed`).
    pub fn offset(&self) -> usize {
        self.inner.offset
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner {
            kind,
            offset,
            steps,
        } = &*self.inner;
        write!(f, "byte {offset}")?;
        for (index, step) in steps.iter().rev().enumerate() {
            f.write_str(match (index, step.starts_with('[')) {
                (0, _) => ", ",
                (_, true) => "",
                (_, false) => " → ",
            })?;
            f.write_str(step)?;
        }
        f.write_str(": ")?;
        match kind {
            DecodeErrorKind::Read(error) => error.fmt(f),
            DecodeErrorKind::UnknownConstructor { id } => {
                write!(f, "expected a constructor of the schema, found {id:08x}")
            }
            DecodeErrorKind::Mismatch { expected, found } => {
                write!(f, "expected {expected}, found {found}")
            }
            DecodeErrorKind::TooDeep => f.write_str("expected values that nest less deep"),
            DecodeErrorKind::Gzip => f.write_str("expected gzip data"),
            DecodeErrorKind::TooLarge => f.write_str("expected gzip data of a smaller result"),
            DecodeErrorKind::Expansion => {
                f.write_str("expected fewer waveforms and thumbnails in so little data")
            }
            DecodeErrorKind::ChannelId { id } => {
                write!(f, "expected the id of a channel, found {id}")
            }
            DecodeErrorKind::ShortPadding { length } => {
                write!(f, "expected at least 15 random bytes, found {length}")
            }
        }
    }
}

impl std::error::Error for DecodeError {}
