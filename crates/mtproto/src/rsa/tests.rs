#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests"
)]

use proptest::prelude::*;

use super::*;
use crate::random::OsRandom;

/// Made with `openssl genrsa`; used by nobody.
const PKCS1: &str = include_str!("../../tests/data/rsa-pkcs1.pem");
const PKCS8: &str = include_str!("../../tests/data/rsa-pkcs8.pem");
const PUBLIC_PKCS1: &str = include_str!("../../tests/data/rsa-public-pkcs1.pem");
const PUBLIC_SPKI: &str = include_str!("../../tests/data/rsa-public-spki.pem");

fn private() -> RsaPrivateKey {
    RsaPrivateKey::from_pem(PKCS1).unwrap()
}

#[test]
fn telegrams_keys_have_their_published_fingerprints() {
    let fingerprints: Vec<_> = RsaKey::telegram().iter().map(RsaKey::fingerprint).collect();
    assert_eq!(
        fingerprints,
        [-3_414_540_481_677_951_611, -5_595_554_452_916_591_101]
    );
}

#[test]
fn all_pem_forms_of_a_key_are_read() {
    let key = private();
    assert_eq!(
        RsaPrivateKey::from_pem(PKCS8).unwrap().public(),
        key.public()
    );
    assert_eq!(&RsaKey::from_pem(PUBLIC_PKCS1).unwrap(), key.public());
    assert_eq!(&RsaKey::from_pem(PUBLIC_SPKI).unwrap(), key.public());
}

#[test]
fn keys_are_written_as_openssl_writes_them() {
    assert_eq!(private().to_pem().trim(), PKCS1.trim());
    assert_eq!(private().public().to_pem().trim(), PUBLIC_PKCS1.trim());
}

#[test]
fn every_key_of_a_text_is_found() {
    let text = format!(
        "our keys:\n{PUBLIC_PKCS1}and\r\n{}",
        RsaKey::telegram()[0].to_pem().replace('\n', "\r\n")
    );
    assert_eq!(
        RsaKey::all_from_pem(&text).unwrap(),
        [private().public().clone(), RsaKey::telegram()[0].clone()]
    );
    assert_eq!(RsaKey::all_from_pem("nothing"), Err(Error::NoKey));
}

#[test]
fn texts_without_a_key_say_what_is_wrong() {
    assert_eq!(RsaKey::from_pem(""), Err(Error::NoKey));
    assert_eq!(RsaKey::from_pem(PKCS1), Err(Error::NoKey));
    let block = |body: &str| {
        format!("-----BEGIN RSA PUBLIC KEY-----\n{body}\n-----END RSA PUBLIC KEY-----")
    };
    assert_eq!(RsaKey::from_pem(&block("%%%")), Err(Error::Base64));
    assert_eq!(RsaKey::from_pem(&block("AAAA")), Err(Error::Der));
    assert_eq!(
        RsaKey::from_pem(&block("MAYCAQ8CAQM=")),
        Err(Error::Modulus { bits: 4 })
    );
    assert_eq!(
        RsaPrivateKey::from_pem(PUBLIC_SPKI).unwrap_err(),
        Error::NoKey
    );
}

#[test]
fn keys_of_other_sizes_and_bad_exponents_are_refused() {
    assert_eq!(
        RsaKey::new(&[0xff; 128], &[3]),
        Err(Error::Modulus { bits: 1024 })
    );
    assert_eq!(
        RsaKey::new(&[0xfe; 256], &[3]),
        Err(Error::Modulus { bits: 2048 })
    );
    assert_eq!(RsaKey::new(&[0xff; 256], &[4]), Err(Error::Exponent));
    assert_eq!(RsaKey::new(&[0xff; 256], &[1]), Err(Error::Exponent));
    assert_eq!(
        RsaKey::new(&[0xff; 256], &[0xff; 256]),
        Err(Error::Exponent)
    );
}

#[test]
fn generated_keys_work() {
    let key = RsaPrivateKey::generate(&mut OsRandom);
    assert_eq!(key.public().n.bits(), 2048);
    let again = RsaPrivateKey::from_pem(&key.to_pem()).unwrap();
    let encrypted = again
        .public()
        .encrypt_padded(b"data", &mut OsRandom)
        .unwrap();
    assert!(key.decrypt_padded(&encrypted).unwrap().starts_with(b"data"));
}

#[test]
fn grammers_pads_data_that_is_decrypted() {
    let key = private();
    let theirs = grammers_crypto::rsa::Key::new(&key.public().n.to_string(), "65537").unwrap();
    let encrypted = grammers_crypto::rsa::encrypt_hashed(&[0x42; 144], &theirs, &[7; 224]);
    assert!(
        key.decrypt_padded(&encrypted)
            .unwrap()
            .starts_with(&[0x42; 144])
    );
}

#[test]
fn padding_equals_that_of_grammers_for_the_same_random_bytes() {
    let key = private();
    let theirs = grammers_crypto::rsa::Key::new(&key.public().n.to_string(), "65537").unwrap();
    // Their one array of random bytes holds the padding, then the temporary key.
    let mut random: [u8; 224] = std::array::from_fn(|index| (index * 5 + 1) as u8);
    random[192..].fill(3);
    let data = [0x42; 100];
    let mut calls = 0;
    let ours = key.public().encrypt_padded(&data, &mut |bytes: &mut [u8]| {
        calls += 1;
        if calls == 1 {
            bytes[100..].copy_from_slice(&random[..92]);
        } else {
            bytes.copy_from_slice(&random[192..]);
        }
    });
    assert_eq!(
        calls, 2,
        "the number has to be below the modulus at once for this comparison"
    );
    assert_eq!(
        ours.unwrap().as_slice(),
        grammers_crypto::rsa::encrypt_hashed(&data, &theirs, &random)
    );
}

#[test]
fn a_number_above_the_modulus_leads_to_another_temporary_key() {
    let key = private();
    let mut temp_keys = 0u8;
    // The padded number depends on each temporary key, and some of these give one above the modulus.
    let mut most = 0;
    for start in 0..32u8 {
        temp_keys = 0;
        let encrypted = key
            .public()
            .encrypt_padded(b"data", &mut |bytes: &mut [u8]| {
                bytes.fill(start);
                if bytes.len() == 32 {
                    bytes[0] = temp_keys;
                    temp_keys += 1;
                }
            });
        assert!(
            key.decrypt_padded(&encrypted.unwrap())
                .unwrap()
                .starts_with(b"data")
        );
        most = most.max(temp_keys);
    }
    assert!(most > 1, "no attempt was repeated");
    assert!(temp_keys > 0);
}

#[test]
fn a_source_that_only_repeats_itself_is_an_error() {
    let key = private();
    let above = (0..=255u8).find(|&byte| {
        key.public()
            .encrypt_padded(b"data", &mut |bytes: &mut [u8]| bytes.fill(byte))
            == Err(Error::NotRandom)
    });
    assert!(above.is_some());
}

#[test]
fn too_much_data_is_an_error() {
    let key = private();
    assert!(
        key.public()
            .encrypt_padded(&[1; 144], &mut OsRandom)
            .is_ok()
    );
    assert_eq!(
        key.public().encrypt_padded(&[1; 145], &mut OsRandom),
        Err(Error::TooLong { bytes: 145 })
    );
}

#[test]
fn changed_or_foreign_data_is_not_decrypted() {
    let key = private();
    let mut encrypted = key.public().encrypt_padded(b"data", &mut OsRandom).unwrap();
    encrypted[100] ^= 1;
    assert_eq!(key.decrypt_padded(&encrypted), Err(Error::Decryption));
    assert_eq!(key.decrypt_padded(&[0xff; 256]), Err(Error::Decryption));
    assert_eq!(
        key.decrypt_padded(&encrypted[..255]),
        Err(Error::Decryption)
    );
}

#[test]
fn debug_output_shows_only_the_fingerprint() {
    let key = private();
    let expected = format!(
        "RsaPrivateKey {{ public: RsaKey({:016x}), .. }}",
        key.public().fingerprint()
    );
    assert_eq!(format!("{key:?}"), expected);
}

proptest! {
    #[test]
    fn damaged_pem_texts_never_panic(position in 0usize..1600, byte: u8) {
        for text in [PKCS1, PKCS8, PUBLIC_PKCS1, PUBLIC_SPKI] {
            let mut bytes = text.as_bytes().to_vec();
            let position = position % bytes.len();
            bytes[position] = byte & 0x7f;
            let text = String::from_utf8(bytes).unwrap();
            let _ = RsaKey::all_from_pem(&text);
            let _ = RsaPrivateKey::from_pem(&text);
        }
    }
}
