//! Message identifiers: the time of creation with two low bits that say who wrote the message and why.

use std::fmt;
use std::time::Duration;

/// A [message identifier](https://core.telegram.org/mtproto/description#message-identifier-msg-id): roughly the Unix
/// time multiplied by 2^32.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MsgId(pub i64);

/// Who wrote a message and why: the identifier modulo 4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A client's message: divisible by 4.
    Client,
    /// A server's answer to a client's message: remainder 1.
    ServerAnswer,
    /// Any other message of a server: remainder 3.
    ServerNotice,
}

impl MsgId {
    /// The identifier of a message made at `now`, with all but the two lowest bits taken from the time.
    pub fn at(now: Duration, origin: Origin) -> Self {
        let fraction = (u64::from(now.subsec_nanos()) << 32) / 1_000_000_000;
        let id = (now.as_secs() << 32) | fraction;
        Self(((id & !3) | origin.low_bits()) as i64)
    }

    /// The Unix time in seconds that the identifier says. Negative when the identifier is.
    pub fn seconds(self) -> i64 {
        self.0 >> 32
    }

    /// Who wrote the message; `None` when the two low bits are 2, which nobody may use.
    pub fn origin(self) -> Option<Origin> {
        match self.0 & 3 {
            0 => Some(Origin::Client),
            1 => Some(Origin::ServerAnswer),
            3 => Some(Origin::ServerNotice),
            _ => None,
        }
    }
}

impl Origin {
    fn low_bits(self) -> u64 {
        match self {
            Self::Client => 0,
            Self::ServerAnswer => 1,
            Self::ServerNotice => 3,
        }
    }
}

impl fmt::Debug for MsgId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "MsgId({:#x})", self.0)
    }
}

impl fmt::Display for MsgId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// Gives out identifiers that grow strictly, also when the clock stands still or goes back.
#[derive(Clone, Debug, Default)]
pub struct MsgIdGenerator {
    last: i64,
}

impl MsgIdGenerator {
    /// The next identifier at `now`.
    pub fn next(&mut self, now: Duration, origin: Origin) -> MsgId {
        let by_clock = MsgId::at(now, origin).0;
        let id = if by_clock > self.last {
            by_clock
        } else {
            (((self.last as u64 & !3) + 4) | origin.low_bits()) as i64
        };
        self.last = id;
        MsgId(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_tells_its_time_and_origin() {
        let now = Duration::new(1_700_000_000, 500_000_000);
        let id = MsgId::at(now, Origin::ServerNotice);
        assert_eq!(id.seconds(), 1_700_000_000);
        assert_eq!(id.0 & 0xffff_ffff, 0x8000_0003);
        assert_eq!(id.origin(), Some(Origin::ServerNotice));
        assert_eq!(MsgId(id.0 & !1).origin(), None);
    }

    #[test]
    fn identifiers_grow_when_the_clock_goes_back() {
        let mut generator = MsgIdGenerator::default();
        let first = generator.next(Duration::from_secs(1_700_000_000), Origin::ServerNotice);
        let second = generator.next(Duration::from_secs(1_600_000_000), Origin::ServerAnswer);
        let third = generator.next(Duration::from_secs(1_600_000_000), Origin::Client);
        assert!(first < second && second < third);
        assert_eq!(second.origin(), Some(Origin::ServerAnswer));
        assert_eq!(third.origin(), Some(Origin::Client));
    }
}
