//! Streams that look like nothing, and the secrets of proxies.

use super::*;

#[test]
fn obfuscated_streams_carry_the_dc() {
    for (kind, dc) in [
        (Kind::Abridged, 2),
        (Kind::Intermediate, -4),
        (Kind::PaddedIntermediate, 10_003),
    ] {
        let mut client =
            Client::obfuscated(kind, &Obfuscation { secret: None, dc }, &mut counting()).unwrap();
        let mut out = Vec::new();
        client
            .send(&envelope(1), false, &mut counting(), &mut out)
            .unwrap();
        let mut server = server();
        server.feed(&out);
        assert_eq!(server.next_frame(), Ok(Some(payload(envelope(1)))));
        assert_eq!(
            (server.kind(), server.obfuscated_dc()),
            (Some(kind), Some(dc))
        );
    }
}

#[test]
fn obfuscation_without_a_tag_is_an_error() {
    let error = Client::obfuscated(Kind::Full, &Obfuscation::default(), &mut counting()).err();
    assert_eq!(error, Some(Error::NotInFullTransport));
}

#[test]
fn a_constant_source_of_randomness_is_an_error_not_a_hang() {
    let mut zeros = |bytes: &mut [u8]| bytes.fill(0);
    let error = Client::obfuscated(Kind::Abridged, &Obfuscation::default(), &mut zeros).err();
    assert_eq!(error, Some(Error::NotRandom));
}

#[test]
fn a_secret_has_to_be_known_by_both_sides() {
    let stream = |secret| {
        let mut out = Vec::new();
        let obfuscation = Obfuscation { secret, dc: 2 };
        let mut client = Client::obfuscated(Kind::Abridged, &obfuscation, &mut counting()).unwrap();
        client
            .send(&envelope(1), false, &mut counting(), &mut out)
            .unwrap();
        out
    };
    let receive = |secret, bytes: &[u8]| {
        let mut server = Server::new(secret, DEFAULT_MAX_FRAME);
        server.feed(bytes);
        server.next_frame()
    };
    assert_eq!(
        receive(Some(SECRET), &stream(Some(SECRET))),
        Ok(Some(payload(envelope(1))))
    );
    for (theirs, ours) in [
        (Some(SECRET), None),
        (None, Some(SECRET)),
        (Some([1; 16]), Some(SECRET)),
    ] {
        assert!(matches!(
            receive(ours, &stream(theirs)),
            Err(Error::UnknownTransport { .. })
        ));
    }
}

#[test]
fn a_server_with_a_secret_accepts_nothing_without_it() {
    for kind in KINDS {
        let mut out = Vec::new();
        Client::new(kind)
            .send(&envelope(4), false, &mut counting(), &mut out)
            .unwrap();
        let mut server = Server::new(Some(SECRET), DEFAULT_MAX_FRAME);
        server.feed(&out);
        server.feed(&[0; 64]);
        assert!(
            matches!(server.next_frame(), Err(Error::UnknownTransport { .. })),
            "{kind:?}"
        );
    }
}

#[test]
fn obfuscated_headers_avoid_the_beginnings_of_others() {
    let forbidden: Vec<[u8; 8]> = [
        *b"HEADxxxx",
        *b"POSTxxxx",
        *b"GET xxxx",
        *b"OPTIxxxx",
        [0x16, 3, 1, 2, 5, 5, 5, 5],
        [0xee; 8],
        [0xdd; 8],
        [0xef, 1, 2, 3, 4, 5, 6, 7],
        [1, 2, 3, 4, 0, 0, 0, 0],
    ]
    .to_vec();
    let mut draws = forbidden.iter();
    let mut random = |bytes: &mut [u8]| {
        bytes.fill(0x77);
        if let Some(start) = draws.next() {
            bytes[..8].copy_from_slice(start);
        }
    };
    let mut client =
        Client::obfuscated(Kind::Abridged, &Obfuscation::default(), &mut random).unwrap();
    let mut out = Vec::new();
    client
        .send(&envelope(1), false, &mut counting(), &mut out)
        .unwrap();
    assert_eq!(out[..8], [0x77; 8]);
    assert_eq!(draws.next(), None);
}

#[test]
fn obfuscation_is_that_of_grammers() {
    let mut out = Vec::new();
    let obfuscation = Obfuscation {
        secret: None,
        dc: 0,
    };
    let mut client = Client::obfuscated(Kind::Abridged, &obfuscation, &mut counting()).unwrap();
    client
        .send(&envelope(1), false, &mut counting(), &mut out)
        .unwrap();

    // Its cipher is made from the header before the tag was encrypted, whose first 56 bytes are the same.
    let header: [u8; 64] = out[..64].try_into().unwrap();
    let mut cipher = grammers_crypto::ObfuscatedCipher::new(&header);
    let mut plain = out;
    cipher.encrypt(&mut plain);
    assert_eq!(plain[56..60], [0xef; 4]);
    assert_eq!(plain[64], 10);
    assert_eq!(plain[65..], envelope(1));
}
