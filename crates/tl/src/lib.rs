//! The Telegram schema as tables and one codec: no PHP, no network, no clock.
//!
//! [`Schema`] says what can be sent; [`encode_method`] and [`encode`] write it, asking a [`Source`] for values and a
//! [`Convert`] for whatever is not of the wanted type; a [`Decoder`] reads it into a [`Sink`], in the [`Shape`] that
//! scripts expect. [`Value`] is source and sink for Rust code.

mod decode;
mod encode;
mod schema;
mod tables;
mod value;
pub mod wire;

pub use decode::{DecodeError, DecodeErrorKind, Decoder, Limits, Shape, Sink, inflate_stripped};
pub use encode::{
    Convert, EncodeError, EncodeErrorKind, Encoder, EntryKey, Field, Key, Place, Source, Strict,
    View, encode, encode_method,
};
pub use schema::{
    Definition, DefinitionId, KeyId, Param, ParamKind, Schema, SchemaError, Spelling, Ty, TypeId,
    VectorId,
};
pub use value::{
    FieldError, Items, Object, Value, ValueRef, ValueSink, append_bytes, boxed_from_bytes,
    boxed_to_bytes, from_bytes, method_from_bytes, method_to_bytes, to_bytes,
};
