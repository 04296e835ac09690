//! Pushing updates to the sessions of those concerned, and what faults make of that.

use std::sync::Arc;
use std::time::Duration;

use madeline_tl::{Ty, Value, object, to_bytes};

use super::Shared;
use crate::faults::Occasion;
use crate::faults::order::{Stage, Verb};
use crate::state::{Audience, Notice, SessionRef, State, short};

impl Shared {
    /// Pushes the updates that calls have caused.
    pub(crate) fn deliver(self: &Arc<Self>, state: &mut State) {
        for notice in std::mem::take(&mut state.outbox) {
            let targets: Vec<SessionRef> = state
                .sessions
                .iter()
                .filter(|(session, told)| {
                    told.connected
                        && Some(**session) != notice.except
                        && match notice.to {
                            Audience::User(user) => {
                                told.wants_updates && state.user_of(session.key) == Some(user)
                            }
                            Audience::Key(key) => state.principal(session.key) == Some(key),
                        }
                })
                .map(|(session, _)| *session)
                .collect();
            if targets.is_empty() {
                continue;
            }
            let Notice { to, updates, .. } = notice;
            let (user, updates) = match to {
                Audience::User(user) => (Some(user), state.updates_value(user, updates)),
                Audience::Key(_) => (
                    None,
                    object!("updates", updates: updates, users: Vec::<Value>::new(),
                        chats: Vec::<Value>::new(), date: state.now, seq: 0),
                ),
            };
            let Some(bytes) = self.serialized(&updates) else {
                continue;
            };
            for session in targets {
                self.push(session, user, &updates, &bytes);
            }
        }
    }

    /// Pushes to one session, unless a fault has something else in mind.
    fn push(
        self: &Arc<Self>,
        session: SessionRef,
        user: Option<i64>,
        updates: &Value,
        bytes: &[u8],
    ) {
        let occasion = || Occasion {
            dc: session.key.dc,
            session: Some(session),
            user,
            method: None,
            holds: None,
        };
        let struck = if self.faults.any(Stage::Update) {
            self.faults.strike(Stage::Update, &occasion())
        } else {
            None
        };
        match struck.map(|struck| struck.verb) {
            None => self.send_push(session, bytes),
            Some(Verb::RepeatUpdate {}) => {
                self.send_push(session, bytes);
                self.send_push(session, bytes);
            }
            Some(Verb::ShortenUpdate {}) => {
                let short = short::pushed(updates).and_then(|short| self.serialized(&short));
                self.send_push(session, short.as_deref().unwrap_or(bytes));
            }
            Some(Verb::TooLong {}) => {
                if let Some(bytes) = self.serialized(&object!("updatesTooLong")) {
                    self.send_push(session, &bytes);
                }
            }
            Some(Verb::DelayUpdate { ms }) => {
                let (shared, bytes) = (Arc::clone(self), bytes.to_owned());
                tokio::spawn(async move {
                    tokio::time::sleep(Duration::from_millis(ms)).await;
                    shared.send_push(session, &bytes);
                });
            }
            // `lose_update`
            Some(_) => {}
        }
    }

    fn send_push(&self, session: SessionRef, bytes: &[u8]) {
        if let Some(live) = self.live(session) {
            live.with(|machine| {
                machine.session.push(self.now(), bytes);
                machine.wake(session);
            });
        }
    }

    fn serialized(&self, updates: &Value) -> Option<Vec<u8>> {
        match to_bytes(self.schema, Ty::Object, updates) {
            Ok(bytes) => Some(bytes),
            Err(defect) => {
                eprintln!("madeline-sandbox: updates do not fit the schema: {defect}");
                None
            }
        }
    }
}
