//! Logging in and out.

use crate::{Client, DcId, Error};

/// How far a session's login is (`API::getAuthorization()`; the numbers are MadelineProto's).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i8)]
pub enum Authorization {
    /// Nobody is logged in.
    NotLoggedIn = 0,
    /// A code was sent to the user.
    WaitingCode = 1,
    /// The code was right, the account has a 2FA password.
    WaitingPassword = 2,
    /// The code was right, the number has no account yet.
    WaitingSignup = -1,
    /// Logged in.
    LoggedIn = 3,
    /// Was logged in; the session's files are gone.
    LoggedOut = 4,
}

/// The answer to [`Client::phone_login`].
#[derive(Clone, Debug)]
pub struct SentCode {
    /// Boxed `auth.SentCode`.
    pub answer: Vec<u8>,
    /// The number as the caller wrote it: the extra key `phone_number`.
    pub phone_number: String,
}

/// What a code led to.
#[derive(Clone, Debug)]
pub enum CodeAnswer {
    /// Logged in; boxed `auth.Authorization`.
    Authorized(Vec<u8>),
    /// A password is wanted; boxed `account.Password`.
    PasswordNeeded(Vec<u8>),
    /// A name is wanted (`account.needSignup`); boxed `auth.authorizationSignUpRequired`.
    SignupNeeded(Vec<u8>),
}

impl Client {
    /// Sends a code to a phone number, which may contain spaces and a plus.
    pub async fn phone_login(&self, number: &str) -> Result<SentCode, Error> {
        todo!("{number}")
    }
    /// Logs in with the code that was sent.
    pub async fn complete_phone_login(&self, code: &str) -> Result<CodeAnswer, Error> {
        todo!("{code}")
    }
    /// Logs in with the 2FA password; boxed `auth.Authorization`.
    pub async fn complete_2fa_login(&self, password: &[u8]) -> Result<Vec<u8>, Error> {
        todo!("{password:?}")
    }
    /// Makes an account for the number that was given; boxed `auth.Authorization`.
    pub async fn complete_signup(&self, first_name: &str, last_name: &str) -> Result<Vec<u8>, Error> {
        todo!("{first_name} {last_name}")
    }
    /// Logs in as a bot; boxed `auth.Authorization`, `None` when somebody is logged in already.
    pub async fn bot_login(&self, token: &str) -> Result<Option<Vec<u8>>, Error> {
        todo!("{token}")
    }
    /// Logs out and removes the session's files.
    pub async fn logout(&self) -> Result<(), Error> {
        todo!()
    }
    /// The own boxed `User` as last seen; `None` when nobody is logged in.
    pub fn self_user(&self) -> Result<Option<Vec<u8>>, Error> {
        todo!()
    }
    /// The own boxed `User`, asked from the server; `None` when nobody is logged in.
    pub async fn full_get_self(&self) -> Result<Option<Vec<u8>>, Error> {
        todo!()
    }
    /// The hint of the password that is waited for.
    pub fn hint(&self) -> Result<String, Error> {
        todo!()
    }
    /// The home DC and its 256-byte key.
    pub fn export_authorization(&self) -> Result<(DcId, Vec<u8>), Error> {
        todo!()
    }
    /// Takes over a login by its keys; the own boxed `User`.
    pub async fn import_authorization(&self, keys: &[(DcId, Vec<u8>)], home: DcId) -> Result<Vec<u8>, Error> {
        todo!("{keys:?} {home}")
    }
}
