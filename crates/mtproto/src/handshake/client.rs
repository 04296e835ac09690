//! The client's steps. Each takes the body of a plain message of the server and gives the body to send.

use std::time::Duration;

use num_bigint::BigUint;

use super::messages::{
    self, ClientDhInnerData, DhGen, PqInnerData, ReqDhParams, ResPq, ServerDhInnerData,
};
use super::messages::{ServerDhParams, SetClientDhParams, Verdict};
use super::{
    DhGroup, Error, NewAuthKey, NewNonce, Nonce, Step, TemporaryKey, checks, factorize, first_salt,
};
use crate::AuthKey;
use crate::random::{Random, bytes};
use crate::rsa::RsaKey;

/// How often the server may ask for another key.
const MAX_RETRIES: u32 = 5;

/// For which DC, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// The DC's number; +10000 for test DCs, negative for media DCs.
    pub dc: i32,
    /// `Some(seconds)` for a temporary key (perfect forward secrecy), `None` for a permanent one.
    pub expires_in: Option<i32>,
}

/// Begins an exchange: the body of `req_pq_multi`.
pub fn start(random: &mut dyn Random) -> (Vec<u8>, AwaitResPq) {
    let nonce = bytes(random);
    (messages::req_pq_multi(&nonce), AwaitResPq { nonce })
}

/// Waits for `resPQ`.
#[derive(Debug)]
pub struct AwaitResPq {
    nonce: Nonce,
}

impl AwaitResPq {
    /// Takes `resPQ`; gives the body of `req_DH_params`.
    pub fn res_pq(
        self,
        answer: &[u8],
        keys: &[RsaKey],
        target: Target,
        random: &mut dyn Random,
    ) -> Result<(Vec<u8>, AwaitDhParams), Error> {
        let nonce = self.nonce;
        let res_pq = ResPq::read(answer).map_err(|_| unexpected(Step::ResPq, answer))?;
        checks::nonce(&res_pq.nonce, &nonce, Step::ResPq)?;
        let key = checks::known_key(&res_pq.fingerprints, keys)?;
        let (p, q) = factorize(res_pq.pq).map_err(Error::Factorization)?;
        let server_nonce = res_pq.server_nonce;
        let new_nonce = NewNonce::new(bytes(random));
        let inner = PqInnerData {
            pq: res_pq.pq,
            p,
            q,
            nonce,
            server_nonce,
            new_nonce: new_nonce.clone(),
            dc: Some(target.dc),
            expires_in: target.expires_in,
        };
        let encrypted_data = key
            .encrypt_padded(&inner.write(), random)
            .map_err(Error::Rsa)?;
        let request = ReqDhParams {
            nonce,
            server_nonce,
            p,
            q,
            public_key_fingerprint: key.fingerprint(),
            encrypted_data: &encrypted_data,
        };
        Ok((
            request.write(),
            AwaitDhParams {
                exchange: Exchange {
                    nonce,
                    server_nonce,
                    new_nonce,
                },
            },
        ))
    }
}

/// Waits for `Server_DH_Params`.
pub struct AwaitDhParams {
    pub(super) exchange: Exchange,
}

impl AwaitDhParams {
    /// Takes `Server_DH_Params`; gives the body of `set_client_DH_params`. `now`: local time since the Unix epoch.
    pub fn dh_params(
        self,
        answer: &[u8],
        now: Duration,
        random: &mut dyn Random,
    ) -> Result<(Vec<u8>, AwaitDhGen), Error> {
        const STEP: Step = Step::ServerDhParams;
        let exchange = self.exchange;
        let params = ServerDhParams::read(answer).map_err(|_| unexpected(STEP, answer))?;
        exchange.check_nonces(&params.nonce, &params.server_nonce, STEP)?;
        let encrypted = match params.result {
            Ok(encrypted) => encrypted,
            Err(new_nonce_hash) => {
                checks::new_nonce_hash(&new_nonce_hash, &exchange.new_nonce)?;
                return Err(Error::ServerDhParamsFail);
            }
        };
        let temporary_key = TemporaryKey::new(&exchange.server_nonce, &exchange.new_nonce);
        let data = temporary_key.decrypt(encrypted, STEP)?;
        let inner = ServerDhInnerData::read(&data).map_err(|_| unexpected(STEP, &data))?;
        exchange.check_nonces(&inner.nonce, &inner.server_nonce, STEP)?;
        let group = DhGroup::new(inner.g, inner.dh_prime, random)?;
        let g_a = BigUint::from_bytes_be(inner.g_a);
        checks::public_value(&g_a, group.prime(), STEP)?;
        let time_offset = offset(inner.server_time, now);
        AwaitDhGen {
            exchange,
            temporary_key,
            group,
            g_a,
            time_offset,
            key: None,
            retries: 0,
        }
        .offer(random)
    }
}

/// Waits for `Set_client_DH_params_answer`.
pub struct AwaitDhGen {
    pub(super) exchange: Exchange,
    pub(super) temporary_key: TemporaryKey,
    group: DhGroup,
    g_a: BigUint,
    time_offset: i32,
    /// The key that was offered last.
    pub(super) key: Option<AuthKey>,
    retries: u32,
}

/// What the last answer leads to.
pub enum Outcome {
    /// The key is agreed on.
    Created(NewAuthKey),
    /// The server asked for another `g_b`: send this and wait again.
    Retry(Vec<u8>, AwaitDhGen),
}

impl AwaitDhGen {
    /// Takes `Set_client_DH_params_answer`.
    pub fn dh_gen(mut self, answer: &[u8], random: &mut dyn Random) -> Result<Outcome, Error> {
        const STEP: Step = Step::DhGen;
        let answer = DhGen::read(answer).map_err(|_| unexpected(STEP, answer))?;
        let exchange = &self.exchange;
        exchange.check_nonces(&answer.nonce, &answer.server_nonce, STEP)?;
        let Some(key) = self.key.take() else {
            return Err(Error::NewNonceHash(STEP));
        };
        let number = answer.verdict.number();
        checks::new_nonce_hash_number(&answer.new_nonce_hash, number, &exchange.new_nonce, &key)?;
        match answer.verdict {
            Verdict::Ok => Ok(Outcome::Created(NewAuthKey {
                first_salt: first_salt(&exchange.new_nonce, &exchange.server_nonce),
                time_offset: self.time_offset,
                key,
            })),
            Verdict::Retry if self.retries < MAX_RETRIES => {
                self.retries += 1;
                self.key = Some(key);
                self.offer(random)
                    .map(|(request, next)| Outcome::Retry(request, next))
            }
            Verdict::Retry => Err(Error::TooManyRetries),
            Verdict::Fail => Err(Error::DhGenFail),
        }
    }

    /// Draws `b`; names the key that was refused before, if one was.
    fn offer(mut self, random: &mut dyn Random) -> Result<(Vec<u8>, Self), Error> {
        let Exchange {
            nonce,
            server_nonce,
            ..
        } = self.exchange;
        let (b, g_b) = self.group.draw(Step::SetClientDhParams, random)?;
        let retry_id = self.key.as_ref().map_or(0, AuthKey::aux_hash);
        let inner = ClientDhInnerData {
            nonce,
            server_nonce,
            retry_id,
            g_b: &g_b.to_bytes_be(),
        };
        let encrypted_data = self.temporary_key.encrypt(&inner.write(), random);
        self.key = Some(self.group.agree(&b, &self.g_a));
        let request = SetClientDhParams {
            nonce,
            server_nonce,
            encrypted_data: &encrypted_data,
        };
        Ok((request.write(), self))
    }
}

/// What identifies an exchange once the server has answered.
pub(super) struct Exchange {
    pub(super) nonce: Nonce,
    pub(super) server_nonce: Nonce,
    pub(super) new_nonce: NewNonce,
}

impl Exchange {
    fn check_nonces(&self, nonce: &Nonce, server_nonce: &Nonce, step: Step) -> Result<(), Error> {
        checks::nonce(nonce, &self.nonce, step)?;
        checks::server_nonce(server_nonce, &self.server_nonce, step)
    }
}

fn unexpected(step: Step, body: &[u8]) -> Error {
    Error::Unexpected {
        step,
        constructor: messages::constructor(body),
    }
}

fn offset(server_time: i32, now: Duration) -> i32 {
    let now = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
    i64::from(server_time)
        .saturating_sub(now)
        .clamp(i32::MIN.into(), i32::MAX.into()) as i32
}
