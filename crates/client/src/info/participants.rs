//! The members of groups and channels: <https://core.telegram.org/api/channel>.

use madeline_tl::{Value, boxed_from_bytes, object};

use super::{Full, peer_id};
use crate::ask::Answer;
use crate::peers::PeerId;
use crate::{Client, Error};

/// As many as the server gives at once.
const PAGE: usize = 200;

/// Which members of a supergroup or channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParticipantFilter {
    /// Who administers it.
    Admins,
    /// Bots among the members.
    Bots,
    /// Members, those who joined last first.
    Recent,
    /// Members in the order of a search for everybody, which reaches further than [`ParticipantFilter::Recent`].
    Everybody,
    /// Who was removed; for administrators only.
    Kicked,
    /// Who may do less than others; for administrators only.
    Banned,
}

/// A member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Participant {
    /// Who.
    pub peer: PeerId,
    /// `user`, `admin`, `creator`, `banned` or `left`.
    pub role: &'static str,
    /// Since when.
    pub date: Option<i64>,
    /// Who invited, promoted or removed them, under the name of the field: `inviter`, `promoted_by`, `kicked_by`.
    pub by: Vec<(&'static str, PeerId)>,
    /// A title of an administrator.
    pub rank: Option<String>,
    /// Whether the own user may change their rights.
    pub can_edit: bool,
    /// What they may or may not do: boxed `chatAdminRights` or `chatBannedRights`.
    pub rights: Option<(&'static str, Vec<u8>)>,
}

impl Client {
    /// The members of a supergroup or channel that a filter lets through, page by page until there are no more, or
    /// until `limit`. What the server says about them is stored.
    pub async fn participants(
        &self,
        channel: PeerId,
        filter: ParticipantFilter,
        limit: usize,
    ) -> Result<Vec<Participant>, Error> {
        let mut found: Vec<Participant> = Vec::new();
        let mut offset = 0_usize;
        while found.len() < limit {
            let answer = self
                .ask(object!(
                    "channels.getParticipants",
                    channel: self.input_channel(channel)?,
                    filter: filter.value(),
                    offset: offset as i32,
                    limit: PAGE.min(limit - found.len()) as i32,
                    hash: 0_i64,
                ))
                .await?;
            self.learn_of(&answer, &["users", "chats"])?;
            let page = answer.read(|answer| answer.list("participants"))?;
            for participant in page {
                let participant = self.participant(&answer, participant)?;
                // Who joins meanwhile moves the pages.
                if !found.iter().any(|known| known.peer == participant.peer) {
                    found.push(participant);
                }
            }
            offset += page.len();
            let count = answer.read(|answer| answer.int("count"))?;
            if page.is_empty() || offset as i64 >= count {
                break;
            }
        }
        Ok(found)
    }

    /// The members of a basic group, which its `chatFull` lists; none, where the own user may not see them.
    pub fn chat_participants(&self, full: &Full) -> Vec<Participant> {
        let Ok(full) = boxed_from_bytes(self.config().schema(), &full.bytes) else {
            return Vec::new();
        };
        let list = full.get("participants").list("participants");
        list.unwrap_or_default()
            .iter()
            .filter_map(chat_participant)
            .collect()
    }

    fn participant(&self, answer: &Answer, value: &Value) -> Result<Participant, Error> {
        let peer = match value.get("peer") {
            Value::Null => PeerId::user(answer.read(|_| value.int("user_id"))?)
                .ok_or_else(|| answer.wrong("a participant without a user".to_owned()))?,
            peer => peer_id(answer, peer)?,
        };
        let rights = ["admin_rights", "banned_rights"]
            .into_iter()
            .find(|rights| value.has(rights))
            .map(|name| {
                let bytes = answer.part_bytes(self.config().schema(), value.get(name))?;
                Ok::<_, Error>((name, bytes))
            })
            .transpose()?;
        let role = match value.name() {
            "channelParticipantCreator" => "creator",
            "channelParticipantAdmin" => "admin",
            "channelParticipantBanned" => "banned",
            "channelParticipantLeft" => "left",
            _ => "user",
        };
        Ok(Participant {
            rights,
            ..Participant::of(peer, role, value)
        })
    }
}

impl Participant {
    /// With the fields that all kinds have under the same names.
    fn of(peer: PeerId, role: &'static str, value: &Value) -> Self {
        let by = [
            ("inviter", "inviter_id"),
            ("promoted_by", "promoted_by"),
            ("kicked_by", "kicked_by"),
        ];
        Self {
            peer,
            role,
            date: value.int("date").ok(),
            by: by
                .into_iter()
                .filter_map(|(name, field)| Some((name, PeerId::user(value.int(field).ok()?)?)))
                .collect(),
            rank: value.text("rank").ok().map(str::to_owned),
            can_edit: value.flag("can_edit"),
            rights: None,
        }
    }
}

/// A member of a basic group.
fn chat_participant(value: &Value) -> Option<Participant> {
    let role = match value.name() {
        "chatParticipantCreator" => "creator",
        "chatParticipantAdmin" => "admin",
        "chatParticipant" => "user",
        _ => return None,
    };
    let peer = PeerId::user(value.int("user_id").ok()?)?;
    Some(Participant::of(peer, role, value))
}

impl ParticipantFilter {
    fn value(self) -> Value {
        match self {
            Self::Admins => object!("channelParticipantsAdmins"),
            Self::Bots => object!("channelParticipantsBots"),
            Self::Recent => object!("channelParticipantsRecent"),
            Self::Everybody => object!("channelParticipantsSearch", q: ""),
            Self::Kicked => object!("channelParticipantsKicked", q: ""),
            Self::Banned => object!("channelParticipantsBanned", q: ""),
        }
    }
}
