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

const ROUNDS: u32 = 9;

/// Times faster than grammers-client with four connections.
const GOAL: f64 = 2.0;

pub(crate) fn measure(sandbox: &Sandbox, report: &mut Report) -> Result<(), Failure> {
    let mut programs = [
        Measured::start(sandbox, "native", 4)?,
        Measured::start(sandbox, "grammers", 4)?,
        Measured::start(sandbox, "native", 1)?,
        Measured::start(sandbox, "grammers", 1)?,
    ];
    for (key, task) in [
        ("download", Task::Download(FILE_SIZE.into())),
        ("upload", Task::Upload(FILE_SIZE.into())),
    ] {
        let mut checksum = None;
        for program in &mut programs {
            let first: Transfer = program.program.task(task)?;
            if *checksum.get_or_insert(first.checksum) != first.checksum {
                return Err(format!("{key}: {} has other data", program.name).into());
            }
            program.transfers.clear();
            program.server_us = 0.0;
        }
        for _ in 0..ROUNDS {
            for program in &mut programs {
                let before = sandbox.cpu_us()?;
                let transfer: Transfer = program.program.task(task)?;
                if Some(transfer.checksum) != checksum {
                    return Err(format!("{key}: {} has other data", program.name).into());
                }
                program.transfers.push(transfer);
                program.server_us += sandbox.cpu_us()? - before;
            }
        }
        compare(key, &programs, report);
        for program in &programs {
            program.report(key, report);
        }
    }
    Ok(())
}

/// Ours with four connections and with one, both against grammers-client with four.
fn compare(key: &str, [four, grammers, one, _]: &[Measured; 4], report: &mut Report) {
    for (ours, goal) in [(four, Goal::AtLeast(GOAL)), (one, Goal::Context)] {
        let pairs = grammers.transfers.iter().zip(&ours.transfers);
        let ratios = pairs.map(|(theirs, ours)| theirs.cost.wall_us / ours.cost.wall_us);
        let key = format!("{key}{}.vs_grammers", ours.connections);
        report.median(&key, ratios.collect(), "x", goal);
    }
}

/// A program and what its transfers cost.
struct Measured {
    name: &'static str,
    connections: usize,
    program: Peer,
    transfers: Vec<Transfer>,
    /// CPU time of the server meanwhile, all rounds.
    server_us: f64,
}

impl Measured {
    fn start(sandbox: &Sandbox, name: &'static str, connections: usize) -> Result<Self, Failure> {
        Ok(Self {
            name,
            connections,
            program: sandbox.program(name, connections)?,
            transfers: Vec::new(),
            server_us: 0.0,
        })
    }

    fn report(&self, key: &str, report: &mut Report) {
        let mut context = |what: &str, values: Vec<f64>, unit| {
            let key = format!("{key}{}.{}_{what}", self.connections, self.name);
            report.median(&key, values, unit, Goal::Context);
        };
        let wall = self.transfers.iter().map(|transfer| transfer.cost.wall_us);
        context(
            "mb_per_s",
            wall.map(|us| f64::from(FILE_SIZE) / us).collect(),
            "MB/s",
        );
        let cpu = self.transfers.iter().map(|transfer| transfer.cost.cpu_us);
        context(
            "cpu_s_per_gb",
            cpu.map(seconds_per_gigabyte).collect(),
            "s/GB",
        );
        let server = self.server_us / f64::from(ROUNDS);
        context(
            "server_cpu_s_per_gb",
            vec![seconds_per_gigabyte(server)],
            "s/GB",
        );
    }
}

/// From microseconds for the file; a GB has 10^9 bytes.
fn seconds_per_gigabyte(microseconds: f64) -> f64 {
    microseconds * 1e3 / f64::from(FILE_SIZE)
}
