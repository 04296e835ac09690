//! How far the login of a session is, in memory and in the database.

use std::sync::PoisonError;

use rusqlite::{Connection, OptionalExtension, params};

use super::{Database, Session};
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

#[derive(Clone)]
pub(super) struct State {
    authorization: Authorization,
    home: DcId,
    user: Option<OwnUser>,
    progress: LoginProgress,
}

impl State {
    pub(super) fn load(database: &Database, default_dc: DcId) -> Result<State, Error> {
        let stored = database.with("read the login", |connection| {
            connection
                .query_row(
                    "SELECT state, home_dc, user_id, bot, user, phone_number, phone_code_hash, password FROM login",
                    (),
                    |row| {
                        let user = row.get::<_, Option<i64>>(2)?.zip(row.get::<_, Option<Vec<u8>>>(4)?);
                        let bot = row.get(3)?;
                        Ok(State {
                            authorization: authorization(row.get(0)?),
                            home: DcId(row.get(1)?),
                            user: user.map(|(id, bytes)| OwnUser { id, bot, bytes }),
                            progress: LoginProgress {
                                phone_number: row.get::<_, Option<String>>(5)?.unwrap_or_default(),
                                phone_code_hash: row.get::<_, Option<String>>(6)?.unwrap_or_default(),
                                password: row.get(7)?,
                            },
                        })
                    },
                )
                .optional()
        })?;
        Ok(stored.unwrap_or_else(|| State {
            authorization: Authorization::NotLoggedIn,
            home: default_dc,
            user: None,
            progress: LoginProgress::default(),
        }))
    }

    fn store(&self, connection: &Connection) -> rusqlite::Result<()> {
        connection.execute(
            "INSERT OR REPLACE INTO login
                (id, state, home_dc, user_id, bot, user, phone_number, phone_code_hash, password)
             VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?)",
            params![
                self.authorization as i8,
                self.home.0,
                self.user.as_ref().map(|user| user.id),
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
        })
    }

    /// Ends the login with success.
    pub(crate) fn set_logged_in(&self, user: OwnUser) -> Result<(), Error> {
        self.change("store the own user", |state| {
            state.authorization = Authorization::LoggedIn;
            state.user = Some(user);
            state.progress = LoginProgress::default();
        })
    }

    /// Replaces the own user by a newer view of it.
    pub fn update_own_user(&self, bytes: &[u8]) -> Result<(), Error> {
        if self.read(|state| state.user.as_ref().is_some_and(|user| user.bytes != bytes)) {
            self.change("store the own user", |state| {
                if let Some(user) = &mut state.user {
                    user.bytes = bytes.to_vec();
                }
            })?;
        }
        Ok(())
    }

    /// Forgets the login in memory; the files are removed beside.
    pub(super) fn set_logged_out(&self) {
        let mut state = self
            .shared
            .login
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        state.authorization = Authorization::LoggedOut;
        state.user = None;
        state.progress = LoginProgress::default();
    }

    fn read<T>(&self, view: impl FnOnce(&State) -> T) -> T {
        view(
            &self
                .shared
                .login
                .lock()
                .unwrap_or_else(PoisonError::into_inner),
        )
    }

    /// Stores a changed state before anybody sees it.
    fn change(&self, what: &'static str, edit: impl FnOnce(&mut State)) -> Result<(), Error> {
        let mut state = self
            .shared
            .login
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let mut next = state.clone();
        edit(&mut next);
        self.database()
            .durably(what, |connection| next.store(connection))?;
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
