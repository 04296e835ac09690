//! Files of the world: documents whose bytes are made when they are asked for.

use std::collections::BTreeMap;

use madeline_tl::{Value, object};
use sha2::{Digest, Sha256};

use super::{State, hex};
use crate::world::World;

/// First of the ids the sandbox gives out itself.
const FIRST_FILE: i64 = 5_400_000_000_000_000_001;
/// Bytes made at once for a hash.
const PORTION: i64 = 1 << 20;

/// A document.
#[derive(Debug, Clone)]
pub(crate) struct File {
    pub(crate) id: i64,
    pub(crate) access_hash: i64,
    pub(crate) dc: i32,
    pub(crate) size: i64,
    name: String,
    mime: String,
    bytes: Bytes,
}

#[derive(Debug, Clone)]
enum Bytes {
    Text(String),
    Seed(u64),
}

/// All of them.
#[derive(Debug, Default)]
pub(crate) struct Files {
    by_id: BTreeMap<i64, File>,
    secret: [u8; 32],
    /// How often all file references have expired.
    expired: u32,
}

impl Files {
    pub(crate) fn new(world: &World, secret: &[u8; 32]) -> Self {
        let mut files = Files {
            secret: *secret,
            ..Files::default()
        };
        let (fixed, free): (Vec<_>, Vec<_>) =
            world.files.iter().partition(|(_, file)| file.id.is_some());
        let mut next = FIRST_FILE;
        for (name, file) in fixed.into_iter().chain(free) {
            let id = file.id.unwrap_or(next);
            next += i64::from(file.id.is_none());
            let bytes = match &file.text {
                Some(text) => Bytes::Text(text.clone()),
                None => Bytes::Seed(file.seed),
            };
            let text_size = file.text.as_ref().map_or(0, |text| text.len() as i64);
            let file = File {
                id,
                access_hash: files.number(b"access", id),
                dc: file.dc.unwrap_or_else(|| world.home_dc()),
                size: file.size.unwrap_or(text_size),
                name: name.to_owned(),
                mime: file.mime.clone(),
                bytes,
            };
            files.by_id.insert(id, file);
        }
        files
    }

    /// The file of this id, if the hash is its own.
    pub(crate) fn get(&self, id: i64, access_hash: i64) -> Option<&File> {
        let file = self.by_id.get(&id)?;
        (file.access_hash == access_hash).then_some(file)
    }

    pub(crate) fn named(&self, name: &str) -> Option<&File> {
        self.by_id.values().find(|file| file.name == name)
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
    /// Bytes of the file; fewer at its end.
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

    /// SHA-256 of the whole file, in hexadecimal digits.
    pub(crate) fn sha256(&self) -> String {
        let mut hash = Sha256::new();
        let mut offset = 0;
        while offset < self.size {
            hash.update(self.part(offset, PORTION));
            offset += PORTION;
        }
        hex(&hash.finalize())
    }
}

impl State {
    /// A file of the world as the media of a message.
    pub(crate) fn file_media(&self, name: &str) -> Option<Value> {
        let file = self.files.named(name)?;
        let filename = object!("documentAttributeFilename", file_name: file.name.clone());
        let document = object!("document",
            id: file.id,
            access_hash: file.access_hash,
            file_reference: self.files.reference(file.id),
            date: self.now,
            mime_type: file.mime.clone(),
            size: file.size,
            dc_id: file.dc,
            attributes: vec![filename],
        );
        Some(object!("messageMediaDocument", document: document))
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
            let Some(Value::Object(document)) = media.get("document").cloned() else {
                continue;
            };
            if let Some(Value::Int(id)) = document.get("id") {
                let reference = self.files.reference(*id);
                let mut document = document;
                document.set("file_reference", reference);
                media.set("document", Value::Object(document));
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
