//! Medians of encoding and decoding: `cargo bench -p madeline-tl`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    clippy::print_stdout,
    reason = "a benchmark"
)]

mod sample;

use std::hint::black_box;
use std::time::{Duration, Instant};

use grammers_tl_types::{Deserializable, Serializable, enums};
use madeline_tl::{
    Decoder, Schema, Shape, Strict, Ty, Value, ValueRef, ValueSink, boxed_to_bytes, encode_method,
    object,
};

fn main() {
    let api = Schema::api();
    let call = object!(
        "messages.sendMessage",
        no_webpage: true,
        peer: object!("inputPeerUser", user_id: 5_000_000_001_i64, access_hash: 77),
        message: "The quick brown fox jumps over the lazy dog",
        random_id: 123_456_789_i64,
        entities: [object!("messageEntityBold", offset: 4, length: 5)],
    );
    let method = api.method("messages.sendMessage").unwrap();
    let mut out = Vec::with_capacity(1 << 10);
    report("encode messages.sendMessage", || {
        out.clear();
        encode_method(api, method, ValueRef::Value(&call), &mut Strict, &mut out).unwrap();
    });

    let history = sample::history(100);
    let bytes = boxed_to_bytes(api, &history).unwrap();
    println!("history of 100 messages: {} bytes", bytes.len());
    report("encode history", || {
        out.clear();
        madeline_tl::encode(
            api,
            Ty::Object,
            ValueRef::Value(&history),
            &mut Strict,
            &mut out,
        )
        .unwrap();
    });
    for shape in [Shape::Raw, Shape::V8, Shape::V7] {
        let decoder = Decoder::new(api, shape);
        report(&format!("decode history into Value, {shape:?}"), || {
            let (value, _): (Value, usize) =
                decoder.decode(Ty::Object, &bytes, &mut ValueSink).unwrap();
            black_box(value);
        });
    }
    report("decode history, grammers-tl-types", || {
        black_box(enums::messages::Messages::from_bytes(&bytes).unwrap());
    });
    let typed = enums::messages::Messages::from_bytes(&bytes).unwrap();
    report("encode history, grammers-tl-types", || {
        black_box(typed.to_bytes());
    });
}

/// Prints the median time of one run.
fn report(what: &str, mut run: impl FnMut()) {
    let rounds = (0..101).map(|_| {
        let (start, mut runs) = (Instant::now(), 0);
        while start.elapsed() < Duration::from_millis(5) {
            run();
            runs += 1;
        }
        start.elapsed() / runs
    });
    let mut rounds: Vec<Duration> = rounds.collect();
    rounds.sort_unstable();
    println!(
        "{what:44} {:>10.3} µs",
        rounds.get(50).unwrap().as_nanos() as f64 / 1e3
    );
}
