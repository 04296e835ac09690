//! SOCKS5 and HTTP proxies: a greeting, then bytes as they come.

use std::io;
use std::net::SocketAddr;

use madeline_mtproto::proxy::socks5::reply;
use madeline_mtproto::proxy::{Login, Request, http, socks5};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::TcpStream;

use super::Dcs;

pub(super) async fn socks5(
    mut client: TcpStream,
    login: Option<Login>,
    dcs: &Dcs,
) -> io::Result<()> {
    let mut proxy = socks5::Server::new(login);
    let step = |bytes: &[u8]| proxy.receive(bytes).map_err(io::Error::other);
    let Some((target, excess)) = greet(&mut client, step).await? else {
        return Ok(());
    };
    match connect(&target, dcs).await {
        Ok((server, bound)) => {
            client.write_all(&socks5::Server::granted(bound)).await?;
            join(client, server, &excess).await
        }
        Err(error) => {
            let code = match error.kind() {
                io::ErrorKind::PermissionDenied => reply::NOT_ALLOWED,
                io::ErrorKind::ConnectionRefused => reply::REFUSED,
                _ => reply::FAILURE,
            };
            client.write_all(&socks5::Server::refused(code)).await
        }
    }
}

pub(super) async fn http(mut client: TcpStream, login: Option<Login>, dcs: &Dcs) -> io::Result<()> {
    let mut proxy = http::Server::new(login);
    let step = |bytes: &[u8]| proxy.receive(bytes).map_err(io::Error::other);
    let Some((target, excess)) = greet(&mut client, step).await? else {
        return Ok(());
    };
    match connect(&target, dcs).await {
        Ok((server, _)) => {
            client.write_all(&http::Server::granted()).await?;
            join(client, server, &excess).await
        }
        Err(error) => {
            let (code, reason) = match error.kind() {
                io::ErrorKind::PermissionDenied => (403, "Forbidden"),
                _ => (502, "Bad Gateway"),
            };
            client.write_all(&http::Server::refused(code, reason)).await
        }
    }
}

/// Talks until the client has said where it wants to go. `None` when it was refused.
async fn greet(
    client: &mut TcpStream,
    mut step: impl FnMut(&[u8]) -> io::Result<Request>,
) -> io::Result<Option<(String, Vec<u8>)>> {
    let mut portion = [0; 4096];
    let mut next = Request::More;
    loop {
        next = match next {
            Request::Connect { target, excess } => return Ok(Some((target, excess))),
            Request::Refuse(answer) => {
                client.write_all(&answer).await?;
                return Ok(None);
            }
            Request::Send(answer) => {
                client.write_all(&answer).await?;
                step(&[])?
            }
            Request::More => match client.read(&mut portion).await? {
                0 => return Ok(None),
                count => step(portion.get(..count).unwrap_or_default())?,
            },
        };
    }
}

/// A connection to a data centre, and the address it comes from.
async fn connect(target: &str, dcs: &Dcs) -> io::Result<(TcpStream, SocketAddr)> {
    let address = target
        .parse()
        .ok()
        .filter(|target| dcs.values().any(|dc| dc == target))
        .ok_or(io::ErrorKind::PermissionDenied)?;
    let server = TcpStream::connect(address).await?;
    server.set_nodelay(true)?;
    let bound = server.local_addr()?;
    Ok((server, bound))
}

async fn join(mut client: TcpStream, mut server: TcpStream, excess: &[u8]) -> io::Result<()> {
    server.write_all(excess).await?;
    copy_bidirectional(&mut client, &mut server).await?;
    Ok(())
}
