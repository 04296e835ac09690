//! What must hold for any input of crates/tl. The fuzz targets call it, and so does the replay of the corpus in
//! `crates/tl/tests/corpus.rs`.

#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "each user calls what it needs; a failed check is a panic"
)]

use madeline_tl::{
    Decoder, Limits, Schema, Shape, Ty, Value, ValueSink, boxed_from_bytes, from_bytes, to_bytes,
};

/// Any bytes: an error or a value in every shape; what decodes as it is can be encoded, and stays the same.
pub(crate) fn decode(bytes: &[u8]) {
    let api = Schema::api();
    for shape in [Shape::V8, Shape::V7, Shape::V4] {
        drop(Decoder::new(api, shape).decode(Ty::Object, bytes, &mut ValueSink));
    }
    for schema in [api, Schema::mtproto()] {
        if let Ok(value) = boxed_from_bytes(schema, bytes) {
            stays(schema, Ty::Object, &value);
        }
    }
    let users = api.ty("Vector<User>").unwrap();
    if let Ok(value) = from_bytes(api, users, bytes) {
        stays(api, users, &value);
    }
}

/// Any text: an error, or a schema with which any bytes can be decoded.
pub(crate) fn schema(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let Ok(schema) = Schema::parse(&text, Some(1)) else {
        return;
    };
    let limits = Limits {
        inflated: 1 << 16,
        ..Limits::default()
    };
    for definition in schema.constructors().chain(schema.methods()).take(16) {
        assert_eq!(schema.by_id(definition.id()), Some(definition));
        for param in definition.params() {
            assert_eq!(schema.find_key(param.name()), Some(param.key()));
        }
        for shape in [Shape::Raw, Shape::V8, Shape::V7, Shape::V4] {
            let decoder = Decoder::new(&schema, shape).limits(limits);
            drop(decoder.decode(Ty::Bare(definition.number()), bytes, &mut ValueSink));
            let boxed = [&definition.id().to_le_bytes()[..], bytes].concat();
            drop(decoder.decode(Ty::Object, &boxed, &mut ValueSink));
        }
    }
}

/// Encodes and decodes again. Bytes are compared rather than values: NaN is not equal to itself. They may differ from
/// the input, which may be packed or pad its strings in other ways.
fn stays(schema: &Schema, ty: Ty, value: &Value) {
    let bytes = to_bytes(schema, ty, value).unwrap();
    let back = from_bytes(schema, ty, &bytes).unwrap();
    assert_eq!(to_bytes(schema, ty, &back).unwrap(), bytes);
}
