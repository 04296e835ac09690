//! Colours of lines in terminals: the more important, the louder.
//!
//! Nothing is coloured that somebody else reads: files, pipes, output that the script buffers, other servers than the
//! command line, and where `NO_COLOR` is set (<https://no-color.org>).

use std::io::{IsTerminal, stderr, stdout};

use super::Level;
use crate::settings::is_cli;
use crate::{function, zend};

/// Where a line goes.
#[derive(Clone, Copy)]
pub(super) enum Output {
    /// The script's output.
    Script,
    /// PHP's error log, which is standard error where no other is set.
    ErrorLog,
}

/// The line, in the colour of its level where a terminal shows it.
pub(super) fn paint(level: Level, line: String, output: Output) -> String {
    if !shows_colours(output) {
        return line;
    }
    let colour = match level {
        Level::Fatal | Level::None => "1;31",
        Level::Error => "31",
        Level::Warning => "35",
        Level::Notice => "33",
        Level::Verbose => "32",
        Level::UltraVerbose => "2",
    };
    format!("\x1b[{colour}m{}\x1b[0m\n", line.trim_end_matches('\n'))
}

fn shows_colours(output: Output) -> bool {
    if !is_cli() || std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()) {
        return false;
    }
    match output {
        // SAFETY: reads a counter of the running request.
        Output::Script => stdout().is_terminal() && unsafe { zend::php_output_get_level() } == 0,
        Output::ErrorLog => {
            let log = function::call("ini_get", vec![&"error_log"]);
            let is_standard_error = log.is_some_and(|log| log.str().is_none_or(str::is_empty));
            stderr().is_terminal() && is_standard_error
        }
    }
}
