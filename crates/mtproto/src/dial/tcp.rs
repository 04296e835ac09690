//! The TCP connection below everything else.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use socket2::{SockRef, TcpKeepalive};
use tokio::net::{TcpSocket, TcpStream, lookup_host};
use tokio::time::{Instant, timeout_at};

use super::{Cause, ProxyAddress};

/// After this long without traffic the system asks whether the other end is still there; the protocol's own pings are
/// as frequent, but a connection without a session has none.
const KEEPALIVE_AFTER: Duration = Duration::from_secs(60);
const KEEPALIVE_EVERY: Duration = Duration::from_secs(15);
const KEEPALIVE_TIMES: u32 = 4;

/// Connects to a proxy, whose name may have to be looked up.
pub(super) async fn connect_to(
    proxy: &ProxyAddress,
    local: Option<SocketAddr>,
    limit: Duration,
) -> Result<TcpStream, Cause> {
    let until = Instant::now() + limit;
    let found: Vec<_> = lookup_host((proxy.host.as_str(), proxy.port))
        .await
        .map_err(Cause::Resolve)?
        .collect();
    connect(&found, local, until - Instant::now()).await
}

/// Connects to the first of these addresses that answers. They share the time.
pub(super) async fn connect(
    addresses: &[SocketAddr],
    local: Option<SocketAddr>,
    limit: Duration,
) -> Result<TcpStream, Cause> {
    let mut addresses = addresses.to_vec();
    let mut failure = Cause::Resolve(io::Error::new(io::ErrorKind::NotFound, "no address"));
    if let Some(local) = local {
        addresses.retain(|address| address.is_ipv4() == local.is_ipv4());
        failure = Cause::Family { local };
    }
    let until = Instant::now() + limit;
    let mut left = addresses.len() as u32;
    for address in addresses {
        let share = (until - Instant::now()) / left.max(1);
        left -= 1;
        match timeout_at(Instant::now() + share, attempt(address, local)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(cause)) => failure = cause,
            Err(_) => failure = Cause::Timeout(limit),
        }
    }
    Err(failure)
}

async fn attempt(address: SocketAddr, local: Option<SocketAddr>) -> Result<TcpStream, Cause> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4(),
        SocketAddr::V6(_) => TcpSocket::new_v6(),
    }
    .map_err(Cause::Connect)?;
    if let Some(local) = local {
        socket
            .bind(local)
            .map_err(|source| Cause::Bind { local, source })?;
    }
    let stream = socket.connect(address).await.map_err(Cause::Connect)?;
    set_up(&stream).map_err(Cause::Connect)?;
    Ok(stream)
}

fn set_up(stream: &TcpStream) -> io::Result<()> {
    // Messages are written whole: nothing is gained by collecting them.
    stream.set_nodelay(true)?;
    let keepalive = TcpKeepalive::new()
        .with_time(KEEPALIVE_AFTER)
        .with_interval(KEEPALIVE_EVERY)
        .with_retries(KEEPALIVE_TIMES);
    SockRef::from(stream).set_tcp_keepalive(&keepalive)
}
