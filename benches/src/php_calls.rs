//! What calls cost a PHP script beside the wait: the most used ones, and `getInfo()`, which has none.
//!
//! Counted is the time that PHP's thread computes from the call to its result: dispatch, encoding with its conversions,
//! encryption, decoding, storing the peers. What the kernel does on that thread, sending, putting it to sleep and waking
//! it, belongs to the wait; `with_kernel_us` has it as well. The network thread's work goes on beside it.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::Failure;
use crate::peer::Peer;
use crate::report::{Goal, Report, median};
use crate::sandbox::{Sandbox, script};

const ROUNDS: usize = 11;
/// Calls of each method in a round.
const CALLS: u32 = 300;
const INFO_CALLS: u32 = 5000;

/// Microseconds of one call, by method.
type Costs = BTreeMap<String, f64>;

#[derive(Deserialize)]
struct Round {
    cpu_us: Costs,
    user: f64,
    system: f64,
}

pub(crate) fn measure(sandbox: &Sandbox, report: &mut Report) -> Result<(), Failure> {
    let mut php = Peer::start(sandbox.php().arg(script("calls.php")?))?;
    // A session of its own: the first script has the other one.
    let directory = sandbox.directory.join("info");
    std::fs::create_dir_all(&directory)?;
    let mut info = Peer::start(
        sandbox
            .php()
            .arg(script("info.php")?)
            .current_dir(&directory),
    )?;
    let mut by_method: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    let mut info_us = Vec::new();
    let (mut user, mut system) = (0.0, 0.0);
    php.ask(&CALLS.to_string())?;
    info.round(INFO_CALLS)?;
    for _ in 0..ROUNDS {
        let round: Round = serde_json::from_str(&php.ask(&CALLS.to_string())?)?;
        for (method, cost) in round.cpu_us {
            by_method.entry(method).or_default().push(cost);
        }
        user += round.user;
        system += round.system;
        info_us.push(info.round(INFO_CALLS)?.wall_us);
    }
    // The kernel's clock is too coarse for one method, but not for all together.
    let share = user / (user + system);
    let costs: Costs = by_method
        .into_iter()
        .map(|(method, costs)| (method, median(costs)))
        .collect();
    let with_kernel = median(costs.values().copied().collect());
    let goal = Goal::AtMost(15.0);
    report.add("call_overhead_us", with_kernel * share, "us", goal);
    report.add("call.with_kernel_us", with_kernel, "us", Goal::Context);
    for (method, cost) in costs {
        report.add(&format!("call.{method}"), cost * share, "us", Goal::Context);
    }
    report.median("getinfo_us", info_us, "us", Goal::AtMost(5.0));
    Ok(())
}
