//! Sending, editing, deleting and reading: every change reaches all copies and everybody concerned.

use std::collections::BTreeMap;

use madeline_tl::Value;

use super::{Audience, Body, Change, Event, Forward, Message, Notice, Peer, SessionRef, State};

/// A message about to be sent.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub(crate) from: i64,
    pub(crate) to: Peer,
    pub(crate) body: Body,
    /// In the numbering of the sender.
    pub(crate) reply_to: Option<i32>,
    pub(crate) forward: Option<Forward>,
    pub(crate) silent: bool,
    pub(crate) noforwards: bool,
    /// The bot that it is sent through.
    pub(crate) via: Option<i64>,
    /// The topic of a forum.
    pub(crate) topic: Option<i32>,
    /// Whom a supergroup shows as the sender instead.
    pub(crate) send_as: Option<Peer>,
    pub(crate) date: i32,
    /// The id it shall have; the next free one otherwise.
    pub(crate) id: Option<i32>,
}

impl Draft {
    pub(crate) fn new(from: i64, to: Peer, body: Body, date: i32) -> Self {
        Draft {
            from,
            to,
            body,
            reply_to: None,
            forward: None,
            silent: false,
            noforwards: false,
            via: None,
            topic: None,
            send_as: None,
            date,
            id: None,
        }
    }
}

/// The session whose call makes a change: its updates are in the call's result.
pub(crate) type Origin = Option<SessionRef>;

impl State {
    /// Delivers a message. Gives the sender's id of it and the sender's own updates.
    pub(crate) fn deliver(&mut self, draft: Draft, origin: Origin) -> (i32, Vec<Value>) {
        self.next_common += 1;
        let common = self.next_common;
        match draft.to {
            Peer::Channel(channel) => self.deliver_to_channel(common, channel, draft, origin),
            Peer::User(other) if other == draft.from => {
                self.deliver_to_mailboxes(common, &[draft.from], &draft, origin)
            }
            Peer::User(other) => {
                self.deliver_to_mailboxes(common, &[draft.from, other], &draft, origin)
            }
            Peer::Chat(chat) => {
                let mut owners = vec![draft.from];
                let members = self
                    .chats
                    .get(&chat)
                    .map(|chat| chat.members.keys().copied().collect::<Vec<_>>());
                owners.extend(
                    members
                        .unwrap_or_default()
                        .into_iter()
                        .filter(|member| *member != draft.from),
                );
                self.deliver_to_mailboxes(common, &owners, &draft, origin)
            }
        }
    }

    fn deliver_to_mailboxes(
        &mut self,
        common: u64,
        owners: &[i64],
        draft: &Draft,
        origin: Origin,
    ) -> (i32, Vec<Value>) {
        let replied = draft.reply_to.and_then(|id| self.common_of(draft.from, id));
        let mut sent = (0, Vec::new());
        for owner in owners.iter().copied() {
            let peer = match draft.to {
                Peer::User(other) if owner == other => Peer::User(draft.from),
                place => place,
            };
            let reply_to = replied.and_then(|common| self.copy_of(common, owner));
            let Some(user) = self.users.get_mut(&owner) else {
                continue;
            };
            // A bot has the messages of many users in one mailbox: where the wanted number is taken it counts on.
            let id = draft
                .id
                .filter(|id| !user.mailbox.messages.contains_key(id))
                .unwrap_or_else(|| user.mailbox.next_id());
            user.mailbox.store(Message {
                id,
                common,
                peer,
                from: Some(Peer::User(draft.from)),
                author: draft.from,
                date: draft.date,
                edit_date: None,
                reply_to,
                forward: draft.forward.clone(),
                silent: draft.silent,
                body: draft.body.clone(),
                pinned: false,
                noforwards: draft.noforwards,
                via: draft.via,
                topic: None,
                views: 0,
                reactions: BTreeMap::new(),
            });
            let mut events = vec![user.mailbox.record(1, Change::New(id))];
            if owner == draft.from {
                user.mailbox.dialog_mut(peer).read_inbox = id;
                events.push(user.mailbox.record(
                    1,
                    Change::ReadInbox {
                        peer,
                        max_id: id,
                        unread: 0,
                    },
                ));
            }
            self.copies.entry(common).or_default().push((owner, id));
            let updates = self.mailbox_updates(owner, &events);
            if owner == draft.from {
                sent = (id, updates.clone());
            }
            self.notify(owner, origin, updates);
        }
        sent
    }

    fn deliver_to_channel(
        &mut self,
        common: u64,
        id: i64,
        draft: Draft,
        origin: Origin,
    ) -> (i32, Vec<Value>) {
        let discussed = self.discussed(id, &draft);
        let Some(channel) = self.channels.get_mut(&id) else {
            return (0, Vec::new());
        };
        let number = draft
            .id
            .filter(|id| !channel.messages.contains_key(id))
            .unwrap_or(channel.next_id);
        channel.next_id = channel.next_id.max(number + 1);
        let from = (draft.send_as).or(channel.megagroup.then_some(Peer::User(draft.from)));
        channel.messages.insert(
            number,
            Message {
                id: number,
                common,
                peer: Peer::Channel(id),
                from,
                author: draft.from,
                date: draft.date,
                edit_date: None,
                reply_to: draft.reply_to,
                forward: draft.forward,
                silent: draft.silent,
                body: draft.body,
                pinned: false,
                noforwards: draft.noforwards,
                via: draft.via,
                topic: draft.topic,
                views: 1,
                reactions: BTreeMap::new(),
            },
        );
        channel.read.insert(draft.from, number);
        let event = channel.record(1, Change::New(number));
        let mut own = vec![madeline_tl::object!("updateReadChannelInbox",
            channel_id: id, max_id: number, still_unread_count: 0, pts: event.pts - 1)];
        own.extend(self.channel_updates(draft.from, id, std::slice::from_ref(&event)));
        self.announce(id, &event, origin);
        if let Some(mut copy) = discussed {
            if let Some(forward) = &mut copy.forward {
                forward.channel_post = Some(number);
            }
            self.deliver(copy, None);
        }
        (number, own)
    }

    /// The copy of a channel's post for the group in which it is discussed.
    fn discussed(&self, id: i64, post: &Draft) -> Option<Draft> {
        let channel = self.channels.get(&id)?;
        if channel.megagroup || post.body.action.is_some() {
            return None;
        }
        let group = Peer::Channel(channel.linked?);
        let mut copy = Draft::new(post.from, group, post.body.clone(), post.date);
        copy.forward = Some(Forward {
            from: Peer::Channel(id),
            date: post.date,
            channel_post: None,
        });
        copy.send_as = Some(Peer::Channel(id));
        Some(copy)
    }

    /// Tells the members of a channel about a change.
    pub(crate) fn announce(&mut self, channel: i64, event: &Event, origin: Origin) {
        if let Some(channel) = self.channels.get_mut(&channel) {
            channel.changed = self.now;
        }
        let members: Vec<i64> = self
            .channels
            .get(&channel)
            .map(|channel| channel.members.keys().copied().collect())
            .unwrap_or_default();
        for member in members {
            if self.is_connected(member) {
                let updates = self.channel_updates(member, channel, std::slice::from_ref(event));
                self.outbox.push(Notice {
                    to: Audience::User(member),
                    except: origin,
                    updates,
                });
            }
        }
    }

    /// Changes the body of a message in all its copies. Gives the updates of `viewer`.
    pub(crate) fn edit(
        &mut self,
        viewer: i64,
        place: Peer,
        id: i32,
        body: &Body,
        origin: Origin,
    ) -> Vec<Value> {
        let now = self.now;
        if let Peer::Channel(channel_id) = place {
            let Some(channel) = self.channels.get_mut(&channel_id) else {
                return Vec::new();
            };
            if let Some(message) = channel.messages.get_mut(&id) {
                message.body = body.clone();
                message.edit_date = Some(now);
            }
            let event = channel.record(1, Change::Edited(id));
            self.announce(channel_id, &event, origin);
            return self.channel_updates(viewer, channel_id, &[event]);
        }
        let mut own = Vec::new();
        for (owner, id) in self.all_copies(viewer, id) {
            let Some(user) = self.users.get_mut(&owner) else {
                continue;
            };
            let Some(message) = user.mailbox.messages.get_mut(&id) else {
                continue;
            };
            message.body = body.clone();
            message.edit_date = Some(now);
            let event = user.mailbox.record(1, Change::Edited(id));
            let updates = self.mailbox_updates(owner, &[event]);
            if owner == viewer {
                own.clone_from(&updates);
            }
            self.notify(owner, origin, updates);
        }
        own
    }

    /// Deletes messages of a mailbox, with `revoke` everybody's copies. Gives the viewer's `pts` and how much it grew.
    pub(crate) fn delete(
        &mut self,
        viewer: i64,
        ids: &[i32],
        revoke: bool,
        origin: Origin,
    ) -> (i32, i32) {
        let mut doomed: Vec<(i64, Vec<i32>)> = Vec::new();
        for id in ids.iter().copied() {
            let copies = if revoke {
                self.all_copies(viewer, id)
            } else {
                vec![(viewer, id)]
            };
            for (owner, id) in copies {
                match doomed.iter_mut().find(|(known, _)| *known == owner) {
                    Some((_, ids)) => ids.push(id),
                    None => doomed.push((owner, vec![id])),
                }
            }
        }
        let mut grown = 0;
        for (owner, ids) in doomed {
            let Some(user) = self.users.get_mut(&owner) else {
                continue;
            };
            let gone: Vec<i32> = ids
                .into_iter()
                .filter(|id| user.mailbox.messages.remove(id).is_some())
                .collect();
            if gone.is_empty() {
                continue;
            }
            let count = gone.len() as i32;
            let event = user.mailbox.record(count, Change::Deleted(gone));
            if owner == viewer {
                grown = count;
            }
            let updates = self.mailbox_updates(owner, &[event]);
            self.notify(owner, origin, updates);
        }
        (
            self.users.get(&viewer).map_or(0, |user| user.mailbox.pts),
            grown,
        )
    }

    /// Deletes messages of a channel. Gives its `pts` and how much it grew.
    pub(crate) fn delete_in_channel(&mut self, id: i64, ids: &[i32], origin: Origin) -> (i32, i32) {
        let Some(channel) = self.channels.get_mut(&id) else {
            return (0, 0);
        };
        let gone: Vec<i32> = ids
            .iter()
            .copied()
            .filter(|id| channel.messages.remove(id).is_some())
            .collect();
        let count = gone.len() as i32;
        if count == 0 {
            return (channel.pts, 0);
        }
        let event = channel.record(count, Change::Deleted(gone));
        self.announce(id, &event, origin);
        (event.pts, count)
    }

    /// Marks a private chat or basic group as read. Gives the reader's `pts` and how much it grew.
    pub(crate) fn read(
        &mut self,
        reader: i64,
        peer: Peer,
        max_id: i32,
        origin: Origin,
    ) -> (i32, i32) {
        let Some(user) = self.users.get_mut(&reader) else {
            return (0, 0);
        };
        let newest = user
            .mailbox
            .of(peer)
            .rev()
            .find(|message| max_id == 0 || message.id <= max_id)
            .map(|message| (message.id, message.common));
        let Some((newest, _)) = newest.filter(|(id, _)| *id > user.mailbox.dialog(peer).read_inbox)
        else {
            return (user.mailbox.pts, 0);
        };
        let read_before = user.mailbox.dialog(peer).read_inbox;
        user.mailbox.dialog_mut(peer).read_inbox = newest;
        let unread = user.mailbox.unread(reader, peer);
        let event = user.mailbox.record(
            1,
            Change::ReadInbox {
                peer,
                max_id: newest,
                unread,
            },
        );
        let pts = event.pts;
        // Whoever wrote what has been read now learns it.
        let read: Vec<(i64, u64)> = user
            .mailbox
            .of(peer)
            .filter(|message| {
                message.id > read_before && message.id <= newest && message.author != reader
            })
            .map(|message| (message.author, message.common))
            .collect();
        let updates = self.mailbox_updates(reader, &[event]);
        self.notify(reader, origin, updates);
        let mut told: Vec<i64> = Vec::new();
        for (author, common) in read.into_iter().rev() {
            if told.contains(&author) {
                continue;
            }
            told.push(author);
            let Some(id) = self.copy_of(common, author) else {
                continue;
            };
            let place = if let Peer::Chat(_) = peer {
                peer
            } else {
                Peer::User(reader)
            };
            let Some(user) = self.users.get_mut(&author) else {
                continue;
            };
            user.mailbox.dialog_mut(place).read_outbox = id;
            let event = user.mailbox.record(
                1,
                Change::ReadOutbox {
                    peer: place,
                    max_id: id,
                },
            );
            let updates = self.mailbox_updates(author, &[event]);
            self.notify(author, None, updates);
        }
        (pts, 1)
    }

    /// The id that one user's message has for another.
    pub(crate) fn same_message(&self, owner: i64, id: i32, other: i64) -> Option<i32> {
        self.copy_of(self.common_of(owner, id)?, other)
    }

    /// What the copies of a mailbox's message have in common.
    fn common_of(&self, owner: i64, id: i32) -> Option<u64> {
        self.users
            .get(&owner)?
            .mailbox
            .messages
            .get(&id)
            .map(|message| message.common)
    }

    /// The id of a message in somebody's mailbox.
    fn copy_of(&self, common: u64, owner: i64) -> Option<i32> {
        self.copies
            .get(&common)?
            .iter()
            .find(|(known, _)| *known == owner)
            .map(|(_, id)| *id)
    }

    /// Owners and ids of all copies of a mailbox's message.
    pub(crate) fn all_copies(&self, owner: i64, id: i32) -> Vec<(i64, i32)> {
        self.common_of(owner, id)
            .and_then(|common| self.copies.get(&common))
            .cloned()
            .unwrap_or_default()
    }
}
