//! The wire as the client sees it: requests and updates as TL bytes, one connection per DC behind the scenes.

use std::future::Future;
use std::pin::Pin;

use bytes::Bytes;
use tokio::sync::mpsc;

use crate::DcId;

/// A boxed future, so that engines are interchangeable at run time.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Updates of the home connection, each the bytes of one boxed `Updates` object, in order of arrival.
pub type UpdatesStream = mpsc::Receiver<Vec<u8>>;

/// Sends requests and receives updates. Implementations reconnect by themselves and never panic.
pub trait Engine: Send + Sync {
    /// Sends one serialized function to a DC and returns the serialized result.
    fn invoke(&self, dc: DcId, body: Bytes) -> BoxFuture<'_, Result<Vec<u8>, InvokeError>>;

    /// Updates from now on. Whoever listened before gets no more of them.
    fn updates(&self) -> UpdatesStream;

    /// Closes the connection to a DC, if there is one; requests in flight fail.
    fn disconnect(&self, dc: DcId);
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
}
