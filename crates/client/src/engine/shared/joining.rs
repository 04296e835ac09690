//! How a process finds the leader of a session and greets it.

use std::io;
use std::path::Path;
use std::time::Duration;

use bytes::BytesMut;
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::time::timeout;

use super::wire::{DIGEST, Frame};
use crate::session::{Holder, SOCKET_FILE, place};
use crate::{Config, Error};

/// The release that both sides have to be.
pub(super) const RELEASE: &str = env!("CARGO_PKG_VERSION");

/// A connection to a leader that has greeted back.
pub(crate) struct Joined {
    pub(super) stream: UnixStream,
    /// What came behind the greeting.
    pub(super) input: BytesMut,
    /// The leader's process, as the system says.
    pub(super) pid: Option<u32>,
    pub(super) settings: [u8; DIGEST],
}

impl Joined {
    /// Greets the leader of a session. `None`: nobody listens there, or whoever did has ended.
    ///
    /// # Errors
    /// Somebody is there who cannot be used; nothing is sent to processes of other users.
    pub(crate) async fn find(
        directory: &Path,
        patience: Duration,
    ) -> Result<Option<Joined>, Error> {
        let holder = |pid: Option<u32>, what: String| {
            let Holder { pid, command } = pid.map(Holder::of).unwrap_or_default();
            let path = directory.to_owned();
            Error::SessionHolder {
                path,
                pid,
                command,
                what,
            }
        };
        let (mut stream, pid) = match place::connect(directory, SOCKET_FILE).await {
            Ok(connected) => connected,
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                return Err(holder(None, format!("may not be spoken to: {error}")));
            }
            Err(_) => return Ok(None),
        };
        let mut input = BytesMut::new();
        let greeting = timeout(patience, greet(&mut stream, &mut input)).await;
        match greeting {
            Ok(Ok(Some(Frame::Welcome { release, settings }))) if release == RELEASE => {
                Ok(Some(Joined {
                    stream,
                    input,
                    pid,
                    settings,
                }))
            }
            Ok(Ok(Some(Frame::Welcome { release, .. }))) => {
                let what = format!(
                    "runs release {release} of this extension, and this process release {RELEASE}: restart the older one"
                );
                Err(holder(pid, what))
            }
            Ok(Ok(Some(Frame::Bye))) => Ok(None),
            Ok(Ok(Some(_))) => Err(holder(pid, "does not greet back".to_owned())),
            Ok(Err(error)) if error.kind() == io::ErrorKind::InvalidData => {
                Err(holder(pid, "speaks another language".to_owned()))
            }
            // It is ending, or has ended meanwhile.
            Ok(Ok(None) | Err(_)) => Ok(None),
            Err(_) => {
                let seconds = patience.as_secs_f64();
                Err(holder(pid, format!("has not answered for {seconds:.1} s")))
            }
        }
    }
}

impl Joined {
    /// Asks the leader to give up its connections, and leaves.
    pub(crate) async fn ask_to_yield(mut self) {
        let mut out = Vec::new();
        Frame::Yield.write(&mut out);
        // One that is gone already has given them up.
        let _ = self.stream.write_all(&out).await;
    }
}

async fn greet(stream: &mut UnixStream, input: &mut BytesMut) -> io::Result<Option<Frame>> {
    let mut out = Vec::new();
    let release = RELEASE.to_owned();
    Frame::Hello { release }.write(&mut out);
    stream.write_all(&out).await?;
    next(stream, input).await
}

/// The next frame; `None` at the end.
pub(super) async fn next(
    stream: &mut UnixStream,
    input: &mut BytesMut,
) -> io::Result<Option<Frame>> {
    loop {
        if let Some(frame) = Frame::take(input)? {
            return Ok(Some(frame));
        }
        if stream.read_buf(input).await? == 0 {
            return Ok(None);
        }
    }
}

/// What has to be the same for two processes to share connections: nobody who set a proxy may get one around it, and what
/// one stores goes to the server that the other carries it to.
pub(super) fn settings(config: &Config) -> [u8; DIGEST] {
    let Config {
        dcs,
        engine,
        test_mode,
        routes,
        storage,
        ..
    } = config;
    let layer = config.schema().layer();
    let place = storage
        .as_ref()
        .map(|it| (it.kind, &it.address, &it.database, &it.name));
    Sha256::digest(format!(
        "{:?}",
        (dcs, engine, test_mode, routes, layer, place)
    ))
    .into()
}
