//! Logging in by a QR code that a device of the user scans (<https://core.telegram.org/api/qr-login>).

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use madeline_tl::{Value, object};
use tokio::time::timeout;

use super::Authorization;
use crate::ask::Answer;
use crate::convert::base64::encode_url;
use crate::engine::UpdatesStream;
use crate::session::LoginProgress;
use crate::{Client, DcId, Error};

const PASSWORD_NEEDED: &str = "SESSION_PASSWORD_NEEDED";
const QR_STATE: &str =
    "A QR code can be made only while nobody is logged in and no code or name is waited for";
/// One account lives on one DC; a server that sends us on and on is ill.
const MAX_MIGRATIONS: u32 = 5;

/// How long is looked whether the server has said something: it has by then, or has not.
const GLANCE: Duration = Duration::from_millis(5);

/// What the QR code of a login says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QrToken {
    /// `tg://login?token=…`
    pub link: String,
    /// Unix time until which it may be scanned.
    pub expires: i64,
}

impl QrToken {
    /// How long it may still be scanned.
    pub fn remaining(&self) -> Duration {
        let expires = Duration::from_secs(self.expires.max(0).unsigned_abs());
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        expires.saturating_sub(now.unwrap_or_default())
    }
}

impl Client {
    /// What to show as a QR code. `None` when the last one was scanned: somebody is logged in, or their password is
    /// waited for.
    pub async fn qr_login(&self) -> Result<Option<QrToken>, Error> {
        match self.authorization() {
            Authorization::LoggedIn | Authorization::WaitingPassword => return Ok(None),
            Authorization::NotLoggedIn => {}
            _ => return Err(Error::LoginState(QR_STATE)),
        }
        let app = &self.config().app;
        let request = object!(
            "auth.exportLoginToken",
            api_id: app.api_id,
            api_hash: &app.api_hash,
            except_ids: Vec::<Value>::new(),
        );
        let mut answer = self.ask(request).await;
        for _ in 0..MAX_MIGRATIONS {
            let told = match answer {
                Err(error) if error.is_rpc(PASSWORD_NEEDED) => {
                    self.wait_for_password().await?;
                    return Ok(None);
                }
                other => other?,
            };
            match told.value.name() {
                "auth.loginToken" => return token(&told).map(Some),
                "auth.loginTokenMigrateTo" => {
                    let dc = told.read(|token| token.int("dc_id"))?;
                    let dc = i32::try_from(dc).map_err(|_| told.wrong("there is no such DC"))?;
                    self.move_home(DcId(dc))?;
                    let token = told.read(|token| token.bytes("token"))?.to_vec();
                    answer = self
                        .ask(object!("auth.importLoginToken", token: token))
                        .await;
                }
                _ => {
                    let authorization = told.read(|token| token.object("authorization"))?;
                    self.enter(&told, authorization)?;
                    return Ok(None);
                }
            }
        }
        Err(Error::Security {
            what: format!("the server sent the login to another DC {MAX_MIGRATIONS} times"),
        })
    }

    /// Waits until the code was scanned, or has expired. The next code to show, as [`Client::qr_login`] gives it.
    pub async fn wait_for_qr_login(&self, shown: &QrToken) -> Result<Option<QrToken>, Error> {
        if self.authorization() == Authorization::NotLoggedIn {
            // A scan before this is told of, too: what nobody listened to is announced to the next listener.
            let updates = self.updates();
            // In time either way; afterwards a new code is due.
            drop(timeout(shown.remaining(), scanned(updates)).await);
        }
        self.qr_login().await
    }

    /// Whether the code was scanned by now: somebody is logged in, or their password is waited for.
    pub async fn was_qr_scanned(&self) -> Result<bool, Error> {
        if self.authorization() == Authorization::NotLoggedIn
            && timeout(GLANCE, scanned(self.updates())).await.is_err()
        {
            return Ok(false);
        }
        Ok(self.qr_login().await?.is_none())
    }

    async fn wait_for_password(&self) -> Result<(), Error> {
        let password = self.ask(object!("account.getPassword")).await?;
        let progress = LoginProgress {
            password: Some(password.bytes.into()),
            ..LoginProgress::default()
        };
        self.session()
            .set_login(Authorization::WaitingPassword, progress)
    }
}

/// Until the server pushes something: before a login it has nothing else to say than that the code was scanned.
async fn scanned(mut updates: UpdatesStream) {
    if updates.recv().await.is_some() {
        // Nothing else can have been missed. Where this cannot be stored, the first listener asks once too often.
        let _ = updates.recovered();
    } else {
        // Somebody else listens.
        std::future::pending::<()>().await;
    }
}

fn token(answer: &Answer) -> Result<QrToken, Error> {
    let token = answer.read(|token| token.bytes("token"))?;
    Ok(QrToken {
        link: format!("tg://login?token={}", encode_url(token)),
        expires: answer.read(|token| token.int("expires"))?,
    })
}
