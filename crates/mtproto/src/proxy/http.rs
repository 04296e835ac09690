//! HTTP's `CONNECT` ([RFC 9110](https://www.rfc-editor.org/rfc/rfc9110#name-connect)) with `Basic` login
//! ([RFC 7617](https://www.rfc-editor.org/rfc/rfc7617)).

use std::fmt;
use std::fmt::Write as _;
use std::net::SocketAddr;

use base64ct::{Base64, Encoding};
use zeroize::Zeroizing;

use super::{Login, Progress, Request};

/// The longest head of an answer or a request that is waited for.
pub const MAX_HEAD: usize = 16 << 10;

const END: &[u8] = b"\r\n\r\n";
const BEGINNING: &[u8] = b"HTTP/1.";
/// As much of a proxy's explanation as messages repeat.
const MAX_REASON: usize = 80;

/// The client's side.
#[derive(Debug)]
pub struct Client {
    greeting: Zeroizing<Vec<u8>>,
    has_login: bool,
    inbound: Vec<u8>,
}

impl Client {
    /// Wants to be connected to `target`. An error when the name has a colon in it.
    pub fn new(target: SocketAddr, login: Option<&Login>) -> Result<Self, Error> {
        let mut head = Zeroizing::new(format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n"));
        if let Some(login) = login {
            if login.user.contains(':') {
                return Err(Error::Colon);
            }
            let plain = Zeroizing::new(format!("{}:{}", login.user, *login.password));
            let encoded = Zeroizing::new(Base64::encode_string(plain.as_bytes()));
            head.reserve_exact(encoded.len() + 64);
            // Writing to a string does not fail.
            let _ = write!(head, "Proxy-Authorization: Basic {}\r\n", *encoded);
        }
        head.push_str("\r\n");
        Ok(Self {
            greeting: Zeroizing::new(head.as_bytes().to_vec()),
            has_login: login.is_some(),
            inbound: Vec::new(),
        })
    }

    /// What to send first.
    pub fn greeting(&self) -> &[u8] {
        &self.greeting
    }

    /// Takes in bytes from the proxy.
    pub fn receive(&mut self, bytes: &[u8]) -> Result<Progress, Error> {
        self.inbound.extend_from_slice(bytes);
        let common = self.inbound.len().min(BEGINNING.len());
        if self.inbound.get(..common) != BEGINNING.get(..common) {
            return Err(Error::NotHttp);
        }
        let Some(head) = head(&self.inbound)? else {
            return Ok(Progress::More);
        };
        let (code, reason) = status(head).ok_or(Error::NotHttp)?;
        match code {
            200..=299 => Ok(Progress::Done {
                excess: rest(&self.inbound, head).to_vec(),
            }),
            407 if self.has_login => Err(Error::Password),
            407 => Err(Error::LoginWanted),
            _ => Err(Error::Status { code, reason }),
        }
    }
}

/// The proxy's side.
#[derive(Debug)]
pub struct Server {
    login: Option<Login>,
    inbound: Vec<u8>,
}

impl Server {
    /// A proxy that wants this login, or none.
    pub fn new(login: Option<Login>) -> Self {
        Self {
            login,
            inbound: Vec::new(),
        }
    }

    /// Takes in bytes from the client.
    pub fn receive(&mut self, bytes: &[u8]) -> Result<Request, Error> {
        self.inbound.extend_from_slice(bytes);
        let Some(head) = head(&self.inbound)? else {
            return Ok(Request::More);
        };
        let text = std::str::from_utf8(head).map_err(|_| Error::NotHttp)?;
        let (line, fields) = text.split_once("\r\n").unwrap_or((text, ""));
        let mut words = line.split(' ');
        let (Some("CONNECT"), Some(target), Some("HTTP/1.0" | "HTTP/1.1"), None) =
            (words.next(), words.next(), words.next(), words.next())
        else {
            return Ok(Request::Refuse(Self::refused(405, "Method Not Allowed")));
        };
        if !self.is_permitted(fields) {
            return Ok(Request::Refuse(
                b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"proxy\"\r\n\
                  Content-Length: 0\r\n\r\n"
                    .to_vec(),
            ));
        }
        Ok(Request::Connect {
            target: target.to_owned(),
            excess: rest(&self.inbound, head).to_vec(),
        })
    }

    /// The answer that the stream is the client's now.
    pub fn granted() -> Vec<u8> {
        b"HTTP/1.1 200 Connection established\r\n\r\n".to_vec()
    }

    /// The answer that there is no connection.
    pub fn refused(code: u16, reason: &str) -> Vec<u8> {
        format!("HTTP/1.1 {code} {reason}\r\nContent-Length: 0\r\n\r\n").into_bytes()
    }

    fn is_permitted(&self, fields: &str) -> bool {
        let Some(login) = &self.login else {
            return true;
        };
        let given = fields
            .split("\r\n")
            .filter_map(|field| field.split_once(':'))
            .find(|(name, _)| name.eq_ignore_ascii_case("proxy-authorization"))
            .and_then(|(_, value)| value.trim().strip_prefix("Basic "))
            .and_then(|encoded| Base64::decode_vec(encoded.trim()).ok())
            .map(Zeroizing::new);
        let Some(given) = given else {
            return false;
        };
        let mut parts = given.splitn(2, |&byte| byte == b':');
        matches!((parts.next(), parts.next()), (Some(user), Some(password)) if login.is(user, password))
    }
}

/// What went wrong, as a predicate of the proxy.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The name has a colon in it, which `Basic` login can't express.
    Colon,
    /// The other side does not speak HTTP/1.
    NotHttp,
    /// The head does not end.
    TooLong,
    /// The proxy wants a login, and there is none.
    LoginWanted,
    /// The proxy refused name or password.
    Password,
    /// The proxy did not connect.
    Status {
        /// Why.
        code: u16,
        /// Its explanation, shortened.
        reason: String,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Colon => formatter.write_str("can't be given a name with a colon in it"),
            Self::NotHttp => formatter.write_str("does not speak HTTP"),
            Self::TooLong => write!(formatter, "sent a head of more than {MAX_HEAD} bytes"),
            Self::LoginWanted => {
                formatter.write_str("answered 407: it wants a name and a password")
            }
            Self::Password => formatter.write_str("answered 407: it refused the password"),
            Self::Status { code, reason } => {
                write!(formatter, "answered {code} {reason}")
            }
        }
    }
}

impl std::error::Error for Error {}

/// The head without the empty line at its end; `None` until it is whole.
fn head(inbound: &[u8]) -> Result<Option<&[u8]>, Error> {
    let end = inbound
        .windows(END.len())
        .take(MAX_HEAD)
        .position(|window| window == END);
    match end {
        Some(end) => Ok(inbound.get(..end)),
        None if inbound.len() > MAX_HEAD => Err(Error::TooLong),
        None => Ok(None),
    }
}

/// What follows a head.
fn rest<'a>(inbound: &'a [u8], head: &[u8]) -> &'a [u8] {
    inbound.get(head.len() + END.len()..).unwrap_or_default()
}

/// Code and explanation of an answer's first line.
fn status(head: &[u8]) -> Option<(u16, String)> {
    let line = head.split(|&byte| byte == b'\r').next()?;
    let line = String::from_utf8_lossy(line);
    let mut parts = line.splitn(3, ' ');
    let (_, code) = (parts.next()?, parts.next()?);
    if code.len() != 3 || !code.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let reason = parts.next().unwrap_or_default();
    let reason = reason.chars().filter(|char| !char.is_control());
    Some((code.parse().ok()?, reason.take(MAX_REASON).collect()))
}

#[cfg(test)]
#[path = "tests/http.rs"]
mod tests;
