//! What stays the same of an update that is told twice: pushed, and in a difference.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::updates::read::{Batch, Form, Item, Order};

/// Tells an update from all others of its sequence.
///
/// A new message is its id, since a difference says nothing else of its place, and may have a newer version of it. What has a
/// place of its own in the sequence is that; of everything else all bytes count.
pub(super) fn identity(batch: &Batch, item: &Item) -> u64 {
    let bytes = batch.bytes.get(item.range.clone()).unwrap_or_default();
    let constructor = bytes.first_chunk::<4>();
    let mut hasher = DefaultHasher::new();
    if item.message != 0 {
        item.message.hash(&mut hasher);
    } else if item.encrypted {
        let message = match item.form {
            Form::Message(_) => Some(bytes),
            // Between the constructor and `qts`.
            Form::Update => bytes.len().checked_sub(4).and_then(|end| bytes.get(4..end)),
        };
        hasher.write(message.unwrap_or_default());
    } else {
        match item.order {
            Order::Account { pts, count } | Order::Channel { pts, count, .. } if count > 0 => {
                (constructor, pts).hash(&mut hasher);
            }
            Order::Qts(qts) => (constructor, qts).hash(&mut hasher),
            _ => hasher.write(bytes),
        }
    }
    hasher.finish()
}
