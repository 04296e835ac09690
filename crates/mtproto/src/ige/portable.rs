//! The mode on top of the `aes` crate, for processors without the instructions that [`super::aesni`] uses. The crate has
//! the instructions of other architectures and, where there are none, a bitsliced cipher: constant time in any case.

use aes::cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use aes::{Aes256Dec, Aes256Enc};

use super::{Block, Direction, Job};

/// One job after the other.
pub(super) fn run(direction: Direction, jobs: &mut [Job<'_>]) {
    for job in jobs {
        match direction {
            Direction::Encrypt => {
                let cipher = Aes256Enc::new(job.key.into());
                chain(direction, job, |block| cipher.encrypt_block(block.into()));
            }
            Direction::Decrypt => {
                let cipher = Aes256Dec::new(job.key.into());
                chain(direction, job, |block| cipher.decrypt_block(block.into()));
            }
        }
    }
}

fn chain(direction: Direction, job: &mut Job<'_>, cipher: impl Fn(&mut Block)) {
    let (mut output, mut input) = direction.before(job.iv);
    for block in job.blocks.iter_mut() {
        let next_input = *block;
        xor(block, &output);
        cipher(block);
        xor(block, &input);
        (output, input) = (*block, next_input);
    }
}

fn xor(block: &mut Block, with: &Block) {
    for (byte, with) in block.iter_mut().zip(with) {
        *byte ^= with;
    }
}
