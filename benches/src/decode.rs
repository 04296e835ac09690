//! Decoding a messages.messages with 100 messages: into PHP arrays, with all shaping; by grammers into its own structs; by
//! `json_decode` from the same data.

use std::hint::black_box;
use std::time::Instant;

use grammers_tl_types::{Deserializable, enums};
use madeline_tl::Schema;

use crate::Failure;
use crate::peer::Peer;
use crate::report::{Goal, Report, median};
use crate::sandbox::{extension, plain_php, script};

#[path = "../../crates/tl/benches/sample.rs"]
mod sample;

const ROUNDS: usize = 15;
const DECODES: u32 = 1000;

pub(crate) fn measure(report: &mut Report) -> Result<(), Failure> {
    let bytes = madeline_tl::boxed_to_bytes(Schema::api(), &sample::history(100))?;
    let file = std::env::temp_dir().join(format!("madeline-bench-messages-{}", std::process::id()));
    std::fs::write(&file, &bytes)?;
    let decode = || {
        let mut command = plain_php();
        command.arg("-d").arg(format!("extension={}", extension()));
        command
    };
    let mut ours = Peer::start(decode().arg(script("decode.php")?).arg(&file))?;
    let mut json = Peer::start(decode().arg(script("decode.php")?).arg(&file).arg("json"))?;
    ours.round(DECODES)?;
    let (mut to_grammers, mut to_json, mut php_us, mut grammers_us) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let php = ours.round(DECODES)?.wall_us;
        let theirs = grammers(&bytes)?;
        let encoded = json.round(DECODES / 10)?.wall_us;
        to_grammers.push(php / theirs);
        to_json.push(php / encoded);
        php_us.push(php);
        grammers_us.push(theirs);
    }
    std::fs::remove_file(&file)?;
    report.add(
        "decode100.vs_grammers",
        median(to_grammers),
        "x",
        Goal::AtMost(1.2),
    );
    report.add(
        "decode100.vs_json",
        median(to_json),
        "x",
        Goal::AtMost(0.125),
    );
    report.add("decode100.php_us", median(php_us), "us", Goal::Context);
    report.add(
        "decode100.grammers_us",
        median(grammers_us),
        "us",
        Goal::Context,
    );
    Ok(())
}

/// Microseconds of one decode into grammers' structs.
fn grammers(bytes: &[u8]) -> Result<f64, Failure> {
    let before = Instant::now();
    for _ in 0..DECODES {
        black_box(enums::messages::Messages::from_bytes(black_box(bytes))?);
    }
    Ok(before.elapsed().as_secs_f64() * 1e6 / f64::from(DECODES))
}
