#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::{Document, Key, Notation, Value};

const SERIALIZED: &[u8] =
    b"a:6:{s:1:\"p\";O:1:\"A\":2:{s:4:\"\0A\0x\";i:-70000;s:4:\"\0*\0y\";b:1;}s:1:\"q\";R:2;\
    s:1:\"r\";r:2;i:3;d:1.5;s:1:\"e\";E:3:\"S:A\";s:1:\"c\";C:1:\"P\":3:{{}\"}}";

/// The same: without the class that serializes itself.
fn igbinary() -> Vec<u8> {
    let bytes = [
        "00000002",
        "1405", // an array of five
        "110170",
        "25",
        "170141",
        "1402", // p: a reference to an object of class A
        "1104004100",
        "78",
        "0b00011170", // x: -70000
        "1104002a00",
        "79",
        "05", // y: true
        "110171",
        "25",
        "2201", // q: it
        "110172",
        "2201", // r: it
        "0603",
        "0c3ff8000000000000", // 3: 1.5
        "110165",
        "170153",
        "27",
        "0e01", // e: a case
    ];
    let digits: Vec<_> = bytes.concat().into_bytes();
    let digit = |digit: u8| char::from(digit).to_digit(16).unwrap() as u8;
    let pairs = digits.chunks(2);
    pairs
        .map(|pair| digit(pair[0]) << 4 | digit(pair[1]))
        .collect()
}

fn check(document: &Document<'_>) {
    let root = document.root();
    for name in ["p", "q", "r"] {
        let object = root.get(name).unwrap();
        assert_eq!(
            object.get("x").and_then(Value::int),
            Some(-70_000),
            "{name}"
        );
        assert_eq!(object.get("y").and_then(Value::bool), Some(true), "{name}");
        assert!(object.get("A").is_none(), "{name}");
    }
    let keys: Vec<_> = root.entries().map(|(key, _)| key).take(5).collect();
    let text = |text: &'static str| Key::Text(text.as_bytes());
    assert_eq!(
        keys,
        [text("p"), text("q"), text("r"), Key::Int(3), text("e")]
    );
    assert!(root.get("e").unwrap().text().is_none());
    assert!(root.int().is_none());
}

#[test]
fn values_are_found_in_both_notations() {
    check(&Document::read(SERIALIZED, Notation::Serialized).unwrap());
    check(&Document::read(&igbinary(), Notation::Igbinary).unwrap());
}

#[test]
fn what_ends_early_or_late_is_refused() {
    for (whole, notation) in [
        (SERIALIZED.to_vec(), Notation::Serialized),
        (igbinary(), Notation::Igbinary),
    ] {
        for length in 0..whole.len() {
            assert!(
                Document::read(&whole[..length], notation).is_err(),
                "{length}"
            );
        }
        let longer = [whole, vec![0]].concat();
        assert!(Document::read(&longer, notation).is_err());
    }
}

#[test]
fn what_is_damaged_is_refused_or_read_otherwise_and_nothing_else_happens() {
    for (whole, notation) in [
        (SERIALIZED.to_vec(), Notation::Serialized),
        (igbinary(), Notation::Igbinary),
    ] {
        for at in 0..whole.len() {
            for byte in [0, 0x2f, 0x3a, 0x7f, 0xff, whole[at] ^ 1] {
                let mut damaged = whole.clone();
                damaged[at] = byte;
                if let Ok(document) = Document::read(&damaged, notation) {
                    for (_, value) in document.root().entries() {
                        let _ = (value.int(), value.text(), value.get("x"));
                    }
                }
            }
        }
    }
}

#[test]
fn sizes_that_lie_are_refused() {
    for text in [
        "a:9999999999:{}",
        "a:2:{i:1;i:1;}",
        "a:0:{i:1;i:1;}",
        "s:99999999999999999999:\"a\";",
        "s:5:\"abc\";",
        "a:-1:{}",
        "C:1:\"A\":18446744073709551615:{x}",
    ] {
        assert!(
            Document::read(text.as_bytes(), Notation::Serialized).is_err(),
            "{text}"
        );
    }
    let huge = [0, 0, 0, 2, 0x16, 0xff, 0xff, 0xff, 0xff];
    assert!(Document::read(&huge, Notation::Igbinary).is_err());
}

#[test]
fn what_refers_to_itself_has_no_value() {
    for text in ["r:1;", "a:1:{i:0;R:2;}", "a:1:{i:0;r:2;}", "r:7;", "r:0;"] {
        if let Ok(document) = Document::read(text.as_bytes(), Notation::Serialized) {
            assert!(document.root().int().is_none());
            assert!(
                document
                    .root()
                    .entries()
                    .all(|(_, value)| value.int().is_none())
            );
        }
    }
}

#[test]
fn depth_is_limited() {
    let nested = |depth| "a:1:{i:0;".repeat(depth) + "i:1;" + &"}".repeat(depth);
    assert!(Document::read(nested(1000).as_bytes(), Notation::Serialized).is_ok());
    assert!(Document::read(nested(10_000).as_bytes(), Notation::Serialized).is_err());
}
