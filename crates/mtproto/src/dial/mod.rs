//! Connections to servers: straight, or through a SOCKS5, HTTP or MTProxy.
//!
//! [`connect`] gives a TCP stream over which MTProto's frames can be exchanged at once, with the
//! [`transport::Client`] that makes and reads them. Whatever fails is told with the hop that failed.

mod error;
mod route;
mod tcp;

use std::net::SocketAddr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use zeroize::Zeroizing;

pub use self::error::{Cause, Error};
pub use self::route::{Hop, NoProxyAddress, Peer, ProxyAddress, Route};
use crate::proxy::{Progress, http, socks5};
use crate::random::OsRandom;
use crate::transport::{self, Disguise, Kind, Obfuscation, Secret, tls};

/// A connection over which frames can be sent.
pub struct Dialled {
    /// The TCP stream.
    pub stream: TcpStream,
    /// What makes and reads frames on it.
    pub framing: transport::Client,
    /// The address that was asked for.
    pub target: SocketAddr,
    /// Who is at the other end of the stream.
    pub peer: Peer,
}

impl Dialled {
    /// The error for a stream that ended, or stayed silent, before the first frame came over it: with the hint that
    /// an MTProxy, which gives no other answer, may have another secret.
    pub fn failed(&self, cause: Cause) -> Error {
        Error {
            peer: self.peer.clone(),
            cause,
        }
    }
}

/// Connects to `target` by `route` within `limit`, which includes the name of a proxy, its greeting and that of TLS.
///
/// `dc` is the DC's number; +10000 for test DCs, negative for media DCs. It goes into the header of obfuscated
/// streams. An MTProxy finds the server by it; `target` serves messages only then.
pub async fn connect(
    target: SocketAddr,
    route: &Route,
    dc: i16,
    limit: Duration,
) -> Result<Dialled, Error> {
    let peer = Peer::of(&route.hop, target);
    match timeout(limit, open(target, route, dc, limit)).await {
        Ok(Ok((stream, framing))) => Ok(Dialled {
            stream,
            framing,
            target,
            peer,
        }),
        Ok(Err(cause)) => Err(Error { peer, cause }),
        Err(_) => Err(Error {
            peer,
            cause: Cause::Timeout(limit),
        }),
    }
}

async fn open(
    target: SocketAddr,
    route: &Route,
    dc: i16,
    limit: Duration,
) -> Result<(TcpStream, transport::Client), Cause> {
    let mut framing = framing(route, dc).map_err(Cause::Transport)?;
    let local = route.bind_to;
    match &route.hop {
        Hop::Direct => Ok((tcp::connect(&[target], local, limit).await?, framing)),
        Hop::Socks5 { address, login } => {
            let mut proxy = socks5::Client::new(target, login.clone()).map_err(Cause::Socks5)?;
            let mut stream = tcp::connect_to(address, local, limit).await?;
            let greeting = Zeroizing::new(proxy.greeting());
            let step = |bytes: &[u8]| proxy.receive(bytes).map_err(Cause::Socks5);
            framing.feed(&talk(&mut stream, greeting, step).await?);
            Ok((stream, framing))
        }
        Hop::Http { address, login } => {
            let mut proxy = http::Client::new(target, login.as_ref()).map_err(Cause::Http)?;
            let mut stream = tcp::connect_to(address, local, limit).await?;
            let greeting = Zeroizing::new(proxy.greeting().to_vec());
            let step = |bytes: &[u8]| proxy.receive(bytes).map_err(Cause::Http);
            framing.feed(&talk(&mut stream, greeting, step).await?);
            Ok((stream, framing))
        }
        Hop::MtProxy { address, secret } => {
            let mut stream = tcp::connect_to(address, local, limit).await?;
            if let Disguise::Tls { domain } = secret.disguise() {
                let mut opening =
                    tls::Client::new(secret.key(), domain, unix_time(), &mut OsRandom);
                let greeting = Zeroizing::new(opening.greeting().to_vec());
                let step = |bytes: &[u8]| opening.receive(bytes).map_err(Cause::Tls);
                let excess = talk(&mut stream, greeting, step).await?;
                framing = framing.within_tls();
                framing.feed(&excess);
            }
            Ok((stream, framing))
        }
    }
}

/// What makes and reads frames, as the route wants them.
fn framing(route: &Route, dc: i16) -> Result<transport::Client, transport::Error> {
    let obfuscation = |secret: Option<&Secret>| Obfuscation {
        secret: secret.map(|secret| *secret.key()),
        dc,
    };
    match &route.hop {
        Hop::MtProxy { secret, .. } => {
            let kind = match secret.disguise() {
                Disguise::None => route.kind,
                _ => Kind::PaddedIntermediate,
            };
            transport::Client::obfuscated(kind, &obfuscation(Some(secret)), &mut OsRandom)
        }
        _ if route.obfuscated => {
            transport::Client::obfuscated(route.kind, &obfuscation(None), &mut OsRandom)
        }
        _ => Ok(transport::Client::new(route.kind)),
    }
}

/// Sends what is to be sent and reads what is to be read until the stream is there. Gives what was read of it.
async fn talk(
    stream: &mut TcpStream,
    greeting: Zeroizing<Vec<u8>>,
    mut step: impl FnMut(&[u8]) -> Result<Progress, Cause>,
) -> Result<Vec<u8>, Cause> {
    let mut portion = [0; 4096];
    let mut next = Progress::Send(greeting);
    loop {
        next = match next {
            Progress::Done { excess } => return Ok(excess),
            Progress::Send(message) => {
                stream.write_all(&message).await.map_err(Cause::Io)?;
                step(&[])?
            }
            Progress::More => match stream.read(&mut portion).await.map_err(Cause::Io)? {
                0 => return Err(Cause::Closed),
                count => step(portion.get(..count).unwrap_or_default())?,
            },
        };
    }
}

fn unix_time() -> Duration {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
}
