//! Several processes of one machine, which are sessions of one directory here: one carries what all store.

use std::thread;
use std::time::Duration;

use super::{DC, Machines, WHILE, key, setting, user};
use crate::session::storage::Backend;
use crate::session::{LoginProgress, Session};
use crate::{Authorization, DcId, Error};

impl Machines {
    /// Another process of a machine where one has the session.
    fn join(&self, machine: &str) -> Session {
        let directory = self.parent.path().join(machine);
        let session = Session::join(&directory, DC).unwrap().unwrap();
        session.follow(Some(&self.storage));
        session
    }

    async fn server(&self) -> Box<dyn Backend> {
        let name = self.storage.name.clone().unwrap();
        let mut server = self.storage.backend(name);
        server.prepare().await.unwrap();
        server
    }
}

async fn keys(server: &mut Box<dyn Backend>) -> usize {
    let rows = server.rows(0).await.unwrap();
    rows.iter()
        .filter(|row| row.table == "auth_key" && row.value.is_some())
        .count()
}

/// What a follower does that finds nobody who leads.
async fn lead(machines: &Machines, session: &Session) -> Result<(), Error> {
    assert!(session.take_lock().unwrap());
    session
        .settle(Some(&machines.storage), Duration::ZERO)
        .await
        .inspect_err(|_| session.give_up_lock())
}

#[tokio::test]
async fn what_a_follower_stores_is_with_the_server_and_all_see_it() {
    for machines in Machines::each() {
        let leader = machines.open("first").await.unwrap();
        let followers = [machines.join("first"), machines.join("first")];
        let mut server = machines.server().await;
        followers[0].set_auth_key(DC, false, &key(3)).unwrap();
        assert_eq!(keys(&mut server).await, 1, "{}", machines.what());
        followers[1].set_logged_in(user(17)).unwrap();
        for session in followers.iter().chain([&leader]) {
            assert_eq!(session.own_id(), Some(17));
            assert_eq!(session.auth_key(DC, false).unwrap(), Some(key(3)));
        }
        leader.set_setting("of the leader", Some(b"1")).unwrap();
        assert_eq!(
            setting(&followers[0], "of the leader").as_deref(),
            Some("1")
        );
        followers[0].set_setting("of another", Some(b"1")).unwrap();
        // The leader tells what the others have stored, too, before it ends.
        drop(leader);
        drop(followers);
        let second = machines.open("second").await.unwrap();
        assert_eq!(second.own_id(), Some(17));
        assert_eq!(setting(&second, "of the leader").as_deref(), Some("1"));
        assert_eq!(setting(&second, "of another").as_deref(), Some("1"));
    }
}

#[tokio::test]
async fn where_nobody_leads_a_follower_has_the_lease_for_what_must_not_be_lost() {
    for machines in Machines::each() {
        let leader = machines.open("first").await.unwrap();
        let follower = machines.join("first");
        leader.crash(false);
        drop(leader);
        // The machine's lease has not run out: nobody else may have it, and the machine itself need not wait.
        assert!(machines.open("second").await.is_err());
        follower.set_auth_key(DC, false, &key(5)).unwrap();
        let second = machines.open("second").await.unwrap();
        assert_eq!(second.auth_key(DC, false).unwrap(), Some(key(5)));
        let error = follower.set_auth_key(DC, false, &key(6)).unwrap_err();
        assert!(matches!(&error, Error::SessionLeased { .. }), "{error:?}");
        drop(second);
        drop(follower);
        assert!(
            machines.open("first").await.is_ok(),
            "neither the lock nor the lease was kept"
        );
    }
}

#[tokio::test]
async fn a_follower_that_ends_tells_what_nobody_else_does() {
    for machines in Machines::each() {
        let leader = machines.open("first").await.unwrap();
        let follower = machines.join("first");
        drop(leader);
        follower.set_setting("late", Some(b"1")).unwrap();
        drop(follower);
        let second = machines.open("second").await.unwrap();
        assert_eq!(setting(&second, "late").as_deref(), Some("1"));
    }
}

#[tokio::test]
async fn a_follower_that_takes_over_needs_not_wait_and_another_machine_does() {
    for machines in Machines::each() {
        let leader = machines.open("first").await.unwrap();
        let follower = machines.join("first");
        follower.set_logged_in(user(17)).unwrap();
        let login = follower.login_number();
        leader.crash(false);
        drop(leader);
        lead(&machines, &follower).await.unwrap();
        assert_eq!(follower.login_number(), login, "nobody was here meanwhile");
        assert!(matches!(
            machines.open("second").await,
            Err(Error::SessionLeased { .. })
        ));
        // It goes on as a follower of the next.
        follower.give_up_lock();
        let next = machines.open("first").await.unwrap();
        follower.set_auth_key(DC, false, &key(1)).unwrap();
        assert_eq!(next.auth_key(DC, false).unwrap(), Some(key(1)));
        assert_eq!(keys(&mut machines.server().await).await, 1);
    }
}

#[tokio::test]
async fn whoever_comes_back_after_another_machine_knows_that_all_it_remembers_is_old() {
    for machines in Machines::each() {
        let leader = machines.open("first").await.unwrap();
        leader.set_logged_in(user(17)).unwrap();
        let [one, another] = [machines.join("first"), machines.join("first")];
        let login = another.login_number();
        drop(leader);
        let second = machines.open("second").await.unwrap();
        second.set_setting("of the second", Some(b"1")).unwrap();
        second.set_home_dc(DcId(4)).unwrap();
        assert!(matches!(
            lead(&machines, &one).await,
            Err(Error::SessionLeased { .. })
        ));
        one.set_setting("of the first", Some(b"1")).unwrap();
        drop(second);
        lead(&machines, &one).await.unwrap();
        for session in [&one, &another] {
            assert_eq!(session.home_dc(), DcId(4));
            assert_eq!(setting(session, "of the second").as_deref(), Some("1"));
            assert_eq!(setting(session, "of the first"), None);
        }
        assert_ne!(another.login_number(), login, "its updates begin anew");
    }
}

#[tokio::test]
async fn the_leaders_are_killed_and_nothing_is_lost() {
    const PROCESSES: usize = 3;
    const WRITES: usize = 60;
    for machines in Machines::each() {
        let first = machines.open("first").await.unwrap();
        let sessions: Vec<_> = (0..PROCESSES).map(|_| machines.join("first")).collect();
        let writing: Vec<_> = sessions
            .into_iter()
            .enumerate()
            .map(|(process, session)| {
                thread::spawn(move || {
                    for number in 0..WRITES {
                        let name = format!("{process} {number}");
                        session.set_setting(&name, Some(b"1")).unwrap();
                        if number % 8 == 0 {
                            session
                                .set_auth_key(
                                    DcId(i32::try_from(process).unwrap()),
                                    false,
                                    &key(u8::try_from(number).unwrap()),
                                )
                                .unwrap();
                        }
                    }
                    session
                })
            })
            .collect();
        let mut leader = Some(first);
        let mut kills = 0;
        while writing.iter().any(|thread| !thread.is_finished()) {
            kills += 1;
            tokio::time::sleep(Duration::from_millis(kills % 7 * 5)).await;
            if let Some(leader) = leader.take() {
                leader.crash(false);
            }
            // A follower may have the lock just then.
            leader = machines.open("first").await.ok();
        }
        let sessions: Vec<_> = writing
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect();
        assert!(kills > 1, "{kills}");
        if let Some(leader) = leader {
            leader.crash(false);
        }
        drop(sessions);
        let second = machines.open_within("second", WHILE).await.unwrap();
        for process in 0..PROCESSES {
            for number in 0..WRITES {
                let name = format!("{process} {number}");
                assert!(
                    setting(&second, &name).is_some(),
                    "{}: {name}",
                    machines.what()
                );
            }
            let dc = DcId(i32::try_from(process).unwrap());
            assert_eq!(second.auth_key(dc, false).unwrap(), Some(key(56)));
        }
    }
}

#[tokio::test]
async fn a_logout_that_was_not_brought_to_its_end_is_one_for_whoever_comes_next() {
    for machines in Machines::each() {
        let first = machines.open("first").await.unwrap();
        first.set_auth_key(DC, false, &key(1)).unwrap();
        first.set_logged_in(user(17)).unwrap();
        first
            .set_login(Authorization::LoggedOut, LoginProgress::default())
            .unwrap();
        first.crash(true);
        drop(first);
        for machine in ["second", "first"] {
            let session = machines.open(machine).await.unwrap();
            assert_eq!(session.authorization(), Authorization::NotLoggedIn);
            assert_eq!(session.auth_key(DC, false).unwrap(), None);
        }
        let mut server = machines.server().await;
        assert_eq!(keys(&mut server).await, 0);
        assert!(server.head().await.unwrap().is_some());
    }
}
