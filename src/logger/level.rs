//! How important lines are.

/// How important a line is; a logger with a level takes lines up to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    /// A logger with this level takes nothing.
    None = -1,
    /// The script cannot go on, or an exception was made.
    Fatal = 0,
    /// Something failed.
    Error = 1,
    /// Something may be wrong.
    Warning = 2,
    /// What the user may want to know.
    Notice = 3,
    /// Each step.
    Verbose = 4,
    /// Everything.
    UltraVerbose = 5,
}

impl Level {
    /// What messages expect where a level stands.
    pub(crate) const EXPECTED: &'static str =
        "none, fatal, error, warning, notice, verbose, ultra_verbose or a number from -1 to 5";

    /// Reads a level's number or its name as in `Logger`'s constants, whatever the case, also `FATAL ERROR`.
    pub(crate) fn from_text(text: &str) -> Option<Self> {
        Some(
            match text
                .to_ascii_lowercase()
                .replace(' ', "_")
                .trim_start_matches("level_")
            {
                "none" | "-1" => Self::None,
                "fatal_error" | "fatal" | "0" => Self::Fatal,
                "error" | "1" => Self::Error,
                "warning" | "2" => Self::Warning,
                "notice" | "3" => Self::Notice,
                "verbose" | "4" => Self::Verbose,
                "ultra_verbose" | "5" => Self::UltraVerbose,
                _ => return None,
            },
        )
    }

    /// The level of a number; beyond both ends the last.
    pub(crate) fn from_number(number: i64) -> Self {
        match number {
            ..0 => Self::None,
            0 => Self::Fatal,
            1 => Self::Error,
            2 => Self::Warning,
            3 => Self::Notice,
            4 => Self::Verbose,
            5.. => Self::UltraVerbose,
        }
    }
}
