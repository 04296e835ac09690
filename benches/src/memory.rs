//! Resident memory of a PHP process with a connected, idle API object, above `php -n`.

use crate::Failure;
use crate::peer::Peer;
use crate::report::{Goal, Report, median};
use crate::sandbox::{Sandbox, plain_php, script};

const RUNS: usize = 5;

pub(crate) fn measure(sandbox: &Sandbox, report: &mut Report) -> Result<(), Failure> {
    let idle = script("idle.php")?;
    let mut above = Vec::new();
    let mut loaded = Vec::new();
    for _ in 0..RUNS {
        let floor = resident(&mut Peer::start(plain_php().arg(&idle))?)?;
        let extension = resident(&mut Peer::start(sandbox.php().arg(&idle))?)?;
        let connected = resident(&mut Peer::start(sandbox.php().arg(&idle).arg("connect"))?)?;
        above.push(connected - floor);
        loaded.push(extension - floor);
    }
    report.add("rss_idle_mb", median(above), "MB", Goal::AtMost(8.0));
    report.add(
        "rss.extension_loaded_mb",
        median(loaded),
        "MB",
        Goal::Context,
    );
    Ok(())
}

/// Megabytes, as the process itself reads them from /proc/self/status.
fn resident(peer: &mut Peer) -> Result<f64, Failure> {
    Ok(peer.ask("resident")?.trim().parse()?)
}
