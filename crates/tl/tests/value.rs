//! Values in Rust code.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use madeline_tl::{EntryKey, Source, Value, ValueRef, View, object};

#[test]
fn the_macro_takes_what_values_can_be_made_from() {
    let hash = 77_i64;
    let value = object!(
        "example",
        user_id: 5,
        access_hash: hash,
        type: "i",
        r#match: b"\x01",
        list: vec![1_i64, 2],
        inner: object!("inputPeerSelf"),
        given: Some("x"),
        absent: None::<i32>,
    );
    assert_eq!(value.name(), "example");
    let keys: Vec<&str> = value
        .as_object()
        .unwrap()
        .fields()
        .map(|(key, _)| key)
        .collect();
    assert_eq!(
        keys,
        [
            "user_id",
            "access_hash",
            "type",
            "match",
            "list",
            "inner",
            "given"
        ]
    );
    assert_eq!(
        value.get("list"),
        &Value::List(vec![Value::Int(1), Value::Int(2)])
    );
    assert!(object!("empty").is("empty"));
}

#[test]
fn fields_are_read_by_kind() {
    let value = object!("example", number: 5, ratio: 1.5, text: "t", bytes: b"\xff", list: vec![1_i32], inner: object!("a"), yes: true);
    assert_eq!(value.int("number"), Ok(5));
    assert_eq!(value.double("ratio"), Ok(1.5));
    assert_eq!(value.text("text"), Ok("t"));
    assert_eq!(value.bytes("bytes"), Ok(&b"\xff"[..]));
    assert_eq!(value.bytes("text"), Ok(&b"t"[..]));
    assert_eq!(value.list("list").map(<[Value]>::len), Ok(1));
    assert_eq!(value.object("inner").map(Value::name), Ok("a"));
    assert!(value.flag("yes") && !value.flag("number") && !value.flag("absent"));
    assert!(value.has("number") && !value.has("absent"));
    for (error, message) in [
        (
            value.int("text").unwrap_err(),
            "example.text: expected a whole number, found a string",
        ),
        (
            value.double("number").unwrap_err(),
            "example.number: expected a floating-point number, found a whole number",
        ),
        (
            value.text("bytes").unwrap_err(),
            "example.bytes: expected a string in UTF-8, found bytes",
        ),
        (
            value.bytes("yes").unwrap_err(),
            "example.yes: expected bytes, found a truth value",
        ),
        (
            value.list("inner").unwrap_err(),
            "example.inner: expected a list, found an object",
        ),
        (
            value.object("list").unwrap_err(),
            "example.list: expected an object, found a list",
        ),
        (
            value.int("absent").unwrap_err(),
            "example.absent: expected a whole number, found nothing",
        ),
        (
            Value::Int(5).int("x").unwrap_err(),
            "a whole number.x: expected a whole number, found nothing",
        ),
    ] {
        assert_eq!(error.to_string(), message);
    }
}

#[test]
fn setting_null_removes_a_field() {
    let mut object = madeline_tl::Object::new("a");
    object.set("x", 1);
    object.set("x", 2);
    assert_eq!(object.get("x"), Some(&Value::Int(2)));
    object.set("x", Value::Null);
    assert_eq!(object.fields().len(), 0);
}

#[test]
fn a_source_tells_its_entries_in_order() {
    let value = object!("a", x: 1, y: "t");
    let mut entries = Vec::new();
    let done: Result<(), ()> = ValueRef::Value(&value).entries(|key, entry| {
        entries.push((key, entry.view()));
        Ok(())
    });
    assert!(done.is_ok());
    assert_eq!(
        entries,
        [
            (EntryKey::Name(b"_"), View::Text(b"a")),
            (EntryKey::Name(b"x"), View::Int(1)),
            (EntryKey::Name(b"y"), View::Text(b"t")),
        ]
    );
    let list = Value::from(vec![7_i32, 8]);
    let stopped = ValueRef::Value(&list).entries(|key, _| {
        if key == EntryKey::Index(1) {
            Err("here")
        } else {
            Ok(())
        }
    });
    assert_eq!(stopped, Err("here"));
    assert_eq!(
        ValueRef::Value(&value).named("y").map(Source::view),
        Some(View::Text(b"t"))
    );
    assert_eq!(
        ValueRef::Value(&value).named("_").map(Source::view),
        Some(View::Text(b"a"))
    );
    assert!(ValueRef::Value(&value).named("z").is_none());
}
