//! Logging in and out (specification §5): each step checks the state, asks the server and stores the next state.
//!
//! The state is in the session, so the next step may happen in another process.

mod keys;
mod new_password;
mod password;
mod qr;
mod state;
#[cfg(test)]
mod tests;

use madeline_tl::{Value, boxed_from_bytes, boxed_to_bytes, object};

use crate::ask::Answer;
use crate::session::{LoginProgress, OwnUser};
use crate::{Client, DcId, Error};

pub use new_password::{NewPassword, PasswordChange};
pub(crate) use password::proof;
pub use qr::QrToken;
pub use state::{Authorization, CodeAnswer, SentCode};

const ALREADY: &str = "This instance of MadelineProto is already logged in!";
const NO_CODE: &str = "I'm not waiting for the code! Please call the phoneLogin method first";
const NO_PASSWORD: &str = "I'm not waiting for the password! Please call the phoneLogin and the completePhoneLogin methods first!";
const NO_SIGNUP: &str = "I'm not waiting to signup! Please call the phoneLogin and the completePhoneLogin methods first!";
const NO_HINT: &str = "Not waiting for the password!";

const WRONG_PASSWORD: &str = "PASSWORD_HASH_INVALID";
/// After these `auth.checkPassword` wants new parameters.
const PARAMETERS_USED_UP: [&str; 3] = [WRONG_PASSWORD, "SRP_ID_INVALID", "SRP_PASSWORD_CHANGED"];

impl Client {
    /// Sends a code to a phone number, which may contain spaces and a plus. A login in progress starts anew.
    pub async fn phone_login(&self, number: &str) -> Result<SentCode, Error> {
        if self.authorization() == Authorization::LoggedIn {
            return Err(Error::LoginState(ALREADY));
        }
        let digits: String = number.chars().filter(char::is_ascii_digit).collect();
        let app = &self.config().app;
        let answer = self
            .ask(object!(
                "auth.sendCode",
                phone_number: &digits,
                api_id: app.api_id,
                api_hash: &app.api_hash,
                settings: object!("codeSettings"),
            ))
            .await?;
        if answer.value.has("authorization") {
            // auth.sentCodeSuccess: the server trusts this device without a code.
            self.enter(&answer, answer.value.get("authorization"))?;
        } else {
            let phone_code_hash = answer.read(|code| code.text("phone_code_hash"))?.to_owned();
            let progress = LoginProgress {
                phone_number: digits,
                phone_code_hash,
                password: None,
            };
            self.session()
                .set_login(Authorization::WaitingCode, progress)?;
        }
        Ok(SentCode {
            answer: answer.bytes.into(),
            phone_number: number.to_owned(),
        })
    }

    /// Logs in with the code that was sent.
    ///
    /// A wrong code ends the login: the server wants a new `phone_login`.
    pub async fn complete_phone_login(&self, code: &str) -> Result<CodeAnswer, Error> {
        self.expect(Authorization::WaitingCode, NO_CODE)?;
        let progress = self.session().login_progress();
        let signed_in = self
            .ask(object!(
                "auth.signIn",
                phone_number: &progress.phone_number,
                phone_code_hash: &progress.phone_code_hash,
                phone_code: code,
            ))
            .await;
        match signed_in {
            Ok(answer) if answer.value.is("auth.authorizationSignUpRequired") => {
                self.session()
                    .set_login(Authorization::WaitingSignup, progress)?;
                Ok(CodeAnswer::SignupNeeded(answer.bytes.into()))
            }
            Ok(answer) => {
                self.enter(&answer, &answer.value)?;
                Ok(CodeAnswer::Authorized(answer.bytes.into()))
            }
            Err(error) if error.is_rpc("SESSION_PASSWORD_NEEDED") => {
                let password = Vec::from(self.ask(object!("account.getPassword")).await?.bytes);
                let progress = LoginProgress {
                    password: Some(password.clone()),
                    ..progress
                };
                self.session()
                    .set_login(Authorization::WaitingPassword, progress)?;
                Ok(CodeAnswer::PasswordNeeded(password))
            }
            Err(error) if error.is_rpc("PHONE_NUMBER_UNOCCUPIED") => {
                self.session()
                    .set_login(Authorization::WaitingSignup, progress)?;
                let required = object!("auth.authorizationSignUpRequired");
                let bytes = boxed_to_bytes(self.config().schema(), &required);
                Ok(CodeAnswer::SignupNeeded(bytes.map_err(|_| error)?))
            }
            Err(error) => {
                if matches!(error, Error::Rpc { .. }) {
                    self.session()
                        .set_login(Authorization::NotLoggedIn, LoginProgress::default())?;
                }
                Err(error)
            }
        }
    }

    /// Logs in with the 2FA password; boxed `auth.Authorization`.
    ///
    /// A wrong password leaves the state as it is, so that another one can be tried.
    pub async fn complete_2fa_login(&self, password: &[u8]) -> Result<Vec<u8>, Error> {
        self.expect(Authorization::WaitingPassword, NO_PASSWORD)?;
        let progress = self.session().login_progress();
        let stored = progress
            .password
            .as_deref()
            .map(|bytes| boxed_from_bytes(self.config().schema(), bytes));
        let parameters = match stored {
            Some(Ok(parameters)) => parameters,
            // None, or written with another layer.
            _ => self.ask(object!("account.getPassword")).await?.value,
        };
        let answer = match self.check_password(&parameters, password).await {
            // The parameters may have been used, be too old or be those of another password.
            Err(error) if PARAMETERS_USED_UP.iter().any(|text| error.is_rpc(text)) => {
                let fresh = self.ask(object!("account.getPassword")).await?;
                let progress = LoginProgress {
                    password: Some(fresh.bytes.into()),
                    ..progress
                };
                self.session()
                    .set_login(Authorization::WaitingPassword, progress)?;
                // The server counts tries: with the same algorithm a wrong password stays wrong.
                if error.is_rpc(WRONG_PASSWORD)
                    && fresh.value.get("current_algo") == parameters.get("current_algo")
                {
                    return Err(error);
                }
                self.check_password(&fresh.value, password).await?
            }
            outcome => outcome?,
        };
        self.enter(&answer, &answer.value)?;
        Ok(answer.bytes.into())
    }

    async fn check_password(&self, parameters: &Value, password: &[u8]) -> Result<Answer, Error> {
        let password = proof(parameters, password).await?;
        self.ask(object!("auth.checkPassword", password: password))
            .await
    }

    /// Makes an account for the number that was given; boxed `auth.Authorization`.
    pub async fn complete_signup(
        &self,
        first_name: &str,
        last_name: &str,
    ) -> Result<Vec<u8>, Error> {
        self.expect(Authorization::WaitingSignup, NO_SIGNUP)?;
        let progress = self.session().login_progress();
        let answer = self
            .ask(object!(
                "auth.signUp",
                phone_number: &progress.phone_number,
                phone_code_hash: &progress.phone_code_hash,
                first_name: first_name,
                last_name: last_name,
            ))
            .await?;
        self.enter(&answer, &answer.value)?;
        Ok(answer.bytes.into())
    }

    /// Logs in as a bot; boxed `auth.Authorization`, `None` when somebody is logged in already.
    pub async fn bot_login(&self, token: &str) -> Result<Option<Vec<u8>>, Error> {
        if self.authorization() == Authorization::LoggedIn {
            return Ok(None);
        }
        let app = &self.config().app;
        let answer = self
            .ask(object!(
                "auth.importBotAuthorization",
                flags: 0,
                api_id: app.api_id,
                api_hash: &app.api_hash,
                bot_auth_token: token,
            ))
            .await?;
        self.enter(&answer, &answer.value)?;
        Ok(Some(answer.bytes.into()))
    }

    /// Logs out, here and on the server, and removes the session's files. Logged out already, it does nothing: what
    /// is at that path now belongs to a later login.
    ///
    /// Where the server cannot be reached nothing changes, so that the login does not live on unseen.
    pub async fn logout(&self) -> Result<(), Error> {
        match self.authorization() {
            // Files may be left where the first removal failed.
            Authorization::LoggedOut => return self.session().remove(),
            Authorization::LoggedIn => {
                let _leaving = Leaving::begin(self);
                match self.ask(object!("auth.logOut")).await {
                    // The server knows no such login any more, and that is what was wanted.
                    Ok(_) | Err(Error::Rpc { code: 401, .. } | Error::LoggedOut { .. }) => {}
                    Err(error) => return Err(error),
                }
                return self.end_login();
            }
            _ => self.check_usable()?,
        }
        self.end_login()
    }

    /// The own boxed `User` as last seen; `None` when nobody is logged in.
    pub fn self_user(&self) -> Option<Vec<u8>> {
        self.session().own_user().map(|user| user.bytes)
    }

    /// The own boxed `User`, asked from the server; `None` when nobody is logged in.
    pub async fn full_get_self(&self) -> Result<Option<Vec<u8>>, Error> {
        if self.authorization() != Authorization::LoggedIn {
            return Ok(None);
        }
        // Scripts ask once, when they start: the time to look whether DCs have moved. Failing that, the old
        // addresses stay.
        let (user, _) = tokio::join!(self.ask_self(), self.refresh_addresses());
        let user = user?;
        self.session().update_own_user(&user.bytes)?;
        self.learn([user.bytes.as_slice()])?;
        Ok(Some(user.bytes))
    }

    /// The hint of the password that is waited for; empty when there is none.
    pub fn hint(&self) -> Result<String, Error> {
        self.expect(Authorization::WaitingPassword, NO_HINT)?;
        let stored = self.session().login_progress().password.unwrap_or_default();
        let parameters = boxed_from_bytes(self.config().schema(), &stored);
        Ok(parameters
            .ok()
            .and_then(|value| value.text("hint").ok().map(str::to_owned))
            .unwrap_or_default())
    }

    fn expect(&self, state: Authorization, otherwise: &'static str) -> Result<(), Error> {
        if self.authorization() == state {
            Ok(())
        } else {
            Err(Error::LoginState(otherwise))
        }
    }

    /// Takes the user out of an `auth.authorization` and stores that the login is complete.
    fn enter(&self, answer: &Answer, authorization: &Value) -> Result<(), Error> {
        let user = authorization
            .object("user")
            .map_err(|error| answer.wrong(error))?;
        let user = self.own_user(answer, user)?;
        self.enter_as(user, &[self.session().home_dc()])
    }

    /// Stores that the login is complete. What another account has left goes first, except the keys of the DCs
    /// that are this account's.
    fn enter_as(&self, user: OwnUser, own_dcs: &[DcId]) -> Result<(), Error> {
        if self.session().last_id().is_some_and(|last| last != user.id) {
            self.peers().clear()?;
            let test = self.config().test_mode;
            for dc in self.session().forget_account(own_dcs, test)? {
                self.engine().renew(dc);
            }
        }
        self.learn([user.bytes.as_slice()])?;
        self.session().set_logged_in(user)
    }

    async fn ask_self(&self) -> Result<OwnUser, Error> {
        let answer = self
            .ask(object!("users.getUsers", id: vec![object!("inputUserSelf")]))
            .await?;
        let user = answer.value.as_list().and_then(<[Value]>::first);
        self.own_user(
            &answer,
            user.ok_or_else(|| answer.wrong("the list has no user"))?,
        )
    }

    fn own_user(&self, answer: &Answer, user: &Value) -> Result<OwnUser, Error> {
        Ok(OwnUser {
            id: user.int("id").map_err(|error| answer.wrong(error))?,
            bot: user.flag("bot"),
            bytes: answer.part_bytes(self.config().schema(), user)?,
        })
    }
}

/// While the client logs out, also where nobody waits for that any more.
struct Leaving<'c>(&'c Client);

impl<'c> Leaving<'c> {
    fn begin(client: &'c Client) -> Self {
        client.inbox().set_leaving(true);
        Self(client)
    }
}

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        self.0.inbox().set_leaving(false);
    }
}
