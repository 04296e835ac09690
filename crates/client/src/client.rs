//! The client object.

use std::path::Path;
use std::sync::Arc;

use crate::engine::UpdatesStream;
use crate::{Call, Config, Error, Session};

/// A session with its connections. Cheap to clone; the last clone closes the connections and the session.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    session: Session,
    config: Config,
}

impl Client {
    /// Opens a session directory, creating it when it does not exist. Connections are made by the first call.
    ///
    /// While another process holds the session, this waits for [`Config::lock_timeout`]; dropping the future
    /// ends the wait.
    pub async fn open(path: &Path, config: Config) -> Result<Client, Error> {
        let session = Session::open(path, config.default_dc, config.lock_timeout).await?;
        Ok(Client { inner: Arc::new(Inner { session, config }) })
    }

    /// Calls a method and returns the TL bytes of its result.
    pub async fn invoke(&self, call: Call) -> Result<Vec<u8>, Error> {
        todo!("{call:?}")
    }

    /// What is stored.
    pub fn session(&self) -> &Session {
        &self.inner.session
    }

    /// What the client was opened with.
    pub fn config(&self) -> &Config {
        &self.inner.config
    }

    /// Updates of the home connection from now on.
    pub fn updates(&self) -> UpdatesStream {
        todo!()
    }
}
