//! Damaged databases, full disks, directories that cannot be written to.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use madeline_mtproto::AuthKey;
use madeline_tl::{Schema, Value, boxed_to_bytes, object};
use rusqlite::{Connection, params};

use super::{DC, open, place};
use crate::peers::{PeerId, Peers};
use crate::session::{DATABASE_FILE, Note, OwnUser, Session, WAL_FILE};
use crate::{Authorization, DcId, Error};

const PAGE: usize = 4096;
const PEERS: i64 = 2000;

fn user(id: i64) -> Vec<u8> {
    let name = format!("User {id} with a name of some length");
    let user: Value = object!("user", id: id, access_hash: id * 3, first_name: name.as_str());
    boxed_to_bytes(Schema::api(), &user).unwrap()
}

/// A session that is logged in and knows many users; closed.
async fn filled(directory: &Path) {
    let session = open(directory).await.unwrap();
    let key = AuthKey::from_bytes([7; 256]);
    session.set_auth_key(DC, false, &key).unwrap();
    session
        .set_logged_in(OwnUser {
            id: 17,
            bot: false,
            bytes: user(17),
        })
        .unwrap();
    let users: Vec<_> = (1..=PEERS).map(user).collect();
    let peers = Peers::new(session.database().clone());
    peers
        .learn(Schema::api(), users.iter().map(Vec::as_slice))
        .unwrap();
}

/// The page of a table's root, or of the leaf in its middle.
fn page_of(file: &Path, table: &str, is_root: bool) -> usize {
    let database = Connection::open(file).unwrap();
    let root: usize = database
        .query_row(
            "SELECT rootpage FROM sqlite_schema WHERE name = ?",
            [table],
            |row| row.get(0),
        )
        .unwrap();
    if is_root {
        return root;
    }
    let bytes = fs::read(file).unwrap();
    let start = (root - 1) * PAGE;
    let page = &bytes[start..start + PAGE];
    assert_eq!(page[0], 5, "an inner page of a table");
    let cells = usize::from(u16::from_be_bytes([page[3], page[4]]));
    let pointer = 12 + cells / 2 * 2;
    let cell = usize::from(u16::from_be_bytes([page[pointer], page[pointer + 1]]));
    u32::from_be_bytes(page[cell..cell + 4].try_into().unwrap()) as usize
}

fn destroy(file: &Path, page: usize) {
    let mut bytes = fs::read(file).unwrap();
    bytes[(page - 1) * PAGE..page * PAGE].fill(0xee);
    fs::write(file, bytes).unwrap();
}

fn count(session: &Session, table: &str) -> i64 {
    let query = format!("SELECT count(*) FROM {table}");
    let counted = session.database().with("count", |connection| {
        connection.query_row(&query, (), |row| row.get(0))
    });
    counted.unwrap()
}

fn kept(file: &Path) -> PathBuf {
    file.with_file_name("session.sqlite.damaged-1")
}

#[tokio::test]
async fn damage_that_shows_in_use_is_repaired_at_the_next_opening() {
    let (_parent, directory) = place();
    filled(&directory).await;
    let file = directory.join(DATABASE_FILE);
    destroy(&file, page_of(&file, "peer", false));
    let damaged = fs::read(&file).unwrap();
    let session = open(&directory).await.unwrap();
    let scan = session.database().with("read the peers", |connection| {
        connection.query_row(
            "SELECT count(constructor) FROM peer NOT INDEXED",
            (),
            |row| row.get::<_, i64>(0),
        )
    });
    let error = scan.unwrap_err();
    assert!(
        matches!(error, Error::SessionCorrupt { in_use: true, .. }),
        "{error:?}"
    );
    assert!(
        error.to_string().contains("Open the session again"),
        "{error}"
    );
    drop(session);
    let session = open(&directory).await.unwrap();
    let Some(Note::Recovered { kept: named, peers }) = session.notes().first() else {
        panic!("{:?}", session.notes());
    };
    assert_eq!(*named, kept(&file));
    assert_eq!(fs::read(named).unwrap(), damaged);
    assert!(*peers > 0 && *peers as i64 >= PEERS - 100, "{peers}");
    assert_eq!(session.authorization(), Authorization::LoggedIn);
    assert_eq!(session.own_id(), Some(17));
    let key = AuthKey::from_bytes([7; 256]);
    assert_eq!(session.auth_key(DC, false).unwrap(), Some(key));
    let known = Peers::new(session.database().clone());
    // Both ends of the table, around the damage.
    for id in [1, PEERS] {
        let peer = known.find(PeerId::user(id).unwrap()).unwrap().unwrap();
        assert_eq!(peer.access_hash, Some(id * 3));
    }
    drop((session, known));
    let session = open(&directory).await.unwrap();
    assert_eq!(session.notes(), [], "it is in order");
}

#[tokio::test]
async fn damage_that_shows_at_once_is_repaired_at_once() {
    let (_parent, directory) = place();
    filled(&directory).await;
    let file = directory.join(DATABASE_FILE);
    // What is of no use without the table, so that opening it fails.
    destroy(&file, page_of(&file, "username", true));
    fs::write(directory.join("session.sqlite.suspect"), b"").unwrap();
    let session = open(&directory).await.unwrap();
    assert!(matches!(session.notes(), [Note::Recovered { .. }]));
    assert_eq!(session.own_id(), Some(17));
    assert_eq!(count(&session, "peer"), PEERS);
    assert!(kept(&file).exists());
}

#[tokio::test]
async fn without_its_login_a_damaged_database_is_an_error_and_stays() {
    for table in ["login", "auth_key"] {
        let (_parent, directory) = place();
        filled(&directory).await;
        let file = directory.join(DATABASE_FILE);
        destroy(&file, page_of(&file, table, true));
        fs::write(directory.join("session.sqlite.suspect"), b"").unwrap();
        let damaged = fs::read(&file).unwrap();
        let error = open(&directory).await.map(drop).unwrap_err();
        assert!(
            matches!(error, Error::SessionCorrupt { in_use: false, .. }),
            "{error:?}"
        );
        assert!(error.to_string().contains("log in again"), "{error}");
        assert_eq!(fs::read(&file).unwrap(), damaged);
        assert!(!kept(&file).exists());
        assert!(!directory.join("session.sqlite.recovering").exists());
    }
}

#[tokio::test]
async fn a_suspicion_that_is_unfounded_changes_nothing() {
    let (_parent, directory) = place();
    filled(&directory).await;
    let suspicion = directory.join("session.sqlite.suspect");
    fs::write(&suspicion, b"").unwrap();
    let session = open(&directory).await.unwrap();
    assert_eq!(session.notes(), []);
    assert!(!suspicion.exists());
    assert!(!kept(&directory.join(DATABASE_FILE)).exists());
}

#[tokio::test]
async fn a_full_disk_is_an_error_and_damages_nothing() {
    let (_parent, directory) = place();
    filled(&directory).await;
    let session = open(&directory).await.unwrap();
    let limit = |pages: Option<i64>| {
        let limited = session.database().with("limit", |connection| {
            let now: i64 = connection.query_row("PRAGMA page_count", (), |row| row.get(0))?;
            let limit = pages.unwrap_or(now);
            connection.query_row(&format!("PRAGMA max_page_count = {limit}"), (), |_| Ok(()))
        });
        limited.unwrap();
    };
    limit(None);
    let known = Peers::new(session.database().clone());
    let more: Vec<_> = (PEERS + 1..PEERS + 5000).map(user).collect();
    let more = || more.iter().map(Vec::as_slice);
    let error = known.learn(Schema::api(), more()).unwrap_err();
    assert!(matches!(error, Error::Database { .. }), "{error:?}");
    assert!(error.to_string().contains("full"), "{error}");
    let large = session.set_setting("large", Some(&vec![1; 100_000]));
    assert!(matches!(large, Err(Error::Database { .. })));
    let login = OwnUser {
        id: 18,
        bot: false,
        bytes: vec![0; 100_000],
    };
    assert!(matches!(
        session.set_logged_in(login),
        Err(Error::Database { .. })
    ));
    assert_eq!(session.own_id(), Some(17), "as on the disk");
    session.database().check().unwrap();
    assert_eq!(count(&session, "peer"), PEERS);
    limit(Some(1_000_000));
    known.learn(Schema::api(), more()).unwrap();
    drop((session, known));
    let session = open(&directory).await.unwrap();
    session.database().check().unwrap();
    assert_eq!(
        (session.own_id(), count(&session, "peer")),
        (Some(17), PEERS + 4999)
    );
}

/// Makes a directory read-only, if this process may: permissions do not bind root, a mount does.
struct ReadOnly<'d> {
    directory: &'d Path,
    is_mount: bool,
}

impl<'d> ReadOnly<'d> {
    fn make(directory: &'d Path) -> Option<Self> {
        if !rustix::process::geteuid().is_root() {
            fs::set_permissions(directory, Permissions::from_mode(0o500)).unwrap();
            return Some(Self {
                directory,
                is_mount: false,
            });
        }
        let mount = |arguments: &[&str]| {
            let mut command = Command::new("mount");
            command
                .args(arguments)
                .arg(directory)
                .output()
                .is_ok_and(|it| it.status.success())
        };
        let name = directory.to_str().unwrap();
        if !mount(&["--bind", name]) {
            return None;
        }
        let made = Self {
            directory,
            is_mount: true,
        };
        mount(&["-o", "remount,ro,bind"]).then_some(made)
    }
}

impl Drop for ReadOnly<'_> {
    fn drop(&mut self) {
        if self.is_mount {
            drop(Command::new("umount").arg(self.directory).status());
        } else {
            drop(fs::set_permissions(
                self.directory,
                Permissions::from_mode(0o700),
            ));
        }
    }
}

#[tokio::test]
async fn what_needs_no_write_works_where_nothing_can_be_written() {
    for has_log in [false, true] {
        let (_parent, directory) = place();
        filled(&directory).await;
        let file = directory.join(DATABASE_FILE);
        if has_log {
            // As after a crash.
            let copy = directory.with_file_name("copy");
            let session = open(&directory).await.unwrap();
            session.set_setting("in", Some(b"the log")).unwrap();
            fs::create_dir(&copy).unwrap();
            for name in [DATABASE_FILE, WAL_FILE] {
                fs::copy(directory.join(name), copy.join(name)).unwrap();
            }
            drop(session);
            fs::remove_dir_all(&directory).unwrap();
            fs::rename(&copy, &directory).unwrap();
        }
        let Some(_read_only) = ReadOnly::make(&directory) else {
            return;
        };
        let before = fs::read(&file).unwrap();
        let session = open(&directory).await.unwrap();
        assert!(matches!(session.notes(), [Note::ReadOnly { .. }]));
        assert_eq!(session.own_id(), Some(17));
        let stored = session.setting("in").unwrap();
        assert_eq!(stored.as_deref(), has_log.then_some(&b"the log"[..]));
        session.set_setting("name", Some(b"value")).unwrap();
        session.update_own_user(&user(17)[..]).unwrap();
        session.update_own_user(b"newer").unwrap();
        let held = Session::open(&directory, DC, Duration::ZERO)
            .await
            .map(drop);
        assert!(matches!(held, Err(Error::SessionLocked { .. })));
        for refused in [session.set_home_dc(DcId(4)), session.remove()] {
            let error = refused.unwrap_err();
            assert!(error.to_string().contains("Read-only"), "{error}");
        }
        assert_eq!(session.home_dc(), DC);
        drop(session);
        let session = open(&directory).await.unwrap();
        assert_eq!(session.setting("name").unwrap(), None);
        assert_eq!(fs::read(&file).unwrap(), before);
    }
}

#[tokio::test]
async fn a_login_of_another_layer_is_no_reason_to_recover() {
    let (_parent, directory) = place();
    filled(&directory).await;
    let file = directory.join(DATABASE_FILE);
    Connection::open(&file)
        .unwrap()
        .execute(
            "UPDATE login SET user = ?",
            params![b"a newer user".to_vec()],
        )
        .unwrap();
    let session = open(&directory).await.unwrap();
    assert_eq!((session.notes(), session.own_id()), (&[][..], Some(17)));
}
