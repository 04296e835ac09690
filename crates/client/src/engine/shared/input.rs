//! Bytes that come over the session's socket, until their frames are complete.

use std::cell::RefCell;
use std::io;

use bytes::BytesMut;

/// Bytes read at once.
pub(super) const PORTION: usize = 64 << 10;

thread_local! {
    /// One for all links of a thread: they need it for moments only.
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Reads once, as much as there is, and appends it. 0 at the end.
pub(super) fn fill(
    input: &mut BytesMut,
    read: impl FnOnce(&mut [u8]) -> io::Result<usize>,
) -> io::Result<usize> {
    BUFFER.with_borrow_mut(|buffer| {
        if buffer.is_empty() {
            // Untouched pages take no memory.
            *buffer = vec![0; PORTION];
        }
        let count = read(buffer)?;
        input.extend_from_slice(buffer.get(..count).unwrap_or_default());
        Ok(count)
    })
}
