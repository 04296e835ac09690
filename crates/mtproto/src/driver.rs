//! The client's key exchange over TCP.

use std::error::Error as StdError;
use std::net::SocketAddr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use std::{fmt, io};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout_at};

use crate::RsaKey;
use crate::envelope::{self, Side, checks, plain};
use crate::handshake::client::{self, Outcome, Target};
use crate::handshake::{self, NewAuthKey};
use crate::message_id::{MsgIdGenerator, Origin};
use crate::random::OsRandom;
use crate::transport::{self, Frame, Kind, Obfuscation, error_code};

/// No message of the exchange comes near this size.
const MAX_FRAME: usize = 64 << 10;

/// How to speak to a server.
#[derive(Clone, Debug)]
pub struct Transport {
    /// The framing.
    pub kind: Kind,
    /// Obfuscation, when wanted. Not for [`Kind::Full`].
    pub obfuscation: Option<Obfuscation>,
}

/// Connects to `address` and agrees on a new permanent key within `limit`, which includes connecting.
///
/// `keys` are the RSA keys of servers to be trusted. `dc` is the DC's number; +10000 for test DCs, negative for media
/// DCs.
pub async fn create_auth_key(
    address: SocketAddr,
    transport: &Transport,
    keys: &[RsaKey],
    dc: i16,
    limit: Duration,
) -> Result<NewAuthKey, Error> {
    let mut connection = Connection::open(address, transport, limit).await?;
    let target = Target {
        dc: dc.into(),
        expires_in: None,
    };
    let keys = keys.to_vec();

    let (request, state) = client::start(&mut OsRandom);
    let answer = connection.ask(Step::ReqPq, &request).await?;
    let (request, state) = connection
        .compute(Step::ReqDhParams, move || {
            state.res_pq(&answer, &keys, target, &mut OsRandom)
        })
        .await?;
    let answer = connection.ask(Step::ReqDhParams, &request).await?;
    let (mut request, mut state) = connection
        .compute(Step::SetClientDhParams, move || {
            state.dh_params(&answer, now(), &mut OsRandom)
        })
        .await?;
    loop {
        let answer = connection.ask(Step::SetClientDhParams, &request).await?;
        let outcome = connection
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

struct Connection {
    address: SocketAddr,
    limit: Duration,
    until: Instant,
    stream: TcpStream,
    framing: transport::Client,
    msg_ids: MsgIdGenerator,
}

impl Connection {
    async fn open(
        address: SocketAddr,
        transport: &Transport,
        limit: Duration,
    ) -> Result<Self, Error> {
        let failed = |cause| Error {
            address,
            step: Step::Connect,
            cause,
        };
        let framing = match &transport.obfuscation {
            None => Ok(transport::Client::new(transport.kind)),
            Some(obfuscation) => {
                transport::Client::obfuscated(transport.kind, obfuscation, &mut OsRandom)
            }
        };
        let framing = framing
            .map_err(|error| failed(Cause::Transport(error)))?
            .with_max_frame(MAX_FRAME);
        let until = Instant::now() + limit;
        let stream = timeout_at(until, TcpStream::connect(address))
            .await
            .map_err(|_| failed(Cause::Timeout(limit)))?
            .map_err(|error| failed(Cause::Io(error)))?;
        // Each message waits for an answer: nothing is gained by collecting them.
        stream
            .set_nodelay(true)
            .map_err(|error| failed(Cause::Io(error)))?;
        Ok(Self {
            address,
            limit,
            until,
            stream,
            framing,
            msg_ids: MsgIdGenerator::default(),
        })
    }

    /// Sends a request and waits for the body of its answer.
    async fn ask(&mut self, step: Step, request: &[u8]) -> Result<Vec<u8>, Error> {
        let (address, limit, until) = (self.address, self.limit, self.until);
        timeout_at(until, self.exchange(request))
            .await
            .unwrap_or(Err(Cause::Timeout(limit)))
            .map_err(|cause| Error {
                address,
                step,
                cause,
            })
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
            .map_err(|cause| Error {
                address: self.address,
                step,
                cause,
            })
    }

    async fn exchange(&mut self, request: &[u8]) -> Result<Vec<u8>, Cause> {
        let envelope = plain::write(self.msg_ids.next(now(), Origin::Client), request);
        let mut out = Vec::new();
        self.framing
            .send(&envelope, false, &mut OsRandom, &mut out)
            .map_err(Cause::Transport)?;
        self.stream.write_all(&out).await.map_err(Cause::Io)?;
        let mut portion = [0; 4096];
        loop {
            match self.framing.next_frame().map_err(Cause::Transport)? {
                Some(Frame::Payload { bytes, .. }) => {
                    let message = plain::read(&bytes).map_err(Cause::Envelope)?;
                    checks::origin(message.msg_id, Side::Server).map_err(Cause::Envelope)?;
                    return Ok(message.body.to_vec());
                }
                Some(Frame::Error(code)) => return Err(Cause::Code(code)),
                // Nothing asked for one.
                Some(Frame::QuickAck(_)) => {}
                None => match self.stream.read(&mut portion).await.map_err(Cause::Io)? {
                    0 => return Err(Cause::Closed),
                    count => self.framing.feed(portion.get(..count).unwrap_or_default()),
                },
            }
        }
    }
}

fn now() -> Duration {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
}
