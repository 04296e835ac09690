//! Updates, each once and none missing: from the home connection, and from the results of the client's own calls, to
//! the one who handles them.
//!
//! [`read`] finds the updates of an object where they lie, [`machine`] puts them in order and says what is missing,
//! [`fetch`] asks for that, [`store`] remembers what was handled, and [`feed`] drives them all.

mod feed;
mod fetch;
mod hands;
mod inbox;
mod machine;
mod read;
mod store;
#[cfg(test)]
mod tests;
mod unreadable;

use bytes::Bytes;

pub use feed::Feed;
pub(crate) use feed::Hold;
pub(crate) use inbox::Inbox;
pub(crate) use store::{AHEAD, SCHEMA, forget};
pub use unreadable::Unreadable;

/// One update.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// TL bytes of one boxed `Update` of the client's schema. Short messages are `updateNewMessage` already; what a
    /// difference brought has −1 for the numbers that differences do not say. The peers that it came with are stored.
    pub update: Bytes,
}
