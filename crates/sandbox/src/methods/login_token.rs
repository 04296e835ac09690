//! `auth.*LoginToken`: logging in by a QR code, <https://core.telegram.org/api/qr-login>.

use madeline_tl::{Value, object};

use super::auth::check_api;
use super::{Call, Outcome};
use crate::error::{RpcError, bad_request, unauthorized};
use crate::state::{Audience, KeyRef, Notice, random_bytes, random_id};

/// A token that somebody may log in with once it is accepted.
#[derive(Debug, Clone)]
pub(crate) struct LoginToken {
    bytes: Vec<u8>,
    /// Who asked for it.
    key: KeyRef,
    expires: i32,
    accepted_by: Option<i64>,
}

/// `auth.exportLoginToken`: a token, or what has become of the last one.
pub(super) fn export(call: &mut Call<'_>, query: &Value) -> Outcome {
    check_api(call, query)?;
    if call.user != 0 {
        return Err(bad_request("AUTH_TOKEN_ALREADY_ACCEPTED"));
    }
    let (key, now) = (call.key, call.state.now);
    let tokens = &mut call.state.login.tokens;
    let accepted = tokens
        .iter()
        .find(|token| token.key == key && token.accepted_by.is_some());
    if let Some(token) = accepted {
        let bytes = token.bytes.clone();
        return call.redeem(&bytes);
    }
    // The one before is void.
    tokens.retain(|token| token.key != key && token.expires > now);
    let bytes = random_bytes::<32>().to_vec();
    let expires = call.state.now + call.state.rules.login_token_seconds;
    call.state.login.tokens.push(LoginToken {
        bytes: bytes.clone(),
        key,
        expires,
        accepted_by: None,
    });
    Ok(object!("auth.loginToken", expires: expires, token: bytes).into())
}

/// `auth.importLoginToken`: at the data centre of whoever accepted the token.
pub(super) fn import(call: &mut Call<'_>, query: &Value) -> Outcome {
    let bytes = query.bytes("token").unwrap_or_default().to_vec();
    call.redeem(&bytes)
}

/// `auth.acceptLoginToken`: whoever asked for the token may log in as the caller.
pub(super) fn accept(call: &mut Call<'_>, query: &Value) -> Outcome {
    let bytes = query.bytes("token").unwrap_or_default();
    let (user, now) = (call.user, call.state.now);
    let tokens = &mut call.state.login.tokens;
    let token = tokens
        .iter_mut()
        .find(|token| token.bytes == bytes)
        .ok_or_else(|| bad_request("AUTH_TOKEN_INVALIDX"))?;
    if token.accepted_by.is_some() {
        return Err(bad_request("AUTH_TOKEN_ALREADY_ACCEPTED"));
    }
    if token.expires <= now {
        return Err(bad_request("AUTH_TOKEN_EXPIRED"));
    }
    token.accepted_by = Some(user);
    let notice = Notice {
        to: Audience::Key(token.key),
        except: None,
        updates: vec![object!("updateLoginToken")],
    };
    call.state.outbox.push(notice);
    let value = object!("authorization",
        hash: random_id(),
        device_model: "",
        platform: "",
        system_version: "",
        api_id: 1,
        app_name: "",
        app_version: "",
        date_created: now,
        date_active: now,
        ip: "127.0.0.1",
        country: call.state.rules.country.clone(),
        region: "",
    );
    Ok(value.into())
}

impl Call<'_> {
    /// Logs the caller in with a token that was accepted.
    fn redeem(&mut self, bytes: &[u8]) -> Outcome {
        let (user, dc) = self.accepted_token(bytes)?;
        if dc != self.key.dc {
            return Ok(
                object!("auth.loginTokenMigrateTo", dc_id: dc, token: bytes.to_vec()).into(),
            );
        }
        self.state.login.tokens.retain(|token| token.bytes != bytes);
        if self.has_password(user) {
            if let Some(key) = self.state.keys.get_mut(&self.key) {
                key.awaits_password = Some(user);
            }
            return Err(unauthorized("SESSION_PASSWORD_NEEDED"));
        }
        let authorization = self.authorize(user)?;
        Ok(object!("auth.loginTokenSuccess", authorization: authorization).into())
    }

    /// Who accepted a token, and where they live.
    fn accepted_token(&self, bytes: &[u8]) -> Result<(i64, i32), RpcError> {
        let token = self
            .state
            .login
            .tokens
            .iter()
            .find(|token| token.bytes == bytes)
            .ok_or_else(|| bad_request("AUTH_TOKEN_INVALID"))?;
        let user = token
            .accepted_by
            .ok_or_else(|| bad_request("AUTH_TOKEN_INVALID"))?;
        let account = self.state.users.get(&user);
        let account = account.ok_or_else(|| unauthorized("USER_DEACTIVATED"))?;
        Ok((user, account.dc))
    }
}
