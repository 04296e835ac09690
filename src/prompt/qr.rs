//! The QR code that a terminal shows until somebody scans it or types.

use std::io::{IsTerminal, stdin, stdout};
use std::time::Duration;

use super::print;
use crate::api::instance::Instance;
use crate::exceptions::Thrown;
use crate::types::login_qr_code::Matrix;
use crate::{call, function, lang, runtime};

/// How often is looked whether something was typed.
const TICK: Duration = Duration::from_millis(50);
const MARGIN: usize = 2;

/// What came of showing a code.
pub(super) enum Outcome {
    /// A device of the account has scanned it.
    Scanned,
    /// A line waits to be read.
    Typed,
    /// There is no terminal, or the server makes no codes now.
    NotOffered,
}

/// Shows codes with the question below, a new one when the last has expired.
pub(super) fn offer(instance: &Instance, question: &str) -> Result<Outcome, Thrown> {
    if !stdin().is_terminal() || !stdout().is_terminal() {
        return Ok(Outcome::NotOffered);
    }
    let client = instance.client()?;
    let asked = client.clone();
    let mut shown = match runtime::wait(async move { asked.qr_login().await })? {
        Ok(Some(code)) => code,
        Ok(None) => return Ok(Outcome::Scanned),
        Err(_) => return Ok(Outcome::NotOffered),
    };
    loop {
        let code = Matrix::of(&shown.link)?.text(MARGIN);
        let help = lang::text("loginQr");
        print(format!("{code}{help}\n{question}").as_bytes());
        function::call("flush", vec![]);
        let waiting = client.clone();
        let outcome = runtime::wait(async move {
            tokio::select! {
                next = waiting.wait_for_qr_login(&shown) => Some(next),
                () = typed() => None,
            }
        })?;
        match outcome {
            None => return Ok(Outcome::Typed),
            Some(Ok(None)) => {
                print(b"\n");
                return Ok(Outcome::Scanned);
            }
            Some(Ok(Some(next))) => {
                print(b"\n");
                shown = next;
            }
            Some(Err(error)) => return Err(call::thrown(instance, error)),
        }
    }
}

/// Until standard input can be read.
async fn typed() {
    loop {
        let mut input = libc::pollfd {
            fd: libc::STDIN_FILENO,
            events: libc::POLLIN,
            revents: 0,
        };
        // SAFETY: one record, which lives through the call; the call does not wait.
        if unsafe { libc::poll(&raw mut input, 1, 0) } > 0 {
            return;
        }
        tokio::time::sleep(TICK).await;
    }
}
