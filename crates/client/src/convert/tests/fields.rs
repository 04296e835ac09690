use madeline_tl::{Value, object};

use super::{ConvertError, Script, converted, object, serialized, tl_error};

fn me() -> Value {
    object!("inputPeerSelf")
}

#[test]
fn bot_api_names_stand_in_for_tls() {
    let call = serialized(
        "messages.sendMessage",
        &object(&[
            ("chat_id", me()),
            ("text", "t".into()),
            ("disable_notification", true.into()),
            ("disable_web_page_preview", 1.into()),
        ]),
    );
    let call = call.unwrap();
    assert_eq!(
        (call.get("peer"), call.text("message").unwrap()),
        (&me(), "t")
    );
    assert!(call.flag("silent") && call.flag("no_webpage"));
}

#[test]
fn tls_own_names_go_first() {
    let args = object(&[
        ("message", "m".into()),
        ("text", "t".into()),
        ("silent", false.into()),
        ("disable_notification", true.into()),
    ]);
    let call = serialized("messages.sendMessage", &args).unwrap();
    assert_eq!(call.text("message").unwrap(), "m");
    assert!(!call.flag("silent"));
}

#[tokio::test]
async fn reply_to_msg_id_becomes_reply_to() {
    let script = Script::new().await;
    let send = |fields: &[(&'static str, Value)]| {
        let args: Vec<_> = [("peer", "me".into())]
            .into_iter()
            .chain(fields.iter().cloned())
            .collect();
        script
            .call("messages.sendMessage", &object(&args))
            .map(|call| call.get("reply_to").clone())
    };
    let reply = object!("inputReplyToMessage", reply_to_msg_id: 5);
    assert_eq!(send(&[("reply_to_msg_id", 5.into())]).unwrap(), reply);
    assert_eq!(send(&[("reply_to_message_id", "5".into())]).unwrap(), reply);
    assert_eq!(send(&[("reply_to", reply.clone())]).unwrap(), reply);
    let topic = object!("inputReplyToMessage", reply_to_msg_id: 5, top_msg_id: 2);
    assert_eq!(
        send(&[("reply_to_msg_id", 5.into()), ("top_msg_id", 2.into())]).unwrap(),
        topic
    );
    assert_eq!(
        send(&[("reply_to_msg_id", Value::Null)]).unwrap(),
        Value::Null
    );
    assert_eq!(
        tl_error(send(&[("reply_to_msg_id", "x".into())])),
        "Given value isn't numeric"
    );
    let both = send(&[("reply_to_msg_id", 5.into()), ("reply_to", reply)]).unwrap_err();
    assert!(
        matches!(both, ConvertError::Madeline(text) if text.contains("together with reply_to_msg_id"))
    );
}

#[test]
fn without_a_session_reply_to_msg_id_is_another_unknown_key() {
    let call = serialized(
        "messages.sendMessage",
        &object(&[("reply_to_msg_id", 5.into())]),
    )
    .unwrap();
    assert!(!call.has("reply_to"));
}

/// The markup that a keyboard of the bot API becomes.
fn markup(value: Value) -> Result<Value, ConvertError> {
    let call = serialized("messages.sendMessage", &object(&[("reply_markup", value)]))?;
    Ok(call.get("reply_markup").clone())
}

/// The button that a button of the bot API becomes.
fn button(key: &'static str, fields: &[(&'static str, Value)]) -> Result<Value, ConvertError> {
    let fields: Vec<_> = [("text", "A".into())]
        .into_iter()
        .chain(fields.iter().cloned())
        .collect();
    let rows = Value::List(vec![Value::List(vec![object(&fields)])]);
    let markup = markup(object(&[(key, rows)]))?;
    Ok(markup.list("rows").unwrap()[0].list("buttons").unwrap()[0].clone())
}

#[test]
fn keyboards_of_the_bot_api_become_markup() {
    let row = |button: Value| vec![object!("keyboardButtonRow", buttons: vec![button])];
    let keyboard = object(&[
        (
            "keyboard",
            Value::List(vec![Value::List(vec![object(&[("text", "A".into())])])]),
        ),
        ("resize_keyboard", true.into()),
        ("one_time_keyboard", true.into()),
        ("is_persistent", true.into()),
        ("input_field_placeholder", "p".into()),
    ]);
    assert_eq!(
        markup(keyboard).unwrap(),
        object!(
            "replyKeyboardMarkup", resize: true, single_use: true, persistent: true,
            rows: row(object!("keyboardButton", text: "A")), placeholder: "p",
        )
    );
    let force = object(&[("force_reply", true.into()), ("selective", true.into())]);
    assert_eq!(
        markup(force).unwrap(),
        object!("replyKeyboardForceReply", selective: true)
    );
    assert_eq!(
        markup(object(&[("remove_keyboard", true.into())])).unwrap(),
        object!("replyKeyboardHide")
    );
    let native =
        object!("replyInlineMarkup", rows: row(object!("keyboardButtonUrl", text: "A", url: "u")));
    assert_eq!(markup(native.clone()).unwrap(), native);
    for value in [object(&[]), "x".into()] {
        assert_eq!(
            tl_error(markup(value)),
            "Predicate (value under _) was not set!"
        );
    }
}

#[test]
fn buttons_of_the_bot_api_become_buttons() {
    let url = |url: &str| ("url", Value::from(url));
    for (fields, expected) in [
        (
            vec![url("https://e.com")],
            object!("keyboardButtonUrl", text: "A", url: "https://e.com"),
        ),
        (
            vec![("callback_data", 5.into())],
            object!("keyboardButtonCallback", text: "A", data: b"5"),
        ),
        (
            vec![("callback_data", "d".into()), url("u")],
            object!("keyboardButtonUrl", text: "A", url: "u"),
        ),
        (
            vec![("pay", true.into())],
            object!("keyboardButtonBuy", text: "A"),
        ),
        (
            vec![("web_app", object(&[url("u")]))],
            object!("keyboardButtonWebView", text: "A", url: "u"),
        ),
        (
            vec![("callback_game", object(&[]))],
            object!("keyboardButtonGame", text: "A"),
        ),
        (
            vec![("callback_game", "g".into())],
            object!("keyboardButtonGame", text: "g"),
        ),
        (
            vec![("switch_inline_query", "q".into())],
            object!("keyboardButtonSwitchInline", text: "A", query: "q"),
        ),
        (
            vec![(
                "switch_inline_query",
                object(&[("query", "q".into()), ("allow_channel_chats", true.into())]),
            )],
            object!("keyboardButtonSwitchInline", text: "A", query: "q", peer_types: vec![object!("inlineQueryPeerTypeBroadcast")]),
        ),
        (
            vec![("switch_inline_query_current_chat", "q".into())],
            object!("keyboardButtonSwitchInline", same_peer: true, text: "A", query: "q"),
        ),
        (
            vec![("request_contact", true.into())],
            object!("keyboardButtonRequestPhone", text: "A"),
        ),
        (
            vec![("request_location", true.into())],
            object!("keyboardButtonRequestGeoLocation", text: "A"),
        ),
        (
            vec![("request_contact", false.into())],
            object!("keyboardButton", text: "A"),
        ),
    ] {
        assert_eq!(button("inline_keyboard", &fields).unwrap(), expected);
    }
    let app = [("web_app", object(&[url("u")]))];
    assert_eq!(
        button("keyboard", &app).unwrap(),
        object!("keyboardButtonSimpleWebView", text: "A", url: "u")
    );
}

#[test]
fn a_button_is_an_array_with_a_text() {
    let keyboard = |button: Value| {
        markup(object(&[(
            "keyboard",
            Value::List(vec![Value::List(vec![button])]),
        )]))
    };
    assert!(matches!(keyboard("A".into()), Err(ConvertError::Type(_))));
    let error = keyboard(object(&[("url", "u".into())])).unwrap_err();
    assert!(matches!(error, ConvertError::Warning(text) if text == "Undefined array key \"text\""));
}

#[test]
fn a_mention_as_received_is_sent_as_one() {
    let user = object!("inputUser", user_id: 5, access_hash: 6);
    let entity = object!("messageEntityMentionName", offset: 0, length: 1, user_id: user.clone());
    let expected = object!("inputMessageEntityMentionName", offset: 0, length: 1, user_id: user);
    assert_eq!(converted("MessageEntity", entity).unwrap(), expected);
}
