//! What must hold for any message of the key exchange; a part of `mtproto.rs`.

use std::sync::{Arc, OnceLock};

use grammers_crypto::{aes, generate_key_data_from_nonce};
use madeline_mtproto::handshake::client::{self, AwaitDhGen, AwaitDhParams, Target};
use madeline_mtproto::handshake::{self, DhGroup};
use madeline_mtproto::{Random, RsaKey, RsaPrivateKey};
use sha1::{Digest, Sha1};

use super::{Fixed, NOW};

/// Any answers of a server to our client and any messages of a client to our server: an error or the next step.
pub(crate) fn handshake(bytes: &[u8]) {
    let Some((&choice, input)) = bytes.split_first() else {
        return;
    };
    match choice % 7 {
        0 => {
            let mut random = Fixed::new(1);
            let (_, client) = client::start(&mut random);
            drop(client.res_pq(input, keys(), TARGET, &mut random));
        }
        1 => drop(
            await_dh_params()
                .0
                .dh_params(input, NOW, &mut Fixed::new(3)),
        ),
        2 => {
            let (client, nonces) = await_dh_params();
            let answer = nonces.server_dh_params_ok(input);
            drop(client.dh_params(&answer, NOW, &mut Fixed::new(3)));
        }
        3 => drop(await_dh_gen().dh_gen(input, &mut Fixed::new(4))),
        4 => {
            let mut server = server();
            for message in input.split(|&byte| byte == 0xfb).take(4) {
                drop(server.receive(message, NOW, &mut Fixed::new(2), &|id| id % 2 == 0));
            }
        }
        5 => {
            let data = &input[..input.len().min(144)];
            let (mut server, nonces) = await_req_dh_params();
            let request = nonces.req_dh_params(data);
            drop(server.receive(&request, NOW, &mut Fixed::new(5), &|_| false));
        }
        _ => {
            let (mut server, nonces) = await_set_client_dh_params();
            let request = nonces.set_client_dh_params(input);
            drop(server.receive(&request, NOW, &mut Fixed::new(6), &|id| id % 2 == 0));
        }
    }
}

const TARGET: Target = Target {
    dc: 2,
    expires_in: None,
};

fn rsa() -> &'static RsaPrivateKey {
    static KEY: OnceLock<RsaPrivateKey> = OnceLock::new();
    KEY.get_or_init(|| {
        let pem = include_str!("../../crates/mtproto/tests/data/rsa-pkcs1.pem");
        RsaPrivateKey::from_pem(pem).unwrap()
    })
}

fn keys() -> &'static [RsaKey] {
    std::slice::from_ref(rsa().public())
}

pub(crate) fn server() -> handshake::server::Handshake {
    handshake::server::Handshake::new(Arc::new([rsa().clone()]), Arc::new(DhGroup::telegram()))
}

/// What identifies an exchange, read off the messages and the fixed random bytes.
pub(crate) struct Nonces {
    pub(crate) res_pq: Vec<u8>,
    pub(crate) req_dh_params: Vec<u8>,
    pub(crate) new_nonce: [u8; 32],
}

impl Nonces {
    /// Both nonces, as they stand at the front of every message.
    fn front(&self) -> &[u8] {
        &self.res_pq[4..36]
    }

    fn encrypt(&self, data: &[u8]) -> Vec<u8> {
        let server_nonce = self.front()[16..].try_into().unwrap();
        let (key, iv) = generate_key_data_from_nonce(&server_nonce, &self.new_nonce);
        let mut buffer = [&Sha1::digest(data)[..], data].concat();
        buffer.resize(buffer.len().next_multiple_of(16), 0);
        aes::ige_encrypt(&mut buffer, &key, &iv);
        buffer
    }

    fn message(&self, id: u32, encrypted: &[u8]) -> Vec<u8> {
        let mut message = [&id.to_le_bytes()[..], self.front()].concat();
        put_bytes(encrypted, &mut message);
        message
    }

    fn server_dh_params_ok(&self, inner: &[u8]) -> Vec<u8> {
        self.message(0xd0e8_075c, &self.encrypt(inner))
    }

    fn set_client_dh_params(&self, inner: &[u8]) -> Vec<u8> {
        self.message(0xf504_5f1f, &self.encrypt(inner))
    }

    /// The client's own request with other data encrypted in it.
    fn req_dh_params(&self, data: &[u8]) -> Vec<u8> {
        let encrypted = rsa()
            .public()
            .encrypt_padded(data, &mut Fixed::new(7))
            .unwrap();
        let mut request = self.req_dh_params[..self.req_dh_params.len() - 260].to_vec();
        put_bytes(&encrypted, &mut request);
        request
    }
}

fn put_bytes(bytes: &[u8], out: &mut Vec<u8>) {
    out.extend((bytes.len() as u32 * 256 + 254).to_le_bytes());
    out.extend(bytes);
    out.resize(out.len().next_multiple_of(4), 0);
}

pub(crate) fn await_req_dh_params() -> (handshake::server::Handshake, &'static Nonces) {
    let mut server = server();
    let (request, _) = client::start(&mut Fixed::new(1));
    let answer = server.receive(&request, NOW, &mut Fixed::new(2), &|_| false);
    assert_eq!(answer.unwrap().body, recorded().0.res_pq);
    (server, &recorded().0)
}

pub(crate) fn await_set_client_dh_params() -> (handshake::server::Handshake, &'static Nonces) {
    let (mut server, nonces) = await_req_dh_params();
    let request = &nonces.req_dh_params;
    drop(
        server
            .receive(request, NOW, &mut Fixed::new(2), &|_| false)
            .unwrap(),
    );
    (server, nonces)
}

pub(crate) fn await_dh_params() -> (AwaitDhParams, &'static Nonces) {
    let nonces = &recorded().0;
    (asked(&nonces.res_pq).1, nonces)
}

pub(crate) fn await_dh_gen() -> AwaitDhGen {
    let (_, dh_params) = recorded();
    await_dh_params()
        .0
        .dh_params(dh_params, NOW, &mut Fixed::new(3))
        .unwrap()
        .1
}

/// Exchanges with the fixed random bytes are always the same: what the server says in them is computed once.
pub(crate) fn recorded() -> &'static (Nonces, Vec<u8>) {
    static RECORDED: OnceLock<(Nonces, Vec<u8>)> = OnceLock::new();
    RECORDED.get_or_init(|| {
        let (mut server, mut random) = (server(), Fixed::new(1));
        let (request, _) = client::start(&mut random);
        let mut ask = |request: &[u8]| {
            let reply = server.receive(request, NOW, &mut Fixed::new(2), &|_| false);
            reply.unwrap().body
        };
        let res_pq = ask(&request);
        let mut new_nonce = [0; 32];
        random.fill(&mut new_nonce);
        let (req_dh_params, _) = asked(&res_pq);
        let dh_params = ask(&req_dh_params);
        let nonces = Nonces {
            res_pq,
            req_dh_params,
            new_nonce,
        };
        (nonces, dh_params)
    })
}

fn asked(res_pq: &[u8]) -> (Vec<u8>, AwaitDhParams) {
    let mut random = Fixed::new(1);
    let (_, client) = client::start(&mut random);
    client.res_pq(res_pq, keys(), TARGET, &mut random).unwrap()
}
