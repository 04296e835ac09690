//! A local Telegram data centre for the demo, the tests and the benchmarks.
//!
//! [`World`] says who exists at start; [`Sandbox::start`] opens one listening port per data centre on 127.0.0.1 and
//! serves until it is dropped. Nothing is stored: a new start is a new Telegram. `docs/sandbox.md` describes the
//! world file, what the sandbox is strict about and what it lacks.
//!
//! Inside: [`world`] reads the file, `state` is everything known while running, `methods` answers calls, `net` speaks
//! `MTProto` to clients.

mod control;
mod error;
mod faults;
mod methods;
mod net;
mod picture;
mod proxies;
mod srp;
mod state;
mod stats;
pub mod world;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use madeline_mtproto::RsaPrivateKey;
use madeline_tl::Schema;
use tokio::task::AbortHandle;

pub use control::Control;
pub use proxies::Proxy;
pub use world::{World, WorldError};

/// How a sandbox is started.
pub struct Config {
    /// Who exists, what bots do.
    pub world: World,
    /// The first data centre's port, the others follow; 0 is any free port for each.
    pub port: u16,
    /// The server's RSA key; clients need its public half.
    pub rsa_key: RsaPrivateKey,
    /// The only schema, and with it the only layer, that is spoken.
    pub schema: &'static Schema,
    /// Says on standard error what happens.
    pub verbose: bool,
}

/// A running sandbox. Dropping it closes every port and connection.
pub struct Sandbox {
    addresses: BTreeMap<i32, SocketAddr>,
    public_key: String,
    fingerprint: i64,
    listeners: Vec<AbortHandle>,
    shared: Arc<net::Shared>,
}

impl Sandbox {
    /// Opens the ports and begins to serve on the current Tokio runtime.
    ///
    /// # Errors
    /// A port that can't be opened.
    pub async fn start(config: Config) -> std::io::Result<Sandbox> {
        let public = config.rsa_key.public();
        let (public_key, fingerprint) = (public.to_pem(), public.fingerprint());
        let (addresses, listeners, shared) = net::listen(config).await?;
        Ok(Sandbox {
            addresses,
            public_key,
            fingerprint,
            listeners,
            shared,
        })
    }

    /// The handle by which tests make it misbehave and see what it did.
    pub fn control(&self) -> Control {
        Control::new(Arc::clone(&self.shared))
    }

    /// Opens a port on 127.0.0.1 for the same over TCP, commands and answers as lines of JSON; 0 is any free port.
    ///
    /// # Errors
    /// A port that can't be opened.
    pub async fn listen_control(&mut self, port: u16) -> std::io::Result<SocketAddr> {
        let (address, listener) = control::listen(self.control(), port).await?;
        self.listeners.push(listener);
        Ok(address)
    }

    /// Opens a port on 127.0.0.1 for a proxy that leads to the data centres.
    ///
    /// # Errors
    /// A port that can't be opened.
    pub async fn listen_proxy(&mut self, proxy: Proxy) -> std::io::Result<SocketAddr> {
        let (address, listener) = proxies::listen(proxy, self.addresses.clone()).await?;
        self.listeners.push(listener);
        Ok(address)
    }

    /// The address of every data centre, and under its negative number that of its servers for files only.
    pub fn addresses(&self) -> &BTreeMap<i32, SocketAddr> {
        &self.addresses
    }

    /// The server's public RSA key, PKCS#1 PEM.
    pub fn rsa_public_key(&self) -> &str {
        &self.public_key
    }

    /// The fingerprint of that key.
    pub fn fingerprint(&self) -> i64 {
        self.fingerprint
    }
}

impl std::fmt::Debug for Sandbox {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Sandbox")
            .field("addresses", &self.addresses)
            .field("fingerprint", &self.fingerprint)
            .finish_non_exhaustive()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        for listener in &self.listeners {
            listener.abort();
        }
    }
}
