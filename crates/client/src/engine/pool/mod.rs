//! The engine over grammers' sender pool.
//!
//! The pool connects inside its only loop, so one DC that accepts and stays silent would block all others, and
//! it ends for good when a connection panics. Therefore each connection has a pool of its own ([`Link`]) that is
//! replaced when it ends. The pool can exchange keys with Telegram's production servers only and keeps whatever
//! key comes out; so keys are made by our own exchange and stored before the pool sees them, and the pool may
//! not change them.

mod link;
mod rpc_text;
mod session;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::panic;
use std::sync::{Arc, Mutex, Once, PoisonError};

use bytes::Bytes;
use grammers_tl_types::LAYER;
use madeline_mtproto::dial::Route;
use madeline_mtproto::transport::Kind;
use madeline_mtproto::{AuthKey, driver};
use tokio::task::JoinSet;

use self::link::Link;
use super::updates::Hub;
use super::{BoxFuture, Engine, InvokeError, Request, UpdatesStream, exchange, init};
use crate::{Config, DcId, Error, Routes, Session};

/// The longest request that fits into one message of the pool; beyond it the pool would hang.
const MAX_REQUEST: usize = 1_044_428;

/// One connection per DC over grammers' sender pool, the full transport only.
pub struct PoolEngine {
    session: Session,
    config: Arc<Config>,
    slots: Mutex<HashMap<DcId, Arc<Slot>>>,
    hub: Arc<Hub>,
}

/// What is known about one DC's connection. The lock is held while a connection is prepared, so that
/// simultaneous calls make one key and one connection.
#[derive(Default)]
struct Slot {
    link: tokio::sync::Mutex<Option<Arc<Link>>>,
}

impl PoolEngine {
    /// An engine without connections yet, whose updates go to `hub`. An error where the configuration wants what the pool
    /// cannot do: ignoring it would expose the user, or break on the first answer.
    pub(crate) fn new(
        session: Session,
        config: Arc<Config>,
        hub: Arc<Hub>,
    ) -> Result<PoolEngine, Error> {
        check(&config.routes, config.schema().layer())?;
        hush_contained_panics();
        Ok(PoolEngine {
            session,
            config,
            slots: Mutex::new(HashMap::new()),
            hub,
        })
    }

    async fn call(&self, dc: DcId, body: Bytes) -> Result<Bytes, InvokeError> {
        if body.len() > MAX_REQUEST || body.is_empty() || !body.len().is_multiple_of(4) {
            return Err(InvokeError::Size {
                bytes: body.len(),
                limit: MAX_REQUEST,
            });
        }
        if let Some(link) = self.standing(dc).await {
            match link.invoke(body.clone()).await {
                // It was still being made.
                Err(InvokeError::Connect { .. }) => {}
                outcome => return outcome,
            }
        }
        let addresses = self
            .config
            .addresses(dc, &self.session)
            .map_err(InvokeError::Session)?;
        let mut failure = None;
        for address in addresses {
            let outcome = match self.link(dc, address).await {
                Ok(link) => link.invoke(body.clone()).await,
                Err(error) => Err(error),
            };
            match outcome {
                // Nothing was sent: the next address may do.
                Err(error @ InvokeError::Connect { .. }) => failure = Some(error),
                outcome => return outcome,
            }
        }
        Err(failure.unwrap_or_else(|| InvokeError::Lost("no address to connect to".into())))
    }

    /// The connection to a DC, if there is one.
    async fn standing(&self, dc: DcId) -> Option<Arc<Link>> {
        self.slot(dc)
            .link
            .lock()
            .await
            .as_ref()
            .filter(|link| link.is_open())
            .map(Arc::clone)
    }

    /// The connection that stands, or a new one to this address.
    async fn link(&self, dc: DcId, address: SocketAddr) -> Result<Arc<Link>, InvokeError> {
        let slot = self.slot(dc);
        let mut current = slot.link.lock().await;
        if let Some(link) = current.as_ref().filter(|link| link.is_open()) {
            return Ok(Arc::clone(link));
        }
        // The old connection ends before its successor is made.
        *current = None;
        let link = Arc::new(self.connect(dc, address).await?);
        Ok(Arc::clone(current.insert(link)))
    }

    async fn connect(&self, dc: DcId, address: SocketAddr) -> Result<Link, InvokeError> {
        let key = match self
            .session
            .auth_key(dc, self.config.test_mode)
            .map_err(InvokeError::Session)?
        {
            Some(key) => key,
            None => self.create_key(dc, address).await?,
        };
        let timeout = self.config.timeouts.connect;
        let link = Link::open(
            dc,
            address,
            &key,
            &self.config.app,
            timeout,
            Arc::clone(&self.hub),
        );
        if let Some(request) = init::own_request(&self.config.app) {
            link.invoke(request).await?;
        }
        Ok(link)
    }

    async fn create_key(&self, dc: DcId, address: SocketAddr) -> Result<AuthKey, InvokeError> {
        let test = self.config.test_mode;
        let created = driver::create_auth_key(
            address,
            &Route::direct(Kind::Full),
            &exchange::trusted_keys(&self.config),
            dc.on_the_wire(test),
            None,
            self.config.timeouts.connect,
        )
        .await
        .map_err(exchange::failure)?;
        self.session
            .set_auth_key(dc, test, &created.key)
            .map_err(InvokeError::Session)?;
        Ok(created.key)
    }

    fn slot(&self, dc: DcId) -> Arc<Slot> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(slots.entry(dc).or_default())
    }
}

impl Engine for PoolEngine {
    /// All requests take one connection, and none is sent again: the rules of the client are those of its caller.
    fn invoke(&self, request: Request) -> BoxFuture<'_, Result<Bytes, InvokeError>> {
        Box::pin(self.call(request.dc, request.body))
    }

    fn updates(&self) -> UpdatesStream {
        self.hub.subscribe()
    }

    /// The pool connects with the next call.
    fn listen(&self) {}

    fn set_home(&self, dc: DcId) {
        self.hub.set_home(dc);
    }

    fn renew(&self, dc: DcId) {
        // A new slot: calls in flight keep the old one's connection alive until they end.
        self.slots
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&dc);
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        let slots = std::mem::take(&mut *self.slots.lock().unwrap_or_else(PoisonError::into_inner));
        Box::pin(async move {
            let mut ending = JoinSet::new();
            for slot in slots.into_values() {
                ending.spawn(async move {
                    if let Some(link) = slot.link.lock().await.take() {
                        link.end().await;
                    }
                });
            }
            while ending.join_next().await.is_some() {}
        })
    }
}

/// Refuses what the pool cannot do.
fn check(routes: &Routes, layer: i32) -> Result<(), Error> {
    let what = if layer != LAYER {
        "speak any layer but its own (227)"
    } else if !routes.proxies.is_empty() {
        "connect through proxies"
    } else if routes.obfuscated {
        "obfuscate its stream"
    } else if routes.bind_to.is_some() {
        "connect from a chosen local address"
    } else if !matches!(routes.kind, Kind::Full | Kind::Abridged) {
        "speak this transport"
    } else {
        return Ok(());
    };
    Err(Error::Engine { what })
}

/// Keeps panics inside grammers off standard error: its task ends, and whoever waits gets an error with their text.
/// All others are reported as before.
fn hush_contained_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let report = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !panic
                .location()
                .is_some_and(|location| location.file().contains("/grammers-mt"))
            {
                report(panic);
            }
        }));
    });
}

#[cfg(test)]
mod tests {
    use madeline_mtproto::dial::{Hop, ProxyAddress};

    use super::*;

    #[test]
    fn routes_that_the_pool_does_not_have_are_refused() {
        let default = Routes::default;
        let proxy = Hop::Http {
            address: ProxyAddress::new("localhost", 8080),
            login: None,
        };
        for (routes, what) in [
            (
                Routes {
                    proxies: vec![proxy],
                    ..default()
                },
                "proxies",
            ),
            (
                Routes {
                    obfuscated: true,
                    ..default()
                },
                "obfuscate",
            ),
            (
                Routes {
                    bind_to: Some(([127, 0, 0, 1], 0).into()),
                    ..default()
                },
                "local address",
            ),
            (
                Routes {
                    kind: Kind::Intermediate,
                    ..default()
                },
                "transport",
            ),
        ] {
            let refusal = check(&routes, LAYER).err().map(|error| error.to_string());
            assert!(
                refusal.as_ref().is_some_and(|text| text.contains(what)),
                "{refusal:?}"
            );
        }
        for kind in [Kind::Abridged, Kind::Full] {
            assert!(check(&Routes { kind, ..default() }, LAYER).is_ok());
        }
    }

    #[test]
    fn another_layer_is_refused() {
        assert_eq!(LAYER, 227, "named in the message");
        let refusal = check(&Routes::default(), 190).map_err(|error| error.to_string());
        assert!(refusal.is_err_and(|text| text.contains("227")));
    }
}
