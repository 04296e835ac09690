#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod import;
mod privacy;
mod trouble;

use std::fs::{self, Permissions};
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use madeline_mtproto::AuthKey;
use rusqlite::Connection;
use tempfile::TempDir;

use super::{DATABASE_FILE, LoginProgress, OwnUser, Session};
use crate::{Authorization, DcId, DcList, Error};

const DC: DcId = DcId(2);

async fn open(directory: &Path) -> Result<Session, Error> {
    Session::open(directory, DC, Duration::ZERO).await
}

fn place() -> (TempDir, std::path::PathBuf) {
    let parent = TempDir::new().unwrap();
    let directory = parent.path().join("session.madeline");
    (parent, directory)
}

#[tokio::test]
async fn what_was_stored_is_there_after_opening_again() {
    let (_parent, directory) = place();
    let key = AuthKey::from_bytes([7; 256]);
    let user = OwnUser {
        id: 17,
        bot: true,
        bytes: b"user".to_vec(),
    };
    let addresses: DcList = [
        (DcId(1), "127.0.0.1:4431"),
        (DcId(1), "[::1]:4431"),
        (DcId(4), "127.0.0.1:4434"),
    ]
    .into_iter()
    .map(|(dc, address)| (dc, address.parse().unwrap()))
    .collect();
    {
        let session = open(&directory).await.unwrap();
        session.set_auth_key(DC, false, &key).unwrap();
        session.set_home_dc(DcId(4)).unwrap();
        session.set_logged_in(user.clone()).unwrap();
        session.set_dc_addresses(&addresses, false).unwrap();
        session.set_setting("kept", Some(b"1")).unwrap();
        session.set_setting("removed", Some(b"1")).unwrap();
        session.set_setting("removed", None).unwrap();
    }
    let session = open(&directory).await.unwrap();
    assert_eq!(session.auth_key(DC, false).unwrap(), Some(key));
    assert_eq!(
        session.auth_key(DC, true).unwrap(),
        None,
        "test DCs have keys of their own"
    );
    assert_eq!(session.home_dc(), DcId(4));
    assert_eq!(session.authorization(), Authorization::LoggedIn);
    assert_eq!(session.own_user(), Some(user));
    assert_eq!(session.dc_addresses(false).unwrap(), addresses);
    assert_eq!(session.setting("kept").unwrap().as_deref(), Some(&b"1"[..]));
    assert_eq!(session.setting("removed").unwrap(), None);
    session.remove_auth_key(DC, false).unwrap();
    assert_eq!(session.auth_key(DC, false).unwrap(), None);
}

#[tokio::test]
async fn a_login_in_progress_goes_on_in_another_process() {
    let (_parent, directory) = place();
    let progress = LoginProgress {
        phone_number: "79990000001".to_owned(),
        phone_code_hash: "hash".to_owned(),
        password: Some(b"account.password".to_vec()),
    };
    open(&directory)
        .await
        .unwrap()
        .set_login(Authorization::WaitingPassword, progress.clone())
        .unwrap();
    let session = open(&directory).await.unwrap();
    assert_eq!(session.authorization(), Authorization::WaitingPassword);
    assert_eq!(session.login_progress(), progress);
}

#[tokio::test]
async fn a_held_session_names_its_holder_and_is_free_afterwards() {
    let (_parent, directory) = place();
    let first = open(&directory).await.unwrap();
    match open(&directory).await.map(drop).unwrap_err() {
        Error::SessionLocked {
            path, pid, command, ..
        } => {
            assert_eq!(path, directory);
            assert_eq!(pid, Some(std::process::id()));
            assert!(command.is_some());
        }
        other => panic!("{other}"),
    }
    let waiting = Session::open(&directory, DC, Duration::from_secs(60));
    let releasing = async {
        tokio::task::yield_now().await;
        drop(first);
    };
    let (second, ()) = tokio::join!(waiting, releasing);
    second.unwrap();
}

#[tokio::test]
async fn a_lock_of_another_process_ends_with_that_process() {
    let (_parent, directory) = place();
    drop(open(&directory).await.unwrap());
    let lock = directory.join("lock");
    // `flock` holds the lock while `cat` waits for the end of its input.
    let mut holder = Command::new("flock")
        .arg(&lock)
        .args(["sh", "-c", "echo $PPID > \"$0\"; echo held; cat"])
        .arg(&lock)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = [0; 5];
    holder
        .stdout
        .as_mut()
        .unwrap()
        .read_exact(&mut said)
        .unwrap();
    match open(&directory).await.map(drop).unwrap_err() {
        Error::SessionLocked { pid, command, .. } => {
            assert_eq!(pid, Some(holder.id()));
            assert_eq!(command.as_deref(), Some("flock"));
        }
        other => panic!("{other}"),
    }
    drop(holder.stdin.take());
    assert!(holder.wait().unwrap().success());
    open(&directory).await.unwrap();
}

#[tokio::test]
async fn a_damaged_database_is_an_error_and_stays_as_it_is() {
    let (_parent, directory) = place();
    drop(open(&directory).await.unwrap());
    let file = directory.join(DATABASE_FILE);
    let garbage = b"this was a session once".repeat(1000);
    fs::write(&file, &garbage).unwrap();
    let error = open(&directory).await.map(drop).unwrap_err();
    assert!(
        matches!(&error, Error::SessionCorrupt { file: named, .. } if *named == file),
        "{error:?}"
    );
    assert!(
        error.to_string().contains(&*file.to_string_lossy()),
        "{error}"
    );
    assert!(std::error::Error::source(&error).is_some());
    assert_eq!(fs::read(&file).unwrap(), garbage);
}

#[tokio::test]
async fn a_database_damaged_in_the_middle_is_an_error_and_stays_as_it_is() {
    let (_parent, directory) = place();
    open(&directory)
        .await
        .unwrap()
        .set_logged_in(OwnUser {
            id: 1,
            bot: false,
            bytes: vec![1; 100],
        })
        .unwrap();
    let file = directory.join(DATABASE_FILE);
    let mut bytes = fs::read(&file).unwrap();
    assert!(bytes.len() > 4096);
    bytes[4096..].fill(0xee);
    fs::write(&file, &bytes).unwrap();
    let error = open(&directory).await.map(drop).unwrap_err();
    assert!(matches!(error, Error::SessionCorrupt { .. }), "{error:?}");
}

#[tokio::test]
async fn a_database_of_another_program_is_refused_untouched() {
    let (_parent, directory) = place();
    fs::create_dir(&directory).unwrap();
    let file = directory.join(DATABASE_FILE);
    Connection::open(&file)
        .unwrap()
        .execute_batch("CREATE TABLE theirs (x)")
        .unwrap();
    let error = open(&directory).await.map(drop).unwrap_err();
    assert!(matches!(error, Error::SessionForeign { .. }), "{error:?}");
    let tables: i64 = Connection::open(&file)
        .unwrap()
        .query_row("SELECT count(*) FROM sqlite_schema", (), |row| row.get(0))
        .unwrap();
    assert_eq!(tables, 1);
}

#[tokio::test]
async fn a_database_of_a_newer_release_is_refused() {
    let (_parent, directory) = place();
    drop(open(&directory).await.unwrap());
    let file = directory.join(DATABASE_FILE);
    Connection::open(&file)
        .unwrap()
        .pragma_update(None, "user_version", 1000)
        .unwrap();
    match open(&directory).await.map(drop).unwrap_err() {
        Error::SessionVersion {
            found: 1000,
            supported,
            ..
        } => assert!(supported < 1000),
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn an_interrupted_creation_is_completed() {
    let (_parent, directory) = place();
    fs::create_dir(&directory).unwrap();
    fs::write(directory.join(DATABASE_FILE), b"").unwrap();
    open(&directory).await.unwrap();
}

#[tokio::test]
async fn a_file_in_place_of_the_directory_is_named_and_kept() {
    let (_parent, path) = place();
    fs::write(&path, b"old session").unwrap();
    let error = open(&path).await.map(drop).unwrap_err();
    assert!(
        matches!(&error, Error::SessionIsFile { path: named } if *named == path),
        "{error:?}"
    );
    assert!(error.to_string().contains("MadelineProto"), "{error}");
    assert_eq!(fs::read(&path).unwrap(), b"old session");
}

#[tokio::test]
async fn a_missing_parent_is_named() {
    let (_parent, path) = place();
    let path = path.join("deeper").join("session.madeline");
    let error = open(&path).await.map(drop).unwrap_err();
    match &error {
        Error::SessionAccess {
            path: named,
            source,
            ..
        } => {
            assert_eq!(*named, path);
            assert_eq!(source.kind(), std::io::ErrorKind::NotFound);
        }
        other => panic!("{other}"),
    }
    assert!(
        error.to_string().contains(&*path.to_string_lossy()),
        "{error}"
    );
}

#[tokio::test]
async fn an_unwritable_place_is_named() {
    let (parent, directory) = place();
    // The permission bits do not bind root; nobody can write into /proc.
    let is_root = rustix::process::geteuid().is_root();
    let path = if is_root {
        "/proc/session.madeline".into()
    } else {
        directory
    };
    if !is_root {
        fs::set_permissions(parent.path(), Permissions::from_mode(0o500)).unwrap();
    }
    match open(&path).await.map(drop).unwrap_err() {
        Error::SessionAccess { path: named, .. } => assert_eq!(named, path),
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn removing_a_session_leaves_foreign_files_and_closes_it() {
    let (_parent, directory) = place();
    let session = open(&directory).await.unwrap();
    fs::write(directory.join("theirs"), b"").unwrap();
    session.set_setting("a", Some(b"b")).unwrap();
    session.remove().unwrap();
    let names: Vec<_> = fs::read_dir(&directory)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names, ["theirs"]);
    assert_eq!(session.authorization(), Authorization::LoggedOut);
    assert!(matches!(
        session.setting("a"),
        Err(Error::SessionClosed { .. })
    ));
    session.remove().unwrap();
    assert_eq!(
        open(&directory).await.unwrap().authorization(),
        Authorization::NotLoggedIn
    );
}

#[tokio::test]
async fn removing_a_session_twice_leaves_the_one_that_took_its_place() {
    let (_parent, directory) = place();
    let first = open(&directory).await.unwrap();
    first.remove().unwrap();
    let second = open(&directory).await.unwrap();
    second.set_home_dc(DcId(5)).unwrap();
    first.remove().unwrap();
    for name in [DATABASE_FILE, "lock"] {
        assert!(directory.join(name).exists(), "{name}");
    }
    drop(second);
    assert_eq!(open(&directory).await.unwrap().home_dc(), DcId(5));
}

#[tokio::test]
async fn a_removal_that_failed_can_be_tried_again() {
    let (_parent, directory) = place();
    let session = open(&directory).await.unwrap();
    let file = directory.join(DATABASE_FILE);
    fs::remove_file(&file).unwrap();
    fs::create_dir(&file).unwrap();
    assert!(matches!(session.remove(), Err(Error::SessionAccess { .. })));
    assert!(directory.join("lock").exists());
    fs::remove_dir(&file).unwrap();
    session.remove().unwrap();
    assert!(!directory.exists());
}

#[tokio::test]
async fn who_waited_for_a_session_that_was_removed_finds_a_new_one() {
    let (_parent, directory) = place();
    let first = open(&directory).await.unwrap();
    first.set_home_dc(DcId(5)).unwrap();
    let waiting = Session::open(&directory, DC, Duration::from_secs(60));
    let removing = async {
        tokio::task::yield_now().await;
        first.remove().unwrap();
    };
    let (second, ()) = tokio::join!(waiting, removing);
    assert_eq!(second.unwrap().home_dc(), DC);
    assert!(directory.join(DATABASE_FILE).exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn those_who_log_out_in_turn_never_trip_over_each_other() {
    let (_parent, directory) = place();
    let turns = (0..4).map(|_| {
        let directory = directory.clone();
        tokio::spawn(async move {
            for _ in 0..10 {
                let session = Session::open(&directory, DC, Duration::from_secs(60)).await;
                session.unwrap().remove().unwrap();
            }
        })
    });
    for turn in turns.collect::<Vec<_>>() {
        turn.await.unwrap();
    }
    assert!(!directory.exists());
}

#[tokio::test]
async fn a_removed_session_leaves_no_directory() {
    let (_parent, directory) = place();
    let session = open(&directory).await.unwrap();
    session.remove().unwrap();
    assert!(!directory.exists());
}

#[tokio::test]
async fn the_own_user_is_updated_only_while_logged_in() {
    let (_parent, directory) = place();
    let session = open(&directory).await.unwrap();
    session.update_own_user(b"nobody").unwrap();
    assert_eq!(session.own_user(), None);
    session
        .set_logged_in(OwnUser {
            id: 1,
            bot: false,
            bytes: b"old".to_vec(),
        })
        .unwrap();
    session.update_own_user(b"new").unwrap();
    assert_eq!(session.own_user().unwrap().bytes, b"new");
    assert_eq!(session.own_id(), Some(1));
}
