//! The methods the sandbox knows, and what holds for all of them: wrappers, who may call, scripted errors.

#![expect(
    clippy::unnecessary_wraps,
    reason = "all methods stand in one table and have one signature"
)]

mod account;
mod ads;
mod auth;
mod callback;
mod cdn;
mod channels;
mod contacts;
mod dialogs;
mod edit;
mod forum;
mod gifs;
mod help;
mod history;
mod invites;
mod login_token;
mod markup;
mod media;
mod moderation;
mod participants;
mod password;
mod photos;
mod reactions;
mod send;
mod settings;
mod stickers;
mod table;
mod temporary;
mod updates;
mod upload;
mod users;

use std::time::Duration;

use madeline_tl::{Schema, Value};
use tokio::sync::oneshot;

use crate::error::{RpcError, auth_key_duplicated, bad_request, migrate, unauthorized};
use crate::state::{CDN_DC, KeyRef, Kind, Peer, SessionRef, State};

pub(crate) use login_token::LoginToken;
pub(crate) use password::Pending;

/// What a method answers, at once or later.
#[derive(Debug)]
pub(crate) enum Answer {
    /// The result.
    Now(Value),
    /// This result, after a while.
    Later(Duration, Result<Value, RpcError>),
    /// Whatever a bot answers to this query within the limit.
    FromBot {
        query_id: i64,
        answer: oneshot::Receiver<Result<Value, RpcError>>,
        limit: Duration,
    },
}

impl From<Value> for Answer {
    fn from(value: Value) -> Self {
        Answer::Now(value)
    }
}

/// The outcome of a call.
pub(crate) type Outcome = Result<Answer, RpcError>;

/// A call on its way to a method.
pub(crate) struct Call<'s> {
    pub(crate) state: &'s mut State,
    pub(crate) session: SessionRef,
    /// The permanent key the call comes with.
    pub(crate) key: KeyRef,
    /// The caller; 0 for those who are not logged in, where the method allows it.
    pub(crate) user: i64,
    /// The takeout session that the call belongs to.
    takeout: Option<i64>,
}

/// A request without its wrappers.
#[derive(Debug)]
pub(crate) struct Request {
    /// `invokeAfterMsg`: requests whose results come first.
    pub(crate) after: Vec<i64>,
    without_updates: bool,
    /// The takeout session it belongs to.
    takeout: Option<i64>,
    pub(crate) query: Value,
}

/// Takes the wrappers off a request and does what they say.
pub(crate) fn without_wrappers(
    state: &mut State,
    schema: &Schema,
    session: SessionRef,
    mut query: Value,
) -> Result<Request, RpcError> {
    let mut after = Vec::new();
    let mut without_updates = false;
    let mut takeout = None;
    loop {
        let told = state.sessions.entry(session).or_default();
        match query.name() {
            "invokeWithLayer" => {
                if query.int("layer") != Ok(i64::from(schema.layer())) {
                    return Err(bad_request("INPUT_LAYER_INVALID"));
                }
                told.layer = Some(schema.layer());
            }
            "initConnection" => {
                if told.layer.is_none() {
                    return Err(bad_request("CONNECTION_LAYER_INVALID"));
                }
                if query.int("api_id").is_ok_and(|id| id <= 0) {
                    return Err(bad_request("CONNECTION_API_ID_INVALID"));
                }
                if query.text("device_model") == Ok("") {
                    return Err(bad_request("CONNECTION_DEVICE_MODEL_EMPTY"));
                }
                told.inited = true;
            }
            "invokeWithoutUpdates" => without_updates = true,
            "invokeWithTakeout" => {
                let user = state.user_of(session.key).unwrap_or_default();
                takeout = query.int("takeout_id").ok();
                if takeout.is_none() || state.login.takeouts.get(&user).copied() != takeout {
                    return Err(bad_request("TAKEOUT_INVALID"));
                }
            }
            // No user of any world has given a bot their chats.
            "invokeWithBusinessConnection" => {
                return Err(bad_request("BUSINESS_CONNECTION_INVALID"));
            }
            "invokeAfterMsg" => after.extend(query.int("msg_id")),
            "invokeAfterMsgs" => {
                for msg_id in query.list("msg_ids").unwrap_or_default() {
                    if let Value::Int(msg_id) = msg_id {
                        after.push(*msg_id);
                    }
                }
            }
            _ => {
                return Ok(Request {
                    after,
                    without_updates,
                    takeout,
                    query,
                });
            }
        }
        query = query.get("query").clone();
    }
}

/// Executes a request.
pub(crate) fn execute(
    state: &mut State,
    session: SessionRef,
    msg_id: i64,
    request: &Request,
) -> Outcome {
    let name = request.query.name();
    // The CDN is not Telegram's: it knows nobody, and gives files.
    if (session.key.dc == CDN_DC) != (name == "upload.getCdnFile") {
        return Err(bad_request("CDN_METHOD_INVALID"));
    }
    // Binding is what a temporary key does first, before the connection is introduced.
    if name == "auth.bindTempAuthKey" {
        return temporary::bind(state, session, msg_id, &request.query);
    }
    if session.key.dc < 0 && !name.starts_with("upload.") {
        return Err(bad_request("METHOD_INVALID"));
    }
    let key = state
        .principal(session.key)
        .ok_or_else(|| unauthorized("AUTH_KEY_PERM_EMPTY"))?;
    if !state
        .sessions
        .get(&session)
        .is_some_and(|session| session.inited)
    {
        return Err(bad_request("CONNECTION_NOT_INITED"));
    }
    let method = table::METHODS
        .iter()
        .find(|method| method.name == name)
        .ok_or_else(|| bad_request("METHOD_INVALID"))?;
    if !request.without_updates {
        state.check_single_use(key, session, name)?;
    }
    let user = admit(state, key, method)?;
    scripted_error(state, user, name, &request.query)?;
    let outcome = (method.run)(
        &mut Call {
            state,
            session,
            key,
            user: user.unwrap_or(0),
            takeout: request.takeout,
        },
        &request.query,
    );
    if !request.without_updates && state.user_of(session.key).is_some() {
        state.sessions.entry(session).or_default().wants_updates = true;
    }
    outcome
}

/// Who may call a method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Access {
    /// Anybody.
    Open,
    /// Whoever is logged in.
    LoggedIn,
    /// People, not bots.
    Person,
    /// Bots, not people.
    Bot,
}

struct Method {
    name: &'static str,
    access: Access,
    /// Whether it works on other data centres than the account's own.
    anywhere: bool,
    run: fn(&mut Call<'_>, &Value) -> Outcome,
}

/// Whether the caller may call this method here. Gives the caller.
fn admit(state: &mut State, key: KeyRef, method: &Method) -> Result<Option<i64>, RpcError> {
    let Some(id) = state.user_of(key) else {
        return if method.access == Access::Open {
            Ok(None)
        } else {
            Err(unauthorized("AUTH_KEY_UNREGISTERED"))
        };
    };
    let user = state
        .users
        .get(&id)
        .ok_or_else(|| unauthorized("AUTH_KEY_UNREGISTERED"))?;
    if let Kind::Person {
        deactivated,
        auth_key_duplicated: duplicated,
        ..
    } = &user.kind
    {
        if let Some(text) = deactivated {
            return Err(unauthorized(text));
        }
        if *duplicated {
            state.drop_key(key);
            return Err(auth_key_duplicated());
        }
    }
    match method.access {
        Access::Person if user.bot().is_some() => return Err(bad_request("BOT_METHOD_INVALID")),
        Access::Bot if user.bot().is_none() => return Err(bad_request("USER_BOT_REQUIRED")),
        _ => {}
    }
    if user.dc != key.dc && !method.anywhere {
        return Err(migrate("USER", user.dc));
    }
    Ok(Some(id))
}

/// The error the world wants this call to get, if any.
fn scripted_error(
    state: &mut State,
    user: Option<i64>,
    method: &str,
    query: &Value,
) -> Result<(), RpcError> {
    if state.scripts.is_empty() {
        return Ok(());
    }
    let place = ["peer", "channel"]
        .into_iter()
        .find_map(|key| named_peer(state, user.unwrap_or(0), query.get(key)));
    for script in &mut state.scripts {
        let concerned = script.method == method
            && (script.user.is_none() || script.user == user)
            && (script.peer.is_none() || script.peer == place);
        if !concerned || script.times == Some(0) {
            continue;
        }
        if script.after > 0 {
            script.after -= 1;
            continue;
        }
        if let Some(times) = &mut script.times {
            *times -= 1;
        }
        return Err(script.error.clone());
    }
    Ok(())
}

/// The peer an input names, whether the caller may use it or not.
fn named_peer(state: &State, user: i64, input: &Value) -> Option<Peer> {
    match input {
        Value::Object(_) => match input.name() {
            "inputPeerSelf" | "inputUserSelf" => Some(Peer::User(user)),
            _ => {
                let number = |key: &str| input.int(key).ok();
                number("channel_id")
                    .map(Peer::Channel)
                    .or_else(|| number("chat_id").map(Peer::Chat))
                    .or_else(|| number("user_id").map(Peer::User))
                    .filter(|peer| match peer {
                        Peer::User(id) => state.users.contains_key(id),
                        Peer::Chat(id) => state.chats.contains_key(id),
                        Peer::Channel(id) => state.channels.contains_key(id),
                    })
            }
        },
        _ => None,
    }
}

/// A string of a request. Telegram takes only UTF-8.
fn text<'q>(query: &'q Value, key: &str) -> Result<&'q str, RpcError> {
    query
        .text(key)
        .map_err(|_| bad_request("INPUT_FETCH_ERROR"))
}

/// An `int` of a request.
fn int(query: &Value, key: &str) -> i32 {
    query.int(key).unwrap_or(0) as i32
}

/// A vector of `int` of a request.
fn ints(query: &Value, key: &str) -> Vec<i32> {
    let list = query.list(key).unwrap_or_default();
    list.iter()
        .filter_map(|item| match item {
            Value::Int(number) => Some(*number as i32),
            _ => None,
        })
        .collect()
}
