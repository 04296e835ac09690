//! What PHP's way to the handler of an API method and back costs: `$api->messages->getDialogs([])` in a build of the
//! extension (feature `dispatch-bench`) whose calls without arguments end there.

use crate::Failure;
use crate::peer::Peer;
use crate::report::{Goal, Report, median};
use crate::sandbox::{Sandbox, absolute, script};

const ROUNDS: usize = 51;
const CALLS: u32 = 200_000;

pub(crate) fn measure(sandbox: &Sandbox, report: &mut Report) -> Result<(), Failure> {
    let extension = std::env::var("DISPATCH_EXTENSION")
        .unwrap_or_else(|_| absolute("target/release/libmadelineproto-dispatch.so"));
    let mut php = Peer::start(sandbox.php_with(&extension).arg(script("dispatch.php")?))?;
    php.round(CALLS)?;
    let mut nanoseconds = Vec::new();
    for _ in 0..ROUNDS {
        nanoseconds.push(php.round(CALLS)?.wall_us * 1e3);
    }
    report.add("dispatch_ns", median(nanoseconds), "ns", Goal::AtMost(20.0));
    Ok(())
}
