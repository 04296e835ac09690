//! Round trips: our client on its own engine and on grammers' pool, and plain grammers-client, one call at a time and many.

use crate::Failure;
use crate::peer::Peer;
use crate::report::{Goal, Report};
use crate::sandbox::Sandbox;
use crate::task::{Cost, Task};

const ROUNDS: u32 = 11;

/// A way of calling.
struct Way {
    key: &'static str,
    task: Task,
    /// Calls in a round.
    calls: u32,
    /// How many times faster than grammers-client.
    goal: Goal,
}

const WAYS: [Way; 3] = [
    Way {
        key: "seq",
        task: Task::Sequential(2000),
        calls: 2000,
        goal: Goal::AtLeast(1.0),
    },
    Way::in_flight("inflight20", 20, Goal::Context),
    Way::in_flight("inflight200", 200, Goal::AtLeast(2.0)),
];

impl Way {
    const fn in_flight(key: &'static str, width: u32, goal: Goal) -> Self {
        let calls = 20_000;
        Self {
            key,
            task: Task::InFlight { width, calls },
            calls,
            goal,
        }
    }
}

pub(crate) fn measure(sandbox: &Sandbox, report: &mut Report) -> Result<(), Failure> {
    let mut programs = [
        Measured::start(sandbox, "native")?,
        Measured::start(sandbox, "pool")?,
        Measured::start(sandbox, "grammers")?,
    ];
    for way in WAYS {
        for program in &mut programs {
            program.program.task::<Cost>(way.task)?;
            program.costs.clear();
            program.server_us = 0.0;
        }
        for _ in 0..ROUNDS {
            for program in &mut programs {
                let before = sandbox.cpu_us()?;
                program.costs.push(program.program.task(way.task)?);
                program.server_us += sandbox.cpu_us()? - before;
            }
        }
        compare(&way, &programs, report);
        for program in &programs {
            program.report(&way, report);
        }
    }
    Ok(())
}

/// How many times more grammers takes than ours.
fn compare(way: &Way, [native, pool, grammers]: &[Measured; 3], report: &mut Report) {
    let ratios = |ours: &Measured, of: fn(&Cost) -> f64| {
        let pairs = grammers.costs.iter().zip(&ours.costs);
        pairs.map(|(theirs, ours)| of(theirs) / of(ours)).collect()
    };
    for (name, ours, of, goal) in [
        (
            "vs_grammers",
            native,
            Cost::wall as fn(&Cost) -> f64,
            way.goal,
        ),
        ("cpu_vs_grammers", native, Cost::cpu, Goal::Context),
        ("pool_vs_grammers", pool, Cost::wall, Goal::Context),
    ] {
        report.median(&format!("{}.{name}", way.key), ratios(ours, of), "x", goal);
    }
}

/// A program and what a round's calls cost it.
struct Measured {
    name: &'static str,
    program: Peer,
    costs: Vec<Cost>,
    /// CPU time of the server meanwhile, all rounds.
    server_us: f64,
}

impl Measured {
    fn start(sandbox: &Sandbox, name: &'static str) -> Result<Self, Failure> {
        Ok(Self {
            name,
            program: sandbox.program(name, 1)?,
            costs: Vec::new(),
            server_us: 0.0,
        })
    }

    fn report(&self, way: &Way, report: &mut Report) {
        let mut context = |what: &str, values: Vec<f64>, unit| {
            let key = format!("{}.{}_{what}", way.key, self.name);
            report.median(&key, values, unit, Goal::Context);
        };
        let per_second = self.costs.iter().map(|cost| 1e6 / cost.wall_us);
        context("per_s", per_second.collect(), "calls/s");
        context("cpu_us", self.costs.iter().map(Cost::cpu).collect(), "us");
        let calls = f64::from(ROUNDS * way.calls);
        context("server_cpu_us", vec![self.server_us / calls], "us");
    }
}
