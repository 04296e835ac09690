//! Bytes read from a socket where it is not known how many are coming.

use std::cell::RefCell;
use std::io;

/// Bytes read at once.
pub(super) const PORTION: usize = 64 << 10;

thread_local! {
    /// One for all connections of a thread: they hardly ever need it, and together would keep a lot of memory.
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Reads once, as much as there is, and hands it to `keep`. How much it was; 0 at the end.
pub(super) fn read(
    read: impl FnOnce(&mut [u8]) -> io::Result<usize>,
    keep: impl FnOnce(&[u8]),
) -> io::Result<usize> {
    BUFFER.with_borrow_mut(|buffer| {
        if buffer.is_empty() {
            // Untouched pages take no memory.
            *buffer = vec![0; PORTION];
        }
        let count = read(buffer)?;
        keep(buffer.get(..count).unwrap_or_default());
        Ok(count)
    })
}
