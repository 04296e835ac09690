//! The client's key exchange over a connection of [`crate::dial`].

use std::error::Error as StdError;
use std::net::SocketAddr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use std::{fmt, io};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{Instant, timeout_at};

use crate::RsaKey;
use crate::dial::{self, Dialled, Peer, Route};
use crate::envelope::{self, Side, checks, plain};
use crate::handshake::client::{self, Outcome, Target};
use crate::handshake::{self, NewAuthKey};
use crate::message_id::{MsgIdGenerator, Origin};
use crate::random::OsRandom;
use crate::transport::{self, Frame, error_code};

/// No message of the exchange comes near this size.
const MAX_FRAME: usize = 64 << 10;

/// Connects to `address` by `route` and agrees on a new key within `limit`, which includes connecting.
///
/// `keys` are the RSA keys of servers to be trusted. `dc` is the DC's number; +10000 for test DCs, negative for media
/// DCs. `expires_in` is the time in seconds for which a temporary key is wanted, `None` for a permanent one.
pub async fn create_auth_key(
    address: SocketAddr,
    route: &Route,
    keys: &[RsaKey],
    dc: i16,
    expires_in: Option<i32>,
    limit: Duration,
) -> Result<NewAuthKey, Error> {
    let until = Instant::now() + limit;
    let mut dialled = dial::connect(address, route, dc, limit)
        .await
        .map_err(|error| Error {
            address,
            step: Step::Connect,
            cause: Cause::Dial(error),
        })?;
    let target = Target {
        dc: dc.into(),
        expires_in,
    };
    Exchange::new(&mut dialled, until, limit)
        .run(keys, target)
        .await
}

/// Agrees on a new key within `limit` over a connection that stands.
///
/// Afterwards messages can be exchanged over it with that key, or another exchange made. The other arguments are
/// those of [`create_auth_key`].
pub async fn exchange(
    dialled: &mut Dialled,
    keys: &[RsaKey],
    dc: i16,
    expires_in: Option<i32>,
    limit: Duration,
) -> Result<NewAuthKey, Error> {
    let target = Target {
        dc: dc.into(),
        expires_in,
    };
    let max_frame = dialled.framing.max_frame();
    dialled.framing.set_max_frame(MAX_FRAME);
    let result = Exchange::new(dialled, Instant::now() + limit, limit)
        .run(keys, target)
        .await;
    dialled.framing.set_max_frame(max_frame);
    result
}

/// What the driver was about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step {
    /// Opening the TCP connection.
    Connect,
    /// `req_pq_multi`.
    ReqPq,
    /// `req_DH_params`.
    ReqDhParams,
    /// `set_client_DH_params`.
    SetClientDhParams,
}

impl fmt::Display for Step {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Connect => "connecting",
            Self::ReqPq => "req_pq_multi",
            Self::ReqDhParams => "req_DH_params",
            Self::SetClientDhParams => "set_client_DH_params",
        })
    }
}

/// Why no key was created: the address, the step and the cause.
#[derive(Debug)]
pub struct Error {
    /// Where the server was looked for.
    pub address: SocketAddr,
    /// What the driver was about.
    pub step: Step,
    /// What went wrong.
    pub cause: Cause,
}

/// What went wrong.
#[derive(Debug)]
#[non_exhaustive]
pub enum Cause {
    /// There is no connection, or nothing came over it; the error names the hop that failed.
    Dial(dial::Error),
    /// The system reported an error, such as a refused connection.
    Io(io::Error),
    /// There was no answer within the whole exchange's time limit.
    Timeout(Duration),
    /// The server closed the connection.
    Closed,
    /// The server answered with a transport error, see [`error_code`].
    Code(i32),
    /// What came is not the wanted transport.
    Transport(transport::Error),
    /// What came is not a plain message.
    Envelope(envelope::Error),
    /// The exchange itself failed; among the reasons are unknown RSA keys.
    Handshake(handshake::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "no authorization key from {}: {}: {}",
            self.address, self.step, self.cause
        )
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.cause {
            Cause::Dial(error) => Some(error),
            Cause::Io(error) => Some(error),
            Cause::Transport(error) => Some(error),
            Cause::Envelope(error) => Some(error),
            Cause::Handshake(error) => Some(error),
            Cause::Timeout(_) | Cause::Closed | Cause::Code(_) => None,
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dial(error) => error.fmt(formatter),
            Self::Io(error) => error.fmt(formatter),
            Self::Timeout(limit) => write!(formatter, "no answer within {} s", limit.as_secs_f64()),
            Self::Closed => formatter.write_str("the server closed the connection"),
            Self::Code(code @ error_code::NOT_FOUND) => {
                write!(
                    formatter,
                    "transport error {code}: the server did not accept the message"
                )
            }
            Self::Code(code @ error_code::FLOOD) => {
                write!(
                    formatter,
                    "transport error {code}: too many connections from this address"
                )
            }
            Self::Code(code @ error_code::INVALID_DC) => {
                write!(
                    formatter,
                    "transport error {code}: the server is not that DC"
                )
            }
            Self::Code(code) => write!(formatter, "transport error {code}"),
            Self::Transport(error) => error.fmt(formatter),
            Self::Envelope(error) => error.fmt(formatter),
            Self::Handshake(error) => error.fmt(formatter),
        }
    }
}

/// An exchange under way.
struct Exchange<'a> {
    dialled: &'a mut Dialled,
    until: Instant,
    limit: Duration,
    /// The other end has sent a frame, so it speaks MTProto.
    heard: bool,
    msg_ids: MsgIdGenerator,
}

impl<'a> Exchange<'a> {
    fn new(dialled: &'a mut Dialled, until: Instant, limit: Duration) -> Self {
        Self {
            dialled,
            until,
            limit,
            heard: false,
            msg_ids: MsgIdGenerator::default(),
        }
    }

    async fn run(mut self, keys: &[RsaKey], target: Target) -> Result<NewAuthKey, Error> {
        let keys = keys.to_vec();
        let (request, state) = client::start(&mut OsRandom);
        let answer = self.ask(Step::ReqPq, &request).await?;
        let (request, state) = self
            .compute(Step::ReqDhParams, move || {
                state.res_pq(&answer, &keys, target, &mut OsRandom)
            })
            .await?;
        let answer = self.ask(Step::ReqDhParams, &request).await?;
        let (mut request, mut state) = self
            .compute(Step::SetClientDhParams, move || {
                state.dh_params(&answer, now(), &mut OsRandom)
            })
            .await?;
        loop {
            let answer = self.ask(Step::SetClientDhParams, &request).await?;
            let outcome = self
                .compute(Step::SetClientDhParams, move || {
                    state.dh_gen(&answer, &mut OsRandom)
                })
                .await?;
            match outcome {
                Outcome::Created(key) => return Ok(key),
                Outcome::Retry(again, next) => (request, state) = (again, next),
            }
        }
    }

    /// Sends a request and waits for the body of its answer.
    async fn ask(&mut self, step: Step, request: &[u8]) -> Result<Vec<u8>, Error> {
        let (until, limit) = (self.until, self.limit);
        match timeout_at(until, self.exchange(request)).await {
            Ok(Ok(body)) => Ok(body),
            Ok(Err(cause)) => Err(self.failed(step, cause)),
            Err(_) => Err(self.failed(step, Cause::Timeout(limit))),
        }
    }

    /// Runs a step, which may take a while, where it does not keep other tasks waiting.
    async fn compute<T: Send + 'static>(
        &self,
        step: Step,
        work: impl FnOnce() -> Result<T, handshake::Error> + Send + 'static,
    ) -> Result<T, Error> {
        timeout_at(self.until, tokio::task::spawn_blocking(work))
            .await
            .map_err(|_| Cause::Timeout(self.limit))
            .and_then(|joined| joined.map_err(|error| Cause::Io(error.into())))
            .and_then(|result| result.map_err(Cause::Handshake))
            .map_err(|cause| self.failed(step, cause))
    }

    async fn exchange(&mut self, request: &[u8]) -> Result<Vec<u8>, Cause> {
        let envelope = plain::write(self.msg_ids.next(now(), Origin::Client), request);
        let Dialled {
            stream, framing, ..
        } = &mut *self.dialled;
        let mut out = Vec::new();
        framing
            .send(&envelope, false, &mut OsRandom, &mut out)
            .map_err(Cause::Transport)?;
        stream.write_all(&out).await.map_err(Cause::Io)?;
        let mut portion = [0; 4096];
        loop {
            match framing.next_frame().map_err(Cause::Transport)? {
                Some(Frame::Payload { bytes, .. }) => {
                    self.heard = true;
                    let message = plain::read(&bytes).map_err(Cause::Envelope)?;
                    checks::origin(message.msg_id, Side::Server).map_err(Cause::Envelope)?;
                    return Ok(message.body.to_vec());
                }
                Some(Frame::Error(code)) => return Err(Cause::Code(code)),
                // Nothing asked for one.
                Some(Frame::QuickAck(_)) => {}
                None => match stream.read(&mut portion).await.map_err(Cause::Io)? {
                    0 => return Err(Cause::Closed),
                    count => framing.feed(portion.get(..count).unwrap_or_default()),
                },
            }
        }
    }

    /// The error with its circumstances. Behind a proxy that has not passed on a single frame, the proxy is named.
    fn failed(&self, step: Step, cause: Cause) -> Error {
        let cause = match cause {
            cause if self.heard || matches!(self.dialled.peer, Peer::Server(_)) => cause,
            Cause::Closed => Cause::Dial(self.dialled.failed(dial::Cause::Closed)),
            Cause::Io(error) => Cause::Dial(self.dialled.failed(dial::Cause::Io(error))),
            Cause::Timeout(limit) => Cause::Dial(self.dialled.failed(dial::Cause::Timeout(limit))),
            Cause::Transport(error) => {
                Cause::Dial(self.dialled.failed(dial::Cause::NotMtproto(error)))
            }
            cause => cause,
        };
        Error {
            address: self.dialled.target,
            step,
            cause,
        }
    }
}

fn now() -> Duration {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
}
