//! Which way to a server.

use std::fmt;
use std::net::SocketAddr;
use std::str::FromStr;

use crate::proxy::Login;
use crate::transport::{Kind, Secret};

/// How to reach a server and what to speak with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The framing. An MTProxy whose secret asks for padding gets [`Kind::PaddedIntermediate`] in any case.
    pub kind: Kind,
    /// Obfuscate the stream; not possible for [`Kind::Full`]. A stream to an MTProxy always is.
    pub obfuscated: bool,
    /// What stands between.
    pub hop: Hop,
    /// The local address to connect from. Addresses of the other family are not tried then.
    pub bind_to: Option<SocketAddr>,
}

impl Route {
    /// Straight to the server, not obfuscated.
    pub fn direct(kind: Kind) -> Self {
        Self {
            kind,
            obfuscated: false,
            hop: Hop::Direct,
            bind_to: None,
        }
    }
}

/// What stands between client and server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Hop {
    /// Nothing.
    #[default]
    Direct,
    /// A SOCKS5 proxy.
    Socks5 {
        /// Where it listens.
        address: ProxyAddress,
        /// What it wants to know.
        login: Option<Login>,
    },
    /// An HTTP proxy that permits `CONNECT`.
    Http {
        /// Where it listens.
        address: ProxyAddress,
        /// What it wants to know.
        login: Option<Login>,
    },
    /// An MTProxy. It knows itself where the servers are: the DC's number decides, not an address.
    MtProxy {
        /// Where it listens.
        address: ProxyAddress,
        /// What it shares with its clients.
        secret: Secret,
    },
}

/// Name or IP address of a proxy and its port.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ProxyAddress {
    /// A name, or an IP address without brackets.
    pub host: String,
    /// The TCP port.
    pub port: u16,
}

impl ProxyAddress {
    /// A host with its port. Brackets around an IPv6 address are taken off.
    pub fn new(host: &str, port: u16) -> Self {
        let inner = host
            .strip_prefix('[')
            .and_then(|host| host.strip_suffix(']'));
        Self {
            host: inner.unwrap_or(host).to_owned(),
            port,
        }
    }
}

impl From<SocketAddr> for ProxyAddress {
    fn from(address: SocketAddr) -> Self {
        Self {
            host: address.ip().to_string(),
            port: address.port(),
        }
    }
}

impl FromStr for ProxyAddress {
    type Err = NoProxyAddress;

    /// From `host:port` or `[v6]:port`.
    fn from_str(text: &str) -> Result<Self, NoProxyAddress> {
        let (host, port) = text.rsplit_once(':').ok_or(NoProxyAddress)?;
        let bracketed = host.starts_with('[') && host.ends_with(']');
        if host.is_empty() || (host.contains(':') && !bracketed) {
            return Err(NoProxyAddress);
        }
        Ok(Self::new(host, port.parse().map_err(|_| NoProxyAddress)?))
    }
}

impl fmt::Display for ProxyAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, port } = self;
        if host.contains(':') {
            write!(formatter, "[{host}]:{port}")
        } else {
            write!(formatter, "{host}:{port}")
        }
    }
}

/// Text that is not `host:port`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoProxyAddress;

impl fmt::Display for NoProxyAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("expected host:port")
    }
}

impl std::error::Error for NoProxyAddress {}

/// Who is at the other end of a connection's TCP stream, for messages.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Peer {
    /// The server itself.
    Server(SocketAddr),
    /// A SOCKS5 proxy.
    Socks5(ProxyAddress),
    /// An HTTP proxy.
    Http(ProxyAddress),
    /// An MTProxy.
    MtProxy(ProxyAddress),
}

impl Peer {
    /// The peer of a stream that goes this way.
    pub fn of(hop: &Hop, target: SocketAddr) -> Self {
        match hop {
            Hop::Direct => Self::Server(target),
            Hop::Socks5 { address, .. } => Self::Socks5(address.clone()),
            Hop::Http { address, .. } => Self::Http(address.clone()),
            Hop::MtProxy { address, .. } => Self::MtProxy(address.clone()),
        }
    }
}

impl fmt::Display for Peer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Server(address) => write!(formatter, "the server {address}"),
            Self::Socks5(address) => write!(formatter, "the SOCKS5 proxy {address}"),
            Self::Http(address) => write!(formatter, "the HTTP proxy {address}"),
            Self::MtProxy(address) => write!(formatter, "the MTProxy {address}"),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn proxies_are_named_by_host_and_port() {
        for (text, host, port) in [
            ("proxy.example.org:1080", "proxy.example.org", 1080),
            ("127.0.0.1:80", "127.0.0.1", 80),
            ("[::1]:443", "::1", 443),
        ] {
            let address: ProxyAddress = text.parse().unwrap();
            assert_eq!((address.host.as_str(), address.port), (host, port));
            assert_eq!(address.to_string(), text);
        }
        for text in ["", "host", "host:", ":1", "host:65536", "::1", "host:x"] {
            assert_eq!(text.parse::<ProxyAddress>(), Err(NoProxyAddress), "{text}");
        }
    }

    #[test]
    fn passwords_and_secrets_are_not_shown() {
        let socks = Hop::Socks5 {
            address: ProxyAddress::new("localhost", 1080),
            login: Some(Login::new("me", "hunter2")),
        };
        let mtproxy = Hop::MtProxy {
            address: ProxyAddress::new("localhost", 443),
            secret: Secret::from_bytes(b"0123456789abcdef").unwrap(),
        };
        let shown = format!("{socks:?}{mtproxy:?}");
        assert!(shown.contains("me"), "{shown}");
        for hidden in ["hunter2", "0123456789abcdef", "48, 49"] {
            assert!(!shown.contains(hidden), "{shown}");
        }
    }
}
