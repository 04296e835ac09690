//! What people do with messages of others: reactions, views, comments, translations, reports.

use madeline_tl::{Value, object};

use super::history::mentioned;
use super::{Call, Outcome, int, ints, text};
use crate::error::{RpcError, bad_request};
use crate::state::{Kind, Peer};

/// Reactions of one user to one message, without and with Premium.
const REACTIONS_MAX: usize = 1;
const REACTIONS_MAX_PREMIUM: usize = 3;

/// What a report may say, and which of it wants to be explained.
const REPORTS: [(&str, &str, bool); 3] = [
    ("Violence", "v", false),
    ("Scam or spam", "s", false),
    ("Other", "o", true),
];

/// `messages.sendReaction`: all reactions of the caller to a message.
pub(super) fn send(call: &mut Call<'_>, query: &Value) -> Outcome {
    let peer = call.state.input_peer(call.user, query.get("peer"))?;
    let id = int(query, "msg_id");
    let (user, session) = (call.user, call.session);
    let premium = match call.state.users.get(&user).map(|user| &user.kind) {
        Some(Kind::Person { premium, .. }) => *premium,
        _ => false,
    };
    let mut reactions = Vec::new();
    for reaction in query.list("reaction").unwrap_or_default() {
        match reaction.name() {
            "reactionEmpty" => continue,
            "reactionEmoji" if !text(reaction, "emoticon")?.is_ascii() => {}
            "reactionCustomEmoji" if premium => {}
            "reactionCustomEmoji" => return Err(bad_request("PREMIUM_ACCOUNT_REQUIRED")),
            _ => return Err(bad_request("REACTION_INVALID")),
        }
        if !reactions.contains(reaction) {
            reactions.push(reaction.clone());
        }
    }
    let most = if premium {
        REACTIONS_MAX_PREMIUM
    } else {
        REACTIONS_MAX
    };
    if reactions.len() > most {
        return Err(bad_request("REACTIONS_TOO_MANY"));
    }
    let message = call
        .state
        .message(user, peer, id)
        .filter(|message| message.body.action.is_none())
        .ok_or_else(|| bad_request("MESSAGE_ID_INVALID"))?;
    let before = message.reactions.get(&user).map_or(&[][..], Vec::as_slice);
    if before == reactions.as_slice() {
        return Err(bad_request("MESSAGE_NOT_MODIFIED"));
    }
    let told = call.state.change(user, peer, id, |message| {
        if reactions.is_empty() {
            message.reactions.remove(&user);
        } else {
            message.reactions.insert(user, reactions.clone());
        }
    });
    let mut own = Vec::new();
    for (owner, id) in told {
        let place = match peer {
            Peer::User(_) if owner != user => Peer::User(user),
            place => place,
        };
        let Some(message) = call.state.message(owner, place, id) else {
            continue;
        };
        let update = object!("updateMessageReactions",
            peer: place.value(), msg_id: id, reactions: message.reactions_value(owner));
        if owner == user {
            own.push(update.clone());
        }
        call.state.notify(owner, Some(session), vec![update]);
    }
    Ok(call.state.updates_value(user, own).into())
}

/// `messages.getMessagesViews`.
pub(super) fn views(call: &mut Call<'_>, query: &Value) -> Outcome {
    let peer = call.state.input_peer(call.user, query.get("peer"))?;
    let seen = *query.get("increment") == Value::Bool(true);
    let mut views = Vec::new();
    for id in ints(query, "id") {
        let is_post = call
            .state
            .message(call.user, peer, id)
            .is_some_and(|message| message.from.is_none());
        if is_post && seen {
            call.state
                .change(call.user, peer, id, |message| message.views += 1);
        }
        let message = call.state.message(call.user, peer, id);
        let count = message.filter(|_| is_post).map(|message| message.views);
        views.push(object!("messageViews", views: count, forwards: count.map(|_| 0)));
    }
    let nothing: Vec<Value> = Vec::new();
    Ok(
        object!("messages.messageViews", views: views, chats: nothing.clone(), users: nothing)
            .into(),
    )
}

/// `messages.getDiscussionMessage`: a channel's post, as it stands in the group in which it is discussed.
pub(super) fn discussion(call: &mut Call<'_>, query: &Value) -> Outcome {
    let peer = call.state.input_peer(call.user, query.get("peer"))?;
    let id = int(query, "msg_id");
    let state = &call.state;
    let copy = match peer {
        Peer::Channel(channel) => state
            .channels
            .get(&channel)
            .and_then(|channel| state.channels.get(&channel.linked?))
            .and_then(|group| {
                group.messages.values().find(|message| {
                    message.from == Some(peer)
                        && message
                            .forward
                            .as_ref()
                            .is_some_and(|forward| forward.channel_post == Some(id))
                })
            }),
        _ => None,
    };
    let messages = vec![
        copy.ok_or_else(|| bad_request("MSG_ID_INVALID"))?
            .value(call.user),
    ];
    let mentioned = mentioned(&messages);
    Ok(object!("messages.discussionMessage",
        messages: messages,
        unread_count: 0,
        chats: mentioned.chats(state, call.user),
        users: mentioned.users(state, call.user),
    )
    .into())
}

/// `messages.translateText`: a text in another language is here the same one behind that language.
pub(super) fn translate(call: &mut Call<'_>, query: &Value) -> Outcome {
    let language = text(query, "to_lang")?;
    if language.len() != 2 || !language.bytes().all(|letter| letter.is_ascii_lowercase()) {
        return Err(bad_request("TO_LANG_INVALID"));
    }
    let texts: Vec<String> = if query.has("text") {
        let texts = query.list("text").unwrap_or_default();
        texts
            .iter()
            .map(|it| text(it, "text").map(str::to_owned))
            .collect::<Result<_, RpcError>>()?
    } else {
        let peer = call.state.input_peer(call.user, query.get("peer"))?;
        ints(query, "id")
            .into_iter()
            .map(|id| {
                let message = call.state.message(call.user, peer, id);
                message
                    .map(|message| message.body.text.clone())
                    .ok_or_else(|| bad_request("MSG_ID_INVALID"))
            })
            .collect::<Result<_, RpcError>>()?
    };
    if texts.is_empty() || texts.iter().any(String::is_empty) {
        return Err(bad_request("INPUT_TEXT_EMPTY"));
    }
    let nothing: Vec<Value> = Vec::new();
    let result: Vec<Value> = texts
        .into_iter()
        .map(|text| {
            object!("textWithEntities", text: format!("[{language}] {text}"), entities: nothing.clone())
        })
        .collect();
    Ok(object!("messages.translateResult", result: result).into())
}

/// `messages.report`: the choices, then for some of them the wish for a comment, then the end.
pub(super) fn report(call: &mut Call<'_>, query: &Value) -> Outcome {
    let peer = call.state.input_peer(call.user, query.get("peer"))?;
    let known = |id: i32| call.state.message(call.user, peer, id).is_some();
    let ids = ints(query, "id");
    if ids.is_empty() || !ids.into_iter().all(known) {
        return Err(bad_request("MESSAGE_ID_INVALID"));
    }
    let option = match query.get("option") {
        Value::Bytes(option) | Value::Text(option) => option.as_slice(),
        _ => &[],
    };
    if option.is_empty() {
        let options: Vec<Value> = REPORTS
            .iter()
            .map(|(text, option, _)| {
                object!("messageReportOption", text: *text, option: Value::Bytes(option.as_bytes().to_vec()))
            })
            .collect();
        return Ok(object!("reportResultChooseOption", title: "Report", options: options).into());
    }
    let (_, _, wants_comment) = REPORTS
        .iter()
        .find(|(_, known, _)| known.as_bytes() == option)
        .ok_or_else(|| bad_request("OPTION_INVALID"))?;
    if *wants_comment && text(query, "message")?.is_empty() {
        return Ok(object!("reportResultAddComment", option: Value::Bytes(option.to_vec())).into());
    }
    Ok(object!("reportResultReported").into())
}
