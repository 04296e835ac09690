//! Streams that keep their order, break, and may be overtaken by those that come after them.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use crate::chance::Chance;
use crate::plan::{SECOND, Time};

/// Connections are numbered in the order in which they are made.
pub(crate) type ConnectionId = u64;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum To {
    Server,
    Client,
}

/// One direction of a connection.
#[derive(Default)]
struct Stream {
    sent: u64,
    arrived: u64,
    last: Time,
    /// Frames from this number on do not arrive.
    ends_at: Option<u64>,
    /// What is under way when the connection breaks may take longer.
    lag: Time,
}

/// What is under way.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Frame {
    pub(crate) connection: ConnectionId,
    pub(crate) to: To,
    pub(crate) bytes: Vec<u8>,
    /// The number in its stream; `None` for what an attacker adds.
    number: Option<u64>,
    /// It has waited for the lag of its stream.
    lagged: bool,
    /// How often the server had forgotten things when it was sent.
    pub(crate) age: u32,
}

impl Frame {
    /// Whether an attacker added it, to whatever connection there is.
    pub(crate) fn is_injected(&self) -> bool {
        self.number.is_none()
    }
}

#[derive(Default)]
pub(crate) struct Network {
    streams: BTreeMap<(ConnectionId, To), Stream>,
    under_way: BinaryHeap<Reverse<(Time, u64, Frame)>>,
    order: u64,
}

impl Network {
    pub(crate) fn send(
        &mut self,
        now: Time,
        delay: Time,
        (connection, to): (ConnectionId, To),
        bytes: Vec<u8>,
        age: u32,
    ) {
        let stream = self.streams.entry((connection, to)).or_default();
        let at = stream.last.max(now + delay);
        stream.last = at;
        let number = Some(stream.sent);
        stream.sent += 1;
        let frame = Frame {
            connection,
            to,
            bytes,
            number,
            lagged: false,
            age,
        };
        self.push(at, frame);
    }

    /// Adds a frame that has arrived once more.
    pub(crate) fn inject(&mut self, at: Time, frame: &Frame) {
        let number = None;
        let frame = Frame {
            number,
            ..frame.clone()
        };
        self.push(at, frame);
    }

    pub(crate) fn next_at(&self) -> Option<Time> {
        self.under_way.peek().map(|Reverse((at, ..))| *at)
    }

    /// The next frame that arrives by `now`.
    pub(crate) fn arrival(&mut self, now: Time) -> Option<Frame> {
        while self.next_at()? <= now {
            let Reverse((_, _, mut frame)) = self.under_way.pop()?;
            let Some(number) = frame.number else {
                return Some(frame);
            };
            let stream = self
                .streams
                .entry((frame.connection, frame.to))
                .or_default();
            if stream.ends_at.is_some_and(|end| number >= end) {
                continue;
            }
            if stream.lag > 0 && !frame.lagged {
                frame.lagged = true;
                let at = now + stream.lag;
                self.push(at, frame);
                continue;
            }
            stream.arrived = number + 1;
            return Some(frame);
        }
        None
    }

    /// Breaks a connection: of what is under way in each direction, the first part arrives, perhaps late.
    pub(crate) fn break_off(&mut self, connection: ConnectionId, chance: &mut Chance) {
        let lag = if chance.once_in(2) {
            chance.below(6 * SECOND)
        } else {
            0
        };
        for to in [To::Server, To::Client] {
            let stream = self.streams.entry((connection, to)).or_default();
            if stream.ends_at.is_none() {
                let under_way = stream.sent - stream.arrived;
                stream.ends_at = Some(stream.arrived + chance.below(under_way + 1));
                stream.lag = lag;
            }
        }
    }

    /// Nothing of a connection arrives any more.
    pub(crate) fn swallow(&mut self, connection: ConnectionId) {
        for to in [To::Server, To::Client] {
            self.streams.entry((connection, to)).or_default().ends_at = Some(0);
        }
    }

    fn push(&mut self, at: Time, frame: Frame) {
        self.order += 1;
        self.under_way.push(Reverse((at, self.order, frame)));
    }
}
