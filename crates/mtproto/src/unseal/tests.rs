//! Against the cipher and the hash one after the other, which have tests of their own.

#![allow(clippy::unwrap_used, reason = "tests")]

use proptest::collection::vec;
use proptest::prelude::*;

use super::decrypt_and_hash;
use crate::ige::{self, Job};
use crate::sha256;

const PREFIX: [u8; 32] = [0xa5; 32];

/// Bytes, key and initialization vector of a message.
type Message = (Vec<u8>, [u8; 32], [u8; 32]);

fn message(blocks: usize, seed: u8) -> Message {
    let bytes = (0..blocks * 16).map(|at| (at as u8).wrapping_mul(31) ^ (at >> 8) as u8 ^ seed);
    (bytes.collect(), [seed; 32], [!seed; 32])
}

fn jobs(messages: &mut [Message]) -> Vec<Job<'_>> {
    messages
        .iter_mut()
        .map(|(bytes, key, iv)| Job {
            blocks: ige::blocks(bytes).unwrap(),
            key,
            iv,
        })
        .collect()
}

fn compare(mut messages: Vec<Message>) {
    let mut apart = messages.clone();
    ige::decrypt_many(&mut jobs(&mut apart));
    let plaintexts: Vec<_> = apart.iter().map(|(bytes, ..)| bytes.as_slice()).collect();
    let hashes = sha256::digests(&PREFIX, &plaintexts);
    assert_eq!(decrypt_and_hash(&PREFIX, &mut jobs(&mut messages)), hashes);
    assert!(messages == apart);
}

#[test]
fn every_length_up_to_some_chunks_alone_and_beside_others() {
    for blocks in 0..40 {
        compare(vec![message(blocks, 1)]);
        compare(
            (0..7)
                .map(|seed| message(blocks + usize::from(seed % 3), seed))
                .collect(),
        );
    }
}

#[test]
fn parts_of_files() {
    let whole = (1 << 15) + 3;
    compare(
        (0..6)
            .map(|seed| message(whole - usize::from(seed), seed))
            .collect(),
    );
}

proptest! {
    #[test]
    fn any_number_of_messages_of_any_length(
        lengths in vec((0usize..300, any::<[u8; 32]>(), any::<[u8; 32]>()), 0..12),
    ) {
        let messages = lengths.into_iter().zip(0..).map(|((blocks, key, iv), seed)| {
            (message(blocks, seed).0, key, iv)
        });
        compare(messages.collect());
    }
}
