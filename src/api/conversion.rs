//! `\danog\MadelineProto\Conversion`: sessions of other clients become ours.

use std::path::{Path, PathBuf};

use ext_php_rs::convert::IntoZval;
use ext_php_rs::types::ZendHashTable;
use madeline_client::session::ForeignLogin;
use madeline_client::{DcId, session as sessions};

use super::dialect::DialectChoice;
use super::place::Place;
use super::{API, ApiState, login, session};
use crate::class::{Class, Frame, Method, Object, Param, Type};
use crate::exceptions::Thrown;
use crate::function;

const NEW_SESSION: Param = Param::required(c"new_session", Type::STRING);
const SETTINGS: Param = Param::optional(c"settings", Type::MIXED, c"null");
const API_OBJECT: Type = Type::class(c"danog\\MadelineProto\\API");

static CONVERSION: Class = Class {
    name: c"danog\\MadelineProto\\Conversion",
    flags: Class::ABSTRACT,
    methods: &[
        Method::new(c"telethon", from_file)
            .params(&[
                Param::required(c"session", Type::STRING),
                NEW_SESSION,
                SETTINGS,
            ])
            .returns(API_OBJECT)
            .of_class(),
        Method::new(c"pyrogram", from_file)
            .params(&[
                Param::required(c"session", Type::STRING),
                NEW_SESSION,
                SETTINGS,
            ])
            .returns(API_OBJECT)
            .of_class(),
        Method::new(c"zerobias", zerobias)
            .params(&[
                Param::required(c"session", Type::STRING.or(Type::ARRAY)),
                NEW_SESSION,
                SETTINGS,
            ])
            .returns(API_OBJECT)
            .of_class(),
        Method::new(c"importAuthorization", import)
            .params(&[
                Param::required(c"authorization", Type::ARRAY),
                Param::required(c"main_dc_id", Type::INT),
                Param::required(c"session", Type::STRING),
                SETTINGS,
            ])
            .returns(API_OBJECT)
            .of_class(),
    ],
    ..Class::DEFAULT
};

/// The classes of this module.
pub(super) static CLASSES: &[&Class] = &[&CONVERSION];

/// Telethon's and Pyrogram's are files with one table alike, whose names end in `.session`, or strings.
fn from_file(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let given = frame.text(0).unwrap_or_default().into_owned();
    if let Some(login) = sessions::login_in(&given) {
        return open(frame, 1, login);
    }
    let given = PathBuf::from(given);
    let mut with_suffix = given.clone().into_os_string();
    with_suffix.push(".session");
    let file = if given.exists() || !Path::new(&with_suffix).exists() {
        given
    } else {
        with_suffix.into()
    };
    open(frame, 1, sessions::login_of(&file)?)
}

/// What the web client of zerobias keeps, as an array or its JSON: `dc`, and `dc1_auth_key` and so on in hexadecimal.
fn zerobias(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let decoded = frame
        .text(0)
        .and_then(|json| function::call("json_decode", vec![&&*json, &true]));
    let wrong = || {
        Thrown::Exception(
            "a session of zerobias is an array, or its JSON, with `dc` and `dc1_auth_key` to `dc5_auth_key` in hexadecimal"
                .to_owned(),
        )
    };
    let given = match &decoded {
        Some(decoded) => decoded.array(),
        None => frame.array(0),
    };
    let given = given.ok_or_else(wrong)?;
    let home = number(given, "dc").ok_or_else(wrong)?;
    let mut keys = Vec::new();
    for dc in 1..=5 {
        if let Some(key) = given.get(format!("dc{dc}_auth_key").as_str()) {
            let key = key.dereference().str().and_then(unhex);
            keys.push((DcId(dc), key.ok_or_else(wrong)?));
        }
    }
    if keys.is_empty() {
        return Err(wrong());
    }
    let login = ForeignLogin {
        home: DcId(home),
        keys,
        test: None,
    };
    open(frame, 1, login)
}

/// Keys by DC, as `API::importAuthorization()` takes them.
fn import(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let Some(given) = frame.array(0) else {
        return Ok(());
    };
    let keys = login::keys_by_dc(given)?;
    let home = login::dc_id(frame.int(1).unwrap_or_default())?;
    let login = ForeignLogin {
        home,
        keys,
        test: None,
    };
    open(frame, 2, login)
}

/// The API object of a new session with these keys; its path is argument `index`, the settings follow.
fn open(frame: &mut Frame<'_>, index: usize, login: ForeignLogin) -> Result<(), Thrown> {
    let place = Place::named(frame.text(index).unwrap_or_default().into_owned())?;
    let object = API.instantiate();
    let api = Object::of(&object);
    session::open(api, place, frame.present(index + 1), DialectChoice::new()?)?;
    let instance = Class::state::<ApiState>(api)
        .and_then(|state| state.instance.get())
        .ok_or_else(super::no_session)?;
    let ForeignLogin { home, keys, test } = login;
    if let Some(test) = test.filter(|test| *test != instance.config().test_mode) {
        let (is, wants) = if test {
            ("the test", "true")
        } else {
            ("Telegram's own", "false")
        };
        return Err(Thrown::Exception(format!(
            "the session is of {is} servers: give settings with Connection::setTestMode({wants})"
        )));
    }
    login::ask(instance, move |client| async move {
        client.import_authorization(&keys, home).await
    })?;
    frame.give_zval(object.into_zval(false)?);
    Ok(())
}

fn number(given: &ZendHashTable, key: &str) -> Option<i32> {
    let value = given.get(key)?.dereference();
    let number = value.long().or_else(|| value.str()?.parse().ok());
    number.and_then(|number| number.try_into().ok())
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u32>> = text.chars().map(|digit| digit.to_digit(16)).collect();
    let digits = digits.filter(|digits| digits.len() % 2 == 0)?;
    let pair = |pair: &[u32]| match pair {
        [high, low] => (high << 4 | low) as u8,
        _ => 0,
    };
    Some(digits.chunks(2).map(pair).collect())
}
