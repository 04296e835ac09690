//! Files that clients upload: which parts came, and what they hash to. The bytes themselves are not kept.

use std::collections::BTreeMap;

use serde_json::json;
use sha2::{Digest, Sha256};

use super::{KeyRef, hex};
use crate::error::{RpcError, bad_request};

/// Largest part in bytes; all sizes of parts divide it.
const LARGEST_PART: usize = 512 << 10;
/// Most parts of a file, for those who have Premium.
const MOST_PARTS: i32 = 8000;
/// Bytes of parts that wait for earlier ones to be hashed, over all uploads.
const WAITING: usize = 64 << 20;

/// A part as it comes.
pub(crate) struct Part<'q> {
    pub(crate) number: i32,
    /// How many there will be, where that is known: `saveBigFilePart`.
    pub(crate) total: Option<i32>,
    pub(crate) bytes: &'q [u8],
}

/// Uploads by key and `file_id`.
#[derive(Default)]
pub(crate) struct Uploads {
    files: BTreeMap<(KeyRef, i64), Upload>,
    /// Somebody may ask for the hashes.
    is_watched: bool,
    waiting: usize,
}

#[derive(Default)]
struct Upload {
    total: Option<i32>,
    /// Size of all parts but the last.
    part_size: Option<usize>,
    /// Sizes by number.
    parts: BTreeMap<i32, usize>,
    hash: Hash,
}

/// The hash of what came so far, as far as it came without gaps.
#[derive(Default)]
struct Hash {
    state: Sha256,
    next: i32,
    waiting: BTreeMap<i32, Vec<u8>>,
    /// Too much would have had to be kept.
    is_lost: bool,
}

impl Uploads {
    /// Hashes what comes from now on.
    pub(crate) fn watch(&mut self) {
        self.is_watched = true;
    }

    /// Takes a part. A part that comes again counts once.
    pub(crate) fn take(
        &mut self,
        key: KeyRef,
        file_id: i64,
        part: &Part<'_>,
    ) -> Result<(), RpcError> {
        let upload = self.files.entry((key, file_id)).or_default();
        upload.check(part)?;
        let is_new = upload.parts.insert(part.number, part.bytes.len()).is_none();
        if self.is_watched && is_new {
            upload.hash.take(part, &mut self.waiting);
        }
        Ok(())
    }

    /// All uploads as JSON.
    pub(crate) fn to_json(&self) -> serde_json::Value {
        let uploads = self.files.iter().map(|((key, file_id), upload)| {
            let complete = upload.total.is_some_and(|total| {
                usize::try_from(total).is_ok_and(|total| total == upload.parts.len())
            });
            let whole = self.is_watched
                && !upload.hash.is_lost
                && usize::try_from(upload.hash.next).is_ok_and(|next| next == upload.parts.len());
            json!({
                "dc": key.dc,
                "key": key.id,
                "file_id": file_id,
                "parts": upload.parts.len(),
                "total": upload.total,
                "bytes": upload.parts.values().sum::<usize>(),
                "complete": complete,
                "sha256": whole.then(|| hex(&upload.hash.state.clone().finalize())),
            })
        });
        uploads.collect()
    }
}

impl Upload {
    /// <https://core.telegram.org/api/files#uploading-files>
    fn check(&mut self, part: &Part<'_>) -> Result<(), RpcError> {
        let size = part.bytes.len();
        if let Some(total) = part.total
            && (!(1..=MOST_PARTS).contains(&total)
                || self.total.is_some_and(|known| known != total))
        {
            return Err(bad_request("FILE_PARTS_INVALID"));
        }
        if !(0..part.total.unwrap_or(MOST_PARTS)).contains(&part.number) {
            return Err(bad_request("FILE_PART_INVALID"));
        }
        if size == 0 {
            return Err(bad_request("FILE_PART_EMPTY"));
        }
        if size > LARGEST_PART {
            return Err(bad_request("FILE_PART_TOO_BIG"));
        }
        // Without a total the last part is the one with the highest number so far.
        let highest = self.parts.keys().copied().max().unwrap_or(0);
        let last = match part.total {
            Some(total) => total - 1,
            None => highest.max(part.number),
        };
        let is_regular = size.is_multiple_of(1024) && LARGEST_PART.is_multiple_of(size);
        if part.number != last && !is_regular {
            return Err(bad_request("FILE_PART_SIZE_INVALID"));
        }
        // What was the last part so far is none any more.
        if let Some(former) = self.parts.get(&highest).filter(|_| highest < last) {
            self.part_size.get_or_insert(*former);
            if self.part_size != Some(*former) {
                return Err(bad_request("FILE_PART_SIZE_CHANGED"));
            }
        }
        if part.number == last {
            if self.part_size.is_some_and(|regular| size > regular) {
                return Err(bad_request("FILE_PART_SIZE_CHANGED"));
            }
        } else if self.part_size.is_some_and(|regular| size != regular) {
            return Err(bad_request("FILE_PART_SIZE_CHANGED"));
        } else {
            self.part_size = Some(size);
        }
        self.total = part.total.or(self.total);
        Ok(())
    }
}

impl Hash {
    fn take(&mut self, part: &Part<'_>, waiting: &mut usize) {
        if self.is_lost {
            return;
        }
        if part.number != self.next {
            if *waiting + part.bytes.len() > WAITING {
                *waiting -= self.waiting.values().map(Vec::len).sum::<usize>();
                self.waiting.clear();
                self.is_lost = true;
            } else {
                *waiting += part.bytes.len();
                self.waiting.insert(part.number, part.bytes.to_vec());
            }
            return;
        }
        self.state.update(part.bytes);
        self.next += 1;
        while let Some(bytes) = self.waiting.remove(&self.next) {
            *waiting -= bytes.len();
            self.state.update(&bytes);
            self.next += 1;
        }
    }
}
