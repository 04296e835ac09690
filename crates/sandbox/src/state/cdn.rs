//! What is handed over to the CDN, and what it has of it.

use std::collections::BTreeSet;

use madeline_mtproto::cdn;
use madeline_tl::Value;
use sha2::{Digest, Sha256};

use super::State;

/// The number of the CDN's data centre, as Telegram numbers them.
pub(crate) const CDN_DC: i32 = 203;

/// The CDN, and what the other data centres know of it.
#[derive(Debug, Default)]
pub(crate) struct Cdn {
    /// PEM; empty where there is no CDN.
    pub(crate) public_key: String,
    secret: [u8; 32],
    /// The files that were brought there.
    there: BTreeSet<i64>,
    /// How often all tokens became void.
    void: u32,
}

impl Cdn {
    pub(crate) fn new(public_key: String, secret: &[u8; 32]) -> Self {
        Cdn {
            public_key,
            secret: *secret,
            ..Cdn::default()
        }
    }

    /// The CDN has no files any more; with `tokens` their tokens are void, too.
    pub(crate) fn forget(&mut self, tokens: bool) {
        self.there.clear();
        self.void += u32::from(tokens);
    }

    pub(crate) fn has(&self, file: i64) -> bool {
        self.there.contains(&file)
    }

    pub(crate) fn bring(&mut self, file: i64) {
        self.there.insert(file);
    }

    /// The name under which the CDN has a file.
    pub(crate) fn token(&self, file: i64) -> Vec<u8> {
        let mut token = file.to_le_bytes().to_vec();
        token.extend(self.derived(b"token", file, self.void));
        token
    }

    /// The file of a token.
    pub(crate) fn file(&self, token: &[u8]) -> Option<i64> {
        let file = i64::from_le_bytes(*token.first_chunk()?);
        (self.token(file) == token).then_some(file)
    }

    /// What the CDN wants to be brought a file with.
    pub(crate) fn request_token(&self, file: i64) -> Vec<u8> {
        self.derived(b"request", file, self.void).to_vec()
    }

    /// Key and vector of a file.
    pub(crate) fn cipher(&self, file: i64) -> ([u8; 32], [u8; 16]) {
        let vector = self.derived(b"vector", file, 0);
        let mut iv = [0; 16];
        for (to, from) in iv.iter_mut().zip(vector) {
            *to = from;
        }
        (self.derived(b"key", file, 0), iv)
    }

    fn derived(&self, purpose: &[u8], file: i64, void: u32) -> [u8; 32] {
        Sha256::new()
            .chain_update(self.secret)
            .chain_update(purpose)
            .chain_update(file.to_le_bytes())
            .chain_update(void.to_le_bytes())
            .finalize()
            .into()
    }
}

impl State {
    /// A file's bytes as the CDN has them.
    pub(crate) fn cdn_part(&self, file: i64, offset: i64, limit: i64) -> Option<Vec<u8>> {
        let mut bytes = self.files.content(file)?.part(offset, limit);
        let (key, iv) = self.cdn.cipher(file);
        cdn::apply(&key, &iv, offset as u64, &mut bytes);
        Some(bytes)
    }

    /// The hashes of the pieces that begin in a range.
    pub(crate) fn cdn_hashes(&self, file: i64, from: i64, to: i64) -> Vec<Value> {
        let content = self.files.content(file);
        content.map_or_else(Vec::new, |content| content.hashes(from, to))
    }
}
