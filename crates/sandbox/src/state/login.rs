//! Who is logged in, and what logging in has left behind halfway.

use std::collections::HashMap;

use madeline_mtproto::AuthKey;
use madeline_mtproto::server::Salts;

use super::{KeyRef, Kind, State, random_bytes, random_id};
use crate::methods::{LoginToken, Pending};
use crate::srp::{Challenge, Params, Verifier};

/// An authorization key and what it stands for.
#[derive(Debug)]
pub(crate) struct Key {
    pub(crate) secret: AuthKey,
    pub(crate) salts: Salts,
    /// Of a temporary key, which stands for the permanent one it is bound to.
    pub(crate) temporary: Option<Temporary>,
    /// The account it is logged in as.
    pub(crate) user: Option<i64>,
    /// The account whose code was right and whose password is still wanted.
    pub(crate) awaits_password: Option<i64>,
}

/// What a temporary key has beyond a permanent one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Temporary {
    /// Unix time.
    pub(crate) expires_at: i32,
    pub(crate) bound_to: Option<KeyRef>,
}

/// A login code on its way.
#[derive(Debug, Clone)]
pub(crate) struct SentCode {
    pub(crate) phone: String,
    pub(crate) key: KeyRef,
    /// The right code was given: a new number may sign up.
    pub(crate) confirmed: bool,
    /// How many wrong codes were given.
    pub(crate) attempts: u32,
}

/// What logging in has left behind halfway.
#[derive(Debug, Default)]
pub(crate) struct Login {
    /// Codes by `phone_code_hash`.
    pub(crate) codes: HashMap<String, SentCode>,
    /// Exported authorizations: user, wanted data centre, secret bytes.
    pub(crate) exported: Vec<(i64, i32, Vec<u8>)>,
    /// Takeout sessions by user.
    pub(crate) takeouts: HashMap<i64, i64>,
    /// Tokens of QR codes.
    pub(crate) tokens: Vec<LoginToken>,
    /// The parameters that a user's next password has to have.
    pub(crate) offered: HashMap<i64, Params>,
    /// Recovery addresses by user.
    pub(crate) emails: HashMap<i64, String>,
    /// Recovery addresses that are not confirmed yet, by user.
    pub(crate) pending_emails: HashMap<i64, Pending>,
    /// Password challenges by `srp_id`.
    challenges: HashMap<i64, (i64, Challenge)>,
}

impl State {
    /// The permanent key that a key stands for: itself, or the one it is bound to.
    pub(crate) fn principal(&self, key: KeyRef) -> Option<KeyRef> {
        match self.keys.get(&key)?.temporary {
            None => Some(key),
            Some(temporary) => temporary
                .bound_to
                .filter(|bound| self.keys.contains_key(bound)),
        }
    }

    /// Makes a permanent key of a data centre known to its servers for files only, where it is one.
    pub(crate) fn lend_key(&mut self, dc: i32, id: i64) {
        let permanent = KeyRef { dc: -dc, id };
        let Some(key) = self.keys.get(&permanent) else {
            return;
        };
        if key.temporary.is_some() {
            return;
        }
        let lent = Key {
            secret: key.secret.clone(),
            salts: key.salts.clone(),
            temporary: Some(Temporary {
                expires_at: i32::MAX,
                bound_to: Some(permanent),
            }),
            user: None,
            awaits_password: None,
        };
        self.keys.entry(KeyRef { dc, id }).or_insert(lent);
    }

    /// The user a key is logged in as.
    pub(crate) fn user_of(&self, key: KeyRef) -> Option<i64> {
        self.keys.get(&self.principal(key)?)?.user
    }

    /// Logs a key out.
    pub(crate) fn log_out(&mut self, key: KeyRef) {
        if let Some(key) = self.keys.get_mut(&key) {
            key.user = None;
            key.awaits_password = None;
        }
    }

    /// Makes a key void, and those bound to it: the next thing they say is answered with transport error -404.
    pub(crate) fn drop_key(&mut self, key: KeyRef) {
        self.keys.remove(&key);
        self.keys.retain(|_, other| {
            other
                .temporary
                .is_none_or(|temporary| temporary.bound_to != Some(key))
        });
    }

    /// The password of a user as `account.password` and the checks need it, if there is one.
    pub(crate) fn verifier(&mut self, user: i64) -> Option<(Verifier, Option<String>)> {
        let Kind::Person {
            password: Some(password),
            ..
        } = &mut self.users.get_mut(&user)?.kind
        else {
            return None;
        };
        let verifier = password
            .verifier
            .get_or_insert_with(|| Verifier::new(Params::new(), &password.text));
        Some((verifier.clone(), password.hint.clone()))
    }

    /// A new challenge for a password check, with its `srp_id`.
    pub(crate) fn challenge(&mut self, user: i64, verifier: &Verifier) -> (i64, Challenge) {
        let challenge = verifier.challenge(&random_bytes());
        let id = random_id();
        self.login.challenges.insert(id, (user, challenge.clone()));
        (id, challenge)
    }

    /// A challenge this user was given.
    pub(crate) fn challenge_of(&self, user: i64, srp_id: i64) -> Option<Challenge> {
        let (owner, challenge) = self.login.challenges.get(&srp_id)?;
        (*owner == user).then(|| challenge.clone())
    }

    /// A challenge that was met is used up.
    pub(crate) fn drop_challenge(&mut self, srp_id: i64) {
        self.login.challenges.remove(&srp_id);
    }
}
