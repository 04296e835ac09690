//! Against the crate that hashes one message at a time.

#![allow(clippy::unwrap_used, reason = "tests")]

use super::{digest, digests};

const PREFIX: [u8; 32] = [0x5a; 32];

fn message(length: usize, seed: u8) -> Vec<u8> {
    (0..length)
        .map(|at| (at as u8).wrapping_mul(31) ^ (at >> 8) as u8 ^ seed)
        .collect()
}

fn compare(lengths: &[usize]) {
    let messages: Vec<_> = (1..)
        .zip(lengths)
        .map(|(seed, length)| message(*length, seed))
        .collect();
    let messages: Vec<_> = messages.iter().map(Vec::as_slice).collect();
    let alone: Vec<_> = messages
        .iter()
        .map(|message| digest(&PREFIX, message))
        .collect();
    assert_eq!(digests(&PREFIX, &messages), alone, "{lengths:?}");
}

/// FIPS 180-4's own example, with its first 32 bytes as the prefix.
#[test]
fn a_known_digest() {
    let text = b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    let (prefix, rest) = text.split_first_chunk().unwrap();
    let expected = [
        0x24, 0x8d, 0x6a, 0x61, 0xd2, 0x06, 0x38, 0xb8, 0xe5, 0xc0, 0x26, 0x93, 0x0c, 0x3e, 0x60,
        0x39, 0xa3, 0x3c, 0xe4, 0x59, 0x64, 0xff, 0x21, 0x67, 0xf6, 0xec, 0xed, 0xd4, 0x19, 0xdb,
        0x06, 0xc1,
    ];
    assert_eq!(digest(prefix, rest), expected);
    assert_eq!(digests(prefix, &[rest, rest]), [expected; 2]);
}

#[test]
fn every_length_up_to_some_blocks_beside_another() {
    for length in 0..400 {
        compare(&[length, 400 - length]);
    }
}

#[test]
fn any_number_of_messages() {
    compare(&[]);
    compare(&[1000]);
    compare(&[1000, 64]);
    compare(&[96, 5000, 160]);
    compare(&[4096, 4096, 65_536, 31, 32]);
    compare(&[(1 << 19) + 44, (1 << 19) + 44]);
}
