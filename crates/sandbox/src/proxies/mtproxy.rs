//! The MTProxy: the stream's header says which data centre is wanted; then frames are passed on.

use std::collections::HashSet;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use madeline_mtproto::random::OsRandom;
use madeline_mtproto::transport::{
    Client, DEFAULT_MAX_FRAME, Disguise, Frame, Kind, Secret, Server, tls,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::Dcs;

/// Random numbers of greetings that were accepted: none counts twice.
#[derive(Clone, Default)]
pub(super) struct Seen(Arc<Mutex<HashSet<[u8; 32]>>>);

pub(super) async fn serve(
    mut client: TcpStream,
    secret: &Secret,
    dcs: &Dcs,
    seen: &Seen,
) -> io::Result<()> {
    let mut inner = Server::new(Some(*secret.key()), DEFAULT_MAX_FRAME);
    if let Disguise::Tls { .. } = secret.disguise() {
        let excess = greet(&mut client, secret, seen).await?;
        inner = inner.within_tls();
        inner.feed(&excess);
    }
    let mut portion = vec![0; 64 << 10];
    let first = loop {
        if let Some(frame) = inner.next_frame().map_err(io::Error::other)? {
            break frame;
        }
        match client.read(&mut portion).await? {
            0 => return Ok(()),
            count => inner.feed(portion.get(..count).unwrap_or_default()),
        }
    };
    let wants_padding = secret.disguise() != &Disguise::None;
    let kind = inner
        .kind()
        .filter(|kind| !wants_padding || *kind == Kind::PaddedIntermediate)
        .ok_or(io::ErrorKind::InvalidData)?;
    let address = inner
        .obfuscated_dc()
        .and_then(|dc| wanted(dc, dcs))
        .ok_or(io::ErrorKind::NotFound)?;
    let server = TcpStream::connect(address).await?;
    server.set_nodelay(true)?;
    relay((client, inner), (server, Client::new(kind)), first).await
}

/// The greeting of TLS. Gives what came after it.
async fn greet(stream: &mut TcpStream, secret: &Secret, seen: &Seen) -> io::Result<Vec<u8>> {
    let mut greeting = tls::Server::new(secret.key());
    let mut portion = [0; 4096];
    loop {
        let count = stream.read(&mut portion).await?;
        let bytes = portion.get(..count).unwrap_or_default();
        if bytes.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        let accepted = greeting
            .receive(bytes, now, &mut OsRandom)
            .map_err(io::Error::other)?;
        if let Some(accepted) = accepted {
            let is_new = seen
                .0
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .insert(accepted.random);
            if !is_new {
                return Err(io::ErrorKind::AlreadyExists.into());
            }
            stream.write_all(&accepted.answer).await?;
            return Ok(accepted.excess);
        }
    }
}

/// The data centre of this number: negative for its servers for files only, which it may lack; 10000 further for tests.
fn wanted(dc: i16, dcs: &Dcs) -> Option<SocketAddr> {
    let dc = i32::from(dc) % 10_000;
    dcs.get(&dc).or_else(|| dcs.get(&dc.abs())).copied()
}

/// Passes frames on until either side ends.
async fn relay(
    (mut client, mut inner): (TcpStream, Server),
    (mut server, mut outer): (TcpStream, Client),
    first: Frame,
) -> io::Result<()> {
    let (mut from_client, mut from_server) = (vec![0; 64 << 10], vec![0; 64 << 10]);
    let mut out = Vec::new();
    to_server(&mut outer, first, &mut out)?;
    loop {
        while let Some(frame) = inner.next_frame().map_err(io::Error::other)? {
            to_server(&mut outer, frame, &mut out)?;
        }
        server.write_all(&out).await?;
        out.clear();
        while let Some(frame) = outer.next_frame().map_err(io::Error::other)? {
            to_client(&mut inner, frame, &mut out)?;
        }
        client.write_all(&out).await?;
        out.clear();
        tokio::select! {
            count = client.read(&mut from_client) => match count? {
                0 => return Ok(()),
                count => inner.feed(from_client.get(..count).unwrap_or_default()),
            },
            count = server.read(&mut from_server) => match count? {
                0 => return Ok(()),
                count => outer.feed(from_server.get(..count).unwrap_or_default()),
            },
        }
    }
}

fn to_server(outer: &mut Client, frame: Frame, out: &mut Vec<u8>) -> io::Result<()> {
    let Frame::Payload { bytes, quick_ack } = frame else {
        return Err(io::ErrorKind::InvalidData.into());
    };
    outer
        .send(&bytes, quick_ack, &mut OsRandom, out)
        .map_err(io::Error::other)
}

fn to_client(inner: &mut Server, frame: Frame, out: &mut Vec<u8>) -> io::Result<()> {
    match frame {
        Frame::Payload { bytes, .. } => inner.send(&bytes, &mut OsRandom, out),
        Frame::QuickAck(token) => inner.send_quick_ack(token, out),
        Frame::Error(code) => inner.send_error(code, &mut OsRandom, out),
    }
    .map_err(io::Error::other)
}
