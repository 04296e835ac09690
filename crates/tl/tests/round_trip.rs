//! Whatever can be encoded decodes to the same value, for every constructor and method of the schema.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "tests"
)]

mod support;

use madeline_tl::{
    DecodeErrorKind, Decoder, Definition, Schema, Shape, Ty, Value, ValueSink, boxed_from_bytes,
    boxed_to_bytes, method_from_bytes, method_to_bytes,
};
use proptest::prelude::*;
use support::{Maker, Optionals};

/// Encodes and decodes; the value must stay, and its serialized form too.
fn round_trip(schema: &Schema, definition: Definition<'_>, value: &Value) -> Vec<u8> {
    let (encode, decode): (fn(_, _) -> _, fn(_, _) -> _) = if definition.is_method() {
        (method_to_bytes, method_from_bytes)
    } else {
        (boxed_to_bytes, boxed_from_bytes)
    };
    let bytes: Vec<u8> =
        encode(schema, value).unwrap_or_else(|error| panic!("{definition:?}: {error}"));
    let back: Value =
        decode(schema, &bytes).unwrap_or_else(|error| panic!("{definition:?}: {error}"));
    assert_eq!(back, *value, "{definition:?}");
    assert_eq!(encode(schema, &back).unwrap(), bytes, "{definition:?}");
    bytes
}

#[test]
fn every_definition_survives_with_no_all_and_some_optionals_and_at_the_boundaries() {
    let schema = Schema::api();
    let mut maker = Maker::new(schema);
    for definition in schema.constructors().chain(schema.methods()) {
        for optionals in [Optionals::None, Optionals::All, Optionals::Some] {
            for boundaries in [false, true] {
                let value = maker.make(definition, 7, optionals, boundaries);
                round_trip(schema, definition, &value);
            }
        }
    }
}

#[test]
fn every_service_message_of_mtproto_survives() {
    let schema = Schema::mtproto();
    let mut maker = Maker::new(schema);
    for definition in schema.constructors().chain(schema.methods()) {
        for seed in 0..20 {
            let value = maker.make(definition, seed, Optionals::Some, seed % 2 == 0);
            round_trip(schema, definition, &value);
        }
    }
}

#[test]
fn every_shape_consumes_what_raw_consumes() {
    let schema = Schema::api();
    let mut maker = Maker::new(schema);
    for definition in schema.constructors() {
        let bytes = round_trip(
            schema,
            definition,
            &maker.make(definition, 3, Optionals::Some, false),
        );
        for shape in [Shape::V8, Shape::V7, Shape::V4] {
            let decoder = Decoder::new(schema, shape);
            match decoder.decode(Ty::Object, &bytes, &mut ValueSink) {
                Ok((_, length)) => assert_eq!(length, bytes.len(), "{definition:?}"),
                // Scripts get no channel with an id that channels don't have.
                Err(error) => assert!(
                    matches!(error.kind(), DecodeErrorKind::ChannelId { .. }),
                    "{definition:?}: {error}"
                ),
            }
        }
    }
}

#[test]
fn a_schema_made_at_run_time_says_the_same() {
    let text = "// LAYER 3\nboxed#1 flags:# a:flags.0?int b:flags.31?true c:Vector<%Only> d:vector<only> = Boxed;\n\
                only#2 x:long y:int128 = Only;\n---functions---\nask#3 {X:Type} flags:# flags2:# z:flags2.1?Boxed query:!X = X;\n\
                help.getConfig#4 = Boxed;";
    let schema = Schema::parse(text, None).unwrap();
    let mut maker = Maker::new(&schema);
    for definition in schema.constructors().chain(schema.methods()) {
        for seed in 0..50 {
            round_trip(
                &schema,
                definition,
                &maker.make(definition, seed, Optionals::Some, false),
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn any_value_of_any_definition_survives(index: prop::sample::Index, seed: u64, all: bool, boundaries: bool) {
        let schema = Schema::api();
        thread_local!(static DEFINITIONS: Vec<Definition<'static>> =
            Schema::api().constructors().chain(Schema::api().methods()).collect());
        let definition = DEFINITIONS.with(|definitions| *index.get(definitions));
        let optionals = if all { Optionals::All } else { Optionals::Some };
        round_trip(schema, definition, &Maker::new(schema).make(definition, seed, optionals, boundaries));
    }
}
