//! Inline buttons: `messages.getBotCallbackAnswer` and `messages.setBotCallbackAnswer`.
//!
//! A button is answered by the bot's script in the world, if it has one for it; else by the bot itself, which gets
//! `updateBotCallbackQuery` over every session it has and answers by `messages.setBotCallbackAnswer`. Presses of buttons of a message
//! that was sent through a bot are that bot's: `updateInlineBotCallbackQuery`.

use std::time::Duration;

use madeline_tl::{Value, object};
use tokio::sync::oneshot;

use super::{Answer, Call, Outcome, int};
use crate::error::{RpcError, auth_key_duplicated, bad_request};
use crate::state::{Draft, Message, Peer, Query, random_id};
use crate::world::Callback;

/// What was pressed.
#[derive(Debug, Clone, PartialEq)]
enum Pressed {
    Data(Vec<u8>),
    Game(String),
}

/// `messages.getBotCallbackAnswer`.
pub(super) fn press(call: &mut Call<'_>, query: &Value) -> Outcome {
    let peer = call.state.input_peer(call.user, query.get("peer"))?;
    let msg_id = int(query, "msg_id");
    let message = call
        .state
        .message(call.user, peer, msg_id)
        .ok_or_else(|| bad_request("MESSAGE_ID_INVALID"))?;
    let bot = message.via.unwrap_or(message.author);
    if !call.state.is_bot(bot) {
        return Err(bad_request("MESSAGE_ID_INVALID"));
    }
    let (pressed, needs_password) = pressed(message, query)?;
    if needs_password {
        call.button_password(query.get("password"))?;
    }
    let script = call
        .state
        .users
        .get(&bot)
        .and_then(|user| user.bot())
        .and_then(|script| {
            script.callbacks.iter().find(|callback| match &pressed {
                Pressed::Data(data) => callback.data.as_ref().is_some_and(|known| known.0 == *data),
                Pressed::Game(game) => callback.game.as_ref() == Some(game),
            })
        });
    match script.cloned() {
        Some(script) => call.scripted_answer(bot, peer, msg_id, &script),
        None => Ok(call.ask(bot, peer, msg_id, &pressed)),
    }
}

/// `messages.setBotCallbackAnswer`.
pub(super) fn answer(call: &mut Call<'_>, query: &Value) -> Outcome {
    let query_id = query.int("query_id").unwrap_or(0);
    let own = call
        .state
        .queries
        .get(&query_id)
        .is_some_and(|waiting| waiting.bot == call.user);
    let message = query.text("message").ok();
    if message.is_some_and(|message| message.chars().count() > 200) {
        return Err(bad_request("MESSAGE_TOO_LONG"));
    }
    let url = query.text("url").ok();
    let Some(waiting) = own.then(|| call.state.queries.remove(&query_id)).flatten() else {
        return Err(bad_request("QUERY_ID_INVALID"));
    };
    let value = object!("messages.botCallbackAnswer",
        alert: query.flag("alert"),
        has_url: url.is_some(),
        native_ui: true,
        message: message.map(str::to_owned),
        url: url.map(str::to_owned),
        cache_time: int(query, "cache_time"),
    );
    // Whoever pressed may be gone by now; the bot is told the same either way.
    let _ = waiting.answer.send(Ok(value));
    Ok(Value::Bool(true).into())
}

/// The button a call means, and whether it needs a password.
fn pressed(message: &Message, query: &Value) -> Result<(Pressed, bool), RpcError> {
    let buttons = message.body.inline_buttons();
    if query.flag("game") {
        let has_button = buttons
            .iter()
            .any(|button| button.name() == "keyboardButtonGame");
        return match message.body.game().filter(|_| has_button) {
            Some(game) => Ok((Pressed::Game(game.to_owned()), false)),
            None => Err(bad_request("MESSAGE_ID_INVALID")),
        };
    }
    let data = query.bytes("data").unwrap_or_default();
    let button = buttons
        .iter()
        .find(|button| {
            button.name() == "keyboardButtonCallback" && button.bytes("data") == Ok(data)
        })
        .ok_or_else(|| bad_request("DATA_INVALID"))?;
    Ok((
        Pressed::Data(data.to_vec()),
        button.flag("requires_password"),
    ))
}

impl Call<'_> {
    fn button_password(&mut self, proof: &Value) -> Result<(), RpcError> {
        if !self.has_password(self.user) {
            return Err(bad_request("PASSWORD_MISSING"));
        }
        if *proof == Value::Null {
            return Err(bad_request("PASSWORD_HASH_INVALID"));
        }
        self.prove_password(self.user, proof)
    }

    fn timeout(&self) -> Duration {
        Duration::from_millis(self.state.rules.callback_timeout_ms)
    }

    fn scripted_answer(&mut self, bot: i64, peer: Peer, msg_id: i32, script: &Callback) -> Outcome {
        if script.auth_key_duplicated {
            self.state.drop_key(self.key);
            return Err(auth_key_duplicated());
        }
        let place = if let Peer::User(_) = peer {
            Peer::User(self.user)
        } else {
            peer
        };
        if let Some(content) = &script.edit {
            let body = self.state.body(content);
            if let Some(id) = self.bots_id_of(bot, peer, msg_id) {
                self.state.edit(bot, place, id, &body, None);
            }
        }
        if let Some(content) = &script.send {
            let body = self.state.body(content);
            let draft = Draft::new(bot, place, body, self.state.now);
            self.state.deliver(draft, None);
        }
        let after = Duration::from_millis(script.delay_ms);
        if script.silence || after > self.timeout() {
            return Ok(Answer::Later(
                self.timeout(),
                Err(bad_request("BOT_RESPONSE_TIMEOUT")),
            ));
        }
        let result = match &script.error {
            Some(error) => Err(RpcError::new(error.code, error.text.clone())),
            None => Ok(object!("messages.botCallbackAnswer",
                alert: script.alert,
                has_url: script.url.is_some(),
                native_ui: script.native_ui,
                message: script.message.clone(),
                url: script.url.clone(),
                cache_time: script.cache_time,
            )),
        };
        if after.is_zero() {
            result.map(Answer::Now)
        } else {
            Ok(Answer::Later(after, result))
        }
    }

    /// Hands the query to the bot's own sessions.
    fn ask(&mut self, bot: i64, peer: Peer, msg_id: i32, pressed: &Pressed) -> Answer {
        let query_id = random_id();
        let place = if let Peer::User(_) = peer {
            Peer::User(self.user)
        } else {
            peer
        };
        let (data, game) = match pressed {
            Pressed::Data(data) => (Some(data.clone()), None),
            Pressed::Game(game) => (None, Some(game.clone())),
        };
        let chat_instance = self.state.access_hash(bot, place);
        let update = if let Some(id) = self.state.inline_id(self.user, peer, msg_id) {
            object!("updateInlineBotCallbackQuery",
                query_id: query_id,
                user_id: self.user,
                msg_id: id,
                chat_instance: chat_instance,
                data: data,
                game_short_name: game,
            )
        } else {
            object!("updateBotCallbackQuery",
                query_id: query_id,
                user_id: self.user,
                peer: place.value(),
                msg_id: self.bots_id_of(bot, peer, msg_id).unwrap_or(msg_id),
                chat_instance: chat_instance,
                data: data,
                game_short_name: game,
            )
        };
        let (sender, answer) = oneshot::channel();
        self.state.notify(bot, None, vec![update.clone()]);
        self.state.queries.insert(
            query_id,
            Query {
                bot,
                update,
                answer: sender,
            },
        );
        Answer::FromBot {
            query_id,
            answer,
            limit: self.timeout(),
        }
    }

    /// The id the bot knows the message of a button by.
    fn bots_id_of(&self, bot: i64, peer: Peer, msg_id: i32) -> Option<i32> {
        match peer {
            Peer::Channel(_) => Some(msg_id),
            _ => self.state.same_message(self.user, msg_id, bot),
        }
    }
}
