//! Basic groups, supergroups and channels, and how a user sees them.

use std::collections::{BTreeMap, BTreeSet};

use madeline_tl::{Value, object};

use super::{Change, Event, Message, Peer, State};

/// What the creator of a group or channel may switch on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Switch {
    HiddenPrehistory,
    ParticipantsHidden,
    Antispam,
    Signatures,
    Forum,
    JoinToSend,
    NoForwards,
}

/// A topic of a forum; its number is that of the message that began it.
#[derive(Debug, Clone)]
pub(crate) struct Topic {
    pub(crate) title: String,
    pub(crate) icon_emoji_id: i64,
    pub(crate) closed: bool,
}

/// A basic group.
#[derive(Debug)]
pub(crate) struct Chat {
    pub(crate) title: String,
    pub(crate) about: String,
    pub(crate) creator: i64,
    /// Members, with the time they joined.
    pub(crate) members: BTreeMap<i64, i32>,
    pub(crate) invite: Option<String>,
    pub(crate) date: i32,
    pub(crate) version: i32,
    pub(crate) switches: BTreeSet<Switch>,
    /// After how many seconds messages go; 0: never.
    pub(crate) ttl: i32,
    /// The supergroup it has become.
    pub(crate) migrated_to: Option<i64>,
}

/// A supergroup or channel. It has its own numbering of messages and its own `pts`.
#[derive(Debug)]
pub(crate) struct Channel {
    pub(crate) title: String,
    pub(crate) about: String,
    /// Texts of its sponsored messages.
    pub(crate) ads: Vec<String>,
    pub(crate) username: Option<String>,
    pub(crate) megagroup: bool,
    pub(crate) creator: i64,
    /// Members, with the time they joined.
    pub(crate) members: BTreeMap<i64, i32>,
    /// Who may not be in it, until when.
    pub(crate) banned: BTreeMap<i64, i32>,
    pub(crate) deleted: bool,
    pub(crate) invite: Option<String>,
    pub(crate) date: i32,
    pub(crate) messages: BTreeMap<i32, Message>,
    pub(crate) next_id: i32,
    pub(crate) pts: i32,
    pub(crate) log: Vec<Event>,
    /// Before this `pts` the log has nothing any more.
    pub(crate) forgotten: i32,
    /// When something changed last.
    pub(crate) changed: i32,
    /// The newest message each member has read.
    pub(crate) read: BTreeMap<i64, i32>,
    pub(crate) switches: BTreeSet<Switch>,
    /// Seconds between two messages of a member.
    pub(crate) slow_mode: i32,
    /// After how many seconds messages go; 0: never.
    pub(crate) ttl: i32,
    pub(crate) topics: BTreeMap<i32, Topic>,
    /// The newest message that each member has cleared from their history.
    pub(crate) cleared: BTreeMap<i64, i32>,
    /// The supergroup in which a channel's posts are discussed, or the channel of such a group.
    pub(crate) linked: Option<i64>,
    /// The basic group it was.
    pub(crate) migrated_from: Option<i64>,
}

impl Channel {
    /// Whether a user is banned at that time.
    pub(crate) fn is_banned(&self, user: i64, now: i32) -> bool {
        self.banned.get(&user).is_some_and(|until| *until > now)
    }

    /// Counts and records a change.
    pub(crate) fn record(&mut self, count: i32, change: Change) -> Event {
        self.pts += count;
        let event = Event {
            pts: self.pts,
            count,
            change,
        };
        self.log.push(event.clone());
        event
    }

    /// Messages `user` has not read.
    pub(crate) fn unread(&self, user: i64) -> i32 {
        let read = self.read.get(&user).copied().unwrap_or(0);
        let unread = self
            .messages
            .range(read.saturating_add(1)..)
            .filter(|(_, message)| message.from != Some(Peer::User(user)));
        unread.count() as i32
    }
}

impl State {
    /// `chat` as `viewer` sees it; `chatForbidden` to those outside.
    pub(crate) fn chat_value(&self, viewer: i64, id: i64) -> Option<Value> {
        let chat = self.chats.get(&id)?;
        if !chat.members.contains_key(&viewer) {
            return Some(object!("chatForbidden", id: id, title: chat.title.clone()));
        }
        let has = |switch| chat.switches.contains(&switch);
        let channel = chat.migrated_to.map(|id| {
            object!("inputChannel", channel_id: id, access_hash: self.access_hash(viewer, Peer::Channel(id)))
        });
        Some(object!("chat",
            creator: chat.creator == viewer,
            deactivated: channel.is_some(),
            noforwards: has(Switch::NoForwards),
            migrated_to: channel,
            id: id,
            title: chat.title.clone(),
            photo: object!("chatPhotoEmpty"),
            participants_count: chat.members.len() as i32,
            date: chat.date,
            version: chat.version,
            default_banned_rights: object!("chatBannedRights", until_date: i32::MAX),
        ))
    }

    /// `channel` as `viewer` sees it; `channelForbidden` to those who may not read it.
    pub(crate) fn channel_value(&self, viewer: i64, id: i64) -> Option<Value> {
        let channel = self.channels.get(&id)?;
        let access_hash = self.access_hash(viewer, Peer::Channel(id));
        if !self.may_read(viewer, id) {
            return Some(object!("channelForbidden",
                broadcast: !channel.megagroup,
                megagroup: channel.megagroup,
                id: id,
                access_hash: access_hash,
                title: channel.title.clone(),
            ));
        }
        let creator = channel.creator == viewer;
        let rights = || {
            object!("chatAdminRights",
                change_info: true,
                post_messages: true,
                edit_messages: true,
                delete_messages: true,
                ban_users: true,
                invite_users: true,
                pin_messages: true,
                add_admins: true,
                manage_call: true,
                other: true,
            )
        };
        let has = |switch| channel.switches.contains(&switch);
        Some(object!("channel",
            creator: creator,
            signatures: has(Switch::Signatures),
            has_link: channel.linked.is_some(),
            slowmode_enabled: channel.slow_mode > 0,
            noforwards: has(Switch::NoForwards),
            join_to_send: has(Switch::JoinToSend),
            forum: has(Switch::Forum),
            left: !channel.members.contains_key(&viewer),
            broadcast: !channel.megagroup,
            megagroup: channel.megagroup,
            id: id,
            access_hash: access_hash,
            title: channel.title.clone(),
            username: channel.username.clone(),
            photo: object!("chatPhotoEmpty"),
            date: channel.members.get(&viewer).copied().unwrap_or(channel.date),
            admin_rights: creator.then(rights),
            default_banned_rights: channel.megagroup.then(|| object!("chatBannedRights", until_date: i32::MAX)),
            participants_count: channel.members.len() as i32,
        ))
    }

    /// Members of a basic group as `chatParticipants`.
    pub(crate) fn participants(&self, id: i64) -> Option<Value> {
        let chat = self.chats.get(&id)?;
        let participants: Vec<Value> = chat
            .members
            .iter()
            .map(|(user, date)| {
                if *user == chat.creator {
                    object!("chatParticipantCreator", user_id: *user)
                } else {
                    object!("chatParticipant", user_id: *user, inviter_id: chat.creator, date: *date)
                }
            })
            .collect();
        Some(
            object!("chatParticipants", chat_id: id, participants: participants, version: chat.version),
        )
    }
}
