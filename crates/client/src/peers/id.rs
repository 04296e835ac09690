//! Peer ids as the bot API writes them: one signed number for users, groups, channels and secret chats.

use std::fmt;
use std::ops::RangeInclusive;

/// A channel's bot-API id is this minus the channel's own id.
const ZERO_CHANNEL: i64 = -1_000_000_000_000;
/// A secret chat's bot-API id is this plus the chat's own (32-bit, signed) id.
const ZERO_SECRET_CHAT: i64 = -2_000_000_000_000;
/// User ids have 40 bits.
const MAX_USER: i64 = (1 << 40) - 1;
const MAX_CHAT: i64 = 999_999_999_999;
/// The ids of channels and supergroups, which end before the range of secret chats, and those of channels' direct
/// messages ("monoforums"), which begin behind it.
const CHANNELS: [RangeInclusive<i64>; 2] = [
    1..=1_000_000_000_000 - (1 << 31),
    1_000_000_000_001 + (1 << 31)..=3_000_000_000_000,
];

/// What a peer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PeerKind {
    /// A user or bot.
    User,
    /// A basic group.
    Chat,
    /// A channel or supergroup, or the direct messages of a channel.
    Channel,
    /// A secret chat with a user.
    SecretChat,
}

/// A peer: a bot-API id known to lie in one of the ranges.
///
/// User ids are positive, `-id` is a basic group, `-1000000000000 - id` a channel and
/// `-2000000000000 + id` a secret chat (<https://core.telegram.org/api/bots/ids>).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PeerId(i64);

impl PeerId {
    /// Reads a bot-API id; `None` for 0 and for numbers in no range.
    pub fn from_bot_api(id: i64) -> Option<Self> {
        kind(id).map(|_| Self(id))
    }

    /// The user with this id, as Telegram sends it.
    pub fn user(id: i64) -> Option<Self> {
        (1..=MAX_USER).contains(&id).then_some(Self(id))
    }

    /// The basic group with this id, as Telegram sends it: positive.
    pub fn chat(id: i64) -> Option<Self> {
        (1..=MAX_CHAT).contains(&id).then(|| Self(-id))
    }

    /// The channel with this id, as Telegram sends it: positive.
    pub fn channel(id: i64) -> Option<Self> {
        CHANNELS
            .iter()
            .any(|ids| ids.contains(&id))
            .then(|| Self(ZERO_CHANNEL - id))
    }

    /// The secret chat with this id; 0 is none.
    pub fn secret_chat(id: i32) -> Option<Self> {
        (id != 0).then(|| Self(ZERO_SECRET_CHAT + i64::from(id)))
    }

    /// The id in bot-API form.
    pub fn bot_api(self) -> i64 {
        self.0
    }

    /// The id as Telegram's own constructors carry it: positive, except for secret chats.
    pub fn raw(self) -> i64 {
        match self.kind() {
            PeerKind::User => self.0,
            PeerKind::Chat => -self.0,
            PeerKind::Channel => ZERO_CHANNEL - self.0,
            PeerKind::SecretChat => self.0 - ZERO_SECRET_CHAT,
        }
    }

    /// Whether these are the direct messages of a channel.
    pub fn is_monoforum(self) -> bool {
        let [_, monoforums] = CHANNELS;
        self.kind() == PeerKind::Channel && monoforums.contains(&self.raw())
    }

    /// What the peer is.
    pub fn kind(self) -> PeerKind {
        // Every constructor has checked the range.
        kind(self.0).unwrap_or(PeerKind::User)
    }
}

impl fmt::Display for PeerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

fn kind(id: i64) -> Option<PeerKind> {
    if (1..=MAX_USER).contains(&id) {
        Some(PeerKind::User)
    } else if (-MAX_CHAT..0).contains(&id) {
        Some(PeerKind::Chat)
    } else if ZERO_CHANNEL
        .checked_sub(id)
        .is_some_and(|raw| PeerId::channel(raw).is_some())
    {
        Some(PeerKind::Channel)
    } else if id != ZERO_SECRET_CHAT
        && id
            .checked_sub(ZERO_SECRET_CHAT)
            .is_some_and(|raw| i32::try_from(raw).is_ok())
    {
        Some(PeerKind::SecretChat)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn bot_api_ids_fall_into_their_ranges() {
        for (id, kind, raw) in [
            (1, PeerKind::User, 1),
            ((1 << 40) - 1, PeerKind::User, (1 << 40) - 1),
            (-1, PeerKind::Chat, 1),
            (-999_999_999_999, PeerKind::Chat, 999_999_999_999),
            (-1_000_000_000_001, PeerKind::Channel, 1),
            (-1_997_852_516_352, PeerKind::Channel, 997_852_516_352),
            (
                -1_997_852_516_353,
                PeerKind::SecretChat,
                i64::from(i32::MAX),
            ),
            (-2_000_000_000_001, PeerKind::SecretChat, -1),
            (
                -2_002_147_483_648,
                PeerKind::SecretChat,
                i64::from(i32::MIN),
            ),
            (-2_002_147_483_649, PeerKind::Channel, 1_002_147_483_649),
            (-4_000_000_000_000, PeerKind::Channel, 3_000_000_000_000),
        ] {
            let peer = PeerId::from_bot_api(id).unwrap();
            assert_eq!((peer.kind(), peer.raw(), peer.bot_api()), (kind, raw, id));
            assert_eq!(
                peer.is_monoforum(),
                id < -2_002_000_000_000 && kind == PeerKind::Channel
            );
        }
    }

    #[test]
    fn numbers_between_the_ranges_are_no_peers() {
        for id in [
            0,
            1 << 40,
            -1_000_000_000_000,
            -2_000_000_000_000,
            -4_000_000_000_001,
            i64::MIN,
            i64::MAX,
        ] {
            assert_eq!(PeerId::from_bot_api(id), None, "{id}");
        }
    }

    #[test]
    fn telegrams_ids_become_bot_api_ids() {
        assert_eq!(PeerId::user(5).unwrap().bot_api(), 5);
        assert_eq!(PeerId::chat(5).unwrap().bot_api(), -5);
        assert_eq!(PeerId::channel(5).unwrap().bot_api(), -1_000_000_000_005);
        assert_eq!(
            PeerId::channel(1 << 41).unwrap().bot_api(),
            -3_199_023_255_552
        );
        assert_eq!(
            PeerId::secret_chat(-5).unwrap().bot_api(),
            -2_000_000_000_005
        );
        for none in [
            PeerId::user(0),
            PeerId::user(-5),
            PeerId::chat(-5),
            PeerId::chat(1 << 41),
            PeerId::channel(997_852_516_353),
            PeerId::channel(1_002_147_483_648),
            PeerId::channel(3_000_000_000_001),
            PeerId::secret_chat(0),
        ] {
            assert_eq!(none, None);
        }
    }
}
