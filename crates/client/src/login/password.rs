//! Proving that one knows the 2FA password, without sending it (<https://core.telegram.org/api/srp>).

use grammers_crypto::two_factor_auth::{calculate_2fa, check_p_and_g};
use madeline_mtproto::random::{OsRandom, Random};
use madeline_tl::{FieldError, Value, object};

use crate::Error;

/// The only derivation that Telegram uses for passwords.
pub(super) const ALGORITHM: &str =
    "passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow";

/// Bytes of every number in the exchange.
pub(super) const LEN: usize = 256;

/// What `account.password` says about the check.
struct Parameters {
    salt1: Vec<u8>,
    salt2: Vec<u8>,
    prime: [u8; LEN],
    generator: i64,
    server_value: [u8; LEN],
    id: i64,
}

/// The `InputCheckPasswordSRP` for a password, from an `account.password`.
///
/// Takes some tenths of a second of computing, away from the runtime's own threads.
pub(crate) async fn proof(account: &Value, password: &[u8]) -> Result<Value, Error> {
    if !account.flag("has_password") {
        return Ok(object!("inputCheckPasswordEmpty"));
    }
    let parameters = Parameters::read(account)?;
    let password = password.to_vec();
    let computing = tokio::task::spawn_blocking(move || parameters.prove(&password));
    computing
        .await
        .map_err(|error| refused(&format_args!("it failed: {error}")))?
}

impl Parameters {
    fn read(account: &Value) -> Result<Parameters, Error> {
        let algorithm = account.get("current_algo");
        if !algorithm.is(ALGORITHM) {
            return Err(refused(&format_args!(
                "{ALGORITHM} is wanted, `{}` came",
                algorithm.name()
            )));
        }
        let refuse = |error: FieldError| refused(&error);
        let number = |bytes: &[u8]| {
            pad(bytes).ok_or_else(|| refused(&format_args!("a number has {} bytes", bytes.len())))
        };
        Ok(Parameters {
            salt1: algorithm.bytes("salt1").map_err(refuse)?.to_vec(),
            salt2: algorithm.bytes("salt2").map_err(refuse)?.to_vec(),
            prime: number(algorithm.bytes("p").map_err(refuse)?)?,
            generator: algorithm.int("g").map_err(refuse)?,
            server_value: number(account.bytes("srp_B").map_err(refuse)?)?,
            id: account.int("srp_id").map_err(refuse)?,
        })
    }

    /// Refuses parameters with which a hostile server could learn the password.
    fn check(&self) -> Result<i32, Error> {
        let generator = check_group(&self.prime, self.generator)?;
        check_range("B", &self.server_value, &self.prime)?;
        Ok(generator)
    }

    fn prove(&self, password: &[u8]) -> Result<Value, Error> {
        let generator = self.check()?;
        let mut secret = [0; LEN];
        OsRandom.fill(&mut secret);
        let (proof, own_value) = calculate_2fa(
            &self.salt1,
            &self.salt2,
            &self.prime,
            &generator,
            self.server_value.to_vec(),
            secret.to_vec(),
            password,
        );
        check_range("A", &own_value, &self.prime)?;
        Ok(object!("inputCheckPasswordSRP", srp_id: self.id, A: own_value, M1: proof))
    }
}

/// Refuses a group in which a hostile server could learn the password. Gives the generator.
pub(super) fn check_group(prime: &[u8; LEN], generator: i64) -> Result<i32, Error> {
    let number = i32::try_from(generator)
        .ok()
        .filter(|generator| (2..=7).contains(generator));
    let number =
        number.ok_or_else(|| refused(&format_args!("g must be 2 to 7, {generator} came")))?;
    let [first, ..] = prime;
    if *first < 0x80 || !check_p_and_g(prime, &number) {
        return Err(refused(
            &"p is no safe 2048-bit prime, or g generates no large subgroup",
        ));
    }
    Ok(number)
}

/// The number with leading zeros; `None` when it is too long.
pub(super) fn pad(number: &[u8]) -> Option<[u8; LEN]> {
    let mut padded = [0; LEN];
    padded
        .get_mut(LEN.checked_sub(number.len())?..)?
        .copy_from_slice(number);
    Some(padded)
}

/// `2^(2048-64) <= value <= prime - 2^(2048-64)`: <https://core.telegram.org/mtproto/security_guidelines>.
fn check_range(name: &str, value: &[u8; LEN], prime: &[u8; LEN]) -> Result<(), Error> {
    let is_large = |number: &[u8; LEN]| number.iter().take(8).any(|byte| *byte != 0);
    if is_large(value) && subtract(prime, value).is_some_and(|rest| is_large(&rest)) {
        return Ok(());
    }
    Err(refused(&format_args!(
        "{name} is not in the permitted range"
    )))
}

/// The difference of two big-endian numbers; `None` when it is negative.
fn subtract(minuend: &[u8; LEN], subtrahend: &[u8; LEN]) -> Option<[u8; LEN]> {
    let mut difference = *minuend;
    let mut borrow = false;
    for (digit, other) in difference.iter_mut().zip(subtrahend).rev() {
        let (once, below) = digit.overflowing_sub(*other);
        let (twice, again) = once.overflowing_sub(borrow.into());
        (*digit, borrow) = (twice, below || again);
    }
    (!borrow).then_some(difference)
}

pub(super) fn refused(why: &dyn std::fmt::Display) -> Error {
    Error::Security {
        what: format!("the server's parameters of the password check cannot be used: {why}"),
    }
}

#[cfg(test)]
pub(super) mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use madeline_tl::{Value, object};

    use super::{ALGORITHM, proof};
    use crate::Error;

    /// The prime that Telegram uses, with 3 as generator.
    const PRIME: &str = "\
        c71caeb9c6b1c9048e6c522f70f13f73980d40238e3e21c14934d037563d930f48198a0aa7c14058229493d22530f4db\
        fa336f6e0ac925139543aed44cce7c3720fd51f69458705ac68cd4fe6b6b13abdc9746512969328454f18faf8c595f64\
        2477fe96bb2a941d5bcd1d4ac8cc49880708fa9b378e3c4f3a9060bee67cf9a4a4a695811051907e162753b56b0f6b41\
        0dba74d8a84b2a14b3144e0ef1284754fd17ed950d5965b4b9dd46582db1178d169c6bc465b0d6ff9ca3928fef5b9ae4\
        e418fc15e83ebea0f87fa9ff5eed70050ded2849f47bf959d956850ce929851f0d8115f635b105ee2e4e15d04b2454bf\
        6f4fadf034b10403119cd8e3b92fcc5b";

    pub(in crate::login) fn prime() -> Vec<u8> {
        (0..PRIME.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&PRIME[at..at + 2], 16).unwrap())
            .collect()
    }

    pub(in crate::login) fn account(
        prime: Vec<u8>,
        generator: i32,
        server_value: Vec<u8>,
    ) -> Value {
        let algorithm =
            object!(ALGORITHM, salt1: b"salt one", salt2: b"salt two", g: generator, p: prime);
        object!("account.password", has_password: true, current_algo: algorithm, srp_id: 7_i64, srp_B: server_value,
            new_algo: object!("passwordKdfAlgoUnknown"), secure_random: b"",
            new_secure_algo: object!("securePasswordKdfAlgoUnknown"))
    }

    fn less(number: &[u8], by: u8) -> Vec<u8> {
        let mut number = number.to_vec();
        *number.last_mut().unwrap() -= by;
        number
    }

    #[tokio::test]
    async fn good_parameters_give_a_proof_that_is_new_each_time() {
        let account = account(prime(), 3, vec![0x55; 256]);
        let first = proof(&account, b"secret").await.unwrap();
        let second = proof(&account, b"secret").await.unwrap();
        for proof in [&first, &second] {
            assert!(proof.is("inputCheckPasswordSRP"));
            assert_eq!(proof.int("srp_id").unwrap(), 7);
            assert_eq!(proof.bytes("A").unwrap().len(), 256);
            assert_eq!(proof.bytes("M1").unwrap().len(), 32);
        }
        assert_ne!(first.bytes("A").unwrap(), second.bytes("A").unwrap());
    }

    #[tokio::test]
    async fn an_account_without_a_password_needs_no_proof() {
        let proof = proof(&object!("account.password"), b"secret")
            .await
            .unwrap();
        assert!(proof.is("inputCheckPasswordEmpty"));
    }

    #[tokio::test]
    async fn parameters_that_would_give_the_password_away_are_refused() {
        let good = vec![0x55; 256];
        let mut small_prime = prime();
        small_prime[0] = 0x47;
        let short = prime()[1..].to_vec();
        let long = [prime(), vec![0]].concat();
        let mut tiny = vec![0; 256];
        tiny[255] = 1;
        let cases = [
            ("no prime", account(less(&prime(), 1), 3, good.clone())),
            (
                "a prime that is too small",
                account(small_prime, 3, good.clone()),
            ),
            ("a short prime", account(short, 3, good.clone())),
            ("a long prime", account(long, 3, good.clone())),
            ("no prime at all", account(Vec::new(), 3, good.clone())),
            (
                "a generator of another group",
                account(prime(), 2, good.clone()),
            ),
            ("no generator", account(prime(), 8, good.clone())),
            ("a negative generator", account(prime(), -3, good.clone())),
            ("B is 0", account(prime(), 3, vec![0; 256])),
            ("B is 1", account(prime(), 3, tiny)),
            ("no B", account(prime(), 3, Vec::new())),
            ("B is p", account(prime(), 3, prime())),
            ("B is p - 1", account(prime(), 3, less(&prime(), 1))),
            ("B is above p", account(prime(), 3, vec![0xff; 256])),
            ("B is too long", account(prime(), 3, vec![0x55; 257])),
            (
                "another algorithm",
                object!("account.password", has_password: true,
                current_algo: object!("passwordKdfAlgoUnknown"), srp_id: 7_i64, srp_B: good),
            ),
        ];
        for (name, account) in cases {
            let outcome = proof(&account, b"secret").await;
            assert!(
                matches!(outcome, Err(Error::Security { .. })),
                "{name}: {outcome:?}"
            );
        }
    }
}
