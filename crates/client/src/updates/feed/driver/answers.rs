//! What becomes of the server's answers: what was missed is stored before it is delivered.

use std::task::{Context, Poll};

use bytes::Bytes;

use super::Driver;
use crate::Error;
use crate::updates::fetch::Failure;
use crate::updates::machine::{ACCOUNT, Ask};
use crate::updates::read;

impl Driver {
    /// Takes the answers that are there; whether there were any.
    pub(super) fn take_answers(&mut self, context: &mut Context<'_>) -> Result<bool, Error> {
        let mut moved = self.take_answer()?;
        let mut index = 0;
        while let Some(life) = &mut self.life
            && let Some((ask, question)) = life.fetching.get_mut(index)
        {
            let ask = *ask;
            match question.as_mut().poll(context) {
                Poll::Pending => index += 1,
                Poll::Ready(answer) => {
                    drop(life.fetching.swap_remove(index));
                    life.answer = Some((ask, answer));
                    self.take_answer()?;
                    moved = true;
                }
            }
        }
        Ok(moved)
    }

    fn take_answer(&mut self) -> Result<bool, Error> {
        let Some(life) = &mut self.life else {
            return Ok(false);
        };
        let Some((ask, answer)) = life.answer.take() else {
            return Ok(false);
        };
        let outcome = match (ask, answer) {
            (Ask::State, Ok(bytes)) => self.take_state(&bytes),
            (Ask::Difference(_), Ok(bytes)) => self.take_difference(ask, bytes),
            (Ask::ChannelDifference { id, .. }, Ok(bytes)) => {
                self.take_channel_difference(ask, id, bytes)
            }
            (ask, Err(failure)) => self.take_failure(ask, failure),
        };
        if let Some(life) = &mut self.life {
            life.gather();
            if life.machine.is_complete() {
                // Before the notes are written: what was missed is stored, or will be asked for again.
                if let Some(sources) = &self.sources {
                    sources.stream.recovered()?;
                }
            }
        }
        outcome.map(|()| true)
    }

    fn take_state(&mut self, bytes: &Bytes) -> Result<(), Error> {
        let now = self.now();
        let state = read::state(self.client.config().schema(), bytes);
        let Some(life) = &mut self.life else {
            return Ok(());
        };
        if let Some(state) = state {
            life.machine.state(now, state);
            return Ok(());
        }
        life.machine.account_is_unanswered();
        Err(Error::Answer {
            method: "updates.getState".to_owned(),
            source: "it is no updates.state of this schema".into(),
        })
    }

    fn take_difference(&mut self, ask: Ask, bytes: Bytes) -> Result<(), Error> {
        let now = self.now();
        let schema = self.client.config().schema();
        let read = read::difference(schema, &self.plan, &bytes);
        let Some(life) = &mut self.life else {
            return Ok(());
        };
        let difference = match read {
            Ok(difference) => difference,
            Err(problem) => {
                self.unreadable
                    .add(format!("updates.getDifference: {problem}"));
                life.machine.state_is_refused();
                return Ok(());
            }
        };
        let mut number = 0;
        if let read::Difference::Missed { batch, .. } = &difference {
            if let Some(problem) = &batch.broken {
                self.unreadable
                    .add(format!("updates.getDifference: {problem}"));
            }
            let stored = self.client.learn(batch.peers()).and_then(|()| {
                if batch.items.len() > 1 {
                    number = life
                        .store
                        .keep(ACCOUNT, ask.base(), schema.layer(), &bytes)?;
                }
                Ok(())
            });
            if let Err(error) = stored {
                life.answer = Some((ask, Ok(bytes)));
                return Err(error);
            }
        }
        life.machine.difference(now, difference, number);
        Ok(())
    }

    fn take_channel_difference(&mut self, ask: Ask, id: i64, bytes: Bytes) -> Result<(), Error> {
        let now = self.now();
        let schema = self.client.config().schema();
        let read = read::channel_difference(schema, &self.plan, &bytes);
        let Some(life) = &mut self.life else {
            return Ok(());
        };
        let difference = match read {
            Ok(difference) => difference,
            Err(problem) => {
                self.unreadable
                    .add(format!("updates.getChannelDifference: {problem}"));
                life.machine.channel_is_refused(now, id);
                return Ok(());
            }
        };
        if let Some(problem) = &difference.batch.broken {
            self.unreadable
                .add(format!("updates.getChannelDifference: {problem}"));
        }
        let mut number = 0;
        let stored = self.client.learn(difference.batch.peers()).and_then(|()| {
            if difference.batch.items.len() > 1 && !difference.skips {
                number = life.store.keep(id, ask.base(), schema.layer(), &bytes)?;
            }
            Ok(())
        });
        if let Err(error) = stored {
            life.answer = Some((ask, Ok(bytes)));
            return Err(error);
        }
        life.machine
            .channel_difference(now, id, &difference, number);
        Ok(())
    }

    fn take_failure(&mut self, ask: Ask, failure: Failure) -> Result<(), Error> {
        let now = self.now();
        let Some(life) = &mut self.life else {
            return Ok(());
        };
        let machine = &mut life.machine;
        match (ask, failure) {
            (Ask::ChannelDifference { id, .. }, Failure::Refused) => {
                machine.channel_is_refused(now, id);
            }
            (Ask::ChannelDifference { id, .. }, Failure::Gone) => machine.channel_is_gone(id),
            (_, Failure::Refused | Failure::Gone) => machine.state_is_refused(),
            (Ask::ChannelDifference { id, .. }, Failure::Error(error)) => {
                machine.channel_is_unanswered(id);
                return Err(error);
            }
            (_, Failure::Error(error)) => {
                machine.account_is_unanswered();
                return Err(error);
            }
        }
        Ok(())
    }
}
