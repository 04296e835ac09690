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
    let mut header = permitted_bytes(random);
    let [.., y, z] = header;
    let [a, b, c, d] = tag;
    let [dc_low, dc_high] = obfuscation.dc.to_le_bytes();
    set_end(&mut header, [a, b, c, d, dc_low, dc_high, y, z]);
    let mut ciphers = ciphers(&header, obfuscation.secret.as_ref());
    let mut encrypted = header;
    ciphers.encrypt(&mut encrypted);
    set_end(&mut header, end(&encrypted));
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
    let [a, b, c, d, dc_low, dc_high, _, _] = end(&decrypted);
    let kind = [Kind::Abridged, Kind::Intermediate, Kind::PaddedIntermediate]
        .into_iter()
        .find(|&kind| tag(kind) == Some([a, b, c, d]))?;
    Some(ServerView {
        kind,
        dc: i16::from_le_bytes([dc_low, dc_high]),
        ciphers,
    })
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
fn permitted_bytes(random: &mut dyn Random) -> [u8; HEADER] {
    loop {
        let header: [u8; HEADER] = bytes(random);
        let [a, b, c, d, e, f, g, h, ..] = header;
        if a != abridged::TAG[0] && !FORBIDDEN.contains(&[a, b, c, d]) && [e, f, g, h] != [0; 4] {
            return header;
        }
    }
}

/// The header's last eight bytes: tag, DC and two random bytes.
fn end(header: &[u8; HEADER]) -> [u8; 8] {
    let [.., a, b, c, d, e, f, g, h] = *header;
    [a, b, c, d, e, f, g, h]
}

fn set_end(header: &mut [u8; HEADER], end: [u8; 8]) {
    for (to, from) in header.iter_mut().rev().zip(end.into_iter().rev()) {
        *to = from;
    }
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
