//! What is written is read back, and nothing else.

#![allow(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;

use super::*;

fn written(frame: &Frame) -> BytesMut {
    let mut out = Vec::new();
    frame.write(&mut out);
    BytesMut::from(out.as_slice())
}

fn read_back(frame: &Frame) -> Frame {
    let mut input = written(frame);
    let read = Frame::take(&mut input).unwrap().unwrap();
    assert!(input.is_empty());
    read
}

fn every_outcome() -> Vec<Result<Bytes, InvokeError>> {
    vec![
        Ok(Bytes::from_static(b"result")),
        Err(InvokeError::Rpc {
            code: 420,
            message: "FLOOD_WAIT_3".to_owned(),
        }),
        Err(InvokeError::Connect {
            address: "127.0.0.1:1".to_owned(),
            source: io::Error::other("refused"),
        }),
        Err(InvokeError::KeyExchange("no".into())),
        Err(InvokeError::Transport(-404)),
        Err(InvokeError::Lost("reset".into())),
        Err(InvokeError::Unusable("what?".into())),
        Err(InvokeError::Size { bytes: 3, limit: 2 }),
        Err(InvokeError::Session(Error::UnknownDc {
            dc: DcId(7),
            known: vec![DcId(1), DcId(2)],
        })),
        Err(InvokeError::Session(Error::SessionElsewhere {
            text: "the disk is full".to_owned(),
        })),
    ]
}

/// One of each kind at least.
pub(in super::super) fn every_frame() -> Vec<Frame> {
    let body = Bytes::from_static(b"body");
    let mut frames = vec![
        Frame::Hello {
            release: "1.2".to_owned(),
        },
        Frame::Welcome {
            release: "1.2".to_owned(),
            settings: [7; DIGEST],
        },
        Frame::Cancel { id: 5 },
        Frame::Unsent { id: 6 },
        Frame::Listen { on: true },
        Frame::Listen { on: false },
        Frame::Update {
            object: body.clone(),
        },
        Frame::Result {
            method: "messages.sendMessage".to_owned(),
            body: body.clone(),
            result: body.clone(),
        },
        Frame::Home { dc: DcId(4) },
        Frame::Renew { dc: DcId(-2) },
        Frame::LoggedOut,
        Frame::Yield,
        Frame::Beat,
        Frame::Bye,
    ];
    for lane in [Lane::Calls, Lane::Files, Lane::Cdn] {
        for repeatable in [false, true] {
            frames.push(Frame::Call {
                id: 1 << 40,
                dc: DcId(-3),
                lane,
                repeatable,
                body: body.clone(),
            });
        }
    }
    let answers = every_outcome()
        .into_iter()
        .map(|outcome| Frame::Answer { id: 9, outcome });
    frames.extend(answers);
    frames
}

#[test]
fn every_frame_is_read_as_it_was_written() {
    for frame in every_frame() {
        assert_eq!(format!("{:?}", read_back(&frame)), format!("{frame:?}"));
    }
}

#[test]
fn a_part_of_a_frame_waits_for_the_rest() {
    for frame in every_frame() {
        let whole = written(&frame);
        for length in 0..whole.len() {
            let mut part = BytesMut::from(whole.get(..length).unwrap());
            assert!(Frame::take(&mut part).unwrap().is_none());
            assert_eq!(part.len(), length);
        }
    }
}

#[test]
fn what_is_no_frame_is_refused() {
    let take = |bytes: &[u8]| Frame::take(&mut BytesMut::from(bytes));
    assert!(take(&[0, 0, 0, 0]).is_err(), "empty");
    assert!(take(&[255, 255, 255, 255]).is_err(), "endless");
    assert!(take(&[1, 0, 0, 0, 99]).is_err(), "unknown");
    assert!(take(&[2, 0, 0, 0, kind::BEAT, 1]).is_err(), "too long");
    assert!(take(&[2, 0, 0, 0, kind::CANCEL, 1]).is_err(), "too short");
    assert!(take(&[2, 0, 0, 0, kind::LISTEN, 2]).is_err(), "no bool");
    let mut foreign = written(&Frame::Hello {
        release: "1".to_owned(),
    });
    foreign
        .as_mut()
        .iter_mut()
        .skip(5)
        .take(1)
        .for_each(|byte| *byte ^= 1);
    assert!(Frame::take(&mut foreign).is_err(), "another language");
}

proptest! {
    #[test]
    fn any_bytes_are_a_frame_or_refused(content in proptest::collection::vec(any::<u8>(), 1..64)) {
        let mut input = BytesMut::new();
        input.put_u32_le(content.len() as u32);
        input.put_slice(&content);
        if let Ok(frame) = Frame::take(&mut input) {
            prop_assert!(frame.is_some());
            prop_assert!(input.is_empty());
        }
    }
}
