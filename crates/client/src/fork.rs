//! Descriptors that a child of `fork()` must not keep: sockets and locks last as long as the last process that has them.
//!
//! A child that never uses its parent's session would otherwise keep the session locked, and the parent's connections
//! open, after the parent has ended. In the child each of them becomes `/dev/null` before `fork()` returns: the number
//! stays taken, so that whoever closes it later closes nothing of somebody else's.

mod peers;

use std::os::fd::{AsFd, AsRawFd, IntoRawFd, RawFd};
use std::sync::Once;
use std::sync::atomic::{AtomicI32, Ordering};

use rustix::fs::{Mode, OFlags};

pub(crate) use peers::OwnPeer;

use crate::process;

/// How many descriptors are known at most. Those beyond are inherited, as they would be anyway.
const SLOTS: usize = 1024;
const NONE: i32 = -1;

static KNOWN: [AtomicI32; SLOTS] = [const { AtomicI32::new(NONE) }; SLOTS];
static NULL: AtomicI32 = AtomicI32::new(NONE);
static INSTALLED: Once = Once::new();

/// Says that a descriptor is this process's alone, until this is dropped; that has to be before the descriptor is closed.
#[derive(Debug)]
pub(crate) struct OwnDescriptor {
    slot: Option<&'static AtomicI32>,
    owner: u32,
}

impl OwnDescriptor {
    pub(crate) fn new(descriptor: impl AsFd) -> OwnDescriptor {
        install();
        let number = descriptor.as_fd().as_raw_fd();
        let take = |slot: &&AtomicI32| {
            slot.compare_exchange(NONE, number, Ordering::AcqRel, Ordering::Relaxed)
                .is_ok()
        };
        OwnDescriptor {
            slot: KNOWN.iter().find(take),
            owner: process::id(),
        }
    }
}

impl Drop for OwnDescriptor {
    fn drop(&mut self) {
        // In a child the slots are the child's own.
        if let Some(slot) = self.slot
            && self.owner == process::id()
        {
            slot.store(NONE, Ordering::Release);
        }
    }
}

fn install() {
    INSTALLED.call_once(|| {
        let opened = rustix::fs::open("/dev/null", OFlags::RDWR | OFlags::CLOEXEC, Mode::empty());
        if let Ok(null) = opened {
            NULL.store(null.into_raw_fd(), Ordering::Release);
            // SAFETY: the function is there as long as the program, or until the library that it is in is unloaded, which
            // takes the handler along.
            unsafe { libc::pthread_atfork(None, None, Some(replace_all)) };
        }
    });
}

/// In the child, before anything else runs.
unsafe extern "C" fn replace_all() {
    for slot in &KNOWN {
        let number = slot.swap(NONE, Ordering::AcqRel);
        if number != NONE {
            replace(number);
        }
    }
    peers::each(replace);
}

fn replace(number: RawFd) {
    // SAFETY: both are descriptors of this process; the call is allowed between fork and exec.
    unsafe { libc::dup3(NULL.load(Ordering::Acquire), number, libc::O_CLOEXEC) };
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use std::fs;
    use std::io::Read;
    use std::os::fd::{AsRawFd, RawFd};
    use std::os::unix::net::UnixStream;

    use super::OwnDescriptor;

    /// What the descriptors are in a child.
    pub(super) fn targets_in_a_child(numbers: &[RawFd]) -> Vec<String> {
        const LENGTH: usize = 64;
        let paths: Vec<_> = numbers
            .iter()
            .map(|number| format!("/proc/self/fd/{number}\0"))
            .collect();
        let (mut told, tell) = std::io::pipe().unwrap();
        // SAFETY: the child calls what is allowed after a fork in a program with threads: it reads links and writes.
        let pid = unsafe { libc::fork() };
        if pid == 0 {
            for path in &paths {
                let mut target = [0_u8; LENGTH];
                // SAFETY: the path ends with a null byte, and the buffer has the length that is given.
                unsafe {
                    libc::readlink(path.as_ptr().cast(), target.as_mut_ptr().cast(), LENGTH);
                    libc::write(tell.as_raw_fd(), target.as_ptr().cast(), LENGTH);
                };
            }
            // SAFETY: ends the child without anything of the parent's.
            unsafe { libc::_exit(0) };
        }
        drop(tell);
        let mut targets = Vec::new();
        told.read_to_end(&mut targets).unwrap();
        // SAFETY: waits for the own child.
        unsafe { libc::waitpid(pid, std::ptr::null_mut(), 0) };
        let text = |text: &[u8]| {
            String::from_utf8_lossy(text)
                .trim_end_matches('\0')
                .to_owned()
        };
        targets.chunks(LENGTH).map(text).collect()
    }

    #[test]
    fn a_child_has_none_of_what_is_its_parents_alone() {
        let (kept, mut other) = UnixStream::pair().unwrap();
        let (shared, _other) = UnixStream::pair().unwrap();
        let own = OwnDescriptor::new(&kept);
        let former = OwnDescriptor::new(&shared);
        drop(former);
        let targets = targets_in_a_child(&[kept.as_raw_fd(), shared.as_raw_fd()]);
        assert_eq!(targets.first().unwrap(), "/dev/null");
        assert!(
            targets.get(1).unwrap().starts_with("socket:"),
            "{targets:?}"
        );
        // The parent's are what they were.
        let link = fs::read_link(format!("/proc/self/fd/{}", kept.as_raw_fd())).unwrap();
        assert!(link.to_string_lossy().starts_with("socket:"));
        // And it is the last one that has this.
        drop((own, kept));
        assert_eq!(other.read(&mut [0]).unwrap(), 0);
    }
}
