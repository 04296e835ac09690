//! The answers of `updates.getState`, `updates.getDifference` and `updates.getChannelDifference`.

use bytes::Bytes;
use madeline_tl::{Schema, Ty, boxed_from_bytes};

use super::walk::{Problem, Walk};
use super::{Batch, Plan, Reading};

/// Where an account stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct State {
    pub(crate) pts: i32,
    pub(crate) qts: i32,
    pub(crate) date: i32,
    pub(crate) seq: i32,
}

impl State {
    /// The state of a channel, which has no more than this.
    pub(crate) fn of_channel(pts: i32) -> State {
        State {
            pts,
            ..State::default()
        }
    }
}

/// An `updates.Difference`.
#[derive(Clone, Debug)]
pub(crate) enum Difference {
    /// Nothing was missed.
    Empty { date: i32, seq: i32 },
    /// What was missed, and where the account stands after it; `None` where that could not be read.
    Missed {
        batch: Batch,
        state: Option<State>,
        /// There is more.
        more: bool,
    },
    /// Too much was missed: it is to be asked for from here.
    TooLong { pts: i32 },
}

/// An `updates.ChannelDifference`.
#[derive(Clone, Debug)]
pub(crate) struct ChannelDifference {
    pub(crate) batch: Batch,
    /// Where the channel stands after it; `None` where that could not be read.
    pub(crate) pts: Option<i32>,
    /// There is no more.
    pub(crate) last: bool,
    /// It is too much: of what was missed it has no more than the newest messages, some of which may be known.
    pub(crate) skips: bool,
}

/// Reads an `updates.State`.
pub(crate) fn state(schema: &Schema, bytes: &[u8]) -> Option<State> {
    let value = boxed_from_bytes(schema, bytes).ok()?;
    let int = |key: &str| value.int(key).map(|value| value as i32);
    Some(State {
        pts: int("pts").ok()?,
        qts: int("qts").ok()?,
        date: int("date").ok()?,
        seq: int("seq").ok()?,
    })
}

/// Reads an `updates.Difference`; the error says what is wrong with the whole of it.
pub(crate) fn difference(
    schema: &Schema,
    plan: &Plan,
    bytes: &Bytes,
) -> Result<Difference, String> {
    let kind = name(schema, bytes)?;
    let (mut date, mut seq, mut pts, mut after) = (0, 0, None, None);
    let mut content = Content::default();
    let mut reader = Reading::new(schema, plan);
    let walked = Walk::new(schema, bytes, 0).object(|param, walk| {
        match param.name() {
            "date" => date = walk.int()?,
            "seq" => seq = walk.int()?,
            "pts" => pts = Some(walk.int()?),
            "state" | "intermediate_state" => {
                let range = reader.skipped(param.ty(), walk)?;
                after = bytes.get(range).and_then(|part| state(schema, part));
            }
            name => content.read(&mut reader, name, param.ty(), walk)?,
        }
        Ok(())
    });
    match kind {
        "updates.differenceEmpty" => walked
            .map(|()| Difference::Empty { date, seq })
            .map_err(|problem| problem.to_string()),
        "updates.differenceTooLong" => match pts {
            Some(pts) => Ok(Difference::TooLong { pts }),
            None => Err("updates.differenceTooLong without pts".to_owned()),
        },
        "updates.difference" | "updates.differenceSlice" => Ok(Difference::Missed {
            batch: content.batch(bytes, reader, walked),
            state: after,
            more: kind == "updates.differenceSlice",
        }),
        other => Err(format!("an updates.Difference was expected, {other} came")),
    }
}

/// Reads an `updates.ChannelDifference`.
pub(crate) fn channel_difference(
    schema: &Schema,
    plan: &Plan,
    bytes: &Bytes,
) -> Result<ChannelDifference, String> {
    let kind = name(schema, bytes)?;
    if !matches!(
        kind,
        "updates.channelDifferenceEmpty"
            | "updates.channelDifferenceTooLong"
            | "updates.channelDifference"
    ) {
        return Err(format!(
            "an updates.ChannelDifference was expected, {kind} came"
        ));
    }
    let (mut pts, mut last) = (None, false);
    let mut content = Content::default();
    let mut reader = Reading::new(schema, plan);
    let walked = Walk::new(schema, bytes, 0).object(|param, walk| {
        match param.name() {
            "final" => last = true,
            "pts" => pts = Some(walk.int()?),
            "dialog" => {
                let range = reader.skipped(param.ty(), walk)?;
                let dialog = bytes.get(range).map(|part| boxed_from_bytes(schema, part));
                if let Some(Ok(dialog)) = dialog {
                    pts = dialog.int("pts").ok().map(|pts| pts as i32);
                }
            }
            // Of `channelDifferenceTooLong`, in the order of their ids.
            "messages" => {
                content.read(&mut reader, "new_messages", param.ty(), walk)?;
                content.items.sort_by_key(|item| item.message);
            }
            name => content.read(&mut reader, name, param.ty(), walk)?,
        }
        Ok(())
    });
    Ok(ChannelDifference {
        batch: content.batch(bytes, reader, walked),
        pts,
        last,
        skips: kind == "updates.channelDifferenceTooLong",
    })
}

/// What all kinds of differences have in common.
#[derive(Default)]
struct Content {
    items: Vec<super::Item>,
    peers: Vec<std::ops::Range<usize>>,
}

impl Content {
    fn read(
        &mut self,
        reader: &mut Reading<'_, '_>,
        name: &str,
        ty: Ty,
        walk: &mut Walk<'_>,
    ) -> Result<(), Problem> {
        match name {
            "new_messages" => walk.list(ty, |ty, walk| {
                self.items.push(reader.message(ty, walk)?);
                Ok(())
            }),
            "new_encrypted_messages" => walk.list(ty, |ty, walk| {
                let mut item = reader.message(ty, walk)?;
                item.form = super::Form::Message("updateNewEncryptedMessage");
                item.encrypted = true;
                self.items.push(item);
                Ok(())
            }),
            "other_updates" => walk.list(ty, |_, walk| {
                self.items.push(reader.update(walk)?);
                Ok(())
            }),
            "users" | "chats" => walk.list(ty, |ty, walk| {
                self.peers.push(reader.skipped(ty, walk)?);
                Ok(())
            }),
            _ => reader.skipped(ty, walk).map(drop),
        }
    }

    fn batch(self, bytes: &Bytes, reader: Reading<'_, '_>, walked: Result<(), Problem>) -> Batch {
        Batch {
            bytes: bytes.clone(),
            items: self.items,
            peers: self.peers,
            named: reader.facts.named,
            broken: walked.err().map(|problem| problem.to_string()),
        }
    }
}

fn name<'s>(schema: &'s Schema, bytes: &[u8]) -> Result<&'s str, String> {
    let id = bytes.first_chunk().copied().map(u32::from_le_bytes);
    let id = id.ok_or_else(|| "the answer is empty".to_owned())?;
    match schema.constructor_by_id(id) {
        Some(definition) => Ok(definition.name()),
        None => Err(format!(
            "expected a constructor of the schema, found {id:08x}"
        )),
    }
}
