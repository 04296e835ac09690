//! The hashes that Telegram gives of a file's pieces, <https://core.telegram.org/constructor/fileHash>.

use madeline_tl::Value;
use sha2::{Digest, Sha256};

use super::PART;

/// A piece of a file and its hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Where it begins.
    pub offset: u64,
    /// How many bytes it has: at least one, at most [`PART`].
    pub length: usize,
    /// Their SHA-256.
    sha256: Vec<u8>,
}

impl Piece {
    /// What a `fileHash` says; `None` where it is of no piece that could be there.
    pub(super) fn of(hash: &Value) -> Option<Piece> {
        let length = usize::try_from(hash.int("limit").ok()?).ok()?;
        let offset = u64::try_from(hash.int("offset").ok()?).ok()?;
        offset.checked_add(PART as u64)?;
        (1..=PART).contains(&length).then_some(Piece {
            offset,
            length,
            sha256: hash.bytes("hash").ok()?.to_vec(),
        })
    }

    /// Where the next one begins.
    pub fn end(&self) -> u64 {
        self.offset + self.length as u64
    }

    /// Whether these are its bytes.
    pub fn is(&self, bytes: &[u8]) -> bool {
        bytes.len() == self.length && Sha256::digest(bytes).as_slice() == self.sha256
    }
}
