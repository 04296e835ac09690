//! What must hold for any bytes that a proxy, or a proxy's client, sends. The fuzz target calls it, and so does the
//! replay of the corpus in `crates/mtproto/tests/corpus.rs`.
//!
//! The first byte of an input chooses who reads the others, and in which portions they come.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "each user calls what it needs; a failed check is a panic"
)]

use std::net::SocketAddr;
use std::time::Duration;

use madeline_mtproto::proxy::{Login, Progress, Request, http, socks5};
use madeline_mtproto::transport::{Client, Frame, Kind, tls};

const KEY: [u8; 16] = [7; 16];
const NOW: Duration = Duration::from_secs(1_700_000_000);

/// What became of a greeting.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    /// More bytes are waited for; so many were sent.
    Waits(usize),
    /// It is done; these bytes came behind it.
    Done(Vec<u8>),
    /// It failed.
    Failed(String),
}

/// One answer of a machine: what it sent, and whether it is done or wants more.
enum Answer {
    More,
    Send(usize),
    Done(Vec<u8>),
}

/// Any bytes: an outcome, the same in whatever portions they come, and no more behind it than came.
pub(crate) fn proxies(bytes: &[u8]) {
    let Some((&choice, input)) = bytes.split_first() else {
        return;
    };
    let portion = usize::from(choice >> 3) + 1;
    if choice & 7 == 6 {
        records(input, portion);
        return;
    }
    let at_once = drive(choice & 7, input, input.len().max(1));
    assert_eq!(at_once, drive(choice & 7, input, portion));
    if let Outcome::Done(behind) = at_once {
        assert!(input.ends_with(&behind));
    }
}

fn drive(who: u8, input: &[u8], portion: usize) -> Outcome {
    let target = SocketAddr::from(([149, 154, 167, 51], 443));
    let login = Login::new("me", "secret");
    match who {
        0 => {
            let mut client = socks5::Client::new(target, None).unwrap();
            run(input, portion, |bytes| progress(client.receive(bytes)))
        }
        1 => {
            let mut client = socks5::Client::new(target, Some(login)).unwrap();
            run(input, portion, |bytes| progress(client.receive(bytes)))
        }
        2 => {
            let mut server = socks5::Server::new(Some(login));
            run(input, portion, |bytes| request(server.receive(bytes)))
        }
        3 => {
            let mut client = http::Client::new(target, Some(&login)).unwrap();
            run(input, portion, |bytes| progress(client.receive(bytes)))
        }
        4 => {
            let mut server = http::Server::new(Some(login));
            run(input, portion, |bytes| request(server.receive(bytes)))
        }
        5 => {
            let mut client = tls::Client::new(&KEY, "example.org", NOW, &mut zeros);
            run(input, portion, |bytes| {
                // How much of an alert is readable depends on the portion.
                progress(client.receive(bytes).map_err(|error| match error {
                    tls::Error::Alert { .. } => tls::Error::Alert { description: 0 },
                    error => error,
                }))
            })
        }
        _ => {
            let mut server = tls::Server::new(&KEY);
            run(input, portion, |bytes| {
                server
                    .receive(bytes, NOW, &mut zeros)
                    .map_err(|error| format!("{error:?}"))
                    .map(|accepted| {
                        accepted.map_or(Answer::More, |accepted| Answer::Done(accepted.excess))
                    })
            })
        }
    }
}

fn run(
    input: &[u8],
    portion: usize,
    mut receive: impl FnMut(&[u8]) -> Result<Answer, String>,
) -> Outcome {
    let (mut sent, mut read) = (0, 0);
    for portion in input.chunks(portion) {
        read += portion.len();
        let mut fresh = portion;
        loop {
            match receive(fresh) {
                Ok(Answer::More) => break,
                Ok(Answer::Send(count)) => sent += count,
                Ok(Answer::Done(mut behind)) => {
                    behind.extend_from_slice(&input[read..]);
                    return Outcome::Done(behind);
                }
                Err(error) => return Outcome::Failed(error),
            }
            fresh = &[];
        }
    }
    Outcome::Waits(sent)
}

fn progress(result: Result<Progress, impl std::fmt::Debug>) -> Result<Answer, String> {
    match result.map_err(|error| format!("{error:?}"))? {
        Progress::More => Ok(Answer::More),
        Progress::Send(message) => Ok(Answer::Send(message.len())),
        Progress::Done { excess } => Ok(Answer::Done(excess)),
    }
}

fn request(result: Result<Request, impl std::fmt::Debug>) -> Result<Answer, String> {
    match result.map_err(|error| format!("{error:?}"))? {
        Request::More => Ok(Answer::More),
        Request::Send(message) => Ok(Answer::Send(message.len())),
        Request::Connect { excess, .. } => Ok(Answer::Done(excess)),
        Request::Refuse(message) => Err(format!("{message:?}")),
    }
}

/// Any records: frames or an error, and no more bytes than came.
fn records(input: &[u8], portion: usize) {
    let mut client = Client::new(Kind::Intermediate).within_tls();
    let mut bytes = 0;
    for portion in input.chunks(portion) {
        client.feed(portion);
        while let Ok(Some(frame)) = client.next_frame() {
            if let Frame::Payload { bytes: payload, .. } = frame {
                bytes += payload.len();
            }
        }
    }
    assert!(bytes <= input.len());
}

fn zeros(bytes: &mut [u8]) {
    bytes.fill(0);
}
