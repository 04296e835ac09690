//! The number of this process, which the system is asked for once: calls compare it several times each, to find out whether
//! `fork()` has made another process of the one that opened a session.

use std::process;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// What is known after a fork: nothing.
const UNKNOWN: u32 = 0;

static ID: AtomicU32 = AtomicU32::new(UNKNOWN);
/// Whether forks are noticed.
static NOTICED: OnceLock<bool> = OnceLock::new();

/// The same as [`std::process::id`].
pub fn id() -> u32 {
    let known = ID.load(Ordering::Relaxed);
    if known == UNKNOWN { ask() } else { known }
}

#[cold]
fn ask() -> u32 {
    let id = process::id();
    // SAFETY: the function is there as long as the program, or until the library that it is in is unloaded, which takes
    // the handler along.
    let notice = || unsafe { libc::pthread_atfork(None, None, Some(forget)) } == 0;
    if *NOTICED.get_or_init(notice) {
        ID.store(id, Ordering::Relaxed);
    }
    id
}

/// In the child, before anything else runs.
unsafe extern "C" fn forget() {
    ID.store(UNKNOWN, Ordering::Relaxed);
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_child_has_another_number() {
        let own = super::id();
        assert_eq!(own, std::process::id());
        // SAFETY: the child does nothing but system calls and atomic operations.
        let child = unsafe { libc::fork() };
        if child == 0 {
            let is_known = super::id() != own && super::id() == std::process::id();
            // SAFETY: ends the child at once.
            unsafe { libc::_exit(i32::from(!is_known)) };
        }
        let mut status = -1;
        // SAFETY: waits for the own child.
        unsafe { libc::waitpid(child, &raw mut status, 0) };
        assert_eq!(status, 0);
        assert_eq!(super::id(), own);
    }
}
