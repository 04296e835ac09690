//! The server's side of two-step verification, <https://core.telegram.org/api/srp>.
//!
//! Numbers are 256 bytes, big-endian. Passwords of the world file are known in the clear, so the verifier is computed
//! from them; of a password that was set later it is what the client sent. Proofs are checked as Telegram checks them.

use hmac::Hmac;
use madeline_mtproto::handshake::DhGroup;
use madeline_mtproto::random::{OsRandom, Random};
use num_bigint::BigUint;
use sha2::{Digest, Sha256, Sha512};

const SIZE: usize = 256;
const ITERATIONS: u32 = 100_000;

/// The public parameters of one account's password.
#[derive(Clone, Debug)]
pub(crate) struct Params {
    pub(crate) salt1: Vec<u8>,
    pub(crate) salt2: Vec<u8>,
    pub(crate) g: i32,
    pub(crate) p: Vec<u8>,
}

/// What the server keeps of a password: `v = g^x mod p`.
#[derive(Clone, Debug)]
pub(crate) struct Verifier {
    params: Params,
    v: BigUint,
}

/// The server's `b` and `B`, good for one proof.
#[derive(Clone, Debug)]
pub(crate) struct Challenge {
    b: BigUint,
    public: Vec<u8>,
}

impl Params {
    /// New salts, over the group of Telegram's key exchange.
    pub(crate) fn new() -> Self {
        let group = DhGroup::telegram();
        let mut salt1 = [0; 40];
        let mut salt2 = [0; 16];
        OsRandom.fill(&mut salt1);
        OsRandom.fill(&mut salt2);
        Params {
            salt1: salt1.to_vec(),
            salt2: salt2.to_vec(),
            g: group.g(),
            p: padded(group.prime()),
        }
    }
}

impl Challenge {
    /// `srp_B`.
    pub(crate) fn public(&self) -> &[u8] {
        &self.public
    }
}

impl Verifier {
    pub(crate) fn new(params: Params, password: &str) -> Self {
        let p = BigUint::from_bytes_be(&params.p);
        let x = password_hash(&params, password.as_bytes());
        let v = BigUint::from(params.g.unsigned_abs()).modpow(&BigUint::from_bytes_be(&x), &p);
        Verifier { params, v }
    }

    /// Of a `new_password_hash`, which is `v` itself; `None` where it lies outside of the group.
    pub(crate) fn of_hash(params: Params, hash: &[u8]) -> Option<Self> {
        let (v, p) = (
            BigUint::from_bytes_be(hash),
            BigUint::from_bytes_be(&params.p),
        );
        let one = BigUint::from(1_u8);
        (hash.len() == SIZE && v > one && v < p - one).then_some(Verifier { params, v })
    }

    pub(crate) fn params(&self) -> &Params {
        &self.params
    }

    /// `B = k·v + g^b mod p` for a random `b`.
    pub(crate) fn challenge(&self, b: &[u8; SIZE]) -> Challenge {
        let p = self.p();
        let b = BigUint::from_bytes_be(b);
        let g_b = self.g().modpow(&b, &p);
        let public = padded(&((self.k() * &self.v + g_b) % &p));
        Challenge { b, public }
    }

    /// Whether `A` and `M1` prove that the client knows the password.
    pub(crate) fn accepts(&self, challenge: &Challenge, a: &[u8], m1: &[u8]) -> bool {
        let p = self.p();
        let g_a = BigUint::from_bytes_be(a);
        let one = BigUint::from(1_u8);
        if a.len() > SIZE || g_a <= one || g_a >= &p - &one {
            return false;
        }
        let g_a_bytes = padded(&g_a);
        let u = BigUint::from_bytes_be(&sha256(&[&g_a_bytes, &challenge.public]));
        let shared = (g_a * self.v.modpow(&u, &p) % &p).modpow(&challenge.b, &p);
        let key = sha256(&[&padded(&shared)]);
        let h_p = sha256(&[&padded(&p)]);
        let h_g = sha256(&[&padded(&self.g())]);
        let mixed: Vec<u8> = h_p
            .iter()
            .zip(h_g)
            .map(|(left, right)| left ^ right)
            .collect();
        let expected = sha256(&[
            &mixed,
            &sha256(&[&self.params.salt1]),
            &sha256(&[&self.params.salt2]),
            &g_a_bytes,
            &challenge.public,
            &key,
        ]);
        expected == m1
    }

    fn p(&self) -> BigUint {
        BigUint::from_bytes_be(&self.params.p)
    }

    fn g(&self) -> BigUint {
        BigUint::from(self.params.g.unsigned_abs())
    }

    fn k(&self) -> BigUint {
        BigUint::from_bytes_be(&sha256(&[&padded(&self.p()), &padded(&self.g())]))
    }
}

/// `PH2(password, salt1, salt2)`.
fn password_hash(params: &Params, password: &[u8]) -> [u8; 32] {
    let Params { salt1, salt2, .. } = params;
    let inner = salted(&salted(password, salt1), salt2);
    let mut derived = [0; 64];
    // The only error is an output length of zero blocks or too many; 64 bytes are one block.
    let _ = pbkdf2::pbkdf2::<Hmac<Sha512>>(&inner, salt1, ITERATIONS, &mut derived);
    salted(&derived, salt2)
}

fn salted(data: &[u8], salt: &[u8]) -> [u8; 32] {
    sha256(&[salt, data, salt])
}

fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    hash.finalize().into()
}

fn padded(number: &BigUint) -> Vec<u8> {
    let bytes = number.to_bytes_be();
    let mut out = vec![0; SIZE.saturating_sub(bytes.len())];
    out.extend_from_slice(&bytes);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verifier() -> Verifier {
        Verifier::new(Params::new(), "correct horse")
    }

    fn proof(verifier: &Verifier, challenge: &Challenge, password: &str) -> ([u8; 32], [u8; 256]) {
        let Params { salt1, salt2, g, p } = verifier.params();
        let a = vec![0x5a; 256];
        grammers_crypto::two_factor_auth::calculate_2fa(
            salt1,
            salt2,
            p,
            g,
            challenge.public().to_vec(),
            a,
            password,
        )
    }

    #[test]
    fn the_right_password_is_accepted_and_another_is_not() {
        let verifier = verifier();
        let challenge = verifier.challenge(&[0x33; 256]);
        let (m1, a) = proof(&verifier, &challenge, "correct horse");
        assert!(verifier.accepts(&challenge, &a, &m1));
        let (m1, a) = proof(&verifier, &challenge, "wrong horse");
        assert!(!verifier.accepts(&challenge, &a, &m1));
    }

    #[test]
    fn a_proof_for_one_challenge_fails_for_the_next() {
        let verifier = verifier();
        let first = verifier.challenge(&[0x33; 256]);
        let second = verifier.challenge(&[0x34; 256]);
        let (m1, a) = proof(&verifier, &first, "correct horse");
        assert!(!verifier.accepts(&second, &a, &m1));
    }

    #[test]
    fn an_a_outside_the_group_is_refused() {
        let verifier = verifier();
        let challenge = verifier.challenge(&[0x33; 256]);
        for a in [
            vec![0; 256],
            vec![1],
            verifier.params().p.clone(),
            vec![0xff; 300],
        ] {
            assert!(!verifier.accepts(&challenge, &a, &[0; 32]));
        }
    }
}
