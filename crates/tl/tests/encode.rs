//! Encoding: what is strict, what the hooks are asked, and what errors say.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "tests"
)]

use std::fmt;

use madeline_tl::{
    Convert, EncodeError, EncodeErrorKind, Encoder, Field, Param, Place, Schema, Source, Strict,
    Ty, Value, ValueRef, View, boxed_from_bytes, boxed_to_bytes, encode_method, method_from_bytes,
    method_to_bytes, object,
};

fn send(fields: impl FnOnce(&mut madeline_tl::Object)) -> Value {
    let mut object = madeline_tl::Object::new("messages.sendMessage");
    object.set("peer", object!("inputPeerSelf"));
    object.set("message", "hi");
    object.set("random_id", 1);
    fields(&mut object);
    Value::Object(object)
}

fn strict_error(call: &Value) -> String {
    method_to_bytes(Schema::api(), call)
        .unwrap_err()
        .to_string()
}

#[test]
fn values_of_the_wanted_type_are_written() {
    let call = send(|object| object.set("silent", true));
    let bytes = method_to_bytes(Schema::api(), &call).unwrap();
    let back = method_from_bytes(Schema::api(), &bytes).unwrap();
    assert!(back.flag("silent") && !back.flag("no_webpage"));
    assert_eq!(back.text("message"), Ok("hi"));
    assert_eq!(back.get("peer"), &object!("inputPeerSelf"));
}

#[test]
fn null_and_false_flags_are_absent() {
    let plain = method_to_bytes(Schema::api(), &send(|_| ())).unwrap();
    let nulls = send(|object| {
        object.set("silent", false);
        object.set("schedule_date", Value::Null);
    });
    assert_eq!(method_to_bytes(Schema::api(), &nulls).unwrap(), plain);
}

#[test]
fn errors_name_the_place_what_was_wanted_and_what_came() {
    let button = |value: Value| object!("keyboardButtonRow", buttons: [value]);
    let markup = |value: Value| object!("replyInlineMarkup", rows: [button(object!("keyboardButtonCallback", text: "t", data: b"d")), button(value)]);
    let call = |value: Value| send(|object| object.set("reply_markup", markup(value)));
    assert!(method_to_bytes(Schema::api(), &call(object!("keyboardButton", text: "x"))).is_ok());
    let path = "messages.sendMessage → reply_markup → rows[1] → buttons[0]";
    assert_eq!(
        strict_error(&call(Value::Int(5))),
        format!("{path}: expected KeyboardButton, found the number 5")
    );
    assert_eq!(
        strict_error(&call(object!("inputPeerSelf"))),
        format!("{path}: expected KeyboardButton, found inputPeerSelf")
    );
    assert_eq!(
        strict_error(&call(object!("noSuchButton"))),
        format!("{path}: expected a constructor of the schema, found noSuchButton")
    );
    assert_eq!(
        strict_error(&call(object!(""))),
        format!("{path}: expected KeyboardButton, found an array without _")
    );
    assert_eq!(
        strict_error(&call(object!("keyboardButton"))),
        format!("{path} → text: expected a value for text, found none")
    );
    assert_eq!(
        strict_error(&call(object!("keyboardButton", text: Vec::<Value>::new()))),
        format!("{path} → text: expected string, found an empty array")
    );
}

#[test]
fn numbers_are_checked_for_their_range() {
    let call = |limit: i64| {
        object!(
            "messages.getHistory",
            peer: object!("inputPeerSelf"), offset_id: 0, offset_date: 0, add_offset: 0, limit: limit, max_id: 0,
            min_id: 0, hash: 0,
        )
    };
    for limit in [i64::from(i32::MIN), i64::from(i32::MAX)] {
        assert!(method_to_bytes(Schema::api(), &call(limit)).is_ok());
    }
    assert_eq!(
        strict_error(&call(2_147_483_648)),
        "messages.getHistory → limit: expected int, found the number 2147483648"
    );
}

#[test]
fn fixed_bytes_are_checked_for_their_length() {
    let call = |length: usize| object!("req_pq_multi", nonce: vec![7_u8; length]);
    assert!(method_to_bytes(Schema::mtproto(), &call(16)).is_ok());
    let error = method_to_bytes(Schema::mtproto(), &call(15)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "req_pq_multi → nonce: expected int128, found 15 bytes"
    );
}

#[test]
fn a_bare_object_needs_no_name_but_no_other_ones() {
    let salts = |name: &'static str| {
        object!(
            "future_salts",
            req_msg_id: 1,
            now: 2,
            salts: [object!(name, valid_since: 3, valid_until: 4, salt: 5)],
        )
    };
    let named = boxed_to_bytes(Schema::mtproto(), &salts("future_salt")).unwrap();
    assert_eq!(
        boxed_to_bytes(Schema::mtproto(), &salts("")).unwrap(),
        named
    );
    let error = boxed_to_bytes(Schema::mtproto(), &salts("pong")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "Object → salts[0]: expected future_salt, found pong"
    );
}

#[test]
fn strings_end_at_16_mebibytes() {
    let call = |length: usize| send(|object| object.set("message", vec![b'x'; length]));
    assert!(method_to_bytes(Schema::api(), &call(0xff_ffff)).is_ok());
    let error = method_to_bytes(Schema::api(), &call(0x100_0000)).unwrap_err();
    assert!(matches!(
        error.kind(),
        EncodeErrorKind::TooLong { length: 0x100_0000 }
    ));
}

#[test]
fn nesting_ends_at_some_depth() {
    let text = |depth| {
        (0..depth).fold(
            object!("textEmpty"),
            |text, _| object!("textBold", text: text),
        )
    };
    assert!(boxed_to_bytes(Schema::api(), &text(120)).is_ok());
    let error = boxed_to_bytes(Schema::api(), &text(500)).unwrap_err();
    assert!(matches!(error.kind(), EncodeErrorKind::TooDeep));
    let path = error.path();
    assert_eq!(path.matches(" → text").count(), 20, "{path}");
    assert!(path.ends_with("text → … → text → text → text → text"));
}

#[test]
fn parameters_on_one_bit_come_together() {
    let api = Schema::api();
    let views = |forwards: Option<i32>| object!("message", id: 1, peer_id: object!("peerUser", user_id: 5), date: 1, message: "", views: 3, forwards: forwards);
    assert!(boxed_to_bytes(api, &views(Some(4))).is_ok());
    // Forwards follow views on the wire.
    let error = boxed_to_bytes(api, &views(None)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "Object → forwards: expected a value for forwards, found none"
    );
    // Views go before forwards on the wire: the later one is seen ahead.
    let forwards = object!("message", id: 1, peer_id: object!("peerUser", user_id: 5), date: 1, message: "", forwards: 3);
    let error = boxed_to_bytes(api, &forwards).unwrap_err();
    assert_eq!(
        error.to_string(),
        "Object → views: expected a value for views, found none"
    );
    // A flag needs nothing of its own.
    let bot = object!("user", id: 5, bot_info_version: 3);
    assert!(
        boxed_from_bytes(api, &boxed_to_bytes(api, &bot).unwrap())
            .unwrap()
            .flag("bot")
    );
}

#[test]
fn a_failed_encoding_leaves_the_buffer_as_it_was() {
    let api = Schema::api();
    let method = api.method("messages.sendMessage").unwrap();
    let mut out = vec![1, 2, 3];
    let bad = send(|object| object.set("peer", "@nobody"));
    assert!(encode_method(api, method, ValueRef::Value(&bad), &mut Strict, &mut out).is_err());
    assert_eq!(out, [1, 2, 3]);
    assert!(
        encode_method(
            api,
            method,
            ValueRef::Value(&send(|_| ())),
            &mut Strict,
            &mut out
        )
        .is_ok()
    );
    assert!(out.len() > 3);
}

#[test]
fn unknown_methods_and_constructors_are_errors() {
    let api = Schema::api();
    assert!(method_to_bytes(api, &object!("help.getConfig")).is_ok());
    assert!(method_to_bytes(api, &object!("inputPeerSelf")).is_err());
    assert!(boxed_to_bytes(api, &object!("inputPeerSelf")).is_ok());
    assert!(boxed_to_bytes(api, &object!("help.getConfig")).is_err());
    assert!(boxed_to_bytes(api, &Value::Int(5)).is_err());
}

/// Conversions of the kinds that the client has, in small.
#[derive(Default)]
struct Lenient {
    asked: Vec<String>,
}

#[derive(Debug, PartialEq)]
struct Refused(String);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

type Result<T> = std::result::Result<T, EncodeError<Refused>>;

impl<'a, S: Source<'a>> Convert<'a, S> for Lenient {
    type Error = Refused;

    fn value(
        &mut self,
        encoder: &mut Encoder<'_>,
        at: &Place<'_>,
        want: Ty,
        value: S,
    ) -> Result<()> {
        self.asked
            .push(format!("{at} as {}", encoder.schema().spell(want)));
        match (
            encoder.schema().spell(want).to_string().as_str(),
            value.view(),
        ) {
            ("InputPeer", View::Text(b"me")) => {
                encoder.value(at, want, ValueRef::Value(&object!("inputPeerSelf")), self)
            }
            ("InputUser", View::Int(id)) => {
                let user = object!("inputUser", user_id: id, access_hash: 9);
                encoder.value(at, want, ValueRef::Value(&user), self)
            }
            ("int", View::Text(digits)) => {
                let number: i32 = String::from_utf8_lossy(digits)
                    .parse()
                    .map_err(|_| at.convert(Refused("no digits".into())))?;
                encoder.writer().int(number);
                Ok(())
            }
            ("Vector<InputUser>", View::Array) => {
                let Ty::Vector(id) = want else { panic!() };
                encoder.vector(at, id, value, self)
            }
            _ => Err(at.mismatch(encoder.schema(), want, value)),
        }
    }

    fn missing(
        &mut self,
        encoder: &mut Encoder<'_>,
        at: &Place<'_>,
        param: Param<'_>,
        _object: S,
    ) -> Result<()> {
        match param.ty() {
            Ty::Int => encoder.writer().int(0),
            Ty::Long => encoder.writer().long(0),
            _ => return Err(at.missing(param)),
        }
        Ok(())
    }

    fn field(
        &mut self,
        _at: &Place<'_>,
        param: Param<'_>,
        object: S,
        given: Option<S>,
    ) -> Result<Field<S>> {
        Ok(match (param.name(), given) {
            ("entities", None) if object.named("parse_mode").is_some() => Field::Own,
            (_, Some(given)) => Field::Given(given),
            ("message", None) => object.named("text").map_or(Field::Absent, Field::Given),
            ("silent", None) => object
                .named("disable_notification")
                .map_or(Field::Absent, Field::Given),
            _ => Field::Absent,
        })
    }

    fn own(
        &mut self,
        encoder: &mut Encoder<'_>,
        at: &Place<'_>,
        param: Param<'_>,
        _object: S,
    ) -> Result<()> {
        let bold = Value::from([object!("messageEntityBold", offset: 0, length: 2)]);
        encoder.value(at, param.ty(), ValueRef::Value(&bold), self)
    }

    fn object(
        &mut self,
        encoder: &mut Encoder<'_>,
        at: &Place<'_>,
        definition: madeline_tl::Definition<'_>,
        object: S,
    ) -> Result<bool> {
        assert_eq!(definition.name(), "messageEntityMentionName");
        let other = encoder
            .schema()
            .constructor("inputMessageEntityMentionName")
            .unwrap();
        encoder.boxed(at, other, object, self)?;
        Ok(true)
    }

    fn truth(&mut self, _encoder: &Encoder<'_>, _at: &Place<'_>, value: S) -> Result<bool> {
        Ok(value.view() != View::Int(0))
    }

    fn flags(&mut self, _at: &Place<'_>, param: Param<'_>, object: S) -> Result<u32> {
        match object.named(param.name()).map(Source::view) {
            Some(View::Int(bits)) => Ok(bits as u32),
            _ => Ok(0),
        }
    }
}

fn lenient(call: &Value) -> (Result<Value>, Vec<String>) {
    let api = Schema::api();
    let mut convert = Lenient::default();
    let mut out = Vec::new();
    let method = api.method(call.name()).unwrap();
    let result = encode_method(api, method, ValueRef::Value(call), &mut convert, &mut out);
    (
        result.map(|()| method_from_bytes(api, &out).unwrap()),
        convert.asked,
    )
}

#[test]
fn hooks_convert_what_is_not_of_the_wanted_type() {
    let (back, asked) = lenient(&send(|object| {
        object.set("peer", "me");
        object.set("schedule_date", "15");
        object.set(
            "entities",
            [object!("messageEntityMentionName", offset: 0, length: 2, user_id: 5)],
        );
    }));
    let back = back.unwrap();
    assert_eq!(back.get("peer"), &object!("inputPeerSelf"));
    assert_eq!(back.int("schedule_date"), Ok(15));
    let user = object!("inputUser", user_id: 5, access_hash: 9);
    let mention = object!("inputMessageEntityMentionName", offset: 0, length: 2, user_id: user);
    assert_eq!(back.get("entities"), &Value::from([mention]));
    assert_eq!(
        asked,
        [
            "messages.sendMessage → peer as InputPeer",
            "messages.sendMessage → entities[0] → user_id as InputUser",
            "messages.sendMessage → schedule_date as int",
        ]
    );
}

#[test]
fn hooks_fill_what_is_missing() {
    let (back, _) =
        lenient(&object!("messages.getHistory", peer: object!("inputPeerSelf"), limit: 3));
    let back = back.unwrap();
    assert_eq!(
        (back.int("limit"), back.int("offset_id"), back.int("hash")),
        (Ok(3), Ok(0), Ok(0))
    );
    let (error, _) = lenient(&object!("messages.getHistory", limit: 3));
    assert_eq!(
        error.unwrap_err().to_string(),
        "messages.getHistory → peer: expected a value for peer, found none"
    );
}

#[test]
fn hooks_fill_parameters_from_other_names() {
    let call = object!(
        "messages.sendMessage",
        peer: object!("inputPeerSelf"), random_id: 1, text: "hi", disable_notification: 1, parse_mode: "html",
    );
    let (back, _) = lenient(&call);
    let back = back.unwrap();
    assert_eq!(back.text("message"), Ok("hi"));
    assert!(back.flag("silent"));
    assert_eq!(back.list("entities").unwrap().len(), 1);
}

#[test]
fn flags_that_a_hook_sets_want_their_parameters() {
    let (back, _) = lenient(&send(|object| object.set("flags", 0)));
    assert!(back.is_ok());
    for (bits, name) in [(32, "silent"), (1, "reply_to")] {
        let (error, _) = lenient(&send(|object| object.set("flags", bits)));
        let error = error.unwrap_err();
        assert!(matches!(error.kind(), EncodeErrorKind::Missing { param } if param == name));
    }
}

#[test]
fn an_array_of_any_keys_can_be_written_as_a_vector() {
    let users = |value: Value| object!("users.getUsers", id: value);
    let (back, _) = lenient(&users(object!("", a: object!("inputUserSelf"), b: 7)));
    let expected = [
        object!("inputUserSelf"),
        object!("inputUser", user_id: 7, access_hash: 9),
    ];
    assert_eq!(back.unwrap().get("id"), &Value::from(expected));
    assert!(
        method_to_bytes(
            Schema::api(),
            &users(object!("", a: object!("inputUserSelf")))
        )
        .is_err()
    );
    assert!(
        method_to_bytes(
            Schema::api(),
            &users(Value::from([object!("inputUserSelf")]))
        )
        .is_ok()
    );
}

#[test]
fn a_hooks_own_error_comes_out_with_its_place() {
    let (error, _) = lenient(&send(|object| object.set("schedule_date", "soon")));
    let error = error.unwrap_err();
    assert_eq!(
        error.trace(),
        "messages.sendMessage → schedule_date: expected int, found a string of 4 bytes"
    );
    let (path, kind) = error.into_parts();
    assert_eq!(path, "messages.sendMessage → schedule_date");
    assert!(matches!(kind, EncodeErrorKind::Convert(Refused(reason)) if reason == "no digits"));
}
