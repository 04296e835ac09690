//! Setting, changing and removing the 2FA password (<https://core.telegram.org/api/srp#setting-a-new-2fa-password>).

use hmac::Hmac;
use madeline_mtproto::random::{OsRandom, Random};
use madeline_tl::{FieldError, Value, object};
use num_bigint::BigUint;
use sha2::{Digest, Sha256, Sha512};

use super::password::{ALGORITHM, LEN, check_group, pad, proof, refused};
use crate::{Client, Error};

/// Random bytes of our own behind the server's first salt.
const OWN_SALT: usize = 32;
const ITERATIONS: u32 = 100_000;

/// What becomes of the 2FA password. Without `Debug`, which would show it.
#[derive(Clone, Default)]
pub struct PasswordChange {
    /// The password so far; of an account without one it does not count.
    pub password: Vec<u8>,
    /// What to change it to.
    pub new: NewPassword,
    /// An address for those who forget the password; the server sends a code there.
    pub email: Option<String>,
}

/// The password afterwards.
#[derive(Clone, Default)]
pub enum NewPassword {
    /// It stays as it is.
    #[default]
    Same,
    /// None.
    Removed,
    /// Another one.
    Set {
        /// The password.
        password: Vec<u8>,
        /// Shown to whoever is asked for it.
        hint: String,
    },
}

impl Client {
    /// Sets, changes or removes the 2FA password of the account, or its recovery address.
    ///
    /// With a new address the server answers `EMAIL_UNCONFIRMED_n`: the change counts once `account.confirmPasswordEmail`
    /// got the code of n digits that it has sent there.
    pub async fn update_2fa(&self, change: PasswordChange) -> Result<(), Error> {
        let account = self.ask(object!("account.getPassword")).await?.value;
        let password = proof(&account, &change.password).await?;
        let (algorithm, hash, hint) = match change.new {
            NewPassword::Same => (None, None, None),
            NewPassword::Removed => {
                let none = object!("passwordKdfAlgoUnknown");
                (Some(none), Some(Vec::new()), Some(String::new()))
            }
            NewPassword::Set { password, hint } => {
                let (algorithm, hash) = derived(&account, password).await?;
                (Some(algorithm), Some(hash), Some(hint))
            }
        };
        let settings = object!("account.passwordInputSettings",
            new_algo: algorithm,
            new_password_hash: hash,
            hint: hint,
            email: change.email,
        );
        let request =
            object!("account.updatePasswordSettings", password: password, new_settings: settings);
        self.ask(request).await.map(drop)
    }
}

/// The parameters of a new password, with a salt of our own in them, and its hash.
///
/// Takes some tenths of a second of computing, away from the runtime's own threads.
async fn derived(account: &Value, password: Vec<u8>) -> Result<(Value, Vec<u8>), Error> {
    let offered = Offered::read(account)?;
    let computing = tokio::task::spawn_blocking(move || {
        let mut own = [0; OWN_SALT];
        OsRandom.fill(&mut own);
        offered.derive(&password, &own)
    });
    computing
        .await
        .map_err(|error| refused(&format_args!("it failed: {error}")))?
}

/// The parameters that the server offers for a new password.
struct Offered {
    salt1: Vec<u8>,
    salt2: Vec<u8>,
    prime: [u8; LEN],
    generator: i64,
}

impl Offered {
    fn read(account: &Value) -> Result<Self, Error> {
        let algorithm = account.get("new_algo");
        if !algorithm.is(ALGORITHM) {
            return Err(refused(&format_args!(
                "{ALGORITHM} is wanted for a new password, `{}` came",
                algorithm.name()
            )));
        }
        let refuse = |error: FieldError| refused(&error);
        let prime = algorithm.bytes("p").map_err(refuse)?;
        Ok(Self {
            salt1: algorithm.bytes("salt1").map_err(refuse)?.to_vec(),
            salt2: algorithm.bytes("salt2").map_err(refuse)?.to_vec(),
            prime: pad(prime)
                .ok_or_else(|| refused(&format_args!("p has {} bytes", prime.len())))?,
            generator: algorithm.int("g").map_err(refuse)?,
        })
    }

    fn derive(mut self, password: &[u8], own: &[u8]) -> Result<(Value, Vec<u8>), Error> {
        let generator = check_group(&self.prime, self.generator)?;
        self.salt1.extend_from_slice(own);
        let x = BigUint::from_bytes_be(&secret(password, &self.salt1, &self.salt2));
        let prime = BigUint::from_bytes_be(&self.prime);
        let hash = BigUint::from(generator.unsigned_abs()).modpow(&x, &prime);
        let hash = pad(&hash.to_bytes_be())
            .ok_or_else(|| refused(&"the hash is longer than p"))?
            .to_vec();
        let algorithm = object!(ALGORITHM,
            salt1: self.salt1, salt2: self.salt2, g: generator, p: self.prime.to_vec());
        Ok((algorithm, hash))
    }
}

/// `PH2(password, salt1, salt2)`
fn secret(password: &[u8], salt1: &[u8], salt2: &[u8]) -> [u8; 32] {
    let inner = salted(&salted(password, salt1), salt2);
    let mut derived = [0; 64];
    // The only error is an output of no blocks or too many; 64 bytes are one block.
    let _ = pbkdf2::pbkdf2::<Hmac<Sha512>>(&inner, salt1, ITERATIONS, &mut derived);
    salted(&derived, salt2)
}

fn salted(data: &[u8], salt: &[u8]) -> [u8; 32] {
    Sha256::new()
        .chain_update(salt)
        .chain_update(data)
        .chain_update(salt)
        .finalize()
        .into()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use madeline_tl::{Value, object};

    use super::{ALGORITHM, OWN_SALT, derived};
    use crate::Error;
    use crate::login::password::tests::prime;

    fn offer(prime: Vec<u8>, generator: i32) -> Value {
        object!("account.password", new_algo: object!(ALGORITHM, salt1: b"8 bytes.", salt2: b"salt two", g: generator, p: prime))
    }

    #[tokio::test]
    async fn a_new_password_has_a_salt_of_our_own_and_another_hash_each_time() {
        let account = offer(prime(), 3);
        let (first, hash) = derived(&account, b"secret".to_vec()).await.unwrap();
        let (second, other) = derived(&account, b"secret".to_vec()).await.unwrap();
        let salt = first.bytes("salt1").unwrap();
        assert!(salt.starts_with(b"8 bytes."));
        assert_eq!(salt.len(), 8 + OWN_SALT);
        assert_ne!(salt, second.bytes("salt1").unwrap());
        assert_eq!((hash.len(), other.len()), (256, 256));
        assert_ne!(hash, other);
        assert_eq!(first.bytes("salt2").unwrap(), b"salt two");
    }

    #[tokio::test]
    async fn parameters_that_would_give_the_password_away_are_refused() {
        let mut composite = prime();
        *composite.last_mut().unwrap() -= 1;
        let cases = [
            ("no prime", offer(composite, 3)),
            ("a long prime", offer([prime(), vec![0]].concat(), 3)),
            ("a generator of another group", offer(prime(), 2)),
            ("no generator", offer(prime(), 8)),
            (
                "another algorithm",
                object!("account.password", new_algo: object!("passwordKdfAlgoUnknown")),
            ),
            ("none", object!("account.password")),
        ];
        for (name, account) in cases {
            let outcome = derived(&account, b"secret".to_vec()).await;
            assert!(
                matches!(outcome, Err(Error::Security { .. })),
                "{name}: {outcome:?}"
            );
        }
    }
}
