//! Several processes of a session that lies on a server as well.

use std::time::Duration;

use serde_json::json;

use super::support::{Town, ask, bot, password};
use crate::session::servers::storages;
use crate::{Authorization, Config, DcId, Error, Session, Storage};

impl Town {
    /// A town and a server for each kind there is.
    async fn with_servers() -> Vec<(Town, Storage)> {
        let mut towns = Vec::new();
        for storage in storages() {
            let mut town = Town::start().await;
            town.config.storage = Some(storage.clone());
            towns.push((town, storage));
        }
        towns
    }

    /// Another machine, which does not wait.
    async fn elsewhere(&self, storage: &Storage) -> Result<Session, Error> {
        let path = self.directory.path().join("elsewhere");
        let session = Session::open(&path, DcId(2), Duration::ZERO).await?;
        session.share(storage, Duration::ZERO).await?;
        Ok(session)
    }
}

#[tokio::test]
async fn processes_of_a_machine_share_it_and_another_machine_waits() {
    for (town, storage) in Town::with_servers().await {
        let leader = town.alice().await;
        let (one, another) = (town.process().await, town.process().await);
        let accepted = || {
            let told = town.control().ask(json!({"do": "stats"})).unwrap();
            told.get("accepted").unwrap().as_u64().unwrap()
        };
        let before = accepted();
        for client in [&one, &another, &leader] {
            ask(client, password()).await.unwrap();
        }
        bot(&one).await;
        assert_eq!(accepted(), before, "all over one connection");
        let refused = town.elsewhere(&storage).await.map(drop);
        assert!(
            matches!(refused, Err(Error::SessionLeased { .. })),
            "{refused:?}"
        );
        // The next one has the lock and the lease.
        leader.close().await;
        ask(&another, password()).await.unwrap();
        assert!(another.session().has_lock() && another.session().loss().is_some());
        assert!(town.elsewhere(&storage).await.is_err());
        ask(&one, password()).await.unwrap();
        drop(another);
        ask(&one, password()).await.unwrap();
        one.close().await;
        let next = town.elsewhere(&storage).await.unwrap();
        assert_eq!(next.own_id(), Some(5_000_001));
        let known = crate::peers::Peers::new(next.database().clone()).find_username("bot");
        assert!(known.unwrap().is_some(), "{storage}");
    }
}

#[tokio::test]
async fn a_leader_whose_lease_is_lost_makes_way_and_its_machine_goes_on_when_it_may() {
    for (town, storage) in Town::with_servers().await {
        let leader = town.alice().await;
        let follower = town.process().await;
        ask(&follower, password()).await.unwrap();
        // As if the machine had been asleep.
        leader.session().crash(true);
        let other = town.elsewhere(&storage).await.unwrap();
        leader.close().await;
        let error = ask(&follower, password()).await.unwrap_err();
        assert!(
            matches!(&error, Error::SessionLeased { .. }),
            "{storage}: {error:?}"
        );
        assert!(
            !follower.session().has_lock(),
            "others may try, too: {storage}"
        );
        drop(other);
        ask(&follower, password()).await.unwrap();
    }
}

#[tokio::test]
async fn another_server_is_refused_while_the_leader_is_there() {
    for (town, _) in Town::with_servers().await {
        let leader = town.alice().await;
        let alone = Config {
            storage: None,
            ..town.config()
        };
        let other = town.process_with(alone).await.unwrap();
        // What is not shared by this process is by the one that leads.
        other.session().unshare().unwrap();
        let error = ask(&other, password()).await.unwrap_err();
        assert!(
            matches!(&error, Error::SessionHolder { what, .. } if what.contains("database")),
            "{error}"
        );
        ask(&leader, password()).await.unwrap();
        leader.close().await;
        ask(&other, password()).await.unwrap();
    }
}

#[tokio::test]
async fn a_logout_of_a_follower_removes_the_session_from_the_server() {
    for (town, storage) in Town::with_servers().await {
        let leader = town.alice().await;
        let follower = town.process().await;
        follower.logout().await.unwrap();
        assert_eq!(leader.authorization(), Authorization::LoggedOut);
        while town.path().exists() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        drop((leader, follower));
        let next = town.elsewhere(&storage).await.unwrap();
        assert_eq!(next.authorization(), Authorization::NotLoggedIn);
        assert_eq!(next.auth_key(DcId(2), false).unwrap(), None);
    }
}
