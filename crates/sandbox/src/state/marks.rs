//! What messages are marked with after they were sent: pins, reactions, views.

use madeline_tl::Value;

use super::delivery::Origin;
use super::{Change, Message, Peer, State};

impl State {
    /// Changes something about a message, without a trace, in all its copies. Gives owner and number of each; of a channel's
    /// message one for every member.
    pub(crate) fn change(
        &mut self,
        viewer: i64,
        place: Peer,
        id: i32,
        change: impl Fn(&mut Message),
    ) -> Vec<(i64, i32)> {
        if let Peer::Channel(channel) = place {
            let Some(channel) = self.channels.get_mut(&channel) else {
                return Vec::new();
            };
            if let Some(message) = channel.messages.get_mut(&id) {
                change(message);
            }
            return channel.members.keys().map(|member| (*member, id)).collect();
        }
        let copies = self.all_copies(viewer, id);
        for (owner, id) in &copies {
            let user = self.users.get_mut(owner);
            if let Some(message) = user.and_then(|user| user.mailbox.messages.get_mut(id)) {
                change(message);
            }
        }
        copies
    }

    /// Pins a message, or takes it down; with `own` for its owner alone. Gives the updates of `viewer`.
    pub(crate) fn pin(
        &mut self,
        viewer: i64,
        place: Peer,
        id: i32,
        (pinned, own): (bool, bool),
        origin: Origin,
    ) -> Vec<Value> {
        if let Peer::Channel(channel_id) = place {
            self.change(viewer, place, id, |message| message.pinned = pinned);
            let Some(channel) = self.channels.get_mut(&channel_id) else {
                return Vec::new();
            };
            let change = Change::Pinned {
                peer: place,
                id,
                pinned,
            };
            let event = channel.record(1, change);
            self.announce(channel_id, &event, origin);
            return self.channel_updates(viewer, channel_id, &[event]);
        }
        let copies = if own {
            vec![(viewer, id)]
        } else {
            self.all_copies(viewer, id)
        };
        let mut updates_of_viewer = Vec::new();
        for (owner, id) in copies {
            let Some(user) = self.users.get_mut(&owner) else {
                continue;
            };
            let Some(message) = user.mailbox.messages.get_mut(&id) else {
                continue;
            };
            message.pinned = pinned;
            let peer = message.peer;
            let event = user.mailbox.record(1, Change::Pinned { peer, id, pinned });
            let updates = self.mailbox_updates(owner, &[event]);
            if owner == viewer {
                updates_of_viewer.clone_from(&updates);
            }
            self.notify(owner, origin, updates);
        }
        updates_of_viewer
    }
}
