//! What a measured Rust program is asked to do, a line each, and what it answers: a line of JSON.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Failure;

/// One thing to do and to time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Task {
    /// Press the demo's button this often, one press after the other.
    Press(u32),
    /// Call `help.getNearestDc` this often, one call after the other.
    Sequential(u32),
    /// Call it this often, so many calls at a time.
    InFlight {
        /// Calls at a time.
        width: u32,
        /// Calls in all.
        calls: u32,
    },
    /// Download the world's file up to this byte.
    Download(u64),
    /// Upload a file of this many bytes.
    Upload(u64),
    /// Say how much memory is resident.
    Resident,
}

/// Cost of one repetition, averaged over a round.
#[derive(Deserialize, Serialize, Clone, Copy, Debug)]
pub(crate) struct Cost {
    /// Wall time in microseconds.
    pub(crate) wall_us: f64,
    /// CPU time of the whole process, user and system, in microseconds.
    pub(crate) cpu_us: f64,
}

impl Cost {
    pub(crate) fn wall(&self) -> f64 {
        self.wall_us
    }

    pub(crate) fn cpu(&self) -> f64 {
        self.cpu_us
    }
}

/// Cost of a transfer as a whole, and what was transferred.
#[derive(Deserialize, Serialize, Clone, Copy, Debug)]
pub(crate) struct Transfer {
    /// Wall and CPU time of all of it.
    pub(crate) cost: Cost,
    /// Of the data ([`crate::data::checksum`]): who skips or mixes up a part is found out.
    pub(crate) checksum: u64,
}

impl fmt::Display for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Task::Press(times) => write!(f, "press {times}"),
            Task::Sequential(calls) => write!(f, "seq {calls}"),
            Task::InFlight { width, calls } => write!(f, "inflight {width} {calls}"),
            Task::Download(bytes) => write!(f, "download {bytes}"),
            Task::Upload(bytes) => write!(f, "upload {bytes}"),
            Task::Resident => f.write_str("resident"),
        }
    }
}

impl FromStr for Task {
    type Err = Failure;

    fn from_str(line: &str) -> Result<Self, Failure> {
        let words: Vec<&str> = line.split_whitespace().collect();
        Ok(match *words.as_slice() {
            ["press", times] => Task::Press(times.parse()?),
            ["seq", calls] => Task::Sequential(calls.parse()?),
            ["inflight", width, calls] => Task::InFlight {
                width: width.parse()?,
                calls: calls.parse()?,
            },
            ["download", bytes] => Task::Download(bytes.parse()?),
            ["upload", bytes] => Task::Upload(bytes.parse()?),
            ["resident"] => Task::Resident,
            _ => return Err(format!("{line:?} is no task").into()),
        })
    }
}
