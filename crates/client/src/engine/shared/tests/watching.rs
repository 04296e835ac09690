//! A follower's thread that watches the link's socket, and what comes for others meanwhile.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use super::super::joining::Joined;
use super::super::link::{BEAT, Ears, Link, Outcome};
use super::super::wire::Frame;
use super::support::Town;
use crate::engine::updates::Hub;
use crate::engine::{Lane, Request};
use crate::updates::Inbox;
use crate::watch::Watched;
use crate::{DcId, Session};

/// The other end of a link.
struct Leader {
    stream: UnixStream,
    input: BytesMut,
}

impl Leader {
    async fn frame(&mut self) -> Frame {
        loop {
            if let Some(frame) = Frame::take(&mut self.input).unwrap() {
                return frame;
            }
            assert!(self.stream.read_buf(&mut self.input).await.unwrap() > 0);
        }
    }

    /// The number of the call that comes next.
    async fn call(&mut self) -> u64 {
        loop {
            if let Frame::Call { id, .. } = self.frame().await {
                return id;
            }
        }
    }

    async fn say(&mut self, frame: &Frame) {
        let mut out = Vec::new();
        frame.write(&mut out);
        self.stream.write_all(&out).await.unwrap();
    }

    async fn answer(&mut self, id: u64) {
        let outcome = Ok(Bytes::from_static(b"answer"));
        self.say(&Frame::Answer { id, outcome }).await;
    }
}

fn ask(link: &Arc<Link>) -> JoinHandle<Outcome> {
    let link = Arc::clone(link);
    let request = Request {
        dc: DcId(2),
        body: Bytes::from_static(b"call"),
        lane: Lane::Calls,
        repeatable: false,
    };
    tokio::spawn(async move { link.call(&request).await })
}

async fn answered(asked: JoinHandle<Outcome>) {
    let outcome = timeout(Duration::from_secs(20), asked).await;
    let outcome = outcome.expect("an answer in time").unwrap();
    assert!(matches!(outcome, Outcome::Answer(Ok(answer)) if answer == "answer"));
}

/// A link to a leader that the test plays.
struct Linked {
    link: Arc<Link>,
    leader: Leader,
    running: JoinHandle<()>,
    _town: Town,
    _session: Session,
}

impl Linked {
    async fn start() -> Linked {
        let town = Town::start().await;
        let session = Session::open(&town.path(), DcId(2), Duration::ZERO)
            .await
            .unwrap();
        let ears = Ears {
            hub: Arc::new(Hub::new(&session)),
            inbox: Arc::new(Inbox::default()),
            config: Arc::new(town.config()),
        };
        let (own, stream) = UnixStream::pair().unwrap();
        let joined = Joined {
            stream: own,
            input: BytesMut::new(),
            pid: None,
            settings: [0; 32],
        };
        let link = Link::start(joined, ears, Duration::from_secs(60)).unwrap();
        Linked {
            running: tokio::spawn(Arc::clone(&link).run()),
            link,
            leader: Leader {
                stream,
                input: BytesMut::new(),
            },
            _town: town,
            _session: session,
        }
    }

    /// A call that the task takes the answer of.
    async fn call(&mut self) {
        let asked = ask(&self.link);
        let id = self.leader.call().await;
        self.leader.answer(id).await;
        answered(asked).await;
    }

    async fn end(self) {
        self.link.end("was left");
        self.running.await.unwrap();
    }
}

#[tokio::test]
async fn what_comes_just_before_a_watched_socket_is_given_back_is_not_left_there() {
    let mut linked = Linked::start().await;
    linked.call().await;
    // The next answer comes while somebody has the socket who waits for something else, and does not look any more.
    let asked = ask(&linked.link);
    let id = linked.leader.call().await;
    let begun = linked.link.begin().unwrap();
    linked.leader.answer(id).await;
    thread::sleep(Duration::from_millis(2));
    Arc::clone(&linked.link).give_back(begun.number);
    answered(asked).await;
    // The task has it again.
    linked.call().await;
    linked.end().await;
}

#[tokio::test]
async fn what_comes_when_the_last_caller_had_his_answer_at_once_is_not_left_there() {
    let mut linked = Linked::start().await;
    linked.call().await;
    // Until the task sleeps for an hour.
    sleep(2 * BEAT).await;
    // Nobody else runs between these.
    let begun = linked.link.begin().unwrap();
    Arc::clone(&linked.link).take(begun.number);
    Arc::clone(&linked.link).give_back(begun.number);
    linked.leader.say(&Frame::Bye).await;
    let heard = timeout(Duration::from_secs(20), linked.leader.frame()).await;
    assert!(matches!(heard, Ok(Frame::Bye)));
    linked.end().await;
}
