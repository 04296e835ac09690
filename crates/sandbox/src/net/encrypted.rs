//! Messages of encrypted sessions on a connection.

use std::sync::Arc;

use bytes::Bytes;
use madeline_mtproto::envelope::{self, Opened, Side};
use madeline_mtproto::random::OsRandom;
use madeline_mtproto::server::Event;
use madeline_mtproto::transport::error_code;
use tokio::time::Instant;

use super::connection::{Close, Connection};
use super::request::{self, Flow};
use super::session::Live;
use super::{Ear, lock};
use crate::faults::order::Stage;
use crate::state::{KeyRef, SessionRef};
use crate::stats::count;

impl Connection {
    /// A message of an encrypted session. What it leads to is sent by [`Connection::flush_touched`].
    pub(super) fn encrypted(
        &mut self,
        key: KeyRef,
        frame: Bytes,
        quick_ack: bool,
    ) -> Result<(), Close> {
        let opened = match self.open(key, frame) {
            Ok(opened) => opened,
            Err(reason) => {
                self.shared
                    .log(|| format!("dc {}: key {:016x}: {reason}", self.dc, key.id));
                return Err(self.refuse(error_code::NOT_FOUND));
            }
        };
        count(&self.shared.stats.envelopes);
        let session = SessionRef {
            key,
            session_id: opened.header.session_id,
        };
        if let Some(outcome) = self.struck_message(Some(session)) {
            return outcome;
        }
        if quick_ack {
            // The transport is known, since a frame has come over it.
            let _ = self
                .transport
                .send_quick_ack(opened.quick_ack, &mut self.out);
        }
        let Some(live) = self.shared.live_or_new(session) else {
            return Err(self.refuse(error_code::NOT_FOUND));
        };
        let now = self.shared.now();
        let (taken_over, events) = live.with(|machine| {
            let taken_over = machine.serve(self.number, &self.waker);
            (
                taken_over,
                machine.session.receive(now, &opened, &mut OsRandom),
            )
        });
        if taken_over {
            self.serves(session);
        }
        if !self.touched.iter().any(|(known, _)| *known == session) {
            self.touched.push((session, Arc::clone(&live)));
        }
        self.events(&live, session, events)
    }

    fn open(&mut self, key: KeyRef, frame: Bytes) -> Result<Opened, String> {
        if !self.shared.knows(key) {
            return Err("unknown".to_owned());
        }
        let known = match &mut self.key {
            Some((known, secret)) if *known == key => secret,
            other => {
                let secret = self.shared.secret(key).ok_or("unknown")?;
                &mut other.insert((key, secret)).1
            }
        };
        envelope::decrypt_in_place(known, Side::Client, frame).map_err(|error| error.to_string())
    }

    fn events(
        &mut self,
        live: &Arc<Live>,
        session: SessionRef,
        events: Vec<Event>,
    ) -> Result<(), Close> {
        let shared = Arc::clone(&self.shared);
        let mut state = None;
        let mut outcome = Ok(());
        for event in events {
            match event {
                // The connection ends: what comes behind has not come.
                Event::Request { msg_id, .. } if outcome.is_err() => {
                    live.with(|machine| machine.session.lose(msg_id));
                }
                Event::Request { msg_id, body } => {
                    let state = state.get_or_insert_with(|| shared.state());
                    match request::handle(&shared, state, live, session, msg_id, &body) {
                        Flow::On => {}
                        Flow::Close => {
                            // Answers that are due stay unsent.
                            self.touched.clear();
                            outcome = Err(Close);
                        }
                        Flow::Refuse { code, stay } => {
                            let close = self.refuse(code);
                            if !stay {
                                self.touched.clear();
                                outcome = Err(close);
                            }
                        }
                    }
                }
                Event::DestroySession { session_id } => {
                    state = None;
                    self.destroy(
                        live,
                        SessionRef {
                            session_id,
                            ..session
                        },
                    );
                }
                Event::DisconnectAt(at) => {
                    let patience = at.saturating_sub(shared.now());
                    self.disconnect_at = Some(Instant::now() + patience);
                }
                Event::Refused { msg_id, code } => {
                    count(&shared.stats.refused);
                    shared.log(|| format!("dc {}: message {msg_id} refused with {code}", self.dc));
                }
                Event::Acked(messages) => {
                    let messages = messages.len() as u64;
                    let acked = &shared.stats.acked;
                    acked.fetch_add(messages, std::sync::atomic::Ordering::Relaxed);
                }
                _ => {}
            }
        }
        outcome
    }

    /// A session that this connection has not served before.
    fn serves(&self, session: SessionRef) {
        if let Some(registered) = lock(&self.shared.connections).get_mut(&self.number) {
            registered.served.push(session);
        }
        lock(&self.shared.state)
            .sessions
            .entry(session)
            .or_default()
            .connected = true;
    }

    fn destroy(&self, live: &Live, doomed: SessionRef) {
        let existed = lock(&self.shared.sessions).remove(&doomed).is_some();
        lock(&self.shared.state).sessions.remove(&doomed);
        let now = self.shared.now();
        live.with(|machine| {
            machine
                .session
                .send_destroyed(now, doomed.session_id, existed);
        });
    }

    /// Sends what the sessions hold that were spoken to.
    pub(super) fn flush_touched(&mut self) -> Result<(), Close> {
        for (session, live) in std::mem::take(&mut self.touched) {
            self.flush(session, &live)?;
        }
        Ok(())
    }

    /// Sends what a session holds, where this connection still serves it.
    pub(super) fn flush_woken(&mut self, session: SessionRef) -> Result<(), Close> {
        let Some(live) = self.shared.live(session) else {
            return Ok(());
        };
        if self.ear != Ear::Open || !live.with(|machine| machine.is_served_by(self.number)) {
            return Ok(());
        }
        self.flush(session, &live)
    }

    fn flush(&mut self, session: SessionRef, live: &Live) -> Result<(), Close> {
        let faults = &self.shared.faults;
        let may_strike = faults.any(Stage::Envelope) || faults.any(Stage::Acknowledgement);
        if may_strike || !self.line.is_empty() {
            return self.flush_with_faults(session, live);
        }
        let now = self.shared.now();
        for message in live.with(|machine| machine.flush(now)) {
            self.send(&message)?;
        }
        Ok(())
    }
}
