//! Key exchanges as both engines make them.

use std::borrow::Cow;
use std::io;
use std::time::Duration;

use madeline_mtproto::{RsaKey, driver};

use super::{InvokeError, Lane};
use crate::{Config, DcId, Error, Session, cdn_keys};

/// The RSA keys of servers to be trusted: those of the configuration, else Telegram's.
pub(super) fn trusted_keys(config: &Config) -> Cow<'_, [RsaKey]> {
    if config.rsa_keys.is_empty() {
        Cow::Owned(RsaKey::telegram().into_iter().collect())
    } else {
        Cow::Borrowed(&config.rsa_keys)
    }
}

/// The same for a connection of one kind; a CDN's are those that Telegram told.
pub(super) fn keys_for<'c>(
    lane: Lane,
    dc: DcId,
    config: &'c Config,
    session: &Session,
) -> Result<Cow<'c, [RsaKey]>, Error> {
    match lane {
        Lane::Cdn => cdn_keys::known(session, config.schema(), dc).map(Cow::Owned),
        Lane::Calls | Lane::Files => Ok(trusted_keys(config)),
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
