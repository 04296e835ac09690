//! What of a file is there already: an earlier download may have been interrupted by more than a lost connection, and
//! what stands in its place may be the beginning of another file.
//!
//! Telegram gives hashes of its files' pieces (<https://core.telegram.org/method/upload.getFileHashes>). Bytes that come
//! over a connection need none, since every message is authenticated; bytes on a disk do.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use tokio::task::JoinSet;

use super::hashes::Piece;
use super::source::Source;
use super::{Location, Range};
use crate::{Client, Error};

/// The pieces of a file's beginning, one after the other, for somebody who has its bytes to compare.
pub struct Resume {
    source: Arc<Source>,
    /// How many bytes are there.
    there: u64,
    parallel: usize,
    asking: JoinSet<(u64, Result<Vec<Piece>, Error>)>,
    /// Answers that came before their turn, by the offsets that were asked for.
    early: BTreeMap<u64, Result<Vec<Piece>, Error>>,
    /// Which offsets were asked for and not looked at, ascending.
    asked: VecDeque<u64>,
    /// How far an answer reaches; 0 before the first one.
    stride: u64,
    pieces: VecDeque<Piece>,
    /// Up to where pieces were compared.
    compared: u64,
    /// Up to where what is there may be kept.
    kept: u64,
    is_over: bool,
    missing: Vec<Range>,
}

impl Resume {
    /// Starts with the first call of [`Resume::next`]. Up to `parallel` questions are on their way at once.
    pub fn new(client: &Client, location: Location, there: u64, parallel: usize) -> Resume {
        Resume {
            source: Arc::new(Source::new(client.clone(), location)),
            there,
            parallel: parallel.max(1),
            asking: JoinSet::new(),
            early: BTreeMap::new(),
            asked: VecDeque::new(),
            stride: 0,
            pieces: VecDeque::new(),
            compared: 0,
            kept: there,
            is_over: there == 0,
            missing: Vec::new(),
        }
    }

    /// The next piece to compare, which is told to [`Resume::compared`]; `None` where no more can be. Needs a Tokio runtime
    /// around it. Dropping the future loses nothing.
    pub async fn next(&mut self) -> Result<Option<Piece>, Error> {
        while !self.is_over {
            if let Some(piece) = self.pieces.pop_front() {
                return Ok(self.usable(piece));
            }
            if self.compared >= self.there {
                break;
            }
            let pieces = self.answer().await?;
            self.learn(pieces);
        }
        Ok(None)
    }

    /// Whether a piece is there as it should be.
    pub fn compared(&mut self, piece: &Piece, is_good: bool) {
        if is_good {
            return;
        }
        match self.missing.last_mut() {
            Some(Range { end, .. }) if *end == Some(piece.offset) => *end = Some(piece.end()),
            _ => self.missing.push(Range {
                start: piece.offset,
                end: Some(piece.end()),
            }),
        }
    }

    /// What has to be fetched, in order; the last one has no end. And from where, as far as that has changed.
    pub fn missing(mut self) -> (Location, Vec<Range>) {
        let start = match self.missing.last() {
            // Where the last piece is wrong, it and what is behind it are one range.
            Some(range) if range.end == Some(self.kept) => {
                let start = range.start;
                self.missing.pop();
                start
            }
            _ => self.kept,
        };
        self.missing.push(Range { start, end: None });
        (self.source.location(), self.missing)
    }

    /// A piece that is there as a whole; otherwise the end.
    fn usable(&mut self, piece: Piece) -> Option<Piece> {
        if piece.end() > self.there {
            // Half a piece has no hash.
            self.kept = piece.offset;
            self.is_over = true;
            return None;
        }
        self.compared = piece.end();
        Some(piece)
    }

    /// Takes what an answer says of the bytes from `compared` on.
    fn learn(&mut self, pieces: Option<Vec<Piece>>) {
        // Telegram does not give hashes of every file: then what is there is believed, as far as it was not compared.
        let Some(pieces) = pieces else {
            self.is_over = true;
            return;
        };
        let mut end = self.compared;
        for piece in pieces {
            if piece.offset == end {
                end = piece.end();
                self.pieces.push_back(piece);
            }
        }
        if self.pieces.is_empty() {
            // Without any hash nothing is known; otherwise the file ends here.
            if self.compared > 0 {
                self.kept = self.compared;
            }
            self.is_over = true;
        }
        if self.stride == 0 {
            self.stride = end - self.compared;
        }
    }

    /// What is said of the bytes from `compared` on; `None` where Telegram does not want to say it.
    async fn answer(&mut self) -> Result<Option<Vec<Piece>>, Error> {
        let wanted = self.compared;
        if self.asked.front().is_some_and(|offset| *offset != wanted) {
            // The answers reach less far than the first one did.
            self.asked.clear();
            self.early.clear();
            self.asking.abort_all();
            self.stride = 0;
        }
        self.ask(wanted);
        let outcome = loop {
            if let Some(outcome) = self.early.remove(&wanted) {
                break outcome;
            }
            match self.asking.join_next().await {
                Some(Ok((offset, outcome))) => {
                    if self.asked.contains(&offset) {
                        self.early.insert(offset, outcome);
                    }
                }
                Some(Err(error)) if error.is_cancelled() => {}
                Some(Err(error)) => {
                    return Err(Error::File {
                        what: format!("the question for hashes ended: {error}"),
                    });
                }
                None => {
                    return Err(Error::File {
                        what: format!("nobody asks for the hashes from {wanted} on"),
                    });
                }
            }
        };
        self.asked.pop_front();
        match outcome {
            Ok(pieces) => Ok(Some(pieces)),
            Err(Error::Rpc { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Asks for what comes next, once it is known how far an answer reaches for several at once.
    fn ask(&mut self, wanted: u64) {
        let mut next = match self.asked.back() {
            Some(_) if self.stride == 0 => return,
            Some(last) => last + self.stride,
            None => wanted,
        };
        while self.asked.len() < self.parallel && next < self.there {
            let source = Arc::clone(&self.source);
            self.asking
                .spawn(async move { (next, source.hashes(next).await) });
            self.asked.push_back(next);
            if self.stride == 0 {
                return;
            }
            next += self.stride;
        }
    }
}

#[cfg(test)]
mod tests;
