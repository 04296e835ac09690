//! Proxies in front of the data centres, as users have them in front of Telegram.
//!
//! They lead to the data centres of their sandbox and nowhere else, so that nobody can use them for anything.

mod mtproxy;
mod tunnel;

use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use madeline_mtproto::proxy::Login;
use madeline_mtproto::transport::Secret;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{AbortHandle, JoinSet};

/// A proxy to be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proxy {
    /// A SOCKS5 proxy.
    Socks5 {
        /// What clients have to say; `None`: nothing.
        login: Option<Login>,
    },
    /// An HTTP proxy for `CONNECT`.
    Http {
        /// What clients have to say; `None`: nothing.
        login: Option<Login>,
    },
    /// An MTProxy, which chooses the data centre by the number in the stream's header.
    MtProxy {
        /// What clients have to know.
        secret: Secret,
    },
}

/// Where the data centres are.
type Dcs = Arc<BTreeMap<i32, SocketAddr>>;

/// Opens a port on 127.0.0.1 and serves it. Gives its address and the task that listens.
pub(crate) async fn listen(
    proxy: Proxy,
    dcs: BTreeMap<i32, SocketAddr>,
) -> io::Result<(SocketAddr, AbortHandle)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    let task = tokio::spawn(accept(listener, proxy, Arc::new(dcs))).abort_handle();
    Ok((address, task))
}

/// Takes connections until it is aborted; they end with it.
async fn accept(listener: TcpListener, proxy: Proxy, dcs: Dcs) {
    let mut connections = JoinSet::new();
    let seen = mtproxy::Seen::default();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(serve(stream, proxy.clone(), Arc::clone(&dcs), seen.clone()));
                }
                // Out of descriptors, most likely: what is open goes on, and some of it ends.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

/// Serves a connection until either side ends it, whatever the reason.
async fn serve(stream: TcpStream, proxy: Proxy, dcs: Dcs, seen: mtproxy::Seen) {
    let _ = stream.set_nodelay(true);
    let _ = match proxy {
        Proxy::Socks5 { login } => tunnel::socks5(stream, login, &dcs).await,
        Proxy::Http { login } => tunnel::http(stream, login, &dcs).await,
        Proxy::MtProxy { secret } => mtproxy::serve(stream, &secret, &dcs, &seen).await,
    };
}
