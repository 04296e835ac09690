//! One key, used from two places: what Telegram ends a login for.
//!
//! The *main* session of a key is the one that makes calls, those for files aside. It may be replaced by another; but when
//! the former goes on speaking, or stays connected for long beside its successor, somebody else has the key as well.

use std::collections::HashMap;

use super::{KeyRef, SessionRef, State};
use crate::error::{RpcError, auth_key_duplicated};

/// Seconds for which what a former main session had sent may still come.
const LATE: i32 = 2;
/// Seconds for which a former main session may stay connected: until its calls are answered, or its end was noticed.
const OVERLAP: i32 = 10;

/// Which sessions were whose main ones.
#[derive(Default)]
pub(crate) struct Twice {
    keys: HashMap<KeyRef, Main>,
    /// How often a key was found in use twice.
    pub(crate) found: u64,
}

struct Main {
    session: SessionRef,
    /// Its predecessors, and when each had a successor.
    former: HashMap<SessionRef, i32>,
}

impl State {
    /// Notes a call of a session with this key; an error where another session uses the key, which is void then.
    pub(crate) fn check_single_use(
        &mut self,
        key: KeyRef,
        session: SessionRef,
        method: &str,
    ) -> Result<(), RpcError> {
        if !self.rules.single_use || method.starts_with("upload.") {
            return Ok(());
        }
        let now = self.now;
        let main = self.twice.keys.entry(key).or_insert_with(|| Main {
            session,
            former: HashMap::new(),
        });
        let is_twice = if let Some(since) = main.former.get(&session) {
            now - since > LATE
        } else if main.session == session {
            let stays = |(former, since): (&SessionRef, &i32)| {
                now - since > OVERLAP && self.sessions.get(former).is_some_and(|it| it.connected)
            };
            main.former.iter().any(stays)
        } else {
            main.former.insert(main.session, now);
            main.session = session;
            false
        };
        if !is_twice {
            return Ok(());
        }
        self.twice.keys.remove(&key);
        self.twice.found += 1;
        self.drop_key(key);
        Err(auth_key_duplicated())
    }
}
