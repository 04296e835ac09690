//! The primitives that hand-written messages stand on.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::float_cmp,
    reason = "tests"
)]

use madeline_tl::wire::{BOOL_TRUE, ReadError, Reader, TooLong, VECTOR, Writer};

fn written(write: impl FnOnce(&mut Writer<'_>)) -> Vec<u8> {
    let mut out = Vec::new();
    write(&mut Writer::new(&mut out));
    out
}

#[test]
fn numbers_are_little_endian() {
    let bytes = written(|writer| {
        writer.int(-2);
        writer.long(i64::MIN);
        writer.double(1.5);
        writer.id(0x1234_5678);
        writer.bool(true);
        writer.raw(&[7; 16]);
    });
    assert_eq!(&bytes[..4], [0xfe, 0xff, 0xff, 0xff]);
    let mut reader = Reader::new(&bytes);
    assert_eq!(reader.int(), Ok(-2));
    assert_eq!(reader.long(), Ok(i64::MIN));
    assert_eq!(reader.double(), Ok(1.5));
    assert_eq!(reader.peek_id(), Ok(0x1234_5678));
    assert_eq!(reader.id(), Ok(0x1234_5678));
    assert_eq!(reader.expect_id(BOOL_TRUE), Ok(()));
    assert_eq!(reader.since(reader.position() - 4), BOOL_TRUE.to_le_bytes());
    assert_eq!(reader.array(), Ok([7_u8; 16]));
    assert_eq!(reader.finish(), Ok(()));
}

#[test]
fn a_short_input_says_what_was_wanted() {
    let mut reader = Reader::new(&[1, 2, 3]);
    assert_eq!(reader.int(), Err(ReadError::End { wanted: 4, left: 3 }));
    assert_eq!(reader.long(), Err(ReadError::End { wanted: 8, left: 3 }));
    assert_eq!(reader.raw(4), Err(ReadError::End { wanted: 4, left: 3 }));
    assert_eq!(reader.finish(), Err(ReadError::Trailing { left: 3 }));
    // Nothing was consumed.
    assert_eq!(reader.raw(3), Ok(&[1, 2, 3][..]));
}

#[test]
fn another_constructor_is_left_unread() {
    let bytes = written(|writer| writer.id(5));
    let mut reader = Reader::new(&bytes);
    assert_eq!(
        reader.expect_id(6),
        Err(ReadError::Constructor {
            wanted: 6,
            found: 5
        })
    );
    assert_eq!(reader.expect_id(5), Ok(()));
}

#[test]
fn strings_of_every_length_are_padded_to_four() {
    for length in (0..600).chain([65_535, 65_536, 0xff_ffff]) {
        let text = vec![0x5a; length];
        let bytes = written(|writer| writer.bytes(&text).unwrap());
        assert_eq!(bytes.len() % 4, 0);
        assert_eq!(bytes[0], if length < 254 { length as u8 } else { 254 });
        let mut reader = Reader::new(&bytes);
        assert_eq!(reader.bytes(), Ok(&text[..]));
        assert_eq!(reader.finish(), Ok(()));
    }
    let mut out = vec![9];
    let error = Writer::new(&mut out).bytes(&vec![0; 0x100_0000]);
    assert_eq!(error, Err(TooLong { length: 0x100_0000 }));
    assert_eq!(out, [9]);
}

#[test]
fn strings_end_within_the_input() {
    assert_eq!(Reader::new(&[3, b'a', b'b', b'c']).bytes(), Ok(&b"abc"[..]));
    // The long form of a short string is read, too.
    assert_eq!(
        Reader::new(&[254, 1, 0, 0, b'a', 0, 0, 0]).bytes(),
        Ok(&b"a"[..])
    );
    assert_eq!(
        Reader::new(&[3, b'a', b'b']).bytes(),
        Err(ReadError::End { wanted: 3, left: 2 })
    );
    assert_eq!(
        Reader::new(&[1, b'a', 0]).bytes(),
        Err(ReadError::End { wanted: 2, left: 1 })
    );
    assert_eq!(
        Reader::new(&[254, 0xff, 0xff, 0xff]).bytes(),
        Err(ReadError::End {
            wanted: 0xff_ffff,
            left: 0
        })
    );
    assert_eq!(Reader::new(&[255; 300]).bytes(), Err(ReadError::Length));
    assert_eq!(
        Reader::new(&[]).bytes(),
        Err(ReadError::End { wanted: 1, left: 0 })
    );
}

#[test]
fn counts_are_bounded_by_the_input() {
    let vector = |count: u32| {
        written(|writer| {
            writer.vector(count);
            writer.raw(&[0; 16]);
        })
    };
    assert_eq!(Reader::new(&vector(2)).vector(8), Ok(2));
    assert_eq!(
        Reader::new(&vector(3)).vector(8),
        Err(ReadError::Count { claimed: 3 })
    );
    assert_eq!(Reader::new(&vector(16)).vector(0), Ok(16));
    assert_eq!(
        Reader::new(&vector(u32::MAX)).vector(0),
        Err(ReadError::Count { claimed: u32::MAX })
    );
    assert_eq!(
        Reader::new(&[0; 8]).vector(4),
        Err(ReadError::Constructor {
            wanted: VECTOR,
            found: 0
        })
    );
    assert_eq!(Reader::new(&vector(2)[4..]).count(8), Ok(2));
}

#[test]
fn a_word_can_be_patched_once_it_is_written() {
    let mut out = Vec::new();
    let mut writer = Writer::new(&mut out);
    writer.id(1);
    let position = writer.position();
    writer.id(2);
    writer.patch(position, 7);
    writer.patch(position + 1, 8);
    assert_eq!(out, [1, 0, 0, 0, 7, 0, 0, 0]);
}
