//! The bytes that are transferred: random, because nobody should win by compressing them, and their checksum.

use crate::random::Random;

/// Bytes of a part of a file, the largest that Telegram takes.
pub(crate) const PART: usize = 512 * 1024;

/// So many parts are random; then they come again, numbered.
const DIFFERENT: usize = 16;

/// A file to upload, cut into parts.
pub(crate) struct Parts {
    random: Vec<u8>,
}

impl Parts {
    /// The same file each time.
    pub(crate) fn new() -> Self {
        let mut random = Vec::with_capacity(DIFFERENT * PART);
        let mut numbers = Random::new(1);
        while random.len() < DIFFERENT * PART {
            random.extend_from_slice(&numbers.next().to_le_bytes());
        }
        Self { random }
    }

    /// A part by its number.
    pub(crate) fn part(&self, number: u64) -> Vec<u8> {
        let start = number as usize % DIFFERENT * PART;
        let mut part = self
            .random
            .get(start..start + PART)
            .unwrap_or_default()
            .to_vec();
        if let Some(head) = part.first_chunk_mut() {
            *head = number.to_le_bytes();
        }
        part
    }
}

/// A sum over the bytes from `offset` in their file on. It depends on where each byte stands; the sums of parts add up
/// to that of the file, in whatever order they come. It takes next to no time beside a cipher.
pub(crate) fn checksum(offset: u64, bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let mut last = [0; 8];
    for (to, from) in last.iter_mut().zip(rest) {
        *to = *from;
    }
    let words = words.iter().chain((!rest.is_empty()).then_some(&last));
    words
        .zip(offset / 8..)
        .fold(0, |sum: u64, (word, position)| {
            let word = u64::from_le_bytes(*word);
            sum.wrapping_add((word ^ position).wrapping_mul(position << 1 | 1))
        })
}

#[cfg(test)]
mod tests {
    use super::{PART, Parts, checksum};

    #[test]
    fn the_sums_of_parts_add_up_to_that_of_the_file_and_each_byte_and_place_counts() {
        let parts = Parts::new();
        let mut file = [parts.part(0), parts.part(1)].concat();
        let whole = checksum(0, &file);
        let first = checksum(0, &parts.part(0));
        let second = checksum(PART as u64, &parts.part(1));
        assert_eq!(first.wrapping_add(second), whole);
        // Behind the number that a part begins with.
        file.swap(9, PART + 9);
        assert_ne!(checksum(0, &file), whole);
    }

    #[test]
    fn parts_that_use_the_same_random_bytes_differ() {
        let parts = Parts::new();
        assert_ne!(parts.part(0), parts.part(16));
    }
}
