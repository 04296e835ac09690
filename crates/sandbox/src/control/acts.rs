//! What is done at once.

use std::collections::BTreeSet;
use std::time::Duration;

use madeline_mtproto::message_id::Origin;
use madeline_mtproto::server::Session;
use madeline_mtproto::service::{Service, bad_msg};
use madeline_tl::{Ty, object, to_bytes};
use serde_json::{Value, json};

use super::{Control, Target};
use crate::faults::hostile;
use crate::faults::order::{Said, Verb};
use crate::net::{Ear, Wake, lock};
use crate::state::{Body, Draft, KeyRef, Peer};
use crate::world::from_hex;

/// What `say` says: its words of the command.
struct Speech {
    what: Said,
    code: i32,
    msg_id: i64,
    raw: Vec<u8>,
    bytes: u64,
}

impl Control {
    pub(super) fn close(&self, target: &Target, reset: bool, code: Option<i32>) -> Value {
        let order = match code {
            Some(code) => Wake::Refuse(code),
            None if reset => Wake::Reset,
            None => Wake::Close,
        };
        self.tell_connections(target, order)
    }

    pub(super) fn black_hole(&self, target: &Target, ms: Option<u64>, deaf: bool) -> Value {
        let order = Wake::Hear {
            ear: if deaf { Ear::Deaf } else { Ear::Mute },
            during: ms.map(Duration::from_millis),
        };
        self.tell_connections(target, order)
    }

    fn tell_connections(&self, target: &Target, order: Wake) -> Value {
        let connections: Vec<_> = lock(&self.shared.connections)
            .values()
            .map(|it| (it.dc, it.served.clone(), it.waker.clone()))
            .collect();
        let mut told = 0;
        for (dc, served, waker) in connections {
            if target.has_connection(&self.shared, dc, &served) && waker.send(order).is_ok() {
                told += 1;
            }
        }
        json!({"connections": told})
    }

    pub(super) fn say(&self, target: &Target, verb: &Verb) -> Result<Value, String> {
        let Verb::Say {
            what,
            count,
            code,
            msg_id,
            hex,
            bytes,
        } = verb
        else {
            return Err("nothing to say".to_owned());
        };
        let raw = match hex {
            None => Vec::new(),
            Some(hex) => from_hex(hex).ok_or("hex: pairs of hexadecimal digits are wanted")?,
        };
        if *what == Said::Raw && (raw.len() < 4 || raw.len() % 4 != 0) {
            return Err("hex: whole words are wanted, at least one".to_owned());
        }
        let speech = Speech {
            what: *what,
            code: code.unwrap_or(bad_msg::ID_TOO_LOW),
            msg_id: msg_id.unwrap_or(4),
            raw,
            bytes: bytes.unwrap_or(1 << 30),
        };
        let update = object!("updateShort",
            update: object!("updateConfig"), date: self.shared.now().as_secs() as i32);
        let update =
            to_bytes(self.shared.schema, Ty::Object, &update).map_err(|error| error.to_string())?;
        let sessions = target.sessions(&self.shared);
        for session in &sessions {
            let Some(live) = self.shared.live(*session) else {
                continue;
            };
            let now = self.shared.now();
            live.with(|machine| {
                for _ in 0..*count {
                    speech.say(&mut machine.session, now, &update);
                }
                machine.wake(*session);
            });
        }
        Ok(json!({"sessions": sessions.len()}))
    }

    pub(super) fn change_salt(&self, target: &Target) -> Value {
        let sessions = target.sessions(&self.shared);
        let keys: BTreeSet<KeyRef> = sessions.iter().map(|session| session.key).collect();
        let mut state = self.shared.state();
        for (_, known) in state.keys.iter_mut().filter(|(key, _)| keys.contains(key)) {
            known.salts.rotate();
        }
        // Also the other sessions of these keys: a salt belongs to the key.
        for (session, live) in lock(&self.shared.sessions).iter() {
            if keys.contains(&session.key) {
                live.with(|machine| machine.session.salts_mut().rotate());
            }
        }
        json!({"keys": keys.len()})
    }

    pub(super) fn forget_sessions(&self, target: &Target, keep_init: bool) -> Value {
        let sessions = target.sessions(&self.shared);
        for session in &sessions {
            let mut state = self.shared.state();
            if keep_init {
                if let Some(told) = state.sessions.get_mut(session) {
                    told.wants_updates = false;
                }
            } else {
                state.sessions.remove(session);
            }
            lock(&self.shared.sessions).remove(session);
        }
        json!({"sessions": sessions.len()})
    }

    pub(super) fn forget_keys(&self, target: &Target) -> Value {
        let sessions = target.sessions(&self.shared);
        let mut state = self.shared.state();
        let keys: BTreeSet<KeyRef> = sessions
            .iter()
            .map(|session| state.principal(session.key).unwrap_or(session.key))
            .collect();
        for key in &keys {
            state.drop_key(*key);
        }
        json!({"keys": keys.len()})
    }

    pub(super) fn log_out(&self, target: &Target) -> Value {
        let sessions = target.sessions(&self.shared);
        let mut state = self.shared.state();
        let keys: BTreeSet<KeyRef> = sessions
            .iter()
            .filter_map(|session| state.principal(session.key))
            .collect();
        for key in &keys {
            state.log_out(*key);
        }
        json!({"keys": keys.len()})
    }

    pub(super) fn push(
        &self,
        to: &str,
        from: &str,
        text: &str,
        count: u32,
    ) -> Result<Value, String> {
        let (to, from) = (self.named(to)?, self.named(from)?);
        let Peer::User(from) = from else {
            return Err("from: people send messages".to_owned());
        };
        let mut ids = Vec::new();
        let mut state = self.shared.state();
        for number in 1..=count {
            let body = Body {
                text: text.replace("{n}", &number.to_string()),
                ..Body::default()
            };
            let draft = Draft::new(from, to, body, state.now);
            ids.push(state.deliver(draft, None).0);
            self.shared.deliver(&mut state);
        }
        Ok(json!({"ids": ids}))
    }

    pub(super) fn stats(&self) -> Value {
        let mut answer = self.shared.stats.to_json();
        let state = self.shared.state();
        let temporary = || state.keys.values().filter_map(|key| key.temporary);
        let more = json!({
            "keys": state.keys.len(),
            "duplicated": state.twice.found,
            "temporary_keys": temporary().count(),
            "bound_keys": temporary().filter(|key| key.bound_to.is_some()).count(),
            "sessions": lock(&self.shared.sessions).len(),
        });
        if let (Value::Object(answer), Value::Object(more)) = (&mut answer, more) {
            answer.extend(more);
        }
        answer
    }

    pub(super) fn sessions(&self, target: &Target) -> Value {
        let sessions = target.sessions(&self.shared);
        let state = self.shared.state();
        let listed = sessions.iter().map(|session| {
            let told = state.sessions.get(session);
            json!({
                "dc": session.key.dc,
                "key": session.key.id,
                "session": session.session_id,
                "user": state.user_of(session.key),
                "temporary": state.keys.get(&session.key).is_some_and(|key| key.temporary.is_some()),
                "connected": told.is_some_and(|told| told.connected),
                "wants_updates": told.is_some_and(|told| told.wants_updates),
            })
        });
        json!({"sessions": listed.collect::<Vec<_>>()})
    }
}

impl Speech {
    fn say(&self, session: &mut Session, now: Duration, update: &[u8]) {
        let (content, body) = match self.what {
            Said::ConfigUpdate => {
                session.push(now, update);
                return;
            }
            Said::NewDetailedInfo => {
                let pushed = session.push(now, update);
                session.announce_push(now, pushed);
                return;
            }
            Said::NestedContainer => (false, hostile::nested_container()),
            Said::UnknownConstructor => (true, hostile::unknown_constructor()),
            Said::UnknownAnswer => (true, hostile::answer(self.msg_id)),
            Said::BadMsg => (false, self.bad_msg(session, now)),
            Said::HugeContainer => (false, hostile::huge_container()),
            Said::HugeAcks => (false, hostile::huge_acks()),
            Said::HugeSalts => (false, hostile::huge_salts()),
            Said::HugeUpdates => (true, hostile::huge_updates()),
            Said::HugeResult => (true, hostile::huge_result(self.msg_id)),
            Said::GzipBomb => (true, hostile::gzip_bomb(self.bytes)),
            Said::DeepNesting => (true, hostile::deep_nesting()),
            Said::Malformed => (false, hostile::malformed()),
            Said::Raw => (true, self.raw.clone()),
        };
        session.send_once(now, Origin::ServerNotice, content, body);
    }

    fn bad_msg(&self, session: &mut Session, now: Duration) -> Vec<u8> {
        let (bad_msg_id, bad_msg_seqno, error_code) = (self.msg_id, 1, self.code);
        if self.code == bad_msg::SALT {
            let new_server_salt = session.salts_mut().current(now);
            return Service::BadServerSalt {
                bad_msg_id,
                bad_msg_seqno,
                error_code,
                new_server_salt,
            }
            .to_bytes();
        }
        Service::BadMsgNotification {
            bad_msg_id,
            bad_msg_seqno,
            error_code,
        }
        .to_bytes()
    }
}
