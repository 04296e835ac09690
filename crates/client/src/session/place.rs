//! The sockets in a session's directory, and who is at their other end.

use std::fs::Permissions;
use std::io;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream as BlockingStream;
use std::path::{Path, PathBuf};

use rustix::fs::{Mode, OFlags};
use tokio::net::{UnixListener, UnixStream};

/// Bytes that an address of the system has for a path, its end included.
const LONGEST: usize = 100;

/// Listens at a socket of a session's directory. The caller has the session's lock: a socket that is there is nobody's.
pub(crate) fn listen(directory: &Path, name: &str) -> io::Result<UnixListener> {
    let path = directory.join(name);
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = UnixListener::bind(Way::to(directory, name)?.path())?;
    // Until then the directory, which only the user may enter, keeps others out.
    std::fs::set_permissions(&path, Permissions::from_mode(0o600))?;
    Ok(listener)
}

/// Removes the socket of a process that ends. The caller still has the session's lock.
pub(crate) fn tidy(directory: &Path, name: &str) {
    // Whoever listens next removes it otherwise.
    let _ = std::fs::remove_file(directory.join(name));
}

/// Connects to whoever listens at a socket of a session's directory; with the process's number. Only processes of the same
/// user are spoken to.
pub(crate) async fn connect(directory: &Path, name: &str) -> io::Result<(UnixStream, Option<u32>)> {
    let way = Way::to(directory, name)?;
    let stream = UnixStream::connect(way.path()).await?;
    let pid = check(&stream)?;
    Ok((stream, pid))
}

/// As [`connect`], for a thread that waits.
pub(crate) fn connect_blocking(directory: &Path, name: &str) -> io::Result<BlockingStream> {
    let stream = BlockingStream::connect(Way::to(directory, name)?.path())?;
    check(&stream)?;
    Ok(stream)
}

/// Refuses a process of another user; otherwise its number, which one of another container does not have.
pub(crate) fn check(stream: &impl AsFd) -> io::Result<Option<u32>> {
    let peer = peer(stream)?;
    let user = rustix::process::geteuid().as_raw();
    if peer.uid != user {
        let what = format!(
            "a process of user {} is at the other end, and this one is user {user}'s",
            peer.uid
        );
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, what));
    }
    Ok(u32::try_from(peer.pid).ok().filter(|pid| *pid > 0))
}

/// Who is at the other end, as the system says.
fn peer(stream: &impl AsFd) -> io::Result<libc::ucred> {
    let mut peer = libc::ucred {
        pid: 0,
        uid: libc::uid_t::MAX,
        gid: libc::gid_t::MAX,
    };
    let mut length = size_of_val(&peer) as libc::socklen_t;
    // SAFETY: the descriptor is open, and the record is as long as is said.
    let outcome = unsafe {
        libc::getsockopt(
            stream.as_fd().as_raw_fd(),
            libc::SOL_SOCKET,
            libc::SO_PEERCRED,
            (&raw mut peer).cast(),
            &raw mut length,
        )
    };
    if outcome == 0 {
        Ok(peer)
    } else {
        Err(io::Error::last_os_error())
    }
}

/// A path to a socket that an address has room for.
enum Way {
    Plain(PathBuf),
    /// Over the directory's descriptor.
    Through(PathBuf, #[expect(dead_code, reason = "open")] OwnedFd),
}

impl Way {
    fn to(directory: &Path, name: &str) -> io::Result<Way> {
        let path = directory.join(name);
        if path.as_os_str().len() < LONGEST {
            return Ok(Way::Plain(path));
        }
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let opened = rustix::fs::open(directory, flags, Mode::empty())?;
        let path = format!("/proc/self/fd/{}/{name}", opened.as_raw_fd());
        Ok(Way::Through(path.into(), opened))
    }

    fn path(&self) -> &Path {
        match self {
            Way::Plain(path) | Way::Through(path, _) => path,
        }
    }
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
            drop(listen(directory, "socket").unwrap());
            assert!(
                connect(directory, "socket").await.is_err(),
                "nobody listens"
            );
            let listener = listen(directory, "socket").unwrap();
            let mode = directory.join("socket").metadata().unwrap().permissions();
            assert_eq!(mode.mode() & 0o777, 0o600);
            let (_stream, pid) = connect(directory, "socket").await.unwrap();
            assert_eq!(pid, Some(std::process::id()));
            let (accepted, _) = listener.accept().await.unwrap();
            assert_eq!(check(&accepted).unwrap(), Some(std::process::id()));
            connect_blocking(directory, "socket").unwrap();
        }
    }
}
