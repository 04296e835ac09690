use madeline_tl::{Value, object};

use super::{ConvertError, converted, object, serialized, tl_error};

const NOT_NUMERIC: &str = "Given value isn't numeric";

fn bytes(text: &[u8]) -> Value {
    Value::Bytes(text.to_vec())
}

fn text(text: &[u8]) -> Value {
    Value::Text(text.to_vec())
}

#[test]
fn an_int_is_whatever_php_calls_numeric() {
    for value in [
        Value::from(5),
        "5".into(),
        " 5 ".into(),
        "5.9".into(),
        5.9.into(),
        "0.5e1".into(),
    ] {
        assert_eq!(converted("int", value).unwrap(), Value::Int(5));
    }
    assert_eq!(converted("int", f64::NAN).unwrap(), Value::Int(0));
    for value in [
        Value::from(""),
        "abc".into(),
        true.into(),
        bytes(b"5"),
        Value::List(Vec::new()),
        Value::Null,
    ] {
        assert_eq!(tl_error(converted("int", value)), NOT_NUMERIC);
    }
}

#[test]
fn an_int_has_32_bits() {
    assert_eq!(
        converted("int", i64::from(i32::MIN)).unwrap(),
        Value::Int(i32::MIN.into())
    );
    assert_eq!(
        tl_error(converted("int", 4_294_967_295_i64)),
        "Provided value 4294967295 is bigger than 2147483647"
    );
    assert_eq!(
        tl_error(converted("int", "-2147483649")),
        "Provided value -2147483649 is smaller than -2147483648"
    );
    assert_eq!(
        tl_error(converted("int", 1e30)),
        "Provided value 5076964154930102272 is bigger than 2147483647"
    );
}

#[test]
fn a_long_is_a_number_its_bytes_or_its_halves() {
    let long = i64::from_le_bytes(*b"12345678");
    for value in [
        Value::Int(long),
        text(b"12345678"),
        text(b"a12345678"),
        bytes(b"12345678"),
        long.to_string().into(),
    ] {
        assert_eq!(converted("long", value).unwrap(), Value::Int(long));
    }
    assert_eq!(
        converted("long", vec![5, -1]).unwrap(),
        Value::Int(5 | -1_i64 << 32)
    );
    assert_eq!(
        converted("long", "9223372036854775808").unwrap(),
        Value::Int(i64::MAX)
    );
    assert_eq!(converted("long", -1.5).unwrap(), Value::Int(-1));
    for value in [
        Value::from("abc"),
        text(b"b12345678"),
        vec![1].into(),
        vec![1, 2, 3].into(),
        true.into(),
    ] {
        assert_eq!(tl_error(converted("long", value)), NOT_NUMERIC);
    }
}

#[test]
fn a_hash_is_made_of_a_list_of_ids() {
    let hash = |ids: Value| {
        serialized("messages.getHistory", &object(&[("hash", ids)]))
            .map(|call| call.int("hash").unwrap())
    };
    assert_eq!(hash(vec![1].into()).unwrap(), 1);
    assert_eq!(hash(vec![1, 2, 3].into()).unwrap(), 0x0002_0211_8800_4046);
    assert_eq!(tl_error(hash(Value::List(vec![true.into()]))), NOT_NUMERIC);
}

#[test]
fn a_double_is_an_int_or_a_float() {
    assert_eq!(converted("double", 5).unwrap(), Value::Double(5.0));
    assert_eq!(converted("double", 2.5).unwrap(), Value::Double(2.5));
    for (value, kind) in [
        (Value::from("2.5"), "string"),
        (true.into(), "bool"),
        (Value::List(Vec::new()), "array"),
    ] {
        let text = format!(
            "danog\\MadelineProto\\Tools::packDouble(): Argument #1 ($value) must be of type float, {kind} given"
        );
        assert!(
            matches!(converted("double", value), Err(ConvertError::Type(message)) if message == text)
        );
    }
}

#[test]
fn a_string_is_text_bytes_or_a_number() {
    for (value, result) in [
        (text(b"a\xff"), &b"a\xff"[..]),
        (bytes(b"ab"), b"ab"),
        (5.into(), b"5"),
        (1.5.into(), b"1.5"),
    ] {
        assert_eq!(converted("string", value).unwrap(), text(result));
    }
    for value in [
        Value::from(true),
        Value::List(vec!["a".into()]),
        object!("bytes", bytes: "YWI="),
    ] {
        assert_eq!(
            tl_error(converted("string", value)),
            "A string was expected!"
        );
    }
}

#[test]
fn bytes_may_be_given_as_json_has_them() {
    assert_eq!(
        converted("bytes", object!("bytes", bytes: "/wA=")).unwrap(),
        bytes(b"\xff\x00")
    );
    assert_eq!(converted("bytes", 5).unwrap(), bytes(b"5"));
    for value in [
        Value::from(false),
        Value::List(Vec::new()),
        object!("bytes"),
        object!("other", bytes: "/wA="),
    ] {
        assert_eq!(
            tl_error(converted("bytes", value)),
            "A string was expected!"
        );
    }
}

#[test]
fn bytes_that_scripts_know_as_a_string_are_given_as_one() {
    let option = |secret: Value| object!("dcOption", id: 1, ip_address: "1.2.3.4", port: 443, secret: secret);
    assert_eq!(
        *converted("DcOption", option("abc".into()))
            .unwrap()
            .get("secret"),
        bytes(b"abc")
    );
    assert_eq!(
        tl_error(converted(
            "DcOption",
            option(object!("bytes", bytes: "YWJj"))
        )),
        "A string was expected!"
    );
}

#[test]
fn a_waveform_is_a_hundred_small_numbers() {
    let audio = |waveform: Value| {
        let audio = converted(
            "DocumentAttribute",
            object!("documentAttributeAudio", duration: 1, waveform: waveform),
        );
        audio.map(|audio| audio.bytes("waveform").unwrap().to_vec())
    };
    let values: Vec<i32> = (0..100).map(|value| value % 32).collect();
    let packed = audio(values.into()).unwrap();
    assert_eq!(packed.len(), 63);
    assert_eq!(
        packed[..5],
        [
            0b0010_0000,
            0b1000_1000,
            0b0100_0001,
            0b1000_1010,
            0b0011_1001
        ]
    );
    assert_eq!(audio(bytes(b"ab")).unwrap(), b"ab");
    assert_eq!(
        tl_error(audio(vec![0; 99].into())),
        "A waveform array must have 100 values!"
    );
    assert_eq!(
        tl_error(audio(vec![32; 100].into())),
        "A waveform value must be between 0 and 31!"
    );
    assert_eq!(
        tl_error(audio(vec![-1; 100].into())),
        "A waveform value must be between 0 and 31!"
    );
}

#[test]
fn an_int128_is_raw_or_base64() {
    let raw = bytes(b"0123456789abcdef");
    for value in [
        raw.clone(),
        text(b"0123456789abcdef"),
        "MDEyMzQ1Njc4OWFiY2RlZg==".into(),
    ] {
        assert_eq!(converted("int128", value).unwrap(), raw);
    }
    assert_eq!(
        tl_error(converted("int128", "")),
        "Given value is not 16 bytes long"
    );
    assert_eq!(
        tl_error(converted("int256", "abc")),
        "Given value is not 32 bytes long"
    );
    assert_eq!(
        tl_error(converted("int512", "abc")),
        "Given value is not 64 bytes long"
    );
    let text = "strlen(): Argument #1 ($string) must be of type string, int given";
    assert!(matches!(converted("int128", 5), Err(ConvertError::Type(message)) if message == text));
}

#[test]
fn truth_is_phps() {
    for value in [
        Value::from("0"),
        "".into(),
        0.into(),
        0.0.into(),
        Value::List(Vec::new()),
        false.into(),
        Value::Null,
    ] {
        assert_eq!(converted("Bool", value).unwrap(), Value::Bool(false));
    }
    for value in [
        Value::from("false"),
        "0.0".into(),
        (-1).into(),
        f64::NAN.into(),
        vec![0].into(),
        bytes(b""),
    ] {
        assert_eq!(converted("Bool", value.clone()).unwrap(), Value::Bool(true));
        let call = serialized("messages.sendMessage", &object(&[("no_webpage", value)])).unwrap();
        assert!(call.flag("no_webpage"));
    }
    let call = serialized(
        "messages.sendMessage",
        &object(&[("no_webpage", "0".into())]),
    )
    .unwrap();
    assert!(!call.flag("no_webpage"));
}

#[test]
fn a_vector_is_an_array_with_any_keys_but_no_object() {
    let messages = |id: Value| serialized("messages.getMessages", &object(&[("id", id)]));
    let two = object(&[("3", 7.into()), ("9", 8.into())]);
    let ids = |call: &Value| {
        call.list("id")
            .unwrap()
            .iter()
            .map(|id| id.int("id").unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(&messages(two).unwrap()), [7, 8]);
    assert_eq!(
        ids(&messages(Value::List(vec!["1".into(), 2.0.into()])).unwrap()),
        [1, 2]
    );
    for value in [
        object!("inputMessageID", id: 4),
        5.into(),
        "x".into(),
        true.into(),
    ] {
        assert_eq!(
            tl_error(messages(value)),
            "You didn't provide a valid array"
        );
    }
    assert_eq!(
        tl_error(messages(Value::List(vec!["abc".into()]))),
        NOT_NUMERIC
    );
}

#[test]
fn flags_set_by_hand_are_kept() {
    let send = |flags: Value| {
        serialized(
            "messages.sendMessage",
            &object(&[("flags", flags), ("silent", true.into())]),
        )
    };
    assert!(send(0.into()).unwrap().flag("silent"));
    for (flags, param) in [
        (Value::from(1), "reply_to"),
        (true.into(), "reply_to"),
        (2.0.into(), "no_webpage"),
        ("64".into(), "background"),
    ] {
        assert_eq!(
            tl_error(send(flags)),
            format!("Missing required parameter {param}")
        );
    }
    assert_eq!(
        tl_error(send((1_i64 << 32).into())),
        "Provided value 4294967296 is bigger than 4294967296"
    );
    assert_eq!(
        tl_error(send((-1).into())),
        "Provided value -1 is smaller than 0"
    );
}

#[test]
fn json_is_made_of_any_value() {
    let request = |params: Value| {
        let call = serialized("bots.sendCustomRequest", &object(&[("params", params)]))?;
        Ok::<_, ConvertError>(call.get("params").text("data").unwrap().to_owned())
    };
    let nested = object(&[
        ("a", vec![1, 2].into()),
        ("b/\u{e9}\u{1f600}\"\n", bytes(b"\xff")),
        ("7", 1e25.into()),
    ]);
    for (value, json) in [
        (
            nested,
            r#"{"a":[1,2],"b\/\u00e9\ud83d\ude00\"\n":{"_":"bytes","bytes":"\/w=="},"7":1.0e+25}"#,
        ),
        (Value::List(Vec::new()), "[]"),
        ("str".into(), r#""str""#),
        (true.into(), "true"),
        (1.5.into(), "1.5"),
        (Value::Null, "null"),
        (object!("dataJSON", data: "[1]"), "[1]"),
    ] {
        assert_eq!(request(value).unwrap(), json);
    }
    for (value, message) in [
        (
            text(b"\xff"),
            "Malformed UTF-8 characters, possibly incorrectly encoded",
        ),
        (f64::INFINITY.into(), "Inf and NaN cannot be JSON encoded"),
        (
            (0..600).fold(Value::Null, |value, _| Value::List(vec![value])),
            "Maximum stack depth exceeded",
        ),
    ] {
        assert!(matches!(request(value), Err(ConvertError::Json(text)) if text == message));
    }
}
