//! The client's session with the server's, in memory.

use super::*;
use crate::server;

struct Both {
    client: Session,
    server: server::Session,
    now: Duration,
    /// Requests that the server executed.
    executed: usize,
}

impl Both {
    fn new(client_salt: i64) -> Self {
        let salts = vec![FutureSalt {
            valid_since: 0,
            valid_until: i32::MAX,
            salt: client_salt,
        }];
        let mut both = Self {
            client: Session::new(
                key(),
                SESSION,
                ServerClock::unknown(),
                salts,
                Config::default(),
            ),
            server: Self::server(),
            now: NOW,
            executed: 0,
        };
        both.client.connected(NOW);
        both
    }

    fn server() -> server::Session {
        let salts = server::Salts::new(&key(), SALT, NOW);
        server::Session::new(key(), SESSION, salts, server::Config::default())
    }

    fn call(&mut self, id: CallId, repeatable: bool) {
        let request = Request {
            id,
            body: [QUERY, (id as u32).to_le_bytes()].concat().into(),
            repeatable,
        };
        self.client.send(self.now, request);
    }

    /// What the client sends arrives, or is lost; requests are answered with their number.
    fn up(&mut self, arrives: bool) {
        let mut frames = Vec::new();
        self.client.flush(self.now, &mut zeros, &mut frames);
        for frame in frames.into_iter().filter(|_| arrives) {
            let opened = envelope::decrypt(&key(), Side::Client, &frame).unwrap();
            for event in self.server.receive(self.now, &opened, &mut zeros) {
                match event {
                    server::Event::Request { msg_id, body } => {
                        self.executed += 1;
                        self.server.send_result(self.now, msg_id, &body.repeat(100));
                    }
                    server::Event::Refused { code, .. } => {
                        assert_eq!(code, bad_msg::SALT, "the client broke a rule");
                    }
                    _ => {}
                }
            }
        }
    }

    fn down(&mut self, arrives: bool) {
        for frame in self.server.flush(self.now, &mut zeros) {
            if arrives {
                self.client.receive(self.now, frame).unwrap();
            }
        }
    }

    fn round(&mut self) -> Vec<Event> {
        for _ in 0..4 {
            self.up(true);
            self.down(true);
        }
        std::iter::from_fn(|| self.client.next_event()).collect()
    }

    fn reconnect(&mut self) {
        self.client.disconnected(self.now);
        self.client.connected(self.now);
        self.server.reconnected();
    }
}

fn answer(id: CallId) -> Event {
    Event::Result {
        id,
        body: [QUERY, (id as u32).to_le_bytes()]
            .concat()
            .repeat(100)
            .into(),
    }
}

#[test]
fn calls_are_answered_and_updates_arrive() {
    let mut both = Both::new(SALT);
    for id in 0..200 {
        both.call(id, false);
    }
    both.up(true);
    both.server.push(NOW, &UPDATE);
    let events = both.round();
    for id in 0..200 {
        assert!(events.contains(&answer(id)), "{id}");
    }
    assert!(events.contains(&Event::Object(Bytes::from_static(&UPDATE))));
    assert!(events.contains(&Event::NewSession) && !events.contains(&Event::Gap));
    assert!(
        events
            .iter()
            .any(|event| matches!(event, Event::Salts(salts) if salts.len() == 32))
    );
    both.now += seconds(1);
    both.client.tick(both.now).unwrap();
    assert!(both.round().is_empty());
    assert!(both.client.is_idle());
    assert_eq!(both.client.violations().total(), 0);
}

#[test]
fn lost_requests_and_lost_answers_are_made_up_for() {
    for (request_arrives, answer_arrives) in [(false, false), (true, false), (true, true)] {
        let mut both = Both::new(SALT);
        both.round();
        both.call(1, false);
        both.server.push(NOW, &UPDATE);
        both.up(request_arrives);
        both.down(answer_arrives);
        both.reconnect();
        let events = both.round();
        assert!(events.contains(&answer(1)), "{events:?}");
        let updates = events
            .iter()
            .filter(|event| matches!(event, Event::Object(_)))
            .count();
        assert_eq!((both.executed, updates), (1, 1));
    }
}

#[test]
fn a_copy_that_arrives_after_the_call_was_sent_again_is_not_executed() {
    let mut both = Both::new(SALT);
    both.round();
    both.call(1, false);
    let mut late = Vec::new();
    both.client.flush(NOW, &mut zeros, &mut late);
    both.reconnect();
    let events = both.round();
    assert!(events.contains(&answer(1)));
    let opened = envelope::decrypt(&key(), Side::Client, &late[0]).unwrap();
    both.server.receive(NOW, &opened, &mut zeros);
    assert_eq!(both.executed, 1);
    assert_eq!(both.round(), []);
}

#[test]
fn salts_change_without_harm() {
    let mut both = Both::new(12345);
    both.call(1, false);
    assert!(both.round().contains(&answer(1)));
    both.server.salts_mut().rotate();
    for id in 2..50 {
        both.call(id, false);
    }
    let events = both.round();
    assert!((2..50).all(|id| events.contains(&answer(id))));
    assert_eq!(both.executed, 49);
}

#[test]
fn a_forgotten_session_fails_what_may_have_been_executed() {
    let mut both = Both::new(SALT);
    both.round();
    both.call(1, false);
    both.call(2, true);
    both.up(true);
    both.now += seconds(1);
    both.server = Both::server();
    both.reconnect();
    let events = both.round();
    assert!(events.contains(&unknown(1, Cause::SessionForgotten)));
    assert!(events.contains(&answer(2)));
    assert!(events.contains(&Event::NewSession) && events.contains(&Event::Gap));
}

#[test]
fn clocks_hours_apart_agree() {
    for client_ahead in [false, true] {
        let mut both = Both::new(SALT);
        both.call(1, false);
        let mut events = Vec::new();
        for _ in 0..4 {
            let local = if client_ahead {
                NOW + seconds(7200)
            } else {
                NOW.saturating_sub(seconds(7200))
            };
            both.now = local;
            let mut frames = Vec::new();
            both.client.flush(local, &mut zeros, &mut frames);
            for frame in frames {
                let opened = envelope::decrypt(&key(), Side::Client, &frame).unwrap();
                for event in both.server.receive(NOW, &opened, &mut zeros) {
                    if let server::Event::Request { msg_id, body } = event {
                        both.server.send_result(NOW, msg_id, &body.repeat(100));
                    }
                }
            }
            for frame in both.server.flush(NOW, &mut zeros) {
                both.client.receive(local, frame).unwrap();
            }
            events.extend(std::iter::from_fn(|| both.client.next_event()));
        }
        assert!(events.contains(&answer(1)), "{events:?}");
        assert_eq!(
            both.client.clock().offset(),
            if client_ahead { -7200 } else { 7200 }
        );
    }
}
