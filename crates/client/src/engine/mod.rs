//! The wire as the client sees it: requests and updates as TL bytes, one connection per DC behind the scenes.

#[cfg(test)]
pub(crate) mod fake;
mod pool;

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;

use bytes::Bytes;
use tokio::sync::mpsc;

use crate::error::Cause;
use crate::{DcId, Error};

pub use pool::PoolEngine;

/// A boxed future, so that engines are interchangeable at run time.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Updates of the home connection, each the bytes of one boxed `Updates` object, in order of arrival.
///
/// Bounded: what does not fit is dropped, and an `updatesTooLong` stands for it and for what cannot be read, so
/// that the listener asks for the difference.
pub type UpdatesStream = mpsc::Receiver<Vec<u8>>;

/// Sends requests and receives updates. Implementations connect and reconnect by themselves and never panic.
pub trait Engine: Send + Sync {
    /// Sends one serialized function to a DC and returns the serialized result.
    ///
    /// Connecting is limited in time, waiting for the answer is not: callers drop the future.
    fn invoke(&self, dc: DcId, body: Bytes) -> BoxFuture<'_, Result<Vec<u8>, InvokeError>>;

    /// Updates from now on. Whoever listened before gets no more of them.
    fn updates(&self) -> UpdatesStream;

    /// Says whose updates are wanted: those of the DC that the account lives on.
    fn set_home(&self, dc: DcId);

    /// Makes the next request to a DC use a new connection; requests in flight keep theirs.
    fn renew(&self, dc: DcId);

    /// Ends all connections and waits until their sockets are closed.
    fn close(&self) -> BoxFuture<'_, ()>;
}

/// Why an engine has no result.
#[derive(Debug)]
#[non_exhaustive]
pub enum InvokeError {
    /// The server's `rpc_error`.
    Rpc {
        /// Its code, such as 400.
        code: i32,
        /// Its text, such as `FLOOD_WAIT_30`.
        message: String,
    },
    /// No connection; the request was not sent.
    Connect {
        /// The address that was tried last.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// Connected, but no key was agreed on; the request was not sent.
    KeyExchange(Cause),
    /// The server answered with a negative number instead of a message, such as −404: it does not know the key.
    Transport(i32),
    /// The connection ended before the answer came.
    Lost(Cause),
    /// The request is too long, or not made of 32-bit words.
    Size {
        /// Its length in bytes.
        bytes: usize,
        /// The longest that can be sent.
        limit: usize,
    },
    /// The session has no address or no key, or cannot store one.
    Session(Error),
}

impl InvokeError {
    /// The error that callers of the client see.
    pub(crate) fn into_error(self, dc: DcId, method: &str) -> Error {
        let method = || method.to_owned();
        match self {
            InvokeError::Rpc { code, message } => Error::Rpc {
                code,
                name: message,
                method: method(),
            },
            InvokeError::Connect { address, source } => Error::Connect {
                dc,
                address: address.to_string(),
                source,
            },
            InvokeError::KeyExchange(source) => Error::KeyExchange { dc, source },
            InvokeError::Transport(code) => Error::Transport { dc, code },
            InvokeError::Lost(source) => Error::Lost {
                dc,
                method: method(),
                source,
            },
            InvokeError::Size { bytes, limit } => Error::RequestSize {
                method: method(),
                bytes,
                limit,
            },
            InvokeError::Session(error) => error,
        }
    }
}
