//! A program that is being measured: it gets a line with a number of repetitions and answers with what they cost.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde::{Deserialize, Serialize};

use crate::Failure;

/// Cost of one repetition, averaged over a round.
#[derive(Deserialize, Serialize, Clone, Copy)]
pub(crate) struct Cost {
    /// Wall time in microseconds.
    pub(crate) wall_us: f64,
    /// CPU time of the whole process, user and system, in microseconds.
    pub(crate) cpu_us: f64,
}

/// A measured program, kept alive between rounds.
pub(crate) struct Peer {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Peer {
    pub(crate) fn start(command: &mut Command) -> Result<Self, Failure> {
        let mut process = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let input = process
            .stdin
            .take()
            .ok_or("no input to the measured program")?;
        let output = BufReader::new(
            process
                .stdout
                .take()
                .ok_or("no output of the measured program")?,
        );
        Ok(Self {
            process,
            input,
            output,
        })
    }

    pub(crate) fn round(&mut self, repetitions: u32) -> Result<Cost, Failure> {
        serde_json::from_str(&self.ask(&repetitions.to_string())?).map_err(Into::into)
    }

    pub(crate) fn ask(&mut self, question: &str) -> Result<String, Failure> {
        writeln!(self.input, "{question}")?;
        self.input.flush()?;
        let mut line = String::new();
        if self.output.read_line(&mut line)? == 0 {
            return Err(format!("the measured program ended: {}", self.process.wait()?).into());
        }
        Ok(line)
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
