//! <https://core.telegram.org/mtproto/mtproto-transports#transport-obfuscation>: AES-256-CTR over the whole stream,
//! with the keys in its first 64 bytes.

use aes::Aes256;
use aes::cipher::{KeyIvInit, StreamCipher};
use sha2::{Digest, Sha256};

use super::{Error, Kind, Obfuscation, abridged, intermediate};
use crate::random::{Random, bytes};

/// Number of bytes of the header.
pub(super) const HEADER: usize = 64;

/// First words that a header must not have: they begin other protocols or other transports.
pub(super) const FORBIDDEN: [[u8; 4]; 7] = [
    *b"HEAD",
    *b"POST",
    *b"GET ",
    *b"OPTI",
    [0x16, 0x03, 0x01, 0x02],
    intermediate::TAG,
    intermediate::PADDED_TAG,
];

/// Where tag and DC stand in the header.
const TAG_AT: usize = 56;

/// Draws of a header. About one in 250 is not permitted.
const ATTEMPTS: usize = 32;

type Cipher = ctr::Ctr128BE<Aes256>;

/// The ciphers of a stream's two directions.
pub(super) struct Ciphers {
    outbound: Cipher,
    inbound: Cipher,
}

impl Ciphers {
    pub(super) fn encrypt(&mut self, bytes: &mut [u8]) {
        self.outbound.apply_keystream(bytes);
    }

    pub(super) fn decrypt(&mut self, bytes: &mut [u8]) {
        self.inbound.apply_keystream(bytes);
    }
}

/// The client's header, ready to be sent, and its ciphers.
pub(super) fn client_header(
    kind: Kind,
    obfuscation: &Obfuscation,
    random: &mut dyn Random,
) -> Result<([u8; HEADER], Ciphers), Error> {
    let tag = tag(kind).ok_or(Error::NotInFullTransport)?;
    let mut header = permitted_bytes(random)?;
    let dc = obfuscation.dc.to_le_bytes();
    for (to, from) in header.iter_mut().skip(TAG_AT).zip(tag.iter().chain(&dc)) {
        *to = *from;
    }
    let mut ciphers = ciphers(&header, obfuscation.secret.as_ref());
    let mut encrypted = header;
    ciphers.encrypt(&mut encrypted);
    for (to, from) in header.iter_mut().zip(encrypted).skip(TAG_AT) {
        *to = from;
    }
    Ok((header, ciphers))
}

/// What a client's header says.
pub(super) struct ServerView {
    pub(super) kind: Kind,
    pub(super) dc: i16,
    pub(super) ciphers: Ciphers,
}

/// Reads a client's header; `None` when it names no transport (a wrong secret looks like that, too).
pub(super) fn read_header(header: &[u8; HEADER], secret: Option<&[u8; 16]>) -> Option<ServerView> {
    let Ciphers {
        outbound: inbound,
        inbound: outbound,
    } = ciphers(header, secret);
    let mut ciphers = Ciphers { outbound, inbound };
    let mut decrypted = *header;
    ciphers.decrypt(&mut decrypted);
    let (named, rest) = decrypted.get(TAG_AT..)?.split_first_chunk()?;
    let dc = i16::from_le_bytes(*rest.first_chunk()?);
    let kind = [Kind::Abridged, Kind::Intermediate, Kind::PaddedIntermediate]
        .into_iter()
        .find(|&kind| tag(kind) == Some(*named))?;
    Some(ServerView { kind, dc, ciphers })
}

fn tag(kind: Kind) -> Option<[u8; 4]> {
    match kind {
        Kind::Abridged => Some([abridged::TAG[0]; 4]),
        Kind::Intermediate => Some(intermediate::TAG),
        Kind::PaddedIntermediate => Some(intermediate::PADDED_TAG),
        Kind::Full => None,
    }
}

/// Random bytes that can't be taken for another transport's beginning.
fn permitted_bytes(random: &mut dyn Random) -> Result<[u8; HEADER], Error> {
    let is_permitted = |header: &[u8; HEADER]| {
        !header.starts_with(&abridged::TAG)
            && !FORBIDDEN.iter().any(|first| header.starts_with(first))
            && header.get(4..8) != Some(&[0; 4])
    };
    (0..ATTEMPTS)
        .map(|_| bytes(random))
        .find(is_permitted)
        .ok_or(Error::NotRandom)
}

/// As the client that wrote `header` uses them.
fn ciphers(header: &[u8; HEADER], secret: Option<&[u8; 16]>) -> Ciphers {
    let mut reversed = *header;
    reversed.reverse();
    Ciphers {
        outbound: cipher(header, secret),
        inbound: cipher(&reversed, secret),
    }
}

fn cipher(header: &[u8; HEADER], secret: Option<&[u8; 16]>) -> Cipher {
    let mut key = [0; 32];
    let mut iv = [0; 16];
    for (to, from) in key.iter_mut().chain(&mut iv).zip(header.iter().skip(8)) {
        *to = *from;
    }
    if let Some(secret) = secret {
        key = Sha256::new()
            .chain_update(key)
            .chain_update(secret)
            .finalize()
            .into();
    }
    Cipher::new(&key.into(), &iv.into())
}
