//! The messages of the exchange. Field names are those of the schema; numbers are big-endian byte strings.

use super::{NewNonce, Nonce};
use crate::service::id;
use crate::wire::{Malformed, ReadLongs, Reader, Write};

pub(super) fn constructor(body: &[u8]) -> Option<u32> {
    body.first_chunk().map(|id| u32::from_le_bytes(*id))
}

pub(super) fn req_pq_multi(nonce: &Nonce) -> Vec<u8> {
    message(id::REQ_PQ_MULTI, [nonce])
}

/// `req_pq` and `req_pq_multi` ask for the same.
pub(super) fn read_req_pq(body: &[u8]) -> Result<Nonce, Malformed> {
    let mut reader = Reader::new(body);
    if !matches!(reader.id()?, id::REQ_PQ | id::REQ_PQ_MULTI) {
        return Err(Malformed);
    }
    let nonce = reader.array()?;
    finish(&reader, nonce)
}

pub(super) struct ResPq {
    pub(super) nonce: Nonce,
    pub(super) server_nonce: Nonce,
    pub(super) pq: u64,
    pub(super) fingerprints: Vec<i64>,
}

impl ResPq {
    pub(super) fn read(body: &[u8]) -> Result<Self, Malformed> {
        let mut reader = start(body, id::RES_PQ)?;
        let message = Self {
            nonce: reader.array()?,
            server_nonce: reader.array()?,
            pq: word(reader.bytes()?)?,
            fingerprints: reader.longs()?,
        };
        finish(&reader, message)
    }

    pub(super) fn write(&self) -> Vec<u8> {
        let mut out = message(id::RES_PQ, [&self.nonce, &self.server_nonce]);
        out.bytes(&significant(self.pq));
        out.longs(&self.fingerprints);
        out
    }
}

/// `P_Q_inner_data` in all its forms.
pub(super) struct PqInnerData {
    pub(super) pq: u64,
    pub(super) p: u64,
    pub(super) q: u64,
    pub(super) nonce: Nonce,
    pub(super) server_nonce: Nonce,
    pub(super) new_nonce: NewNonce,
    pub(super) dc: Option<i32>,
    pub(super) expires_in: Option<i32>,
}

impl PqInnerData {
    /// Reads the message from the front of padded data.
    pub(super) fn read(data: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(data);
        let (has_dc, expires) = match reader.id()? {
            id::P_Q_INNER_DATA => (false, false),
            id::P_Q_INNER_DATA_DC => (true, false),
            id::P_Q_INNER_DATA_TEMP => (false, true),
            id::P_Q_INNER_DATA_TEMP_DC => (true, true),
            _ => return Err(Malformed),
        };
        Ok(Self {
            pq: word(reader.bytes()?)?,
            p: word(reader.bytes()?)?,
            q: word(reader.bytes()?)?,
            nonce: reader.array()?,
            server_nonce: reader.array()?,
            new_nonce: NewNonce::new(reader.array()?),
            dc: has_dc.then(|| reader.int()).transpose()?,
            expires_in: expires.then(|| reader.int()).transpose()?,
        })
    }

    pub(super) fn write(&self) -> zeroize::Zeroizing<Vec<u8>> {
        let mut out = zeroize::Zeroizing::new(Vec::with_capacity(128));
        out.id(match (self.dc, self.expires_in) {
            (None, None) => id::P_Q_INNER_DATA,
            (Some(_), None) => id::P_Q_INNER_DATA_DC,
            (None, Some(_)) => id::P_Q_INNER_DATA_TEMP,
            (Some(_), Some(_)) => id::P_Q_INNER_DATA_TEMP_DC,
        });
        for number in [self.pq, self.p, self.q] {
            out.bytes(&significant(number));
        }
        out.raw(&self.nonce);
        out.raw(&self.server_nonce);
        out.raw(self.new_nonce.as_slice());
        for field in [self.dc, self.expires_in].into_iter().flatten() {
            out.int(field);
        }
        out
    }
}

pub(super) struct ReqDhParams<'a> {
    pub(super) nonce: Nonce,
    pub(super) server_nonce: Nonce,
    pub(super) p: u64,
    pub(super) q: u64,
    pub(super) public_key_fingerprint: i64,
    pub(super) encrypted_data: &'a [u8],
}

impl<'a> ReqDhParams<'a> {
    pub(super) fn read(body: &'a [u8]) -> Result<Self, Malformed> {
        let mut reader = start(body, id::REQ_DH_PARAMS)?;
        let message = Self {
            nonce: reader.array()?,
            server_nonce: reader.array()?,
            p: word(reader.bytes()?)?,
            q: word(reader.bytes()?)?,
            public_key_fingerprint: reader.long()?,
            encrypted_data: reader.bytes()?,
        };
        finish(&reader, message)
    }

    pub(super) fn write(&self) -> Vec<u8> {
        let mut out = message(id::REQ_DH_PARAMS, [&self.nonce, &self.server_nonce]);
        out.bytes(&significant(self.p));
        out.bytes(&significant(self.q));
        out.long(self.public_key_fingerprint);
        out.bytes(self.encrypted_data);
        out
    }
}

/// `Server_DH_Params`.
pub(super) struct ServerDhParams<'a> {
    pub(super) nonce: Nonce,
    pub(super) server_nonce: Nonce,
    pub(super) result: Result<&'a [u8], [u8; 16]>,
}

impl<'a> ServerDhParams<'a> {
    /// `result` is `encrypted_answer` of `server_DH_params_ok`, or `new_nonce_hash` of `server_DH_params_fail`.
    pub(super) fn read(body: &'a [u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(body);
        let constructor = reader.id()?;
        let (nonce, server_nonce) = (reader.array()?, reader.array()?);
        let result = match constructor {
            id::SERVER_DH_PARAMS_OK => Ok(reader.bytes()?),
            id::SERVER_DH_PARAMS_FAIL => Err(reader.array()?),
            _ => return Err(Malformed),
        };
        finish(
            &reader,
            Self {
                nonce,
                server_nonce,
                result,
            },
        )
    }

    pub(super) fn write(&self) -> Vec<u8> {
        let nonces = [&self.nonce, &self.server_nonce];
        match &self.result {
            Ok(encrypted_answer) => {
                let mut out = message(id::SERVER_DH_PARAMS_OK, nonces);
                out.bytes(encrypted_answer);
                out
            }
            Err(new_nonce_hash) => {
                let mut out = message(id::SERVER_DH_PARAMS_FAIL, nonces);
                out.raw(new_nonce_hash);
                out
            }
        }
    }
}

pub(super) struct ServerDhInnerData<'a> {
    pub(super) nonce: Nonce,
    pub(super) server_nonce: Nonce,
    pub(super) g: i32,
    pub(super) dh_prime: &'a [u8],
    pub(super) g_a: &'a [u8],
    pub(super) server_time: i32,
}

impl<'a> ServerDhInnerData<'a> {
    pub(super) fn read(data: &'a [u8]) -> Result<Self, Malformed> {
        let mut reader = start(data, id::SERVER_DH_INNER_DATA)?;
        let message = Self {
            nonce: reader.array()?,
            server_nonce: reader.array()?,
            g: reader.int()?,
            dh_prime: reader.bytes()?,
            g_a: reader.bytes()?,
            server_time: reader.int()?,
        };
        finish(&reader, message)
    }

    pub(super) fn write(&self) -> Vec<u8> {
        let mut out = message(id::SERVER_DH_INNER_DATA, [&self.nonce, &self.server_nonce]);
        out.int(self.g);
        out.bytes(self.dh_prime);
        out.bytes(self.g_a);
        out.int(self.server_time);
        out
    }
}

pub(super) struct ClientDhInnerData<'a> {
    pub(super) nonce: Nonce,
    pub(super) server_nonce: Nonce,
    pub(super) retry_id: i64,
    pub(super) g_b: &'a [u8],
}

impl<'a> ClientDhInnerData<'a> {
    pub(super) fn read(data: &'a [u8]) -> Result<Self, Malformed> {
        let mut reader = start(data, id::CLIENT_DH_INNER_DATA)?;
        let message = Self {
            nonce: reader.array()?,
            server_nonce: reader.array()?,
            retry_id: reader.long()?,
            g_b: reader.bytes()?,
        };
        finish(&reader, message)
    }

    pub(super) fn write(&self) -> Vec<u8> {
        let mut out = message(id::CLIENT_DH_INNER_DATA, [&self.nonce, &self.server_nonce]);
        out.long(self.retry_id);
        out.bytes(self.g_b);
        out
    }
}

pub(super) struct SetClientDhParams<'a> {
    pub(super) nonce: Nonce,
    pub(super) server_nonce: Nonce,
    pub(super) encrypted_data: &'a [u8],
}

impl<'a> SetClientDhParams<'a> {
    pub(super) fn read(body: &'a [u8]) -> Result<Self, Malformed> {
        let mut reader = start(body, id::SET_CLIENT_DH_PARAMS)?;
        let message = Self {
            nonce: reader.array()?,
            server_nonce: reader.array()?,
            encrypted_data: reader.bytes()?,
        };
        finish(&reader, message)
    }

    pub(super) fn write(&self) -> Vec<u8> {
        let mut out = message(id::SET_CLIENT_DH_PARAMS, [&self.nonce, &self.server_nonce]);
        out.bytes(self.encrypted_data);
        out
    }
}

/// `Set_client_DH_params_answer`: which of the three, and its `new_nonce_hash1`, `2` or `3`.
pub(super) struct DhGen {
    pub(super) nonce: Nonce,
    pub(super) server_nonce: Nonce,
    pub(super) verdict: Verdict,
    pub(super) new_nonce_hash: [u8; 16],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Ok,
    Retry,
    Fail,
}

impl Verdict {
    /// The number that goes into the hash.
    pub(super) fn number(self) -> u8 {
        match self {
            Self::Ok => 1,
            Self::Retry => 2,
            Self::Fail => 3,
        }
    }
}

impl DhGen {
    pub(super) fn read(body: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(body);
        let verdict = match reader.id()? {
            id::DH_GEN_OK => Verdict::Ok,
            id::DH_GEN_RETRY => Verdict::Retry,
            id::DH_GEN_FAIL => Verdict::Fail,
            _ => return Err(Malformed),
        };
        let message = Self {
            nonce: reader.array()?,
            server_nonce: reader.array()?,
            verdict,
            new_nonce_hash: reader.array()?,
        };
        finish(&reader, message)
    }

    pub(super) fn write(&self) -> Vec<u8> {
        let constructor = match self.verdict {
            Verdict::Ok => id::DH_GEN_OK,
            Verdict::Retry => id::DH_GEN_RETRY,
            Verdict::Fail => id::DH_GEN_FAIL,
        };
        message(
            constructor,
            [&self.nonce, &self.server_nonce, &self.new_nonce_hash],
        )
    }
}

fn message<const N: usize>(constructor: u32, words: [&[u8; 16]; N]) -> Vec<u8> {
    let mut out = Vec::with_capacity(64);
    out.id(constructor);
    for word in words {
        out.raw(word);
    }
    out
}

fn start(body: &[u8], constructor: u32) -> Result<Reader<'_>, Malformed> {
    let mut reader = Reader::new(body);
    if reader.id()? == constructor {
        Ok(reader)
    } else {
        Err(Malformed)
    }
}

fn finish<T>(reader: &Reader<'_>, message: T) -> Result<T, Malformed> {
    if reader.rest().is_empty() {
        Ok(message)
    } else {
        Err(Malformed)
    }
}

/// A number of at most 64 bits from its big-endian bytes.
fn word(bytes: &[u8]) -> Result<u64, Malformed> {
    if bytes.len() > 8 {
        return Err(Malformed);
    }
    Ok(bytes
        .iter()
        .fold(0, |word, &byte| word << 8 | u64::from(byte)))
}

/// A number's big-endian bytes without zeros in front: Telegram refuses others.
fn significant(word: u64) -> Vec<u8> {
    word.to_be_bytes()
        .into_iter()
        .skip_while(|&byte| byte == 0)
        .collect()
}
