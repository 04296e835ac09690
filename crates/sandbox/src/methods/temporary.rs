//! `auth.bindTempAuthKey`: perfect forward secrecy, <https://core.telegram.org/api/pfs>.

use grammers_crypto::aes::ige_decrypt;
use madeline_mtproto::AuthKey;
use madeline_tl::{Schema, Value, boxed_from_bytes};
use sha1::{Digest, Sha1};

use super::{Outcome, int};
use crate::error::{RpcError, bad_request};
use crate::state::{KeyRef, SessionRef, State, Temporary};

/// `auth.bindTempAuthKey`. The message with which the permanent key agrees has to carry `msg_id`, that of the call.
pub(super) fn bind(state: &mut State, session: SessionRef, msg_id: i64, query: &Value) -> Outcome {
    let invalid = || bad_request("ENCRYPTED_MESSAGE_INVALID");
    let temporary = state.keys.get(&session.key).and_then(|key| key.temporary);
    let temporary = temporary.ok_or_else(|| bad_request("TEMP_AUTH_KEY_EMPTY"))?;
    let permanent = KeyRef {
        dc: session.key.dc.abs(),
        id: query.int("perm_auth_key_id").unwrap_or(0),
    };
    let key = state
        .keys
        .get(&permanent)
        .filter(|key| key.temporary.is_none());
    let key = key.ok_or_else(invalid)?;
    let message = query.bytes("encrypted_message").unwrap_or_default();
    let (inner_id, inner) = open(&key.secret, message).ok_or_else(invalid)?;
    let says = |field: &str, expected: i64| inner.int(field) == Ok(expected);
    let agrees = inner_id == msg_id
        && says("nonce", query.int("nonce").unwrap_or(0))
        && says("temp_auth_key_id", session.key.id)
        && says("perm_auth_key_id", permanent.id)
        && says("temp_session_id", session.session_id)
        && says("expires_at", i64::from(int(query, "expires_at")));
    if !agrees {
        return Err(invalid());
    }
    if int(query, "expires_at") <= state.now {
        return Err(bad_request("EXPIRES_AT_INVALID"));
    }
    if temporary.bound_to.is_some_and(|bound| bound != permanent) {
        return Err(bad_request("TEMP_AUTH_KEY_ALREADY_BOUND"));
    }
    if let Some(key) = state.keys.get_mut(&session.key) {
        key.temporary = Some(Temporary {
            bound_to: Some(permanent),
            ..temporary
        });
    }
    Ok::<_, RpcError>(Value::Bool(true).into())
}

/// Opens a message in the envelope of `MTProto` 1.0, which only this one still has. Gives its `msg_id` and its body.
fn open(key: &AuthKey, message: &[u8]) -> Option<(i64, Value)> {
    let (key_id, rest) = message.split_first_chunk::<8>()?;
    let (msg_key, encrypted) = rest.split_first_chunk::<16>()?;
    if i64::from_le_bytes(*key_id) != key.id() || encrypted.len() % 16 != 0 {
        return None;
    }
    let (aes_key, aes_iv) = cipher(key, msg_key)?;
    let mut plain = encrypted.to_vec();
    ige_decrypt(&mut plain, &aes_key, &aes_iv);
    let (random, rest) = plain.split_first_chunk::<16>()?;
    let (msg_id, rest) = rest.split_first_chunk::<8>()?;
    let (_seq_no, rest) = rest.split_first_chunk::<4>()?;
    let (length, body) = rest.split_first_chunk::<4>()?;
    let body = body.get(..usize::try_from(i32::from_le_bytes(*length)).ok()?)?;
    let covered = plain.get(..random.len() + 16 + body.len())?;
    let hash: [u8; 20] = Sha1::digest(covered).into();
    if hash.get(4..)? != msg_key {
        return None;
    }
    let inner = boxed_from_bytes(Schema::mtproto(), body).ok()?;
    inner
        .is("bind_auth_key_inner")
        .then(|| (i64::from_le_bytes(*msg_id), inner))
}

/// AES key and IV of a client's message, <https://core.telegram.org/mtproto/description_v1>.
fn cipher(key: &AuthKey, msg_key: &[u8; 16]) -> Option<([u8; 32], [u8; 32])> {
    let key = key.as_bytes();
    let sha1 = |parts: [&[u8]; 3]| -> [u8; 20] {
        let mut hash = Sha1::new();
        for part in parts {
            hash.update(part);
        }
        hash.finalize().into()
    };
    let a = sha1([msg_key, key.get(..32)?, &[]]);
    let b = sha1([key.get(32..48)?, msg_key, key.get(48..64)?]);
    let c = sha1([key.get(64..96)?, msg_key, &[]]);
    let d = sha1([msg_key, key.get(96..128)?, &[]]);
    let aes_key = [a.get(..8)?, b.get(8..)?, c.get(4..16)?].concat();
    let aes_iv = [a.get(8..)?, b.get(..8)?, c.get(16..)?, d.get(..8)?].concat();
    Some((aes_key.try_into().ok()?, aes_iv.try_into().ok()?))
}
