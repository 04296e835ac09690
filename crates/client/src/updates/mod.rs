//! Updates one by one, for the account's one listener.

use std::collections::VecDeque;

use bytes::Bytes;
use madeline_tl::{Value, boxed_from_bytes, boxed_to_bytes};

use crate::engine::UpdatesStream;
use crate::error::Cause;
use crate::{Client, Error};

/// One update.
pub struct Delivery {
    /// TL bytes of one boxed `Update` of the client's schema; short messages are expanded.
    pub update: Bytes,
}

/// The updates of an account. The peers that an update came with are stored before it is given.
pub struct Feed {
    client: Client,
    stream: UpdatesStream,
    waiting: VecDeque<Bytes>,
    unreadable: Option<String>,
}

impl Client {
    /// The account's one listener; a later one takes over.
    pub fn feed(&self) -> Feed {
        let mut stream = self.updates();
        // The announcement of what was missed, behind which nothing comes until it is taken.
        while stream.try_recv().is_some() {}
        Feed {
            client: self.clone(),
            stream,
            waiting: VecDeque::new(),
            unreadable: None,
        }
    }
}

impl Feed {
    /// The next update, waiting. Taking it says that the one before was handled.
    pub async fn next(&mut self) -> Result<Delivery, Error> {
        loop {
            if let Some(update) = self.waiting.pop_front() {
                return Ok(Delivery { update });
            }
            match self.stream.recv().await {
                Some(object) => self.split(&object)?,
                None => {
                    return Err(Error::SessionClosed {
                        what: "another listener has taken over its updates",
                    });
                }
            }
        }
    }

    /// The next update if one can be had without waiting.
    pub fn try_next(&mut self) -> Result<Option<Delivery>, Error> {
        loop {
            if let Some(update) = self.waiting.pop_front() {
                return Ok(Some(Delivery { update }));
            }
            match self.stream.try_recv() {
                Some(object) => self.split(&object)?,
                None => return Ok(None),
            }
        }
    }

    /// The last one was handled: its state is stored now.
    pub fn handled(&mut self) -> Result<(), Error> {
        self.stream.recovered()
    }

    /// What came that could not be read since this was asked last, for a log.
    pub fn unreadable(&mut self) -> Option<String> {
        self.unreadable.take()
    }

    fn split(&mut self, object: &[u8]) -> Result<(), Error> {
        let schema = self.client.config().schema();
        let object = match boxed_from_bytes(schema, object) {
            Ok(object) => object,
            Err(error) => {
                self.unreadable = Some(format!("an object of updates: {error}"));
                return Ok(());
            }
        };
        let mut peers = Vec::new();
        for list in ["users", "chats"] {
            for peer in object.list(list).unwrap_or_default() {
                peers.push(boxed_to_bytes(schema, peer).map_err(wrong)?);
            }
        }
        self.client.learn(peers.iter().map(Vec::as_slice))?;
        let single = object.object("update").ok();
        let updates = object.list("updates").unwrap_or_default();
        for update in updates.iter().chain(single) {
            let update: &Value = update;
            self.waiting
                .push_back(boxed_to_bytes(schema, update).map_err(wrong)?.into());
        }
        Ok(())
    }
}

fn wrong(cause: impl Into<Cause>) -> Error {
    Error::Answer {
        method: "updates".to_owned(),
        source: cause.into(),
    }
}
