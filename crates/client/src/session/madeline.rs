//! Sessions of MadelineProto 8: `safe.php` in the session's directory is a serialized object, of which keys, the home DC, the own
//! user and the application's id are read. Nothing of it is executed, and the file stays as it is.

use madeline_mtproto::AuthKey;
use madeline_tl::{Object, Schema, boxed_to_bytes};

use super::OwnUser;
use super::php::{Document, Key, Notation, Value};
use crate::{DcId, error::Cause};

/// The file in the session's directory.
pub(super) const FILE: &str = "safe.php";

/// What a file begins with, so that no web server shows it.
const HEADER: &[u8] = b"<?php __HALT_COMPILER();";
/// The newest form of the file, and those from which on it says PHP's version and which notation it has.
const NEWEST: u8 = 3;
const SAYS_PHP: u8 = 2;
const SAYS_NOTATION: u8 = 3;
/// What is added to the ids of test DCs.
const TEST: i64 = 10_000;
/// The login's state in which somebody is logged in.
const LOGGED_IN: i64 = 3;

/// A login that `MadelineProto` has stored.
pub struct MadelineLogin {
    /// The keys that the account may be used with.
    pub keys: Vec<(DcId, AuthKey)>,
    /// The DC that the account lives on; its key is among them.
    pub home: DcId,
    /// Whether it is one of the test servers.
    pub test: bool,
    /// Who is logged in.
    pub user: OwnUser,
    /// The application's id and hash, as they are stored under [`APP_SETTING`](super::APP_SETTING).
    pub app: Option<String>,
}

/// Reads the content of a `safe.php`; `None` where nobody is logged in.
pub fn madeline_login(content: &[u8]) -> Result<Option<MadelineLogin>, Cause> {
    let (notation, data) = body(content)?;
    let document = Document::read(data, notation)?;
    let root = document.root();
    if root.text().is_some() {
        return Err(
            "it only says in which database the session lies, and those of MadelineProto cannot be read".into(),
        );
    }
    let session = root.get("API").unwrap_or(root);
    let state = session.get("authorized").and_then(Value::int);
    let sockets = session
        .get("datacenter")
        .and_then(|dcs| dcs.get("sockets"))
        .ok_or("it holds no session of MadelineProto")?;
    if state != Some(LOGGED_IN) {
        return Ok(None);
    }
    let home = [
        session.get("authorized_dc"),
        session
            .get("datacenter")
            .and_then(|dcs| dcs.get("currentDatacenter")),
    ]
    .into_iter()
    .find_map(|dc| dc.and_then(Value::int))
    .ok_or("it does not say which DC the account lives on")?;
    let is_test_setting = session
        .get("settings")
        .and_then(|settings| settings.get("connection")?.get("testMode")?.bool());
    let test = home > TEST || is_test_setting == Some(true);
    let home = dc_id(home).ok_or("it names a DC that does not exist")?;
    let keys: Vec<_> = sockets.entries().filter_map(key).collect();
    if !keys.iter().any(|(dc, _)| *dc == home) {
        return Err(
            format!("it has no authorization key for {home}, where the account lives").into(),
        );
    }
    Ok(Some(MadelineLogin {
        keys,
        home,
        test,
        user: user(session)?,
        app: session.get("settings").and_then(app),
    }))
}

/// What is behind the header, and its notation.
fn body(content: &[u8]) -> Result<(Notation, &[u8]), Cause> {
    let short = || Cause::from("it is no session of MadelineProto");
    let rest = content.strip_prefix(HEADER).ok_or_else(short)?;
    let (&version, mut rest) = rest.split_first().ok_or_else(short)?;
    if version > NEWEST {
        return Err(
            format!("it has form {version}, and only forms up to {NEWEST} are known").into(),
        );
    }
    if version >= SAYS_PHP {
        rest = rest.get(2..).ok_or_else(short)?;
    }
    let mut notation = Notation::Serialized;
    if version >= SAYS_NOTATION {
        let (&is_igbinary, behind) = rest.split_first().ok_or_else(short)?;
        if is_igbinary != 0 {
            notation = Notation::Igbinary;
        }
        rest = behind;
    }
    Ok((notation, rest))
}

/// The key of a DC, if the account may be used with it. Connections for files refer to those for calls.
fn key((dc, connection): (Key<'_>, Value<'_>)) -> Option<(DcId, AuthKey)> {
    let Key::Int(dc) = dc else { return None };
    let key = connection.get("permAuthKey")?;
    if key.get("authorized")?.bool() != Some(true) {
        return None;
    }
    let bytes = key.get("authKey")?.text()?.try_into().ok()?;
    Some((dc_id(dc)?, AuthKey::from_bytes(bytes)))
}

fn dc_id(dc: i64) -> Option<DcId> {
    let dc = if dc > TEST { dc - TEST } else { dc };
    let id = i32::try_from(dc).ok().filter(|id| *id > 0)?;
    Some(DcId(id))
}

/// The own user, with no more than what scripts look at until the server says more.
fn user(session: Value<'_>) -> Result<OwnUser, Cause> {
    let stored = session.get("authorization").and_then(|it| it.get("user"));
    let field = |name| stored.and_then(|user| user.get(name));
    let id = field("id")
        .and_then(Value::int)
        .ok_or("it does not say who is logged in")?;
    let bot = field("bot").and_then(Value::bool) == Some(true);
    let mut user = Object::new("user");
    user.set("id", id);
    user.set("self", true);
    user.set("bot", bot);
    for name in ["first_name", "last_name", "username", "phone"] {
        if let Some(text) = field(name).and_then(Value::text) {
            user.set(name, String::from_utf8_lossy(text).into_owned());
        }
    }
    if bot {
        user.set("bot_info_version", 1);
    }
    let bytes = boxed_to_bytes(Schema::api(), &user.into())?;
    Ok(OwnUser { id, bot, bytes })
}

fn app(settings: Value<'_>) -> Option<String> {
    let app = settings.get("appInfo")?;
    let id = app.get("apiId")?.int().filter(|id| *id > 0)?;
    let hash = std::str::from_utf8(app.get("apiHash")?.text()?).ok()?;
    Some(format!("{id}:{hash}"))
}
