//! Public keys of X25519 ([RFC 7748](https://www.rfc-editor.org/rfc/rfc7748)), as they stand in greetings.
//!
//! Nobody ever computes a shared secret with them: the private half is forgotten at once, so nothing here has to take
//! constant time. But random bytes would not do, since half of them are no point of the curve, and an observer can
//! tell.

use num_bigint::BigUint;

use crate::random::{Random, bytes};

/// A public key whose private half nobody knows.
pub(super) fn public_key(random: &mut dyn Random) -> [u8; 32] {
    multiply(
        bytes(random),
        [
            9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            0, 0, 0,
        ],
    )
}

/// The function `X25519` of RFC 7748, section 5.
fn multiply(mut scalar: [u8; 32], point: [u8; 32]) -> [u8; 32] {
    let [first, .., last] = &mut scalar;
    *first &= 0xf8;
    *last = *last & 0x7f | 0x40;
    let scalar = BigUint::from_bytes_le(&scalar);
    let p = (BigUint::from(1u8) << 255) - 19u8;
    let x: BigUint = (BigUint::from_bytes_le(&point) % (BigUint::from(1u8) << 255)) % &p;
    let minus = |a: &BigUint, b: &BigUint| (a + &p - b) % &p;
    // (x2 : z2) is the multiple by the bits read so far, (x3 : z3) the next one.
    let (mut x2, mut z2) = (BigUint::from(1u8), BigUint::ZERO);
    let (mut x3, mut z3) = (x.clone(), BigUint::from(1u8));
    for at in (0..255).rev() {
        let bit = scalar.bit(at);
        if bit {
            std::mem::swap(&mut x2, &mut x3);
            std::mem::swap(&mut z2, &mut z3);
        }
        let (sum, difference) = ((&x2 + &z2) % &p, minus(&x2, &z2));
        let (sum_squared, difference_squared) = (&sum * &sum % &p, &difference * &difference % &p);
        let cross = minus(&x3, &z3) * sum % &p;
        let other_cross = (&x3 + &z3) * difference % &p;
        let (plus, less) = (&other_cross + &cross, minus(&other_cross, &cross));
        x3 = &plus * &plus % &p;
        z3 = &x * &less % &p * &less % &p;
        let e = minus(&sum_squared, &difference_squared);
        x2 = &sum_squared * &difference_squared % &p;
        z2 = &e * (&sum_squared + 121_665u32 * &e) % &p;
        if bit {
            std::mem::swap(&mut x2, &mut x3);
            std::mem::swap(&mut z2, &mut z3);
        }
    }
    let result = x2 * z2.modpow(&(&p - 2u8), &p) % &p;
    let mut bytes = [0; 32];
    for (to, from) in bytes.iter_mut().zip(result.to_bytes_le()) {
        *to = from;
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(hex: &str) -> [u8; 32] {
        let number = BigUint::parse_bytes(hex.as_bytes(), 16).unwrap_or_default();
        let mut bytes = number.to_bytes_be();
        bytes.splice(0..0, vec![0; 32 - bytes.len()]);
        bytes.try_into().unwrap_or_default()
    }

    #[test]
    fn points_are_multiplied_as_in_rfc_7748() {
        for (scalar, point, product) in [
            (
                "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
                "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
                "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552",
            ),
            (
                "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
                "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
                "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957",
            ),
        ] {
            assert_eq!(multiply(number(scalar), number(point)), number(product));
        }
    }

    #[test]
    fn a_public_key_is_the_base_point_multiplied() {
        // RFC 7748, section 6.1: Alice's keys.
        let private = number("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
        let mut private = private.iter();
        let mut random = |bytes: &mut [u8]| {
            bytes.fill_with(|| private.next().copied().unwrap_or_default());
        };
        assert_eq!(
            public_key(&mut random),
            number("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a")
        );
    }
}
