//! `auth.*`: login by code, password or token, sign-up, other data centres, logout.

use madeline_tl::{Value, object};

use super::{Call, Outcome, int, text};
use crate::error::{RpcError, bad_request, migrate, unauthorized};
use crate::state::{Kind, Mailbox, Newcomer, SentCode, Status, User, hex, random_bytes};
use crate::world::check::digits;

/// Wrong codes after which a code is void.
const ATTEMPTS: u32 = 5;

/// `auth.sendCode`.
pub(super) fn send_code(call: &mut Call<'_>, query: &Value) -> Outcome {
    check_api(call, query)?;
    let phone = phone(query)?;
    let (dc, length) = call
        .account(&phone)
        .ok_or_else(|| bad_request("PHONE_NUMBER_INVALID"))?;
    if dc != call.key.dc {
        return Err(migrate("PHONE", dc));
    }
    let code = SentCode {
        phone,
        key: call.key,
        confirmed: false,
        attempts: 0,
    };
    let hash = hex(&random_bytes::<16>());
    call.state.login.codes.insert(hash.clone(), code);
    Ok(sent_code(hash, object!("auth.sentCodeTypeSms", length: length), true).into())
}

/// `auth.resendCode`: the same code, by a call.
pub(super) fn resend_code(call: &mut Call<'_>, query: &Value) -> Outcome {
    let (hash, sent) = call.sent_code(query)?;
    let (_, length) = call
        .account(&sent.phone)
        .ok_or_else(|| bad_request("PHONE_NUMBER_INVALID"))?;
    Ok(sent_code(
        hash,
        object!("auth.sentCodeTypeCall", length: length),
        false,
    )
    .into())
}

/// `auth.cancelCode`.
pub(super) fn cancel_code(call: &mut Call<'_>, query: &Value) -> Outcome {
    let (hash, _) = call.sent_code(query)?;
    call.state.login.codes.remove(&hash);
    Ok(Value::Bool(true).into())
}

/// `auth.signIn`.
pub(super) fn sign_in(call: &mut Call<'_>, query: &Value) -> Outcome {
    let (hash, sent) = call.sent_code(query)?;
    let given = query.text("phone_code").unwrap_or_default();
    if given.is_empty() {
        return Err(bad_request("PHONE_CODE_EMPTY"));
    }
    if call.code(&sent.phone).as_deref() != Some(given) {
        return Err(call.wrong_code(&hash));
    }
    let Some(user) = call.state.phones.get(&sent.phone).copied() else {
        if let Some(code) = call.state.login.codes.get_mut(&hash) {
            code.confirmed = true;
        }
        return Ok(object!("auth.authorizationSignUpRequired").into());
    };
    call.state.login.codes.remove(&hash);
    if call.has_password(user) {
        if let Some(key) = call.state.keys.get_mut(&call.key) {
            key.awaits_password = Some(user);
        }
        return Err(unauthorized("SESSION_PASSWORD_NEEDED"));
    }
    call.log_in(user)
}

/// `auth.signUp`.
pub(super) fn sign_up(call: &mut Call<'_>, query: &Value) -> Outcome {
    let (hash, sent) = call.sent_code(query)?;
    if call.state.phones.contains_key(&sent.phone) {
        return Err(bad_request("PHONE_NUMBER_OCCUPIED"));
    }
    if !sent.confirmed {
        return Err(bad_request("PHONE_CODE_INVALID"));
    }
    let (first_name, last_name) = (
        text(query, "first_name")?.trim(),
        text(query, "last_name")?.trim(),
    );
    if first_name.is_empty() || first_name.chars().count() > 64 {
        return Err(bad_request("FIRSTNAME_INVALID"));
    }
    if last_name.chars().count() > 64 {
        return Err(bad_request("LASTNAME_INVALID"));
    }
    let Some(newcomer) = call.state.newcomers.remove(&sent.phone) else {
        return Err(bad_request("PHONE_NUMBER_INVALID"));
    };
    call.state.login.codes.remove(&hash);
    let id = newcomer.id.unwrap_or_else(|| call.state.free_user_id());
    let user = new_user(newcomer, sent.phone, first_name, last_name);
    call.state.add_user(id, user);
    call.log_in(id)
}

/// `auth.checkPassword`.
pub(super) fn check_password(call: &mut Call<'_>, query: &Value) -> Outcome {
    let key = call.state.keys.get(&call.key);
    let Some(user) = key.and_then(|key| key.awaits_password.or(key.user)) else {
        return Err(unauthorized("AUTH_KEY_UNREGISTERED"));
    };
    call.prove_password(user, query.get("password"))?;
    call.log_in(user)
}

/// `auth.importBotAuthorization`.
pub(super) fn import_bot_authorization(call: &mut Call<'_>, query: &Value) -> Outcome {
    check_api(call, query)?;
    let token = text(query, "bot_auth_token")?;
    let bot = call
        .state
        .users
        .iter()
        .find(|(_, user)| user.bot().is_some_and(|bot| bot.token == token))
        .map(|(id, user)| (*id, user.dc));
    let (id, dc) = bot.ok_or_else(|| bad_request("ACCESS_TOKEN_INVALID"))?;
    if dc != call.key.dc {
        return Err(migrate("USER", dc));
    }
    call.log_in(id)
}

/// `auth.exportAuthorization`.
pub(super) fn export_authorization(call: &mut Call<'_>, query: &Value) -> Outcome {
    let dc = int(query, "dc_id");
    if dc == call.key.dc || !call.state.rules.ports.contains_key(&dc) {
        return Err(bad_request("DC_ID_INVALID"));
    }
    let bytes = random_bytes::<128>().to_vec();
    call.state
        .login
        .exported
        .push((call.user, dc, bytes.clone()));
    Ok(object!("auth.exportedAuthorization", id: call.user, bytes: bytes).into())
}

/// `auth.importAuthorization`.
pub(super) fn import_authorization(call: &mut Call<'_>, query: &Value) -> Outcome {
    let id = query.int("id").unwrap_or(0);
    let bytes = query.bytes("bytes").unwrap_or_default();
    let exported = &mut call.state.login.exported;
    let dc = call.key.dc;
    let found = exported
        .iter()
        .position(|(user, wanted, known)| *user == id && *wanted == dc && known == bytes);
    let Some(found) = found else {
        return Err(bad_request("AUTH_BYTES_INVALID"));
    };
    exported.remove(found);
    call.log_in(id)
}

/// `auth.logOut`.
pub(super) fn log_out(call: &mut Call<'_>, _: &Value) -> Outcome {
    call.state.log_out(call.key);
    Ok(object!("auth.loggedOut").into())
}

impl Call<'_> {
    /// The password of `user` is proved by this `InputCheckPasswordSRP`.
    pub(super) fn prove_password(&mut self, user: i64, proof: &Value) -> Result<(), RpcError> {
        let Some((verifier, _)) = self.state.verifier(user) else {
            return Err(bad_request("PASSWORD_HASH_INVALID"));
        };
        if proof.name() != "inputCheckPasswordSRP" {
            return Err(bad_request("PASSWORD_HASH_INVALID"));
        }
        let srp_id = proof.int("srp_id").unwrap_or(0);
        let challenge = self
            .state
            .challenge_of(user, srp_id)
            .ok_or_else(|| bad_request("SRP_ID_INVALID"))?;
        let (a, m1) = (
            proof.bytes("A").unwrap_or_default(),
            proof.bytes("M1").unwrap_or_default(),
        );
        if !verifier.accepts(&challenge, a, m1) {
            return Err(bad_request("PASSWORD_HASH_INVALID"));
        }
        self.state.drop_challenge(srp_id);
        Ok(())
    }

    /// Whether `user` has a password.
    pub(super) fn has_password(&self, user: i64) -> bool {
        let user = self.state.users.get(&user);
        user.is_some_and(|user| {
            matches!(
                &user.kind,
                Kind::Person {
                    password: Some(_),
                    ..
                }
            )
        })
    }

    fn log_in(&mut self, user: i64) -> Outcome {
        self.authorize(user).map(Into::into)
    }

    /// Logs the caller's key in; `auth.authorization`.
    pub(super) fn authorize(&mut self, user: i64) -> Result<Value, RpcError> {
        if let Some(key) = self.state.keys.get_mut(&self.key) {
            key.user = Some(user);
            key.awaits_password = None;
        }
        let value = self
            .state
            .user_value(user, user)
            .ok_or_else(|| unauthorized("USER_DEACTIVATED"))?;
        Ok(object!("auth.authorization", user: value))
    }

    /// Data centre and length of the code of a phone that exists.
    fn account(&self, phone: &str) -> Option<(i32, i32)> {
        let dc = match self.state.phones.get(phone) {
            Some(user) => self.state.users.get(user)?.dc,
            None => self.state.newcomers.get(phone)?.dc,
        };
        Some((dc, self.code(phone)?.len() as i32))
    }

    /// The code a phone gets.
    fn code(&self, phone: &str) -> Option<String> {
        if let Some(user) = self.state.phones.get(phone) {
            return match &self.state.users.get(user)?.kind {
                Kind::Person { code, .. } => Some(code.clone()),
                Kind::Bot(_) => None,
            };
        }
        self.state
            .newcomers
            .get(phone)
            .map(|newcomer| newcomer.code.clone())
    }

    /// The code that `phone_number` and `phone_code_hash` speak of, if it was sent over this key.
    fn sent_code(&self, query: &Value) -> Result<(String, SentCode), RpcError> {
        let phone = phone(query)?;
        let hash = text(query, "phone_code_hash")?;
        if hash.is_empty() {
            return Err(bad_request("PHONE_CODE_HASH_EMPTY"));
        }
        self.state
            .login
            .codes
            .get(hash)
            .filter(|sent| sent.phone == phone && sent.key == self.key)
            .map(|sent| (hash.to_owned(), sent.clone()))
            .ok_or_else(|| bad_request("PHONE_CODE_EXPIRED"))
    }

    /// Counts a wrong code; after too many the right one comes too late.
    fn wrong_code(&mut self, hash: &str) -> RpcError {
        let codes = &mut self.state.login.codes;
        if let Some(sent) = codes.get_mut(hash) {
            sent.attempts += 1;
            if sent.attempts >= ATTEMPTS {
                codes.remove(hash);
            }
        }
        bad_request("PHONE_CODE_INVALID")
    }
}

/// The application is one that exists.
pub(super) fn check_api(call: &Call<'_>, query: &Value) -> Result<(), RpcError> {
    let (id, hash) = (int(query, "api_id"), text(query, "api_hash")?);
    let apis = &call.state.rules.apis;
    let known = apis.iter().any(|api| api.id == id && api.hash == hash);
    if known || (apis.is_empty() && id > 0 && !hash.is_empty()) {
        Ok(())
    } else {
        Err(bad_request("API_ID_INVALID"))
    }
}

fn phone(query: &Value) -> Result<String, RpcError> {
    let phone = digits(text(query, "phone_number")?);
    if (5..=15).contains(&phone.len()) {
        Ok(phone)
    } else {
        Err(bad_request("PHONE_NUMBER_INVALID"))
    }
}

fn sent_code(hash: String, kind: Value, again: bool) -> Value {
    object!("auth.sentCode",
        type: kind,
        phone_code_hash: hash,
        next_type: again.then(|| object!("auth.codeTypeCall")),
        timeout: again.then_some(60),
    )
}

fn new_user(newcomer: Newcomer, phone: String, first_name: &str, last_name: &str) -> User {
    User {
        first_name: first_name.to_owned(),
        last_name: last_name.to_owned(),
        username: None,
        about: None,
        lang_code: newcomer.lang_code,
        dc: newcomer.dc,
        status: Status::Never,
        kind: Kind::Person {
            phone,
            code: newcomer.code,
            password: None,
            contacts: std::collections::BTreeSet::new(),
            premium: newcomer.premium,
            deactivated: None,
            auth_key_duplicated: false,
        },
        mailbox: Mailbox::default(),
        photos: Vec::new(),
        blocked: std::collections::BTreeSet::new(),
        untranslated: std::collections::BTreeSet::new(),
        contact_names: std::collections::BTreeMap::new(),
    }
}
