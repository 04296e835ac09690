#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use grammers_crypto::aes::{ige_decrypt, ige_encrypt};
use grammers_crypto::hex::from_hex;
use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

/// Bytes, key and initialization vector of a message.
type Message = (Vec<u8>, [u8; 32], [u8; 32]);

/// Up to three lanes' fill of messages of different lengths.
fn messages() -> impl Strategy<Value = Vec<Message>> {
    let message = (
        (0usize..40, any::<u8>()),
        any::<[u8; 32]>(),
        any::<[u8; 32]>(),
    );
    let message = message.prop_map(|((blocks, seed), key, iv)| {
        let bytes = (0..blocks * 16).map(|at| (at as u8).wrapping_mul(31) ^ seed);
        (bytes.collect(), key, iv)
    });
    vec(message, 0..25)
}

fn jobs(messages: &mut [Message]) -> Vec<Job<'_>> {
    messages
        .iter_mut()
        .map(|(bytes, key, iv)| Job {
            blocks: blocks(bytes).unwrap(),
            key,
            iv,
        })
        .collect()
}

fn by_grammers(messages: &[Message], cipher: fn(&mut [u8], &[u8; 32], &[u8; 32])) -> Vec<Message> {
    let mut messages = messages.to_vec();
    for (bytes, key, iv) in &mut messages {
        cipher(bytes, key, iv);
    }
    messages
}

proptest! {
    #[test]
    fn many_messages_are_encrypted_as_by_grammers(mut messages in messages()) {
        let expected = by_grammers(&messages, ige_encrypt);
        encrypt_many(&mut jobs(&mut messages));
        prop_assert_eq!(messages, expected);
    }

    #[test]
    fn many_messages_are_decrypted_as_by_grammers(mut messages in messages()) {
        let expected = by_grammers(&messages, ige_decrypt);
        decrypt_many(&mut jobs(&mut messages));
        prop_assert_eq!(messages, expected);
    }

    #[test]
    fn one_message_is_treated_as_many_are(messages in messages()) {
        let (mut alone, mut together) = (messages.clone(), messages);
        for (bytes, key, iv) in &mut alone {
            encrypt(blocks(bytes).unwrap(), key, iv);
        }
        encrypt_many(&mut jobs(&mut together));
        prop_assert_eq!(&alone, &together);
        for (bytes, key, iv) in &mut alone {
            decrypt(blocks(bytes).unwrap(), key, iv);
        }
        decrypt_many(&mut jobs(&mut together));
        prop_assert_eq!(alone, together);
    }

    #[test]
    fn the_portable_cipher_is_that_of_grammers(mut messages in messages()) {
        let plain = messages.clone();
        let expected = by_grammers(&messages, ige_encrypt);
        portable::run(Direction::Encrypt, &mut jobs(&mut messages));
        prop_assert_eq!(&messages, &expected);
        portable::run(Direction::Decrypt, &mut jobs(&mut messages));
        prop_assert_eq!(messages, plain);
    }
}

/// OpenSSL's own vectors are for keys of 128 bits. These are what its `AES_ige_encrypt` makes with 256.
#[test]
fn messages_are_encrypted_as_by_openssl() {
    let counting = std::array::from_fn(|at| at as u8);
    let vectors: [(Message, &str); 2] = [
        (
            (vec![0; 32], counting, counting),
            "4a7f16441cee6781e8374f261edeb88dc77147ebd5121de8d0fae7762423b6bf",
        ),
        (
            (
                b"Four blocks that OpenSSL's AES_ige_encrypt has encrypted for us.".to_vec(),
                *b"a key of 256 bits, as MTProto ha",
                *b"and two blocks before the first.",
            ),
            "d9b989fcbb7627e0b8ed2d7894575acbc03e54f51532b14606ffd06dcab2197c\
             43e5914280d6acecef448de7d08b25d16c0e0db0c8bc5225b5017b8badd0378a",
        ),
    ];
    for ((plain, key, iv), encrypted) in vectors {
        let encrypted = from_hex(encrypted);
        let mut message = plain.clone();
        encrypt(blocks(&mut message).unwrap(), &key, &iv);
        assert_eq!(message, encrypted);
        decrypt(blocks(&mut message).unwrap(), &key, &iv);
        assert_eq!(message, plain);

        let mut jobs = [Job {
            blocks: blocks(&mut message).unwrap(),
            key: &key,
            iv: &iv,
        }];
        portable::run(Direction::Encrypt, &mut jobs);
        assert_eq!(message, encrypted);
    }
}

#[test]
fn bytes_that_are_no_whole_blocks_are_refused() {
    for bytes in 0..50 {
        let mut data = vec![0; bytes];
        match blocks(&mut data) {
            Ok(blocks) => assert_eq!(blocks.len() * 16, bytes),
            Err(partial) => {
                assert_ne!(bytes % 16, 0);
                assert_eq!(partial, PartialBlock { bytes });
            }
        }
    }
}
