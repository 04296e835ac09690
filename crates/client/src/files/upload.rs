//! Uploads: the caller gives the bytes part by part, as fast as they are taken.

use bytes::Bytes;
use madeline_mtproto::Random;
use madeline_mtproto::ige;
use madeline_mtproto::random::OsRandom;
use madeline_tl::wire::Writer;
use tokio::task::{JoinError, JoinSet};
use tokio::time::sleep;

use super::source::{is_network, premium_wait};
use super::{LARGEST, PART, SMALL, TOGETHER};
use crate::{Call, Client, Error};

/// How often a part is sent again after its connection was lost.
const NETWORK_TRIES: u32 = 5;

/// An upload under way. Dropping it ends it; the server forgets the parts by itself.
pub struct Upload {
    client: Client,
    file_id: i64,
    /// `None`: it is found out at the end; the parts go one after the other then.
    size: Option<u64>,
    taken: u64,
    parts: i32,
    parallel: usize,
    /// Parts that wait for others to begin their way with.
    gathered: Vec<Call>,
    running: JoinSet<Result<(), Error>>,
    md5: Option<md5::Context>,
    /// Of a file without a known size: the last part says that it is the last one.
    kept: Option<Vec<u8>>,
    cipher: Option<Cipher>,
}

/// A file that was uploaded and can be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uploaded {
    /// The number under which the server keeps it for a while.
    pub file_id: i64,
    /// How many parts it has.
    pub parts: i32,
    /// Its bytes.
    pub size: u64,
    /// Hexadecimal, of a file that was uploaded as a small one; empty for others.
    pub md5: String,
    /// Whether it is an `inputFileBig`.
    pub big: bool,
    /// What it was encrypted with, for secret chats.
    pub sealed: Option<Sealed>,
}

/// The key of an encrypted file, <https://core.telegram.org/api/end-to-end#sending-encrypted-files>.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// AES-256 key.
    pub key: [u8; 32],
    /// Initialisation vector of the first block.
    pub iv: [u8; 32],
    /// What tells the key from others.
    pub fingerprint: i32,
}

struct Cipher {
    sealed: Sealed,
    iv: [u8; 32],
}

impl Upload {
    /// An upload of `size` bytes, or of however many come where that is `None`; encrypted for a secret chat with
    /// `encrypted`. Up to `parallel` parts are on their way at once.
    ///
    /// # Errors
    /// Where the file is larger than any may be.
    pub fn new(
        client: &Client,
        size: Option<u64>,
        parallel: usize,
        encrypted: bool,
    ) -> Result<Upload, Error> {
        if size.is_some_and(|size| size > LARGEST) {
            return Err(too_big());
        }
        let mut number = [0; 8];
        OsRandom.fill(&mut number);
        let is_small = size.is_some_and(|size| size <= SMALL);
        Ok(Upload {
            client: client.clone(),
            file_id: i64::from_le_bytes(number),
            size,
            taken: 0,
            parts: 0,
            parallel: if size.is_some() { parallel.max(1) } else { 1 },
            gathered: Vec::new(),
            running: JoinSet::new(),
            md5: is_small.then(md5::Context::new),
            kept: None,
            cipher: encrypted.then(Cipher::new),
        })
    }

    /// How many bytes the next part shall have; 0: the file is complete. Where the size is not known it ends with the
    /// first part that is shorter.
    pub fn wanted(&self) -> usize {
        match self.size {
            None => PART,
            Some(size) => (size - self.taken).min(PART as u64) as usize,
        }
    }

    /// Where the next part begins.
    pub fn position(&self) -> u64 {
        self.taken
    }

    /// How many parts are on their way.
    pub fn in_flight(&self) -> usize {
        self.running.len() + self.gathered.len()
    }

    /// Takes the next part, of [`Upload::wanted`] bytes; only the last one of an unknown size may have fewer. Waits
    /// while too many are on their way. Needs a Tokio runtime around it.
    pub async fn push(&mut self, part: Vec<u8>) -> Result<(), Error> {
        let wanted = self.wanted();
        if part.len() > wanted || (self.size.is_some() && part.len() < wanted) {
            return Err(Error::File {
                what: format!(
                    "a part of {wanted} bytes was expected at {}, {} came",
                    self.taken,
                    part.len()
                ),
            });
        }
        if part.is_empty() {
            return Ok(());
        }
        self.taken += part.len() as u64;
        if self.taken > LARGEST {
            return Err(too_big());
        }
        let part = match &mut self.cipher {
            Some(cipher) => cipher.encrypt(part)?,
            None => part,
        };
        match self.size {
            Some(size) => {
                let total = self.is_big().then(|| total_parts(size));
                self.send(part, total).await
            }
            None => match self.kept.replace(part) {
                Some(before) => self.send(before, Some(-1)).await,
                None => Ok(()),
            },
        }
    }

    /// Waits until every part has arrived.
    pub async fn finish(mut self) -> Result<Uploaded, Error> {
        if self.wanted() > 0 && self.size.is_some() {
            return Err(Error::File {
                what: format!(
                    "the file ends after {} bytes, where {} were announced",
                    self.taken,
                    self.size.unwrap_or_default()
                ),
            });
        }
        if let Some(last) = self.kept.take() {
            let total = self.parts + 1;
            self.send(last, Some(total)).await?;
        } else if self.taken == 0 {
            // Telegram has no empty files, and says so.
            let total = self.is_big().then_some(1);
            self.send(Vec::new(), total).await?;
        }
        self.begin();
        while self.joined().await? {}
        Ok(Uploaded {
            file_id: self.file_id,
            parts: self.parts,
            size: self.taken,
            big: self.is_big(),
            md5: self
                .md5
                .take()
                .map(|md5| format!("{:x}", md5.finalize()))
                .unwrap_or_default(),
            sealed: self.cipher.take().map(|cipher| cipher.sealed),
        })
    }

    fn is_big(&self) -> bool {
        self.md5.is_none()
    }

    async fn send(&mut self, part: Vec<u8>, total: Option<i32>) -> Result<(), Error> {
        if let Some(md5) = &mut self.md5 {
            md5.consume(&part);
        }
        let call = self.call(&part, total)?;
        drop(part);
        self.parts += 1;
        self.gathered.push(call);
        while let Some(joined) = self.running.try_join_next() {
            outcome(joined)?;
        }
        // Where parts come slowly, none waits for others.
        let together = TOGETHER.min(self.parallel);
        if self.gathered.len() < together && !self.running.is_empty() {
            return Ok(());
        }
        while self.running.len() + self.gathered.len() > self.parallel {
            self.joined().await?;
        }
        self.begin();
        Ok(())
    }

    /// What was gathered begins its way.
    fn begin(&mut self) {
        for call in self.gathered.drain(..) {
            let client = self.client.clone();
            self.running.spawn(async move { save(&client, call).await });
        }
    }

    /// Takes note of a part that arrived; false where none was on its way.
    async fn joined(&mut self) -> Result<bool, Error> {
        match self.running.join_next().await {
            None => Ok(false),
            Some(joined) => outcome(joined).map(|()| true),
        }
    }

    fn call(&self, part: &[u8], total: Option<i32>) -> Result<Call, Error> {
        let method = match total {
            None => "upload.saveFilePart",
            Some(_) => "upload.saveBigFilePart",
        };
        let unusable = |source: crate::error::Cause| Error::Request {
            method: method.to_owned(),
            source,
        };
        let definition = self.client.config().schema().method(method);
        let definition =
            definition.ok_or_else(|| unusable("the schema has no such method".into()))?;
        let mut body = Vec::with_capacity(part.len() + 32);
        let mut writer = Writer::new(&mut body);
        writer.id(definition.id());
        writer.long(self.file_id);
        writer.int(self.parts);
        if let Some(total) = total {
            writer.int(total);
        }
        writer
            .bytes(part)
            .map_err(|error| unusable(error.to_string().into()))?;
        Ok(Call::new(method, body))
    }
}

fn outcome(joined: Result<Result<(), Error>, JoinError>) -> Result<(), Error> {
    joined.unwrap_or_else(|error| {
        Err(Error::File {
            what: format!("a part of the upload ended: {error}"),
        })
    })
}

/// Sends a part until it has arrived.
async fn save(client: &Client, call: Call) -> Result<(), Error> {
    let mut tries = 0;
    loop {
        let error = match client.invoke(call.clone()).await {
            Ok(answer) => return stored(client, &call, &answer),
            Err(error) => error,
        };
        match &error {
            Error::Rpc { name, .. } => match premium_wait(name) {
                Some(pause) => sleep(pause).await,
                None => return Err(error),
            },
            _ if is_network(&error) && tries < NETWORK_TRIES => tries += 1,
            _ => return Err(error),
        }
    }
}

/// The server says `boolTrue` for a part that it has.
fn stored(client: &Client, call: &Call, answer: &Bytes) -> Result<(), Error> {
    let stored = client.config().schema().constructor("boolTrue");
    let stored = stored.is_some_and(|stored| answer.as_ref() == stored.id().to_le_bytes());
    if stored {
        return Ok(());
    }
    Err(Error::Answer {
        method: call.method.clone(),
        source: "the server did not store the part".into(),
    })
}

/// What tells the key of an encrypted file from others.
pub fn fingerprint(key: &[u8; 32], iv: &[u8; 32]) -> i32 {
    let digest = md5::compute([*key, *iv].concat());
    match digest.0.as_chunks::<4>() {
        ([first, second, ..], _) => i32::from_le_bytes(*first) ^ i32::from_le_bytes(*second),
        _ => 0,
    }
}

impl Cipher {
    fn new() -> Cipher {
        let (mut key, mut iv) = ([0; 32], [0; 32]);
        OsRandom.fill(&mut key);
        OsRandom.fill(&mut iv);
        let fingerprint = fingerprint(&key, &iv);
        Cipher {
            iv,
            sealed: Sealed {
                key,
                iv,
                fingerprint,
            },
        }
    }

    /// Encrypts the next part; the last one is filled up to whole blocks with random bytes.
    fn encrypt(&mut self, mut part: Vec<u8>) -> Result<Vec<u8>, Error> {
        let length = part.len();
        part.resize(length.next_multiple_of(16), 0);
        if let Some(padding) = part.get_mut(length..) {
            OsRandom.fill(padding);
        }
        let plain: Option<[u8; 16]> = part.last_chunk().copied();
        let blocks = ige::blocks(&mut part).map_err(|error| Error::File {
            what: format!(
                "a part cannot be encrypted: {} bytes are left over",
                error.bytes
            ),
        })?;
        ige::encrypt(blocks, &self.sealed.key, &self.iv);
        if let (Some(plain), Some(sealed)) = (plain, part.last_chunk::<16>()) {
            self.iv = chained(sealed, &plain);
        }
        Ok(part)
    }
}

/// The initialisation vector of what follows two blocks: the encrypted one, then the plain one.
fn chained(sealed: &[u8; 16], plain: &[u8; 16]) -> [u8; 32] {
    let mut iv = [0; 32];
    let (first, second) = iv.split_at_mut(16);
    first.copy_from_slice(sealed);
    second.copy_from_slice(plain);
    iv
}

fn total_parts(size: u64) -> i32 {
    i32::try_from(size.div_ceil(PART as u64)).unwrap_or(i32::MAX)
}

fn too_big() -> Error {
    Error::File {
        what: "Given file is too big!".to_owned(),
    }
}
