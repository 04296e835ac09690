//! What a world must hold beyond its shape: references, uniqueness, Telegram's limits.

mod content;
mod numbers;

use std::collections::BTreeMap;
use std::fmt::Display;

use super::{Bot, Channel, File, Message, Place, ScriptedRpcError, User, World};

/// Every fault of a world, each with its place.
pub(super) fn faults(world: &World) -> Vec<String> {
    let mut check = Check {
        world,
        faults: Vec::new(),
        taken: BTreeMap::new(),
    };
    check.servers();
    for (name, user) in world.users.iter() {
        check.user(name, user);
    }
    for (index, entry) in world.unregistered.iter().enumerate() {
        let place = format!("unregistered[{index}]");
        check.phone(&place, &entry.phone);
        check.code(&place, &entry.code);
        check.dc(&place, entry.dc);
        check.id(&place, "user", entry.id);
    }
    for (name, bot) in world.bots.iter() {
        check.bot(name, bot);
    }
    for (name, chat) in world.chats.iter() {
        let place = format!("chats.{name}");
        check.id(&place, "chat", chat.id);
        check.title(&place, &chat.title);
        check.people(&place, &chat.creator, &chat.members);
        check.invite(&place, chat.invite.as_deref());
    }
    for (name, channel) in world.channels.iter() {
        check.channel(name, channel);
    }
    for (name, file) in world.files.iter() {
        check.file(name, file);
    }
    for (index, message) in world.messages.iter().enumerate() {
        check.message(&format!("messages[{index}]"), message);
    }
    check.numbers();
    for (index, error) in world.errors.iter().enumerate() {
        let place = format!("errors[{index}]");
        if !error
            .method
            .contains(|letter: char| letter.is_ascii_alphabetic())
        {
            check.fault(
                format!("{place}.method"),
                "the name of a method, such as messages.getHistory, is wanted",
            );
        }
        if let Some(user) = &error.user {
            check.person(&format!("{place}.user"), user);
        }
        if let Some(peer) = &error.peer
            && !check.is_person(peer)
            && !check.is_group(peer)
        {
            check.fault(format!("{place}.peer"), format!("nobody is named `{peer}`"));
        }
        check.rpc_error(&format!("{place}.error"), &error.error);
    }
    check.faults
}

/// Of a Premium account.
const LARGEST_FILE: i64 = 4000 << 20;

struct Check<'w> {
    world: &'w World,
    faults: Vec<String>,
    /// What may exist once (`phone 7999…`, `username bot`), with the place that has it.
    taken: BTreeMap<String, String>,
}

impl Check<'_> {
    fn fault(&mut self, place: impl Display, what: impl Display) {
        self.faults.push(format!("{place}: {what}"));
    }

    fn once(&mut self, place: &str, thing: String) {
        if let Some(owner) = self.taken.get(&thing) {
            let what = format!("the {thing} belongs to {owner} already");
            self.fault(place, what);
        } else {
            self.taken.insert(thing, place.to_owned());
        }
    }

    fn servers(&mut self) {
        if !(1..=9).contains(&self.world.dcs) {
            self.fault("dcs", "between 1 and 9 data centres are possible");
        }
        self.dc("default_dc", self.world.default_dc);
        for (index, dc) in self.world.media_only.iter().enumerate() {
            let place = format!("media_only[{index}]");
            self.dc(&place, Some(*dc));
            self.once(&place, format!("media-only server of data centre {dc}"));
        }
        if let Some(support) = &self.world.support {
            self.person("support", support);
        }
        for (index, api) in self.world.apis.iter().enumerate() {
            if api.id <= 0 {
                self.fault(
                    format!("apis[{index}].id"),
                    "an api_id is a positive number",
                );
            }
        }
    }

    fn dc(&mut self, place: &str, dc: Option<i32>) {
        if let Some(dc) = dc
            && !(1..=self.world.dcs).contains(&dc)
        {
            let what = format!(
                "there is no data centre {dc}; this world has {}",
                self.world.dcs
            );
            self.fault(place, what);
        }
    }

    fn id(&mut self, place: &str, kind: &str, id: Option<i64>) {
        let Some(id) = id else { return };
        if (1..=0xFF_FFFF_FFFF).contains(&id) {
            self.once(place, format!("{kind} id {id}"));
        } else {
            self.fault(
                place,
                format!("{id} is no id; ids are positive and below 2^40"),
            );
        }
    }

    fn phone(&mut self, place: &str, phone: &str) {
        let digits = digits(phone);
        if (5..=15).contains(&digits.len()) {
            self.once(place, format!("phone {digits}"));
        } else {
            self.fault(
                format!("{place}.phone"),
                format!("`{phone}` is no phone number: 5 to 15 digits are wanted"),
            );
        }
    }

    fn code(&mut self, place: &str, code: &str) {
        if code.is_empty() || code.len() > 16 || !code.bytes().all(|byte| byte.is_ascii_digit()) {
            self.fault(
                format!("{place}.code"),
                format!("`{code}` is no login code: 1 to 16 digits are wanted"),
            );
        }
    }

    fn username(&mut self, place: &str, username: Option<&str>) {
        let Some(username) = username else { return };
        if is_username(username) {
            self.once(place, format!("username {}", username.to_ascii_lowercase()));
        } else {
            let what = format!(
                "`{username}` is no username: a letter first, then letters, digits and `_`, 3 to 32 together, no `@`"
            );
            self.fault(format!("{place}.username"), what);
        }
    }

    fn user(&mut self, name: &str, user: &User) {
        let place = format!("users.{name}");
        self.once(&place, format!("name {name}"));
        self.id(&place, "user", user.id);
        self.phone(&place, &user.phone);
        self.code(&place, &user.code);
        self.username(&place, user.username.as_deref());
        self.dc(&place, user.dc);
        self.title(&place, &user.first_name);
        if user.hint.is_some() && user.password.is_none() {
            self.fault(format!("{place}.hint"), "a hint needs a password");
        }
        if user.password.as_deref() == Some("") {
            self.fault(format!("{place}.password"), "a password is not empty");
        }
        for contact in &user.contacts {
            self.person(&format!("{place}.contacts"), contact);
        }
    }

    fn bot(&mut self, name: &str, bot: &Bot) {
        let place = format!("bots.{name}");
        self.once(&place, format!("name {name}"));
        self.username(&place, Some(&bot.username));
        self.dc(&place, bot.dc);
        self.title(&place, &bot.first_name);
        match bot_id(&bot.token) {
            Some(id) => self.id(&place, "user", Some(id)),
            None => self.fault(format!("{place}.token"), "a token is `<bot id>:<secret>`"),
        }
        for (word, contents) in bot.replies.iter() {
            for (index, content) in contents.iter().enumerate() {
                self.content(&format!("{place}.replies.{word}[{index}]"), content);
            }
        }
        for (index, callback) in bot.callbacks.iter().enumerate() {
            let place = format!("{place}.callbacks[{index}]");
            match (&callback.data, &callback.game) {
                (Some(data), None) => self.data(&place, &data.0),
                (None, Some(_)) => {}
                _ => self.fault(
                    &place,
                    "either `data` or `game` says which button this is for",
                ),
            }
            if let Some(error) = &callback.error {
                self.rpc_error(&format!("{place}.error"), error);
            }
            let endings = [
                callback.silence,
                callback.error.is_some(),
                callback.auth_key_duplicated,
            ];
            if endings.into_iter().filter(|set| *set).count() > 1 {
                self.fault(
                    &place,
                    "`silence`, `error` and `auth_key_duplicated` exclude each other",
                );
            }
            if callback
                .message
                .as_ref()
                .is_some_and(|text| text.chars().count() > 200)
            {
                self.fault(
                    format!("{place}.message"),
                    "an answer has at most 200 characters",
                );
            }
            for (key, content) in [("edit", &callback.edit), ("send", &callback.send)] {
                if let Some(content) = content {
                    self.content(&format!("{place}.{key}"), content);
                }
            }
        }
    }

    fn channel(&mut self, name: &str, channel: &Channel) {
        let place = format!("channels.{name}");
        self.once(&place, format!("group {name}"));
        self.id(&place, "channel", channel.id);
        self.title(&place, &channel.title);
        self.username(&place, channel.username.as_deref());
        self.people(&place, &channel.creator, &channel.members);
        for name in &channel.banned {
            self.person(&format!("{place}.banned"), name);
            if channel.creator == *name || channel.members.contains(name) {
                self.fault(format!("{place}.banned"), format!("`{name}` is a member"));
            }
        }
        self.invite(&place, channel.invite.as_deref());
        if let Some(group) = &channel.discussion {
            let place = format!("{place}.discussion");
            let is_group = self
                .world
                .channels
                .iter()
                .any(|(name, it)| name == group && it.megagroup);
            if channel.megagroup || !is_group {
                self.fault(&place, "a channel is discussed in a supergroup");
            }
            self.once(&place, format!("discussion group {group}"));
        }
    }

    fn file(&mut self, name: &str, file: &File) {
        let place = format!("files.{name}");
        self.id(&place, "file", file.id);
        self.dc(&place, file.dc);
        match (&file.text, file.size) {
            (Some(text), None) if !text.is_empty() => {}
            (None, Some(1..=LARGEST_FILE)) => {}
            _ => self.fault(
                &place,
                "either `text` or `size` says what is in it, at least a byte and at most 4000 MiB",
            ),
        }
        if !file.mime.contains('/') {
            self.fault(
                format!("{place}.mime"),
                format!("`{}` is no MIME type", file.mime),
            );
        }
    }

    fn title(&mut self, place: &str, title: &str) {
        if title.trim().is_empty() || title.chars().count() > 128 {
            self.fault(place, "a name or title has 1 to 128 characters");
        }
    }

    fn invite(&mut self, place: &str, hash: Option<&str>) {
        let Some(hash) = hash else { return };
        let good = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        if hash.is_empty() || !hash.bytes().all(good) {
            self.fault(
                format!("{place}.invite"),
                format!("`{hash}` is no invite hash: letters, digits, `_` and `-`"),
            );
        } else {
            self.once(place, format!("invite {hash}"));
        }
    }

    fn is_person(&self, name: &str) -> bool {
        self.world.users.get(name).is_some() || self.world.bots.get(name).is_some()
    }

    fn is_group(&self, name: &str) -> bool {
        self.world.chats.get(name).is_some() || self.world.channels.get(name).is_some()
    }

    fn person(&mut self, place: &str, name: &str) {
        if !self.is_person(name) {
            self.fault(place, format!("no user or bot is named `{name}`"));
        }
    }

    fn people(&mut self, place: &str, creator: &str, members: &[String]) {
        self.person(&format!("{place}.creator"), creator);
        for name in members {
            self.person(&format!("{place}.members"), name);
        }
    }

    fn message(&mut self, place: &str, message: &Message) {
        if let Some(id) = message.id
            && !(1..=0x3FFF_FFFF).contains(&id)
        {
            self.fault(format!("{place}.id"), format!("{id} is no message id"));
        }
        match &message.place {
            Place::Private(names) => {
                for name in names {
                    self.person(&format!("{place}.in"), name);
                }
                match &message.from {
                    Some(from) if names.contains(from) => {}
                    Some(from) => self.fault(
                        format!("{place}.from"),
                        format!("`{from}` is not in that chat"),
                    ),
                    None => self.fault(place, "`from` is wanted: which of the two sent it"),
                }
            }
            Place::Group(name) => {
                if !self.is_group(name) {
                    self.fault(
                        format!("{place}.in"),
                        format!("no chat or channel is named `{name}`"),
                    );
                }
                let anonymous = self
                    .world
                    .channels
                    .get(name)
                    .is_some_and(|channel| !channel.megagroup);
                match &message.from {
                    Some(from) => self.person(&format!("{place}.from"), from),
                    None if anonymous => {}
                    None => self.fault(place, "`from` is wanted: who sent it"),
                }
            }
        }
        if let Some(via) = &message.via
            && self.world.bots.get(via).is_none()
        {
            self.fault(format!("{place}.via"), format!("no bot is named `{via}`"));
        }
        self.content(place, &message.content);
    }

    fn rpc_error(&mut self, place: &str, error: &ScriptedRpcError) {
        if !matches!(
            error.code,
            303 | 400 | 401 | 403 | 404 | 406 | 420 | 500 | -503 | -500
        ) {
            self.fault(
                format!("{place}.code"),
                format!("{} is no error code of Telegram", error.code),
            );
        }
        if error.text.is_empty() {
            self.fault(format!("{place}.text"), "an error has a text");
        }
    }
}

/// The digits of a phone number.
pub(crate) fn digits(phone: &str) -> String {
    phone.chars().filter(char::is_ascii_digit).collect()
}

/// The number before the colon of a bot token.
pub(crate) fn bot_id(token: &str) -> Option<i64> {
    let (id, secret) = token.split_once(':')?;
    if secret.is_empty() {
        None
    } else {
        id.parse().ok().filter(|id| *id > 0)
    }
}

/// Telegram's rule for usernames, with the three letters some official bots have.
pub(crate) fn is_username(username: &str) -> bool {
    (3..=32).contains(&username.len())
        && username.starts_with(|first: char| first.is_ascii_alphabetic())
        && username
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
