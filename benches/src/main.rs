//! The benchmark table of `make bench`.
//!
//! Every ratio compares two programs that ran in turns, round by round, in this one run: the machine's noise hits both.
//! Medians of rounds are printed; `target/bench.json` holds the same figures for machines.
//!
//! Run without arguments it measures; `grammers` as first argument makes it the plain Rust peer of a comparison.

mod decode;
mod dispatch;
mod grammers;
mod ige;
mod memory;
mod peer;
mod press_button;
mod report;
mod sandbox;
mod start;

use std::error::Error;

/// What any step of a benchmark may fail with: it ends the run with its message.
type Failure = Box<dyn Error + Send + Sync>;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [role, address, key_file] = arguments.as_slice()
        && role == "grammers"
    {
        return grammers::serve(address, key_file);
    }
    let mut report = report::Report::default();
    let sandbox = sandbox::Sandbox::start()?;
    press_button::measure(&sandbox, &mut report)?;
    start::measure(&sandbox, &mut report)?;
    decode::measure(&mut report)?;
    ige::measure(&mut report)?;
    memory::measure(&sandbox, &mut report)?;
    dispatch::measure(&sandbox, &mut report)?;
    report.print();
    report.write("target/bench.json")?;
    Ok(())
}
