//! Key exchanges as both engines make them.

use std::borrow::Cow;
use std::io;
use std::time::Duration;

use madeline_mtproto::{RsaKey, driver};

use super::InvokeError;
use crate::Config;

/// The RSA keys of servers to be trusted: those of the configuration, else Telegram's.
pub(super) fn trusted_keys(config: &Config) -> Cow<'_, [RsaKey]> {
    if config.rsa_keys.is_empty() {
        Cow::Owned(RsaKey::telegram().into_iter().collect())
    } else {
        Cow::Borrowed(&config.rsa_keys)
    }
}

/// Tells a network that failed, where another address may do, from an exchange that did.
pub(super) fn failure(error: driver::Error) -> InvokeError {
    let address = error.address.to_string();
    let source = match error.cause {
        driver::Cause::Dial(source) => source.into(),
        driver::Cause::Io(source) => source,
        driver::Cause::Timeout(limit) => connect_timeout(limit),
        driver::Cause::Closed => {
            io::Error::new(io::ErrorKind::UnexpectedEof, error.cause.to_string())
        }
        _ => return InvokeError::KeyExchange(error.into()),
    };
    InvokeError::Connect { address, source }
}

/// The error of a connection that was not there in time.
pub(super) fn connect_timeout(limit: Duration) -> io::Error {
    io::Error::new(
        io::ErrorKind::TimedOut,
        format!("no answer within {} s", limit.as_secs_f64()),
    )
}
