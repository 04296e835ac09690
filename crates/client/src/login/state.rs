//! The states of a login and what its steps answer.

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

/// The answer to [`Client::phone_login`](crate::Client::phone_login).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentCode {
    /// Boxed `auth.SentCode`.
    pub answer: Vec<u8>,
    /// The number as the caller wrote it: the extra key `phone_number`.
    pub phone_number: String,
}

/// What a code led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodeAnswer {
    /// Logged in; boxed `auth.Authorization`.
    Authorized(Vec<u8>),
    /// A password is wanted; boxed `account.Password`.
    PasswordNeeded(Vec<u8>),
    /// A name is wanted (`account.needSignup`); boxed `auth.authorizationSignUpRequired`.
    SignupNeeded(Vec<u8>),
}
