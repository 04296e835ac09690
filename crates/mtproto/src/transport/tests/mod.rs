#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod obfuscation;

use proptest::prelude::*;

use super::*;
use crate::Random;

const KINDS: [Kind; 4] = [
    Kind::Abridged,
    Kind::Intermediate,
    Kind::PaddedIntermediate,
    Kind::Full,
];
const OBFUSCATED: [Kind; 3] = [Kind::Abridged, Kind::Intermediate, Kind::PaddedIntermediate];
const SECRET: [u8; 16] = [0x5e; 16];

/// Bytes that differ from each other, the same in each run.
fn counting() -> impl Random {
    let mut next = 1u8;
    move |bytes: &mut [u8]| {
        for byte in bytes {
            next = next.wrapping_mul(41).wrapping_add(83);
            *byte = next;
        }
    }
}

/// An encrypted envelope as far as transports can see.
fn envelope(blocks: usize) -> Vec<u8> {
    let mut bytes = vec![0x5a; 24 + 16 * blocks];
    bytes[0] = blocks as u8;
    bytes
}

fn payload(bytes: Vec<u8>) -> Frame {
    Frame::Payload {
        bytes: bytes.into(),
        quick_ack: false,
    }
}

fn server() -> Server {
    Server::new(None, DEFAULT_MAX_FRAME)
}

fn take_all(mut next: impl FnMut() -> Result<Option<Frame>, Error>) -> Vec<Frame> {
    std::iter::from_fn(|| next().unwrap()).collect()
}

/// A connected pair: the server knows what the client speaks.
fn connected(kind: Kind) -> (Client, Server) {
    let (mut client, mut server) = (Client::new(kind), server());
    let mut out = Vec::new();
    client
        .send(&envelope(3), false, &mut counting(), &mut out)
        .unwrap();
    server.feed(&out);
    assert_eq!(server.next_frame(), Ok(Some(payload(envelope(3)))));
    assert_eq!(server.kind(), Some(kind));
    (client, server)
}

/// Feeds the bytes in portions of these sizes, over and over, and takes what is whole after each.
fn in_portions(
    bytes: &[u8],
    sizes: &[usize],
    mut feed: impl FnMut(&[u8]) -> Vec<Frame>,
) -> Vec<Frame> {
    let mut sizes = sizes.iter().cycle();
    let (mut rest, mut frames) = (bytes, Vec::new());
    while !rest.is_empty() {
        let (portion, after) = rest.split_at(rest.len().min(*sizes.next().unwrap()));
        frames.extend(feed(portion));
        rest = after;
    }
    frames
}

proptest! {
    #[test]
    fn frames_arrive_in_any_portions(
        kind in proptest::sample::select(&KINDS[..]),
        obfuscated: bool,
        blocks in proptest::collection::vec(0usize..40, 1..8),
        sizes in proptest::collection::vec(1usize..200, 1..8),
    ) {
        let mut random = counting();
        let mut client = if obfuscated && kind != Kind::Full {
            Client::obfuscated(kind, &Obfuscation { secret: None, dc: 2 }, &mut random).unwrap()
        } else {
            Client::new(kind)
        };
        let mut server = server();
        let expected: Vec<_> = blocks.iter().map(|&blocks| payload(envelope(blocks))).collect();

        let mut out = Vec::new();
        for &blocks in &blocks {
            client.send(&envelope(blocks), false, &mut random, &mut out).unwrap();
        }
        let frames = in_portions(&out, &sizes, |portion| {
            server.feed(portion);
            take_all(|| server.next_frame())
        });
        prop_assert_eq!(&frames, &expected);
        prop_assert_eq!(server.kind(), Some(kind));

        let mut out = Vec::new();
        for &blocks in &blocks {
            server.send(&envelope(blocks), &mut random, &mut out).unwrap();
        }
        let frames = in_portions(&out, &sizes, |portion| {
            client.feed(portion);
            take_all(|| client.next_frame())
        });
        prop_assert_eq!(&frames, &expected);
    }

    #[test]
    fn any_bytes_are_frames_or_an_error(
        bytes in proptest::collection::vec(any::<u8>(), 0..300),
        kind in proptest::sample::select(&KINDS[..]),
        sizes in proptest::collection::vec(1usize..50, 1..4),
    ) {
        let (mut client, _) = connected(kind);
        let mut server = server();
        for portion in bytes.chunks(sizes[0]) {
            client.feed(portion);
            while let Ok(Some(_)) = client.next_frame() {}
            server.feed(portion);
            while let Ok(Some(_)) = server.next_frame() {}
        }
    }
}

#[test]
fn transports_begin_and_delimit_frames_as_documented() {
    let mut out = Vec::new();
    let mut client = Client::new(Kind::Abridged);
    client
        .send(&[1, 2, 3, 4], false, &mut counting(), &mut out)
        .unwrap();
    client
        .send(&[0; 508], false, &mut counting(), &mut out)
        .unwrap();
    assert_eq!(out[..10], [0xef, 1, 1, 2, 3, 4, 0x7f, 127, 0, 0]);
    assert_eq!(out.len(), 10 + 508);

    let mut out = Vec::new();
    let mut client = Client::new(Kind::Intermediate);
    client
        .send(&[1, 2, 3, 4], false, &mut counting(), &mut out)
        .unwrap();
    client
        .send(&[5, 6, 7, 8], true, &mut counting(), &mut out)
        .unwrap();
    assert_eq!(
        out,
        [
            0xee, 0xee, 0xee, 0xee, 4, 0, 0, 0, 1, 2, 3, 4, 4, 0, 0, 0x80, 5, 6, 7, 8
        ]
    );

    let mut out = Vec::new();
    Client::new(Kind::PaddedIntermediate)
        .send(&[1, 2, 3, 4], false, &mut counting(), &mut out)
        .unwrap();
    assert_eq!(out[..4], [0xdd; 4]);
    let padding = out.len() - 12;
    assert_eq!(out[4..8], (4 + padding as u32).to_le_bytes());
    assert!(padding < 16);

    let mut out = Vec::new();
    let mut client = Client::new(Kind::Full);
    client
        .send(&[1, 2, 3, 4], false, &mut counting(), &mut out)
        .unwrap();
    client
        .send(&[1, 2, 3, 4], false, &mut counting(), &mut out)
        .unwrap();
    assert_eq!(out[..12], [16, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4]);
    assert_eq!(out[12..16], crc32fast::hash(&out[..12]).to_le_bytes());
    assert_eq!(out[20..24], 1u32.to_le_bytes());
}

#[test]
fn each_side_pads_differently_and_the_padding_is_taken_off() {
    // Plain envelopes say their length; the padding of encrypted ones is what exceeds the cipher's blocks.
    let plain = crate::envelope::plain::write(crate::MsgId(4), &[1; 40]);
    let encrypted = envelope(5);
    for choice in 0..16 {
        for bytes in [&plain, &encrypted] {
            let mut out = Vec::new();
            let mut random = |bytes: &mut [u8]| bytes.fill(choice);
            Client::new(Kind::PaddedIntermediate)
                .send(bytes, false, &mut random, &mut out)
                .unwrap();
            assert_eq!(out.len(), 8 + bytes.len() + usize::from(choice));
            let mut server = server();
            server.feed(&out);
            assert_eq!(server.next_frame(), Ok(Some(payload(bytes.clone()))));
        }
    }
}

#[test]
fn quick_acknowledgements_are_asked_for_and_given() {
    for kind in OBFUSCATED {
        let (mut client, mut server) = connected(kind);
        let mut out = Vec::new();
        client
            .send(&envelope(1), true, &mut counting(), &mut out)
            .unwrap();
        client
            .send(&envelope(40), true, &mut counting(), &mut out)
            .unwrap();
        server.feed(&out);
        assert_eq!(
            server.next_frame(),
            Ok(Some(Frame::Payload {
                bytes: envelope(1).into(),
                quick_ack: true
            }))
        );
        assert_eq!(
            server.next_frame(),
            Ok(Some(Frame::Payload {
                bytes: envelope(40).into(),
                quick_ack: true
            }))
        );

        let mut out = Vec::new();
        server.send_quick_ack(0x8123_4567, &mut out).unwrap();
        server
            .send(&envelope(1), &mut counting(), &mut out)
            .unwrap();
        client.feed(&out);
        assert_eq!(
            client.next_frame(),
            Ok(Some(Frame::QuickAck(0x8123_4567))),
            "{kind:?}"
        );
        assert_eq!(client.next_frame(), Ok(Some(payload(envelope(1)))));
    }
}

#[test]
fn the_full_transport_has_no_quick_acknowledgements() {
    let (mut client, mut server) = connected(Kind::Full);
    let mut out = Vec::new();
    assert_eq!(
        client.send(&envelope(1), true, &mut counting(), &mut out),
        Err(Error::NotInFullTransport)
    );
    assert_eq!(
        server.send_quick_ack(1, &mut out),
        Err(Error::NotInFullTransport)
    );
    assert!(out.is_empty());
}

#[test]
fn transport_errors_reach_the_client() {
    for kind in KINDS {
        for code in [
            error_code::NOT_FOUND,
            error_code::FLOOD,
            error_code::INVALID_DC,
        ] {
            let (mut client, mut server) = connected(kind);
            let mut out = Vec::new();
            server.send_error(code, &mut counting(), &mut out).unwrap();
            client.feed(&out);
            assert_eq!(
                client.next_frame(),
                Ok(Some(Frame::Error(code))),
                "{kind:?}"
            );
            assert_eq!(client.next_frame(), Ok(None));
        }
    }
}

#[test]
fn a_server_that_knows_no_transport_yet_can_not_send() {
    let mut out = Vec::new();
    assert_eq!(
        server().send(&envelope(1), &mut counting(), &mut out),
        Err(Error::TransportNotKnownYet)
    );
    assert_eq!(
        server().send_error(-404, &mut counting(), &mut out),
        Err(Error::TransportNotKnownYet)
    );
    assert_eq!(
        server().send_quick_ack(1, &mut out),
        Err(Error::TransportNotKnownYet)
    );
}

#[test]
fn other_protocols_are_refused_at_their_first_word() {
    for first in [b"GET ", b"POST", b"HEAD", b"OPTI", b"\x16\x03\x01\x02"] {
        let mut server = server();
        server.feed(first);
        assert_eq!(
            server.next_frame(),
            Err(Error::UnknownTransport { first: *first })
        );
        // And stay refused.
        server.feed(&[0xef; 100]);
        assert_eq!(
            server.next_frame(),
            Err(Error::UnknownTransport { first: *first })
        );
    }
    let mut server = server();
    server.feed(b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u7 and then some more bytes, 64 in all");
    assert_eq!(
        server.next_frame(),
        Err(Error::UnknownTransport { first: *b"SSH-" })
    );
}

#[test]
fn frames_beyond_the_limit_are_refused_before_they_arrive() {
    let limit = 1024;
    for (kind, announced) in [
        (Kind::Abridged, vec![0x7f, 1, 1, 0]),
        (Kind::Intermediate, 1028u32.to_le_bytes().to_vec()),
        (Kind::PaddedIntermediate, 1040u32.to_le_bytes().to_vec()),
        (Kind::Full, 1040u32.to_le_bytes().to_vec()),
    ] {
        let mut client = Client::new(kind).with_max_frame(limit);
        client.feed(&announced);
        assert!(
            matches!(client.next_frame(), Err(Error::Length { limit: 1024, .. })),
            "{kind:?}"
        );
        // The stream stays closed.
        client.feed(&[0; 100]);
        assert!(
            matches!(client.next_frame(), Err(Error::Length { limit: 1024, .. })),
            "{kind:?}"
        );
    }
}

#[test]
fn lengths_that_are_no_whole_words_are_refused() {
    for (kind, announced) in [
        (Kind::Abridged, vec![0]),
        (Kind::Intermediate, vec![0, 0, 0, 0]),
        (Kind::Intermediate, vec![6, 0, 0, 0]),
        (Kind::PaddedIntermediate, vec![3, 0, 0, 0]),
        (Kind::Full, vec![12, 0, 0, 0]),
        (Kind::Full, vec![18, 0, 0, 0]),
    ] {
        let mut client = Client::new(kind);
        client.feed(&announced);
        assert!(
            matches!(client.next_frame(), Err(Error::Length { .. })),
            "{kind:?} {announced:?}"
        );
    }
    let mut out = Vec::new();
    for kind in KINDS {
        for bytes in [0, 3, 21] {
            let error = Client::new(kind).send(&vec![0; bytes], false, &mut counting(), &mut out);
            assert!(
                matches!(error, Err(Error::Length { .. })),
                "{kind:?} {bytes}"
            );
        }
    }
    assert!(out.is_empty());
}

#[test]
fn damaged_and_reordered_full_frames_are_refused() {
    let frames = {
        let (mut client, mut frames) = (Client::new(Kind::Full), Vec::new());
        for blocks in 1..3 {
            let mut out = Vec::new();
            client
                .send(&envelope(blocks), false, &mut counting(), &mut out)
                .unwrap();
            frames.push(out);
        }
        frames
    };
    let mut damaged = frames[0].clone();
    damaged[20] ^= 1;
    let mut server = server();
    server.feed(&damaged);
    assert!(matches!(server.next_frame(), Err(Error::Checksum { .. })));

    let mut client = Client::new(Kind::Full);
    client.feed(&frames[1]);
    assert_eq!(
        client.next_frame(),
        Err(Error::Sequence {
            got: 1,
            expected: 0
        })
    );

    let mut client = Client::new(Kind::Full);
    client.feed(&frames[0]);
    assert_eq!(client.next_frame(), Ok(Some(payload(envelope(1)))));
    client.feed(&frames[0]);
    assert_eq!(
        client.next_frame(),
        Err(Error::Sequence {
            got: 0,
            expected: 1
        })
    );
}

#[test]
fn a_large_frame_that_comes_in_small_pieces_takes_no_more_room_with_each() {
    let mut client = Client::new(Kind::Intermediate);
    client.feed(&(8_u32 << 20).to_le_bytes());
    assert_eq!(client.next_frame(), Ok(None));
    let mut piece = || {
        let mut left = 0;
        let read = client.read(|room| {
            left = room.len();
            Ok::<_, ()>(100)
        });
        assert_eq!(read, Ok(100));
        left
    };
    let first = piece();
    assert!((100_000..=1 << 20).contains(&first));
    for pieces in 1..100 {
        assert_eq!(piece(), first - pieces * 100);
    }
}

#[test]
fn memory_of_large_frames_is_given_back() {
    let mut out = Vec::new();
    Client::new(Kind::Intermediate)
        .send(&vec![1; 4 << 20], false, &mut counting(), &mut out)
        .unwrap();
    let mut inbound = codec::Inbound::default();
    inbound.feed(&out);
    inbound.consume(out.len());
    assert!(inbound.capacity() <= 64 << 10);
}

#[test]
fn secrets_do_not_appear_in_debug_output() {
    let text = format!(
        "{:?}",
        Obfuscation {
            secret: Some(SECRET),
            dc: 2
        }
    );
    assert_eq!(text, r#"Obfuscation { secret: Some("…"), dc: 2 }"#);
}
