//! Hostile bytes are an error: no panic, no deep recursion, no allocation by a claimed count.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "tests"
)]

#[path = "support/announced.rs"]
mod announced;
#[path = "../benches/sample.rs"]
mod sample;
mod support;

use std::io::Write;
use std::thread;

use madeline_tl::wire::{GZIP_PACKED, ReadError, VECTOR, Writer};
use madeline_tl::{
    DecodeError, DecodeErrorKind, Decoder, Limits, Schema, Shape, Ty, Value, ValueSink,
    boxed_from_bytes, boxed_to_bytes, from_bytes, object,
};
use support::{Maker, Optionals};

const SHAPES: [Shape; 4] = [Shape::Raw, Shape::V8, Shape::V7, Shape::V4];

fn decode(shape: Shape, bytes: &[u8]) -> Result<Value, DecodeError> {
    Decoder::new(Schema::api(), shape)
        .decode(Ty::Object, bytes, &mut ValueSink)
        .map(|(value, _)| value)
}

/// Runs on a stack of 512 KiB, as the decoder promises to get by with.
fn on_a_small_stack(test: impl FnOnce() + Send + 'static) {
    thread::Builder::new()
        .stack_size(512 << 10)
        .spawn(test)
        .unwrap()
        .join()
        .unwrap();
}

fn text_bolds(count: usize) -> Vec<u8> {
    let schema = Schema::api();
    let mut bytes = schema
        .constructor("textBold")
        .unwrap()
        .id()
        .to_le_bytes()
        .repeat(count);
    bytes.extend(schema.constructor("textEmpty").unwrap().id().to_le_bytes());
    bytes
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    let mut out = Vec::new();
    let mut writer = Writer::new(&mut out);
    writer.id(GZIP_PACKED);
    writer.bytes(&encoder.finish().unwrap()).unwrap();
    out
}

#[test]
fn every_truncation_is_an_error() {
    let schema = Schema::api();
    let mut maker = Maker::new(schema);
    let samples = [
        "message",
        "user",
        "channelFull",
        "updates",
        "photo",
        "jsonObject",
        "pageBlockTable",
        "decryptedMessage",
    ];
    for definition in samples.iter().filter_map(|name| schema.constructor(name)) {
        let bytes =
            boxed_to_bytes(schema, &maker.make(definition, 11, Optionals::All, false)).unwrap();
        for shape in SHAPES {
            assert!(decode(shape, &bytes).is_ok(), "{definition:?}");
            for length in 0..bytes.len() {
                assert!(
                    decode(shape, &bytes[..length]).is_err(),
                    "{definition:?} cut to {length}"
                );
            }
        }
    }
}

#[test]
fn a_flipped_byte_is_an_error_or_another_value() {
    let bytes = boxed_to_bytes(Schema::api(), &sample::history(5)).unwrap();
    for index in 0..bytes.len() {
        for flip in [0x01, 0x80, 0xff] {
            let mut broken = bytes.clone();
            broken[index] ^= flip;
            for shape in SHAPES {
                drop(decode(shape, &broken));
            }
        }
    }
}

#[test]
fn nesting_beyond_the_limit_is_an_error_on_a_small_stack() {
    on_a_small_stack(|| {
        for shape in SHAPES {
            assert!(decode(shape, &text_bolds(120)).is_ok());
            let error = decode(shape, &text_bolds(250_000)).unwrap_err();
            assert_eq!(error.kind(), &DecodeErrorKind::TooDeep);
        }
    });
}

#[test]
fn nested_vectors_json_and_gzip_reach_the_limit_too() {
    on_a_small_stack(|| {
        let schema = Schema::api();
        let id = |name: &str| schema.constructor(name).unwrap().id().to_le_bytes();
        let mut array = id("jsonArray").to_vec();
        array.extend(VECTOR.to_le_bytes());
        array.extend(1_u32.to_le_bytes());
        let mut member = id("jsonObject").to_vec();
        member.extend(VECTOR.to_le_bytes());
        member.extend(1_u32.to_le_bytes());
        member.extend(id("jsonObjectValue"));
        member.extend([0; 4]);
        for head in [array, member] {
            for shape in SHAPES {
                let nested = |count| [head.repeat(count), id("jsonNull").to_vec()].concat();
                assert!(decode(shape, &nested(30)).is_ok());
                assert_eq!(
                    decode(shape, &nested(100_000)).unwrap_err().kind(),
                    &DecodeErrorKind::TooDeep
                );
            }
        }
        let mut packed = id("jsonNull").to_vec();
        for _ in 0..100 {
            packed = gzip(&packed);
        }
        assert!(decode(Shape::V8, &packed).is_ok());
        for _ in 0..100 {
            packed = gzip(&packed);
        }
        assert_eq!(
            decode(Shape::V8, &packed).unwrap_err().kind(),
            &DecodeErrorKind::TooDeep
        );
    });
}

#[test]
fn deep_json_text_is_null() {
    on_a_small_stack(|| {
        let schema = Schema::api();
        let json = |depth| object!("dataJSON", data: "[".repeat(depth) + &"]".repeat(depth));
        let shallow = boxed_to_bytes(schema, &json(100)).unwrap();
        assert!(matches!(
            decode(Shape::V8, &shallow).unwrap(),
            Value::List(_)
        ));
        let deep = boxed_to_bytes(schema, &json(100_000)).unwrap();
        assert_eq!(decode(Shape::V8, &deep).unwrap(), Value::Null);
    });
}

#[test]
fn a_count_is_bounded_by_the_bytes_that_are_left() {
    let schema = Schema::api();
    let ty = schema.ty("Vector<long>").unwrap();
    let vector = |count: u32, items: usize| {
        let mut bytes = VECTOR.to_le_bytes().to_vec();
        bytes.extend(count.to_le_bytes());
        bytes.extend(vec![0; items * 8]);
        bytes
    };
    assert_eq!(
        from_bytes(schema, ty, &vector(3, 3)).unwrap(),
        Value::from(vec![0_i64; 3])
    );
    for count in [4, 0x7fff_ffff, 0xffff_ffff] {
        let error = from_bytes(schema, ty, &vector(count, 3)).unwrap_err();
        assert_eq!(
            error.kind(),
            &DecodeErrorKind::Read(ReadError::Count { claimed: count })
        );
    }
}

#[test]
fn nested_counts_together_announce_no_more_than_the_input_holds() {
    // Arrays within arrays, each claiming as many items as the rest of the input could hold.
    let schema = Schema::api();
    let id = |name: &str| schema.constructor(name).unwrap().id().to_le_bytes();
    let rest = 100_000;
    let mut bytes = Vec::new();
    for _ in 0..50 {
        bytes.extend(id("jsonArray"));
        bytes.extend(VECTOR.to_le_bytes());
        bytes.extend((rest as u32).to_le_bytes());
    }
    bytes.extend(id("jsonNull").repeat(rest));
    for shape in SHAPES {
        let mut sink = announced::Announced::default();
        let error = Decoder::new(schema, shape)
            .decode(Ty::Object, &bytes, &mut sink)
            .unwrap_err();
        assert!(
            matches!(error.kind(), DecodeErrorKind::Read(ReadError::End { .. })),
            "{error}"
        );
        assert!((rest..=bytes.len() / 4).contains(&sink.items));
        assert!(sink.fields < 200);
    }
}

#[test]
fn what_gzip_unpacks_to_is_bounded_for_all_of_a_value() {
    let schema = Schema::api();
    let ty = schema.ty("Vector<InputUser>").unwrap();
    let decoder = Decoder::new(schema, Shape::Raw).limits(Limits {
        inflated: 10,
        ..Limits::default()
    });
    let packed = gzip(&boxed_to_bytes(schema, &object!("inputUserSelf")).unwrap());
    let vector = |count: u32| {
        [
            &VECTOR.to_le_bytes()[..],
            &count.to_le_bytes(),
            &packed.repeat(count as usize),
        ]
        .concat()
    };
    assert!(decoder.decode(ty, &vector(2), &mut ValueSink).is_ok());
    let error = decoder.decode(ty, &vector(3), &mut ValueSink).unwrap_err();
    assert_eq!(error.kind(), &DecodeErrorKind::TooLarge);
    let bomb = gzip(&vec![0; 100_000_000]);
    assert!(bomb.len() < 120_000);
    let error = Decoder::new(schema, Shape::V8)
        .decode(ty, &bomb, &mut ValueSink)
        .unwrap_err();
    assert_eq!(error.kind(), &DecodeErrorKind::TooLarge);
}

#[test]
fn what_short_bytes_stand_for_is_bounded_for_all_of_a_value() {
    let schema = Schema::api();
    let audio = boxed_to_bytes(
        schema,
        &object!("documentAttributeAudio", duration: 1, waveform: b""),
    );
    let thumbnail = boxed_to_bytes(
        schema,
        &object!("photoStrippedSize", type: "i", bytes: [1_u8, 0, 0].as_slice()),
    );
    for (item, ty, few) in [
        (audio.unwrap(), "Vector<DocumentAttribute>", 600_u32),
        (thumbnail.unwrap(), "Vector<PhotoSize>", 1500),
    ] {
        let ty = schema.ty(ty).unwrap();
        let vector = |count: u32| {
            [
                &VECTOR.to_le_bytes()[..],
                &count.to_le_bytes(),
                &item.repeat(count as usize),
            ]
            .concat()
        };
        let decode = |shape, bytes: &[u8]| {
            Decoder::new(schema, shape)
                .decode(ty, bytes, &mut ValueSink)
                .map(|(_, length)| length)
        };
        let (few, many) = (vector(few), vector(20_000));
        assert_eq!(decode(Shape::V8, &few).unwrap(), few.len());
        for bytes in [&many, &gzip(&many)] {
            let error = decode(Shape::V8, bytes).unwrap_err();
            assert_eq!(error.kind(), &DecodeErrorKind::Expansion);
            // There nothing is made of them.
            assert_eq!(decode(Shape::Raw, bytes).unwrap(), bytes.len());
        }
    }
}

#[test]
fn broken_gzip_is_an_error() {
    let mut packed = gzip(&boxed_to_bytes(Schema::api(), &object!("inputPeerSelf")).unwrap());
    assert_eq!(
        boxed_from_bytes(Schema::api(), &packed).unwrap(),
        object!("inputPeerSelf")
    );
    packed[12] ^= 0xff;
    packed[20] ^= 0xff;
    assert_eq!(
        boxed_from_bytes(Schema::api(), &packed).unwrap_err().kind(),
        &DecodeErrorKind::Gzip
    );
    // What is left over inside is refused as outside.
    let trailing = gzip(
        &[
            boxed_to_bytes(Schema::api(), &object!("inputPeerSelf")).unwrap(),
            vec![0; 4],
        ]
        .concat(),
    );
    let error = boxed_from_bytes(Schema::api(), &trailing).unwrap_err();
    assert_eq!(
        error.kind(),
        &DecodeErrorKind::Read(ReadError::Trailing { left: 4 })
    );
}

#[test]
fn a_constructor_of_another_type_is_named_with_its_place() {
    let schema = Schema::api();
    let good =
        object!("inputPeerUserFromMessage", peer: object!("inputPeerSelf"), msg_id: 1, user_id: 2);
    let mut bytes = boxed_to_bytes(schema, &good).unwrap();
    assert_eq!(boxed_from_bytes(schema, &bytes).unwrap(), good);
    bytes[4..8].copy_from_slice(
        &schema
            .constructor("inputUserSelf")
            .unwrap()
            .id()
            .to_le_bytes(),
    );
    let error = boxed_from_bytes(schema, &bytes).unwrap_err();
    assert_eq!(
        error.to_string(),
        "byte 4, Object → inputPeerUserFromMessage → peer: expected InputPeer, found inputUserSelf"
    );
    bytes[4..8].copy_from_slice(&[1, 2, 3, 4]);
    let error = boxed_from_bytes(schema, &bytes).unwrap_err();
    assert_eq!(
        error.kind(),
        &DecodeErrorKind::UnknownConstructor { id: 0x0403_0201 }
    );
    assert_eq!(error.offset(), 4);
}

#[test]
fn bytes_after_the_value_are_an_error() {
    let bytes = boxed_to_bytes(Schema::api(), &object!("inputPeerSelf")).unwrap();
    assert!(boxed_from_bytes(Schema::api(), &bytes).is_ok());
    let error = boxed_from_bytes(Schema::api(), &[bytes, vec![0]].concat()).unwrap_err();
    assert_eq!(
        error.kind(),
        &DecodeErrorKind::Read(ReadError::Trailing { left: 1 })
    );
}
