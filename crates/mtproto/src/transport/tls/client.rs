//! The client's side of the greeting.

use std::time::Duration;

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::{
    Error, RANDOM, RECORD_HEADER, hello, hmac, random_of, record, record_header, set_random,
};
use crate::proxy::Progress;
use crate::random::Random;

/// The client's side of the greeting.
pub struct Client {
    key: Zeroizing<[u8; 16]>,
    random: [u8; RANDOM],
    greeting: Vec<u8>,
    inbound: Vec<u8>,
}

impl Client {
    /// Greets the holder of `key` at the time `now` (since the Unix epoch) as if it were the server of `domain`.
    pub fn new(key: &[u8; 16], domain: &str, now: Duration, random: &mut dyn Random) -> Self {
        let mut greeting = hello::client(domain, random);
        let mut digest = hmac(key, &[&greeting]);
        if let Some(last) = digest.last_chunk_mut::<4>() {
            let time = (now.as_secs() as u32).to_le_bytes();
            for (byte, of_time) in last.iter_mut().zip(time) {
                *byte ^= of_time;
            }
        }
        set_random(&mut greeting, digest);
        Self {
            key: Zeroizing::new(*key),
            random: digest,
            greeting,
            inbound: Vec::new(),
        }
    }

    /// What to send first.
    pub fn greeting(&self) -> &[u8] {
        &self.greeting
    }

    /// Takes in bytes from the proxy. Done when it has proven that it holds the secret.
    ///
    /// Its answer is a greeting, a change of ciphers and one record of data that stands for its certificate.
    pub fn receive(&mut self, bytes: &[u8]) -> Result<Progress, Error> {
        self.inbound.extend_from_slice(bytes);
        let kinds = [
            record::HANDSHAKE,
            record::CHANGE_CIPHER_SPEC,
            record::APPLICATION_DATA,
        ];
        let mut end = 0;
        for wanted in kinds {
            let rest = self.inbound.get(end..).unwrap_or_default();
            if let Some(&kind) = rest.first()
                && kind != wanted
            {
                return Err(unexpected(kind, end == 0, rest));
            }
            let Some(header) = record_header(rest) else {
                return Ok(Progress::More);
            };
            let (_, length) = header?;
            end += RECORD_HEADER + length;
            if self.inbound.len() < end {
                return Ok(Progress::More);
            }
        }
        let (answer, excess) = self.inbound.split_at(end);
        let mut zeroed = answer.to_vec();
        set_random(&mut zeroed, [0; RANDOM]);
        let expected = hmac(&self.key, &[&self.random, &zeroed]);
        let given = random_of(answer).ok_or(Error::Secret)?;
        if !bool::from(expected.ct_eq(&given)) {
            return Err(Error::Secret);
        }
        Ok(Progress::Done {
            excess: excess.to_vec(),
        })
    }
}

/// Why a record has no place there.
fn unexpected(kind: u8, is_first: bool, rest: &[u8]) -> Error {
    match kind {
        record::ALERT => Error::Alert {
            description: rest.get(RECORD_HEADER + 1).copied().unwrap_or_default(),
        },
        // A real TLS server goes on with its certificate.
        _ if !is_first => Error::Secret,
        first => Error::NotTls { first },
    }
}
