//! What the store needs of a user or chat, read from its TL without building a value of it.

use std::hash::{DefaultHasher, Hasher};

use madeline_tl::{Decoder, Definition, Key, Schema, Shape, Sink, Ty};

use super::id::PeerId;
use super::store::{ChannelKind, Peer};

/// Longer names are no usernames.
const MAX_USERNAME: usize = 64;

/// Users and chats that are to be written.
#[derive(Debug)]
pub struct Batch {
    pub(super) layer: i32,
    pub(super) rows: Vec<Facts>,
}

impl Batch {
    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

/// One user or chat.
#[derive(Debug)]
pub(super) struct Facts {
    pub(super) peer: Peer,
    /// In lower case.
    pub(super) usernames: Vec<String>,
    /// `chatForbidden`, `channelForbidden`: they say nothing about usernames.
    pub(super) forbidden: bool,
    /// Of channels only.
    pub(super) channel: Option<ChannelKind>,
    /// Boxed TL.
    pub(super) constructor: Vec<u8>,
}

impl Facts {
    /// Whether the peer has no other usernames than these.
    pub(super) fn lists_usernames(&self) -> bool {
        !self.peer.min && !self.forbidden
    }
}

/// Tells equal constructors of a peer apart from changed ones.
pub(super) fn digest(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(bytes);
    hasher.finish()
}

/// The facts of a boxed `User` or `Chat`; `None` for empty ones and for anything else.
pub(super) fn read(schema: &Schema, bytes: &[u8]) -> Option<Facts> {
    let id = bytes.first_chunk().copied().map(u32::from_le_bytes)?;
    let definition = schema.constructor_by_id(id)?;
    let (peer, forbidden): (fn(i64) -> Option<PeerId>, _) = match definition.name() {
        "user" => (PeerId::user, false),
        "chat" => (PeerId::chat, false),
        "chatForbidden" => (PeerId::chat, true),
        "channel" => (PeerId::channel, false),
        "channelForbidden" => (PeerId::channel, true),
        _ => return None,
    };
    let mut reading = Reading::default();
    let (_, read) = Decoder::new(schema, Shape::Raw)
        .decode(Ty::Object, bytes, &mut reading)
        .ok()?;
    let Fields {
        id,
        access_hash,
        min,
        username,
        usernames,
        channel,
        ..
    } = reading.outermost;
    let is_channel = matches!(definition.name(), "channel" | "channelForbidden");
    Some(Facts {
        peer: Peer {
            id: peer(id)?,
            access_hash,
            min,
        },
        usernames: username
            .into_iter()
            .chain(usernames)
            .map(|name| name.to_lowercase())
            .collect(),
        forbidden,
        channel: is_channel.then_some(channel),
        constructor: bytes.get(..read)?.to_vec(),
    })
}

/// A sink that keeps the few fields that matter.
#[derive(Default)]
struct Reading {
    /// The object that was finished last, which in the end is the outermost one.
    outermost: Fields,
}

#[derive(Default)]
struct Fields {
    id: i64,
    access_hash: Option<i64>,
    min: bool,
    channel: ChannelKind,
    /// Of the constructor `username`.
    active: bool,
    username: Option<String>,
    usernames: Vec<String>,
}

enum Fact {
    Int(i64),
    Flag(bool),
    /// What could be a username.
    Name(String),
    Names(Vec<String>),
    Other,
}

impl Sink for Reading {
    type Value = Fact;
    type Map = Fields;
    type List = Vec<String>;

    fn null(&mut self) -> Fact {
        Fact::Other
    }

    fn bool(&mut self, value: bool) -> Fact {
        Fact::Flag(value)
    }

    fn int(&mut self, value: i64) -> Fact {
        Fact::Int(value)
    }

    fn double(&mut self, _: f64) -> Fact {
        Fact::Other
    }

    fn text(&mut self, value: &[u8]) -> Fact {
        let possible = !value.is_empty()
            && value.len() <= MAX_USERNAME
            && value
                .iter()
                .all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
        if possible {
            Fact::Name(String::from_utf8_lossy(value).into_owned())
        } else {
            Fact::Other
        }
    }

    fn bytes(&mut self, _: &[u8]) -> Fact {
        Fact::Other
    }

    fn map(&mut self, _: Definition<'_>, _: usize) -> Fields {
        Fields::default()
    }

    fn put(&mut self, map: &mut Fields, key: Key<'_>, value: Fact) {
        match (key.name(), value) {
            ("id", Fact::Int(id)) => map.id = id,
            ("access_hash", Fact::Int(hash)) => map.access_hash = Some(hash),
            ("min", Fact::Flag(min)) => map.min = min,
            ("megagroup", Fact::Flag(group)) => map.channel.group = group,
            ("forum", Fact::Flag(forum)) => map.channel.forum = forum,
            ("active", Fact::Flag(active)) => map.active = active,
            ("username", Fact::Name(name)) => map.username = Some(name),
            ("usernames", Fact::Names(names)) => map.usernames = names,
            _ => {}
        }
    }

    fn finish_map(&mut self, map: Fields, definition: Definition<'_>) -> Fact {
        if definition.name() == "username" {
            return map
                .username
                .filter(|_| map.active)
                .map_or(Fact::Other, Fact::Name);
        }
        self.outermost = map;
        Fact::Other
    }

    fn list(&mut self, _: usize) -> Vec<String> {
        Vec::new()
    }

    fn push(&mut self, list: &mut Vec<String>, value: Fact) {
        if let Fact::Name(name) = value {
            list.push(name);
        }
    }

    fn finish_list(&mut self, list: Vec<String>) -> Fact {
        Fact::Names(list)
    }

    fn table(&mut self, _: usize) -> Fields {
        Fields::default()
    }

    fn set(&mut self, _: &mut Fields, _: &[u8], _: Fact) {}

    fn finish_table(&mut self, _: Fields) -> Fact {
        Fact::Other
    }
}
