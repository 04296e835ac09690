//! A program that is being measured: it gets a line that says what to do and answers with what that cost.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde::de::DeserializeOwned;

use crate::Failure;
use crate::sandbox::Sandbox;
use crate::task::{Cost, Task};

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

    /// This program in another role, from the sandbox's directory.
    pub(crate) fn role(sandbox: &Sandbox, role: &[&str]) -> Result<Self, Failure> {
        Self::start(
            Command::new(std::env::current_exe()?)
                .args(role)
                .current_dir(&sandbox.directory),
        )
    }

    /// Does one of the tasks of a Rust program.
    pub(crate) fn task<A: DeserializeOwned>(&mut self, task: Task) -> Result<A, Failure> {
        serde_json::from_str(&self.ask(&task.to_string())?).map_err(Into::into)
    }

    /// A round of a PHP script, which knows one task.
    pub(crate) fn round(&mut self, repetitions: u32) -> Result<Cost, Failure> {
        serde_json::from_str(&self.ask(&repetitions.to_string())?).map_err(Into::into)
    }

    pub(crate) fn ask(&mut self, question: &str) -> Result<String, Failure> {
        self.tell(question)?;
        self.answer()
    }

    /// Says what is to be done, without waiting for it.
    pub(crate) fn tell(&mut self, what: &str) -> Result<(), Failure> {
        writeln!(self.input, "{what}")?;
        self.input.flush()?;
        Ok(())
    }

    /// Ends it at once.
    pub(crate) fn kill(&mut self) -> Result<(), Failure> {
        Ok(self.process.kill()?)
    }

    /// The next line that it says.
    pub(crate) fn answer(&mut self) -> Result<String, Failure> {
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
