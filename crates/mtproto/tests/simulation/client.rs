//! The client with a driver as the real one is: it reconnects when a connection is gone, and hands on what happens.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use madeline_mtproto::AuthKey;
use madeline_mtproto::client::{
    CallId, Config, Event, Failure, Request, ServerClock, Session, Violation,
};

use crate::chance::Chance;
use crate::network::ConnectionId;
use crate::server::{ANSWER, FUNCTION, UPDATE, number, numbered, words};

/// What became of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Open,
    Cancelled,
    Answered,
    Failed(Failure),
}

pub(crate) struct Made {
    pub(crate) repeatable: bool,
    pub(crate) outcome: Outcome,
}

pub(crate) struct Client {
    pub(crate) session: Session,
    pub(crate) connection: Option<ConnectionId>,
    pub(crate) calls: BTreeMap<CallId, Made>,
    /// The last update that arrived.
    pub(crate) last_update: Option<u64>,
    /// Updates that did not arrive, each with a gap that was told.
    pub(crate) gaps: u64,
    gap: bool,
    tells: bool,
}

impl Client {
    pub(crate) fn new(key: AuthKey, chance: &mut Chance, tells: bool) -> Self {
        let config = Config {
            resend_after: Duration::from_secs(chance.between(2, 12)),
            ping_every: Duration::from_secs(chance.between(5, 60)),
            ..Config::default()
        };
        let session_id = chance.next() as i64;
        let clock = ServerClock::unknown();
        Self {
            session: Session::new(key, session_id, clock, Vec::new(), config),
            connection: None,
            calls: BTreeMap::new(),
            last_update: None,
            gaps: 0,
            gap: false,
            tells,
        }
    }

    pub(crate) fn call(&mut self, now: Duration, repeatable: bool) {
        let id = self.calls.len() as u64;
        let outcome = Outcome::Open;
        self.calls.insert(
            id,
            Made {
                repeatable,
                outcome,
            },
        );
        let body = Bytes::from(numbered(FUNCTION, id, words(id + 1)));
        let request = Request {
            id,
            body,
            repeatable,
        };
        self.session.send(now, request);
    }

    /// Gives up the last call, if it is open.
    pub(crate) fn cancel(&mut self, now: Duration) {
        if let Some((&id, made)) = self.calls.iter_mut().next_back()
            && made.outcome == Outcome::Open
        {
            made.outcome = Outcome::Cancelled;
            self.session.cancel(now, id);
        }
    }

    /// Whether nothing is open.
    pub(crate) fn is_done(&self) -> bool {
        self.calls
            .values()
            .all(|made| made.outcome != Outcome::Open)
    }

    pub(crate) fn connect(&mut self, now: Duration, connection: ConnectionId) {
        self.connection = Some(connection);
        self.session.connected(now);
    }

    pub(crate) fn disconnect(&mut self, now: Duration) {
        self.connection = None;
        self.session.disconnected(now);
    }

    pub(crate) fn receive(&mut self, now: Duration, frame: Vec<u8>) -> Result<(), Violation> {
        self.session.receive(now, frame)
    }

    /// The frames to send; all events are looked at.
    pub(crate) fn flush(&mut self, now: Duration, chance: &mut Chance) -> Vec<Vec<u8>> {
        let mut frames = Vec::new();
        self.session.flush(now, chance, &mut frames);
        while let Some(event) = self.session.next_event() {
            self.take(event);
        }
        frames
    }

    fn take(&mut self, event: Event) {
        if self.tells {
            println!("              {}", summary(&event));
        }
        match event {
            Event::Result { id, body } => {
                assert_eq!(
                    body,
                    numbered(ANSWER, id, words(id)),
                    "the answer to another call than {id}"
                );
                self.settle(id, Outcome::Answered);
            }
            Event::Failed { id, why } => self.settle(id, Outcome::Failed(why)),
            Event::RpcError { id, message, .. } => panic!("call {id}: {message}"),
            Event::Object(body) => self.update(number(UPDATE, &body)),
            Event::Gap => self.gap = true,
            _ => {}
        }
    }

    fn settle(&mut self, id: CallId, outcome: Outcome) {
        let made = self.calls.get_mut(&id).unwrap();
        assert_eq!(
            made.outcome,
            Outcome::Open,
            "call {id} has another outcome: {outcome:?}"
        );
        made.outcome = outcome;
    }

    fn update(&mut self, number: u64) {
        let expected = self.last_update.map_or(0, |last| last + 1);
        assert!(
            number >= expected,
            "update {number} came again or late, expected {expected}"
        );
        if number > expected && self.last_update.is_some() {
            assert!(
                self.gap,
                "update {number} came without a gap, expected {expected}"
            );
            self.gaps += number - expected;
        }
        self.gap = false;
        self.last_update = Some(number);
    }
}

/// An event in a line.
fn summary(event: &Event) -> String {
    match event {
        Event::Result { id, body } => format!("answer to {id}, {} bytes", body.len()),
        Event::Object(body) => format!("update {}", number(UPDATE, body)),
        Event::Salts(salts) => format!("{} salts", salts.len()),
        other => format!("{other:?}"),
    }
}
