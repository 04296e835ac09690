//! A server: its sessions, what it executes, and over which connection it speaks.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use madeline_mtproto::envelope::{self, Side};
use madeline_mtproto::server::{Config, Event, Salts, Session};
use madeline_mtproto::{AuthKey, MsgId};

use crate::chance::Chance;
use crate::network::ConnectionId;

/// The first salt of the key.
const SALT: i64 = 0x5a17;
/// The function that the client calls, the answer, and the update: each with a number behind it.
pub(crate) const FUNCTION: u32 = 0x1fb3_3026;
pub(crate) const ANSWER: u32 = 0x8e1a_1775;
pub(crate) const UPDATE: u32 = 0xe317_af7e;

/// A constructor and a number; longer the more `words` there are.
pub(crate) fn numbered(constructor: u32, number: u64, words: usize) -> Vec<u8> {
    let mut bytes = constructor.to_le_bytes().to_vec();
    bytes.extend((number as u32).to_le_bytes());
    bytes.extend((0..words).flat_map(|word| (number as u32 ^ word as u32).to_le_bytes()));
    bytes
}

/// The number behind a constructor.
pub(crate) fn number(constructor: u32, bytes: &[u8]) -> u64 {
    assert_eq!(bytes[..4], constructor.to_le_bytes());
    u32::from_le_bytes(bytes[4..8].try_into().unwrap()).into()
}

/// How long the answer to a call is.
pub(crate) fn words(number: u64) -> usize {
    [0, 3, 100, 700][number as usize % 4]
}

struct Known {
    session: Session,
    /// The newest connection that something came from.
    connection: ConnectionId,
}

/// A request that is being executed.
pub(crate) struct Execution {
    pub(crate) session_id: i64,
    pub(crate) msg_id: MsgId,
    pub(crate) number: u64,
    /// How often the server had forgotten things when it began.
    pub(crate) age: u32,
}

pub(crate) struct Server {
    key: AuthKey,
    salts: Salts,
    sessions: BTreeMap<i64, Known>,
    /// The session of the last message that was accepted.
    current: Option<i64>,
    pub(crate) executed: HashMap<u64, u32>,
    /// When it last executed what came over another connection than the newest.
    pub(crate) executed_late: Option<Duration>,
    pub(crate) age: u32,
}

impl Server {
    pub(crate) fn new(key: AuthKey, now: Duration) -> Self {
        Self {
            salts: Salts::new(&key, SALT, now),
            key,
            sessions: BTreeMap::new(),
            current: None,
            executed: HashMap::new(),
            executed_late: None,
            age: 0,
        }
    }

    /// Takes a frame. `Err`: the connection is to be closed. Codes with which messages were refused are given too.
    pub(crate) fn receive(
        &mut self,
        now: Duration,
        connection: ConnectionId,
        frame: &[u8],
        chance: &mut Chance,
    ) -> Result<(Vec<Execution>, Vec<i32>), envelope::Error> {
        let opened = envelope::decrypt(&self.key, Side::Client, frame)?;
        let session_id = opened.header.session_id;
        let known = self.sessions.entry(session_id).or_insert_with(|| Known {
            session: Session::new(
                self.key.clone(),
                session_id,
                self.salts.clone(),
                Config::default(),
            ),
            connection,
        });
        if connection > known.connection {
            known.connection = connection;
            known.session.reconnected();
        }
        let late = connection < known.connection;
        let mut executions = Vec::new();
        let mut refusals = Vec::new();
        for event in known.session.receive(now, &opened, chance) {
            match event {
                Event::Request { msg_id, body } => {
                    let number = number(FUNCTION, &body);
                    *self.executed.entry(number).or_default() += 1;
                    if late {
                        self.executed_late = Some(now);
                    }
                    executions.push(Execution {
                        session_id,
                        msg_id,
                        number,
                        age: self.age,
                    });
                }
                Event::Refused { code, .. } => refusals.push(code),
                _ => {}
            }
        }
        // Updates go to sessions that were begun, not where all was refused so far.
        if refusals.is_empty() {
            self.current = Some(session_id);
        }
        Ok((executions, refusals))
    }

    pub(crate) fn answer(&mut self, now: Duration, execution: &Execution) {
        if execution.age != self.age {
            return;
        }
        if let Some(known) = self.sessions.get_mut(&execution.session_id) {
            let result = numbered(ANSWER, execution.number, words(execution.number));
            known.session.send_result(now, execution.msg_id, &result);
        }
    }

    pub(crate) fn update(&mut self, now: Duration, number: u64) {
        let current = self.current;
        if let Some(known) = current.and_then(|id| self.sessions.get_mut(&id)) {
            known.session.push(now, &numbered(UPDATE, number, 1));
        }
    }

    pub(crate) fn rotate(&mut self) {
        self.salts.rotate();
        for known in self.sessions.values_mut() {
            known.session.salts_mut().rotate();
        }
    }

    /// Whether there is a session for updates.
    pub(crate) fn has_session(&self) -> bool {
        self.current.is_some()
    }

    /// Forgets all sessions.
    pub(crate) fn forget(&mut self) {
        self.sessions.clear();
        self.current = None;
        self.age += 1;
    }

    /// What it has to say, and over which connection.
    pub(crate) fn flush(
        &mut self,
        now: Duration,
        chance: &mut Chance,
    ) -> Vec<(ConnectionId, Vec<u8>)> {
        let mut frames = Vec::new();
        for known in self.sessions.values_mut() {
            for frame in known.session.flush(now, chance) {
                frames.push((known.connection, frame));
            }
        }
        frames
    }
}
