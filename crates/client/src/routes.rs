//! Which ways to Telegram may be used.

use std::net::SocketAddr;

use madeline_mtproto::dial::{Hop, Route};
use madeline_mtproto::transport::Kind;

/// How connections to Telegram are made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Routes {
    /// The framing.
    pub kind: Kind,
    /// Obfuscate the stream, so that filters do not know it for Telegram's. Not possible for [`Kind::Full`].
    pub obfuscated: bool,
    /// Proxies in the order in which they are tried. With any of them set, no connection is ever made without.
    pub proxies: Vec<Hop>,
    /// The local address to connect from.
    pub bind_to: Option<SocketAddr>,
}

impl Routes {
    /// The routes in the order in which they are tried: one for each proxy, or the one without.
    pub fn in_order(&self) -> Vec<Route> {
        let direct = [Hop::Direct];
        let hops: &[Hop] = if self.proxies.is_empty() {
            &direct
        } else {
            &self.proxies
        };
        hops.iter()
            .map(|hop| Route {
                kind: self.kind,
                obfuscated: self.obfuscated,
                hop: hop.clone(),
                bind_to: self.bind_to,
            })
            .collect()
    }
}

impl Default for Routes {
    fn default() -> Routes {
        Routes {
            kind: Kind::Abridged,
            obfuscated: false,
            proxies: Vec::new(),
            bind_to: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use madeline_mtproto::dial::ProxyAddress;

    use super::*;

    fn socks5(port: u16) -> Hop {
        Hop::Socks5 {
            address: ProxyAddress::new("localhost", port),
            login: None,
        }
    }

    #[test]
    fn without_proxies_connections_are_direct() {
        assert_eq!(
            Routes::default().in_order(),
            [Route::direct(Kind::Abridged)]
        );
    }

    #[test]
    fn with_proxies_no_connection_is_direct() {
        let routes = Routes {
            obfuscated: true,
            proxies: vec![socks5(1), socks5(2)],
            ..Routes::default()
        };
        let in_order = routes.in_order();
        let hops: Vec<_> = in_order.iter().map(|route| route.hop.clone()).collect();
        assert_eq!(hops, routes.proxies);
        assert!(in_order.iter().all(|route| route.obfuscated));
    }
}
