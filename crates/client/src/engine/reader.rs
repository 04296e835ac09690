//! Who reads from a socket: the connection's task, or a caller that watches it while it waits ([`crate::watch`]).
//!
//! For a caller the socket is muted, so that the task is not woken for the answer as well. A caller who has had an answer at once
//! is likely to have the next call ready. Between two such calls the socket stays as it is, and the task looks after it a
//! moment later: otherwise the answer to the next one may be there before the caller has it muted again, and two threads
//! run for it.

use std::io;
use std::time::{Duration, Instant};

use super::stream::Stream;

/// An answer that comes sooner has come at once.
const AT_ONCE: Duration = Duration::from_micros(300);
/// How long nobody may read. What the server says by itself waits for one to two milliseconds, the steps of the runtime's timers,
/// and longer where the runtime has a lot to do.
const BETWEEN: Duration = Duration::from_millis(1);

/// See the module.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Reader {
    /// The task, which the system wakes when something comes.
    #[default]
    Task,
    /// A caller, since then; whether something has come for it.
    Caller { since: Instant, heard: bool },
    /// The next caller, or from then on the task.
    Next(Instant),
}

/// What follows from giving a socket back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Back {
    /// The task reads again; of what has come before it may hear nothing, so it is to be taken in.
    Now,
    /// The task has to look ([`Reader::look`]) at that time.
    Then(Instant),
}

impl Reader {
    /// A caller reads from now on. False: another one does.
    pub(super) fn begin(&mut self, stream: &Stream) -> io::Result<bool> {
        match self {
            Reader::Caller { .. } => return Ok(false),
            Reader::Task => stream.mute(true)?,
            Reader::Next(_) => {}
        }
        *self = Reader::Caller {
            since: Instant::now(),
            heard: false,
        };
        Ok(true)
    }

    /// Something has come for the caller.
    pub(super) fn heard(&mut self) {
        if let Reader::Caller { heard, .. } = self {
            *heard = true;
        }
    }

    /// The caller reads no more. `quiet`: nobody waits for anything else that comes over the socket.
    pub(super) fn give_back(&mut self, stream: &Stream, quiet: bool) -> io::Result<Back> {
        if let Reader::Caller { since, heard: true } = *self
            && quiet
        {
            let now = Instant::now();
            if now.saturating_duration_since(since) < AT_ONCE {
                let then = now + BETWEEN;
                *self = Reader::Next(then);
                return Ok(Back::Then(then));
            }
        }
        *self = Reader::Task;
        stream.mute(false)?;
        Ok(Back::Now)
    }

    /// Whether the task reads.
    pub(super) fn is_task(self) -> bool {
        self == Reader::Task
    }

    /// When the task has to look, or, being awake anyway, does well to: a caller who has just begun is likely to be through by
    /// then, and need not wake it.
    pub(super) fn good_time(self) -> Option<Instant> {
        match self {
            Reader::Task => None,
            Reader::Caller { since, .. } => Some(since + BETWEEN).filter(|at| *at > Instant::now()),
            Reader::Next(then) => Some(then),
        }
    }

    /// The task looks. True when it reads from now on, and has to take in what is there.
    pub(super) fn look(&mut self, stream: &Stream) -> io::Result<bool> {
        match *self {
            Reader::Next(then) if then <= Instant::now() => {
                *self = Reader::Task;
                stream.mute(false)?;
                Ok(true)
            }
            _ => Ok(false),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic, clippy::unwrap_used, reason = "tests")]

    use std::future::poll_fn;
    use std::io::Write;
    use std::os::unix::net::UnixStream;
    use std::thread;
    use std::time::Duration;

    use tokio::time::timeout;

    use super::{AT_ONCE, Back, Reader, Stream};

    /// Whether the task learns that something has come.
    async fn hears(stream: &Stream) -> bool {
        let readable = poll_fn(|context| {
            stream
                .poll_readable(context)
                .map(|readable| readable.unwrap().clear_ready())
        });
        timeout(Duration::from_millis(100), readable).await.is_ok()
    }

    fn pair() -> (UnixStream, Stream) {
        let (other, own) = UnixStream::pair().unwrap();
        own.set_nonblocking(true).unwrap();
        (other, Stream::new(own.into()).unwrap())
    }

    #[tokio::test]
    async fn a_caller_who_waited_gives_the_socket_back_to_the_task() {
        let (mut other, stream) = pair();
        let mut reader = Reader::default();
        assert!(reader.begin(&stream).unwrap());
        // Another one cannot have it.
        assert!(!reader.begin(&stream).unwrap());
        assert!(!reader.is_task());
        other.write_all(b"a").unwrap();
        assert!(!hears(&stream).await);
        reader.heard();
        thread::sleep(AT_ONCE);
        assert_eq!(reader.give_back(&stream, true).unwrap(), Back::Now);
        assert!(reader.is_task());
        assert_eq!(reader.good_time(), None);
        stream.read(&mut [0]).unwrap();
        other.write_all(b"b").unwrap();
        assert!(hears(&stream).await);
    }

    #[tokio::test]
    async fn after_an_answer_at_once_the_next_caller_or_later_the_task_has_it() {
        let (mut other, stream) = pair();
        let mut reader = Reader::default();
        let mut given = Back::Now;
        // The machine may have other things to do in between.
        for _ in 0..1000 {
            assert!(reader.begin(&stream).unwrap());
            reader.heard();
            given = reader.give_back(&stream, true).unwrap();
            if given != Back::Now {
                break;
            }
        }
        let Back::Then(then) = given else {
            panic!("never at once");
        };
        assert_eq!(reader.good_time(), Some(then));
        assert!(!reader.is_task());
        other.write_all(b"a").unwrap();
        assert!(!hears(&stream).await);
        // Whoever begins now has it.
        assert!(reader.begin(&stream).unwrap());
        assert!(!reader.look(&stream).unwrap());
        // Who has heard nothing has no next call.
        assert_eq!(reader.give_back(&stream, true).unwrap(), Back::Now);
        // Others wait for what comes.
        assert!(reader.begin(&stream).unwrap());
        reader.heard();
        assert_eq!(reader.give_back(&stream, false).unwrap(), Back::Now);
        assert!(reader.is_task());
    }

    #[tokio::test]
    async fn the_task_reads_where_nobody_came_in_time() {
        let (mut other, stream) = pair();
        stream.mute(true).unwrap();
        let mut reader = Reader::Next(std::time::Instant::now() + Duration::from_millis(5));
        assert!(!reader.look(&stream).unwrap());
        thread::sleep(Duration::from_millis(6));
        assert!(reader.look(&stream).unwrap());
        assert!(reader.is_task());
        assert!(!reader.look(&stream).unwrap());
        other.write_all(b"a").unwrap();
        assert!(hears(&stream).await);
    }
}
