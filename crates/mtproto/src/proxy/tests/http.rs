#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

use proptest::prelude::*;

use super::*;

const V4: &str = "149.154.167.51:443";
const V6: &str = "[2001:67c:4e8:f002::a]:443";

fn client(login: Option<&Login>) -> Client {
    Client::new(V4.parse().unwrap(), login).unwrap()
}

fn me() -> Login {
    Login::new("me", "pass:word")
}

fn told(login: Option<&Login>, answer: &[u8]) -> Result<Progress, Error> {
    client(login).receive(answer)
}

/// What the proxy does with a client's greeting.
fn asked(wanted: Option<Login>, greeting: &[u8]) -> Result<Request, Error> {
    Server::new(wanted).receive(greeting)
}

#[test]
fn both_sides_agree_with_and_without_a_login() {
    for to in [V4, V6] {
        for (login, wanted) in [(None, None), (Some(me()), None), (Some(me()), Some(me()))] {
            let mut client = Client::new(to.parse().unwrap(), login.as_ref()).unwrap();
            let connect = Request::Connect {
                target: to.to_owned(),
                excess: Vec::new(),
            };
            assert_eq!(asked(wanted, client.greeting()), Ok(connect));
            let progress = client.receive(&Server::granted());
            assert_eq!(progress, Ok(Progress::Done { excess: Vec::new() }));
        }
    }
}

#[test]
fn wrong_and_missing_passwords_are_told_apart() {
    let other = Login::new("me", "other");
    for (login, error) in [(Some(&other), Error::Password), (None, Error::LoginWanted)] {
        let mut client = client(login);
        let Ok(Request::Refuse(answer)) = asked(Some(me()), client.greeting()) else {
            panic!("a refusal was due")
        };
        assert_eq!(client.receive(&answer), Err(error));
    }
}

#[test]
fn the_request_is_that_of_the_standard() {
    assert_eq!(
        client(Some(&Login::new("Aladdin", "open sesame"))).greeting(),
        b"CONNECT 149.154.167.51:443 HTTP/1.1\r\nHost: 149.154.167.51:443\r\n\
          Proxy-Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n\r\n"
    );
    let colon = Login::new("a:b", "c");
    assert_eq!(
        Client::new(V4.parse().unwrap(), Some(&colon)).err(),
        Some(Error::Colon)
    );
}

#[test]
fn what_follows_the_answer_belongs_to_the_stream() {
    let answer = b"HTTP/1.0 200 OK\r\nVia: somebody\r\n\r\n";
    for end in 0..answer.len() {
        assert_eq!(told(None, &answer[..end]), Ok(Progress::More));
    }
    let longer = [&answer[..], b"HTTP/1.0 stream\r\n\r\n"].concat();
    assert_eq!(
        told(None, &longer),
        Ok(Progress::Done {
            excess: b"HTTP/1.0 stream\r\n\r\n".to_vec()
        })
    );
    let mut bytewise = client(None);
    for byte in &answer[..answer.len() - 1] {
        assert_eq!(bytewise.receive(&[*byte]), Ok(Progress::More));
    }
    assert!(matches!(bytewise.receive(b"\n"), Ok(Progress::Done { .. })));
}

#[test]
fn refusals_are_repeated_in_the_proxys_words() {
    for (answer, text) in [
        (
            &b"HTTP/1.1 403 Forbidden\r\n\r\n"[..],
            "answered 403 Forbidden",
        ),
        (
            b"HTTP/1.1 502 Bad \x1b[31mGateway\r\nX: y\r\n\r\n",
            "answered 502 Bad [31mGateway",
        ),
        (b"HTTP/1.1 500\r\n\r\n", "answered 500 "),
        (
            b"HTTP/1.1 407 No\r\n\r\n",
            "answered 407: it wants a name and a password",
        ),
        (b"HTTP/1.1 301 Moved\r\n\r\n", "answered 301 Moved"),
    ] {
        assert_eq!(told(None, answer).unwrap_err().to_string(), text);
    }
    let long = format!("HTTP/1.1 500 {}\r\n\r\n", "x".repeat(1000));
    let error = told(None, long.as_bytes()).unwrap_err();
    assert!(error.to_string().len() < 100, "{error}");
}

#[test]
fn servers_that_do_not_speak_http_are_noticed_at_the_first_difference() {
    for answer in [
        &b"\x05"[..],
        b"HTTQ",
        b"HTTP/2",
        b"SSH-2.0",
        b"HTTP/1.1 \r\n\r\n",
        b"HTTP/1.1 20 OK\r\n\r\n",
        b"HTTP/1.1 +20 OK\r\n\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
    ] {
        assert_eq!(told(None, answer), Err(Error::NotHttp), "{answer:?}");
    }
}

#[test]
fn heads_without_end_are_given_up() {
    let endless = format!("HTTP/1.1 200 OK\r\nX: {}", "x".repeat(MAX_HEAD));
    assert_eq!(told(None, endless.as_bytes()), Err(Error::TooLong));
    assert_eq!(asked(None, &vec![b'x'; MAX_HEAD + 1]), Err(Error::TooLong));
}

#[test]
fn the_proxy_connects_and_does_nothing_else() {
    for request in [
        &b"GET http://example.org/ HTTP/1.1\r\n\r\n"[..],
        b"CONNECT example.org:443 HTTP/2\r\n\r\n",
        b"CONNECT example.org:443\r\n\r\n",
        b"\r\n\r\n",
    ] {
        let refusal = Server::refused(405, "Method Not Allowed");
        assert_eq!(asked(None, request), Ok(Request::Refuse(refusal)));
    }
    assert_eq!(asked(None, b"\xff\r\n\r\n"), Err(Error::NotHttp));
    assert_eq!(asked(None, b"CONNECT exam"), Ok(Request::More));
    for credentials in ["", "Basic !", "Bearer bWU6cGFzczp3b3Jk", "Basic bWU="] {
        let request = format!(
            "CONNECT example.org:443 HTTP/1.1\r\nProxy-Authorization: {credentials}\r\n\r\n"
        );
        assert!(
            matches!(
                asked(Some(me()), request.as_bytes()),
                Ok(Request::Refuse(_))
            ),
            "{credentials}"
        );
    }
}

proptest! {
    #[test]
    fn any_bytes_are_an_answer_an_error_or_too_few(
        head in "(HTTP/1\\.1 )?[ -~\r\n]{0,200}",
        tail in proptest::collection::vec(any::<u8>(), 0..200),
    ) {
        let bytes = [head.as_bytes(), &tail].concat();
        let _ = told(None, &bytes);
        let _ = asked(Some(me()), &bytes);
    }
}
