//! One key, used from two places: what Telegram ends a login for.
//!
//! The *main* session of a key is the one that makes calls, those for files aside. It may be replaced by another; but when
//! the former speaks again, or stays connected for long beside its successor, somebody else has the key as well.

use std::collections::{HashMap, HashSet};

use super::{KeyRef, SessionRef, State};
use crate::error::{RpcError, auth_key_duplicated};

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
    /// Its predecessors.
    former: HashSet<SessionRef>,
    /// When it became the main one.
    since: i32,
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
            former: HashSet::new(),
            since: now,
        });
        let is_twice = if main.session == session {
            let is_connected =
                |former: &SessionRef| self.sessions.get(former).is_some_and(|it| it.connected);
            now - main.since > OVERLAP && main.former.iter().any(is_connected)
        } else {
            main.former.insert(main.session);
            (main.session, main.since) = (session, now);
            main.former.contains(&session)
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
