//! `gzip_packed` contents, with a bound on what they may grow to.

use std::fmt;
use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use madeline_tl::wire::MAX_BYTES;

/// Why packed data can't be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// It is no gzip stream, or a damaged one.
    Corrupt,
    /// It grows beyond the permitted size.
    TooLong {
        /// That size in bytes.
        limit: usize,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Corrupt => formatter.write_str("the packed data is no valid gzip stream"),
            Self::TooLong { limit } => {
                write!(formatter, "the packed data grows beyond {limit} bytes")
            }
        }
    }
}

impl std::error::Error for Error {}

/// Unpacks `packed` to at most `limit` bytes. Memory grows with what was unpacked, not with what is announced.
pub fn unpack(packed: &[u8], limit: usize) -> Result<Vec<u8>, Error> {
    let mut unpacked = Vec::new();
    GzDecoder::new(packed)
        .take(limit as u64 + 1)
        .read_to_end(&mut unpacked)
        .map_err(|_| Error::Corrupt)?;
    if unpacked.len() > limit {
        return Err(Error::TooLong { limit });
    }
    Ok(unpacked)
}

/// Packs `bytes`; `None` when that does not make them smaller, or not small enough for a TL byte string.
pub fn pack(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).ok()?;
    encoder
        .finish()
        .ok()
        .filter(|packed| packed.len() < bytes.len().min(MAX_BYTES))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn packed_bytes_come_back() {
        let bytes = vec![7; 10_000];
        let packed = pack(&bytes).unwrap();
        assert!(packed.len() < 200);
        assert_eq!(unpack(&packed, 10_000), Ok(bytes));
    }

    #[test]
    fn bytes_that_do_not_shrink_are_not_packed() {
        assert_eq!(pack(&[1, 2, 3]), None);
    }

    #[test]
    fn a_bomb_is_stopped_at_the_limit() {
        let packed = pack(&vec![0; 1 << 20]).unwrap();
        assert_eq!(unpack(&packed, 1000), Err(Error::TooLong { limit: 1000 }));
    }

    #[test]
    fn damaged_data_is_an_error() {
        let packed = pack(&[7; 1000]).unwrap();
        assert_eq!(unpack(&[], 1000), Err(Error::Corrupt));
        assert_eq!(unpack(b"not gzip at all", 1000), Err(Error::Corrupt));
        assert_eq!(
            unpack(packed.split_last().unwrap().1, 1000),
            Err(Error::Corrupt)
        );
    }
}
