//! What the processes of one session tell each other at once: that something which they keep in memory has changed.
//!
//! A page of shared memory, the file `changes`, with a count for each kind of change. Whoever has written to the
//! database counts on; whoever keeps something in memory compares the count with the one it was read at, which costs a
//! few nanoseconds. Without such a file, on a disk that cannot be written, a process sees its own changes only.

use std::fs::File;
use std::path::Path;
use std::ptr::NonNull;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rustix::mm::{MapFlags, ProtFlags};

use super::private;

/// Bytes of the file: a page of every system.
const LENGTH: usize = 4096;

/// The counts of a session's directory. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Changes(Arc<Page>);

struct Page(NonNull<Counts>);

#[repr(C)]
struct Counts {
    login: AtomicU64,
    names: AtomicU64,
}

// SAFETY: nothing but atomics is reached through the pointer, and the mapping is there until the page is dropped.
unsafe impl Send for Page {}
// SAFETY: as above.
unsafe impl Sync for Page {}

impl Changes {
    /// Those of a directory; counts of this process alone where there can be no file.
    pub(super) fn open(directory: &Path) -> Option<Changes> {
        let mapped = shared(&directory.join(super::CHANGES_FILE));
        let page = mapped.or_else(|| {
            let prot = ProtFlags::READ | ProtFlags::WRITE;
            // SAFETY: a new mapping at an address of the system's choice.
            let page = unsafe {
                rustix::mm::mmap_anonymous(std::ptr::null_mut(), LENGTH, prot, MapFlags::PRIVATE)
            };
            NonNull::new(page.ok()?.cast())
        })?;
        Some(Changes(Arc::new(Page(page))))
    }

    /// How often the login has changed.
    pub(crate) fn login(&self) -> u64 {
        self.counts().login.load(Ordering::Acquire)
    }

    /// The login was changed in the database; how often it has now.
    pub(crate) fn login_changed(&self) -> u64 {
        self.counts().login.fetch_add(1, Ordering::AcqRel) + 1
    }

    /// How often a username went from one peer to another, or to nobody.
    pub(crate) fn names(&self) -> u64 {
        self.counts().names.load(Ordering::Acquire)
    }

    /// A username has gone from its peer, in the database.
    pub(crate) fn names_changed(&self) {
        self.counts().names.fetch_add(1, Ordering::AcqRel);
    }

    fn counts(&self) -> &Counts {
        // SAFETY: the page is mapped, aligned and as large as the counts as long as `self` is there.
        unsafe { self.0.0.as_ref() }
    }
}

fn shared(path: &Path) -> Option<NonNull<Counts>> {
    let file = private::file(path, "open the counts of changes").ok()?;
    grow(&file)?;
    let prot = ProtFlags::READ | ProtFlags::WRITE;
    // SAFETY: a new mapping at an address of the system's choice. Nobody of this session makes the file shorter.
    let page = unsafe {
        rustix::mm::mmap(
            std::ptr::null_mut(),
            LENGTH,
            prot,
            MapFlags::SHARED,
            &file,
            0,
        )
    };
    NonNull::new(page.ok()?.cast())
}

/// Gives the file its length. Its memory is taken now: where the disk is full a mapping would end the process later.
fn grow(file: &File) -> Option<()> {
    if file.metadata().ok()?.len() < LENGTH as u64 {
        rustix::fs::fallocate(file, rustix::fs::FallocateFlags::empty(), 0, LENGTH as u64)
            .or_else(|_| {
                use std::os::unix::fs::FileExt;
                // Where the file system has no such call. Others may be doing the same: zeros change nothing yet.
                file.write_all_at(&[0; LENGTH], 0)
                    .map_err(|_| rustix::io::Errno::IO)
            })
            .ok()?;
    }
    Some(())
}

impl Drop for Page {
    fn drop(&mut self) {
        // SAFETY: mapped with this length, and nobody has the page any more.
        unsafe {
            let _ = rustix::mm::munmap(self.0.as_ptr().cast(), LENGTH);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use tempfile::TempDir;

    use super::Changes;

    #[test]
    fn whoever_has_the_same_directory_sees_the_counts() {
        let place = TempDir::new().unwrap();
        let (first, second) = (
            Changes::open(place.path()).unwrap(),
            Changes::open(place.path()).unwrap(),
        );
        assert_eq!((second.login(), second.names()), (0, 0));
        assert_eq!(first.login_changed(), 1);
        first.names_changed();
        assert_eq!((second.login(), second.names()), (1, 1));
        drop((first, second));
        assert_eq!(Changes::open(place.path()).unwrap().login(), 1);
    }

    #[test]
    fn without_a_file_the_counts_are_the_processs_own() {
        let place = TempDir::new().unwrap();
        std::fs::create_dir(place.path().join("changes")).unwrap();
        let changes = Changes::open(place.path()).unwrap();
        assert_eq!(changes.login_changed(), 1);
        assert_eq!(changes.login(), 1);
        assert_eq!(Changes::open(place.path()).unwrap().login(), 0);
    }
}
