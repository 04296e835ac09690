//! `account.*` of two-step verification: its parameters, setting, changing and removing the password.
//!
//! A recovery address has to be confirmed before the password that came with it counts; the code that Telegram would
//! send there is the account's login code.

use madeline_tl::{Value, object};

use super::{Call, Outcome, text};
use crate::error::{RpcError, bad_request, unauthorized};
use crate::srp::{Params, Verifier};
use crate::state::{Kind, Password, random_bytes};

/// What a client adds to the first salt of a new password.
const OWN_SALT: usize = 32;

/// A password that waits for its recovery address to be confirmed.
#[derive(Debug, Clone)]
pub(crate) struct Pending {
    password: Option<(Verifier, String)>,
    email: String,
}

/// `account.getPassword`, for those logged in and those whose code was right.
pub(super) fn parameters(call: &mut Call<'_>, _: &Value) -> Outcome {
    let key = call.state.keys.get(&call.key);
    let Some(user) = key.and_then(|key| key.user.or(key.awaits_password)) else {
        return Err(unauthorized("AUTH_KEY_UNREGISTERED"));
    };
    if call.state.is_bot(user) {
        return Err(bad_request("BOT_METHOD_INVALID"));
    }
    let new = call.state.login.offered.entry(user).or_insert_with(|| {
        let mut params = Params::new();
        params.salt1.truncate(8);
        params
    });
    let new_algo = algorithm(new);
    let known = call.state.verifier(user).map(|(verifier, hint)| {
        let (srp_id, challenge) = call.state.challenge(user, &verifier);
        (
            algorithm(verifier.params()),
            challenge.public().to_vec(),
            srp_id,
            hint,
        )
    });
    let (algo, srp_b, srp_id, hint) = match known {
        Some((algo, srp_b, srp_id, hint)) => (Some(algo), Some(srp_b), Some(srp_id), hint),
        None => (None, None, None, None),
    };
    let pending = call.state.login.pending_emails.get(&user);
    let value = object!("account.password",
        has_recovery: call.state.login.emails.contains_key(&user),
        has_password: algo.is_some(),
        current_algo: algo,
        srp_B: srp_b,
        srp_id: srp_id,
        hint: hint,
        email_unconfirmed_pattern: pending.map(|pending| pattern(&pending.email)),
        new_algo: new_algo,
        new_secure_algo: object!("securePasswordKdfAlgoPBKDF2HMACSHA512iter100000",
            salt: random_bytes::<8>().to_vec()),
        secure_random: random_bytes::<256>().to_vec(),
    );
    Ok(value.into())
}

/// `account.updatePasswordSettings`.
pub(super) fn update(call: &mut Call<'_>, query: &Value) -> Outcome {
    call.prove_own_password(query.get("password"))?;
    let settings = query.get("new_settings");
    if !settings.has("new_algo") && !settings.has("email") {
        return Err(bad_request("NEW_SETTINGS_EMPTY"));
    }
    let hash = settings.bytes("new_password_hash").unwrap_or_default();
    let password = match settings.get("new_algo").name() {
        "" => None,
        "passwordKdfAlgoUnknown" if hash.is_empty() => {
            call.set_password(None);
            call.state.login.emails.remove(&call.user);
            return Ok(Value::Bool(true).into());
        }
        "passwordKdfAlgoUnknown" => return Err(bad_request("NEW_SETTINGS_INVALID")),
        _ => {
            let params = call.accepted(settings.get("new_algo"))?;
            let verifier = Verifier::of_hash(params, hash)
                .ok_or_else(|| bad_request("NEW_SETTINGS_INVALID"))?;
            let hint = text(settings, "hint")?;
            if hint.chars().count() > 255 {
                return Err(bad_request("NEW_SETTINGS_INVALID"));
            }
            call.state.login.offered.remove(&call.user);
            Some((verifier, hint.to_owned()))
        }
    };
    if password.is_none() && !call.has_password(call.user) {
        return Err(bad_request("NEW_SETTINGS_INVALID"));
    }
    let email = settings.text("email").unwrap_or_default();
    if email.is_empty() {
        call.set_password(password);
        return Ok(Value::Bool(true).into());
    }
    if !is_address(email) {
        return Err(bad_request("EMAIL_INVALID"));
    }
    let pending = Pending {
        password,
        email: email.to_owned(),
    };
    call.state.login.pending_emails.insert(call.user, pending);
    Err(bad_request(&format!(
        "EMAIL_UNCONFIRMED_{}",
        call.own_code().len()
    )))
}

/// `account.getPasswordSettings`.
pub(super) fn settings(call: &mut Call<'_>, query: &Value) -> Outcome {
    call.prove_own_password(query.get("password"))?;
    let email = call.state.login.emails.get(&call.user).cloned();
    Ok(object!("account.passwordSettings", email: email).into())
}

/// `account.confirmPasswordEmail`.
pub(super) fn confirm_email(call: &mut Call<'_>, query: &Value) -> Outcome {
    let Some(pending) = call.state.login.pending_emails.get(&call.user).cloned() else {
        return Err(bad_request("EMAIL_HASH_EXPIRED"));
    };
    if text(query, "code")? != call.own_code() {
        return Err(bad_request("CODE_INVALID"));
    }
    call.state.login.pending_emails.remove(&call.user);
    if pending.password.is_some() {
        call.set_password(pending.password);
    }
    call.state.login.emails.insert(call.user, pending.email);
    Ok(Value::Bool(true).into())
}

/// `account.cancelPasswordEmail`.
pub(super) fn cancel_email(call: &mut Call<'_>, _: &Value) -> Outcome {
    match call.state.login.pending_emails.remove(&call.user) {
        Some(_) => Ok(Value::Bool(true).into()),
        None => Err(bad_request("EMAIL_HASH_EXPIRED")),
    }
}

impl Call<'_> {
    /// The caller's password is proved; who has none says so.
    fn prove_own_password(&mut self, proof: &Value) -> Result<(), RpcError> {
        if self.has_password(self.user) {
            return self.prove_password(self.user, proof);
        }
        match proof.name() {
            "inputCheckPasswordEmpty" => Ok(()),
            _ => Err(bad_request("PASSWORD_HASH_INVALID")),
        }
    }

    /// The parameters of a new password: those that were offered, with the client's own salt behind the first one.
    fn accepted(&self, algorithm: &Value) -> Result<Params, RpcError> {
        let offered = self.state.login.offered.get(&self.user);
        let offered = offered.ok_or_else(|| bad_request("NEW_SALT_INVALID"))?;
        let bytes = |key: &str| algorithm.bytes(key).unwrap_or_default().to_vec();
        let given = Params {
            salt1: bytes("salt1"),
            salt2: bytes("salt2"),
            g: algorithm.int("g").unwrap_or_default() as i32,
            p: bytes("p"),
        };
        let own = given.salt1.strip_prefix(offered.salt1.as_slice());
        if given.salt2 != offered.salt2 || own.is_none_or(|own| own.len() != OWN_SALT) {
            return Err(bad_request("NEW_SALT_INVALID"));
        }
        if given.g != offered.g || given.p != offered.p {
            return Err(bad_request("NEW_SETTINGS_INVALID"));
        }
        Ok(given)
    }

    fn set_password(&mut self, new: Option<(Verifier, String)>) {
        let user = self
            .state
            .users
            .get_mut(&self.user)
            .map(|user| &mut user.kind);
        if let Some(Kind::Person { password, .. }) = user {
            *password = new.map(|(verifier, hint)| Password {
                text: String::new(),
                hint: Some(hint).filter(|hint| !hint.is_empty()),
                verifier: Some(verifier),
            });
        }
    }

    fn own_code(&self) -> String {
        match self.state.users.get(&self.user).map(|user| &user.kind) {
            Some(Kind::Person { code, .. }) => code.clone(),
            _ => String::new(),
        }
    }
}

fn algorithm(params: &Params) -> Value {
    object!("passwordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow",
        salt1: params.salt1.clone(), salt2: params.salt2.clone(), g: params.g, p: params.p.clone())
}

fn is_address(email: &str) -> bool {
    email
        .split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !host.contains('@'))
}

/// An address as others may see it: `a***@example.com`.
fn pattern(email: &str) -> String {
    match email.split_once('@') {
        Some((name, host)) => {
            let first: String = name.chars().take(1).collect();
            format!("{first}***@{host}")
        }
        None => String::new(),
    }
}
