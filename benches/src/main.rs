//! The benchmark table of `make bench`.
//!
//! Every ratio compares programs that ran in turns, round by round, in this one run: the machine's noise hits all.
//! Medians of rounds are printed; `target/bench.json` holds the same figures for machines.
//!
//! Run without arguments it measures everything, with `only` and names of [`TABLES`] those. Otherwise the first argument
//! makes it one of the programs that are measured.

mod accounts;
mod calls;
mod control;
mod data;
mod decode;
mod dispatch;
mod grammers;
mod ige;
mod lua;
mod memory;
mod ours;
mod peer;
mod peer_cache;
mod php_calls;
mod php_transfers;
mod press_button;
mod processes;
mod program;
mod random;
mod report;
mod sandbox;
mod soak;
mod start;
mod task;
mod transfers;
mod updates;
mod world;

use std::error::Error;

use report::Report;
use sandbox::Sandbox;

/// What any step of a benchmark may fail with: it ends the run with its message.
type Failure = Box<dyn Error + Send + Sync>;

/// Measures one subject and reports the figures.
type Table = fn(&Sandbox, &mut Report) -> Result<(), Failure>;

/// What is measured, in the order of the table.
const TABLES: &[(&str, Table)] = &[
    ("press_button", press_button::measure),
    ("start", start::measure),
    ("decode", |_, report| decode::measure(report)),
    ("ige", |_, report| ige::measure(report)),
    ("memory", memory::measure),
    ("dispatch", dispatch::measure),
    ("php_calls", php_calls::measure),
    ("lua", lua::measure),
    ("peer_cache", peer_cache::measure),
    ("calls", calls::measure),
    ("transfers", transfers::measure),
    ("php_transfers", php_transfers::measure),
    ("accounts", accounts::measure),
    ("processes", processes::measure),
    ("updates", |_, report| updates::measure(report)),
];

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match *arguments.as_slice() {
        ["grammers", address, key_file, connections] => {
            grammers::run(address, key_file, connections.parse()?)
        }
        [engine @ ("native" | "pool"), address, key_file, connections] => {
            ours::run(engine, address, key_file, connections.parse()?)
        }
        ["member", address, key_file, directory] => ours::join(address, key_file, directory),
        ["accounts", address, key_file, engine, what] => {
            accounts::run(address, key_file, engine, what)
        }
        ["peers", directory, "fill", count] => peer_cache::fill(directory, count.parse()?),
        ["peers", directory, "read", count] => peer_cache::read(directory, count.parse()?),
        ["soak", minutes] => soak::run(minutes.parse()?, seed()),
        ["soak", minutes, seed] => soak::run(minutes.parse()?, seed.parse()?),
        [] => measure(&[]),
        ["only", ref wanted @ ..] => measure(wanted),
        _ => Err(format!("{arguments:?} is none of what this program does").into()),
    }
}

/// Another one for each run.
fn seed() -> u64 {
    let seed = u64::from(std::process::id());
    println!("seed {seed}");
    seed
}

/// Measures the tables of these names; all, where there are none.
fn measure(wanted: &[&str]) -> Result<(), Failure> {
    let mut report = Report::default();
    let sandbox = Sandbox::start()?;
    for (name, table) in TABLES {
        if wanted.is_empty() || wanted.contains(name) {
            table(&sandbox, &mut report)?;
        }
    }
    report.print();
    report.write("target/bench.json")
}
