//! What is said to proxies, and by them, before the stream belongs to the client: sans-IO, both sides.
//!
//! Each side is fed with bytes in any portions and says what to do next ([`Progress`]). What they keep is bounded by
//! the longest message of their protocol. [`crate::transport::Secret`] is for the third kind of proxy, whose secret is
//! part of the transport.

pub mod http;
pub mod socks5;

use std::fmt;

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// Name and password for a proxy. `Debug` does not show the password.
#[derive(Clone, PartialEq, Eq)]
pub struct Login {
    /// The name.
    pub user: String,
    /// The password; may be empty.
    pub password: Zeroizing<String>,
}

impl Login {
    /// A name with its password.
    pub fn new(user: impl Into<String>, password: impl Into<String>) -> Self {
        Self {
            user: user.into(),
            password: Zeroizing::new(password.into()),
        }
    }

    /// Compares in constant time.
    fn is(&self, user: &[u8], password: &[u8]) -> bool {
        let (user, password) = (
            self.user.as_bytes().ct_eq(user),
            self.password.as_bytes().ct_eq(password),
        );
        (user & password).into()
    }
}

impl fmt::Debug for Login {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Login")
            .field("user", &self.user)
            .field("password", &"…")
            .finish()
    }
}

/// What a client does next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Read more bytes.
    More,
    /// Send these, then go on: more may have been read already, so with no bytes first.
    Send(Zeroizing<Vec<u8>>),
    /// The stream is the client's. What was read beyond the proxy's answer is its beginning.
    Done {
        /// Bytes that came from behind the proxy.
        excess: Vec<u8>,
    },
}

/// What a proxy does next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// Read more bytes.
    More,
    /// Send these, then go on: more may have been read already, so with no bytes first.
    Send(Vec<u8>),
    /// Connect to `host:port`, then answer with `granted` or `refused`.
    Connect {
        /// A name or an address, with its port; IPv6 addresses in brackets.
        target: String,
        /// Bytes that came after the request.
        excess: Vec<u8>,
    },
    /// Send these and close.
    Refuse(Vec<u8>),
}
