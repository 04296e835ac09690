//! A follower's thread that watches the link's socket, and what comes for others meanwhile.

use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::super::joining::Joined;
use super::super::link::{Ears, Link, Outcome};
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
    /// The number of the call that comes next.
    async fn call(&mut self) -> u64 {
        loop {
            match Frame::take(&mut self.input).unwrap() {
                Some(Frame::Call { id, .. }) => return id,
                Some(_) => {}
                None => assert!(self.stream.read_buf(&mut self.input).await.unwrap() > 0),
            }
        }
    }

    async fn answer(&mut self, id: u64) {
        let mut out = Vec::new();
        let outcome = Ok(Bytes::from_static(b"answer"));
        Frame::Answer { id, outcome }.write(&mut out);
        self.stream.write_all(&out).await.unwrap();
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

#[tokio::test]
async fn what_comes_just_before_a_watched_socket_is_given_back_is_not_left_there() {
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
    let mut leader = Leader {
        stream,
        input: BytesMut::new(),
    };
    let joined = Joined {
        stream: own,
        input: BytesMut::new(),
        pid: None,
        settings: [0; 32],
    };
    let link = Link::start(joined, ears, Duration::from_secs(60)).unwrap();
    let running = tokio::spawn(Arc::clone(&link).run());

    // The task takes the first answer.
    let first = ask(&link);
    let id = leader.call().await;
    leader.answer(id).await;
    answered(first).await;
    // The second comes while somebody has the socket who waits for something else, and does not look any more.
    let second = ask(&link);
    let id = leader.call().await;
    let begun = link.begin().unwrap();
    leader.answer(id).await;
    Arc::clone(&link).give_back(begun.number);
    answered(second).await;
    // The task has it again.
    let third = ask(&link);
    let id = leader.call().await;
    leader.answer(id).await;
    answered(third).await;
    link.end("was left");
    running.await.unwrap();
}
