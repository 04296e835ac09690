//! Messages where they are kept: a user's mailbox (private chats and basic groups) or a channel.

use std::collections::BTreeMap;

use madeline_tl::{Value, object};

use super::{Body, Peer, State};

/// One copy of a message.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    pub(crate) id: i32,
    /// What the copies of one message have in common.
    pub(crate) common: u64,
    /// The chat, from the point of view of the copy's owner.
    pub(crate) peer: Peer,
    /// The sender; none for posts of a broadcast channel.
    pub(crate) from: Option<Peer>,
    /// The user or bot who may edit it.
    pub(crate) author: i64,
    pub(crate) date: i32,
    pub(crate) edit_date: Option<i32>,
    pub(crate) reply_to: Option<i32>,
    pub(crate) forward: Option<Forward>,
    pub(crate) silent: bool,
    pub(crate) body: Body,
    pub(crate) pinned: bool,
    /// Whether it may not be forwarded.
    pub(crate) noforwards: bool,
    /// The bot that it was sent through.
    pub(crate) via: Option<i64>,
    /// The topic of a forum.
    pub(crate) topic: Option<i32>,
    /// How often a post was seen.
    pub(crate) views: i32,
    /// Who has reacted, and how.
    pub(crate) reactions: BTreeMap<i64, Vec<Value>>,
}

/// Where a forwarded message comes from.
#[derive(Debug, Clone)]
pub(crate) struct Forward {
    pub(crate) from: Peer,
    pub(crate) date: i32,
    pub(crate) channel_post: Option<i32>,
}

impl Message {
    /// `message` or `messageService` as `viewer` sees it.
    pub(crate) fn value(&self, viewer: i64) -> Value {
        let out = self.from == Some(Peer::User(viewer));
        let post = self.from.is_none();
        // A private chat needs no sender, but Telegram gives one for the messages of both sides.
        let from = self.from.map(Peer::value);
        let reply_to = self.reply_header();
        if let Some(action) = &self.body.action {
            return object!("messageService",
                out: out,
                silent: self.silent,
                post: post,
                id: self.id,
                from_id: from,
                peer_id: self.peer.value(),
                reply_to: reply_to,
                date: self.date,
                action: action.clone(),
            );
        }
        let forward = self.forward.as_ref().map(|forward| {
            object!("messageFwdHeader",
                from_id: forward.from.value(),
                date: forward.date,
                channel_post: forward.channel_post,
            )
        });
        object!("message",
            out: out,
            silent: self.silent,
            post: post,
            pinned: self.pinned,
            noforwards: self.noforwards,
            id: self.id,
            from_id: from,
            peer_id: self.peer.value(),
            fwd_from: forward,
            via_bot_id: self.via,
            reply_to: reply_to,
            date: self.date,
            message: self.body.text.clone(),
            media: self.body.media.clone(),
            reply_markup: self.body.markup.clone(),
            entities: (!self.body.entities.is_empty()).then(|| self.body.entities.clone()),
            views: post.then_some(self.views),
            forwards: post.then_some(0),
            edit_date: self.edit_date,
            reactions: (!self.reactions.is_empty()).then(|| self.reactions_value(viewer)),
        )
    }

    fn reply_header(&self) -> Option<Value> {
        match (self.topic, self.reply_to) {
            // A message of a topic that answers none other answers its beginning.
            (Some(topic), reply_to) => {
                let reply_to = reply_to.filter(|id| *id != topic);
                Some(object!("messageReplyHeader",
                    forum_topic: true,
                    reply_to_msg_id: reply_to.unwrap_or(topic),
                    reply_to_top_id: reply_to.map(|_| topic),
                ))
            }
            (None, Some(id)) => Some(object!("messageReplyHeader", reply_to_msg_id: id)),
            (None, None) => None,
        }
    }

    /// `messageReactions` as `viewer` sees them.
    pub(crate) fn reactions_value(&self, viewer: i64) -> Value {
        let mut counts: Vec<(&Value, i32)> = Vec::new();
        for reaction in self.reactions.values().flatten() {
            match counts.iter_mut().find(|(known, _)| *known == reaction) {
                Some((_, count)) => *count += 1,
                None => counts.push((reaction, 1)),
            }
        }
        let own = self.reactions.get(&viewer);
        let results: Vec<Value> = counts
            .into_iter()
            .map(|(reaction, count)| {
                let chosen = own.and_then(|own| own.iter().position(|it| it == reaction));
                object!("reactionCount",
                    chosen_order: chosen.map(|place| place as i32),
                    reaction: reaction.clone(),
                    count: count,
                )
            })
            .collect();
        object!("messageReactions", results: results)
    }
}

/// A change of a mailbox or channel, numbered by `pts`.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    /// The counter after the change.
    pub(crate) pts: i32,
    /// By how much it grew.
    pub(crate) count: i32,
    pub(crate) change: Change,
}

/// What changed.
#[derive(Debug, Clone)]
pub(crate) enum Change {
    New(i32),
    Edited(i32),
    Deleted(Vec<i32>),
    Pinned {
        peer: Peer,
        id: i32,
        pinned: bool,
    },
    ReadInbox {
        peer: Peer,
        max_id: i32,
        unread: i32,
    },
    ReadOutbox {
        peer: Peer,
        max_id: i32,
    },
}

/// How far a chat is read.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Dialog {
    pub(crate) read_inbox: i32,
    pub(crate) read_outbox: i32,
}

/// The messages of one user outside channels: one numbering, one `pts`.
#[derive(Debug)]
pub(crate) struct Mailbox {
    pub(crate) messages: BTreeMap<i32, Message>,
    next_id: i32,
    pub(crate) pts: i32,
    pub(crate) log: Vec<Event>,
    /// Before this `pts` the log has nothing any more.
    pub(crate) forgotten: i32,
    dialogs: BTreeMap<Peer, Dialog>,
}

impl Default for Mailbox {
    fn default() -> Self {
        Mailbox {
            messages: BTreeMap::new(),
            next_id: 1,
            pts: 1,
            log: Vec::new(),
            forgotten: 0,
            dialogs: BTreeMap::new(),
        }
    }
}

impl Mailbox {
    /// The id of the next message.
    pub(crate) fn next_id(&self) -> i32 {
        self.next_id
    }

    /// Keeps a copy of a message.
    pub(crate) fn store(&mut self, message: Message) {
        self.next_id = self.next_id.max(message.id + 1);
        self.dialogs.entry(message.peer).or_default();
        self.messages.insert(message.id, message);
    }

    /// Counts and records a change.
    pub(crate) fn record(&mut self, count: i32, change: Change) -> Event {
        self.pts += count;
        let event = Event {
            pts: self.pts,
            count,
            change,
        };
        self.log.push(event.clone());
        event
    }

    /// The chats of this mailbox.
    pub(crate) fn dialogs(&self) -> impl Iterator<Item = Peer> + '_ {
        self.dialogs.keys().copied()
    }

    pub(crate) fn has_dialog(&self, peer: Peer) -> bool {
        self.dialogs.contains_key(&peer)
    }

    /// How far that chat is read.
    pub(crate) fn dialog(&self, peer: Peer) -> Dialog {
        self.dialogs.get(&peer).copied().unwrap_or_default()
    }

    pub(crate) fn dialog_mut(&mut self, peer: Peer) -> &mut Dialog {
        self.dialogs.entry(peer).or_default()
    }

    /// Messages of a chat, oldest first.
    pub(crate) fn of(&self, peer: Peer) -> impl DoubleEndedIterator<Item = &Message> {
        self.messages
            .values()
            .filter(move |message| message.peer == peer)
    }

    /// Messages of a chat the owner has not read.
    pub(crate) fn unread(&self, owner: i64, peer: Peer) -> i32 {
        let read = self.dialog(peer).read_inbox;
        let unread = self
            .of(peer)
            .filter(|message| message.id > read && message.from != Some(Peer::User(owner)));
        unread.count() as i32
    }
}

impl State {
    /// The message a user means by a chat and an id.
    pub(crate) fn message(&self, viewer: i64, place: Peer, id: i32) -> Option<&Message> {
        match place {
            Peer::Channel(channel) => self.channels.get(&channel)?.messages.get(&id),
            _ => self
                .users
                .get(&viewer)?
                .mailbox
                .messages
                .get(&id)
                .filter(|message| message.peer == place),
        }
    }

    /// All messages of a chat, newest first.
    pub(crate) fn history(&self, viewer: i64, place: Peer) -> Vec<&Message> {
        match place {
            Peer::Channel(channel) => self
                .channels
                .get(&channel)
                .map(|channel| {
                    let cleared = channel.cleared.get(&viewer).copied().unwrap_or(0);
                    let kept = channel.messages.range(cleared.saturating_add(1)..);
                    kept.rev().map(|(_, message)| message).collect()
                })
                .unwrap_or_default(),
            _ => self
                .users
                .get(&viewer)
                .map(|user| user.mailbox.of(place).rev().collect())
                .unwrap_or_default(),
        }
    }
}
