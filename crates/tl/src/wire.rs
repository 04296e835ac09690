//! The primitives of TL serialization: <https://core.telegram.org/mtproto/serialize>.
//!
//! The codec stands on them, and so do messages that are written by hand, such as MTProto's containers. Reading is
//! bounded by the bytes that are there; nothing here allocates by a length that the input merely claims.

use std::fmt;

/// The id of `vector`, before the count of a boxed vector.
pub const VECTOR: u32 = 0x1cb5_c415;
/// The id of `boolTrue`.
pub const BOOL_TRUE: u32 = 0x9972_75b5;
/// The id of `boolFalse`.
pub const BOOL_FALSE: u32 = 0xbc79_9737;
/// The id of `gzip_packed`, which may stand for any boxed value.
pub const GZIP_PACKED: u32 = 0x3072_cfa1;

/// The longest string or bytes that TL can carry.
pub const MAX_BYTES: usize = 0xff_ffff;

/// Why bytes could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// The input ends within a value: so many bytes were wanted, so many are there.
    End {
        /// Bytes that the value takes.
        wanted: usize,
        /// Bytes that are left.
        left: usize,
    },
    /// A string begins with 255, which is no length.
    Length,
    /// Another constructor was wanted.
    Constructor {
        /// The id that was wanted.
        wanted: u32,
        /// The id that is there.
        found: u32,
    },
    /// A vector claims more items than the rest of the input can hold.
    Count {
        /// What it claims.
        claimed: u32,
    },
    /// Bytes are left after the value.
    Trailing {
        /// How many.
        left: usize,
    },
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::End { wanted, left } => write!(f, "expected {wanted} more bytes, found {left}"),
            Self::Length => f.write_str("expected the length of a string, found 255"),
            Self::Constructor { wanted, found } => {
                write!(f, "expected constructor {wanted:08x}, found {found:08x}")
            }
            Self::Count { claimed } => write!(
                f,
                "expected as many items as fit into the input, found a count of {claimed}"
            ),
            Self::Trailing { left } => {
                write!(f, "expected the end of the input, found {left} more bytes")
            }
        }
    }
}

impl std::error::Error for ReadError {}

/// Reads primitives from the front of a slice.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    bytes: &'a [u8],
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// A reader at the start of `bytes`.
    #[inline]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, rest: bytes }
    }

    /// How many bytes are read.
    #[inline]
    pub fn position(&self) -> usize {
        self.bytes.len() - self.rest.len()
    }

    /// The bytes that are not read yet.
    #[inline]
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// The bytes from an earlier [`Reader::position`] to here.
    pub fn since(&self, position: usize) -> &'a [u8] {
        self.bytes
            .get(position..self.position())
            .unwrap_or_default()
    }

    /// Succeeds where everything is read.
    pub fn finish(&self) -> Result<(), ReadError> {
        if self.rest.is_empty() {
            Ok(())
        } else {
            Err(ReadError::Trailing {
                left: self.rest.len(),
            })
        }
    }

    /// The next `count` bytes.
    #[inline]
    pub fn raw(&mut self, count: usize) -> Result<&'a [u8], ReadError> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or(ReadError::End {
            wanted: count,
            left: self.rest.len(),
        })?;
        self.rest = rest;
        Ok(taken)
    }

    /// The next `N` bytes: `int128` and the like.
    #[inline]
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], ReadError> {
        let (taken, rest) = self.rest.split_first_chunk::<N>().ok_or(ReadError::End {
            wanted: N,
            left: self.rest.len(),
        })?;
        self.rest = rest;
        Ok(*taken)
    }

    /// A constructor's id, or a flags word.
    #[inline]
    pub fn id(&mut self) -> Result<u32, ReadError> {
        self.array().map(u32::from_le_bytes)
    }

    /// The constructor's id that comes next; it stays unread.
    #[inline]
    pub fn peek_id(&self) -> Result<u32, ReadError> {
        self.clone().id()
    }

    /// Reads the id of one known constructor.
    pub fn expect_id(&mut self, wanted: u32) -> Result<(), ReadError> {
        let found = self.peek_id()?;
        if found != wanted {
            return Err(ReadError::Constructor { wanted, found });
        }
        self.id().map(drop)
    }

    /// An `int`.
    #[inline]
    pub fn int(&mut self) -> Result<i32, ReadError> {
        self.array().map(i32::from_le_bytes)
    }

    /// A `long`.
    #[inline]
    pub fn long(&mut self) -> Result<i64, ReadError> {
        self.array().map(i64::from_le_bytes)
    }

    /// A `double`.
    #[inline]
    pub fn double(&mut self) -> Result<f64, ReadError> {
        self.array().map(f64::from_le_bytes)
    }

    /// A `string` or `bytes`, without its length and padding. What the padding holds is not looked at.
    #[inline]
    pub fn bytes(&mut self) -> Result<&'a [u8], ReadError> {
        let [short] = self.array()?;
        let (length, head) = match short {
            0..=253 => (usize::from(short), 1),
            254 => {
                let [a, b, c] = self.array()?;
                (u32::from_le_bytes([a, b, c, 0]) as usize, 4)
            }
            255 => return Err(ReadError::Length),
        };
        let bytes = self.raw(length)?;
        self.raw((head + length).wrapping_neg() % 4)?;
        Ok(bytes)
    }

    /// The count of a bare vector, the items of which take `min_item` bytes or more (0 counts as 1).
    #[inline]
    pub fn count(&mut self, min_item: usize) -> Result<usize, ReadError> {
        let claimed = self.id()?;
        if claimed as usize > self.rest.len() / min_item.max(1) {
            return Err(ReadError::Count { claimed });
        }
        Ok(claimed as usize)
    }

    /// The count of a boxed vector, its id included.
    pub fn vector(&mut self, min_item: usize) -> Result<usize, ReadError> {
        self.expect_id(VECTOR)?;
        self.count(min_item)
    }
}

/// A string or bytes longer than [`MAX_BYTES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLong {
    /// Its length in bytes.
    pub length: usize,
}

impl fmt::Display for TooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "expected at most {MAX_BYTES} bytes, found {}",
            self.length
        )
    }
}

impl std::error::Error for TooLong {}

/// Writes primitives to the end of a vector.
#[derive(Debug)]
pub struct Writer<'o> {
    out: &'o mut Vec<u8>,
}

impl<'o> Writer<'o> {
    /// A writer that appends to `out`.
    #[inline]
    pub fn new(out: &'o mut Vec<u8>) -> Self {
        Self { out }
    }

    /// How many bytes the vector holds, those before this writer included.
    #[inline]
    pub fn position(&self) -> usize {
        self.out.len()
    }

    /// Bytes as they are: a serialized value, `int128` and the like.
    #[inline]
    pub fn raw(&mut self, bytes: &[u8]) {
        self.out.extend_from_slice(bytes);
    }

    /// A constructor's id, or a flags word.
    #[inline]
    pub fn id(&mut self, id: u32) {
        self.raw(&id.to_le_bytes());
    }

    /// Overwrites the four bytes at an earlier [`Writer::position`]; nothing where they are not written yet.
    #[inline]
    pub fn patch(&mut self, position: usize, id: u32) {
        if let Some(slot) = self
            .out
            .get_mut(position..)
            .and_then(|rest| rest.first_chunk_mut())
        {
            *slot = id.to_le_bytes();
        }
    }

    /// An `int`.
    #[inline]
    pub fn int(&mut self, value: i32) {
        self.raw(&value.to_le_bytes());
    }

    /// A `long`.
    #[inline]
    pub fn long(&mut self, value: i64) {
        self.raw(&value.to_le_bytes());
    }

    /// A `double`.
    #[inline]
    pub fn double(&mut self, value: f64) {
        self.raw(&value.to_le_bytes());
    }

    /// A `Bool`.
    #[inline]
    pub fn bool(&mut self, value: bool) {
        self.id(if value { BOOL_TRUE } else { BOOL_FALSE });
    }

    /// A `string` or `bytes`, with its length and padding.
    ///
    /// # Errors
    /// [`TooLong`] above [`MAX_BYTES`]; nothing is written then.
    #[inline]
    pub fn bytes(&mut self, bytes: &[u8]) -> Result<(), TooLong> {
        let length = bytes.len();
        let head = if length < 254 {
            self.out.push(length as u8);
            1
        } else if length <= MAX_BYTES {
            self.id((length as u32) << 8 | 0xfe);
            4
        } else {
            return Err(TooLong { length });
        };
        self.raw(bytes);
        self.out
            .resize(self.out.len() + (head + length).wrapping_neg() % 4, 0);
        Ok(())
    }

    /// The head of a boxed vector: its id and the count.
    #[inline]
    pub fn vector(&mut self, count: u32) {
        self.id(VECTOR);
        self.id(count);
    }
}
