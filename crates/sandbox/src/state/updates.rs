//! Changes as TL updates, the containers they travel in, and what a client missed.

use madeline_tl::{Value, object};

use super::{Change, Channel, Event, Peer, PeerSet, State};

/// Missed events up to which `updates.getDifference` answers in one piece.
const SLICE: usize = 1000;

impl State {
    /// Changes of a mailbox as its owner gets them. A message that is gone again has no update any more.
    pub(crate) fn mailbox_updates(&self, owner: i64, events: &[Event]) -> Vec<Value> {
        events
            .iter()
            .filter_map(|event| self.mailbox_update(owner, event))
            .collect()
    }

    fn mailbox_update(&self, owner: i64, event: &Event) -> Option<Value> {
        let mailbox = &self.users.get(&owner)?.mailbox;
        let Event { pts, count, change } = event;
        let (pts, count) = (*pts, *count);
        Some(match change {
            Change::New(id) => object!("updateNewMessage",
                message: mailbox.messages.get(id)?.value(owner), pts: pts, pts_count: count),
            Change::Edited(id) => object!("updateEditMessage",
                message: mailbox.messages.get(id)?.value(owner), pts: pts, pts_count: count),
            Change::Deleted(ids) => object!("updateDeleteMessages",
                messages: ids.iter().map(|id| Value::from(*id)).collect::<Vec<_>>(), pts: pts, pts_count: count),
            Change::Pinned { peer, id, pinned } => object!("updatePinnedMessages",
                pinned: *pinned, peer: peer.value(), messages: vec![Value::from(*id)], pts: pts, pts_count: count),
            Change::ReadInbox {
                peer,
                max_id,
                unread,
            } => object!("updateReadHistoryInbox",
                peer: peer.value(), max_id: *max_id, still_unread_count: *unread, pts: pts, pts_count: count),
            Change::ReadOutbox { peer, max_id } => object!("updateReadHistoryOutbox",
                peer: peer.value(), max_id: *max_id, pts: pts, pts_count: count),
        })
    }

    /// Changes of a channel as `viewer` gets them.
    pub(crate) fn channel_updates(
        &self,
        viewer: i64,
        channel: i64,
        events: &[Event],
    ) -> Vec<Value> {
        events
            .iter()
            .filter_map(|event| self.channel_update(viewer, channel, event))
            .collect()
    }

    fn channel_update(&self, viewer: i64, id: i64, event: &Event) -> Option<Value> {
        let channel = self.channels.get(&id)?;
        let Event { pts, count, change } = event;
        let (pts, count) = (*pts, *count);
        match change {
            Change::New(number) => Some(object!("updateNewChannelMessage",
                message: channel.messages.get(number)?.value(viewer), pts: pts, pts_count: count)),
            Change::Edited(number) => Some(object!("updateEditChannelMessage",
                message: channel.messages.get(number)?.value(viewer), pts: pts, pts_count: count)),
            Change::Deleted(ids) => Some(object!("updateDeleteChannelMessages",
                channel_id: id,
                messages: ids.iter().map(|id| Value::from(*id)).collect::<Vec<_>>(),
                pts: pts,
                pts_count: count,
            )),
            Change::Pinned {
                id: number, pinned, ..
            } => Some(object!("updatePinnedChannelMessages",
                pinned: *pinned,
                channel_id: id,
                messages: vec![Value::from(*number)],
                pts: pts,
                pts_count: count,
            )),
            Change::ReadInbox { .. } | Change::ReadOutbox { .. } => None,
        }
    }

    /// Updates with the users and chats they mention. Everything in them is ordered by `pts` or not at all, so
    /// the container itself has no number (`seq` 0).
    pub(crate) fn updates_value(&self, viewer: i64, updates: Vec<Value>) -> Value {
        let mut mentioned = PeerSet::default();
        mentioned.add(Peer::User(viewer));
        mentioned.collect(&updates);
        object!("updates",
            users: mentioned.users(self, viewer),
            chats: mentioned.chats(self, viewer),
            updates: updates,
            date: self.now,
            seq: 0,
        )
    }

    /// `updates.state` of a user.
    pub(crate) fn state_value(&self, user: i64) -> Value {
        let mailbox = self.users.get(&user).map(|user| &user.mailbox);
        let pts = mailbox.map_or(1, |mailbox| mailbox.pts);
        let unread: i32 = mailbox.map_or(0, |mailbox| {
            mailbox
                .dialogs()
                .map(|peer| mailbox.unread(user, peer))
                .sum()
        });
        object!("updates.state", pts: pts, qts: 0, date: self.now, seq: 1, unread_count: unread)
    }

    /// `updates.getDifference`: what happened in the mailbox after `pts`, and which channels have changed since `date`;
    /// for a bot also the buttons still waiting. `total` is how much the client wants to have at most.
    pub(crate) fn difference(&self, user: i64, pts: i32, date: i32, total: i32) -> Value {
        let Some(mailbox) = self.users.get(&user).map(|user| &user.mailbox) else {
            return object!("updates.differenceEmpty", date: self.now, seq: 1);
        };
        if pts < mailbox.forgotten {
            return object!("updates.differenceTooLong", pts: mailbox.forgotten);
        }
        if mailbox.pts.saturating_sub(pts) > total {
            return object!("updates.differenceTooLong", pts: mailbox.pts);
        }
        let missed: Vec<Event> = mailbox
            .log
            .iter()
            .filter(|event| event.pts > pts)
            .cloned()
            .collect();
        let part = missed.get(..SLICE).unwrap_or(&missed);
        let (new_messages, mut other_updates) = split(self.mailbox_updates(user, part));
        other_updates.extend(
            self.queries
                .values()
                .filter(|query| query.bot == user)
                .map(|query| query.update.clone()),
        );
        if part.len() == missed.len() {
            other_updates.extend(self.changed_channels(user, date));
        }
        if new_messages.is_empty() && other_updates.is_empty() && missed.is_empty() {
            return object!("updates.differenceEmpty", date: self.now, seq: 1);
        }
        let mut mentioned = PeerSet::default();
        mentioned.collect(&new_messages);
        mentioned.collect(&other_updates);
        let (users, chats) = (mentioned.users(self, user), mentioned.chats(self, user));
        let nothing: Vec<Value> = Vec::new();
        if let Some(last) = part.last().filter(|_| part.len() < missed.len()) {
            return object!("updates.differenceSlice",
                new_messages: new_messages,
                new_encrypted_messages: nothing,
                other_updates: other_updates,
                chats: chats,
                users: users,
                intermediate_state: object!("updates.state",
                    pts: last.pts, qts: 0, date: self.now, seq: 1, unread_count: 0),
            );
        }
        object!("updates.difference",
            new_messages: new_messages,
            new_encrypted_messages: nothing,
            other_updates: other_updates,
            chats: chats,
            users: users,
            state: self.state_value(user),
        )
    }

    /// Channels of a user in which something has happened since then: each has a difference of its own.
    fn changed_channels(&self, user: i64, date: i32) -> impl Iterator<Item = Value> {
        let changed = self.channels.iter().filter(move |(_, channel)| {
            channel.changed >= date && channel.members.contains_key(&user)
        });
        changed
            .map(|(id, channel)| object!("updateChannelTooLong", channel_id: *id, pts: channel.pts))
    }

    /// Forgets what happened so far, so that whoever missed it is told that it was too much. Gives the `pts` of now.
    pub(crate) fn forget_updates(&mut self, of: Peer) -> Option<i32> {
        let (log, forgotten, pts) = match of {
            Peer::User(id) => {
                let mailbox = &mut self.users.get_mut(&id)?.mailbox;
                (&mut mailbox.log, &mut mailbox.forgotten, mailbox.pts)
            }
            Peer::Channel(id) => {
                let channel = self.channels.get_mut(&id)?;
                (&mut channel.log, &mut channel.forgotten, channel.pts)
            }
            Peer::Chat(_) => return None,
        };
        log.clear();
        *forgotten = pts;
        Some(pts)
    }

    /// The answer to a client whose `pts` of a channel is from before what is remembered: how the channel is now.
    fn channel_too_long(&self, viewer: i64, id: i64, channel: &Channel) -> Value {
        let newest = channel.messages.values().next_back();
        let messages: Vec<Value> = newest.iter().map(|it| it.value(viewer)).collect();
        let mut mentioned = PeerSet::default();
        mentioned.add(Peer::Channel(id));
        mentioned.collect(&messages);
        object!("updates.channelDifferenceTooLong",
            final: true,
            timeout: 30,
            dialog: object!("dialog",
                peer: Peer::Channel(id).value(),
                top_message: newest.map_or(0, |it| it.id),
                read_inbox_max_id: channel.read.get(&viewer).copied().unwrap_or(0),
                read_outbox_max_id: 0,
                unread_count: channel.unread(viewer),
                unread_mentions_count: 0,
                unread_reactions_count: 0,
                unread_poll_votes_count: 0,
                notify_settings: object!("peerNotifySettings"),
                pts: channel.pts,
            ),
            messages: messages,
            users: mentioned.users(self, viewer),
            chats: mentioned.chats(self, viewer),
        )
    }

    /// `updates.getChannelDifference`: what happened in a channel after `pts`.
    pub(crate) fn channel_difference(&self, viewer: i64, id: i64, pts: i32, limit: i32) -> Value {
        let Some(channel) = self.channels.get(&id).filter(|channel| channel.pts > pts) else {
            let pts = self.channels.get(&id).map_or(pts, |channel| channel.pts);
            return object!("updates.channelDifferenceEmpty", final: true, pts: pts, timeout: 30);
        };
        if pts < channel.forgotten {
            return self.channel_too_long(viewer, id, channel);
        }
        let missed: Vec<Event> = channel
            .log
            .iter()
            .filter(|event| event.pts > pts)
            .cloned()
            .collect();
        let limit = usize::try_from(limit).unwrap_or(0).clamp(1, 100);
        let part = missed.get(..limit).unwrap_or(&missed);
        let reached = part.last().map_or(channel.pts, |event| event.pts);
        let (new_messages, other_updates) = split(self.channel_updates(viewer, id, part));
        let mut mentioned = PeerSet::default();
        mentioned.add(Peer::Channel(id));
        mentioned.collect(&new_messages);
        mentioned.collect(&other_updates);
        object!("updates.channelDifference",
            final: part.len() == missed.len(),
            pts: reached,
            timeout: 30,
            users: mentioned.users(self, viewer),
            chats: mentioned.chats(self, viewer),
            new_messages: new_messages,
            other_updates: other_updates,
        )
    }
}

/// New messages themselves, and the other updates.
fn split(updates: Vec<Value>) -> (Vec<Value>, Vec<Value>) {
    let (new, other): (Vec<Value>, Vec<Value>) = updates.into_iter().partition(|update| {
        matches!(
            update.name(),
            "updateNewMessage" | "updateNewChannelMessage"
        )
    });
    (
        new.into_iter()
            .map(|update| update.get("message").clone())
            .collect(),
        other,
    )
}
