//! Files from PHP: 200 MB into a file and out of it again, beside our client and grammers-client without PHP, in turns.

use serde_json::from_str;

use crate::Failure;
use crate::peer::Peer;
use crate::report::{Goal, Report, median};
use crate::sandbox::{Sandbox, script};
use crate::task::{Cost, Task, Transfer};
use crate::world::FILE_SIZE;

const ROUNDS: u32 = 7;

/// PHP beside our client without it.
const OF_ENGINE: f64 = 0.9;
/// Times faster than grammers-client with four connections.
const OF_GRAMMERS: f64 = 2.0;
/// Megabytes that transfers may take, whatever the size of the file.
const PEAK: f64 = 40.0;

pub(crate) fn measure(sandbox: &Sandbox, report: &mut Report) -> Result<(), Failure> {
    let mut php = Peer::start(sandbox.php().arg(script("transfers.php")?))?;
    let mut engine = sandbox.program("native", 4)?;
    let mut grammers = sandbox.program("grammers", 4)?;
    for (key, name, task) in [
        ("php_download", "download", Task::Download(FILE_SIZE.into())),
        ("php_upload", "upload", Task::Upload(FILE_SIZE.into())),
    ] {
        let (mut of_engine, mut of_grammers) = (Vec::new(), Vec::new());
        let (mut speeds, mut cpu, mut their_cpu) = (Vec::new(), Vec::new(), Vec::new());
        for round in 0..=ROUNDS {
            let ours: Cost = from_str(&php.ask(name)?)?;
            let engine: Transfer = engine.task(task)?;
            let theirs: Transfer = grammers.task(task)?;
            // The first round opens connections.
            if round > 0 {
                of_engine.push(engine.cost.wall_us / ours.wall_us);
                of_grammers.push(theirs.cost.wall_us / ours.wall_us);
                speeds.push(f64::from(FILE_SIZE) / ours.wall_us);
                cpu.push(ours.cpu_us * 1e3 / f64::from(FILE_SIZE));
                their_cpu.push(theirs.cost.cpu_us * 1e3 / f64::from(FILE_SIZE));
            }
        }
        let mut add = |what: &str, values, unit, goal| {
            report.add(&format!("{key}.{what}"), median(values), unit, goal);
        };
        add("vs_engine", of_engine, "x", Goal::AtLeast(OF_ENGINE));
        add("vs_grammers", of_grammers, "x", Goal::AtLeast(OF_GRAMMERS));
        add("mb_per_s", speeds, "MB/s", Goal::Context);
        add("cpu_s_per_gb", cpu, "s/GB", Goal::Context);
        add("grammers_cpu_s_per_gb", their_cpu, "s/GB", Goal::Context);
    }
    let peak: f64 = php.ask("peak")?.trim().parse()?;
    report.add("transfer_peak_mb", peak, "MB", Goal::AtMost(PEAK));
    Ok(())
}
