//! An encrypted session while it lives, and the connection that serves it.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use madeline_mtproto::AuthKey;
use madeline_mtproto::random::OsRandom;
use madeline_mtproto::server::{Config, Salts, Session};
use tokio::sync::{Notify, mpsc};

use super::{Wake, lock};
use crate::state::SessionRef;

/// Finished requests whose outcome is remembered for `invokeAfterMsg`.
const REMEMBERED: usize = 1024;

/// A session. It outlives connections.
pub(crate) struct Live {
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
pub(crate) struct Machine {
    pub(crate) session: Session,
    /// The connection that serves it: its number, and how to wake it.
    connection: Option<(u64, mpsc::UnboundedSender<Wake>)>,
    /// Requests by `msg_id`.
    requests: BTreeMap<i64, Progress>,
    /// The connection takes something in and flushes afterwards: it needs no waking.
    is_awake: bool,
}

impl Live {
    pub(super) fn new(key: AuthKey, salts: Salts, session_id: i64) -> Self {
        let session = Session::new(key, session_id, salts, Config::default());
        let machine = Machine {
            session,
            connection: None,
            requests: BTreeMap::new(),
            is_awake: false,
        };
        Live {
            machine: Mutex::new(machine),
            finished: Notify::new(),
        }
    }

    /// Does something with the machine.
    pub(crate) fn with<T>(&self, act: impl FnOnce(&mut Machine) -> T) -> T {
        act(&mut lock(&self.machine))
    }
}

impl Machine {
    /// Lets a connection serve the session until it is flushed. True if another one did, or none.
    pub(super) fn serve(&mut self, number: u64, waker: &mpsc::UnboundedSender<Wake>) -> bool {
        self.is_awake = true;
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

    pub(super) fn is_served_by(&self, number: u64) -> bool {
        self.connection
            .as_ref()
            .is_some_and(|(known, _)| *known == number)
    }

    /// The envelopes to send.
    pub(super) fn flush(&mut self, now: Duration) -> Vec<Vec<u8>> {
        self.flushed();
        self.session.flush(now, &mut OsRandom)
    }

    /// What is queued from now on needs somebody to be woken for it.
    pub(super) fn flushed(&mut self) {
        self.is_awake = false;
    }

    /// Ends the service of a connection. False if another one has taken over.
    pub(super) fn detach(&mut self, number: u64) -> bool {
        let own = self.is_served_by(number);
        if own {
            self.connection = None;
            self.is_awake = false;
        }
        own
    }

    /// Wakes the connection, so that it sends what the machine holds.
    pub(crate) fn wake(&self, session: SessionRef) {
        if let Some((_, waker)) = &self.connection
            && !self.is_awake
        {
            // A connection that has just ended needs no waking.
            let _ = waker.send(Wake::Flush(session));
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
