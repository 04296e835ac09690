use madeline_tl::{Value, object};

use super::{ConvertError, Script, converted, object, serialized, tl_error};

#[test]
fn numbers_strings_and_lists_default_to_nothing() {
    let call = serialized("messages.getHistory", &object(&[])).unwrap();
    assert_eq!(call.int("limit").unwrap(), 0);
    assert_eq!(call.int("hash").unwrap(), 0);
    assert_eq!(*call.get("peer"), object!("inputPeerEmpty"));
    let call = serialized("messages.getMessages", &object(&[])).unwrap();
    assert!(call.list("id").unwrap().is_empty());
    let call = serialized("account.updateStatus", &object(&[])).unwrap();
    assert_eq!(*call.get("offline"), Value::Bool(false));
    let call = serialized(
        "auth.importBotAuthorization",
        &object(&[("api_id", 5.into())]),
    )
    .unwrap();
    assert_eq!(
        (call.int("flags").ok(), call.text("bot_auth_token").unwrap()),
        (Some(0), "")
    );
    let call = serialized("help.acceptTermsOfService", &object(&[])).unwrap();
    assert_eq!(call.get("id").text("data").unwrap(), "null");
}

#[test]
fn a_type_with_an_empty_constructor_defaults_to_it() {
    let button = converted(
        "",
        object!("inputKeyboardButtonUrlAuth", text: "t", url: "u"),
    )
    .unwrap();
    assert_eq!(*button.get("bot"), object!("inputUserEmpty"));
    // This one has an id, which has to be there.
    let photo = converted("", object!("photos.photo")).unwrap();
    assert_eq!(*photo.get("photo"), object!("photoEmpty", id: 0));
}

#[test]
fn other_parameters_must_be_given() {
    let settings = serialized("auth.sendCode", &object(&[]));
    assert_eq!(tl_error(settings), "Missing required parameter settings");
    assert_eq!(
        tl_error(serialized("invokeWithLayer", &object(&[]))),
        "Missing required parameter query"
    );
}

#[test]
fn parameters_that_share_a_bit_must_come_together() {
    let user = |fields: &[(&'static str, Value)]| {
        let Value::Object(mut user) = object!("user", id: 5) else {
            unreachable!()
        };
        for (key, value) in fields {
            user.set(*key, value);
        }
        converted("User", Value::Object(user))
    };
    let both = user(&[
        ("restricted", true.into()),
        ("restriction_reason", Value::List(Vec::new())),
    ])
    .unwrap();
    assert!(both.flag("restricted"));
    assert_eq!(
        tl_error(user(&[("restricted", true.into())])),
        "Missing required parameter restriction_reason"
    );
}

#[test]
fn random_ids_are_made() {
    let seven = i64::from_le_bytes([7; 8]);
    let call = serialized("messages.sendMessage", &object(&[])).unwrap();
    assert_eq!(call.int("random_id").unwrap(), seven);
    let call = serialized(
        "messages.forwardMessages",
        &object(&[("id", vec![4, 5, 6].into())]),
    )
    .unwrap();
    assert_eq!(
        call.list("random_id").unwrap(),
        [seven, seven, seven].map(Value::Int)
    );
    let call = serialized(
        "messages.forwardMessages",
        &object(&[("id", vec![4].into()), ("random_id", vec![9].into())]),
    )
    .unwrap();
    assert_eq!(call.list("random_id").unwrap(), [Value::Int(9)]);
}

#[test]
fn an_upload_brings_its_mime_type_along() {
    let Value::Object(mut file) = object!("inputFile", id: 5, parts: 1, name: "n") else {
        unreachable!()
    };
    file.set("mime_type", "a/b");
    let media = object!("inputMediaUploadedDocument", file: Value::Object(file), attributes: Vec::<Value>::new());
    assert_eq!(
        converted("InputMedia", media)
            .unwrap()
            .text("mime_type")
            .unwrap(),
        "a/b"
    );
}

#[tokio::test]
async fn only_send_message_must_be_told_its_peer() {
    let script = Script::new().await;
    let error = script
        .call("messages.sendMessage", &object(&[("message", "x".into())]))
        .unwrap_err();
    assert!(matches!(error, ConvertError::Warning(text) if text == "Undefined array key \"peer\""));
    let call = script
        .call("messages.getBotCallbackAnswer", &object(&[]))
        .unwrap();
    assert_eq!(*call.get("peer"), object!("inputPeerEmpty"));
}

#[test]
fn constructors_must_be_named_and_known() {
    let code = |settings: Value| serialized("auth.sendCode", &object(&[("settings", settings)]));
    assert!(code(object!("codeSettings")).is_ok());
    for value in [object(&[]), Value::List(Vec::new()), "x".into(), 5.into()] {
        assert_eq!(
            tl_error(code(value)),
            "Predicate (value under _) was not set!"
        );
    }
    let text = "Could not extract type \"noSuchThing\", you should update MadelineProto!";
    assert_eq!(tl_error(code(object!("noSuchThing"))), text);
    assert_eq!(
        tl_error(serialized(
            "messages.getHistory",
            &object(&[("peer", object!("noSuchThing"))])
        )),
        text
    );
}

#[test]
fn a_constructor_of_another_type_is_the_servers_to_judge() {
    let update = object!("updatesTooLong");
    let args = object(&[("settings", update.clone())]);
    let resolutions = super::Resolutions::new();
    let mut random = |_: &mut [u8]| {};
    let mut conversions = super::Conversions::without_session(&resolutions, &mut random);
    let bytes = super::call(&mut conversions, "auth.sendCode", &args).unwrap();
    let id = madeline_tl::Schema::api()
        .constructor("updatesTooLong")
        .unwrap()
        .id();
    assert!(bytes.ends_with(&id.to_le_bytes()));
}

#[test]
fn without_a_session_nothing_is_looked_up() {
    let history = |peer: Value| serialized("messages.getHistory", &object(&[("peer", peer)]));
    for peer in [Value::from("me"), 5.into(), "@name".into()] {
        assert_eq!(
            tl_error(history(peer)),
            "Predicate (value under _) was not set!"
        );
    }
    let password = object(&[("password", "secret".into())]);
    let text = tl_error(serialized("messages.getBotCallbackAnswer", &password));
    assert_eq!(text, "Predicate (value under _) was not set!");
}
