//! Updates into an event handler that does nothing: how many in a second when they come at once, and how long after it was
//! sent one is handled when they come one by one. The server runs on the same machine, and takes its share.

use std::thread;
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};
use serde::Deserialize;
use serde_json::json;

use crate::Failure;
use crate::control::Control;
use crate::peer::Peer;
use crate::report::{Goal, Report};
use crate::sandbox::{Sandbox, script};
use crate::task::Cost;

const ROUNDS: usize = 15;
/// Fewer than the client keeps for a listener who is slow: what is measured is handling, not asking for differences.
const BURST: u32 = 3000;
/// Updates that come one by one, and the time between them.
const SINGLE: u32 = 500;
const PAUSE: Duration = Duration::from_millis(10);

/// What the script says of updates that came one by one.
#[derive(Deserialize)]
struct Latency {
    median_ms: f64,
}

pub(crate) fn measure(report: &mut Report) -> Result<(), Failure> {
    let sandbox = Sandbox::start_with_control()?;
    let mut control = Control::connect(sandbox.control()?)?;
    let mut php = Peer::start(sandbox.php().arg(script("updates.php")?))?;
    burst(&mut php, &mut control)?;
    let (mut per_second, mut cpu_us) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let cost = burst(&mut php, &mut control)?;
        per_second.push(1e6 / cost.wall_us);
        cpu_us.push(cost.cpu_us);
    }
    report.median("updates_per_s", per_second, "1/s", Goal::AtLeast(50_000.0));
    report.median("updates.cpu_us", cpu_us, "us", Goal::Context);
    let latency = one_by_one(&mut php, &mut control)?;
    report.add(
        "update_latency_ms",
        latency.median_ms,
        "ms",
        Goal::AtMost(0.3),
    );
    Ok(())
}

/// Many at once: the cost of one, from the first that is handled to the last.
fn burst(php: &mut Peer, control: &mut Control) -> Result<Cost, Failure> {
    php.ask(&format!("burst {BURST}"))?;
    push(control, "burst", BURST)?;
    php.ask("go")?;
    serde_json::from_str(&php.answer()?).map_err(Into::into)
}

/// Each says when it was sent, by a clock that both sides read.
fn one_by_one(php: &mut Peer, control: &mut Control) -> Result<Latency, Failure> {
    php.ask(&format!("single {SINGLE}"))?;
    let mut next = Instant::now();
    for _ in 0..SINGLE {
        thread::sleep(next.saturating_duration_since(Instant::now()));
        next += PAUSE;
        let now = clock_gettime(ClockId::Monotonic);
        push(
            control,
            &format!("{}", now.tv_sec * 1_000_000_000 + now.tv_nsec),
            1,
        )?;
    }
    serde_json::from_str(&php.answer()?).map_err(Into::into)
}

fn push(control: &mut Control, text: &str, count: u32) -> Result<(), Failure> {
    let command = json!({"do": "push", "from": "alice", "to": "bot", "text": text, "count": count});
    control.ask(&command).map(drop)
}
