//! Documents and photos: those of the world, whose bytes are made when they are asked for, and those that clients sent.

use std::collections::BTreeMap;
use std::sync::Arc;

use madeline_tl::{Value, object};
use sha2::{Digest, Sha256};

use super::{State, hex};
use crate::error::{RpcError, bad_request};
use crate::world::World;

/// First of the ids the sandbox gives out itself.
const FIRST_FILE: i64 = 5_400_000_000_000_000_001;
/// Bytes of a piece with a hash of its own.
pub(crate) const PIECE: i64 = 128 << 10;
/// Bytes made at once for a hash.
const PORTION: i64 = 1 << 20;

/// A document or photo.
#[derive(Debug, Clone)]
pub(crate) struct File {
    pub(crate) id: i64,
    pub(crate) access_hash: i64,
    pub(crate) dc: i32,
    pub(crate) kind: FileKind,
    /// The world's name for it.
    name: Option<String>,
    mime: String,
    /// `DocumentAttribute`s.
    attributes: Vec<Value>,
    pub(crate) content: Content,
    /// Width and height of a photo.
    dimensions: (i32, i32),
    thumb: Option<(Content, (i32, i32))>,
    /// Whether it is handed over to the CDN.
    pub(crate) cdn: bool,
}

/// Documents and photos have locations of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FileKind {
    Document,
    Photo,
    /// Of a secret chat: nobody but the two people can read it.
    Encrypted,
}

/// Bytes and how many.
#[derive(Debug, Clone)]
pub(crate) struct Content {
    pub(crate) size: i64,
    bytes: Bytes,
}

#[derive(Debug, Clone)]
enum Bytes {
    Text(String),
    Seed(u64),
    /// What came in parts of one size.
    Parts(Arc<[Vec<u8>]>),
}

/// What a client tells about a file that it has uploaded.
pub(crate) struct Sent {
    pub(crate) kind: FileKind,
    pub(crate) dc: i32,
    pub(crate) mime: String,
    pub(crate) attributes: Vec<Value>,
    pub(crate) content: Content,
    pub(crate) dimensions: (i32, i32),
    pub(crate) thumb: Option<(Content, (i32, i32))>,
}

/// The letter of a photo's only size, and of a document's thumbnail.
const WHOLE: &str = "x";
const THUMB: &str = "m";

/// All of them.
#[derive(Debug, Default)]
pub(crate) struct Files {
    by_id: BTreeMap<i64, File>,
    secret: [u8; 32],
    /// How often all file references have expired.
    expired: u32,
    next: i64,
}

impl Files {
    pub(crate) fn new(world: &World, secret: &[u8; 32]) -> Self {
        let mut files = Files {
            secret: *secret,
            next: FIRST_FILE,
            ..Files::default()
        };
        let (fixed, free): (Vec<_>, Vec<_>) =
            world.files.iter().partition(|(_, file)| file.id.is_some());
        for (name, file) in fixed.into_iter().chain(free) {
            let id = file.id.unwrap_or(files.next);
            files.next += i64::from(file.id.is_none());
            let bytes = match &file.text {
                Some(text) => Bytes::Text(text.clone()),
                None => Bytes::Seed(file.seed),
            };
            let text_size = file.text.as_ref().map_or(0, |text| text.len() as i64);
            let file = File {
                id,
                access_hash: files.number(b"access", id),
                dc: file.dc.unwrap_or_else(|| world.home_dc()),
                kind: FileKind::Document,
                name: Some(name.to_owned()),
                mime: file.mime.clone(),
                attributes: vec![object!("documentAttributeFilename", file_name: name.to_owned())],
                content: Content {
                    size: file.size.unwrap_or(text_size),
                    bytes,
                },
                dimensions: (0, 0),
                thumb: None,
                cdn: file.cdn,
            };
            files.by_id.insert(id, file);
        }
        files
    }

    /// The file that an input or a location names, if its access hash and reference are good; otherwise `unknown`, or
    /// what is wrong with the reference.
    pub(crate) fn authorized(
        &self,
        kind: FileKind,
        input: &Value,
        unknown: &str,
    ) -> Result<&File, RpcError> {
        let number = |key: &str| input.int(key).unwrap_or(0);
        let file = self
            .by_id
            .get(&number("id"))
            .filter(|file| file.kind == kind && file.access_hash == number("access_hash"));
        let file = file.ok_or_else(|| bad_request(unknown))?;
        let reference = input.bytes("file_reference").unwrap_or_default();
        if reference.is_empty() {
            return Err(bad_request("FILE_REFERENCE_EMPTY"));
        }
        if self.was_reference(file.id, reference) {
            return Err(bad_request("FILE_REFERENCE_EXPIRED"));
        }
        if self.reference(file.id) != reference {
            return Err(bad_request("FILE_REFERENCE_INVALID"));
        }
        Ok(file)
    }

    /// Keeps what a client sent.
    pub(crate) fn add(&mut self, sent: Sent) -> i64 {
        while self.by_id.contains_key(&self.next) {
            self.next += 1;
        }
        let id = self.next;
        let file = File {
            id,
            access_hash: self.number(b"access", id),
            dc: sent.dc,
            kind: sent.kind,
            name: None,
            mime: sent.mime,
            attributes: sent.attributes,
            content: sent.content,
            dimensions: sent.dimensions,
            thumb: sent.thumb,
            cdn: false,
        };
        self.by_id.insert(id, file);
        id
    }

    /// A file as `MessageMedia`.
    pub(crate) fn media(&self, id: i64, now: i32) -> Option<Value> {
        let file = self.by_id.get(&id)?;
        let reference = self.reference(id);
        Some(match file.kind {
            FileKind::Document => {
                object!("messageMediaDocument", document: file.document(reference, now))
            }
            FileKind::Photo => object!("messageMediaPhoto", photo: file.photo(reference, now)),
            FileKind::Encrypted => return None,
        })
    }

    /// A photo as `Photo`.
    pub(crate) fn photo(&self, id: i64, now: i32) -> Option<Value> {
        let file = self.get(id).filter(|file| file.kind == FileKind::Photo)?;
        Some(file.photo(self.reference(id), now))
    }

    /// A document as `Document`.
    pub(crate) fn document(&self, id: i64, now: i32) -> Option<Value> {
        let file = self
            .get(id)
            .filter(|file| file.kind == FileKind::Document)?;
        Some(file.document(self.reference(id), now))
    }

    pub(crate) fn get(&self, id: i64) -> Option<&File> {
        self.by_id.get(&id)
    }

    /// The bytes of a file.
    pub(crate) fn content(&self, id: i64) -> Option<&Content> {
        self.by_id.get(&id).map(|file| &file.content)
    }

    pub(crate) fn named(&self, name: &str) -> Option<&File> {
        self.by_id
            .values()
            .find(|file| file.name.as_deref() == Some(name))
    }

    /// The reference under which a file may be had until all of them expire.
    pub(crate) fn reference(&self, id: i64) -> Vec<u8> {
        self.reference_of(id, self.expired)
    }

    /// Whether that was a reference once.
    pub(crate) fn was_reference(&self, id: i64, reference: &[u8]) -> bool {
        (0..self.expired).any(|expired| self.reference_of(id, expired) == reference)
    }

    fn reference_of(&self, id: i64, expired: u32) -> Vec<u8> {
        let mut reference = vec![2];
        reference.extend(expired.to_be_bytes());
        reference.extend(self.number(&expired.to_be_bytes(), id).to_be_bytes());
        reference
    }

    fn number(&self, purpose: &[u8], id: i64) -> i64 {
        let digest = Sha256::new()
            .chain_update(self.secret)
            .chain_update(purpose)
            .chain_update(id.to_le_bytes())
            .finalize();
        digest
            .first_chunk()
            .map_or(1, |word| i64::from_le_bytes(*word))
    }
}

impl File {
    /// SHA-256 of the whole file, in hexadecimal digits.
    pub(crate) fn sha256(&self) -> String {
        let mut hash = Sha256::new();
        let mut offset = 0;
        while offset < self.size() {
            hash.update(self.content.part(offset, PORTION));
            offset += PORTION;
        }
        hex(&hash.finalize())
    }

    pub(crate) fn size(&self) -> i64 {
        self.content.size
    }

    /// The bytes of the size with that letter; a document itself has none.
    pub(crate) fn sized(&self, letter: &str) -> Option<&Content> {
        let whole = match self.kind {
            FileKind::Document | FileKind::Encrypted => "",
            FileKind::Photo => WHOLE,
        };
        if letter == whole {
            return Some(&self.content);
        }
        let (thumb, _) = self.thumb.as_ref()?;
        (letter == THUMB).then_some(thumb)
    }

    fn document(&self, reference: Vec<u8>, now: i32) -> Value {
        let thumbs = self
            .thumb
            .as_ref()
            .map(|(content, dimensions)| vec![photo_size(THUMB, content, *dimensions)]);
        object!("document",
            id: self.id,
            access_hash: self.access_hash,
            file_reference: reference,
            date: now,
            mime_type: self.mime.clone(),
            size: self.content.size,
            thumbs: thumbs,
            dc_id: self.dc,
            attributes: self.attributes.clone(),
        )
    }

    fn photo(&self, reference: Vec<u8>, now: i32) -> Value {
        object!("photo",
            id: self.id,
            access_hash: self.access_hash,
            file_reference: reference,
            date: now,
            sizes: vec![photo_size(WHOLE, &self.content, self.dimensions)],
            dc_id: self.dc,
        )
    }
}

fn photo_size(letter: &str, content: &Content, (w, h): (i32, i32)) -> Value {
    object!("photoSize", type: letter, w: w, h: h, size: content.size)
}

impl Content {
    /// What came in parts.
    pub(crate) fn of_parts(parts: Arc<[Vec<u8>]>) -> Self {
        Self {
            size: parts.iter().map(|part| part.len() as i64).sum(),
            bytes: Bytes::Parts(parts),
        }
    }

    /// The hashes of the pieces that begin in a range, or reach into it.
    pub(crate) fn hashes(&self, from: i64, to: i64) -> Vec<Value> {
        let end = if from < self.size {
            to.min(self.size)
        } else {
            0
        };
        (from - from % PIECE..end)
            .step_by(PIECE as usize)
            .map(|offset| {
                let piece = self.part(offset, PIECE);
                let hash = Sha256::digest(&piece).to_vec();
                object!("fileHash", offset: offset, limit: piece.len() as i64, hash: hash)
            })
            .collect()
    }

    /// Bytes from `offset`, up to `limit` of them; fewer at the end.
    pub(crate) fn part(&self, offset: i64, limit: i64) -> Vec<u8> {
        let end = offset.saturating_add(limit).min(self.size);
        if offset >= end {
            return Vec::new();
        }
        match &self.bytes {
            Bytes::Text(text) => {
                let part = text.as_bytes().get(offset as usize..end as usize);
                part.unwrap_or_default().to_vec()
            }
            Bytes::Parts(parts) => {
                let size = parts.first().map_or(1, |part| part.len().max(1)) as i64;
                let mut bytes = Vec::with_capacity((end - offset) as usize);
                for (number, part) in (0..).zip(parts.iter()) {
                    let start = number * size;
                    let from = (offset - start).clamp(0, part.len() as i64);
                    let to = (end - start).clamp(0, part.len() as i64);
                    bytes.extend_from_slice(
                        part.get(from as usize..to as usize).unwrap_or_default(),
                    );
                }
                bytes
            }
            Bytes::Seed(seed) => {
                // Words of eight bytes, each by itself, so that any part can be made alone.
                let (first, last) = (offset / 8, (end + 7) / 8);
                let mut bytes = vec![0; (last - first) as usize * 8];
                let mut word = seed.wrapping_add(first as u64);
                for room in bytes.as_chunks_mut().0 {
                    *room = mixed(word).to_le_bytes();
                    word = word.wrapping_add(1);
                }
                bytes.truncate((end - first * 8) as usize);
                bytes.drain(..(offset - first * 8) as usize);
                bytes
            }
        }
    }
}

impl State {
    /// A file of the world as the media of a message.
    pub(crate) fn file_media(&self, name: &str) -> Option<Value> {
        let file = self.files.named(name)?;
        self.files.media(file.id, self.now)
    }

    /// Makes all file references expire; the messages have new ones from now on.
    pub(crate) fn expire_references(&mut self) {
        self.files.expired += 1;
        let mailboxes = self
            .users
            .values_mut()
            .map(|user| &mut user.mailbox.messages);
        let channels = self
            .channels
            .values_mut()
            .map(|channel| &mut channel.messages);
        for message in mailboxes.chain(channels).flat_map(BTreeMap::values_mut) {
            let Some(Value::Object(media)) = &mut message.body.media else {
                continue;
            };
            for key in ["document", "photo"] {
                let Some(Value::Object(mut file)) = media.get(key).cloned() else {
                    continue;
                };
                if let Some(Value::Int(id)) = file.get("id").cloned() {
                    file.set("file_reference", self.files.reference(id));
                    media.set(key, Value::Object(file));
                }
            }
        }
    }
}

/// A word of a file: cheap, because a benchmark's server should not be busy with making up data, and of all bits of its
/// number, so that no part can be packed or taken for another.
fn mixed(word: u64) -> u64 {
    let spread = word.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (spread ^ spread >> 32).wrapping_mul(0xbf58_476d_1ce4_e5b9)
}
