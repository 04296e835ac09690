//! SOCKS5: [RFC 1928](https://www.rfc-editor.org/rfc/rfc1928) without login or with name and password
//! ([RFC 1929](https://www.rfc-editor.org/rfc/rfc1929)), the `CONNECT` command only.

use std::fmt;
use std::net::{IpAddr, SocketAddr};

use zeroize::Zeroizing;

use super::{Login, Progress, Request};

const VERSION: u8 = 5;
const LOGIN_VERSION: u8 = 1;
const CONNECT: u8 = 1;
const MAX_TEXT: usize = 255;

/// Ways to log in.
mod method {
    pub(super) const NONE: u8 = 0;
    pub(super) const PASSWORD: u8 = 2;
    pub(super) const NOT_ACCEPTABLE: u8 = 0xff;
}

/// Kinds of addresses.
mod address {
    pub(super) const V4: u8 = 1;
    pub(super) const NAME: u8 = 3;
    pub(super) const V6: u8 = 4;
}

/// Codes of a proxy's answer other than 0, which is success.
pub mod reply {
    /// General failure.
    pub const FAILURE: u8 = 1;
    /// The proxy's rules forbid the connection.
    pub const NOT_ALLOWED: u8 = 2;
    /// The network is unreachable.
    pub const NETWORK_UNREACHABLE: u8 = 3;
    /// The host is unreachable.
    pub const HOST_UNREACHABLE: u8 = 4;
    /// The target refused the connection.
    pub const REFUSED: u8 = 5;
    /// TTL expired.
    pub const TTL_EXPIRED: u8 = 6;
    /// The command is not supported.
    pub const COMMAND: u8 = 7;
    /// The kind of address is not supported.
    pub const ADDRESS_KIND: u8 = 8;
}

/// The client's side.
#[derive(Debug)]
pub struct Client {
    target: SocketAddr,
    login: Option<Login>,
    awaits: Answer,
    inbound: Vec<u8>,
}

/// Which of the proxy's answers comes next.
#[derive(Clone, Copy, Debug)]
enum Answer {
    Method,
    Login,
    Reply,
}

impl Client {
    /// Wants to be connected to `target`. An error when the name or password is too long for the protocol.
    pub fn new(target: SocketAddr, login: Option<Login>) -> Result<Self, Error> {
        if let Some(login) = &login
            && (login.user.is_empty()
                || login.user.len() > MAX_TEXT
                || login.password.len() > MAX_TEXT)
        {
            return Err(Error::LoginLength);
        }
        Ok(Self {
            target,
            login,
            awaits: Answer::Method,
            inbound: Vec::new(),
        })
    }

    /// What to send first.
    pub fn greeting(&self) -> Vec<u8> {
        match self.login {
            None => vec![VERSION, 1, method::NONE],
            Some(_) => vec![VERSION, 2, method::NONE, method::PASSWORD],
        }
    }

    /// Takes in bytes from the proxy.
    pub fn receive(&mut self, bytes: &[u8]) -> Result<Progress, Error> {
        self.inbound.extend_from_slice(bytes);
        match self.awaits {
            Answer::Method => self.method(),
            Answer::Login => self.login(),
            Answer::Reply => self.reply(),
        }
    }

    fn method(&mut self) -> Result<Progress, Error> {
        if let Some(&version) = self.inbound.first()
            && version != VERSION
        {
            return Err(Error::Version { got: version });
        }
        let Some([_, method]) = take(&mut self.inbound) else {
            return Ok(Progress::More);
        };
        match (method, &self.login) {
            (method::NONE, _) => Ok(self.request()),
            (method::PASSWORD, Some(login)) => {
                self.awaits = Answer::Login;
                let mut message = Zeroizing::new(Vec::with_capacity(3 + 2 * MAX_TEXT));
                message.extend([LOGIN_VERSION, login.user.len() as u8]);
                message.extend(login.user.as_bytes());
                message.push(login.password.len() as u8);
                message.extend(login.password.as_bytes());
                Ok(Progress::Send(message))
            }
            (method::NOT_ACCEPTABLE, Some(_)) => Err(Error::NoPasswords),
            (method::NOT_ACCEPTABLE, None) => Err(Error::LoginWanted),
            (got, _) => Err(Error::Method { got }),
        }
    }

    fn login(&mut self) -> Result<Progress, Error> {
        match take(&mut self.inbound) {
            None => Ok(Progress::More),
            // RFC 1929 wants version 1, but some proxies write 5.
            Some([LOGIN_VERSION | VERSION, 0]) => Ok(self.request()),
            Some(_) => Err(Error::Password),
        }
    }

    fn request(&mut self) -> Progress {
        self.awaits = Answer::Reply;
        let mut message = vec![VERSION, CONNECT, 0];
        put_address(self.target, &mut message);
        Progress::Send(Zeroizing::new(message))
    }

    fn reply(&mut self) -> Result<Progress, Error> {
        match self.inbound.as_slice() {
            [version, ..] if *version != VERSION => Err(Error::Version { got: *version }),
            [_, code, ..] if *code != 0 => Err(Error::Reply { code: *code }),
            [_, _, _, kind, rest @ ..] => {
                let host = match (*kind, rest.first()) {
                    (address::V4, _) => 4,
                    (address::V6, _) => 16,
                    (address::NAME, Some(length)) => 1 + usize::from(*length),
                    (address::NAME, None) => return Ok(Progress::More),
                    (got, _) => return Err(Error::AddressKind { got }),
                };
                Ok(match rest.get(host + 2..) {
                    None => Progress::More,
                    Some(excess) => Progress::Done {
                        excess: excess.to_vec(),
                    },
                })
            }
            _ => Ok(Progress::More),
        }
    }
}

/// The proxy's side.
#[derive(Debug)]
pub struct Server {
    login: Option<Login>,
    awaits: Question,
    inbound: Vec<u8>,
}

/// What the client says next.
#[derive(Clone, Copy, Debug)]
enum Question {
    Methods,
    Login,
    Command,
}

impl Server {
    /// A proxy that wants this login, or none.
    pub fn new(login: Option<Login>) -> Self {
        Self {
            login,
            awaits: Question::Methods,
            inbound: Vec::new(),
        }
    }

    /// Takes in bytes from the client.
    pub fn receive(&mut self, bytes: &[u8]) -> Result<Request, Error> {
        self.inbound.extend_from_slice(bytes);
        match self.awaits {
            Question::Methods => self.methods(),
            Question::Login => Ok(self.login()),
            Question::Command => self.command(),
        }
    }

    /// The answer that the stream is the client's now.
    pub fn granted(bound: SocketAddr) -> Vec<u8> {
        answer(0, bound)
    }

    /// The answer that there is no connection, see [`reply`].
    pub fn refused(code: u8) -> Vec<u8> {
        answer(code, SocketAddr::from(([0; 4], 0)))
    }

    fn methods(&mut self) -> Result<Request, Error> {
        let (count, offered) = match self.inbound.as_slice() {
            [VERSION, count, offered @ ..] => (usize::from(*count), offered),
            [] | [VERSION] => return Ok(Request::More),
            [got, ..] => return Err(Error::Version { got: *got }),
        };
        let Some(offered) = offered.get(..count) else {
            return Ok(Request::More);
        };
        let (wanted, next) = match self.login {
            None => (method::NONE, Question::Command),
            Some(_) => (method::PASSWORD, Question::Login),
        };
        if !offered.contains(&wanted) {
            return Ok(Request::Refuse(vec![VERSION, method::NOT_ACCEPTABLE]));
        }
        self.inbound.drain(..2 + count);
        self.awaits = next;
        Ok(Request::Send(vec![VERSION, wanted]))
    }

    fn login(&mut self) -> Request {
        let read = |message: &[u8]| -> Option<(usize, bool)> {
            let (_, rest) = message.split_first()?;
            let (user, rest) = text(rest)?;
            let (password, rest) = text(rest)?;
            let matches = self
                .login
                .as_ref()
                .is_none_or(|login| login.is(user, password));
            Some((message.len() - rest.len(), matches))
        };
        match read(&self.inbound) {
            None => Request::More,
            Some((_, false)) => Request::Refuse(vec![LOGIN_VERSION, 1]),
            Some((length, true)) => {
                self.inbound.drain(..length);
                self.awaits = Question::Command;
                Request::Send(vec![LOGIN_VERSION, 0])
            }
        }
    }

    fn command(&mut self) -> Result<Request, Error> {
        let (kind, rest) = match self.inbound.as_slice() {
            [version, ..] if *version != VERSION => return Err(Error::Version { got: *version }),
            [_, command, ..] if *command != CONNECT => {
                return Ok(Request::Refuse(Self::refused(reply::COMMAND)));
            }
            [_, _, _, kind, rest @ ..] => (*kind, rest),
            _ => return Ok(Request::More),
        };
        let read = match kind {
            address::V4 => rest
                .split_first_chunk::<4>()
                .map(|(host, rest)| (IpAddr::from(*host).to_string(), rest)),
            address::V6 => rest
                .split_first_chunk::<16>()
                .map(|(host, rest)| (format!("[{}]", IpAddr::from(*host)), rest)),
            address::NAME => {
                text(rest).map(|(host, rest)| (String::from_utf8_lossy(host).into_owned(), rest))
            }
            _ => return Ok(Request::Refuse(Self::refused(reply::ADDRESS_KIND))),
        };
        let Some((host, rest)) = read else {
            return Ok(Request::More);
        };
        Ok(match rest.split_first_chunk() {
            None => Request::More,
            Some((port, excess)) => Request::Connect {
                target: format!("{host}:{}", u16::from_be_bytes(*port)),
                excess: excess.to_vec(),
            },
        })
    }
}

/// What went wrong, as a predicate of the proxy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The name is empty, or the name or password has more than 255 bytes.
    LoginLength,
    /// The other side speaks something else, or another version.
    Version {
        /// Its first byte.
        got: u8,
    },
    /// The proxy wants a login, and there is none.
    LoginWanted,
    /// The proxy wants neither no login nor a password.
    NoPasswords,
    /// The proxy chose a way to log in that was not offered.
    Method {
        /// Its number.
        got: u8,
    },
    /// The proxy refused name or password.
    Password,
    /// The proxy did not connect, see [`reply`].
    Reply {
        /// Why.
        code: u8,
    },
    /// The proxy answered with an unknown kind of address.
    AddressKind {
        /// Its number.
        got: u8,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::LoginLength => "takes names of 1 to 255 bytes and passwords of at most 255",
            Self::LoginWanted => "wants a name and a password",
            Self::NoPasswords => "accepts no login by password",
            Self::Password => "refused the password",
            Self::Version { got } => {
                return write!(
                    formatter,
                    "does not speak SOCKS5 (it began with {got:#04x})"
                );
            }
            Self::Method { got } => {
                return write!(formatter, "chose login method {got}, which was not offered");
            }
            Self::AddressKind { got } => {
                return write!(formatter, "answered with the unknown kind of address {got}");
            }
            Self::Reply { code } => match *code {
                reply::FAILURE => "answered 1: general failure",
                reply::NOT_ALLOWED => "answered 2: its rules forbid the connection",
                reply::NETWORK_UNREACHABLE => "answered 3: the server's network is unreachable",
                reply::HOST_UNREACHABLE => "answered 4: the server is unreachable",
                reply::REFUSED => "answered 5: the server refused the connection",
                reply::TTL_EXPIRED => "answered 6: the way to the server is too long",
                reply::COMMAND => "answered 7: it does not make connections",
                reply::ADDRESS_KIND => {
                    "answered 8: it does not support this kind of address (IPv4 or IPv6)"
                }
                code => return write!(formatter, "answered {code}"),
            },
        };
        formatter.write_str(text)
    }
}

impl std::error::Error for Error {}

/// Takes the first bytes off, when they are there.
fn take<const N: usize>(inbound: &mut Vec<u8>) -> Option<[u8; N]> {
    let taken = *inbound.first_chunk()?;
    inbound.drain(..N);
    Some(taken)
}

/// A text with its length before it, and what follows.
fn text(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&length, rest) = bytes.split_first()?;
    rest.split_at_checked(length.into())
}

fn answer(code: u8, bound: SocketAddr) -> Vec<u8> {
    let mut message = vec![VERSION, code, 0];
    put_address(bound, &mut message);
    message
}

fn put_address(address: SocketAddr, out: &mut Vec<u8>) {
    match address.ip() {
        IpAddr::V4(ip) => {
            out.push(address::V4);
            out.extend(ip.octets());
        }
        IpAddr::V6(ip) => {
            out.push(address::V6);
            out.extend(ip.octets());
        }
    }
    out.extend(address.port().to_be_bytes());
}

#[cfg(test)]
#[path = "tests/socks5.rs"]
mod tests;
