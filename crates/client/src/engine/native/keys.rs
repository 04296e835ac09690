//! Keys: permanent ones, temporary ones bound to them, and what is stored beside them.
//!
//! With perfect forward secrecy (<https://core.telegram.org/api/pfs>) messages are encrypted with a temporary key, which
//! is thrown away after a day: whoever steals the permanent one later cannot read what was recorded. The temporary key is
//! stored too, so that a script that runs every minute does not make one every minute.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use madeline_mtproto::AuthKey;
use madeline_mtproto::client::ServerClock;
use madeline_mtproto::dial::Dialled;
use madeline_mtproto::driver;
use madeline_mtproto::handshake::NewAuthKey;
use madeline_mtproto::service::FutureSalt;
use tokio::sync::OwnedMutexGuard;
use tokio::time::Instant;

use super::clock::Clock;
use crate::engine::{InvokeError, Lane, exchange};
use crate::session::{TemporaryKey, WeakSession};
use crate::{Config, DcId, Error};

/// Seconds for which a temporary key is made, as MadelineProto does it.
const LIFETIME: i32 = 86_400;
/// Seconds before its end when it is replaced.
const RENEW_BEFORE: i64 = 900;
/// How long a server may take to bind a key.
const BINDING: Duration = Duration::from_secs(10);
/// Seconds for which the first salt of a new key is good.
const FIRST_SALT: i32 = 1800;

/// The keys of a session.
pub(super) struct Keys {
    session: WeakSession,
    config: Arc<Config>,
    clock: Clock,
    /// Held while a DC's key is made and bound, so that simultaneous connections make one.
    making: Mutex<HashMap<DcId, Arc<tokio::sync::Mutex<()>>>>,
    server_clock: Mutex<Option<ServerClock>>,
}

/// The key that a connection's session is encrypted with.
pub(super) struct UsedKey {
    pub(super) key: AuthKey,
    pub(super) salts: Vec<FutureSalt>,
    temporary: Option<Temporary>,
}

struct Temporary {
    permanent: AuthKey,
    /// Unix time of the server.
    expires_at: i64,
    /// When to replace it, by the machine's clock.
    renew_at: Duration,
    /// There while it is not bound yet.
    making: Option<OwnedMutexGuard<()>>,
    bind_by: Duration,
}

impl UsedKey {
    pub(super) fn is_temporary(&self) -> bool {
        self.temporary.is_some()
    }

    /// The permanent key to bind it to, and the server's time when it expires; `None` where that was done.
    pub(super) fn to_bind(&self) -> Option<(&AuthKey, i32)> {
        let temporary = self.temporary.as_ref()?;
        temporary.making.as_ref()?;
        Some((
            &temporary.permanent,
            i32::try_from(temporary.expires_at).unwrap_or(i32::MAX),
        ))
    }

    /// When it has to be replaced, by the machine's clock; `None`: never.
    pub(super) fn renew_at(&self) -> Option<Duration> {
        Some(self.temporary.as_ref()?.renew_at)
    }

    /// Until when the server has to have bound it.
    pub(super) fn bind_by(&self) -> Duration {
        self.temporary
            .as_ref()
            .map_or(Duration::MAX, |temporary| temporary.bind_by)
    }
}

impl Keys {
    pub(super) fn new(session: WeakSession, config: Arc<Config>, clock: Clock) -> Keys {
        Keys {
            session,
            config,
            clock,
            making: Mutex::default(),
            server_clock: Mutex::default(),
        }
    }

    /// The key for a connection, and the server's clock as far as it is known. What is missing is made over `dialled`,
    /// which has not carried a message yet.
    pub(super) async fn obtain(
        &self,
        (dc, lane): (DcId, Lane),
        dialled: &mut Dialled,
        until: Instant,
    ) -> Result<UsedKey, InvokeError> {
        let making = self.making(dc).lock_owned().await;
        let session = self.session.get()?;
        let test = self.config.test_mode;
        let permanent = session.auth_key(dc.main(), test)?;
        let (permanent, salts) = if let Some(key) = permanent {
            let salts = session.salts(&key)?;
            (key, salts)
        } else if dc.is_media() {
            let missing = format!("the key of {} is gone", dc.main());
            return Err(InvokeError::KeyExchange(missing.into()));
        } else {
            let created = self.create((dc, lane), dialled, None, until).await?;
            session.set_auth_key(dc, test, &created.key)?;
            let salts = vec![self.first_salt(&created)];
            (created.key, salts)
        };
        // A CDN knows no `auth.bindTempAuthKey`.
        if !self.config.pfs || lane == Lane::Cdn {
            return Ok(UsedKey {
                key: permanent,
                salts,
                temporary: None,
            });
        }
        let stored = session.temporary_key(dc, test, &permanent)?;
        let renews_at = |expires_at: i64| {
            let left = expires_at - RENEW_BEFORE - self.server_seconds();
            self.clock.now() + Duration::from_secs(u64::try_from(left).unwrap_or(0))
        };
        if let Some(stored) = stored
            && stored.expires_at > self.server_seconds() + RENEW_BEFORE
        {
            let salts = session.salts(&stored.key)?;
            return Ok(UsedKey {
                key: stored.key,
                salts,
                temporary: Some(Temporary {
                    permanent,
                    expires_at: stored.expires_at,
                    renew_at: renews_at(stored.expires_at),
                    making: None,
                    bind_by: Duration::MAX,
                }),
            });
        }
        let created = self
            .create((dc, lane), dialled, Some(LIFETIME), until)
            .await?;
        let expires_at = self.server_seconds() + i64::from(LIFETIME);
        Ok(UsedKey {
            salts: vec![self.first_salt(&created)],
            key: created.key,
            temporary: Some(Temporary {
                permanent,
                expires_at,
                renew_at: renews_at(expires_at),
                making: Some(making),
                bind_by: self.clock.now() + BINDING,
            }),
        })
    }

    /// Keeps a temporary key that was bound.
    pub(super) fn keep(&self, dc: DcId, key: &mut UsedKey) {
        if let Some(temporary) = &mut key.temporary {
            let stored = TemporaryKey {
                key: key.key.clone(),
                expires_at: temporary.expires_at,
            };
            // When it cannot be stored the next process makes its own.
            let test = self.config.test_mode;
            let permanent = &temporary.permanent;
            let _ = self
                .session
                .get()
                .and_then(|session| session.set_temporary_key(dc, test, permanent, Some(&stored)));
            temporary.making = None;
        }
    }

    /// Forgets a temporary key, unless another connection has replaced it already.
    pub(super) fn drop_temporary(&self, dc: DcId, key: &UsedKey) {
        let test = self.config.test_mode;
        if let Some(temporary) = &key.temporary
            && let Ok(session) = self.session.get()
            && let Ok(Some(stored)) = session.temporary_key(dc, test, &temporary.permanent)
            && stored.key == key.key
        {
            let _ = session.set_temporary_key(dc, test, &temporary.permanent, None);
        }
    }

    /// The server's clock for a new session.
    pub(super) fn server_clock(&self) -> ServerClock {
        let mut known = self.clock_slot();
        *known.get_or_insert_with(|| {
            let stored = self
                .session
                .get()
                .and_then(|session| session.clock_offset());
            let stored = stored.ok().flatten();
            stored.map_or_else(ServerClock::unknown, ServerClock::stored)
        })
    }

    /// What a session has learned about the server's clock.
    pub(super) fn set_clock_offset(&self, seconds: i64) {
        let mut known = self.clock_slot();
        let before = known.map(ServerClock::offset);
        *known = Some(ServerClock::stored(seconds));
        if before != Some(seconds) {
            // Without it the next process needs one more round trip.
            let _ = self
                .session
                .get()
                .and_then(|session| session.set_clock_offset(seconds));
        }
    }

    async fn create(
        &self,
        (dc, lane): (DcId, Lane),
        dialled: &mut Dialled,
        expires_in: Option<i32>,
        until: Instant,
    ) -> Result<NewAuthKey, InvokeError> {
        let keys = exchange::keys_for(lane, dc, &self.config, &self.session.get()?)?;
        let left = until.saturating_duration_since(Instant::now());
        let number = dc.on_the_wire(self.config.test_mode);
        let created = driver::exchange(dialled, &keys, number, expires_in, left)
            .await
            .map_err(exchange::failure)?;
        self.set_clock_offset(i64::from(created.time_offset));
        *self.clock_slot() = Some(ServerClock::known(i64::from(created.time_offset)));
        Ok(created)
    }

    fn first_salt(&self, created: &NewAuthKey) -> FutureSalt {
        let now = i32::try_from(self.server_seconds()).unwrap_or(i32::MAX);
        FutureSalt {
            valid_since: now.saturating_sub(FIRST_SALT),
            valid_until: now.saturating_add(FIRST_SALT),
            salt: created.first_salt,
        }
    }

    fn server_seconds(&self) -> i64 {
        let server = self.server_clock().server(self.clock.now());
        i64::try_from(server.as_secs()).unwrap_or(i64::MAX)
    }

    fn making(&self, dc: DcId) -> Arc<tokio::sync::Mutex<()>> {
        let mut making = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(making.entry(dc).or_default())
    }

    fn clock_slot(&self) -> std::sync::MutexGuard<'_, Option<ServerClock>> {
        self.server_clock
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// The session cannot be read or written.
impl From<Error> for InvokeError {
    fn from(error: Error) -> InvokeError {
        InvokeError::Session(error)
    }
}
