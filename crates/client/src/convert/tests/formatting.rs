use madeline_tl::{Value, object};

use super::{ConvertError, Script, object, serialized};

fn send(fields: &[(&'static str, Value)]) -> Result<Value, ConvertError> {
    serialized("messages.sendMessage", &object(fields))
}

#[test]
fn parse_mode_takes_the_markup_out_of_the_message() {
    let bold = object!("messageEntityBold", offset: 2, length: 1);
    for (mode, message) in [
        ("HTML", "a <b>b</b>"),
        ("html", "a <b>b</b>"),
        ("Markdown", "a *b*"),
        ("MarkdownV2", "a *b*"),
    ] {
        for name in ["message", "text"] {
            let call = send(&[(name, message.into()), ("parse_mode", mode.into())]).unwrap();
            assert_eq!(call.text("message").unwrap(), "a b", "{mode}");
            assert_eq!(
                call.list("entities").unwrap(),
                std::slice::from_ref(&bold),
                "{mode}"
            );
        }
    }
    let mode = object!("textParseModeHTML");
    let call = send(&[("message", "a <b>b</b>".into()), ("parse_mode", mode)]).unwrap();
    assert_eq!(call.list("entities").unwrap(), [bold]);
}

#[test]
fn other_parse_modes_leave_the_message_as_it_is() {
    for mode in ["", "text", "nope"] {
        let call = send(&[("message", "*b*".into()), ("parse_mode", mode.into())]).unwrap();
        assert_eq!(
            (call.text("message").unwrap(), call.has("entities")),
            ("*b*", false)
        );
    }
    assert!(matches!(
        send(&[("message", "x".into()), ("parse_mode", 5.into())]),
        Err(ConvertError::Type(_))
    ));
}

#[test]
fn given_entities_stay_in_front_of_those_of_the_markup() {
    let given = object!("messageEntityCode", offset: 0, length: 1);
    let fields = [
        ("message", Value::from("a *b*")),
        ("parse_mode", "markdown".into()),
        ("entities", Value::List(vec![given.clone()])),
    ];
    let call = send(&fields).unwrap();
    assert_eq!(
        call.list("entities").unwrap(),
        [given, object!("messageEntityBold", offset: 2, length: 1)]
    );
}

#[test]
fn only_strings_are_parsed() {
    for message in [Value::from(5), Value::List(vec!["a".into()])] {
        let error = send(&[("message", message), ("parse_mode", "HTML".into())]).unwrap_err();
        assert!(
            matches!(error, ConvertError::Conversion(text) if text == "Messages can only be strings")
        );
    }
}

#[test]
fn broken_markup_is_refused() {
    let html = send(&[("message", "<b>".into()), ("parse_mode", "HTML".into())]).unwrap_err();
    assert!(
        matches!(html, ConvertError::Warning(text) if text.starts_with("DOMDocument::loadXML(): "))
    );
    let markdown = send(&[("message", "*".into()), ("parse_mode", "Markdown".into())]).unwrap_err();
    assert!(
        matches!(markdown, ConvertError::Assertion(text) if text == "Found unclosed markdown elements *")
    );
}

#[tokio::test]
async fn mentions_name_users_that_the_session_knows() {
    let script = Script::new()
        .await
        .saw(&object!("user", id: 5, access_hash: 50));
    let args = object(&[
        ("peer", "me".into()),
        ("message", "<a href=\"mention:5\">x</a>".into()),
        ("parse_mode", "HTML".into()),
    ]);
    let call = script.call("messages.sendMessage", &args).unwrap();
    let user = object!("inputUser", user_id: 5, access_hash: 50);
    let mention = object!("inputMessageEntityMentionName", offset: 0, length: 1, user_id: user);
    assert_eq!(call.list("entities").unwrap(), [mention]);
}
