//! Files that Telegram hands over to a CDN, <https://core.telegram.org/cdn>: its servers are others', so what comes from
//! them is encrypted with a key that they do not have, and counts only with the hashes that Telegram gives.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use madeline_mtproto::cdn;
use madeline_tl::{Value, object};

use super::PART;
use super::hashes::Piece;
use crate::{Client, DcId, Error};

/// How often a CDN may want a file to be brought there, for one part.
const REUPLOADS: u32 = 3;

/// A file that a CDN has.
pub(super) struct Cdn {
    dc: DcId,
    /// The data centre that has the file itself, and the hashes.
    origin: DcId,
    token: Vec<u8>,
    key: [u8; 32],
    iv: [u8; 16],
    /// By the offsets of the pieces.
    hashes: Mutex<BTreeMap<u64, Piece>>,
    /// Whether the CDN's own key is known.
    keyed: tokio::sync::OnceCell<()>,
    /// Held while hashes are asked for, so that one part asks for them.
    asking: tokio::sync::Mutex<()>,
}

impl Cdn {
    /// What an `upload.fileCdnRedirect` of a data centre says.
    pub(super) fn of(redirect: &Value, origin: DcId) -> Result<Cdn, String> {
        let bytes = |key: &str| redirect.bytes(key).map_err(|error| error.to_string());
        let dc = redirect.int("dc_id").ok();
        let dc = dc
            .and_then(|dc| i32::try_from(dc).ok())
            .filter(|dc| *dc > 0);
        let wrong = |what: &str| format!("{what} of the redirect to a CDN has the wrong length");
        let cdn = Cdn {
            dc: DcId(dc.ok_or("the redirect to a CDN names no data centre")?),
            origin,
            token: bytes("file_token")?.to_vec(),
            key: bytes("encryption_key")?
                .try_into()
                .map_err(|_| wrong("the key"))?,
            iv: bytes("encryption_iv")?
                .try_into()
                .map_err(|_| wrong("the vector"))?,
            hashes: Mutex::default(),
            keyed: tokio::sync::OnceCell::default(),
            asking: tokio::sync::Mutex::default(),
        };
        cdn.learn(redirect.list("file_hashes").unwrap_or_default());
        Ok(cdn)
    }

    /// Up to `limit` bytes from `offset`, within one block of [`PART`] bytes; fewer where the file ends.
    pub(super) async fn fetch(
        &self,
        client: &Client,
        offset: u64,
        limit: usize,
    ) -> Result<Bytes, Error> {
        // Whole, because the hashes are of pieces.
        let block = offset - offset % PART as u64;
        let mut bytes = self.block(client, block).await?;
        cdn::apply(&self.key, &self.iv, block, &mut bytes);
        self.check(client, block, &bytes).await?;
        let from = ((offset - block) as usize).min(bytes.len());
        let to = (from + limit).min(bytes.len());
        Ok(Bytes::from(bytes).slice(from..to))
    }

    /// A block as the CDN has it.
    async fn block(&self, client: &Client, offset: u64) -> Result<Vec<u8>, Error> {
        self.keyed
            .get_or_try_init(|| client.learn_cdn_key(self.dc))
            .await?;
        for _ in 0..REUPLOADS {
            let request = object!("upload.getCdnFile",
                file_token: self.token.clone(), offset: offset as i64, limit: PART as i64);
            let answer = client.ask_at(Some(self.dc), request).await?;
            if answer.value.is("upload.cdnFile") {
                return answer.read(|file| file.bytes("bytes").map(<[u8]>::to_vec));
            }
            let request = object!("upload.reuploadCdnFile",
                file_token: self.token.clone(),
                request_token: answer.read(|wanted| wanted.bytes("request_token"))?.to_vec());
            let answer = client.ask_at(Some(self.origin), request).await?;
            if let Value::List(hashes) = &answer.value {
                self.learn(hashes);
            }
        }
        Err(Error::File {
            what: format!("the CDN {} does not take the file", self.dc),
        })
    }

    /// An error unless the bytes of a block are those of the file, and all of them.
    async fn check(&self, client: &Client, block: u64, bytes: &[u8]) -> Result<(), Error> {
        let refused = |what: &str| Error::File {
            what: format!("what the CDN {} gave for {block} {what}", self.dc),
        };
        let mut at = block;
        while at < block + PART as u64 {
            let Some(piece) = self.piece(client, at).await? else {
                break;
            };
            let from = (at - block) as usize;
            let given = bytes.get(from..from + piece.length);
            let given = given.ok_or_else(|| refused("is too short"))?;
            if !piece.is(given) {
                return Err(refused("is not the file's"));
            }
            at = piece.end();
        }
        if (at - block) as usize == bytes.len() {
            Ok(())
        } else {
            Err(refused("is more than the file has"))
        }
    }

    /// The piece that begins there; `None` behind the end of the file.
    async fn piece(&self, client: &Client, at: u64) -> Result<Option<Piece>, Error> {
        let known = || self.hashes().get(&at).cloned();
        if let Some(piece) = known() {
            return Ok(Some(piece));
        }
        let _asking = self.asking.lock().await;
        if let Some(piece) = known() {
            return Ok(Some(piece));
        }
        let request = object!("upload.getCdnFileHashes",
            file_token: self.token.clone(), offset: at as i64);
        let answer = client.ask_at(Some(self.origin), request).await?;
        if let Value::List(hashes) = &answer.value {
            self.learn(hashes);
        }
        Ok(known())
    }

    fn learn(&self, hashes: &[Value]) {
        let pieces = hashes.iter().filter_map(Piece::of);
        self.hashes()
            .extend(pieces.map(|piece| (piece.offset, piece)));
    }

    fn hashes(&self) -> MutexGuard<'_, BTreeMap<u64, Piece>> {
        self.hashes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a token has become void: the data centre of the file gives another one.
pub(super) fn is_over(error: &Error) -> bool {
    matches!(error, Error::Rpc { name, .. } if name.ends_with("_TOKEN_INVALID"))
}
