//! Reads `Updates` and differences: which updates there are, where their bytes lie and in which sequence they stand.
//!
//! The bytes are walked with the codec and stay where they are; a schema that does not know a constructor ends the
//! walk there, and what came before it counts.

mod difference;
mod facts;
mod plan;
mod short;
mod walk;

use std::ops::Range;

use bytes::Bytes;
use madeline_tl::{Decoder, Schema, Shape, Ty};

pub(crate) use self::difference::{
    ChannelDifference, Difference, State, channel_difference, difference, state,
};
use self::facts::{Fact, Facts, Fields};
use self::plan::Class;
pub(crate) use self::plan::{Concern, Head, Plan};
pub(crate) use self::short::{Request, affected, held};
use self::walk::{Problem, Walk};
use crate::peers::PeerId;

/// The updates of one object with what they came with.
#[derive(Clone, Debug, Default)]
pub(crate) struct Batch {
    /// The object.
    pub(crate) bytes: Bytes,
    /// Its updates in order.
    pub(crate) items: Vec<Item>,
    /// Where its users and chats lie.
    pub(crate) peers: Vec<Range<usize>>,
    /// Whom its messages name; the items say which part is theirs.
    pub(crate) named: Vec<PeerId>,
    /// What could not be read, and so is missing.
    pub(crate) broken: Option<String>,
}

/// One update.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    /// Where it lies.
    pub(crate) range: Range<usize>,
    pub(crate) form: Form,
    pub(crate) order: Order,
    /// It counts, but nobody is told of it.
    pub(crate) silent: bool,
    /// Its part of [`Batch::named`].
    pub(crate) named: Range<usize>,
    /// The id of the new message in it; 0 where there is none.
    pub(crate) message: i32,
    /// It is a new message of a secret chat.
    pub(crate) encrypted: bool,
    /// When that was sent.
    pub(crate) date: i32,
}

/// What the bytes of an update are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// An `Update`.
    Update,
    /// A `Message` of a difference, to be put into this constructor.
    Message(&'static str),
}

/// In which sequence an update stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// In none.
    Free,
    /// The account's `pts`.
    Account { pts: i32, count: i32 },
    /// A channel's `pts`.
    Channel { id: i64, pts: i32, count: i32 },
    /// The account's `qts`, each update of which counts one.
    Qts(i32),
    /// `updateChannelTooLong`.
    ChannelTooLong { id: i64, pts: Option<i32> },
    /// `updatePtsChanged`.
    PtsChanged,
    /// `updateConfig`, `updateDcOptions`: what is known of the server's configuration is old.
    Config,
}

/// An `Updates` object.
#[derive(Clone, Debug)]
pub(crate) enum Container {
    /// `updatesTooLong`, or something of which nothing can be read.
    TooLong,
    /// Updates; `seq` is 0 where the object has no number.
    Updates {
        batch: Batch,
        date: i32,
        seq_start: i32,
        seq: i32,
    },
}

/// Reads a boxed `Updates`. `request` is the call whose result it is, and `own` the account's own id: both are needed
/// by the short forms.
pub(crate) fn container(
    schema: &Schema,
    plan: &Plan,
    bytes: &Bytes,
    own: Option<i64>,
    request: Option<&Request<'_>>,
) -> Container {
    match plan.head(bytes) {
        Some(Head::Many) => many(schema, plan, bytes),
        Some(Head::One) => one(schema, plan, bytes),
        Some(head @ (Head::Message | Head::ChatMessage | Head::Sent)) => {
            let Some(update) = short::expand(schema, head, bytes, own, request) else {
                return Container::TooLong;
            };
            let mut batch = Batch {
                bytes: update.into(),
                ..Batch::default()
            };
            let mut reader = Reading::new(schema, plan);
            let mut walk = Walk::new(schema, &batch.bytes, 0);
            match reader.update(&mut walk) {
                Ok(item) => batch.items.push(item),
                Err(_) => return Container::TooLong,
            }
            batch.named = reader.facts.named;
            batch.without_number()
        }
        Some(Head::TooLong) | None => Container::TooLong,
    }
}

impl Batch {
    fn without_number(self) -> Container {
        Container::Updates {
            batch: self,
            date: 0,
            seq_start: 0,
            seq: 0,
        }
    }

    /// The bytes of users and chats.
    pub(crate) fn peers(&self) -> impl Iterator<Item = &[u8]> {
        self.peers
            .iter()
            .filter_map(|range| self.bytes.get(range.clone()))
    }

    /// Whom the message of an item names.
    pub(crate) fn named(&self, item: &Item) -> &[PeerId] {
        self.named.get(item.named.clone()).unwrap_or_default()
    }
}

fn many(schema: &Schema, plan: &Plan, bytes: &Bytes) -> Container {
    let mut reader = Reading::new(schema, plan);
    let (mut items, mut peers) = (Vec::new(), Vec::new());
    let (mut date, mut seq, mut seq_start) = (0, 0, None);
    let mut walk = Walk::new(schema, bytes, 0);
    let walked = walk.object(|param, walk| {
        match param.name() {
            "updates" => walk.list(param.ty(), |_, walk| {
                items.push(reader.update(walk)?);
                Ok(())
            })?,
            "users" | "chats" => walk.list(param.ty(), |ty, walk| {
                peers.push(reader.skipped(ty, walk)?);
                Ok(())
            })?,
            "date" => date = walk.int()?,
            "seq" => seq = walk.int()?,
            "seq_start" => seq_start = Some(walk.int()?),
            _ => {
                reader.skipped(param.ty(), walk)?;
            }
        }
        Ok(())
    });
    let broken = walked.err().map(|problem| problem.to_string());
    let batch = Batch {
        bytes: bytes.clone(),
        items,
        peers,
        named: reader.facts.named,
        broken,
    };
    Container::Updates {
        batch,
        date,
        seq_start: seq_start.unwrap_or(seq),
        seq,
    }
}

fn one(schema: &Schema, plan: &Plan, bytes: &Bytes) -> Container {
    let mut reader = Reading::new(schema, plan);
    let mut items = Vec::new();
    let mut walk = Walk::new(schema, bytes, 0);
    let walked = walk.object(|param, walk| {
        if param.name() == "update" {
            items.push(reader.update(walk)?);
        } else {
            reader.skipped(param.ty(), walk)?;
        }
        Ok(())
    });
    Batch {
        bytes: bytes.clone(),
        items,
        peers: Vec::new(),
        named: reader.facts.named,
        broken: walked.err().map(|problem| problem.to_string()),
    }
    .without_number()
}

/// The reading of one object.
struct Reading<'p, 's> {
    decoder: Decoder<'s>,
    plan: &'p Plan,
    facts: Facts<'p>,
}

impl<'p, 's> Reading<'p, 's> {
    fn new(schema: &'s Schema, plan: &'p Plan) -> Reading<'p, 's> {
        Reading {
            decoder: Decoder::new(schema, Shape::Raw),
            plan,
            facts: Facts::new(plan),
        }
    }

    /// Walks over an `Update`.
    fn update(&mut self, walk: &mut Walk<'_>) -> Result<Item, Problem> {
        let (fact, range, named) = self.value(self.plan.update, walk)?;
        let fields = match fact {
            Fact::Other(fields) => fields,
            _ => Fields::default(),
        };
        let message = fields.message;
        let silent = message.is_some_and(|message| message.empty);
        let order = order(&fields);
        Ok(Item {
            range,
            form: Form::Update,
            order,
            silent: silent
                || matches!(fields.class, Class::DcOptions | Class::LoginToken)
                || matches!(order, Order::ChannelTooLong { .. } | Order::PtsChanged),
            named,
            message: match message {
                Some(message) if fields.class == Class::New => message.id,
                _ => 0,
            },
            date: message.map_or(0, |message| message.date),
            encrypted: fields.class == Class::NewEncrypted,
        })
    }

    /// Walks over a `Message` of a difference.
    fn message(&mut self, ty: Ty, walk: &mut Walk<'_>) -> Result<Item, Problem> {
        let (fact, range, named) = self.value(ty, walk)?;
        let (place, silent, message, date) = match fact {
            Fact::Message(message) => (message.place, message.empty, message.id, message.date),
            _ => (None, false, 0, 0),
        };
        let in_channel = place.is_some_and(|place| place.kind() == crate::peers::PeerKind::Channel);
        let name = if in_channel {
            "updateNewChannelMessage"
        } else {
            "updateNewMessage"
        };
        Ok(Item {
            range,
            form: Form::Message(name),
            order: Order::Free,
            silent,
            named,
            message,
            date,
            encrypted: false,
        })
    }

    /// Walks over a value of which only the place matters.
    fn skipped(&mut self, ty: Ty, walk: &mut Walk<'_>) -> Result<Range<usize>, Problem> {
        let before = self.facts.named.len();
        let (_, range, _) = self.value(ty, walk)?;
        self.facts.named.truncate(before);
        Ok(range)
    }

    fn value(
        &mut self,
        ty: Ty,
        walk: &mut Walk<'_>,
    ) -> Result<(Fact, Range<usize>, Range<usize>), Problem> {
        let first = self.facts.named.len();
        let (fact, range) = walk.value(&self.decoder, ty, &mut self.facts)?;
        Ok((fact, range, first..self.facts.named.len()))
    }
}

fn order(fields: &Fields) -> Order {
    match fields.class {
        Class::ChannelTooLong => {
            return Order::ChannelTooLong {
                id: fields.channel_id(),
                pts: fields.pts,
            };
        }
        Class::PtsChanged => return Order::PtsChanged,
        Class::Config | Class::DcOptions => return Order::Config,
        _ => {}
    }
    if let Some(qts) = fields.qts {
        return Order::Qts(qts);
    }
    let (Some(pts), Some(count)) = (fields.pts, fields.pts_count) else {
        return Order::Free;
    };
    let place = fields.message.and_then(|message| message.place);
    let channel = match place {
        Some(place) if place.kind() == crate::peers::PeerKind::Channel => place.raw(),
        Some(_) => 0,
        None => fields.channel_id(),
    };
    if channel == 0 {
        Order::Account { pts, count }
    } else {
        Order::Channel {
            id: channel,
            pts,
            count,
        }
    }
}
