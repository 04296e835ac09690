//! The loudness of a voice message: 100 values of 5 bits, packed from the lowest bit up.

/// How many values scripts get.
pub(super) const VALUES: usize = 100;

/// The values; bits that are not there count as 0.
pub(super) fn unpack(packed: &[u8]) -> impl Iterator<Item = u8> {
    let byte = |index: usize| u16::from(packed.get(index).copied().unwrap_or(0));
    (0..VALUES).map(move |value| {
        let bit = value * 5;
        let pair = byte(bit / 8) | byte(bit / 8 + 1) << 8;
        (pair >> (bit % 8)) as u8 & 31
    })
}
