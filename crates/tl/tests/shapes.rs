//! What scripts of each release see.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "tests"
)]

use madeline_tl::{
    DecodeErrorKind, Decoder, Definition, Key, Schema, Shape, Sink, Ty, Value, ValueSink,
    boxed_to_bytes, object,
};

fn decode(shape: Shape, object: &Value) -> Value {
    let api = Schema::api();
    decode_with(&Decoder::new(api, shape), object)
}

fn decode_with(decoder: &Decoder<'_>, object: &Value) -> Value {
    let bytes = boxed_to_bytes(decoder.schema(), object).unwrap();
    decoder
        .decode(Ty::Object, &bytes, &mut ValueSink)
        .unwrap()
        .0
}

const SCRIPTS: [Shape; 3] = [Shape::V8, Shape::V7, Shape::V4];
const ARRAYS: [Shape; 2] = [Shape::V7, Shape::V4];

fn message() -> Value {
    object!(
        "message",
        silent: true,
        id: 42,
        from_id: object!("peerUser", user_id: 7),
        peer_id: object!("peerChannel", channel_id: 1_234_567_890),
        date: 1_700_000_000,
        message: "hi",
    )
}

#[test]
fn flags_are_truth_values_and_their_words_are_gone() {
    for shape in SCRIPTS {
        let message = decode(shape, &message());
        assert_eq!(message.get("silent"), &Value::Bool(true));
        assert_eq!(message.get("post"), &Value::Bool(false));
        assert!(!message.has("flags") && !message.has("flags2") && !message.has("views"));
    }
    let raw = decode(Shape::Raw, &message());
    assert_eq!(raw, message());
}

#[test]
fn peers_are_numbers_in_v8_and_arrays_before() {
    for (peer, number) in [
        (object!("peerUser", user_id: 7), 7),
        (object!("peerChat", chat_id: 8), -8),
        (object!("peerChannel", channel_id: 9), -1_000_000_000_009),
    ] {
        assert_eq!(decode(Shape::V8, &peer), Value::Int(number));
        for shape in [Shape::V7, Shape::V4, Shape::Raw] {
            assert_eq!(decode(shape, &peer), peer);
        }
    }
    let v8 = decode(Shape::V8, &message());
    assert_eq!(
        (v8.int("from_id"), v8.int("peer_id")),
        (Ok(7), Ok(-1_001_234_567_890))
    );
    let v7 = decode(Shape::V7, &message());
    assert_eq!(v7.get("from_id"), &object!("peerUser", user_id: 7));
    assert_eq!(
        v7.get("peer_id"),
        &object!("peerChannel", channel_id: 1_234_567_890)
    );
    assert!(!v8.has("to_id") && !v7.has("to_id"));
}

#[test]
fn the_oldest_shape_has_from_id_as_a_number_and_to_id() {
    let v4 = decode(Shape::V4, &message());
    assert_eq!(v4.int("from_id"), Ok(7));
    let peer = object!("peerChannel", channel_id: 1_234_567_890);
    assert_eq!((v4.get("peer_id"), v4.get("to_id")), (&peer, &peer));
}

#[test]
fn ids_of_chats_are_the_bot_apis_in_v8() {
    let api = |name, id: i64| object!(name, id: id, title: "t", access_hash: 5);
    let forbidden = |name| decode(Shape::V8, &api(name, 77));
    assert_eq!(forbidden("chatForbidden").int("id"), Ok(-77));
    assert_eq!(
        forbidden("channelForbidden").int("id"),
        Ok(-1_000_000_000_077)
    );
    let update = object!("updateChannel", channel_id: 77);
    assert_eq!(
        decode(Shape::V8, &update).int("channel_id"),
        Ok(-1_000_000_000_077)
    );
    let update = object!("updateChat", chat_id: 77);
    assert_eq!(decode(Shape::V8, &update).int("chat_id"), Ok(-77));
    let user = object!("userEmpty", id: 77);
    assert_eq!(decode(Shape::V8, &user).int("id"), Ok(77));
    for shape in ARRAYS {
        assert_eq!(decode(shape, &api("chatForbidden", 77)).int("id"), Ok(77));
        assert_eq!(decode(shape, &update).int("chat_id"), Ok(77));
    }
}

#[test]
fn any_positive_id_is_one_of_a_channel() {
    let api = Schema::api();
    let channel = |id: i64| object!("channelForbidden", id: id, access_hash: 1, title: "t");
    // The last ones are channels' direct messages, and beyond every range there is.
    for (id, number) in [
        (1, -1_000_000_000_001),
        (997_852_516_352, -1_997_852_516_352),
        (1_002_147_483_649, -2_002_147_483_649),
        (3_000_000_000_000, -4_000_000_000_000),
        (i64::MAX - 1_000_000_000_000, -i64::MAX),
    ] {
        assert_eq!(decode(Shape::V8, &channel(id)).int("id"), Ok(number));
    }
    for id in [0, -1, i64::MAX] {
        let bytes = boxed_to_bytes(api, &channel(id)).unwrap();
        let error = Decoder::new(api, Shape::V8).decode(Ty::Object, &bytes, &mut ValueSink);
        assert_eq!(
            error.unwrap_err().kind(),
            &DecodeErrorKind::ChannelId { id }
        );
        // Before version 8, ids were given as they came.
        assert_eq!(decode(Shape::V7, &channel(id)).int("id"), Ok(id));
    }
}

#[test]
fn a_number_named_flags_is_left_out() {
    let notification = object!("receivedNotifyMessage", id: 5, flags: 6);
    for shape in SCRIPTS {
        assert_eq!(
            decode(shape, &notification),
            object!("receivedNotifyMessage", id: 5)
        );
    }
    assert_eq!(decode(Shape::Raw, &notification), notification);
}

#[test]
fn parameters_know_whether_scripts_get_their_bytes_as_text() {
    let api = Schema::api();
    let is_text = |constructor, param| {
        api.constructor(constructor)
            .unwrap()
            .param(param)
            .unwrap()
            .is_text()
    };
    assert!(is_text("dcOption", "secret") && is_text("upload.fileCdnRedirect", "file_token"));
    assert!(!is_text("upload.file", "bytes") && !is_text("dcOption", "ip_address"));
}

#[test]
fn access_hashes_of_peers_are_kept_on_request() {
    let user = object!("user", id: 7, access_hash: 99, first_name: "A");
    for shape in SCRIPTS {
        assert!(!decode(shape, &user).has("access_hash"));
        let keeping = Decoder::new(Schema::api(), shape).keep_access_hashes(true);
        assert_eq!(decode_with(&keeping, &user).int("access_hash"), Ok(99));
        // Those of files are the script's.
        let photo = object!("inputPhoto", id: 1, access_hash: 2, file_reference: b"");
        assert_eq!(decode(shape, &photo).int("access_hash"), Ok(2));
    }
    assert_eq!(decode(Shape::Raw, &user).int("access_hash"), Ok(99));
}

#[test]
fn absent_optional_truth_values_are_false_before_v8() {
    let settings = object!("peerNotifySettings", silent: true);
    for shape in ARRAYS {
        let settings = decode(shape, &settings);
        assert_eq!(
            (settings.get("silent"), settings.get("show_previews")),
            (&Value::Bool(true), &Value::Bool(false))
        );
        assert!(!settings.has("mute_until"));
    }
    assert!(!decode(Shape::V8, &settings).has("show_previews"));
}

#[test]
fn bytes_are_bytes_except_those_that_are_strings() {
    let answer = object!("upload.cdnFile", bytes: b"\xff");
    let option = object!("dcOption", id: 1, ip_address: "::1", port: 443, secret: b"\x01");
    let redirect = object!(
        "upload.fileCdnRedirect",
        dc_id: 1, file_token: b"t", encryption_key: b"k", encryption_iv: b"i", file_hashes: Vec::<Value>::new(),
    );
    for shape in SCRIPTS {
        assert_eq!(
            decode(shape, &answer).get("bytes"),
            &Value::Bytes(b"\xff".to_vec())
        );
        assert_eq!(
            decode(shape, &option).get("secret"),
            &Value::Text(b"\x01".to_vec())
        );
        assert_eq!(
            decode(shape, &redirect).get("file_token"),
            &Value::Text(b"t".to_vec())
        );
    }
}

#[test]
fn some_longs_are_strings_of_8_bytes() {
    let pong = object!("pong", msg_id: 1, ping_id: 2);
    let keys = object!("resPQ", nonce: [1; 16], server_nonce: [2; 16], pq: b"p", server_public_key_fingerprints: vec![3_i64]);
    let decoder = Decoder::new(Schema::mtproto(), Shape::V8);
    assert_eq!(
        decode_with(&decoder, &pong).get("ping_id"),
        &Value::Text(2_i64.to_le_bytes().to_vec())
    );
    let keys = decode_with(&decoder, &keys);
    assert_eq!(keys.get("nonce"), &Value::Text(vec![1; 16]));
    assert_eq!(
        keys.get("server_public_key_fingerprints"),
        &Value::List(vec![Value::Text(3_i64.to_le_bytes().to_vec())])
    );
}

#[test]
fn json_is_parsed() {
    let text = r#"{"a":[1,2.5,null,"x",true,{}],"b":18446744073709551615,"a":-7}"#;
    let value = decode(Shape::V8, &object!("dataJSON", data: text));
    let object = value.as_object().unwrap();
    assert_eq!(
        object.fields().map(|(key, _)| key).collect::<Vec<_>>(),
        ["a", "b"]
    );
    assert_eq!(value.get("a"), &Value::Int(-7));
    assert_eq!(value.get("b"), &Value::Double(18_446_744_073_709_551_615.0));
    for broken in ["", "{", "[1,]", "nope", "1 2"] {
        assert_eq!(
            decode(Shape::V8, &object!("dataJSON", data: broken)),
            Value::Null
        );
    }
    assert_eq!(
        decode(Shape::Raw, &object!("dataJSON", data: "1")),
        object!("dataJSON", data: "1")
    );
}

#[test]
fn json_values_are_plain_values() {
    let number = |value: f64| object!("jsonNumber", value: value);
    let member = |key: &str, value: Value| object!("jsonObjectValue", key: key, value: value);
    let array = object!("jsonArray", value: [object!("jsonNull"), object!("jsonBool", value: true), number(1.5)]);
    let object = object!("jsonObject", value: [member("a", array), member("s", object!("jsonString", value: "t"))]);
    for shape in SCRIPTS {
        let value = decode(shape, &object);
        assert_eq!(
            value.get("a"),
            &Value::from([Value::Null, Value::Bool(true), Value::Double(1.5)])
        );
        assert_eq!(value.text("s"), Ok("t"));
    }
}

#[test]
fn waveforms_are_100_numbers() {
    // Value n is n % 32: packed 5 bits each, from the lowest up.
    let mut packed = vec![0_u8; 63];
    for index in 0..500 {
        let value = (index / 5) % 32;
        packed[index / 8] |= ((value >> (index % 5) & 1) as u8) << (index % 8);
    }
    let audio =
        |waveform: Vec<u8>| object!("documentAttributeAudio", duration: 1, waveform: waveform);
    let expected: Value = (0..100).map(|value| value % 32).collect();
    assert_eq!(decode(Shape::V8, &audio(packed)).get("waveform"), &expected);
    let short: Value = (0..100)
        .map(|value| if value == 0 { 31 } else { 0 })
        .collect();
    assert_eq!(decode(Shape::V8, &audio(vec![31])).get("waveform"), &short);
}

#[test]
fn stripped_photos_are_completed() {
    let size = |bytes: &[u8]| {
        decode(
            Shape::V8,
            &object!("photoStrippedSize", type: "i", bytes: bytes),
        )
    };
    let photo = size(&[1, 30, 40, 0xaa, 0xbb]);
    let jpeg = photo.bytes("inflated").unwrap();
    // Telegram's head has 623 bytes, with the height at 164 and the width at 166.
    assert_eq!(jpeg.len(), 623 + 2 + 2);
    assert!(jpeg.starts_with(b"\xff\xd8\xff\xe0\0\x10JFIF\0"));
    assert_eq!((jpeg[164], jpeg[166]), (30, 40));
    assert!(jpeg.ends_with(&[0xaa, 0xbb, 0xff, 0xd9]));
    assert_eq!(photo.bytes("bytes"), Ok(&[1, 30, 40, 0xaa, 0xbb][..]));
    for other in [&[][..], &[1, 30], &[2, 30, 40, 0xaa]] {
        assert_eq!(size(other).bytes("inflated"), Ok(&[][..]));
    }
}

#[test]
fn random_bytes_are_checked_and_dropped() {
    let schema = Schema::parse(
        "// LAYER 1\nlayer#1 random_bytes:bytes x:int = Layer;",
        None,
    )
    .unwrap();
    let decoder = Decoder::new(&schema, Shape::V8);
    let layer = |length: usize| object!("layer", random_bytes: vec![0_u8; length], x: 5);
    assert_eq!(decode_with(&decoder, &layer(15)), object!("layer", x: 5));
    let bytes = boxed_to_bytes(&schema, &layer(14)).unwrap();
    let error = decoder
        .decode(Ty::Object, &bytes, &mut ValueSink)
        .unwrap_err();
    assert_eq!(error.kind(), &DecodeErrorKind::ShortPadding { length: 14 });
}

#[test]
fn truth_values_and_vectors_of_methods_are_plain() {
    let api = Schema::api();
    let decode = |ty: &str, bytes: &[u8]| {
        Decoder::new(api, Shape::V8)
            .decode(api.ty(ty).unwrap(), bytes, &mut ValueSink)
            .unwrap()
            .0
    };
    assert_eq!(
        decode("Bool", &0x9972_75b5_u32.to_le_bytes()),
        Value::Bool(true)
    );
    assert_eq!(
        decode("Object", &0xbc79_9737_u32.to_le_bytes()),
        Value::Bool(false)
    );
    let users = [0x1cb5_c415_u32, 1, 0xd3bc_4b7a, 5, 0]
        .map(u32::to_le_bytes)
        .concat();
    assert_eq!(
        decode("Vector<User>", &users),
        Value::from([object!("userEmpty", id: 5)])
    );
}

/// Records what the codec tells beside the values.
#[derive(Default)]
struct Recorder {
    inner: ValueSink,
    seen: Vec<(String, Vec<u8>)>,
    messages: usize,
    capacities: Vec<(String, usize)>,
}

impl Sink for Recorder {
    type Value = Value;
    type Map = madeline_tl::Object;
    type List = Vec<Value>;

    fn null(&mut self) -> Value {
        self.inner.null()
    }
    fn bool(&mut self, value: bool) -> Value {
        self.inner.bool(value)
    }
    fn int(&mut self, value: i64) -> Value {
        self.inner.int(value)
    }
    fn double(&mut self, value: f64) -> Value {
        self.inner.double(value)
    }
    fn text(&mut self, value: &[u8]) -> Value {
        self.inner.text(value)
    }
    fn bytes(&mut self, value: &[u8]) -> Value {
        self.inner.bytes(value)
    }
    fn map(&mut self, definition: Definition<'_>, capacity: usize) -> Self::Map {
        self.capacities
            .push((definition.name().to_owned(), capacity));
        self.inner.map(definition, capacity)
    }
    fn put(&mut self, map: &mut Self::Map, key: Key<'_>, value: Value) {
        self.inner.put(map, key, value);
    }
    fn finish_map(&mut self, map: Self::Map, definition: Definition<'_>) -> Value {
        if definition.is_message() {
            assert_eq!(map.get("id"), Some(&Value::Int(42)));
            self.messages += 1;
        }
        let (name, capacity) = self.capacities.pop().unwrap();
        // A dropped access hash may leave room for one.
        assert!(
            map.fields().len() <= capacity && capacity <= map.fields().len() + 1,
            "{name}"
        );
        self.inner.finish_map(map, definition)
    }
    fn list(&mut self, capacity: usize) -> Self::List {
        self.inner.list(capacity)
    }
    fn push(&mut self, list: &mut Self::List, value: Value) {
        self.inner.push(list, value);
    }
    fn finish_list(&mut self, list: Self::List) -> Value {
        self.inner.finish_list(list)
    }
    fn table(&mut self, capacity: usize) -> Self::Map {
        self.inner.table(capacity)
    }
    fn set(&mut self, table: &mut Self::Map, key: &[u8], value: Value) {
        self.inner.set(table, key, value);
    }
    fn finish_table(&mut self, table: Self::Map) -> Value {
        self.inner.finish_table(table)
    }
    fn seen(&mut self, definition: Definition<'_>, bytes: &[u8]) {
        self.seen
            .push((definition.name().to_owned(), bytes.to_vec()));
    }
}

#[test]
fn peers_are_reported_with_their_bytes_and_messages_are_marked() {
    let api = Schema::api();
    let user = object!("userEmpty", id: 5);
    let chat = object!("channelForbidden", id: 6, access_hash: 7, title: "t");
    let answer = object!(
        "messages.messages",
        messages: [message()], topics: Vec::<Value>::new(), chats: [chat.clone()], users: [user.clone()],
    );
    let bytes = boxed_to_bytes(api, &answer).unwrap();
    for shape in [Shape::Raw, Shape::V8] {
        let mut sink = Recorder::default();
        Decoder::new(api, shape)
            .decode(Ty::Object, &bytes, &mut sink)
            .unwrap();
        let expected = [chat.clone(), user.clone()]
            .map(|peer| (peer.name().to_owned(), boxed_to_bytes(api, &peer).unwrap()));
        assert_eq!(sink.seen, expected);
        assert_eq!(sink.messages, 1);
    }
}
