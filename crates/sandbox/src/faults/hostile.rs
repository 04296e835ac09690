//! Envelopes and messages that no honest server sends.

use flate2::{Compress, Compression, Crc, FlushCompress};
use grammers_crypto::aes;
use madeline_mtproto::server::Unsealed;
use madeline_mtproto::service::{Body, Service, id};
use madeline_mtproto::{AuthKey, MsgId};
use sha2::{Digest, Sha256};

use super::Struck;
use super::order::{Holds, Verb};

/// A vector count that nobody has the memory for.
const HUGE: i32 = i32::MAX;
/// Salt, session, message identifier, sequence number and length.
const HEADER: usize = 32;
const BLOCK: usize = 16;
/// Constructor of `vector`.
const VECTOR: u32 = 0x1cb5_c415;

/// What an envelope has in it.
pub(crate) fn holds(body: &[u8]) -> Vec<Holds> {
    let mut found = Vec::new();
    for body in messages(body) {
        let what = match Service::read(body) {
            Body::Service(Service::RpcResult { .. }) => Holds::Result,
            Body::Other(_) => Holds::Update,
            _ => Holds::Service,
        };
        if !found.contains(&what) {
            found.push(what);
        }
    }
    found
}

/// The messages of a body that we wrote ourselves: those of the container, or itself.
fn messages(body: &[u8]) -> Vec<&[u8]> {
    if !madeline_mtproto::container::is_container(body) {
        return vec![body];
    }
    let mut rest = body.get(8..).unwrap_or_default();
    let mut messages = Vec::new();
    while let Some((length, behind)) = rest
        .get(12..)
        .and_then(|length| length.split_first_chunk::<4>())
        && let Some((message, others)) = usize::try_from(i32::from_le_bytes(*length))
            .ok()
            .and_then(|length| behind.split_at_checked(length))
    {
        messages.push(message);
        rest = others;
    }
    messages
}

/// Seals an envelope with the faults in it; `None` where they leave it as it should be.
pub(crate) fn seal(key: &AuthKey, envelope: &Unsealed, struck: &[Struck]) -> Option<Vec<u8>> {
    let mut header = envelope.header;
    let mut body = envelope.body.to_vec();
    let (mut key_id, mut length, mut padding) = (key.id(), None, None);
    let mut is_hostile = false;
    for Struck { verb, .. } in struck {
        match verb {
            Verb::WrongSession {} => header.session_id ^= 1 << 40,
            Verb::WrongKey {} => key_id ^= 1 << 40,
            Verb::WrongParity { low_bits } => {
                header.msg_id = MsgId(header.msg_id.0 & !3 | low_bits & 3);
            }
            Verb::ShiftMsgId { seconds } => {
                header.msg_id = MsgId(header.msg_id.0.wrapping_add(seconds << 32));
            }
            Verb::Padding { bytes } => padding = Some(*bytes),
            Verb::Length { value } => length = Some(*value),
            _ => continue,
        }
        is_hostile = true;
    }
    if !is_hostile {
        return None;
    }
    let padding = match padding {
        // What whole blocks permit and is too short.
        Some(..12) => {
            if (HEADER + body.len()) % BLOCK == 4 {
                body.extend([0; 4]);
            }
            0
        }
        Some(bytes) => bytes,
        None => 12,
    };
    let mut plain = Vec::new();
    plain.extend(header.salt.to_le_bytes());
    plain.extend(header.session_id.to_le_bytes());
    plain.extend(header.msg_id.0.to_le_bytes());
    plain.extend(header.seq_no.to_le_bytes());
    plain.extend(length.unwrap_or(body.len() as i32).to_le_bytes());
    plain.append(&mut body);
    plain.resize((plain.len() + padding).next_multiple_of(BLOCK), 0x5a);
    Some(encrypted(key, key_id, plain))
}

/// <https://core.telegram.org/mtproto/description#defining-aes-key-and-initialization-vector>, for a server's message,
/// whatever is in it.
fn encrypted(key: &AuthKey, key_id: i64, mut plain: Vec<u8>) -> Vec<u8> {
    const X: usize = 8;
    let part = |from: usize, length: usize| {
        let bytes = key.as_bytes().get(from + X..from + X + length);
        bytes.unwrap_or_default()
    };
    let hash = |first: &[u8], second: &[u8]| -> [u8; 32] {
        Sha256::new()
            .chain_update(first)
            .chain_update(second)
            .finalize()
            .into()
    };
    let large = hash(part(88, 32), &plain);
    let msg_key: [u8; 16] = std::array::from_fn(|index| large.get(index + 8).copied().unwrap_or(0));
    let a = hash(&msg_key, part(0, 36));
    let b = hash(part(40, 36), &msg_key);
    let mixed = |ends: &[u8; 32], middle: &[u8; 32]| -> [u8; 32] {
        std::array::from_fn(|index| {
            let from = if (8..24).contains(&index) {
                middle
            } else {
                ends
            };
            from.get(index).copied().unwrap_or(0)
        })
    };
    aes::ige_encrypt(&mut plain, &mixed(&a, &b), &mixed(&b, &a));
    let mut frame = key_id.to_le_bytes().to_vec();
    frame.extend(msg_key);
    frame.append(&mut plain);
    frame
}

/// A container in a container.
pub(crate) fn nested_container() -> Vec<u8> {
    let empty = words(&[id::MSG_CONTAINER, 0]);
    let mut body = words(&[id::MSG_CONTAINER, 1, 1, 0x6500_0000, 0, empty.len() as u32]);
    body.extend(empty);
    body
}

/// A number that is no constructor, with something behind it.
pub(crate) fn unknown_constructor() -> Vec<u8> {
    words(&[0xdead_beef, 1, 2, 3])
}

/// `boolTrue` as the answer to a request.
pub(crate) fn answer(request: i64) -> Vec<u8> {
    let result = words(&[0x9972_75b5]);
    Service::RpcResult {
        req_msg_id: request,
        result: &result,
    }
    .to_bytes()
}

/// A container of 2^31 − 1 messages.
pub(crate) fn huge_container() -> Vec<u8> {
    words(&[id::MSG_CONTAINER, HUGE as u32, 1, 0x6500_0000, 1, 4, 0])
}

/// `msgs_ack` for 2^31 − 1 messages.
pub(crate) fn huge_acks() -> Vec<u8> {
    words(&[id::MSGS_ACK, VECTOR, HUGE as u32, 4, 0x6500_0000])
}

/// `future_salts` with 2^31 − 1 salts.
pub(crate) fn huge_salts() -> Vec<u8> {
    words(&[id::FUTURE_SALTS, 4, 0x6500_0000, 0, HUGE as u32, 0, 0, 1, 1])
}

/// `updates` with 2^31 − 1 of them.
pub(crate) fn huge_updates() -> Vec<u8> {
    words(&[0x74ae_4240, VECTOR, HUGE as u32, 0, 0])
}

/// An answer that is a vector of 2^31 − 1 items.
pub(crate) fn huge_result(request: i64) -> Vec<u8> {
    Service::RpcResult {
        req_msg_id: request,
        result: &words(&[VECTOR, HUGE as u32, 0, 0]),
    }
    .to_bytes()
}

/// `textBold` in `textBold` in `textBold` …
pub(crate) fn deep_nesting() -> Vec<u8> {
    let mut depth = vec![0x6724_abc4; 50_000];
    depth.push(0xdc3d_824f);
    words(&depth)
}

/// An acknowledgement that ends in the middle of a number.
pub(crate) fn malformed() -> Vec<u8> {
    words(&[id::MSGS_ACK, VECTOR, 2, 1])
}

/// `gzip_packed` of so many zeros, in whole mebibytes and not beyond what a byte string can hold.
pub(crate) fn gzip_bomb(bytes: u64) -> Vec<u8> {
    let packed_data = packed_zeros((bytes >> 20).clamp(1, 12 << 10));
    Service::GzipPacked {
        packed_data: &packed_data,
    }
    .to_bytes()
}

/// A gzip stream of zeros. The first mebibyte ends at a whole byte, so that the others repeat it: this takes no time.
fn packed_zeros(mebibytes: u64) -> Vec<u8> {
    let zeros = vec![0; 1 << 20];
    let mut step = Vec::with_capacity(1 << 16);
    let flushed = Compress::new(Compression::best(), false).compress_vec(
        &zeros,
        &mut step,
        FlushCompress::Sync,
    );
    let (mut sum, mut step_sum) = (Crc::new(), Crc::new());
    step_sum.update(&zeros);
    let mut stream = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    for _ in 0..mebibytes {
        stream.extend_from_slice(&step);
        sum.combine(&step_sum);
    }
    debug_assert!(flushed.is_ok());
    // An empty last block, the checksum, and the length modulo 2^32.
    stream.extend([3, 0]);
    stream.extend(sum.sum().to_le_bytes());
    stream.extend(((mebibytes << 20) as u32).to_le_bytes());
    stream
}

fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}
