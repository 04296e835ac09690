//! A connection without a session: frames, and the key exchange.

use std::time::Duration;

use madeline_mtproto::envelope::plain;
use madeline_mtproto::handshake::client::{self as handshake, Outcome, Target};
use madeline_mtproto::message_id::Origin;
use madeline_mtproto::random::OsRandom;
use madeline_mtproto::transport::{self, Frame, Kind};
use madeline_mtproto::{AuthKey, MsgId, RsaKey};
use madeline_sandbox::Sandbox;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::now;

/// No answer takes that long; a test that waits longer has failed.
const PATIENCE: Duration = Duration::from_secs(60);

/// A raw connection: frames in, frames out.
pub struct Wire {
    stream: TcpStream,
    transport: transport::Client,
}

/// What came over a connection.
#[derive(Debug, PartialEq)]
pub enum Received {
    Frame(Vec<u8>),
    TransportError(i32),
    Closed,
}

impl Wire {
    pub async fn open(sandbox: &Sandbox, dc: i32) -> Wire {
        Wire::open_with(sandbox, dc, transport::Client::new(Kind::Intermediate)).await
    }

    pub async fn open_with(sandbox: &Sandbox, dc: i32, transport: transport::Client) -> Wire {
        Wire {
            stream: TcpStream::connect(sandbox.addresses()[&dc]).await.unwrap(),
            transport,
        }
    }

    pub async fn send(&mut self, payload: &[u8]) {
        let mut out = Vec::new();
        self.transport
            .send(payload, false, &mut OsRandom, &mut out)
            .unwrap();
        self.stream.write_all(&out).await.unwrap();
    }

    pub async fn receive(&mut self) -> Received {
        loop {
            match self.transport.next_frame().unwrap() {
                Some(Frame::Payload { bytes, .. }) => return Received::Frame(bytes.to_vec()),
                Some(Frame::Error(code)) => return Received::TransportError(code),
                Some(Frame::QuickAck(_)) => {}
                None => {
                    let mut buffer = vec![0; 1 << 16];
                    let read = tokio::time::timeout(PATIENCE, self.stream.read(&mut buffer)).await;
                    match read.expect("the sandbox says nothing") {
                        Ok(0) | Err(_) => return Received::Closed,
                        Ok(length) => self.transport.feed(&buffer[..length]),
                    }
                }
            }
        }
    }

    /// One step of the key exchange.
    async fn ask(&mut self, body: &[u8]) -> Vec<u8> {
        let msg_id = MsgId::at(now(), Origin::Client);
        self.send(&plain::write(msg_id, body)).await;
        match self.receive().await {
            Received::Frame(frame) => plain::read(&frame).unwrap().body.to_vec(),
            other => panic!("the key exchange ended with {other:?}"),
        }
    }

    /// How the server refuses an exchange with this target.
    pub async fn refusal(&mut self, sandbox: &Sandbox, target: Target) -> Received {
        let keys = [RsaKey::from_pem(sandbox.rsa_public_key()).unwrap()];
        let (request, step) = handshake::start(&mut OsRandom);
        let answer = self.ask(&request).await;
        let (request, _) = step.res_pq(&answer, &keys, target, &mut OsRandom).unwrap();
        self.send(&plain::write(MsgId::at(now(), Origin::Client), &request))
            .await;
        self.receive().await
    }

    /// Agrees on a key.
    pub async fn exchange(&mut self, sandbox: &Sandbox, target: Target) -> (AuthKey, i64) {
        let keys = [RsaKey::from_pem(sandbox.rsa_public_key()).unwrap()];
        let (request, step) = handshake::start(&mut OsRandom);
        let answer = self.ask(&request).await;
        let (request, step) = step.res_pq(&answer, &keys, target, &mut OsRandom).unwrap();
        let answer = self.ask(&request).await;
        let (mut request, mut step) = step.dh_params(&answer, now(), &mut OsRandom).unwrap();
        loop {
            let answer = self.ask(&request).await;
            match step.dh_gen(&answer, &mut OsRandom).unwrap() {
                Outcome::Created(created) => return (created.key, created.first_salt),
                Outcome::Retry(again, next) => (request, step) = (again, next),
            }
        }
    }
}

/// The envelope of `MTProto` 1.0, <https://core.telegram.org/mtproto/description_v1>.
pub(super) fn sealed_of_old(key: &AuthKey, msg_id: i64, body: &[u8]) -> Vec<u8> {
    use sha1::{Digest, Sha1};
    let mut plain = vec![1; 16];
    plain.extend(msg_id.to_le_bytes());
    plain.extend([0; 4]);
    plain.extend((body.len() as i32).to_le_bytes());
    plain.extend(body);
    let msg_key = Sha1::digest(&plain)[4..].to_vec();
    plain.resize(plain.len().next_multiple_of(16), 2);
    let secret = key.as_bytes();
    let a = Sha1::digest([&msg_key[..], &secret[..32]].concat());
    let b = Sha1::digest([&secret[32..48], &msg_key[..], &secret[48..64]].concat());
    let c = Sha1::digest([&secret[64..96], &msg_key[..]].concat());
    let d = Sha1::digest([&msg_key[..], &secret[96..128]].concat());
    let aes_key = [&a[..8], &b[8..], &c[4..16]].concat().try_into().unwrap();
    let aes_iv = [&a[8..], &b[..8], &c[16..], &d[..8]]
        .concat()
        .try_into()
        .unwrap();
    grammers_crypto::aes::ige_encrypt(&mut plain, &aes_key, &aes_iv);
    [&key.id().to_le_bytes()[..], &msg_key, &plain].concat()
}
