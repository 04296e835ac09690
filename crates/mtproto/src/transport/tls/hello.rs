//! The two greetings of TLS 1.3 ([RFC 8446](https://www.rfc-editor.org/rfc/rfc8446#section-4.1)), their random numbers
//! zero. The client's is that of a current browser: the same ciphers and extensions, in any order, padded to the same
//! length, with reserved values ([RFC 8701](https://www.rfc-editor.org/rfc/rfc8701)) between them.

use super::{RANDOM, VERSION, curve, put_record, record};
use crate::random::{Random, bytes};

/// The length of every client's greeting, with the header of its record.
pub(super) const CLIENT_HELLO: usize = 517;

const SESSION_ID: usize = 32;
const X25519: u16 = 0x1d;
const TLS_1_3: u16 = 0x0304;
const TLS_1_2: u16 = 0x0303;
const AES_128_GCM: u16 = 0x1301;

/// Numbers of extensions.
mod extension {
    pub(super) const SERVER_NAME: u16 = 0;
    pub(super) const STATUS_REQUEST: u16 = 5;
    pub(super) const GROUPS: u16 = 10;
    pub(super) const POINT_FORMATS: u16 = 11;
    pub(super) const SIGNATURES: u16 = 13;
    pub(super) const PROTOCOLS: u16 = 16;
    pub(super) const CERTIFICATE_TIMESTAMP: u16 = 18;
    pub(super) const PADDING: u16 = 21;
    pub(super) const EXTENDED_MASTER_SECRET: u16 = 23;
    pub(super) const COMPRESS_CERTIFICATE: u16 = 27;
    pub(super) const SESSION_TICKET: u16 = 35;
    pub(super) const VERSIONS: u16 = 43;
    pub(super) const PSK_MODES: u16 = 45;
    pub(super) const KEY_SHARE: u16 = 51;
    pub(super) const APPLICATION_SETTINGS: u16 = 0x4469;
    pub(super) const RENEGOTIATION: u16 = 0xff01;
}

/// The record of a client's greeting to `domain`.
pub(super) fn client(domain: &str, random: &mut dyn Random) -> Vec<u8> {
    let reserved = reserved_values(random);
    let [of_ciphers, of_groups, of_versions, first, last] = reserved;
    let mut ciphers = vec![of_ciphers];
    ciphers.extend([
        AES_128_GCM,
        0x1302,
        0x1303,
        0xc02b,
        0xc02f,
        0xc02c,
        0xc030,
        0xcca9,
        0xcca8,
        0xc013,
        0xc014,
        0x009c,
        0x009d,
        0x002f,
        0x0035,
    ]);

    let mut extensions = vec![
        (extension::SERVER_NAME, server_name(domain)),
        (extension::STATUS_REQUEST, vec![1, 0, 0, 0, 0]),
        (
            extension::GROUPS,
            list::<2>(&[of_groups, X25519, 0x17, 0x18]),
        ),
        (extension::POINT_FORMATS, vec![1, 0]),
        (
            extension::SIGNATURES,
            list::<2>(&[
                0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601,
            ]),
        ),
        (extension::PROTOCOLS, sized::<2>(b"\x02h2\x08http/1.1")),
        (extension::CERTIFICATE_TIMESTAMP, Vec::new()),
        (extension::EXTENDED_MASTER_SECRET, Vec::new()),
        (extension::COMPRESS_CERTIFICATE, vec![2, 0, 2]),
        (extension::SESSION_TICKET, Vec::new()),
        (
            extension::VERSIONS,
            list::<1>(&[of_versions, TLS_1_3, TLS_1_2]),
        ),
        (extension::PSK_MODES, vec![1, 1]),
        (extension::KEY_SHARE, key_shares(of_groups, random)),
        (extension::APPLICATION_SETTINGS, sized::<2>(b"\x02h2")),
        (extension::RENEGOTIATION, vec![0]),
    ];
    shuffle(&mut extensions, random);
    extensions.insert(0, (first, Vec::new()));
    extensions.push((last, vec![0]));

    let session_id: [u8; SESSION_ID] = bytes(random);
    let mut body = Vec::with_capacity(CLIENT_HELLO);
    body.extend(VERSION);
    body.extend([0; RANDOM]);
    body.extend(sized::<1>(&session_id));
    body.extend(list::<2>(&ciphers));
    // One method of compression: none.
    body.extend([1, 0]);
    let mut listed = Vec::with_capacity(CLIENT_HELLO);
    for (number, content) in &extensions {
        put_extension(*number, content, &mut listed);
    }
    // Headers of the record, the message, the list of extensions and the padding itself.
    let taken = body.len() + listed.len() + 5 + 4 + 2 + 4;
    let padding = vec![0; CLIENT_HELLO.saturating_sub(taken)];
    put_extension(extension::PADDING, &padding, &mut listed);
    body.extend(sized::<2>(&listed));

    let mut record = Vec::with_capacity(CLIENT_HELLO);
    put_record(record::HANDSHAKE, &message(1, &body), &mut record);
    // The first record names the oldest version, for the sake of old middleboxes.
    if let [_, _, minor, ..] = record.as_mut_slice() {
        *minor = 1;
    }
    record
}

/// The record of a server's greeting to a client that sent this session id.
pub(super) fn server(session_id: &[u8], random: &mut dyn Random) -> Vec<u8> {
    let mut share = X25519.to_be_bytes().to_vec();
    share.extend(sized::<2>(&curve::public_key(random)));
    let mut listed = Vec::new();
    put_extension(extension::KEY_SHARE, &share, &mut listed);
    put_extension(extension::VERSIONS, &TLS_1_3.to_be_bytes(), &mut listed);

    let mut body = Vec::new();
    body.extend(VERSION);
    body.extend([0; RANDOM]);
    body.extend(sized::<1>(session_id));
    body.extend(AES_128_GCM.to_be_bytes());
    // No compression.
    body.push(0);
    body.extend(sized::<2>(&listed));
    let mut record = Vec::new();
    put_record(record::HANDSHAKE, &message(2, &body), &mut record);
    record
}

fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    let mut message = vec![kind];
    message.extend(sized::<3>(body));
    message
}

fn server_name(domain: &str) -> Vec<u8> {
    let mut name = vec![0];
    name.extend(sized::<2>(domain.as_bytes()));
    sized::<2>(&name)
}

fn key_shares(reserved: u16, random: &mut dyn Random) -> Vec<u8> {
    let mut shares = reserved.to_be_bytes().to_vec();
    shares.extend([0, 1, 0]);
    shares.extend(X25519.to_be_bytes());
    shares.extend(sized::<2>(&curve::public_key(random)));
    sized::<2>(&shares)
}

/// Values that mean nothing, so that servers stay used to unknown ones. Neighbours differ.
fn reserved_values<const N: usize>(random: &mut dyn Random) -> [u16; N] {
    let mut previous = 0;
    bytes::<N>(random).map(|byte| {
        let mut byte = byte & 0xf0 | 0x0a;
        if byte == previous {
            byte ^= 0x10;
        }
        previous = byte;
        u16::from_be_bytes([byte; 2])
    })
}

fn shuffle<T>(items: &mut [T], random: &mut dyn Random) {
    for last in (1..items.len()).rev() {
        let [low, high] = bytes(random);
        let other = usize::from(u16::from_le_bytes([low, high])) % (last + 1);
        items.swap(last, other);
    }
}

fn put_extension(number: u16, content: &[u8], out: &mut Vec<u8>) {
    out.extend(number.to_be_bytes());
    out.extend(sized::<2>(content));
}

/// Numbers with the length of all of them in `N` bytes before them.
fn list<const N: usize>(numbers: &[u16]) -> Vec<u8> {
    let bytes: Vec<_> = numbers.iter().flat_map(|n| n.to_be_bytes()).collect();
    sized::<N>(&bytes)
}

/// Bytes with their length in `N` bytes before them.
fn sized<const N: usize>(content: &[u8]) -> Vec<u8> {
    let length = (content.len() as u64).to_be_bytes();
    let mut sized = length.get(8 - N..).unwrap_or_default().to_vec();
    sized.extend_from_slice(content);
    sized
}
