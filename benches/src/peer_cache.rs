//! A session that knows a million peers: looking one up, memory, and opening it, beside one that knows a hundred.

use std::path::Path;
use std::time::Instant;

use madeline_client::peers::PeerId;
use madeline_client::{Client, Config};
use madeline_tl::{Schema, Value, boxed_to_bytes, object};

use crate::Failure;

use crate::ours::runtime;
use crate::peer::Peer;
use crate::program::{answer, resident_mb};
use crate::report::{Goal, Report};
use crate::sandbox::Sandbox;

const MANY: i64 = 1_000_000;
const FEW: i64 = 100;
/// Peers in one answer of the server.
const BATCH: i64 = 1000;
const FIRST_ID: i64 = 10_000_000;
const LOOKUPS: u32 = 20_000;
const RUNS: usize = 5;

pub(crate) fn measure(sandbox: &Sandbox, report: &mut Report) -> Result<(), Failure> {
    let directory = |count: i64| format!("peers-{count}");
    for count in [FEW, MANY] {
        ask(sandbox, &directory(count), "fill", count)?;
    }
    let (mut opening, mut small, mut growth) = (Vec::new(), Vec::new(), Vec::new());
    let (mut ids, mut names, mut constructors) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let few = ask(sandbox, &directory(FEW), "read", FEW)?;
        let many = ask(sandbox, &directory(MANY), "read", MANY)?;
        small.push(few.open_ms);
        opening.push(many.open_ms);
        growth.push(many.resident_mb - few.resident_mb);
        ids.push(many.by_id_us);
        names.push(many.by_name_us);
        constructors.push(many.constructor_us);
    }
    report.median("peer_lookup_us", ids, "us", Goal::AtMost(20.0));
    report.median("peer_lookup.username_us", names, "us", Goal::AtMost(20.0));
    report.median(
        "peer_lookup.constructor_us",
        constructors,
        "us",
        Goal::AtMost(20.0),
    );
    report.median("peer_cache.rss_growth_mb", growth, "MB", Goal::AtMost(40.0));
    report.median("peer_cache.open_ms", opening, "ms", Goal::Context);
    report.median("peer_cache.open_few_ms", small, "ms", Goal::Context);
    Ok(())
}

/// What reading a session costs.
#[derive(serde::Serialize, serde::Deserialize)]
struct Figures {
    open_ms: f64,
    by_id_us: f64,
    by_name_us: f64,
    constructor_us: f64,
    resident_mb: f64,
}

fn ask(sandbox: &Sandbox, directory: &str, what: &str, count: i64) -> Result<Figures, Failure> {
    let count = count.to_string();
    let mut process = Peer::role(sandbox, &["peers", directory, what, &count])?;
    Ok(serde_json::from_str(&process.ask("")?)?)
}

/// Fills a session with as many users.
pub(crate) fn fill(directory: &str, count: i64) -> Result<(), Failure> {
    wait_for_line()?;
    let started = Instant::now();
    runtime()?.block_on(async {
        let client = Client::open(Path::new(directory), Config::default()).await?;
        for start in (0..count).step_by(BATCH as usize) {
            let users = (start..count.min(start + BATCH)).map(user);
            let users = users.collect::<Result<Vec<_>, Failure>>()?;
            client.learn(users.iter().map(Vec::as_slice))?;
        }
        client.close().await;
        Ok::<_, Failure>(())
    })?;
    answer(&Figures {
        open_ms: started.elapsed().as_secs_f64() * 1e3,
        by_id_us: 0.0,
        by_name_us: 0.0,
        constructor_us: 0.0,
        resident_mb: resident_mb()?,
    })
}

/// Opens the session and looks peers up, most of which no cache has.
pub(crate) fn read(directory: &str, count: i64) -> Result<(), Failure> {
    wait_for_line()?;
    runtime()?.block_on(async {
        let started = Instant::now();
        let client = Client::open(Path::new(directory), Config::default()).await?;
        let open_ms = started.elapsed().as_secs_f64() * 1e3;
        let peers = client.peers();
        let by_id_us = each(|number| Ok(peers.find(id(number, count)?)?.is_some()))?;
        let by_name_us = each(|number| {
            let number = scattered(number, count);
            Ok(peers.find_username(&name(number))?.is_some())
        })?;
        let constructor_us = each(|number| Ok(peers.constructor(id(number, count)?)?.is_some()))?;
        answer(&Figures {
            open_ms,
            by_id_us,
            by_name_us,
            constructor_us,
            resident_mb: resident_mb()?,
        })
    })
}

/// Microseconds of one look-up; each has to find somebody.
fn each(look_up: impl Fn(i64) -> Result<bool, Failure>) -> Result<f64, Failure> {
    let started = Instant::now();
    for number in 0..LOOKUPS {
        if !look_up(number.into())? {
            return Err(format!("look-up {number} found nobody").into());
        }
    }
    Ok(started.elapsed().as_secs_f64() * 1e6 / f64::from(LOOKUPS))
}

/// Numbers all over the range, each once for a million.
fn scattered(number: i64, count: i64) -> i64 {
    number * 7919 % count
}

fn id(number: i64, count: i64) -> Result<PeerId, Failure> {
    PeerId::user(FIRST_ID + scattered(number, count)).ok_or_else(|| "no id of a user".into())
}

fn name(number: i64) -> String {
    format!("person_{number}")
}

fn user(number: i64) -> Result<Vec<u8>, Failure> {
    let user: Value = object!("user",
        id: FIRST_ID + number,
        access_hash: number * 7_777_777,
        first_name: format!("Person {number}"),
        last_name: "of a large group",
        username: name(number),
        photo: object!("userProfilePhotoEmpty"),
        status: object!("userStatusRecently"),
    );
    Ok(boxed_to_bytes(Schema::api(), &user)?)
}

fn wait_for_line() -> Result<(), Failure> {
    std::io::stdin().read_line(&mut String::new())?;
    Ok(())
}
