//! The TL primitives of [`madeline_tl::wire`], as the hand-written messages of the protocol use them.

pub(crate) use madeline_tl::wire::Reader;
use madeline_tl::wire::{ReadError, Writer};

/// The bytes are not the message they should be. Whoever reads it knows which message that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Malformed;

impl From<ReadError> for Malformed {
    fn from(_: ReadError) -> Self {
        Self
    }
}

/// The long that the first eight bytes of a hash or nonce make.
pub(crate) fn first_long(bytes: &[u8]) -> i64 {
    bytes.first_chunk().copied().map_or(0, i64::from_le_bytes)
}

/// The long that the last eight bytes of a hash make.
pub(crate) fn last_long(bytes: &[u8]) -> i64 {
    bytes.last_chunk().copied().map_or(0, i64::from_le_bytes)
}

/// Reads vectors of longs.
pub(crate) trait ReadLongs {
    /// The elements of a `Vector long`.
    fn longs(&mut self) -> Result<Vec<i64>, Malformed>;
}

impl ReadLongs for Reader<'_> {
    fn longs(&mut self) -> Result<Vec<i64>, Malformed> {
        let count = self.vector(8)?;
        (0..count).map(|_| Ok(self.long()?)).collect()
    }
}

/// Appends primitives to a vector.
pub(crate) trait Write {
    fn id(&mut self, id: u32);
    fn int(&mut self, value: i32);
    fn long(&mut self, value: i64);
    fn raw(&mut self, bytes: &[u8]);
    /// Bytes with their length. Nothing here comes near the 16 MiB that TL can express; more would become empty.
    fn bytes(&mut self, bytes: &[u8]);
    /// A `Vector long`.
    fn longs(&mut self, values: &[i64]);
}

impl Write for Vec<u8> {
    fn id(&mut self, id: u32) {
        Writer::new(self).id(id);
    }

    fn int(&mut self, value: i32) {
        Writer::new(self).int(value);
    }

    fn long(&mut self, value: i64) {
        Writer::new(self).long(value);
    }

    fn raw(&mut self, bytes: &[u8]) {
        Writer::new(self).raw(bytes);
    }

    fn bytes(&mut self, bytes: &[u8]) {
        let mut writer = Writer::new(self);
        if writer.bytes(bytes).is_err() {
            writer.id(0);
        }
    }

    fn longs(&mut self, values: &[i64]) {
        let mut writer = Writer::new(self);
        writer.vector(values.len() as u32);
        for &value in values {
            writer.long(value);
        }
    }
}
