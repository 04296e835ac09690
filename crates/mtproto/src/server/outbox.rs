//! What the server sends: numbered, packed into containers, and kept until the client has acknowledged it.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use super::Unsealed;
use super::in_order::InOrder;
use crate::container::{self, MAX_MESSAGES, MESSAGE_HEADER, Message};
use crate::envelope::Header;
use crate::message_id::{MsgId, MsgIdGenerator, Origin};
use crate::service::Service;

/// A container is closed before its messages exceed this many bytes; a larger message travels alone.
const MAX_CONTAINER: usize = 1 << 20;
/// Acknowledgements that fit into one `msgs_ack`.
const MAX_ACKS: usize = 8192;

struct Kept {
    seq_no: i32,
    body: Arc<Vec<u8>>,
    answers: Option<MsgId>,
}

struct Queued {
    msg_id: MsgId,
    seq_no: i32,
    body: Arc<Vec<u8>>,
    /// An old identifier is only accepted inside a container with a fresh one.
    resent: bool,
}

/// A message that is kept: its number and size.
pub(super) struct Answer {
    pub(super) seq_no: i32,
    pub(super) bytes: usize,
}

pub(super) struct Outbox {
    msg_ids: MsgIdGenerator,
    content_sent: i32,
    acks: Vec<i64>,
    queue: Vec<Queued>,
    /// What is in the queue for another time.
    resending: BTreeSet<MsgId>,
    unacked: InOrder<MsgId, Kept>,
    unacked_bytes: usize,
    max_unacked_bytes: usize,
}

impl Outbox {
    pub(super) fn new(max_unacked_bytes: usize) -> Self {
        Self {
            msg_ids: MsgIdGenerator::default(),
            content_sent: 0,
            acks: Vec::new(),
            queue: Vec::new(),
            resending: BTreeSet::new(),
            unacked: InOrder::default(),
            unacked_bytes: 0,
            max_unacked_bytes,
        }
    }

    /// Queues a message that the client has to acknowledge.
    pub(super) fn content(
        &mut self,
        now: Duration,
        origin: Origin,
        body: Vec<u8>,
        answers: Option<MsgId>,
    ) -> MsgId {
        let body = Arc::new(body);
        let (msg_id, seq_no) = self.queue_content(now, origin, Arc::clone(&body));
        self.unacked_bytes += body.len();
        self.unacked.insert(
            msg_id,
            Kept {
                seq_no,
                body,
                answers,
            },
        );
        while self.unacked_bytes > self.max_unacked_bytes
            && let Some((_, oldest)) = self.unacked.pop_first()
        {
            self.unacked_bytes -= oldest.body.len();
        }
        msg_id
    }

    /// Queues a message that nobody keeps: what becomes of it is not cared about.
    pub(super) fn once(&mut self, now: Duration, origin: Origin, content: bool, body: Vec<u8>) {
        if content {
            self.queue_content(now, origin, Arc::new(body));
            return;
        }
        let msg_id = self.msg_ids.next(now, origin);
        self.queue.push(Queued {
            msg_id,
            seq_no: self.content_sent.wrapping_mul(2),
            body: Arc::new(body),
            resent: false,
        });
    }

    fn queue_content(&mut self, now: Duration, origin: Origin, body: Arc<Vec<u8>>) -> (MsgId, i32) {
        let msg_id = self.msg_ids.next(now, origin);
        let seq_no = self.content_sent.wrapping_mul(2).wrapping_add(1);
        self.content_sent = self.content_sent.wrapping_add(1);
        self.queue.push(Queued {
            msg_id,
            seq_no,
            body,
            resent: false,
        });
        (msg_id, seq_no)
    }

    /// Takes a kept message out of the queue; it stays kept.
    pub(super) fn withdraw(&mut self, msg_id: MsgId) -> Option<Answer> {
        self.queue.retain(|queued| queued.msg_id != msg_id);
        self.kept(msg_id)
    }

    pub(super) fn owes_acknowledgements(&self) -> bool {
        !self.acks.is_empty()
    }

    /// Forgets acknowledgements that were not sent yet; with a message, only that one.
    pub(super) fn discard_acknowledgements(&mut self, of: Option<MsgId>) {
        self.acks
            .retain(|&acked| of.is_some_and(|msg_id| msg_id.0 != acked));
    }

    /// Lets identifiers follow the clock again, also where that means going back.
    pub(super) fn restart_identifiers(&mut self) {
        self.msg_ids = MsgIdGenerator::default();
    }

    /// Queues an answer that needs no acknowledgement.
    pub(super) fn service(&mut self, now: Duration, service: &Service<'_>) {
        let msg_id = self.msg_ids.next(now, Origin::ServerAnswer);
        let seq_no = self.content_sent.wrapping_mul(2);
        self.queue.push(Queued {
            msg_id,
            seq_no,
            body: Arc::new(service.to_bytes()),
            resent: false,
        });
    }

    /// Acknowledges a message of the client with whatever is sent next.
    pub(super) fn acknowledge(&mut self, msg_id: MsgId) {
        self.acks.push(msg_id.0);
    }

    /// Forgets messages that the client has; gives those that were kept.
    pub(super) fn acked(&mut self, msg_ids: &[i64]) -> Vec<MsgId> {
        msg_ids
            .iter()
            .map(|&msg_id| MsgId(msg_id))
            .filter(|&msg_id| self.forget(msg_id).is_some())
            .collect()
    }

    /// The answer with that identifier, if it is still kept.
    pub(super) fn kept(&self, msg_id: MsgId) -> Option<Answer> {
        self.unacked.get(msg_id).map(|kept| Answer {
            seq_no: kept.seq_no,
            bytes: kept.body.len(),
        })
    }

    /// Drops an answer that the client has not acknowledged.
    pub(super) fn drop_answer(&mut self, msg_id: MsgId) -> Option<Answer> {
        self.queue.retain(|queued| queued.msg_id != msg_id);
        self.forget(msg_id)
    }

    /// Queues a kept message once more; false when it is not kept.
    pub(super) fn resend(&mut self, msg_id: MsgId) -> bool {
        let Some(kept) = self.unacked.get(msg_id) else {
            return false;
        };
        if self.resending.insert(msg_id) {
            self.queue.push(Queued {
                msg_id,
                seq_no: kept.seq_no,
                body: Arc::clone(&kept.body),
                resent: true,
            });
        }
        true
    }

    /// Queues the answers to these requests once more.
    pub(super) fn resend_answers(&mut self, requests: &[i64]) {
        let requests: BTreeSet<i64> = requests.iter().copied().collect();
        let is_wanted = |kept: &Kept| {
            kept.answers
                .is_some_and(|request| requests.contains(&request.0))
        };
        let answers: Vec<_> = self
            .unacked
            .iter()
            .filter(|(_, kept)| is_wanted(kept))
            .map(|(id, _)| id)
            .collect();
        for answer in answers {
            self.resend(answer);
        }
    }

    /// Queues everything that is kept once more.
    pub(super) fn resend_all(&mut self) {
        self.queue
            .retain(|queued| !self.unacked.contains(queued.msg_id));
        let again = self.unacked.iter().map(|(msg_id, kept)| Queued {
            msg_id,
            seq_no: kept.seq_no,
            body: Arc::clone(&kept.body),
            resent: true,
        });
        self.queue.extend(again);
        self.resending = self.unacked.iter().map(|(msg_id, _)| msg_id).collect();
    }

    /// The envelopes to send: what is queued, acknowledgements first, in as few containers as the limits permit.
    pub(super) fn take(&mut self, now: Duration, session_id: i64, salt: i64) -> Vec<Unsealed> {
        let mut queue = self.acknowledgements(now);
        queue.append(&mut self.queue);
        self.resending.clear();
        let mut envelopes = Vec::new();
        for batch in batches(&queue) {
            let (msg_id, seq_no, body) = self.outer(now, batch);
            let header = Header {
                salt,
                session_id,
                msg_id,
                seq_no,
            };
            envelopes.push(Unsealed { header, body });
        }
        envelopes
    }

    /// What an envelope says: a single new message itself, anything else as a container.
    fn outer(&mut self, now: Duration, batch: &[Queued]) -> (MsgId, i32, Arc<Vec<u8>>) {
        match batch {
            [alone] if !alone.resent => (alone.msg_id, alone.seq_no, Arc::clone(&alone.body)),
            _ => (
                self.msg_ids.next(now, Origin::ServerNotice),
                self.content_sent.wrapping_mul(2),
                Arc::new(packed(batch)),
            ),
        }
    }

    fn acknowledgements(&mut self, now: Duration) -> Vec<Queued> {
        let acks = std::mem::take(&mut self.acks);
        acks.chunks(MAX_ACKS)
            .map(|msg_ids| Queued {
                msg_id: self.msg_ids.next(now, Origin::ServerNotice),
                seq_no: self.content_sent.wrapping_mul(2),
                body: Arc::new(
                    Service::MsgsAck {
                        msg_ids: msg_ids.to_vec(),
                    }
                    .to_bytes(),
                ),
                resent: false,
            })
            .collect()
    }

    fn forget(&mut self, msg_id: MsgId) -> Option<Answer> {
        let kept = self.unacked.remove(msg_id)?;
        self.unacked_bytes -= kept.body.len();
        Some(Answer {
            seq_no: kept.seq_no,
            bytes: kept.body.len(),
        })
    }
}

fn packed(batch: &[Queued]) -> Vec<u8> {
    let length = |queued: &Queued| queued.body.len() + MESSAGE_HEADER;
    let mut body = Vec::with_capacity(8 + batch.iter().map(length).sum::<usize>());
    let messages = batch.iter().map(|queued| Message {
        msg_id: queued.msg_id,
        seq_no: queued.seq_no,
        body: &queued.body,
    });
    container::write(messages, &mut body);
    body
}

/// Cuts the queue where a container would become too large.
fn batches(queue: &[Queued]) -> Vec<&[Queued]> {
    let mut batches = Vec::new();
    let (mut start, mut bytes) = (0, 0);
    for (index, queued) in queue.iter().enumerate() {
        let more = queued.body.len() + MESSAGE_HEADER;
        if index > start && (bytes + more > MAX_CONTAINER || index - start == MAX_MESSAGES) {
            batches.extend(queue.get(start..index));
            (start, bytes) = (index, 0);
        }
        bytes += more;
    }
    batches.extend(queue.get(start..).filter(|rest| !rest.is_empty()));
    batches
}
