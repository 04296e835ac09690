#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use grammers_crypto::DequeBuffer;
use proptest::prelude::*;

use super::seal::seal;
use super::*;
use crate::AuthKey;
use crate::wire::Write;

fn key() -> AuthKey {
    AuthKey::from_bytes(std::array::from_fn(|index| (index * 7 + 3) as u8))
}

fn header() -> Header {
    Header {
        salt: 11,
        session_id: -22,
        msg_id: MsgId(0x6543_2100_0000_0004),
        seq_no: 7,
    }
}

fn counting() -> impl FnMut(&mut [u8]) {
    let mut next = 0u8;
    move |bytes| {
        for byte in bytes {
            next = next.wrapping_mul(31).wrapping_add(17);
            *byte = next;
        }
    }
}

/// A message with an inner header and padding of our choosing, sealed correctly.
fn sealed_with(announced: i32, body_and_padding: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    bytes.long(key().id());
    bytes.raw(&[0; 16]);
    bytes.long(11);
    bytes.long(-22);
    bytes.long(4);
    bytes.int(1);
    bytes.int(announced);
    bytes.resize(OUTER_HEADER + INNER_HEADER + body_and_padding, 0);
    seal(&key(), Side::Server, bytes).bytes
}

fn open(frame: &[u8]) -> Result<Opened, Error> {
    decrypt(&key(), Side::Server, frame)
}

proptest! {
    #[test]
    fn what_is_encrypted_is_decrypted(body in proptest::collection::vec(any::<u8>(), 0..300), server: bool) {
        let body = &body[..body.len() / 4 * 4];
        let writer = if server { Side::Server } else { Side::Client };
        let sealed = encrypt(&key(), writer, header(), body, &mut counting());
        let opened = decrypt(&key(), writer, &sealed.bytes).unwrap();
        prop_assert_eq!(opened.header, header());
        prop_assert_eq!(&opened.body[..], body);
        prop_assert_eq!(opened.quick_ack, sealed.quick_ack);
        prop_assert!(opened.quick_ack >= 1 << 31);
    }

    #[test]
    fn grammers_reads_what_a_server_encrypts(words in 0usize..100) {
        let body = vec![0x5a; words * 4];
        let mut frame = encrypt(&key(), Side::Server, header(), &body, &mut counting()).bytes;
        let theirs = grammers_crypto::AuthKey::from_bytes(*key().as_bytes());
        let plaintext = grammers_crypto::decrypt_data_v2(&mut frame, &theirs).unwrap();
        prop_assert_eq!(&plaintext[..8], 11i64.to_le_bytes());
        prop_assert_eq!(&plaintext[32..32 + body.len()], body);
    }

    #[test]
    fn what_grammers_encrypts_is_decrypted(words in 0usize..100) {
        let body = vec![0xa5; words * 4];
        let mut buffer = DequeBuffer::with_capacity(0, 0);
        buffer.extend(11i64.to_le_bytes());
        buffer.extend((-22i64).to_le_bytes());
        buffer.extend(0x6543_2100_0000_0004i64.to_le_bytes());
        buffer.extend(7i32.to_le_bytes());
        buffer.extend((body.len() as i32).to_le_bytes());
        buffer.extend(&body);
        grammers_crypto::encrypt_data_v2(&mut buffer, &grammers_crypto::AuthKey::from_bytes(*key().as_bytes()));
        let opened = decrypt(&key(), Side::Client, buffer.as_ref()).unwrap();
        prop_assert_eq!(opened.header, header());
        prop_assert_eq!(opened.body, body);
    }

    #[test]
    fn any_bytes_are_an_error(mut frame in proptest::collection::vec(any::<u8>(), 0..400), with_key_id: bool) {
        if with_key_id && frame.len() >= 8 {
            frame[..8].copy_from_slice(&key().id().to_le_bytes());
        }
        prop_assert!(decrypt(&key(), Side::Server, &frame).is_err());
    }
}

#[test]
fn any_changed_bit_is_noticed() {
    let sealed = encrypt(&key(), Side::Server, header(), &[1; 40], &mut counting());
    for index in 0..sealed.bytes.len() {
        let mut frame = sealed.bytes.clone();
        frame[index] ^= 0x10;
        let error = open(&frame).unwrap_err();
        match index {
            0..8 => assert!(
                matches!(error, Error::AuthKeyId { .. }),
                "byte {index}: {error}"
            ),
            _ => assert_eq!(error, Error::MsgKey, "byte {index}"),
        }
    }
}

#[test]
fn a_message_is_not_accepted_from_the_side_that_reads_it() {
    let sealed = encrypt(&key(), Side::Client, header(), &[1; 40], &mut counting());
    assert_eq!(
        decrypt(&key(), Side::Server, &sealed.bytes),
        Err(Error::MsgKey)
    );
}

#[test]
fn a_message_of_another_key_is_refused() {
    let other = AuthKey::from_bytes([9; 256]);
    let sealed = encrypt(&other, Side::Server, header(), &[], &mut counting());
    assert_eq!(
        open(&sealed.bytes),
        Err(Error::AuthKeyId {
            got: other.id(),
            expected: key().id()
        })
    );
}

#[test]
fn frames_of_impossible_length_are_refused() {
    let sealed = encrypt(&key(), Side::Server, header(), &[1; 40], &mut counting()).bytes;
    for len in 0..sealed.len() {
        let whole_blocks = len >= 72 && (len - 24) % 16 == 0;
        let expected = if whole_blocks {
            Error::MsgKey
        } else {
            Error::FrameLength { bytes: len }
        };
        assert_eq!(open(&sealed[..len]), Err(expected));
    }
    assert!(open(&sealed).is_ok());
}

#[test]
fn the_inner_length_has_to_fit() {
    assert!(open(&sealed_with(16, 32)).is_ok());
    for announced in [-4, i32::MIN, 36, i32::MAX, 6] {
        assert_eq!(
            open(&sealed_with(announced, 32)),
            Err(Error::DataLength {
                announced,
                available: 32
            })
        );
    }
}

#[test]
fn padding_is_12_to_1024_bytes() {
    assert!(open(&sealed_with(20, 32)).is_ok());
    assert_eq!(open(&sealed_with(24, 32)), Err(Error::Padding { bytes: 8 }));
    assert_eq!(open(&sealed_with(32, 32)), Err(Error::Padding { bytes: 0 }));
    assert!(open(&sealed_with(0, 1024)).is_ok());
    assert_eq!(
        open(&sealed_with(12, 1040)),
        Err(Error::Padding { bytes: 1028 })
    );
}

#[test]
fn a_message_of_another_session_is_refused() {
    assert_eq!(checks::session_id(5, 5), Ok(()));
    assert_eq!(
        checks::session_id(5, 6),
        Err(Error::SessionId {
            got: 5,
            expected: 6
        })
    );
}

#[test]
fn each_side_has_its_own_message_ids() {
    use crate::message_id::Origin;
    for (id, client, server) in [
        (4, Some(Origin::Client), None),
        (5, None, Some(Origin::ServerAnswer)),
        (6, None, None),
        (7, None, Some(Origin::ServerNotice)),
    ] {
        assert_eq!(checks::origin(MsgId(id), Side::Client).ok(), client);
        assert_eq!(checks::origin(MsgId(id), Side::Server).ok(), server);
    }
}

#[test]
fn plain_messages_are_read_as_written() {
    let frame = plain::write(MsgId(8), &[1, 2, 3, 4]);
    assert_eq!(auth_key_id(&frame), Some(0));
    assert_eq!(
        plain::read(&frame),
        Ok(plain::Message {
            msg_id: MsgId(8),
            body: &[1, 2, 3, 4]
        })
    );
}

#[test]
fn plain_messages_with_a_wrong_length_or_key_are_refused() {
    let frame = plain::write(MsgId(8), &[1, 2, 3, 4]);
    for len in 0..20 {
        assert_eq!(
            plain::read(&frame[..len]),
            Err(Error::FrameLength { bytes: len })
        );
    }
    assert_eq!(
        plain::read(&frame[..20]),
        Err(Error::DataLength {
            announced: 4,
            available: 0
        })
    );
    let mut longer = frame.clone();
    longer.extend([0; 4]);
    assert_eq!(
        plain::read(&longer),
        Err(Error::DataLength {
            announced: 4,
            available: 8
        })
    );
    let mut with_key = frame;
    with_key[0] = 1;
    assert_eq!(
        plain::read(&with_key),
        Err(Error::AuthKeyId {
            got: 1,
            expected: 0
        })
    );
}

#[test]
fn several_messages_are_encrypted_as_each_alone() {
    let bodies: Vec<Vec<u8>> = (0..20).map(|words| vec![words as u8; words * 12]).collect();
    let messages: Vec<(Header, &[u8])> = bodies
        .iter()
        .zip(0..)
        .map(|(body, seq_no)| (Header { seq_no, ..header() }, body.as_slice()))
        .collect();
    let mut random = counting();
    let alone: Vec<Sealed> = messages
        .iter()
        .map(|(header, body)| encrypt(&key(), Side::Client, *header, body, &mut random))
        .collect();
    let together = encrypt_all(&key(), Side::Client, &messages, &mut counting());
    assert_eq!(together, alone);
}

#[test]
fn several_frames_are_decrypted_as_each_alone() {
    let frames: Vec<Vec<u8>> = (0..20)
        .map(|number| {
            let mut random = counting();
            let body = vec![number; usize::from(number) * 12];
            let mut frame = encrypt(&key(), Side::Server, header(), &body, &mut random).bytes;
            match number % 5 {
                // Not its own msg_key, another auth_key_id, half a block more.
                2 => frame[20] ^= 1,
                3 => frame[0] ^= 1,
                4 => frame.extend([0; 8]),
                _ => {}
            }
            frame
        })
        .collect();
    let alone: Vec<_> = frames.iter().map(|frame| open(frame)).collect();
    assert_eq!(alone.iter().flatten().count(), 8);
    let frames = frames.into_iter().map(Bytes::from);
    assert_eq!(decrypt_all(&key(), Side::Server, frames), alone);
}

#[test]
fn the_body_is_a_part_of_the_frame_it_came_in() {
    let frame = encrypt(&key(), Side::Server, header(), &[1; 40], &mut counting()).bytes;
    let place = frame.as_ptr_range();
    let opened = decrypt_in_place(&key(), Side::Server, frame).unwrap();
    assert_eq!(opened.body, [1; 40].as_slice());
    assert!(place.contains(&opened.body.as_ptr()));
}
