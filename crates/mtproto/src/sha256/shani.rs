//! The compression function on the SHA instructions of x86-64, for as many messages as there are lanes.

use std::arch::x86_64::{
    __m128i, _mm_add_epi32, _mm_alignr_epi8, _mm_loadu_si128, _mm_set_epi64x, _mm_setzero_si128,
    _mm_sha256msg1_epu32, _mm_sha256msg2_epu32, _mm_sha256rnds2_epu32, _mm_shuffle_epi8,
    _mm_shuffle_epi32, _mm_storeu_si128,
};

use super::{Block, Blocks};

/// What each round adds (FIPS 180-4, 4.2.2), four rounds a row.
const CONSTANTS: [[u32; 4]; 16] = [
    [0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5],
    [0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5],
    [0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3],
    [0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174],
    [0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc],
    [0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da],
    [0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7],
    [0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967],
    [0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13],
    [0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85],
    [0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3],
    [0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070],
    [0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5],
    [0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3],
    [0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208],
    [0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2],
];

/// In how many pieces the rounds of a block can be done.
pub(crate) const QUARTERS: usize = 4;

/// FIPS 180-4, 5.3.3, in the order of [`State`].
const INITIAL_ABEF: [u32; 4] = [0x9b05_688c, 0x510e_527f, 0xbb67_ae85, 0x6a09_e667];
const INITIAL_CDGH: [u32; 4] = [0x5be0_cd19, 0x1f83_d9ab, 0xa54f_f53a, 0x3c6e_f372];

/// Whether the processor has the instructions.
pub(crate) fn is_available() -> bool {
    is_x86_feature_detected!("sha")
        && is_x86_feature_detected!("ssse3")
        && is_x86_feature_detected!("sse4.1")
}

/// The digests of two messages behind the prefix; `None` where the processor lacks the instructions or one of the messages
/// is shorter than a block.
pub(super) fn pair(prefix: &[u8; 32], first: &[u8], second: &[u8]) -> Option<[[u8; 32]; 2]> {
    if !is_available() {
        return None;
    }
    let messages = [Blocks::new(prefix, first)?, Blocks::new(prefix, second)?];
    // SAFETY: the processor has the instructions, as was just checked; SSE2 is part of x86-64.
    Some(unsafe { side_by_side(&messages) })
}

#[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
fn side_by_side(messages: &[Blocks<'_>; 2]) -> [[u8; 32]; 2] {
    let [a, b] = messages;
    let [mut of_a, mut of_b] = [State::new(), State::new()];
    let together = a.middle.len().min(b.middle.len());
    let (middle_a, rest_a) = a.middle.split_at(together);
    let (middle_b, rest_b) = b.middle.split_at(together);
    let mut both = [of_a, of_b];
    compress(
        &mut both,
        [
            std::slice::from_ref(&*a.first),
            std::slice::from_ref(&*b.first),
        ],
    );
    compress(&mut both, [middle_a, middle_b]);
    [of_a, of_b] = both;
    for (state, blocks) in [
        (&mut of_a, [rest_a, a.last()]),
        (&mut of_b, [rest_b, b.last()]),
    ] {
        let mut alone = [*state];
        for blocks in blocks {
            compress(&mut alone, [blocks]);
        }
        [*state] = alone;
    }
    [of_a.digest(), of_b.digest()]
}

/// The eight words in the order in which the instructions want them.
#[derive(Clone, Copy)]
pub(crate) struct State {
    /// a, b, e, f, from the highest word down.
    abef: __m128i,
    /// c, d, g, h, likewise.
    cdgh: __m128i,
}

impl State {
    #[target_feature(enable = "sse2,ssse3,sse4.1")]
    pub(crate) fn new() -> Self {
        Self {
            abef: words(INITIAL_ABEF),
            cdgh: words(INITIAL_CDGH),
        }
    }

    #[target_feature(enable = "sse2,ssse3,sse4.1")]
    pub(crate) fn digest(&self) -> [u8; 32] {
        let (abef, cdgh) = (unpacked(self.abef), unpacked(self.cdgh));
        let in_order = [
            abef[3], abef[2], cdgh[3], cdgh[2], abef[1], abef[0], cdgh[1], cdgh[0],
        ];
        let mut digest = [0; 32];
        let rooms = digest.as_chunks_mut::<4>().0;
        for (room, word) in rooms.iter_mut().zip(in_order) {
            *room = word.to_be_bytes();
        }
        digest
    }
}

/// Takes in as many blocks as the shortest list has, of each message one after the other, of all messages at once.
#[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
pub(crate) fn compress<const LANES: usize>(states: &mut [State; LANES], blocks: [&[Block]; LANES]) {
    let mut blocks = blocks.map(<[Block]>::iter);
    let count = blocks.iter().map(ExactSizeIterator::len).min();
    for _ in 0..count.unwrap_or_default() {
        let next = blocks.each_mut().map(Iterator::next);
        let mut compression = Compression::new(states, next);
        for quarter in 0..QUARTERS {
            compression.advance(quarter, states);
        }
        compression.end(states);
    }
}

/// The next block of each message on its way into the hash.
pub(crate) struct Compression<const LANES: usize> {
    before: [State; LANES],
    words: [[__m128i; LANES]; 4],
}

impl<const LANES: usize> Compression<LANES> {
    #[inline]
    #[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
    pub(crate) fn new(states: &[State; LANES], blocks: [Option<&Block>; LANES]) -> Self {
        let big_endian = _mm_set_epi64x(0x0c0d_0e0f_0809_0a0b, 0x0405_0607_0001_0203);
        let mut words = [[_mm_setzero_si128(); LANES]; 4];
        for (lane, block) in blocks.into_iter().flatten().enumerate() {
            for (words, quarter) in words.iter_mut().zip(block.as_chunks().0) {
                if let Some(word) = words.get_mut(lane) {
                    *word = _mm_shuffle_epi8(load(quarter), big_endian);
                }
            }
        }
        Self {
            before: *states,
            words,
        }
    }

    /// A quarter of the rounds; the quarters go in order, from 0.
    #[inline]
    #[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
    pub(crate) fn advance(&mut self, quarter: usize, states: &mut [State; LANES]) {
        let [w0, w1, w2, w3] = &mut self.words;
        let Some([c0, c1, c2, c3]) = CONSTANTS.as_chunks().0.get(quarter) else {
            return;
        };
        if quarter > 0 {
            *w0 = next(w0, w1, w2, w3);
        }
        rounds(states, w0, c0);
        if quarter > 0 {
            *w1 = next(w1, w2, w3, w0);
        }
        rounds(states, w1, c1);
        if quarter > 0 {
            *w2 = next(w2, w3, w0, w1);
        }
        rounds(states, w2, c2);
        if quarter > 0 {
            *w3 = next(w3, w0, w1, w2);
        }
        rounds(states, w3, c3);
    }

    /// To be called behind the last quarter.
    #[inline]
    #[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
    pub(crate) fn end(self, states: &mut [State; LANES]) {
        for (state, before) in states.iter_mut().zip(self.before) {
            state.abef = _mm_add_epi32(state.abef, before.abef);
            state.cdgh = _mm_add_epi32(state.cdgh, before.cdgh);
        }
    }
}

/// Four rounds.
#[inline]
#[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
fn rounds<const LANES: usize>(
    states: &mut [State; LANES],
    words: &[__m128i; LANES],
    constants: &[u32; 4],
) {
    let constants = self::words(*constants);
    for (state, word) in states.iter_mut().zip(words) {
        let added = _mm_add_epi32(*word, constants);
        state.cdgh = _mm_sha256rnds2_epu32(state.cdgh, state.abef, added);
        let high = _mm_shuffle_epi32(added, 0b1110);
        state.abef = _mm_sha256rnds2_epu32(state.abef, state.cdgh, high);
    }
}

/// The next four words of the message schedule, from the sixteen before.
#[inline]
#[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
fn next<const LANES: usize>(
    w0: &[__m128i; LANES],
    w1: &[__m128i; LANES],
    w2: &[__m128i; LANES],
    w3: &[__m128i; LANES],
) -> [__m128i; LANES] {
    let mut next = *w0;
    for ((((next, w1), w2), w3), w0) in next.iter_mut().zip(w1).zip(w2).zip(w3).zip(w0) {
        let sum = _mm_add_epi32(_mm_sha256msg1_epu32(*w0, *w1), _mm_alignr_epi8(*w3, *w2, 4));
        *next = _mm_sha256msg2_epu32(sum, *w3);
    }
    next
}

#[target_feature(enable = "sse2")]
fn load(bytes: &[u8; 16]) -> __m128i {
    // SAFETY: 16 bytes can be read through the reference, and the instruction wants no alignment.
    unsafe { _mm_loadu_si128(bytes.as_ptr().cast()) }
}

/// The lowest first.
#[target_feature(enable = "sse2")]
fn words(words: [u32; 4]) -> __m128i {
    // SAFETY: 16 bytes can be read from the array, and the instruction wants no alignment.
    unsafe { _mm_loadu_si128(words.as_ptr().cast()) }
}

/// The lowest first.
#[target_feature(enable = "sse2")]
fn unpacked(packed: __m128i) -> [u32; 4] {
    let mut words = [0; 4];
    // SAFETY: 16 bytes can be written to the array, and the instruction wants no alignment.
    unsafe { _mm_storeu_si128(words.as_mut_ptr().cast(), packed) };
    words
}
