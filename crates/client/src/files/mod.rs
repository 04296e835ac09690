//! Files: moved in parts over the connections for files, <https://core.telegram.org/api/files>.
//!
//! [`Download`] and [`Upload`] hold a bounded number of parts, whatever the size of the file; the caller takes and gives
//! bytes as it can. [`file_id`] are the bot API's names for files.

mod cdn;
mod download;
pub mod file_id;
mod hashes;
pub mod media;
mod origin;
mod resume;
mod source;
#[cfg(test)]
mod tests;
mod upload;

pub use download::{Download, Order, Part, Range};
pub use hashes::Piece;
pub use origin::Origin;
pub use resume::Resume;
pub use source::Location;
pub use upload::{Sealed, Upload, Uploaded, fingerprint};

/// Bytes of a part, the most that `upload.saveFilePart` takes. Blocks of this size are never read across.
pub const PART: usize = 512 << 10;
/// How many parts begin their way at once, where as many may: the engine encrypts those that leave together faster.
const TOGETHER: usize = 4;
/// The largest file that is uploaded with a checksum, and in any order.
pub const SMALL: u64 = 10 << 20;
/// The largest file of all: 8000 parts, for those who have Premium.
pub const LARGEST: u64 = 8000 * PART as u64;
