//! Files: 200 MB down and up in parts of 512 KiB, through our client's file connections and through grammers-client.
//!
//! A client of grammers has one connection to a DC, and its own `download_media` and `upload_stream` keep four parts in
//! flight on it. What is compared here is the most that its users can get: as many clients as we have connections, with
//! as many parts in flight on each.

use crate::Failure;
use crate::peer::Peer;
use crate::report::{Goal, Report};
use crate::sandbox::Sandbox;
use crate::task::{Task, Transfer};
use crate::world::FILE_SIZE;

const ROUNDS: usize = 9;

/// Times faster than grammers-client with four connections.
const GOAL: f64 = 2.0;

pub(crate) fn measure(sandbox: &Sandbox, report: &mut Report) -> Result<(), Failure> {
    let mut four = Pair::start(sandbox, 4)?;
    let mut one = Pair::start(sandbox, 1)?;
    for (key, task) in [
        ("download", Task::Download(FILE_SIZE.into())),
        ("upload", Task::Upload(FILE_SIZE.into())),
    ] {
        let (mut fours, mut ones) = (Rounds::default(), Rounds::default());
        let checksum = four.round(task)?.0.checksum;
        one.round(task)?;
        for _ in 0..ROUNDS {
            for (pair, rounds) in [(&mut four, &mut fours), (&mut one, &mut ones)] {
                let (native, grammers) = pair.round(task)?;
                if native.checksum != checksum || grammers.checksum != checksum {
                    return Err(format!("{key}: other data than in the first round").into());
                }
                rounds.native.push(native);
                rounds.grammers.push(grammers);
            }
        }
        for (connections, native, goal) in [
            (4, &fours.native, Goal::AtLeast(GOAL)),
            (1, &ones.native, Goal::Context),
        ] {
            // Both against grammers-client with four.
            let pairs = fours.grammers.iter().zip(native);
            report.median(
                &format!("{key}{connections}.vs_grammers"),
                pairs
                    .map(|(grammers, native)| grammers.cost.wall_us / native.cost.wall_us)
                    .collect(),
                "x",
                goal,
            );
        }
        for (connections, rounds) in [(4, &fours), (1, &ones)] {
            for (name, transfers) in [("native", &rounds.native), ("grammers", &rounds.grammers)] {
                report.median(
                    &format!("{key}{connections}.{name}_mb_per_s"),
                    transfers.iter().map(megabytes_per_second).collect(),
                    "MB/s",
                    Goal::Context,
                );
                report.median(
                    &format!("{key}{connections}.{name}_cpu_s_per_gb"),
                    transfers.iter().map(cpu_seconds_per_gigabyte).collect(),
                    "s/GB",
                    Goal::Context,
                );
            }
        }
    }
    Ok(())
}

/// Both programs with the same number of connections.
struct Pair {
    native: Peer,
    grammers: Peer,
}

impl Pair {
    fn start(sandbox: &Sandbox, connections: usize) -> Result<Self, Failure> {
        Ok(Self {
            native: sandbox.program("native", connections)?,
            grammers: sandbox.program("grammers", connections)?,
        })
    }

    fn round(&mut self, task: Task) -> Result<(Transfer, Transfer), Failure> {
        Ok((self.native.task(task)?, self.grammers.task(task)?))
    }
}

#[derive(Default)]
struct Rounds {
    native: Vec<Transfer>,
    grammers: Vec<Transfer>,
}

/// In units of 10^6 bytes.
fn megabytes_per_second(transfer: &Transfer) -> f64 {
    f64::from(FILE_SIZE) / transfer.cost.wall_us
}

fn cpu_seconds_per_gigabyte(transfer: &Transfer) -> f64 {
    transfer.cost.cpu_us * 1e3 / f64::from(FILE_SIZE)
}
