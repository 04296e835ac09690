//! The proof of work: factors of `pq`, in bounded time whatever the server sends.

use std::fmt;

use num_integer::Integer;

use crate::prime::{is_small_prime, multiply_mod};

/// The number that the page permits: "less or equal to 2^63-1".
const MAX: u64 = i64::MAX as u64;

/// Steps of Brent's walk. The smaller factor is below 2^32, where 2^16 steps are expected: this is 32 times that.
const MAX_STEPS: u32 = 1 << 21;

/// Steps between two greatest common divisors.
const BATCH: u32 = 128;

/// Why a number is not split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FactorizationError {
    /// It does not fit into 63 bits.
    TooLarge,
    /// It is prime, or below 4.
    Prime,
    /// It has more than two prime factors, or two equal ones.
    NotTwoPrimes,
    /// No factor was found in the steps that any permitted number should need.
    NotFound,
}

impl fmt::Display for FactorizationError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::TooLarge => "pq is larger than 2^63 - 1",
            Self::Prime => "pq has no two factors",
            Self::NotTwoPrimes => "pq is no product of two different primes",
            Self::NotFound => "the factors of pq were not found",
        })
    }
}

impl std::error::Error for FactorizationError {}

/// The two prime factors of `pq` (big-endian), the smaller one first.
pub fn factorize(pq: u64) -> Result<(u64, u64), FactorizationError> {
    if pq > MAX {
        return Err(FactorizationError::TooLarge);
    }
    if pq < 4 || is_small_prime(pq) {
        return Err(FactorizationError::Prime);
    }
    let root = pq.isqrt();
    if root * root == pq {
        return Err(FactorizationError::NotTwoPrimes);
    }
    let factor = if pq.is_even() {
        2
    } else {
        (1..=4)
            .find_map(|c| walk(pq, c))
            .ok_or(FactorizationError::NotFound)?
    };
    let (p, q) = (factor.min(pq / factor), factor.max(pq / factor));
    if is_small_prime(p) && is_small_prime(q) {
        Ok((p, q))
    } else {
        Err(FactorizationError::NotTwoPrimes)
    }
}

/// Brent's variant of Pollard's rho with x² + c: <https://maths-people.anu.edu.au/~brent/pd/rpb051i.pdf>
fn walk(number: u64, c: u64) -> Option<u64> {
    let step =
        |x: u64| ((u128::from(x) * u128::from(x) + u128::from(c)) % u128::from(number)) as u64;
    let mut hare = 2;
    let (mut length, mut taken) = (1, 0);
    while taken < MAX_STEPS {
        let tortoise = hare;
        for _ in 0..length {
            hare = step(hare);
        }
        let mut done = 0;
        while done < length {
            let batch_start = hare;
            let batch = BATCH.min(length - done);
            let mut product = 1;
            for _ in 0..batch {
                hare = step(hare);
                product = multiply_mod(product, tortoise.abs_diff(hare), number);
            }
            let divisor = product.gcd(&number);
            if divisor != 1 {
                // Both factors may have come together in the batch: go through it once more, step by step.
                hare = batch_start;
                return (0..batch).find_map(|_| {
                    hare = step(hare);
                    let divisor = tortoise.abs_diff(hare).gcd(&number);
                    (divisor != 1 && divisor != number).then_some(divisor)
                });
            }
            done += batch;
        }
        taken += length;
        length *= 2;
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_that_telegram_sent_are_split() {
        assert_eq!(
            factorize(1_470_626_929_934_143_021),
            Ok((1_206_429_347, 1_218_991_343))
        );
        assert_eq!(
            factorize(2_363_612_107_535_801_713),
            Ok((1_518_968_219, 1_556_064_227))
        );
        assert_eq!(
            factorize(2_804_275_833_720_261_793),
            Ok((1_555_252_417, 1_803_100_129))
        );
        assert_eq!(
            factorize(0x17ED_4894_1A08_F981),
            Ok((0x494C_553B, 0x5391_1073))
        );
    }

    #[test]
    fn primes_and_tiny_numbers_have_no_factors() {
        for prime in [
            0,
            1,
            2,
            3,
            5,
            4_611_686_018_427_387_847,
            9_223_372_036_854_775_783,
        ] {
            assert_eq!(factorize(prime), Err(FactorizationError::Prime), "{prime}");
        }
    }

    #[test]
    fn numbers_beyond_63_bits_are_refused() {
        for number in [1 << 63, u64::MAX, 18_446_744_073_709_551_557] {
            assert_eq!(
                factorize(number),
                Err(FactorizationError::TooLarge),
                "{number}"
            );
        }
    }

    #[test]
    fn squares_and_products_of_three_are_refused() {
        for number in [
            4,
            9,
            3_037_000_493 * 3_037_000_493,
            8,
            27,
            3 * 5 * 7,
            2 * 3 * 1_206_429_347,
            1 << 62,
            1024,
        ] {
            assert_eq!(
                factorize(number),
                Err(FactorizationError::NotTwoPrimes),
                "{number}"
            );
        }
    }

    #[test]
    fn small_and_lopsided_products_are_split() {
        assert_eq!(factorize(6), Ok((2, 3)));
        assert_eq!(factorize(15), Ok((3, 5)));
        assert_eq!(
            factorize(2 * 4_611_686_018_427_387_847),
            Ok((2, 4_611_686_018_427_387_847))
        );
        assert_eq!(factorize(3 * 1_206_429_347), Ok((3, 1_206_429_347)));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_number_is_split_or_refused(number: u64) {
            if let Ok((p, q)) = factorize(number >> 1) {
                prop_assert_eq!(p * q, number >> 1);
                prop_assert!(p < q && is_small_prime(p) && is_small_prime(q));
            }
        }

        #[test]
        fn products_of_two_primes_are_split(a in 3u64..1 << 31, b in 3u64..1 << 31) {
            let next_prime = |from: u64| (from..=u64::MAX).find(|&number| is_small_prime(number));
            if let (Some(p), Some(q)) = (next_prime(a), next_prime(b)) && p != q {
                prop_assert_eq!(factorize(p * q), Ok((p.min(q), p.max(q))));
            }
        }
    }
}
