//! The proxy's side of the greeting.

use std::time::Duration;

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::{
    CHANGE_CIPHER_SPEC, Error, RANDOM, RANDOM_AT, RECORD_HEADER, hello, hmac, put_record,
    random_of, record, record_header, set_random,
};
use crate::random::{Random, bytes};

/// How much the client's clock may differ from ours.
pub const MAX_CLOCK_DIFFERENCE: Duration = Duration::from_secs(5 * 60);

/// The longest greeting that is waited for.
const MAX_GREETING: usize = 4 << 10;
const MAX_SESSION_ID: usize = 32;
const CLIENT_HELLO: u8 = 1;

/// The proxy's side of the greeting.
pub struct Server {
    key: Zeroizing<[u8; 16]>,
    inbound: Vec<u8>,
}

/// A client that holds the secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// What to send.
    pub answer: Vec<u8>,
    /// The client's random number. Whoever sends it a second time repeats what somebody else said.
    pub random: [u8; RANDOM],
    /// Bytes that came after the greeting.
    pub excess: Vec<u8>,
}

impl Server {
    /// Waits for a client that holds `key`.
    pub fn new(key: &[u8; 16]) -> Self {
        Self {
            key: Zeroizing::new(*key),
            inbound: Vec::new(),
        }
    }

    /// Takes in bytes from the client. `None` until its greeting is whole; `now` is the time since the Unix epoch.
    pub fn receive(
        &mut self,
        bytes: &[u8],
        now: Duration,
        random: &mut dyn Random,
    ) -> Result<Option<Accepted>, Error> {
        self.inbound.extend_from_slice(bytes);
        match self.inbound.first() {
            Some(&first) if first != record::HANDSHAKE => return Err(Error::NotTls { first }),
            _ => {}
        }
        let Some(header) = record_header(&self.inbound) else {
            return Ok(None);
        };
        let (_, length) = header?;
        if length > MAX_GREETING {
            return Err(Error::Length { bytes: length });
        }
        let Some((greeting, excess)) = self.inbound.split_at_checked(RECORD_HEADER + length) else {
            return Ok(None);
        };
        let client_random = self.check(greeting, now)?;
        let session_id = session_id(greeting).ok_or(Error::Secret)?;
        Ok(Some(Accepted {
            answer: self.answer(client_random, session_id, random),
            random: client_random,
            excess: excess.to_vec(),
        }))
    }

    /// The client's random number, if it was made with the secret and now.
    fn check(&self, greeting: &[u8], now: Duration) -> Result<[u8; RANDOM], Error> {
        if greeting.get(RECORD_HEADER) != Some(&CLIENT_HELLO) {
            return Err(Error::Secret);
        }
        let random = random_of(greeting).ok_or(Error::Secret)?;
        let mut zeroed = greeting.to_vec();
        set_random(&mut zeroed, [0; RANDOM]);
        let digest = hmac(&self.key, &[&zeroed]);
        let (Some((start, digest_end)), Some((random_start, random_end))) = (
            digest.split_last_chunk::<4>(),
            random.split_last_chunk::<4>(),
        ) else {
            return Err(Error::Secret);
        };
        if !bool::from(start.ct_eq(random_start)) {
            return Err(Error::Secret);
        }
        let time = u32::from_le_bytes(*digest_end) ^ u32::from_le_bytes(*random_end);
        let difference = i64::from(time) - now.as_secs() as i64;
        if difference.unsigned_abs() > MAX_CLOCK_DIFFERENCE.as_secs() {
            return Err(Error::Clock { difference });
        }
        Ok(random)
    }

    fn answer(
        &self,
        client_random: [u8; RANDOM],
        session_id: &[u8],
        random: &mut dyn Random,
    ) -> Vec<u8> {
        let mut answer = hello::server(session_id, random);
        answer.extend(CHANGE_CIPHER_SPEC);
        // As long as a chain of certificates.
        let [low, high] = bytes(random);
        let mut certificates = vec![0; 1024 + usize::from(u16::from_le_bytes([low, high]) % 3072)];
        random.fill(&mut certificates);
        put_record(record::APPLICATION_DATA, &certificates, &mut answer);
        let digest = hmac(&self.key, &[&client_random, &answer]);
        set_random(&mut answer, digest);
        answer
    }
}

fn session_id(greeting: &[u8]) -> Option<&[u8]> {
    let (&length, rest) = greeting.get(RANDOM_AT + RANDOM..)?.split_first()?;
    let length = usize::from(length);
    rest.get(..length).filter(|_| length <= MAX_SESSION_ID)
}
