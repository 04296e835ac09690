//! What must hold for any input of crates/mtproto. The fuzz targets call it, and so does the replay of the corpus in
//! `crates/mtproto/tests/corpus.rs`.
//!
//! The first byte of an input chooses what the others are; all randomness is fixed, so that an input means the same in
//! each run and nonces can be learnt from the corpus.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "each user calls what it needs; a failed check is a panic"
)]

pub(crate) mod key_exchange;

use std::collections::HashSet;
use std::time::Duration;

use grammers_crypto::{DequeBuffer, ObfuscatedCipher};
use madeline_mtproto::envelope::{self, Header, Opened, Side, plain};
use madeline_mtproto::server::{Config, Event, Salts, Session};
use madeline_mtproto::transport::{Client, Error, Frame, Kind, Obfuscation, Server};
use madeline_mtproto::{AuthKey, MsgId, Random};

const MAX_FRAME: usize = 1 << 12;
const NOW: Duration = Duration::from_secs(1_700_000_000);
const SESSION: i64 = 77;
const SALT: i64 = 5;
const KINDS: [Kind; 4] = [
    Kind::Abridged,
    Kind::Intermediate,
    Kind::PaddedIntermediate,
    Kind::Full,
];

/// Bytes that differ from each other and are the same in each run.
#[derive(Clone)]
pub(crate) struct Fixed(u32);

impl Fixed {
    pub(crate) fn new(seed: u32) -> Self {
        Self(seed)
    }
}

impl Random for Fixed {
    fn fill(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            *byte = (self.0 >> 24) as u8;
        }
    }
}

/// Any stream: frames or an error, the same in whatever portions it comes, and no more bytes than came.
pub(crate) fn framing(bytes: &[u8]) {
    let Some((&choice, stream)) = bytes.split_first() else {
        return;
    };
    let portion = usize::from(choice >> 3) + 1;
    match choice & 7 {
        number @ 0..4 => {
            let client = || Client::new(KINDS[usize::from(number)]).with_max_frame(MAX_FRAME);
            let (mut whole, mut portions) = (client(), client());
            whole.feed(stream);
            let at_once = frames(|| whole.next_frame());
            let (mut got, mut error) = (Vec::new(), None);
            for portion in stream.chunks(portion) {
                portions.feed(portion);
                (got, error) = joined(got, error, frames(|| portions.next_frame()));
            }
            assert_same(&at_once, &(got, error), number != 3);
            assert!(payload_bytes(&at_once.0) <= stream.len());
        }
        4 => server_stream(None, stream, portion),
        5 => server_stream(Some([7; 16]), stream, portion),
        _ => {
            let (header, mut cipher) = obfuscated(usize::from(choice >> 3) % 3);
            let mut encrypted = stream.to_vec();
            cipher.encrypt(&mut encrypted);
            server_stream(None, &[&header[..], &encrypted].concat(), portion);
        }
    }
}

/// Any envelope and any plaintext: an error or a message; and any sequence of messages: the session goes on.
pub(crate) fn envelope(bytes: &[u8]) {
    let Some((&choice, input)) = bytes.split_first() else {
        return;
    };
    match choice & 3 {
        0 => {
            drop(plain::read(input));
            for side in [Side::Client, Side::Server] {
                drop(envelope::decrypt(&key(), side, input));
            }
        }
        1 => {
            let mut buffer = DequeBuffer::with_capacity(input.len() + 64, 24);
            buffer.extend(input);
            grammers_crypto::encrypt_data_v2(
                &mut buffer,
                &grammers_crypto::AuthKey::from_bytes(*key().as_bytes()),
            );
            if let Ok(opened) = envelope::decrypt(&key(), Side::Client, buffer.as_ref()) {
                assert!(opened.body.len() <= input.len());
                Conversation::new().receive(&opened);
            }
        }
        _ => {
            let mut conversation = Conversation::new();
            let mut rest = input;
            while let Some((step, after)) = Step::take(rest) {
                conversation.take(&step);
                rest = after;
            }
        }
    }
}

// Framing

type Frames = (Vec<Frame>, Option<Error>);

fn frames(mut next: impl FnMut() -> Result<Option<Frame>, Error>) -> Frames {
    let mut frames = Vec::new();
    loop {
        match next() {
            Ok(Some(frame)) => frames.push(frame),
            Ok(None) => return (frames, None),
            Err(error) => return (frames, Some(error)),
        }
    }
}

fn joined(mut frames: Vec<Frame>, error: Option<Error>, (more, later): Frames) -> Frames {
    frames.extend(more);
    (frames, error.or(later))
}

/// A transport error of the full transport ends the stream wherever its portion ends, so what follows differs.
fn assert_same(at_once: &Frames, in_portions: &Frames, to_the_end: bool) {
    let until = |frames: &[Frame]| {
        let error = frames
            .iter()
            .position(|frame| matches!(frame, Frame::Error(_)));
        error
            .filter(|_| !to_the_end)
            .map(|index| frames[..=index].to_vec())
    };
    match (until(&at_once.0), until(&in_portions.0)) {
        (None, None) => assert_eq!(at_once, in_portions),
        (a, b) => assert_eq!(a, b),
    }
}

fn payload_bytes(frames: &[Frame]) -> usize {
    let payload = |frame: &Frame| match frame {
        Frame::Payload { bytes, .. } => bytes.len(),
        _ => 0,
    };
    frames.iter().map(payload).sum()
}

fn server_stream(secret: Option<[u8; 16]>, stream: &[u8], portion: usize) {
    let mut whole = Server::new(secret, MAX_FRAME);
    whole.feed(stream);
    let at_once = frames(|| whole.next_frame());
    let mut portions = Server::new(secret, MAX_FRAME);
    let (mut got, mut error) = (Vec::new(), None);
    for portion in stream.chunks(portion) {
        portions.feed(portion);
        (got, error) = joined(got, error, frames(|| portions.next_frame()));
    }
    assert_eq!(at_once, (got, error));
    assert_eq!(
        (whole.kind(), whole.obfuscated_dc()),
        (portions.kind(), portions.obfuscated_dc())
    );
    assert!(payload_bytes(&at_once.0) <= stream.len());

    // What the server answers, a client of that transport reads.
    if let (Some(kind), None) = (whole.kind(), whole.obfuscated_dc()) {
        let (mut out, mut client) = (Vec::new(), Client::new(kind));
        for frame in &at_once.0 {
            let Frame::Payload { bytes, .. } = frame else {
                continue;
            };
            if bytes.len() >= 24 && whole.send(bytes, &mut Fixed::new(9), &mut out).is_ok() {
                client.feed(&out);
                out.clear();
                assert!(matches!(
                    client.next_frame(),
                    Ok(Some(Frame::Payload { .. }))
                ));
            }
        }
    }
}

/// A header as a client sends it, and the cipher of what follows.
pub(crate) fn obfuscated(kind: usize) -> ([u8; 64], ObfuscatedCipher) {
    let obfuscation = Obfuscation {
        secret: None,
        dc: 2,
    };
    let mut client = Client::obfuscated(KINDS[kind], &obfuscation, &mut Fixed::new(8)).unwrap();
    let mut out = Vec::new();
    client
        .send(&[0; 24], false, &mut Fixed::new(8), &mut out)
        .unwrap();
    let header: [u8; 64] = *out.first_chunk().unwrap();
    let mut cipher = ObfuscatedCipher::new(&header);
    cipher.encrypt(&mut [0; 64]);
    (header, cipher)
}

// Envelopes and sessions

fn key() -> AuthKey {
    AuthKey::from_bytes([0x42; 256])
}

/// One thing that happens to a session: a header of six bytes and a body.
struct Step<'a> {
    action: u8,
    id_change: i8,
    seq_no: u8,
    body: &'a [u8],
}

impl<'a> Step<'a> {
    fn take(input: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let (&[action, id_change, seq_no, low, high], rest) = input.split_first_chunk()?;
        let len = usize::from(u16::from_le_bytes([low, high])).min(rest.len());
        let (body, rest) = rest.split_at(len);
        let id_change = id_change as i8;
        Some((
            Self {
                action,
                id_change,
                seq_no,
                body,
            },
            rest,
        ))
    }
}

struct Conversation {
    session: Session,
    now: Duration,
    last_id: i64,
    requests: HashSet<MsgId>,
    answered: HashSet<MsgId>,
}

impl Conversation {
    fn new() -> Self {
        let config = Config {
            max_inflated: 1 << 16,
            max_unacked_bytes: 1 << 12,
            ..Config::default()
        };
        let session = Session::new(key(), SESSION, Salts::new(&key(), SALT, NOW), config);
        Self {
            session,
            now: NOW,
            last_id: (NOW.as_secs() << 32) as i64,
            requests: HashSet::new(),
            answered: HashSet::new(),
        }
    }

    fn take(&mut self, step: &Step<'_>) {
        // What the layer above hands over is TL, and so whole words.
        let words = &step.body[..step.body.len() / 4 * 4];
        match step.action {
            0..=199 => {
                let msg_id = MsgId(self.last_id + i64::from(step.id_change) * 4);
                self.last_id = self.last_id.max(msg_id.0);
                let salt = self.session.salts_mut().current(self.now);
                self.receive(&Opened {
                    header: Header {
                        salt,
                        session_id: SESSION,
                        msg_id,
                        seq_no: step.seq_no.into(),
                    },
                    body: step.body.to_vec().into(),
                    quick_ack: 0,
                });
            }
            200..=209 => drop(self.session.push(self.now, words)),
            210..=219 => self.session.reconnected(),
            220..=224 => self.session.salts_mut().rotate(),
            225..=234 => self.now += Duration::from_secs(step.seq_no.into()),
            _ => {
                let next = self.requests.difference(&self.answered).next().copied();
                if let Some(msg_id) = next {
                    self.session.send_result(self.now, msg_id, words);
                    self.answered.insert(msg_id);
                }
            }
        }
        self.flush();
    }

    fn receive(&mut self, opened: &Opened) {
        for event in self.session.receive(self.now, opened, &mut Fixed::new(1)) {
            if let Event::Request { msg_id, body } = event {
                assert!(self.requests.insert(msg_id), "a request is executed twice");
                assert!(body.len() <= (1 << 16).max(opened.body.len()));
            }
        }
    }

    fn flush(&mut self) {
        for frame in self.session.flush(self.now, &mut Fixed::new(2)) {
            let opened = envelope::decrypt(&key(), Side::Server, &frame).unwrap();
            assert_eq!(opened.header.session_id, SESSION);
            assert!(opened.header.msg_id.0 & 1 == 1);
        }
        assert!(self.session.flush(self.now, &mut Fixed::new(2)).is_empty());
    }
}
