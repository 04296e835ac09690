//! Why there is no connection, in words that name the hop at fault.

use std::net::SocketAddr;
use std::time::Duration;
use std::{fmt, io};

use super::Peer;
use crate::proxy::{http, socks5};
use crate::transport::{self, tls};

/// Why there is no connection: whose fault it is, and what happened.
#[derive(Debug)]
pub struct Error {
    /// The hop that failed.
    pub peer: Peer,
    /// What happened.
    pub cause: Cause,
}

/// What happened. Each text is a predicate of the peer.
#[derive(Debug)]
#[non_exhaustive]
pub enum Cause {
    /// The proxy's name has no address.
    Resolve(io::Error),
    /// There was no TCP connection.
    Connect(io::Error),
    /// There is no connection from the wanted local address.
    Bind {
        /// That address.
        local: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// None of the peer's addresses is of the family of the wanted local address.
    Family {
        /// That address.
        local: SocketAddr,
    },
    /// The connection broke.
    Io(io::Error),
    /// The peer closed the connection before the stream was there, or before it had answered anything.
    Closed,
    /// Neither was there an answer in time.
    Timeout(Duration),
    /// A SOCKS5 proxy did not connect.
    Socks5(socks5::Error),
    /// An HTTP proxy did not connect.
    Http(http::Error),
    /// An MTProxy did not answer as TLS servers and holders of the secret do.
    Tls(tls::Error),
    /// The route's transport is not possible.
    Transport(transport::Error),
    /// What came is no frame.
    NotMtproto(transport::Error),
}

impl Error {
    /// The nearest of the system's errors.
    pub fn kind(&self) -> io::ErrorKind {
        match &self.cause {
            Cause::Resolve(error)
            | Cause::Connect(error)
            | Cause::Io(error)
            | Cause::Bind { source: error, .. } => error.kind(),
            Cause::Family { .. } => io::ErrorKind::AddrNotAvailable,
            Cause::Closed => io::ErrorKind::UnexpectedEof,
            Cause::Timeout(_) => io::ErrorKind::TimedOut,
            Cause::Socks5(
                socks5::Error::Password | socks5::Error::LoginWanted | socks5::Error::NoPasswords,
            )
            | Cause::Http(http::Error::Password | http::Error::LoginWanted) => {
                io::ErrorKind::PermissionDenied
            }
            Cause::Socks5(socks5::Error::Reply { .. })
            | Cause::Http(http::Error::Status { .. }) => io::ErrorKind::ConnectionRefused,
            Cause::Socks5(_) | Cause::Http(_) | Cause::Tls(_) | Cause::NotMtproto(_) => {
                io::ErrorKind::InvalidData
            }
            Cause::Transport(_) => io::ErrorKind::InvalidInput,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} ", self.peer)?;
        match &self.cause {
            Cause::Resolve(error) => write!(formatter, "could not be found: {error}"),
            Cause::Connect(error) => write!(formatter, "could not be reached: {error}"),
            Cause::Bind { local, source } => {
                write!(formatter, "can't be reached from {local}: {source}")
            }
            Cause::Family { local } => write!(
                formatter,
                "can't be reached from {local}: it has no address of that family"
            ),
            Cause::Io(error) => write!(formatter, "broke the connection: {error}"),
            Cause::Closed => formatter.write_str("closed the connection"),
            Cause::Timeout(limit) => {
                write!(formatter, "did not answer within {} s", limit.as_secs_f64())
            }
            Cause::Socks5(error) => error.fmt(formatter),
            Cause::Http(error) => error.fmt(formatter),
            Cause::Tls(error) => error.fmt(formatter),
            Cause::Transport(error) => write!(formatter, "can't be spoken to: {error}"),
            Cause::NotMtproto(error) => {
                write!(
                    formatter,
                    "answered with something else than MTProto: {error}"
                )
            }
        }?;
        // Whoever does not hold the secret gets no other answer.
        let is_silence = matches!(self.cause, Cause::Closed | Cause::Io(_) | Cause::Timeout(_));
        if is_silence && matches!(self.peer, Peer::MtProxy(_)) {
            formatter.write_str(": wrong secret?")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.cause {
            Cause::Resolve(error)
            | Cause::Connect(error)
            | Cause::Io(error)
            | Cause::Bind { source: error, .. } => Some(error),
            Cause::Socks5(error) => Some(error),
            Cause::Http(error) => Some(error),
            Cause::Tls(error) => Some(error),
            Cause::Transport(error) | Cause::NotMtproto(error) => Some(error),
            Cause::Family { .. } | Cause::Closed | Cause::Timeout(_) => None,
        }
    }
}

impl From<Error> for io::Error {
    /// Without the peer where that is the server itself, whose address callers know.
    fn from(error: Error) -> Self {
        match (error.peer, error.cause) {
            (Peer::Server(_), Cause::Connect(error) | Cause::Io(error)) => error,
            (Peer::Server(_), Cause::Timeout(limit)) => io::Error::new(
                io::ErrorKind::TimedOut,
                format!("no answer within {} s", limit.as_secs_f64()),
            ),
            (peer, cause) => {
                let error = Error { peer, cause };
                io::Error::new(error.kind(), error)
            }
        }
    }
}
