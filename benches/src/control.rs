//! The sandbox's control channel: a line of JSON there, a line of JSON back.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;

use serde_json::Value;

use crate::Failure;

/// A connection to the control channel.
pub(crate) struct Control(BufReader<TcpStream>);

impl Control {
    pub(crate) fn connect(address: &str) -> Result<Self, Failure> {
        Ok(Self(BufReader::new(TcpStream::connect(address)?)))
    }

    /// Gives a command and returns the answer.
    pub(crate) fn ask(&mut self, command: &Value) -> Result<Value, Failure> {
        self.0
            .get_mut()
            .write_all(format!("{command}\n").as_bytes())?;
        let mut line = String::new();
        self.0.read_line(&mut line)?;
        let answer: Value = serde_json::from_str(&line)?;
        match answer.get("error") {
            None => Ok(answer),
            Some(error) => Err(format!("the sandbox refuses {command}: {error}").into()),
        }
    }
}
