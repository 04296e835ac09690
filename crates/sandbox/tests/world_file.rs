//! The world file: what it may hold, and that each fault names its place.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use madeline_sandbox::World;

fn faults(json: &str) -> Vec<String> {
    World::parse(json).expect_err("a fault").faults().to_vec()
}

/// A world of one user and one bot with `extra` beside them.
fn with(extra: &str) -> String {
    let comma = if extra.is_empty() { "" } else { "," };
    format!(
        r#"{{"users": {{"alice": {{"first_name": "Alice", "username": "alice", "phone": "9996612001"}}}},
            "bots": {{"bot": {{"token": "6000001:s", "first_name": "Bot", "username": "bot"}}}}{comma}{extra}}}"#
    )
}

#[test]
fn the_examples_are_worlds() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../");
    for path in ["examples/world.json", "php-tests/support/world.json"] {
        World::load(format!("{root}{path}").as_ref()).unwrap_or_else(|error| panic!("{error}"));
    }
}

#[test]
fn an_empty_world_is_a_world() {
    let world = World::parse("{}").unwrap();
    assert_eq!(
        (world.dcs, world.home_dc(), world.callback_timeout_ms),
        (2, 2, 10_000)
    );
}

#[test]
fn broken_json_is_placed_by_line_and_column() {
    let [fault] = &faults("{\n  \"dcs\": ,\n}")[..] else {
        unreachable!()
    };
    assert!(fault.ends_with("at line 2 column 10"), "{fault}");
}

#[test]
fn unknown_keys_are_named_with_those_that_exist() {
    for (json, key) in [
        (
            r#"{"user": {}}"#.to_owned(),
            "unknown field `user`, expected one of `dcs`",
        ),
        (
            with(r#""messages": [{"in": "x", "text": "x", "keyboards": []}]"#),
            "unknown field `keyboards`",
        ),
        (
            with(
                r#""messages": [{"in": ["alice", "bot"], "from": "bot", "text": "x", "keyboard": [[{"txt": ""}]]}]"#,
            ),
            "unknown field `txt`",
        ),
    ] {
        let [fault] = &faults(&json)[..] else {
            unreachable!()
        };
        assert!(fault.contains(key) && fault.contains("line"), "{fault}");
    }
}

#[test]
fn a_name_stands_once() {
    let user = r#"{"first_name": "A", "phone": "12345"}"#;
    let [fault] = &faults(&format!(r#"{{"users": {{"a": {user}, "a": {user}}}}}"#))[..] else {
        unreachable!()
    };
    assert!(fault.contains("the name `a` stands here twice"), "{fault}");
}

#[test]
fn data_is_text_or_hexadecimal() {
    for data in [r#"{"hex": "f"}"#, r#"{"hex": "zz"}"#, "5"] {
        let json = format!(
            r#"{{"bots": {{"b": {{"token": "1:s", "first_name": "B", "username": "bbb", "callbacks": [{{"data": {data}}}]}}}}}}"#
        );
        let [fault] = &faults(&json)[..] else {
            unreachable!()
        };
        assert!(fault.contains("hex"), "{fault}");
    }
}

#[test]
#[allow(clippy::too_many_lines, reason = "one line for each fault")]
fn every_fault_names_its_place() {
    let callback = |callback: &str| {
        format!(
            r#"{{"bots": {{"b": {{"token": "1:s", "first_name": "B", "username": "bbb", "callbacks": [{callback}]}}}}}}"#
        )
    };
    let button = |button: &str| {
        with(&format!(
            r#""messages": [{{"in": ["alice", "bot"], "from": "bot", "text": "x", "keyboard": [[{button}]]}}]"#
        ))
    };
    let user = |fields: &str| format!(r#"{{"users": {{"a": {{"first_name": "A", {fields}}}}}}}"#);
    let cases = [
        (
            r#"{"dcs": 0}"#.to_owned(),
            "dcs: between 1 and 9 data centres are possible",
        ),
        (
            r#"{"default_dc": 3}"#.to_owned(),
            "default_dc: there is no data centre 3; this world has 2",
        ),
        (
            r#"{"apis": [{"id": 0, "hash": ""}]}"#.to_owned(),
            "apis[0].id: an api_id is a positive number",
        ),
        (
            user(r#""phone": "12""#),
            "users.a.phone: `12` is no phone number: 5 to 15 digits are wanted",
        ),
        (
            user(r#""phone": "12345", "code": "x""#),
            "users.a.code: `x` is no login code: 1 to 16 digits are wanted",
        ),
        (
            user(r#""phone": "12345", "dc": 5"#),
            "users.a: there is no data centre 5; this world has 2",
        ),
        (
            user(r#""phone": "12345", "id": -1"#),
            "users.a: -1 is no id; ids are positive and below 2^40",
        ),
        (
            user(r#""phone": "12345", "username": "@a""#),
            "users.a.username: `@a` is no username: a letter first, then \
            letters, digits and `_`, 3 to 32 together, no `@`",
        ),
        (
            user(r#""phone": "12345", "hint": "x""#),
            "users.a.hint: a hint needs a password",
        ),
        (
            user(r#""phone": "12345", "password": """#),
            "users.a.password: a password is not empty",
        ),
        (
            user(r#""phone": "12345", "contacts": ["b"]"#),
            "users.a.contacts: no user or bot is named `b`",
        ),
        (
            with(r#""unregistered": [{"phone": "+999 66 12001"}, {"phone": "9996612001"}]"#),
            "unregistered[0]: the phone 9996612001 belongs to users.alice already",
        ),
        (
            r#"{"bots": {"b": {"token": "x", "first_name": "B", "username": "bbb"}}}"#.to_owned(),
            "bots.b.token: a token is `<bot id>:<secret>`",
        ),
        (
            callback("{}"),
            "bots.b.callbacks[0]: either `data` or `game` says which button this is for",
        ),
        (
            callback(r#"{"data": ""}"#),
            "bots.b.callbacks[0].data: callback data has 1 to 64 bytes",
        ),
        (
            callback(r#"{"data": "x", "silence": true, "error": {"code": 400, "text": "X"}}"#),
            "bots.b.callbacks[0]: `silence`, `error` and `auth_key_duplicated` exclude each other",
        ),
        (
            callback(r#"{"data": "x", "error": {"code": 7, "text": "X"}}"#),
            "bots.b.callbacks[0].error.code: 7 is no error code of Telegram",
        ),
        (
            callback(r#"{"data": "x", "edit": {}}"#),
            "bots.b.callbacks[0].edit: a message has a text, a file or a game",
        ),
        (
            button(r#"{"text": "x"}"#),
            "messages[0].keyboard[0][0]: an inline button needs `data`, `url` or another inline kind",
        ),
        (
            button(r#"{"data": "x"}"#),
            "messages[0].keyboard[0][0]: a button has a text",
        ),
        (
            button(r#"{"text": "x", "data": "x", "url": "y"}"#),
            "messages[0].keyboard[0][0]: a button has one kind",
        ),
        (
            button(r#"{"text": "x", "user": "nobody"}"#),
            "messages[0].keyboard[0][0].user: no user or bot is named `nobody`",
        ),
        (
            button(""),
            "messages[0].keyboard[0]: a row has at least one button",
        ),
        (
            with(r#""messages": [{"in": ["alice", "bot"], "from": "bot", "file": "none.txt"}]"#),
            "messages[0].file: no file is named `none.txt`",
        ),
        (
            with(r#""files": {"a": {"text": "x", "size": 1}}"#),
            "files.a: either `text` or `size` says what is in it, at least a byte and at most 4000 MiB",
        ),
        (
            with(r#""files": {"a": {"size": 1, "dc": 7}}"#),
            "files.a: there is no data centre 7; this world has 2",
        ),
        (
            with(r#""files": {"a": {"size": 1, "mime": "text"}}"#),
            "files.a.mime: `text` is no MIME type",
        ),
        (
            with(
                r#""messages": [{"in": ["alice", "bot"], "from": "bot", "text": "x", "reply_keyboard": {"rows": [[{"text": "x", "url": "y"}]]}}]"#,
            ),
            "messages[0].reply_keyboard.rows[0][0]: that kind of button stands on inline keyboards only",
        ),
        (
            with(r#""messages": [{"in": ["alice", "bot"], "text": "x"}]"#),
            "messages[0]: `from` is wanted: which of the two sent it",
        ),
        (
            with(r#""messages": [{"in": "club", "from": "alice", "text": "x"}]"#),
            "messages[0].in: no chat or channel is named `club`",
        ),
        (
            with(
                r#""messages": [{"in": ["alice", "bot"], "from": "alice", "via": "alice", "text": "x"}]"#,
            ),
            "messages[0].via: no bot is named `alice`",
        ),
        (
            with(r#""messages": [{"in": ["alice", "bot"], "from": "bot", "text": "x", "id": 0}]"#),
            "messages[0].id: 0 is no message id",
        ),
        (
            with(
                r#""messages": [{"in": ["alice", "bot"], "from": "bot", "text": "x", "entities": [{"type": "bold", "offset": 0, "length": 2}]}]"#,
            ),
            "messages[0].entities[0]: it lies outside the text",
        ),
        (
            with(
                r#""messages": [{"in": ["alice", "bot"], "from": "bot", "text": "x", "force_reply": true, "hide_keyboard": true}]"#,
            ),
            "messages[0]: `keyboard`, `reply_keyboard`, `force_reply` and `hide_keyboard` exclude each other",
        ),
        (
            with(
                r#""messages": [{"in": ["alice", "bot"], "from": "bot", "text": "x"},
                    {"in": ["alice", "bot"], "from": "bot", "text": "x", "id": 1}]"#,
            ),
            "messages[1].id: users.alice has a message 1 already",
        ),
        (
            with(r#""channels": {"c": {"title": "C", "creator": "alice", "banned": ["alice"]}}"#),
            "channels.c.banned: `alice` is a member",
        ),
        (
            with(r#""channels": {"c": {"title": "", "creator": "alice"}}"#),
            "channels.c: a name or title has 1 to 128 characters",
        ),
        (
            with(r#""channels": {"c": {"title": "C", "creator": "alice", "username": "ALICE"}}"#),
            "channels.c: the username alice belongs to users.alice already",
        ),
        (
            with(r#""chats": {"c": {"title": "C", "creator": "x", "invite": "a b"}}"#),
            "chats.c.creator: no user or bot is named `x`",
        ),
        (
            with(r#""chats": {"c": {"title": "C", "creator": "alice", "invite": "a b"}}"#),
            "chats.c.invite: `a b` is no invite hash: letters, digits, `_` and `-`",
        ),
        (
            with(
                r#""errors": [{"method": "x.y", "peer": "z", "error": {"code": 400, "text": "X"}}]"#,
            ),
            "errors[0].peer: nobody is named `z`",
        ),
    ];
    for (json, expected) in cases {
        let found = faults(&json);
        assert!(
            found.iter().any(|fault| fault == expected),
            "wanted: {expected}\nfound: {found:?}"
        );
    }
}

#[test]
fn a_missing_file_is_named() {
    let error = World::load("does/not/exist.json".as_ref()).expect_err("a fault");
    assert!(error.to_string().starts_with("does/not/exist.json: "));
}
