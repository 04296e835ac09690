//! How far the login of a session is, in memory and in the database.

use std::sync::{MutexGuard, PoisonError};

use madeline_mtproto::AuthKey;
use rusqlite::{Connection, OptionalExtension, params};

use super::madeline::MadelineLogin;
use super::storage::TAKEN;
use super::stored::{write_key, write_setting};
use super::{APP_SETTING, Changes, Database, IMPORTED, Session};
use crate::{Authorization, DcId, Error};

/// The user that a session is logged in as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnUser {
    /// The user's id.
    pub id: i64,
    /// Whether it is a bot.
    pub bot: bool,
    /// The boxed `User` as last seen.
    pub bytes: Vec<u8>,
}

/// What a login in progress must remember, also for another process: web panels use one for each step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LoginProgress {
    /// The number, digits only.
    pub phone_number: String,
    /// From `auth.sentCode`.
    pub phone_code_hash: String,
    /// Boxed `account.Password`, while the password is waited for.
    pub password: Option<Vec<u8>>,
}

/// What a session was before [`Session::try_keys`].
pub(crate) struct Former {
    keys: Vec<(DcId, Option<AuthKey>)>,
    test: bool,
    state: State,
}

#[derive(Clone)]
pub(super) struct State {
    authorization: Authorization,
    home: DcId,
    /// Who was logged in last; stays when a login is lost.
    last_id: Option<i64>,
    user: Option<OwnUser>,
    progress: LoginProgress,
    /// Which state of another machine was taken over last.
    taken: Option<Vec<u8>>,
    /// Counts the logins and their ends, and how often another machine had the session meanwhile; not stored.
    number: u64,
    /// The count of changes, by all processes, that this is as of.
    seen: u64,
}

impl State {
    pub(super) fn load(database: &Database, default_dc: DcId, seen: u64) -> Result<State, Error> {
        let stored = database.with("read the login", |connection| State::stored(connection))?;
        Ok(stored.map_or_else(
            || State {
                authorization: Authorization::NotLoggedIn,
                home: default_dc,
                last_id: None,
                user: None,
                progress: LoginProgress::default(),
                taken: None,
                number: 0,
                seen,
            },
            |stored| State { seen, ..stored },
        ))
    }

    fn stored(connection: &Connection) -> rusqlite::Result<Option<State>> {
        connection
            .query_row(
                    "SELECT state, home_dc, user_id, bot, user, phone_number, phone_code_hash, password,
                        (SELECT value FROM setting WHERE name = ?)
                     FROM login",
                    [TAKEN],
                    |row| {
                        let last_id = row.get::<_, Option<i64>>(2)?;
                        let user = last_id.zip(row.get::<_, Option<Vec<u8>>>(4)?);
                        let bot = row.get(3)?;
                        Ok(State {
                            authorization: authorization(row.get(0)?),
                            home: DcId(row.get(1)?),
                            last_id,
                            user: user.map(|(id, bytes)| OwnUser { id, bot, bytes }),
                            progress: LoginProgress {
                                phone_number: row.get::<_, Option<String>>(5)?.unwrap_or_default(),
                                phone_code_hash: row.get::<_, Option<String>>(6)?.unwrap_or_default(),
                                password: row.get(7)?,
                            },
                            taken: row.get(8)?,
                            number: 0,
                            seen: 0,
                        })
                    },
                )
                .optional()
    }

    /// Takes over what another process has stored.
    fn renew(&mut self, stored: State) {
        let is_same_login = self.authorization == stored.authorization
            && self.progress == stored.progress
            && self.taken == stored.taken
            && self.user.as_ref().map(|user| user.id) == stored.user.as_ref().map(|user| user.id);
        let number = self.number + u64::from(!is_same_login);
        *self = State {
            number,
            seen: self.seen,
            ..stored
        };
    }

    /// Whether the session is new: nothing was stored of a login yet.
    pub(super) fn is_missing(database: &Database) -> Result<bool, Error> {
        database.with("read the login", |connection| {
            connection.query_row("SELECT count(*) = 0 FROM login", (), |row| row.get(0))
        })
    }

    fn store(&self, connection: &Connection) -> rusqlite::Result<()> {
        connection.execute(
            "INSERT OR REPLACE INTO login
                (id, state, home_dc, user_id, bot, user, phone_number, phone_code_hash, password)
             VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?)",
            params![
                self.authorization as i8,
                self.home.0,
                self.last_id,
                self.user.as_ref().is_some_and(|user| user.bot),
                self.user.as_ref().map(|user| &user.bytes),
                self.progress.phone_number,
                self.progress.phone_code_hash,
                self.progress.password,
            ],
        )?;
        Ok(())
    }
}

impl Session {
    /// How far the login is.
    pub fn authorization(&self) -> Authorization {
        self.read(|state| state.authorization)
    }

    /// The DC that the account lives on.
    pub fn home_dc(&self) -> DcId {
        self.read(|state| state.home)
    }

    /// The own user; `None` when nobody is logged in.
    pub fn own_user(&self) -> Option<OwnUser> {
        self.read(|state| state.user.clone())
    }

    /// The own user's id, cheaper than [`Session::own_user`].
    pub fn own_id(&self) -> Option<i64> {
        self.read(|state| state.user.as_ref().map(|user| user.id))
    }

    /// Whether a bot is logged in.
    pub fn is_bot(&self) -> bool {
        self.read(|state| state.user.as_ref().is_some_and(|user| user.bot))
    }

    /// Whom what is stored belongs to: the own user's id, or that of the last login when it was lost.
    pub(crate) fn last_id(&self) -> Option<i64> {
        self.read(|state| state.last_id)
    }

    /// Changes with each step of a login and with its end, and when another machine had the session: tells whether an answer is about the present login.
    pub(crate) fn login_number(&self) -> u64 {
        self.read(|state| state.number)
    }

    /// What the login in progress remembers.
    pub fn login_progress(&self) -> LoginProgress {
        self.read(|state| state.progress.clone())
    }

    pub(crate) fn set_home_dc(&self, home: DcId) -> Result<(), Error> {
        self.change("store the home DC", |state| state.home = home)
    }

    /// Enters a state before the login's end, remembering what the next step needs.
    pub fn set_login(
        &self,
        authorization: Authorization,
        progress: LoginProgress,
    ) -> Result<(), Error> {
        self.change("store the login", |state| {
            state.authorization = authorization;
            state.user = None;
            state.progress = progress;
            state.number += 1;
        })
    }

    /// Ends the login with success.
    pub(crate) fn set_logged_in(&self, user: OwnUser) -> Result<(), Error> {
        self.change("store the own user", |state| {
            state.authorization = Authorization::LoggedIn;
            state.last_id = Some(user.id);
            state.user = Some(user);
            state.progress = LoginProgress::default();
            state.number += 1;
        })
    }

    /// Takes over keys and the home DC of another login, until it is known whether they are any good.
    pub(crate) fn try_keys(
        &self,
        keys: &[(DcId, AuthKey)],
        home: DcId,
        test: bool,
    ) -> Result<Former, Error> {
        let former = Former {
            keys: keys
                .iter()
                .map(|(dc, _)| Ok((*dc, self.auth_key(*dc, test)?)))
                .collect::<Result<_, Error>>()?,
            test,
            state: self.read(State::clone),
        };
        let edit = |state: &mut State| state.home = home;
        self.change_beside("store the authorization keys", edit, |connection| {
            keys.iter()
                .try_for_each(|(dc, key)| write_key(connection, *dc, test, Some(key)))
        })?;
        Ok(former)
    }

    /// Makes the session what it was, when the keys that were tried are no good.
    pub(crate) fn restore(&self, former: &Former) -> Result<(), Error> {
        let edit = |state: &mut State| {
            let number = state.number + 1;
            *state = State {
                number,
                ..former.state.clone()
            };
        };
        self.change_beside("restore the former login", edit, |connection| {
            former
                .keys
                .iter()
                .try_for_each(|(dc, key)| write_key(connection, *dc, former.test, key.as_ref()))
        })
    }

    /// Replaces the own user by a newer view of it.
    pub fn update_own_user(&self, bytes: &[u8]) -> Result<(), Error> {
        if self.read(|state| state.user.as_ref().is_some_and(|user| user.bytes != bytes)) {
            let edit = |state: &mut State| {
                if let Some(user) = &mut state.user {
                    user.bytes = bytes.to_vec();
                }
            };
            self.store("store the own user", edit, |_| Ok(()))?;
        }
        Ok(())
    }

    /// Takes over a login that another client has stored.
    pub(super) fn take_over(&self, login: MadelineLogin) -> Result<(), Error> {
        let (home, test) = (login.home, login.test);
        let edit = |state: &mut State| {
            state.authorization = Authorization::LoggedIn;
            state.home = home;
            state.last_id = Some(login.user.id);
            state.user = Some(login.user);
        };
        self.change_beside("store a login of MadelineProto", edit, |connection| {
            for (dc, key) in &login.keys {
                write_key(connection, *dc, test, Some(key))?;
            }
            write_setting(connection, IMPORTED, Some(b"1"))?;
            write_setting(
                connection,
                APP_SETTING,
                login.app.as_deref().map(str::as_bytes),
            )
        })
    }

    /// Ends the login, also for other processes that have the session open; the files are removed beside.
    pub(super) fn set_logged_out(&self) {
        let edit = |state: &mut State| {
            state.authorization = Authorization::LoggedOut;
            state.user = None;
            state.progress = LoginProgress::default();
            state.number += 1;
        };
        // What a server keeps was removed there. Where it cannot be stored, because that was done or the disk is full, this
        // process knows it at least.
        if self.database().replica().is_some()
            || self.change("store the login's end", edit).is_err()
        {
            edit(&mut self.login());
        }
    }

    /// Reads the login anew, as another machine may have left it.
    pub(super) fn reload_login(&self) -> Result<(), Error> {
        let mut state = self.login();
        let seen = self.changes().map_or(0, Changes::login);
        let stored = State::load(self.database(), state.home, seen)?;
        state.renew(stored);
        state.seen = seen;
        Ok(())
    }

    fn read<T>(&self, view: impl FnOnce(&State) -> T) -> T {
        let mut state = self.login();
        self.renew(&mut state);
        view(&state)
    }

    /// Reads the login again where another process has changed it.
    fn renew(&self, state: &mut State) {
        let now = self.changes().map_or(0, Changes::login);
        if state.seen == now || state.authorization == Authorization::LoggedOut {
            return;
        }
        let stored = self
            .database()
            .with("read the login", |connection| State::stored(connection));
        // What cannot be read now is tried again with the next use.
        if let Ok(stored) = stored {
            state.seen = now;
            if let Some(stored) = stored {
                state.renew(stored);
            }
        }
    }

    fn login(&self) -> MutexGuard<'_, State> {
        let state = self.shared.login.lock();
        state.unwrap_or_else(PoisonError::into_inner)
    }

    /// Stores a changed state before anybody sees it.
    fn change(&self, what: &'static str, edit: impl FnOnce(&mut State)) -> Result<(), Error> {
        self.change_beside(what, edit, |_| Ok(()))
    }

    /// As [`Session::change`], with statements that are carried out together with it or not at all.
    fn change_beside(
        &self,
        what: &'static str,
        edit: impl FnOnce(&mut State),
        statements: impl FnOnce(&Connection) -> rusqlite::Result<()>,
    ) -> Result<(), Error> {
        self.database().check_writable()?;
        self.store(what, edit, statements)
    }

    /// As [`Session::change_beside`], also where the change is lost with the process.
    fn store(
        &self,
        what: &'static str,
        edit: impl FnOnce(&mut State),
        statements: impl FnOnce(&Connection) -> rusqlite::Result<()>,
    ) -> Result<(), Error> {
        let mut state = self.login();
        let mut next = state.clone();
        self.database().durably(what, |connection| {
            // Nobody else writes before this is through.
            if let Some(stored) = State::stored(connection)? {
                next.renew(stored);
            }
            statements(connection)?;
            edit(&mut next);
            next.store(connection)
        })?;
        // What another process has changed at the same time is read again.
        let seen = next.seen + 1;
        if self.changes().map_or(seen, Changes::login_changed) == seen {
            next.seen = seen;
        }
        *state = next;
        Ok(())
    }
}

fn authorization(stored: i8) -> Authorization {
    match stored {
        1 => Authorization::WaitingCode,
        2 => Authorization::WaitingPassword,
        -1 => Authorization::WaitingSignup,
        3 => Authorization::LoggedIn,
        4 => Authorization::LoggedOut,
        _ => Authorization::NotLoggedIn,
    }
}
