//! The mode on the AES instructions of x86-64, whose time does not depend on the data.
//!
//! A round's result is there after several cycles, while another round could start in each of them. So up to [`LANES`]
//! jobs advance in step, each with its own key: what one waits for, the others fill.

use std::arch::x86_64::{
    __m128i, _mm_aesdec_si128, _mm_aesdeclast_si128, _mm_aesenc_si128, _mm_aesenclast_si128,
    _mm_aesimc_si128, _mm_aeskeygenassist_si128, _mm_loadu_si128, _mm_setzero_si128,
    _mm_shuffle_epi32, _mm_slli_si128, _mm_storeu_si128, _mm_xor_si128,
};
use std::slice::IterMut;

use zeroize::Zeroizing;

use super::{Block, Direction, Job};

/// With more, the states alone would need more than half of the 16 registers.
const LANES: usize = 8;
/// Of AES-256. There is one key more: the first is added before the first round.
pub(crate) const ROUNDS: usize = 14;

pub(crate) type Schedule = [__m128i; ROUNDS + 1];

/// Does all the jobs, or nothing and gives false where the processor lacks the instructions.
pub(super) fn run(direction: Direction, jobs: &mut [Job<'_>]) -> bool {
    if !is_x86_feature_detected!("aes") {
        return false;
    }
    // SAFETY: the processor has AES instructions, as was just checked; SSE2 is part of x86-64.
    unsafe {
        match (direction, jobs) {
            (Direction::Encrypt, [alone]) => advance_all::<false, 1>(std::slice::from_mut(alone)),
            (Direction::Encrypt, jobs) => advance_all::<false, LANES>(jobs),
            (Direction::Decrypt, [alone]) => advance_all::<true, 1>(std::slice::from_mut(alone)),
            (Direction::Decrypt, jobs) => advance_all::<true, LANES>(jobs),
        }
    }
    true
}

#[target_feature(enable = "aes,sse2")]
fn advance_all<const DECRYPT: bool, const WIDTH: usize>(jobs: &mut [Job<'_>]) {
    let mut lanes = Lanes::<WIDTH>::new();
    let mut waiting = jobs.iter_mut();
    loop {
        while lanes.busy < WIDTH
            && let Some(job) = waiting.next()
        {
            lanes.start::<DECRYPT>(job);
        }
        match lanes.busy {
            0 => return,
            1 => lanes.advance::<DECRYPT, 1>(),
            2 => lanes.advance::<DECRYPT, 2>(),
            3 => lanes.advance::<DECRYPT, 3>(),
            4 => lanes.advance::<DECRYPT, 4>(),
            5 => lanes.advance::<DECRYPT, 5>(),
            6 => lanes.advance::<DECRYPT, 6>(),
            7 => lanes.advance::<DECRYPT, 7>(),
            _ => lanes.advance::<DECRYPT, LANES>(),
        }
        lanes.end_finished();
    }
}

/// The jobs in work; the first `busy` of each array are in use.
struct Lanes<'a, const WIDTH: usize> {
    busy: usize,
    /// Side by side, so that a round reads the keys of all lanes from one place.
    keys: Zeroizing<[[__m128i; WIDTH]; ROUNDS + 1]>,
    /// The last block that was written.
    output: [__m128i; WIDTH],
    /// What stood where it was written.
    input: [__m128i; WIDTH],
    rest: [IterMut<'a, Block>; WIDTH],
}

impl<'a, const WIDTH: usize> Lanes<'a, WIDTH> {
    #[target_feature(enable = "aes,sse2")]
    fn new() -> Self {
        let unused = [_mm_setzero_si128(); WIDTH];
        Self {
            busy: 0,
            keys: Zeroizing::new([unused; ROUNDS + 1]),
            output: unused,
            input: unused,
            rest: std::array::from_fn(|_| IterMut::default()),
        }
    }

    /// There has to be an unused lane.
    #[target_feature(enable = "aes,sse2")]
    fn start<const DECRYPT: bool>(&mut self, job: &'a mut Job<'_>) {
        let lane = self.busy;
        let mut round_keys = Zeroizing::new([_mm_setzero_si128(); ROUNDS + 1]);
        schedule::<DECRYPT>(job.key, &mut round_keys);
        let direction = if DECRYPT {
            Direction::Decrypt
        } else {
            Direction::Encrypt
        };
        let (output, input) = direction.before(job.iv);
        put(&mut self.output, lane, load(&output));
        put(&mut self.input, lane, load(&input));
        for (keys, key) in self.keys.iter_mut().zip(round_keys.iter()) {
            put(keys, lane, *key);
        }
        put(&mut self.rest, lane, job.blocks.iter_mut());
        self.busy += 1;
    }

    /// Advances the first `BUSY` lanes until one of them is through.
    #[target_feature(enable = "aes,sse2")]
    fn advance<const DECRYPT: bool, const BUSY: usize>(&mut self) {
        let (Some(output), Some(input), Some(rest)) = (
            self.output.first_chunk_mut::<BUSY>(),
            self.input.first_chunk_mut::<BUSY>(),
            self.rest.first_chunk_mut::<BUSY>(),
        ) else {
            return;
        };
        let [first, middle @ .., last] = &*self.keys;
        let steps = rest.iter().map(IterMut::len).min().unwrap_or_default();
        let (mut before_output, mut before_input) = (*output, *input);
        for _ in 0..steps {
            let mut state = before_output;
            let mut mask = before_input;
            for ((((state, mask), input), rest), (first, last)) in state
                .iter_mut()
                .zip(&mut mask)
                .zip(&mut before_input)
                .zip(&mut *rest)
                .zip(first.iter().zip(last))
            {
                if let Some(block) = rest.as_slice().first() {
                    *input = load(block);
                    // In this order only one operation waits for the block before.
                    *state = _mm_xor_si128(*state, _mm_xor_si128(*input, *first));
                    *mask = _mm_xor_si128(*mask, *last);
                }
            }
            for keys in middle {
                for (state, key) in state.iter_mut().zip(keys) {
                    *state = if DECRYPT {
                        _mm_aesdec_si128(*state, *key)
                    } else {
                        _mm_aesenc_si128(*state, *key)
                    };
                }
            }
            for (((state, mask), output), rest) in state
                .iter()
                .zip(&mask)
                .zip(&mut before_output)
                .zip(&mut *rest)
            {
                // The last key is only added, so what the mode adds afterwards can be part of it.
                *output = if DECRYPT {
                    _mm_aesdeclast_si128(*state, *mask)
                } else {
                    _mm_aesenclast_si128(*state, *mask)
                };
                if let Some(block) = rest.next() {
                    store(block, *output);
                }
            }
        }
        (*output, *input) = (before_output, before_input);
    }

    /// Puts the lanes that still have something to do in front.
    fn end_finished(&mut self) {
        let mut lane = 0;
        while lane < self.busy {
            if self.rest.get(lane).is_some_and(|rest| rest.len() > 0) {
                lane += 1;
                continue;
            }
            self.busy -= 1;
            self.rest.swap(lane, self.busy);
            self.output.swap(lane, self.busy);
            self.input.swap(lane, self.busy);
            for keys in self.keys.iter_mut() {
                keys.swap(lane, self.busy);
            }
        }
    }
}

fn put<T>(lanes: &mut [T], lane: usize, value: T) {
    if let Some(place) = lanes.get_mut(lane) {
        *place = value;
    }
}

/// The round keys in the order of their use; for decryption those of the equivalent inverse cipher (FIPS 197, 5.3.5).
/// Written where they are overwritten afterwards, since what is returned may leave copies behind.
#[target_feature(enable = "aes,sse2")]
pub(crate) fn schedule<const DECRYPT: bool>(key: &[u8; 32], keys: &mut Schedule) {
    let (mut k0, mut k1) = (Block::default(), Block::default());
    let (first, second) = key.split_at(k0.len());
    k0.copy_from_slice(first);
    k1.copy_from_slice(second);
    let (k0, k1) = (load(&k0), load(&k1));
    let (k2, k3) = expand::<0x01>(k0, k1);
    let (k4, k5) = expand::<0x02>(k2, k3);
    let (k6, k7) = expand::<0x04>(k4, k5);
    let (k8, k9) = expand::<0x08>(k6, k7);
    let (k10, k11) = expand::<0x10>(k8, k9);
    let (k12, k13) = expand::<0x20>(k10, k11);
    let (k14, _) = expand::<0x40>(k12, k13);
    *keys = [
        k0, k1, k2, k3, k4, k5, k6, k7, k8, k9, k10, k11, k12, k13, k14,
    ];
    if DECRYPT {
        keys.reverse();
        let [_, middle @ .., _] = keys;
        for key in middle {
            *key = _mm_aesimc_si128(*key);
        }
    }
}

/// The next two round keys from the two before them.
#[target_feature(enable = "aes,sse2")]
fn expand<const ROUND_CONSTANT: i32>(even: __m128i, odd: __m128i) -> (__m128i, __m128i) {
    let word = _mm_shuffle_epi32::<0xff>(_mm_aeskeygenassist_si128::<ROUND_CONSTANT>(odd));
    let even = _mm_xor_si128(running_xor(even), word);
    let word = _mm_shuffle_epi32::<0xaa>(_mm_aeskeygenassist_si128::<0>(even));
    (even, _mm_xor_si128(running_xor(odd), word))
}

/// Each word with all words below it added.
#[target_feature(enable = "sse2")]
fn running_xor(words: __m128i) -> __m128i {
    let pairs = _mm_xor_si128(words, _mm_slli_si128::<4>(words));
    _mm_xor_si128(pairs, _mm_slli_si128::<8>(pairs))
}

#[target_feature(enable = "sse2")]
pub(crate) fn load(block: &Block) -> __m128i {
    // SAFETY: 16 bytes can be read through the reference, and the instruction wants no alignment.
    unsafe { _mm_loadu_si128(block.as_ptr().cast()) }
}

#[target_feature(enable = "sse2")]
pub(crate) fn store(block: &mut Block, value: __m128i) {
    // SAFETY: 16 bytes can be written through the reference, and the instruction wants no alignment.
    unsafe { _mm_storeu_si128(block.as_mut_ptr().cast(), value) }
}
