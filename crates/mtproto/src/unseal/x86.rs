//! On the AES and SHA instructions of x86-64.

use std::arch::x86_64::{
    __m128i, _mm_aesdec_si128, _mm_aesdeclast_si128, _mm_setzero_si128, _mm_xor_si128,
};
use std::slice::IterMut;

use zeroize::Zeroizing;

use crate::ige::aesni::{self, ROUNDS, Schedule};
use crate::ige::{self, Block, Direction, Job};
use crate::sha256;
use crate::sha256::shani::{self, Compression, QUARTERS, State};

/// Messages at once. With as many, the units of the hash have no time left.
const LANES: usize = 4;
/// Blocks of the cipher that the hash takes in at a time.
const CHUNK: usize = QUARTERS;
/// Blocks in front of the chunks: with the prefix they are what the hash takes in first.
const HEAD: usize = 2;

type Chunk = [Block; CHUNK];

/// Does all the jobs and gives their digests, or does nothing where the processor lacks the instructions.
pub(super) fn run(prefix: &[u8; 32], jobs: &mut [Job<'_>]) -> Option<Vec<[u8; 32]>> {
    if !is_x86_feature_detected!("aes") || !shani::is_available() {
        return None;
    }
    // SAFETY: the processor has the instructions, as was just checked; SSE2 is part of x86-64.
    Some(unsafe { all(prefix, jobs) })
}

#[target_feature(enable = "aes,sha,sse2,ssse3,sse4.1")]
fn all(prefix: &[u8; 32], jobs: &mut [Job<'_>]) -> Vec<[u8; 32]> {
    let mut digests = vec![[0; 32]; jobs.len()];
    let mut waiting = jobs.iter_mut().zip(&mut digests);
    let mut lanes: Vec<Lane<'_>> = Vec::with_capacity(LANES);
    loop {
        while lanes.len() < LANES
            && let Some((job, digest)) = waiting.next()
        {
            lanes.extend(Lane::start(prefix, job, digest));
        }
        match lanes.as_mut_slice() {
            [] => return digests,
            [a] => advance([a]),
            [a, b] => advance([a, b]),
            [a, b, c] => advance([a, b, c]),
            [a, b, c, d, ..] => advance([a, b, c, d]),
        }
        for ended in lanes.extract_if(.., |lane| lane.rest.len() == 0) {
            ended.end();
        }
    }
}

/// A message in work.
struct Lane<'a> {
    cipher: Cipher,
    hash: State,
    /// Decrypted, and not hashed yet.
    before: &'a Chunk,
    rest: IterMut<'a, Chunk>,
    /// What is no whole chunk.
    tail: &'a mut [Block],
    /// Of the prefix and the message.
    bytes: usize,
    digest: &'a mut [u8; 32],
}

/// How far the cipher is.
struct Cipher {
    keys: Zeroizing<Schedule>,
    /// The last block that was written.
    output: __m128i,
    /// What stood where it was written.
    input: __m128i,
}

impl<'a> Lane<'a> {
    /// Begins a message; a short one is done at once.
    #[target_feature(enable = "aes,sha,sse2,ssse3,sse4.1")]
    fn start(
        prefix: &[u8; 32],
        job: &'a mut Job<'_>,
        digest: &'a mut [u8; 32],
    ) -> Option<Lane<'a>> {
        let bytes = prefix.len() + size_of_val(&*job.blocks);
        if job.blocks.len() < HEAD + CHUNK {
            ige::decrypt(job.blocks, job.key, job.iv);
            *digest = sha256::digest(prefix, job.blocks.as_flattened());
            return None;
        }
        let mut cipher = Cipher::new(job);
        let (head, rest) = job.blocks.split_at_mut_checked(HEAD)?;
        let (chunks, tail) = rest.as_chunks_mut();
        let (before, rest) = chunks.split_first_mut()?;
        cipher.decrypt(head);
        cipher.decrypt(before);
        let before = &*before;
        // The prefix is a part of a key.
        let mut first = Zeroizing::new([0; 64]);
        let (prefix_room, head_room) = first.split_at_mut(prefix.len());
        prefix_room.copy_from_slice(prefix);
        head_room.copy_from_slice(head.as_flattened());
        let mut hash = [State::new()];
        shani::compress(&mut hash, [std::slice::from_ref(&*first)]);
        let [hash] = hash;
        Some(Lane {
            cipher,
            hash,
            before,
            rest: rest.iter_mut(),
            tail,
            bytes,
            digest,
        })
    }

    /// Does what is left.
    #[target_feature(enable = "aes,sha,sse2,ssse3,sse4.1")]
    fn end(mut self) {
        self.cipher.decrypt(self.tail);
        // FIPS 180-4, 5.1.1. Three blocks at most leave room for the length.
        let mut padded = [0; 64];
        for (room, byte) in padded
            .iter_mut()
            .zip(self.tail.as_flattened().iter().chain(&[0x80]))
        {
            *room = *byte;
        }
        let bits = self.bytes as u64 * 8;
        if let Some(room) = padded.last_chunk_mut() {
            *room = bits.to_be_bytes();
        }
        let mut hash = [self.hash];
        for block in bytes_of(self.before).into_iter().chain([&padded]) {
            shani::compress(&mut hash, [std::slice::from_ref(block)]);
        }
        let [hash] = hash;
        *self.digest = hash.digest();
    }
}

impl Cipher {
    #[target_feature(enable = "aes,sse2")]
    fn new(job: &Job<'_>) -> Self {
        let mut keys = Zeroizing::new([_mm_setzero_si128(); ROUNDS + 1]);
        aesni::schedule::<true>(job.key, &mut keys);
        let (output, input) = Direction::Decrypt.before(job.iv);
        Self {
            keys,
            output: aesni::load(&output),
            input: aesni::load(&input),
        }
    }

    #[target_feature(enable = "aes,sse2")]
    fn decrypt(&mut self, blocks: &mut [Block]) {
        let (mut output, mut input) = ([self.output], [self.input]);
        for block in blocks {
            step([&self.keys], &mut output, &mut input, [Some(block)]);
        }
        ([self.output], [self.input]) = (output, input);
    }
}

/// Advances all lanes until one of them has no whole chunk left.
#[target_feature(enable = "aes,sha,sse2,ssse3,sse4.1")]
fn advance<const N: usize>(mut lanes: [&mut Lane<'_>; N]) {
    let steps = lanes.iter().map(|lane| lane.rest.len()).min();
    let mut output = lanes.each_ref().map(|lane| lane.cipher.output);
    let mut input = lanes.each_ref().map(|lane| lane.cipher.input);
    let mut hashes = lanes.each_ref().map(|lane| lane.hash);
    for _ in 0..steps.unwrap_or_default() {
        let mut next = lanes.each_mut().map(|lane| lane.rest.next());
        let keys = lanes.each_ref().map(|lane| &*lane.cipher.keys);
        let before = lanes.each_ref().map(|lane| bytes_of(lane.before));
        let mut compression = Compression::new(&hashes, before);
        // A quarter of each in turn: what one waits for, the other fills.
        for quarter in 0..CHUNK {
            let blocks = next
                .each_mut()
                .map(|chunk| chunk.as_mut().and_then(|chunk| chunk.get_mut(quarter)));
            step(keys, &mut output, &mut input, blocks);
            compression.advance(quarter, &mut hashes);
        }
        compression.end(&mut hashes);
        for (lane, next) in lanes.iter_mut().zip(next) {
            if let Some(next) = next {
                lane.before = next;
            }
        }
    }
    let states = output.into_iter().zip(input).zip(hashes);
    for (lane, ((output, input), hash)) in lanes.into_iter().zip(states) {
        (lane.cipher.output, lane.cipher.input, lane.hash) = (output, input, hash);
    }
}

/// Decrypts a block of each message.
#[inline]
#[target_feature(enable = "aes,sse2")]
fn step<const N: usize>(
    keys: [&Schedule; N],
    output: &mut [__m128i; N],
    input: &mut [__m128i; N],
    mut blocks: [Option<&mut Block>; N],
) {
    let mut masks = *input;
    for ((((output, input), mask), block), keys) in output
        .iter_mut()
        .zip(input)
        .zip(&mut masks)
        .zip(&blocks)
        .zip(keys)
    {
        if let (Some(block), [first, .., last]) = (block, keys) {
            *input = aesni::load(block);
            // In this order only one operation waits for the block before.
            *output = _mm_xor_si128(*output, _mm_xor_si128(*input, *first));
            *mask = _mm_xor_si128(*mask, *last);
        }
    }
    for round in 1..ROUNDS {
        for (output, keys) in output.iter_mut().zip(keys) {
            if let Some(key) = keys.get(round) {
                *output = _mm_aesdec_si128(*output, *key);
            }
        }
    }
    for ((output, mask), block) in output.iter_mut().zip(masks).zip(&mut blocks) {
        // The last key is only added, so what the mode adds afterwards can be part of it.
        *output = _mm_aesdeclast_si128(*output, mask);
        if let Some(block) = block {
            aesni::store(block, *output);
        }
    }
}

/// The chunk as the hash takes it in; there is one, since both have the same size.
fn bytes_of(chunk: &Chunk) -> Option<&sha256::Block> {
    chunk.as_flattened().first_chunk()
}
