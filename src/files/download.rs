//! Downloads: parts from the client, handed to whatever takes them.

use std::rc::Rc;

use ext_php_rs::types::Zval;
use madeline_client::files::{Download, Order, PART, Part, Range};
use madeline_mtproto::ige;

use super::info::{self, RemoteFile};
use super::progress::Progress;
use crate::api::instance::Instance;
use crate::call::{cancellation, thrown};
use crate::exceptions::Thrown;

/// What is to be downloaded, and how.
pub(super) struct Plan<'z> {
    pub(super) range: Range,
    pub(super) order: Order,
    pub(super) callback: Option<&'z Zval>,
    pub(super) cancellation: Option<&'z Zval>,
}

/// A download that is pulled part by part.
pub(super) struct Running {
    instance: Rc<Instance>,
    download: Source,
    /// Bytes that the file has, where that is known.
    pub(super) total: Option<u64>,
}

enum Source {
    Server(Download),
    /// Of a secret chat: deciphered from the start, in order.
    Secret {
        download: Download,
        cipher: Cipher,
        range: Range,
    },
    /// A thumbnail whose bytes came with the message.
    Known(Option<Part>),
}

struct Cipher {
    key: [u8; 32],
    iv: [u8; 32],
}

/// Offsets as scripts give them: `end` −1 is the end of the file.
pub(super) fn range(offset: i64, end: i64) -> Result<Range, Thrown> {
    let invalid = || {
        Thrown::Exception(format!(
            "expected 0 <= offset <= end, or end -1, found offset {offset} and end {end}"
        ))
    };
    let start = u64::try_from(offset).map_err(|_| invalid())?;
    let end = match end {
        -1 => None,
        end => Some(u64::try_from(end).map_err(|_| invalid())?),
    };
    if end.is_some_and(|end| end < start) {
        return Err(invalid());
    }
    Ok(Range { start, end })
}

impl Running {
    pub(super) fn new(
        instance: &Rc<Instance>,
        file: RemoteFile,
        range: Range,
        order: Order,
    ) -> Result<Self, Thrown> {
        let end = match (range.end, file.size) {
            (Some(end), Some(size)) => Some(end.min(size)),
            (end, size) => end.or(size),
        };
        let range = Range { end, ..range };
        let client = instance.client()?;
        let parallel = instance.transfers().downloads;
        let start = |range, order| Download::new(&client, file.location, range, order, parallel);
        let download = if let Some(data) = file.data {
            Source::Known(cut(0, &data.into(), range))
        } else if let Some((key, iv)) = file.secret {
            let everything = Range {
                start: 0,
                end: file.size.map(|size| size.next_multiple_of(16)),
            };
            Source::Secret {
                download: start(everything, Order::Ascending),
                cipher: Cipher { key, iv },
                range,
            }
        } else {
            Source::Server(start(range, order))
        };
        Ok(Self {
            instance: Rc::clone(instance),
            download,
            total: end,
        })
    }

    /// The next part; `None` at the end.
    pub(super) fn next(&mut self, cancellation: Option<&Zval>) -> Result<Option<Part>, Thrown> {
        let instance = &self.instance;
        let pull = |download: &mut Download| {
            cancellation::wait(cancellation, download.next())?
                .map_err(|error| thrown(instance, error))
        };
        match &mut self.download {
            Source::Server(download) => pull(download),
            Source::Known(part) => Ok(part.take()),
            Source::Secret {
                download,
                cipher,
                range,
            } => loop {
                let Some(part) = pull(download)? else {
                    return Ok(None);
                };
                let plain = cipher.decipher(part.bytes.to_vec())?;
                if let Some(part) = cut(part.offset, &plain.into(), *range) {
                    return Ok(Some(part));
                }
            },
        }
    }
}

/// Downloads a file; `take` gets its parts.
pub(super) fn run(
    instance: &Rc<Instance>,
    file: RemoteFile,
    plan: &Plan<'_>,
    mut take: impl FnMut(&Part) -> Result<(), Thrown>,
) -> Result<(), Thrown> {
    let mut running = Running::new(instance, file, plan.range, plan.order)?;
    let mut progress = Progress::new(instance, "Download", plan.callback, running.total);
    let start = plan.range.start.min(running.total.unwrap_or(u64::MAX));
    let mut done = start;
    while let Some(part) = running.next(plan.cancellation)? {
        take(&part)?;
        done += part.bytes.len() as u64;
        progress.at(done)?;
    }
    progress.end(done)
}

/// The file that something stands for, and who is told of the progress where it says so itself.
pub(super) fn file_of(
    instance: &Rc<Instance>,
    media: &Zval,
) -> Result<(RemoteFile, Option<Zval>), Thrown> {
    match super::classes::unwrap(media)? {
        Some((file, callback)) => Ok((info::file(instance, &file)?, Some(callback))),
        None => Ok((info::file(instance, media)?, None)),
    }
}

/// What of some bytes lies within a range.
fn cut(offset: u64, bytes: &bytes::Bytes, range: Range) -> Option<Part> {
    let end = offset + bytes.len() as u64;
    let from = range.start.clamp(offset, end);
    let to = range.end.unwrap_or(u64::MAX).clamp(from, end);
    let bytes = bytes.slice((from - offset) as usize..(to - offset) as usize);
    (!bytes.is_empty()).then_some(Part {
        offset: from,
        bytes,
    })
}

impl Cipher {
    fn decipher(&mut self, mut bytes: Vec<u8>) -> Result<Vec<u8>, Thrown> {
        let sealed: Option<[u8; 16]> = bytes.last_chunk().copied();
        let blocks = ige::blocks(&mut bytes)
            .map_err(|error| Thrown::Security(format!("a file of a secret chat: {error}")))?;
        ige::decrypt(blocks, &self.key, &self.iv);
        if let (Some(sealed), Some(plain)) = (sealed, bytes.last_chunk::<16>()) {
            let (first, second) = self.iv.split_at_mut(16);
            first.copy_from_slice(&sealed);
            second.copy_from_slice(plain);
        }
        Ok(bytes)
    }
}

/// The number of bytes that scripts are told parts have.
pub(super) const CHUNK: usize = PART;
