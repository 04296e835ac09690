//! What must hold for any frames to the client's side of a session. The fuzz target calls it, and so does the replay of
//! the corpus in `crates/mtproto/tests/corpus.rs`.
//!
//! An input is a row of steps; see [`Step`]. What a server says is sealed with the key, so that it is looked at.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a failed check is a panic"
)]

use std::collections::BTreeSet;
use std::time::Duration;

use madeline_mtproto::client::{Config, Event, Request, ServerClock, Session};
use madeline_mtproto::envelope::{self, Header, Side};
use madeline_mtproto::service::CONSTRUCTORS;
use madeline_mtproto::{AuthKey, MsgId};

const NOW: Duration = Duration::from_secs(1_700_000_000);
const SESSION: i64 = 77;
const FUNCTION: [u8; 4] = 0x1fb3_3026u32.to_le_bytes();
const MAX_INFLATED: usize = 1 << 16;

fn key() -> AuthKey {
    AuthKey::from_bytes([0x42; 256])
}

fn ones(bytes: &mut [u8]) {
    bytes.fill(1);
}

/// One thing that happens: what, two numbers, a length of two bytes and a body.
struct Step<'a> {
    action: u8,
    number: u8,
    seq_no: u8,
    body: &'a [u8],
}

impl<'a> Step<'a> {
    fn take(input: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let (&[action, number, seq_no, low, high], rest) = input.split_first_chunk()?;
        let len = usize::from(u16::from_le_bytes([low, high])).min(rest.len());
        let (body, rest) = rest.split_at(len);
        let step = Self {
            action,
            number,
            seq_no,
            body,
        };
        Some((step, rest))
    }
}

struct Conversation {
    session: Session,
    now: Duration,
    last_id: i64,
    calls: u64,
    open: BTreeSet<u64>,
    /// Messages of the client, for a server to speak of.
    sent: Vec<i64>,
}

/// Any frames, and any messages of a server that has the key: each call has one outcome at most, nobody gets the answer
/// to a call that was not made or was given up, and what is sent is bounded by what came.
pub(crate) fn client_session(bytes: &[u8]) {
    let config = Config {
        max_inflated: MAX_INFLATED,
        ..Config::default()
    };
    let clock = ServerClock::unknown();
    let mut conversation = Conversation {
        session: Session::new(key(), SESSION, clock, Vec::new(), config),
        now: NOW,
        last_id: (NOW.as_secs() << 32) as i64,
        calls: 0,
        open: BTreeSet::new(),
        sent: Vec::new(),
    };
    conversation.session.connected(NOW);
    conversation.flush(0);
    let mut rest = bytes;
    while let Some((step, after)) = Step::take(rest) {
        conversation.take(&step);
        rest = after;
    }
}

impl Conversation {
    fn take(&mut self, step: &Step<'_>) {
        match step.action {
            0..=99 => self.deliver(step, step.body),
            100..=169 => self.deliver(step, &self.about(step)),
            170..=179 => self.frame(step.body.to_vec()),
            180..=209 => self.call(step.number.is_multiple_of(2)),
            210..=219 => {
                let id = u64::from(step.number);
                self.session.cancel(self.now, id);
                self.open.remove(&id);
            }
            220..=229 => self.reconnect(),
            _ => {
                self.now += Duration::from_secs(step.seq_no.into());
                if self.session.tick(self.now).is_err() {
                    self.reconnect();
                }
            }
        }
        self.flush(step.body.len());
    }

    fn call(&mut self, repeatable: bool) {
        let id = self.calls;
        self.calls += 1;
        self.open.insert(id);
        let body = FUNCTION.to_vec().into();
        let request = Request {
            id,
            body,
            repeatable,
        };
        self.session.send(self.now, request);
    }

    /// A constructor of the protocol, the identifier of a message of the client, and the body.
    fn about(&self, step: &Step<'_>) -> Vec<u8> {
        let (_, constructor) = CONSTRUCTORS[usize::from(step.action - 100) % CONSTRUCTORS.len()];
        let back = usize::from(step.number) % self.sent.len().max(1);
        let msg_id = self.sent.iter().rev().nth(back).copied().unwrap_or(4);
        let mut body = constructor.to_le_bytes().to_vec();
        body.extend(msg_id.to_le_bytes());
        body.extend(step.body);
        body
    }

    /// Seals what a server says. It can't say anything but whole words.
    fn deliver(&mut self, step: &Step<'_>, body: &[u8]) {
        self.last_id += 4 + i64::from(step.number) * 4;
        let header = Header {
            salt: 0,
            session_id: self.session.session_id(),
            msg_id: MsgId(self.last_id | 1 | i64::from(step.seq_no & 2)),
            seq_no: i32::from(step.seq_no) & 1,
        };
        let words = &body[..body.len() / 4 * 4];
        self.frame(envelope::encrypt(&key(), Side::Server, header, words, &mut ones).bytes);
    }

    fn frame(&mut self, frame: Vec<u8>) {
        if self.session.receive(self.now, frame).is_err() {
            self.reconnect();
        }
    }

    fn reconnect(&mut self) {
        self.session.disconnected(self.now);
        self.session.connected(self.now);
    }

    fn flush(&mut self, came: usize) {
        let mut frames = Vec::new();
        self.session.flush(self.now, &mut ones, &mut frames);
        let mut bytes = 0;
        for frame in frames {
            let opened = envelope::decrypt(&key(), Side::Client, &frame).unwrap();
            bytes += opened.body.len();
            assert_eq!(opened.header.session_id, self.session.session_id());
            assert_eq!(opened.header.msg_id.0 & 3, 0);
            self.sent.push(opened.header.msg_id.0);
            if opened.body.starts_with(&0x73f1_f8dcu32.to_le_bytes()) {
                self.sent
                    .push(i64::from_le_bytes(opened.body[8..16].try_into().unwrap()));
            }
        }
        let calls = self.calls as usize;
        assert!(bytes <= 4096 + 10 * came + 256 * calls, "{bytes} bytes");
        while let Some(event) = self.session.next_event() {
            match event {
                Event::Result { id, .. }
                | Event::RpcError { id, .. }
                | Event::Failed { id, .. } => {
                    assert!(self.open.remove(&id), "call {id} has two outcomes");
                }
                Event::Object(body) => assert!(body.len() <= MAX_INFLATED.max(came + 16)),
                _ => {}
            }
        }
        assert_eq!(self.session.in_flight(), self.open.len());
    }
}
