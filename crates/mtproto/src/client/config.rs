//! Limits and intervals.

use std::time::Duration;

use crate::container::MAX_MESSAGES;

/// Limits and intervals of a session.
#[derive(Clone, Debug)]
pub struct Config {
    /// Largest size in bytes to which a `gzip_packed` of the server may grow.
    pub max_inflated: usize,
    /// Functions of at least this many bytes are sent as `gzip_packed` when that is smaller. `None`: never. Parts of
    /// files are never packed.
    pub compress_from: Option<usize>,
    /// Bytes that a container may have; a larger message travels alone.
    pub container_bytes: usize,
    /// Messages that a container may have, at most [`MAX_MESSAGES`].
    pub container_messages: usize,
    /// So many unacknowledged messages of the server are acknowledged at once.
    pub ack_at: usize,
    /// Fewer are acknowledged after this time, or with whatever is sent before.
    pub ack_after: Duration,
    /// Interval of `ping_delay_disconnect`.
    pub ping_every: Duration,
    /// Time for the answer to a ping, after which a connection on which nothing else came either counts as dead.
    pub pong_within: Duration,
    /// A call without any sign from the server for this long is asked about: MadelineProto's `rpcResendTimeout`.
    pub resend_after: Duration,
    /// Salts that are fetched at a time.
    pub future_salts: u8,
    /// They are fetched when fewer than these are left for later.
    pub min_future_salts: u8,
}

impl Default for Config {
    /// What the fields' documentation leaves open: 32 MiB, nothing is packed, containers of 1 MiB with their
    /// envelope and 1020 messages, 16 acknowledgements or half a second, a ping each minute with 15 seconds for its
    /// answer, 10 seconds, 32 salts when fewer than 4 are left.
    fn default() -> Self {
        Self {
            max_inflated: 32 << 20,
            compress_from: None,
            container_bytes: (1 << 20) - 128,
            container_messages: MAX_MESSAGES,
            ack_at: 16,
            ack_after: Duration::from_millis(500),
            ping_every: Duration::from_secs(60),
            pong_within: Duration::from_secs(15),
            resend_after: Duration::from_secs(10),
            future_salts: 32,
            min_future_salts: 4,
        }
    }
}
