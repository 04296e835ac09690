//! A session's directory and files belong to one user, and nobody else may look into them.
//!
//! Checked at each opening: a copied, restored or hand-made session may be open to all, and in a directory that
//! others can write to, a link may stand where a file should be.

use std::fs::{self, DirBuilder, File, Metadata, OpenOptions, Permissions};
use std::io::{self, Read};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use rustix::fs::OFlags;

use crate::Error;

/// The permission bits of the group and of all others.
const OTHERS: u32 = 0o077;

/// Makes the session's directory, or takes the one that is there.
pub(super) fn directory(path: &Path) -> Result<(), Error> {
    let access = |source| failed(path, "create the session directory", source);
    match DirBuilder::new().mode(0o700).create(path) {
        Ok(()) => return Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(access(error)),
    }
    let metadata = fs::metadata(path).map_err(access)?;
    if !metadata.is_dir() {
        return Err(Error::SessionIsFile {
            path: path.to_owned(),
        });
    }
    check_owner(path, &metadata)?;
    match private(&metadata) {
        Some(permissions) => fs::set_permissions(path, permissions)
            .map_err(|source| failed(path, "close to other users", source)),
        None => Ok(()),
    }
}

/// Checks a directory of which nothing can be changed.
pub(super) fn check(path: &Path) -> Result<(), Error> {
    let metadata =
        fs::metadata(path).map_err(|source| failed(path, "open the session directory", source))?;
    check_owner(path, &metadata)
}

/// Reads a file that others have written for this user; `None` where it is not there. The longest that is read has
/// `limit` bytes.
pub(super) fn foreign_file(path: &Path, limit: u64) -> Result<Option<Vec<u8>>, Error> {
    let no_link = OFlags::NOFOLLOW.bits().cast_signed();
    let opening = OpenOptions::new()
        .read(true)
        .custom_flags(no_link | OFlags::NONBLOCK.bits().cast_signed())
        .open(path);
    let file = match opening {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(refusal(path, "read", source)),
    };
    let read = |source| failed(path, "read", source);
    let metadata = file.metadata().map_err(read)?;
    check_owner(path, &metadata)?;
    if !metadata.is_file() || metadata.len() > limit {
        let text = format!("it is no file of at most {limit} bytes");
        return Err(failed(path, "read", io::Error::other(text)));
    }
    let mut content = Vec::new();
    file.take(limit).read_to_end(&mut content).map_err(read)?;
    Ok(Some(content))
}

/// Opens one of the session's files for reading and writing, or makes it. `what` names the purpose in errors.
pub(super) fn file(path: &Path, what: &'static str) -> Result<File, Error> {
    open(OpenOptions::new().create(true).mode(0o600), path, what)
}

/// As [`file`], for what need not be there.
pub(super) fn existing_file(path: &Path, what: &'static str) -> Result<(), Error> {
    match open(&mut OpenOptions::new(), path, what) {
        Err(Error::SessionAccess { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
            Ok(())
        }
        outcome => outcome.map(drop),
    }
}

fn open(options: &mut OpenOptions, path: &Path, what: &'static str) -> Result<File, Error> {
    let no_link = OFlags::NOFOLLOW.bits().cast_signed();
    let opening = options
        .read(true)
        .write(true)
        .truncate(false)
        .custom_flags(no_link)
        .open(path);
    let file = match opening {
        Ok(file) => file,
        Err(source) => return Err(refusal(path, what, source)),
    };
    let metadata = file
        .metadata()
        .map_err(|source| failed(path, what, source))?;
    if !metadata.is_file() {
        return Err(failed(
            path,
            what,
            io::Error::other("it is no regular file"),
        ));
    }
    check_owner(path, &metadata)?;
    if let Some(permissions) = private(&metadata) {
        file.set_permissions(permissions)
            .map_err(|source| failed(path, "close to other users", source))?;
    }
    Ok(file)
}

/// Why a file could not be opened, more exactly than the system says it.
fn refusal(path: &Path, what: &'static str, source: io::Error) -> Error {
    let Ok(metadata) = fs::symlink_metadata(path) else {
        return failed(path, what, source);
    };
    if metadata.is_symlink() {
        let link = "it is a symbolic link, and the session's files must be files";
        return failed(path, what, io::Error::other(link));
    }
    match check_owner(path, &metadata) {
        Ok(()) => failed(path, what, source),
        Err(error) => error,
    }
}

fn check_owner(path: &Path, metadata: &Metadata) -> Result<(), Error> {
    let user = rustix::process::geteuid().as_raw();
    if metadata.uid() == user {
        return Ok(());
    }
    Err(Error::SessionOwner {
        path: path.to_owned(),
        owner: metadata.uid(),
        user,
    })
}

/// The permissions without those of others; `None` when they have none.
fn private(metadata: &Metadata) -> Option<Permissions> {
    let mode = metadata.mode();
    (mode & OTHERS != 0).then(|| Permissions::from_mode(mode & 0o7777 & !OTHERS))
}

fn failed(path: &Path, what: &'static str, source: io::Error) -> Error {
    Error::SessionAccess {
        path: path.to_owned(),
        what,
        source,
    }
}
