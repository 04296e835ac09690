//! Which faults strike: one at random after the other, each on one account or on whoever comes next.

use serde_json::{Value, json};

use super::ACCOUNTS;
use crate::random::Random;

/// The next fault, as the control channel takes it.
pub(super) fn draw(random: &mut Random) -> Value {
    let [first, others @ ..] = &KINDS;
    let (mut kind, mut draw) = random.one_of(*first, others);
    if kind == Kind::Accept && random.below(3) > 0 {
        // They cost a connection its whole time limit: a third as often as the others.
        (kind, draw) = random.one_of((kind, draw), others);
    }
    let mut command = draw(random);
    if let Some(fields) = command.as_object_mut() {
        let on = match kind {
            Kind::Accept => json!({"dc": 2, "skip": random.below(2)}),
            Kind::Everybody => json!({}),
            Kind::Account => {
                let account = random.below(ACCOUNTS as u64);
                let mut on = json!({"user": format!("person{account}")});
                if let (Some(on), false) = (on.as_object_mut(), is_done_at_once(fields)) {
                    on.insert("skip".to_owned(), random.below(10).into());
                    on.insert("times".to_owned(), (1 + random.below(2)).into());
                    on.insert("seed".to_owned(), random.below(1 << 32).into());
                }
                on
            }
        };
        fields.insert("on".to_owned(), on);
    }
    command
}

/// Whom a fault concerns.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// The next connection, whosever it is.
    Accept,
    /// One account.
    Account,
    /// All.
    Everybody,
}

/// Makes a command, without whom it concerns.
type Draw = fn(&mut Random) -> Value;

/// Every fault of the sandbox but those that end a login, and `lose`: what TCP has taken comes, or the connection ends.
const KINDS: [(Kind, Draw); 38] = [
    (Kind::Accept, |_| json!({"do": "refuse"})),
    (Kind::Accept, |_| json!({"do": "half_open"})),
    (Kind::Accept, |_| json!({"do": "half_open", "deaf": true})),
    (
        Kind::Account,
        |random| json!({"do": "transport_error", "code": random.one_of(-404, &[-429, -444])}),
    ),
    (Kind::Account, |_| json!({"do": "close_before"})),
    (Kind::Account, |_| json!({"do": "close_after"})),
    (Kind::Account, |_| json!({"do": "ignore"})),
    (Kind::Account, |_| json!({"do": "no_answer"})),
    (
        Kind::Account,
        |random| json!({"do": "delay_answer", "ms": random.below(3000)}),
    ),
    (Kind::Account, |random| {
        let (code, text) = random.one_of(
            (420, "FLOOD_WAIT_1"),
            &[
                (420, "SLOWMODE_WAIT_1"),
                (420, "FLOOD_PREMIUM_WAIT_1"),
                (500, "RPC_CALL_FAIL"),
                (-503, "Timeout"),
                (400, "PEER_ID_INVALID"),
                (406, "UPDATE_APP_TO_LOGIN"),
            ],
        );
        json!({"do": "rpc_error", "code": code, "text": text})
    }),
    (
        Kind::Account,
        |random| json!({"do": "bad_msg", "code": random.one_of(16, &[17, 18, 19, 20, 32, 33, 34, 35, 48, 64])}),
    ),
    (Kind::Account, |_| json!({"do": "detailed_info"})),
    (Kind::Account, |_| json!({"do": "gzip_bomb"})),
    (Kind::Account, |_| json!({"do": "no_ack"})),
    (Kind::Account, |_| json!({"do": "cut"})),
    (
        Kind::Account,
        |random| json!({"do": "delay", "ms": random.below(2000)}),
    ),
    (
        Kind::Account,
        |random| json!({"do": "duplicate", "ms": random.below(1500)}),
    ),
    (
        Kind::Account,
        |random| json!({"do": "corrupt", "xor": 1 << random.below(8)}),
    ),
    (
        Kind::Account,
        |random| json!({"do": "corrupt", "stream": true, "xor": 1 << random.below(8)}),
    ),
    (Kind::Account, |_| json!({"do": "wrong_session"})),
    (Kind::Account, |_| json!({"do": "wrong_key"})),
    (
        Kind::Account,
        |random| json!({"do": "wrong_parity", "low_bits": random.one_of(0, &[2])}),
    ),
    (
        Kind::Account,
        |random| json!({"do": "shift_msg_id", "seconds": random.one_of(-301, &[31, -7200, 7200])}),
    ),
    (
        Kind::Account,
        |random| json!({"do": "padding", "bytes": random.one_of(0, &[1028])}),
    ),
    (
        Kind::Account,
        |random| json!({"do": "length", "value": random.one_of(-1, &[0, 3, 1 << 24, i32::MAX])}),
    ),
    (
        Kind::Account,
        |random| json!({"do": "close", "reset": random.below(2) == 0}),
    ),
    (
        Kind::Account,
        |random| json!({"do": "black_hole", "ms": 200 + random.below(4000), "deaf": random.below(2) == 0}),
    ),
    (Kind::Account, |random| {
        let what = random.one_of(
            "config_update",
            &[
                "new_detailed_info",
                "nested_container",
                "unknown_constructor",
                "unknown_answer",
                "bad_msg",
                "huge_container",
                "huge_acks",
                "huge_salts",
                "huge_updates",
                "huge_result",
                "gzip_bomb",
                "deep_nesting",
                "malformed",
            ],
        );
        json!({"do": "say", "what": what})
    }),
    (Kind::Account, |_| json!({"do": "change_salt"})),
    (
        Kind::Account,
        |_| json!({"do": "forget_session", "keep_init": true}),
    ),
    (Kind::Account, |_| json!({"do": "forget_session"})),
    (
        Kind::Account,
        |random| json!({"do": "reorder", "ms": 50 + random.below(500)}),
    ),
    (Kind::Account, |_| json!({"do": "lose_update"})),
    (
        Kind::Account,
        |random| json!({"do": "delay_update", "ms": 50 + random.below(1500)}),
    ),
    (Kind::Account, |_| json!({"do": "repeat_update"})),
    (Kind::Account, |_| json!({"do": "too_long"})),
    (Kind::Everybody, |_| json!({"do": "close"})),
    (
        Kind::Everybody,
        |random| json!({"do": "clock", "offset": random.one_of(0, &[0, 0, 20, -20, 4000, -4000])}),
    ),
];

/// Commands that are done at once and take no `skip`.
fn is_done_at_once(fields: &serde_json::Map<String, Value>) -> bool {
    let verb = fields.get("do").and_then(Value::as_str);
    verb.is_some_and(|verb| {
        [
            "close",
            "black_hole",
            "say",
            "change_salt",
            "forget_session",
            "clock",
        ]
        .contains(&verb)
    })
}
