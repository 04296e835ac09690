//! `auth.bindTempAuthKey`: <https://core.telegram.org/method/auth.bindTempAuthKey>.
//!
//! The permanent key agrees with a message in the envelope of `MTProto` 1.0, which only this one still has. It carries
//! the identifier of the call itself, so the call is written when it gets one.

use sha1::{Digest, Sha1};
use zeroize::Zeroizing;

use crate::ige;
use crate::random::{Random, bytes};
use crate::wire::Write;
use crate::{AuthKey, MsgId};

/// `auth.bindTempAuthKey`.
const BIND_TEMP_AUTH_KEY: u32 = 0xcdd4_2a05;
/// `bind_auth_key_inner`.
const BIND_AUTH_KEY_INNER: u32 = 0x75a3_f765;

/// Length of the call in bytes.
pub(super) const LEN: usize = 132;

/// A key to bind to.
pub(super) struct Binding {
    permanent: AuthKey,
    expires_at: i32,
}

impl Binding {
    pub(super) fn new(permanent: &AuthKey, expires_at: i32) -> Self {
        Self {
            permanent: permanent.clone(),
            expires_at,
        }
    }

    /// The call in the message `msg_id` of a session of the key `temporary`.
    pub(super) fn call(
        &self,
        temporary: &AuthKey,
        session_id: i64,
        msg_id: MsgId,
        random: &mut dyn Random,
    ) -> Vec<u8> {
        let nonce = i64::from_le_bytes(bytes(random));
        let mut inner = Vec::with_capacity(40);
        inner.id(BIND_AUTH_KEY_INNER);
        inner.long(nonce);
        inner.long(temporary.id());
        inner.long(self.permanent.id());
        inner.long(session_id);
        inner.int(self.expires_at);

        let mut call = Vec::with_capacity(LEN);
        call.id(BIND_TEMP_AUTH_KEY);
        call.long(self.permanent.id());
        call.long(nonce);
        call.int(self.expires_at);
        call.bytes(&seal(&self.permanent, msg_id, &inner, random));
        call
    }
}

/// Encrypts a message as <https://core.telegram.org/mtproto/description_v1> says, with random bytes in the place of
/// salt and session.
fn seal(key: &AuthKey, msg_id: MsgId, body: &[u8], random: &mut dyn Random) -> Vec<u8> {
    let mut plain = Vec::with_capacity(80);
    plain.raw(&bytes::<16>(random));
    plain.long(msg_id.0);
    plain.int(0);
    plain.int(body.len() as i32);
    plain.raw(body);
    let hash: [u8; 20] = Sha1::digest(&plain).into();
    let msg_key: [u8; 16] = std::array::from_fn(|index| hash.get(index + 4).copied().unwrap_or(0));
    let unpadded = plain.len();
    plain.resize(unpadded.next_multiple_of(16), 0);
    if let Some(padding) = plain.get_mut(unpadded..) {
        random.fill(padding);
    }
    let (aes_key, aes_iv) = cipher(key, &msg_key);
    if let Ok(blocks) = ige::blocks(&mut plain) {
        ige::encrypt(blocks, &aes_key, &aes_iv);
    }
    let mut sealed = Vec::with_capacity(24 + plain.len());
    sealed.long(key.id());
    sealed.raw(&msg_key);
    sealed.raw(&plain);
    sealed
}

/// AES key and initialization vector of a client's message.
fn cipher(key: &AuthKey, msg_key: &[u8; 16]) -> (Zeroizing<[u8; 32]>, Zeroizing<[u8; 32]>) {
    let part = |from: usize, len: usize| key.as_bytes().get(from..from + len).unwrap_or_default();
    let sha1 = |parts: [&[u8]; 3]| -> Zeroizing<[u8; 20]> {
        let mut hash = Sha1::new();
        for part in parts {
            hash.update(part);
        }
        Zeroizing::new(hash.finalize().into())
    };
    let a = sha1([msg_key, part(0, 32), &[]]);
    let b = sha1([part(32, 16), msg_key, part(48, 16)]);
    let c = sha1([part(64, 32), msg_key, &[]]);
    let d = sha1([msg_key, part(96, 32), &[]]);
    (
        joined([(&a, 0, 8), (&b, 8, 12), (&c, 4, 12), (&d, 0, 0)]),
        joined([(&a, 8, 12), (&b, 0, 8), (&c, 16, 4), (&d, 0, 8)]),
    )
}

/// Parts of hashes, each from a position on, one after the other.
fn joined(parts: [(&[u8; 20], usize, usize); 4]) -> Zeroizing<[u8; 32]> {
    let bytes = parts
        .into_iter()
        .flat_map(|(hash, from, len)| hash.iter().skip(from).take(len));
    let mut joined = Zeroizing::new([0; 32]);
    for (to, from) in joined.iter_mut().zip(bytes) {
        *to = *from;
    }
    joined
}
