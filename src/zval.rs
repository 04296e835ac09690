//! PHP values as the codec's source and sink, without a tree in between.

pub(crate) mod entries;
pub(crate) mod keys;
pub(crate) mod made;
pub(crate) mod name;
pub(crate) mod sink;
pub(crate) mod source;

pub(crate) use keys::Keys;
pub(crate) use sink::ZvalSink;
pub(crate) use source::{Scratch, ZvalSource};
