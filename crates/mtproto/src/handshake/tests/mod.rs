#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod agreeing;
mod hostile_server;
mod tampering;

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
    RsaPrivateKey::from_pem(include_str!("../../../tests/data/rsa-pkcs1.pem")).unwrap()
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
