//! The dialogue of `start()` on a web server: a page for each step, whose form the next request brings.

use std::rc::Rc;
use std::time::Duration;

use ext_php_rs::types::ZendHashTable;
use madeline_client::session::LoginProgress;
use madeline_client::{Authorization, Error, QrToken};
use tokio::time::timeout;

use super::page::{Needed, Page, headers};
use super::request::{asks_for, is_forged, posted, posted_bytes};
use super::{BAD_APP, WRONG_CODE, end, print, step};
use crate::api::instance::Instance;
use crate::exceptions::Thrown;
use crate::types::login_qr_code::Matrix;
use crate::zval::sink;
use crate::{call, exceptions, function, lang, runtime};

/// How long a request waits for a code to be scanned: the session is locked meanwhile.
const PATIENCE: Duration = Duration::from_secs(3);
/// Where the session keeps the code that the page shows, as its Unix time of expiry and its link.
const SHOWN: &str = "qr_code";
const FORGED: &str = "The form came from another site";

/// Takes the form that was sent, if any. Returns when somebody is logged in; else shows the next page and ends the script.
pub(super) fn login(instance: &Rc<Instance>, template: &str) -> Result<(), Thrown> {
    let waits = asks_for("waitQrCodeOrLogin");
    if (waits || asks_for("getQrCode")) && posted("type").is_none() {
        return Err(qr_code(instance, waits)?);
    }
    let refused = if is_forged() {
        function::call("http_response_code", vec![&403_i64]);
        Some(FORGED.to_owned())
    } else {
        take(instance)?
    };
    let state = instance.client()?.authorization();
    if state == Authorization::LoggedIn {
        return Ok(());
    }
    let hint = if state == Authorization::WaitingPassword {
        instance.client()?.hint()?
    } else {
        String::new()
    };
    Err(page(state, &hint).error(refused.as_deref()).show(template))
}

/// The application's id and hash from the form of that page; shows it where they are not there.
pub(super) fn app(template: &str) -> Result<(i32, String), Thrown> {
    let mut refused = None;
    if let (Some(id), Some(hash)) = (posted("api_id"), posted("api_hash")) {
        let id = id.trim().parse().ok().filter(|id: &i32| *id > 0);
        let hash = hash.trim().to_owned();
        match id {
            _ if is_forged() => refused = Some(FORGED),
            Some(id) if !hash.is_empty() => return Ok((id, hash)),
            _ => refused = Some(BAD_APP),
        }
    }
    Err(Page::new(&lang::text("apiManualWeb"))
        .field("api_id", "API ID", "text", "off", Needed::First)
        .typed("api_id", posted("api_id").as_deref())
        .field("api_hash", "API hash", "text", "off", Needed::Yes)
        .error(refused)
        .show(template))
}

/// The page of a step.
fn page(state: Authorization, hint: &str) -> Page {
    match state {
        Authorization::WaitingCode => Page::new(&lang::text("loginUserPhoneCodeWeb"))
            .field(
                "phone_code",
                &lang::text("loginCode"),
                "text",
                "one-time-code",
                Needed::First,
            )
            .with_way_back(),
        Authorization::WaitingPassword => {
            let page = Page::new(&lang::text("loginUserPassWeb")).field(
                "password",
                &lang::text("loginPassword"),
                "password",
                "current-password",
                Needed::First,
            );
            let page = if hint.is_empty() {
                page
            } else {
                page.note(&lang::text_with("loginUserPassHint", hint))
            };
            page.with_way_back()
        }
        Authorization::WaitingSignup => Page::new(&lang::text("signupWeb"))
            .field(
                "first_name",
                &lang::text("signupFirstNameWeb"),
                "text",
                "given-name",
                Needed::First,
            )
            .field(
                "last_name",
                &lang::text("signupLastNameWeb"),
                "text",
                "family-name",
                Needed::No,
            )
            .with_way_back(),
        _ => match posted("type").as_deref() {
            Some("phone") => phone_page(),
            Some("bot") => token_page(),
            _ if posted("phone_number").is_some() => phone_page(),
            _ if posted("token").is_some() => token_page(),
            _ => Page::new(&lang::text("loginChoosePromptWeb"))
                .choice(
                    "type",
                    &[
                        ("phone", &lang::text("loginOptionUser")),
                        ("bot", &lang::text("loginOptionBot")),
                    ],
                )
                .qr_code(),
        },
    }
}

fn phone_page() -> Page {
    let label = lang::text("loginUserPhoneWeb");
    Page::new(&lang::text("loginOptionUser"))
        .field("phone_number", &label, "tel", "tel", Needed::First)
        .typed("phone_number", posted("phone_number").as_deref())
        .with_way_back()
}

fn token_page() -> Page {
    let label = lang::text("loginBotTokenWeb");
    Page::new(&lang::text("loginOptionBot"))
        .field("token", &label, "text", "off", Needed::First)
        .with_way_back()
}

/// Does what the form says; what the server or the client have against it.
fn take(instance: &Rc<Instance>) -> Result<Option<String>, Thrown> {
    let client = instance.client()?;
    let state = client.authorization();
    if posted("again").is_some() {
        if state != Authorization::LoggedOut {
            let nothing = LoginProgress::default();
            client
                .session()
                .set_login(Authorization::NotLoggedIn, nothing)?;
        }
        return Ok(None);
    }
    let outcome = match state {
        Authorization::WaitingCode => match posted("phone_code") {
            Some(code) if code.trim().is_empty() => return Ok(Some(lang::text("loginNoCode"))),
            Some(code) => enter_code(instance, code)?,
            None => return Ok(None),
        },
        Authorization::WaitingPassword => match posted_bytes("password") {
            Some(password) => step(instance, move |client| async move {
                client.complete_2fa_login(&password).await.map(drop)
            })?,
            None => return Ok(None),
        },
        Authorization::WaitingSignup => match posted("first_name") {
            Some(first) if first.trim().is_empty() => return Ok(Some(lang::text("loginNoName"))),
            Some(first) => {
                let last = posted("last_name").unwrap_or_default();
                step(instance, move |client| async move {
                    client
                        .complete_signup(first.trim(), last.trim())
                        .await
                        .map(drop)
                })?
            }
            None => return Ok(None),
        },
        Authorization::LoggedIn => return Ok(None),
        Authorization::NotLoggedIn | Authorization::LoggedOut => {
            match (posted("phone_number"), posted("token")) {
                (Some(number), _) => step(instance, move |client| async move {
                    client.phone_login(number.trim()).await.map(drop)
                })?,
                (None, Some(token)) => step(instance, move |client| async move {
                    client.bot_login(token.trim()).await.map(drop)
                })?,
                (None, None) => return Ok(None),
            }
        }
    };
    match outcome {
        Ok(()) => Ok(None),
        Err(error @ Error::Security { .. }) => Err(call::thrown(instance, error)),
        Err(error) => Ok(Some(exceptions::describe(&error))),
    }
}

/// Completes the login with a code; a wrong one may be typed again.
fn enter_code(instance: &Instance, code: String) -> Result<Result<(), Error>, Thrown> {
    let client = instance.client()?;
    let progress = client.session().login_progress();
    let outcome = step(instance, move |client| async move {
        client.complete_phone_login(code.trim()).await.map(drop)
    })?;
    if let Err(error) = &outcome
        && WRONG_CODE.iter().any(|text| error.is_rpc(text))
    {
        client
            .session()
            .set_login(Authorization::WaitingCode, progress)?;
    }
    Ok(outcome)
}

/// What the page's script asks for: the code to show, after a while of waiting for the last one to be scanned.
fn qr_code(instance: &Rc<Instance>, waits: bool) -> Result<Thrown, Thrown> {
    let client = instance.client()?;
    let shown = client.session().setting(SHOWN)?.as_deref().and_then(parse);
    let asked = client.clone();
    let outcome = runtime::wait(async move {
        if let Some(shown) = shown.filter(|_| waits)
            && let Ok(next) = timeout(PATIENCE, asked.wait_for_qr_login(&shown)).await
        {
            return next;
        }
        asked.qr_login().await
    })?;
    let logged_in = client.authorization() == Authorization::LoggedIn;
    let mut answer = ZendHashTable::new();
    answer.insert("logged_in", logged_in)?;
    let kept = match outcome {
        Ok(code) => {
            let svg = code
                .as_ref()
                .map(|code| Matrix::of(&code.link))
                .transpose()?;
            let svg = svg.map(|code| code.svg(400, 4)).unwrap_or_default();
            answer.insert("svg", svg)?;
            code.map(|code| format!("{} {}", code.expires, code.link))
        }
        Err(error) => {
            answer.insert("svg", "")?;
            answer.insert("error", exceptions::describe(&error))?;
            None
        }
    };
    client
        .session()
        .set_setting(SHOWN, kept.as_deref().map(str::as_bytes))?;
    discard_output();
    headers(&["Content-Type: application/json", "Cache-Control: no-store"]);
    let json = function::call("json_encode", vec![&sink::array(answer)]);
    Thrown::pending()?;
    if let Some(text) = json.as_ref().and_then(|json| json.zend_str()) {
        print(text.as_bytes());
    }
    Ok(end())
}

fn parse(kept: &[u8]) -> Option<QrToken> {
    let (expires, link) = std::str::from_utf8(kept).ok()?.split_once(' ')?;
    Some(QrToken {
        link: link.to_owned(),
        expires: expires.parse().ok()?,
    })
}

/// What the script has printed before belongs to its page, not to this answer.
fn discard_output() {
    let level = || function::call("ob_get_level", vec![]).and_then(|level| level.long());
    while let Some(above) = level().filter(|level| *level > 0) {
        function::call("ob_end_clean", vec![]);
        // A buffer that cannot be removed stays.
        if level() == Some(above) {
            break;
        }
    }
}
