#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::Random;
use crate::proxy::Progress;
use crate::random::OsRandom;
use crate::transport::{self, DEFAULT_MAX_FRAME, Frame, Kind, MAX_DOMAIN, Obfuscation};

const KEY: [u8; 16] = [0x5e; 16];
const OTHER: [u8; 16] = [0x5f; 16];
const DOMAIN: &str = "example.org";
const NOW: Duration = Duration::from_secs(1_790_000_000);

fn client() -> Client {
    Client::new(&KEY, DOMAIN, NOW, &mut OsRandom)
}

fn greeted(key: &[u8; 16], greeting: &[u8], now: Duration) -> Result<Option<Accepted>, Error> {
    Server::new(key).receive(greeting, now, &mut OsRandom)
}

/// A client and the proxy's answer to it.
fn answered() -> (Client, Vec<u8>) {
    let client = client();
    let accepted = greeted(&KEY, client.greeting(), NOW).unwrap().unwrap();
    (client, accepted.answer)
}

/// The extensions of a client's greeting.
fn extensions(greeting: &[u8]) -> Vec<(u16, Vec<u8>)> {
    let u16_at = |at: usize| u16::from_be_bytes([greeting[at], greeting[at + 1]]);
    let ciphers = RANDOM_AT + RANDOM + 1 + 32;
    let mut at = ciphers + 2 + usize::from(u16_at(ciphers)) + 2;
    assert_eq!(at + 2 + usize::from(u16_at(at)), greeting.len());
    at += 2;
    let mut extensions = Vec::new();
    while at < greeting.len() {
        let end = at + 4 + usize::from(u16_at(at + 2));
        extensions.push((u16_at(at), greeting[at + 4..end].to_vec()));
        at = end;
    }
    extensions
}

#[test]
fn both_sides_of_the_greeting_agree_in_any_portions() {
    for portion in [1, 7, 100_000] {
        let mut client = client();
        let mut server = Server::new(&KEY);
        let greeting = [client.greeting(), b"more"].concat();
        let mut accepted = None;
        for bytes in greeting.chunks(portion) {
            if accepted.is_none() {
                accepted = server.receive(bytes, NOW, &mut OsRandom).unwrap();
            }
        }
        let accepted = accepted.unwrap();
        let answer = [&accepted.answer[..], b"stream"].concat();
        let mut progress = Progress::More;
        for bytes in answer.chunks(portion) {
            if progress == Progress::More {
                progress = client.receive(bytes).unwrap();
            }
        }
        let Progress::Done { excess } = progress else {
            panic!("{progress:?}")
        };
        assert!(b"stream".starts_with(&excess));
        if portion > 1000 {
            assert_eq!(
                (&*excess, &*accepted.excess),
                (&b"stream"[..], &b"more"[..])
            );
        }
    }
}

#[test]
fn the_greeting_is_that_of_a_browser_to_the_domain() {
    for domain in ["a", DOMAIN, &"d".repeat(MAX_DOMAIN)] {
        let client = Client::new(&KEY, domain, NOW, &mut OsRandom);
        let greeting = client.greeting();
        assert_eq!(greeting.len(), 517);
        assert_eq!(
            greeting[..RANDOM_AT],
            [0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3]
        );
        let extensions = extensions(greeting);
        let content = |number| &extensions.iter().find(|(n, _)| *n == number).unwrap().1;
        let name = content(0);
        assert_eq!(&name[5..], domain.as_bytes());
        assert_eq!(usize::from(name[4]), domain.len());
        assert_eq!(content(51)[5 + 2..5 + 6], [0, 0x1d, 0, 32]);
        let reserved = |number: &u16| number.to_be_bytes()[0] & 0xf == 0xa;
        assert!(reserved(&extensions[0].0));
        let last = extensions.len() - 2;
        assert!(reserved(&extensions[last].0));
        assert_eq!(extensions[last + 1].0, 21);
    }
}

#[test]
fn no_two_greetings_are_alike() {
    let (one, other) = (client(), client());
    let order = |client: &Client| -> Vec<u16> {
        let extensions = extensions(client.greeting());
        extensions.into_iter().map(|(number, _)| number).collect()
    };
    assert_ne!(
        one.greeting()[RANDOM_AT..43],
        other.greeting()[RANDOM_AT..43]
    );
    assert_ne!(order(&one), order(&other));
}

#[test]
fn a_client_with_another_secret_is_not_accepted() {
    assert_eq!(
        greeted(&OTHER, client().greeting(), NOW),
        Err(Error::Secret)
    );
}

#[test]
fn any_changed_byte_of_the_greeting_is_noticed() {
    let client = client();
    // The last four bytes of the random number have the time in them.
    for at in (0..517).filter(|at| !(RANDOM_AT + 28..RANDOM_AT + RANDOM).contains(at)) {
        let mut greeting = client.greeting().to_vec();
        greeting[at] ^= 0x10;
        greeting.extend([0; 8192]);
        assert!(greeted(&KEY, &greeting, NOW).is_err(), "{at}");
    }
}

#[test]
fn greetings_of_another_time_are_refused() {
    let client = client();
    let limit = MAX_CLOCK_DIFFERENCE.as_secs() as i64;
    for (seconds, accepted) in [
        (0, true),
        (limit, true),
        (-limit, true),
        (limit + 1, false),
        (-limit - 1, false),
        (-1_700_000_000, false),
    ] {
        let now = Duration::from_secs((NOW.as_secs() as i64 + seconds) as u64);
        let result = greeted(&KEY, client.greeting(), now);
        if accepted {
            assert!(result.unwrap().is_some());
        } else {
            let difference = -seconds;
            assert_eq!(result, Err(Error::Clock { difference }));
        }
    }
}

#[test]
fn any_changed_byte_of_the_answer_is_noticed() {
    let (_, length) = answered();
    for at in 0..length.len() {
        let (mut client, mut answer) = answered();
        if at >= answer.len() {
            break;
        }
        answer[at] ^= 0x01;
        answer.extend([0; 8192]);
        assert!(client.receive(&answer).is_err(), "{at}");
    }
}

#[test]
fn servers_that_are_no_proxy_are_told_apart() {
    let error = |answer: &[u8]| client().receive(answer).unwrap_err();
    // A real TLS 1.2 server goes on with its certificate, a real TLS 1.3 one can't know the secret.
    let hello = [&[22, 3, 3, 0, 4][..], b"\x02\0\0\0"].concat();
    assert_eq!(
        error(&[&hello[..], &[22, 3, 3, 0, 4]].concat()),
        Error::Secret
    );
    let (_, other) = answered();
    assert_eq!(error(&other), Error::Secret);
    assert_eq!(
        error(&[21, 3, 1, 0, 2, 2, 40]),
        Error::Alert { description: 40 }
    );
    assert_eq!(
        error(b"HTTP/1.1 400 Bad Request"),
        Error::NotTls { first: b'H' }
    );
    assert_eq!(
        error(&[22, 3, 3, 0xff, 0xff]),
        Error::Length { bytes: 0xffff }
    );
    assert_eq!(error(&[22, 3, 3, 0, 0]), Error::Length { bytes: 0 });
    assert!(error(b"x").to_string().contains("`ee` secret"));
}

#[test]
fn clients_that_do_not_speak_tls_are_refused() {
    for (bytes, error) in [
        (&b"GET / HTTP/1.1"[..], Error::NotTls { first: b'G' }),
        (&[22, 3, 1, 0x20, 0], Error::Length { bytes: 0x2000 }),
        (&[22, 3, 1, 0, 1, 1], Error::Secret),
        (&[22, 3, 1, 0, 1, 2], Error::Secret),
    ] {
        assert_eq!(greeted(&KEY, bytes, NOW), Err(error));
    }
}

#[test]
fn records_begin_with_a_change_of_ciphers_and_have_at_most_16_kib() {
    let mut out = Vec::new();
    let mut records = Records::client();
    records.wrap(&vec![7; MAX_CONTENT + 1], &mut out);
    assert_eq!(out[..11], [20, 3, 3, 0, 1, 1, 23, 3, 3, 0x40, 0]);
    assert_eq!(out[11 + MAX_CONTENT..], [23, 3, 3, 0, 1, 7]);
    out.clear();
    records.wrap(b"x", &mut out);
    assert_eq!(out, [23, 3, 3, 0, 1, b'x']);
}

#[test]
fn records_that_have_no_place_in_the_stream_end_it() {
    for (record, error) in [
        (&[22, 3, 3, 0, 1][..], Error::Record { kind: 22 }),
        (&[21, 3, 3, 0, 2, 1, 0], Error::Alert { description: 0 }),
        (&[23, 3, 3, 0, 0], Error::Length { bytes: 0 }),
        (&[23, 3, 3, 0x41, 1], Error::Length { bytes: 0x4101 }),
        (&[20, 3, 3, 0, 2], Error::Length { bytes: 2 }),
    ] {
        let mut out = Vec::new();
        assert_eq!(Records::server().unwrap(record, &mut out), Err(error));
        let mut client = transport::Client::new(Kind::Abridged).within_tls();
        client.feed(record);
        assert_eq!(client.next_frame(), Err(transport::Error::Tls(error)));
        assert_eq!(client.next_frame(), Err(transport::Error::Tls(error)));
    }
}

proptest! {
    #[test]
    fn frames_arrive_through_records_in_any_portions(
        blocks in proptest::collection::vec(0usize..3000, 1..5),
        portion in 1usize..3000,
    ) {
        let obfuscation = Obfuscation { secret: Some(KEY), dc: -2 };
        let kind = Kind::PaddedIntermediate;
        let mut client =
            transport::Client::obfuscated(kind, &obfuscation, &mut OsRandom).unwrap().within_tls();
        let mut server = transport::Server::new(Some(KEY), DEFAULT_MAX_FRAME).within_tls();
        let frames: Vec<_> = blocks.iter().map(|blocks| vec![0x5a; 24 + 16 * blocks]).collect();
        let expected: Vec<_> = frames
            .iter()
            .map(|bytes| Frame::Payload { bytes: bytes.clone().into(), quick_ack: false })
            .collect();

        let mut out = Vec::new();
        for frame in &frames {
            client.send(frame, false, &mut OsRandom, &mut out).unwrap();
        }
        prop_assert_eq!(&out[..CHANGE_CIPHER_SPEC.len()], &CHANGE_CIPHER_SPEC[..]);
        let mut received = Vec::new();
        for portion in out.chunks(portion) {
            server.feed(portion);
            while let Some(frame) = server.next_frame().unwrap() {
                received.push(frame);
            }
        }
        prop_assert_eq!(&received, &expected);
        prop_assert_eq!(server.obfuscated_dc(), Some(-2));

        let mut out = Vec::new();
        for frame in &frames {
            server.send(frame, &mut OsRandom, &mut out).unwrap();
        }
        let mut received = Vec::new();
        for portion in out.chunks(portion) {
            client.feed(portion);
            while let Some(frame) = client.next_frame().unwrap() {
                received.push(frame);
            }
        }
        prop_assert_eq!(&received, &expected);
    }

    #[test]
    fn any_bytes_are_a_greeting_records_or_an_error(
        start in proptest::sample::select(vec![vec![], vec![22, 3, 3, 0], vec![23, 3, 3], vec![21]]),
        rest in proptest::collection::vec(any::<u8>(), 0..600),
    ) {
        let bytes = [start, rest].concat();
        let _ = client().receive(&bytes);
        let _ = greeted(&KEY, &bytes, NOW);
        let mut out = Vec::new();
        let _ = Records::client().unwrap(&bytes, &mut out);
        prop_assert!(out.len() <= bytes.len());
    }
}

#[test]
fn a_constant_source_of_randomness_makes_a_greeting_all_the_same() {
    let mut zeros = |bytes: &mut [u8]| bytes.fill(0);
    let random: &mut dyn Random = &mut zeros;
    assert_eq!(hello::client(DOMAIN, random).len(), 517);
}
