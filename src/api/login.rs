//! Logging in and out, step by step or by the dialogue of `start()`.

use std::rc::Rc;

use ext_php_rs::types::{ZendHashTable, Zval};
use madeline_client::{
    Authorization, Client, CodeAnswer, DcId, Error, NewPassword, PasswordChange,
};
use madeline_tl::{EntryKey, Ty};

use super::instance::Instance;
use super::{INTERNAL_DOC, info, instance};
use crate::call;
use crate::class::{Frame, Object};
use crate::exceptions::Thrown;
use crate::function;
use crate::types::login_qr_code;
use crate::zval::entries::{entries, key_text};
use crate::zval::sink;
use crate::{prompt, runtime, settings};

/// Asks for whatever is missing until somebody is logged in; returns the own user.
pub(super) fn start(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let instance = instance(frame)?;
    if instance.client()?.authorization() == Authorization::LoggedIn {
        return info::fetch_own_user(frame);
    }
    let configuration = INTERNAL_DOC.read(frame.this()?, "configuration");
    let template = match configuration.object().map(Object::of) {
        Some(settings) => settings::html_template(settings)?,
        None => String::new(),
    };
    prompt::login(instance, &template)?;
    info::fetch_own_user(frame)
}

/// Sends a code to a phone number; `auth.sentCode` with the number as it was given.
pub(super) fn phone_login(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let number = frame.text(0).unwrap_or_default().into_owned();
    let instance = instance(frame)?;
    let sent = ask(instance, move |client| async move {
        client.phone_login(&number).await
    })?;
    let mut value = boxed(instance, &sent.answer)?;
    set(
        &mut value,
        "phone_number",
        sink::text(sent.phone_number.as_bytes()),
    )?;
    frame.give_zval(value);
    Ok(())
}

/// `auth.authorization`, `account.password` with its hint, or `account.needSignup`.
pub(super) fn complete_phone_login(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let code = frame.text(0).unwrap_or_default().into_owned();
    let instance = instance(frame)?;
    let value = match ask(instance, move |client| async move {
        client.complete_phone_login(&code).await
    })? {
        CodeAnswer::Authorized(answer) => boxed(instance, &answer)?,
        CodeAnswer::PasswordNeeded(answer) => {
            let mut value = boxed(instance, &answer)?;
            if value
                .array()
                .is_some_and(|password| password.get("hint").is_none())
            {
                set(&mut value, "hint", sink::text(b""))?;
            }
            value
        }
        CodeAnswer::SignupNeeded(answer) => {
            let mut value = boxed(instance, &answer)?;
            set(&mut value, "_", sink::text(b"account.needSignup"))?;
            value
        }
    };
    frame.give_zval(value);
    Ok(())
}

/// `auth.authorization`
pub(super) fn complete_2fa_login(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let password = frame.bytes(0).unwrap_or_default().to_vec();
    let instance = instance(frame)?;
    let answer = ask(instance, move |client| async move {
        client.complete_2fa_login(&password).await
    })?;
    frame.give_zval(boxed(instance, &answer)?);
    Ok(())
}

/// `auth.authorization`
pub(super) fn complete_signup(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let first = frame.text(0).unwrap_or_default().into_owned();
    let last = frame.text(1).unwrap_or_default().into_owned();
    let instance = instance(frame)?;
    let answer = ask(instance, move |client| async move {
        client.complete_signup(&first, &last).await
    })?;
    frame.give_zval(boxed(instance, &answer)?);
    Ok(())
}

/// `auth.authorization`; null when somebody is logged in already.
pub(super) fn bot_login(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let token = frame.text(0).unwrap_or_default().into_owned();
    let instance = instance(frame)?;
    if let Some(answer) = ask(instance, move |client| async move {
        client.bot_login(&token).await
    })? {
        frame.give_zval(boxed(instance, &answer)?);
    }
    Ok(())
}

/// Logs out and removes the session.
pub(super) fn logout(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    ask(
        instance(frame)?,
        |client| async move { client.logout().await },
    )
}

/// How far the login is: `API::LOGGED_IN` and the like.
pub(super) fn authorization(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let state = instance(frame)?.client()?.authorization();
    frame.give(state as i64)
}

/// The hint of the password that is waited for.
pub(super) fn hint(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let hint = instance(frame)?.client()?.hint()?;
    frame.give_zval(sink::text(hint.as_bytes()));
    Ok(())
}

/// `[DC id, 256-byte key]`
pub(super) fn export_authorization(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let (dc, key) = instance(frame)?.client()?.export_authorization()?;
    let mut pair = ZendHashTable::with_capacity(2);
    pair.push(i64::from(dc.0))?;
    pair.push(sink::text(&key))?;
    frame.give(pair)
}

/// What to show as a QR code; null when the last one was scanned.
pub(super) fn qr_login(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let instance = instance(frame)?;
    let state = instance.client()?.authorization();
    if matches!(
        state,
        Authorization::WaitingCode | Authorization::WaitingSignup | Authorization::LoggedOut
    ) {
        let text = "A QR code can be made only while nobody is logged in and no code or name is waited for";
        return Err(Thrown::Assertion(text.to_owned()));
    }
    if let Some(token) = ask(instance, |client| async move { client.qr_login().await })? {
        frame.give_zval(login_qr_code::new(instance, &token));
    }
    Ok(())
}

/// Sets, changes or removes the 2FA password.
pub(super) fn update_2fa(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let Some(given) = frame.array(0) else {
        return Ok(());
    };
    let change = password_change(given)?;
    ask(instance(frame)?, |client| async move {
        client.update_2fa(change).await
    })
}

/// A key that is misspelt would remove the password, so there are no others.
fn password_change(given: &ZendHashTable) -> Result<PasswordChange, Thrown> {
    const KEYS: [&str; 4] = ["password", "new_password", "email", "hint"];
    for (key, _) in entries(given) {
        let key = key_text(key);
        if !KEYS.contains(&&*key) {
            return Err(Thrown::Exception(format!(
                "update2fa() takes {}; `{key}` was given",
                KEYS.join(", ")
            )));
        }
    }
    let text = |key: &str| match given.get(key).filter(|value| !value.is_null()) {
        None => Ok(None),
        Some(value) => match value.zend_str() {
            Some(text) => Ok(Some(text.as_bytes().to_vec())),
            None => Err(Thrown::Exception(format!(
                "update2fa(): `{key}` must be a string, {} was given",
                function::type_name(value)
            ))),
        },
    };
    let utf8 = |key: &str| {
        text(key)?
            .map(|text| {
                String::from_utf8(text)
                    .map_err(|_| Thrown::Exception(format!("update2fa(): `{key}` is not UTF-8")))
            })
            .transpose()
    };
    let (hint, email) = (utf8("hint")?, utf8("email")?);
    let new = match text("new_password")?.filter(|password| !password.is_empty()) {
        Some(password) => NewPassword::Set {
            password,
            hint: hint.unwrap_or_default(),
        },
        None if hint.is_some_and(|hint| !hint.is_empty()) => {
            let text = "update2fa(): a hint belongs to a new password; `new_password` is missing";
            return Err(Thrown::Exception(text.to_owned()));
        }
        None if email.is_some() => NewPassword::Same,
        None => NewPassword::Removed,
    };
    Ok(PasswordChange {
        password: text("password")?.unwrap_or_default(),
        new,
        email,
    })
}

/// Takes over a login by its keys, by DC: strings, or arrays with `auth_key`. Releases before 8 gave the pair that
/// `exportAuthorization()` returns.
pub(super) fn import_authorization(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let Some(given) = frame.array(0) else {
        return Ok(());
    };
    let (keys, home) = if let Some(home) = frame.int(1) {
        (keys_by_dc(given)?, dc_id(home)?)
    } else {
        let home = given.get_index(0).and_then(Zval::long).ok_or_else(no_key)?;
        let key = given.get_index(1).and_then(key_of).ok_or_else(no_key)?;
        (vec![(dc_id(home)?, key)], dc_id(home)?)
    };
    let instance = instance(frame)?;
    let answer = ask(instance, move |client| async move {
        client.import_authorization(&keys, home).await
    })?;
    frame.give_zval(boxed(instance, &answer)?);
    Ok(())
}

/// Keys that a script gives, by DC.
pub(super) fn keys_by_dc(given: &ZendHashTable) -> Result<Vec<(DcId, Vec<u8>)>, Thrown> {
    let mut keys = Vec::new();
    for (dc, key) in entries(given) {
        if let (EntryKey::Index(dc), Some(key)) = (dc, key_of(key)) {
            keys.push((dc_id(dc)?, key));
        }
    }
    Ok(keys)
}

fn key_of(value: &Zval) -> Option<Vec<u8>> {
    let key = value
        .array()
        .and_then(|key| key.get("auth_key"))
        .unwrap_or(value);
    key.zend_str().map(|key| key.as_bytes().to_vec())
}

/// The DC of a number.
pub(super) fn dc_id(number: i64) -> Result<DcId, Thrown> {
    number
        .try_into()
        .map(DcId)
        .map_err(|_| Thrown::Exception(format!("there is no DC {number}")))
}

fn no_key() -> Thrown {
    Thrown::Exception(
        "an authorization is an array [DC id => 256-byte key] and the id of its main DC".to_owned(),
    )
}

/// Runs a step with the instance's client and waits for it.
pub(super) fn ask<F, T>(instance: &Instance, step: impl FnOnce(Client) -> F) -> Result<T, Thrown>
where
    F: Future<Output = Result<T, Error>> + Send + 'static,
    T: Send + 'static,
{
    runtime::wait(step(instance.client()?))?.map_err(|error| call::thrown(instance, error))
}

/// Decodes whatever constructor came.
pub(super) fn boxed(instance: &Rc<Instance>, answer: &[u8]) -> Result<Zval, Thrown> {
    call::decode(instance, &instance.client()?, Ty::Object, answer)
}

fn set(value: &mut Zval, key: &str, field: Zval) -> Result<(), Thrown> {
    if let Some(table) = value.array_mut() {
        table.insert(key, field)?;
    }
    Ok(())
}
