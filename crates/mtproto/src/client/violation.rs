//! What may be wrong with a server's messages, and how often it was.

use std::fmt;
use std::time::Duration;

use crate::MsgId;
use crate::envelope;

/// A rule that a frame breaks: the connection it came over has to be closed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Violation {
    /// The envelope can't be accepted by itself.
    Envelope(envelope::Error),
    /// The message is older than 300 seconds.
    TooOld {
        /// Its identifier.
        msg_id: MsgId,
        /// The server's time in Unix seconds.
        server: i64,
    },
    /// The message is more than 30 seconds ahead.
    TooNew {
        /// Its identifier.
        msg_id: MsgId,
        /// The server's time in Unix seconds.
        server: i64,
    },
    /// The message is older than all that are remembered, so it may be a repetition.
    Forgotten {
        /// Its identifier.
        msg_id: MsgId,
        /// The highest identifier that is no longer remembered.
        forgotten: MsgId,
    },
    /// A container with a wrong number of messages, wrong lengths, or a container in it; or one that was packed.
    Container {
        /// The identifier of the envelope.
        msg_id: MsgId,
    },
    /// A message in a container is not older than the container.
    ContainerOrder {
        /// The container's identifier.
        container: MsgId,
        /// The message's identifier.
        inner: MsgId,
    },
    /// The server refuses this session's numbers again and again: the session goes on under another identifier.
    OutOfStep {
        /// The last code of [`crate::service::bad_msg`].
        code: i32,
    },
}

impl Violation {
    /// As what it is counted.
    pub fn count(&self) -> Count {
        match self {
            Self::Envelope(error) => match error {
                envelope::Error::FrameLength { .. } => Count::FrameLength,
                envelope::Error::AuthKeyId { .. } => Count::AuthKeyId,
                envelope::Error::MsgKey => Count::MsgKey,
                envelope::Error::DataLength { .. } => Count::DataLength,
                envelope::Error::Padding { .. } => Count::Padding,
                envelope::Error::SessionId { .. } => Count::SessionId,
                envelope::Error::Origin { .. } => Count::Origin,
            },
            Self::TooOld { .. } => Count::TooOld,
            Self::TooNew { .. } => Count::TooNew,
            Self::Forgotten { .. } => Count::Forgotten,
            Self::Container { .. } | Self::ContainerOrder { .. } => Count::Container,
            Self::OutOfStep { .. } => Count::OutOfStep,
        }
    }
}

impl From<envelope::Error> for Violation {
    fn from(error: envelope::Error) -> Self {
        Self::Envelope(error)
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Envelope(error) => error.fmt(formatter),
            Self::TooOld { msg_id, server } => write!(
                formatter,
                "expected a message at most 300 seconds old at {server}, got one of {}",
                msg_id.seconds()
            ),
            Self::TooNew { msg_id, server } => write!(
                formatter,
                "expected a message at most 30 seconds ahead of {server}, got one of {}",
                msg_id.seconds()
            ),
            Self::Forgotten { msg_id, forgotten } => write!(
                formatter,
                "expected a message newer than {forgotten}, the last that is not remembered, got {msg_id}"
            ),
            Self::Container { msg_id } => write!(
                formatter,
                "expected a container of at most 1020 whole messages that are no containers, got something else in {msg_id}"
            ),
            Self::ContainerOrder { container, inner } => write!(
                formatter,
                "expected messages older than their container {container}, got {inner}"
            ),
            Self::OutOfStep { code } => write!(
                formatter,
                "expected the server to accept the session's numbers, got bad_msg_notification {code} again"
            ),
        }
    }
}

impl std::error::Error for Violation {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Envelope(error) => Some(error),
            _ => None,
        }
    }
}

/// The server says nothing although it should: the connection has to be closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Silence {
    /// A ping was not answered.
    Pong {
        /// How long it was waited for.
        waited: Duration,
    },
}

impl fmt::Display for Silence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pong { waited } => write!(
                formatter,
                "expected the answer to a ping, got nothing for {} seconds",
                waited.as_secs()
            ),
        }
    }
}

impl std::error::Error for Silence {}

macro_rules! counts {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// What is counted: violations, which close the connection, and what is dropped.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Count {
            $($(#[$doc])* $name,)*
        }

        const ALL: &[Count] = &[$(Count::$name),*];

        impl Count {
            /// A short name.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }
        }
    };
}

counts! {
    /// A frame too short or with half blocks.
    FrameLength = "frame length",
    /// A message for another key.
    AuthKeyId = "auth_key_id",
    /// A message that was changed on its way.
    MsgKey = "msg_key",
    /// A wrong length inside.
    DataLength = "length",
    /// Too much or too little padding.
    Padding = "padding",
    /// A message for another session.
    SessionId = "session_id",
    /// An identifier that servers don't use.
    Origin = "msg_id parity",
    /// A message of the past.
    TooOld = "msg_id too old",
    /// A message of the future.
    TooNew = "msg_id too new",
    /// A message older than all that are remembered.
    Forgotten = "msg_id forgotten",
    /// A container that breaks the rules.
    Container = "container",
    /// The session had to be replaced.
    OutOfStep = "out of step",
    /// A ping without answer.
    Silence = "silence",
    /// Dropped: a message that was seen before. The server repeats what was not acknowledged.
    Repeated = "repeated",
    /// Dropped: a message in a container, older than all that are remembered.
    Unverifiable = "unverifiable",
    /// Dropped: an answer to, or news of, something that is not waited for.
    UnknownAnswer = "unknown answer",
    /// Dropped: a message that is no TL of the protocol.
    Malformed = "malformed",
    /// Dropped: packed data that can't be unpacked within the limit.
    Unpackable = "unpackable",
}

/// How often each thing was wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violations([u32; ALL.len()]);

impl Default for Violations {
    fn default() -> Self {
        Self([0; ALL.len()])
    }
}

impl Violations {
    /// How often that was.
    pub fn of(&self, count: Count) -> u64 {
        self.0.get(count as usize).copied().unwrap_or(0).into()
    }

    /// What happened at all.
    pub fn iter(&self) -> impl Iterator<Item = (Count, u64)> + '_ {
        ALL.iter()
            .map(|&count| (count, self.of(count)))
            .filter(|&(_, times)| times > 0)
    }

    /// All together.
    pub fn total(&self) -> u64 {
        self.iter().map(|(_, times)| times).sum()
    }

    pub(super) fn add(&mut self, count: Count) {
        if let Some(times) = self.0.get_mut(count as usize) {
            *times = times.saturating_add(1);
        }
    }
}
