//! An encrypted session while it lives, and the connection that serves it.

use std::collections::BTreeMap;
use std::sync::Mutex;

use madeline_mtproto::AuthKey;
use madeline_mtproto::server::{Config, Salts, Session};
use tokio::sync::{Notify, mpsc};

use super::lock;
use crate::state::SessionRef;

/// Finished requests whose outcome is remembered for `invokeAfterMsg`.
const REMEMBERED: usize = 1024;

/// A session. It outlives connections.
pub(super) struct Live {
    machine: Mutex<Machine>,
    /// A request was finished.
    pub(super) finished: Notify,
}

/// How far a request is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Progress {
    Running,
    Done,
    Failed,
}

/// What a session holds.
pub(super) struct Machine {
    pub(super) session: Session,
    /// The connection that serves it: its number, and how to wake it.
    connection: Option<(u64, mpsc::UnboundedSender<SessionRef>)>,
    /// Requests by `msg_id`.
    requests: BTreeMap<i64, Progress>,
}

impl Live {
    pub(super) fn new(key: AuthKey, salts: Salts, session_id: i64) -> Self {
        let session = Session::new(key, session_id, salts, Config::default());
        let machine = Machine {
            session,
            connection: None,
            requests: BTreeMap::new(),
        };
        Live {
            machine: Mutex::new(machine),
            finished: Notify::new(),
        }
    }

    /// Does something with the machine.
    pub(super) fn with<T>(&self, act: impl FnOnce(&mut Machine) -> T) -> T {
        act(&mut lock(&self.machine))
    }
}

impl Machine {
    /// Lets a connection serve the session. True if another one did, or none.
    pub(super) fn attach(
        &mut self,
        number: u64,
        waker: &mpsc::UnboundedSender<SessionRef>,
    ) -> bool {
        match &self.connection {
            Some((known, _)) if *known == number => false,
            before => {
                if before.is_some() || !self.requests.is_empty() {
                    self.session.reconnected();
                }
                self.connection = Some((number, waker.clone()));
                true
            }
        }
    }

    /// Ends the service of a connection. False if another one has taken over.
    pub(super) fn detach(&mut self, number: u64) -> bool {
        let own = self
            .connection
            .as_ref()
            .is_some_and(|(known, _)| *known == number);
        if own {
            self.connection = None;
        }
        own
    }

    /// Wakes the connection, so that it sends what the machine holds.
    pub(super) fn wake(&self, session: SessionRef) {
        if let Some((_, waker)) = &self.connection {
            // A connection that has just ended needs no waking.
            let _ = waker.send(session);
        }
    }

    /// Remembers how far a request is.
    pub(super) fn note(&mut self, msg_id: i64, progress: Progress) {
        self.requests.insert(msg_id, progress);
        while self.requests.len() > REMEMBERED {
            self.requests.pop_first();
        }
    }

    /// How far a request is: `None` for one that is unknown.
    pub(super) fn progress(&self, msg_id: i64) -> Option<Progress> {
        self.requests.get(&msg_id).copied()
    }
}
