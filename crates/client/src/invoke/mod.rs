//! A call's way through floods, migrations, lost connections and the end of a login.

mod queue;
mod rules;
#[cfg(test)]
mod tests;

use bytes::Bytes;
use madeline_tl::object;
use tokio::time::{sleep, timeout};

pub(crate) use self::queue::Queues;
pub use self::queue::Turn;
use self::rules::{Circumstances, Reaction, Tries, is_repeatable, reaction};
use crate::engine::{InvokeError, Lane, Request};
use crate::session::LoginProgress;
use crate::{Authorization, Call, Client, DcId, Error};

impl Client {
    /// Calls a method and returns the TL bytes of its result. Updates in it reach the listener, too, if there is one.
    ///
    /// Errors that pass are waited out (specification §4.3); the others come back as [`Error::Rpc`].
    pub async fn invoke(&self, mut call: Call) -> Result<Bytes, Error> {
        if let Some(turn) = &call.turn {
            turn.come().await;
        }
        let mut tries = Tries::default();
        loop {
            self.check_usable()?;
            let home = self.session().home_dc();
            let dc = call.dc.unwrap_or(home);
            let login = self.session().login_number();
            let error = match self.attempt(dc, &call).await? {
                Ok(result) => {
                    self.inbox()
                        .offer(self.config(), &call.method, &call.body, &result);
                    return Ok(result);
                }
                Err(error) => error,
            };
            let circumstances = Circumstances {
                flood_limit: call.flood_limit.unwrap_or(self.config().flood_timeout),
                logged_in: self.authorization() == Authorization::LoggedIn,
                same_login: self.session().login_number() == login,
                at_home: dc == home,
                tries,
            };
            match reaction(&call.method, &error, circumstances) {
                Reaction::Fail => return Err(error.into_error(dc, &call.method)),
                Reaction::Resend(pause) => {
                    tries.lost |= matches!(error, InvokeError::Lost(_));
                    sleep(pause).await;
                }
                Reaction::Migrate(target) => {
                    tries.migrations += 1;
                    self.move_home(target)?;
                }
                Reaction::Redirect(target) => {
                    tries.migrations += 1;
                    call.dc = Some(target);
                }
                Reaction::Introduce => {
                    tries.introduced = true;
                    self.introduce(dc).await?;
                }
                Reaction::NewKey => {
                    tries.new_key = true;
                    tries.introduced = false;
                    self.forget_key(dc)?;
                }
                Reaction::LogOut => {
                    let reason = reason(error);
                    self.inbox().end(&reason);
                    self.end_login()?;
                    return Err(Error::LoggedOut { reason });
                }
                Reaction::DropKey => {
                    self.forget_key(dc)?;
                    self.session()
                        .set_login(Authorization::NotLoggedIn, LoginProgress::default())?;
                    self.inbox().wake();
                    return Err(error.into_error(dc, &call.method));
                }
                Reaction::DropForeignKey => {
                    self.forget_key(dc)?;
                    return Err(error.into_error(dc, &call.method));
                }
            }
        }
    }

    async fn attempt(&self, dc: DcId, call: &Call) -> Result<Result<Bytes, InvokeError>, Error> {
        let limit = call.timeout.unwrap_or(self.config().timeouts.call);
        let request = Request {
            dc,
            body: call.body.clone(),
            lane: lane(&call.method),
            repeatable: is_repeatable(&call.method),
        };
        if let Ok(outcome) = timeout(limit, self.engine().invoke(request)).await {
            return Ok(outcome);
        }
        // The link may be dead without knowing it.
        self.engine().renew(dc);
        Err(Error::Timeout {
            dc,
            method: call.method.clone(),
            seconds: limit.as_secs_f64(),
        })
    }

    /// Logs the account in at another DC than its home.
    async fn introduce(&self, dc: DcId) -> Result<(), Error> {
        let exported = object!("auth.exportAuthorization", dc_id: dc.0);
        let exported = Box::pin(self.ask(exported)).await?;
        let request = object!(
            "auth.importAuthorization",
            id: exported.read(|told| told.int("id"))?,
            bytes: exported.read(|told| told.bytes("bytes"))?.to_vec(),
        );
        let import = Call {
            dc: Some(dc),
            ..self.call(&request)?
        };
        Box::pin(self.invoke(import)).await.map(drop)
    }

    /// Makes another DC the home of the account.
    pub(crate) fn move_home(&self, target: DcId) -> Result<(), Error> {
        let former = self.session().home_dc();
        self.session().set_home_dc(target)?;
        self.engine().set_home(target);
        self.engine().renew(former);
        Ok(())
    }

    fn forget_key(&self, dc: DcId) -> Result<(), Error> {
        self.session()
            .remove_auth_key(dc, self.config().test_mode)?;
        self.engine().renew(dc);
        Ok(())
    }

    /// Logs out on this side: the session's files are removed.
    pub(crate) fn end_login(&self) -> Result<(), Error> {
        self.engine().renew(self.session().home_dc());
        let removed = self.session().remove();
        self.engine().logged_out();
        self.inbox().wake();
        removed
    }
}

/// Parts of files have connections of their own.
fn lane(method: &str) -> Lane {
    match method {
        "upload.getCdnFile" => Lane::Cdn,
        _ if method.starts_with("upload.") => Lane::Files,
        _ => Lane::Calls,
    }
}

fn reason(error: InvokeError) -> String {
    match error {
        InvokeError::Rpc { message, .. } => message,
        other => format!("{other:?}"),
    }
}
