//! The session's socket, and who is at its other end.

use std::fs::Permissions;
use std::io;
use std::os::fd::{AsFd, AsRawFd};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use rustix::fs::{Mode, OFlags};
use tokio::net::{UnixListener, UnixStream};

use crate::session::SOCKET_FILE;

/// Bytes that an address of the system has for a path, its end included.
const LONGEST: usize = 100;

/// Listens in a session's directory. The caller has the session's lock: a socket that is there is nobody's.
pub(super) fn listen(directory: &Path) -> io::Result<UnixListener> {
    let path = directory.join(SOCKET_FILE);
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = at(directory, |path| UnixListener::bind(path))?;
    // Until then the directory, which only the user may enter, keeps others out.
    std::fs::set_permissions(&path, Permissions::from_mode(0o600))?;
    Ok(listener)
}

/// Removes the socket of a leader that ends. The caller still has the session's lock.
pub(super) fn tidy(directory: &Path) {
    // Whoever leads next removes it otherwise.
    let _ = std::fs::remove_file(directory.join(SOCKET_FILE));
}

/// Connects to whoever listens in a session's directory; with the process's number. Only processes of the same user are
/// spoken to.
pub(super) async fn connect(directory: &Path) -> io::Result<(UnixStream, Option<u32>)> {
    let path = directory.join(SOCKET_FILE);
    let stream = if is_short(&path) {
        UnixStream::connect(&path).await?
    } else {
        let opened = open(directory)?;
        UnixStream::connect(through(&opened)).await?
    };
    let pid = check(&stream)?;
    Ok((stream, pid))
}

/// Refuses a process of another user; otherwise its number.
pub(super) fn check(stream: &UnixStream) -> io::Result<Option<u32>> {
    let peer = stream.peer_cred()?;
    let user = rustix::process::geteuid().as_raw();
    if peer.uid() != user {
        let what = format!(
            "a process of user {} is at the other end, and this one is user {user}'s",
            peer.uid()
        );
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, what));
    }
    Ok(peer.pid().and_then(|pid| u32::try_from(pid).ok()))
}

/// Does something with the socket's path, by a shorter one where an address has no room for it.
fn at<T>(directory: &Path, act: impl FnOnce(&Path) -> io::Result<T>) -> io::Result<T> {
    let path = directory.join(SOCKET_FILE);
    if is_short(&path) {
        return act(&path);
    }
    let opened = open(directory)?;
    act(&through(&opened))
}

fn is_short(path: &Path) -> bool {
    path.as_os_str().len() < LONGEST
}

fn open(directory: &Path) -> io::Result<impl AsFd> {
    let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
    Ok(rustix::fs::open(directory, flags, Mode::empty())?)
}

fn through(directory: &impl AsFd) -> PathBuf {
    let number = directory.as_fd().as_raw_fd();
    PathBuf::from(format!("/proc/self/fd/{number}/{SOCKET_FILE}"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use std::os::unix::fs::PermissionsExt;

    use tempfile::TempDir;

    use super::*;

    #[tokio::test]
    async fn a_socket_is_private_and_replaces_one_that_was_left_also_where_the_path_is_long() {
        let place = TempDir::new().unwrap();
        let long = place.path().join("d".repeat(200));
        std::fs::create_dir(&long).unwrap();
        for directory in [place.path(), &long] {
            drop(listen(directory).unwrap());
            assert!(connect(directory).await.is_err(), "nobody listens");
            let listener = listen(directory).unwrap();
            let mode = directory
                .join(SOCKET_FILE)
                .metadata()
                .unwrap()
                .permissions();
            assert_eq!(mode.mode() & 0o777, 0o600);
            let (_stream, pid) = connect(directory).await.unwrap();
            assert_eq!(pid, Some(std::process::id()));
            let (accepted, _) = listener.accept().await.unwrap();
            assert_eq!(check(&accepted).unwrap(), Some(std::process::id()));
        }
    }
}
