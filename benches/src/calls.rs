//! Round trips: our client on its own engine and on grammers' pool, and plain grammers-client, one call at a time and many.

use crate::Failure;
use crate::peer::Peer;
use crate::report::{Goal, Report};
use crate::sandbox::Sandbox;
use crate::task::{Cost, Task};

const ROUNDS: usize = 11;

/// A way of calling, and how many times faster than grammers-client it should be.
const WAYS: [(&str, Task, f64); 3] = [
    ("seq", Task::Sequential(1500), 1.0),
    ("inflight20", in_flight(20), 1.0),
    ("inflight200", in_flight(200), 2.0),
];

const fn in_flight(width: u32) -> Task {
    Task::InFlight { width, calls: 6000 }
}

pub(crate) fn measure(sandbox: &Sandbox, report: &mut Report) -> Result<(), Failure> {
    let mut native = Measured::start(sandbox, "native")?;
    let mut pool = Measured::start(sandbox, "pool")?;
    let mut grammers = Measured::start(sandbox, "grammers")?;
    for (key, task, goal) in WAYS {
        for program in [&mut native, &mut pool, &mut grammers] {
            program.program.task::<Cost>(task)?;
            program.costs.clear();
        }
        for _ in 0..ROUNDS {
            for program in [&mut native, &mut pool, &mut grammers] {
                program.costs.push(program.program.task(task)?);
            }
        }
        report.median(
            &format!("{key}.vs_grammers"),
            ratios(&grammers, &native, |cost| cost.wall_us),
            "x",
            Goal::AtLeast(goal),
        );
        report.median(
            &format!("{key}.cpu_vs_grammers"),
            ratios(&grammers, &native, |cost| cost.cpu_us),
            "x",
            Goal::Context,
        );
        report.median(
            &format!("{key}.pool_vs_grammers"),
            ratios(&grammers, &pool, |cost| cost.wall_us),
            "x",
            Goal::Context,
        );
        for program in [&native, &pool, &grammers] {
            let name = program.name;
            let of = |view: fn(&Cost) -> f64| program.costs.iter().map(view).collect();
            report.median(
                &format!("{key}.{name}_per_s"),
                of(|cost| 1e6 / cost.wall_us),
                "calls/s",
                Goal::Context,
            );
            report.median(
                &format!("{key}.{name}_cpu_us"),
                of(|cost| cost.cpu_us),
                "us",
                Goal::Context,
            );
        }
    }
    Ok(())
}

struct Measured {
    name: &'static str,
    program: Peer,
    costs: Vec<Cost>,
}

impl Measured {
    fn start(sandbox: &Sandbox, name: &'static str) -> Result<Self, Failure> {
        Ok(Self {
            name,
            program: sandbox.program(name, 1)?,
            costs: Vec::new(),
        })
    }
}

/// How many times more the one takes than the other, round by round.
fn ratios(more: &Measured, less: &Measured, view: fn(&Cost) -> f64) -> Vec<f64> {
    let pairs = more.costs.iter().zip(&less.costs);
    pairs.map(|(more, less)| view(more) / view(less)).collect()
}
