//! Users and bots, and how one sees another.

use std::collections::{BTreeMap, BTreeSet};

use madeline_tl::{Value, object};

use super::{BotScript, Mailbox, Peer, State};
use crate::srp::Verifier;

/// A person or a bot.
#[derive(Debug)]
pub(crate) struct User {
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) username: Option<String>,
    pub(crate) about: Option<String>,
    pub(crate) lang_code: Option<String>,
    /// The data centre that holds the account.
    pub(crate) dc: i32,
    pub(crate) status: Status,
    pub(crate) kind: Kind,
    pub(crate) mailbox: Mailbox,
    /// Profile photos, the shown one last.
    pub(crate) photos: Vec<i64>,
    pub(crate) blocked: BTreeSet<i64>,
    /// Chats in which no translation is offered.
    pub(crate) untranslated: BTreeSet<Peer>,
    /// First and last names that they have given their contacts.
    pub(crate) contact_names: BTreeMap<i64, (String, String)>,
}

/// What sets people and bots apart.
#[derive(Debug)]
pub(crate) enum Kind {
    Person {
        phone: String,
        code: String,
        password: Option<Password>,
        contacts: BTreeSet<i64>,
        premium: bool,
        /// Text of the 401 every call gets.
        deactivated: Option<String>,
        /// Every call gets 406 `AUTH_KEY_DUPLICATED`.
        auth_key_duplicated: bool,
    },
    Bot(BotScript),
}

/// A two-step verification password. The verifier costs 100 000 rounds, so it is made at first use.
#[derive(Debug)]
pub(crate) struct Password {
    pub(crate) text: String,
    pub(crate) hint: Option<String>,
    pub(crate) verifier: Option<Verifier>,
}

/// When a user was last there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    Never,
    Online { until: i32 },
    Offline { since: i32 },
}

impl User {
    /// The script of a bot.
    pub(crate) fn bot(&self) -> Option<&BotScript> {
        match &self.kind {
            Kind::Bot(script) => Some(script),
            Kind::Person { .. } => None,
        }
    }

    fn status_value(&self, now: i32) -> Value {
        match self.status {
            Status::Never => object!("userStatusEmpty"),
            Status::Online { until } if until > now => object!("userStatusOnline", expires: until),
            Status::Online { until } => object!("userStatusOffline", was_online: until),
            Status::Offline { since } => object!("userStatusOffline", was_online: since),
        }
    }

    pub(crate) fn has_contact(&self, user: i64) -> bool {
        matches!(&self.kind, Kind::Person { contacts, .. } if contacts.contains(&user))
    }
}

impl State {
    /// `user` as `viewer` sees it.
    pub(crate) fn user_value(&self, viewer: i64, id: i64) -> Option<Value> {
        let user = self.users.get(&id)?;
        let is_self = viewer == id;
        let contact = self
            .users
            .get(&viewer)
            .is_some_and(|viewer| viewer.has_contact(id));
        let mutual = contact && user.has_contact(viewer);
        let (phone, premium) = match &user.kind {
            Kind::Person { phone, premium, .. } => {
                ((is_self || contact).then(|| phone.clone()), *premium)
            }
            Kind::Bot(_) => (None, false),
        };
        let bot = user.bot();
        let given = self
            .users
            .get(&viewer)
            .and_then(|viewer| viewer.contact_names.get(&id));
        let (first_name, last_name) = match given {
            Some((first_name, last_name)) => (first_name, last_name),
            None => (&user.first_name, &user.last_name),
        };
        Some(object!("user",
            self: is_self,
            contact: contact,
            mutual_contact: mutual,
            bot: bot.is_some(),
            bot_chat_history: bot.is_some_and(|bot| bot.reads_history),
            support: self.rules.support == Some(id),
            premium: premium,
            id: id,
            access_hash: self.access_hash(viewer, Peer::User(id)),
            first_name: first_name.clone(),
            last_name: (!last_name.is_empty()).then(|| last_name.clone()),
            username: user.username.clone(),
            phone: phone,
            photo: self.profile_photo(user),
            status: user.status_value(self.now),
            bot_info_version: bot.map(|_| 1),
            lang_code: user.lang_code.clone(),
        ))
    }

    fn profile_photo(&self, user: &User) -> Value {
        let shown = user.photos.last().and_then(|id| self.files.get(*id));
        if let Some(photo) = shown {
            object!("userProfilePhoto", photo_id: photo.id, dc_id: photo.dc)
        } else {
            object!("userProfilePhotoEmpty")
        }
    }

    /// `updateUserStatus` of a user.
    pub(crate) fn status_update(&self, id: i64) -> Option<Value> {
        let user = self.users.get(&id)?;
        Some(object!("updateUserStatus", user_id: id, status: user.status_value(self.now)))
    }

    /// Who hears of a user's status and name: the people with a private chat with them.
    pub(crate) fn acquaintances(&self, id: i64) -> Vec<i64> {
        let Some(user) = self.users.get(&id) else {
            return Vec::new();
        };
        let private = user.mailbox.dialogs().filter_map(|peer| match peer {
            Peer::User(other) if other != id => Some(other),
            _ => None,
        });
        private.collect()
    }
}
