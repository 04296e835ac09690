#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod accepting;
mod answering;
mod binding;
mod hostile;
mod keeping;
mod reconnecting;
mod salts_and_clock;
mod with_server;

use super::*;
use crate::container::{self, Message};
use crate::envelope::{self, Header, Side};
use crate::message_id::Origin;
use crate::service::{Body, bad_msg};

const NOW: Duration = Duration::from_secs(1_700_000_000);
const SESSION: i64 = 77;
const SALT: i64 = 0x5a17;
/// `help.getNearestDc` and a result: the machine does not need to know them.
const QUERY: [u8; 4] = 0x1fb3_3026u32.to_le_bytes();
const RESULT: [u8; 8] = [0x11, 0x22, 0x33, 0x44, 1, 0, 0, 0];
const UPDATE: [u8; 4] = 0xe317_af7eu32.to_le_bytes();

fn key() -> AuthKey {
    AuthKey::from_bytes(std::array::from_fn(|index| (index * 7 + 3) as u8))
}

fn zeros(bytes: &mut [u8]) {
    bytes.fill(0);
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn salts() -> Vec<FutureSalt> {
    (0..8)
        .map(|period| {
            let since = NOW.as_secs() as i32 - 100 + 1800 * period;
            FutureSalt {
                valid_since: since,
                valid_until: since + 3600,
                salt: SALT + i64::from(period),
            }
        })
        .collect()
}

/// A message of the client, out of its envelope and its container.
#[derive(Clone, Debug)]
struct Sent {
    envelope: MsgId,
    salt: i64,
    msg_id: MsgId,
    seq_no: i32,
    body: Vec<u8>,
}

impl Sent {
    fn in_container(&self) -> bool {
        self.envelope != self.msg_id
    }

    fn service(&self) -> Service<'_> {
        match Service::read(&self.body) {
            Body::Service(service) => service,
            other => panic!("{other:?}"),
        }
    }
}

/// A client's session, and a server that says what the test wants.
struct Pair {
    session: Session,
    now: Duration,
    /// The server's clock minus the client's, in seconds.
    skew: i64,
    last_id: i64,
    content: i32,
}

impl Pair {
    /// A session with a clock that is known and salts for hours, before its first connection.
    fn unconnected(config: Config) -> Self {
        Self {
            session: Session::new(key(), SESSION, ServerClock::known(0), salts(), config),
            now: NOW,
            skew: 0,
            last_id: 0,
            content: 0,
        }
    }

    fn with(config: Config) -> Self {
        let mut pair = Self::unconnected(config);
        pair.connect();
        pair
    }

    /// A connected session whose first ping was answered.
    fn new() -> Self {
        Self::with(Config::default())
    }

    /// Connects and answers the ping; gives what else was sent.
    fn connect(&mut self) -> Vec<Sent> {
        self.session.connected(self.now);
        let mut sent = self.sent();
        let position = sent.iter().position(is_ping).unwrap();
        let ping = sent.remove(position);
        self.pong(&ping);
        sent
    }

    fn pong(&mut self, ping: &Sent) {
        let Service::PingDelayDisconnect { ping_id, .. } = ping.service() else {
            panic!("{ping:?}");
        };
        self.tell(&Service::Pong {
            msg_id: ping.msg_id.0,
            ping_id,
        })
        .unwrap();
    }

    fn server_now(&self) -> Duration {
        ServerClock::known(self.skew).server(self.now)
    }

    fn next_id(&mut self, origin: Origin) -> MsgId {
        let id = MsgId::at(self.server_now(), origin).0;
        let low = id & 3;
        self.last_id = id.max((self.last_id & !3) + 4 + low);
        MsgId(self.last_id)
    }

    fn next_seq_no(&mut self, content: bool) -> i32 {
        let seq_no = self.content * 2 + i32::from(content);
        self.content += i32::from(content);
        seq_no
    }

    fn deliver(&mut self, msg_id: MsgId, seq_no: i32, body: &[u8]) -> Result<(), Violation> {
        let header = Header {
            salt: SALT,
            session_id: self.session.session_id(),
            msg_id,
            seq_no,
        };
        let sealed = envelope::encrypt(&key(), Side::Server, header, body, &mut zeros);
        self.session.receive(self.now, sealed.bytes)
    }

    /// Says something content-related that answers nothing; gives its identifier.
    fn say(&mut self, body: &[u8]) -> MsgId {
        let (msg_id, seq_no) = (self.next_id(Origin::ServerNotice), self.next_seq_no(true));
        self.deliver(msg_id, seq_no, body).unwrap();
        msg_id
    }

    /// Says something that needs no acknowledgement.
    fn tell(&mut self, service: &Service<'_>) -> Result<(), Violation> {
        let (msg_id, seq_no) = (self.next_id(Origin::ServerAnswer), self.next_seq_no(false));
        self.deliver(msg_id, seq_no, &service.to_bytes())
    }

    fn answer(&mut self, req_msg_id: MsgId, result: &[u8]) {
        let body = Service::RpcResult {
            req_msg_id: req_msg_id.0,
            result,
        }
        .to_bytes();
        let (msg_id, seq_no) = (self.next_id(Origin::ServerAnswer), self.next_seq_no(true));
        self.deliver(msg_id, seq_no, &body).unwrap();
    }

    /// Sends messages in a container with an identifier of its own.
    fn contain(&mut self, messages: &[(MsgId, i32, Vec<u8>)]) -> Result<(), Violation> {
        let (msg_id, seq_no) = (self.next_id(Origin::ServerNotice), self.next_seq_no(false));
        self.deliver(msg_id, seq_no, &packed(messages))
    }

    fn refuse(&mut self, sent: MsgId, code: i32) -> Result<(), Violation> {
        self.tell(&Service::BadMsgNotification {
            bad_msg_id: sent.0,
            bad_msg_seqno: 1,
            error_code: code,
        })
    }

    fn request(&mut self, id: CallId, repeatable: bool) {
        let request = Request {
            id,
            body: Bytes::from_static(&QUERY),
            repeatable,
        };
        self.session.send(self.now, request);
    }

    /// Sends a call that may not be repeated; gives its message.
    fn call(&mut self, id: CallId) -> Sent {
        self.request(id, false);
        self.the_query()
    }

    /// Sends a call that may be repeated; gives its message.
    fn repeatable_call(&mut self, id: CallId) -> Sent {
        self.request(id, true);
        self.the_query()
    }

    /// What the client sends now.
    fn sent(&mut self) -> Vec<Sent> {
        let mut frames = Vec::new();
        self.session.flush(self.now, &mut zeros, &mut frames);
        let mut sent = Vec::new();
        for frame in frames {
            let opened = envelope::decrypt(&key(), Side::Client, &frame).unwrap();
            let Header {
                salt,
                msg_id: envelope,
                seq_no,
                ..
            } = opened.header;
            let whole = Message {
                msg_id: envelope,
                seq_no,
                body: &opened.body,
            };
            let messages = if container::is_container(&opened.body) {
                assert_eq!(seq_no % 2, 0);
                container::read(&opened.body).unwrap()
            } else {
                vec![whole]
            };
            for message in messages {
                assert!(message.msg_id <= envelope && message.seq_no <= seq_no);
                sent.push(Sent {
                    envelope,
                    salt,
                    msg_id: message.msg_id,
                    seq_no: message.seq_no,
                    body: message.body.to_vec(),
                });
            }
        }
        sent
    }

    /// The calls among what the client sends now.
    fn queries(&mut self) -> Vec<Sent> {
        let mut sent = self.sent();
        sent.retain(is_query);
        sent
    }

    fn the_query(&mut self) -> Sent {
        let queries = self.queries();
        assert_eq!(queries.len(), 1, "{queries:?}");
        queries[0].clone()
    }

    fn events(&mut self) -> Vec<Event> {
        std::iter::from_fn(|| self.session.next_event()).collect()
    }

    /// Events about calls.
    fn outcomes(&mut self) -> Vec<Event> {
        let mut events = self.events();
        events.retain(|event| {
            matches!(
                event,
                Event::Result { .. } | Event::RpcError { .. } | Event::Failed { .. }
            )
        });
        events
    }

    fn count(&self, count: Count) -> u64 {
        self.session.violations().of(count)
    }

    /// Time passes, and what is due is done.
    fn wait(&mut self, seconds: u64) -> Vec<Sent> {
        self.now += Duration::from_secs(seconds);
        self.session.tick(self.now).unwrap();
        self.sent()
    }

    /// A time in which the connection is silent but alive: pings are answered, the rest of what is sent is given.
    fn pass(&mut self, seconds: u64) -> Vec<Sent> {
        let end = self.now + Duration::from_secs(seconds);
        let mut all = Vec::new();
        while let Some(at) = self.session.deadline().filter(|&at| at <= end) {
            self.now = self.now.max(at);
            for sent in self.wait(0) {
                if is_ping(&sent) {
                    self.pong(&sent);
                } else {
                    all.push(sent);
                }
            }
        }
        self.now = end;
        all
    }

    fn reconnect(&mut self) -> Vec<Sent> {
        self.session.disconnected(self.now);
        self.connect()
    }

    /// Answers a question about messages with the same state for all.
    fn tell_state(&mut self, sent: &[Sent], state: u8) {
        let (req, msg_ids) = asked(sent);
        self.tell(&Service::MsgsStateInfo {
            req_msg_id: req.0,
            info: &vec![state; msg_ids.len()],
        })
        .unwrap();
    }
}

fn is_ping(sent: &Sent) -> bool {
    matches!(
        Service::read(&sent.body),
        Body::Service(Service::PingDelayDisconnect { .. })
    )
}

fn is_query(sent: &Sent) -> bool {
    sent.body == QUERY
}

/// The question about messages among what was sent.
fn asked(sent: &[Sent]) -> (MsgId, Vec<i64>) {
    let mut requests = sent
        .iter()
        .filter_map(|sent| match Service::read(&sent.body) {
            Body::Service(Service::MsgsStateReq { msg_ids }) => Some((sent.msg_id, msg_ids)),
            _ => None,
        });
    let request = requests.next();
    request.unwrap_or_else(|| panic!("no question in {sent:?}"))
}

fn packed(messages: &[(MsgId, i32, Vec<u8>)]) -> Vec<u8> {
    let mut body = Vec::new();
    let messages = messages.iter().map(|(msg_id, seq_no, body)| Message {
        msg_id: *msg_id,
        seq_no: *seq_no,
        body,
    });
    container::write(messages, &mut body);
    body
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    Service::GzipPacked {
        packed_data: &gzip::pack(bytes).unwrap(),
    }
    .to_bytes()
}

fn result(id: CallId) -> Event {
    Event::Result {
        id,
        body: Bytes::from_static(&RESULT),
    }
}

fn unknown(id: CallId, cause: Cause) -> Event {
    Event::Failed {
        id,
        why: Failure::Unknown(cause),
    }
}

#[test]
fn debug_output_has_no_contents() {
    let mut pair = Pair::new();
    pair.call(1);
    assert_eq!(
        format!("{:?}", pair.session),
        format!(
            "Session {{ key: {:?}, session_id: 77, in_flight: 1, .. }}",
            key()
        )
    );
    let event = Event::Salts(salts());
    assert!(!format!("{event:?}").contains(&SALT.to_string()));
}
