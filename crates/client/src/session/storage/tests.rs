//! Sessions that move between machines, which are directories here. Each test is for every server.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

use std::net::TcpListener;
use std::path::Path;
use std::time::Duration;

use madeline_mtproto::AuthKey;
use madeline_tl::{Schema, Value, boxed_to_bytes, object};
use tempfile::TempDir;

use super::servers::storages;
use super::{Batch, Lease, Row, Storage, StorageAddress};
use crate::peers::{PeerId, Peers};
use crate::session::{DATABASE_FILE, OwnUser, Session};
use crate::{Authorization, DcId, Error};

mod outage;
mod processes;
mod tls;

const DC: DcId = DcId(2);
const WHILE: Duration = Duration::from_secs(20);

/// Two machines.
struct Machines {
    parent: TempDir,
    storage: Storage,
}

impl Machines {
    fn each() -> impl Iterator<Item = Machines> {
        storages().into_iter().map(|storage| Machines {
            parent: TempDir::new().unwrap(),
            storage,
        })
    }

    async fn open(&self, machine: &str) -> Result<Session, Error> {
        self.open_within(machine, Duration::ZERO).await
    }

    async fn open_within(&self, machine: &str, patience: Duration) -> Result<Session, Error> {
        let directory = self.parent.path().join(machine);
        let session = Session::open(&directory, DC, Duration::ZERO).await?;
        session.share(&self.storage, patience).await?;
        Ok(session)
    }

    fn what(&self) -> &Storage {
        &self.storage
    }
}

fn user(id: i64) -> OwnUser {
    OwnUser {
        id,
        bot: false,
        bytes: boxed(id),
    }
}

fn boxed(id: i64) -> Vec<u8> {
    let name = format!("name{id}");
    let user: Value = object!("user", id: id, access_hash: id * 3, username: name.as_str());
    boxed_to_bytes(Schema::api(), &user).unwrap()
}

fn key(byte: u8) -> AuthKey {
    AuthKey::from_bytes([byte; 256])
}

fn batch(rows: &[Row]) -> Batch<'_> {
    Batch {
        epoch: "e",
        version: 6,
        writer: "one",
        rows,
        durable: true,
    }
}

fn setting(session: &Session, name: &str) -> Option<String> {
    let value = session.setting(name).unwrap();
    value.map(|value| String::from_utf8(value).unwrap())
}

#[tokio::test]
async fn what_one_machine_has_stored_another_goes_on_with() {
    for machines in Machines::each() {
        let first = machines.open("first").await.unwrap();
        first.set_auth_key(DcId(4), false, &key(7)).unwrap();
        first.set_home_dc(DcId(4)).unwrap();
        first.set_logged_in(user(17)).unwrap();
        first.set_setting("kept", Some(b"1")).unwrap();
        first.set_setting("removed", Some(b"1")).unwrap();
        first.set_setting("removed", None).unwrap();
        first
            .set_setting("large", Some(&vec![b'l'; 300_000]))
            .unwrap();
        first.set_clock_offset(77).unwrap();
        let users: Vec<_> = (1..=3000).map(boxed).collect();
        let peers = Peers::new(first.database().clone());
        peers
            .learn(Schema::api(), users.iter().map(Vec::as_slice))
            .unwrap();
        drop(peers);
        drop(first);
        let second = machines.open("second").await.unwrap();
        assert_eq!(
            second.auth_key(DcId(4), false).unwrap(),
            Some(key(7)),
            "{}",
            machines.what()
        );
        assert_eq!((second.home_dc(), second.own_id()), (DcId(4), Some(17)));
        assert_eq!(second.authorization(), Authorization::LoggedIn);
        assert_eq!(setting(&second, "kept").as_deref(), Some("1"));
        assert_eq!(setting(&second, "removed"), None);
        assert_eq!(setting(&second, "large").unwrap().len(), 300_000);
        assert_eq!(
            second.clock_offset().unwrap(),
            None,
            "clocks are of machines"
        );
        let peers = Peers::new(second.database().clone());
        let id = peers.find_username("name2999").unwrap().unwrap();
        assert_eq!(peers.find(id).unwrap().unwrap().access_hash, Some(2999 * 3));
        second.set_setting("kept", Some(b"2")).unwrap();
        second.set_setting("large", None).unwrap();
        drop((second, peers));
        let first = machines.open("first").await.unwrap();
        assert_eq!(setting(&first, "kept").as_deref(), Some("2"));
        assert_eq!(setting(&first, "large"), None);
        assert_eq!(first.clock_offset().unwrap(), Some(77));
        let known = Peers::new(first.database().clone()).find(PeerId::user(5).unwrap());
        assert!(known.unwrap().is_some(), "it was here already");
    }
}

#[tokio::test]
async fn one_machine_has_a_session_at_a_time() {
    for machines in Machines::each() {
        let first = machines.open("first").await.unwrap();
        let error = machines.open("second").await.map(drop).unwrap_err();
        assert!(matches!(&error, Error::SessionLeased { .. }), "{error:?}");
        let said = error.to_string();
        assert!(
            said.contains("first") && said.contains("127.0.0.1"),
            "{said}"
        );
        assert!(!said.contains("secret"), "{said}");
        // The lease lasts as long as it is used.
        tokio::time::sleep(machines.storage.lease * 2).await;
        assert!(machines.open("second").await.is_err());
        drop(first);
        drop(machines.open("second").await.unwrap());
    }
}

#[tokio::test]
async fn a_machine_that_failed_is_waited_for_and_its_own_next_process_is_not() {
    for machines in Machines::each() {
        let first = machines.open("first").await.unwrap();
        first.set_logged_in(user(17)).unwrap();
        first.crash(false);
        drop(first);
        let again = machines.open("first").await.unwrap();
        assert_eq!(again.own_id(), Some(17));
        again.crash(false);
        drop(again);
        assert!(matches!(
            machines.open("second").await,
            Err(Error::SessionLeased { .. })
        ));
        let second = machines.open_within("second", WHILE).await.unwrap();
        assert_eq!(second.own_id(), Some(17));
    }
}

#[tokio::test]
async fn what_a_machine_had_not_told_is_told_by_its_next_process_unless_another_went_on() {
    for machines in Machines::each() {
        let first = machines.open("first").await.unwrap();
        first.set_logged_in(user(17)).unwrap();
        first.crash(true);
        drop(first);
        let file = machines.parent.path().join("first").join(DATABASE_FILE);
        let late = |value: &str| {
            rusqlite::Connection::open(&file)
                .unwrap()
                .execute(
                    "INSERT OR REPLACE INTO setting (name, value) VALUES ('late', ?)",
                    [value.as_bytes()],
                )
                .unwrap();
        };
        late("1");
        drop(machines.open("first").await.unwrap());
        let second = machines.open("second").await.unwrap();
        assert_eq!(setting(&second, "late").as_deref(), Some("1"));
        second.set_setting("other", Some(b"2")).unwrap();
        drop(second);
        late("3");
        let first = machines.open("first").await.unwrap();
        assert_eq!(
            setting(&first, "late").as_deref(),
            Some("1"),
            "as the second left it"
        );
        assert_eq!(setting(&first, "other").as_deref(), Some("2"));
    }
}

#[tokio::test]
async fn a_session_whose_lease_is_anothers_can_do_nothing_more() {
    for machines in Machines::each() {
        let first = machines.open("first").await.unwrap();
        let mut loss = first.loss().unwrap();
        let mut other = machines
            .storage
            .backend(machines.storage.name.clone().unwrap());
        other.prepare().await.unwrap();
        // As if its clock had stood still: the same owner takes it, with a new number.
        let owner = super::begin::owner(&machines.parent.path().join("first"));
        let Lease::Held(_) = other.acquire(&owner).await.unwrap() else {
            panic!("it is taken")
        };
        loss.wait_for(|lost| *lost).await.unwrap();
        let error = first.set_setting("name", Some(b"value")).unwrap_err();
        assert!(matches!(error, Error::SessionClosed { .. }), "{error:?}");
        assert!(first.set_auth_key(DC, false, &key(1)).is_err());
        drop(first);
        assert_eq!(
            other
                .rows(0)
                .await
                .unwrap()
                .iter()
                .filter(|row| row.table == "auth_key")
                .count(),
            0
        );
    }
}

#[tokio::test]
async fn a_server_writes_for_the_owner_only_and_all_or_nothing() {
    for machines in Machines::each() {
        let mut server = machines
            .storage
            .backend(machines.storage.name.clone().unwrap());
        server.prepare().await.unwrap();
        assert_eq!(server.head().await.unwrap(), None);
        let Lease::Held(token) = server.acquire("one").await.unwrap() else {
            panic!("it is free")
        };
        let row = |number: u8, value: Option<&[u8]>| Row {
            table: "peer".to_owned(),
            key: vec![1, number, 0],
            value: value.map(<[u8]>::to_vec),
        };
        let rows = [row(1, Some(b"\0one")), row(2, Some(b"")), row(3, None)];
        let first = server.write(token, &batch(&rows)).await.unwrap().unwrap();
        let second = server
            .write(token, &batch(&[row(1, None)]))
            .await
            .unwrap()
            .unwrap();
        assert!(second > first);
        let head = server.head().await.unwrap().unwrap();
        assert_eq!(
            (
                head.epoch.as_str(),
                head.revision,
                head.version,
                head.writer.as_str()
            ),
            ("e", second, 6, "one")
        );
        assert_eq!(server.rows(first).await.unwrap(), [row(1, None)]);
        let mut all = server.rows(0).await.unwrap();
        all.sort_by(|one, other| one.key.cmp(&other.key));
        assert_eq!(all, [row(1, None), row(2, Some(b"")), row(3, None)]);
        server.sweep(token, second).await.unwrap();
        assert_eq!(server.head().await.unwrap().unwrap().floor, second);
        assert_eq!(server.rows(0).await.unwrap().len(), 2);
        // Another owner.
        server.release(token).await.unwrap();
        let Lease::Held(newer) = server.acquire("two").await.unwrap() else {
            panic!("it was given up")
        };
        assert!(newer > token);
        assert!(matches!(server.acquire("one").await.unwrap(), Lease::Taken(who) if who == "two"));
        assert_eq!(server.write(token, &batch(&rows)).await.unwrap(), None);
        assert!(!server.renew(token).await.unwrap());
        server.forget(token).await.unwrap();
        assert!(
            server.head().await.unwrap().is_some(),
            "it is not the owner's wish"
        );
        assert!(server.renew(newer).await.unwrap());
        server.forget(newer).await.unwrap();
        assert_eq!(
            (server.head().await.unwrap(), server.rows(0).await.unwrap()),
            (None, vec![])
        );
    }
}

#[tokio::test]
async fn a_login_of_the_directorys_own_is_not_overwritten() {
    for machines in Machines::each() {
        let first = machines.open("first").await.unwrap();
        first.set_auth_key(DC, false, &key(1)).unwrap();
        first.set_logged_in(user(1)).unwrap();
        drop(first);
        for (id, fits) in [(2, false), (1, true)] {
            let name = format!("directory {id}");
            let directory = machines.parent.path().join(&name);
            let own = Session::open(&directory, DC, Duration::ZERO).await.unwrap();
            own.set_auth_key(DC, false, &key(9)).unwrap();
            own.set_logged_in(user(id)).unwrap();
            drop(own);
            let opened = machines.open(&name).await;
            assert_eq!(opened.is_ok(), fits, "{}", machines.what());
            match opened {
                Ok(session) => assert_eq!(session.auth_key(DC, false).unwrap(), Some(key(1))),
                Err(error) => {
                    assert!(
                        error.to_string().contains("setEphemeralFilesystemPrefix"),
                        "{error}"
                    );
                    let kept = Session::open(&directory, DC, Duration::ZERO).await.unwrap();
                    assert_eq!(kept.auth_key(DC, false).unwrap(), Some(key(9)));
                }
            }
        }
    }
}

#[tokio::test]
async fn a_session_that_was_used_without_its_server_brings_what_is_newer() {
    for machines in Machines::each() {
        let first = machines.open("first").await.unwrap();
        first.set_setting("gone", Some(b"1")).unwrap();
        first.set_logged_in(user(1)).unwrap();
        drop(first);
        let directory = machines.parent.path().join("first");
        let alone = Session::open(&directory, DC, Duration::ZERO).await.unwrap();
        alone.unshare().unwrap();
        alone.set_setting("new", Some(b"1")).unwrap();
        alone.set_setting("gone", None).unwrap();
        drop(alone);
        drop(machines.open("first").await.unwrap());
        let second = machines.open("second").await.unwrap();
        assert_eq!(setting(&second, "new").as_deref(), Some("1"));
        assert_eq!(setting(&second, "gone"), None);
        assert_eq!(second.own_id(), Some(1));
    }
}

#[tokio::test]
async fn a_logout_removes_the_session_from_the_server() {
    for machines in Machines::each() {
        let first = machines.open("first").await.unwrap();
        first.set_auth_key(DC, false, &key(1)).unwrap();
        first.remove().unwrap();
        drop(first);
        let second = machines.open("second").await.unwrap();
        assert_eq!(second.auth_key(DC, false).unwrap(), None);
        assert_eq!(second.authorization(), Authorization::NotLoggedIn);
    }
}

#[tokio::test]
async fn a_session_of_a_newer_release_is_refused() {
    for machines in Machines::each() {
        let name = machines.storage.name.clone().unwrap();
        let mut server = machines.storage.backend(name);
        server.prepare().await.unwrap();
        let Lease::Held(token) = server.acquire("newer").await.unwrap() else {
            panic!("it is free")
        };
        let batch = Batch {
            epoch: "e",
            version: 1000,
            writer: "newer",
            rows: &[],
            durable: false,
        };
        server.write(token, &batch).await.unwrap().unwrap();
        server.release(token).await.unwrap();
        let error = machines.open("first").await.map(drop).unwrap_err();
        assert!(error.to_string().contains("newer release"), "{error}");
        assert!(
            matches!(server.acquire("other").await.unwrap(), Lease::Held(_)),
            "it was given up"
        );
    }
}

#[tokio::test]
async fn a_server_that_cannot_be_used_is_named_without_the_password() {
    let closed = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    for machines in Machines::each() {
        let mut unreachable = machines.storage.clone();
        unreachable.address = StorageAddress::Tcp("127.0.0.1".to_owned(), closed.port());
        let mut refused = machines.storage.clone();
        refused.password = "not it".to_owned();
        for storage in [unreachable, refused] {
            let directory = machines.parent.path().join("first");
            let session = Session::open(&directory, DC, Duration::ZERO).await.unwrap();
            let error = session.share(&storage, Duration::ZERO).await.unwrap_err();
            assert!(matches!(&error, Error::Storage { .. }), "{error:?}");
            let said = format!("{error} {error:?} {storage:?}");
            assert!(
                said.contains(&storage.to_string()) && !said.contains("not it"),
                "{said}"
            );
            session.set_setting("name", Some(b"value")).unwrap();
        }
    }
}

#[tokio::test]
async fn sessions_without_a_name_do_not_meet() {
    for machines in Machines::each() {
        let mut storage = machines.storage.clone();
        storage.name = None;
        let mut sessions = Vec::new();
        for name in ["first", "second"] {
            let directory: &Path = &machines.parent.path().join(name);
            let session = Session::open(directory, DC, Duration::ZERO).await.unwrap();
            session.share(&storage, Duration::ZERO).await.unwrap();
            session.set_setting("name", Some(name.as_bytes())).unwrap();
            sessions.push(session);
        }
        drop(sessions);
        let directory = machines.parent.path().join("first");
        let session = Session::open(&directory, DC, Duration::ZERO).await.unwrap();
        session.share(&storage, Duration::ZERO).await.unwrap();
        assert_eq!(setting(&session, "name").as_deref(), Some("first"));
    }
}

#[test]
fn many_sessions_need_no_more_of_the_runtime_than_one() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .max_blocking_threads(1)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        for machines in Machines::each() {
            let mut storage = machines.storage.clone();
            storage.name = None;
            let mut sessions = Vec::new();
            for number in 0..5 {
                let directory = machines.parent.path().join(number.to_string());
                let session = Session::open(&directory, DC, Duration::ZERO).await.unwrap();
                session.share(&storage, Duration::ZERO).await.unwrap();
                sessions.push(session);
            }
            tokio::task::spawn_blocking(|| ()).await.unwrap();
        }
    });
}

#[tokio::test]
async fn whoever_does_not_wait_for_a_lease_any_more_need_not() {
    for machines in Machines::each() {
        let first = machines.open("first").await.unwrap();
        let waiting = machines.open_within("second", WHILE);
        let given_up = tokio::time::timeout(Duration::from_millis(300), waiting).await;
        assert!(given_up.is_err());
        drop(first);
        drop(machines.open("third").await.unwrap());
    }
}
