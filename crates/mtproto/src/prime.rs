//! Primality of numbers that may be chosen by an adversary.

use num_bigint::BigUint;
use num_integer::Integer;
use num_traits::One;

use crate::random::Random;

/// Rounds of Miller–Rabin: with random bases a composite number passes all of them with a probability below 2^-64,
/// whoever chose it.
const ROUNDS: usize = 32;

/// Primes for trial division, which settles most candidates.
const SMALL: [u32; 54] = [
    2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97,
    101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167, 173, 179, 181, 191, 193,
    197, 199, 211, 223, 227, 229, 233, 239, 241, 251,
];

/// Whether `number` is prime, by trial division and Miller–Rabin with random bases.
pub(crate) fn is_prime(number: &BigUint, random: &mut dyn Random) -> bool {
    for small in SMALL {
        if (number % small) == BigUint::ZERO {
            return *number == BigUint::from(small);
        }
    }
    if *number < BigUint::from(251u32 * 251) {
        return *number > BigUint::one();
    }
    let minus_one = number - 1u32;
    let twos = minus_one.trailing_zeros().unwrap_or(0);
    let odd = &minus_one >> twos;
    (0..ROUNDS).all(|_| {
        let base = base(number, random);
        passes(&base, &odd, twos, number, &minus_one)
    })
}

/// A random prime of exactly `bits` bits, the two highest of them set, so that the product of two has `2 * bits`.
pub(crate) fn generate(bits: u64, random: &mut dyn Random) -> BigUint {
    let mut bytes = vec![0; bits.div_ceil(8) as usize];
    loop {
        random.fill(&mut bytes);
        let mut candidate = BigUint::from_bytes_be(&bytes) >> (bytes.len() as u64 * 8 - bits);
        candidate.set_bit(0, true);
        candidate.set_bit(bits - 1, true);
        candidate.set_bit(bits - 2, true);
        // Going on from here instead of drawing anew ends with every source of randomness, also a constant one.
        while candidate.bits() == bits {
            if is_prime(&candidate, random) {
                return candidate;
            }
            candidate += 2u32;
        }
    }
}

/// Whether `number` fits into a word and is prime; certain, not probable.
pub(crate) fn is_small_prime(number: u64) -> bool {
    // These bases decide every number below 2^64.
    const BASES: [u64; 12] = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37];
    if number < 2 {
        return false;
    }
    if let Some(&divisor) = BASES.iter().find(|&&base| number.is_multiple_of(base)) {
        return number == divisor;
    }
    let twos = (number - 1).trailing_zeros();
    let odd = (number - 1) >> twos;
    BASES.iter().all(|&base| {
        let mut power = power_mod(base, odd, number);
        if power == 1 || power == number - 1 {
            return true;
        }
        (1..twos).any(|_| {
            power = multiply_mod(power, power, number);
            power == number - 1
        })
    })
}

/// `a * b` modulo `modulus`.
pub(crate) fn multiply_mod(a: u64, b: u64, modulus: u64) -> u64 {
    (u128::from(a) * u128::from(b) % u128::from(modulus)) as u64
}

fn power_mod(base: u64, mut exponent: u64, modulus: u64) -> u64 {
    let (mut result, mut square) = (1, base % modulus);
    while exponent > 0 {
        if exponent.is_odd() {
            result = multiply_mod(result, square, modulus);
        }
        square = multiply_mod(square, square, modulus);
        exponent >>= 1;
    }
    result
}

/// A base between 2 and `number - 2`.
fn base(number: &BigUint, random: &mut dyn Random) -> BigUint {
    let mut bytes = vec![0; number.bits().div_ceil(8) as usize + 8];
    random.fill(&mut bytes);
    BigUint::from_bytes_be(&bytes) % (number - 3u32) + 2u32
}

fn passes(base: &BigUint, odd: &BigUint, twos: u64, number: &BigUint, minus_one: &BigUint) -> bool {
    let mut power = base.modpow(odd, number);
    if power.is_one() || power == *minus_one {
        return true;
    }
    (1..twos).any(|_| {
        power = &power * &power % number;
        power == *minus_one
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::OsRandom;

    fn big(number: u64) -> BigUint {
        BigUint::from(number)
    }

    #[test]
    fn both_tests_agree_with_a_sieve() {
        let mut composite = vec![false; 70_000];
        for number in 2..composite.len() {
            if !composite.get(number).copied().unwrap_or(true) {
                composite
                    .iter_mut()
                    .skip(number * 2)
                    .step_by(number)
                    .for_each(|mark| *mark = true);
            }
        }
        for (number, &composite) in composite.iter().enumerate().skip(2) {
            assert_eq!(is_small_prime(number as u64), !composite, "{number}");
            if number < 300 || number > 62_000 && number % 7 == 0 || number % 401 == 0 {
                assert_eq!(
                    is_prime(&big(number as u64), &mut OsRandom),
                    !composite,
                    "{number}"
                );
            }
        }
        assert!(!is_small_prime(0) && !is_small_prime(1));
        assert!(!is_prime(&big(0), &mut OsRandom) && !is_prime(&big(1), &mut OsRandom));
    }

    #[test]
    fn pseudoprimes_are_composite() {
        // Carmichael numbers, and strong pseudoprimes to the bases 2, 3, 5 and 7.
        for number in [
            561,
            41_041,
            825_265,
            3_215_031_751,
            3_825_123_056_546_413_051,
        ] {
            assert!(!is_small_prime(number), "{number}");
            assert!(!is_prime(&big(number), &mut OsRandom), "{number}");
        }
        for number in [18_446_744_073_709_551_557, 4_611_686_018_427_387_847] {
            assert!(is_small_prime(number), "{number}");
            assert!(is_prime(&big(number), &mut OsRandom), "{number}");
        }
    }

    #[test]
    fn generated_primes_have_the_wanted_size() {
        let prime = generate(128, &mut OsRandom);
        assert_eq!(prime.bits(), 128);
        assert!(prime.bit(126));
        assert!(is_prime(&prime, &mut OsRandom));
    }

    #[test]
    fn generation_ends_with_constant_randomness() {
        assert_eq!(
            generate(64, &mut |bytes: &mut [u8]| bytes.fill(0x55)).bits(),
            64
        );
    }
}
