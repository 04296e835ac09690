//! `auth.bindTempAuthKey`, opened as a server does.

use grammers_crypto::aes::ige_decrypt;
use madeline_tl::{Schema, boxed_from_bytes};
use sha1::{Digest, Sha1};

use super::*;

const EXPIRES: i32 = 1_700_086_400;

fn permanent() -> AuthKey {
    AuthKey::from_bytes(std::array::from_fn(|index| index as u8))
}

fn counting(bytes: &mut [u8]) {
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = index as u8;
    }
}

/// Opens the inner message; gives its identifier and its body.
fn open(message: &[u8]) -> (MsgId, Vec<u8>) {
    let key = permanent();
    let bytes = key.as_bytes();
    assert_eq!(message[..8], key.id().to_le_bytes());
    let msg_key = &message[8..24];
    let sha1 = |parts: &[&[u8]]| Sha1::digest(parts.concat()).to_vec();
    let a = sha1(&[msg_key, &bytes[..32]]);
    let b = sha1(&[&bytes[32..48], msg_key, &bytes[48..64]]);
    let c = sha1(&[&bytes[64..96], msg_key]);
    let d = sha1(&[msg_key, &bytes[96..128]]);
    let aes_key = [&a[..8], &b[8..], &c[4..16]].concat();
    let aes_iv = [&a[8..], &b[..8], &c[16..], &d[..8]].concat();
    let mut plain = message[24..].to_vec();
    ige_decrypt(
        &mut plain,
        &aes_key.try_into().unwrap(),
        &aes_iv.try_into().unwrap(),
    );
    assert_eq!(plain[24..28], [0; 4], "seq_no");
    let length = i32::from_le_bytes(plain[28..32].try_into().unwrap()) as usize;
    assert_eq!(Sha1::digest(&plain[..32 + length])[4..], *msg_key);
    let msg_id = i64::from_le_bytes(plain[16..24].try_into().unwrap());
    (MsgId(msg_id), plain[32..32 + length].to_vec())
}

fn check(sent: &Sent, session: i64) {
    assert_eq!(sent.body.len(), super::super::binding::LEN);
    let long = |at: usize| i64::from_le_bytes(sent.body[at..at + 8].try_into().unwrap());
    assert_eq!(sent.body[..4], 0xcdd4_2a05u32.to_le_bytes());
    assert_eq!(long(4), permanent().id());
    assert_eq!(sent.body[20..24], EXPIRES.to_le_bytes());
    assert_eq!(sent.body[24], 104, "a short string");
    let (msg_id, inner) = open(&sent.body[25..129]);
    assert_eq!(msg_id, sent.msg_id);
    let inner = boxed_from_bytes(Schema::mtproto(), &inner).unwrap();
    assert!(inner.is("bind_auth_key_inner"));
    for (field, expected) in [
        ("nonce", long(12)),
        ("temp_auth_key_id", key().id()),
        ("perm_auth_key_id", permanent().id()),
        ("temp_session_id", session),
        ("expires_at", EXPIRES.into()),
    ] {
        assert_eq!(inner.int(field), Ok(expected), "{field}");
    }
}

fn bindings(pair: &mut Pair) -> Vec<Sent> {
    let mut frames = Vec::new();
    pair.session.flush(pair.now, &mut counting, &mut frames);
    assert_eq!(frames.len(), 1);
    let opened = envelope::decrypt(&key(), Side::Client, &frames[0]).unwrap();
    vec![Sent {
        envelope: opened.header.msg_id,
        salt: opened.header.salt,
        msg_id: opened.header.msg_id,
        seq_no: opened.header.seq_no,
        body: opened.body.to_vec(),
    }]
}

#[test]
fn the_permanent_key_agrees_with_the_identifier_of_the_call() {
    let mut pair = Pair::new();
    pair.session
        .bind_temporary_key(NOW, 5, &permanent(), EXPIRES);
    let sent = bindings(&mut pair).remove(0);
    check(&sent, SESSION);
    pair.answer(sent.msg_id, &RESULT);
    assert_eq!(pair.outcomes(), [result(5)]);
}

#[test]
fn the_call_is_written_anew_for_another_identifier() {
    let mut pair = Pair::new();
    pair.session
        .bind_temporary_key(NOW, 5, &permanent(), EXPIRES);
    let first = bindings(&mut pair).remove(0);
    pair.refuse(first.msg_id, bad_msg::ID_LOW_BITS).unwrap();
    let second = bindings(&mut pair).remove(0);
    assert!(second.msg_id > first.msg_id);
    check(&second, SESSION);
}
