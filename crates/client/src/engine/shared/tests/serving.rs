//! What a leader has to put up with, and what followers have.

use std::io::{Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::time::Duration;

use bytes::BytesMut;
use serde_json::json;

use super::super::wire::Frame;
use super::super::wire::tests::every_frame;
use super::support::{Town, ask, bot, password};
use crate::engine::InvokeError;
use crate::session::SOCKET_FILE;
use crate::{Config, Error};

fn connect(town: &Town) -> UnixStream {
    UnixStream::connect(town.path().join(SOCKET_FILE)).unwrap()
}

fn written(frames: &[Frame]) -> Vec<u8> {
    let mut out = Vec::new();
    for frame in frames {
        frame.write(&mut out);
    }
    out
}

/// The next word of the other side; `None` at the end.
fn hear(stream: &mut UnixStream, input: &mut BytesMut) -> Option<Frame> {
    loop {
        if let Some(frame) = Frame::take(input).unwrap() {
            return Some(frame);
        }
        let mut heard = [0; 1024];
        match stream.read(&mut heard) {
            Ok(0) | Err(_) => return None,
            Ok(count) => input.extend_from_slice(heard.get(..count).unwrap()),
        }
    }
}

fn hello() -> Frame {
    Frame::Hello {
        release: super::super::joining::RELEASE.to_owned(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_does_not_speak_the_language_is_shown_out() {
    let town = Town::start().await;
    let leader = town.alice().await;
    for words in [
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".to_vec(),
        vec![0; 64],
        written(&[Frame::Beat]),
        [written(&[hello()]), b"\xff\xff\xff\xff".to_vec()].concat(),
        written(&[hello(), Frame::Unsent { id: 1 }]),
    ] {
        let mut stream = connect(&town);
        stream.write_all(&words).unwrap();
        let mut rest = Vec::new();
        // Until the end: the leader hangs up.
        let _ = stream.read_to_end(&mut rest);
    }
    ask(&leader, password()).await.unwrap();
    let follower = town.process().await;
    ask(&follower, password()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_leader_hears_what_followers_may_say_and_nothing_else() {
    let town = Town::start().await;
    let leader = town.alice().await;
    for frame in every_frame() {
        let is_refused = matches!(
            frame,
            Frame::Hello { .. }
                | Frame::Welcome { .. }
                | Frame::Answer { .. }
                | Frame::Unsent { .. }
                | Frame::Update { .. }
                | Frame::Result { .. }
        );
        let mut stream = connect(&town);
        // The last word is answered only where the one before was heard.
        let words = [hello(), frame, Frame::Beat];
        stream.write_all(&written(&words)).unwrap();
        let mut input = BytesMut::new();
        let is_answered = loop {
            match hear(&mut stream, &mut input) {
                Some(Frame::Beat) => break true,
                Some(_) => {}
                None => break false,
            }
        };
        assert_eq!(is_answered, !is_refused, "{:?}", words.get(1));
    }
    ask(&leader, password()).await.unwrap();
    let follower = town.process().await;
    ask(&follower, password()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_follower_takes_no_notice_of_what_a_leader_has_no_business_to_say() {
    let town = Town::start().await;
    drop(town.alice().await);
    let _lock = crate::Session::open(&town.path(), crate::DcId(2), Duration::ZERO)
        .await
        .unwrap();
    let _ = std::fs::remove_file(town.path().join(SOCKET_FILE));
    let listener = UnixListener::bind(town.path().join(SOCKET_FILE)).unwrap();
    let settings = super::super::joining::settings(&town.config());
    let leading = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut words = vec![Frame::Welcome {
            release: super::super::joining::RELEASE.to_owned(),
            settings,
        }];
        words.extend(every_frame());
        words.retain(|word| !matches!(word, Frame::Bye));
        stream.write_all(&written(&words)).unwrap();
        let mut input = BytesMut::new();
        while let Some(frame) = hear(&mut stream, &mut input) {
            if let Frame::Call { id, .. } = frame {
                let outcome = Err(InvokeError::Rpc {
                    code: 400,
                    message: "HEARD".to_owned(),
                });
                let answer = written(&[Frame::Answer { id, outcome }]);
                stream.write_all(&answer).unwrap();
                return;
            }
        }
        panic!("the follower has left");
    });
    let follower = town.process().await;
    let error = ask(&follower, password()).await.unwrap_err();
    assert!(error.to_string().contains("HEARD"), "{error}");
    leading.join().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_follower_that_floods_and_never_reads_harms_nobody_else() {
    let town = Town::start().await;
    let leader = town.alice().await;
    let follower = town.process().await;
    let mut flooding = connect(&town);
    flooding
        .set_write_timeout(Some(Duration::from_millis(500)))
        .unwrap();
    flooding.write_all(&written(&[hello()])).unwrap();
    let flood: Vec<_> = (0..20_000).map(|_| Frame::Beat).collect();
    let flood = written(&flood);
    let mut sent = 0;
    // Each word has an answer, which nobody reads.
    while sent < 64 << 20 && flooding.write_all(&flood).is_ok() {
        sent += flood.len();
    }
    ask(&follower, password()).await.unwrap();
    ask(&leader, password()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_follower_that_ends_takes_its_calls_along() {
    let town = Town::start().await;
    let leader = town.alice().await;
    let silence = json!({"do": "ignore", "on": {"method": "account.getPassword"}});
    town.control().arm(silence).unwrap();
    let follower = town.process().await;
    let asking = tokio::spawn(async move { ask(&follower, password()).await });
    while town.control().executions("account.getPassword", None) == 0 && town.control().hits(1) == 0
    {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    asking.abort();
    // Its calls are not waited for.
    tokio::time::timeout(Duration::from_secs(4), leader.close())
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_may_not_be_repeated_says_that_the_leader_ended() {
    let town = Town::start().await;
    let leader = town.alice().await;
    let follower = town.process().await;
    ask(&follower, password()).await.unwrap();
    let silence = json!({"do": "ignore", "on": {"method": "messages.sendMessage"}});
    let fault = town.control().arm(silence).unwrap();
    let asking = follower.clone();
    let peer = bot(&follower).await;
    let sending = tokio::spawn(async move {
        let send = madeline_tl::object!("messages.sendMessage", peer: peer, message: "x", random_id: 7_i64);
        ask(&asking, send).await
    });
    while town.control().hits(fault) == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    drop(leader);
    let error = sending.await.unwrap().unwrap_err();
    let text = error.to_string();
    assert!(matches!(error, Error::Lost { .. }), "{text}");
    assert!(
        text.contains(&format!("process {}", std::process::id())),
        "{text}"
    );
    // The next one goes through this process.
    ask(&follower, password()).await.unwrap();
}

#[tokio::test]
async fn a_leader_that_never_answers_is_named() {
    let town = Town::start().await;
    drop(town.alice().await);
    let _lock = crate::Session::open(&town.path(), crate::DcId(2), Duration::ZERO)
        .await
        .unwrap();
    let _ = std::fs::remove_file(town.path().join(SOCKET_FILE));
    let _listener = UnixListener::bind(town.path().join(SOCKET_FILE)).unwrap();
    let config = Config {
        lock_timeout: Duration::from_millis(100),
        ..town.config()
    };
    let error = crate::Client::open(&town.path(), config)
        .await
        .map(drop)
        .unwrap_err();
    match error {
        Error::SessionHolder { pid, what, .. } => {
            assert_eq!(pid, Some(std::process::id()));
            assert!(what.contains("has not answered"), "{what}");
        }
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_leader_of_another_release_is_named() {
    let town = Town::start().await;
    drop(town.alice().await);
    let _lock = crate::Session::open(&town.path(), crate::DcId(2), Duration::ZERO)
        .await
        .unwrap();
    let _ = std::fs::remove_file(town.path().join(SOCKET_FILE));
    let listener = UnixListener::bind(town.path().join(SOCKET_FILE)).unwrap();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let release = "99.1".to_owned();
        let settings = [0; 32];
        stream
            .write_all(&written(&[Frame::Welcome { release, settings }]))
            .unwrap();
        let _ = stream.read(&mut [0; 64]);
    });
    let error = crate::Client::open(&town.path(), town.config())
        .await
        .map(drop)
        .unwrap_err();
    assert!(error.to_string().contains("99.1"), "{error}");
}
