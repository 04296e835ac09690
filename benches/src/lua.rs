//! What a call costs more from Lua than from PHP: the time that PHP's thread computes, as in `php_calls`.

use serde::Deserialize;

use crate::Failure;
use crate::peer::Peer;
use crate::report::{Goal, Report, median};
use crate::sandbox::{Sandbox, script};

const ROUNDS: usize = 21;
/// Calls from either language in a round.
const CALLS: u32 = 300;

/// Microseconds of one call, from PHP and from Lua.
#[derive(Deserialize)]
struct Round {
    press: [f64; 2],
    history: [f64; 2],
}

pub(crate) fn measure(sandbox: &Sandbox, report: &mut Report) -> Result<(), Failure> {
    let directory = sandbox.directory.join("lua");
    std::fs::create_dir_all(&directory)?;
    let mut php = Peer::start(
        sandbox
            .php()
            .arg(script("lua.php")?)
            .current_dir(&directory),
    )?;
    php.ask(&CALLS.to_string())?;
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        rounds.push(serde_json::from_str::<Round>(
            &php.ask(&CALLS.to_string())?,
        )?);
    }
    let figures = |costs: fn(&Round) -> [f64; 2]| {
        let of = |figure: fn([f64; 2]) -> f64| {
            median(rounds.iter().map(|round| figure(costs(round))).collect())
        };
        // Both of a pair ran one after the other, under the same conditions.
        (
            of(|[php, lua]| lua - php),
            of(|[php, _]| php),
            of(|[_, lua]| lua),
        )
    };
    let (more, php_us, lua_us) = figures(|round| round.press);
    report.add("lua_extra_us", more, "us", Goal::AtMost(10.0));
    report.add("lua.press_button_us", lua_us, "us", Goal::Context);
    report.add("lua.press_button_php_us", php_us, "us", Goal::Context);
    let (more, ..) = figures(|round| round.history);
    report.add("lua.history_extra_us", more, "us", Goal::Context);
    Ok(())
}
