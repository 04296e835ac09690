//! The same protocol as grammers understands it: its transports and its encrypted sessions against our server side, so
//! that a mistake made on both of our sides can't cancel out.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use grammers_crypto::DequeBuffer;
use grammers_mtproto::mtp::{Deserialization, Encrypted, Mtp};
use grammers_mtproto::transport::{self as theirs, Transport};
use madeline_mtproto::AuthKey;
use madeline_mtproto::envelope::{self, Side};
use madeline_mtproto::random::OsRandom;
use madeline_mtproto::server::{Config, Event, Salts, Session};
use madeline_mtproto::transport::{DEFAULT_MAX_FRAME, Frame, Kind, Server};

const SALT: i64 = 0x5a17;

fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap()
}

fn pack(transport: &mut impl Transport, payload: &[u8]) -> Vec<u8> {
    let mut buffer = DequeBuffer::with_capacity(payload.len(), 128);
    buffer.extend(payload);
    transport.pack(&mut buffer);
    buffer.as_ref().to_vec()
}

fn unpack(transport: &mut impl Transport, stream: &mut Vec<u8>) -> Vec<u8> {
    let offset = transport.unpack(stream).unwrap();
    let payload = stream[offset.data_range].to_vec();
    stream.drain(..offset.next_offset);
    payload
}

fn check_transport(mut transport: impl Transport, kind: Kind) {
    let mut server = Server::new(None, DEFAULT_MAX_FRAME);
    let payloads = [vec![1; 40], vec![2; 24 + 16 * 100], vec![3; 24 + 16 * 5000]];
    for payload in &payloads {
        server.feed(&pack(&mut transport, payload));
        let bytes = payload.clone().into();
        let quick_ack = false;
        assert_eq!(
            server.next_frame(),
            Ok(Some(Frame::Payload { bytes, quick_ack }))
        );
    }
    assert_eq!(server.kind(), Some(kind));
    let mut stream = Vec::new();
    for payload in &payloads {
        server.send(payload, &mut OsRandom, &mut stream).unwrap();
        assert_eq!(&unpack(&mut transport, &mut stream), payload);
        assert!(stream.is_empty());
    }
    server.send_error(-404, &mut OsRandom, &mut stream).unwrap();
    let error = transport.unpack(&mut stream).unwrap_err();
    assert_eq!(error, theirs::Error::BadStatus { status: 404 }, "{kind:?}");
}

#[test]
fn transports_of_grammers_are_understood() {
    check_transport(theirs::Abridged::new(), Kind::Abridged);
    check_transport(theirs::Intermediate::new(), Kind::Intermediate);
    check_transport(theirs::Full::new(), Kind::Full);
    check_transport(
        theirs::Obfuscated::new(theirs::Abridged::new()),
        Kind::Abridged,
    );
    check_transport(
        theirs::Obfuscated::new(theirs::Intermediate::new()),
        Kind::Intermediate,
    );
}

/// Their client and our server, which may have another clock and another salt.
struct Pair {
    client: Encrypted,
    session: Option<Session>,
    clock_ahead: i64,
}

impl Pair {
    fn new(salt: i64, clock_ahead: i64) -> Self {
        let client = Encrypted::build().first_salt(salt).finish([0x42; 256]);
        Self {
            client,
            session: None,
            clock_ahead,
        }
    }

    fn now(&self) -> Duration {
        Duration::from_secs(
            now()
                .as_secs()
                .checked_add_signed(self.clock_ahead)
                .unwrap(),
        )
    }

    /// Sends these requests, after the client has asked for the salts it wants to have first.
    fn send(&mut self, requests: &[&[u8]]) -> Vec<Event> {
        let mut events = Vec::new();
        for _ in 0..4 {
            let mut buffer = DequeBuffer::with_capacity(1 << 16, 1 << 10);
            let pushed = requests
                .iter()
                .filter(|request| self.client.push(&mut buffer, request).is_some())
                .count();
            assert!(self.client.finalize(&mut buffer).is_some());
            events.extend(self.deliver(buffer.as_ref()));
            if pushed == requests.len() {
                return events;
            }
            self.answers();
        }
        panic!("the client never sends the requests");
    }

    fn deliver(&mut self, frame: &[u8]) -> Vec<Event> {
        let key = AuthKey::from_bytes([0x42; 256]);
        let opened = envelope::decrypt(&key, Side::Client, frame).unwrap();
        let now = self.now();
        let session = self.session.get_or_insert_with(|| {
            let salts = Salts::new(&key, SALT, now);
            Session::new(key, opened.header.session_id, salts, Config::default())
        });
        session.receive(now, &opened, &mut OsRandom)
    }

    /// Delivers what the server has to say.
    fn answers(&mut self) -> Vec<Deserialization> {
        let now = self.now();
        let mut answers = Vec::new();
        for mut frame in self.session.as_mut().unwrap().flush(now, &mut OsRandom) {
            answers.extend(self.client.deserialize(&mut frame).unwrap());
        }
        answers
    }
}

fn requests(events: &[Event]) -> Vec<&[u8]> {
    events
        .iter()
        .filter_map(|event| match event {
            Event::Request { body, .. } => Some(body.as_slice()),
            _ => None,
        })
        .collect()
}

#[test]
fn requests_of_grammers_are_answered() {
    let mut pair = Pair::new(SALT, 0);
    let large = [5; 4096];
    let events = pair.send(&[&[1, 0, 0, 0], &[2, 0, 0, 0], &large]);
    assert_eq!(
        requests(&events),
        [&[1, 0, 0, 0][..], &[2, 0, 0, 0], &large]
    );
    let msg_id = |event: &Event| match *event {
        Event::Request { msg_id, .. } => Some(msg_id),
        _ => None,
    };
    let ids: Vec<_> = events.iter().filter_map(msg_id).collect();
    let (now, session) = (pair.now(), pair.session.as_mut().unwrap());
    session.send_result(now, ids[0], &large);
    session.send_error(now, ids[1], 420, "FLOOD_WAIT_3");
    session.push(now, &[9, 0, 0, 0, 8, 0, 0, 0]);
    let mut seen = Vec::new();
    for answer in pair.answers() {
        match answer {
            Deserialization::RpcResult(result) => {
                assert_eq!(result.body, large);
                seen.push("result");
            }
            Deserialization::RpcError(result) => {
                assert_eq!(
                    (result.error.error_code, &*result.error.error_message),
                    (420, "FLOOD_WAIT_3")
                );
                seen.push("error");
            }
            Deserialization::Update(update) => {
                assert_eq!(update, [9, 0, 0, 0, 8, 0, 0, 0]);
                seen.push("update");
            }
            _ => panic!("an answer that was not given"),
        }
    }
    assert_eq!(seen, ["result", "error", "update"]);

    // Its acknowledgements come with the next request.
    let events = pair.send(&[&[3, 0, 0, 0]]);
    let acked = events.iter().find_map(|event| match event {
        Event::Acked(ids) => Some(ids.len()),
        _ => None,
    });
    assert_eq!(acked, Some(3));
}

#[test]
fn grammers_is_told_the_right_salt_and_time() {
    // A client whose clock is ahead (17) is not among them: grammers never numbers a message lower than the last.
    for (salt, clock_ahead, code) in [(1, 0, 48), (SALT, 1000, 16)] {
        let mut pair = Pair::new(salt, clock_ahead);
        let mut codes = Vec::new();
        let mut answered = 0;
        for _ in 0..4 {
            for event in pair.send(&[&[1, 0, 0, 0]]) {
                match event {
                    Event::Refused { code, .. } => codes.push(code),
                    Event::Request { .. } => answered += 1,
                    _ => {}
                }
            }
            pair.answers();
        }
        codes.dedup();
        assert_eq!(codes, [code]);
        assert!(answered > 0, "once told, the client does it right");
    }
}
