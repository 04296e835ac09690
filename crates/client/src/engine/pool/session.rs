//! What the pool may know of a session: one DC's address and key, both fixed.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};

use grammers_session::types::{DcOption, PeerId, PeerInfo, UpdateState, UpdatesState};
use grammers_session::{BoxFuture, Session};
use madeline_mtproto::AuthKey;

use crate::DcId;

/// The session of one connection's pool.
pub(super) struct LinkSession {
    pub(super) dc: DcId,
    pub(super) address: SocketAddr,
    pub(super) key: AuthKey,
    /// Called when the connection stands and is introduced.
    pub(super) connected: Box<dyn Fn() + Send + Sync>,
}

/// The pool asked for something that its session does not give.
#[derive(Debug)]
pub(super) enum Refusal {
    /// It made a new key, which it does when the server does not know the old one. Storing it would throw the
    /// login away.
    KeyChange,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::KeyChange => f.write_str("a connection may not replace its authorization key"),
        }
    }
}

impl std::error::Error for Refusal {}

impl Session for LinkSession {
    type Error = Refusal;

    fn home_dc_id(&self) -> Result<i32, Refusal> {
        // Every pool takes its only DC for the home: the pool reports a closed connection for that one only.
        Ok(self.dc.0)
    }

    fn set_home_dc_id(&self, _: i32) -> BoxFuture<'_, Result<(), Refusal>> {
        done(())
    }

    fn dc_option(&self, dc: i32) -> Result<Option<DcOption>, Refusal> {
        if dc != self.dc.0 {
            return Ok(None);
        }
        let unused_v4 = SocketAddrV4::new(Ipv4Addr::UNSPECIFIED, 0);
        let unused_v6 = SocketAddrV6::new(Ipv6Addr::UNSPECIFIED, 0, 0, 0);
        let (ipv4, ipv6) = match self.address {
            SocketAddr::V4(address) => (address, unused_v6),
            SocketAddr::V6(address) => (unused_v4, address),
        };
        Ok(Some(DcOption {
            id: dc,
            ipv4,
            ipv6,
            auth_key: Some(*self.key.as_bytes()),
        }))
    }

    fn set_dc_option(&self, option: &DcOption) -> BoxFuture<'_, Result<(), Refusal>> {
        if option
            .auth_key
            .is_none_or(|key| AuthKey::from_bytes(key) != self.key)
        {
            return Box::pin(async { Err(Refusal::KeyChange) });
        }
        (self.connected)();
        done(())
    }

    fn peer(&self, _: PeerId) -> BoxFuture<'_, Result<Option<PeerInfo>, Refusal>> {
        done(None)
    }

    fn cache_peer(&self, _: &PeerInfo) -> BoxFuture<'_, Result<(), Refusal>> {
        done(())
    }

    fn updates_state(&self) -> BoxFuture<'_, Result<UpdatesState, Refusal>> {
        done(UpdatesState::default())
    }

    fn set_update_state(&self, _: UpdateState) -> BoxFuture<'_, Result<(), Refusal>> {
        done(())
    }
}

fn done<T: Send + 'static>(value: T) -> BoxFuture<'static, Result<T, Refusal>> {
    Box::pin(async { Ok(value) })
}
