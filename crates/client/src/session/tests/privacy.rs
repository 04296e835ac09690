//! Whose a session's files are, and who may look into them.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, chown, symlink};
use std::path::Path;

use super::{DC, open, place};
use crate::session::{DATABASE_FILE, SHM_FILE, Session, WAL_FILE};
use crate::{Authorization, Error};

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[tokio::test]
async fn a_new_session_is_private_and_logged_out_of_everything() {
    let (_parent, directory) = place();
    let session = open(&directory).await.unwrap();
    session.set_setting("name", Some(b"value")).unwrap();
    assert_eq!(mode(&directory), 0o700);
    let mut names = Vec::new();
    for entry in fs::read_dir(&directory).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
        names.push(path.file_name().unwrap().to_string_lossy().into_owned());
    }
    names.sort();
    assert_eq!(
        names,
        [
            "changes",
            "lock",
            "session.sqlite",
            "session.sqlite-shm",
            "session.sqlite-wal"
        ]
    );
    assert_eq!(session.authorization(), Authorization::NotLoggedIn);
    assert_eq!(session.home_dc(), DC);
    assert_eq!(session.own_user(), None);
    assert_eq!(session.auth_key(DC, false).unwrap(), None);
}

#[tokio::test]
async fn looking_for_a_session_leaves_the_directory_as_it_is() {
    let (_parent, directory) = place();
    assert!(!Session::exists(&directory), "no directory");
    fs::create_dir(&directory).unwrap();
    fs::set_permissions(&directory, Permissions::from_mode(0o755)).unwrap();
    assert!(!Session::exists(&directory), "no session");
    assert_eq!(mode(&directory), 0o755);
    assert_eq!(fs::read_dir(&directory).unwrap().count(), 0);
    drop(open(&directory).await.unwrap());
    assert!(Session::exists(&directory));
}

#[tokio::test]
async fn a_session_that_others_may_read_is_closed_to_them() {
    let (_parent, directory) = place();
    let session = open(&directory).await.unwrap();
    session.set_setting("name", Some(b"value")).unwrap();
    // As after a crash: the -wal stays.
    let copy = directory.with_file_name("copy.madeline");
    fs::create_dir(&copy).unwrap();
    let names = ["lock", DATABASE_FILE, WAL_FILE, SHM_FILE];
    for name in names {
        fs::copy(directory.join(name), copy.join(name)).unwrap();
        fs::set_permissions(copy.join(name), Permissions::from_mode(0o666)).unwrap();
    }
    fs::set_permissions(&copy, Permissions::from_mode(0o755)).unwrap();
    let opened = open(&copy).await.unwrap();
    assert_eq!(mode(&copy), 0o700);
    for name in names {
        assert_eq!(mode(&copy.join(name)), 0o600, "{name}");
    }
    assert_eq!(
        opened.setting("name").unwrap().as_deref(),
        Some(&b"value"[..])
    );
}

#[tokio::test]
async fn links_in_place_of_the_sessions_files_are_refused_and_their_targets_kept() {
    for name in ["lock", DATABASE_FILE, WAL_FILE, SHM_FILE] {
        let (parent, directory) = place();
        fs::create_dir(&directory).unwrap();
        let target = parent.path().join("precious");
        fs::write(&target, b"12").unwrap();
        symlink(&target, directory.join(name)).unwrap();
        let error = open(&directory).await.map(drop).unwrap_err();
        let Error::SessionAccess { path, .. } = &error else {
            panic!("{error:?}")
        };
        assert_eq!(*path, directory.join(name));
        assert!(error.to_string().contains("symbolic link"), "{error}");
        assert_eq!(fs::read(&target).unwrap(), b"12");
    }
}

#[tokio::test]
async fn a_directory_with_another_programs_lock_is_refused_untouched() {
    let (_parent, directory) = place();
    fs::create_dir(&directory).unwrap();
    let lock = directory.join("lock");
    fs::write(&lock, b"held by nobody").unwrap();
    let error = open(&directory).await.map(drop).unwrap_err();
    assert!(error.to_string().contains("process id"), "{error}");
    assert_eq!(fs::read(&lock).unwrap(), b"held by nobody");
    assert!(!directory.join(DATABASE_FILE).exists());
}

#[tokio::test]
async fn a_session_of_another_user_is_refused_with_both_users() {
    let (_parent, directory) = place();
    drop(open(&directory).await.unwrap());
    let user = rustix::process::geteuid();
    // Only root can give files away; everybody else has root's.
    let paths = if user.is_root() {
        vec![
            directory.join(DATABASE_FILE),
            directory.join("lock"),
            directory.clone(),
        ]
    } else {
        vec!["/".into()]
    };
    for path in paths {
        let owner = if user.is_root() { 12345 } else { 0 };
        if user.is_root() {
            chown(&path, Some(owner), None).unwrap();
        }
        let place = if user.is_root() { &directory } else { &path };
        let error = open(place).await.map(drop).unwrap_err();
        let Error::SessionOwner {
            path: named,
            owner: found,
            ..
        } = &error
        else {
            panic!("{error:?}")
        };
        assert_eq!((named, *found), (&path, owner));
        assert!(error.to_string().contains("chown"), "{error}");
    }
}

#[tokio::test]
async fn a_link_that_leads_nowhere_is_an_error() {
    let (_parent, directory) = place();
    symlink("nowhere", &directory).unwrap();
    let error = open(&directory).await.map(drop).unwrap_err();
    assert!(matches!(error, Error::SessionAccess { .. }), "{error:?}");
}
