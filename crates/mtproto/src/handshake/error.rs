//! Why an exchange ends without a key.

use std::fmt;

use super::factorization::FactorizationError;
use crate::rsa;

/// The message with which something is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Step {
    /// The server's `resPQ`.
    ResPq,
    /// The server's `Server_DH_Params`, or the `server_DH_inner_data` in it.
    ServerDhParams,
    /// The server's `Set_client_DH_params_answer`.
    DhGen,
    /// The client's `req_pq_multi`.
    ReqPq,
    /// The client's `req_DH_params`, or the `P_Q_inner_data` in it.
    ReqDhParams,
    /// The client's `set_client_DH_params`, or the `client_DH_inner_data` in it.
    SetClientDhParams,
}

impl fmt::Display for Step {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::ResPq => "resPQ",
            Self::ServerDhParams => "Server_DH_Params",
            Self::DhGen => "Set_client_DH_params_answer",
            Self::ReqPq => "req_pq_multi",
            Self::ReqDhParams => "req_DH_params",
            Self::SetClientDhParams => "set_client_DH_params",
        })
    }
}

/// Why an exchange ended without a key.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// Something else came than this message, or it is malformed.
    Unexpected {
        /// What was due.
        step: Step,
        /// The constructor that came; `None` when there is none.
        constructor: Option<u32>,
    },
    /// `nonce` is not the one of this exchange.
    Nonce(Step),
    /// `server_nonce` is not the one of this exchange.
    ServerNonce(Step),
    /// `new_nonce_hash` or one of `new_nonce_hash1`…`3` is not the hash of our `new_nonce`.
    NewNonceHash(Step),
    /// `pq` is no product of two different primes.
    Factorization(FactorizationError),
    /// The server has none of the RSA keys that we know.
    UnknownFingerprints {
        /// The fingerprints of the server's keys.
        offered: Vec<i64>,
        /// The fingerprints of the keys we know.
        known: Vec<i64>,
    },
    /// RSA failed.
    Rsa(rsa::Error),
    /// `encrypted_answer` or `encrypted_data` is too short or no whole number of cipher blocks.
    EncryptedLength {
        /// In which message.
        step: Step,
        /// Its length in bytes.
        bytes: usize,
    },
    /// The SHA1 in front of the decrypted data is not that of the data.
    DataHash(Step),
    /// `dh_prime` does not have 2048 bits.
    PrimeSize {
        /// How many it has.
        bits: u64,
    },
    /// `dh_prime` is not a safe prime.
    PrimeNotSafe,
    /// `g` does not generate the wanted subgroup modulo `dh_prime`, or is none of 2…7.
    Generator {
        /// The generator.
        g: i32,
    },
    /// `g_a` or `g_b` is not between 1 and `dh_prime` − 1, or too close to one of them.
    PublicValue {
        /// In which message.
        step: Step,
    },
    /// The server sent `server_DH_params_fail`.
    ServerDhParamsFail,
    /// The server sent `dh_gen_fail`.
    DhGenFail,
    /// The server asked again and again for another `g_b`.
    TooManyRetries,
    /// The source of random bytes repeats itself.
    NotRandom,
    /// The client's proof of work is wrong: `p` and `q` are not the factors of `pq`.
    Factors,
    /// The client encrypted for an RSA key that this server does not have.
    UnknownFingerprint {
        /// Its fingerprint.
        got: i64,
    },
    /// The client wants to speak to another DC.
    WrongDc {
        /// The DC it names.
        got: i32,
        /// This one.
        expected: i32,
    },
    /// `retry_id` is neither 0 nor that of the key that was refused.
    RetryId,
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unexpected {
                step,
                constructor: Some(constructor),
            } => {
                write!(
                    formatter,
                    "expected {step}, got constructor {constructor:#010x} or a malformed message"
                )
            }
            Self::Unexpected {
                step,
                constructor: None,
            } => write!(formatter, "expected {step}, got too few bytes"),
            Self::Nonce(step) => write!(formatter, "{step}: nonce is not that of this exchange"),
            Self::ServerNonce(step) => write!(
                formatter,
                "{step}: server_nonce is not that of this exchange"
            ),
            Self::NewNonceHash(step) => write!(formatter, "{step}: the hash of new_nonce is wrong"),
            Self::Factorization(error) => write!(formatter, "resPQ: {error}"),
            Self::UnknownFingerprints { offered, known } => {
                formatter.write_str(
                    "the server has none of the RSA keys known here: it offers the fingerprints ",
                )?;
                write_fingerprints(formatter, offered)?;
                formatter.write_str(", known are ")?;
                write_fingerprints(formatter, known)
            }
            Self::Rsa(error) => write!(formatter, "RSA: {error}"),
            Self::EncryptedLength { step, bytes } => {
                write!(formatter, "{step}: {bytes} encrypted bytes are impossible")
            }
            Self::DataHash(step) => {
                write!(formatter, "{step}: the hash of the decrypted data is wrong")
            }
            Self::PrimeSize { bits } => {
                write!(formatter, "dh_prime has {bits} bits instead of 2048")
            }
            Self::PrimeNotSafe => formatter.write_str("dh_prime is not a safe prime"),
            Self::Generator { g } => write!(
                formatter,
                "g = {g} generates no subgroup of prime order modulo dh_prime"
            ),
            Self::PublicValue { step } => write!(
                formatter,
                "{step}: the public value is outside of the safe range"
            ),
            Self::ServerDhParamsFail => {
                formatter.write_str("the server refused with server_DH_params_fail")
            }
            Self::DhGenFail => formatter.write_str("the server refused the key with dh_gen_fail"),
            Self::TooManyRetries => {
                formatter.write_str("the server refused one key after the other with dh_gen_retry")
            }
            Self::NotRandom => formatter.write_str("the source of random bytes repeats itself"),
            Self::Factors => {
                formatter.write_str("req_DH_params: p and q are not the factors of pq")
            }
            Self::UnknownFingerprint { got } => {
                write!(
                    formatter,
                    "req_DH_params: this server has no RSA key {got:016x}"
                )
            }
            Self::WrongDc { got, expected } => write!(
                formatter,
                "req_DH_params: for DC {got}, but this is {expected}"
            ),
            Self::RetryId => {
                formatter.write_str("set_client_DH_params: retry_id is not that of the refused key")
            }
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Factorization(error) => Some(error),
            Self::Rsa(error) => Some(error),
            _ => None,
        }
    }
}

/// In hexadecimal, as Telegram's own pages and most clients show them.
fn write_fingerprints(formatter: &mut fmt::Formatter<'_>, fingerprints: &[i64]) -> fmt::Result {
    if fingerprints.is_empty() {
        return formatter.write_str("none");
    }
    for (index, fingerprint) in fingerprints.iter().enumerate() {
        let separator = if index == 0 { "" } else { ", " };
        write!(formatter, "{separator}{fingerprint:016x}")?;
    }
    Ok(())
}
