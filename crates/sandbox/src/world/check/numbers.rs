//! Message ids: nobody has one twice.

use std::collections::{BTreeMap, BTreeSet};

use super::Check;
use crate::world::{Message, Place, World};

/// The ids of one mailbox or channel, given out as the sandbox does at start.
#[derive(Default)]
struct Numbers {
    taken: BTreeSet<i32>,
}

impl Numbers {
    /// Takes this id, or else the next free one. False if it is taken already.
    fn take(&mut self, id: Option<i32>) -> bool {
        let next = self.taken.last().map_or(1, |last| last.saturating_add(1));
        self.taken.insert(id.unwrap_or(next))
    }
}

impl Check<'_> {
    /// Every message in turn.
    pub(super) fn numbers(&mut self) {
        let mut numbers: BTreeMap<String, Numbers> = BTreeMap::new();
        for (index, message) in self.world.messages.iter().enumerate() {
            for owner in owners(self.world, message) {
                if !numbers.entry(owner.clone()).or_default().take(message.id) {
                    let id = message.id.unwrap_or_default();
                    self.fault(
                        format!("messages[{index}].id"),
                        format!("{owner} has a message {id} already"),
                    );
                }
            }
        }
    }
}

/// Who counts a message: the people it reaches, or its channel. Bots don't insist on a number.
fn owners(world: &World, message: &Message) -> Vec<String> {
    let is_person = |name: &&String| world.users.get(name).is_some();
    match &message.place {
        Place::Private(names) => {
            let names: BTreeSet<&String> = names.iter().filter(is_person).collect();
            names
                .into_iter()
                .map(|name| format!("users.{name}"))
                .collect()
        }
        Place::Group(name) => match world.chats.get(name) {
            Some(chat) => {
                let members = std::iter::once(&chat.creator).chain(&chat.members);
                let names: BTreeSet<&String> = members.filter(is_person).collect();
                names
                    .into_iter()
                    .map(|name| format!("users.{name}"))
                    .collect()
            }
            None => vec![format!("channels.{name}")],
        },
    }
}
