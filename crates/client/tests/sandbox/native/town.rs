//! Alice, connected and listening, Carol who writes to her, and the server's control.

use std::time::Duration;

use bytes::Bytes;
use madeline_client::engine::UpdatesStream;
use madeline_client::watch::block_on;
use madeline_client::{Client, Config, Error, Timeouts};
use madeline_sandbox::Control;
use madeline_tl::{Schema, Value, boxed_from_bytes, object};
use serde_json::{Value as Json, json};
use tokio::runtime::Handle;
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::{Instant, timeout, timeout_at};

use crate::support::{Server, ask, bot};

/// No fault takes this long to be overcome.
const LIMIT: Duration = Duration::from_secs(60);
/// Calls of each kind that are under way while a fault strikes.
const CALLS: usize = 6;
/// Messages from Carol while it does.
const MESSAGES: usize = 8;
/// `updatesTooLong`
const TOO_LONG: [u8; 4] = 0xe317_af7e_u32.to_le_bytes();

pub(super) struct Town {
    pub(super) server: Server,
    pub(super) control: Control,
    pub(super) client: Client,
    pub(super) updates: UpdatesStream,
    peer: Value,
    round: usize,
}

/// What came of a round.
pub(super) struct Outcome {
    /// The calls that failed.
    pub(super) errors: Vec<Error>,
    /// Whether a gap was announced.
    pub(super) gap: bool,
}

/// The value of a future: every other one is waited for by a thread of its own, which watches the socket.
async fn waiting<T: Send + 'static>(
    number: usize,
    future: impl Future<Output = T> + Send + 'static,
) -> T {
    if number.is_multiple_of(2) {
        return future.await;
    }
    let runtime = Handle::current();
    let waited = spawn_blocking(move || block_on(&runtime, future));
    waited.await.unwrap().unwrap()
}

impl Town {
    pub(super) async fn start() -> Town {
        Town::start_with(|config| config).await
    }

    /// `change` makes the configuration another one.
    pub(super) async fn start_with(change: impl FnOnce(Config) -> Config) -> Town {
        let server = Server::start().await;
        let control = server.control();
        let patient = Config {
            timeouts: Timeouts {
                connect: Duration::from_secs(20),
                ..server.config().timeouts
            },
            resend_after: Duration::from_secs(1),
            ping_interval: Duration::from_secs(2),
            ..server.config()
        };
        let client = server.alice_with(change(patient)).await;
        let mut updates = client.updates();
        let peer = bot(&client).await;
        // The first message makes Carol somebody whom Alice knows.
        push(&control, "first", 1);
        expect(&mut updates, "first", 1).await;
        Town {
            server,
            control,
            client,
            updates,
            peer,
            round: 0,
        }
    }

    /// Lets a fault strike while calls and messages are under way, and checks what holds for every fault: each call is
    /// answered or fails with a cause; what was answered was executed once, what failed at most once; messages come once
    /// and in order, or a gap is announced.
    pub(super) async fn endure(&mut self, fault: &Json) -> Outcome {
        self.round += 1;
        let round = self.round;
        let armed = self.control.ask(fault.clone());
        let armed = armed.unwrap_or_else(|error| panic!("{fault}: {error}"));
        let mut calls = JoinSet::new();
        for number in 0..CALLS {
            let (client, peer) = (self.client.clone(), self.peer.clone());
            let text = format!("call {round}.{number}");
            calls.spawn(waiting(number, async move {
                let random_id = (round * 1000 + number) as i64;
                let request = object!(
                    "messages.sendMessage",
                    peer: peer,
                    message: text.as_str(),
                    random_id: random_id
                );
                let sent = ask(&client, request).await;
                (Some(text), sent.map(drop))
            }));
            let client = self.client.clone();
            calls.spawn(waiting(number, async move {
                let nearest = ask(&client, object!("help.getNearestDc")).await;
                (
                    None,
                    nearest.map(|nearest| assert_eq!(nearest.int("this_dc"), Ok(2))),
                )
            }));
        }
        let text = format!("message {round}");
        push(&self.control, &text, MESSAGES);
        let mut errors = Vec::new();
        while let Some(ended) = timeout(LIMIT, calls.join_next())
            .await
            .unwrap_or_else(|_| panic!("{fault}: a call hangs"))
        {
            let (sent, outcome) = ended.unwrap();
            if let Some(text) = sent {
                let executed = self.control.executions("messages.sendMessage", Some(&text));
                match &outcome {
                    Ok(()) => assert_eq!(executed, 1, "{fault}: {text}"),
                    Err(error) => assert!(executed <= 1, "{fault}: {text}: {error}"),
                }
            }
            errors.extend(outcome.err());
        }
        // Something has to follow what was lost on the way: nobody waits for what they do not know of.
        let gap = expect(&mut self.updates, &text, MESSAGES).await;
        if let Some(id) = armed["id"].as_u64() {
            assert!(self.control.hits(id) > 0, "{fault} never struck");
        }
        self.control.ask(json!({"do": "clear"})).unwrap();
        ask(&self.client, object!("help.getNearestDc"))
            .await
            .unwrap_or_else(|error| panic!("{fault}: afterwards: {error}"));
        Outcome { errors, gap }
    }

    /// The same for a fault that nobody may notice.
    pub(super) async fn endure_unnoticed(&mut self, fault: Json) {
        let outcome = self.endure(&fault).await;
        assert!(outcome.errors.is_empty(), "{fault}: {:?}", outcome.errors);
        assert!(!outcome.gap, "{fault}: a gap was announced");
    }

    /// And for one that ends the connection, so that there may be a gap in the updates, which is announced.
    pub(super) async fn endure_with_gap(&mut self, fault: Json) {
        let outcome = self.endure(&fault).await;
        assert!(outcome.errors.is_empty(), "{fault}: {:?}", outcome.errors);
    }
}

/// Carol writes to Alice: `text 1`, `text 2`, …
pub(super) fn push(control: &Control, text: &str, count: usize) {
    let command = json!({
        "do": "push", "to": "alice", "from": "carol", "text": format!("{text} {{n}}"), "count": count
    });
    control.ask(command).unwrap();
}

/// Waits for the messages `text 1`… in order. True when a gap was announced instead, which has the rest.
pub(super) async fn expect(updates: &mut UpdatesStream, text: &str, count: usize) -> bool {
    let until = Instant::now() + LIMIT;
    let mut next = 1;
    while next <= count {
        let object = timeout_at(until, updates.recv())
            .await
            .unwrap_or_else(|_| {
                panic!("{text}: message {next} of {count} did not come, and no gap")
            })
            .unwrap();
        if object.as_ref() == TOO_LONG {
            updates.recovered().unwrap();
            return true;
        }
        for came in texts(&object) {
            if let Some(number) = came.strip_prefix(text) {
                assert_eq!(number.trim().parse(), Ok(next), "{text}: order");
                next += 1;
            }
        }
    }
    false
}

fn texts(object: &Bytes) -> Vec<String> {
    // A hostile server's are none.
    let Ok(object) = boxed_from_bytes(Schema::api(), object) else {
        return Vec::new();
    };
    let mut texts: Vec<String> = object
        .list("updates")
        .unwrap_or_default()
        .iter()
        .filter(|update| update.is("updateNewMessage"))
        .filter_map(|update| {
            update
                .get("message")
                .text("message")
                .ok()
                .map(str::to_owned)
        })
        .collect();
    texts.extend(object.text("message").ok().map(str::to_owned));
    texts
}
