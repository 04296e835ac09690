//! The server's side: a machine that takes the body of one plain message after the other.

use std::sync::Arc;
use std::time::Duration;

use num_bigint::BigUint;

use super::messages::{
    self, ClientDhInnerData, DhGen, PqInnerData, ReqDhParams, ResPq, ServerDhInnerData,
};
use super::messages::{ServerDhParams, SetClientDhParams, Verdict};
use super::{DhGroup, Error, NewNonce, Nonce, Step, TemporaryKey, checks, first_salt};
use crate::prime::is_small_prime;
use crate::random::{Random, bytes};
use crate::service::id;
use crate::{AuthKey, RsaPrivateKey};

/// How often a client may offer a key that is taken.
const MAX_RETRIES: u32 = 5;

/// The server's side of one exchange; a connection may go through several, one after the other.
pub struct Handshake {
    keys: Arc<[RsaPrivateKey]>,
    group: Arc<DhGroup>,
    dc: Option<i32>,
    due: Due,
}

/// A key that the exchange agreed on, as the server stores it.
#[derive(Debug)]
pub struct CreatedKey {
    /// The key.
    pub key: AuthKey,
    /// The first server salt.
    pub first_salt: i64,
    /// The DC the client thinks it speaks to (+10000: test; negative: media); `None` in the oldest constructors.
    pub dc: Option<i32>,
    /// For a temporary key, the seconds it shall live.
    pub expires_in: Option<i32>,
}

/// What to do after a message.
#[derive(Debug)]
pub struct Reply {
    /// The body of the plain answer.
    pub body: Vec<u8>,
    /// The key, when this answer is `dh_gen_ok`.
    pub created: Option<CreatedKey>,
}

/// What is due next.
enum Due {
    ReqPq,
    ReqDhParams {
        nonce: Nonce,
        server_nonce: Nonce,
        p: u64,
        q: u64,
    },
    SetClientDhParams(Box<Offered>),
}

/// What the server has told the client after its proof of work.
struct Offered {
    nonce: Nonce,
    server_nonce: Nonce,
    new_nonce: NewNonce,
    temporary_key: TemporaryKey,
    a: BigUint,
    dc: Option<i32>,
    expires_in: Option<i32>,
    refused: Option<i64>,
    retries: u32,
}

impl Handshake {
    /// `keys` are offered to the client, `group` is the one of all exchanges.
    pub fn new(keys: Arc<[RsaPrivateKey]>, group: Arc<DhGroup>) -> Self {
        Self {
            keys,
            group,
            dc: None,
            due: Due::ReqPq,
        }
    }

    /// Refuses clients that want to speak to another DC than this: [`Error::WrongDc`], for which Telegram's servers
    /// send the transport error −444. Test DCs (10000 further) count as the DC itself; servers for files only are negative.
    #[must_use]
    pub fn with_dc(mut self, dc: i32) -> Self {
        self.dc = Some(dc);
        self
    }

    /// Takes the body of a plain message. `is_taken` says whether a key with that id exists already: the client is
    /// told to retry then. After an error the connection is to be closed with transport error −404.
    pub fn receive(
        &mut self,
        body: &[u8],
        now: Duration,
        random: &mut dyn Random,
        is_taken: &dyn Fn(i64) -> bool,
    ) -> Result<Reply, Error> {
        if let Some(id::REQ_PQ | id::REQ_PQ_MULTI) = messages::constructor(body) {
            return self.req_pq(body, random);
        }
        match std::mem::replace(&mut self.due, Due::ReqPq) {
            Due::ReqPq => Err(unexpected(Step::ReqPq, body)),
            Due::ReqDhParams {
                nonce,
                server_nonce,
                p,
                q,
            } => self.req_dh_params(body, (nonce, server_nonce), (p, q), now, random),
            Due::SetClientDhParams(offered) => self.set_client_dh_params(body, *offered, is_taken),
        }
    }

    fn req_pq(&mut self, body: &[u8], random: &mut dyn Random) -> Result<Reply, Error> {
        let nonce = messages::read_req_pq(body).map_err(|_| unexpected(Step::ReqPq, body))?;
        let server_nonce = bytes(random);
        let (p, q) = two_primes(random);
        let fingerprints = self
            .keys
            .iter()
            .map(|key| key.public().fingerprint())
            .collect();
        let answer = ResPq {
            nonce,
            server_nonce,
            pq: p * q,
            fingerprints,
        }
        .write();
        self.due = Due::ReqDhParams {
            nonce,
            server_nonce,
            p,
            q,
        };
        Ok(Reply {
            body: answer,
            created: None,
        })
    }

    fn req_dh_params(
        &mut self,
        body: &[u8],
        (nonce, server_nonce): (Nonce, Nonce),
        factors: (u64, u64),
        now: Duration,
        random: &mut dyn Random,
    ) -> Result<Reply, Error> {
        const STEP: Step = Step::ReqDhParams;
        let request = ReqDhParams::read(body).map_err(|_| unexpected(STEP, body))?;
        checks::nonce(&request.nonce, &nonce, STEP)?;
        checks::server_nonce(&request.server_nonce, &server_nonce, STEP)?;
        checks::factors((request.p, request.q), factors)?;
        let got = request.public_key_fingerprint;
        let key = self
            .keys
            .iter()
            .find(|key| key.public().fingerprint() == got);
        let data = key
            .ok_or(Error::UnknownFingerprint { got })?
            .decrypt_padded(request.encrypted_data)
            .map(zeroize::Zeroizing::new)
            .map_err(Error::Rsa)?;
        let inner =
            PqInnerData::read(data.as_slice()).map_err(|_| unexpected(STEP, data.as_slice()))?;
        checks::nonce(&inner.nonce, &nonce, STEP)?;
        checks::server_nonce(&inner.server_nonce, &server_nonce, STEP)?;
        checks::factors((inner.p, inner.q), factors)?;
        checks::factors((inner.pq, 1), (factors.0 * factors.1, 1))?;
        self.check_dc(inner.dc)?;

        let (a, g_a) = self.group.draw(Step::ServerDhParams, random)?;
        let answer = ServerDhInnerData {
            nonce,
            server_nonce,
            g: self.group.g(),
            dh_prime: &self.group.prime().to_bytes_be(),
            g_a: &g_a.to_bytes_be(),
            server_time: now.as_secs() as i32,
        };
        let temporary_key = TemporaryKey::new(&server_nonce, &inner.new_nonce);
        let encrypted_answer = temporary_key.encrypt(&answer.write(), random);
        let reply = ServerDhParams {
            nonce,
            server_nonce,
            result: Ok(&encrypted_answer),
        }
        .write();
        self.due = Due::SetClientDhParams(Box::new(Offered {
            nonce,
            server_nonce,
            new_nonce: inner.new_nonce,
            temporary_key,
            a,
            dc: inner.dc,
            expires_in: inner.expires_in,
            refused: None,
            retries: 0,
        }));
        Ok(Reply {
            body: reply,
            created: None,
        })
    }

    fn set_client_dh_params(
        &mut self,
        body: &[u8],
        mut offered: Offered,
        is_taken: &dyn Fn(i64) -> bool,
    ) -> Result<Reply, Error> {
        const STEP: Step = Step::SetClientDhParams;
        let Offered {
            nonce,
            server_nonce,
            ..
        } = offered;
        let request = SetClientDhParams::read(body).map_err(|_| unexpected(STEP, body))?;
        checks::nonce(&request.nonce, &nonce, STEP)?;
        checks::server_nonce(&request.server_nonce, &server_nonce, STEP)?;
        let data = offered
            .temporary_key
            .decrypt(request.encrypted_data, STEP)?;
        let inner = ClientDhInnerData::read(&data).map_err(|_| unexpected(STEP, &data))?;
        checks::nonce(&inner.nonce, &nonce, STEP)?;
        checks::server_nonce(&inner.server_nonce, &server_nonce, STEP)?;
        checks::retry_id(inner.retry_id, offered.refused)?;
        let g_b = BigUint::from_bytes_be(inner.g_b);
        let in_range = checks::public_value(&g_b, self.group.prime(), STEP).is_ok();
        let key = self.group.agree(&offered.a, &g_b);

        let verdict = match in_range {
            true if !is_taken(key.id()) => Verdict::Ok,
            true if offered.retries < MAX_RETRIES => Verdict::Retry,
            _ => Verdict::Fail,
        };
        let new_nonce_hash = checks::numbered_hash(verdict.number(), &offered.new_nonce, &key);
        let body = DhGen {
            nonce,
            server_nonce,
            verdict,
            new_nonce_hash,
        }
        .write();
        let created = (verdict == Verdict::Ok).then(|| CreatedKey {
            first_salt: first_salt(&offered.new_nonce, &server_nonce),
            dc: offered.dc,
            expires_in: offered.expires_in,
            key: key.clone(),
        });
        if verdict == Verdict::Retry {
            offered.refused = Some(key.aux_hash());
            offered.retries += 1;
            self.due = Due::SetClientDhParams(Box::new(offered));
        }
        Ok(Reply { body, created })
    }

    fn check_dc(&self, got: Option<i32>) -> Result<(), Error> {
        match (got, self.dc) {
            (Some(got), Some(expected)) if got % 10_000 != expected % 10_000 => {
                Err(Error::WrongDc { got, expected })
            }
            _ => Ok(()),
        }
    }
}

/// Two primes below 2^31, the smaller one first.
fn two_primes(random: &mut dyn Random) -> (u64, u64) {
    let mut from = || 1 << 30 | u64::from(u32::from_le_bytes(bytes(random)) >> 2);
    let (p, q) = (next_prime(from()), next_prime(from()));
    match p.cmp(&q) {
        std::cmp::Ordering::Less => (p, q),
        std::cmp::Ordering::Greater => (q, p),
        std::cmp::Ordering::Equal => (p, next_prime(p + 1)),
    }
}

fn next_prime(from: u64) -> u64 {
    (from..=u64::MAX)
        .find(|&number| is_small_prime(number))
        .unwrap_or(from)
}

fn unexpected(step: Step, body: &[u8]) -> Error {
    Error::Unexpected {
        step,
        constructor: messages::constructor(body),
    }
}
