//! The control channel: makes the sandbox misbehave, and tells what it did. `docs/sandbox.md` lists the commands.

mod acts;
mod listen;

use std::sync::Arc;

use serde_json::{Value, json};

pub(crate) use listen::listen;

use crate::faults::order::{On, Order, Verb, Who};
use crate::net::{Shared, lock};
use crate::state::{Peer, SessionRef};
use crate::stats::Wanted;

/// Gives commands to a sandbox. Clones speak to the same one.
#[derive(Clone)]
pub struct Control {
    shared: Arc<Shared>,
}

impl Control {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        shared.stats.watch();
        shared.state().uploads.watch();
        Control { shared }
    }

    /// Obeys a command, an object as the control channel takes it, and gives its answer without `ok`.
    ///
    /// # Errors
    /// What is wrong with the command.
    pub fn ask(&self, command: Value) -> Result<Value, String> {
        let Value::Object(command) = command else {
            return Err("a command is an object".to_owned());
        };
        self.obey(Order::read(command)?)
    }

    /// Arms a fault and gives its number, for [`Control::hits`] and [`Control::struck`].
    ///
    /// # Errors
    /// What is wrong with the command.
    pub fn arm(&self, fault: Value) -> Result<u64, String> {
        let answer = self.ask(fault)?;
        let id = answer.get("id").and_then(Value::as_u64);
        id.ok_or_else(|| "that is no fault but is done at once".to_owned())
    }

    /// How often a fault has struck.
    pub fn hits(&self, id: u64) -> u64 {
        self.shared.faults.hits(id)
    }

    /// Waits until a fault has struck so often.
    pub async fn struck(&self, id: u64, times: u64) {
        self.shared.faults.wait(id, times).await;
    }

    /// How often a method was executed with a result. `marker` is the text, callback data, username, first name or
    /// language code of the request.
    pub fn executions(&self, method: &str, marker: Option<&str>) -> u64 {
        let wanted = Wanted {
            method: Some(method.to_owned()),
            marker: marker.map(str::to_owned),
            random_id: None,
        };
        self.shared.stats.executions(&wanted).0
    }

    fn obey(&self, Order { verb, on }: Order) -> Result<Value, String> {
        let user = match &on.user {
            None => None,
            Some(who) => Some(self.user(who)?),
        };
        if let Some(stage) = verb.stage(&on) {
            let id = self.shared.faults.arm(verb, stage, on, user);
            return Ok(json!({"id": id}));
        }
        self.act(verb, &Target { on, user })
    }

    /// Size and hash of a file of the world.
    fn file(&self, name: &str) -> Result<Value, String> {
        let file = self.shared.state().files.named(name).cloned();
        let file = file.ok_or_else(|| format!("no file is named `{name}`"))?;
        Ok(json!({"id": file.id, "size": file.size(), "sha256": file.sha256()}))
    }

    fn user(&self, who: &Who) -> Result<i64, String> {
        match who {
            Who::Id(id) => Ok(*id),
            Who::Name(name) => match self.named(name)? {
                Peer::User(id) => Ok(id),
                _ => Err(format!("`{name}` is no user")),
            },
        }
    }

    fn named(&self, name: &str) -> Result<Peer, String> {
        let state = self.shared.state();
        let named = state.names.get(name).copied();
        named.ok_or_else(|| format!("nobody is named `{name}`"))
    }

    fn act(&self, verb: Verb, target: &Target) -> Result<Value, String> {
        match verb {
            Verb::Close { reset, code } => Ok(self.close(target, reset, code)),
            Verb::BlackHole { ms, deaf } => Ok(self.black_hole(target, ms, deaf)),
            Verb::Say { .. } => self.say(target, &verb),
            Verb::ChangeSalt {} => Ok(self.change_salt(target)),
            Verb::ForgetSession { keep_init } => Ok(self.forget_sessions(target, keep_init)),
            Verb::ForgetKey {} => Ok(self.forget_keys(target)),
            Verb::LogOut {} => Ok(self.log_out(target)),
            Verb::Clock { offset } => Ok(json!({
                "before": self.shared.set_clock(offset),
                "now": self.shared.now().as_secs(),
            })),
            Verb::Push {
                to,
                from,
                text,
                count,
            } => self.push(&to, &from, &text, count),
            Verb::Clear { id } => Ok(json!({"cleared": self.shared.faults.clear(id)})),
            Verb::Faults {} => Ok(json!({"faults": self.shared.faults.to_json()})),
            Verb::Stats {} => Ok(self.stats()),
            Verb::Sessions {} => Ok(self.sessions(target)),
            Verb::Executions {
                method,
                random_id,
                marker,
            } => {
                let (count, errors) = self.shared.stats.executions(&Wanted {
                    method,
                    random_id,
                    marker,
                });
                Ok(json!({"count": count, "errors": errors}))
            }
            Verb::Uploads {} => Ok(json!({"uploads": self.shared.state().uploads.to_json()})),
            Verb::File { name } => self.file(&name),
            Verb::ExpireReferences {} => {
                self.shared.state().expire_references();
                Ok(json!({}))
            }
            Verb::ForgetCdn { tokens } => {
                self.shared.state().cdn.forget(tokens);
                Ok(json!({}))
            }
            Verb::ForgetUpdates { of } => {
                let of = self.named(&of)?;
                let forgotten = self.shared.state().forget_updates(of);
                Ok(json!({"pts": forgotten.ok_or("basic groups have no updates of their own")?}))
            }
            _ => Err("that can't be done at once".to_owned()),
        }
    }
}

/// Whom an act concerns.
struct Target {
    on: On,
    user: Option<i64>,
}

impl Target {
    /// Whether a connection is concerned, by its data centre and the sessions it serves.
    fn has_connection(&self, shared: &Shared, dc: i32, served: &[SessionRef]) -> bool {
        let wants_session =
            self.user.is_some() || self.on.session.is_some() || self.on.key.is_some();
        self.on.dc.is_none_or(|wanted| wanted == dc)
            && (!wants_session || served.iter().any(|session| self.has(shared, *session)))
    }

    fn has(&self, shared: &Shared, session: SessionRef) -> bool {
        self.on.dc.is_none_or(|dc| dc == session.key.dc)
            && self.on.session.is_none_or(|id| id == session.session_id)
            && self.on.key.is_none_or(|id| id == session.key.id)
            && self
                .user
                .is_none_or(|user| shared.state().user_of(session.key) == Some(user))
    }

    /// The sessions concerned.
    fn sessions(&self, shared: &Shared) -> Vec<SessionRef> {
        let mut sessions: Vec<SessionRef> = lock(&shared.sessions).keys().copied().collect();
        sessions.retain(|session| self.has(shared, *session));
        sessions
    }
}
