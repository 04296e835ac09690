//! Files that clients upload: which parts came, what they hash to, and, for a while, their bytes.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use madeline_tl::Value;
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
/// Bytes of parts that are kept until somebody sends the file, over all uploads. The oldest are forgotten first.
const KEPT: usize = 512 << 20;

/// A part as it comes.
pub(crate) struct Part<'q> {
    pub(crate) number: i32,
    /// How many there will be, where that is known: `saveBigFilePart`.
    pub(crate) total: Option<i32>,
    /// Of a file that is sent as `inputFileBig`.
    pub(crate) big: bool,
    pub(crate) bytes: &'q [u8],
}

/// Uploads by key and `file_id`.
#[derive(Default)]
pub(crate) struct Uploads {
    files: BTreeMap<(KeyRef, i64), Upload>,
    /// Somebody may ask for the hashes.
    is_watched: bool,
    waiting: usize,
    /// Those that have bytes, oldest first.
    ages: VecDeque<(KeyRef, i64)>,
    kept: usize,
}

/// The bytes of an upload that is complete.
pub(crate) struct Complete {
    /// All of the same size, but for the last one.
    pub(crate) parts: Arc<[Vec<u8>]>,
    /// As the client calls it.
    pub(crate) name: String,
}

#[derive(Default)]
struct Upload {
    total: Option<i32>,
    /// Size of all parts but the last.
    part_size: Option<usize>,
    /// Sizes by number.
    parts: BTreeMap<i32, usize>,
    /// Bytes by number, unless they were forgotten.
    bytes: BTreeMap<i32, Vec<u8>>,
    /// Whether they came by `saveBigFilePart`.
    is_big: bool,
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
        upload.is_big = part.big;
        let is_new = upload.parts.insert(part.number, part.bytes.len()).is_none();
        if self.is_watched && is_new {
            upload.hash.take(part, &mut self.waiting);
        }
        if upload.bytes.is_empty() {
            self.ages.push_back((key, file_id));
        }
        let former = upload.bytes.insert(part.number, part.bytes.to_vec());
        self.kept += part.bytes.len();
        self.kept -= former.map_or(0, |former| former.len());
        while self.kept > KEPT
            && let Some(oldest) = self.ages.pop_front()
        {
            self.forget(oldest);
        }
        Ok(())
    }

    /// The file that an `InputFile` names. Its bytes are the caller's then.
    pub(crate) fn complete(&mut self, key: KeyRef, input: &Value) -> Result<Complete, RpcError> {
        let is_big = match input.name() {
            "inputFile" | "inputEncryptedFileUploaded" => false,
            "inputFileBig" | "inputEncryptedFileBigUploaded" => true,
            _ => return Err(bad_request("MEDIA_INVALID")),
        };
        let id = (key, input.int("id").unwrap_or(0));
        let parts = input.int("parts").unwrap_or(0);
        let Some(upload) = self
            .files
            .get_mut(&id)
            .filter(|upload| upload.is_big == is_big)
        else {
            return Err(bad_request("FILE_PART_0_MISSING"));
        };
        upload.check_complete(parts)?;
        let checksum = input.text("md5_checksum").unwrap_or_default();
        if !checksum.is_empty() && checksum != upload.md5() {
            return Err(bad_request("MD5_CHECKSUM_INVALID"));
        }
        let parts: Arc<[Vec<u8>]> = std::mem::take(&mut upload.bytes).into_values().collect();
        self.kept -= parts.iter().map(Vec::len).sum::<usize>();
        self.ages.retain(|other| *other != id);
        self.files.remove(&id);
        let name = input.text("name").unwrap_or_default().to_owned();
        Ok(Complete { parts, name })
    }

    fn forget(&mut self, id: (KeyRef, i64)) {
        if let Some(upload) = self.files.get_mut(&id) {
            let bytes = std::mem::take(&mut upload.bytes);
            self.kept -= bytes.values().map(Vec::len).sum::<usize>();
        }
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
    /// Whether all parts are there: as many as the client says, and said before.
    fn check_complete(&self, parts: i64) -> Result<(), RpcError> {
        let told = self.total.is_none_or(|total| i64::from(total) == parts);
        if !(1..=i64::from(MOST_PARTS)).contains(&parts) || !told {
            return Err(bad_request("FILE_PARTS_INVALID"));
        }
        match (0..parts as i32).find(|number| !self.bytes.contains_key(number)) {
            Some(missing) => Err(bad_request(&format!("FILE_PART_{missing}_MISSING"))),
            None if self.bytes.len() as i64 > parts => Err(bad_request("FILE_PARTS_INVALID")),
            None => Ok(()),
        }
    }

    fn md5(&self) -> String {
        let mut md5 = md5::Context::new();
        for part in self.bytes.values() {
            md5.consume(part);
        }
        format!("{:x}", md5.finalize())
    }

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
