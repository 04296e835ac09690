//! The few facts of an update that matter, found while its bytes are walked: no value of it is built.

use madeline_tl::{Definition, Key, Sink};

use super::plan::{Class, Plan, Role};
use crate::peers::PeerId;

/// Keeps what an update says of its place in a sequence, and whom its message names.
pub(super) struct Facts<'p> {
    plan: &'p Plan,
    /// Whom messages name, in the order of their mention.
    pub(super) named: Vec<PeerId>,
}

impl<'p> Facts<'p> {
    pub(super) fn new(plan: &'p Plan) -> Facts<'p> {
        Facts {
            plan,
            named: Vec::new(),
        }
    }
}

/// What a value is.
#[derive(Clone, Copy)]
pub(super) enum Fact {
    None,
    Int(i64),
    Peer(PeerId),
    Message(Message),
    Other(Fields),
}

#[derive(Clone, Copy)]
pub(super) struct Message {
    pub(super) id: i32,
    pub(super) date: i32,
    pub(super) place: Option<PeerId>,
    pub(super) empty: bool,
}

/// What an object says.
#[derive(Clone, Copy, Default)]
pub(super) struct Fields {
    pub(super) class: Class,
    pub(super) pts: Option<i32>,
    pub(super) pts_count: Option<i32>,
    pub(super) qts: Option<i32>,
    id: i32,
    date: i32,
    peer: i64,
    place: Option<PeerId>,
    pub(super) message: Option<Message>,
}

impl Fields {
    /// `channel_id` of an update that has one.
    pub(super) fn channel_id(&self) -> i64 {
        self.peer
    }
}

impl Sink for Facts<'_> {
    type Value = Fact;
    type Map = Fields;
    type List = ();

    fn null(&mut self) -> Fact {
        Fact::None
    }

    fn bool(&mut self, _: bool) -> Fact {
        Fact::None
    }

    fn int(&mut self, value: i64) -> Fact {
        Fact::Int(value)
    }

    fn double(&mut self, _: f64) -> Fact {
        Fact::None
    }

    fn text(&mut self, _: &[u8]) -> Fact {
        Fact::None
    }

    fn bytes(&mut self, _: &[u8]) -> Fact {
        Fact::None
    }

    fn map(&mut self, definition: Definition<'_>, _: usize) -> Fields {
        Fields {
            class: self.plan.class(definition.number()),
            ..Fields::default()
        }
    }

    fn put(&mut self, map: &mut Fields, key: Key<'_>, value: Fact) {
        let role = self.plan.role(key.id());
        if role == Role::None {
            return;
        }
        match (role, value) {
            (Role::Pts, Fact::Int(pts)) => map.pts = Some(pts as i32),
            (Role::PtsCount, Fact::Int(count)) => map.pts_count = Some(count as i32),
            (Role::Qts, Fact::Int(qts)) => map.qts = Some(qts as i32),
            (Role::Id, Fact::Int(id)) => map.id = id as i32,
            (Role::Date, Fact::Int(date)) => map.date = date as i32,
            (Role::Peer, Fact::Int(id)) => map.peer = id,
            (Role::Place, Fact::Peer(peer)) => {
                map.place = Some(peer);
                if map.class == Class::Message {
                    self.named.push(peer);
                }
            }
            (Role::Other, Fact::Peer(peer))
                if matches!(map.class, Class::Message | Class::Part) =>
            {
                self.named.push(peer);
            }
            (Role::Bot, Fact::Int(id)) if map.class == Class::Message => {
                self.named.extend(PeerId::user(id));
            }
            (Role::Message, Fact::Message(message)) => map.message = Some(message),
            _ => {}
        }
    }

    fn finish_map(&mut self, map: Fields, _: Definition<'_>) -> Fact {
        let peer = match map.class {
            Class::PeerUser => PeerId::user(map.peer),
            Class::PeerChat => PeerId::chat(map.peer),
            Class::PeerChannel => PeerId::channel(map.peer),
            Class::Message | Class::MessageEmpty => {
                return Fact::Message(Message {
                    id: map.id,
                    date: map.date,
                    place: map.place,
                    empty: map.class == Class::MessageEmpty,
                });
            }
            Class::Mention => {
                self.named.extend(PeerId::user(map.peer));
                return Fact::None;
            }
            _ => return Fact::Other(map),
        };
        peer.map_or(Fact::None, Fact::Peer)
    }

    fn list(&mut self, _: usize) {}

    fn push(&mut self, (): &mut (), _: Fact) {}

    fn finish_list(&mut self, (): ()) -> Fact {
        Fact::None
    }

    fn table(&mut self, _: usize) -> Fields {
        Fields::default()
    }

    fn set(&mut self, _: &mut Fields, _: &[u8], _: Fact) {}

    fn finish_table(&mut self, _: Fields) -> Fact {
        Fact::None
    }
}
