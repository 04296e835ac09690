//! `$api->messages->getBotCallbackAnswer` from PHP beside the same request through grammers-client in plain Rust.

use crate::Failure;
use crate::peer::Peer;
use crate::report::{Goal, Report, median};
use crate::sandbox::{Sandbox, script};
use crate::task::{Cost, Task};

const ROUNDS: usize = 15;
const CALLS: u32 = 400;

pub(crate) fn measure(sandbox: &Sandbox, report: &mut Report) -> Result<(), Failure> {
    let mut php = Peer::start(sandbox.php().arg(script("press_button.php")?))?;
    let mut rust = sandbox.program("grammers", 1)?;
    php.round(CALLS)?;
    rust.task::<Cost>(Task::Press(CALLS))?;
    let (mut walls, mut cpus) = (Vec::new(), Vec::new());
    let (mut php_walls, mut rust_walls, mut php_cpus, mut rust_cpus) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let ours = php.round(CALLS)?;
        let theirs: Cost = rust.task(Task::Press(CALLS))?;
        walls.push(ours.wall_us / theirs.wall_us);
        cpus.push(ours.cpu_us / theirs.cpu_us);
        php_walls.push(ours.wall_us);
        rust_walls.push(theirs.wall_us);
        php_cpus.push(ours.cpu_us);
        rust_cpus.push(theirs.cpu_us);
    }
    report.add(
        "press_button.wall_ratio",
        median(walls),
        "x",
        Goal::AtMost(2.0),
    );
    report.add(
        "press_button.cpu_ratio",
        median(cpus),
        "x",
        Goal::AtMost(2.0),
    );
    report.add(
        "press_button.php_wall_us",
        median(php_walls),
        "us",
        Goal::Context,
    );
    report.add(
        "press_button.grammers_wall_us",
        median(rust_walls),
        "us",
        Goal::Context,
    );
    report.add(
        "press_button.php_cpu_us",
        median(php_cpus),
        "us",
        Goal::Context,
    );
    report.add(
        "press_button.grammers_cpu_us",
        median(rust_cpus),
        "us",
        Goal::Context,
    );
    Ok(())
}
