//! A socket that stands, and its bytes on the way out.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use madeline_mtproto::dial::{Dialled, Peer};
use madeline_mtproto::transport;

use crate::engine::reader::Reader;
use crate::engine::stream::Stream;

/// A socket and what is on its way through it.
pub(super) struct Socket {
    pub(super) stream: Arc<Stream>,
    pub(super) framing: transport::Client,
    /// Bytes that the system has not taken yet, from `written` on.
    pub(super) out: Vec<u8>,
    written: usize,
    /// The server has said something over it.
    pub(super) heard: bool,
    /// Until when it has to say something, by the machine's clock.
    pub(super) hear_by: Duration,
    /// Who is at the other end, for messages.
    pub(super) peer: Peer,
    /// Why it takes nothing any more.
    pub(super) failed: Option<io::Error>,
    pub(super) reader: Reader,
}

impl Socket {
    /// To be called within the runtime.
    pub(super) fn new(dialled: Dialled, hear_by: Duration) -> io::Result<Socket> {
        let Dialled {
            stream,
            framing,
            peer,
            ..
        } = dialled;
        Ok(Socket {
            stream: Arc::new(Stream::new(stream.into_std()?.into())?),
            framing,
            out: Vec::new(),
            written: 0,
            heard: false,
            hear_by,
            peer,
            failed: None,
            reader: Reader::default(),
        })
    }

    /// Writes what the system takes. True when nothing is left; false also when it [`Self::failed`].
    pub(super) fn write(&mut self) -> bool {
        while let Some(rest) = self.out.get(self.written..).filter(|rest| !rest.is_empty()) {
            match self.stream.write(rest) {
                Ok(count) if count > 0 => self.written += count,
                Ok(_) => {
                    self.failed = Some(io::ErrorKind::WriteZero.into());
                    return false;
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return false,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.failed = Some(error);
                    return false;
                }
            }
        }
        self.written = 0;
        self.out.clear();
        true
    }
}
