//! From the world file to the state at start.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::twice::Twice;
use super::users::Password;
use super::{
    Body, BotScript, Cdn, Channel, Chat, Draft, ErrorScript, Files, Kind, Login, Mailbox, Newcomer,
    Peer, Rules, State, Status, Switch, Uploads, User, random_bytes,
};
use crate::error::RpcError;
use crate::world::check::{bot_id, digits};
use crate::world::{self, Place, World};

/// First of the ids the sandbox gives out itself; beyond 32 bits, as Telegram's newer ones are.
const FIRST_USER: i64 = 5_000_000_001;
const FIRST_CHAT: i64 = 400_000_001;
const FIRST_CHANNEL: i64 = 2_000_000_001;

impl State {
    /// A checked world, come alive at `now`. `ports` are the data centres' ports on 127.0.0.1, `cdn_key` is the CDN's
    /// public key, where there is one.
    pub(crate) fn new(world: &World, ports: BTreeMap<i32, u16>, cdn_key: String, now: i32) -> Self {
        let mut state = State {
            now,
            rules: Rules {
                default_dc: world.home_dc(),
                test_mode: world.test_mode,
                country: world.country.clone(),
                callback_timeout_ms: world.callback_timeout_ms,
                login_token_seconds: world.login_token_seconds,
                single_use: world.single_use,
                apis: world.apis.clone(),
                support: None,
                ports,
            },
            secret: random_bytes(),
            users: BTreeMap::new(),
            chats: BTreeMap::new(),
            channels: BTreeMap::new(),
            usernames: HashMap::new(),
            phones: HashMap::new(),
            newcomers: HashMap::new(),
            invites: HashMap::new(),
            names: HashMap::new(),
            private_ttl: BTreeMap::new(),
            copies: HashMap::new(),
            next_common: 0,
            next_user: FIRST_USER,
            scripts: Vec::new(),
            files: Files::default(),
            cdn: Cdn::default(),
            sticker_sets: BTreeMap::new(),
            saved_gifs: HashMap::new(),
            uploads: Uploads::default(),
            login: Login::default(),
            keys: HashMap::new(),
            sessions: HashMap::new(),
            twice: Twice::default(),
            queries: HashMap::new(),
            random_ids: HashSet::new(),
            outbox: Vec::new(),
        };
        state.add_people(world);
        state.rules.support = world.support.as_ref().and_then(|name| state.person(name));
        state.add_groups(world);
        state.files = Files::new(world, &state.secret);
        state.cdn = Cdn::new(cdn_key, &state.secret);
        for message in &world.messages {
            state.add_message(message);
        }
        // That was before the start.
        for channel in state.channels.values_mut() {
            channel.changed = 0;
        }
        for script in &world.errors {
            let user = script.user.as_ref().and_then(|name| state.person(name));
            let peer = script
                .peer
                .as_ref()
                .and_then(|name| state.names.get(name).copied());
            state.scripts.push(ErrorScript {
                method: script.method.clone(),
                user,
                peer,
                error: RpcError::new(script.error.code, script.error.text.clone()),
                times: script.times,
                after: script.after,
            });
        }
        state
    }

    /// An id nobody has.
    pub(crate) fn free_user_id(&mut self) -> i64 {
        while self.users.contains_key(&self.next_user) {
            self.next_user += 1;
        }
        self.next_user
    }

    /// A supergroup that did not exist at the start. Gives its id.
    pub(crate) fn found_supergroup(
        &mut self,
        title: String,
        about: String,
        creator: i64,
        members: BTreeMap<i64, i32>,
    ) -> i64 {
        let mut id = FIRST_CHANNEL;
        while self.channels.contains_key(&id) {
            id += 1;
        }
        let described = world::Channel {
            id: None,
            title,
            username: None,
            megagroup: true,
            forum: false,
            creator: String::new(),
            members: Vec::new(),
            banned: Vec::new(),
            discussion: None,
            deleted: false,
            invite: None,
            about,
            ads: Vec::new(),
        };
        let channel = self::channel(&described, creator, members, BTreeMap::new(), self.now);
        self.channels.insert(id, channel);
        id
    }

    /// Makes a user known under id, phone and username.
    pub(crate) fn add_user(&mut self, id: i64, user: User) {
        if let Kind::Person { phone, .. } = &user.kind {
            self.phones.insert(phone.clone(), id);
        }
        if let Some(username) = &user.username {
            self.usernames
                .insert(username.to_ascii_lowercase(), Peer::User(id));
        }
        self.users.insert(id, user);
    }

    fn add_people(&mut self, world: &World) {
        // Those with an id of their own come first, so that a chosen one is free.
        for (name, bot) in world.bots.iter() {
            let Some(id) = bot_id(&bot.token) else {
                continue;
            };
            self.names.insert(name.to_owned(), Peer::User(id));
            let user = self::bot(bot, world.home_dc());
            self.add_user(id, user);
        }
        let (fixed, free): (Vec<_>, Vec<_>) =
            world.users.iter().partition(|(_, user)| user.id.is_some());
        for (name, person) in fixed.into_iter().chain(free) {
            let id = person.id.unwrap_or_else(|| self.free_user_id());
            self.names.insert(name.to_owned(), Peer::User(id));
            self.add_user(id, self::person(person, world.home_dc()));
        }
        for (name, person) in world.users.iter() {
            let friends: BTreeSet<i64> = person
                .contacts
                .iter()
                .filter_map(|name| self.person(name))
                .collect();
            let Some(id) = self.person(name) else {
                continue;
            };
            if let Some(User {
                kind: Kind::Person { contacts, .. },
                ..
            }) = self.users.get_mut(&id)
            {
                *contacts = friends;
            }
        }
        for newcomer in &world.unregistered {
            let entry = Newcomer {
                code: newcomer.code.clone(),
                dc: newcomer.dc.unwrap_or_else(|| world.home_dc()),
                id: newcomer.id,
                premium: newcomer.premium,
                lang_code: newcomer.lang_code.clone(),
            };
            self.newcomers.insert(digits(&newcomer.phone), entry);
        }
    }

    fn person(&self, name: &str) -> Option<i64> {
        match self.names.get(name) {
            Some(Peer::User(id)) => Some(*id),
            _ => None,
        }
    }

    fn add_groups(&mut self, world: &World) {
        let now = self.now;
        let members = |state: &State, creator: &String, members: &[String]| -> BTreeMap<i64, i32> {
            std::iter::once(creator)
                .chain(members)
                .filter_map(|name| Some((state.person(name)?, now)))
                .collect()
        };
        let (fixed, free): (Vec<_>, Vec<_>) =
            world.chats.iter().partition(|(_, chat)| chat.id.is_some());
        let mut next = FIRST_CHAT;
        for (name, chat) in fixed.into_iter().chain(free) {
            while self.chats.contains_key(&next) {
                next += 1;
            }
            let id = chat.id.unwrap_or(next);
            self.names.insert(name.to_owned(), Peer::Chat(id));
            if let Some(hash) = &chat.invite {
                self.invites.insert(hash.clone(), Peer::Chat(id));
            }
            let members = members(self, &chat.creator, &chat.members);
            self.chats.insert(
                id,
                Chat {
                    title: chat.title.clone(),
                    about: chat.about.clone(),
                    creator: self.person(&chat.creator).unwrap_or_default(),
                    members,
                    invite: chat.invite.clone(),
                    date: now,
                    version: 1,
                    switches: BTreeSet::new(),
                    ttl: 0,
                    migrated_to: None,
                },
            );
        }
        let (fixed, free): (Vec<_>, Vec<_>) = world
            .channels
            .iter()
            .partition(|(_, channel)| channel.id.is_some());
        let mut next = FIRST_CHANNEL;
        for (name, channel) in fixed.into_iter().chain(free) {
            while self.channels.contains_key(&next) {
                next += 1;
            }
            let id = channel.id.unwrap_or(next);
            self.names.insert(name.to_owned(), Peer::Channel(id));
            if let Some(hash) = &channel.invite {
                self.invites.insert(hash.clone(), Peer::Channel(id));
            }
            if let Some(username) = &channel.username {
                self.usernames
                    .insert(username.to_ascii_lowercase(), Peer::Channel(id));
            }
            let members = members(self, &channel.creator, &channel.members);
            let creator = self.person(&channel.creator).unwrap_or_default();
            let banned = channel
                .banned
                .iter()
                .filter_map(|name| Some((self.person(name)?, i32::MAX)))
                .collect();
            self.channels
                .insert(id, self::channel(channel, creator, members, banned, now));
        }
        for (name, channel) in world.channels.iter() {
            let Some(discussion) = &channel.discussion else {
                continue;
            };
            if let (Some(Peer::Channel(one)), Some(Peer::Channel(other))) =
                (self.names.get(name), self.names.get(discussion))
            {
                let (one, other) = (*one, *other);
                for (id, linked) in [(one, other), (other, one)] {
                    if let Some(channel) = self.channels.get_mut(&id) {
                        channel.linked = Some(linked);
                    }
                }
            }
        }
    }

    fn add_message(&mut self, message: &world::Message) {
        let body: Body = self.body(&message.content);
        let (from, to) = match &message.place {
            Place::Private([one, other]) => {
                let sender = message.from.as_ref().unwrap_or(one);
                let receiver = if sender == one { other } else { one };
                let (Some(from), Some(to)) = (self.person(sender), self.person(receiver)) else {
                    return;
                };
                (from, Peer::User(to))
            }
            Place::Group(name) => {
                let Some(to) = self.names.get(name).copied() else {
                    return;
                };
                let creator = match to {
                    Peer::Channel(id) => self.channels.get(&id).map(|channel| channel.creator),
                    _ => None,
                };
                let Some(from) = message
                    .from
                    .as_ref()
                    .and_then(|name| self.person(name))
                    .or(creator)
                else {
                    return;
                };
                (from, to)
            }
        };
        let mut draft = Draft::new(from, to, body, message.date.unwrap_or(self.now));
        draft.id = message.id;
        draft.via = message.via.as_ref().and_then(|bot| self.person(bot));
        draft.reply_to = match to {
            // The world counts as people do; a bot's own copy may have another number.
            Peer::User(person) if self.is_bot(from) => message
                .reply_to
                .and_then(|id| self.same_message(person, id, from)),
            _ => message.reply_to,
        };
        self.deliver(draft, None);
    }
}

fn bot(bot: &world::Bot, home_dc: i32) -> User {
    let replies = bot
        .replies
        .iter()
        .map(|(word, contents)| (word.to_owned(), contents.clone()))
        .collect();
    User {
        first_name: bot.first_name.clone(),
        last_name: String::new(),
        username: Some(bot.username.clone()),
        about: bot.about.clone(),
        lang_code: bot.lang_code.clone(),
        dc: bot.dc.unwrap_or(home_dc),
        status: Status::Never,
        kind: Kind::Bot(BotScript {
            token: bot.token.clone(),
            reads_history: bot.reads_history,
            replies,
            callbacks: bot.callbacks.clone(),
        }),
        mailbox: Mailbox::default(),
        photos: Vec::new(),
        blocked: BTreeSet::new(),
        untranslated: BTreeSet::new(),
        contact_names: BTreeMap::new(),
    }
}

fn person(person: &world::User, home_dc: i32) -> User {
    let password = person.password.as_ref().map(|text| Password {
        text: text.clone(),
        hint: person.hint.clone(),
        verifier: None,
    });
    User {
        first_name: person.first_name.clone(),
        last_name: person.last_name.clone(),
        username: person.username.clone(),
        about: person.about.clone(),
        lang_code: person.lang_code.clone(),
        dc: person.dc.unwrap_or(home_dc),
        status: Status::Never,
        kind: Kind::Person {
            phone: digits(&person.phone),
            code: person.code.clone(),
            password,
            contacts: BTreeSet::new(),
            premium: person.premium,
            deactivated: person.deactivated.clone(),
            auth_key_duplicated: person.auth_key_duplicated,
        },
        mailbox: Mailbox::default(),
        photos: Vec::new(),
        blocked: BTreeSet::new(),
        untranslated: BTreeSet::new(),
        contact_names: BTreeMap::new(),
    }
}

fn channel(
    channel: &world::Channel,
    creator: i64,
    members: BTreeMap<i64, i32>,
    banned: BTreeMap<i64, i32>,
    now: i32,
) -> Channel {
    Channel {
        title: channel.title.clone(),
        about: channel.about.clone(),
        ads: channel.ads.clone(),
        username: channel.username.clone(),
        megagroup: channel.megagroup,
        creator,
        members,
        banned,
        deleted: channel.deleted,
        invite: channel.invite.clone(),
        date: now,
        messages: BTreeMap::new(),
        next_id: 1,
        pts: 1,
        log: Vec::new(),
        forgotten: 0,
        changed: 0,
        read: BTreeMap::new(),
        switches: channel.forum.then_some(Switch::Forum).into_iter().collect(),
        slow_mode: 0,
        ttl: 0,
        topics: BTreeMap::new(),
        cleared: BTreeMap::new(),
        linked: None,
        migrated_from: None,
    }
}
