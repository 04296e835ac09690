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

fn target(text: &str) -> SocketAddr {
    text.parse().unwrap()
}

fn me() -> Login {
    Login::new("me", "secret")
}

fn client(login: Option<Login>) -> Client {
    Client::new(target(V4), login).unwrap()
}

/// A client to whom the proxy said these things, each of them whole.
fn told(login: Option<Login>, answers: &[&[u8]]) -> Result<Progress, Error> {
    let mut client = client(login);
    let mut last = Progress::More;
    for answer in answers {
        last = client.receive(answer)?;
    }
    Ok(last)
}

fn sends(bytes: &[u8]) -> Progress {
    Progress::Send(Zeroizing::new(bytes.to_vec()))
}

fn done(excess: &[u8]) -> Progress {
    Progress::Done {
        excess: excess.to_vec(),
    }
}

/// Both sides until the proxy is asked to connect; the client gets its bytes one at a time.
fn connect(login: Option<Login>, wanted: Option<Login>, to: &str) -> Result<String, Error> {
    let mut client = Client::new(target(to), login).unwrap();
    let mut server = Server::new(wanted);
    let mut to_server = client.greeting();
    loop {
        let (answer, ends) = match server.receive(&to_server).unwrap() {
            Request::Send(answer) | Request::Refuse(answer) => (answer, None),
            Request::Connect { target, excess } => {
                assert!(excess.is_empty());
                (Server::granted(([127, 0, 0, 1], 1).into()), Some(target))
            }
            Request::More => panic!("the client's messages are whole"),
        };
        to_server.clear();
        for (at, byte) in answer.iter().enumerate() {
            match client.receive(&[*byte])? {
                Progress::More => assert!(at + 1 < answer.len()),
                Progress::Send(message) => to_server.extend_from_slice(&message),
                Progress::Done { excess } => {
                    assert!(excess.is_empty());
                    return Ok(ends.unwrap());
                }
            }
        }
    }
}

#[test]
fn both_sides_agree_with_and_without_a_login() {
    for to in [V4, V6] {
        assert_eq!(connect(None, None, to).as_deref(), Ok(to));
        assert_eq!(connect(Some(me()), None, to).as_deref(), Ok(to));
        assert_eq!(connect(Some(me()), Some(me()), to).as_deref(), Ok(to));
    }
}

#[test]
fn wrong_and_missing_passwords_are_told_apart() {
    let other = Some(Login::new("me", "other"));
    assert_eq!(connect(other, Some(me()), V4), Err(Error::Password));
    assert_eq!(connect(None, Some(me()), V4), Err(Error::LoginWanted));
}

#[test]
fn messages_are_those_of_the_standards() {
    assert_eq!(client(None).greeting(), [5, 1, 0]);
    assert_eq!(client(Some(me())).greeting(), [5, 2, 0, 2]);
    assert_eq!(
        told(Some(me()), &[&[5, 2]]),
        Ok(sends(b"\x01\x02me\x06secret"))
    );
    let request = [5, 1, 0, 1, 149, 154, 167, 51, 0x01, 0xbb];
    assert_eq!(told(None, &[&[5, 0]]), Ok(sends(&request)));
    assert_eq!(told(Some(me()), &[&[5, 2], &[1, 0]]), Ok(sends(&request)));
    let mut client = Client::new(target(V6), None).unwrap();
    let Ok(Progress::Send(message)) = client.receive(&[5, 0]) else {
        panic!("a request was due")
    };
    assert_eq!(message[..4], [5, 1, 0, 4]);
    assert_eq!(message.len(), 4 + 16 + 2);
}

#[test]
fn every_refusal_has_its_own_words() {
    let mut texts = std::collections::BTreeSet::new();
    for code in 1..=9 {
        let error = told(None, &[&[5, 0], &[5, code]]).unwrap_err();
        assert_eq!(error, Error::Reply { code });
        assert!(error.to_string().contains(&code.to_string()), "{error}");
        texts.insert(error.to_string());
    }
    assert_eq!(texts.len(), 9);
    for (login, answers, expected) in [
        (None, vec![&b"\x05\xff"[..]], Error::LoginWanted),
        (Some(me()), vec![b"\x05\xff"], Error::NoPasswords),
        (None, vec![b"\x05\x02"], Error::Method { got: 2 }),
        (Some(me()), vec![b"\x05\x01"], Error::Method { got: 1 }),
        (Some(me()), vec![b"\x05\x02", b"\x01\x01"], Error::Password),
        (Some(me()), vec![b"\x05\x02", b"\x07\x00"], Error::Password),
        (None, vec![b"HTTP/1.1 400"], Error::Version { got: b'H' }),
        (None, vec![b"\x04"], Error::Version { got: 4 }),
        (None, vec![b"\x05\x00", b"\x04"], Error::Version { got: 4 }),
        (
            None,
            vec![b"\x05\x00", b"\x05\x00\x00\x02\x01"],
            Error::AddressKind { got: 2 },
        ),
    ] {
        assert_eq!(told(login, &answers), Err(expected), "{answers:?}");
    }
}

#[test]
fn what_follows_the_answer_belongs_to_the_stream() {
    for answer in [
        &b"\x05\0\0\x01\x7f\0\0\x01\x04\x38"[..],
        b"\x05\0\0\x04\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\x04\x38",
        b"\x05\0\0\x03\x04host\x04\x38",
        b"\x05\0\0\x03\0\x04\x38",
    ] {
        for end in 0..answer.len() {
            assert_eq!(told(None, &[b"\x05\0", &answer[..end]]), Ok(Progress::More));
        }
        let longer = [answer, b"\x05stream"].concat();
        assert_eq!(told(None, &[b"\x05\0", &longer]), Ok(done(b"\x05stream")));
    }
}

#[test]
fn answers_that_came_early_are_kept() {
    let mut client = client(None);
    let everything = b"\x05\0\x05\0\0\x01\x7f\0\0\x01\x04\x38later";
    assert!(matches!(client.receive(everything), Ok(Progress::Send(_))));
    assert_eq!(client.receive(&[]), Ok(done(b"later")));
}

#[test]
fn logins_that_do_not_fit_are_refused_before_anything_is_sent() {
    let long = "x".repeat(MAX_TEXT + 1);
    for login in [
        Login::new("", "secret"),
        Login::new(long.as_str(), "secret"),
        Login::new("me", long.as_str()),
    ] {
        let error = Client::new(target(V4), Some(login)).err();
        assert_eq!(error, Some(Error::LoginLength));
    }
    let longest = Login::new(&long[1..], &long[1..]);
    assert_eq!(
        connect(Some(longest.clone()), Some(longest), V4).as_deref(),
        Ok(V4)
    );
}

#[test]
fn the_proxy_takes_names_and_refuses_what_it_does_not_know() {
    let asked = |request: &[u8]| {
        let mut server = Server::new(None);
        assert_eq!(server.receive(b"\x05\x01\0"), Ok(Request::Send(vec![5, 0])));
        server.receive(request)
    };
    assert_eq!(
        asked(b"\x05\x01\0\x03\x07example\x01\xbbmore"),
        Ok(Request::Connect {
            target: "example:443".to_owned(),
            excess: b"more".to_vec()
        })
    );
    assert_eq!(
        asked(b"\x05\x02\0\x01"),
        Ok(Request::Refuse(Server::refused(reply::COMMAND)))
    );
    assert_eq!(
        asked(b"\x05\x01\0\x09"),
        Ok(Request::Refuse(Server::refused(reply::ADDRESS_KIND)))
    );
    assert_eq!(asked(b"\x04"), Err(Error::Version { got: 4 }));
    assert_eq!(
        Server::new(None).receive(b"GET /"),
        Err(Error::Version { got: b'G' })
    );
    assert_eq!(
        Server::new(None).receive(b"\x05\x01\x02"),
        Ok(Request::Refuse(vec![5, 0xff]))
    );
}

proptest! {
    #[test]
    fn any_bytes_are_an_answer_an_error_or_too_few(
        portions in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..300), 0..6),
        with_login: bool,
    ) {
        let mut client = client(with_login.then(me));
        let mut server = Server::new(Some(me()));
        for portion in &portions {
            if !matches!(client.receive(portion), Ok(Progress::More | Progress::Send(_))) {
                break;
            }
        }
        for portion in &portions {
            if !matches!(server.receive(portion), Ok(Request::More | Request::Send(_))) {
                break;
            }
        }
    }
}
