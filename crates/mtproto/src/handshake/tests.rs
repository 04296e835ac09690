#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

use std::sync::Arc;
use std::time::Duration;

use num_bigint::BigUint;
use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::client::{self, AwaitDhGen, AwaitDhParams, AwaitResPq, Outcome, Target};
use super::messages::{
    ClientDhInnerData, DhGen, ResPq, ServerDhInnerData, ServerDhParams, SetClientDhParams, Verdict,
};
use super::server::{Handshake, Reply};
use super::*;
use crate::{Random, RsaKey, RsaPrivateKey};

const NOW: Duration = Duration::from_secs(1_700_000_000);
const TARGET: Target = Target {
    dc: 2,
    expires_in: None,
};

/// Random bytes that are the same in each run.
struct Seeded {
    seed: u64,
    counter: u64,
}

impl Random for Seeded {
    fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            let block = Sha256::new()
                .chain_update(self.seed.to_le_bytes())
                .chain_update(self.counter.to_le_bytes());
            chunk.copy_from_slice(&block.finalize()[..chunk.len()]);
            self.counter += 1;
        }
    }
}

fn seeded(seed: u64) -> Seeded {
    Seeded { seed, counter: 0 }
}

fn rsa() -> RsaPrivateKey {
    RsaPrivateKey::from_pem(include_str!("../../tests/data/rsa-pkcs1.pem")).unwrap()
}

fn keys() -> [RsaKey; 2] {
    [RsaKey::telegram()[0].clone(), rsa().public().clone()]
}

fn free(_: i64) -> bool {
    false
}

/// Both sides of an exchange, stopped where a test wants to interfere.
struct Both {
    server: Handshake,
    client_random: Seeded,
    server_random: Seeded,
}

impl Both {
    fn new() -> Self {
        Self::with_group(DhGroup::telegram())
    }

    fn with_group(group: DhGroup) -> Self {
        let server = Handshake::new(Arc::new([rsa()]), Arc::new(group));
        Self {
            server,
            client_random: seeded(1),
            server_random: seeded(2),
        }
    }

    fn ask(&mut self, body: &[u8]) -> Result<Reply, Error> {
        self.ask_when(body, &free)
    }

    fn ask_when(&mut self, body: &[u8], is_taken: &dyn Fn(i64) -> bool) -> Result<Reply, Error> {
        self.server.receive(
            body,
            NOW + Duration::from_secs(7),
            &mut self.server_random,
            is_taken,
        )
    }

    fn until_res_pq(&mut self) -> (AwaitResPq, Vec<u8>) {
        let (request, client) = client::start(&mut self.client_random);
        (client, self.ask(&request).unwrap().body)
    }

    fn until_req_dh_params(&mut self) -> (AwaitDhParams, Vec<u8>) {
        let (client, answer) = self.until_res_pq();
        let (request, client) = client
            .res_pq(&answer, &keys(), TARGET, &mut self.client_random)
            .unwrap();
        (client, request)
    }

    fn until_dh_params(&mut self) -> (AwaitDhParams, Vec<u8>) {
        let (client, request) = self.until_req_dh_params();
        let answer = self.ask(&request).unwrap().body;
        (client, answer)
    }

    fn until_set_client_dh_params(&mut self) -> (AwaitDhGen, Vec<u8>) {
        let (client, answer) = self.until_dh_params();
        let (request, client) = client
            .dh_params(&answer, NOW, &mut self.client_random)
            .unwrap();
        (client, request)
    }

    fn until_dh_gen(&mut self) -> (AwaitDhGen, Reply) {
        let (client, request) = self.until_set_client_dh_params();
        let reply = self.ask(&request).unwrap();
        (client, reply)
    }

    /// What the client makes of `server_DH_inner_data` that a hostile server sends.
    fn with_inner_data(&mut self, change: impl FnOnce(&mut ServerDhInnerData<'_>)) -> Error {
        let (client, answer) = self.until_dh_params();
        let params = ServerDhParams::read(&answer).unwrap();
        let key = temporary_key(&client);
        let data = key
            .decrypt(params.result.unwrap(), Step::ServerDhParams)
            .unwrap();
        let mut inner = ServerDhInnerData::read(&data).unwrap();
        change(&mut inner);
        let encrypted = key.encrypt(&inner.write(), &mut self.server_random);
        let answer = ServerDhParams {
            result: Ok(&encrypted),
            ..params
        }
        .write();
        client
            .dh_params(&answer, NOW, &mut self.client_random)
            .err()
            .unwrap()
    }
}

fn temporary_key(client: &AwaitDhParams) -> TemporaryKey {
    TemporaryKey::new(&client.exchange.server_nonce, &client.exchange.new_nonce)
}

/// What a server that knows all secrets would answer.
fn answer_to(client: &AwaitDhGen, verdict: Verdict) -> DhGen {
    let client::Exchange {
        nonce,
        server_nonce,
        ref new_nonce,
    } = client.exchange;
    let key = client.key.as_ref().unwrap();
    let new_nonce_hash = checks::numbered_hash(verdict.number(), new_nonce, key);
    DhGen {
        nonce,
        server_nonce,
        verdict,
        new_nonce_hash,
    }
}

/// What a client that does not check its own values would send.
fn request_of(
    client: &AwaitDhGen,
    g_b: &BigUint,
    retry_id: i64,
    random: &mut dyn Random,
) -> Vec<u8> {
    let client::Exchange {
        nonce,
        server_nonce,
        ..
    } = client.exchange;
    let inner = ClientDhInnerData {
        nonce,
        server_nonce,
        retry_id,
        g_b: &g_b.to_bytes_be(),
    };
    let encrypted_data = client.temporary_key.encrypt(&inner.write(), random);
    SetClientDhParams {
        nonce,
        server_nonce,
        encrypted_data: &encrypted_data,
    }
    .write()
}

fn lower_128(hash: &[u8]) -> [u8; 16] {
    hash[4..].try_into().unwrap()
}

fn created(outcome: Result<Outcome, Error>) -> NewAuthKey {
    match outcome.unwrap() {
        Outcome::Created(key) => key,
        Outcome::Retry(..) => panic!("the server asked for another key"),
    }
}

fn client_error(outcome: Result<Outcome, Error>) -> Error {
    outcome.err().unwrap()
}

#[test]
fn both_sides_agree_on_key_and_salt() {
    let mut both = Both::new();
    let (client, reply) = both.until_dh_gen();
    let ours = created(client.dh_gen(&reply.body, &mut both.client_random));
    let theirs = reply.created.unwrap();
    assert_eq!(ours.key, theirs.key);
    assert_eq!(ours.first_salt, theirs.first_salt);
    assert_eq!(ours.time_offset, 7);
    assert_eq!((theirs.dc, theirs.expires_in), (Some(2), None));
}

#[test]
fn the_same_random_bytes_give_the_same_key() {
    let run = || {
        let mut both = Both::new();
        let (client, reply) = both.until_dh_gen();
        created(client.dh_gen(&reply.body, &mut both.client_random)).key
    };
    assert_eq!(run(), run());
}

#[test]
fn temporary_keys_carry_their_lifetime() {
    let mut both = Both::new();
    let (client, answer) = both.until_res_pq();
    let target = Target {
        dc: -10_004,
        expires_in: Some(86_400),
    };
    let (request, client) = client
        .res_pq(&answer, &keys(), target, &mut both.client_random)
        .unwrap();
    let answer = both.ask(&request).unwrap().body;
    let (request, _) = client
        .dh_params(&answer, NOW, &mut both.client_random)
        .unwrap();
    let created = both.ask(&request).unwrap().created.unwrap();
    assert_eq!(
        (created.dc, created.expires_in),
        (Some(-10_004), Some(86_400))
    );
}

#[test]
fn a_taken_key_is_replaced_and_the_refused_one_named() {
    let mut both = Both::new();
    let (client, request) = both.until_set_client_dh_params();
    let reply = both.ask_when(&request, &|_| true).unwrap();
    assert!(reply.created.is_none());
    let Outcome::Retry(request, client) =
        client.dh_gen(&reply.body, &mut both.client_random).unwrap()
    else {
        panic!("no retry")
    };
    let reply = both.ask(&request).unwrap();
    let ours = created(client.dh_gen(&reply.body, &mut both.client_random));
    assert_eq!(ours.key, reply.created.unwrap().key);
}

#[test]
fn a_server_whose_keys_are_all_taken_fails_at_last() {
    let mut both = Both::new();
    let (mut client, mut request) = both.until_set_client_dh_params();
    for _ in 0..5 {
        let reply = both.ask_when(&request, &|_| true).unwrap();
        let Outcome::Retry(again, next) =
            client.dh_gen(&reply.body, &mut both.client_random).unwrap()
        else {
            panic!("no retry")
        };
        (request, client) = (again, next);
    }
    let reply = both.ask_when(&request, &|_| true).unwrap();
    assert_eq!(
        client_error(client.dh_gen(&reply.body, &mut both.client_random)),
        Error::DhGenFail
    );
}

#[test]
fn a_server_that_only_asks_for_retries_is_given_up() {
    let mut both = Both::new();
    let (mut client, _) = both.until_set_client_dh_params();
    for retry in 0.. {
        let answer = answer_to(&client, Verdict::Retry).write();
        match client.dh_gen(&answer, &mut both.client_random) {
            Ok(Outcome::Retry(_, next)) => client = next,
            Ok(Outcome::Created(_)) => panic!("a key from dh_gen_retry"),
            Err(error) => {
                assert_eq!((error, retry), (Error::TooManyRetries, 5));
                return;
            }
        }
    }
}

#[test]
fn a_wrong_nonce_is_noticed_at_every_step() {
    for (index, error) in [
        (4, Error::Nonce as fn(Step) -> Error),
        (20, Error::ServerNonce),
    ] {
        let mut both = Both::new();
        let (client, mut answer) = both.until_dh_params();
        answer[index] ^= 1;
        let got = client
            .dh_params(&answer, NOW, &mut both.client_random)
            .err()
            .unwrap();
        assert_eq!(got, error(Step::ServerDhParams));

        let mut both = Both::new();
        let (client, mut reply) = both.until_dh_gen();
        reply.body[index] ^= 1;
        assert_eq!(
            client_error(client.dh_gen(&reply.body, &mut both.client_random)),
            error(Step::DhGen)
        );

        let mut both = Both::new();
        let (_, mut request) = both.until_req_dh_params();
        request[index] ^= 1;
        assert_eq!(both.ask(&request).unwrap_err(), error(Step::ReqDhParams));

        let mut both = Both::new();
        let (_, mut request) = both.until_set_client_dh_params();
        request[index] ^= 1;
        assert_eq!(
            both.ask(&request).unwrap_err(),
            error(Step::SetClientDhParams)
        );
    }
    let mut both = Both::new();
    let (client, mut answer) = both.until_res_pq();
    answer[4] ^= 1;
    let got = client
        .res_pq(&answer, &keys(), TARGET, &mut both.client_random)
        .err()
        .unwrap();
    assert_eq!(got, Error::Nonce(Step::ResPq));
}

#[test]
fn a_wrong_nonce_inside_of_the_encrypted_answer_is_noticed() {
    assert_eq!(
        Both::new().with_inner_data(|inner| inner.nonce[0] ^= 1),
        Error::Nonce(Step::ServerDhParams)
    );
    let error = Both::new().with_inner_data(|inner| inner.server_nonce[0] ^= 1);
    assert_eq!(error, Error::ServerNonce(Step::ServerDhParams));
}

#[test]
fn a_server_nonce_changed_in_res_pq_is_noticed_by_the_server() {
    let mut both = Both::new();
    let (client, mut answer) = both.until_res_pq();
    answer[20] ^= 1;
    let (request, _) = client
        .res_pq(&answer, &keys(), TARGET, &mut both.client_random)
        .unwrap();
    assert_eq!(
        both.ask(&request).unwrap_err(),
        Error::ServerNonce(Step::ReqDhParams)
    );
}

#[test]
fn an_unknown_server_is_refused_with_both_lists() {
    let mut both = Both::new();
    let (client, answer) = both.until_res_pq();
    let known = RsaKey::telegram();
    let error = client
        .res_pq(&answer, &known, TARGET, &mut both.client_random)
        .err()
        .unwrap();
    let offered = vec![rsa().public().fingerprint()];
    assert_eq!(
        error.to_string(),
        format!(
            "the server has none of the RSA keys known here: it offers the fingerprints {:016x}, known are {:016x}, {:016x}",
            offered[0],
            known[0].fingerprint(),
            known[1].fingerprint()
        )
    );
    let known = known.iter().map(RsaKey::fingerprint).collect();
    assert_eq!(error, Error::UnknownFingerprints { offered, known });
}

#[test]
fn an_impossible_pq_is_refused() {
    for (pq, expected) in [
        (4_611_686_018_427_387_847, FactorizationError::Prime),
        (0, FactorizationError::Prime),
        (u64::MAX, FactorizationError::TooLarge),
        (3 * 5 * 7, FactorizationError::NotTwoPrimes),
    ] {
        let mut both = Both::new();
        let (client, answer) = both.until_res_pq();
        let answer = ResPq {
            pq,
            ..ResPq::read(&answer).unwrap()
        }
        .write();
        let error = client
            .res_pq(&answer, &keys(), TARGET, &mut both.client_random)
            .err()
            .unwrap();
        assert_eq!(error, Error::Factorization(expected));
    }
}

#[test]
fn a_refusal_of_the_server_counts_only_with_the_hash_of_the_secret() {
    let mut both = Both::new();
    let (client, answer) = both.until_dh_params();
    let params = ServerDhParams::read(&answer).unwrap();
    let hash = lower_128(&Sha1::digest(client.exchange.new_nonce.as_slice()));
    let answer = ServerDhParams {
        result: Err(hash),
        ..params
    }
    .write();
    let error = client
        .dh_params(&answer, NOW, &mut both.client_random)
        .err()
        .unwrap();
    assert_eq!(error, Error::ServerDhParamsFail);

    let mut both = Both::new();
    let (client, answer) = both.until_dh_params();
    let answer = ServerDhParams {
        result: Err([7; 16]),
        ..ServerDhParams::read(&answer).unwrap()
    }
    .write();
    let error = client
        .dh_params(&answer, NOW, &mut both.client_random)
        .err()
        .unwrap();
    assert_eq!(error, Error::NewNonceHash(Step::ServerDhParams));
}

#[test]
fn a_changed_encrypted_answer_is_noticed() {
    let mut both = Both::new();
    let (client, mut answer) = both.until_dh_params();
    answer[100] ^= 1;
    let error = client
        .dh_params(&answer, NOW, &mut both.client_random)
        .err()
        .unwrap();
    assert_eq!(error, Error::DataHash(Step::ServerDhParams));

    let mut both = Both::new();
    let (_, mut request) = both.until_set_client_dh_params();
    request[100] ^= 1;
    assert_eq!(
        both.ask(&request).unwrap_err(),
        Error::DataHash(Step::SetClientDhParams)
    );
}

#[test]
fn encrypted_answers_of_impossible_length_are_refused() {
    for bytes in [0, 16, 31, 33, 47] {
        let mut both = Both::new();
        let (client, answer) = both.until_dh_params();
        let encrypted = vec![0; bytes];
        let answer = ServerDhParams {
            result: Ok(&encrypted),
            ..ServerDhParams::read(&answer).unwrap()
        }
        .write();
        let error = client
            .dh_params(&answer, NOW, &mut both.client_random)
            .err()
            .unwrap();
        assert_eq!(
            error,
            Error::EncryptedLength {
                step: Step::ServerDhParams,
                bytes
            }
        );
    }
}

#[test]
fn a_prime_of_the_wrong_size_is_refused() {
    for (prime, bits) in [
        (vec![0xff; 255], 2040),
        (vec![0xff; 257], 2056),
        (vec![], 0),
        (vec![0; 256], 0),
    ] {
        let error = Both::new()
            .with_inner_data(|inner| inner.dh_prime = Box::leak(prime.into_boxed_slice()));
        assert_eq!(error, Error::PrimeSize { bits });
    }
}

#[test]
fn a_prime_that_is_not_safe_is_refused() {
    // 2^2048 - 1942289 is the largest prime p of 2048 bits for which (p - 1) / 2 is prime, too; these are not.
    let composite: BigUint = (BigUint::from(1u8) << 2048) - 15u8;
    let telegrams = DhGroup::telegram().prime().clone();
    for prime in [composite, &telegrams - 8u8 * 3, &telegrams + 24u8] {
        let prime = prime.to_bytes_be();
        let error = Both::new().with_inner_data(|inner| {
            inner.g = 4;
            inner.dh_prime = prime.leak();
        });
        assert_eq!(error, Error::PrimeNotSafe);
    }
}

#[test]
fn a_prime_whose_half_is_composite_is_refused() {
    // The first prime above Telegram's is not a safe one.
    let mut prime = DhGroup::telegram().prime() + 2u8;
    while !crate::prime::is_prime(&prime, &mut seeded(5)) {
        prime += 2u8;
    }
    assert_eq!(
        checks::dh_prime(&prime, &mut seeded(6)),
        Err(Error::PrimeNotSafe)
    );
}

#[test]
fn another_safe_prime_is_accepted() {
    // RFC 3526, group 14.
    let prime = BigUint::parse_bytes(
        include_bytes!("../../tests/data/modp-2048.hex").trim_ascii(),
        16,
    )
    .unwrap();
    for _ in 0..2 {
        let group = DhGroup::new(2, &prime.to_bytes_be(), &mut seeded(7)).unwrap();
        let mut both = Both::with_group(group);
        let (client, reply) = both.until_dh_gen();
        let ours = created(client.dh_gen(&reply.body, &mut both.client_random));
        assert_eq!(ours.key, reply.created.unwrap().key);
    }
}

#[test]
fn generators_outside_of_the_subgroup_are_refused() {
    // Telegram's prime is 11 modulo 24, 3 modulo 5 and 6 modulo 7.
    for (g, accepted) in [
        (i32::MIN, false),
        (-3, false),
        (0, false),
        (1, false),
        (2, false),
        (3, true),
        (4, true),
        (5, false),
        (6, false),
        (7, true),
        (8, false),
        (i32::MAX, false),
    ] {
        let expected = if accepted {
            Ok(())
        } else {
            Err(Error::Generator { g })
        };
        assert_eq!(
            checks::generator(g, DhGroup::telegram().prime()),
            expected,
            "{g}"
        );
        if !accepted {
            assert_eq!(
                Both::new().with_inner_data(|inner| inner.g = g),
                Error::Generator { g }
            );
        }
    }
}

#[test]
fn generators_are_accepted_exactly_when_they_are_quadratic_residues() {
    // Safe primes: Euler's criterion decides.
    for prime in [
        23u32, 47, 59, 83, 107, 167, 179, 227, 263, 347, 359, 383, 467, 479, 503, 563, 587, 719,
        839, 863,
    ] {
        for g in 2..=7u32 {
            let residue =
                BigUint::from(g).modpow(&BigUint::from((prime - 1) / 2), &BigUint::from(prime));
            let accepted = checks::generator(g as i32, &BigUint::from(prime)).is_ok();
            assert_eq!(
                accepted,
                residue == BigUint::from(1u8),
                "{g} modulo {prime}"
            );
        }
    }
}

#[test]
fn public_values_near_the_ends_are_refused() {
    let prime = DhGroup::telegram().prime().clone();
    let distance: BigUint = BigUint::from(1u8) << 1984;
    let zero = BigUint::ZERO;
    let refused = [
        zero.clone(),
        &zero + 1u8,
        &zero + 2u8,
        &distance - 1u8,
        &prime - &distance + 1u8,
        &prime - 2u8,
        &prime - 1u8,
        prime.clone(),
        &prime + 1u8,
        (&zero + 1u8) << 4096,
    ];
    for value in refused {
        let error = Error::PublicValue {
            step: Step::ServerDhParams,
        };
        assert_eq!(
            checks::public_value(&value, &prime, Step::ServerDhParams),
            Err(error.clone()),
            "{value:x}"
        );
        let bytes = value.to_bytes_be();
        assert_eq!(
            Both::new().with_inner_data(|inner| inner.g_a = bytes.leak()),
            error
        );
    }
    for value in [distance.clone(), &prime - &distance, &prime >> 1u8] {
        assert_eq!(
            checks::public_value(&value, &prime, Step::ServerDhParams),
            Ok(())
        );
    }
}

#[test]
fn a_public_value_out_of_range_makes_the_server_fail_the_exchange() {
    for g_b in [
        BigUint::from(1u8),
        DhGroup::telegram().prime() - 1u8,
        BigUint::from(1u8) << 2100,
    ] {
        let mut both = Both::new();
        let (client, _) = both.until_set_client_dh_params();
        let request = request_of(&client, &g_b, 0, &mut both.client_random);
        let reply = both.ask(&request).unwrap();
        assert!(reply.created.is_none());
        assert_eq!(DhGen::read(&reply.body).unwrap().verdict, Verdict::Fail);
    }
}

#[test]
fn a_wrong_retry_id_is_refused() {
    let mut both = Both::new();
    let (client, _) = both.until_set_client_dh_params();
    let g_b = DhGroup::telegram().prime() >> 1u8;
    let request = request_of(&client, &g_b, 5, &mut both.client_random);
    assert_eq!(both.ask(&request).unwrap_err(), Error::RetryId);
}

#[test]
fn each_verdict_counts_only_with_its_own_hash() {
    for verdict in [Verdict::Ok, Verdict::Retry, Verdict::Fail] {
        let mut both = Both::new();
        let (client, _) = both.until_set_client_dh_params();
        let mut answer = answer_to(&client, verdict);
        answer.verdict = if verdict == Verdict::Ok {
            Verdict::Fail
        } else {
            Verdict::Ok
        };
        let error = client_error(client.dh_gen(&answer.write(), &mut both.client_random));
        assert_eq!(error, Error::NewNonceHash(Step::DhGen));

        let mut both = Both::new();
        let (client, _) = both.until_set_client_dh_params();
        let mut answer = answer_to(&client, verdict);
        answer.new_nonce_hash[15] ^= 1;
        let error = client_error(client.dh_gen(&answer.write(), &mut both.client_random));
        assert_eq!(error, Error::NewNonceHash(Step::DhGen));
    }
}

#[test]
fn the_server_checks_the_proof_of_work_and_the_key() {
    for (index, change) in [(40, 1u8), (48, 1)] {
        let mut both = Both::new();
        let (_, mut request) = both.until_req_dh_params();
        request[index] ^= change;
        assert_eq!(
            both.ask(&request).unwrap_err(),
            Error::Factors,
            "byte {index}"
        );
    }
    let mut both = Both::new();
    let (_, mut request) = both.until_req_dh_params();
    request[52] ^= 1;
    assert!(matches!(
        both.ask(&request).unwrap_err(),
        Error::UnknownFingerprint { .. }
    ));
    let mut both = Both::new();
    let (_, mut request) = both.until_req_dh_params();
    request[100] ^= 1;
    assert_eq!(
        both.ask(&request).unwrap_err(),
        Error::Rsa(crate::rsa::Error::Decryption)
    );
}

#[test]
fn the_server_refuses_clients_of_another_dc() {
    for (dc, accepted) in [
        (2, true),
        (10_002, true),
        (-2, true),
        (-10_002, true),
        (4, false),
        (10_004, false),
    ] {
        let mut both = Both::new();
        both.server = Handshake::new(Arc::new([rsa()]), Arc::new(DhGroup::telegram())).with_dc(2);
        let (client, answer) = both.until_res_pq();
        let target = Target {
            dc,
            expires_in: None,
        };
        let (request, _) = client
            .res_pq(&answer, &keys(), target, &mut both.client_random)
            .unwrap();
        let error = both.ask(&request).err();
        assert_eq!(
            error,
            (!accepted).then_some(Error::WrongDc {
                got: dc,
                expected: 2
            })
        );
    }
}

#[test]
fn messages_out_of_turn_are_refused_and_a_new_exchange_may_begin() {
    let mut both = Both::new();
    let (_, request) = both.until_set_client_dh_params();
    assert!(both.ask(&request).unwrap().created.is_some());
    let error = both.ask(&request).unwrap_err();
    assert_eq!(
        error,
        Error::Unexpected {
            step: Step::ReqPq,
            constructor: Some(crate::service::id::SET_CLIENT_DH_PARAMS)
        }
    );
    let (client, reply) = both.until_dh_gen();
    created(client.dh_gen(&reply.body, &mut both.client_random));
}

#[test]
fn truncated_and_longer_answers_are_refused_at_every_step() {
    let mut both = Both::new();
    let (_, whole) = both.until_res_pq();
    for answer in damaged(&whole) {
        let mut both = Both::new();
        let (client, _) = both.until_res_pq();
        let error = client
            .res_pq(&answer, &keys(), TARGET, &mut both.client_random)
            .err()
            .unwrap();
        assert!(
            matches!(
                error,
                Error::Unexpected {
                    step: Step::ResPq,
                    ..
                }
            ),
            "{error}"
        );
    }
    let mut both = Both::new();
    let (_, whole) = both.until_dh_params();
    for answer in damaged(&whole).into_iter().step_by(20) {
        let mut both = Both::new();
        let (client, _) = both.until_dh_params();
        let error = client
            .dh_params(&answer, NOW, &mut both.client_random)
            .err()
            .unwrap();
        assert!(
            matches!(
                error,
                Error::Unexpected {
                    step: Step::ServerDhParams,
                    ..
                }
            ),
            "{error}"
        );
    }
    let mut both = Both::new();
    let (_, reply) = both.until_dh_gen();
    for answer in damaged(&reply.body).into_iter().step_by(5) {
        let mut both = Both::new();
        let (client, _) = both.until_set_client_dh_params();
        let error = client_error(client.dh_gen(&answer, &mut both.client_random));
        assert!(
            matches!(
                error,
                Error::Unexpected {
                    step: Step::DhGen,
                    ..
                }
            ),
            "{error}"
        );
    }
}

/// All beginnings of a message, and the message with a word behind it.
fn damaged(whole: &[u8]) -> Vec<Vec<u8>> {
    let mut damaged: Vec<Vec<u8>> = (0..whole.len()).map(|len| whole[..len].to_vec()).collect();
    damaged.push([whole, &[0; 4]].concat());
    damaged.reverse();
    damaged
}

#[test]
fn a_constant_source_of_randomness_is_an_error_not_a_hang() {
    let mut zeros = |bytes: &mut [u8]| bytes.fill(0);
    let mut both = Both::new();
    let (client, answer) = both.until_dh_params();
    let error = client.dh_params(&answer, NOW, &mut zeros).err().unwrap();
    assert_eq!(error, Error::NotRandom);
}

#[test]
fn a_recorded_exchange_is_reproduced() {
    // The vectors of grammers-mtproto's own test: an exchange with a server of Telegram.
    let lines: Vec<_> = include_str!("../../tests/data/exchange.hex")
        .lines()
        .map(grammers_crypto::hex::from_hex)
        .collect();
    let [
        nonce,
        res_pq,
        new_nonce,
        dh_params,
        random,
        request,
        dh_gen,
        key,
    ] = &lines[..]
    else {
        panic!("the file has eight lines")
    };
    let (_, client) = client::start(&mut |bytes: &mut [u8]| bytes.copy_from_slice(nonce));
    let mut rest = seeded(3);
    let mut is_first = true;
    let mut draw = |bytes: &mut [u8]| {
        if std::mem::take(&mut is_first) {
            bytes.copy_from_slice(new_nonce);
        } else {
            rest.fill(bytes);
        }
    };
    let (_, client) = client
        .res_pq(res_pq, &RsaKey::telegram(), TARGET, &mut draw)
        .unwrap();
    let mut draw = |bytes: &mut [u8]| match bytes.len() {
        256 => bytes.copy_from_slice(&random[..256]),
        16 => bytes.copy_from_slice(&random[256..]),
        _ => bytes.fill(0),
    };
    let (got, client) = client
        .dh_params(dh_params, Duration::from_secs(1_693_436_740), &mut draw)
        .unwrap();
    assert_eq!(&got, request);
    let got = created(client.dh_gen(dh_gen, &mut seeded(4)));
    assert_eq!(got.key.as_bytes().as_slice(), key);
    assert_eq!(
        (got.first_salt, got.time_offset),
        (4_459_407_212_920_268_508, 0)
    );
}
