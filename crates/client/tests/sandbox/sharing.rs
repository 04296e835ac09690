//! One session, several objects or processes.

use std::net::SocketAddr;
use std::process::{Command, Stdio};
use std::time::Duration;

use madeline_client::{Authorization, Client, Config, DcId, Error, Session};
use madeline_tl::object;

use crate::support::{Server, ask};

#[tokio::test]
async fn a_second_object_of_the_same_process_shares_the_session() {
    let server = Server::start().await;
    let first = server.alice().await;
    let second = server.open("alice").await;
    assert_eq!(second.authorization(), Authorization::LoggedIn);
    ask(&second, object!("account.getPassword")).await.unwrap();
    drop(first);
    ask(&second, object!("account.getPassword")).await.unwrap();
    second.logout().await.unwrap();
    let third = server.open("alice").await;
    assert_eq!(third.authorization(), Authorization::NotLoggedIn);
}

/// How many sockets of this machine are connected to an address' port.
fn connected_to(address: SocketAddr) -> usize {
    const ESTABLISHED: &str = "01";
    let port = format!(":{:04X}", address.port());
    let sockets = std::fs::read_to_string("/proc/self/net/tcp").unwrap();
    let sockets = sockets.lines().skip(1).filter(|line| {
        let mut fields = line.split_whitespace().skip(2);
        fields.next().is_some_and(|remote| remote.ends_with(&port))
            && fields.next() == Some(ESTABLISHED)
    });
    sockets.count()
}

#[tokio::test]
async fn closing_returns_when_the_sockets_are_closed_and_the_session_is_free() {
    let server = Server::start().await;
    let client = server.alice().await;
    assert_eq!(connected_to(server.address(2)), 1);
    client.close().await;
    assert_eq!(connected_to(server.address(2)), 0);
    let session = Session::open(&server.path("alice"), DcId(2), Duration::ZERO).await;
    assert_eq!(session.unwrap().authorization(), Authorization::LoggedIn);
}

#[tokio::test]
async fn closing_one_of_two_objects_leaves_the_other_connected() {
    let server = Server::start().await;
    let first = server.alice().await;
    let second = server.open("alice").await;
    first.close().await;
    assert_eq!(connected_to(server.address(2)), 1);
    ask(&second, object!("account.getPassword")).await.unwrap();
    assert_eq!(connected_to(server.address(2)), 1);
}

#[tokio::test]
async fn an_object_for_other_servers_does_not_share_and_its_calls_say_who_holds_the_session() {
    let server = Server::start().await;
    let first = server.alice().await;
    let config = Config {
        dcs: [
            (DcId(1), server.address(1)),
            (DcId(2), server.address(2)),
            (DcId(3), server.address(1)),
        ]
        .into_iter()
        .collect(),
        ..server.config()
    };
    let second = Client::open(&server.path("alice"), config).await.unwrap();
    let password = || object!("account.getPassword");
    match ask(&second, password()).await.unwrap_err() {
        Error::SessionHolder { pid, what, .. } => {
            assert_eq!(pid, Some(std::process::id()));
            assert!(what.contains("other servers"), "{what}");
        }
        other => panic!("{other}"),
    }
    ask(&first, password()).await.unwrap();
    first.close().await;
    ask(&second, password()).await.unwrap();
}

#[tokio::test]
async fn a_session_of_another_process_is_waited_for_as_long_as_configured() {
    let server = Server::start().await;
    drop(server.open("session").await);
    let path = server.path("session");
    let mut holder = Command::new("flock")
        .arg(path.join("lock"))
        .arg("cat")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let locked =
        |outcome: Result<Client, Error>| matches!(outcome, Err(Error::SessionLocked { .. }));
    // Until flock has it.
    while !locked(Client::open(&path, server.config()).await) {}

    let patient = Config {
        lock_timeout: Duration::from_secs(60),
        ..server.config()
    };
    let opening = tokio::spawn(async move { Client::open(&path, patient).await });
    tokio::task::yield_now().await;
    drop(holder.stdin.take());
    holder.wait().unwrap();
    opening.await.unwrap().unwrap();
}
