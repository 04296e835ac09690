//! A place in bytes that are read from front to back.

use super::Malformed;

pub(super) struct Cursor<'d> {
    pub(super) data: &'d [u8],
    pub(super) at: usize,
}

impl<'d> Cursor<'d> {
    /// The error at this place.
    pub(super) fn wants<T>(&self, wanted: &'static str) -> Result<T, Malformed> {
        Err(Malformed {
            at: self.at,
            wanted,
        })
    }

    /// So many bytes.
    pub(super) fn take(
        &mut self,
        length: usize,
        wanted: &'static str,
    ) -> Result<&'d [u8], Malformed> {
        let Some(bytes) = self.rest().get(..length) else {
            return self.wants(wanted);
        };
        self.at += length;
        Ok(bytes)
    }

    /// Everything from here on.
    pub(super) fn rest(&self) -> &'d [u8] {
        self.data.get(self.at..).unwrap_or_default()
    }
}
