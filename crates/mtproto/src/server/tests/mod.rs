#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod accepting;
mod answering;
mod resending;

use proptest::prelude::*;
use sha2::{Digest, Sha256};

use super::*;
use crate::container::{self, Message};
use crate::envelope::{self, Header, Side};
use crate::service::{Body, bad_msg};

const NOW: Duration = Duration::from_secs(1_700_000_000);
const FIRST_SALT: i64 = 0x5a17;
const SESSION: i64 = 77;
/// `help.getNearestDc`: the machine does not need to know it.
const QUERY: [u8; 4] = 0x1fb3_3026u32.to_le_bytes();

fn key() -> AuthKey {
    AuthKey::from_bytes([0x42; 256])
}

fn zeros(bytes: &mut [u8]) {
    bytes.fill(0);
}

/// A client that numbers its messages as it should, and a server's session.
struct Pair {
    session: Session,
    now: Duration,
    last_id: i64,
    content: i32,
    salt: i64,
}

/// A message of the server, out of its envelope and its container.
#[derive(Debug, PartialEq)]
struct Reply {
    msg_id: MsgId,
    seq_no: i32,
    body: Vec<u8>,
    in_container: bool,
}

impl Reply {
    fn service(&self) -> Service<'_> {
        match Service::read(&self.body) {
            Body::Service(service) => service,
            other => panic!("{other:?}"),
        }
    }
}

impl Pair {
    fn new() -> Self {
        let session = Session::new(
            key(),
            SESSION,
            Salts::new(&key(), FIRST_SALT, NOW),
            Config::default(),
        );
        Self {
            session,
            now: NOW,
            last_id: 0,
            content: 0,
            salt: FIRST_SALT,
        }
    }

    /// A session whose beginning was announced and acknowledged.
    fn settled() -> Self {
        let mut pair = Self::new();
        pair.call(&Service::Ping { ping_id: 0 }.to_bytes());
        let created = pair
            .replies()
            .into_iter()
            .find(|reply| reply.seq_no % 2 != 0)
            .unwrap();
        pair.tell(
            &Service::MsgsAck {
                msg_ids: vec![created.msg_id.0],
            }
            .to_bytes(),
        );
        assert!(pair.replies().is_empty());
        pair
    }

    fn next_id(&mut self) -> MsgId {
        self.last_id = MsgId::at(self.now, Origin::Client).0.max(self.last_id + 4);
        MsgId(self.last_id)
    }

    fn next_seq_no(&mut self, content: bool) -> i32 {
        let seq_no = self.content * 2 + i32::from(content);
        self.content += i32::from(content);
        seq_no
    }

    fn deliver(&mut self, msg_id: MsgId, seq_no: i32, body: &[u8]) -> Vec<Event> {
        let header = Header {
            salt: self.salt,
            session_id: SESSION,
            msg_id,
            seq_no,
        };
        let sealed = envelope::encrypt(&key(), Side::Client, header, body, &mut zeros);
        let opened = envelope::decrypt(&key(), Side::Client, &sealed.bytes).unwrap();
        self.session.receive(self.now, &opened, &mut zeros)
    }

    /// Sends something content-related.
    fn call(&mut self, body: &[u8]) -> (MsgId, Vec<Event>) {
        let (msg_id, seq_no) = (self.next_id(), self.next_seq_no(true));
        let events = self.deliver(msg_id, seq_no, body);
        (msg_id, events)
    }

    /// Sends something that is not content-related.
    fn tell(&mut self, body: &[u8]) -> (MsgId, Vec<Event>) {
        let (msg_id, seq_no) = (self.next_id(), self.next_seq_no(false));
        let events = self.deliver(msg_id, seq_no, body);
        (msg_id, events)
    }

    fn envelopes(&mut self) -> Vec<envelope::Opened> {
        let frames = self.session.flush(self.now, &mut zeros);
        frames
            .iter()
            .map(|frame| envelope::decrypt(&key(), Side::Server, frame).unwrap())
            .collect()
    }

    fn replies(&mut self) -> Vec<Reply> {
        let mut replies = Vec::new();
        for opened in self.envelopes() {
            let Header {
                session_id,
                msg_id,
                seq_no,
                ..
            } = opened.header;
            assert_eq!(session_id, SESSION);
            if container::is_container(&opened.body) {
                assert_eq!(seq_no % 2, 0);
                for message in container::read(&opened.body).unwrap() {
                    assert!(message.msg_id < msg_id && message.seq_no <= seq_no);
                    let Message {
                        msg_id,
                        seq_no,
                        body,
                    } = message;
                    replies.push(Reply {
                        msg_id,
                        seq_no,
                        body: body.to_vec(),
                        in_container: true,
                    });
                }
            } else {
                replies.push(Reply {
                    msg_id,
                    seq_no,
                    body: opened.body.to_vec(),
                    in_container: false,
                });
            }
        }
        replies
    }

    /// The one reply besides acknowledgements.
    fn reply(&mut self) -> Reply {
        let mut replies = self.replies();
        replies.retain(|reply| {
            !matches!(
                Service::read(&reply.body),
                Body::Service(Service::MsgsAck { .. })
            )
        });
        assert_eq!(replies.len(), 1, "{replies:?}");
        replies.remove(0)
    }

    /// Delivers a message that has to be refused, and gives the code.
    fn refused(&mut self, msg_id: MsgId, seq_no: i32, body: &[u8]) -> i32 {
        let events = self.deliver(msg_id, seq_no, body);
        let reply = self.reply();
        let (bad_msg_id, bad_msg_seqno, code) = match reply.service() {
            Service::BadMsgNotification {
                bad_msg_id,
                bad_msg_seqno,
                error_code,
            }
            | Service::BadServerSalt {
                bad_msg_id,
                bad_msg_seqno,
                error_code,
                ..
            } => (bad_msg_id, bad_msg_seqno, error_code),
            other => panic!("{other:?}"),
        };
        assert_eq!((MsgId(bad_msg_id), bad_msg_seqno), (msg_id, seq_no));
        assert_eq!(events, [Event::Refused { msg_id, code }]);
        assert_eq!(reply.seq_no % 2, 0);
        code
    }
}

fn packed(messages: &[Message<'_>]) -> Vec<u8> {
    let mut body = Vec::new();
    container::write(messages.iter().copied(), &mut body);
    body
}

impl Pair {
    fn reply_ack(&mut self) -> Vec<i64> {
        let replies = self.replies();
        let [reply] = &replies[..] else {
            panic!("{replies:?}")
        };
        match reply.service() {
            Service::MsgsAck { msg_ids } => msg_ids,
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn debug_output_has_no_contents() {
    let pair = Pair::new();
    assert_eq!(
        format!("{:?}", pair.session),
        format!("Session {{ key: {:?}, session_id: 77, .. }}", key())
    );
}

proptest! {
    #[test]
    fn any_body_is_answered_without_a_panic(
        constructor in proptest::sample::select(crate::service::CONSTRUCTORS),
        with_constructor: bool,
        mut body in proptest::collection::vec(any::<u8>(), 0..200),
        seq_no in 0i32..6,
    ) {
        let mut pair = Pair::settled();
        if with_constructor {
            body.splice(..0, constructor.1.to_le_bytes());
        }
        let msg_id = pair.next_id();
        let message = envelope::Opened {
            header: Header { salt: FIRST_SALT, session_id: SESSION, msg_id, seq_no },
            body: body.into(),
            quick_ack: 0,
        };
        pair.session.receive(NOW, &message, &mut zeros);
        pair.replies();
        prop_assert!(pair.replies().is_empty());
    }
}
