//! From nothing to a socket with a session on it.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use madeline_mtproto::dial::{self, Dialled, Hop, Route};
use madeline_mtproto::random::OsRandom;
use madeline_mtproto::{Random, client};
use tokio::time::Instant;

use super::keys::UsedKey;
use super::lane::{Connection, Open};
use super::socket::Socket;
use crate::engine::{InvokeError, exchange};

/// The shortest time that one of several addresses gets.
const LEAST: Duration = Duration::from_secs(2);
/// The shortest time that a server gets to say something.
const SILENCE: Duration = Duration::from_secs(2);

/// Connects by the first route and to the first address that works, agrees on a key where there is none, and puts the
/// socket into the connection's state.
pub(super) async fn open(connection: &Arc<Connection>) -> Result<(), InvokeError> {
    let config = &connection.shared.config;
    let addresses = config.addresses(connection.dc, &connection.shared.session.get()?)?;
    let routes = config.routes.in_order();
    let until = Instant::now() + config.timeouts.connect;
    let mut tries = routes.len() * addresses.len();
    let mut failure = InvokeError::Lost("no address to connect to".into());
    for route in &routes {
        // An MTProxy finds the server by the DC's number.
        let wanted = match route.hop {
            Hop::MtProxy { .. } => 1,
            _ => addresses.len(),
        };
        tries = tries.saturating_sub(addresses.len() - wanted);
        for address in addresses.iter().take(wanted) {
            let left = until.saturating_duration_since(Instant::now());
            let share = (left / u32::try_from(tries).unwrap_or(1).max(1)).max(LEAST.min(left));
            tries = tries.saturating_sub(1);
            match over(connection, *address, route, share).await {
                Ok(()) => return Ok(()),
                // Nothing was sent: the next address may do.
                Err(error @ InvokeError::Connect { .. }) => failure = error,
                Err(error) => return Err(error),
            }
        }
    }
    Err(failure)
}

async fn over(
    connection: &Arc<Connection>,
    address: SocketAddr,
    route: &Route,
    limit: Duration,
) -> Result<(), InvokeError> {
    let shared = &connection.shared;
    let until = Instant::now() + limit;
    let number = connection.dc.on_the_wire(shared.config.test_mode);
    let mut dialled = dial::connect(address, route, number, limit)
        .await
        .map_err(|error| InvokeError::Connect {
            address: address.to_string(),
            source: error.into(),
        })?;
    let is_new = {
        let state = connection.state();
        state.session.is_none()
    };
    let key = if is_new {
        let obtained = tokio::time::timeout_at(
            until,
            shared
                .keys
                .obtain((connection.dc, connection.lane), &mut dialled, until),
        )
        .await;
        Some(obtained.unwrap_or_else(|_| Err(too_late(&address.to_string(), limit)))?)
    } else {
        None
    };
    install(connection, dialled, key).map_err(|error| InvokeError::Connect {
        address: address.to_string(),
        source: error,
    })
}

/// Puts a socket into the connection's state, and a session on it.
fn install(connection: &Arc<Connection>, dialled: Dialled, key: Option<UsedKey>) -> io::Result<()> {
    let shared = &connection.shared;
    let now = shared.clock.now();
    let mut state = connection.state();
    if let Some(key) = key {
        let mut machine = client::Session::new(
            key.key.clone(),
            random_id(),
            shared.keys.server_clock(),
            key.salts.clone(),
            machine_config(connection),
        );
        let binding = key.to_bind().map(|(permanent, expires_at)| {
            let id = state.next_id();
            machine.bind_temporary_key(now, id, permanent, expires_at);
            id
        });
        state.session = Some(Open {
            machine,
            key,
            introduced: false,
            binding,
        });
        shared.began_session(connection);
    }
    if let Some(open) = &mut state.session {
        open.machine.connected(now);
    }
    state.sockets += 1;
    // A server that accepts and stays silent is as good as none, and is given as long.
    let since = *state.down_since.get_or_insert_with(Instant::now);
    let patience = shared.config.timeouts.connect;
    let hear_by = now
        + patience
            .saturating_sub(since.elapsed())
            .max(SILENCE.min(patience));
    state.end = None;
    state.socket = Some(Socket::new(dialled, hear_by)?);
    Ok(())
}

fn machine_config(connection: &Connection) -> client::Config {
    let config = &connection.shared.config;
    client::Config {
        ping_every: config.ping_interval,
        resend_after: config.resend_after,
        compress_from: config.compress_from,
        ..client::Config::default()
    }
}

fn random_id() -> i64 {
    let mut bytes = [0; 8];
    OsRandom.fill(&mut bytes);
    i64::from_le_bytes(bytes)
}

fn too_late(address: &str, limit: Duration) -> InvokeError {
    InvokeError::Connect {
        address: address.to_owned(),
        source: exchange::connect_timeout(limit),
    }
}
