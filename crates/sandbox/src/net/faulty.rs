//! Faults where they strike a connection.

use std::time::Duration;

use madeline_mtproto::envelope::{self, Side};
use madeline_mtproto::random::OsRandom;
use tokio::time::Instant;

use super::connection::{Close, Connection};
use super::session::Live;
use super::{Ear, Wake, lock};
use crate::faults::order::{Holds, Stage, Verb};
use crate::faults::{Occasion, Struck, hostile};
use crate::state::SessionRef;

impl Connection {
    fn occasion<'a>(
        &self,
        session: Option<SessionRef>,
        holds: Option<&'a [Holds]>,
    ) -> Occasion<'a> {
        let user = session.and_then(|session| lock(&self.shared.state).user_of(session.key));
        Occasion {
            dc: self.dc,
            session,
            user,
            method: None,
            holds,
        }
    }

    /// The connection has just been accepted.
    pub(super) fn accepted(&mut self) -> Result<(), Close> {
        if !self.shared.faults.any(Stage::Accept) {
            return Ok(());
        }
        let occasion = self.occasion(None, None);
        match self.shared.faults.strike(Stage::Accept, &occasion) {
            Some(Struck {
                verb: Verb::HalfOpen { deaf },
                ..
            }) => self.ear = if deaf { Ear::Deaf } else { Ear::Mute },
            Some(_) => return Err(Close),
            None => {}
        }
        Ok(())
    }

    /// A message has come; with an outcome, it was lost.
    pub(super) fn struck_message(
        &mut self,
        session: Option<SessionRef>,
    ) -> Option<Result<(), Close>> {
        if !self.shared.faults.any(Stage::Message) {
            return None;
        }
        let occasion = self.occasion(session, None);
        match self.shared.faults.strike(Stage::Message, &occasion)?.verb {
            Verb::TransportError { code, stay } => {
                let close = self.refuse(code);
                Some(if stay { Ok(()) } else { Err(close) })
            }
            _ => None,
        }
    }

    /// Does what the control channel wants.
    pub(super) fn obey(&mut self, order: Wake) -> Result<(), Close> {
        match order {
            Wake::Hear { ear, during } => {
                self.ear = ear;
                self.ear_until = during.map(|during| Instant::now() + during);
                Ok(())
            }
            Wake::Refuse(code) => Err(self.refuse(code)),
            Wake::Close | Wake::Reset => Err(Close),
            Wake::Flush(session) => self.flush_woken(session),
        }
    }

    /// A time has come: for the end of the connection or of a fault, or for an envelope that was held back.
    pub(super) fn time_has_come(&mut self) -> Result<(), Close> {
        let now = Instant::now();
        if self.ear_until.is_some_and(|until| until <= now) {
            self.ear = Ear::Open;
            self.ear_until = None;
            let served = lock(&self.shared.connections)
                .get(&self.number)
                .map(|registered| registered.served.clone());
            for session in served.unwrap_or_default() {
                self.flush_woken(session)?;
            }
        }
        for frame in self.line.take_due() {
            self.send(&frame)?;
        }
        if self.ear == Ear::Open && self.disconnect_at.is_some_and(|at| at <= now) {
            return Err(Close);
        }
        if self.disconnect_at.is_some_and(|at| at <= now) {
            self.disconnect_at = None;
        }
        Ok(())
    }

    /// Sends what a session holds, with the faults that wait for envelopes.
    pub(super) fn flush_with_faults(
        &mut self,
        session: SessionRef,
        live: &Live,
    ) -> Result<(), Close> {
        let acknowledgements = Stage::Acknowledgement;
        if self.shared.faults.any(acknowledgements)
            && live.with(|machine| machine.session.owes_acknowledgements())
        {
            let occasion = self.occasion(Some(session), None);
            let struck = self.shared.faults.strike(acknowledgements, &occasion);
            if struck.is_some() {
                live.with(|machine| machine.session.discard_acknowledgements());
            }
        }
        let now = self.shared.now();
        let (key, envelopes) = live.with(|machine| {
            machine.flushed();
            let envelopes = machine.session.flush_unsealed(now);
            (machine.session.key().clone(), envelopes)
        });
        for envelope in envelopes {
            let holds = hostile::holds(&envelope.body);
            let occasion = self.occasion(Some(session), Some(&holds));
            let struck = self.shared.faults.strike_all(Stage::Envelope, &occasion);
            let frame = hostile::seal(&key, &envelope, &struck).unwrap_or_else(|| {
                let header = envelope.header;
                envelope::encrypt(&key, Side::Server, header, &envelope.body, &mut OsRandom).bytes
            });
            self.emit(frame, &struck)?;
        }
        Ok(())
    }

    /// Sends an envelope the way the faults want it.
    fn emit(&mut self, mut frame: Vec<u8>, struck: &[Struck]) -> Result<(), Close> {
        let mut on_stream = None;
        for Struck { verb, random } in struck {
            match verb {
                Verb::Lose {} => return Ok(()),
                Verb::Corrupt {
                    offset,
                    xor,
                    stream: false,
                } => corrupt(&mut frame, *offset, *xor, *random),
                Verb::Duplicate { ms } => {
                    let copy = frame.clone();
                    self.line.repeat(copy, Duration::from_millis(*ms));
                }
                Verb::Delay { ms } => {
                    self.line.delay(frame, Duration::from_millis(*ms));
                    return Ok(());
                }
                Verb::Reorder { ms } => {
                    self.line.let_pass(frame, Duration::from_millis(*ms));
                    return Ok(());
                }
                Verb::Cut { .. } | Verb::Corrupt { stream: true, .. } => {
                    on_stream = Some((verb, *random));
                }
                _ => {}
            }
        }
        for frame in self.line.enter(frame) {
            let before = self.out.len();
            self.send(&frame)?;
            let sent = self.out.split_off(before);
            match on_stream.take() {
                Some((Verb::Cut { bytes }, _)) => {
                    let bytes = bytes.unwrap_or(sent.len() / 2).min(sent.len());
                    self.out.extend(sent.into_iter().take(bytes));
                    return Err(Close);
                }
                Some((Verb::Corrupt { offset, xor, .. }, random)) => {
                    let mut sent = sent;
                    corrupt(&mut sent, *offset, *xor, random);
                    self.out.append(&mut sent);
                }
                _ => self.out.extend(sent),
            }
        }
        for frame in self.line.take_due() {
            self.send(&frame)?;
        }
        Ok(())
    }
}

/// Changes a byte: the one at this place, counted from the end where that is negative, or any.
fn corrupt(bytes: &mut [u8], offset: Option<i64>, xor: u8, random: u64) {
    let length = bytes.len() as i64;
    let place = match offset {
        Some(offset) if offset < 0 => length + offset,
        Some(offset) => offset,
        None => (random % bytes.len().max(1) as u64) as i64,
    };
    if let Some(byte) = usize::try_from(place)
        .ok()
        .and_then(|place| bytes.get_mut(place))
    {
        *byte ^= xor;
    }
}
