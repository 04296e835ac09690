//! What the names of a schema mean for updates, looked up once.

use madeline_tl::{Definition, DefinitionId, KeyId, Schema, Ty};

/// What a field says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Role {
    #[default]
    None,
    Pts,
    PtsCount,
    Qts,
    Id,
    /// `user_id`, `chat_id`, `channel_id`.
    Peer,
    /// `peer_id`: where a message is.
    Place,
    /// `from_id`, `reply_to_peer_id` …: who else is named by a message.
    Other,
    /// `via_bot_id`.
    Bot,
    Message,
    Date,
}

/// What a constructor is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Class {
    #[default]
    None,
    PeerUser,
    PeerChat,
    PeerChannel,
    Message,
    MessageEmpty,
    /// A part of a message that names peers.
    Part,
    /// `messageEntityMentionName`.
    Mention,
    /// An update with a new message.
    New,
    /// `updateNewEncryptedMessage`.
    NewEncrypted,
    ChannelTooLong,
    PtsChanged,
    DcOptions,
    Config,
    LoginToken,
}

/// Updates, and what holds them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Head {
    /// `updates`, `updatesCombined`.
    Many,
    /// `updateShort`.
    One,
    /// `updateShortMessage`.
    Message,
    /// `updateShortChatMessage`.
    ChatMessage,
    /// `updateShortSentMessage`.
    Sent,
    /// `updatesTooLong`.
    TooLong,
}

/// What the result of a method says about updates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Concern {
    /// It is an `Updates`.
    Updates,
    /// It has an `Updates` in one of its fields.
    Holds,
    /// It has a `pts` and a `pts_count` of what the call did.
    Affected,
}

/// The tables of one schema.
#[derive(Debug)]
pub(crate) struct Plan {
    roles: Vec<Role>,
    classes: Vec<Class>,
    heads: Vec<(u32, Head)>,
    pub(super) updates: Option<Ty>,
    pub(super) update: Ty,
    affected: Vec<Ty>,
    holders: Vec<Ty>,
}

impl Plan {
    pub(crate) fn new(schema: &Schema) -> Plan {
        let updates = schema.ty("Updates");
        let affected = [
            "messages.AffectedMessages",
            "messages.AffectedHistory",
            "messages.AffectedFoundMessages",
        ];
        let mut holders: Vec<Ty> = schema
            .constructors()
            .filter(|it| it.params().any(|param| Some(param.ty()) == updates))
            .map(Definition::ty)
            .collect();
        holders.dedup();
        let heads = [
            ("updates", Head::Many),
            ("updatesCombined", Head::Many),
            ("updateShort", Head::One),
            ("updateShortMessage", Head::Message),
            ("updateShortChatMessage", Head::ChatMessage),
            ("updateShortSentMessage", Head::Sent),
            ("updatesTooLong", Head::TooLong),
        ];
        let id = |name: &str| schema.constructor(name).map(Definition::id);
        Plan {
            roles: schema.keys().map(role).collect(),
            classes: schema.constructors().map(class).collect(),
            heads: heads
                .into_iter()
                .filter_map(|(name, head)| Some((id(name)?, head)))
                .collect(),
            update: schema.ty("Update").unwrap_or(Ty::Object),
            affected: affected.iter().filter_map(|name| schema.ty(name)).collect(),
            updates,
            holders,
        }
    }

    /// What a boxed `Updates` begins with.
    pub(crate) fn head(&self, bytes: &[u8]) -> Option<Head> {
        let id = bytes.first_chunk().copied().map(u32::from_le_bytes)?;
        let known = self.heads.iter().find(|(known, _)| *known == id)?;
        Some(known.1)
    }

    /// What the result of a method says.
    pub(crate) fn concern(&self, schema: &Schema, method: &str) -> Option<Concern> {
        let ty = schema.method(method)?.ty();
        if Some(ty) == self.updates {
            Some(Concern::Updates)
        } else if self.affected.contains(&ty) {
            Some(Concern::Affected)
        } else {
            self.holders.contains(&ty).then_some(Concern::Holds)
        }
    }

    pub(super) fn role(&self, key: KeyId) -> Role {
        self.roles
            .get(usize::from(key.0))
            .copied()
            .unwrap_or_default()
    }

    pub(super) fn class(&self, DefinitionId(number): DefinitionId) -> Class {
        self.classes
            .get(usize::from(number))
            .copied()
            .unwrap_or_default()
    }
}

fn role(key: &str) -> Role {
    match key {
        "pts" => Role::Pts,
        "pts_count" => Role::PtsCount,
        "qts" => Role::Qts,
        "id" => Role::Id,
        "user_id" | "chat_id" | "channel_id" => Role::Peer,
        "peer_id" => Role::Place,
        "from_id" | "saved_from_peer" | "reply_to_peer_id" => Role::Other,
        "via_bot_id" => Role::Bot,
        "message" => Role::Message,
        "date" => Role::Date,
        _ => Role::None,
    }
}

fn class(definition: Definition<'_>) -> Class {
    match definition.name() {
        "peerUser" => Class::PeerUser,
        "peerChat" => Class::PeerChat,
        "peerChannel" => Class::PeerChannel,
        "message" | "messageService" => Class::Message,
        "messageEmpty" => Class::MessageEmpty,
        "messageFwdHeader" | "messageReplyHeader" => Class::Part,
        "messageEntityMentionName" => Class::Mention,
        "updateNewMessage" | "updateNewChannelMessage" => Class::New,
        "updateNewEncryptedMessage" => Class::NewEncrypted,
        "updateChannelTooLong" => Class::ChannelTooLong,
        "updatePtsChanged" => Class::PtsChanged,
        "updateDcOptions" => Class::DcOptions,
        "updateConfig" => Class::Config,
        "updateLoginToken" => Class::LoginToken,
        _ => Class::None,
    }
}
