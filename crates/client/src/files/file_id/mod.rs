//! The bot API's file ids: what <https://core.telegram.org/bots/api> calls `file_id` and `file_unique_id`.
//!
//! A file id is the location of a file as `TDLib` serializes it, with runs of zeros shortened, in the URL's base64; the
//! last byte is the format's version, and in version 4 the byte before it that of what is inside. A unique id has only
//! what tells one file from another.

mod bytes;
mod kind;
mod media;
mod photo;
#[cfg(test)]
mod tests;
mod unique;

use std::fmt;

use madeline_tl::wire::{ReadError, Reader, Writer};

pub use kind::{Class, Kind};
pub use photo::{Legacy, Source};

/// The inner version that ids are written with.
pub const SUB_VERSION: u8 = 47;

const WEB: u32 = 1 << 24;
const REFERENCE: u32 = 1 << 25;

/// A file id, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileId {
    /// 2 or 4.
    pub version: u8,
    /// Of version 4; 0 in version 2.
    pub sub_version: u8,
    /// What sort of file it is.
    pub kind: Kind,
    /// The data centre that holds it.
    pub dc: i32,
    /// Empty where the id has none.
    pub reference: Vec<u8>,
    /// Which file.
    pub place: Place,
}

/// Which file of a data centre.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A document, or anything else that has a number.
    Document {
        /// Its number.
        id: i64,
        /// What proves that one may have it.
        access_hash: i64,
    },
    /// A photo or thumbnail.
    Photo {
        /// Of the photo, or of the document that has the thumbnail.
        id: i64,
        /// What proves that one may have it.
        access_hash: i64,
        /// Which of its sizes.
        source: Source,
        /// Where sizes were kept before inner version 32.
        legacy: Option<Legacy>,
    },
    /// A file of the web that Telegram's servers fetch.
    Web {
        /// Its address.
        url: Vec<u8>,
        /// What proves that one may have it.
        access_hash: i64,
    },
}

/// Why a text is no file id.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FileIdError {
    /// It is not in the URL's base64, or nothing is in it.
    Text,
    /// Its format is another than 2 and 4.
    Version(u8),
    /// There is no such sort of file.
    Kind(u32),
    /// There is no such source of a photo, or not in this version.
    Source(i32),
    /// It ends too early, or does not end.
    Length,
}

impl fmt::Display for FileIdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text => f.write_str("it is not in base64url, or empty"),
            Self::Version(version) => write!(f, "its version is {version}, not 2 or 4"),
            Self::Kind(kind) => write!(f, "there is no type {kind}"),
            Self::Source(source) => write!(f, "there is no source {source} of a photo"),
            Self::Length => f.write_str("it has too few bytes, or too many"),
        }
    }
}

impl std::error::Error for FileIdError {}

impl From<ReadError> for FileIdError {
    fn from(_: ReadError) -> Self {
        Self::Length
    }
}

impl FileId {
    /// An id of the present format.
    pub fn new(kind: Kind, dc: i32, reference: Vec<u8>, place: Place) -> Self {
        Self {
            version: 4,
            sub_version: SUB_VERSION,
            kind,
            dc,
            reference,
            place,
        }
    }

    /// Reads a `file_id`.
    pub fn parse(text: &str) -> Result<Self, FileIdError> {
        let bytes = bytes::decode(text).ok_or(FileIdError::Text)?;
        let (version, rest) = bytes.split_last().ok_or(FileIdError::Text)?;
        let (sub_version, rest) = match version {
            2 => (0, rest),
            4 => {
                let (sub_version, rest) = rest.split_last().ok_or(FileIdError::Length)?;
                (*sub_version, rest)
            }
            other => return Err(FileIdError::Version(*other)),
        };
        let mut reader = Reader::new(rest);
        let flags = reader.id()?;
        let number = flags & !(WEB | REFERENCE);
        let kind = Kind::of(number).ok_or(FileIdError::Kind(number))?;
        let dc = reader.int()?;
        let reference = if flags & REFERENCE == 0 {
            Vec::new()
        } else {
            reader.bytes()?.to_vec()
        };
        let place = if flags & WEB != 0 {
            let url = reader.bytes()?.to_vec();
            let access_hash = reader.long()?;
            Place::Web { url, access_hash }
        } else {
            let (id, access_hash) = (reader.long()?, reader.long()?);
            if kind.is_photo() {
                let (source, legacy) = photo::read(&mut reader, sub_version)?;
                Place::Photo {
                    id,
                    access_hash,
                    source,
                    legacy,
                }
            } else {
                Place::Document { id, access_hash }
            }
        };
        reader.finish()?;
        Ok(Self {
            version: *version,
            sub_version,
            kind,
            dc,
            reference,
            place,
        })
    }

    /// The `file_id`.
    pub fn text(&self) -> String {
        let mut out = Vec::with_capacity(64);
        let mut writer = Writer::new(&mut out);
        let mut flags = self.kind as u32;
        if !self.reference.is_empty() {
            flags |= REFERENCE;
        }
        if matches!(self.place, Place::Web { .. }) {
            flags |= WEB;
        }
        writer.id(flags);
        writer.int(self.dc);
        if !self.reference.is_empty() {
            string(&mut writer, &self.reference);
        }
        match &self.place {
            Place::Web { url, access_hash } => {
                string(&mut writer, url);
                writer.long(*access_hash);
            }
            Place::Document { id, access_hash } => {
                writer.long(*id);
                writer.long(*access_hash);
            }
            Place::Photo {
                id,
                access_hash,
                source,
                legacy,
            } => {
                writer.long(*id);
                writer.long(*access_hash);
                photo::write(&mut writer, self.sub_version, source, *legacy);
            }
        }
        if self.version == 4 {
            out.push(self.sub_version);
        }
        out.push(self.version);
        bytes::encode(&out)
    }

    /// The `file_unique_id`; `None` for the few photos that have none.
    pub fn unique(&self) -> Option<String> {
        unique::of(self).map(|bytes| bytes::encode(&bytes))
    }
}

/// A TL string. What is longer than one can be was read from no id, and is left out.
fn string(writer: &mut Writer<'_>, bytes: &[u8]) {
    if writer.bytes(bytes).is_err() {
        writer.id(0);
    }
}
