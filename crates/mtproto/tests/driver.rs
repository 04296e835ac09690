//! The key exchange over TCP: against our own server side, and against servers that are down, silent or strange.
#![cfg(feature = "tokio")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use madeline_mtproto::dial::{self, Route};
use madeline_mtproto::driver::{Cause, Error, Step, create_auth_key, exchange};
use madeline_mtproto::envelope::plain;
use madeline_mtproto::handshake::server::Handshake;
use madeline_mtproto::handshake::{self, DhGroup, NewAuthKey};
use madeline_mtproto::message_id::{MsgIdGenerator, Origin};
use madeline_mtproto::random::OsRandom;
use madeline_mtproto::transport::{self, DEFAULT_MAX_FRAME, Frame, Kind};
use madeline_mtproto::{AuthKey, RsaKey, RsaPrivateKey};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

const LIMIT: Duration = Duration::from_secs(60);

fn rsa() -> RsaPrivateKey {
    RsaPrivateKey::from_pem(include_str!("data/rsa-pkcs1.pem")).unwrap()
}

fn unobfuscated(kind: Kind) -> Route {
    Route::direct(kind)
}

fn obfuscated(kind: Kind) -> Route {
    Route {
        obfuscated: true,
        ..Route::direct(kind)
    }
}

async fn listen() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

/// A server for one exchange. Gives the key it created, and the DC of an obfuscated header.
fn serve(listener: TcpListener, dc: i32) -> JoinHandle<(Option<AuthKey>, Option<i16>)> {
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut framing = transport::Server::new(None, DEFAULT_MAX_FRAME);
        let mut handshake =
            Handshake::new(Arc::new([rsa()]), Arc::new(DhGroup::telegram())).with_dc(dc);
        let mut msg_ids = MsgIdGenerator::default();
        let mut portion = [0; 100];
        loop {
            let count = stream.read(&mut portion).await.unwrap_or(0);
            if count == 0 {
                return (None, framing.obfuscated_dc());
            }
            framing.feed(&portion[..count]);
            while let Some(frame) = framing.next_frame().unwrap() {
                let Frame::Payload { bytes, .. } = frame else {
                    panic!("{frame:?}")
                };
                let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
                let body = plain::read(&bytes).unwrap().body;
                let mut out = Vec::new();
                let created = match handshake.receive(body, now, &mut OsRandom, &|_| false) {
                    Ok(reply) => {
                        let envelope =
                            plain::write(msg_ids.next(now, Origin::ServerAnswer), &reply.body);
                        framing.send(&envelope, &mut OsRandom, &mut out).unwrap();
                        reply.created
                    }
                    Err(handshake::Error::WrongDc { .. }) => {
                        framing.send_error(-444, &mut OsRandom, &mut out).unwrap();
                        None
                    }
                    Err(error) => panic!("{error}"),
                };
                stream.write_all(&out).await.unwrap();
                if let Some(created) = created {
                    return (Some(created.key), framing.obfuscated_dc());
                }
            }
        }
    })
}

async fn create(address: SocketAddr, route: &Route) -> Result<NewAuthKey, Error> {
    create_auth_key(address, route, &[rsa().public().clone()], 2, None, LIMIT).await
}

#[tokio::test]
async fn a_key_is_created_over_every_transport() {
    for kind in [
        Kind::Abridged,
        Kind::Intermediate,
        Kind::PaddedIntermediate,
        Kind::Full,
    ] {
        let (listener, address) = listen().await;
        let server = serve(listener, 2);
        let ours = create(address, &unobfuscated(kind)).await.unwrap();
        assert_eq!((Some(ours.key), None), server.await.unwrap(), "{kind:?}");
        assert!(ours.time_offset.abs() <= 2);
    }
}

#[tokio::test]
async fn a_key_is_created_over_every_obfuscated_transport() {
    for kind in [Kind::Abridged, Kind::Intermediate, Kind::PaddedIntermediate] {
        let (listener, address) = listen().await;
        let server = serve(listener, 2);
        let ours = create(address, &obfuscated(kind)).await.unwrap();
        assert_eq!((Some(ours.key), Some(2)), server.await.unwrap(), "{kind:?}");
    }
}

#[tokio::test]
async fn a_temporary_key_is_created_over_a_connection_that_goes_on() {
    let (listener, address) = listen().await;
    let server = serve(listener, 2);
    let keys = [rsa().public().clone()];
    let mut dialled = dial::connect(address, &obfuscated(Kind::Intermediate), 2, LIMIT)
        .await
        .unwrap();
    let ours = exchange(&mut dialled, &keys, 2, Some(86_400), LIMIT)
        .await
        .unwrap();
    assert_eq!((Some(ours.key), Some(2)), server.await.unwrap());
    assert_eq!(dialled.framing.max_frame(), DEFAULT_MAX_FRAME);
    assert!(dialled.stream.nodelay().unwrap());
}

#[tokio::test]
async fn the_full_transport_can_not_be_obfuscated() {
    let (_listener, address) = listen().await;
    let error = create(address, &obfuscated(Kind::Full)).await.unwrap_err();
    assert!(
        matches!(
            &error.cause,
            Cause::Dial(error) if matches!(
                error.cause,
                dial::Cause::Transport(transport::Error::NotInFullTransport)
            )
        ),
        "{error}"
    );
}

#[tokio::test]
async fn a_server_that_is_down_is_named() {
    let (listener, address) = listen().await;
    drop(listener);
    let error = create(address, &unobfuscated(Kind::Abridged))
        .await
        .unwrap_err();
    assert_eq!(error.step, Step::Connect);
    assert!(
        error.to_string().starts_with(&format!(
            "no authorization key from {address}: connecting: "
        )),
        "{error}"
    );
    assert!(
        matches!(&error.cause, Cause::Dial(error) if matches!(error.cause, dial::Cause::Connect(_)))
    );
}

#[tokio::test]
async fn a_silent_server_is_given_up_after_the_limit() {
    let (listener, address) = listen().await;
    let limit = Duration::from_millis(50);
    let keys = [rsa().public().clone()];
    let error = create_auth_key(
        address,
        &unobfuscated(Kind::Abridged),
        &keys,
        2,
        None,
        limit,
    )
    .await
    .unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("no authorization key from {address}: req_pq_multi: no answer within 0.05 s")
    );
    drop(listener);
}

#[tokio::test]
async fn a_server_with_other_keys_is_refused_with_both_lists() {
    let (listener, address) = listen().await;
    let server = serve(listener, 2);
    let keys = RsaKey::telegram();
    let error = create_auth_key(address, &unobfuscated(Kind::Full), &keys, 2, None, LIMIT)
        .await
        .unwrap_err();
    assert_eq!(error.step, Step::ReqDhParams);
    let Cause::Handshake(handshake::Error::UnknownFingerprints { offered, known }) = &error.cause
    else {
        panic!("{error}")
    };
    assert_eq!(offered, &[rsa().public().fingerprint()]);
    assert_eq!(known, &[keys[0].fingerprint(), keys[1].fingerprint()]);
    assert_eq!(server.await.unwrap().0, None);
}

#[tokio::test]
async fn a_wrong_dc_is_said_to_be_one() {
    let (listener, address) = listen().await;
    let server = serve(listener, 4);
    let error = create(address, &unobfuscated(Kind::Abridged))
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "no authorization key from {address}: req_DH_params: transport error -444: the server is not that DC"
        )
    );
    server.await.unwrap();
}

/// A server that answers anything with fixed bytes and closes.
async fn answer_with(bytes: &'static [u8]) -> SocketAddr {
    let (listener, address) = listen().await;
    tokio::spawn(async move {
        let (mut stream, _): (TcpStream, _) = listener.accept().await.unwrap();
        let mut portion = [0; 100];
        let _ = stream.read(&mut portion).await;
        stream.write_all(bytes).await.unwrap();
    });
    address
}

#[tokio::test]
async fn transport_errors_are_told_apart() {
    for (code, text) in [
        (-404, "did not accept the message"),
        (-429, "too many connections"),
        (-500, "-500"),
    ] {
        let bytes = Box::leak(
            [&4u32.to_le_bytes()[..], &i32::to_le_bytes(code)]
                .concat()
                .into_boxed_slice(),
        );
        let error = create(answer_with(bytes).await, &unobfuscated(Kind::Intermediate))
            .await
            .unwrap_err();
        assert!(
            matches!(error.cause, Cause::Code(got) if got == code),
            "{error}"
        );
        assert!(error.to_string().contains(text), "{error}");
    }
}

#[tokio::test]
async fn servers_that_speak_something_else_are_errors() {
    let error = create(answer_with(b"").await, &unobfuscated(Kind::Intermediate))
        .await
        .unwrap_err();
    assert!(matches!(error.cause, Cause::Closed), "{error}");
    let http = b"HTTP/1.1 400 Bad Request\r\n\r\n";
    let error = create(answer_with(http).await, &unobfuscated(Kind::Intermediate))
        .await
        .unwrap_err();
    assert!(
        matches!(
            error.cause,
            Cause::Transport(transport::Error::Length { .. })
        ),
        "{error}"
    );
    let error = create(
        answer_with(b"\x05\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0").await,
        &unobfuscated(Kind::Abridged),
    )
    .await
    .unwrap_err();
    assert!(matches!(error.cause, Cause::Envelope(_)), "{error}");
}
