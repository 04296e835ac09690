//! From bytes to values.
//!
//! One pass pushes values into a [`Sink`]. What scripts see of them, the [`Shape`], is in the schema's rows. No input
//! can make the decoder panic, recurse without bound or allocate by a count that it merely claims.

mod error;
mod json;
mod run;
mod shaped;
mod sink;
mod stripped;
mod waveform;

pub use error::{DecodeError, DecodeErrorKind};
pub use sink::Sink;
pub use stripped::inflate as inflate_stripped;

use crate::schema::{Schema, Ty};

/// The form in which values are given: which release of MadelineProto the script was written for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Shape {
    /// TL as it is, for Rust code: `true` flags only where they are set, nothing left out but the flags words.
    #[default]
    Raw,
    /// Version 8: peers and their ids as the numbers of the bot API.
    V8,
    /// Versions 5 to 7: peers as arrays with Telegram's ids; an absent optional `Bool` is false.
    V7,
    /// Versions 2 to 4: as V7, but of messages `from_id` is a number and `to_id` stands beside `peer_id`.
    V4,
}

/// What a decoder puts up with.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How deep objects and vectors may nest. 128 fit into a stack of 512 KiB.
    pub depth: u16,
    /// How many bytes may come out of all `gzip_packed` of one value together.
    pub inflated: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            depth: 128,
            inflated: 16 << 20,
        }
    }
}

/// Decodes values of one schema in one shape.
#[derive(Clone, Copy, Debug)]
pub struct Decoder<'s> {
    schema: &'s Schema,
    shape: Shape,
    limits: Limits,
    keep_access_hashes: bool,
}

impl<'s> Decoder<'s> {
    /// A decoder with the default limits, which leaves out the access hashes that scripts don't get.
    pub fn new(schema: &'s Schema, shape: Shape) -> Self {
        Self {
            schema,
            shape,
            limits: Limits::default(),
            keep_access_hashes: false,
        }
    }

    /// With other limits.
    #[must_use]
    pub fn limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Whether `user`, `channel`, `channelForbidden` and `channelFull` keep their `access_hash`, as `getInfo` gives
    /// them. Raw always keeps it.
    #[must_use]
    pub fn keep_access_hashes(self, keep: bool) -> Self {
        Self {
            keep_access_hashes: keep,
            ..self
        }
    }

    /// The schema.
    pub fn schema(&self) -> &'s Schema {
        self.schema
    }

    /// The shape.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// Decodes a value of the type `ty` from the front of `bytes`; says how many bytes it took.
    ///
    /// [`Ty::Object`] takes whatever constructor, or method, comes. In place of any boxed value, `gzip_packed` is
    /// inflated.
    ///
    /// # Errors
    /// What the first unusable byte is a part of, what was expected there and what came.
    pub fn decode<S: Sink>(
        &self,
        ty: Ty,
        bytes: &[u8],
        sink: &mut S,
    ) -> Result<(S::Value, usize), DecodeError> {
        run::decode(self, ty, bytes, sink)
    }
}
