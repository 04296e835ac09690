//! Downloads: as many parts at once as are wanted, handed over in order or as they come.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use tokio::task::{JoinError, JoinSet};

use super::source::Source;
use super::{Location, PART, TOGETHER};
use crate::{Client, Error};

/// What offsets and limits of requests are multiples of.
const STEP: u64 = 1024;

/// Which bytes of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Range {
    /// The first one.
    pub start: u64,
    /// The one behind the last one; `None`: to the end of the file, wherever that is.
    pub end: Option<u64>,
}

/// The order in which parts are handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// From the first byte to the last one.
    Ascending,
    /// As they come.
    Any,
}

/// Some bytes of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Where they begin.
    pub offset: u64,
    /// The bytes; never none.
    pub bytes: Bytes,
}

/// Where a part begins, and what came of it.
type Fetched = (u64, Result<Bytes, Error>);

/// A download under way. Dropping it ends it.
pub struct Download {
    source: Arc<Source>,
    running: JoinSet<Fetched>,
    order: Order,
    parallel: usize,
    /// Whether `end` was promised, so that a file that ends before is an error.
    promised: bool,
    end: Option<u64>,
    /// Where the next request begins.
    next: u64,
    /// Behind the part that was handed over last.
    delivered: u64,
    /// Parts that came and were not handed over.
    kept: BTreeMap<u64, Bytes>,
    /// Why a part did not come; told behind the parts that can be handed over.
    failed: Option<Error>,
    finished: usize,
}

impl Download {
    /// Starts with the first call of [`Download::next`]. Up to `parallel` parts are on their way at once, and half as many
    /// more are kept.
    pub fn new(
        client: &Client,
        location: Location,
        range: Range,
        order: Order,
        parallel: usize,
    ) -> Download {
        Download {
            source: Arc::new(Source::new(client.clone(), location)),
            running: JoinSet::new(),
            order,
            parallel: parallel.max(1),
            promised: range.end.is_some(),
            end: range.end,
            next: range.start,
            delivered: range.start,
            kept: BTreeMap::new(),
            failed: None,
            finished: 0,
        }
    }

    /// The next part; `None` at the end. Needs a Tokio runtime around it. Dropping the future loses nothing.
    pub async fn next(&mut self) -> Result<Option<Part>, Error> {
        loop {
            while self.failed.is_none()
                && let Some(joined) = self.running.try_join_next()
            {
                self.failed = self.keep(joined).err();
            }
            if self.failed.is_none() {
                // Before anything is handed over, which may take its time.
                self.request();
            }
            if let Some(part) = self.ready() {
                return Ok(Some(part));
            }
            if let Some(error) = self.failed.take() {
                return Err(error);
            }
            let Some(joined) = self.running.join_next().await else {
                return Ok(None);
            };
            self.keep(joined)?;
        }
    }

    /// Keeps a part that came until it is handed over.
    fn keep(&mut self, joined: Result<Fetched, JoinError>) -> Result<(), Error> {
        let (offset, outcome) = joined.map_err(|error| Error::File {
            what: format!("a part of the download ended: {error}"),
        })?;
        let bytes = self.took(offset, outcome?)?;
        if !bytes.is_empty() {
            self.kept.insert(offset, bytes);
        }
        Ok(())
    }

    /// The part whose turn it is.
    fn ready(&mut self) -> Option<Part> {
        let first = self.kept.first_entry()?;
        let offset = *first.key();
        if self.order == Order::Ascending && offset != self.delivered {
            return None;
        }
        let bytes = first.remove();
        self.delivered = offset + bytes.len() as u64;
        Some(Part { offset, bytes })
    }

    /// Sends as many requests as may be on their way, once there is room for several.
    fn request(&mut self) {
        let allowed = self.allowed();
        let kept = self.kept.len();
        let room = allowed
            .min((allowed + allowed / 2).saturating_sub(kept))
            .saturating_sub(self.running.len());
        if room < TOGETHER.min(allowed) {
            return;
        }
        for _ in 0..room {
            if self.end.is_some_and(|end| self.next >= end) {
                return;
            }
            let offset = self.next;
            let block = block_end(offset);
            let end = self.end.map_or(block, |end| end.min(block));
            let from = offset - offset % STEP;
            let limit = (end - from).next_multiple_of(STEP) as usize;
            let source = Arc::clone(&self.source);
            self.running.spawn(async move {
                let fetched = source.fetch(from, limit).await;
                let skip = (offset - from) as usize;
                let wanted = (end - from) as usize;
                let cut = fetched
                    .map(|bytes| bytes.slice(skip.min(bytes.len())..wanted.min(bytes.len())));
                (offset, cut)
            });
            self.next = end;
        }
    }

    /// How many parts may be on their way; half as many more are kept. Where the end is not known it is looked for step by step.
    fn allowed(&self) -> usize {
        match self.end {
            Some(_) => self.parallel,
            None => self.parallel.min(1 + self.finished),
        }
    }

    /// Takes note of a part that came.
    fn took(&mut self, offset: u64, bytes: Bytes) -> Result<Bytes, Error> {
        self.finished += 1;
        let reached = offset + bytes.len() as u64;
        let wanted = self
            .end
            .map_or(block_end(offset), |end| end.min(block_end(offset)));
        if reached >= wanted {
            return Ok(bytes);
        }
        if let (true, Some(end)) = (self.promised, self.end) {
            return Err(Error::File {
                what: format!("the file ends after {reached} bytes, where {end} were announced"),
            });
        }
        self.end = Some(self.end.map_or(reached, |end| end.min(reached)));
        Ok(bytes)
    }
}

/// Where the block of an offset ends.
fn block_end(offset: u64) -> u64 {
    (offset / PART as u64 + 1) * PART as u64
}
