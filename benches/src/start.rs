//! From the start of a script to its first answer with a saved session, beyond what `php -n` itself takes.

use std::process::{Command, Stdio};
use std::time::Instant;

use crate::Failure;
use crate::report::{Goal, Report, median};
use crate::sandbox::{Sandbox, plain_php, script};

const RUNS: usize = 15;

pub(crate) fn measure(sandbox: &Sandbox, report: &mut Report) -> Result<(), Failure> {
    let press = script("first_answer.php")?;
    let (mut extra, mut bare) = (Vec::new(), Vec::new());
    time(sandbox.php().arg(&press))?;
    for _ in 0..RUNS {
        let floor = time(plain_php().args(["-r", ""]))?;
        extra.push(time(sandbox.php().arg(&press))? - floor);
        bare.push(floor);
    }
    report.add("start_ms", median(extra), "ms", Goal::AtMost(40.0));
    report.add("start.php_alone_ms", median(bare), "ms", Goal::Context);
    Ok(())
}

/// Milliseconds from starting the program to its end.
fn time(command: &mut Command) -> Result<f64, Failure> {
    let started = Instant::now();
    let status = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status()?;
    if !status.success() {
        return Err(format!("{command:?} ended with {status}").into());
    }
    Ok(started.elapsed().as_secs_f64() * 1e3)
}
