//! The wire as the client sees it: requests and updates as TL bytes, connections behind the scenes.

mod exchange;
#[cfg(test)]
pub(crate) mod fake;
mod given;
mod init;
mod native;
mod pool;
mod portion;
mod reader;
mod shared;
mod stream;
mod updates;

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;

use crate::error::Cause;
use crate::{DcId, Error};

pub use given::{Taker, Ticket};
pub use native::NativeEngine;
pub use pool::PoolEngine;
#[doc(hidden)]
pub use shared::Frames;
pub(crate) use shared::{Joined, SharedEngine};
pub use updates::UpdatesStream;

/// A boxed future, so that engines are interchangeable at run time.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// One serialized function and how it may travel.
#[derive(Clone, Debug)]
pub struct Request {
    /// The DC to ask.
    pub dc: DcId,
    /// The function as TL bytes, constructor id first.
    pub body: Bytes,
    /// Which of the DC's connections it takes.
    pub lane: Lane,
    /// The server may execute it twice without harm: so it may be sent again when nobody knows whether it was.
    pub repeatable: bool,
}

/// The kinds of connections to one DC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lane {
    /// Calls and updates: one connection.
    Calls,
    /// Parts of files: several connections, so that they do not hold up calls.
    Files,
    /// Parts of files from a CDN, which is not Telegram's: it has keys of its own and does not learn who asks.
    Cdn,
}

impl Lane {
    /// Whether nobody waits for updates over it.
    pub fn is_for_files(self) -> bool {
        self != Lane::Calls
    }
}

/// Sends requests and receives updates. Implementations connect and reconnect by themselves and never panic.
pub trait Engine: Send + Sync + 'static {
    /// Sends a request and returns the serialized result.
    ///
    /// Connecting is limited in time, waiting for the answer is not: callers drop the future.
    fn invoke(&self, request: Request) -> BoxFuture<'_, Result<Bytes, InvokeError>>;

    /// Sends a request whose outcome goes to a function, for those who have many on their way. To be called within the
    /// runtime.
    fn give(self: Arc<Self>, request: Request, taker: Taker) -> Ticket {
        given::spawn(self, request, taker)
    }

    /// Updates from now on. Whoever listened before gets no more of them.
    fn updates(&self) -> UpdatesStream;

    /// Offers whoever waits for updates here to watch the socket that they come over ([`crate::watch`]).
    fn offer_updates(&self) {}

    /// Connects to where updates come from, if somebody listens.
    fn listen(&self);

    /// Says whose updates are wanted: those of the DC that the account lives on.
    fn set_home(&self, dc: DcId);

    /// Makes the next request to a DC use new connections; requests in flight keep theirs.
    fn renew(&self, dc: DcId);

    /// Whether nobody uses this engine for now: then it may give its connections to another process that wants them.
    fn rest(&self, _: bool) {}

    /// The session was logged out and marked so, by this process.
    fn logged_out(&self) {}

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
        /// Where it was tried last, with the proxy where there is one.
        address: String,
        /// Why.
        source: io::Error,
    },
    /// Connected, but no key was agreed on; the request was not sent.
    KeyExchange(Cause),
    /// The server answered with a negative number instead of a message, such as −404: it does not know the key.
    Transport(i32),
    /// The connection ended before the answer came, and the request may not simply be sent again.
    Lost(Cause),
    /// The server refused the request's messages, or its answer cannot be read.
    Unusable(Cause),
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
                address,
                source,
            },
            InvokeError::KeyExchange(source) => Error::KeyExchange { dc, source },
            InvokeError::Transport(code) => Error::Transport { dc, code },
            InvokeError::Lost(source) => Error::Lost {
                dc,
                method: method(),
                source,
            },
            InvokeError::Unusable(source) => Error::Answer {
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
